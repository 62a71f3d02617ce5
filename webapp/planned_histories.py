"""What a file adds to one history, in an order in which every step is allowed; or which rows are to blame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.coalition import UmbrellaJoined
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding
from domain.membership import Membership, in_legal_order, is_possible, refusal
from domain.membership_entries import MembershipEntry, bounds
from domain.organisation import Organisation, OrganisationRegistered
from domain.refused import Refused
from webapp.csv_rows import Problem
from webapp.schemas import Change, successors
from webapp.tellings import Telling


class Added(NamedTuple):
    entries: list[Entry]
    problems: list[Problem]


def natural_order(tellings: Iterable[Telling]) -> list[Telling]:
    return sorted(tellings, key=lambda t: (bounds(t.change.date), t.change.event, t.command_id))


def organisations_named(change: Change, ids: Mapping[str, UUID], umbrellas: Sequence[UUID]) -> dict[str, Any]:
    """The fields of the entry that hold other organisations."""
    named: dict[str, Any] = {}
    for column, meaning in change.kind.columns.items():
        name = getattr(change, column)
        if meaning.names_organisation and meaning.field == "into":
            named["into"] = tuple(ids[name] for name in successors(change))
        elif meaning.names_organisation and name:
            named[meaning.field] = ids[name]
        elif meaning.field == "umbrella_id":
            if len(umbrellas) != 1:
                raise Refused("row.missing", column=column, event=change.event)
            named["umbrella_id"] = umbrellas[0]
    return named


def add_to_organisation(
    organisation: Organisation, tellings: Iterable[Telling], ids: Mapping[str, UUID], kind: str, recorded_by: UUID
) -> tuple[Organisation, Added]:
    """`kind` is for its registration. What is refused in natural order is tried again when the others are in."""
    waiting, added = natural_order(tellings), Added([], [])
    while waiting:
        refused: list[tuple[Telling, Refused]] = []
        for telling in waiting:
            try:
                new = _of_organisation(organisation, telling, ids, kind, recorded_by)
            except Refused as no:
                refused.append((telling, no))
            else:
                organisation = organisation.after(new)
                added.entries.append(new)
        if len(refused) == len(waiting):
            added.problems.extend(_problem(t, no) for t, no in refused if not t.stands_in)
            break
        waiting = [telling for telling, _ in refused]
    return organisation, added


def _of_organisation(
    organisation: Organisation, telling: Telling, ids: Mapping[str, UUID], kind: str, recorded_by: UUID
) -> Entry:
    change = telling.change
    told = change.told(recorded_by, telling.command_id)
    if change.kind.kind is OrganisationRegistered:
        return organisation.register(told, change.organisation, kind=kind)
    umbrellas = {e.umbrella_id for e in holding(organisation.entries) if isinstance(e, UmbrellaJoined)}
    fields = {**change.fields(), **organisations_named(change, ids, sorted(umbrellas))}
    return organisation.change(change.kind.kind, told, **fields)


class Deed(NamedTuple):
    """A change of one membership and the row that tells it, which may be the end of its organisation."""

    telling: Telling
    entry: MembershipEntry


def deed(membership: Membership, telling: Telling, recorded_by: UUID) -> Deed:
    change = telling.change
    of = {"coalition_id": membership.coalition_id, "organisation_id": membership.organisation_id}
    told = change.told(recorded_by, telling.command_id)
    entry = membership.next(change.kind.kind, told, **of, **change.fields())
    if not isinstance(entry, MembershipEntry):
        raise TypeError(entry.stored_name())
    return Deed(telling, entry)


def add_to_membership(membership: Membership, deeds: Sequence[Deed]) -> Added:
    """`membership` as recorded so far, within the life that its coalition has when all rows are in."""
    in_time, problems = _within_life(membership, deeds)
    in_time.sort(key=lambda d: (bounds(d.entry.occurred), d.telling.change.event, d.telling.command_id))
    driving = [d for d in in_time if d.entry.variant == "preferred"]
    recorded = membership.changes
    if is_possible([*recorded, *(d.entry for d in driving)]):
        return Added(_versioned(membership, driving, in_time), problems)
    return Added([], [*problems, *_to_blame(recorded, driving, membership.opens)])


def _within_life(membership: Membership, deeds: Sequence[Deed]) -> tuple[list[Deed], list[Problem]]:
    in_time: list[Deed] = []
    problems: list[Problem] = []
    whole = membership.after(*(d.entry for d in deeds if d.entry.variant == "preferred"))
    for one in deeds:
        try:
            whole.check_alone(one.entry)
        except Refused as no:
            problems.append(_problem(one.telling, no))
        else:
            in_time.append(one)
    return in_time, problems


def _versioned(membership: Membership, driving: list[Deed], deeds: list[Deed]) -> list[Entry]:
    new = {id(d.entry) for d in driving}
    ordered: list[Entry] = [
        e for e in in_legal_order([*membership.changes, *(d.entry for d in driving)]) if id(e) in new
    ]
    ordered += [d.entry for d in deeds if id(d.entry) not in new]
    return [
        msgspec.structs.replace(entry, originator_version=version)
        for version, entry in enumerate(ordered, membership.version + 1)
    ]


def _to_blame(recorded: Sequence[MembershipEntry], driving: list[Deed], opens: PartialDate | None) -> list[Problem]:
    """Taken in in their natural order, again as long as that lets others in; who stays out is to blame."""
    accepted = [*recorded, *(d.entry for d in driving if d.telling.stands_in)]
    waiting = [d for d in driving if not d.telling.stands_in]
    while waiting:
        refused = _refused(accepted, waiting)
        if len(refused) == len(waiting):
            return [_problem(one.telling, refusal(accepted, one.entry, opens)) for one in refused]
        waiting = refused
    return []


def _refused(accepted: list[MembershipEntry], deeds: list[Deed]) -> list[Deed]:
    """Adds to `accepted` what can be; together first, for most of a file is right."""
    if is_possible([*accepted, *(d.entry for d in deeds)]):
        accepted.extend(d.entry for d in deeds)
        return []
    if len(deeds) == 1:
        return deeds
    half = len(deeds) // 2
    return [*_refused(accepted, deeds[:half]), *_refused(accepted, deeds[half:])]


def _problem(telling: Telling, refused: Refused) -> Problem:
    return Problem(telling.row, column_of(telling.change, refused), refused)


def column_of(change: Change, refused: Refused) -> str:
    """The column to look at first."""
    field = refused.details.get("field") or refused.details.get("column")
    for column, meaning in change.kind.columns.items():
        if field in (column, meaning.field):
            return column
    if refused.code in OF_DATES:
        return "date"
    if refused.code not in OF_NAMES:
        return "event"
    return next((c for c, meaning in change.kind.columns.items() if meaning.names_organisation), "new_name")


OF_DATES = (
    "membership.before_coalition", "membership.after_coalition", "organisation.gone", "coalition.dissolved",
    "coalition.prepared_after_founding", "organisation.joined_by_merger_later",
)  # fmt: skip
OF_NAMES = (
    "organisation.same_name", "organisation.into_itself", "organisation.successor_gone",
    "organisation.merged_in_a_circle",
)  # fmt: skip
