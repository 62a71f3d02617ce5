"""What must be there before the first page: key file, vault, the sequence of entries, accounts, read tables."""

from __future__ import annotations

from domain.chronicle import Vault
from projections import engine
from webapp import schema
from webapp.config import Config
from webapp.stores import Stores


def prepare(config: Config, stores: Stores) -> None:
    """Makes what is missing and keeps what is there; only `kronika upgrade` and `init` do this, by one at a time."""
    stores.make_files()
    prepare_recorded(config, stores)
    engine.prepare(stores.reading)


def prepare_recorded(config: Config, stores: Stores) -> None:
    """All but what can be rebuilt from it."""
    schema.upgrade(stores.accounts)
    Vault.create(config.vault_url, config.key_file).close()
    stores.chronicle.create_tables()
