"""The databases behind the pages: what was recorded, what can be rebuilt from it, and who may sign in."""

from __future__ import annotations

import select
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError

from domain.chronicle import Chronicle, Vault
from domain.chronicle.files import Files
from domain.chronicle.stores import is_postgres, make_file, path_of
from webapp.config import Config

BUSY_MILLISECONDS = 5000
KEPT = ("synchronous = FULL", "secure_delete = ON")  # a row that is taken out leaves no bytes
REBUILT = ("synchronous = NORMAL", f"mmap_size = {2**31 - 2**16}")  # read where it lies in memory


class MissingFile(Exception):
    """A database that should be a file is not there, and is not made by looking at it. `others`: what is there."""

    def __init__(self, path: Path, others: tuple[Path, ...] = ()) -> None:
        super().__init__(f"{path} is missing")
        self.path, self.others = path, others


class Stores:
    """Opened when first asked for, kept for the life of the process; files are made by `make_files` alone."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def chronicle(self) -> Chronicle:
        return Chronicle(self._config.database_url, Vault(self._config.vault_url, self._config.key_file))

    @cached_property
    def reading(self) -> Engine:
        self._require(self._config.views_url)
        return open_engine(self._config.views_url, can_be_rebuilt=True, makes_file=False)

    @cached_property
    def accounts(self) -> Engine:
        self._require(self._config.database_url, self._config.vault_url, self._config.views_url)
        return open_engine(self._config.database_url, makes_file=False)

    @cached_property
    def files(self) -> Files:
        return Files(self._config.folder / "files")

    def make_files(self) -> None:
        """Those that are missing, for their owner alone; none beside what another register has left."""
        config = self._config
        if others := self._left(config.database_url, config.vault_url, config.views_url):
            raise MissingFile(path_of(config.database_url), others)
        for url in (config.database_url, config.views_url):
            if not is_postgres(url):
                make_file(path_of(url))

    def _require(self, url: str, *others: str) -> None:
        if not is_postgres(url) and not path_of(url).exists():
            raise MissingFile(path_of(url), self._left(url, *others))

    @staticmethod
    def _left(url: str, *others: str) -> tuple[Path, ...]:
        """What is there although the file of `url` is not."""
        if is_postgres(url) or path_of(url).exists():
            return ()
        return tuple(path_of(each) for each in others if not is_postgres(each) and path_of(each).exists())

    def close(self) -> None:
        opened = self.__dict__
        for engine in (opened.get("reading"), opened.get("accounts")):
            if engine:
                engine.dispose()
        if "chronicle" in opened:
            self.chronicle.close()


def open_stores(config: Config) -> Stores:
    return Stores(config)


def open_engine(url: str, can_be_rebuilt: bool = False, makes_file: bool = True) -> Engine:
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        path = path_of(url)
        if makes_file:
            make_file(path)
        engine = create_engine(address, creator=lambda: _opened(path), hide_parameters=True)
        event.listen(engine, "connect", _sqlite_settings(REBUILT if can_be_rebuilt else KEPT))
        return engine
    engine = create_engine(address, pool_use_lifo=True, hide_parameters=True, connect_args={"connect_timeout": 5})
    event.listen(engine, "checkout", _still_connected)
    return engine


def _still_connected(connection: Any, _record: object, _proxy: object) -> None:
    """A server that went away has said so: what can be read from an idle connection is its farewell. Asking it each
    time would cost a round trip."""
    if select.select([connection.fileno()], [], [], 0)[0]:
        raise DisconnectionError("the server closed the connection")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, check_same_thread=False)


def _address(url: str) -> URL:
    address = make_url(url)
    return address if address.get_backend_name() == "sqlite" else address.set(drivername="postgresql+psycopg")


def _sqlite_settings(more: Sequence[str]) -> Any:
    def settle(connection: sqlite3.Connection, _record: object) -> None:
        for setting in (f"busy_timeout = {BUSY_MILLISECONDS}", "journal_mode = WAL", "foreign_keys = ON", *more):
            connection.execute(f"PRAGMA {setting}")

    return settle
