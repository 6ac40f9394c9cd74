"""Offer the tools, and the articles as resources, over the Model Context Protocol."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from functools import partial, wraps
from importlib.metadata import version
from inspect import getdoc
from typing import Any, ParamSpec, TypeVar

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp_types import INVALID_PARAMS, CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

from index.errors import UnknownArticleError
from qa.answerer import Answerer
from qa.arguments import word_validation
from qa.tools import INSTRUCTIONS, TOLD, Tools, arguments_of, shorten
from web.gate.lanes import Lane
from web.mcp import over_pipes, turns
from web.mcp.turns import RefusedError, Shares
from web.service import IndexUnavailableError

# Nothing is changed, the same call has the same result in one generation, and nothing but the index is read.
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

# Of a call that is refused as REST requests are with 429 and 503: of the codes that JSON-RPC leaves to servers (-32000
# to -32099), one that the protocol does not use.
REFUSED_CODE = -32029

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class _Server(MCPServer[object]):
    """The SDK's server, which reads arguments as `qa.tools` has it, and words what is wrong itself.

    The SDK passes over arguments that a tool does not have, so that a misspelled filter would be none, and takes true
    and "1" for 1.
    """

    def __init__(self, tools: Sequence[Callable[..., object]], **settings: Any) -> None:
        super().__init__(**settings)
        self._arguments = {tool.__name__: arguments_of(tool) for tool in tools}

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[object, Any] | None = None
                        ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raise ToolError with what the caller is to do."""
        try:
            return await super().call_tool(name, self._read(name, arguments), context)
        except UnexpectedToolError:
            raise
        except ValidationError as error:
            raise ToolError(shorten(word_validation(error))) from error
        except ToolError as error:
            # Around an error of the tool itself the SDK puts words of its own.
            raise ToolError(shorten(str(error.__cause__ or error))) from error.__cause__

    def _read(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call with the defaults of the others. Raises ValidationError."""
        known = self._arguments.get(name)
        return arguments if known is None else dict(known.model_validate(arguments))

    async def run_stdio_async(self) -> None:
        """Serve the client that started this process."""
        await over_pipes.serve(self._lowlevel_server)


async def _known_sender(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Tell the turns where this message came from, if it came over HTTP."""
    sender = None if ctx.request is None else ctx.request.client
    turns.address.set("" if sender is None else sender.host)
    return await call_next(ctx)


async def _worded_requests(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Say which parameters of a request are wrong: the SDK says only that some are, and logs a prompt as a failure."""
    if ctx.method == "prompts/get":
        raise MCPError(code=INVALID_PARAMS, message="there are no prompts; use the tools")
    try:
        return await call_next(ctx)
    except ValidationError as error:
        raise MCPError(code=INVALID_PARAMS, message=shorten(word_validation(error))) from error


def create_mcp_server(answerer: Callable[[], Answerer], shares: Shares | None = None) -> MCPServer[object]:
    """Create the server over the index that `answerer` returns at each call.

    Clients share turns as `shares` has it; by default any number of calls may wait, and nobody is limited.
    """
    tools = Tools(answerer, read_at_most=turns.passages.get).all()
    server = _Server(
        tools, name="musnad", title="Musnad", version=version("musnad"), instructions=INSTRUCTIONS, log_level="WARNING",
        middleware=[_known_sender, _worded_requests],
        subscriptions=False,  # nothing is told unasked
        # An id may be an address or a path: it names an article, never a file.
        resource_security=ResourceSecurity(reject_path_traversal=False, reject_absolute_paths=False))
    shares = shares or Shares()
    for tool in tools:
        lane = shares.reading if tool.__name__ == "get_article" else shares.asking
        server.add_tool(_worded_tool(tool, shares, lane), description=getdoc(tool), annotations=READS)

    async def read(act: Callable[[], str]) -> str:
        try:
            return await shares.run(shares.reading, act)
        except RefusedError as error:
            raise MCPError(code=REFUSED_CODE, message=str(error), data=dict(error.problem.members)) from error
        except UnknownArticleError as error:
            raise ResourceNotFoundError(str(error)) from error
        except IndexUnavailableError as error:
            raise ResourceError(str(error)) from error

    @server.resource("musnad://corpus", name="corpus", title="The articles", mime_type="application/json",
                     description="How many articles there are, from which sources and from when to when.")
    async def corpus() -> str:
        return await read(lambda: _corpus(answerer()))

    @server.resource("musnad://articles/{article_id}", name="article", title="An article", mime_type="text/plain",
                     description="The whole text of an article; article_id is percent-encoded.")
    async def article(article_id: str) -> str:
        return await read(lambda: answerer().article(article_id).text)

    return server


def _corpus(answerer: Answerer) -> str:
    days = answerer.days()
    return json.dumps({**answerer.state.as_json(), "sources": answerer.sources(),
                       "first": str(days[0]) if days else None, "last": str(days[1]) if days else None},
                      ensure_ascii=False)


def _worded_tool(tool: Callable[_Parameters, _Result], shares: Shares, lane: Lane
                 ) -> Callable[_Parameters, Awaitable[_Result]]:
    """Run a tool when it is the client's turn.

    An error that says what to do reaches the model in its own words; the SDK withholds those of others.
    """
    @wraps(tool)
    async def call(*arguments: _Parameters.args, **keywords: _Parameters.kwargs) -> _Result:
        try:
            return await shares.run(lane, partial(tool, *arguments, **keywords))
        except (*TOLD, IndexUnavailableError, RefusedError) as error:
            raise ToolError(str(error)) from error
    return call
