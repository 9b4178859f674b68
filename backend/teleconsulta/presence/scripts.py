"""What Redis does in one step, in its own language.

A room is a hash: `rev` counts its changes (a change without an event has no version of its own), `state` is the room as
JSON, `scribe` the process that puts it on record. Each change is told to everybody in the same step, so changes are
heard in the order in which they were made.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from teleconsulta.kernel.nodes import Nodes, Script
from teleconsulta.presence import codec
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import RoomState

KEPT_SECONDS = 2 * 24 * 60 * 60
"""Longer than any room is used; each change begins it anew."""

# KEYS: room, rooms. ARGV: the revision it was decided on, state, this node, prefix of the nodes' keys, channel,
# room id, the rest of the message, seconds to keep it. Answers {1, rev, scribe}, or {0, rev, state} when somebody was
# faster. A room that Redis has lost is written again by whoever knows it.
COMMIT = """
local rev = redis.call('HGET', KEYS[1], 'rev')
if rev and rev ~= ARGV[1] then return {0, rev, redis.call('HGET', KEYS[1], 'state')} end
local scribe = redis.call('HGET', KEYS[1], 'scribe')
if not scribe or redis.call('GET', ARGV[4] .. scribe) ~= 'up' then scribe = ARGV[3] end
local new = string.format('%d', tonumber(ARGV[1]) + 1)
redis.call('HSET', KEYS[1], 'rev', new, 'state', ARGV[2], 'scribe', scribe)
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SADD', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[5],
  '{"kind":"room","rev":' .. new .. ',"scribe":"' .. scribe .. '","state":' .. ARGV[2] .. ',' .. ARGV[7])
return {1, new, scribe}
"""

# As above, for a room that Redis has lost or knows an older state of: of several who know it, the newest is kept.
# ARGV[1] is the revision it shall have.
RESTORE = """
local rev = redis.call('HGET', KEYS[1], 'rev')
if rev and tonumber(rev) >= tonumber(ARGV[1]) then return {0, rev, redis.call('HGET', KEYS[1], 'state')} end
redis.call('HSET', KEYS[1], 'rev', ARGV[1], 'state', ARGV[2], 'scribe', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SADD', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[5],
  '{"kind":"room","rev":' .. ARGV[1] .. ',"scribe":"' .. ARGV[3] .. '","state":' .. ARGV[2] .. ',' .. ARGV[7])
return {1, ARGV[1], ARGV[3]}
"""

# KEYS: room, rooms. ARGV: revision, room id, channel, message.
FORGET = """
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
"""

# KEYS: room. ARGV: the scribe that is gone, this node, prefix of the nodes' keys, channel, message.
CLAIM = """
if redis.call('HGET', KEYS[1], 'scribe') ~= ARGV[1] then return 0 end
if redis.call('GET', ARGV[3] .. ARGV[1]) == 'up' then return 0 end
redis.call('HSET', KEYS[1], 'scribe', ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
"""


class RoomScripts:
    """The scripts as calls. Each raises Unavailable when Redis does not answer: it may have been carried out or not."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._commit, self._restore = nodes.script(COMMIT), nodes.script(RESTORE)
        self._forget, self._claim = nodes.script(FORGET), nodes.script(CLAIM)

    async def commit(self, rev: int, before: RoomState, outcome: Outcome, at: datetime) -> str | tuple[int, RoomState]:
        """The scribe when the change that was decided on `rev` is everybody's; (revision, state) as they are when
        somebody was faster."""
        rest = codec.pack(
            room=before.id,
            node=self._nodes.id,
            at=at,
            events=codec.named(outcome.events),
            before=before if rev == 0 else None,
        )
        won, now, more = await self._write(self._commit, rev, outcome.state, self._nodes.id, rest)
        scribe: bytes = more
        return scribe.decode() if won else (int(now), codec.load_state(more))

    async def restore(self, rev: int, state: RoomState, scribe: str, at: datetime) -> None:
        """Write a room that Redis has lost, or knows an older state of."""
        rest = codec.pack(room=state.id, node=self._nodes.id, at=at, events=[], before=None, anew=True)
        await self._write(self._restore, rev, state, scribe, rest)

    async def newer(self, room_id: UUID, rev: int) -> tuple[int, RoomState] | None:
        """What Redis knows, if that is another revision."""
        found, packed = await self._nodes.ask(self._nodes.redis.hmget(self._key(room_id), "rev", "state"))
        return None if found is None or int(found) == rev else (int(found), codec.load_state(packed))

    async def forget(self, room_id: UUID, rev: int) -> bool:
        """Forget a room in all processes, unless something has happened in it."""
        message = codec.pack(kind="forget", room=room_id, rev=rev)
        keys, args = [self._key(room_id), self._nodes.key("rooms")], [rev, str(room_id), self._nodes.everybody, message]
        return bool(await self._forget(keys, args))

    async def claim(self, room_id: UUID, scribe: str) -> None:
        """Keep the record of a room whose `scribe` is gone."""
        nodes = self._nodes
        message = codec.pack(kind="scribe", room=room_id, scribe=nodes.id)
        await self._claim([self._key(room_id)], [scribe, nodes.id, nodes.key("node", ""), nodes.everybody, message])

    async def _write(self, script: Script, rev: int, state: RoomState, scribe: str, rest: bytes) -> Any:
        nodes, packed = self._nodes, codec.dump_state(state)
        args = [rev, packed, scribe, nodes.key("node", ""), nodes.everybody, str(state.id), rest[1:], KEPT_SECONDS]
        return await script([self._key(state.id), nodes.key("rooms")], args)

    def _key(self, room_id: UUID) -> str:
        return self._nodes.key("room", room_id)
