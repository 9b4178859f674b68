"""Interruptions of the media, as the browsers saw them: a part of the clinical record.

A new table and nothing else, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112701"
down_revision = "2026112302"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_interruptions",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_interruptions_call_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["room_participants.id"], name=op.f("fk_call_interruptions_participant_id")
        ),
        sa.PrimaryKeyConstraint("call_id", "participant_id", "id", name=op.f("pk_call_interruptions")),
    )


def downgrade() -> None:
    op.drop_table("call_interruptions")
