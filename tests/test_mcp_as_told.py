"""`musnad mcp` over pipes as docs/agents.md tells it: the page's own lines, and each tool and resource once."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from qa.answerer import Answerer
from qa.types.question import Question
from tests.conftest import PROJECT

pytestmark = [pytest.mark.process, pytest.mark.slow]

PAGE = (PROJECT / "docs" / "agents.md").read_text(encoding="utf-8")
FILTERS = ["sources", "published_from", "published_to"]
ARTICLE = "camp-david-accords-1978"
CALLS: dict[str, dict[str, Any]] = {
    "ask": {"question": "متى وُقّعت اتفاقيتا كامب ديفيد؟"}, "search": {"question": "كامب ديفيد", "top_k": 2},
    "verify_quote": {"quote": "في المنتجع الرئاسي الأمريكي بولاية ميريلاند"},
    "check_text": {"text": "وُقّعت اتفاقيتا كامب ديفيد عام 1978."},
    "timeline": {"question": "كامب ديفيد"}, "affair": {"question": "كامب ديفيد"},
    "get_article": {"article_id": ARTICLE}}
REFUSED = [
    ("search", {"question": "x", "top_k": True}, "top_k: must be a whole number, not true or false"),
    ("ask", {"question": 5}, "question: input should be a valid string, not a number"),
    ("ask", {"question": "x", "sources": ["a", 5]}, "sources.1: input should be a valid string, not a number"),
    ("ask", {"question": "x", "published_from": 2020}, "published_from: must be a date written YYYY-MM-DD"),
    ("ask", {"question": "x", "published_from": "2020-01-02", "published_to": "2020-01-01"},
     "published_from is later than published_to"),
    ("ask", {"question": "x", "source": "y"},
     "ask takes question, previous, sources, published_from, published_to, and not 'source'"),
    ("get_article", {"article_id": "../../etc/passwd"}, "there is no article with the id"),
]


def started(index_dir: Path) -> StdioServerParameters:
    """The command as the page configures an agent, with this index and this interpreter's `musnad`."""
    (configuration,) = [found for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
                        if "command" in (found := json.loads(block)["mcpServers"]["musnad"])]
    assert configuration["command"] == "musnad"
    *arguments, _ = configuration["args"]
    return StdioServerParameters(command=sys.executable, args=["-m", "qa", *arguments, str(index_dir)], cwd=PROJECT)


@pytest.fixture(scope="module")
def told(sample_index: Path) -> dict[str, Any]:
    """What one agent is answered to everything that the page names, and to what it says is refused."""
    async def main() -> dict[str, Any]:
        async with Client(started(sample_index)) as client:
            with pytest.raises(MCPError) as unknown:
                await client.read_resource("musnad://articles/none")
            return {"tools": (await client.list_tools()).tools,
                    "resources": [str(each.uri) for each in (await client.list_resources()).resources],
                    "templates": [each.uri_template for each
                                  in (await client.list_resource_templates()).resource_templates],
                    "answers": {tool: await client.call_tool(tool, call) for tool, call in CALLS.items()},
                    "refusals": [await client.call_tool(tool, call) for tool, call, _ in REFUSED],
                    "no tool": await client.call_tool("write", {}),
                    "unknown": unknown.value.message,
                    "corpus": json.loads((await client.read_resource("musnad://corpus")).contents[0].text),
                    "article": (await client.read_resource(f"musnad://articles/{ARTICLE}")).contents[0].text}
    return asyncio.run(main())


def test_the_page_names_the_tools_and_their_parameters(told: dict[str, Any]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| .* \|$", PAGE.partition("Filters are")[0], re.MULTILINE)
    named = {tool: [*re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", parameters)),
                    *(FILTERS if "filters" in parameters else [])] for tool, parameters in rows}
    assert len(named) == 7
    assert {tool: sorted(names) for tool, names in named.items()} == {
        tool.name: sorted(tool.input_schema["properties"]) for tool in told["tools"]}


def test_the_page_names_the_resources(told: dict[str, Any]) -> None:
    assert (told["resources"], told["templates"]) == (["musnad://corpus"], ["musnad://articles/{article_id}"])
    assert all(f"`{uri}`" in PAGE for uri in (*told["resources"], *told["templates"]))


def test_each_tool_and_resource_answers(told: dict[str, Any], sample_answerer: Answerer) -> None:
    answers = {tool: result.structured_content for tool, result in told["answers"].items()}
    assert [tool for tool, result in told["answers"].items() if result.is_error] == []
    assert answers["ask"]["citations"][0]["article_id"] == ARTICLE
    assert answers["search"]["hits"][0]["article_id"] == ARTICLE
    assert answers["verify_quote"]["verdict"] == "found"
    assert [claim["verdict"] for claim in answers["check_text"]["claims"]] == ["supported"]
    assert answers["timeline"] == sample_answerer.timeline(Question("كامب ديفيد")).as_json()
    assert answers["affair"] == sample_answerer.affair(Question("كامب ديفيد")).as_json()
    assert answers["get_article"]["text"] == told["article"] == sample_answerer.article(ARTICLE).text
    assert told["corpus"]["articles"] == sample_answerer.state.articles


def test_what_cannot_be_answered_comes_back_in_words(told: dict[str, Any]) -> None:
    assert len(told["refusals"]) == len(REFUSED)
    for result, (_, _, said) in zip(told["refusals"], REFUSED, strict=True):
        assert result.is_error
        assert said in result.content[0].text
    assert told["no tool"].is_error
    assert "write" in told["no tool"].content[0].text
    assert "there is no article with the id" in told["unknown"]


def test_the_page_s_messages_are_answered_and_the_process_ends_with_them(sample_index: Path) -> None:
    (messages,) = re.findall(r"^musnad mcp --index-dir var/index <<'END'\n(.*?)^END$", PAGE, re.DOTALL | re.MULTILINE)
    parameters = started(sample_index)
    done = subprocess.run([parameters.command, *parameters.args], cwd=PROJECT, input=messages, text=True,
                          encoding="utf-8", capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    initialized, called = map(json.loads, done.stdout.splitlines())
    assert (initialized["id"], initialized["result"]["serverInfo"]["name"]) == (1, "musnad")
    assert (called["id"], called["result"]["isError"]) == (2, False)
    assert len(called["result"]["structuredContent"]["hits"]) == 1


def test_the_process_ends_when_its_input_does(sample_index: Path) -> None:
    parameters = started(sample_index)
    done = subprocess.run([parameters.command, *parameters.args], cwd=PROJECT, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
