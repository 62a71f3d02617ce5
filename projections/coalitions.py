"""What happened to a coalition itself, as known when, and between which days could anybody be in it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Table, Text, Uuid, select

from domain.clusters import MAX, MIN
from domain.coalition import ENTRIES, CoalitionEntry
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import holding, taken_out
from domain.membership_entries import bounds
from projections import organisations
from projections.kept import Placed, day, pack, unpack
from projections.tables import Projection, ReadTable, Rows, metadata
from projections.two_clocks import clock_columns, known_at, revise

LIFE, COALITION = 0, 1

life_table = Table(
    "coalition_life",
    metadata,
    *clock_columns(),
    Column("kind", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("other_id", Uuid),
    Column("detail", Text),
    Column("position", BigInteger, nullable=False),
)
coalition_table = Table(
    "coalition",
    metadata,
    Column("subject", Uuid, nullable=False),
    Column("remembered", LargeBinary, nullable=False),
)


def fold(rows: Rows, position: int, entry: Entry) -> None:
    entries: list[Placed] | None = rows.memory
    if entries is None:
        packed = rows.held[COALITION].get((rows.subject,))
        if packed is None and not isinstance(entry, CoalitionEntry):
            return  # it amends another kind of history
        entries = unpack(packed[1], UUID(rows.subject)) if packed else []
    rows.memory = entries
    entries.append(Placed(position, entry))
    revise(rows, LIFE, deeds(entries), position)


def deeds(entries: Sequence[Placed]) -> list[tuple[Any, ...]]:
    everything = tuple(placed.entry for placed in entries)
    out = taken_out(everything)
    driving = {e.originator_version for e in holding(everything)}
    return [
        deed(placed, "preferred" if placed.entry.originator_version in driving else "alternative")
        for placed in entries
        if isinstance(placed.entry, CoalitionEntry) and placed.entry.originator_version not in out
    ]


def deed(placed: Placed, variant: str) -> tuple[Any, ...]:
    entry = placed.entry
    other = getattr(entry, "umbrella_id", None) or getattr(entry, "holder_id", None)
    detail = getattr(entry, "called", None) or getattr(entry, "office", None) or getattr(entry, "legal_form", None)
    kind = entry.stored_name().removeprefix("coalition.")
    text = entry.occurred.text
    return kind, *bounds(entry.occurred), text, variant, other.hex if other else None, detail, placed.position


def finish(rows: Rows) -> None:
    if rows.memory is not None:
        rows.put(COALITION, (rows.subject,), (rows.subject, pack(rows.memory)))


projection = Projection(
    "coalitions",
    version=2,
    tables=(
        ReadTable(life_table, keys=3, two_clocks=True),
        ReadTable(coalition_table, keys=1),
    ),
    kinds=(*ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Deed(NamedTuple):
    """Something a coalition did; `kind` as in `founded`, `detail` a new name, an office or a legal form."""

    kind: str
    earliest: date | None
    latest: date | None
    occurred: str
    variant: str
    other_id: UUID | None
    detail: str | None
    position: int


class Life(NamedTuple):
    """First day and end (the first day after), as ordinals, between which somebody could be in a coalition."""

    first: int
    end: int

    @property
    def since(self) -> date | None:
        return day(self.first)

    @property
    def until(self) -> date | None:
        return day(self.end)

    def has(self, on: date) -> bool:
        return self.first <= on.toordinal() < self.end


def life(connection: Connection, coalition_id: UUID, known: int | None = None) -> list[Deed]:
    """In the order of days; both accounts where two disagree."""
    table = life_table.c
    question = select(life_table).where(table.subject == coalition_id, known_at(life_table, known))
    rows = connection.execute(question.order_by(table.earliest, table.latest, table.kind, table.position))
    return [
        Deed(
            row.kind,
            day(row.earliest),
            day(row.latest),
            row.occurred,
            row.variant,
            row.other_id,
            row.detail,
            row.position,
        )
        for row in rows
    ]


def span(connection: Connection, coalition_id: UUID, known: int | None = None) -> Life:
    return spans(connection, [coalition_id], known)[coalition_id]


def spans(connection: Connection, ids: Iterable[UUID], known: int | None = None) -> dict[UUID, Life]:
    """From the earliest possible day of its preparation or founding to its certain end, as a coalition or at all."""
    found = {id: Life(MIN, MAX) for id in ids}
    table = life_table.c
    question = select(table.subject, table.kind, table.earliest, table.latest).where(
        table.subject.in_(list(found)),
        known_at(life_table, known),
        table.variant == "preferred",
        table.kind.in_(("prepared", "founded", "dissolved")),
    )
    begins: dict[UUID, int] = {}
    for row in connection.execute(question):
        if row.kind == "dissolved":
            found[row.subject] = found[row.subject]._replace(end=row.latest)
        else:
            begins[row.subject] = min(row.earliest, begins.get(row.subject, MAX))
    for id, end in organisations.ends(connection, found, known).items():
        found[id] = found[id]._replace(end=min(end, found[id].end))
    return {id: life._replace(first=begins.get(id, MIN)) for id, life in found.items()}
