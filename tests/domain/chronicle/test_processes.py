"""Do several processes record at once, and does a reader who follows them miss nothing?"""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path
from uuid import UUID, uuid4

from domain.chronicle import Chronicle, Vault
from domain.entry import Refused
from tests.domain.chronicle.entries import chronicle_at, noted

WRITERS, EACH = 4, 60
SHARED = UUID(int=1 << 100)
SECONDS = 60


def write(url: str, folder: Path) -> int:
    """A history of its own, and in turn with the others one that all write to."""
    with Vault(f"sqlite:///{folder}/vault.db", folder / "key") as vault, chronicle_at(url, vault) as chronicle:
        own = uuid4()
        for number in range(1, EACH + 1):
            if number % 3:
                chronicle.record(noted(own, len(chronicle.history(own)) + 1, title="own"))
            else:
                add_to_shared(chronicle)
        return EACH


def add_to_shared(chronicle: Chronicle) -> None:
    command_id = uuid4()
    while True:
        version = len(chronicle.history(SHARED, words=False)) + 1
        try:
            chronicle.record(noted(SHARED, version, command_id=command_id), noted(uuid4()))
            return
        except Refused as refused:
            if refused.code != "chronicle.someone_was_first":
                raise


def follow(chronicle: Chronicle, expected: int) -> list[int]:
    """What a reader sees who never looks back."""
    seen: list[int] = []
    give_up = time.monotonic() + SECONDS
    while len(seen) < expected and time.monotonic() < give_up:
        found = chronicle.after(seen[-1] if seen else 0, 7)
        assert all(each.problem is None for each in found)
        seen += [each.position for each in found]
    return seen


def test_four_processes_record_and_a_reader_follows_without_a_gap(
    chronicle: Chronicle, database_url: str, tmp_path: Path
) -> None:
    expected = WRITERS * (EACH + EACH // 3)
    with multiprocessing.get_context("spawn").Pool(WRITERS) as pool:
        writers = pool.starmap_async(write, [(database_url, tmp_path)] * WRITERS)
        seen = follow(chronicle, expected)
        assert writers.get(SECONDS) == [EACH] * WRITERS
    assert seen == list(range(1, expected + 1))
    assert chronicle.last_position() == expected
    assert [entry.originator_version for entry in chronicle.history(SHARED)] == list(range(1, WRITERS * EACH // 3 + 1))
    times = [each.recorded_at for each in chronicle.after(0, expected)]
    assert times == sorted(times)


def look(url: str, folder: Path) -> int:
    """As a command does: opened, asked, closed."""
    with Vault(f"sqlite:///{folder}/vault.db", folder / "key") as vault, chronicle_at(url, vault) as chronicle:
        return chronicle.last_position()


def test_what_is_recorded_after_tables_were_made_again_is_seen_by_other_processes(
    chronicle: Chronicle, database_url: str, tmp_path: Path
) -> None:
    chronicle.record(noted(uuid4()))
    chronicle.create_tables()
    with multiprocessing.get_context("spawn").Pool(1) as elsewhere:
        assert elsewhere.apply(look, (database_url, tmp_path)) == 1
        chronicle.record(noted(uuid4()))
        assert elsewhere.apply(look, (database_url, tmp_path)) == 2
