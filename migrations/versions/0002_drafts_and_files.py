"""What people began to type, and the files that sources of entries have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("command_id", sa.Uuid, nullable=False),
        sa.Column("form_key", sa.String(500), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Uuid, nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("account_id", "command_id", name="uq_draft_account_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_draft_account_id_account", ondelete="CASCADE"),
    )
    op.create_table(
        "attachment",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Uuid, nullable=False),
        sa.Column("key_id", sa.Uuid, nullable=False),
        sa.Column("label", sa.LargeBinary, nullable=False),
        sa.Column("uploaded_by", sa.Uuid, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_attachment"),
    )
    op.create_index("ix_attachment_mark", "attachment", ["mark"])
    op.create_table(
        "attachment_use",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "position", name="pk_attachment_use"),
    )
    op.create_index("ix_attachment_use_position", "attachment_use", ["position"])
    op.create_table(
        "attachment_state",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("read_upto", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment_state"),
    )
    op.execute("INSERT INTO attachment_state (id, read_upto) VALUES (1, 0)")


def downgrade() -> None:
    for name in ("attachment_state", "attachment_use", "attachment", "draft"):
        op.drop_table(name)
