"""Of each person in a call: since when their page has had media, and when the end of it was told.

Only additions; the version before leaves them empty, and what it ends is told to nobody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112801"
down_revision = "2026112709"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call_participants", sa.Column("media_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("call_participants", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("call_participants", "told_at")
    op.drop_column("call_participants", "media_at")
