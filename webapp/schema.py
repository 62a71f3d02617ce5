"""Which form the recording database has: it is brought up to date by `kronika upgrade`, and never read when newer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_babel import gettext
from sqlalchemy import Connection, Engine, text

import migrations
from webapp.labels import N_

VERSION_TABLE = "schema_version"
RESTORING = "restoring"  # stands for the version until everything is there: later than any, so that nobody opens it
NEWER = N_("The database (schema %(found)s) is newer than this program (schema %(known)s): update Kronika.")
UNFINISHED = N_("A restore into this database has not come to its end. Run the same kronika restore again.")
OLDER = N_("The database (schema %(found)s) is older than this program (schema %(known)s). Run: kronika upgrade")


class SchemaMismatch(Exception):
    """The database and this program do not fit: `found` is the database's version, `known` the program's."""

    def __init__(self, found: str | None, known: str) -> None:
        self.found, self.known = found, known
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if self.found is None:
            return str(gettext("The database has no tables yet. Run: kronika upgrade"))
        if self.found == RESTORING:
            return str(gettext(UNFINISHED))
        versions = {"found": self.found, "known": self.known}
        if self.found > self.known:
            return str(gettext(NEWER, **versions))
        return str(gettext(OLDER, **versions))


def upgrade(engine: Engine) -> str:
    """Create or change the tables that cannot be rebuilt, all or nothing; the version that the database has now."""
    require_known(engine)
    with changing(engine) as connection:
        migrate(connection, known_version())
    return known_version()


def require_known(engine: Engine) -> str:
    """The version that the database has, which is not newer than the program's; empty if it has none."""
    found, known = version_of(engine), known_version()
    if found is not None and found > known:
        raise SchemaMismatch(found, known)
    return found or ""


def downgrade(engine: Engine, to: str) -> None:
    """Back to what was there before; what newer tables hold is gone."""
    with changing(engine) as connection:
        command.downgrade(_alembic(connection=connection), to)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite's driver would begin it only with the first row."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def migrate(connection: Connection, to: str) -> None:
    command.upgrade(_alembic(connection=connection), to)


def mark(connection: Connection, version: str) -> None:
    connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :version"), {"version": version})  # noqa: S608  # our own name


def require_current(engine: Engine) -> None:
    found, known = version_of(engine), known_version()
    if found != known:
        raise SchemaMismatch(found, known)


def version_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return version_seen(connection)


def version_seen(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def serves(engine: Engine) -> bool:
    """The version of this program, or the next one: steps add, so pages go on until they are started again."""
    found, known = version_of(engine), known_version()
    return found in (known, f"{int(known) + 1:04}")


@cache
def known_version() -> str:
    """Of the program that runs: another one may be copied over its files meanwhile."""
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def _alembic(**attributes: object) -> Alembic:
    config = Alembic(attributes=attributes)
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
