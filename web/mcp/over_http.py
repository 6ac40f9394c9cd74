"""Serve the protocol over streamable HTTP, to this machine's names and to holders of a token.

The SDK's own check of `Host` and `Origin` takes any text behind a name and a colon for a port, and the first of several
origins; `Guarded` does it instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import cast

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from werkzeug.sansio.utils import host_is_trusted

from index.signals import on_ending
from web.gate.admin import Admin
from web.gate.admission import RUNNING, WAITING
from web.gate.clients import client_of, forwarded_address, is_this_machine
from web.gate.strangers import is_loopback_name
from web.http.limits import Limits
from web.http.registry import Registry
from web.mcp.in_time import InTime
from web.mcp.posts import Posts
from web.server import listen, url_of

PATH = "/mcp"
STOP_TIMEOUT_S = 10
# Connections besides those that wait for an answer: agents keep theirs open between calls. A client, unless it is on
# this machine or behind a proxy, has half of all.
IDLE = 64


class Guarded:
    """An ASGI application that answers to this machine's names and the `named` hosts, and to pages of these alone.

    It asks every request for a token that is for reading, if there is one, and believes `proxies` in front of it about
    who sent the request.
    """

    def __init__(self, app: ASGIApp, admin: Admin, named: Sequence[str] = (), *, proxies: int = 0) -> None:
        self._app, self._admin, self._named, self._proxies = app, admin, list(named), proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421, 403 or 401."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            refusal = self._refusal(headers)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
            host, port = scope["client"] or ("", 0)
            named = forwarded_address(host, headers.getlist("x-forwarded-for"), self._proxies)
            scope = {**scope, "client": (named, port)}
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> JSONResponse | None:
        if not all(map(self._answers_to, headers.getlist("host") or [""])):
            return _refused(421, "untrusted_host", "this server does not answer to that host; its operator can name it "
                                                   "with --trusted-host")
        if not all(map(self._is_origin, headers.getlist("origin"))):
            return _refused(403, "cross_site", "a page of another site made this request")
        if self._admin.has("read") and not self._admin.admits(headers.get("authorization", ""), "read"):
            return _refused(401, "unauthorized", "send a token with the scope read as Authorization: Bearer TOKEN",
                            **{"WWW-Authenticate": 'Bearer realm="musnad"'})
        return None

    def _answers_to(self, host: str) -> bool:
        host = host.lower()
        return host_is_trusted(host) and (
            is_loopback_name(host) or bool(self._named) and host_is_trusted(host, self._named))

    def _is_origin(self, origin: str) -> bool:
        scheme, _, host = origin.partition("://")
        return scheme.lower() in ("http", "https") and self._answers_to(host)


def _refused(status: int, error: str, said: str, **headers: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": said}, status, headers)


def serve(server: MCPServer[object], admin: Admin, host: str, port: int, trusted_hosts: Sequence[str], *,
          trusted_proxies: int = 0) -> None:
    """Serve until a signal ends it. Raises AddressError if the address cannot be listened on."""
    listener = listen(host, port)
    print(f"Musnad's tools are at {url_of(listener)}{PATH} (Ctrl+C stops it)", flush=True)
    running = uvicorn.Server(configured(Guarded(application(server), admin, trusted_hosts, proxies=trusted_proxies),
                                        counts_clients=not trusted_proxies))
    # When it has ended, uvicorn raises again the signal that ended it, which must not end the process by then.
    on_ending(lambda: vars(running).update(should_exit=True))
    running.run([listener])


def application(server: MCPServer[object]) -> ASGIApp:
    """Return the application that answers messages at `PATH`."""
    return Posts(server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False)), PATH)


def configured(app: ASGIApp, *, counts_clients: bool = True) -> uvicorn.Config:
    """Return how an application is served: so many connections at once, and each request in time."""
    connections = RUNNING + WAITING + IDLE
    registry = Registry(Limits(connections=connections, connections_per_client=connections // 2))

    def counted(address: str) -> str:
        return client_of(address) if counts_clients and not is_this_machine(address) else ""

    in_time = cast("type[asyncio.Protocol]", partial(InTime, registry=registry, client_of=counted))
    return uvicorn.Config(
        app, http=in_time, ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=STOP_TIMEOUT_S)
