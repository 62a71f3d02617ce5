"""The lines that `kronika export --format jsonl` writes, read back: the same histories, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import msgspec

from domain import subjects
from domain.dates import PartialDate, parse
from domain.entry import Entry, Told
from domain.history import History
from domain.kinds import EVERY_KIND
from domain.organisation import Organisation, OrganisationRegistered
from domain.refused import Refused, quoted
from domain.touched import Records, Touched
from webapp.archive import Archive
from webapp.csv_rows import Problem
from webapp.importing import Plan, Terms, with_problems
from webapp.jsonl_lines import Line, Object

KINDS = {kind.stored_name(): kind for kind in EVERY_KIND}
BESIDE = ("position", "words_removed")  # what a line tells beside the entry's own fields


class Exported:
    """Entries by the line that tells them."""

    def __init__(self, archive: Archive, terms: Terms) -> None:
        self._chronicle, self._archive, self._terms = archive.chronicle, archive, terms
        self.problems: list[Problem] = []
        self.already = 0
        self._entries: dict[int, Entry] = {}

    def plan(self, lines: Sequence[Line]) -> Plan:
        for line in lines:
            self._read(line)
        self._leave_out_recorded()
        if not self.problems:
            self._check()
        entries = tuple(self._entries.values())
        plan = Plan(entries=entries, read_at=self._archive.read_at, rows=len(entries), already=self.already)
        registered = tuple(sorted(e.called for e in entries if isinstance(e, OrganisationRegistered)))
        plan = msgspec.structs.replace(plan, registered=registered)
        return with_problems(Plan(already=self.already), self.problems) if self.problems else plan

    def _read(self, line: Line) -> None:
        try:
            entry = entry_of(line.said, self._terms)
            entry.check_written()
            self._entries[line.number] = entry
        except Refused as no:
            self.problems.append(Problem(line.number, str(no.details.get("field", "")), no))

    def _leave_out_recorded(self) -> None:
        first: dict[UUID, int] = {}
        for number, entry in self._entries.items():
            same = first.setdefault(entry.command_id, number)
            if same != number:
                self.problems.append(Problem(number, "", Refused("row.twice", row=number, same_as=same)))
        recorded = self._chronicle.recorded_many(first)
        self.already = len(recorded)
        self._entries = {n: e for n, e in self._entries.items() if e.command_id not in recorded}

    def _check(self) -> None:
        """Each history goes on where it stands, and is legal; then what one means for another."""
        before = self._chronicle.histories({e.originator_id for e in self._entries.values()}, words=False)
        whole = {id: [*entries] for id, entries in before.items()}
        for number, entry in self._entries.items():
            expected = len(whole[entry.originator_id]) + 1
            if entry.originator_version != expected:
                told = {"version": entry.originator_version, "expected": expected}
                self.problems.append(Problem(number, "originator_version", Refused("line.another_history", **told)))
            else:
                whole[entry.originator_id].append(entry)
        if not self.problems:
            self._check_histories(before, whole)
        if not self.problems and self._entries:
            self._check_across()

    def _check_histories(self, before: Mapping[UUID, Sequence[Entry]], whole: Mapping[UUID, Iterable[Entry]]) -> None:
        def organisation(id: UUID) -> Organisation:
            return Organisation(id=id, entries=tuple(whole.get(id) or self._chronicle.history(id, words=False)))

        for id, entries in whole.items():
            after: History = subjects.of_entries(id, tuple(entries), organisation)
            recorded = len(before[id])
            try:
                after.check_since(
                    msgspec.structs.replace(after, entries=after.entries[:recorded]), after.entries[recorded:]
                )
            except Refused as no:
                self._blame(no, id, recorded + 1)

    def _check_across(self) -> None:
        """Also adds the ends of memberships that follow, where the file does not tell them."""
        entries = [*self._entries.values()]
        told = Told(**{field: getattr(entries[0], field) for field in Told.__struct_fields__})
        work = Touched(Records(self._chronicle, self._archive.mentions, self._archive.read_at), told)
        work.add(*entries)
        try:
            work.decided("other")
        except Refused as no:
            self._blame(no, no.details.get("id"), no.details.get("version", 0))

    def _blame(self, no: Refused, id: Any, version: int) -> None:
        """The line of that entry, or the first of such an event."""
        told = no.details
        versions = (told.get("version", version), version)
        event = (told.get("event"), told.get("on"))
        of_it = (n for n, e in self._entries.items() if e.originator_id == id and e.originator_version in versions)
        alike = (n for n, e in self._entries.items() if (e.stored_name(), e.occurred.text) == event)
        number = next(of_it, None) or next(alike, None) or min(self._entries)
        self.problems.append(Problem(number, str(told.get("field", "")), no))


def entry_of(said: Object, terms: Terms) -> Entry:
    """Under the name of whoever answers for the import; dates are bounded by the day on which they were recorded."""
    kind = KINDS.get(said["name"]) if isinstance(said["name"], str) else None
    if kind is None:
        raise Refused("line.unknown_kind", field="name", text=quoted(str(said["name"])))
    types = types_of(kind)
    content = {name: value for name, value in said.items() if name not in BESIDE}
    for name in content:
        if name not in (*types, "name"):
            raise Refused("row.unknown_column", field=quoted(name))
    by = _recorded_on(content.pop("recorded_at", None), terms.today)
    content["recorded_by"] = terms.recorded_by.hex
    for name, value in content.items():
        if name in types:
            content[name] = dated(value, types[name], name, by if name in ("occurred", "decided") else None)
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$.")[2].partition("`")[0] if "`$." in str(error) else ""
        raise Refused("line.unreadable", field=field, why=quoted(str(error))) from error


@cache
def types_of(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(struct)}


def dated(value: Any, kind: Any, field: str, by: date | None = None) -> Any:
    """With dates, wherever they stand, as entries hold them."""
    parts = get_args(kind)
    if kind is PartialDate or (get_origin(kind) in (Union, UnionType) and PartialDate in parts):
        if value is not None and not isinstance(value, str):
            raise Refused("line.no_text", field=field)
        return msgspec.to_builtins(_parsed(value, field, by)) if value is not None else None
    if get_origin(kind) is tuple and isinstance(value, list):
        return [dated(each, parts[0], field, by) for each in value]
    struct = next((part for part in (kind, *parts) if isinstance(part, type)), None)
    if struct and issubclass(struct, msgspec.Struct) and isinstance(value, dict):
        return {name: dated(part, types_of(struct).get(name), field, by) for name, part in value.items()}
    return value


def _parsed(text: str, field: str, by: date | None) -> PartialDate:
    try:
        return parse(text, by)
    except Refused as no:
        raise Refused(no.code, **{**no.details, "field": field}) from no


def _recorded_on(moment: Any, today: date) -> date:
    try:
        return min(datetime.fromisoformat(moment).date(), today)
    except (TypeError, ValueError):
        return today
