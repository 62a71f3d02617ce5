"""Is a change by hand seen, wherever it was made, and nothing else reported?"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.chronicle import Chronicle, ChronicleUnavailable, Vault
from domain.chronicle.integrity import Problem, check
from domain.chronicle.merkle import leaf_hash
from domain.erasing import repeat
from domain.removal import WordsRemoved
from tests.domain.chronicle.entries import chronicle_at, noted, words_removed
from tests.domain.chronicle.tampering import by_hand, without_guards

FIRST, SECOND = UUID(int=1 << 100), UUID(int=2 << 100)


@pytest.fixture(autouse=True)
def recorded(chronicle: Chronicle) -> Chronicle:
    chronicle.record(noted(FIRST, title="a"), noted(SECOND), noted(FIRST, 2, title="b"))
    chronicle.record(noted(SECOND, 2, note="n"))
    return chronicle


def key(url: str, id: UUID) -> object:
    return id.hex if url.startswith("sqlite") else id


def removed(chronicle: Chronicle, id: UUID, of: int) -> WordsRemoved:
    return words_removed(id, len(chronicle.recordings(id)) + 1, of)


def found(chronicle: Chronicle) -> set[tuple[str, str]]:
    """Without the guards that had to be taken down first."""
    return {(where, what) for where, what, _ in check(chronicle) if what != "guard_missing"}


def change(url: str, assignment: str, *parameters: object, position: int = 2) -> None:
    by_hand(
        url,
        *without_guards(url),
        f"UPDATE kronika_entries SET {assignment} WHERE notification_id = ?",
        parameters=(*parameters, position),
    )


def test_nothing_is_found_where_nothing_was_changed(chronicle: Chronicle) -> None:
    assert list(check(chronicle)) == []


def test_progress_is_told(chronicle: Chronicle) -> None:
    told: list[int] = []
    assert list(check(chronicle, told.append)) == []
    assert told == [4]


def test_words_that_were_erased_are_a_problem_until_an_entry_says_so(chronicle: Chronicle) -> None:
    sealed_by = chronicle.at([1])[1].sealed_by
    assert sealed_by is not None
    assert chronicle.vault.erase(sealed_by, "asked by the person")
    assert list(check(chronicle)) == [Problem("entry 1", "words_erased", "asked by the person")]
    chronicle.record(removed(chronicle, FIRST, 1))
    assert list(check(chronicle)) == []


def test_words_that_an_entry_says_were_removed_are_a_problem_while_their_key_is_there(chronicle: Chronicle) -> None:
    chronicle.record(removed(chronicle, FIRST, 1))
    assert list(check(chronicle)) == [Problem("entry 1", "words_not_erased")]
    assert repeat(chronicle) == 1
    assert list(check(chronicle)) == []


@pytest.mark.parametrize(("position", "alarms"), [(1, {"leaf_differs"}), (3, {"leaf_differs", "unreadable"})])
def test_a_changed_ciphertext_is_an_alarm_whether_its_words_were_removed_or_not(
    chronicle: Chronicle, database_url: str, position: int, alarms: set[str]
) -> None:
    chronicle.record(removed(chronicle, FIRST, 1))
    repeat(chronicle)
    state = chronicle.at([position])[position].state
    box = re.search(rb'"box":"([^"]+)"', state)
    assert box
    sealed = base64.b64decode(box[1])
    changed = base64.b64encode(bytes([sealed[0] ^ 1]) + sealed[1:])
    change(database_url, "state = ?", state.replace(box[1], changed), position=position)
    assert found(chronicle) == {(f"entry {position}", alarm) for alarm in alarms}


def test_an_entry_made_to_look_as_if_its_words_had_been_removed_is_an_alarm(
    chronicle: Chronicle, database_url: str
) -> None:
    """Its state names the key of another entry, whose words were removed indeed."""
    chronicle.record(removed(chronicle, FIRST, 1))
    repeat(chronicle)
    first, third = (str(chronicle.at([position])[position].sealed_by).encode() for position in (1, 3))
    change(database_url, "state = ?", chronicle.at([3])[3].state.replace(third, first), position=3)
    assert found(chronicle) == {("entry 3", "leaf_differs"), ("entry 3", "words_erased")}


def test_all_words_that_were_erased_by_hand_are_seen(chronicle: Chronicle, vault_url: str) -> None:
    by_hand(vault_url, "UPDATE keys SET wrapped = NULL, erased_at = 1, reason = 'x'")
    assert found(chronicle) == {(f"entry {n}", "words_erased") for n in (1, 3, 4)}


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ANYTHING = (
    "state = CAST(state AS TEXT)", "state = 5", "state = CAST(x'ff' AS TEXT)", "leaf = 'x'", "recorded_at = 'abc'",
    "recorded_at = 9e18", "originator_id = 'zz'", "originator_id = x'ff'", "originator_id = CAST(x'ff' AS TEXT)",
    "originator_version = 'x'",
    "topic = x'ff'", "topic = CAST(x'ff' AS TEXT)", "command_id = x'01'", "command_id = upper(command_id)",
)  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("assignment", ANYTHING)
def test_a_column_that_holds_something_else_is_named(chronicle: Chronicle, database_url: str, assignment: str) -> None:
    change(database_url, assignment)
    column = assignment.partition(" ")[0]
    problems = list(check(chronicle))
    assert [each.where for each in problems if each.what == "row_misshapen" and column in each.detail] == ["entry 2"]


@on_sqlite
@pytest.mark.parametrize("assignment", ANYTHING)
def test_what_is_read_of_such_a_row_is_said_to_be_damaged(
    chronicle: Chronicle, database_url: str, assignment: str
) -> None:
    change(database_url, assignment)
    with suppress(ChronicleUnavailable):
        assert list(chronicle.by_subject())
    with suppress(ChronicleUnavailable):
        chronicle.record(noted(uuid4()))


@on_sqlite
@pytest.mark.parametrize("position", ["NULL", "'x'", "-2", "2.5", "CAST(x'ff' AS TEXT)"])
def test_a_row_without_its_place_is_seen(chronicle: Chronicle, database_url: str, position: str) -> None:
    by_hand(
        database_url,
        "CREATE TABLE copied AS SELECT * FROM kronika_entries",
        "DROP TABLE kronika_entries",
        "ALTER TABLE copied RENAME TO kronika_entries",
        f"UPDATE kronika_entries SET notification_id = {position} WHERE notification_id = 2",
    )
    problems = found(chronicle)
    assert ("entry 2", "position_missing") in problems
    assert {what for _, what in problems} & {"row_hidden", "row_misshapen"}


@on_postgres
@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("state", "text USING encode(state, 'escape')"),
        ("recorded_at", "text"),
        ("originator_id", "text"),
        ("notification_id", "text"),
        ("command_id", "text"),
        ("topic", "bytea USING topic::bytea"),
    ],
)
def test_a_column_of_another_type_is_seen(chronicle: Chronicle, database_url: str, column: str, kind: str) -> None:
    by_hand(database_url, f"ALTER TABLE kronika_entries ALTER COLUMN {column} TYPE {kind}")
    problems = list(check(chronicle))
    assert problems
    assert all(column in each.detail or each.what == "table_damaged" for each in problems)


def test_a_table_that_was_dropped_is_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(database_url, "DROP TABLE kronika_entries")
    assert ("database", "table_missing") in found(chronicle)


def test_a_column_that_was_dropped_is_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(database_url, *without_guards(database_url), "ALTER TABLE kronika_entries DROP COLUMN leaf")
    assert ("database", "table_missing") in found(chronicle)


def test_a_vault_without_its_table_is_seen(chronicle: Chronicle, vault_url: str) -> None:
    by_hand(vault_url, "DROP TABLE keys")
    assert ("vault", "table_missing") in found(chronicle)


def test_a_vault_that_is_away_is_seen(chronicle: Chronicle, vault_url: str) -> None:
    chronicle.vault.close()
    Path(vault_url.removeprefix("sqlite:///")).unlink()
    assert found(chronicle) == {("vault", "out_of_reach")}


def test_a_vault_without_its_guards_is_seen(chronicle: Chronicle, vault_url: str) -> None:
    by_hand(vault_url, *(f"DROP TRIGGER keys_{name}" for name in ("stay", "fence", "once")))
    assert [(each.where, each.what) for each in check(chronicle)] == [
        (f"vault: keys_{name}", "guard_missing") for name in ("fence", "once", "stay")
    ]


@pytest.mark.parametrize("wrapped", ["'abc'", "5", "CAST(x'ff' AS TEXT)", "x''"])
def test_a_key_that_holds_something_else_is_seen(chronicle: Chronicle, vault_url: str, wrapped: str) -> None:
    sealed_by = chronicle.at([1])[1].sealed_by
    assert sealed_by is not None
    by_hand(vault_url, f"UPDATE keys SET wrapped = {wrapped} WHERE id = ?", parameters=(sealed_by.hex,))
    assert found(chronicle) == {("entry 1", "unreadable"), (f"key {sealed_by}", "key_broken")}


@pytest.mark.parametrize("id", ["'zz'", "x'ff'", "CAST(x'ff' AS TEXT)", "''"])
def test_a_key_whose_id_is_none_is_seen(chronicle: Chronicle, vault_url: str, id: str) -> None:
    by_hand(vault_url, f"INSERT INTO keys (id, wrapped, wrapped_by) VALUES ({id}, x'00', x'00')")
    assert {where for where, what in found(chronicle) if what == "key_broken"}


@pytest.mark.parametrize("position", [1, 2, 3, 4])
@pytest.mark.parametrize("place", [0, 10, 60, -20, -1])
def test_a_changed_byte_is_seen(chronicle: Chronicle, database_url: str, position: int, place: int) -> None:
    state = bytearray(chronicle.at([position])[position].state)
    state[place] ^= 1
    change(database_url, "state = ?", bytes(state), position=position)
    assert (f"entry {position}", "leaf_differs") in found(chronicle)


def test_a_changed_leaf_is_seen(chronicle: Chronicle, database_url: str) -> None:
    change(database_url, "leaf = ?", bytes(32))
    assert found(chronicle) == {("entry 2", "leaf_differs")}


def test_a_changed_name_is_seen(chronicle: Chronicle, database_url: str) -> None:
    change(database_url, "topic = ?", "membership.expelled")
    assert {("entry 2", "leaf_differs"), ("entry 2", "unreadable")} <= found(chronicle)


def test_an_entry_given_to_another_history_is_seen(chronicle: Chronicle, database_url: str) -> None:
    change(database_url, "originator_id = ?", key(database_url, uuid4()))
    assert {("entry 2", "leaf_differs"), ("entry 2", "unreadable"), (f"history {SECOND}", "version_missing")} <= found(
        chronicle
    )


def test_an_entry_given_to_another_history_with_a_fitting_leaf_is_seen(chronicle: Chronicle, database_url: str) -> None:
    moved = chronicle.at([2])[2]
    other = uuid4()
    leaf = leaf_hash(moved.row._replace(originator_id=other))
    change(database_url, "originator_id = ?, leaf = ?", key(database_url, other), leaf)
    assert ("entry 2", "unreadable") in found(chronicle)


def test_a_changed_time_is_seen(chronicle: Chronicle, database_url: str) -> None:
    change(database_url, "recorded_at = recorded_at - 1")
    assert found(chronicle) == {("entry 2", "time_went_back"), ("entry 2", "time_differs")}


def test_a_changed_command_is_seen(chronicle: Chronicle, database_url: str) -> None:
    change(database_url, "command_id = ?", key(database_url, uuid4()))
    assert found(chronicle) == {("entry 2", "command_differs")}


def test_a_missing_row_is_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(database_url, *without_guards(database_url), "DELETE FROM kronika_entries WHERE notification_id = 2")
    assert found(chronicle) == {("entry 2", "position_missing"), (f"history {SECOND}", "version_missing")}


def test_a_missing_beginning_is_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(database_url, *without_guards(database_url), "DELETE FROM kronika_entries WHERE notification_id = 1")
    assert ("entry 1", "position_missing") in found(chronicle)


def test_two_entries_that_changed_places_are_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(
        database_url,
        *without_guards(database_url),
        "UPDATE kronika_entries SET notification_id = 99 WHERE notification_id = 1",
        "UPDATE kronika_entries SET notification_id = 1 WHERE notification_id = 3",
        "UPDATE kronika_entries SET notification_id = 3 WHERE notification_id = 99",
    )
    assert found(chronicle) == {(f"history {FIRST}", "order_differs")}


def test_a_guard_that_was_taken_down_is_seen(chronicle: Chronicle, database_url: str) -> None:
    by_hand(database_url, *without_guards(database_url))
    assert {what for _, what, _ in check(chronicle)} == {"guard_missing"}
    chronicle.create_tables()
    left = {"postgresql": {"guard_missing"}, "sqlite": set[str]()}[database_url.partition(":")[0]]
    assert {what for _, what, _ in check(chronicle)} <= left


def test_a_changed_key_is_seen_by_itself_and_by_its_entry(chronicle: Chronicle, vault_url: str) -> None:
    sealed_by = chronicle.at([1])[1].sealed_by
    assert sealed_by is not None
    by_hand(vault_url, "UPDATE keys SET wrapped = ? WHERE id = ?", parameters=(bytes(60), sealed_by.hex))
    assert found(chronicle) == {("entry 1", "unreadable"), (f"key {sealed_by}", "key_broken")}


def test_a_key_that_was_taken_away_is_seen(chronicle: Chronicle, vault_url: str) -> None:
    sealed_by = chronicle.at([1])[1].sealed_by
    assert sealed_by is not None
    by_hand(vault_url, "DROP TRIGGER keys_stay", "DELETE FROM keys WHERE id = ?", parameters=(sealed_by.hex,))
    assert found(chronicle) == {("entry 1", "unreadable")}


def test_a_kind_that_this_program_does_not_know_is_seen(database_url: str, vault: Vault) -> None:
    with Chronicle(database_url, vault) as without_the_kind:
        problems = list(check(without_the_kind))
    assert {problem.where for problem in problems} == {f"entry {n}" for n in (1, 2, 3, 4)}
    assert all("UnknownName" in problem.detail for problem in problems)


@pytest.fixture
def vault_url(chronicle: Chronicle, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    return f"sqlite:///{request.getfixturevalue('tmp_path')}/vault.db"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", [1, 5, 12])
def test_a_file_that_was_overwritten_is_seen(database_url: str, vault: Vault, chronicle: Chronicle, page: int) -> None:
    chronicle.record(*(noted(uuid4(), codes=("x" * 300,)) for _ in range(200)))
    chronicle.close()
    by_hand(database_url, "PRAGMA wal_checkpoint(TRUNCATE)")
    path = database_url.removeprefix("sqlite:///")
    with open(path, "r+b") as file:  # noqa: PTH123  # the bytes of the file itself
        file.seek(4096 * page)
        file.write(b"\xff" * 4096)
    with chronicle_at(database_url, vault) as damaged:
        assert list(until_damaged(check(damaged)))


def until_damaged(problems: Iterator[Problem]) -> Iterator[Problem]:
    for problem in problems:
        yield problem
        if problem.what == "table_damaged":
            return
