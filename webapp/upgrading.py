"""How does an installation come to this version of the program? Saved first, while pages are served, or not at all."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from domain.refused import Refused
from projections import engine
from projections.digesting import upkeep
from projections.progress import put_back
from projections.tables import Projection
from webapp import catching_up, schema
from webapp.backup import back_up
from webapp.config import Config
from webapp.importing import Progress
from webapp.installation import prepare, prepare_recorded
from webapp.ownership import require_owner
from webapp.stores import Stores

FOLDER = "backups"
KEPT = 5
LOCK = 7_310_579_028_462  # any number, the same for every process


class Saved(NamedTuple):
    """What was there before, to be restored if need be."""

    register: Path
    vault: Path


class Failed(Exception):
    """Nothing was changed. What stopped it is the cause."""

    def __init__(self, saved: Saved) -> None:
        super().__init__(str(saved.register))
        self.saved = saved


def upgrade(config: Config, stores: Stores, progress: Progress) -> Saved | None:
    """Killed at any moment, the old tables or the new ones serve, and the next one goes on. None: nothing to save."""
    stores.make_files()
    require_owner(stores.accounts)
    with alone(config, stores.accounts):
        saved = _changed(config, stores, progress) if schema.version_of(stores.accounts) else None
        prepare(config, stores)
        catching_up.mend(stores, progress)
    return saved


@contextmanager
def alone(config: Config, recorded: Engine) -> Iterator[None]:
    """While tables are made or changed. Whoever holds it and is killed holds it no more."""
    if recorded.dialect.name == "postgresql":
        with recorded.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (LOCK,)).scalar_one():
                raise Refused("upgrade.under_way")
            try:
                yield
            finally:
                connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))
        return
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (config.folder / "upgrading").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Refused("upgrade.under_way") from held
        yield


def _changed(config: Config, stores: Stores, progress: Progress) -> Saved | None:
    found = schema.require_known(stores.accounts)
    stores.chronicle.vault.settle()
    upkeep.create_all(stores.reading)
    outdated = engine.outdated(stores.reading)
    if found == schema.known_version() and not outdated:
        return None
    saved, rebuilds = _save(config, stores, found, progress), engine.rebuilds(stores.reading)
    try:
        _change(config, stores, outdated, progress)
    except Exception as error:
        _put_back(stores, found)
        put_back(stores.reading, rebuilds)
        raise Failed(saved) from error
    return saved


def _save(config: Config, stores: Stores, found: str, progress: Progress) -> Saved:
    folder = config.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(".*.unfinished"):
        left.unlink()
    name = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}-schema-{found}"
    saved = Saved(folder / f"{name}.zip", folder / f"{name}-vault.zip")
    back_up(config, stores, saved.register, saved.vault, progress)
    for old in sorted(folder.glob("*-vault.zip"))[:-KEPT]:
        old.with_name(old.name.replace("-vault", "")).unlink(missing_ok=True)
        old.unlink()
    return saved


def _change(config: Config, stores: Stores, outdated: Sequence[Projection], progress: Progress) -> None:
    """Read tables take the longest and are made first, beside the old ones; only then is anything changed."""
    if not outdated:
        prepare_recorded(config, stores)
        return
    engine.rebuild(
        stores.chronicle,
        stores.reading,
        outdated,
        lambda done, of: progress("rebuilding", done, of),
        before_swap=lambda: prepare_recorded(config, stores),
    )


def _put_back(stores: Stores, found: str) -> None:
    if schema.version_of(stores.accounts) != found:
        schema.downgrade(stores.accounts, found)
    engine.clear_leftovers(stores.reading)
