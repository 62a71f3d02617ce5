"""A vault and an empty chronicle on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.chronicle import Chronicle, Vault
from tests.domain.chronicle.entries import chronicle_at


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key") as vault:
        yield vault


@pytest.fixture
def chronicle(database_url: str, vault: Vault) -> Iterator[Chronicle]:
    with chronicle_at(database_url, vault) as chronicle:
        chronicle.create_tables()
        yield chronicle
