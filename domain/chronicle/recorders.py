"""The one sequence of entries in SQLite and PostgreSQL: dense positions, leaf in the same transaction, append-only."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.sqlite import SQLiteApplicationRecorder
from psycopg.sql import SQL, Identifier

from domain.chronicle.mapper import Row
from domain.chronicle.stores import PostgresStore, SQLiteStore, any_text, make_file
from domain.chronicle.unavailable import ChronicleUnavailable, MovedOn, told_apart

TABLE = "kronika_entries"
REFUSAL = "the chronicle is append-only"
T = TypeVar("T")
ROWS = "SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, leaf FROM kronika_entries"

SINCE = "SELECT 1 FROM kronika_entries WHERE notification_id > ? AND originator_id"


class Line(NamedTuple):
    """One row to insert; its position is given by the database."""

    originator_id: UUID
    originator_version: int
    name: str
    stamp: int
    state: bytes
    leaf: bytes
    command_id: UUID


Lines = Callable[[int], Iterator[list[Line]]]
"""Given the stamp of the last entry, the lines to append, in portions. May be called again after a lost connection."""


class Unless(NamedTuple):
    """Nothing is appended if somebody else appended after this position: of these originators, or at all."""

    after: int | None = None
    of: Collection[UUID] | None = None


WHATEVER = Unless()


class Place(NamedTuple):
    """Where an entry stands in its own history and in the sequence."""

    originator_id: UUID
    originator_version: int
    position: int


class Recorder(Protocol):
    """What both databases offer. Every error is a ChronicleUnavailable or a Conflict."""

    def create_table(self) -> None: ...
    def append(self, lines: Lines, unless: Unless = WHATEVER) -> int: ...
    def select(self, condition: str, *parameters: Any) -> list[Row]: ...
    def ask(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]: ...
    def ask_as_it_lies(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]: ...
    def id_of(self, id: UUID) -> Any: ...
    def ids_of(self, ids: Iterable[UUID]) -> Any: ...
    def numbers_of(self, positions: Sequence[int]) -> Any: ...
    def missing_guards(self) -> list[str]: ...
    def damage(self) -> list[str]: ...

    among: str


class SQLiteRecorder(SQLiteApplicationRecorder):
    among = "IN (SELECT value FROM json_each(?))"
    datastore: SQLiteStore

    def __init__(self, datastore: SQLiteStore) -> None:
        super().__init__(datastore, TABLE)

    def construct_create_table_statements(self) -> list[str]:
        return [
            f"CREATE TABLE IF NOT EXISTS {TABLE} (notification_id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL, topic TEXT NOT NULL,"
            " recorded_at INTEGER NOT NULL, state BLOB NOT NULL, leaf BLOB NOT NULL, command_id TEXT NOT NULL UNIQUE,"
            " UNIQUE (originator_id, originator_version))",
            f"CREATE INDEX IF NOT EXISTS {TABLE}_recorded_at ON {TABLE} (recorded_at)",
            *(
                f"CREATE TRIGGER IF NOT EXISTS {guard} {event} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                for guard, event in self.guards().items()
            ),
        ]

    def guards(self) -> dict[str, str]:
        """Triggers. INSERT OR REPLACE deletes without firing those of DELETE."""
        return {
            "kronika_entries_no_update": "BEFORE UPDATE ON kronika_entries",
            "kronika_entries_no_delete": "BEFORE DELETE ON kronika_entries",
            "kronika_entries_no_replace": "BEFORE INSERT ON kronika_entries WHEN EXISTS (SELECT 1 FROM kronika_entries"
            " WHERE notification_id = NEW.notification_id OR command_id = NEW.command_id"
            " OR (originator_id = NEW.originator_id AND originator_version = NEW.originator_version))",
            "kronika_entries_no_gap": "BEFORE INSERT ON kronika_entries WHEN NEW.originator_version <> 1 AND NOT EXISTS"
            " (SELECT 1 FROM kronika_entries WHERE originator_id = NEW.originator_id"
            " AND originator_version = NEW.originator_version - 1)",
        }

    def create_table(self) -> None:
        with told_apart():
            make_file(self.datastore.path)
            with self.datastore.writing() as cursor:
                for statement in self.create_table_statements:
                    cursor.execute(statement)

    def append(self, lines: Lines, unless: Unless = WHATEVER) -> int:
        last = "SELECT notification_id, recorded_at FROM kronika_entries ORDER BY notification_id DESC LIMIT 1"
        with told_apart(), self.datastore.writing() as cursor:
            position, stamp = cursor.execute(last).fetchone() or (0, 0)
            since = f"{SINCE} {self.among}"
            nothing_since(unless, position, lambda ids: cursor.execute(since, (unless.after, self.ids_of(ids))))
            for portion in lines(stamp):
                cursor.executemany(
                    "INSERT INTO kronika_entries (originator_id, originator_version, topic, recorded_at, state, leaf,"
                    " command_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    ((line.originator_id.hex, *line[1:6], line.command_id.hex) for line in portion),
                )
            cursor.execute("SELECT last_insert_rowid()")
            return int(cursor.fetchone()[0])

    def select(self, condition: str, *parameters: Any) -> list[Row]:
        rows = self.ask(f"{ROWS} {condition}", *parameters)
        return [Row(row[0], as_uuid(row[1]), *row[2:]) for row in rows]

    def ask(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with told_apart(), self.datastore.reading() as cursor:
            cursor.execute(question, parameters)
            return cursor.fetchall()

    def ask_as_it_lies(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Text that is no UTF-8 comes with its bytes as surrogates."""
        with told_apart(), self.datastore.reading() as cursor:
            cursor.connection.text_factory = any_text
            try:
                return cursor.execute(question, parameters).fetchall()
            finally:
                cursor.connection.text_factory = str

    def id_of(self, id: UUID) -> str:
        return id.hex

    def ids_of(self, ids: Iterable[UUID]) -> str:
        return json.dumps([id.hex for id in ids])

    def numbers_of(self, positions: Sequence[int]) -> str:
        return json.dumps(positions)

    def missing_guards(self) -> list[str]:
        there = {name for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        return sorted(set(self.guards()) - there)

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with its file."""
        return [found for (found,) in self.ask("PRAGMA integrity_check(20)") if found != "ok"]


class PostgresRecorder(PostgresApplicationRecorder):
    """Needs no more than SELECT and INSERT."""

    among = "= ANY(?)"
    datastore: PostgresStore

    def __init__(self, datastore: PostgresStore) -> None:
        super().__init__(datastore, events_table_name=TABLE)
        names = {"t": Identifier(datastore.schema, TABLE), "f": Identifier(datastore.schema, f"{TABLE}_refuse")}
        names["g"] = Identifier(datastore.schema, f"{TABLE}_no_gap")
        self.sql_create_statements = [SQL(statement).format(**names) for statement in POSTGRES_TABLES]
        # In one message; its last statement sees what was committed before the lock was given.
        self._begin = SQL(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('{t}', 0));"
            " SELECT notification_id, recorded_at FROM {t} ORDER BY notification_id DESC LIMIT 1"
        ).format(**names)
        self._insert = SQL(
            "INSERT INTO {t} (notification_id, originator_id, originator_version, topic, recorded_at, state, leaf,"
            " command_id) SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::text[], %s::bigint[],"
            " %b::bytea[], %b::bytea[], %s::uuid[]) AS e(n) ORDER BY e.n"
        ).format(**names)

    def create_table(self) -> None:
        with told_apart(), self.datastore.writing() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock(hashtextextended('{TABLE} tables', 0))".encode())
            for statement in self.sql_create_statements:
                cursor.execute(statement, prepare=False)

    def append(self, lines: Lines, unless: Unless = WHATEVER) -> int:
        return self._again(lambda: self._append(lines, unless))

    def _append(self, lines: Lines, unless: Unless) -> int:
        with told_apart(), self.datastore.writing(self._begin) as cursor:
            position, stamp = last_of(cursor)
            since = f"{SINCE} {self.among}".replace("?", "%s").encode()
            nothing_since(unless, position, lambda ids: cursor.execute(since, (unless.after, self.ids_of(ids))))
            for portion in lines(stamp):
                positions = list(range(position + 1, position + 1 + len(portion)))
                cursor.execute(self._insert, [positions, *map(list, zip(*portion, strict=True))])
                position = positions[-1]
        return position

    def select(self, condition: str, *parameters: Any) -> list[Row]:
        return list(map(Row._make, self.ask(f"{ROWS} {condition}", *parameters)))

    def ask(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self._again(lambda: self._ask(question.replace("%", "%%").replace("?", "%s").encode(), parameters))

    def ask_as_it_lies(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.ask(question, *parameters)

    def _ask(self, question: bytes, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with told_apart(), self.datastore.reading() as cursor:
            cursor.execute(question, parameters, binary=True)
            return cursor.fetchall()

    def _again(self, attempt: Callable[[], T]) -> T:
        """Once more if the connection had died in the pool, for instance while the server was started again."""
        try:
            return attempt()
        except ChronicleUnavailable as refused:
            if not was_connected(refused):
                raise
        with told_apart():
            self.datastore.pool.check()
        return attempt()

    def id_of(self, id: UUID) -> UUID:
        return id

    def ids_of(self, ids: Iterable[UUID]) -> list[UUID]:
        return list(ids)

    def numbers_of(self, positions: Sequence[int]) -> Sequence[int]:
        return positions

    def missing_guards(self) -> list[str]:
        wanted = {f"{TABLE}_append_only", f"{TABLE}_no_gap"}
        there = self.ask(
            "SELECT tgname::text FROM pg_trigger WHERE tgrelid = ?::regclass AND tgenabled IN ('O', 'A')",
            f'"{self.datastore.schema}"."{TABLE}"',
        )
        return sorted(wanted - {name for (name,) in there})

    def damage(self) -> list[str]:
        """PostgreSQL answers no such question without an extension; the entries themselves tell."""
        return []


def last_of(cursor: psycopg.Cursor[Any]) -> tuple[int, int]:
    """Position and stamp of the last entry, while nobody else can append: what the last opening statement answered."""
    while cursor.nextset():
        pass
    return cursor.fetchone() or (0, 0)


def nothing_since(unless: Unless, last: int, ask: Callable[[Collection[UUID]], Any]) -> None:
    if unless.after is None or last <= unless.after:
        return
    if unless.of is None or ask(unless.of).fetchone():
        raise MovedOn(f"something was recorded after {unless.after}")


def as_uuid(id: Any) -> UUID:
    try:
        return id if isinstance(id, UUID) else UUID(id)
    except (ValueError, TypeError, AttributeError) as error:
        raise ChronicleUnavailable("damaged", f"{id!a} is no id") from error


def was_connected(refused: ChronicleUnavailable) -> bool:
    """The connection broke while it was used; not: none could be had, which the driver says itself."""
    return refused.reason == "gone" and isinstance(refused.__cause__, PersistenceError)


POSTGRES_TABLES = (
    "CREATE TABLE IF NOT EXISTS {t} (notification_id bigint PRIMARY KEY, originator_id uuid NOT NULL,"
    " originator_version bigint NOT NULL, topic text NOT NULL, recorded_at bigint NOT NULL, state bytea NOT NULL,"
    " leaf bytea NOT NULL, command_id uuid NOT NULL UNIQUE, UNIQUE (originator_id, originator_version))",
    "CREATE INDEX IF NOT EXISTS kronika_entries_recorded_at ON {t} (recorded_at)",
    "CREATE OR REPLACE FUNCTION {f}() RETURNS trigger LANGUAGE plpgsql AS"
    " $$BEGIN RAISE 'the chronicle is append-only' USING ERRCODE = '23514'; END$$",
    "CREATE OR REPLACE FUNCTION {g}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
    " IF NEW.originator_version <> 1 AND NOT EXISTS (SELECT 1 FROM {t} WHERE originator_id = NEW.originator_id"
    " AND originator_version = NEW.originator_version - 1)"
    " THEN RAISE 'the version before is missing' USING ERRCODE = '23514'; END IF; RETURN NEW; END$$",
    "CREATE OR REPLACE TRIGGER kronika_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {t}"
    " EXECUTE FUNCTION {f}()",
    "CREATE OR REPLACE TRIGGER kronika_entries_no_gap BEFORE INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION {g}()",
    # roles that the owner lets in read and append; what they may do with other tables is not looked at here
    "DO $$DECLARE who name; BEGIN FOR who IN SELECT DISTINCT grantee::regrole::name FROM pg_class,"
    " aclexplode(relacl) WHERE oid = '{t}'::regclass AND grantee NOT IN (relowner, 0)"
    " LOOP EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON {t} FROM %I', who);"
    " END LOOP; END$$",
)
