"""Which days a text in EDTF (ISO 8601-2) can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from domain.refused import Refused, quoted

LONGEST_TEXT = 200
DATE = re.compile(
    r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX|[0-9]XXX|XXXX)"  # year
    r"(?:-(?:([0-9]{2})(?:-([0-9]{2}|XX))?|XX(?:-XX)?))?"  # month or season, day
    r"([~?%]?)"
)
PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Bounds(NamedTuple):
    earliest: date | None
    latest: date | None


OPEN = Bounds(None, None)


def unreadable(text: str) -> Refused:
    return Refused("date.unreadable", text=quoted(text))


def bounds_of(text: str) -> Bounds:
    if len(text) > LONGEST_TEXT:
        raise unreadable(text)
    if "/" in text:
        return interval(text)
    if text[0] == "[" and text[-1] == "]":
        return one_of(text)
    return single(text)


def interval(text: str) -> Bounds:
    start, _, end = text.partition("/")
    if not start and not end:
        raise unreadable(text)
    if not start:
        raise Refused("date.empty_start", text=quoted(text), instead=quoted(f"..{text}"))
    if not end:
        raise Refused("date.empty_end", text=quoted(text), instead=quoted(f"{text}.."))
    return between(text, end_of_stretch(start), end_of_stretch(end))


def one_of(text: str) -> Bounds:
    return hull([element(text, part.strip()) for part in text[1:-1].split(",")])


def element(text: str, part: str) -> Bounds:
    start, dots, end = part.partition("..")
    if not (start or end):
        raise unreadable(text)
    return between(text, start, end) if dots else single(part)


def end_of_stretch(text: str) -> str:
    return "" if text == ".." else text


def between(text: str, start: str, end: str) -> Bounds:
    """One unknown day from `start` to `end`; empty is open."""
    if start and end and is_after(single(start, widened=False), single(end, widened=False)):
        raise Refused("date.reversed", text=quoted(text))
    return Bounds(single(start).earliest if start else None, single(end).latest if end else None)


def is_after(start: Bounds, end: Bounds) -> bool:
    return start.earliest is not None and end.latest is not None and start.earliest > end.latest


def hull(parts: Iterable[Bounds]) -> Bounds:
    firsts, lasts = zip(*parts, strict=True)
    return Bounds(None if None in firsts else min(firsts), None if None in lasts else max(lasts))


def single(text: str, widened: bool = True) -> Bounds:
    match = DATE.fullmatch(text)
    if not match:
        raise unreadable(text)
    year, month, day, mark = match.groups()
    wide = widened and mark in ("~", "%")
    if year == "XXXX" and "-" not in text:
        return OPEN
    if day and day != "XX":
        return one_day(text, (year, month, day), wide)
    return whole_months(*months_meant(text, year, month, day), wide)


def one_day(text: str, digits: tuple[str, str, str], wide: bool) -> Bounds:
    try:
        day = date(*map(int, digits))
    except ValueError:
        raise (unreadable if "X" in text else no_such_day)(text) from None
    return Bounds(shifted(day, -1), shifted(day, 1)) if wide else Bounds(day, day)


def no_such_day(text: str) -> Refused:
    return Refused("date.no_such_day", text=quoted(text))


def shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def months_meant(text: str, year: str, month: str | None, day: str | None) -> tuple[int, int]:
    """The first month, counted from the year 0, and how many."""
    if "X" in year:
        if "-" in text:
            raise unreadable(text)
        return int(year.replace("X", "0")) * 12, 12 * 10 ** year.count("X")
    start, number = int(year) * 12, int(month or 1)
    if year == "0000" or not (1 <= number <= 12 or (21 <= number <= 24 and not day)):
        raise no_such_day(text)
    if number > 12:
        return start + (number - 21) * 3 + 2, 3
    return start + number - 1, 1 if month else 12


def whole_months(first: int, count: int, wide: bool) -> Bounds:
    """Their first and last day, or with as many months again on each side."""
    margin = count if wide else 0
    return Bounds(first_day(first - margin), last_day(first + count - 1 + margin))


def first_day(months: int) -> date | None:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else None


def last_day(months: int) -> date | None:
    year, month = divmod(months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1]) if 1 <= year <= 9999 else None


def neighbour(text: str, steps: int) -> str | None:
    """So many units on: 2011-12 and 1 give 2012-01. None for what is no plain day, month, season or year."""
    match = PLAIN.fullmatch(text)
    if not match:
        return None
    year, month, day = match.groups()
    if day:
        found = shifted(date.fromisoformat(text), steps)
        return found.isoformat() if found else None
    first, units = (21, 4) if month and month > "12" else (1, 12)
    if month:
        count, place = divmod(int(year) * units + int(month) - first + steps, units)
        return f"{count:04}-{place + first:02}" if 1 <= count <= 9999 else None
    return f"{int(year) + steps:04}" if 1 <= int(year) + steps <= 9999 else None
