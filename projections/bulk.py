"""How are rows of read tables read and written many at a time, on SQLite and on PostgreSQL?"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData
from sqlalchemy.schema import CreateTable

from projections.round_trips import Asked, ask, is_postgres, plain
from projections.tables import STILL, ReadTable, Row

PORTION = 500
AT_ONCE = 100  # rows a statement


def mark(connection: Connection) -> str:
    """Where a value goes in a statement."""
    return "%s" if is_postgres(connection) else "?"


def create(connection: Connection, of: ReadTable, suffix: str = "") -> None:
    copy = of.table.to_metadata(MetaData(), name=of.name + suffix)
    connection.execute(CreateTable(copy))


def nothing(_connection: Connection) -> None:
    pass


def create_indexes(
    connection: Connection, of: ReadTable, suffix: str = "", before_each: Callable[[Connection], None] = nothing
) -> None:
    """Their names are drawn by lot, so that those of the old and the new table do not meet."""
    key = [] if of.table.primary_key else [f"({', '.join(of.columns[: of.keys])})"]
    for n, columns in enumerate((*key, *of.indexes)):
        unique = "UNIQUE " if n < len(key) else ""
        name = f"{of.name}_{n}_{secrets.token_hex(4)}"
        before_each(connection)
        connection.exec_driver_sql(f"CREATE {unique}INDEX {name} ON {of.name}{suffix} {columns}")


def drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def rename(connection: Connection, name: str, to: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {to}")


def loads(connection: Connection, of: ReadTable, suffix: str, subjects: Sequence[str]) -> list[Asked]:
    """What asks for the rows of these subjects, of two-clock tables for those still known so."""
    if not subjects:
        return []
    still = f" AND known_to = {STILL}" if of.two_clocks else ""
    question = f"SELECT {', '.join(of.columns)} FROM {of.name}{suffix} WHERE subject"  # noqa: S608  # the names are those of our own tables
    if is_postgres(connection):
        return [Asked(f"{question} = ANY(%s::uuid[]){still}", (list(subjects),))]
    portions = [subjects[start : start + PORTION] for start in range(0, len(subjects), PORTION)]
    return [Asked(f"{question} IN ({', '.join('?' * len(portion))}){still}", portion) for portion in portions]


def load_range(connection: Connection, of: ReadTable, low: str, high: str | None) -> list[Row]:
    """All rows of the subjects from `low`, if it is not empty, to below `high`; closed ones too."""
    edges = [(f" AND subject {sign} {mark(connection)}", edge) for sign, edge in ((">=", low), ("<", high)) if edge]
    columns, conditions = ", ".join(of.columns), "".join(condition for condition, _ in edges)
    question = f"SELECT {columns} FROM {of.name} WHERE true{conditions}"  # noqa: S608  # the names are those of our own tables
    found = connection.exec_driver_sql(question, tuple(edge for _, edge in edges)).fetchall()
    return plain(found) if is_postgres(connection) else [tuple(row) for row in found]


def remove(connection: Connection, name: str, subject: str, projection: str | None = None) -> None:
    of_one = "" if projection is None else f" AND projection = {mark(connection)}"
    statement = f"DELETE FROM {name} WHERE subject = {mark(connection)}{of_one}"  # noqa: S608  # the names are our own
    connection.exec_driver_sql(statement, (subject,) if projection is None else (subject, projection))


def count(connection: Connection, names: Sequence[str]) -> None:
    """What the planner should know of new tables."""
    for name in names:
        connection.exec_driver_sql(f"ANALYZE {name}")


class Written(NamedTuple):
    """Rows for one table."""

    of: ReadTable
    rows: Sequence[Row]
    suffix: str = ""


def upsert(connection: Connection, *written: Written) -> None:
    ask(connection, upserts(connection, written))


def upserts(connection: Connection, written: Iterable[Written]) -> list[Asked]:
    """On a server few rows of several tables go in one statement."""
    portions = [
        each._replace(rows=each.rows[start : start + AT_ONCE])
        for each in written
        for start in range(0, len(each.rows), AT_ONCE)
    ]
    together = is_postgres(connection) and sum(len(each.rows) for each in portions) <= AT_ONCE
    return [
        _upserts(connection, some) for some in ([portions] if portions and together else [[one] for one in portions])
    ]


def _upserts(connection: Connection, written: Sequence[Written]) -> Asked:
    *before, last = (
        _upsert(one.of.name + one.suffix, tuple(one.of.columns), one.of.keys, mark(connection), len(one.rows))
        for one in written
    )
    first = ", ".join(f"_{n} AS ({statement})" for n, statement in enumerate(before))
    values = list(chain.from_iterable(chain.from_iterable(one.rows) for one in written))
    return Asked(f"WITH {first} {last}" if first else last, values)


def append(connection: Connection, of: ReadTable, suffix: str, rows: Sequence[Row]) -> None:
    """Rows that are not there yet, the quickest way there is."""
    if not rows:
        return
    names = ", ".join(of.columns)
    if not is_postgres(connection):
        marks = ", ".join("?" * len(of.columns))
        driver: Any = connection.connection.driver_connection
        statement = f"INSERT INTO {of.name}{suffix} ({names}) VALUES ({marks})"  # noqa: S608  # the names are those of our own tables
        driver.executemany(statement, rows)
        return
    driver = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {of.name}{suffix} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@cache
def _upsert(name: str, columns: tuple[str, ...], keys: int, mark: str, count: int) -> str:
    marks = ", ".join([f"({', '.join([mark] * len(columns))})"] * count)
    settings = ", ".join(f"{column} = excluded.{column}" for column in columns[keys:])
    insertion = f"INSERT INTO {name} ({', '.join(columns)}) VALUES {marks}"  # noqa: S608  # the names are those of our own tables
    change = f"UPDATE SET {settings}" if settings else "NOTHING"
    return f"{insertion} ON CONFLICT ({', '.join(columns[:keys])}) DO {change}"
