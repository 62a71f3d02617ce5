"""Rows of a file as changes: which are told twice, and what stands in for one that cannot be understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.dates import PartialDate, parse
from domain.refused import Refused, quoted
from domain.typed_dates import read
from webapp.csv_rows import Problem, Row
from webapp.meanings import Ids, command_of, of_change
from webapp.schemas import Change, ChangeSchema, DateReader, load_change

SAID_BETTER = ("date.ambiguous", "date.no_such_day")  # of what people type, than that it is not EDTF


class Telling(NamedTuple):
    """A row that was understood. One that only stands in for a bad row is never recorded and never to blame."""

    row: int
    change: Change
    command_id: UUID  # the same for the same meaning; as long as organisations are not known, by their names
    stands_in: bool = False


class Understood(NamedTuple):
    tellings: list[Telling]
    problems: list[Problem]
    doubtful: list[Mapping[str, str]]  # rows that nothing can stand in for: their histories cannot be judged


def understood(rows: Sequence[Row], reads: DateReader, progress: Callable[[int], None]) -> Understood:
    schema = ChangeSchema(reads)
    found = Understood([], [], [])
    for done, row in enumerate(rows, 1):
        change = load_change(schema, row.cells)
        if isinstance(change, Change) and not row.unreadable:
            found.tellings.append(Telling(row.number, change, command_of(of_change(change, {}))))
        else:
            wrong = {**({} if isinstance(change, Change) else change), **{c: [no] for c, no in row.unreadable.items()}}
            found.problems.extend(Problem(row.number, c, refused) for c, all_of in wrong.items() for refused in all_of)
            _stand_in(schema, row, wrong.keys(), found)
        progress(done)
    return found


def _stand_in(schema: ChangeSchema, row: Row, wrong: Iterable[str], found: Understood) -> None:
    """The row without what cannot be read, on an unknown day if its day cannot: so that it spoils no other row."""
    cells = {column: cell for column, cell in row.cells.items() if column not in wrong}
    change = load_change(schema, {"date": "XXXX", **cells})
    if isinstance(change, Change):
        command_id = uuid5(command_of(of_change(change, {})), f"row {row.number}")
        found.tellings.append(Telling(row.number, change, command_id, stands_in=True))
    else:
        found.doubtful.append(cells)


def identified(tellings: Iterable[Telling], ids: Ids) -> list[Telling]:
    """Now that the organisations are known."""
    return [t if t.stands_in else t._replace(command_id=command_of(of_change(t.change, ids))) for t in tellings]


def once_each(tellings: Iterable[Telling]) -> tuple[list[Telling], list[Problem]]:
    """Two rows that say the same are one too many, however they are written."""
    once: dict[UUID, Telling] = {}
    twice: list[Problem] = []
    for telling in tellings:
        first = once.setdefault(telling.command_id, telling)
        if first is not telling:
            twice.append(Problem(telling.row, "", Refused("row.twice", row=telling.row, same_as=first.row)))
    return list(once.values()), twice


def edtf_reader(today: date, language: str) -> DateReader:
    """Reads EDTF only; of what people type in `language` it says how it must be written."""

    @lru_cache(maxsize=10_000)
    def reads(text: str) -> PartialDate:
        try:
            return parse(text, today)
        except Refused as refused:
            if refused.code != "date.unreadable":
                raise
            raise _with_edtf(text, refused) from refused

    def _with_edtf(text: str, refused: Refused) -> Refused:
        try:
            return Refused("date.not_edtf", text=quoted(text), instead=read(text, language, today).text)
        except Refused as typed:
            if typed.code not in SAID_BETTER:
                return refused
            return Refused(typed.code, **{**typed.details, "in_file": True})

    return reads
