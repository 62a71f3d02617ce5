"""How does a sentence begin? With a capital, as the language of its words has it."""

from __future__ import annotations

FIRST_LETTERS = {"az": {"i": "İ"}}


def capitalised(text: str, language: str) -> str:
    first = text[:1]
    return FIRST_LETTERS.get(language, {}).get(first, first.upper()) + text[1:]
