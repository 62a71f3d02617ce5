"""Which role of PostgreSQL owns the entries? Whoever owns a table can take away what guards it."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Engine, text

from domain.chronicle.stores import is_postgres
from domain.refused import Refused
from webapp.config import Config
from webapp.stores import open_stores

ASKED = text(
    "SELECT pg_get_userbyid(relowner) AS owner, current_user AS role, pg_has_role(relowner, 'USAGE') AS is_owner"
    " FROM pg_class WHERE oid = to_regclass('kronika_entries')"
)


class Owned(NamedTuple):
    owner: str
    role: str
    is_owner: bool


def require_owner(recorded: Engine) -> None:
    """Nobody else can change the tables, and what anybody else made would belong to the wrong role."""
    owned = _owned(recorded)
    if owned and not owned.is_owner:
        raise Refused("upgrade.not_the_owner", owner=owned.owner, role=owned.role)


def is_served_by_owner(config: Config) -> bool:
    """SQLite knows no roles."""
    if not is_postgres(config.database_url):
        return False
    with closing(open_stores(config)) as stores:
        owned = _owned(stores.accounts)
        return owned is not None and owned.is_owner


def _owned(recorded: Engine) -> Owned | None:
    if recorded.dialect.name != "postgresql":
        return None
    with recorded.connect() as connection:
        found = connection.execute(ASKED).first()
    return Owned(*found) if found else None
