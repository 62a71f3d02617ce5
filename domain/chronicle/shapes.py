"""Does a row of the chronicle hold what its columns promise? In SQLite any column can hold anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.chronicle.forms import instant

HEXADECIMAL = frozenset("0123456789abcdef")


def is_number(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def is_id(value: Any) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and len(value) == 32 and HEXADECIMAL.issuperset(value))


def is_text(value: Any) -> bool:
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def is_moment(value: Any) -> bool:
    if not isinstance(value, int):
        return False
    try:
        instant(value)
    except OverflowError:
        return False
    return True


def is_bytes(value: Any) -> bool:
    return isinstance(value, bytes)


SHAPES: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("notification_id", is_number),
    ("originator_id", is_id),
    ("originator_version", is_number),
    ("topic", is_text),
    ("recorded_at", is_moment),
    ("state", is_bytes),
    ("leaf", is_bytes),
    ("command_id", is_id),
)


def misshapen(row: tuple[Any, ...]) -> list[str]:
    """For each column that holds something else: its name, and what it holds."""
    return [
        f"{column} is {type(value).__name__} {value!a:.40}"
        for (column, fits), value in zip(SHAPES, row, strict=True)
        if not fits(value)
    ]
