"""Take one message out of each request over HTTP, and give up the call when its client has gone."""

from __future__ import annotations

import anyio
from anyio.abc import TaskGroup
from mcp_types import UNSUPPORTED_PROTOCOL_VERSION, JSONRPCError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.http import parse_options_header

from web.mcp.messages import MAX_MESSAGE_BYTES, MessageError, as_json, error_of, read_message

VERSIONS = (*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS)


class _TooLargeError(Exception):
    """The body is longer than a message may be."""


class Posts:
    """An ASGI application that passes on what is posted to `path`, each a whole message, and answers the rest itself.

    The server says nothing unasked and keeps no session: a stream to listen to would only take up a connection.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a message on, or say what is wrong with the request."""
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = _refusal(scope["method"], headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            body = await _body(headers, receive)
            read_message(body)
        except ClientDisconnect:
            pass
        except _TooLargeError:
            await _refuse_unread(receive, send)
        except MessageError as error:
            await _answer(400, error.answer)(scope, receive, send)
        else:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_leave_with_client, tasks, receive)
                await self._app(scope, _replay(body), send)
                tasks.cancel_scope.cancel()


def _refusal(method: str, headers: Headers) -> Response | None:
    """Return what answers a request that cannot have a message."""
    if method != "POST":
        return _answer(405, error_of("send messages with POST: there is no stream to listen to and no session to end"),
                       Allow="POST")
    if parse_options_header(headers.get("content-type"))[0] != "application/json":
        return _answer(415, error_of("send the message as Content-Type: application/json"))
    version = headers.get("mcp-protocol-version")
    if version is not None and version not in VERSIONS:
        return _answer(400, error_of(f"that version of the protocol is not served; use one of: {', '.join(VERSIONS)}",
                                     UNSUPPORTED_PROTOCOL_VERSION))
    return None


async def _body(headers: Headers, receive: Receive) -> bytes:
    """Return the whole body. Raises _TooLargeError, and ClientDisconnect if it does not end."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_MESSAGE_BYTES:
        raise _TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message["body"]
        if len(body) > MAX_MESSAGE_BYTES:
            raise _TooLargeError
        if not message["more_body"]:
            return bytes(body)


async def _refuse_unread(receive: Receive, send: Send) -> None:
    """Answer 413, and read what still comes: closing at once would take the answer from the client."""
    response = _answer(413, error_of(f"the message is longer than {MAX_MESSAGE_BYTES} bytes"))
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _leave_with_client(tasks: TaskGroup, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    tasks.cancel_scope.cancel()


def _replay(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await anyio.sleep_forever()
        return messages.pop()
    return receive


def _answer(status: int, error: JSONRPCError, **headers: str) -> Response:
    return Response(as_json(error), status, headers, media_type="application/json")
