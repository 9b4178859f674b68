"""Readiness: what people's equipment was found to be like, and over which channel a consultation went on.

Only additions, with defaults: the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026112707"
down_revision = "2026112706"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readiness_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("wants_phone", sa.Boolean(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_readiness_reports_room_id_rooms")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["room_participants.id"],
            name=op.f("fk_readiness_reports_participant_id_room_participants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_reports")),
    )
    op.create_index(
        "ix_readiness_reports_participant_id_made_at", "readiness_reports", ["participant_id", "made_at"], unique=False
    )
    op.create_index("ix_readiness_reports_expires_at", "readiness_reports", ["expires_at"], unique=False)
    op.add_column("rooms", sa.Column("channel", sa.Text(), server_default="video", nullable=False))


def downgrade() -> None:
    op.drop_column("rooms", "channel")
    op.drop_table("readiness_reports")
