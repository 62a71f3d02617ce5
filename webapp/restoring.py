"""How does a backup become a register again? Into an empty place, and nobody can open it until it was verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Engine, LargeBinary, MetaData, Table, Text, Uuid, inspect
from sqlalchemy.engine import make_url

from domain.chronicle import PORTION, Vault, VaultUnavailable
from domain.chronicle.key_files import fingerprint, read_key
from domain.chronicle.keys import KeptKey, keys_at
from domain.chronicle.merkle import root
from domain.chronicle.stores import is_postgres, make_file, path_of
from domain.refused import Refused
from projections import bulk, engine
from projections.tables import ReadTable
from webapp import backup_file, removal_traces, schema
from webapp.accounts import tables
from webapp.backup import ENTRIES, KEYS, Copied
from webapp.backup_file import Reader
from webapp.backup_files import take_in_files
from webapp.backup_tables import tables_of, take_in
from webapp.catching_up import rebuild
from webapp.commands.verifying import Found, everything
from webapp.config import Config
from webapp.importing import Progress, no_progress
from webapp.ownership import require_owner
from webapp.stores import Stores, open_stores
from webapp.upgrading import alone

entry_table = ReadTable(
    Table(
        "kronika_entries",
        MetaData(),
        Column("notification_id", BigInteger),
        Column("originator_id", Uuid),
        Column("originator_version", BigInteger),
        Column("topic", Text),
        Column("recorded_at", BigInteger),
        Column("state", LargeBinary),
        Column("leaf", LargeBinary),
        Column("command_id", Uuid),
    ),
    keys=1,
)
OURS = frozenset((entry_table.name, schema.VERSION_TABLE, *tables.tables))


class Restored(NamedTuple):
    """What came back, and what verifying found wrong with it; if anything, it cannot be opened."""

    entries: int
    problems: tuple[Found, ...]


def restore(
    config: Config,
    file: Path,
    vault_file: Path | None,
    progress: Progress = no_progress,
    *,
    key_file: Path | None = None,
    anyway: bool = False,
    single_role: bool = False,
) -> Restored:
    """Killed at any moment, it is begun anew by the same command. `anyway`: in spite of problems it can be opened."""
    with ExitStack() as open_:
        register = open_.enter_context(backup_file.opened(file, "register"))
        keys = open_.enter_context(backup_file.opened(vault_file, "vault")) if vault_file else None
        _refuse_newer(file, register)
        make_place(config)
        stores = open_.enter_context(closing(open_stores(config)))
        require_owner(stores.accounts, single_role)
        open_.enter_context(alone(config, stores.accounts))
        _refuse_living(config, stores.accounts)
        _open_vault(config, key_file, vault_file, keys)
        _take_in_tables(stores.accounts, register)
        stores.chronicle.create_tables()
        _take_in_entries(stores.accounts, register, progress)
        if keys:
            stores.chronicle.vault.take_over(keys.lines(KEYS, KeptKey))
        take_in_files(config, register)
        return _opened_if_sound(stores, progress, anyway)


def make_place(config: Config) -> None:
    for url in (config.database_url, config.views_url):
        if not is_postgres(url):
            make_file(path_of(url))


def _refuse_newer(file: Path, register: Reader) -> None:
    found, known = register.manifest.schema, schema.known_version()
    if found > known:
        raise Refused("backup.newer_schema", file=str(file), found=found, known=known)


def _refuse_living(config: Config, recorded: Engine) -> None:
    """Unless it is what a restore left that was killed."""
    if schema.version_of(recorded) != schema.RESTORING and OURS & set(inspect(recorded).get_table_names()):
        raise Refused("backup.living", place=shown(config.database_url))


# Keys


def _open_vault(config: Config, key_file: Path | None, vault_file: Path | None, keys: Reader | None) -> None:
    """The one that is there, or an empty one for the keys of the copy, if the key file opens them."""
    if keys:
        _require_key_file(key_file or config.key_file, str(vault_file), keys)
    _place_key(config, key_file)
    if keys is None:
        _require_keys(config)
        return
    with Vault.create(config.vault_url, config.key_file) as vault:
        here = {key.id for key in vault.copied()}
        if here and not here <= {key.id for key in keys.lines(KEYS, KeptKey)}:
            raise Refused("backup.keys_differ", vault=shown(config.vault_url), file=str(vault_file))


def _place_key(config: Config, key_file: Path | None) -> None:
    """A copy of it where the settings look for it."""
    if key_file is None:
        return
    secret = read_key(key_file)
    if not config.key_file.exists():
        with backup_file.new_file(config.key_file) as out:
            out.write(key_file.read_bytes())
    elif read_key(config.key_file) != secret:
        raise Refused("backup.key_file_there", key_file=str(config.key_file))


def _require_keys(config: Config) -> None:
    if not _has_keys(config.vault_url):
        raise Refused("backup.vault_missing", vault=shown(config.vault_url))


def _has_keys(vault_url: str) -> bool:
    with closing(keys_at(vault_url)) as keys:
        try:
            return keys.wrapped_by() is not None
        except VaultUnavailable as unavailable:
            if unavailable.reason not in ("not_set_up", "" if is_postgres(vault_url) else "gone"):
                raise
            return False


def _require_key_file(key_file: Path, file: str, keys: Reader) -> None:
    used = {key.wrapped_by for key in keys.lines(KEYS, KeptKey) if key.wrapped is not None}
    if used and not key_file.exists():
        raise Refused("backup.key_file_missing", key_file=str(key_file), file=file)
    if used and used != {fingerprint(read_key(key_file))}:
        raise Refused("backup.other_key_file", key_file=str(key_file), file=file)


def shown(url: str) -> str:
    """As people know it, without its password."""
    return make_url(url).render_as_string() if is_postgres(url) else str(path_of(url))


# Rows


def _take_in_tables(recorded: Engine, register: Reader) -> None:
    """As that version had them, then brought up to this one. From here on a restore is under way."""
    with schema.changing(recorded) as connection:
        _clear(connection)
        schema.migrate(connection, register.manifest.schema)
        for table in tables_of(connection):
            if (part := f"{table.name}.jsonl") in register.manifest.parts:
                take_in(connection, table, register.lines(part, dict[str, Any]))
        schema.migrate(connection, schema.known_version())
        schema.mark(connection, schema.RESTORING)


def _clear(connection: Connection) -> None:
    """What a restore left that was killed; in an empty place there is nothing."""
    there = set(inspect(connection).get_table_names())
    names = [table.name for table in reversed(tables.sorted_tables)]
    for name in (entry_table.name, *names, schema.VERSION_TABLE):
        if name in there:
            bulk.drop(connection, name)


def _take_in_entries(recorded: Engine, register: Reader, progress: Progress) -> None:
    told = register.manifest
    with schema.changing(recorded) as connection:
        leaves = _stored(connection, register.lines(ENTRIES, Copied), told.last_position, progress)
        if root(leaves).hex() != told.root:
            raise Refused("backup.root_differs", file=register.name)


def _stored(connection: Connection, lines: Iterator[Copied], last: int, progress: Progress) -> Iterator[bytes]:
    as_row = tuple if connection.dialect.name == "postgresql" else _row_of_file
    while portion := list(islice(lines, PORTION)):
        bulk.append(connection, entry_table, "", [as_row(line) for line in portion])
        yield from (line.leaf for line in portion)
        progress("restoring", portion[-1].position, last)


def _row_of_file(line: Copied) -> tuple[Any, ...]:
    """SQLite keeps ids as 32 digits."""
    return (line.position, line.originator_id.hex, *line[2:7], line.command_id.hex)


# The end


def _opened_if_sound(stores: Stores, progress: Progress, anyway: bool) -> Restored:
    engine.prepare(stores.reading)
    rebuild(stores, engine.EVERYTHING, progress)
    removal_traces.repeat(stores)
    entries = stores.chronicle.last_position()
    problems = tuple(everything(stores, entries, progress))
    if anyway or not problems:
        with schema.changing(stores.accounts) as connection:
            schema.mark(connection, schema.known_version())
    return Restored(entries, problems)
