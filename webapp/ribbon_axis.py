"""Which days does the picture show, where does each of them lie, and which of them are named on its axis?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from projections.periods import Ribbon

LAST = date(9999, 12, 31)
TICKS_AT_MOST, WIDE_TICKS = 21, 4
YEARS, MONTHS, DAYS = (1, 2, 5, 10, 20, 50, 100, 1000), (1, 2, 3, 6), (1, 2, 7)
DAYS_OF_YEARS, DAYS_OF_MONTHS = 5 * 365, 70  # from how many days on years, or months, are named


class Span(NamedTuple):
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days or 1

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, since: date | None, until: date | None) -> bool:
        """Whether any day from `since` to before `until` is shown. None: open."""
        return (until is None or until > self.first) and (since is None or since <= self.last)

    def share(self, day: date | None, open_end: float) -> float:
        """Where a day lies, in hundredths of the width."""
        return open_end if day is None else self.share_of(day.toordinal())

    def share_of(self, ordinal: float) -> float:
        first, last = self.first.toordinal(), self.last.toordinal()
        share = 100 * (ordinal - first) / (last - first or 1)
        return 0.0 if share < 0 else 100.0 if share > 100 else share


class Tick(NamedTuple):
    share: float
    label: str
    is_rare: bool  # shown on narrow screens too


def span_of(rows: Sequence[Ribbon], today: date) -> Span:
    """From the year of the first known day to the end of this one, or of what has been announced."""
    days = [day for row in rows for band in row.bands for day in (band.since, band.until) if day]
    first, last = min(days, default=today), max([*days, today])
    return Span(date(first.year, 1, 1), min(date(last.year, 12, 31), LAST))


def ticks(span: Span, months: Sequence[str]) -> list[Tick]:
    """`months` are the twelve short names in the language of the page."""
    begins = list(named_days(span))
    return [
        Tick(span.share(day, 0), label(day, span, n == 0, months), n % WIDE_TICKS == 0) for n, day in enumerate(begins)
    ]


def named_days(span: Span) -> Iterator[date]:
    if span.days >= DAYS_OF_YEARS:
        step = next(step for step in YEARS if (span.last.year - span.first.year) / step < TICKS_AT_MOST)
        years = range(span.first.year + 1, span.last.year + 1)
        return (date(year, 1, 1) for year in years if year % step == 0)
    if span.days >= DAYS_OF_MONTHS:
        step = next(step for step in MONTHS if span.days / 30 / step < TICKS_AT_MOST)
        return (day for day in first_days(span) if (day.month - 1) % step == 0)
    step = next(step for step in DAYS if span.days / step < TICKS_AT_MOST)
    return (span.first + timedelta(n) for n in range(0, span.days + 1, step))


def first_days(span: Span) -> Iterator[date]:
    """Of each month that begins in it."""
    start = span.first.year * 12 + span.first.month - (1 if span.first.day == 1 else 0)
    for month in range(start, span.last.year * 12 + span.last.month):
        yield date(month // 12, month % 12 + 1, 1)


def label(day: date, span: Span, is_first: bool, months: Sequence[str]) -> str:
    """A year; or a month, and at its beginning the year; or a day, and at its beginning the month."""
    month = months[day.month - 1]
    if span.days >= DAYS_OF_MONTHS:
        begins_year = day.month == 1 or span.days >= DAYS_OF_YEARS
        return str(day.year) if begins_year else f"{month} {day.year}" if is_first else month
    return f"{day.day} {month}" if is_first or day.day == 1 else str(day.day)
