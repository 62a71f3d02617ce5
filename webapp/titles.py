"""What campaigns, their actions, programmes and projects are called: titles are words, and stand in the chronicle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import g

from domain.chronicle import Recorded
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding
from domain.membership_entries import bounds
from webapp import who
from webapp.at_moment import known


class Titled(NamedTuple):
    """Since which day it is called so; empty, where the title was removed or never told."""

    since: int
    title: str


def titles() -> Titles:
    """Those that this request has looked up."""
    if "titles" not in g:
        g.titles = Titles(known())
    found: Titles = g.titles
    return found


class Titles:
    """Each history is looked up once; `look_up` asks for several at a time."""

    def __init__(self, upto: int | None = None) -> None:
        self._upto = upto
        self._found: dict[UUID, list[Titled]] = {}

    def look_up(self, ids: Iterable[UUID]) -> None:
        wanted = [id for id in dict.fromkeys(ids) if id not in self._found]
        if not wanted:
            return
        chronicle = who.stores().chronicle
        recordings = chronicle.recordings_of(wanted, words=False)
        places = {id: self._places(of_one) for id, of_one in recordings.items()}
        recorded = chronicle.at([position for each in places.values() for position in each])
        for id, positions in places.items():
            self._found[id] = titled([recorded[position] for position in positions])

    def _places(self, recordings: Sequence[Recorded]) -> list[int]:
        """Where the titles that hold were given."""
        told = [each for each in recordings if self._upto is None or each.position <= self._upto]
        place = {each.originator_version: each.position for each in told}
        held = holding(tuple(each.entry for each in told))
        return [place[e.originator_version] for e in held if "title" in e.words]

    def on(self, id: UUID, when: PartialDate | date | None = None) -> str:
        """The title on that day; the first one before it was called anything."""
        self.look_up([id])
        found = self._found[id]
        if isinstance(when, PartialDate):
            when = when.latest or when.earliest
        held = [each for each in found if when is None or each.since <= when.toordinal()] or found[:1]
        return held[-1].title if held else ""


def titled(recordings: Iterable[Recorded]) -> list[Titled]:
    given = [each.entry for each in recordings if each.problem is None]
    ordered: list[Entry] = sorted(given, key=lambda e: (bounds(e.occurred), e.originator_version))
    return [Titled(bounds(e.occurred)[0], str(getattr(e, "title", ""))) for e in ordered]
