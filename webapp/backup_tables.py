"""Which tables beside the entries belong into a backup, and how do their rows go through JSON and back?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, MetaData, Table, TypeDecorator, delete, insert, inspect
from sqlalchemy.types import TypeEngine

from webapp.accounts import open_session, tables
from webapp.drafts_kept import draft
from webapp.files_kept import attachment

LEFT_OUT = frozenset((open_session.name, draft.name))  # who is signed in, and what was never sent
FILES = attachment.name
PORTION = 500


def tables_of(connection: Connection) -> list[Table]:
    """With the columns that the database has: it may be that of an earlier version."""
    asked = inspect(connection)
    there = set(asked.get_table_names())
    return [
        _cut(table, {column["name"] for column in asked.get_columns(table.name)})
        for table in tables.sorted_tables
        if table.name in there - LEFT_OUT
    ]


def _cut(table: Table, names: set[str]) -> Table:
    columns = (Column(column.name, column.type) for column in table.columns if column.name in names)
    return Table(table.name, MetaData(), *columns)


def take_in(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """In the place of what the steps of the schema put there."""
    connection.execute(delete(table))
    types = {column.name: _python_type(column.type) for column in table.columns}
    rest = iter(rows)
    while portion := list(islice(rest, PORTION)):
        told = [{name: _value(value, types[name]) for name, value in row.items()} for row in portion]
        connection.execute(insert(table), told)


def _python_type(of: TypeEngine[Any]) -> type[Any]:
    return (of.impl_instance if isinstance(of, TypeDecorator) else of).python_type


def _value(value: Any, kind: type[Any]) -> Any:
    return None if value is None else msgspec.convert(value, kind)
