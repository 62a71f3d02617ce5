"""A file of changes into the chronicle, whole or not at all: what it would add, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.chronicle import Chronicle
from domain.entry import Entry
from domain.refused import Refused
from webapp.already_told import Recorded
from webapp.archive import Archive
from webapp.csv_rows import Problem, Row, UnreadableFile, read_rows
from webapp.events import COLUMNS
from webapp.name_groups import names_in
from webapp.name_resolution import Resolution, resolve
from webapp.tellings import Telling, edtf_reader, identified, once_each, understood
from webapp.touched_histories import TouchedHistories
from webapp.unknown_names import Unknown, UnknownNames

Progress = Callable[[str, int, int], None]  # step, how much of it is done, out of how much


class EveryName:
    """Whoever says yes to all."""

    def __contains__(self, name: object, /) -> bool:
        return True


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a file comes to. Where there are problems nothing would be recorded."""

    entries: tuple[Entry, ...] = ()
    read_at: int | None = None  # the last position before anything was read; what comes after it may forbid the rows
    rows: int = 0  # that become entries
    already: int = 0  # rows that were recorded before
    registered: tuple[str, ...] = ()  # names of organisations that come with the rows
    unknown: tuple[Unknown, ...] = ()  # need a yes before anything is recorded
    problems: tuple[Problem, ...] = ()


def no_progress(step: str, done: int, of: int) -> None:
    """Nobody watches."""


class Terms(NamedTuple):
    """On which a file is read: who answers for it, on which day, and to which unknown names there was a yes."""

    recorded_by: UUID
    today: date
    accepted: Container[object] = frozenset()
    language: str = "en"  # in which a date may be typed that is then told as EDTF
    progress: Progress = no_progress


Reader = Callable[[bytes, Archive, Terms], Plan]  # of a file


def plan_file(content: bytes, archive: Archive, terms: Terms) -> Plan:
    """Reads, checks and orders everything, and stores nothing. What is wrong is in the plan."""
    try:
        rows, problems = read_rows(content)
    except UnreadableFile as unreadable:
        return Plan(problems=tuple(unreadable.problems))
    return with_problems(plan_rows(rows, archive, terms), problems)


def plan_rows(rows: Sequence[Row], archive: Archive, terms: Terms) -> Plan:
    find = cache(archive.find)
    reads = edtf_reader(terms.today, terms.language)
    told = understood(rows, reads, lambda done: terms.progress("reading", done, len(rows)))
    fresh = Fresh(told.tellings, Recorded(archive.chronicle, find))
    resolution = resolve(fresh.tellings, find, lambda id: not archive.chronicle.recordings(id, words=False))
    fresh.identify(resolution)
    histories = TouchedHistories(archive, resolution, told.doubtful, terms.recorded_by, terms.today)
    for done, of in histories.add([t for t in fresh.tellings if is_resolved(t, resolution)]):
        terms.progress("checking", done, of)
    asked = UnknownNames(resolution.newcomers, terms.accepted, archive.nearest).asked(histories.unbegun)
    problems = [*fresh.twice, *told.problems, *resolution.problems, *histories.problems, *asked.problems]
    if problems:
        return with_problems(Plan(already=fresh.already, unknown=asked.unknown), problems)
    return Plan(
        entries=tuple(marked(entry, archive.chronicle) for entry in histories.in_order()),
        read_at=archive.read_at,
        rows=len(fresh.tellings),
        already=fresh.already,
        registered=_registered(resolution, fresh.tellings),
    )


class Fresh:
    """The rows that were not recorded before, each once; how many were; and which are told twice."""

    def __init__(self, tellings: list[Telling], recorded: Recorded) -> None:
        self.tellings, self.already, self.twice = tellings, 0, list[Problem]()
        self._recorded = recorded
        self._leave_out(recorded.told(tellings))

    def identify(self, resolution: Resolution) -> None:
        self._leave_out(self._recorded.told_with(self.tellings, resolution.ids, resolution.newcomers))
        self.tellings, twice = once_each(identified(self.tellings, resolution.ids))
        self.twice += twice

    def _leave_out(self, told: Mapping[int, UUID]) -> None:
        again = [t._replace(command_id=told[t.row]) for t in self.tellings if t.row in told]
        once, twice = once_each(again)
        self.already += len(once)
        self.twice += twice
        self.tellings = [t for t in self.tellings if t.row not in told]


def marked(entry: Entry, chronicle: Chronicle) -> Entry:
    """Its command cannot be computed from the row without the vault: what was removed cannot be guessed by it."""
    return msgspec.structs.replace(entry, command_id=chronicle.vault.mark(entry.command_id))


def is_resolved(telling: Telling, resolution: Resolution) -> bool:
    return all(name in resolution.ids for _, name in names_in(telling.change))


def with_problems(plan: Plan, problems: Iterable[Problem]) -> Plan:
    every = sorted((*plan.problems, *problems), key=_place)
    return Plan(already=plan.already, unknown=plan.unknown, problems=tuple(every)) if every else plan


def record(plan: Plan, chronicle: Chronicle, progress: Progress = no_progress) -> int:
    """The position of the last entry; 0 if all was recorded before. Refused if someone else was first."""
    if plan.problems:
        raise ValueError("what has problems is not recorded")
    if not plan.entries:
        return 0
    return chronicle.record(
        *plan.entries,
        unless_after=plan.read_at,
        progress=lambda done: progress("recording", done, len(plan.entries)),
    )


def outcome(plan: Plan, sentence: Callable[[Refused], str]) -> dict[str, Any]:
    """The report, of a dry run and of an import alike."""
    return {
        "stored": plan.rows,
        "already": plan.already,
        "registered": list(plan.registered),
        "errors": [_told(problem, sentence) for problem in plan.problems],
    }


def _told(problem: Problem, sentence: Callable[[Refused], str]) -> dict[str, Any]:
    details = problem.refused.details
    return {
        "row": problem.row,
        "column": problem.column,
        "code": problem.refused.code,
        "state": details.get("state"),
        "on": details.get("since") or None,
        "allowed": list(details.get("allowed", ())),
        "reason": sentence(problem.refused),
    }


def _registered(resolution: Resolution, tellings: Iterable[Telling]) -> tuple[str, ...]:
    """Those that have no row of their own."""
    rows = {t.change.organisation for t in tellings if t.change.event == "organisation_registered"}
    with_row = {resolution.ids[name] for name in rows}
    return tuple(sorted(n.called for id, n in resolution.newcomers.items() if id not in with_row))


def _place(problem: Problem) -> tuple[int, int, str]:
    column = COLUMNS.index(problem.column) if problem.column in COLUMNS else -1
    return problem.row, column, problem.refused.code
