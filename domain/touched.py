"""The histories that one touch reaches, as they were read and as they will be, and what one means for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain import across, subjects
from domain.action import Action, ActionLogged
from domain.campaign import Campaign
from domain.campaign_entries import Concern
from domain.chronicle import Chronicle
from domain.dates import PartialDate
from domain.entry import Entry, Refused, Told
from domain.history import History, StrikeReason
from domain.membership import Membership
from domain.membership_periods import content
from domain.organisation import Ended, Organisation, OrganisationRegistered
from domain.programme import Programme
from domain.project import Project


class Records(NamedTuple):
    """What was recorded, and which histories may speak of an organisation: its memberships, and whoever names it."""

    chronicle: Chronicle
    mentions: Callable[[UUID], Iterable[UUID]]
    read_at: int  # the last position before anything of it was read


class Amended(NamedTuple):
    """What is to be recorded in one transaction, and each touched history without it and with it."""

    entries: tuple[Entry, ...]
    before: Mapping[UUID, History]
    after: Mapping[UUID, History]
    read_at: int  # it is known to be right only as long as nothing is recorded after this position
    read: frozenset[UUID] | None = None  # of these histories; None: of any


class Touched:
    """`add` what is recorded together, then ask whether all of it may be: `decided`."""

    def __init__(self, records: Records, told: Told) -> None:
        self._chronicle, self._mentions, self._read_at = records
        self._told, self._commands = told, 0
        self._asked_who_speaks = False
        self._before: dict[UUID, History] = {}
        self._after: dict[UUID, History] = {}
        self._entries: list[Entry] = []

    def told(self) -> Told:
        """What is said of each amendment, every time under the next command."""
        n, self._commands = self._commands, self._commands + 1
        command = uuid5(self._told.command_id, str(n)) if n else self._told.command_id
        return msgspec.structs.replace(self._told, command_id=command)

    def history(self, id: UUID) -> History:
        """As it will be."""
        if id not in self._after:
            self._read([id])
        return self._after[id]

    def organisation(self, id: UUID) -> Organisation:
        history = self.history(id)
        if not isinstance(history, Organisation):
            raise Refused("organisation.unknown", id=id)
        return history

    def concerns(self, kind: type[Entry], of: History, on: PartialDate, by: Iterable[UUID]) -> tuple[Concern, ...]:
        """What is said of an entry of a campaign, or of an action with the campaign given, and kept with it."""
        if not isinstance(of, Campaign):
            return ()
        return subjects.concerns(self._chronicle, of, by, on) if kind is ActionLogged else of.concerns(kind, on)

    def add(self, *entries: Entry) -> None:
        for e in entries:
            if not self.history(e.originator_id).entries:
                self._keep(subjects.begun_by(e, self.organisation))
            self._after[e.originator_id] = self.history(e.originator_id).after(e)
            self._entries.append(e)

    def decided(self, reason: StrikeReason) -> Amended:
        """With the ends of memberships that follow from it; refused if any history says no."""
        for membership in self._memberships_to_tell():
            self._tell_end(membership, reason)
        changed = self._changed()
        for history in changed:
            self._check(history)
        before = {history.id: self._before[history.id] for history in changed}
        after = {history.id: history for history in changed}
        return Amended(tuple(self._entries), before, after, self._read_at, self._read_of())

    def _read_of(self) -> frozenset[UUID] | None:
        """Whose name is free, and who speaks of somebody, any entry may change."""
        registers = any(isinstance(e, OrganisationRegistered) for e in self._entries)
        return None if registers or self._asked_who_speaks else frozenset(self._before)

    @contextmanager
    def placed(self, id: UUID) -> Iterator[None]:
        """A refusal that blames what was recorded before says where that is."""
        try:
            yield
        except Refused as no:
            id, version = no.details.get("id", id), no.details.get("version", 0)
            recorded = self._chronicle.recordings(id, words=False)
            if not 1 <= version <= len(recorded):
                raise
            place = {"id": id, "version": version, "position": recorded[version - 1].position}
            raise Refused(no.code, **{**no.details, **place}) from no

    def _read(self, ids: Iterable[UUID]) -> None:
        """In one question."""
        recorded = self._chronicle.histories([id for id in ids if id not in self._after], words=False)
        for id, entries in recorded.items():
            self._keep(subjects.of_entries(id, entries, self.organisation))

    def _keep(self, history: History) -> None:
        self._before[history.id] = self._after[history.id] = history

    def _changed(self) -> list[History]:
        return [after for id, after in self._after.items() if after.version != self._before[id].version]

    def _others(self, of: Organisation) -> list[History]:
        """Those that speak of it."""
        self._asked_who_speaks = True
        self._read(self._mentions(of.id))
        return [history for history in self._after.values() if history.id != of.id]

    def _memberships(self, of: Organisation) -> list[Membership]:
        return [each for each in self._others(of) if isinstance(each, Membership)]

    def _memberships_to_tell(self) -> list[Membership]:
        """Of whose organisation the end may be another one now."""
        told: dict[UUID, Membership] = {}
        for history in self._changed():
            if isinstance(history, Membership):
                told[history.id] = history
            elif isinstance(history, Organisation) and history.ended != self._ended_before(history):
                told |= {each.id: each for each in self._memberships(history) if each.organisation_id == history.id}
        return [*told.values()]

    def _tell_end(self, membership: Membership, reason: StrikeReason) -> None:
        """An organisation ends in each of its memberships when it does."""
        told = next((change for change in membership.changes if isinstance(change, across.END_OF_MEMBERSHIP)), None)
        has_more = any(change is not told for change in membership.changes)
        ended = self.organisation(membership.organisation_id).ended if has_more else None
        if ended is None:
            if told:
                self.add(membership.striking(self.told(), told.originator_version, reason))
            return
        end = subjects.end_of_membership(subjects.worded(self._chronicle, ended), membership, 1)
        said = {"command_id": self.told().command_id, "recorded_by": self._told.recorded_by, "variant": "preferred"}
        end = msgspec.structs.replace(end, **said)
        if told is None:
            self.add(end)
        elif content(told) != content(end):
            self.add(*membership.correcting(self.told(), told.originator_version, end, reason))

    def _ended_before(self, of: Organisation) -> Ended | None:
        before = self._before[of.id]
        return before.ended if isinstance(before, Organisation) else None

    def _check(self, history: History) -> None:
        before = self._before[history.id]
        new = history.entries[before.version :]
        held = {e.originator_version for e in across.standing(before)}
        fresh = [e for e in across.standing(history) if e.originator_version not in held]
        with self.placed(history.id):
            if isinstance(history, Organisation) and isinstance(before, Organisation):
                across.check_registration(history, lambda: self._others(history), self._called)
                history.check_since(before, new)
                self._check_life(before, history)
                across.check_same(history, fresh, self.organisation)
            elif isinstance(history, Membership) and isinstance(before, Membership):
                coalition = self.organisation(history.coalition_id)
                lives = {"opens": coalition.begins, "closes": coalition.dissolves}
                msgspec.structs.replace(history, **lives).check_since(before, new)
            else:
                history.check_since(before, new)
                self._check_work(history, fresh)
        for id in {id for e in fresh for id in across.named_in(e)}:
            if not across.is_registered(self.organisation(id)):
                raise Refused("organisation.unknown", id=id)

    def _check_work(self, history: History, fresh: Iterable[Entry]) -> None:
        """Of campaigns, actions, programmes and projects: what they name is there, and what is named stays."""
        for e in fresh:
            across.check_named_work(e, self.history)
        if isinstance(history, Campaign | Action | Programme | Project) and across.is_taken_back(history):
            self._asked_who_speaks = True
            self._read(self._mentions(history.id))
            others = [each for each in self._after.values() if each.id != history.id]
            across.check_needed(history, others, self._called)

    def _check_life(self, before: Organisation, after: Organisation) -> None:
        if after.ended and after.ended != before.ended:
            others = [each.ended for each in self._others(after) if isinstance(each, Organisation)]
            mergers = [end for end in others if getattr(end, "successor_id", None) == after.id]
            subjects.check_end(after.ended, lambda id: self.organisation(id).ended, filter(None, mergers))
        if (after.begins, after.dissolves) != (before.begins, before.dissolves):
            members = [each for each in self._memberships(after) if each.coalition_id == after.id]
            across.check_members(before, after, members, self._called)
        across.check_umbrellas(after, self.organisation)

    def _called(self, id: UUID) -> str:
        """Empty of what bears no name of an organisation."""
        history = self.history(id)
        return str(history.present["state"]) if isinstance(history, Organisation) else ""
