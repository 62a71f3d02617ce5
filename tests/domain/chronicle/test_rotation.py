"""Is a key file replaced so that one that opens the vault is there at every moment, and the old one never again?"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import pytest

from domain.chronicle import SealBroken, Vault, WrongKeyFile
from domain.chronicle.key_files import NEXT, REPLACED, alone_with, beside, make_key_file
from domain.chronicle.keys import PORTION
from domain.chronicle.vault import MARKS, Erased, Key
from domain.refused import Refused
from tests.domain.chronicle.tampering import by_hand
from tests.domain.chronicle.test_vault import stored_as, table

STEPS = ("execute", "executemany", "fsync", "open", "chmod", "chown", "link", "replace", "rename", "unlink")


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    return folder


@pytest.fixture
def key_file(folder: Path) -> Path:
    return folder / "vault.key"


@pytest.fixture
def vault(url: str, key_file: Path) -> Iterator[Vault]:
    with Vault.create(url, key_file) as vault:
        yield vault


def test_every_key_is_the_same_under_the_new_key_file(url: str, vault: Vault, key_file: Path) -> None:
    vault.reserve(PORTION + 10)
    keys = [vault.take() for _ in range(PORTION + 10)]
    before = key_file.read_bytes()
    assert vault.rotate() == PORTION + 10
    assert key_file.read_bytes() != before
    assert vault.find([key.id for key in keys]) == {key.id: key for key in keys}
    with Vault(url, key_file) as other:
        assert other.find([keys[0].id]) == {keys[0].id: keys[0]}
        assert list(other.check()) == []


def test_nothing_but_the_new_key_file_is_left_for_who_might_read_the_old_one(
    vault: Vault, folder: Path, key_file: Path
) -> None:
    vault.take()
    key_file.chmod(0o640)
    secret = key_file.read_bytes()
    vault.rotate()
    assert [path.name for path in folder.iterdir()] == ["vault.key"]
    assert secret not in key_file.read_bytes()
    assert key_file.stat().st_mode & 0o777 == 0o640


def test_the_old_file_is_overwritten_before_it_goes(vault: Vault, folder: Path, key_file: Path) -> None:
    """Who held it open finds nothing in it."""
    vault.take()
    with key_file.open("rb") as held:
        vault.rotate()
        assert set(held.read()) == {0}


def test_an_old_copy_of_the_vault_is_opened_by_nobody(tmp_path: Path, key_file: Path) -> None:
    with Vault.create(f"sqlite:///{tmp_path}/vault.db", key_file) as vault:
        key = vault.take()
        (tmp_path / "copy.db").write_bytes((tmp_path / "vault.db").read_bytes())
        vault.erase(key.id, "danger")
        vault.rotate()
        assert vault.find([key.id]) == {key.id: Erased(key.id, "danger", is_final=True)}
    with Vault(f"sqlite:///{tmp_path}/copy.db", key_file) as copy:
        assert isinstance(copy.find([key.id])[key.id], SealBroken)


def test_an_old_key_file_put_back_opens_nothing(url: str, vault: Vault, key_file: Path) -> None:
    key, old = vault.take(), key_file.read_bytes()
    vault.rotate()
    key_file.write_bytes(old)
    with Vault(url, key_file) as other:
        assert isinstance(other.find([key.id])[key.id], SealBroken)
        with pytest.raises(WrongKeyFile):
            other.reserve(1000)


def test_what_was_erased_stays_erased(vault: Vault) -> None:
    key, other = vault.take(), vault.take()
    vault.erase(key.id, "danger")
    assert vault.find([key.id]) == {key.id: Erased(key.id, "danger", is_final=False)}
    assert vault.rotate() == 7
    assert vault.find([key.id, other.id]) == {key.id: Erased(key.id, "danger", is_final=True), other.id: other}


def test_a_vault_without_keys_keeps_its_key_file(vault: Vault, folder: Path, key_file: Path) -> None:
    before = key_file.read_bytes()
    assert vault.rotate() == 0
    assert (key_file.read_bytes(), list(folder.iterdir())) == (before, [key_file])


def test_others_go_on_reading_and_minting_meanwhile(url: str, vault: Vault, key_file: Path) -> None:
    over = Event()

    def use() -> list[Key]:
        with Vault(url, key_file) as other:
            taken: list[Key] = []
            while not over.is_set() or len(taken) < 50:
                taken.append(other.take())
                assert other.find([key.id for key in taken[-20:]]) == {key.id: key for key in taken[-20:]}
            return taken

    with ThreadPoolExecutor(2) as threads:
        users = [threads.submit(use) for _ in range(2)]
        vault.take()
        for _ in range(5):
            vault.rotate()
        over.set()
        taken = [key for each in users for key in each.result(timeout=60)]
    assert vault.find([key.id for key in taken]) == {key.id: key for key in taken}
    assert list(vault.check()) == []


def test_two_cannot_replace_one_key_file_at_once(vault: Vault, key_file: Path) -> None:
    with alone_with(key_file), pytest.raises(Refused) as refused:
        vault.rotate()
    assert refused.value.code == "key_file.rotating"


def test_a_key_that_does_not_open_stops_it_and_nothing_is_changed(
    url: str, vault: Vault, folder: Path, key_file: Path
) -> None:
    key, other, before = vault.take(), vault.take(), key_file.read_bytes()
    by_hand(url, f"UPDATE {table(url)} SET wrapped = ? WHERE id = ?", parameters=(b"x" * 60, stored_as(url, key.id)))
    with pytest.raises(SealBroken, match=str(key.id)):
        vault.rotate()
    vault.settle()
    assert (key_file.read_bytes(), list(folder.iterdir())) == (before, [key_file])
    assert vault.find([other.id]) == {other.id: other}


def test_a_key_file_behind_a_link_is_replaced_where_it_is(url: str, tmp_path: Path, folder: Path) -> None:
    make_key_file(folder / "kept")
    (tmp_path / "link").symlink_to(folder / "kept")
    with Vault.create(url, tmp_path / "link") as vault:
        key, before = vault.take(), (folder / "kept").read_bytes()
        vault.rotate()
        assert (tmp_path / "link").is_symlink()
        assert (folder / "kept").read_bytes() != before
        assert vault.find([key.id]) == {key.id: key}


class Killer:
    """Ends this process, as kill -9 does, before its step number `at` that leaves a trace on the disk."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        name = arg.__name__ if event == "c_call" else frame.f_code.co_name if event == "call" else ""
        if name in STEPS and not isinstance(getattr(arg, "__self__", None), str):  # which is replaced in memory
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


