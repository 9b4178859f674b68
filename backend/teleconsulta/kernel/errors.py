"""One family of errors: `code` for machines and translations, `status` for HTTP, `detail` for logs and developers."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a stable code. `extra` travels in the problem body and in socket answers."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    detail: ClassVar[str] = "The request cannot be carried out."

    def __init__(self, detail: str | None = None, *, retry_after: float | None = None, **extra: Any) -> None:
        self.message = detail or self.detail
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.message)


class Unauthorized(DomainError):
    code, status, detail = "unauthorized", 401, "Sign in, or open your link again."


class TokenExpired(DomainError):
    code, status, detail = "expired", 401, "This access has run out; get a fresh one."


class Forbidden(DomainError):
    code, status, detail = "forbidden", 403, "This is not allowed for you."


class NotFound(DomainError):
    code, status, detail = "not_found", 404, "There is nothing here."


class Conflict(DomainError):
    code, status, detail = "conflict", 409, "This does not fit the present state."


class Invalid(DomainError):
    code, status, detail = "validation", 422, "Some fields are not right."


class TooLarge(DomainError):
    code, status, detail = "too_large", 413, "The message is too large."


class RateLimited(DomainError):
    code, status, detail = "rate_limited", 429, "Too many requests; wait a moment."


class Unavailable(DomainError):
    """The database, or something else we stand on, does not answer; nothing was lost."""

    code, status, detail = "unavailable", 503, "The service is waking up; trying again helps."

    def __init__(self, detail: str | None = None, *, retry_after: float | None = 2.0, **extra: Any) -> None:
        super().__init__(detail, retry_after=retry_after, **extra)
