"""Offer the tools, and the articles as resources, over the Model Context Protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp_types import ToolAnnotations

from index.errors import IndexingError, UnknownArticleError
from qa.answerer import Answerer
from qa.check.draft import DraftError
from qa.tools import INSTRUCTIONS, Tools
from qa.types import QuestionError
from qa.verify.quote import QuoteError
from web.service import IndexUnavailableError

# Nothing is changed, the same call has the same result in one generation, and nothing but the index is read.
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def create_mcp_server(answerer: Callable[[], Answerer]) -> MCPServer[object]:
    """Create the server over the index that `answerer` returns at each call."""
    server: MCPServer[object] = MCPServer(
        "musnad", title="Musnad", version=version("musnad"), instructions=INSTRUCTIONS, log_level="WARNING",
        # An id may be an address or a path: it names an article, never a file.
        resource_security=ResourceSecurity(reject_path_traversal=False, reject_absolute_paths=False))
    for tool in Tools(answerer).all():
        server.add_tool(_worded(tool), annotations=READS)

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


def _worded(tool: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Let an error that says what to do reach the model in its own words; the SDK withholds those of others."""
    @wraps(tool)
    def call(*arguments: _Parameters.args, **keywords: _Parameters.kwargs) -> _Result:
        try:
            return tool(*arguments, **keywords)
        except (QuestionError, QuoteError, DraftError, IndexingError, IndexUnavailableError) as error:
            raise ToolError(str(error)) from error
    return call
