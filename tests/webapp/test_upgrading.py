"""Does the database of every earlier version come up to this one, and stay as it was if that fails?"""

from __future__ import annotations

from contextlib import closing
from threading import Event, Thread

import pytest
from sqlalchemy import text

from domain.chronicle import Chronicle, Vault
from domain.refused import Refused
from projections import engine, rebuilding
from projections.digesting import upkeep
from tests.webapp.places import KINDS, Place, everything_in, opened, problems
from tests.webapp.storing import EMAIL, PASSWORD, STORED, put_back
from webapp import schema, upgrading
from webapp.accounts import Accounts
from webapp.config import Config
from webapp.importing import no_progress
from webapp.restoring import restore
from webapp.stores import open_stores
from webapp.upgrading import Failed, Saved, alone, upgrade

VERSIONS = sorted(path.name for path in STORED.iterdir())
KIND = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def oldest(place: Place, kind: str) -> Config:
    return earlier(place(kind), VERSIONS[0])


def earlier(config: Config, version: str) -> Config:
    return put_back(version, config.folder, config.database_url)


def upgraded(config: Config) -> Saved | None:
    with opened(config) as stores:
        return upgrade(config, stores, no_progress)


def version_of(config: Config) -> str | None:
    with opened(config) as stores:
        return schema.version_of(stores.accounts)


def entries_of(config: Config) -> list[tuple[object, ...]]:
    with opened(config) as stores:
        return stores.chronicle.recorder.ask("SELECT * FROM kronika_entries ORDER BY notification_id")


def backups_of(config: Config) -> list[str]:
    return sorted(path.name for path in (config.folder / upgrading.FOLDER).glob("*"))


def test_there_is_a_stored_database_of_every_earlier_version() -> None:
    assert VERSIONS[0] == "0001"
    assert [int(version) for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert int(schema.known_version()) - len(VERSIONS) <= 1


@KIND
@pytest.mark.parametrize("version", VERSIONS)
def test_the_database_of_every_earlier_version_comes_up_to_this_one(place: Place, kind: str, version: str) -> None:
    config = earlier(place(kind), version)
    before = entries_of(config)
    saved = upgraded(config)
    assert version_of(config) == schema.known_version()
    assert problems(config) == []
    assert entries_of(config) == before
    with opened(config) as stores:
        proven = Accounts(stores.accounts).who_proves(EMAIL, PASSWORD)
    assert proven
    assert proven.language == "lt"
    assert (saved is None) == (version == schema.known_version())


@KIND
def test_what_was_there_before_is_saved_and_can_be_restored(place: Place, kind: str, oldest: Config) -> None:
    saved = upgraded(oldest)
    assert saved
    assert backups_of(oldest) == sorted(path.name for path in saved)
    assert {path.stat().st_mode & 0o777 for path in saved} == {0o600}
    again = place(kind)
    assert restore(again, *saved, key_file=oldest.key_file).problems == ()
    assert everything_in(again) == everything_in(oldest)


@pytest.mark.parametrize("kind", KINDS[:1])
def test_the_newest_five_are_kept(kind: str, oldest: Config) -> None:
    folder = oldest.folder / upgrading.FOLDER
    folder.mkdir()
    for year in range(2001, 2008):
        for ending in (".zip", "-vault.zip"):
            (folder / f"{year}-01-01T000000.000000-schema-0001{ending}").touch()
    saved = upgraded(oldest)
    assert saved
    kept = {name.partition("-vault")[0].removesuffix(".zip") for name in backups_of(oldest)}
    assert sorted(kept) == [f"{year}-01-01T000000.000000-schema-0001" for year in range(2004, 2008)] + [
        saved.register.stem
    ]
    assert len(backups_of(oldest)) == 2 * len(kept)


@pytest.mark.parametrize("kind", KINDS[:1])
def test_with_nothing_to_do_nothing_is_saved(kind: str, oldest: Config) -> None:
    upgraded(oldest)
    there = backups_of(oldest)
    assert upgraded(oldest) is None
    assert backups_of(oldest) == there


@KIND
def test_a_first_installation_has_nothing_to_save(place: Place, kind: str) -> None:
    config = place(kind)
    assert upgraded(config) is None
    assert version_of(config) == schema.known_version()
    assert problems(config) == []


@pytest.mark.parametrize(
    ("kind", "where", "name"),
    [
        ("sqlite", upgrading, "back_up"),
        ("sqlite", rebuilding, "fill"),
        ("sqlite", schema, "migrate"),
        ("sqlite", Vault, "create"),
        ("postgresql", Chronicle, "create_tables"),
        ("sqlite", rebuilding, "swap"),
        ("postgresql", schema, "migrate"),
        ("postgresql", rebuilding, "swap"),
    ],
)
def test_a_step_that_fails_leaves_everything_as_it_was(
    kind: str, oldest: Config, where: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before, tables, rebuilds = entries_of(oldest), read_tables(oldest), rebuilds_of(oldest)
    with monkeypatch.context() as patched:
        patched.setattr(where, name, no_room)
        with pytest.raises((Failed, OSError)) as failed:
            upgraded(oldest)
    assert isinstance(failed.value.__cause__ or failed.value, OSError)
    assert version_of(oldest) == VERSIONS[0]
    assert entries_of(oldest) == before
    assert read_tables(oldest) == tables
    assert rebuilds_of(oldest) == rebuilds
    upgraded(oldest)
    assert version_of(oldest) == schema.known_version()
    assert problems(oldest) == []


def read_tables(config: Config) -> list[tuple[object, ...]]:
    with opened(config) as stores, stores.reading.connect() as connection:
        found = connection.execute(text("SELECT name, version, position FROM projection ORDER BY name"))
        return [tuple(row) for row in found]


def rebuilds_of(config: Config) -> list[engine.Rebuild]:
    with opened(config) as stores:
        upkeep.create_all(stores.reading)
        return engine.rebuilds(stores.reading)


@KIND
def test_only_one_upgrade_at_a_time(kind: str, oldest: Config) -> None:
    with closing(open_stores(oldest)) as stores, alone(oldest, stores.accounts), pytest.raises(Refused) as refused:
        upgraded(oldest)
    assert refused.value.code == "upgrade.under_way"
    assert upgraded(oldest)


@KIND
def test_what_is_read_meanwhile_is_there_at_every_moment(kind: str, oldest: Config) -> None:
    over, answers, lines = Event(), set(), 0
    with opened(oldest) as stores:
        with stores.reading.connect() as connection:
            lines = connection.execute(text("SELECT count(*) FROM timeline")).scalar_one()

        def ask() -> None:
            while not over.is_set():
                with stores.reading.connect() as connection:
                    answers.add(connection.execute(text("SELECT count(*) FROM timeline")).scalar_one())
                with stores.accounts.connect() as connection:
                    answers.add(connection.execute(text("SELECT count(*) FROM account")).scalar_one())

        reader = Thread(target=ask)
        reader.start()
        try:
            upgraded(oldest)
        finally:
            over.set()
            reader.join()
        assert answers == {1, lines}
        engine.keep_up(stores.chronicle, stores.reading)
