"""Leaving the record: published keys of dossiers, names that are found without their accents, and what finds them.

Only additions. PostgreSQL itself fills `people.plain_name`, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112704"
down_revision = "2026112703"
branch_labels = None
depends_on = None

# `unaccent` is an extension, needs the right to install it, and is not immutable. What is in PostgreSQL's core does:
# take letters and accents apart (NFD), lower the letters, leave the accents away.
PLAIN_TEXT = """
CREATE FUNCTION plain_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(normalize(value, NFD)), U&'[\\0300-\\036f]', '', 'g')
"""

ONLY_GROWS = """
CREATE FUNCTION dossier_keys_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published key stays published' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "dossier_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dossier_keys")),
    )
    op.execute(ONLY_GROWS)
    op.execute(
        "CREATE TRIGGER dossier_keys_only_grow BEFORE UPDATE OR DELETE ON dossier_keys "
        "FOR EACH ROW EXECUTE FUNCTION dossier_keys_only_grow()"
    )
    op.execute(
        "CREATE TRIGGER dossier_keys_no_truncate BEFORE TRUNCATE ON dossier_keys "
        "FOR EACH STATEMENT EXECUTE FUNCTION dossier_keys_only_grow()"
    )
    op.execute(PLAIN_TEXT)
    op.add_column(
        "people", sa.Column("plain_name", sa.Text(), sa.Computed("plain_text(name)", persisted=True), nullable=False)
    )
    op.create_index("ix_calls_patient_id_started_at", "calls", ["patient_id", "started_at"], unique=False)
    op.create_index(
        "ix_audit_entries_room_id",
        "audit_entries",
        ["room_id"],
        unique=False,
        postgresql_where=sa.text("room_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entries_room_id", table_name="audit_entries")
    op.drop_index("ix_calls_patient_id_started_at", table_name="calls")
    op.drop_column("people", "plain_name")
    op.execute("DROP FUNCTION plain_text")
    op.drop_table("dossier_keys")
    op.execute("DROP FUNCTION dossier_keys_only_grow")
