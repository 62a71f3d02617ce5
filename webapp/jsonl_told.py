"""Lines written by hand: of campaigns, actions, programmes and projects; and rows as a CSV file has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any
from uuid import UUID, uuid5

import msgspec

from domain import across, subjects
from domain.action import Action, ActionLogged
from domain.campaign_entries import CampaignPlanned, CampaignRetitled
from domain.entry import Entry, Told
from domain.organisation import Organisation
from domain.refused import Refused, quoted
from projections.letters import composed
from webapp import importing, parts
from webapp.archive import Archive
from webapp.csv_rows import Problem, Row
from webapp.events import COLUMNS, EVENTS
from webapp.importing import Plan, Terms, with_problems
from webapp.jsonl_fields import BEGIN, KINDS, Called, Said, Work, Wrong, read_line, several, subject_of, text
from webapp.jsonl_histories import Deed, Histories
from webapp.jsonl_lines import Line
from webapp.jsonl_works import Titles, as_id
from webapp.meanings import IMPORTED
from webapp.tellings import edtf_reader

OF_ORGANISATIONS = ("organisation.", "coalition.")  # stored names of their own lives
SEVERAL = ("scope", "new_name")  # columns in which a list may stand
ORDER = (*BEGIN, CampaignRetitled, ActionLogged)  # in which lines bring along what others name


def plan_lines(lines: Sequence[Line], archive: Archive, terms: Terms) -> Plan:
    return ByHand(archive, terms).plan(lines)


class ByHand:
    def __init__(self, archive: Archive, terms: Terms) -> None:
        self._archive, self._terms, self._chronicle = archive, terms, archive.chronicle
        self._titles = Titles(archive.chronicle)
        self.problems: list[Problem] = []
        self.already = 0
        self._pending: dict[UUID, list[Entry]] = {}
        self._names: dict[str, set[UUID]] = {}
        self._follows: list[Problem] = []  # what is wrong because of something that is told already

    def plan(self, lines: Sequence[Line]) -> Plan:
        rows = [*self._rows(line for line in lines if _event(line) in EVENTS)]
        said = [*self._said(line for line in lines if _event(line) not in EVENTS)]
        fresh = self._newcomers(said, rows)
        archive, terms = self._archive, self._terms
        told = importing.plan_rows([*rows, *fresh], archive, terms) if rows or fresh else Plan(read_at=archive.read_at)
        if told.problems:
            return with_problems(told, self.problems)
        self._take(told.entries)
        histories = Histories(self._chronicle, self._pending)
        deeds = [*self._deeds(said)]
        histories.add(deeds)
        self.problems = self.problems or self._follows
        already = told.already + self.already
        if self.problems or histories.problems:
            return with_problems(Plan(already=already), [*self.problems, *histories.problems])
        entries = (*told.entries, *histories.in_order())
        registered = tuple(sorted((*told.registered, *(row.cells["organisation"] for row in fresh))))
        rows_told = told.rows - len(fresh) + len(deeds)
        return Plan(
            entries=entries, read_at=archive.read_at, rows=rows_told, already=already, registered=registered
        )  # fmt: skip

    # What the lines say

    def _rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Keys are the columns of a CSV file."""
        for line in lines:
            cells: dict[str, str] = {}
            for column, value in line.said.items():
                if column not in COLUMNS:
                    self._wrong(line, quoted(column), Refused("row.unknown_column"))
                elif value is not None:
                    try:
                        cells[column] = _cell(column, value)
                    except Refused as no:
                        self._wrong(line, column, no)
            yield Row(line.number, {column: cell for column, cell in cells.items() if cell.strip()})

    def _said(self, lines: Iterable[Line]) -> Iterator[Said]:
        reads = edtf_reader(self._terms.today, self._terms.language)
        for line in lines:
            if _event(line) not in KINDS:
                self._wrong(line, "event", _unknown_event(_event(line)))
                continue
            try:
                yield read_line(line, reads)
            except Wrong as wrong:
                for key, no in wrong.found:
                    self._wrong(line, key, no)
                self._doubt(line)

    def _wrong(self, line: Line, key: str, no: Refused) -> None:
        self.problems.append(Problem(line.number, key, no))

    def _doubt(self, line: Line) -> None:
        titles = (line.said.get(key) for key in ("campaign", "programme", "project", "title"))
        self._bring(KINDS[line.said["event"]], [title for title in titles if isinstance(title, str)], None)

    # Organisations

    def _newcomers(self, said: Iterable[Said], rows: Iterable[Row]) -> list[Row]:
        """Rows that register those whom nobody knows, if there was a yes."""
        brought = {composed(cell) for row in rows for cell in _names_in(row)}
        fresh: dict[str, Row] = {}
        for one in said:
            for key, called in _called(one):
                name = composed(called.name)
                if name in brought or name in fresh or as_id(called.name) or self._archive.find(called.name):
                    continue
                if called.name in self._terms.accepted:
                    cells = {"event": "organisation_registered", "organisation": called.name, "date": "XXXX"}
                    fresh[name] = Row(one.number, cells)
                else:
                    self.problems.append(Problem(one.number, key, self._unknown(called.name)))
                    brought.add(name)
        return [*fresh.values()]

    def _unknown(self, name: str) -> Refused:
        nearest = tuple(self._archive.nearest(name))
        code = "name.unknown_but_like" if nearest else "name.unknown"
        return Refused(code, name=quoted(name), nearest=nearest)

    def _take(self, entries: Iterable[Entry]) -> None:
        for e in entries:
            self._pending.setdefault(e.originator_id, []).append(e)
        for id, of_one in self._pending.items():
            if of_one[0].stored_name().startswith(OF_ORGANISATIONS):
                for named in self._organisation(id).names:
                    self._names.setdefault(composed(named.called), set()).add(id)

    def _organisation(self, id: UUID) -> Organisation:
        recorded = subjects.organisation(self._chronicle, id)
        return recorded.after(*self._pending.get(id, ()))

    def _id_of(self, name: str) -> UUID:
        known = as_id(name)
        if known and across.is_registered(self._organisation(known)):
            return known
        ids = {one.id for one in self._archive.find(name)} | self._names.get(composed(name), set())
        if len(ids) > 1:
            raise Refused("name.fits_several", name=quoted(name))
        if not ids:
            raise self._unknown(name)
        return next(iter(ids))

    # What is to be recorded

    def _deeds(self, said: Sequence[Said]) -> Iterator[Deed]:
        """Those that were not recorded before, each once."""
        ranks = {kind: rank for rank, kind in enumerate(ORDER)}
        first: dict[UUID, int] = {}
        for one in sorted(said, key=lambda one: (ranks.get(one.kind, len(ranks)), one.number)):
            deed = self._deed(one)
            if deed is None:
                continue
            command = deed.told.command_id
            if command in first:
                twice = Refused("row.twice", row=one.number, same_as=first[command])
                self.problems.append(Problem(one.number, "", twice))
            elif self._chronicle.recorded_many([command]):
                self.already += 1
            elif one.kind in BEGIN and self._is_taken(one, deed):
                taken = Refused("line.title_taken", text=quoted(one.subject))
                self.problems.append(Problem(one.number, one.of, taken))
            else:
                yield deed
            first.setdefault(command, one.number)

    def _is_taken(self, said: Said, deed: Deed) -> bool:
        """By another one of the same organisation."""
        ids = self._titles.recorded(said.of, deed.fields["title"])
        others = self._chronicle.histories(ids, words=False).values()
        return any(_owner(msgspec.structs.asdict(entries[0])) == _owner(deed.fields) for entries in others)

    def _deed(self, said: Said) -> Deed | None:
        """None where something is wrong; what it brings along is known then."""
        fields: dict[str, Any] = {}
        wrong: list[Problem] = []
        titles = {said.fields.get("title", ""), *((said.subject,) if said.kind in BEGIN else ())}
        subject: UUID | None = None
        if said.kind not in BEGIN:
            subject = self._resolved(said, said.of, Work(said.of, said.subject), wrong)
        for name, value in said.fields.items():
            fields[name] = self._resolved(said, name.removesuffix("_id"), value, wrong)
        self._check_coalition(said, fields.get("coalition_id"), wrong)
        self.problems += wrong
        if wrong or (said.kind not in BEGIN and subject is None) or None in fields.values():
            self._bring(said.kind, titles, None)
            return None
        command = self._chronicle.vault.mark(uuid5(IMPORTED, meaning(said, subject, fields)))
        if said.kind is ActionLogged:
            fields["campaign_id"], subject = subject, Action.id_of(command)
        id = subject or uuid5(command, said.of)
        self._bring(said.kind, titles, id)
        told = Told(recorded_by=self._terms.recorded_by, command_id=command, **said.shared)
        return Deed(said, id, told, fields)

    def _bring(self, kind: type[Entry], titles: Iterable[str], id: UUID | None) -> None:
        """What others may name by these titles; without an id, a line that is wrong would have brought it along."""
        if kind in ORDER:
            for title in titles:
                self._titles.add("action" if kind is ActionLogged else subject_of(kind), title, id)

    def _resolved(self, said: Said, key: str, value: Any, wrong: list[Problem]) -> Any:
        """Ids in place of names; None where that is not possible, which is told at most once."""
        try:
            match value:
                case Called():
                    return self._id_of(value.name)
                case Work(kind="promise" | "indicator"):
                    return value
                case Work():
                    return self._titles.id(value.kind, value.text)
                case tuple():
                    return tuple(self._id_of(each.name) if isinstance(each, Called) else each for each in value)
        except Refused as no:
            is_told = isinstance(value, Work) and self._titles.is_doubtful(value.kind, value.text)
            is_told = is_told or no.code in ("name.unknown", "name.unknown_but_like")
            (self._follows if is_told else wrong).append(Problem(said.number, key, no))
            return None
        return value

    def _check_coalition(self, said: Said, id: UUID | None, wrong: list[Problem]) -> None:
        if id and said.kind is CampaignPlanned and not self._organisation(id).is_coalition:
            name = said.fields["coalition_id"].name
            wrong.append(Problem(said.number, "coalition", Refused("name.not_a_coalition", name=quoted(name))))


