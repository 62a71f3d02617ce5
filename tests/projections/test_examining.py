"""Is it seen when the tables by which rows are kept are not what they should be, and is nothing passed over then?"""

from __future__ import annotations

import pytest

from projections import engine, periods
from projections.tables import Projection
from tests.projections import ztok
from tests.projections.archive import Archive

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
OF_PERIODS = "WHERE name = 'periods'"


@pytest.fixture(autouse=True)
def told(archive: Archive) -> Archive:
    ztok.told(archive)
    archive.keep_up()
    assert found(archive) == []
    return archive


def by_hand(archive: Archive, *statements: str) -> None:
    with archive.reading.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def found(archive: Archive) -> list[tuple[str, str]]:
    return [(each.where, each.what) for each in engine.compare(archive.chronicle, archive.reading)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE projection SET position = position + 1", "further than the chronicle"),
        ("UPDATE projection SET position = -1", "no position"),
        ("UPDATE projection SET version = version + 1", "of another version"),
        ("DELETE FROM projection", "missing"),
        ("UPDATE projection SET name = 'other'", "missing"),
    ],
)
def test_false_bookkeeping_is_seen(archive: Archive, change: str, expected: str) -> None:
    by_hand(archive, f"{change} {OF_PERIODS}")
    assert ("periods: projection", expected) in found(archive)


@on_sqlite
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("position = 'zzz'", "no position"),
        ("position = CAST(x'ff' AS TEXT)", "no position"),
        ("version = 'zzz'", "of another version"),
        ("name = x'ff'", "missing"),
    ],
)
def test_bookkeeping_of_another_type_is_seen_and_mended(archive: Archive, change: str, expected: str) -> None:
    by_hand(archive, f"UPDATE projection SET {change} {OF_PERIODS}")
    assert ("periods: projection", expected) in found(archive)
    if "CAST" not in change:
        with pytest.raises(engine.Outdated):
            archive.keep_up()
        engine.prepare(archive.reading)
        archive.keep_up()
        assert ("periods: projection", expected) not in found(archive)


@pytest.mark.parametrize(
    ("table", "row"),
    [("projection", "('other', 1, 1)"), ("parked", "('other', 1, '00000000000000000000000000000001', 'x')")],
)
def test_a_projection_that_nobody_knows_is_seen(archive: Archive, table: str, row: str) -> None:
    by_hand(archive, f"INSERT INTO {table} VALUES {row}")
    assert found(archive) == [(f"'other': {table}", "not known")]


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("period", "periods: period"),
        ("timeline", "timeline: timeline"),
        ("parked", "parked"),
        ("projection", "projection"),
    ],
)
def test_a_table_that_was_dropped_is_named(archive: Archive, table: str, where: str) -> None:
    by_hand(archive, f"DROP TABLE {table}")
    assert found(archive) == [(where, "missing")]


def test_a_read_table_that_was_dropped_is_made_anew(archive: Archive) -> None:
    by_hand(archive, "DROP TABLE period")
    engine.prepare(archive.reading)
    archive.keep_up()
    assert found(archive) == []


@on_postgres
@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [("period", "certain", "text"), ("period", "subject", "text"), ("timeline", "recorded_at", "text")],
)
def test_a_column_of_another_type_is_named(archive: Archive, table: str, column: str, kind: str) -> None:
    by_hand(archive, f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {column}::{kind}")
    (each,) = engine.compare(archive.chronicle, archive.reading)
    assert isinstance(each, engine.Unsound)
    assert (each.table, each.what, each.detail) == (table, "of another form", column)


def test_a_column_that_was_added_is_named(archive: Archive) -> None:
    by_hand(archive, "ALTER TABLE membership ADD COLUMN more integer")
    assert found(archive) == [("periods: membership", "of another form")]


@on_sqlite
def test_a_table_that_lost_its_keys_is_named(archive: Archive) -> None:
    by_hand(
        archive,
        "CREATE TABLE copied AS SELECT * FROM period",
        "DROP TABLE period",
        "ALTER TABLE copied RENAME TO period",
    )
    assert found(archive) == [("periods: period", "of another form")]


@on_sqlite
@pytest.mark.parametrize("value", ["CAST(remembered AS TEXT)", "CAST(x'ff' AS TEXT)", "5"])
def test_a_value_of_another_type_is_named_with_its_subject(archive: Archive, value: str) -> None:
    subject = next(iter(engine.replay(archive.chronicle, periods.projection)["membership"]))[0]
    by_hand(archive, f"UPDATE membership SET remembered = {value} WHERE subject = '{subject}'")
    assert found(archive) == [(f"periods: membership {subject}", "not what the history says")]


@on_sqlite
def test_a_subject_of_another_type_is_named(archive: Archive) -> None:
    by_hand(archive, "UPDATE membership SET subject = x'ff' WHERE subject = (SELECT min(subject) FROM membership)")
    assert sorted(what for _, what in found(archive)) == ["not in the history", "row missing"]


def test_a_line_of_the_timeline_is_named_with_its_subject(archive: Archive) -> None:
    line = next(iter(engine.replay(archive.chronicle, TIMELINE)["timeline"]))
    by_hand(archive, f"DELETE FROM timeline WHERE position = {line[0]}")
    assert found(archive) == [(f"timeline: timeline {line[1]} {line[0]}", "row missing")]


TIMELINE: Projection = engine.BY_NAME["timeline"]


@pytest.mark.parametrize("names", ["", OF_PERIODS])
def test_nothing_is_passed_over_by_tables_that_say_they_are_further(archive: Archive, names: str) -> None:
    by_hand(archive, f"UPDATE projection SET position = position + 1 {names}")
    with pytest.raises(engine.Ahead):
        archive.keep_up()
    archive.organisation("Newcomer")
    engine.rebuild(archive.chronicle, archive.reading)
    archive.keep_up()
    assert found(archive) == []
