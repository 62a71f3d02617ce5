"""Every string that a person reads is there in every language, with its placeholders and plurals."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import webapp

WEBAPP = Path(webapp.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%s|%d|\{(\w+)\}")


@cache
def used() -> frozenset[str | tuple[str, ...]]:
    with (WEBAPP / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    found = extract_from_dir(str(WEBAPP), methods, options, keywords)
    return frozenset(message for _, _, message, _, _ in found)


def catalogue(language: str) -> Catalog:
    with (WEBAPP / "translations" / language / "LC_MESSAGES" / "messages.po").open(encoding="utf-8") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


@pytest.mark.parametrize("language", ["uk", "lt", "az"])
def test_every_string_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = []
    for message in used():
        entry = known.get(message if isinstance(message, str) else message[0])
        if entry is None or entry.fuzzy or not all(forms(entry)):
            missing.append(message)
    assert not missing


@pytest.mark.parametrize("language", ["uk", "lt", "az"])
def test_a_translation_has_all_plurals_and_the_placeholders_of_its_original(language: str) -> None:
    known = catalogue(language)
    for entry in known:
        if not entry.id:
            continue
        originals = (entry.id,) if isinstance(entry.id, str) else entry.id
        if entry.pluralizable:
            assert len(forms(entry)) == known.num_plurals, entry.id
        wanted = set().union(*map(placeholders, originals))
        for text in forms(entry):
            assert placeholders(text) <= wanted, (entry.id, text)
            if not entry.pluralizable:
                assert placeholders(text) == wanted, (entry.id, text)
