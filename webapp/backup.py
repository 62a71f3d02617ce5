"""How is a copy made of everything that cannot be rebuilt, all of one moment, while people write?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from domain.chronicle import PORTION, ChronicleUnavailable, Vault
from domain.chronicle.integrity import NEXT
from domain.chronicle.mapper import Row
from domain.chronicle.merkle import leaf_hash, root
from domain.chronicle.recorders import as_uuid
from domain.chronicle.shapes import misshapen
from domain.refused import Refused
from projections import bulk
from projections.comparing import snapshot
from webapp import schema
from webapp.backup_file import Manifest, Writer, written
from webapp.backup_files import RemovedMeanwhile, save_files
from webapp.backup_tables import FILES, tables_of
from webapp.config import Config
from webapp.importing import Progress, no_progress
from webapp.stores import Stores

ENTRIES, KEYS = "entries.jsonl", "keys.jsonl"
ATTEMPTS = 10


class Copied(NamedTuple):
    """A line of the part of entries: a row of the chronicle with every column as it is."""

    position: int
    originator_id: UUID
    originator_version: int
    name: str
    stamp: int
    state: bytes
    leaf: bytes
    command_id: UUID


class ErasedMeanwhile(Exception):
    """A key was erased between the two copies: the copy of the vault would know of it, that of the entries not."""


def back_up(
    config: Config, stores: Stores, file: Path, vault_file: Path | None = None, progress: Progress = no_progress
) -> Manifest:
    """Both files, or none. The keys of sealed words are in the second alone, and the key file is in neither."""
    for _ in range(ATTEMPTS):
        try:
            return _attempt(config, stores, file, vault_file, progress)
        except (ErasedMeanwhile, RemovedMeanwhile):
            continue
    raise ChronicleUnavailable("locked", "words are being removed all the time")


def _attempt(config: Config, stores: Stores, file: Path, vault_file: Path | None, progress: Progress) -> Manifest:
    vault = stores.chronicle.vault
    fences = _fences(vault) if vault_file else 0
    with ExitStack() as whole:
        connection = whole.enter_context(snapshot(stores.accounts))
        begun = _begun(connection)
        if vault_file:
            keys = whole.enter_context(written(vault_file))
            if _save_keys(keys, vault, begun) != fences:
                raise ErasedMeanwhile
        with written(file) as register:
            manifest = _register(connection, begun, register, progress)
            if FILES in manifest.counts:  # an earlier version had none
                manifest.counts["files"] = save_files(config, register, connection, stores.accounts)
            register.manifest(manifest)
            return manifest


def _fences(vault: Vault) -> int:
    return sum(key.wrapped is None for key in vault.copied())


def _begun(connection: Connection) -> dict[str, Any]:
    """What both files say of the moment that they are of; with this question the moment begins."""
    last = connection.exec_driver_sql("SELECT coalesce(max(notification_id), 0) FROM kronika_entries").scalar_one()
    return {
        "made_at": datetime.now(UTC),
        "program": version("kronika"),
        "database": connection.dialect.name,
        "schema": schema.version_seen(connection) or "",
        "last_position": last,
    }


def _save_keys(writer: Writer, vault: Vault, begun: dict[str, Any]) -> int:
    """How many fences are among them."""
    fences = 0

    def counted() -> Iterator[Any]:
        nonlocal fences
        for key in vault.copied():
            fences += key.wrapped is None
            yield key

    count = writer.lines(KEYS, counted())
    writer.manifest(Manifest(kind="vault", root="", counts={"keys": count, "fences": fences}, **begun))
    return fences


def _register(connection: Connection, begun: dict[str, Any], writer: Writer, progress: Progress) -> Manifest:
    """Writes the rows; what they were."""
    counts = {"entries": writer.lines(ENTRIES, _entries(connection, begun["last_position"], progress))}
    for table in tables_of(connection):
        rows = connection.execute(select(table).execution_options(yield_per=PORTION)).mappings()
        counts[table.name] = writer.lines(f"{table.name}.jsonl", map(dict, rows))
    return Manifest(kind="register", root=root(_leaves(connection)).hex(), counts=counts, **begun)


def _entries(connection: Connection, last: int, progress: Progress) -> Iterator[Copied]:
    """In order of position. What is not as it was recorded is no backup."""
    position = 0
    question = NEXT.replace("?", bulk.mark(connection))
    while portion := connection.exec_driver_sql(question, (position, PORTION)).fetchall():
        for row in portion:
            if misshapen(tuple(row)) or row[0] != position + 1 or _leaf(tuple(row)) != row[6]:
                raise Refused("backup.damaged", position=position + 1)
            position = row[0]
            yield Copied._make((position, as_uuid(row[1]), *row[2:7], as_uuid(row[7])))
        progress("saving", position, last)


def _leaf(row: tuple[Any, ...]) -> bytes:
    return leaf_hash(Row(row[0], as_uuid(row[1]), *row[2:7]))


def _leaves(connection: Connection) -> Iterator[bytes]:
    question = "SELECT leaf FROM kronika_entries ORDER BY notification_id"
    for (leaf,) in connection.exec_driver_sql(question, execution_options={"yield_per": PORTION}):
        yield leaf
