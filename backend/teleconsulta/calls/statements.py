"""The SQL of the record. Every statement may be repeated: what is there already stays as it is."""

from __future__ import annotations

from sqlalchemy import text

LOCK = text("SELECT pg_advisory_xact_lock(:key)")

# A batch of lines at once; what was written comes back, so that only that is audited.
ADD_EVENTS = text("""
INSERT INTO room_events (room_id, call_id, at, event, participant_id, detail)
SELECT room_id, call_id, at, event, participant_id, detail
FROM unnest(
  CAST(:rooms AS uuid[]), CAST(:calls AS uuid[]), CAST(:moments AS timestamptz[]), CAST(:events AS text[]),
  CAST(:people AS uuid[]), CAST(:details AS text[])
) WITH ORDINALITY AS line (room_id, call_id, at, event, participant_id, detail, place)
WHERE NOT EXISTS (
  SELECT FROM room_events AS known
  WHERE known.room_id = line.room_id AND known.at = line.at AND known.event = line.event
    AND known.participant_id IS NOT DISTINCT FROM line.participant_id
    AND known.detail IS NOT DISTINCT FROM line.detail
)
ORDER BY place
RETURNING room_id, at, event, participant_id, detail
""")

ADD_MESSAGES = text("""
INSERT INTO chat_messages (room_id, id, participant_id, role, text, sent_at)
SELECT * FROM unnest(
  CAST(:rooms AS uuid[]), CAST(:ids AS uuid[]), CAST(:people AS uuid[]), CAST(:roles AS text[]),
  CAST(:texts AS text[]), CAST(:moments AS timestamptz[])
)
ON CONFLICT DO NOTHING
""")

OPEN_CALL_OF_ROOM = text("SELECT id FROM calls WHERE room_id = :room_id AND state = 'open'")

OTHER_OPEN_CALLS = text(
    "SELECT id, last_seen_at FROM calls WHERE room_id = :room_id AND state = 'open' AND id <> :call_id"
)

OPEN_CALL = text("""
INSERT INTO calls (id, room_id, doctor_id, patient_id, state, started_at, last_seen_at)
VALUES (:call_id, :room_id, :doctor_id, :patient_id, 'open', :at, :at)
ON CONFLICT (id) DO NOTHING
""")

REOPEN_CALL = text("""
UPDATE calls SET
  last_seen_at = greatest(last_seen_at, :at), state = 'open', ended_at = NULL, end_reason = NULL
WHERE id = :call_id AND (state = 'open' OR end_reason = :lost)
""")

# Of whoever had media it comes back how it was, once and for ever: a call that was given up and then went on is not
# ended a second time.
CLOSE_CALL = text("""
WITH ended AS (
  UPDATE calls SET
    state = 'ended', end_reason = :reason,
    ended_at = greatest(started_at, :at), last_seen_at = greatest(started_at, :at)
  WHERE id = :call_id AND state = 'open'
), gone AS (
  UPDATE call_stays SET left_at = greatest(joined_at, :at), left_reason = :reason
  WHERE call_id = :call_id AND left_at IS NULL
)
UPDATE call_participants AS part SET told_at = :at
WHERE call_id = :call_id AND media_at IS NOT NULL AND told_at IS NULL
RETURNING role, path, protocol, CAST(quality AS text), (
  SELECT CAST(coalesce(extract(epoch FROM sum(greatest(joined_at, coalesce(left_at, :at)) - joined_at)), 0) AS float)
  FROM call_stays AS stay WHERE stay.call_id = part.call_id AND stay.participant_id = part.participant_id
)
""")

# A repeat after the stay was closed again must not open it a second time.
OPEN_STAY = text("""
WITH part AS (
  INSERT INTO call_participants (call_id, participant_id, role)
  VALUES (:call_id, :participant_id, :role)
  ON CONFLICT DO NOTHING
)
INSERT INTO call_stays (id, call_id, participant_id, joined_at)
SELECT CAST(:stay_id AS uuid), CAST(:call_id AS uuid), CAST(:participant_id AS uuid), CAST(:at AS timestamptz)
WHERE NOT EXISTS (
  SELECT FROM call_stays WHERE call_id = :call_id AND participant_id = :participant_id AND joined_at = :at
)
ON CONFLICT DO NOTHING
""")

