"""What the server writes about its work: lines for people, or lines of JSON for programs, each with its request's id.

Questions are nobody else's business: of a request's address only the path is written, never the query.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from web.gate.wsgi import when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LogFormat = Literal["plain", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = ("plain", "json")

REQUEST_ID = "X-Request-Id"
# What a proxy before this server may have named the request.
ID_TAKEN_OVER = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Where a line holds more than its message: `log.info(..., extra={FIELDS: {...}})`.
FIELDS = "musnad_fields"

request_id: ContextVar[str] = ContextVar("request_id", default="")

log = logging.getLogger("musnad.requests")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time` (ISO 8601, UTC), `level`, `logger`, `message`, and what else there is to say."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if request_id.get():
            fields["request_id"] = request_id.get()
        fields |= getattr(record, FIELDS, {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def set_up(log_format: LogFormat) -> None:
    """Write warnings and errors to the standard error stream; in JSON also a line for each request."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else logging.Formatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO if log_format == "json" else logging.WARNING)


class Identified:
    """WSGI middleware before everything else: gives each request an id, answers with it, and logs the request."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and log."""
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        token = request_id.set(sent if ID_TAKEN_OVER.fullmatch(sent) else secrets.token_hex(8))
        started = time.perf_counter()
        statuses: list[int] = []

        def identified(status: str, headers: list[tuple[str, str]], *arguments: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, [*headers, (REQUEST_ID, request_id.get())], *arguments)

        def finished() -> None:
            if log.isEnabledFor(logging.INFO):
                path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
                log.info("request", extra={FIELDS: {
                    "method": environ["REQUEST_METHOD"], "path": path, "status": statuses[-1] if statuses else 500,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "client": environ.get("REMOTE_ADDR", "")}})
            request_id.reset(token)

        try:
            answered = self._app(environ, identified)
        except BaseException:
            finished()
            raise
        return when_over(environ, answered, finished)
