"""What somebody with rights over the database itself can do to it."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg


def by_hand(url: str, *statements: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Run statements past the chronicle; `?` stands for parameters of the last one. Returns its rows."""
    if url.startswith("sqlite"):
        return in_sqlite(url.removeprefix("sqlite:///"), statements, parameters)
    return in_postgres(url, statements, parameters)


def in_sqlite(path: str, statements: tuple[str, ...], parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements[:-1]:
            connection.execute(statement)
        return connection.execute(statements[-1], parameters).fetchall()
    finally:
        connection.close()


def in_postgres(url: str, statements: tuple[str, ...], parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        cursor = connection.execute(statements[-1].replace("?", "%s").encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def without_guards(url: str) -> tuple[str, ...]:
    """Statements that let rows be changed."""
    if url.startswith("sqlite"):
        return tuple(
            f"DROP TRIGGER kronika_entries_{name}" for name in ("no_update", "no_delete", "no_replace", "no_gap")
        )
    return ("ALTER TABLE kronika_entries DISABLE TRIGGER USER",)
