"""Which organisation each name in a file means: one that is recorded, or one that the file brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

from domain.dates import parse
from domain.membership_entries import bounds
from projections.letters import composed
from webapp.csv_rows import Problem
from webapp.meanings import IMPORTED, command_of, of_change
from webapp.name_groups import Group, Mention, first_mention, groups, renamings_of
from webapp.name_refusals import refusals
from webapp.schemas import Change
from webapp.tellings import Telling

FOUNDS = ("founded", "preparation")


class Known(Protocol):
    @property
    def id(self) -> UUID: ...


Find = Callable[[str], Sequence[Known]]
IsFree = Callable[[UUID], bool]  # nothing was recorded of it


class Newcomer(NamedTuple):
    """An organisation that nothing was recorded of yet."""

    called: str
    is_coalition: bool
    is_announced: bool  # the file registers or founds it, so nobody is asked
    first: Mention
    command_id: UUID  # of its registration: the same whenever this file is planned


class Resolution(NamedTuple):
    ids: dict[str, UUID]
    newcomers: dict[UUID, Newcomer]
    problems: list[Problem]


def resolve(tellings: Iterable[Telling], find: Find, is_free: IsFree) -> Resolution:
    found = Resolution({}, {}, [])
    for group in groups(tellings):
        _settle(group, find, is_free, found)
    return found


def _settle(group: Group, find: Find, is_free: IsFree, found: Resolution) -> None:
    known = {name: {one.id for one in find(name)} for name in {mention.name for mention in group}}
    originals = _originals(group)
    wrong = refusals(group, known, originals)
    if wrong:
        found.problems.extend(wrong)
        return
    ids = set[UUID]().union(*known.values())
    id = next(iter(ids), None) or new_id(originals[0], is_free)
    found.ids.update(dict.fromkeys(known, id))
    if not ids:
        found.newcomers[id] = _newcomer(id, originals[0], group)


def new_id(name: str, is_free: IsFree) -> UUID:
    """The same whenever a file is planned, so that two who send it at once register an organisation once."""
    id = uuid5(IMPORTED, f"organisation {composed(name)}")
    while not is_free(id):
        id = uuid5(id, "another one of this name")
    return id


def _originals(group: Group) -> list[str]:
    """The names that nothing was renamed to. If each was, as the first came back: the name before all renamings."""
    renamings = renamings_of(group)
    given = {composed(one.name) for one in renamings}
    names = {composed(name): name for name in sorted((mention.name for mention in group), reverse=True)}
    originals = [names[key] for key in sorted(names) if key not in given]
    if originals:
        return originals
    return [min(renamings, key=lambda one: (bounds(one.change.date), one.name)).before]


def _newcomer(id: UUID, called: str, group: Group) -> Newcomer:
    coalition = [mention.change.event for mention in group if mention.column == "coalition"]
    announced = any(event in FOUNDS for event in coalition)
    announced = announced or any(mention.change.event == "organisation_registered" for mention in group)
    registered = Change(event="organisation_registered", date=parse("XXXX"), organisation=called)
    command_id = command_of(of_change(registered, {called: id}))
    return Newcomer(called, bool(coalition), announced, first_mention(called, group), command_id)
