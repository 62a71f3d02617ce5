"""Which rows does an entry close and open, where a row says between which positions something was known so?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Table

from projections.tables import STILL, Id, Row, Rows

HEAD = 4  # such a row begins with subject, known_from, n, known_to; what follows is the fact


def clock_columns() -> list[Column[Any]]:
    return [
        Column("subject", Id, primary_key=True),
        Column("known_from", BigInteger, primary_key=True, autoincrement=False),
        Column("n", Integer, primary_key=True, autoincrement=False),
        Column("known_to", BigInteger, nullable=False),
    ]


def without_clocks(table: Table) -> list[Column[Any]]:
    """The subject, and the fact."""
    return [column for column in table.c if column.name not in ("known_from", "n", "known_to")]


def known_at(table: Table, known: int | None) -> ColumnElement[bool]:
    """The rows that were believed after the entry at this position; None: those believed now."""
    if known is None:
        return table.c.known_to == STILL
    return (table.c.known_from <= known) & (table.c.known_to > known)


def revise(rows: Rows, table: int, facts: Sequence[tuple[Any, ...]], position: int) -> None:
    """Close the open rows whose fact is gone, open a row for each new one."""
    there = {row[HEAD:]: row for row in open_rows(rows, table)}
    wanted = dict.fromkeys(facts)
    for fact, row in there.items():
        if fact not in wanted:
            close(rows, table, row, position)
    for n, fact in enumerate(fact for fact in wanted if fact not in there):
        rows.put(table, (rows.subject, position, n), (rows.subject, position, n, STILL, *fact))


def open_rows(rows: Rows, table: int) -> list[Row]:
    return [row for row in rows.held[table].values() if row[3] == STILL]


def close(rows: Rows, table: int, row: Row, position: int) -> None:
    rows.put(table, row[:3], (*row[:3], position, *row[HEAD:]))
