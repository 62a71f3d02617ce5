"""One fold, three drivers: kept up, rebuilt and replayed rows are the same, whatever happens meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.action import WebPage
from domain.campaign_entries import DecisionMakerNamed
from domain.chronicle import Chronicle, Recorded, Vault
from domain.project import IndicatorSet
from projections import bulk, engine, periods
from projections.alone import alone
from projections.everything import EVERYTHING
from projections.keeping import stored
from projections.tables import Projection, Row
from tests.projections import ztok
from tests.projections.archive import Archive
from tests.projections.conftest import views_at
from tests.projections.random_archive import filled, more
from webapp.stores import open_engine

TABLES = [of.name for projection in EVERYTHING for of in projection.tables]


def differences(archive: Archive) -> list[engine.Difference]:
    archive.keep_up()
    found = list(engine.compare(archive.chronicle, archive.reading))
    assert all(isinstance(each, engine.Difference) for each in found)
    return [each for each in found if isinstance(each, engine.Difference)]


def live_rows(archive: Archive) -> dict[str, list[Row]]:
    with archive.reading.connect() as connection:
        return {
            name: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}")), key=str) for name in TABLES
        }


@pytest.mark.parametrize("seed", range(3))
def test_live_rows_are_rebuilt_and_replayed_rows(archive: Archive, seed: int) -> None:
    filled(archive, seed)
    assert differences(archive) == []
    before = live_rows(archive)
    engine.rebuild(archive.chronicle, archive.reading)
    assert live_rows(archive) == before
    assert differences(archive) == []


def test_entries_recorded_after_a_rebuild_are_folded(archive: Archive) -> None:
    coalitions, members = filled(archive, 5, 30)
    engine.rebuild(archive.chronicle, archive.reading)
    more(archive, Random(6), coalitions, members, 30)
    assert differences(archive) == []
    assert {each["lag"] for each in engine.status(archive.chronicle, archive.reading)} == {0}


def test_replay_gives_the_rows_of_any_position(archive: Archive) -> None:
    filled(archive, 7, 40)
    archive.keep_up()
    then = live_rows(archive)["period"]
    last = archive.chronicle.last_position()
    archive.organisation("Newcomer")
    replayed = engine.replay(archive.chronicle, periods.projection, last)["period"]
    assert len(replayed) == len(then)


CHANGES = (
    "UPDATE period SET role = 'associate' WHERE role = 'member'",
    "DELETE FROM timeline WHERE version = 2",
    "UPDATE organisation_name SET called = 'x'",
    "UPDATE coalition_life SET latest = 1",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_was_changed_by_hand_is_seen(archive: Archive, change: str) -> None:
    ztok.told(archive)
    archive.keep_up()
    with archive.reading.begin() as connection:
        connection.exec_driver_sql(change)
    found = differences(archive)
    assert found
    assert {difference.table for difference in found} == {change.replace("DELETE FROM", "UPDATE").split()[1]}
    assert all(difference.is_live and difference.where and difference.what for difference in found)


def test_rows_of_campaigns_and_projects_that_were_changed_by_hand_are_seen(archive: Archive) -> None:
    filled(archive, 8, 100)
    archive.keep_up()
    changes = {
        "campaign_level": "UPDATE campaign_level SET level = 'wide'",
        "campaign_state": "UPDATE campaign_state SET since = 'x'",
        "campaign_fact": "DELETE FROM campaign_fact WHERE version = 1",
        "action_logged": "UPDATE action_logged SET women = 7",
        "programme_state": "UPDATE programme_state SET direction = 'x'",
        "project_fact": "UPDATE project_fact SET value = '8'",
        "mention": "DELETE FROM mention",
    }
    with archive.reading.begin() as connection:
        for change in changes.values():
            connection.exec_driver_sql(change)
    assert {difference.table for difference in differences(archive)} == {*changes}
    engine.rebuild(archive.chronicle, archive.reading)
    assert differences(archive) == []


def test_a_row_that_was_added_by_hand_is_seen(archive: Archive) -> None:
    ztok.told(archive)
    archive.keep_up()
    with archive.reading.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO coalition_life SELECT subject, known_from, 99, known_to, kind, earliest, latest, occurred,"
            " variant, other_id, detail, position FROM coalition_life WHERE kind = 'prepared'"
        )
    assert [difference.what for difference in differences(archive)] == ["not in the history"]


TAKE_SUSPENSIONS = {"periods", "timeline"}


def sick() -> list[Projection]:
    """Projections that cannot digest a certain suspension."""
    return [poisoned(each) for each in EVERYTHING]


def poisoned(projection: Projection) -> Projection:
    def fold(rows: Any, position: int, entry: Any) -> None:
        projection.fold(rows, position, entry)
        if getattr(entry, "reason", "") == "conflict_of_interest":
            raise ValueError("poison")

    return Projection(**{**vars(projection), "fold": fold})


def test_an_entry_that_cannot_be_digested_is_parked_and_the_others_go_on(archive: Archive) -> None:
    of = ztok.told(archive)
    engine.keep_up(archive.chronicle, archive.reading, sick())
    assert {parked.projection for parked in engine.parked(archive.reading)} == TAKE_SUSPENSIONS
    assert {parked.reason for parked in engine.parked(archive.reading)} == {"ValueError: poison"}
    status = engine.status(archive.chronicle, archive.reading)
    assert {each["name"] for each in status if each["parked"] == 1} == TAKE_SUSPENSIONS
    assert archive.roster(of, "2013-01-01").in_good_standing == 8
    assert list(engine.compare(archive.chronicle, archive.reading, sick())) == []


def test_what_was_parked_comes_to_its_place_after_a_fix(archive: Archive) -> None:
    of = ztok.told(archive)
    engine.keep_up(archive.chronicle, archive.reading, sick())
    assert engine.retry_parked(archive.chronicle, archive.reading, sick()) == len(TAKE_SUSPENSIONS)
    assert engine.retry_parked(archive.chronicle, archive.reading) == 0
    assert archive.roster(of, "2013-01-01").suspended == 1
    assert differences(archive) == []


def test_a_rebuild_parks_what_cannot_be_digested(archive: Archive) -> None:
    ztok.told(archive)
    archive.keep_up()
    engine.rebuild(archive.chronicle, archive.reading, sick())
    assert {parked.projection for parked in engine.parked(archive.reading)} == TAKE_SUSPENSIONS
    assert list(engine.compare(archive.chronicle, archive.reading, sick())) == []


def test_another_version_is_outdated_until_it_is_rebuilt(archive: Archive) -> None:
    of = ztok.told(archive)
    archive.keep_up()
    newer = [Projection(**{**vars(each), "version": each.version + 1}) for each in EVERYTHING]
    assert engine.outdated(archive.reading, newer) == newer
    with pytest.raises(engine.Outdated):
        engine.keep_up(archive.chronicle, archive.reading, newer)
    engine.rebuild(archive.chronicle, archive.reading, newer)
    assert engine.outdated(archive.reading, newer) == []
    with pytest.raises(engine.Outdated):
        archive.roster(of, "2013-01-01")


def test_two_do_not_rebuild_at_the_same_time(archive: Archive) -> None:
    with alone(archive.reading), pytest.raises(engine.AlreadyRebuilding):
        engine.rebuild(archive.chronicle, archive.reading)
    engine.rebuild(archive.chronicle, archive.reading)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", ["create", "append", "create_indexes", "rename"])
def test_a_rebuild_that_was_killed_leaves_the_old_tables_in_service(
    archive: Archive, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = ztok.told(archive)
    archive.keep_up()

    def dying(*_args: Any, **_named: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(bulk, after, dying)
        with pytest.raises(Killed):
            engine.rebuild(archive.chronicle, archive.reading)
    assert archive.roster(of, "2013-01-01").suspended == 1
    engine.clear_leftovers(archive.reading)
    with archive.reading.connect() as connection:
        assert set(stored(connection)) == {each.name for each in EVERYTHING}
    engine.rebuild(archive.chronicle, archive.reading)
    assert differences(archive) == []


# Several processes

Work = Callable[[Archive, int], None]


def working(database_url: str, folder: Path, work: Work, number: int) -> None:
    vault = Vault(f"sqlite:///{folder}/vault.db", folder / "key")
    chronicle = Chronicle(database_url, vault)
    work(Archive(chronicle, open_engine(views_at(database_url), can_be_rebuilt=True)), number)


def at_once(database_url: str, folder: Path, work: Work, count: int) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=working, args=(database_url, folder, work, n)) for n in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * count


def record_and_see(archive: Archive, number: int) -> None:
    of = archive.organisation(f"Coalition of {number}", kind="coalition")
    for n in range(20):
        who = archive.organisation(f"Member {n} of {number}")
        archive.changed("2020-01-01", "joined", of, who)
        assert archive.roster(of, "2021-01-01").members == n + 1


def test_four_processes_record_and_keep_up_at_the_same_time(
    archive: Archive, database_url: str, tmp_path: Path
) -> None:
    at_once(database_url, tmp_path, record_and_see, 4)
    assert archive.chronicle.last_position() == 4 * 41
    assert differences(archive) == []


def rebuild_or_record(archive: Archive, number: int) -> None:
    if number:
        return record_and_see(archive, number)
    for _ in range(3):
        engine.rebuild(archive.chronicle, archive.reading)
    return None


def test_pages_and_recording_go_on_during_a_rebuild(archive: Archive, database_url: str, tmp_path: Path) -> None:
    ztok.told(archive)
    at_once(database_url, tmp_path, rebuild_or_record, 3)
    assert differences(archive) == []


def rebuild_and_die(archive: Archive, _number: int) -> None:
    engine.rebuild(archive.chronicle, archive.reading, progress=lambda _done, _of: os.kill(os.getpid(), signal.SIGKILL))


def test_after_a_killed_process_the_next_one_rebuilds(archive: Archive, database_url: str, tmp_path: Path) -> None:
    of = ztok.told(archive)
    archive.keep_up()
    with pytest.raises(AssertionError, match=str(-signal.SIGKILL.value)):
        at_once(database_url, tmp_path, rebuild_and_die, 1)
    assert archive.roster(of, "2013-01-01").suspended == 1
    engine.rebuild(archive.chronicle, archive.reading)
    assert differences(archive) == []


def test_words_of_people_are_in_no_read_table(archive: Archive) -> None:
    of = archive.coalition("Coalition")
    archive.changed("2020", "joined", of, archive.organisation("Member"), note="Olena told us")
    campaign = archive.campaign("Ramps", title="Olena's ramps", purpose="Olena")
    archive.add(DecisionMakerNamed, campaign, authority_id=of, ask="A ramp for Olena", person="Olena")
    archive.logged(campaign, "2020", title="With Olena", place="Olena's", media="Olena", evidence=(WebPage("Olena"),))
    archive.add(IndicatorSet, archive.project("Grant", title="Olena's", grant_number="Olena"), measure="Olena")
    archive.programme("Legal", title="Olena's", purpose="Olena")
    archive.keep_up()
    assert "Olena" not in str(live_rows(archive))
    assert b"Olena" not in b"".join(
        v for rows in live_rows(archive).values() for row in rows for v in row if isinstance(v, bytes)
    )


def test_an_entry_that_cannot_be_read_is_parked(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    of = ztok.told(archive)
    unreadable = KeyError("unknown name")
    original = archive.chronicle.mapper.read

    def read(rows: Any, words: bool = True) -> list[Recorded]:
        found = original(rows, words)
        return [Recorded(each.row, unreadable) if each.position == 30 else each for each in found]

    monkeypatch.setattr(archive.chronicle.mapper, "read", read)
    archive.keep_up()
    assert {(each.position, each.projection) for each in engine.parked(archive.reading)} == {
        (30, each.name) for each in EVERYTHING
    }
    assert archive.roster(of, "2013-01-01").rows
    assert differences(archive) == []
