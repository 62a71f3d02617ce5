"""A chronicle and its read tables on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.chronicle import Chronicle, Vault
from projections import engine
from tests.projections.archive import Archive
from webapp.stores import open_engine


def views_at(database_url: str) -> str:
    return database_url.replace("kronika.db", "kronika-views.db")


@pytest.fixture
def archive(database_url: str, tmp_path: Path) -> Iterator[Archive]:
    with Vault.create(f"sqlite:///{tmp_path}/vault.db", tmp_path / "key") as vault:
        chronicle = Chronicle(database_url, vault)
        chronicle.create_tables()
        reading = open_engine(views_at(database_url), can_be_rebuilt=True)
        engine.prepare(reading)
        with chronicle:
            yield Archive(chronicle, reading)
        reading.dispose()
