"""Who was in a coalition on a day, certainly or possibly, as known at a moment?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, select

from projections import coalitions, organisations
from projections.letters import sort_key
from projections.on_day import on_day
from projections.periods import membership

IN_FULL, ASSOCIATED, WATCHING = "member", "associate", "observer"
NAMELESS = ("", "")
Certainty = Literal["certain", "possible"]


class Place(NamedTuple):
    """An organisation that was in, or possibly was. None where several things are possible."""

    organisation_id: UUID
    organisation: str
    role: str | None
    standing: str | None
    scope: str | None
    certainty: Certainty
    since: str | None
    begun_by: int | None
    possible: tuple[tuple[str, str], ...]  # role and standing, when more than one is possible
    begun: tuple[str, ...] = ()  # and the beginnings of these, as recorded

    @property
    def is_member(self) -> bool:
        """Certainly in, and certainly no observer."""
        roles = {role for role, _ in self.possible} if self.possible else {self.role}
        return self.certainty == "certain" and roles <= {IN_FULL, ASSOCIATED}


SHOWS: dict[str, Callable[[Place], bool]] = {
    "members": lambda place: place.is_member,
    "good": lambda place: place.is_member and place.standing == "good",
    "suspended": lambda place: place.is_member and place.standing == "suspended",
    "observers": lambda place: place.certainty == "certain" and place.role == WATCHING,
    "possible": lambda place: place.certainty == "possible",
    "uncertain": lambda place: place.is_member and place.standing is None,
}
Numbers = dict[str, int]  # how many of each that is shown


def numbers(places: Iterable[tuple[Place, int]]) -> Numbers:
    """Of places, and how many hold each."""
    found = dict.fromkeys(SHOWS, 0)
    for place, times in places:
        for show, holds in SHOWS.items():
            found[show] += times if holds(place) else 0
    return found


class Roster(NamedTuple):
    coalition_id: UUID
    coalition: str
    on: date
    known: int | None
    rows: tuple[Place, ...]

    @property
    def numbers(self) -> Numbers:
        return numbers((row, 1) for row in self.rows)

    @property
    def members(self) -> int:
        return self.numbers["members"]

    @property
    def in_good_standing(self) -> int:
        return self.numbers["good"]

    @property
    def suspended(self) -> int:
        return self.numbers["suspended"]

    @property
    def counts(self) -> dict[str, int]:
        """As programs are told."""
        found = self.numbers
        told = {"in_good_standing": "good", **{name: name for name in ("suspended", "observers", "possible")}}
        return {"members": found["members"], **{name: found[show] for name, show in told.items()}}


def roster(
    connection: Connection, coalition_id: UUID, on: date, known: int | None = None, language: str = ""
) -> Roster:
    """Sorted by name, in the order of the reader's alphabet."""
    standings: dict[UUID, list[Any]] = {}
    if coalitions.span(connection, coalition_id, known).has(on):
        for id, n, _, role, standing, scope, inside, *certain in on_day(connection, coalition_id, on, known):
            if inside:
                standings.setdefault(id, []).append((n, role, standing, scope, *certain))
    called = organisations.sorted_names_on(connection, whoever(coalition_id), on, known) if standings else {}
    rows = []
    for id, found in standings.items():
        name, key = called.get(id, NAMELESS)
        rows.append((sort_key(name, language) if language else key, id.int, place(id, name, found)))
    own = organisations.names_on(connection, [coalition_id])
    return Roster(coalition_id, own.get(coalition_id, ""), on, known, tuple(row for _, _, row in sorted(rows)))


def whoever(coalition_id: UUID) -> Select[tuple[UUID]]:
    """The organisations that ever had to do with it."""
    return select(membership.c.organisation_id).where(membership.c.coalition_id == coalition_id)


def place(organisation_id: UUID, called: str, found: list[tuple[Any, ...]]) -> Place:
    _, role, standing, scope, sure, since, begun_by = found[0]
    certainty: Certainty = "certain" if sure else "possible"
    if len(found) == 1:
        return Place(organisation_id, called, role, standing, scope, certainty, since, begun_by, ())
    found = sorted(found, key=itemgetter(0))
    states = [row[1:4] for row in found]
    begun = tuple(dict.fromkeys(since for *_, since, _ in found if since))
    pairs = tuple(dict.fromkeys((role, standing) for role, standing, _ in states))
    role, standing, scope = (only(values) for values in zip(*states, strict=True))
    several = pairs if len(pairs) > 1 else ()
    return Place(organisation_id, called, role, standing, scope, certainty, None, None, several, begun)


def only(values: Iterable[str | None]) -> str | None:
    found: set[str | None] = set(values)
    return found.pop() if len(found) == 1 else None


def as_json(roster: Roster, known_instant: datetime | None = None) -> dict[str, Any]:
    return {
        "coalition": roster.coalition,
        "on": roster.on.isoformat(),
        "known": known_instant.isoformat() if known_instant else None,
        "counts": roster.counts,
        "rows": [_row(row) for row in roster.rows],
    }


def _row(row: Place) -> dict[str, Any]:
    several = [{"role": role, "standing": standing} for role, standing in row.possible]
    return {
        "organisation": row.organisation,
        "role": row.role,
        "standing": row.standing,
        "certainty": row.certainty,
        "since": row.since,
        "scope": row.scope,
        **({"possible": several} if several else {}),
    }
