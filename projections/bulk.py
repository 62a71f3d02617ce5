"""How are rows of read tables read and written many at a time, on SQLite and on PostgreSQL?"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData
from sqlalchemy.schema import CreateTable

from projections.tables import STILL, ReadTable, Row

PORTION = 500
AT_ONCE = 100  # rows a statement


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def mark(connection: Connection) -> str:
    """Where a value goes in a statement."""
    return "%s" if is_postgres(connection) else "?"


def create(connection: Connection, of: ReadTable, suffix: str = "") -> None:
    copy = of.table.to_metadata(MetaData(), name=of.name + suffix)
    connection.execute(CreateTable(copy))


def create_indexes(connection: Connection, of: ReadTable, suffix: str = "") -> None:
    """Their names are drawn by lot, so that those of the old and the new table do not meet."""
    key = [] if of.table.primary_key else [f"({', '.join(of.columns[: of.keys])})"]
    for n, columns in enumerate((*key, *of.indexes)):
        unique = "UNIQUE " if n < len(key) else ""
        name = f"{of.name}_{n}_{secrets.token_hex(4)}"
        connection.exec_driver_sql(f"CREATE {unique}INDEX {name} ON {of.name}{suffix} {columns}")


def drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def rename(connection: Connection, name: str, to: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {to}")


def load(connection: Connection, of: ReadTable, suffix: str, subjects: Sequence[str]) -> list[Row]:
    """The rows of these subjects, of two-clock tables those still known so."""
    still = f" AND known_to = {STILL}" if of.two_clocks else ""
    question = f"SELECT {', '.join(of.columns)} FROM {of.name}{suffix} WHERE subject"  # noqa: S608  # the names are those of our own tables
    return _among(connection, question, subjects, still)


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


def _among(connection: Connection, question: str, subjects: Sequence[str], more: str) -> list[Row]:
    if is_postgres(connection):
        found = connection.exec_driver_sql(f"{question} = ANY(%s::uuid[]){more}", (list(subjects),)).fetchall()
        return plain(found)
    rows: list[Row] = []
    for start in range(0, len(subjects), PORTION):
        portion = tuple(subjects[start : start + PORTION])
        marks = ", ".join("?" * len(portion))
        rows += map(tuple, connection.exec_driver_sql(f"{question} IN ({marks}){more}", portion))
    return rows


def plain(rows: Iterable[Any]) -> list[Row]:
    """As the folds have them: ids as 32 digits."""
    return [tuple(value.hex if isinstance(value, UUID) else value for value in row) for row in rows]


def upsert(connection: Connection, of: ReadTable, suffix: str, rows: Iterable[Row]) -> None:
    many = list(rows)
    for start in range(0, len(many), AT_ONCE):
        portion = many[start : start + AT_ONCE]
        statement = _upsert(of.name + suffix, tuple(of.columns), of.keys, mark(connection), len(portion))
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(portion)))


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
    return f"{insertion} ON CONFLICT ({', '.join(columns[:keys])}) DO UPDATE SET {settings}"
