"""The clinic's and the doctors' profiles, notes, issued documents, and what papers say about a patient.

New tables and new columns that may be empty, so the version before goes on as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026112705"
down_revision = "2026112704"
branch_labels = None
depends_on = None

# Clinical records, kept as they were written: a correction is a new row.
ONLY_GROW = ("call_notes", "issued_documents", "follow_up_decisions")

FUNCTION = """
CREATE FUNCTION records_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "clinic_profile",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=True),
        sa.Column("trade_name", sa.Text(), nullable=True),
        sa.Column("cnpj", sa.Text(), nullable=True),
        sa.Column("crm_pj", sa.Text(), nullable=True),
        sa.Column("crm_pj_uf", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("uf", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("director_name", sa.Text(), nullable=True),
        sa.Column("director_crm", sa.Text(), nullable=True),
        sa.Column("director_uf", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_profile_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_profile")),
    )
    op.create_table(
        "doctor_profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=True),
        sa.Column("rqe", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("uf", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_doctor_profiles_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_doctor_profiles")),
    )
    op.create_table(
        "call_notes",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_call_notes_from_one")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_call_notes_author_id")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_notes_call_id")),
        sa.PrimaryKeyConstraint("call_id", "version", name=op.f("pk_call_notes")),
    )
    op.create_table(
        "issued_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_name", sa.Text(), nullable=False),
        sa.Column("doctor_council", sa.Text(), nullable=False),
        sa.Column("attended_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_issued_documents_call_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], name=op.f("fk_issued_documents_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_documents")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_documents_code")),
    )
    op.create_index(op.f("ix_issued_documents_call_id"), "issued_documents", ["call_id"], unique=False)
    op.create_table(
        "follow_up_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("last_in_person_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], name=op.f("fk_follow_up_decisions_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name=op.f("fk_follow_up_decisions_patient_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_follow_up_decisions_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_decisions")),
    )
    op.create_index(op.f("ix_follow_up_decisions_patient_id"), "follow_up_decisions", ["patient_id"], unique=False)
    op.create_index(op.f("ix_follow_up_decisions_room_id"), "follow_up_decisions", ["room_id"], unique=False)
    op.add_column("people", sa.Column("document_kind", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("document_number", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("last_in_person_on", sa.Date(), nullable=True))
    op.execute(FUNCTION)
    for table in ONLY_GROW:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION records_only_grow()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION records_only_grow()"
        )


def downgrade() -> None:
    for column in ("last_in_person_on", "document_number", "document_kind"):
        op.drop_column("people", column)
    for table in ("follow_up_decisions", "issued_documents", "call_notes", "doctor_profiles", "clinic_profile"):
        op.drop_table(table)
    op.execute("DROP FUNCTION records_only_grow")
