"""The databases behind the pages: what was recorded, what can be rebuilt from it, and who may sign in."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from domain.chronicle import Chronicle, Vault
from domain.chronicle.stores import is_postgres, make_file, path_of
from webapp.config import Config

BUSY_MILLISECONDS = 5000


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
        return open_engine(self._config.views_url, synchronous="NORMAL", makes_file=False)

    @cached_property
    def accounts(self) -> Engine:
        self._require(self._config.database_url, self._config.vault_url, self._config.views_url)
        return open_engine(self._config.database_url, makes_file=False)

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


def open_engine(url: str, synchronous: str = "FULL", makes_file: bool = True) -> Engine:
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        path = path_of(url)
        if makes_file:
            make_file(path)
        engine = create_engine(address, creator=lambda: _opened(path))
        event.listen(engine, "connect", _sqlite_settings(synchronous))
        return engine
    return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 5})


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, check_same_thread=False)


def _address(url: str) -> URL:
    address = make_url(url)
    return address if address.get_backend_name() == "sqlite" else address.set(drivername="postgresql+psycopg")


def _sqlite_settings(synchronous: str) -> Any:
    def settle(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")

    return settle
