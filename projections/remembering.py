"""What does a fold remember of its subject between two batches? All its entries, without words, packed in one row."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, Text

from domain.entry import Entry
from domain.history import holding, taken_out
from domain.membership_entries import bounds
from projections.kept import Placed, pack, unpack
from projections.tables import Id, ReadTable, Rows, hex_of, metadata


def memory(name: str) -> ReadTable:
    remembered = Column("remembered", LargeBinary, nullable=False)
    return ReadTable(Table(name, metadata, Column("subject", Id, nullable=False), remembered), keys=1)


def fact_columns() -> list[Column[Any]]:
    """What is kept of every entry of a campaign or project that was not taken out, as `fact_of` tells it."""
    return [
        Column("position", BigInteger, nullable=False),
        Column("version", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("earliest", Integer, nullable=False),
        Column("latest", Integer, nullable=False),
        Column("occurred", Text, nullable=False),
        Column("drives", Boolean, nullable=False),  # it is the preferred of two accounts
    ]


def fact_of(position: int, e: Entry, drives: bool) -> tuple[Any, ...]:
    _, kind = e.stored_name().split(".")
    return position, e.originator_version, kind, *dates(e), drives


def dates(e: Entry) -> tuple[int, int, str]:
    return *bounds(e.occurred), e.occurred.text


def hexed(id: UUID | None) -> str | None:
    return hex_of(id) if id else None


class Told(NamedTuple):
    """The history of a subject up to now, and where its entries stand."""

    placed: list[Placed]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(placed.entry for placed in self.placed)

    @property
    def places(self) -> dict[int, int]:
        """By version the position."""
        return {placed.entry.originator_version: placed.position for placed in self.placed}

    def facts(self, kinds: type[Entry]) -> list[tuple[int, Entry, bool]]:
        """What was not taken out, where it stands, and whether it drives the state: such speaks of what holds now."""
        entries = self.entries
        out = taken_out(entries)
        driving = {e.originator_version: e for e in holding(entries)}
        return [
            (position, driving.get(e.originator_version, e), e.originator_version in driving)
            for position, e in ((placed.position, placed.entry) for placed in self.placed)
            if isinstance(e, kinds) and e.originator_version not in out
        ]


def told(rows: Rows, table: int, position: int, entry: Entry, begun_by: type[Entry]) -> Told | None:
    """The history with one more entry; None where it amends another kind of history."""
    if rows.memory is None:
        packed = rows.held[table].get((rows.subject,))
        if packed is None and not isinstance(entry, begun_by):
            return None
        rows.memory = unpack(packed[1], UUID(rows.subject)) if packed else []
    placed: list[Placed] = rows.memory
    placed.append(Placed(position, entry))
    return Told(placed)


def remember(rows: Rows, table: int) -> None:
    placed: Any = rows.memory
    if placed is not None:
        rows.put(table, (rows.subject,), (rows.subject, pack(placed)))
