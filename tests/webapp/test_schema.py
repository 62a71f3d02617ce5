"""Does the program fit the database that it opens?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, inspect, text

from tests.webapp.conftest import Person
from webapp.accounts import tables
from webapp.config import Config
from webapp.schema import VERSION_TABLE, SchemaMismatch, known_version, require_current, upgrade, version_of
from webapp.stores import Stores, open_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def test_an_empty_database_is_brought_up_to_date_and_stays_so(engine: Engine) -> None:
    assert version_of(engine) is None
    assert upgrade(engine) == known_version() == version_of(engine)
    assert upgrade(engine) == known_version()
    require_current(engine)


def test_the_steps_make_exactly_the_tables_that_the_program_uses(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        ours = {"version_table": VERSION_TABLE, "compare_type": True, "include_name": _is_ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), tables) == []
    checks = {check["name"] for check in inspect(engine).get_check_constraints("account")}
    assert checks == {"ck_account_role"}


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in tables.tables


def test_a_database_without_tables_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(SchemaMismatch, match="Run: kronika upgrade"):
        require_current(engine)


def test_a_newer_database_is_refused_with_both_versions(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    for refuse in (require_current, upgrade):
        with pytest.raises(SchemaMismatch) as mismatch:
            refuse(engine)
        assert "9999" in str(mismatch.value)
        assert known_version() in str(mismatch.value)


def test_operators_are_told_whether_it_can_work(stranger: Person, stores: Stores) -> None:
    assert stranger.open("/healthz").text == "ok\n"
    assert stranger.open("/readyz").text == "ready\n"
    with stores.accounts.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    answer = stranger.open("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert stranger.open("/healthz").text == "ok\n"


def test_what_has_lost_its_own_files_is_not_ready(
    stranger: Person, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "root_path", str(tmp_path))
    assert stranger.open("/readyz").status_code == 503


def test_pages_go_on_beside_tables_of_the_next_version_until_they_are_started_again(
    stranger: Person, stores: Stores
) -> None:
    with stores.accounts.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{int(known_version()) + 1:04}'"))
    assert stranger.open("/readyz").text == "ready\n"


def test_a_process_knows_its_own_version_also_when_another_is_copied_over_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = upgrade(engine)
    monkeypatch.setattr("webapp.schema.migrations.__file__", "/nowhere/__init__.py")
    assert version_of(engine) == known_version() == known
    require_current(engine)


def test_sqlite_is_set_to_be_durable_and_patient(config: Config, stores: Stores) -> None:
    if not config.database_url.startswith("sqlite"):
        return
    with stores.accounts.connect() as recording, stores.reading.connect() as reading:
        asked = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        assert [recording.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 5000, 1]
        assert [reading.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 1, 5000, 1]
