"""The histories that a file touches, as they will be when its rows are in: organisations, coalitions, memberships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from heapq import merge
from typing import NamedTuple
from uuid import UUID

from domain import across, subjects
from domain.dates import parse
from domain.entry import Entry, Told
from domain.membership import Membership
from domain.membership_entries import bounds
from domain.organisation import Ended, Organisation, OrganisationRegistered
from domain.refused import Refused, quoted
from webapp.archive import Archive
from webapp.csv_rows import Problem
from webapp.events import NAME_OF
from webapp.name_resolution import Newcomer, Resolution
from webapp.planned_histories import Deed, add_to_membership, add_to_organisation, column_of, deed
from webapp.schemas import Change
from webapp.tellings import Telling

BEGINNINGS = ("preparation", "founded")
ENDS = ("dissolved", "organisation_dissolved", "organisation_merged")
BEGINS = ("applied", "observer_admitted", "joined")
LIFE, MEMBERSHIP = 0, 1  # on one day, first the coalition and then who is in it


class Pair(NamedTuple):
    coalition_id: UUID
    organisation_id: UUID


class TouchedHistories:
    """`add` everything once; then `problems`, or if there are none `in_order`."""

    def __init__(
        self,
        archive: Archive,
        names: Resolution,
        doubtful: Iterable[Mapping[str, str]],
        recorded_by: UUID,
        today: date,
    ) -> None:
        self.problems: list[Problem] = []
        self.unbegun: dict[Pair, list[Problem]] = {}  # what is wrong where a newcomer is in, and no row says since when
        self._archive, self._recorded_by = archive, recorded_by
        self._ids, self._newcomers = names.ids, names.newcomers
        self._unknown_day = parse("XXXX", today)
        self._organisations: dict[UUID, Organisation] = {}
        self._lives: dict[UUID, list[Telling]] = {}
        self._before: dict[UUID, Organisation] = {}
        self._ended_by: dict[UUID, Telling] = {}
        self._doubtful = {touched for row in doubtful for touched in self._touched_by(row)}
        self._parts: list[tuple[int, list[Entry]]] = []

    def add(self, tellings: Iterable[Telling]) -> Iterator[tuple[int, int]]:
        """How many memberships are done, and of how many."""
        lives: dict[UUID, list[Telling]] = {id: [] for id in self._newcomers}
        pairs: dict[Pair, list[Telling]] = defaultdict(list)
        for telling in tellings:
            change = telling.change
            if change.kind.subject == "membership":
                pairs[Pair(self._ids[change.coalition], self._ids[change.organisation])].append(telling)
            else:
                lives.setdefault(self._ids[getattr(change, change.kind.subject)], []).append(telling)
        for id, of_life in lives.items():
            self._live(id, of_life)
        self._check_ends()
        self._check_umbrellas()
        self._check_members()
        self._check_coalitions(pairs)
        for id in self._ended_by:
            for coalition_id in self._archive.coalitions_of(id):
                pairs.setdefault(Pair(coalition_id, id), [])
        for done, (pair, of_pair) in enumerate(pairs.items(), 1):
            self._belong(pair, of_pair)
            yield done, len(pairs)

    def in_order(self) -> Iterator[Entry]:
        """First who there is, then what happened, by when it was over as far as each history allows."""
        entries = [entry for _, part in self._parts for entry in part]
        yield from sorted((e for e in entries if isinstance(e, OrganisationRegistered)), key=_by_name)
        deeds = ([(rank, e) for e in part if not isinstance(e, OrganisationRegistered)] for rank, part in self._parts)
        yield from (entry for _, entry in merge(*deeds, key=_when_over))

    def _live(self, id: UUID, tellings: list[Telling]) -> None:
        before, newcomer = self._organisation(id), self._newcomers.get(id)
        self._before[id], self._lives[id] = before, tellings
        registered: list[Entry] = []
        if newcomer and not any(t.change.event == "organisation_registered" for t in tellings):
            registered = [self._registration(before, newcomer)]
        kind = "coalition" if newcomer and newcomer.is_coalition else ""
        after, added = add_to_organisation(before.after(*registered), tellings, self._ids, kind, self._recorded_by)
        self._organisations[id] = after
        self._keep([*registered, *added.entries], added.problems, id, LIFE)
        if after.ended and not before.ended:
            self._ended_by[id] = next(t for t in tellings if t.command_id == after.ended.command_id)

    def _registration(self, organisation: Organisation, newcomer: Newcomer) -> Entry:
        told = Told(occurred=self._unknown_day, recorded_by=self._recorded_by, command_id=newcomer.command_id)
        return organisation.register(told, newcomer.called, kind="coalition" if newcomer.is_coalition else "")

    def _check_ends(self) -> None:
        """In the natural order: of two that exclude each other the later one is to blame."""
        ends = {id: ended for id in self._ended_by if (ended := self._organisation(id).ended)}
        checked: dict[UUID, Ended] = {}
        for id, ended in sorted(ends.items(), key=lambda end: (bounds(end[1].occurred), end[1].command_id)):
            before = [] if id in self._newcomers else self._archive.merged_into(id)
            mergers = [recorded for other in before if (recorded := self._organisation(other).ended)]
            try:
                subjects.check_end(
                    ended, lambda of: checked.get(of) if of in ends else self._organisation(of).ended, mergers
                )
            except Refused as no:
                telling = self._ended_by[id]
                self._keep([], [Problem(telling.row, column_of(telling.change, no), no)], id, LIFE)
            else:
                checked[id] = ended

    def _check_umbrellas(self) -> None:
        """Of several rows that close one circle the latest is to blame."""
        circles: dict[frozenset[str], list[tuple[tuple[int, int], int, UUID, Problem]]] = defaultdict(list)
        for id, tellings in self._lives.items():
            after = self._organisation(id)
            try:
                across.check_umbrellas(after, self._organisation)
            except Refused as no:
                joined = after.entries[no.details["version"] - 1]
                circle = frozenset((*no.details["who"], after.present["state"]))
                for t in tellings:
                    if t.command_id == joined.command_id:
                        problem = Problem(t.row, "organisation", no)
                        circles[circle].append((bounds(joined.occurred), t.row, id, problem))
        for rows in circles.values():
            *_, id, problem = max(rows)
            self._keep([], [problem], id, LIFE)

    def _check_members(self) -> None:
        """A coalition's life does not leave outside what was recorded of its members."""
        for id, before in self._before.items():
            after = self._organisation(id)
            if id in self._newcomers or (before.begins, before.dissolves) == (after.begins, after.dissolves):
                continue
            recorded = self._archive.chronicle.histories(self._archive.mentions(id), words=False)
            histories = [subjects.of_entries(*each, self._organisation) for each in recorded.items()]
            memberships = [m for m in histories if isinstance(m, Membership) and m.coalition_id == id]
            try:
                across.check_members(before, after, memberships, lambda of: self._organisation(of).present["state"])
            except Refused as no:
                settles = ENDS if no.code == "coalition.members_after" else BEGINNINGS
                telling = next(t for t in self._lives[id] if t.change.event in settles)
                self._keep([], [Problem(telling.row, "date", no)], id, LIFE)

    def _check_coalitions(self, pairs: Mapping[Pair, list[Telling]]) -> None:
        """An organisation becomes a coalition by what is told of its own life, not by a mistake in a column."""
        named: dict[UUID, Telling] = {}
        for pair, tellings in pairs.items():
            first = min(tellings, key=lambda t: t.row)
            named[pair.coalition_id] = min(named.get(pair.coalition_id, first), first, key=lambda t: t.row)
        for id, telling in named.items():
            if not self._organisation(id).is_coalition and id not in self._doubtful:
                wrong = Refused("name.not_a_coalition", name=quoted(telling.change.coalition))
                self.problems.append(Problem(telling.row, "coalition", wrong))

    def _belong(self, pair: Pair, tellings: list[Telling]) -> None:
        coalition, organisation = self._organisation(pair.coalition_id), self._organisation(pair.organisation_id)
        id = Membership.id_of(*pair)
        is_new = pair.coalition_id in self._newcomers or pair.organisation_id in self._newcomers
        recorded = () if is_new else self._archive.chronicle.history(id)
        membership = subjects.membership_in(coalition, pair.organisation_id, recorded)
        deeds = [deed(membership, telling, self._recorded_by) for telling in tellings]
        added = add_to_membership(membership, [*deeds, *self._end(organisation, membership)])
        if is_new and added.problems and not any(t.change.event in BEGINS for t in tellings):
            self.unbegun[pair] = [] if pair in self._doubtful else added.problems
        else:
            self._keep(added.entries, added.problems, pair, MEMBERSHIP)

    def _end(self, organisation: Organisation, membership: Membership) -> list[Deed]:
        """The end of the organisation, in this membership too."""
        ended = organisation.ended
        if ended is None or any(isinstance(e, across.END_OF_MEMBERSHIP) for e in membership.entries):
            return []
        recorded = Telling(0, Change(event=NAME_OF[type(ended)], date=ended.occurred), ended.command_id, stands_in=True)
        end = subjects.end_of_membership(subjects.worded(self._archive.chronicle, ended), membership, 1)
        return [Deed(self._ended_by.get(organisation.id, recorded), end)]

    def _keep(self, entries: list[Entry], problems: list[Problem], subject: UUID | Pair, rank: int) -> None:
        if entries:
            self._parts.append((rank, entries))
        if subject not in self._doubtful:
            self.problems.extend(problems)

    def _organisation(self, id: UUID) -> Organisation:
        if id not in self._organisations:
            is_new = id in self._newcomers
            self._organisations[id] = (
                Organisation(id=id) if is_new else subjects.organisation(self._archive.chronicle, id)
            )
        return self._organisations[id]

    def _touched_by(self, row: Mapping[str, str]) -> Iterator[UUID | Pair]:
        """What a row tells of that cannot be understood. No other row of such a history is said to be illegal."""
        coalition, organisation = (self._ids.get(row.get(c, "").strip()) for c in ("coalition", "organisation"))
        yield from (id for id in (coalition, organisation) if id)
        if coalition and organisation:
            yield Pair(coalition, organisation)


def _by_name(entry: OrganisationRegistered) -> tuple[str, UUID]:
    return entry.called, entry.command_id


def _when_over(placed: tuple[int, Entry]) -> tuple[int, int, int, UUID]:
    rank, entry = placed
    first, last = bounds(entry.occurred)
    return last, first, rank, entry.command_id
