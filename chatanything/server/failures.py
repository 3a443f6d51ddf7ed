"""Every failure as OpenAI's error object, with the status that fits; never a traceback."""

from __future__ import annotations

import logging
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from chatanything.errors import (
    BackendError,
    ChatAnythingError,
    NotFoundError,
    OutputError,
    PersonaError,
    UsageError,
)
from chatanything.server.access import AccessError, TooManyError

log = logging.getLogger(__name__)


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is no success."""

    error: ErrorDetail


_STATUS: Final[tuple[tuple[type[ChatAnythingError], int, str], ...]] = (
    (AccessError, 401, "authentication_error"),
    (TooManyError, 429, "rate_limit_error"),
    (NotFoundError, 404, "not_found_error"),
    (UsageError, 400, "invalid_request_error"),
    (PersonaError, 400, "invalid_request_error"),
    (OutputError, 507, "storage_error"),
    (BackendError, 503, "backend_error"),
    (ChatAnythingError, 500, "server_error"),
)
_TEXTS: Final = {
    400: "Wrong request",
    401: "No key, or a wrong one",
    403: "Asked by a page from elsewhere",
    404: "Nothing there",
    413: "Too large",
    422: "Wrong request",
    429: "Too many requests",
    503: "A model cannot be reached",
    507: "No room on disk",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures of a route for its OpenAPI entry."""
    always = (400, 401, 403, 413, 422, 429)
    chosen = sorted({*always, *statuses})
    return {status: {"model": ErrorBody, "description": _TEXTS[status]} for status in chosen}


def status_of(exc: ChatAnythingError) -> tuple[int, str]:
    """Status and type of an error."""
    return next((status, kind) for family, status, kind in _STATUS if isinstance(exc, family))


def answer(exc: ChatAnythingError) -> JSONResponse:
    """An error of ours as a response."""
    status, kind = status_of(exc)
    headers = {}
    if isinstance(exc, TooManyError):
        headers["Retry-After"] = str(max(1, round(exc.retry_s)))
    if isinstance(exc, AccessError):
        headers["WWW-Authenticate"] = "Bearer"
    return failed(status, str(exc), kind, headers=headers)


def install(app: FastAPI) -> None:
    """Let an app answer all failures so."""

    @app.exception_handler(ChatAnythingError)
    async def _ours(_request: Request, exc: ChatAnythingError) -> JSONResponse:
        return answer(exc)

    @app.exception_handler(RequestValidationError)
    async def _wrong(_request: Request, exc: RequestValidationError) -> JSONResponse:
        first = exc.errors()[0]
        param = ".".join(str(part) for part in first["loc"][1:]) or None
        where = f"{param}: " if param else ""
        return failed(422, f"{where}{first['msg']}.", "invalid_request_error", param=param)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, exc: HTTPException) -> JSONResponse:
        kind = "invalid_request_error" if exc.status_code < 500 else "server_error"
        return failed(exc.status_code, f"{exc.detail}.", kind, headers=dict(exc.headers or {}))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, exc: Exception) -> JSONResponse:
        log.error("%s %s broke down", request.method, request.url.path, exc_info=exc)
        return failed(500, "something went wrong inside; the server's log has it.", "server_error")


def failed(
    status: int, message: str, kind: str, *, param: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """A failure as a response.

    Args:
        status: Of HTTP.
        message: One line.
        kind: OpenAI's error type.
        param: Which field is wrong.
        headers: More of them.
    """
    detail = ErrorDetail(message=message, type=kind, param=param)
    return JSONResponse(ErrorBody(error=detail).model_dump(), status_code=status, headers=headers)
