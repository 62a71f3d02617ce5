"""Does everybody see how far a rebuild is, and does one that was killed leave what was there?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from random import Random

import pytest

from domain.chronicle import Chronicle, Vault
from projections import engine
from projections.progress import CATCHING_UP, DONE, FILLING, INDEXING, KILLED
from tests.projections import ztok
from tests.projections.archive import Archive
from tests.projections.conftest import views_at
from webapp.stores import open_engine


def stages(archive: Archive) -> set[tuple[str, int, int]]:
    return {(each.stage, each.done, each.total) for each in engine.rebuilds(archive.reading)}


def test_nothing_is_told_before_the_first(archive: Archive) -> None:
    assert engine.rebuilds(archive.reading) == []


def test_others_see_how_far_it_is(archive: Archive, database_url: str) -> None:
    ztok.told(archive)
    last = archive.chronicle.last_position()
    elsewhere = open_engine(views_at(database_url))
    seen: list[set[str]] = []

    def look(_done: int, _of: int) -> None:
        seen.append({each.stage for each in engine.rebuilds(elsewhere)})

    engine.rebuild(archive.chronicle, archive.reading, progress=look)
    elsewhere.dispose()
    assert seen == [{FILLING}]
    assert stages(archive) == {(DONE, last, last)}


def test_one_table_is_told_apart_from_the_others(archive: Archive) -> None:
    ztok.told(archive)
    engine.rebuild(archive.chronicle, archive.reading, [engine.BY_NAME["timeline"]])
    assert [each.projection for each in engine.rebuilds(archive.reading)] == ["timeline"]


def rebuild_for_ever(database_url: str, folder: Path) -> None:
    vault = Vault(f"sqlite:///{folder}/vault.db", folder / "key")
    chronicle, reading = Chronicle(database_url, vault), open_engine(views_at(database_url), can_be_rebuilt=True)
    while True:
        engine.rebuild(chronicle, reading)


def is_over_soon(archive: Archive) -> bool:
    """A server goes on with the statement that it is at, for whoever was killed, and holds the lock until then."""
    for _ in range(200):
        if {stage for stage, *_ in stages(archive)} <= {KILLED, DONE}:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.soak)])
def test_killed_at_any_moment_it_leaves_what_was_there(
    archive: Archive, database_url: str, tmp_path: Path, kills: int
) -> None:
    of, random = ztok.told(archive), Random(7)
    archive.keep_up()
    began = multiprocessing.get_context("spawn")
    for _ in range(kills):
        process = began.Process(target=rebuild_for_ever, args=(database_url, tmp_path))
        before = {each.began for each in engine.rebuilds(archive.reading)}
        process.start()
        while not {each.began for each in engine.rebuilds(archive.reading)} - before:
            time.sleep(0.02)
        time.sleep(random.random() / 2)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert archive.roster(of, "2013-01-01").suspended == 1
        assert is_over_soon(archive)
        engine.clear_leftovers(archive.reading)
    engine.rebuild(archive.chronicle, archive.reading)
    assert list(engine.compare(archive.chronicle, archive.reading)) == []
    assert not {stage for stage, *_ in stages(archive)} & {FILLING, INDEXING, CATCHING_UP}
