"""In which year and month does something lie wholly? What is dated less exactly lies in none."""

from __future__ import annotations

from datetime import date

from projections.kept import day


def year_of(earliest: int, latest: int) -> int | None:
    first, last = day(earliest), day(latest)
    return first.year if first and last and first.year == last.year else None


def month_of(earliest: int, latest: int) -> int | None:
    first, last = day(earliest), day(latest)
    return first.month if first and last and (first.year, first.month) == (last.year, last.month) else None


def days_of(year: int) -> tuple[int, int]:
    """The first and the last day of a year."""
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
