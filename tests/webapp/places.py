"""Where do tests of backup, restore and upgrade happen? In as many empty places as they ask for, of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projections import engine, organisations
from projections.roster import as_json, roster
from projections.timeline import register
from tests.postgres import Server
from tests.webapp.storing import config_in
from webapp.accounts import account
from webapp.commands.verifying import Found, everything
from webapp.config import Config
from webapp.stores import Stores, open_stores

KINDS = ("sqlite", "postgresql")
Place = Callable[[str], Config]
DAYS = ("2012-06-01", "2016-06-01", "2020-05-15")
COALITION = "Žmogaus teisių koalicija"


@contextmanager
def places(folder: Path, server: Server) -> Iterator[Place]:
    numbers = count(1)
    with ExitStack() as made:

        def place(kind: str) -> Config:
            at = folder / f"place-{next(numbers)}"
            at.mkdir(mode=0o700)
            return config_in(at, None if kind == "sqlite" else made.enter_context(server.fresh_database()))

        yield place


@contextmanager
def opened(config: Config) -> Iterator[Stores]:
    with closing(open_stores(config)) as stores:
        yield stores


def problems(config: Config) -> list[Found]:
    with opened(config) as stores:
        return list(everything(stores, stores.chronicle.last_position(), lambda *_: None))


def everything_in(config: Config) -> dict[str, Any]:
    """Entries as they lie, accounts, and what pages show."""
    with opened(config) as stores:
        rows = stores.chronicle.recorder.ask(
            "SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, leaf, command_id"
            " FROM kronika_entries ORDER BY notification_id"
        )
        words = [(each.position, each.content) for each in stores.chronicle.after(0, len(rows))]
        with stores.accounts.connect() as connection:
            accounts = [tuple(row) for row in connection.execute(select(account).order_by(account.c.email))]
        return {
            "entries": [tuple(UUID(str(each)) if n in (1, 7) else each for n, each in enumerate(row)) for row in rows],
            "words": words,
            "accounts": accounts,
            **_shown(stores),
        }


def _shown(stores: Stores) -> dict[str, Any]:
    engine.keep_up(stores.chronicle, stores.reading)
    with stores.reading.connect() as connection:
        found = organisations.find(connection, COALITION)
        return {
            "register": register(connection, limit=1000),
            "rosters": [as_json(roster(connection, found[0].id, date.fromisoformat(day))) for day in DAYS if found],
        }
