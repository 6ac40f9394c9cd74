"""Talk over this process's pipes to the client that started it."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO, Protocol, Self, cast

import anyio
import anyio.to_thread
from anyio.abc import ObjectSendStream
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCResponse

from web.mcp.messages import MAX_MESSAGE_BYTES, MessageError, error_of, read_message

# How long calls are still answered once the client has sent everything; one that waits for no answer ends the process.
ANSWER_WITHIN_S = 10.0


async def serve(server: Server[Any]) -> None:
    """Serve until the client has sent everything and is answered, or reads no more."""
    conversation = _Conversation(sys.stdin.buffer)
    try:
        async with stdio_server(stdin=cast("anyio.AsyncFile[str]", conversation)) as (messages, conversation.answers):
            await server.run(messages, conversation, server.create_initialization_options())
    except* BrokenPipeError:
        pass


class _Answers(Protocol):
    """The SDK's stream of answers, of which it has no public type."""

    async def send(self, item: SessionMessage, /) -> None: ...

    async def aclose(self) -> None: ...


class _Conversation(ObjectSendStream[SessionMessage]):
    """The lines that the SDK reads, each one message, and the stream that it answers to.

    What is no message is answered here. The lines end once what they asked is answered.
    """

    answers: _Answers

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._asked: set[int | str] = set()
        self._changed = anyio.Event()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        """Return the next message."""
        while line := await anyio.to_thread.run_sync(self._line):
            try:
                if len(line) > MAX_MESSAGE_BYTES:
                    raise MessageError(error_of(f"the message is longer than {MAX_MESSAGE_BYTES} bytes"))
                self._note(read_message(line))
            except MessageError as error:
                await self.send(SessionMessage(error.answer))
            else:
                return line.decode()
        with anyio.move_on_after(ANSWER_WITHIN_S):
            while self._asked:
                await self._changed.wait()
        raise StopAsyncIteration

    async def send(self, item: SessionMessage) -> None:
        """Pass an answer on to be written."""
        await self.answers.send(item)
        if isinstance(item.message, (JSONRPCResponse, JSONRPCError)):
            self._settle(item.message.id)

    async def aclose(self) -> None:
        """Answer no more."""
        await self.answers.aclose()

    def _line(self) -> bytes:
        """Read a line that is not blank, and of one that is too long only the beginning; nothing at the end."""
        while True:
            line = rest = self._lines.readline(MAX_MESSAGE_BYTES + 1)
            while len(rest) > MAX_MESSAGE_BYTES and not rest.endswith(b"\n"):
                rest = self._lines.readline(MAX_MESSAGE_BYTES + 1)
            if not line or not line.isspace():
                return line

    def _note(self, message: dict[str, Any]) -> None:
        if message.get("method") == "notifications/cancelled":
            self._settle((message.get("params") or {}).get("requestId"))  # it will not be answered
        elif "method" in message and "id" in message:
            self._asked.add(message["id"])

    def _settle(self, called: object) -> None:
        self._asked -= {called}
        self._changed.set()
        self._changed = anyio.Event()
