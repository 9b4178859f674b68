"""Emergency overrides of consent, consents that are kept as they were given, and papers that come back signed.

New tables and guards on what nothing changes, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026112708"
down_revision = "2026112707"
branch_labels = None
depends_on = None

# Who agreed to what is evidence: the one thing that is added later is its end, once. Nothing is erased before the
# twenty years of Law 13.787/2018.
GUARD = """
CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.{begun} < now() - interval '20 years' THEN
            RETURN OLD;
        END IF;
    ELSIF (to_jsonb(OLD) - '{ended}') = (to_jsonb(NEW) - '{ended}')
        AND (OLD.{ended} IS NULL OR OLD.{ended} = NEW.{ended}) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a consent is kept as it was given' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
KEPT = {"consents": ("given_at", "withdrawn_at"), "consent_overrides": ("made_at", "ended_at")}


def upgrade() -> None:
    op.create_table(
        "consent_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], name=op.f("fk_consent_overrides_doctor_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["room_participants.id"], name=op.f("fk_consent_overrides_participant_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_consent_overrides_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_overrides")),
    )
    op.create_index(
        op.f("ix_consent_overrides_room_id_participant_id"), "consent_overrides", ["room_id", "participant_id"]
    )
    op.create_table(
        "signed_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contains_issued", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], name=op.f("fk_signed_copies_doctor_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_documents.id"], name=op.f("fk_signed_copies_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_copies")),
        sa.UniqueConstraint("document_id", "sha256", name=op.f("uq_signed_copies_document_id")),
    )
    op.execute(
        "CREATE TRIGGER signed_copies_only_grow BEFORE UPDATE OR DELETE ON signed_copies "
        "FOR EACH ROW EXECUTE FUNCTION records_only_grow()"
    )
    op.execute(
        "CREATE TRIGGER signed_copies_no_truncate BEFORE TRUNCATE ON signed_copies "
        "FOR EACH STATEMENT EXECUTE FUNCTION records_only_grow()"
    )
    for table, (begun, ended) in KEPT.items():
        op.execute(GUARD.format(table=table, begun=begun, ended=ended))
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER consents_keep ON consents")
    op.drop_table("signed_copies")
    op.drop_table("consent_overrides")
    for table in KEPT:
        op.execute(f"DROP FUNCTION {table}_keep")
