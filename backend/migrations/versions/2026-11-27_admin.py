"""Administration: receivers of events, the log of accesses, retention, incidents, logo and colour.

New tables. The guards of the record now let a row go for a run of the retention, when it is old enough; for everybody
else, and for the version before, they refuse as they did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026112709"
down_revision = "2026112708"
branch_labels = None
depends_on = None

# A row may be deleted only while a run of the retention that is no preview is carried out, and, where the trigger
# says so, only so long after it was written: no setting of the program's can shorten that.
GUARD = """
CREATE OR REPLACE FUNCTION records_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM retention_runs
        WHERE id::text = current_setting('teleconsulta.retention_run', true) AND state = 'running' AND NOT dry_run
    ) THEN
        IF TG_NARGS < 2 OR (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz < now() - TG_ARGV[1]::interval THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the record only grows' USING ERRCODE = 'insufficient_privilege';
END
$$
"""

STRICT_GUARD = """
CREATE OR REPLACE FUNCTION records_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows' USING ERRCODE = 'insufficient_privilege';
END
$$
"""

# The column that says when a row was written, and how long it stays at least.
GUARDED = {
    "call_notes": ("saved_at", "20 years"),
    "issued_documents": ("issued_at", "20 years"),
    "follow_up_decisions": ("decided_at", "20 years"),
    "incidents": ("opened_at", "5 years"),
    "incident_entries": ("at", "5 years"),
    "record_accesses": ("at", "0 days"),  # they go with the record they are about
}
OLDER = ("call_notes", "issued_documents", "follow_up_decisions")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("events", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_webhook_id_id", "webhook_deliveries", ["webhook_id", "id"], unique=False)
    op.create_index(
        "ix_webhook_deliveries_queued",
        "webhook_deliveries",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "record_accesses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_record_accesses_user_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name=op.f("fk_record_accesses_patient_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_record_accesses_room_id")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_record_accesses_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_accesses")),
    )
    op.create_index("ix_record_accesses_patient_id_at", "record_accesses", ["patient_id", "at"], unique=False)
    op.create_index("ix_record_accesses_user_id_at", "record_accesses", ["user_id", "at"], unique=False)
    op.create_index("ix_record_accesses_at", "record_accesses", ["at"], unique=False)
    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("previewed_by", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["previewed_by"], ["retention_runs.id"], name=op.f("fk_retention_runs_previewed_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_retention_runs_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        sa.UniqueConstraint("previewed_by", name=op.f("uq_retention_runs_previewed_by")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_incidents_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "incident_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_entries_incident_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_incident_entries_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entries")),
    )
    op.create_index(op.f("ix_incident_entries_incident_id"), "incident_entries", ["incident_id"], unique=False)
    op.create_table(
        "clinic_brand",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_sha256", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_brand_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_brand")),
    )
    op.execute(GUARD)
    for table, (column, least) in GUARDED.items():
        if table in OLDER:
            op.execute(f"DROP TRIGGER {table}_only_grow ON {table}")
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION records_only_grow()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION records_only_grow('{column}', '{least}')"
        )


def downgrade() -> None:
    for table in OLDER:
        op.execute(f"DROP TRIGGER {table}_only_grow ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION records_only_grow()"
        )
    op.execute(STRICT_GUARD)
    for table in ("incident_entries", "incidents", "retention_runs", "retention_rules", "record_accesses"):
        op.drop_table(table)
    op.drop_table("clinic_brand")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
