"""A database that is gone, locked, read-only or full: is it said clearly and quickly, and is nothing lost?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import Composed
from psycopg_pool import PoolTimeout

from domain.chronicle import Chronicle, ChronicleUnavailable, Vault
from domain.chronicle.stores import NotADatabase, PostgresStore, SQLiteStore
from domain.chronicle.unavailable import Conflict, Reason, VaultUnavailable, of_postgres, of_sqlite, told_apart
from tests.domain.chronicle.entries import chronicle_at, noted
from tests.domain.chronicle.tampering import by_hand

ID = UUID(int=1 << 100)
QUICKLY = 6.0  # seconds; 5 and some for a busy machine
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def refuses(reason: Reason) -> Iterator[None]:
    began = time.monotonic()
    with pytest.raises(ChronicleUnavailable) as refused:
        yield
    assert (refused.value.reason, refused.value.detail != "") == (reason, True)
    assert time.monotonic() - began < QUICKLY


def sqlite_store(chronicle: Chronicle) -> SQLiteStore:
    store = chronicle._sequence.recorder.datastore
    assert isinstance(store, SQLiteStore)
    return store


def postgres_store(chronicle: Chronicle) -> PostgresStore:
    store = chronicle._sequence.recorder.datastore
    assert isinstance(store, PostgresStore)
    return store


def test_tables_are_never_made_by_recording(database_url: str, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "kronika.db").touch()
    with chronicle_at(database_url, vault) as chronicle:
        with refuses("not_set_up"):
            chronicle.record(noted(ID))
        with refuses("not_set_up"):
            chronicle.after(0, 1)


def test_making_tables_twice_changes_nothing(chronicle: Chronicle) -> None:
    chronicle.record(noted(ID))
    chronicle.create_tables()
    assert chronicle.last_position() == 1


@on_sqlite
def test_a_file_that_is_not_there_is_not_made(database_url: str, vault: Vault, tmp_path: Path) -> None:
    with chronicle_at(database_url, vault) as chronicle, refuses("gone"):
        chronicle.record(noted(ID))
    assert not (tmp_path / "kronika.db").exists()


@on_sqlite
@pytest.mark.parametrize("replace", [False, True])
def test_nothing_is_recorded_in_a_file_that_was_removed(chronicle: Chronicle, tmp_path: Path, replace: bool) -> None:
    chronicle.record(noted(ID))
    (tmp_path / "kronika.db").rename(tmp_path / "moved.db")
    if replace:
        (tmp_path / "kronika.db").touch()
    with refuses("gone"):
        chronicle.record(noted(ID, 2))
    with refuses("gone"):
        chronicle.last_position()


@on_sqlite
def test_a_file_that_is_no_database_is_said_to_be_damaged(database_url: str, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "kronika.db").write_bytes(b"no database at all" * 1000)
    with chronicle_at(database_url, vault) as chronicle, refuses("damaged"):
        chronicle.last_position()


@on_sqlite
def test_the_database_is_for_its_owner_alone(chronicle: Chronicle, tmp_path: Path) -> None:
    assert (tmp_path / "kronika.db").stat().st_mode & 0o077 == 0


@on_sqlite
def test_sqlite_writes_through_before_it_answers(chronicle: Chronicle) -> None:
    with sqlite_store(chronicle).reading() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@on_postgres
def test_postgresql_writes_through_and_reads_what_is_committed(chronicle: Chronicle) -> None:
    with postgres_store(chronicle).reading() as cursor:
        assert cursor.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert cursor.execute("SHOW default_transaction_isolation").fetchone() == ("read committed",)


def hold_sqlite(url: str) -> Callable[[], None]:
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def release() -> None:
        other.rollback()
        other.close()

    return release


def hold_postgres(url: str) -> Callable[[], None]:
    other = psycopg.connect(url)
    other.execute("""SELECT pg_advisory_xact_lock(hashtextextended('"public"."kronika_entries"', 0))""")
    return other.close


def test_a_writer_who_does_not_let_go_is_said_and_readers_go_on(database_url: str, vault: Vault) -> None:
    with chronicle_at(database_url, vault, lock_wait=0.5) as chronicle:
        chronicle.create_tables()
        chronicle.record(noted(ID))
        release = (hold_sqlite if database_url.startswith("sqlite") else hold_postgres)(database_url)
        with refuses("locked"):
            chronicle.record(noted(ID, 2))
        assert len(chronicle.after(0, 10)) == 1
        release()
        assert chronicle.record(noted(ID, 2)) == 2


def test_a_thread_that_writes_long_is_said_to_the_others(database_url: str, vault: Vault) -> None:
    with chronicle_at(database_url, vault, lock_wait=0.3) as chronicle:
        chronicle.create_tables()

        def second(_: int) -> None:
            with refuses("locked"):
                chronicle.record(noted(ID))
            assert chronicle.last_position() == 0

        assert chronicle.record(noted(ID), progress=second) == 1


@on_sqlite
def test_a_read_only_file_is_said(chronicle: Chronicle, database_url: str, vault: Vault) -> None:
    chronicle.record(noted(ID))
    with chronicle_at(database_url, vault) as reader:
        pool = sqlite_store(reader).pool
        pool.db_name = pool.db_name.replace("mode=rw", "mode=ro")
        with refuses("read_only"):
            reader.record(noted(ID, 2))
        assert len(reader.history(ID)) == 1


@on_postgres
def test_a_read_only_server_is_said(chronicle: Chronicle, database_url: str, vault: Vault) -> None:
    chronicle.record(noted(ID))
    name = database_url.rpartition("/")[2]
    by_hand(database_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with chronicle_at(database_url, vault) as reader:
        with refuses("read_only"):
            reader.record(noted(ID, 2))
        assert len(reader.history(ID)) == 1


@on_sqlite
def test_a_full_disk_is_said_and_what_was_recorded_stays(chronicle: Chronicle) -> None:
    chronicle.record(noted(ID))
    with sqlite_store(chronicle).reading() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
    entries = [noted(ID, version, codes=("x" * 500,)) for version in range(2, 200)]
    with refuses("full"):
        chronicle.record(*entries)
    assert chronicle.last_position() == 1
    with sqlite_store(chronicle).reading() as cursor:
        cursor.execute("PRAGMA max_page_count = 100000")
    assert chronicle.record(*entries) == 199


@on_postgres
def test_a_server_that_is_not_there_is_said_quickly(database_url: str, vault: Vault) -> None:
    with chronicle_at("postgresql://kronika:secret@127.0.0.1:1/kronika", vault) as chronicle, refuses("gone"):
        chronicle.record(noted(ID))


@on_postgres
def test_a_wrong_password_is_said_in_the_words_of_the_server(database_url: str, vault: Vault) -> None:
    address = database_url.partition("@")[2]
    wrong = f"postgresql://kronika:wrong@{address}"
    with chronicle_at(wrong, vault) as chronicle, pytest.raises(ChronicleUnavailable, match="password"):
        chronicle.last_position()


@on_postgres
def test_that_every_connection_is_in_use_is_said(chronicle: Chronicle) -> None:
    store = postgres_store(chronicle)
    store.pool.resize(1, 3)
    store.pool.timeout = 0.5
    with store.reading(), store.reading(), store.reading(), refuses("locked"):
        chronicle.last_position()
    assert chronicle.last_position() == 0


@on_postgres
def test_a_server_that_was_started_again_is_found_at_once(chronicle: Chronicle, database_url: str) -> None:
    chronicle.record(noted(ID))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    by_hand(database_url, f"{others} AND pid <> pg_backend_pid()")
    assert chronicle.record(noted(ID, 2)) == 2
    by_hand(database_url, f"{others} AND pid <> pg_backend_pid()")
    assert chronicle.last_position() == 2


@on_postgres
def test_a_connection_cut_after_the_commit_stores_one_entry(
    chronicle: Chronicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = postgres_store(chronicle)
    writing, cuts = store.writing, [psycopg.OperationalError("connection lost")]

    @contextmanager
    def cut(*begin: Composed) -> Iterator[psycopg.Cursor[Any]]:
        with store.get_connection():  # the library's wrapping of errors
            with writing(*begin) as cursor:
                yield cursor
            if cuts:
                raise cuts.pop()

    monkeypatch.setattr(store, "writing", cut)
    assert chronicle.record(noted(ID)) == 1
    assert chronicle.last_position() == 1
    assert not cuts


def test_a_vault_that_is_gone_stops_the_recording_and_nothing_else(chronicle: Chronicle, tmp_path: Path) -> None:
    chronicle.record(noted(ID, title="sealed"))
    chronicle.vault.close()
    chronicle.vault._ready.clear()
    (tmp_path / "vault.db").unlink()
    with pytest.raises(VaultUnavailable) as refused:
        chronicle.record(noted(ID, 2, title="sealed"))
    assert refused.value.reason == "gone"
    assert chronicle.record(noted(ID, 2)) == 2
    assert len(chronicle.history(ID, words=False)) == 2


HOSTILE = {
    "PERSISTENCE_MODULE": "eventsourcing.popo",
    "APPLICATION_RECORDER_TOPIC": "eventsourcing.sqlite:SQLiteApplicationRecorder",
    "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    "TRANSCODER_TOPIC": "no.such:Thing",
    "CIPHER_TOPIC": "no.such:Thing",
    "CIPHER_KEY": "AAAA",
    "COMPRESSOR_TOPIC": "zlib",
    "CREATE_TABLE": "yes",
    "IS_SNAPSHOTTING_ENABLED": "yes",
    "AGGREGATE_CACHE_MAXSIZE": "10",
    "SQLITE_DBNAME": "elsewhere.db",
    "SQLITE_LOCK_TIMEOUT": "0",
    "ORIGINATOR_ID_TYPE": "text",
    "POSTGRES_DBNAME": "elsewhere",
    "POSTGRES_HOST": "elsewhere.invalid",
    "POSTGRES_PORT": "1",
    "POSTGRES_SCHEMA": "elsewhere",
    "POSTGRES_ENABLE_DB_FUNCTIONS": "yes",
}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
}


def test_variables_of_the_environment_change_nothing(
    database_url: str, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(f"KRONIKA_{name}", value)
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=on -c search_path=elsewhere")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    monkeypatch.chdir(tmp_path)
    with chronicle_at(database_url, vault) as chronicle:
        chronicle.create_tables()
        assert chronicle.record(noted(ID, title="a")) == 1
        assert len(chronicle.history(ID)) == 1
    assert by_hand(database_url, TABLES[database_url.partition(":")[0]]) == [("kronika_entries",)]
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("url", ["", "mysql://somewhere/kronika", "kronika.db", "http://127.0.0.1/"])
def test_an_address_of_no_database_we_know_is_refused(url: str, vault: Vault) -> None:
    with pytest.raises(NotADatabase):
        Chronicle(url, vault)


def sqlstate(code: str) -> psycopg.Error:
    return psycopg.errors.lookup(code)()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("57P01", "gone"),
        ("57P03", "gone"),
        ("08006", "gone"),
        ("55P03", "locked"),
        ("40P01", "locked"),
        ("25006", "read_only"),
        ("53100", "full"),
        ("XX001", "damaged"),
        ("42P01", "not_set_up"),
        ("42501", "not_allowed"),
        ("28P01", "not_allowed"),
        ("22012", "failing"),
    ],
)
def test_every_word_of_postgresql_has_its_reason(code: str, reason: Reason) -> None:
    assert of_postgres(sqlstate(code)) == reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PoolTimeout(), "gone"),
        (FileNotFoundError("x"), "gone"),
        (sqlite3.OperationalError("x"), "failing"),
        (psycopg.InterfaceError("x"), "gone"),
        (psycopg.OperationalError('FATAL:  password authentication failed for user "x"'), "not_allowed"),
        (psycopg.ProgrammingError("x"), "failing"),
    ],
)
def test_every_other_error_has_its_reason(error: Exception, reason: Reason) -> None:
    with pytest.raises(ChronicleUnavailable) as refused, told_apart():
        raise error
    assert refused.value.reason == reason


def test_a_unique_column_that_says_no_is_a_conflict() -> None:
    with pytest.raises(Conflict), told_apart():
        raise sqlite3.IntegrityError("UNIQUE constraint failed")


def test_a_folder_that_cannot_be_made_is_said(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Chronicle(f"sqlite:///{tmp_path}/file/kronika.db", vault) as chronicle, refuses("gone"):
        chronicle.create_tables()


def test_no_room_for_the_index_of_the_log_is_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert of_sqlite(error) == "full"
