"""Runs the steps on the connection that `webapp.schema` gives. Read tables are not here: they are rebuilt."""

from __future__ import annotations

from alembic import context

from webapp.accounts import tables
from webapp.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
