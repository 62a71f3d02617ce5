"""Which role of PostgreSQL owns the entries? Whoever owns a table can take away what guards it."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Engine, TextClause, text

from domain.chronicle.stores import is_postgres
from domain.refused import Refused
from webapp.config import Config
from webapp.stores import open_stores

OF_TABLES = text(
    "SELECT pg_get_userbyid(relowner) AS owner, current_user AS role, pg_has_role(relowner, 'USAGE') AS is_owner"
    " FROM pg_class WHERE oid = to_regclass('kronika_entries')"
)
OF_DATABASE = text(
    "SELECT pg_get_userbyid(datdba) AS owner, current_user AS role, pg_has_role(datdba, 'USAGE') AS is_owner"
    " FROM pg_database WHERE datname = current_database()"
)


class Owned(NamedTuple):
    owner: str
    role: str
    is_owner: bool


def require_owner(recorded: Engine, single_role: bool = False) -> None:
    """Nobody else can change the tables, and what anybody else made would belong to the wrong role.

    `single_role`: where there are none yet, they may belong to whoever makes them in another's database.
    """
    tables = _owned(recorded, OF_TABLES)
    if tables and not tables.is_owner:
        raise Refused("upgrade.not_the_owner", owner=tables.owner, role=tables.role)
    database = None if tables or single_role else _owned(recorded, OF_DATABASE)
    if database and not database.is_owner:
        raise Refused("upgrade.single_role", owner=database.owner, role=database.role)


def is_served_by_owner(config: Config) -> bool:
    """SQLite knows no roles."""
    if not is_postgres(config.database_url):
        return False
    with closing(open_stores(config)) as stores:
        owned = _owned(stores.accounts, OF_TABLES)
        return owned is not None and owned.is_owner


def _owned(recorded: Engine, asked: TextClause) -> Owned | None:
    if recorded.dialect.name != "postgresql":
        return None
    with recorded.connect() as connection:
        found = connection.execute(asked).first()
    return Owned(*found) if found else None
