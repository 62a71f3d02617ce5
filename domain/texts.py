"""What people may type as a name, a title or a note."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

from domain.entry import Entry
from domain.refused import Refused

NAME_LENGTH, NOTE_LENGTH = 300, 10_000
UNREADABLE = ("Cc", "Cs")  # control, lone surrogate
UNSEEN = ("Cf", "Mn", "Me", "Zs")  # format, marks with nothing to stand on, spaces
TURNS_AROUND = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # shows other text than is stored


def name(text: str, field: str = "name") -> str:
    """One line, composed (NFC), without edges; refuses what is empty, too long or cannot be shown."""
    clean = " ".join(_storable(text, field).split())
    if all(unicodedata.category(character) in UNSEEN for character in clean):
        raise Refused("text.missing", field=field)
    return _not_longer(clean, NAME_LENGTH, field)


def note(text: str, field: str = "note") -> str:
    """Several lines, line ends as \\n; may be empty."""
    return _not_longer(_storable(text.replace("\r\n", "\n").replace("\r", "\n"), field).strip(), NOTE_LENGTH, field)


def check_words(e: Entry) -> None:
    """Refuses words that are too long or cannot be shown, whichever way they came in."""
    for field in e.words:
        _check(getattr(e, field), field)


def _check(said: Any, field: str) -> None:
    match said:
        case str():
            _not_longer(_storable(said, field), NOTE_LENGTH, field)
        case tuple():
            for each in said:
                _check(each, field)
        case msgspec.Struct():
            for each in msgspec.structs.astuple(said):
                _check(each, field)


def _storable(text: str, field: str) -> str:
    for character in text:
        is_bad = unicodedata.category(character) in UNREADABLE and character not in "\n\t"
        if is_bad or character in TURNS_AROUND:
            raise Refused("text.unreadable", field=field, character=f"U+{ord(character):04X}")
    return unicodedata.normalize("NFC", text)


def _not_longer(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise Refused("text.too_long", field=field, length=len(text), limit=limit)
    return text
