"""Is somebody rebuilding already? A lock that its holder's death releases."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

LOCK = 7_310_579_028_461  # any number, the same for every process
LOOKS = 20
HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = %s::bigint::oid AND objid = %s::bigint::oid)"
)


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
    with _beside(database).open("w") as file:
        for pause in (*[0.01] * LOOKS, None):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as held:
                if pause is None:
                    raise AlreadyRebuilding from held
                time.sleep(pause)  # somebody may only be looking
        yield


def _beside(database: Path) -> Path:
    return database.with_name(f"{database.name}-rebuilding")


def is_taken(reading: Engine) -> bool:
    """Whether somebody rebuilds just now."""
    if reading.dialect.name == "postgresql":
        with reading.connect() as connection:
            return bool(connection.exec_driver_sql(HELD, (LOCK >> 32, LOCK & 0xFFFF_FFFF)).scalar_one())
    path = _beside(Path(reading.url.database or ""))
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
