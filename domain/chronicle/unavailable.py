"""Why the chronicle, or its vault, cannot be used just now: one error with a reason for every database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import psycopg
from eventsourcing.persistence import ConnectionPoolClosedError, ConnectionUnavailableError, PersistenceError
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

Reason = Literal[
    "gone",  # nobody answers, the file is not there, the connection broke
    "locked",  # somebody else has been writing for longer than we wait
    "read_only",
    "full",
    "damaged",
    "not_set_up",  # the tables are missing
    "not_allowed",  # the database refuses its user
    "failing",
]

OF_SQLITE: dict[int, Reason] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CANTOPEN: "gone",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_PERM: "not_allowed",
    sqlite3.SQLITE_AUTH: "not_allowed",
    sqlite3.SQLITE_IOERR_SHMSIZE: "full",  # no room for the index of the write-ahead log
}
OF_POSTGRES: tuple[tuple[str, Reason], ...] = (
    ("08", "gone"),
    ("57P", "gone"),
    ("3D000", "gone"),
    ("25P03", "gone"),  # idle in a transaction for too long, disconnected
    ("55P03", "locked"),
    ("57014", "locked"),
    ("40", "locked"),
    ("53300", "locked"),
    ("25006", "read_only"),
    ("53100", "full"),
    ("XX", "damaged"),
    ("42P01", "not_set_up"),
    ("42703", "not_set_up"),
    ("3F000", "not_set_up"),
    ("42501", "not_allowed"),
    ("28", "not_allowed"),
)
NOT_LET_IN = re.compile(r"authentication failed|no pg_hba.conf entry|FATAL: +role .* does not exist")


class ChronicleUnavailable(Exception):
    """Nothing of what was being recorded is known to be stored; recording it again is always safe."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


class VaultUnavailable(ChronicleUnavailable):
    """The keys of sealed words cannot be reached."""


class Conflict(Exception):
    """A unique column or an append-only rule of the database said no."""


class MovedOn(Conflict):
    """Something was recorded after the position up to which whoever records has looked."""


@contextmanager
def told_apart(kind: type[ChronicleUnavailable] = ChronicleUnavailable) -> Iterator[None]:
    """Every error of a database becomes `kind` with its reason, or Conflict."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise kind("damaged", f"{error.object!a} is no text") from error
    except (sqlite3.Error, psycopg.Error, PersistenceError, ConnectionPoolClosedError, OSError) as error:
        cause = origin(error)
        if isinstance(cause, (sqlite3.IntegrityError, psycopg.IntegrityError)):
            raise Conflict(str(cause)) from error
        raise kind(reason_of(cause), str(cause).strip()) from error


def origin(error: BaseException) -> BaseException:
    """The driver's own error under those of the library."""
    while isinstance(error, PersistenceError) and not isinstance(error, ConnectionUnavailableError) and error.__cause__:
        error = error.__cause__
    return error


def reason_of(cause: BaseException) -> Reason:
    if isinstance(cause, ConnectionUnavailableError):
        return "locked"
    if isinstance(cause, (PoolTimeout, PoolClosed, TooManyRequests, ConnectionPoolClosedError)):
        return "gone"
    if isinstance(cause, psycopg.Error):
        return of_postgres(cause)
    if isinstance(cause, sqlite3.Error):
        return of_sqlite(cause)
    return "gone" if isinstance(cause, OSError) else "failing"


def of_postgres(cause: psycopg.Error) -> Reason:
    if cause.sqlstate is None:  # of a connection that does not come about there are words alone
        if NOT_LET_IN.search(str(cause)):
            return "not_allowed"
        return "gone" if isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError)) else "failing"
    return next((reason for start, reason in OF_POSTGRES if cause.sqlstate.startswith(start)), "failing")


def of_sqlite(cause: sqlite3.Error) -> Reason:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return "failing"
    if code == sqlite3.SQLITE_ERROR and "no such" in str(cause):
        return "not_set_up"
    return OF_SQLITE.get(code) or OF_SQLITE.get(code & 0xFF, "failing")