def rotated_by_child(url: str, key_file: Path, kill_at: int) -> bool:
    """False if it was killed."""
    child = os.fork()
    if not child:
        code = 1
        try:
            with Vault(url, key_file) as vault:
                vault.find([MARKS])  # connected before the counting begins
                sys.setprofile(Killer(kill_at))
                vault.rotate()
                sys.setprofile(None)
            code = 0
        except BaseException:
            sys.setprofile(None)
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return not os.WIFSIGNALED(status)


def test_killed_at_any_step_every_key_opens_and_the_next_start_ends_it(url: str, folder: Path, key_file: Path) -> None:
    with Vault.create(url, key_file) as vault:
        keys = [vault.take() for _ in range(3)]
        erased = vault.take()
        vault.erase(erased.id, "danger")
        mark = vault.mark(MARKS)
    kills, left_over = 0, set()
    while not rotated_by_child(url, key_file, kills + 1):
        kills += 1
        left_over |= {path.name for path in folder.iterdir()}
        with Vault(url, key_file) as vault:
            assert vault.find([key.id for key in keys]) == {key.id: key for key in keys}
            assert isinstance(vault.find([erased.id])[erased.id], Erased)
        with Vault(url, key_file) as vault:
            keys.append(vault.take())
            vault.settle()
            assert [path.name for path in folder.iterdir()] == ["vault.key"]
            assert vault.find([key.id for key in keys]) == {key.id: key for key in keys}
            assert vault.mark(MARKS) == mark
        with Vault(url, key_file) as vault:
            assert list(vault.check()) == []
    assert kills > 15
    assert left_over == {"vault.key", beside(key_file, NEXT).name, beside(key_file, REPLACED).name}
    assert [path.name for path in folder.iterdir()] == ["vault.key"]


def test_marks_stay_the_same_and_another_vault_has_others(url: str, vault: Vault, tmp_path: Path) -> None:
    mark = vault.mark(MARKS)
    vault.rotate()
    assert vault.mark(MARKS) == mark
    with Vault(url, tmp_path / "keys" / "vault.key") as same:
        assert same.mark(MARKS) == mark
    with Vault.create(f"sqlite:///{tmp_path}/other.db", tmp_path / "other.key") as other:
        assert other.mark(MARKS) != mark


def test_the_key_of_marks_is_not_erased(vault: Vault) -> None:
    mark = vault.mark(MARKS)
    with pytest.raises(ValueError, match="no key of words"):
        vault.erase(MARKS, "danger")
    assert vault.mark(MARKS) == mark


def test_two_who_need_a_mark_first_make_one_key(url: str, vault: Vault, key_file: Path) -> None:
    def marked() -> object:
        with Vault(url, key_file) as other:
            return other.mark(MARKS)

    with ThreadPoolExecutor(6) as threads:
        marks = {future.result() for future in [threads.submit(marked) for _ in range(6)]}
    assert marks == {vault.mark(MARKS)}
