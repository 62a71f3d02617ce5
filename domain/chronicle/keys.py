"""Where wrapped keys lie: a table that never gives back what was erased, in an SQLite file or in PostgreSQL."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.chronicle.stores import PostgresStore, any_text, is_postgres, make_file, path_of
from domain.chronicle.unavailable import VaultUnavailable, told_apart

LOCK_WAIT = 10.0
PORTION = 1000
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


class OtherWrapping(Exception):
    """New keys are wrapped by another key file than those that are there, `by` that one."""

    def __init__(self, by: bytes) -> None:
        super().__init__(by.hex())
        self.by = by


Rewrap = Callable[[WrappedKey], WrappedKey]


class KeptKey(NamedTuple):
    """A key, or the fence where it was, as a copy of the vault holds it."""

    id: UUID
    wrapped: bytes | None
    wrapped_by: bytes
    reason: str | None
    erased_at: int | None


class Keys(Protocol):
    def create_tables(self) -> None: ...
    def every(self) -> Iterator[KeptKey]: ...
    def take_over(self, keys: Iterable[KeptKey]) -> None: ...
    def add(self, keys: Sequence[WrappedKey]) -> None: ...
    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]: ...
    def wrapped_by(self) -> bytes | None: ...
    def rewrap(self, rewrap: Rewrap) -> int: ...
    def as_they_lie(self, after: Any, limit: int) -> list[tuple[Any, ...]]: ...
    def missing_guards(self) -> list[str]: ...
    def erase(self, id: UUID, reason: str, at: int) -> bool: ...
    def close(self) -> None: ...


def keys_at(url: str) -> Keys:
    return PostgresKeys(url) if is_postgres(url) else SQLiteKeys(path_of(url))


class SQLiteKeys:
    """No write-ahead log and secure_delete, so that an erased key is overwritten in the file. Readers are kept out
    at the end of a transaction only, however many keys it changes."""

    COLUMNS = "SELECT id, wrapped, wrapped_by, coalesce(reason, '') FROM keys"
    IN_USE = "SELECT wrapped_by FROM keys WHERE wrapped IS NOT NULL LIMIT 1"
    NEXT_USED = "WHERE wrapped IS NOT NULL AND id > ? ORDER BY id LIMIT ?"
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

    def add(self, keys: Sequence[WrappedKey]) -> None:
        with self._writing() as cursor:
            no_other_wrapping(cursor.execute(self.IN_USE).fetchone(), keys)
            cursor.executemany(
                "INSERT INTO keys (id, wrapped, wrapped_by) VALUES (?, ?, ?)",
                ((key.id.hex, key.wrapped, key.wrapped_by) for key in keys),
            )

    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]:
        wanted = json.dumps([id.hex for id in ids])
        with self._reading() as cursor:
            cursor.execute(self.AMONG, (wanted,))
            return found(cursor.fetchall())

    def wrapped_by(self) -> bytes | None:
        with self._reading() as cursor:
            return first_of(cursor.execute(self.IN_USE).fetchone())

    def rewrap(self, rewrap: Rewrap) -> int:
        """All in one transaction, or none; how many."""
        done, last = 0, ""
        with self._writing() as cursor:
            while rows := cursor.execute(f"{self.COLUMNS} {self.NEXT_USED}", (last, PORTION)).fetchall():
                changed = [rewrap(key) for key in found(rows)]
                cursor.executemany(
                    "UPDATE keys SET wrapped = ?, wrapped_by = ? WHERE id = ?",
                    ((key.wrapped, key.wrapped_by, key.id.hex) for key in changed),
                )
                done, last = done + len(rows), rows[-1][0]
        return done

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

    def every(self) -> Iterator[KeptKey]:
        """All as they are at one moment. Nobody can write until the last was read: read them without delay."""
        with self._reading() as cursor:
            for id, *rest in cursor.execute("SELECT id, wrapped, wrapped_by, reason, erased_at FROM keys ORDER BY id"):
                yield KeptKey(UUID(id), *rest)

    def take_over(self, keys: Iterable[KeptKey]) -> None:
        """Those that are missing; where either side has a fence there is a fence afterwards."""
        with self._writing() as cursor:
            for key in keys:
                row = (key.id.hex, *key[1:])
                cursor.execute(
                    "INSERT INTO keys (id, wrapped, wrapped_by, reason, erased_at)"
                    " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM keys WHERE id = ?1)",
                    row,
                )
                if key.wrapped is None:
                    cursor.execute(
                        "UPDATE keys SET wrapped = NULL, reason = ?2, erased_at = ?3 WHERE id = ?1"
                        " AND wrapped IS NOT NULL",
                        (row[0], key.reason, key.erased_at),
                    )

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
            for setting in ("journal_mode=DELETE", "secure_delete=ON", "synchronous=FULL", "cache_spill=OFF"):
                self._connection.execute(f"PRAGMA {setting}").fetchall()
        return self._connection


class PostgresKeys:
    """For several machines: another database than the chronicle's, with its own backups."""

    COLUMNS = "SELECT id, wrapped, wrapped_by, coalesce(reason, '') FROM kronika_keys"
    IN_USE = b"SELECT wrapped_by FROM kronika_keys WHERE wrapped IS NOT NULL LIMIT 1"
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

    def add(self, keys: Sequence[WrappedKey]) -> None:
        rows = list(keys)
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            cursor.execute("LOCK TABLE kronika_keys IN ROW EXCLUSIVE MODE")  # what is asked next stays true until done
            no_other_wrapping(cursor.execute(self.IN_USE, binary=True).fetchone(), rows)
            cursor.execute(
                "INSERT INTO kronika_keys (id, wrapped, wrapped_by)"
                " SELECT * FROM unnest(%s::uuid[], %b::bytea[], %b::bytea[])",
                ([key.id for key in rows], [key.wrapped for key in rows], [key.wrapped_by for key in rows]),
            )

    def find(self, ids: Sequence[UUID]) -> list[WrappedKey]:
        return self._select("WHERE id = ANY(%s)", list(ids))

    def wrapped_by(self) -> bytes | None:
        return first_of(next(iter(self._ask(self.IN_USE.decode())), None))

    def rewrap(self, rewrap: Rewrap) -> int:
        """All in one transaction, or none; how many."""
        done, last = 0, UUID(int=0)
        question = f"{self.COLUMNS} WHERE wrapped IS NOT NULL AND id > %s ORDER BY id LIMIT {PORTION}".encode()
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            cursor.execute("LOCK TABLE kronika_keys IN EXCLUSIVE MODE")  # readers go on
            while rows := cursor.execute(question, (last,), binary=True).fetchall():
                changed = [rewrap(WrappedKey(*row)) for row in rows]
                cursor.execute(
                    "UPDATE kronika_keys SET wrapped = new.wrapped, wrapped_by = new.wrapped_by FROM"
                    " unnest(%s::uuid[], %b::bytea[], %b::bytea[]) AS new (id, wrapped, wrapped_by)"
                    " WHERE kronika_keys.id = new.id",
                    (
                        [key.id for key in changed],
                        [key.wrapped for key in changed],
                        [key.wrapped_by for key in changed],
                    ),
                )
                done, last = done + len(rows), rows[-1][0]
        return done

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

    def every(self) -> Iterator[KeptKey]:
        question = b"SELECT id, wrapped, wrapped_by, reason, erased_at FROM kronika_keys ORDER BY id"
        with told_apart(VaultUnavailable), self._store.reading() as cursor:
            yield from map(KeptKey._make, cursor.stream(question, binary=True))

    def take_over(self, keys: Iterable[KeptKey]) -> None:
        rest = iter(keys)
        with told_apart(VaultUnavailable), self._store.writing() as cursor:
            while portion := list(islice(rest, PORTION)):
                cursor.executemany(
                    "INSERT INTO kronika_keys (id, wrapped, wrapped_by, reason, erased_at) VALUES (%s, %b, %b, %s, %s)"
                    " ON CONFLICT (id) DO NOTHING",
                    portion,
                )
                cursor.executemany(
                    "UPDATE kronika_keys SET wrapped = NULL, reason = %s, erased_at = %s"
                    " WHERE id = %s AND wrapped IS NOT NULL",
                    [(key.reason, key.erased_at, key.id) for key in portion if key.wrapped is None],
                )

    def close(self) -> None:
        self._store.close()


def found(rows: Iterable[tuple[str, bytes | None, bytes, str]]) -> list[WrappedKey]:
    try:
        return [WrappedKey(UUID(id), wrapped, by, reason) for id, wrapped, by, reason in rows]
    except (ValueError, TypeError, AttributeError) as error:
        raise VaultUnavailable("damaged", "the id of a key is none") from error


def first_of(row: tuple[Any, ...] | None) -> bytes | None:
    return row[0] if row else None


def no_other_wrapping(in_use: tuple[Any, ...] | None, new: Sequence[WrappedKey]) -> None:
    """All keys are wrapped by one key file, so that one of those that are there tells for all."""
    by = first_of(in_use)
    if by is not None and any(key.wrapped_by != by for key in new):
        raise OtherWrapping(by)
