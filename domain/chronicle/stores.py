"""How to reach a database: its connections, how long to wait for them, and nothing from the environment."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg
from eventsourcing.persistence import ConnectionUnavailableError, OperationalError
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed
from psycopg_pool import PoolTimeout

CONNECTIONS = 32
BEGIN = SQL("BEGIN")
any_text = partial(str, encoding="utf-8", errors="surrogateescape")  # bytes that are no text are read all the same
SECONDS_TO_CONNECT = 3.0
SECONDS_TO_ASK_WHY = 2
SECONDS_IDLE_IN_TRANSACTION = 10.0


class NotADatabase(ValueError):
    """The address names neither an SQLite file nor a PostgreSQL database."""


def is_postgres(url: str) -> bool:
    scheme = urlsplit(url).scheme
    if scheme in ("postgresql", "postgres"):
        return True
    if scheme == "sqlite":
        return False
    raise NotADatabase(scheme)


def path_of(url: str) -> Path:
    """The file of sqlite:///relative or sqlite:////absolute."""
    return Path(unquote(url.removeprefix("sqlite:///"))).absolute()


def make_file(path: Path) -> None:
    """For the owner's eyes only; what is there already is not even opened: to close it again would end every lock that
    SQLite holds on it in this process, and another process would take its write-ahead log away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class FilePool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        for setting in ("synchronous=FULL", f"busy_timeout={round(self.pool_timeout * 1000)}"):
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA {setting}")
        return connection


class SQLiteStore(SQLiteDatastore):
    """One file. It is never made by connecting to it, and once removed or replaced it is gone."""

    def __init__(self, path: Path, lock_wait: float) -> None:
        self.path, self.lock_wait = path, lock_wait
        self._writing = threading.Lock()
        self._identity: tuple[int, int] | None = None
        super().__init__("", pool_size=CONNECTIONS)
        self.pool = FilePool(
            db_name=f"file:{quote(str(path))}?mode=rw",
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            pool_timeout=lock_wait,
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        self._still_there()
        connection = self.pool.get_connection()
        try:
            with connection.cursor() as cursor:
                cursor.row_factory = None
                yield cursor
        finally:
            self.pool.put_connection(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """Threads wait here and not in the library's pool, which would keep readers out meanwhile."""
        if not self._writing.acquire(timeout=self.lock_wait):
            raise ConnectionUnavailableError("another thread is writing")
        try:
            with self.reading() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    yield cursor
                    cursor.execute("COMMIT")
                except BaseException:
                    cursor.connection.rollback()
                    raise
        finally:
            self._writing.release()

    def _still_there(self) -> None:
        status = self.path.stat()
        identity = status.st_dev, status.st_ino
        if self._identity is None:
            self._identity = identity
        elif self._identity != identity:
            raise FileNotFoundError(f"{self.path} was replaced by another file")


class PostgresStore(PostgresDatastore):
    """One database. What is not in its address comes from here, not from PGOPTIONS."""

    def __init__(self, url: str, lock_wait: float) -> None:
        address: dict[str, Any] = conninfo_to_dict(url)
        super().__init__(
            dbname=address.pop("dbname", ""),
            host=address.pop("host", ""),
            port=address.pop("port", "5432"),
            user=address.pop("user", ""),
            password=address.pop("password", ""),
            connect_timeout=SECONDS_TO_CONNECT,
            idle_in_transaction_session_timeout=SECONDS_IDLE_IN_TRANSACTION,
            pool_size=1,
            max_overflow=CONNECTIONS - 1,
        )
        ours = (
            f"-c lock_timeout={round(lock_wait * 1000)} -c default_transaction_isolation=read\\ committed"
            " -c synchronous_commit=on"
        )
        self.pool.kwargs = {
            **(self.pool.kwargs if isinstance(self.pool.kwargs, dict) else {}),
            "connect_timeout": round(SECONDS_TO_CONNECT),
            "tcp_user_timeout": 5000,
            "application_name": "kronika",
            **address,
            "options": f"{ours} {address.get('options', '')}".strip(),
        }
        self.pool.reconnect_timeout = SECONDS_TO_CONNECT  # not minutes: the next request tries again

    def register_type_adapters(self) -> None:
        """The library's composite types are not used; to ask for them would connect at construction."""

    @contextmanager
    def reading(self) -> Iterator[psycopg.Cursor[Any]]:
        try:
            with self.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                yield cursor
        except OperationalError as error:
            if not isinstance(error.__cause__, PoolTimeout):
                raise
            self._say_why()
            raise ConnectionUnavailableError("every connection is in use") from error

    def _say_why(self) -> None:
        """The pool says only that it waited: one attempt without it brings the server's own words."""
        address = self.pool.kwargs if isinstance(self.pool.kwargs, dict) else {}
        psycopg.connect(**{**address, "connect_timeout": SECONDS_TO_ASK_WHY}).close()

    @contextmanager
    def writing(self, begin: SQL | Composed = BEGIN) -> Iterator[psycopg.Cursor[Any]]:
        """`begin` may have more statements after BEGIN, which go to the server with it."""
        with self.reading() as cursor:
            try:
                cursor.execute(begin)
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                cursor.connection.rollback()
                raise
