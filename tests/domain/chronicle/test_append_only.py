"""Does the database itself refuse to forget, to rewrite, and to leave gaps? And is SELECT with INSERT enough?"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.chronicle import Chronicle, Vault
from tests.domain.chronicle.entries import chronicle_at, noted
from tests.domain.chronicle.tampering import by_hand

ID = UUID(int=1 << 100)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
COLUMNS = "notification_id, originator_id, originator_version, topic, recorded_at, state, leaf, command_id"


@pytest.fixture(autouse=True)
def recorded(chronicle: Chronicle) -> Chronicle:
    chronicle.record(noted(ID, title="a"), noted(ID, 2))
    return chronicle


def key(url: str, id: UUID) -> object:
    return id.hex if url.startswith("sqlite") else id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kronika_entries SET topic = 'membership.expelled'",
        "UPDATE kronika_entries SET state = state WHERE notification_id = 1",
        "DELETE FROM kronika_entries",
        "DELETE FROM kronika_entries WHERE notification_id = 2",
    ],
)
def test_nothing_can_be_changed_or_taken_away(chronicle: Chronicle, database_url: str, statement: str) -> None:
    before = chronicle.after(0, 10)
    with pytest.raises(Exception, match="append-only"):
        by_hand(database_url, statement)
    assert chronicle.after(0, 10) == before


@on_postgres
@pytest.mark.parametrize("statement", ["TRUNCATE kronika_entries", "TRUNCATE kronika_entries CASCADE"])
def test_the_table_cannot_be_emptied(chronicle: Chronicle, database_url: str, statement: str) -> None:
    with pytest.raises(psycopg.Error, match="append-only"):
        by_hand(database_url, statement)
    assert chronicle.last_position() == 2


def rows_like_the_first(url: str) -> dict[str, tuple[object, ...]]:
    """Rows that share with it their position, version, command or all; or leave a version out."""
    command_id = by_hand(url, "SELECT command_id FROM kronika_entries WHERE notification_id = 1")[0][0]
    return {
        "position": (1, key(url, uuid4()), 1, "test.noted", 0, b"", b"", key(url, uuid4())),
        "version": (3, key(url, ID), 1, "test.noted", 0, b"", b"", key(url, uuid4())),
        "command": (3, key(url, uuid4()), 1, "test.noted", 0, b"", b"", command_id),
        "gap": (3, key(url, ID), 4, "test.noted", 0, b"", b"", key(url, uuid4())),
        "everything": (1, key(url, ID), 1, "test.noted", 0, b"", b"", command_id),
    }


@pytest.mark.parametrize("same", ["position", "version", "command", "gap", "everything"])
def test_nothing_can_be_put_in_the_place_of_an_entry(chronicle: Chronicle, database_url: str, same: str) -> None:
    verb = "INSERT OR REPLACE" if database_url.startswith("sqlite") else "INSERT"
    before = chronicle.after(0, 10)
    with pytest.raises(Exception, match=r"append-only|duplicate key|version before is missing"):
        by_hand(
            database_url,
            f"{verb} INTO kronika_entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            parameters=rows_like_the_first(database_url)[same],
        )
    assert chronicle.after(0, 10) == before


@on_sqlite
def test_a_position_is_never_used_again(chronicle: Chronicle, database_url: str) -> None:
    by_hand(
        database_url,
        "DROP TRIGGER kronika_entries_no_delete",
        "DELETE FROM kronika_entries WHERE notification_id = 2",
    )
    assert chronicle.record(noted(ID, 2)) == 3


@pytest.fixture
def restricted(database_url: str, vault: Vault) -> Iterator[Chronicle]:
    name = f"role_{uuid4().hex}"
    by_hand(
        database_url,
        f"CREATE ROLE {name} LOGIN PASSWORD 'secret'",
        f"GRANT SELECT, INSERT ON kronika_entries TO {name}",
    )
    address = database_url.partition("@")[2]
    with chronicle_at(f"postgresql://{name}:secret@{address}", vault) as chronicle:
        yield chronicle
    by_hand(database_url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@on_postgres
def test_a_role_that_may_only_select_and_insert_is_enough(restricted: Chronicle) -> None:
    entry = noted(ID, 3, title="b")
    assert restricted.record(entry) == restricted.record(entry) == 3
    assert len(restricted.history(ID)) == len(restricted.after(0, 10)) == len(list(restricted.by_subject())) == 3
    assert restricted.recorded(entry.command_id) is not None
