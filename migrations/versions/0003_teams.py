"""To which organisation somebody belongs, and who is on the team of a campaign or project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("account", sa.Column("organisation_id", sa.Uuid))
    op.create_table(
        "team",
        sa.Column("work_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Uuid),
        sa.PrimaryKeyConstraint("work_id", "account_id", "since", name="pk_team"),
    )
    op.create_index("ix_team_account_id", "team", ["account_id"])


def downgrade() -> None:
    op.drop_table("team")
    with op.batch_alter_table("account") as table:
        table.drop_column("organisation_id")
