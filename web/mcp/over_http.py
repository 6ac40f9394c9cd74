"""Serve the protocol over streamable HTTP, to this machine's names and to holders of a token."""

from __future__ import annotations

from collections.abc import Sequence

import anyio.to_thread
import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.signals import on_ending
from web.gate.admin import Admin
from web.gate.admission import RUNNING, WAITING
from web.server import listen, url_of

PATH = "/mcp"
MAX_BODY_BYTES = 64 * 1024
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
STOP_TIMEOUT_S = 10
# Connections besides those that wait for an answer: agents keep one open to listen.
LISTENING = 64


class Guarded:
    """An ASGI application that asks every HTTP request for a token that is for reading, if there is one."""

    def __init__(self, app: ASGIApp, admin: Admin) -> None:
        self._app, self._admin = app, admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] == "http":
            sent = Headers(scope=scope).get("authorization", "")
            if self._admin.has("read") and not self._admin.admits(sent, "read"):
                refusal = JSONResponse({"error": "unauthorized", "error_description": "send a token with the scope "
                                        "read as Authorization: Bearer TOKEN"}, 401,
                                       {"WWW-Authenticate": 'Bearer realm="musnad"'})
                await refusal(scope, receive, send)
                return
        elif scope["type"] == "lifespan":
            # As many tools run at once as the web server answers questions; others wait.
            anyio.to_thread.current_default_thread_limiter().total_tokens = RUNNING
        await self._app(scope, receive, send)


def serve(server: MCPServer[object], admin: Admin, host: str, port: int, trusted_hosts: Sequence[str]) -> None:
    """Serve until a signal ends it. Raises AddressError if the address cannot be listened on."""
    names = [*LOOPBACK_NAMES, *trusted_hosts]
    app = server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=host,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[each for name in names for each in (name, f"{name}:*")],
            allowed_origins=[f"{scheme}://{each}" for name in names for each in (name, f"{name}:*")
                             for scheme in ("http", "https")]))
    listener = listen(host, port)
    print(f"Musnad's tools are at {url_of(listener)}{PATH} (Ctrl+C stops it)", flush=True)
    running = uvicorn.Server(uvicorn.Config(
        Guarded(app, admin), log_config=None, access_log=False, server_header=False,
        limit_concurrency=RUNNING + WAITING + LISTENING, timeout_graceful_shutdown=STOP_TIMEOUT_S))
    # When it has ended, uvicorn raises again the signal that ended it, which must not end the process by then.
    on_ending(lambda: vars(running).update(should_exit=True))
    running.run([listener])