# Nor must a repeat close the stay that began after the one it was about.
CLOSE_STAY = text("""
UPDATE call_stays SET left_at = greatest(joined_at, :at), left_reason = :reason
WHERE call_id = :call_id AND participant_id = :participant_id AND left_at IS NULL AND NOT EXISTS (
  SELECT FROM call_stays AS done
  WHERE done.call_id = :call_id AND done.participant_id = :participant_id
    AND done.left_reason = :reason AND done.left_at = greatest(done.joined_at, CAST(:at AS timestamptz))
)
""")

DECIDE = text("""
UPDATE room_participants
SET admitted_at = CASE WHEN CAST(:at AS timestamptz) IS NULL THEN NULL ELSE coalesce(admitted_at, :at) END
WHERE id = :participant_id
""")

ADD_SAMPLE = text("""
WITH part AS (
  INSERT INTO call_participants (call_id, participant_id, role)
  VALUES (:call_id, :participant_id, :role)
  ON CONFLICT DO NOTHING
)
INSERT INTO quality_samples (call_id, participant_id, at, path, protocol, quality)
SELECT CAST(:call_id AS uuid), CAST(:participant_id AS uuid), CAST(:at AS timestamptz), CAST(:path AS text),
       CAST(:protocol AS text), CAST(:quality AS jsonb)
WHERE NOT EXISTS (
  SELECT FROM quality_samples WHERE call_id = :call_id AND participant_id = :participant_id AND at = :at
)
RETURNING id
""")

STARTED_AT = text("SELECT started_at FROM calls WHERE id = :call_id")

# The beginning stays as it was first told; the end comes later, and is not taken back. A browser that tells of ever
# new ones is not believed without end, yet may end those it has told of.
ADD_INTERRUPTIONS = text("""
INSERT INTO call_interruptions (call_id, participant_id, id, cause, began_at, duration_ms, restarts)
SELECT CAST(:call_id AS uuid), CAST(:participant_id AS uuid), line.*
FROM unnest(
  CAST(:ids AS uuid[]), CAST(:causes AS text[]), CAST(:moments AS timestamptz[]), CAST(:durations AS integer[]),
  CAST(:restarts AS integer[])
) AS line (id, cause, began_at, duration_ms, restarts)
WHERE EXISTS (
  SELECT FROM call_interruptions AS known
  WHERE known.call_id = :call_id AND known.participant_id = :participant_id AND known.id = line.id
) OR :most > (SELECT count(*) FROM call_interruptions WHERE call_id = :call_id AND participant_id = :participant_id)
ON CONFLICT (call_id, participant_id, id) DO UPDATE SET
  duration_ms = coalesce(excluded.duration_ms, call_interruptions.duration_ms),
  restarts = greatest(excluded.restarts, call_interruptions.restarts)
""")

INTERRUPTED = text("""
SELECT count(*), coalesce(sum(duration_ms), 0) FROM call_interruptions
WHERE call_id = :call_id AND participant_id = :participant_id
""")

PART = text("""
SELECT CAST(quality AS text), media_at, path, protocol FROM call_participants
WHERE call_id = :call_id AND participant_id = :participant_id
FOR UPDATE
""")

SUM_UP = text("""
UPDATE call_participants SET
  quality = CAST(:quality AS jsonb), path = :path, protocol = :protocol,
  media_at = coalesce(media_at, CAST(:media_at AS timestamptz))
WHERE call_id = :call_id AND participant_id = :participant_id
""")

# A call is relayed as soon as one side of it is.
PATH_OF_CALL = text("""
UPDATE calls SET path = CASE WHEN EXISTS (
  SELECT FROM call_participants WHERE call_id = :call_id AND path = 'relay'
) THEN 'relay' ELSE 'direct' END
WHERE id = :call_id
""")

CLOSE_ROOM = text("""
UPDATE rooms SET state = 'closed', outcome = :outcome, outcome_reason = :reason, closed_at = :at
WHERE id = :room_id AND state = 'open'
RETURNING id
""")

BEAT = text("UPDATE calls SET last_seen_at = :at WHERE id = ANY(:call_ids) AND state = 'open'")

ORPHANS = text("""
SELECT id, room_id, last_seen_at FROM calls
WHERE state = 'open' AND last_seen_at < :unseen_since AND id <> ALL(:living)
FOR UPDATE SKIP LOCKED
""")
