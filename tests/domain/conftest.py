"""A register on each database, in which commands that reach over several histories are tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.chronicle import Chronicle, Vault
from tests.domain.registers import Clock, Register


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    clock = Clock()
    with (
        Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key") as vault,
        Chronicle(database_url, vault, clock=clock) as chronicle,
    ):
        chronicle.create_tables()
        yield Register(chronicle, clock)
