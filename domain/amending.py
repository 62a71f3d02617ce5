"""Taking back, striking out and correcting what was recorded, with all that other histories build upon it.

A command returns what is to be recorded in one transaction; nothing is recorded yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.accounts import accounts
from domain.across import END_OF_MEMBERSHIP
from domain.campaign_entries import CampaignEntry
from domain.chronicle import Chronicle, Recorded
from domain.entry import Entry, Refused, Told, entry
from domain.history import UNDO_WITHIN, EntryStruck, History, StrikeReason, holding, taken_out
from domain.membership_entries import MembershipEntry
from domain.organisation import Ended
from domain.removal import WordsRemoved
from domain.touched import Amended, Records, Touched

__all__ = ["Amended", "Change", "Correcting", "Records", "Striking", "accounts"]

OVERTAKEN = ("chronicle.moved_on", "chronicle.someone_was_first")
PORTION = 200
TRIES = 40  # to plan again because others record; of those who try at once, one succeeds each time
MICROSECOND = timedelta(microseconds=1)


class Striking(NamedTuple):
    """The entry at this position is to be taken out."""

    position: int


class Correcting(NamedTuple):
    """What the entry at this position should have said: its kind, what every entry says, and the fields of its kind."""

    position: int
    kind: type[Entry]
    content: Told  # its command and author are those of the amendment
    fields: Mapping[str, Any]  # without the pair of a membership


Change = Striking | Correcting


def record(records: Records, *entries: Entry) -> Amended:
    """New entries, made by the commands of their histories, and the ends in memberships that follow from them."""
    told = Told(**{field: getattr(entries[0], field) for field in Told.__struct_fields__})
    work = Touched(records, msgspec.structs.replace(told, command_id=uuid5(told.command_id, "beside")))
    work.add(*entries)
    return work.decided("other")


def recorded(chronicle: Chronicle, plan: Callable[[], Amended | None]) -> int | None:
    """Records what was planned; planned again from the start while somebody else records what it may have read.

    The position of the last entry; None where the plan comes to nothing.
    """
    for _try in range(TRIES):
        try:
            planned = plan()
            if planned is None:
                return None
            return chronicle.record(*planned.entries, unless_after=planned.read_at, of=planned.read)
        except Refused as no:
            if no.code not in OVERTAKEN:
                raise
    raise Refused("chronicle.someone_was_first")


def strike(records: Records, position: int, told: Told, reason: StrikeReason, also: Sequence[Change] = ()) -> Amended:
    return amend(records, told, reason, [Striking(position), *also])


def correct(
    records: Records,
    position: int,
    told: Told,
    kind: type[Entry],
    content: Told,
    fields: Mapping[str, Any],
    reason: StrikeReason,
    also: Sequence[Change] = (),
) -> Amended:
    return amend(records, told, reason, [Correcting(position, kind, content, fields), *also])


def amend(records: Records, told: Told, reason: StrikeReason, changes: Sequence[Change]) -> Amended:
    """All of them together; each history is looked at when the last one is in. `told` has the command of the first."""
    work = Touched(records, told)
    amended = [_recorded(records.chronicle, change.position).entry for change in changes]
    for change, of in zip(changes, amended, strict=True):
        history = work.history(of.originator_id)
        if isinstance(change, Striking):
            new: tuple[Entry, ...] = (history.striking(work.told(), of.originator_version, reason),)
        else:
            right = _right(work, history, of, change)
            new = history.correcting(work.told(), of.originator_version, right, reason)
        _is_no_echo(work, of, amended)
        work.add(*new)
    return work.decided(reason)


def prefer(records: Records, position: int, told: Told, instead_of: Sequence[int] = ()) -> Amended:
    """From now on this account drives the state, not those at `instead_of`; if none are given, those in conflict."""
    work = Touched(records, told)
    of = _recorded(records.chronicle, position).entry
    history = work.history(of.originator_id)
    drive = {e.originator_version for e in holding(history.entries)}
    given = [_recorded(records.chronicle, other).entry for other in instead_of]
    if any(e.originator_id != history.id for e in given):
        raise Refused("entry.not_there", of=position)
    told_of_it = accounts(history, of.originator_version)
    rivals = tuple([e.originator_version for e in given] or drive.intersection(told_of_it))
    preferred = history.preferring(work.told(), of.originator_version, rivals)
    if of.originator_version in drive and len(told_of_it) > 1:
        raise Refused("entry.counts_already")
    if of.originator_version in drive or not rivals:
        raise Refused("entry.nothing_in_conflict", event=of.stored_name(), on=of.occurred.text)
    work.add(preferred)
    return work.decided("other")


def undo(records: Records, position: int, told: Told, now: datetime) -> Amended:
    """Takes back all that one touch recorded."""
    work = Touched(records, told)
    this, together = _recorded(records.chronicle, position), recorded_together(records.chronicle, position)
    _is_not_built_upon(work, together)
    if this.entry.recorded_by != told.recorded_by:
        raise Refused("undo.not_yours")
    if isinstance(this.entry, WordsRemoved):
        raise Refused("entry.words_stay_removed", of=this.entry.originator_version)
    if not can_undo(this, told.recorded_by, now):
        raise Refused("undo.too_late", minutes=int(UNDO_WITHIN.total_seconds()) // 60)
    for recorded in reversed(together):
        history = work.history(recorded.originator_id)
        if recorded.originator_version not in taken_out(history.entries):
            work.add(history.striking(work.told(), recorded.originator_version, "mistyped"))
    try:
        return work.decided("mistyped")
    except Refused as no:
        raise _built_upon(no) from no


def can_undo(recorded: Recorded, who: UUID, now: datetime) -> bool:
    """Whether its author asks, and soon enough. What was built upon it is found by `undo`."""
    is_own = recorded.entry.recorded_by == who and not isinstance(recorded.entry, WordsRemoved)
    return is_own and now - recorded.recorded_at <= UNDO_WITHIN


def recorded_together(chronicle: Chronicle, position: int) -> list[Recorded]:
    """What one touch recorded: entries side by side, of one instant and author."""
    this = _recorded(chronicle, position)
    found: list[Recorded] = []
    for recorded in _since(chronicle, this):
        is_same = recorded.recorded_at == this.recorded_at and recorded.entry.recorded_by == this.entry.recorded_by
        if not is_same and recorded.position > position:
            break
        found = [*found, recorded] if is_same else []
    return found


def _since(chronicle: Chronicle, this: Recorded) -> Iterator[Recorded]:
    last = chronicle.position_at(this.recorded_at - MICROSECOND)
    while portion := chronicle.after(last, PORTION, words=False):
        yield from portion
        last = portion[-1].position


def _recorded(chronicle: Chronicle, position: int) -> Recorded:
    found = chronicle.at([position], words=False)
    if position not in found:
        raise Refused("entry.not_there", of=position)
    return found[position]


def _right(work: Touched, history: History, of: Entry, change: Correcting) -> Entry:
    history.is_an_account(of.originator_version)
    told = work.told()
    content = msgspec.structs.replace(change.content, command_id=told.command_id, recorded_by=told.recorded_by)
    fields = dict(change.fields)
    if isinstance(of, MembershipEntry):
        fields |= {"coalition_id": of.coalition_id, "organisation_id": of.organisation_id}
    if issubclass(change.kind, CampaignEntry):
        campaign = work.history(fields["campaign_id"]) if "campaign_id" in fields else history
        fields["warnings"] = work.concerns(change.kind, campaign, content.occurred, fields.get("by", ()))
    right = entry(change.kind, history.id, history.version + 1, content, **fields)
    right.check_written()
    return right


def _is_no_echo(work: Touched, of: Entry, amended: Sequence[Entry]) -> None:
    """An end that an organisation met is amended in its own history, and each membership follows."""
    if not isinstance(of, END_OF_MEMBERSHIP):
        return
    ended: Ended | None = work.organisation(of.organisation_id).ended
    if ended and ended not in amended:
        with work.placed(ended.originator_id):
            raise Refused(
                "membership.end_of_organisation", event=ended.stored_name(), on=ended.occurred.text,
                id=ended.originator_id, version=ended.originator_version,
            )  # fmt: skip


def _is_not_built_upon(work: Touched, together: Sequence[Recorded]) -> None:
    mine = {(recorded.originator_id, recorded.originator_version) for recorded in together}
    for id, version in mine:
        later = work.history(id).amended_by(version)
        if later is None or (id, later.originator_version) in mine:
            continue
        if isinstance(later, EntryStruck):
            raise Refused("entry.superseded", of=version)
        with work.placed(id):
            raise Refused(
                "undo.built_upon", event=later.stored_name(), on=later.occurred.text, version=later.originator_version
            )


def _built_upon(no: Refused) -> Refused:
    """Whatever forbids it was recorded later."""
    told = no.details
    place = {field: told[field] for field in ("id", "version", "position", "count", "who") if field in told}
    event, on = told.get("later", told.get("event", "")), told.get("later_on", told.get("on", ""))
    return Refused("undo.built_upon", event=event, on=on, why=no.code, **place)
