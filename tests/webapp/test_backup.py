"""Does a backup hold everything, of one moment, and does it come back, whatever happens meanwhile?"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread
from uuid import UUID, uuid4
from zipfile import ZipFile

import msgspec
import pytest
from sqlalchemy import func, insert, select

from domain.chronicle.keys import KeptKey
from domain.dates import parse
from domain.entry import Told
from domain.organisation import Organisation
from domain.refused import Refused
from tests.postgres import Server
from tests.webapp.files import exported, imported
from tests.webapp.places import KINDS, Place, everything_in, opened, problems
from tests.webapp.storing import EMAIL, PASSWORD, fill
from webapp import backup_file, restoring, schema
from webapp.accounts import Accounts, open_session, tables
from webapp.backup import back_up
from webapp.config import Config
from webapp.files_kept import attachment
from webapp.installation import prepare
from webapp.restoring import restore
from webapp.schema import SchemaMismatch

KIND = pytest.mark.parametrize("kind", KINDS)
ANY = pytest.mark.parametrize("kind", KINDS[:1])  # where the database makes no difference
BOTH_WAYS = pytest.mark.parametrize(("kind", "other"), [KINDS, KINDS[::-1]])


@pytest.fixture
def ztok(place: Place, kind: str) -> Config:
    config = place(kind)
    fill(config)
    return config


def saved(config: Config, name: str = "backup") -> tuple[Path, Path]:
    files = config.folder / f"{name}.zip", config.folder / f"{name}-vault.zip"
    with opened(config) as stores:
        back_up(config, stores, *files)
    return files


def restored(config: Config, files: tuple[Path, Path], key_file: Path) -> None:
    assert restore(config, *files, key_file=key_file).problems == ()


@contextmanager
def refuses(code: str) -> Iterator[dict[str, object]]:
    told: dict[str, object] = {}
    with pytest.raises(Refused) as refused:
        yield told
    assert refused.value.code == code
    told.update(refused.value.details)


class TestABackup:
    @BOTH_WAYS
    def test_comes_back_on_either_database_and_goes_home_again(
        self, place: Place, kind: str, other: str, ztok: Config
    ) -> None:
        there, home = place(other), place(kind)
        restored(there, saved(ztok), ztok.key_file)
        restored(home, saved(there), ztok.key_file)
        assert everything_in(ztok) == everything_in(there) == everything_in(home)
        assert problems(home) == []

    @BOTH_WAYS
    def test_is_told_by_export_and_import_too(self, place: Place, kind: str, other: str, ztok: Config) -> None:
        there, home = place(other), place(kind)
        carried_over(ztok, there)
        carried_over(there, home)
        assert export_of(ztok) == export_of(there) == export_of(home)
        assert shown_of(ztok) == shown_of(there) == shown_of(home)

    @ANY
    def test_holds_accounts_and_no_sessions(self, place: Place, kind: str, ztok: Config) -> None:
        there = place(kind)
        restored(there, saved(ztok), ztok.key_file)
        with opened(there) as stores, stores.accounts.connect() as connection:
            assert Accounts(stores.accounts).who_proves(EMAIL, PASSWORD)
            assert connection.execute(select(func.count()).select_from(open_session)).scalar_one() == 0

    @ANY
    def test_holds_the_files_of_sources(self, place: Place, kind: str, ztok: Config) -> None:
        there, lost = place(kind), "b" * 64
        with_file(ztok, "a" * 64, b"sealed")
        with_file(ztok, lost, b"lost")
        (ztok.folder / "files" / lost).unlink()
        (ztok.folder / "files" / ".arriving").write_bytes(b"unfinished")
        restore(there, *saved(ztok), key_file=ztok.key_file, anyway=True)
        assert {path.name: path.read_bytes() for path in (there.folder / "files").iterdir()} == {"a" * 64: b"sealed"}
        assert rows_of(there) == rows_of(ztok)

    @KIND
    def test_holds_all_that_was_acknowledged_before_it_began(self, place: Place, kind: str, ztok: Config) -> None:
        with writing(ztok) as acknowledged:
            while len(acknowledged) < 20:
                pass
            files, before = saved(ztok), None
            before = acknowledged[:20]
        there = place(kind)
        restored(there, files, ztok.key_file)
        with opened(there) as stores:
            kept = {each.originator_id for each in stores.chronicle.after(0, 10_000)}
        assert set(before) <= kept
        assert problems(there) == []

    @ANY
    def test_says_what_is_in_it(self, kind: str, ztok: Config) -> None:
        file, vault = saved(ztok)
        with ZipFile(file) as archive:
            told = json.loads(archive.read("manifest.json"))
        assert (told["kind"], told["database"], told["schema"]) == ("register", kind, schema.known_version())
        assert (told["last_position"], told["counts"]["entries"], told["counts"]["account"]) == (37, 37, 1)
        assert {path.stat().st_mode & 0o777 for path in (file, vault)} == {0o600}

    @ANY
    def test_holds_no_words_that_can_be_read_and_no_key_file(self, kind: str, ztok: Config) -> None:
        secret = ztok.key_file.read_bytes().split()[1]
        for file in saved(ztok):
            with ZipFile(file) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
            assert secret not in content
            assert b"founding memorandum" not in content
            assert b"session" not in content

    @ANY
    def test_is_never_written_over_another(self, kind: str, ztok: Config) -> None:
        files = saved(ztok)
        before = [file.read_bytes() for file in files]
        with refuses("backup.file_there"):
            saved(ztok)
        assert [file.read_bytes() for file in files] == before

    @KIND
    def test_of_entries_that_were_changed_is_refused(self, kind: str, ztok: Config) -> None:
        with opened(ztok) as stores, stores.accounts.begin() as connection:
            drop = "DROP TRIGGER kronika_entries_append_only ON kronika_entries"
            connection.exec_driver_sql("DROP TRIGGER kronika_entries_no_update" if kind == "sqlite" else drop)
            connection.exec_driver_sql("UPDATE kronika_entries SET topic = 'membership.left' WHERE notification_id = 7")
        with refuses("backup.damaged") as told:
            saved(ztok)
        assert told["position"] == 7
        assert not list(ztok.folder.glob("*.zip")) + list(ztok.folder.glob(".*.zip*"))

    @ANY
    def test_begins_anew_when_a_key_is_erased_between_its_two_halves(
        self, place: Place, kind: str, ztok: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        erased = list[bool]()
        with opened(ztok) as stores:
            vault = stores.chronicle.vault
            (first,) = [each for each in stores.chronicle.after(0, 100) if each.sealed_by][:1]
            counted = type(vault).copied

            def then_erased(vault_: object) -> Iterator[object]:
                yield from counted(vault)
                if not erased:
                    erased.append(vault.erase(first.sealed_by, "mistake") if first.sealed_by else False)

            monkeypatch.setattr(type(vault), "copied", then_erased)
            file, vault_file = ztok.folder / "backup.zip", ztok.folder / "vault.zip"
            back_up(ztok, stores, file, vault_file)
        with backup_file.opened(vault_file, "vault") as keys:
            assert keys.manifest.counts["fences"] == 1

    @KIND
    def test_takes_every_table_but_two_and_read_tables(self, kind: str, ztok: Config) -> None:
        with ZipFile(saved(ztok)[0]) as archive:
            parts = {name.removesuffix(".jsonl") for name in archive.namelist()}
        assert parts == {"entries", "manifest.json", *tables.tables} - {"session", "draft"}


class TestARestore:
    @KIND
    def test_is_refused_over_a_living_register(self, kind: str, ztok: Config) -> None:
        files, before = saved(ztok), everything_in(ztok)
        with refuses("backup.living"):
            restore(ztok, *files)
        assert everything_in(ztok) == before

    @ANY
    def test_needs_the_key_file_that_opens_the_vault(self, place: Place, kind: str, ztok: Config) -> None:
        files, there, stranger = saved(ztok), place(kind), place("sqlite")
        with refuses("backup.key_file_missing"):
            restore(there, *files)
        fill(stranger)
        with refuses("backup.other_key_file"):
            restore(there, *files, key_file=stranger.key_file)
        there.key_file.write_bytes(stranger.key_file.read_bytes())
        with refuses("backup.key_file_there"):
            restore(there, *files, key_file=ztok.key_file)
        there.key_file.unlink()
        restored(there, files, ztok.key_file)

    @ANY
    def test_without_a_vault_to_read_words_with_is_refused(self, place: Place, kind: str, ztok: Config) -> None:
        with refuses("backup.vault_missing"):
            restore(place(kind), saved(ztok)[0], None)

    def test_takes_the_vault_that_is_there_when_only_the_database_was_lost(self, place: Place) -> None:
        config = place("sqlite")
        fill(config)
        file, before = saved(config)[0], everything_in(config)
        for lost in config.folder.glob("kronika.db*"):
            lost.unlink()
        assert restore(config, file, None).problems == ()
        assert everything_in(config) == before

    @ANY
    def test_with_an_older_copy_of_the_vault_says_what_is_missing_and_stays_shut(
        self, place: Place, kind: str, ztok: Config
    ) -> None:
        older = saved(ztok, "older")[1]
        with opened(ztok) as stores:
            for _ in range(300):  # more than the keys that were made ahead
                organisation = Organisation(id=uuid4())
                stores.chronicle.record(organisation.register(told("a note"), "New"))
        there = place(kind)
        outcome = restore(there, saved(ztok)[0], older, key_file=ztok.key_file)
        assert {problem.what for problem in outcome.problems} == {"unreadable"}
        with opened(there) as stores, pytest.raises(SchemaMismatch, match="has not come to its end"):
            schema.require_current(stores.accounts)
        assert restore(there, saved(ztok, "newer")[0], older, anyway=True).problems
        with opened(there) as stores:
            schema.require_current(stores.accounts)

    @ANY
    def test_of_a_newer_version_names_both(self, place: Place, kind: str, ztok: Config, tmp_path: Path) -> None:
        file, vault = saved(ztok)
        newer = rewritten(file, tmp_path / "newer.zip", schema="9999")
        with refuses("backup.newer_schema") as said:
            restore(place(kind), newer, vault)
        assert (said["found"], said["known"]) == ("9999", schema.known_version())
        with refuses("backup.newer_form"):
            restore(place(kind), rewritten(file, tmp_path / "form.zip", kronika_backup=2), vault)

    @ANY
    def test_of_two_files_that_changed_places_says_so(self, place: Place, kind: str, ztok: Config) -> None:
        file, vault = saved(ztok)
        with refuses("backup.other_kind"):
            restore(place(kind), vault, file)

    def test_takes_the_keys_from_a_server_to_a_file_and_back(self, place: Place, postgres_server: Server) -> None:
        with postgres_server.fresh_database() as first, postgres_server.fresh_database() as second:
            config, there = on_server(place("sqlite"), first), place("sqlite")
            home = on_server(place("sqlite"), second)
            fill(config)
            erased = a_key(config)
            erase(config, erased)
            restored(there, saved(config), config.key_file)
            restored(home, saved(there), config.key_file)
            assert keys_of(config) == keys_of(there) == keys_of(home)
            assert [key.id for key in keys_of(home) if key.wrapped is None] == [erased]

    @pytest.mark.parametrize("kind", ["file", "server"])
    def test_never_brings_a_key_back_over_its_fence(self, place: Place, postgres_server: Server, kind: str) -> None:
        with postgres_server.fresh_database() as url:
            config = place("sqlite") if kind == "file" else on_server(place("sqlite"), url)
            fill(config)
            erased, before = a_key(config), keys_of(config)
            erase(config, erased)
            with opened(config) as stores:
                stores.chronicle.vault.take_over(before)
            after = {key.id: key for key in keys_of(config)}
            assert after[erased].wrapped is None
            assert after.keys() == {key.id for key in before}


class TestAFile:
    @pytest.fixture
    def files(self, place: Place) -> tuple[Path, Path]:
        config = place("sqlite")
        fill(config)
        return saved(config)

    def test_that_was_cut_short_anywhere_is_refused(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        whole = files[0].read_bytes()
        for length in (0, 1, 30, 100, len(whole) // 2, len(whole) - 64, len(whole) - 1):
            assert refusal_of(whole[:length], tmp_path) in ("backup.cut_short", "backup.altered")

    def test_with_one_altered_byte_is_refused_wherever_it_is(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        whole, random = files[0].read_bytes(), Random(7)
        places = {*random.sample(range(len(whole)), 150), *range(40), *range(len(whole) - 400, len(whole))}
        for at in places:
            altered = bytearray(whole)
            altered[at] ^= 1 << random.randrange(8)
            assert refusal_of(bytes(altered), tmp_path) in ("backup.cut_short", "backup.altered")

    def test_says_which_part_was_altered(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        whole = bytearray(files[0].read_bytes())
        whole[len(whole) // 2] ^= 1
        (tmp_path / "altered.zip").write_bytes(whole)
        with refuses("backup.altered") as said, backup_file.opened(tmp_path / "altered.zip", "register"):
            pass
        assert said["part"] == "entries.jsonl"

    def test_is_not_left_half_when_the_disk_is_full(self, place: Place) -> None:
        config = place("sqlite")
        fill(config)
        with_file(config, "a" * 64, bytes(100_000))
        with opened(config) as stores, small_files(80_000), pytest.raises(OSError, match=r"backup\.zip"):
            back_up(config, stores, config.folder / "backup.zip", config.folder / "vault.zip")
        assert [path.name for path in config.folder.iterdir() if "zip" in path.name] == []
        assert problems(config) == []

    def test_that_is_being_written_is_not_written_by_another(self, tmp_path: Path) -> None:
        with backup_file.new_file(tmp_path / "a") as out:
            out.write(b"first")
            with refuses("backup.being_written"), backup_file.new_file(tmp_path / "a"):
                pass
        assert (tmp_path / "a").read_bytes() == b"first"

    def test_that_was_left_unfinished_is_written_anew(self, tmp_path: Path) -> None:
        (tmp_path / ".a.unfinished").write_bytes(b"much longer than what comes")
        with backup_file.new_file(tmp_path / "a") as out:
            out.write(b"new")
        assert (tmp_path / "a").read_bytes() == b"new"
        assert not (tmp_path / ".a.unfinished").exists()


@KIND
def test_a_disk_that_is_full_while_restoring_loses_nothing(
    place: Place, kind: str, ztok: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    files, there = saved(ztok), place(kind)
    for step in ("take_in", "_stored", "take_in_files", "rebuild"):
        with monkeypatch.context() as patched:
            patched.setattr(restoring, step, no_room)
            with pytest.raises(OSError, match="No space left"):
                restore(there, *files, key_file=ztok.key_file)
        with opened(there) as stores, pytest.raises(SchemaMismatch):
            schema.require_current(stores.accounts)
    restored(there, files, ztok.key_file)
    assert everything_in(there) == everything_in(ztok)


# What these tests stand on


def told(note: str = "") -> Told:
    return Told(occurred=parse("2020"), recorded_by=uuid4(), command_id=uuid4(), note=note)


def with_file(config: Config, name: str, content: bytes) -> None:
    (config.folder / "files").mkdir(exist_ok=True)
    (config.folder / "files" / name).write_bytes(content)
    row = {"sha256": name, "size": len(content), "mark": uuid4(), "key_id": uuid4(), "label": b"sealed"}
    now = datetime.now(UTC)
    with opened(config) as stores, stores.accounts.begin() as connection:
        connection.execute(
            insert(attachment).values(row | {"uploaded_by": uuid4(), "uploaded_at": now, "kept_until": now})
        )


def rows_of(config: Config) -> list[tuple[object, ...]]:
    with opened(config) as stores, stores.accounts.connect() as connection:
        return [tuple(row) for row in connection.execute(select(attachment).order_by(attachment.c.sha256))]


def on_server(config: Config, vault_url: str) -> Config:
    return msgspec.structs.replace(config, vault_url=vault_url)


def keys_of(config: Config) -> list[KeptKey]:
    with opened(config) as stores:
        return list(stores.chronicle.vault.copied())


def a_key(config: Config) -> UUID:
    """One that seals nothing."""
    with opened(config) as stores:
        return stores.chronicle.vault.take().id


def erase(config: Config, key: UUID) -> None:
    with opened(config) as stores:
        assert stores.chronicle.vault.erase(key, "mistake")


def refusal_of(content: bytes, folder: Path) -> str:
    (folder / "altered.zip").write_bytes(content)
    try:
        with backup_file.opened(folder / "altered.zip", "register"):
            return ""
    except Refused as refused:
        return refused.code


def rewritten(file: Path, to: Path, **changed: object) -> Path:
    """The same with another manifest."""
    with backup_file.opened(file, "register") as old, backup_file.written(to) as new:
        for part in old.manifest.parts:
            with old.open(part) as content:
                new.copy(part, content)
        manifest = {**json.loads(old.open("manifest.json").read()), **changed}
        new.manifest(msgspec.convert(manifest, backup_file.Manifest))
    return to


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may grow beyond it, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def writing(config: Config) -> Iterator[list[object]]:
    """Somebody goes on recording; what was acknowledged so far."""
    acknowledged: list[object] = []
    over = Event()

    def record() -> None:
        with opened(config) as stores:
            while not over.is_set():
                organisation = Organisation(id=uuid4())
                stores.chronicle.record(organisation.register(told("words"), "An organisation"))
                acknowledged.append(organisation.id)

    writer = Thread(target=record)
    writer.start()
    try:
        yield acknowledged
    finally:
        over.set()
        writer.join()


def export_of(config: Config) -> str:
    with opened(config) as stores:
        return exported(stores)


def carried_over(source: Config, to: Config) -> None:
    with opened(to) as stores:
        prepare(to, stores)
        imported(stores, export_of(source).encode())


def shown_of(config: Config) -> list[object]:
    """The rosters without ids, which an import makes anew."""
    return [roster["counts"] for roster in everything_in(config)["rosters"]]
