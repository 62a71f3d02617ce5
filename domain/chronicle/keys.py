"""Where wrapped keys lie: a table that never gives back what was erased, in an SQLite file or in PostgreSQL."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.chronicle.stores import PostgresStore, any_text, is_postgres, make_file, path_of
from domain.chronicle.unavailable import VaultUnavailable, told_apart

LOCK_WAIT = 10.0
FENCED = "what was erased stays erased"
GUARDS_OF_FILE = {
    "keys_stay": "BEFORE DELETE ON keys",
    "keys_fence": "BEFORE UPDATE ON keys WHEN OLD.wrapped IS NULL OR NEW.id <> OLD.id",
    "keys_once": "BEFORE INSERT ON keys WHEN EXISTS (SELECT 1 FROM keys WHERE id = NEW.id)",
}
GUARDS_OF_SERVER = {"kronika_keys_stay", "kronika_keys_fence"}


class WrappedKey(NamedTuple):
    """`wrapped` is None behind the fence: the key was erased, on purpose and for `reason`."""

    id: UUID
    wrapped: bytes | None
    wrapped_by: bytes
    reason: str = ""


class Keys(Protocol):
    def create_tables(self) -> None: ...
    def add(self, keys: Iterable[WrappedKey]) -> None: ...
    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]: ...
    def after(self, id: UUID, limit: int) -> list[WrappedKey]: ...
    def as_they_lie(self, after: Any, limit: int) -> list[tuple[Any, ...]]: ...
    def missing_guards(self) -> list[str]: ...
    def erase(self, id: UUID, reason: str, at: int) -> bool: ...
    def close(self) -> None: ...


def keys_at(url: str) -> Keys:
    return PostgresKeys(url) if is_postgres(url) else SQLiteKeys(path_of(url))


class SQLiteKeys:
    """No write-ahead log and secure_delete, so that an erased key is overwritten in the file."""

    COLUMNS = "SELECT id, wrapped, wrapped_by, coalesce(reason, '') FROM keys"
    AMONG = (
        "SELECT id, wrapped, wrapped_by, coalesce(reason, '') FROM keys WHERE id IN (SELECT value FROM json_each(?))"
    )
    TABLES = (
        "CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, wrapped BLOB, wrapped_by BLOB NOT NULL, reason TEXT,"
        " erased_at INTEGER, CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))) WITHOUT ROWID",
        *(
            f"CREATE TRIGGER IF NOT EXISTS {name} {event} BEGIN SELECT RAISE(ABORT, '{FENCED}'); END"
            for name, event in GUARDS_OF_FILE.items()
        ),
    )

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = os.getpid()

    def create_tables(self) -> None:
        with told_apart(VaultUnavailable):
            make_file(self.path)
        with self._writing() as cursor:
            for statement in self.TABLES:
                cursor.execute(statement)

    def add(self, keys: Iterable[WrappedKey]) -> None:
        with self._writing() as cursor:
            cursor.executemany(
                "INSERT INTO keys (id, wrapped, wrapped_by) VALUES (?, ?, ?)",
                ((key.id.hex, key.wrapped, key.wrapped_by) for key in keys),
            )

    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]:
        wanted = json.dumps([id.hex for id in ids])
        with self._reading() as cursor:
            cursor.execute(self.AMONG, (wanted,))
            return found(cursor.fetchall())

    def after(self, id: UUID, limit: int) -> list[WrappedKey]:
        with self._reading() as cursor:
            cursor.execute(f"{self.COLUMNS} WHERE id > ? ORDER BY id LIMIT ?", (id.hex, limit))
            return found(cursor.fetchall())

    def as_they_lie(self, after: Any, limit: int) -> list[tuple[Any, ...]]:
        condition, edge = ("", ()) if after is None else ("WHERE id > ?", (after,))
        with self._reading() as cursor:
            return cursor.execute(f"{self.COLUMNS} {condition} ORDER BY id LIMIT ?", (*edge, limit)).fetchall()

    def missing_guards(self) -> list[str]:
        with self._reading() as cursor:
            there = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        return sorted(set(GUARDS_OF_FILE) - {name for (name,) in there})

    def erase(self, id: UUID, reason: str, at: int) -> bool:
        with self._writing() as cursor:
            cursor.execute(
                "UPDATE keys SET wrapped = NULL, reason = ?, erased_at = ? WHERE id = ? AND wrapped IS NOT NULL",
                (reason, at, id.hex),
            )
            return cursor.rowcount == 1

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        with told_apart(VaultUnavailable), self._lock:
            cursor = self._opened().cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        with self._reading() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                cursor.connection.rollback()
                raise

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None or self._owner != os.getpid():
            self._connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode=rw",
                uri=True,
                timeout=LOCK_WAIT,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.text_factory = any_text
            self._owner = os.getpid()
            for setting in ("journal_mode=DELETE", "secure_delete=ON", "synchronous=FULL"):
                self._connection.execute(f"PRAGMA {setting}").fetchall()
        return self._connection


class PostgresKeys:
    """For several machines: another database than the chronicle's, with its own backups."""

    COLUMNS = "SELECT id, wrapped, wrapped_by, coalesce(reason, '') FROM kronika_keys"
    TABLES = (
        "CREATE TABLE IF NOT EXISTS kronika_keys (id uuid PRIMARY KEY, wrapped bytea, wrapped_by bytea NOT NULL,"
        " reason text, erased_at bigint, CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)))",
        "CREATE OR REPLACE FUNCTION kronika_keys_fence() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN RAISE '{FENCED}' USING ERRCODE = '23514'; END$$",
        "CREATE OR REPLACE TRIGGER kronika_keys_stay BEFORE DELETE OR TRUNCATE ON kronika_keys"
        " EXECUTE FUNCTION kronika_keys_fence()",
        "CREATE OR REPLACE TRIGGER kronika_keys_fence BEFORE UPDATE ON kronika_keys FOR EACH ROW"
        " WHEN (OLD.wrapped IS NULL OR NEW.id <> OLD.id) EXECUTE FUNCTION kronika_keys_fence()",
    )

    def __init__(self, url: str) -> None:
        self._store = PostgresStore(url, LOCK_WAIT)

    def create_tables(self) -> None:
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('kronika_keys', 0))")
            for statement in self.TABLES:
                cursor.execute(statement, prepare=False)

    def add(self, keys: Iterable[WrappedKey]) -> None:
        rows = list(keys)
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            cursor.execute(
                "INSERT INTO kronika_keys (id, wrapped, wrapped_by)"
                " SELECT * FROM unnest(%s::uuid[], %b::bytea[], %b::bytea[])",
                ([key.id for key in rows], [key.wrapped for key in rows], [key.wrapped_by for key in rows]),
            )

    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]:
        return self._select("WHERE id = ANY(%s)", list(ids))

    def after(self, id: UUID, limit: int) -> list[WrappedKey]:
        return self._select("WHERE id > %s ORDER BY id LIMIT %s", id, limit)

    def as_they_lie(self, after: Any, limit: int) -> list[tuple[Any, ...]]:
        if after is None:
            return list(self._select("ORDER BY id LIMIT %s", limit))
        return list(self._select("WHERE id > %s ORDER BY id LIMIT %s", after, limit))

    def missing_guards(self) -> list[str]:
        question = (
            "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'kronika_keys'::regclass AND tgenabled IN ('O', 'A')"
        )
        there = self._ask(question)
        return sorted(GUARDS_OF_SERVER - {name for (name,) in there})

    def _select(self, condition: str, *parameters: object) -> list[WrappedKey]:
        return [WrappedKey(*row) for row in self._ask(f"{self.COLUMNS} {condition}", *parameters)]

    def _ask(self, question: str, *parameters: object) -> list[tuple[Any, ...]]:
        with told_apart(VaultUnavailable), self._store.reading() as cursor:
            cursor.execute(question.encode(), parameters, binary=True)
            return cursor.fetchall()

    def erase(self, id: UUID, reason: str, at: int) -> bool:
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            cursor.execute(
                "UPDATE kronika_keys SET wrapped = NULL, reason = %s, erased_at = %s"
                " WHERE id = %s AND wrapped IS NOT NULL",
                (reason, at, id),
            )
            return cursor.rowcount == 1

    def close(self) -> None:
        self._store.close()


def found(rows: Iterable[tuple[str, bytes | None, bytes, str]]) -> list[WrappedKey]:
    try:
        return [WrappedKey(UUID(id), wrapped, by, reason) for id, wrapped, by, reason in rows]
    except (ValueError, TypeError, AttributeError) as error:
        raise VaultUnavailable("damaged", "the id of a key is none") from error
