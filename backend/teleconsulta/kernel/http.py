"""Errors as RFC 9457 `application/problem+json`: one shape, a stable `code`, nothing of our insides."""

from __future__ import annotations

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from teleconsulta.kernel.db import is_outage
from teleconsulta.kernel.errors import DomainError, Unavailable

MEDIA_TYPE = "application/problem+json"
_CODES = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}

log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    """What is wrong with one field: `field` is its path with dots, `code` a word of Pydantic's."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """The body of every refusal (RFC 9457). `code` is stable; `detail` is for developers."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[FieldProblem] | None = None
    retry_after: float | None = None


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def problem(
    request_id: str,
    status: int,
    code: str,
    detail: str,
    *,
    retry_after: float | None = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """A refusal as an answer. `retry_after` is in seconds and also becomes the header."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
        **jsonable_encoder(dict(extra or {})),
    }
    sent = dict(headers or {})
    if retry_after is not None:
        body["retry_after"] = retry_after
        sent["Retry-After"] = str(max(1, math.ceil(retry_after)))
    if status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    return ProblemResponse(body, status, sent)


def problem_of(request_id: str, error: BaseException) -> Response:
    """The answer to anything that was raised. What is not ours is logged and told in general terms only."""
    if not isinstance(error, DomainError) and is_outage(error):
        error = Unavailable()
    if isinstance(error, DomainError):
        return problem(
            request_id, error.status, error.code, error.message, retry_after=error.retry_after, extra=error.extra
        )
    log.error("request_failed", exc_info=error)
    return problem(request_id, 500, "internal", "Something went wrong on our side.")


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: what an endpoint may refuse, in its documentation."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({error.status for error in errors}):
        codes = [f"`{error.code}`" for error in errors if error.status == status]
        found[status] = {"model": Problem, "description": ", ".join(dict.fromkeys(codes))}
    return found


def request_id_of(request: Request) -> str:
    """The id that the answer, its problem and the log lines share."""
    return str(request.scope.get("request_id", "-"))


def add_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    async def ours(request: Request, error: Exception) -> Response:
        return problem_of(request_id_of(request), error)

    async def framework(request: Request, error: Exception) -> Response:
        refusal = cast(HTTPException, error)
        code = _CODES.get(refusal.status_code, HTTPStatus(refusal.status_code).name.lower())
        detail = HTTPStatus(refusal.status_code).description or HTTPStatus(refusal.status_code).phrase
        return problem(request_id_of(request), refusal.status_code, code, detail, headers=refusal.headers)

    async def validation(request: Request, error: Exception) -> Response:
        errors = [
            FieldProblem(field=_path(item["loc"]), code=item["type"], message=item["msg"]).model_dump()
            for item in cast(RequestValidationError, error).errors()
        ]
        extra = {"errors": errors}
        return problem(request_id_of(request), 422, "validation", "Some fields are not right.", extra=extra)

    app.add_exception_handler(DomainError, ours)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, validation)


def _path(location: tuple[int | str, ...]) -> str:
    """`("body", "patient", "name")` is `patient.name` to the person who filled in the form."""
    parts = location[1:] if location and location[0] in {"body", "query", "path", "header", "cookie"} else location
    return ".".join(str(part) for part in parts)
