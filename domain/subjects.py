"""The histories that commands decide on, read from the chronicle, and the entries that belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID, uuid5

import msgspec

from domain.action import Action, ActionLogged
from domain.campaign import Campaign
from domain.campaign_entries import CampaignEntry, Concern
from domain.chronicle import Chronicle
from domain.concerns import strangers
from domain.dates import PartialDate
from domain.entry import Entry, Refused, Told, entry
from domain.history import Amendment
from domain.membership import Membership
from domain.membership_entries import MembershipEntry, OrganisationDissolvedAway, OrganisationMergedAway, bounds
from domain.organisation import Ended, Organisation, OrganisationMerged
from domain.programme import Programme, ProgrammeEntry
from domain.project import Project, ProjectEntry

Subject = Organisation | Membership | Campaign | Action | Programme | Project


def organisation(chronicle: Chronicle, id: UUID) -> Organisation:
    return Organisation(id=id, entries=chronicle.history(id, words=False))


def membership(chronicle: Chronicle, coalition_id: UUID, organisation_id: UUID) -> Membership:
    """The membership of the pair, also when nothing was recorded of it yet, within the life of the coalition."""
    id = Membership.id_of(coalition_id, organisation_id)
    recorded = chronicle.histories([coalition_id, id], words=False)
    coalition = Organisation(id=coalition_id, entries=recorded[coalition_id])
    return membership_in(coalition, organisation_id, recorded[id])


def membership_in(coalition: Organisation, organisation_id: UUID, entries: tuple[Entry, ...]) -> Membership:
    return Membership(
        id=Membership.id_of(coalition.id, organisation_id),
        coalition_id=coalition.id,
        organisation_id=organisation_id,
        entries=entries,
        opens=coalition.begins,
        closes=coalition.dissolves,
    )


def campaign(chronicle: Chronicle, id: UUID) -> Campaign:
    return Campaign(id=id, entries=chronicle.history(id, words=False))


def concerns(chronicle: Chronicle, of: Campaign, by: Iterable[UUID], on: PartialDate) -> tuple[Concern, ...]:
    """What is said of an action of this campaign, by these organisations, and kept with it. Asks one question."""
    said = of.concerns(ActionLogged, on)
    coalition_id = of.planned.coalition_id if of.planned else None
    if coalition_id is None:
        return said
    pairs = {Membership.id_of(coalition_id, id): id for id in by if id != coalition_id}
    recorded = chronicle.histories(pairs, words=False)
    coalition = Organisation(id=coalition_id)
    memberships = [membership_in(coalition, pairs[id], entries) for id, entries in recorded.items()]
    return (*said, "not_a_member") if strangers(memberships, on) else said


def of_entries(id: UUID, entries: tuple[Entry, ...], coalition: Callable[[UUID], Organisation]) -> Subject:
    """Whatever these are the history of; where nothing was recorded yet, of an organisation."""
    first = next((e for e in entries if not isinstance(e, Amendment)), None)
    match first:
        case MembershipEntry():
            return membership_in(coalition(first.coalition_id), first.organisation_id, entries)
        case ActionLogged():
            return Action(id=id, entries=entries)
        case CampaignEntry():
            return Campaign(id=id, entries=entries)
        case ProgrammeEntry():
            return Programme(id=id, entries=entries)
        case ProjectEntry():
            return Project(id=id, entries=entries)
    return Organisation(id=id, entries=entries)


def begun_by(first: Entry, coalition: Callable[[UUID], Organisation]) -> Subject:
    """The history without its first entry."""
    return msgspec.structs.replace(of_entries(first.originator_id, (first,), coalition), entries=())


def worded(chronicle: Chronicle, e: Entry) -> Entry:
    """With its words, if it is recorded; what is only about to be has them."""
    recorded = chronicle.history(e.originator_id)
    return recorded[e.originator_version - 1] if e.originator_version <= len(recorded) else e


def end_of_membership(ended: Entry, membership: Membership, n: int) -> MembershipEntry:
    """The organisation's own end as recorded in one of its memberships: entry `n` of the same command."""
    told = Told(**{field: getattr(ended, field) for field in Told.__struct_fields__})
    told = msgspec.structs.replace(told, command_id=uuid5(ended.command_id, f"{membership.id.hex} {n}"))
    of = {"coalition_id": membership.coalition_id, "organisation_id": membership.organisation_id}
    version = membership.version + 1
    if isinstance(ended, OrganisationMerged):
        return entry(OrganisationMergedAway, membership.id, version, told, successor_id=ended.successor_id, **of)
    return entry(OrganisationDissolvedAway, membership.id, version, told, **of)


def check_end(ended: Ended, end_of: Callable[[UUID], Ended | None], merged_into_it: Iterable[Ended]) -> None:
    """Refuses a merger into what is gone by then, one that leads back to where it began, and an end before somebody
    merged into it."""
    if isinstance(ended, OrganisationMerged):
        _check_successors(ended, end_of)
    for merger in merged_into_it:
        if bounds(merger.occurred)[0] > bounds(ended.occurred)[1]:
            raise Refused(
                "organisation.joined_by_merger_later", event=ended.stored_name(), on=ended.occurred.text,
                later=merger.stored_name(), later_on=merger.occurred.text,
                state=_state(ended), since=ended.occurred.text, allowed=(),
            )  # fmt: skip


def _check_successors(merged: OrganisationMerged, end_of: Callable[[UUID], Ended | None]) -> None:
    told = {"event": merged.stored_name(), "on": merged.occurred.text}
    successor = end_of(merged.successor_id)
    if successor and bounds(successor.occurred)[1] < bounds(merged.occurred)[0]:
        gone = {"state": _state(successor), "since": successor.occurred.text}
        raise Refused("organisation.successor_gone", **told, **gone, allowed=())
    passed = {merged.originator_id}
    while isinstance(successor, OrganisationMerged) and successor.originator_id not in passed:
        passed.add(successor.originator_id)
        if successor.successor_id == merged.originator_id:
            back = {"state": _state(successor), "since": successor.occurred.text}
            raise Refused("organisation.merged_in_a_circle", **told, **back, allowed=())
        successor = end_of(successor.successor_id)


def _state(ended: Ended) -> str:
    return ended.stored_name().removeprefix("organisation.")
