"""Which preposition does English put before a date? Sentences say "on %(day)s", which suits only a whole day."""

from __future__ import annotations

import re
from collections.abc import Mapping

A_DAY = re.compile(r"\d{1,2} ")
A_STRETCH = re.compile(r"\d{4}|(spring|summer|autumn|winter|[A-Z][a-z]+) \d{4}")


def with_prepositions(sentence: str, dates: Mapping[str, str]) -> str:
    """`dates`: its placeholders, each with the words that will stand there. Other languages lack the "on"."""
    for name, words in dates.items():
        sentence = sentence.replace(f"on %({name})s", f"{before(words)}%({name})s")
    return sentence


def before(words: str) -> str:
    if A_STRETCH.match(words):
        return "in "
    return "on " if A_DAY.match(words) or words.startswith("an ") else ""
