"""Which standing directions of work does an organisation have, and since when?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Integer, Select, Table, Text, select

from domain.dates import Certainty, PartialDate
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import holding
from domain.programme import ENTRIES, ProgrammeClosed, ProgrammeEntry, ProgrammeOpened
from projections.kept import day
from projections.remembering import dates, memory, remember, told
from projections.tables import Id, Projection, ReadTable, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, known_at, revise, without_clocks

PROGRAMME, MEMORY = 0, 1

programme_table = Table(
    "programme_state",
    metadata,
    *clock_columns(),
    Column("organisation_id", Id, nullable=False),
    Column("direction", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("closed_earliest", Integer),
    Column("closed_latest", Integer),
    Column("closed", Text),
    Column("closed_by", BigInteger),
)


def fold(rows: Rows, position: int, entry: Entry) -> None:
    history = told(rows, MEMORY, position, entry, ProgrammeEntry)
    if history is not None:
        held, places = holding(history.entries), history.places
        opened = [e for e in held if isinstance(e, ProgrammeOpened)]
        closed = [e for e in held if isinstance(e, ProgrammeClosed)]
        end = (*dates(closed[0]), places[closed[0].originator_version]) if closed else (None,) * 4
        begun = [(hex_of(e.organisation_id), e.direction, *dates(e), places[e.originator_version]) for e in opened[:1]]
        revise(rows, PROGRAMME, [(*each, *end) for each in begun], position)


def finish(rows: Rows) -> None:
    remember(rows, MEMORY)


projection = Projection(
    "programmes",
    version=1,
    tables=(
        ReadTable(programme_table, keys=3, indexes=("(organisation_id)",), two_clocks=True),
        memory("programme"),
    ),
    kinds=(*ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Programme(NamedTuple):
    """Its title is among the words of the entry at `position`."""

    id: UUID
    organisation_id: UUID
    direction: str
    earliest: int
    latest: int
    occurred: str
    position: int
    closed_earliest: int | None
    closed_latest: int | None
    closed: str | None
    closed_by: int | None

    def is_open(self, on: date) -> Certainty:
        began = begun_by(self.earliest, self.latest, on)
        ended = begun_by(self.closed_earliest, self.closed_latest, on) if self.closed_earliest is not None else "no"
        if began == "no" or ended == "certainly":
            return "no"
        return "possibly" if "possibly" in (began, ended) else "certainly"


def begun_by(earliest: int, latest: int | None, on: date) -> Certainty:
    return PartialDate("", day(earliest), day(latest or 0)).begun_by(on)


def find(connection: Connection, known: int | None = None, *, organisation_id: UUID | None = None) -> list[Programme]:
    """Of everybody, or of one organisation, in the order in which they were opened."""
    question = _all(known)
    if organisation_id:
        question = question.where(programme_table.c.organisation_id == organisation_id)
    return [Programme(*row) for row in connection.execute(question)]


def programme(connection: Connection, id: UUID, known: int | None = None) -> Programme | None:
    return some(connection, [id], known).get(id)


def some(connection: Connection, ids: Iterable[UUID], known: int | None = None) -> dict[UUID, Programme]:
    rows = connection.execute(_all(known).where(programme_table.c.subject.in_(list(ids))))
    return {row.subject: Programme(*row) for row in rows}


def _all(known: int | None) -> Select[Any]:
    table = programme_table.c
    question = select(*without_clocks(programme_table)).where(known_at(programme_table, known))
    return question.order_by(table.earliest, table.latest, table.position)
