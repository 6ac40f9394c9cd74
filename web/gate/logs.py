"""Log for people in plain lines, or for programs in lines of JSON that name the request.

Questions are private: only the path of an address is logged, never the query.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from index.output import PrintableFormatter, printable_json
from web.gate.wsgi import when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LogFormat = Literal["plain", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = ("plain", "json")

REQUEST_ID = "X-Request-Id"
# The request ids that are taken over from a proxy in front of this server.
ID_TAKEN_OVER = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The key for further fields of a line: `log.info(..., extra={FIELDS: {...}})`.
FIELDS = "musnad_fields"

request_id: ContextVar[str] = ContextVar("request_id", default="")

log = logging.getLogger("musnad.requests")


class JsonFormatter(logging.Formatter):
    """Writes one JSON object a line: `time` (ISO 8601, UTC), `level`, `logger`, `message` and further fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if request_id.get():
            fields["request_id"] = request_id.get()
        fields |= getattr(record, FIELDS, {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return printable_json(fields, indent=None)


def set_up(log_format: LogFormat) -> None:
    """Write warnings and errors to standard error; in JSON, also a line for each request."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else PrintableFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO if log_format == "json" else logging.WARNING)


class Identified:
    """WSGI middleware around everything else: gives each request an id, returns it, and logs the request."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request and log it."""
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
            statuses.append(500)  # whatever the response began with
            finished()
            raise
        return when_over(environ, answered, finished)
