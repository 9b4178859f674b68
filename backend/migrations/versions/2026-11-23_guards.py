"""What the tables promise: no double booking, an audit log that only grows, and PgQueuer's own tables."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

revision = "2026112302"
down_revision = "2026112301"
branch_labels = None
depends_on = None

PGQUEUER = Path(__file__).parents[1] / "sql" / "pgqueuer_1_6.sql"

# Embedded PostgreSQL has no btree_gist, so a doctor's id takes part in the exclusion as a range of one value.
# An instant room (scheduled = false) books no time; a closed one gives its time back.
NO_DOUBLE_BOOKING = """
ALTER TABLE rooms ADD CONSTRAINT ex_rooms_no_double_booking
EXCLUDE USING gist (uuidrange(doctor_id, doctor_id, '[]') WITH &&, during WITH &&)
WHERE (scheduled AND state = 'open')
"""

ONLY_GROWS = """
CREATE FUNCTION audit_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    op.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
    op.execute(NO_DOUBLE_BOOKING)
    op.execute("ALTER TABLE rooms ADD CONSTRAINT ck_rooms_state CHECK (state IN ('open', 'closed'))")
    op.execute("ALTER TABLE calls ADD CONSTRAINT ck_calls_state CHECK (state IN ('open', 'ended'))")
    op.execute("ALTER TABLE calls ADD CONSTRAINT ck_calls_times CHECK (ended_at IS NULL OR ended_at >= started_at)")
    op.execute("ALTER TABLE users ADD CONSTRAINT ck_users_role CHECK (role IN ('doctor', 'admin'))")
    op.execute("ALTER TABLE users ADD CONSTRAINT ck_users_email_lower CHECK (email = lower(email))")
    op.execute(ONLY_GROWS)
    op.execute(
        "CREATE TRIGGER audit_entries_only_grow BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_only_grow()"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_only_grow()"
    )
    # One statement at a time: the driver prepares what it runs. Function bodies hold blank lines of their own,
    # so a statement ends only where the next one begins.
    for statement in re.split(r";\n\n(?=CREATE)", PGQUEUER.read_text("utf-8")):
        op.execute(re.sub(r"(?m)^-- .*$", "", statement, count=0).strip().rstrip(";"))


def downgrade() -> None:
    for table in ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION fn_pgqueuer_changed")
    op.execute("DROP TYPE pgqueuer_status")
    op.execute("DROP TRIGGER audit_entries_no_truncate ON audit_entries")
    op.execute("DROP TRIGGER audit_entries_only_grow ON audit_entries")
    op.execute("DROP FUNCTION audit_entries_only_grow")
    op.execute("ALTER TABLE rooms DROP CONSTRAINT ex_rooms_no_double_booking")
    op.execute("DROP TYPE uuidrange")
