"""Which database does an earlier version leave behind? Made once a version, kept as text in `stored`, never remade."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from domain.chronicle.stores import make_file, path_of
from projections import engine
from tests.postgres import find_binaries, running_server
from tests.webapp.files import imported
from webapp.accounts import Accounts
from webapp.config import Config, read_config
from webapp.installation import prepare
from webapp.schema import known_version
from webapp.stores import open_stores

STORED = Path(__file__).parent / "stored"
EMAIL, PASSWORD = "audra@example.org", "seven quiet herons"
FILES = {"kronika.db": "recorded.sql", "kronika-views.db": "views.sql", "vault.db": "vault.sql"}


def config_in(folder: Path, database_url: str | None = None) -> Config:
    told = {"KRONIKA_DATA": str(folder), "KRONIKA_CONFIG": str(folder / "none.toml")}
    return read_config({**told, **({"KRONIKA_DATABASE_URL": database_url} if database_url else {})})


def keep() -> Path:
    """The installation that this version of the program makes: on SQLite, and on PostgreSQL with a vault of its own."""
    place = STORED / known_version()
    place.mkdir()
    with tempfile.TemporaryDirectory() as name, running_server() as server, server.fresh_database() as url:
        for kind, address in (("sqlite", None), ("postgresql", url)):
            folder, kept = Path(name) / kind, place / kind
            fill(config_in(folder, address))
            kept.mkdir()
            (kept / "vault.key").write_bytes((folder / "vault.key").read_bytes())
            for file, text in FILES.items():
                if (folder / file).exists():
                    (kept / text).write_text(dump_of(folder / file), encoding="utf-8")
            if address:
                (kept / "recorded.sql").write_text(dump_of_server(address), encoding="utf-8")
    return place


def fill(config: Config) -> None:
    stores = open_stores(config)
    try:
        prepare(config, stores)
        accounts = Accounts(stores.accounts)
        audra = accounts.add(EMAIL, "Audra", "secretariat", PASSWORD, "lt")
        accounts.begin(audra.id, "127.0.0.1", "a browser")
        imported(stores, files("webapp").joinpath("examples", "ztok.csv").read_bytes())
        engine.keep_up(stores.chronicle, stores.reading)
    finally:
        stores.close()


def dump_of(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def dump_of_server(url: str) -> str:
    """Without the lines that only psql understands."""
    command = [f"{find_binaries()}/pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return "\n".join(line for line in told if line and not line.startswith(("\\", "--"))) + "\n"


def put_back(version: str, folder: Path, database_url: str) -> Config:
    """The installation of that version, in an empty folder and an empty database."""
    config = config_in(folder, database_url)
    kept = STORED / version / urlsplit(database_url).scheme
    config.key_file.write_bytes((kept / "vault.key").read_bytes())
    for url, text in ((config.database_url, "recorded"), (config.views_url, "views"), (config.vault_url, "vault")):
        if url.startswith("sqlite"):
            load(path_of(url), (kept / f"{text}.sql").read_text(encoding="utf-8"))
    if not database_url.startswith("sqlite"):
        with psycopg.connect(database_url) as connection:
            connection.execute((kept / "recorded.sql").read_bytes())
    return config


def load(file: Path, dump: str) -> None:
    make_file(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump)


if __name__ == "__main__":
    sys.stdout.write(f"{keep()}\n")
