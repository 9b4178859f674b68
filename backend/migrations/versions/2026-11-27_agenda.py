"""The agenda: whose zone a time is said in, since when a link stands, and which reminders were given.

Only new columns that may be empty and a new table, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112702"
down_revision = "2026112701"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("time_zone", sa.Text(), nullable=True))
    op.add_column("rooms", sa.Column("time_zone", sa.Text(), nullable=True))
    op.add_column("invitations", sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "reminders",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_reminders_invitation_id")),
        sa.PrimaryKeyConstraint("invitation_id", "generation", "kind", name=op.f("pk_reminders")),
    )


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_column("invitations", "issued_at")
    op.drop_column("rooms", "time_zone")
    op.drop_column("people", "time_zone")
