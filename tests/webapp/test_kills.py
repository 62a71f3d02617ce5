"""Killed at any moment, does the old state serve or the new, with nothing lost that was acknowledged?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from domain.dates import parse
from domain.entry import Told
from domain.organisation import Organisation
from projections import engine
from tests.postgres import Server
from tests.webapp.places import KINDS, Place, everything_in, opened, places, problems
from tests.webapp.storing import STORED, fill, put_back
from webapp import backup_file, bench_history, schema
from webapp.backup import back_up
from webapp.catching_up import rebuild
from webapp.config import Config
from webapp.importing import no_progress
from webapp.restoring import restore
from webapp.schema import SchemaMismatch
from webapp.stores import MissingFile
from webapp.upgrading import upgrade

MANY = (pytest.param(2), pytest.param(50, marks=pytest.mark.soak))
ENTRIES = 600
KIND = pytest.mark.parametrize("kind", KINDS)
TIMES = pytest.mark.parametrize("times", MANY)
forked = get_context("fork")
Work = Callable[[], object]


@pytest.fixture
def place(tmp_path: Path, postgres_server: Server) -> Iterator[Place]:
    with places(tmp_path, postgres_server) as place:
        yield place


@TIMES
@KIND
def test_a_rebuild_that_is_killed_leaves_the_tables_that_serve(place: Place, kind: str, times: int) -> None:
    config = filled(place(kind))
    before = everything_in(config)
    for pause in moments(lambda: rebuilt(config), times):
        with somebody_writing(config) as acknowledged:
            killed(lambda: rebuilt(config), pause)
        assert problems(config) == []
        assert acknowledged() <= recorded_in(config)
    assert everything_in(config)["entries"][: len(before["entries"])] == before["entries"]


@TIMES
@KIND
def test_a_backup_that_is_killed_is_whole_or_not_there(place: Place, kind: str, times: int, tmp_path: Path) -> None:
    config = filled(place(kind))
    whole = 0
    for n, pause in enumerate(moments(lambda: backed_up(config, tmp_path / "first"), times)):
        name = tmp_path / f"backup-{n}"
        with somebody_writing(config) as acknowledged:
            killed(lambda name=name: backed_up(config, name), pause)  # type: ignore[misc]  # mypy knows no defaults here
        for path, of in ((with_ending(name, ".zip"), "register"), (with_ending(name, "-vault.zip"), "vault")):
            if path.exists():
                with backup_file.opened(path, of):  # type: ignore[arg-type]  # one of the two literals
                    whole += 1
                path.unlink()
        backed_up(config, name)
        assert acknowledged() <= recorded_in(config)
    assert problems(config) == []
    assert whole <= 2 * times


@TIMES
@KIND
def test_a_restore_that_is_killed_cannot_be_opened_and_is_begun_anew(
    place: Place, kind: str, times: int, tmp_path: Path
) -> None:
    config = filled(place(kind))
    backed_up(config, tmp_path / "saved")
    before = everything_in(config)
    for pause in moments(lambda: taken_back(place(kind), tmp_path / "saved", config), times):
        there = place(kind)
        killed(lambda there=there: taken_back(there, tmp_path / "saved", config), pause)  # type: ignore[misc]  # the same
        if not can_be_opened(there):
            taken_back(there, tmp_path / "saved", config)
        assert everything_in(there) == before


@TIMES
@KIND
def test_an_upgrade_that_is_killed_leaves_the_old_state_or_the_new_and_goes_on(
    place: Place, kind: str, times: int
) -> None:
    oldest = min(path.name for path in STORED.iterdir())

    def earlier() -> Config:
        config = place(kind)
        return put_back(oldest, config.folder, config.database_url)

    for pause in moments(lambda: upgraded(earlier()), times):
        config = earlier()
        with somebody_writing(config) as acknowledged:
            killed(lambda config=config: upgraded(config), pause)  # type: ignore[misc]  # the same
        with opened(config) as stores:
            assert schema.version_of(stores.accounts) in (oldest, schema.known_version())
            assert all(each["position"] >= 0 for each in engine.status(stores.chronicle, stores.reading))
        assert acknowledged() <= recorded_in(config)
        upgraded(config)
        assert problems(config) == []
        assert acknowledged() <= recorded_in(config)


# What is done, in a process of its own


def rebuilt(config: Config) -> None:
    with opened(config) as stores:
        rebuild(stores, engine.EVERYTHING, no_progress)


def backed_up(config: Config, name: Path) -> None:
    with opened(config) as stores:
        back_up(config, stores, with_ending(name, ".zip"), with_ending(name, "-vault.zip"))


def taken_back(there: Config, name: Path, of: Config) -> None:
    files = with_ending(name, ".zip"), with_ending(name, "-vault.zip")
    assert restore(there, *files, key_file=of.key_file).problems == ()


def upgraded(config: Config) -> None:
    with opened(config) as stores:
        upgrade(config, stores, no_progress)


def with_ending(name: Path, ending: str) -> Path:
    return name.with_name(name.name + ending)


def moments(work: Work, times: int) -> Iterator[float]:
    """Anywhere between its beginning and a little after its end."""
    began = time.monotonic()
    work()
    took, random = time.monotonic() - began, Random(times)
    return (random.uniform(0, 1.1 * took) for _ in range(times))


def killed(work: Work, after: float) -> None:
    process = forked.Process(target=work)
    process.start()
    process.join(after)
    process.kill()
    process.join()


# What must hold


def filled(config: Config) -> Config:
    """With the beginning of a large coalition besides the example."""
    fill(config)
    with opened(config) as stores:
        stores.chronicle.record(*bench_history.coalition(0, 1)[:ENTRIES])
        engine.keep_up(stores.chronicle, stores.reading)
    return config


def recorded_in(config: Config) -> set[UUID]:
    with opened(config) as stores:
        rows = stores.chronicle.recorder.ask("SELECT originator_id FROM kronika_entries")
    return {UUID(str(id)) for (id,) in rows}


def can_be_opened(config: Config) -> bool:
    with opened(config) as stores:
        try:
            schema.require_current(stores.accounts)
        except (SchemaMismatch, MissingFile):
            return False
    return True


@contextmanager
def somebody_writing(config: Config) -> Iterator[Callable[[], set[UUID]]]:
    """Another process goes on recording; what was acknowledged to it."""
    told = config.folder / "acknowledged"
    process = forked.Process(target=record_on, args=(config, told))
    process.start()
    try:
        yield lambda: {UUID(line) for line in told.read_text().split()} if told.exists() else set()
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGTERM)
        process.join()


def record_on(config: Config, told: Path) -> None:
    with opened(config) as stores, told.open("a", buffering=1) as file:
        while True:
            organisation = Organisation(id=uuid4())
            said = Told(occurred=parse("2020"), recorded_by=uuid4(), command_id=uuid4(), note="words")
            stores.chronicle.record(organisation.register(said, "An organisation"))
            file.write(f"{organisation.id}\n")
            time.sleep(0.02)
