"""Which organisation does somebody mean who typed a name? One of those that are known, or one that is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from domain import texts
from domain.refused import Refused
from projections import organisations
from webapp.at_moment import reading
from webapp.names import Names

NEW = "new"


class Candidate(NamedTuple):
    id: UUID
    name: str
    other_names: list[str]


class Found(NamedTuple):
    """Those that are or were called exactly so; and these, or those with names like it, as they can be offered."""

    exact: Sequence[UUID]
    candidates: Sequence[Candidate]

    @property
    def is_clear(self) -> bool:
        return len(self.exact) == 1


class Meant(NamedTuple):
    """An organisation; `registers` is the name of one that is not known yet."""

    id: UUID
    registers: str = ""


def found_by(name: str) -> Found:
    with reading() as connection:
        exact = organisations.find(connection, name)
        near = exact or [*organisations.search(connection, name, 8), *organisations.nearest(connection, name)]
        names = Names(connection)
        once = {found.id: found for found in near}
        candidates = [Candidate(f.id, f.called_now, names.others(f.id, f.called_now)) for f in once.values()]
    return Found([found.id for found in exact], candidates)


def meant(name: str, which: str, key: UUID | None) -> Meant | None:
    """None where it has still to be said which. `key`: from which an organisation that is new gets its id."""
    found = found_by(name)
    if found.is_clear:
        return Meant(found.exact[0])
    if which == NEW and key:
        return Meant(uuid5(key, f"organisation {name}"), name)
    chosen = [candidate.id for candidate in found.candidates if str(candidate.id) == which]
    return Meant(chosen[0]) if chosen else None


def offered(typed: str) -> Sequence[Candidate] | None:
    """Among which there is to choose; None where nothing is left open."""
    try:
        name = texts.name(typed)
    except Refused:
        return None
    found = found_by(name)
    return None if found.is_clear else found.candidates


def alike(typed: str) -> Sequence[Candidate] | None:
    """Which organisations somebody might mean who gives one that is new this name; None where there are none."""
    try:
        return found_by(texts.name(typed)).candidates or None
    except Refused:
        return None


def known_names() -> list[str]:
    with reading() as connection:
        return [found.called_now for found in organisations.everyone(connection)]