def _owner(fields: Mapping[str, Any]) -> Any:
    return fields.get("lead_id") or fields.get("organisation_id")


def meaning(said: Said, subject: UUID | None, fields: Mapping[str, Any]) -> str:
    """Equal for lines that say the same, however organisations and campaigns are called in them."""
    told = {"name": said.kind.stored_name(), "subject": subject, **said.shared, **fields}
    plain = {name: _plain(value) for name, value in told.items() if value not in (None, "", ())}
    return json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and not isinstance(value, Work):
        return [_plain(each) for each in value]
    if isinstance(value, msgspec.Struct):
        return getattr(value, "text", None) or msgspec.to_builtins(value)
    return composed(value.text) if isinstance(value, Work) else msgspec.to_builtins(value)


def _cell(column: str, value: Any) -> str:
    if isinstance(value, list) and column in SEVERAL:
        return parts.write_list([text(each) for each in value])
    return text(value)


def _names_in(row: Row) -> Iterator[str]:
    for column in ("coalition", "organisation", "new_name"):
        if cell := row.cells.get(column):
            yield from parts.read_list(cell) if column == "new_name" else (cell,)


def _called(said: Said) -> Iterator[tuple[str, Called]]:
    for field, value in said.fields.items():
        for each in several(list(value) if type(value) is tuple else value):
            if isinstance(each, Called):
                yield field.removesuffix("_id"), each


def _event(line: Line) -> str:
    event = line.said.get("event")
    return event if isinstance(event, str) else ""


def _unknown_event(event: str) -> Refused:
    if not event:
        return Refused("row.event_missing")
    every = (*KINDS, *EVENTS)
    return Refused(
        "row.unknown_event", text=quoted(event), allowed=tuple(get_close_matches(event, every, n=3)) or every
    )
