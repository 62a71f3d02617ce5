"""Which form the recording database has: it is brought up to date by `kronika upgrade`, and never read when newer."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_babel import gettext
from sqlalchemy import Engine

import migrations
from webapp.labels import N_

VERSION_TABLE = "schema_version"
NEWER = N_("The database (schema %(found)s) is newer than this program (schema %(known)s): update Kronika.")
OLDER = N_("The database (schema %(found)s) is older than this program (schema %(known)s). Run: kronika upgrade")


class SchemaMismatch(Exception):
    """The database and this program do not fit: `found` is the database's version, `known` the program's."""

    def __init__(self, found: str | None, known: str) -> None:
        self.found, self.known = found, known
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if self.found is None:
            return str(gettext("The database has no tables yet. Run: kronika upgrade"))
        versions = {"found": self.found, "known": self.known}
        if self.found > self.known:
            return str(gettext(NEWER, **versions))
        return str(gettext(OLDER, **versions))


def upgrade(engine: Engine) -> str:
    """Create or change the tables that cannot be rebuilt; the version that the database has now."""
    found, known = version_of(engine), known_version()
    if found is not None and found > known:
        raise SchemaMismatch(found, known)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection=connection), "head")
    return known


def require_current(engine: Engine) -> None:
    found, known = version_of(engine), known_version()
    if found != known:
        raise SchemaMismatch(found, known)


def version_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision()


def known_version() -> str:
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def _alembic(**attributes: object) -> Alembic:
    config = Alembic(attributes=attributes)
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
