"""Are keys kept apart, wrapped, handed out once, and erased for ever?"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.chronicle import SealBroken, Vault, VaultUnavailable, WrongKeyFile
from domain.chronicle.key_files import make_key_file
from domain.chronicle.unavailable import Conflict
from domain.chronicle.vault import LARGEST_BATCH, Erased, Key
from tests.domain.chronicle.tampering import by_hand

TABLES = {"sqlite": "keys", "postgresql": "kronika_keys"}


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
def vault(url: str, tmp_path: Path) -> Iterator[Vault]:
    with Vault.create(url, tmp_path / "key") as vault:
        yield vault


def table(url: str) -> str:
    return TABLES[url.partition(":")[0]]


def stored_as(url: str, id: UUID) -> object:
    return id.hex if url.startswith("sqlite") else id


def test_a_key_is_found_again_by_another_who_has_the_key_file(url: str, vault: Vault, tmp_path: Path) -> None:
    key = vault.take()
    with Vault(url, tmp_path / "key") as other:
        assert other.find([key.id]) == {key.id: key}


def test_a_key_is_handed_out_once(vault: Vault) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: vault.take(), range(600)))
    assert len({key.id for key in keys}) == len({key.secret for key in keys}) == 600


def test_a_key_is_durable_before_it_is_handed_out(url: str, vault: Vault) -> None:
    key = vault.take()
    assert by_hand(url, f"SELECT count(*) FROM {table(url)} WHERE id = ?", parameters=(stored_as(url, key.id),)) == [
        (1,)
    ]


def test_the_vault_holds_no_readable_key(url: str, vault: Vault) -> None:
    key = vault.take()
    wrapped = [bytes(row[0]) for row in by_hand(url, f"SELECT wrapped FROM {table(url)}")]
    assert wrapped
    assert all(key.secret not in each for each in wrapped)


def test_an_erased_key_leaves_a_fence_that_says_why(vault: Vault) -> None:
    key, other = vault.take(), vault.take()
    assert vault.erase(key.id, "asked by the person")
    assert vault.find([key.id, other.id]) == {key.id: Erased(key.id, "asked by the person"), other.id: other}


def test_erasing_twice_keeps_the_first_reason(vault: Vault) -> None:
    key = vault.take()
    vault.erase(key.id, "first")
    assert not vault.erase(key.id, "second")
    assert vault.find([key.id]) == {key.id: Erased(key.id, "first")}


def test_what_one_process_erased_another_no_longer_finds(url: str, vault: Vault, tmp_path: Path) -> None:
    key = vault.take()
    with Vault(url, tmp_path / "key") as other:
        assert other.find([key.id]) == {key.id: key}
        vault.erase(key.id, "asked")
        assert isinstance(other.find([key.id])[key.id], Erased)


def test_a_key_that_is_not_there_was_not_erased(vault: Vault) -> None:
    id = uuid4()
    assert isinstance(vault.find([id])[id], SealBroken)


def test_nothing_asked_is_nothing_found(vault: Vault) -> None:
    assert vault.find([]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET wrapped = ?, erased_at = NULL WHERE id = ?",
        "DELETE FROM {table} WHERE wrapped IS NOT DISTINCT FROM ? OR id = ?",
        "UPDATE {table} SET wrapped_by = ?, reason = 'other' WHERE id = ?",
    ],
)
def test_the_fence_cannot_be_taken_down(url: str, vault: Vault, statement: str) -> None:
    key = vault.take()
    vault.erase(key.id, "asked")
    statement = statement.format(table=table(url))
    if url.startswith("sqlite"):
        statement = statement.replace("IS NOT DISTINCT FROM", "IS")
    with pytest.raises(Exception, match="what was erased stays erased"):
        by_hand(url, statement, parameters=(b"wrapped", stored_as(url, key.id)))
    assert isinstance(vault.find([key.id])[key.id], Erased)


def test_no_key_can_be_put_where_one_was_erased(url: str, vault: Vault) -> None:
    key = vault.take()
    vault.erase(key.id, "asked")
    verb = "INSERT OR REPLACE" if url.startswith("sqlite") else "INSERT"
    with pytest.raises(Exception, match=r"stays erased|duplicate key"):
        by_hand(
            url,
            f"{verb} INTO {table(url)} (id, wrapped, wrapped_by) VALUES (?, ?, ?)",
            parameters=(stored_as(url, key.id), b"wrapped", b"by"),
        )
    assert isinstance(vault.find([key.id])[key.id], Erased)


def test_the_vault_itself_mints_no_key_twice(vault: Vault) -> None:
    key = vault.take()
    with pytest.raises(Conflict):
        vault._keys.add([vault._wrapped(key)])


def test_a_wrapped_key_moved_to_another_place_does_not_open(url: str, vault: Vault) -> None:
    key, other = vault.take(), vault.take()
    by_hand(
        url,
        f"UPDATE {table(url)} SET wrapped = (SELECT wrapped FROM {table(url)} WHERE id = ?) WHERE id = ?",
        parameters=(stored_as(url, other.id), stored_as(url, key.id)),
    )
    assert isinstance(vault.find([key.id])[key.id], SealBroken)
    assert [id for id, _ in vault.check(batch=3)] == [key.id]


def test_check_finds_nothing_wrong_with_keys_that_open_and_with_fences(vault: Vault) -> None:
    keys = [vault.take() for _ in range(20)]
    vault.erase(keys[3].id, "asked")
    assert list(vault.check(batch=7)) == []


def test_guards_that_were_taken_down_are_named(url: str, vault: Vault) -> None:
    assert vault.missing_guards() == []
    at_server = f" ON {table(url)}" if url.startswith("postgresql") else ""
    by_hand(url, f"DROP TRIGGER {table(url)}_stay{at_server}")
    assert vault.missing_guards() == [f"{table(url)}_stay"]
    vault._keys.create_tables()
    assert vault.missing_guards() == []


def test_another_key_file_opens_nothing(url: str, vault: Vault, tmp_path: Path) -> None:
    key = vault.take()
    make_key_file(tmp_path / "other")
    with Vault(url, tmp_path / "other") as other:
        assert isinstance(other.find([key.id])[key.id], SealBroken)
        assert key.id in [id for id, _ in other.check()]
        with pytest.raises(WrongKeyFile):
            other.take()


def test_no_second_key_file_is_made_when_the_first_is_lost(url: str, vault: Vault, tmp_path: Path) -> None:
    vault.take()
    (tmp_path / "key").rename(tmp_path / "lost")
    with pytest.raises(WrongKeyFile, match="missing"):
        Vault.create(url, tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_the_key_file_is_for_its_owner_alone_and_stays(url: str, vault: Vault, tmp_path: Path) -> None:
    before = (tmp_path / "key").read_bytes()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    Vault.create(url, tmp_path / "key").close()
    assert (tmp_path / "key").read_bytes() == before


@pytest.mark.parametrize("content", ["", "kronika-key-v1 abcd", "00" * 32, "kronika-key-v1 zz", "ключ"])
def test_a_file_that_holds_no_key_is_refused(url: str, content: str, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text(content, encoding="utf-8")
    with pytest.raises(WrongKeyFile, match="does not hold a key of Kronika"):
        Vault(url, tmp_path / "wrong")


def test_a_missing_key_file_is_refused_and_not_made(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongKeyFile):
        Vault(url, tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_keys_are_minted_ahead_in_one_transaction(url: str, vault: Vault) -> None:
    vault.reserve(700)
    (count,) = by_hand(url, f"SELECT count(*) FROM {table(url)}")[0]
    assert count == 700
    for _ in range(700):
        vault.take()
    assert by_hand(url, f"SELECT count(*) FROM {table(url)}") == [(count,)]


def test_few_keys_are_minted_for_few_entries_and_more_for_more(url: str, vault: Vault) -> None:
    vault.reserve(0)
    expected = 0
    for batch in (8, 16, 32, 64, 128, LARGEST_BATCH, LARGEST_BATCH):
        assert by_hand(url, f"SELECT count(*) FROM {table(url)}") == [(expected,)]
        for _ in range(batch):
            vault.take()
        expected += batch


def minted_in_child(url: str, key_file: Path, count: int) -> list[Key]:
    with Vault(url, key_file) as vault:
        return [vault.take() for _ in range(count)]


def test_several_processes_mint_at_once(url: str, vault: Vault, tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        minted = pool.starmap(minted_in_child, [(url, tmp_path / "key", 40)] * 3)
    keys = [key for each in minted for key in each]
    assert vault.find([key.id for key in keys]) == {key.id: key for key in keys}
    assert len({key.id for key in keys}) == 120


def test_a_fork_does_not_hand_out_the_keys_of_its_parent(tmp_path: Path) -> None:
    with Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key") as vault:
        first = vault.take()
        vault._owner = os.getpid() + 1  # as it looks to a child
        minted_before = set(vault._ready)
        assert vault.take() not in {first, *minted_before}


def test_an_erased_key_is_not_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    with Vault.create(f"sqlite:///{path}", tmp_path / "key") as vault:
        key = vault.take()
        (wrapped,) = by_hand(f"sqlite:///{path}", "SELECT wrapped FROM keys WHERE id = ?", parameters=(key.id.hex,))[0]
        assert wrapped in path.read_bytes()
        vault.erase(key.id, "asked")
    assert wrapped not in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("vault")] == ["vault.db"]


def test_a_vault_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key").close()
    with (
        Vault(f"sqlite:///{tmp_path}/missing.db", tmp_path / "key") as vault,
        pytest.raises(VaultUnavailable) as refused,
    ):
        vault.take()
    assert refused.value.reason == "gone"
    assert not (tmp_path / "missing.db").exists()


def test_a_locked_vault_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.chronicle.keys.LOCK_WAIT", 0.2)
    with Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key") as vault:
        other = sqlite3.connect(tmp_path / "vault.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(VaultUnavailable) as refused:
            vault.take()
        other.rollback()
        other.close()
        assert refused.value.reason == "locked"
        assert isinstance(vault.take(), Key)
