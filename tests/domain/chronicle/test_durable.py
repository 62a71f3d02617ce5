"""Is what was acknowledged still there when the process was killed in the middle of its work?"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.chronicle import Chronicle, Vault
from domain.chronicle.integrity import check
from tests.domain.chronicle.entries import chronicle_at, noted

ROUNDS = 4
SECONDS = 60


def write_on(url: str, folder: Path, told: Connection) -> None:
    """Records until it is killed, and tells what was acknowledged."""
    with Vault(f"sqlite:///{folder}/vault.db", folder / "key") as vault, chronicle_at(url, vault) as chronicle:
        while True:
            first, second = noted(uuid4(), title="a"), noted(uuid4(), title="b")
            told.send((chronicle.record(first, second), second.command_id))


def killed_while_recording(url: str, folder: Path, acknowledged: int) -> dict[UUID, int]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    writer = context.Process(target=write_on, args=(url, folder, theirs))
    writer.start()
    told: dict[UUID, int] = {}
    while len(told) < acknowledged and ours.poll(SECONDS):
        position, command_id = ours.recv()
        told[command_id] = position
    writer.kill()
    writer.join()
    theirs.close()
    return told | received(ours)


def received(ours: Connection) -> dict[UUID, int]:
    """What was still on its way; the last message may have been cut."""
    told: dict[UUID, int] = {}
    try:
        while ours.poll():
            position, command_id = ours.recv()
            told[command_id] = position
    except (EOFError, OSError):
        ours.close()
    return told


def test_what_was_acknowledged_survives_kill_9(chronicle: Chronicle, database_url: str, tmp_path: Path) -> None:
    told: dict[UUID, int] = {}
    for acknowledged in range(1, ROUNDS + 1):
        told |= killed_while_recording(database_url, tmp_path, 3 * acknowledged)
    assert chronicle.recorded_many(told) == set(told)
    for command_id, position in told.items():
        found = chronicle.recorded(command_id)
        assert found is not None
        assert found[0] == position
    assert chronicle.last_position() % 2 == 0, "the two of one call are stored together"
    assert list(check(chronicle)) == []


@pytest.mark.soak
def test_what_was_acknowledged_survives_kill_9_many_times(
    chronicle: Chronicle, database_url: str, tmp_path: Path
) -> None:
    told: dict[UUID, int] = {}
    for number in range(250):
        told |= killed_while_recording(database_url, tmp_path, 1 + number % 20)
    assert chronicle.recorded_many(told) == set(told)
    assert list(check(chronicle)) == []
