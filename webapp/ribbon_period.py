"""Which days does somebody ask to see in the picture, and which others are one step away?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from domain.refused import Refused
from domain.typed_dates import read
from webapp.refusals import sentence
from webapp.ribbon_axis import LAST, Span

ZOOMS = (10, 5, 1)
A_YEAR = 365.25


class Asked(NamedTuple):
    """What was typed, what is wrong with it, and the days that are shown."""

    typed: dict[str, str]
    errors: dict[str, str]
    span: Span
    whole: Span

    @property
    def is_whole(self) -> bool:
        return self.span == self.whole

    @property
    def years(self) -> int:
        """So many whole years are shown; 0 if it is not so."""
        return next((n for n in ZOOMS if ago(self.span.last, n) == self.span.first), 0)

    def zooms(self, on: date) -> Iterator[tuple[int, Span]]:
        """The last ten, five or one of the years shown; around the chosen day, if it lies earlier."""
        for n in ZOOMS:
            span = Span(ago(self.span.last, n), self.span.last)
            if self.span.has(on) and not span.has(on):
                first = moved(on, -round(n * A_YEAR / 2))
                span = Span(first, shifted(first, n) - timedelta(1))
            if span.days < self.whole.days:
                yield n, span

    def beside(self, direction: int) -> Span | None:
        """As many days before (-1) or after (1); None where nothing is known of them."""
        if self.span.first <= self.whole.first if direction < 0 else self.span.last >= self.whole.last:
            return None
        years = round((self.span.days + 1) / A_YEAR)
        if years and ago(self.span.last, years) == self.span.first:
            return Span(shifted(self.span.first, direction * years), shifted(self.span.last, direction * years))
        step = direction * (self.span.days + 1)
        return Span(moved(self.span.first, step), moved(self.span.last, step))


def asked(args: Mapping[str, str], whole: Span, language: str, today: date) -> Asked:
    """The address has `from` and `to` as people type them: a day, a month, a year."""
    typed = {name: args.get(name, "").strip() for name in ("from", "to")}
    errors: dict[str, str] = {}
    first, last = whole
    try:
        first = (typed["from"] and read(typed["from"], language, max(today, last)).earliest) or first
    except Refused as refused:
        errors["from"] = sentence(refused)
    try:
        last = (typed["to"] and read(typed["to"], language, max(today, last)).latest) or last
    except Refused as refused:
        errors["to"] = sentence(refused)
    if first >= last:
        errors.setdefault("to", sentence(Refused("moment.period_reversed")))
    span = whole if errors else Span(first, last)
    return Asked(typed, errors, span, whole)


def ago(last: date, years: int) -> date:
    """The first of so many years that end on this day."""
    return shifted(last, -years) + timedelta(1)


def moved(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), LAST.toordinal()))


def shifted(day: date, years: int) -> date:
    """The same day so many years later; of a leap day, the one before."""
    year = min(max(day.year + years, 2), LAST.year)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
