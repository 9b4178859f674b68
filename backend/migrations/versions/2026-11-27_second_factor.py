"""Second factor of the staff, links to choose a password, and what device a session is on.

New tables, and new columns that may be empty: the version before goes on without them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112703"
down_revision = "2026112702"
branch_labels = None
depends_on = None

NEW_COLUMNS = {
    "users": (
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
    ),
    "staff_sessions": (
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("browser", sa.Text(), nullable=True),
    ),
}


def upgrade() -> None:
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("ALTER TABLE users ADD CONSTRAINT ck_users_pending CHECK (pending IN ('invitation', 'reset'))")
    # A factor that is asked for without a secret would be one that nobody can pass.
    op.execute(
        "ALTER TABLE users ADD CONSTRAINT ck_users_totp CHECK (totp_confirmed_at IS NULL OR totp_sealed IS NOT NULL)"
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "password_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
    )
    op.create_index(op.f("ix_password_links_user_id"), "password_links", ["user_id"])


def downgrade() -> None:
    op.drop_table("password_links")
    op.drop_table("recovery_codes")
    op.execute("ALTER TABLE users DROP CONSTRAINT ck_users_totp")
    op.execute("ALTER TABLE users DROP CONSTRAINT ck_users_pending")
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)
