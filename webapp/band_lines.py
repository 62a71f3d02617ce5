"""Periods of membership as rows of a table: from when to when, standing how."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from projections.periods import Band
from webapp import labels
from webapp.dates import show_day, worded
from webapp.labels import N_, said_in
from webapp.languages import shown_language
from webapp.moments import at

A_DAY = timedelta(1)


class Period(NamedTuple):
    since: str
    until: str
    standing: str
    recorded: str  # the beginning in the words of the source, where the day is not exactly told
    is_now: bool
    first: date | None
    last: date | None
    begun_by: int | None  # the entry, where only one can have begun it


def periods(bands: Iterable[Band], today: date) -> list[Period]:
    """Oldest first; days on which the organisation was out, or on which an application was open, are told too."""
    language = shown_language()
    stretches = [(days, list(alike)) for days, alike in groupby(bands, lambda band: (band.since, band.until))]
    return [period(since, until, alike, today, language) for (since, until), alike in stretches]


def period(since: date | None, until: date | None, alike: list[Band], today: date, language: str) -> Period:
    only = alike[0] if len(alike) == 1 and alike[0].certain else None
    last = until - A_DAY if until else None
    begun = only.since_text if only else None
    return Period(
        since=on_day(since, language) if since else said_in(N_("not known"), language),
        until=on_day(last, language) if last else open_end(since, language),
        standing=told(alike, language),
        recorded=in_words(begun, language) if begun and begun != (since and since.isoformat()) else "",
        is_now=(since is None or since <= today) and (until is None or today < until),
        first=since,
        last=last,
        begun_by=only.begun_by if only else None,
    )


def open_end(since: date | None, language: str) -> str:
    """What has only been announced does not last until today."""
    return said_in(N_("today"), language) if since is None or since <= at().today else "–"


def told(alike: list[Band], language: str) -> str:
    states = tuple(described(band.place, band.role, band.standing, band.scope, language) for band in alike)
    if len(states) == 1 and alike[0].certain:
        return states[0]
    return possibly(states, alike[0].surely_inside, language)


# Kept between requests. `language` is that of the page, in which the words are found.


@lru_cache(20_000)
def on_day(day: date, language: str) -> str:
    return show_day(day, language)


@lru_cache(20_000)
def in_words(text: str, language: str) -> str:
    return worded(text, language)


@lru_cache(1_000)
def described(place: str, role: str | None, standing: str, scope: str | None, language: str) -> str:  # noqa: ARG001  # the words differ by language
    if place != "in":
        return labels.standing(standing)
    if role == "observer" and standing == "good":
        return labels.role("observer")
    rights = f" ({labels.scope(scope.split(';'))})" if scope else ""
    return f"{labels.role(role)}, {labels.standing(standing)}{rights}"


@lru_cache(1_000)
def possibly(states: tuple[str, ...], surely_inside: bool, language: str) -> str:
    """Beside what else is possible, being no longer in and never having been in are one; so in the roster."""
    if not surely_inside:
        outside, gone = said_in(N_("not in"), language), (labels.standing("former"), labels.standing("none"))
        ended = {labels.standing("merged"), labels.standing("dissolved")}.intersection(states)
        states = (*(state for state in states if state not in gone), *(() if ended else (outside,)))
        if states == (outside,):
            return outside
    return said_in(N_("possibly: %(states)s"), language) % {"states": "; ".join(dict.fromkeys(states))}
