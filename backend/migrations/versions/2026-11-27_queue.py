"""The queue: standing rooms, who came without an appointment, and push subscriptions.

New tables, and a column with a default, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112706"
down_revision = "2026112705"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("walk_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "standing_rooms",
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], name=op.f("fk_standing_rooms_doctor_id")),
        sa.PrimaryKeyConstraint("doctor_id", name=op.f("pk_standing_rooms")),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("endpoint_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (participant_id IS NULL)", name=op.f("ck_push_subscriptions_one_reader")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["room_participants.id"], name=op.f("fk_push_subscriptions_participant_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_push_subscriptions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscriptions_endpoint_hash")),
    )
    op.create_index(op.f("ix_push_subscriptions_user_id"), "push_subscriptions", ["user_id"], unique=False)
    op.create_index(
        op.f("ix_push_subscriptions_participant_id"), "push_subscriptions", ["participant_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("push_subscriptions")
    op.drop_table("standing_rooms")
    op.drop_column("rooms", "walk_in")
