"""Offer the tools, and the articles as resources, over the Model Context Protocol."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial, wraps
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import anyio.from_thread
import anyio.to_thread
from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp_types import INVALID_PARAMS, CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

from index.errors import UnknownArticleError
from index.work import working_on
from qa.answerer import Answerer
from qa.tools import INSTRUCTIONS, TOLD, Tools, shorten, word_validation
from web.gate.admission import RUNNING
from web.mcp.over_pipes import pipes
from web.service import IndexUnavailableError

# Nothing is changed, the same call has the same result in one generation, and nothing but the index is read.
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class _Server(MCPServer[object]):
    """The SDK's server, which names unknown arguments and words what is wrong with the others itself.

    The SDK passes over arguments that a tool does not have, so that a misspelled filter would be none.
    """

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[object, Any] | None = None
                        ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raise ToolError with what the caller is to do."""
        known = next((tool.input_schema["properties"] for tool in await self.list_tools() if tool.name == name), None)
        unknown = [each for each in arguments if known is not None and each not in known]
        if known and unknown:
            raise ToolError(shorten(f"{name} takes {', '.join(known)}, and not {', '.join(map(repr, unknown))}"))
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            cause = error.__cause__
            # Around an error of the tool itself the SDK puts words of its own.
            said = word_validation(cause) if isinstance(cause, ValidationError) else str(cause or error)
            raise ToolError(shorten(said)) from cause

    async def run_stdio_async(self) -> None:
        """Serve the client that started this process."""
        async with pipes() as (messages, answers):
            await self._lowlevel_server.run(messages, answers, self._lowlevel_server.create_initialization_options())


class _Call:
    """The work of a call, which ends at its next pause once nobody waits for it."""

    outside = nullcontext

    def pause(self) -> None:
        """Raise if the call was cancelled."""
        anyio.from_thread.check_cancelled()

    def charge(self, seconds: float) -> None:
        """Count nothing."""


async def _worded_requests(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Say which parameters of a request are wrong: the SDK says only that some are, and logs a prompt as a failure."""
    if ctx.method == "prompts/get":
        raise MCPError(code=INVALID_PARAMS, message="there are no prompts; use the tools")
    try:
        return await call_next(ctx)
    except ValidationError as error:
        raise MCPError(code=INVALID_PARAMS, message=shorten(word_validation(error))) from error


def create_mcp_server(answerer: Callable[[], Answerer]) -> MCPServer[object]:
    """Create the server over the index that `answerer` returns at each call."""
    server = _Server(
        "musnad", title="Musnad", version=version("musnad"), instructions=INSTRUCTIONS, log_level="WARNING",
        middleware=[_worded_requests],
        subscriptions=False,  # nothing is told unasked
        # An id may be an address or a path: it names an article, never a file.
        resource_security=ResourceSecurity(reject_path_traversal=False, reject_absolute_paths=False))
    # As many tools run at once as the web server answers questions; others wait.
    running = anyio.CapacityLimiter(RUNNING)
    for tool in Tools(answerer).all():
        server.add_tool(_worded_tool(tool, running), annotations=READS)

    @server.resource("musnad://corpus", name="corpus", title="The articles", mime_type="application/json",
                     description="How many articles there are, from which sources and from when to when.")
    def corpus() -> str:
        asked = answerer()
        days = asked.days()
        return json.dumps({**asked.state.as_json(), "sources": asked.sources(),
                           "first": str(days[0]) if days else None, "last": str(days[1]) if days else None},
                          ensure_ascii=False)

    @server.resource("musnad://articles/{article_id}", name="article", title="An article", mime_type="text/plain",
                     description="The whole text of an article; article_id is percent-encoded.")
    def article(article_id: str) -> str:
        try:
            return answerer().article(article_id).text
        except UnknownArticleError as error:
            raise ResourceNotFoundError(str(error)) from error

    return server


def _worded_tool(tool: Callable[_Parameters, _Result], running: anyio.CapacityLimiter
                 ) -> Callable[_Parameters, Awaitable[_Result]]:
    """Run a tool in a thread, as many as may run at once.

    An error that says what to do reaches the model in its own words; the SDK withholds those of others.
    """
    def work(act: Callable[[], _Result]) -> _Result:
        with working_on(_Call()):
            return act()

    @wraps(tool)
    async def call(*arguments: _Parameters.args, **keywords: _Parameters.kwargs) -> _Result:
        try:
            return await anyio.to_thread.run_sync(work, partial(tool, *arguments, **keywords), limiter=running)
        except (*TOLD, IndexUnavailableError) as error:
            raise ToolError(str(error)) from error
    return call
