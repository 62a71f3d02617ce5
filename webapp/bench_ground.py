"""Where is it measured? In databases of its own, made for the run and thrown away."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from sqlalchemy import Engine

from domain.chronicle import Chronicle, Vault
from domain.chronicle.stores import is_postgres
from projections import engine
from webapp import bench_history
from webapp.stores import open_engine

Progress = Callable[[str, int, int], None]  # what is being done, how much of it, of how much


@dataclass
class Archive:
    """A chronicle with its read tables."""

    folder: Path
    database_url: str
    views_url: str
    chronicle: Chronicle
    reading: Engine


@dataclass
class Ground:
    kind: str
    version: str
    folder: Path
    server_url: str | None
    progress: Progress

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        with self.database() as (folder, url):
            views = url if self.server_url else url.replace("kronika.db", "kronika-views.db")
            with opened(folder, url, views) as archive:
                yield archive

    @contextmanager
    def filled(self, entries: int) -> Iterator[Archive]:
        """With so many entries recorded, or up to a coalition more, none of them folded."""
        coalitions = ceil(entries / bench_history.PER_COALITION)
        with self.archive() as archive:
            for n, each in enumerate(bench_history.entries(coalitions), 1):
                archive.chronicle.record(*each)
                self.progress("recording", 100 * n, 100 * coalitions)
            yield archive

    @contextmanager
    def database(self) -> Iterator[tuple[Path, str]]:
        """A folder and the address of a fresh database."""
        name = f"kronika_bench_{uuid4().hex[:12]}"
        folder = self.folder / name
        folder.mkdir()
        if self.server_url is None:
            yield folder, f"sqlite:///{folder / 'kronika.db'}"
            return
        tell(self.server_url, f"CREATE DATABASE {name}")
        try:
            yield folder, urlsplit(self.server_url)._replace(path=f"/{name}").geturl()
        finally:
            tell(self.server_url, f"DROP DATABASE {name} WITH (FORCE)")


def in_silence(_step: str, _done: int, _of: int) -> None:
    pass


@contextmanager
def ground(database_url: str | None, progress: Progress = in_silence) -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="kronika-bench-") as folder:
        if database_url is None or not is_postgres(database_url):
            yield Ground("sqlite", sqlite3.sqlite_version, Path(folder), None, progress)
            return
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        yield Ground("postgresql", str(row[0]) if row else "", Path(folder), database_url, progress)


@contextmanager
def opened(folder: Path, url: str, views_url: str) -> Iterator[Archive]:
    with Vault.create(f"sqlite:///{folder}/vault.db", folder / "key") as vault, Chronicle(url, vault) as chronicle:
        chronicle.create_tables()
        reading = open_engine(views_url, can_be_rebuilt=True)
        try:
            engine.prepare(reading)
            yield Archive(folder, url, views_url, chronicle, reading)
        finally:
            reading.dispose()


def tell(server_url: str, statement: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.encode())
