"""What may be typed as a name or a note."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refused import Refused
from domain.texts import NAME_LENGTH, NOTE_LENGTH, name, note


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as no:
        name(text)
    return no.value


def test_a_name_is_one_line_without_edges() -> None:
    assert name("  Žmogaus\tteisių \n organizacijų\u00a0koalicija ") == "Žmogaus teisių organizacijų koalicija"


def test_a_name_is_composed() -> None:
    assert name("Z\u030cmogus") == "Žmogus"


@pytest.mark.parametrize("text", ["", "  ", "\n", "\u200b", "\u200d \u0301", "\u00ad"])
def test_a_name_that_nobody_sees_is_missing(text: str) -> None:
    assert (refused(text).code, refused(text).details) == ("text.missing", {"field": "name"})


@pytest.mark.parametrize(
    ("text", "character"),
    [("a\x00", "U+0000"), ("a\x07b", "U+0007"), ("\ud800", "U+D800"), ("a\u202eb", "U+202E"), ("\x7f", "U+007F")],
)
def test_what_cannot_be_stored_or_shown_is_named(text: str, character: str) -> None:
    no = refused(text)
    assert (no.code, no.details) == ("text.unreadable", {"field": "name", "character": character})


def test_a_name_has_a_longest_length() -> None:
    assert len(name("я" * NAME_LENGTH)) == NAME_LENGTH
    assert refused("x" * 10_000).details == {"field": "name", "length": 10_000, "limit": NAME_LENGTH}


def test_a_note_has_lines_and_may_be_empty() -> None:
    assert note(" one\r\ntwo\rthree\n") == "one\ntwo\nthree"
    assert note("") == ""


def test_a_note_has_a_longest_length() -> None:
    assert len(note("x" * NOTE_LENGTH)) == NOTE_LENGTH
    with pytest.raises(Refused, match=r"text\.too_long"):
        note("x" * (NOTE_LENGTH + 1))


@given(st.text())
def test_a_name_is_stored_as_it_is_read_back_or_refused(text: str) -> None:
    try:
        stored = name(text)
    except Refused:
        return
    assert name(stored.encode().decode()) == stored == unicodedata.normalize("NFC", stored)
