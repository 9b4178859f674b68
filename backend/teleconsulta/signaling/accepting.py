"""The edge of an event: validated on the way in, answered on the way out, whatever happens between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from teleconsulta.kernel.errors import DomainError, TooLarge, Unauthorized, Unavailable
from teleconsulta.signaling.errors import BadMessage
from teleconsulta.signaling.protocol import Refusal
from teleconsulta.signaling.sockets import Connection, Sockets

log = structlog.get_logger(__name__)

Answer = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)


class HasSockets(Protocol):
    sockets: Sockets


def refusal(error: DomainError) -> Answer:
    """A refusal in the words of the protocol: a negative ack, or `connect_error.data`."""
    opens_at = error.extra.get("opens_at")
    model = Refusal(code=error.code, message=error.message, retry_after=error.retry_after, opens_at=opens_at)
    return model.model_dump(mode="json", exclude_none=True)


def accepts(
    model: type[Model],
) -> Callable[[Callable[[Any, Connection, Model], Awaitable[Answer | None]]], Callable[..., Awaitable[Answer]]]:
    """Validate the payload, find the socket's connection, answer whatever comes of it."""

    def decorate(
        handler: Callable[[Any, Connection, Model], Awaitable[Answer | None]],
    ) -> Callable[..., Awaitable[Answer]]:
        @wraps(handler)
        async def answer(self: HasSockets, sid: str, *payload: object) -> Answer:
            try:
                connection = self.sockets.get(sid)
                if connection is None:
                    raise Unauthorized
                return {"ok": True, **(await handler(self, connection, _read(model, payload)) or {})}
            except DomainError as error:
                return refusal(error)
            except Exception as error:  # a fault of ours must not leave the caller without an answer
                log.error("socket_event_failed", handler=handler.__name__, error=type(error).__name__)
                return refusal(Unavailable())

        return answer

    return decorate


def _read(model: type[Model], payload: tuple[object, ...]) -> Model:
    if len(payload) != 1:
        raise BadMessage
    try:
        return model.model_validate(payload[0])
    except ValidationError as error:
        long = any(problem["type"] in {"string_too_long", "too_long"} for problem in error.errors(include_input=False))
        raise (TooLarge if long else BadMessage) from None
