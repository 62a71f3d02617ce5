"""How are several statements sent to the database at once? On a server the way there and back is what takes time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from projections.tables import Row


class Asked(NamedTuple):
    statement: str
    values: Sequence[Any] = ()


class Answer(NamedTuple):
    changed: int
    rows: list[Row]


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def ask(connection: Connection, asked: Iterable[Asked], commits: bool = False) -> list[Answer]:
    """The answers in order. `commits`: the transaction is committed with the last of them."""
    driver: Any = connection.connection.driver_connection
    with _raised_as_ever(connection, driver):
        return (_in_one_message if is_postgres(connection) else _one_by_one)(driver, asked, commits)


def _one_by_one(driver: Any, asked: Iterable[Asked], commits: bool) -> list[Answer]:
    cursors = (driver.execute(one.statement, tuple(one.values)) for one in asked)
    answers = [Answer(cursor.rowcount, cursor.fetchall()) for cursor in cursors]
    if commits:
        driver.commit()
    return answers


def _in_one_message(driver: Any, asked: Iterable[Asked], commits: bool) -> list[Answer]:
    with driver.pipeline():
        cursors = [driver.execute(one.statement, one.values or None) for one in asked]
        if commits:
            driver.commit()
    return [Answer(cursor.rowcount, plain(cursor) if cursor.description else []) for cursor in cursors]


@contextmanager
def _raised_as_ever(connection: Connection, driver: Any) -> Iterator[None]:
    """What the driver says, as SQLAlchemy would have said it."""
    errors: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except errors.Error as error:
        is_gone = connection.dialect.is_disconnect(error, driver, None)
        if is_gone:
            connection.invalidate(error)
        said = DBAPIError.instance(None, None, error, errors.Error, connection_invalidated=is_gone)
        raise said from error


def plain(rows: Iterable[Any]) -> list[Row]:
    """As the folds have them: ids as 32 digits."""
    return [tuple(value.hex if isinstance(value, UUID) else value for value in row) for row in rows]
