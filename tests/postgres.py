"""Which PostgreSQL do the tests run on? One of their own, made for the run in a temporary folder and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "unix_socket_directories": "",
}
SECONDS_TO_START = 30
ATTEMPTS = 5


class NoPostgres(Exception):
    """PostgreSQL is not there, or does not start."""


class Server:
    """A running server; `fresh_database` gives the address of an empty database for as long as it is needed."""

    def __init__(self, port: int, password: str) -> None:
        self._root = f"postgresql://kronika:{password}@127.0.0.1:{port}"

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.url(name)
        finally:
            self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, database: str) -> str:
        return f"{self._root}/{database}"

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())


def find_binaries() -> Path | None:
    """The folder of the newest server that is installed, or None."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    debian = sorted(folders, key=lambda path: float(path.parts[-3]), reverse=True)
    elsewhere = shutil.which("initdb")
    found = [*debian, *([Path(elsewhere).resolve()] if elsewhere else [])]
    return found[0].parent if found else None


@contextmanager
def running_server() -> Iterator[Server]:
    binaries = find_binaries()
    if binaries is None:
        raise NoPostgres("no PostgreSQL server is installed: `make test` installs one")
    folder = Path(tempfile.mkdtemp(prefix="kronika-postgres-"))
    try:
        yield from _served(binaries, folder)
    finally:
        shutil.rmtree(folder)


def _served(binaries: Path, folder: Path) -> Iterator[Server]:
    password = uuid4().hex
    _initialise(binaries, folder, password)
    process, server = _started(binaries, folder, password)
    try:
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=SECONDS_TO_START)


def _initialise(binaries: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    if owner := _other_user():
        shutil.chown(folder, owner)
        shutil.chown(secret, owner)
    _run_to_end(
        [
            *_as_owner(),
            f"{binaries}/initdb",
            f"--pgdata={folder}/cluster",
            f"--pwfile={secret}",
            "--username=kronika",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
    )


def _started(binaries: Path, folder: Path, password: str) -> tuple[subprocess.Popen[bytes], Server]:
    """Another process may take the port that was free: then the next one is tried."""
    log = folder / "log"
    for _ in range(ATTEMPTS):
        port = _free_port()
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, "port": port}.items()]
        command = [*_as_owner(), f"{binaries}/postgres", "-D", f"{folder}/cluster", "-h", "127.0.0.1", *settings]
        with log.open("ab") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/")
        server = Server(port, password)
        if _answers(process, server):
            return process, server
    raise NoPostgres(log.read_text(encoding="utf-8", errors="replace"))


def _answers(process: subprocess.Popen[bytes], server: Server) -> bool:
    give_up = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up:
        try:
            server.tell("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    process.kill()
    process.wait()
    return False


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root; and it ends when the tests are killed, so that nothing is left running."""
    owner = _other_user()
    change = [f"--reuid={owner}", f"--regid={owner}", "--clear-groups"] if owner else []
    return ["setpriv", *change, "--pdeathsig=INT"]


def _other_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run_to_end(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode != 0:
        raise NoPostgres(done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(find_binaries() is None)
