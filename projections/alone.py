"""Is somebody rebuilding already? A lock that its holder's death releases."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

LOCK = 7_310_579_028_461  # any number, the same for every process


class AlreadyRebuilding(Exception):
    """Another process is rebuilding the read tables of this database."""


@contextmanager
def alone(reading: Engine) -> Iterator[None]:
    with _of_server(reading) if reading.dialect.name == "postgresql" else _of_file(Path(reading.url.database or "")):
        yield


@contextmanager
def _of_server(reading: Engine) -> Iterator[None]:
    with reading.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (LOCK,)).scalar_one():
            raise AlreadyRebuilding
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))


@contextmanager
def _of_file(database: Path) -> Iterator[None]:
    with database.with_name(f"{database.name}-rebuilding").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise AlreadyRebuilding from held
        yield
