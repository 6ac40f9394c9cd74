"""`musnad mcp` as agents use it: a real process, over its pipes and over a real socket, and the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import anyio
import anyio.to_thread
import pytest
from mcp import Client, MCPError, StdioServerParameters

import build_index
from index.errors import NoSnapshotError
from index.work import pause
from qa.answerer import Answerer
from qa.types.question import Question
from tests.conftest import PROJECT
from web.gate.admission import RUNNING
from web.gate.tokens import sha256_of
from web.mcp.protocol import create_mcp_server
from web.service import IndexUnavailableError

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
ARTICLE = "camp-david-accords-1978"
TOKEN = "a long random text"

_Result = TypeVar("_Result")


def run(with_client: Callable[[Client], Awaitable[_Result]], server: Any) -> _Result:
    async def main() -> _Result:
        async with Client(server) as client:
            return await with_client(client)
    return asyncio.run(main())


def over_pipes(index_dir: Path) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, cwd=PROJECT,
                                 args=["-m", "qa", "mcp", "--index-dir", str(index_dir)])


@contextmanager
def over_http(index_dir: Path, *options: str, token: str = "") -> Iterator[str]:
    """A process that serves on a free port; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "mcp", "--transport", "http", "--port", "0", "--index-dir", str(index_dir),
         *options], cwd=PROJECT, env={**os.environ, "MUSNAD_ADMIN_TOKEN": token}, text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        yield address.group()
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
        process.stdout.close()


def post(address: str, **headers: str) -> int:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    request = Request(address, body, {"Content-Type": "application/json", **headers,
                                      "Accept": "application/json, text/event-stream"})
    try:
        with urlopen(request, timeout=30) as response:
            return int(response.status)
    except HTTPError as error:
        error.close()
        return error.code


# ---- what is offered ----

async def everything(client: Client) -> dict[str, Any]:
    answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
    search = (await client.call_tool("search", {"question": "كامب ديفيد", "top_k": 2})).structured_content
    quoted = (await client.call_tool("verify_quote", {"quote": answer["citations"][0]["quote"]})).structured_content
    timeline = (await client.call_tool("timeline", {"question": "كامب ديفيد", "order": "desc"})).structured_content
    affair = (await client.call_tool("affair", {"question": "كامب ديفيد", "order": "desc"})).structured_content
    part = (await client.call_tool("get_article", {"article_id": ARTICLE, "start": 10})).structured_content
    text = (await client.read_resource(f"musnad://articles/{ARTICLE}")).contents[0].text
    corpus = json.loads((await client.read_resource("musnad://corpus")).contents[0].text)
    return {"answer": answer, "search": search, "quoted": quoted, "timeline": timeline, "affair": affair, "part": part,
            "text": text, "corpus": corpus, "tools": (await client.list_tools()).tools}


def check(found: dict[str, Any], answerer: Answerer) -> None:
    text = answerer.article(ARTICLE).text
    citation = found["answer"]["citations"][0]
    assert found["answer"]["status"] == "answered"
    assert citation["article_id"] == ARTICLE
    assert text[citation["start"]:citation["end"]] == citation["quote"]
    assert len(found["search"]["hits"]) == 2
    assert found["quoted"]["verdict"] == "found"
    days = [event["first"] for event in found["timeline"]["events"]]
    assert days == sorted(days, reverse=True) != []
    assert found["affair"] == answerer.affair(Question("كامب ديفيد")).ordered("desc").as_json()
    assert found["affair"]["events"] != []
    part = found["part"]
    assert (part["text"], part["end"], part["characters"]) == (text[10:], len(text), len(text))
    assert found["text"] == text
    assert found["corpus"]["articles"] == answerer.state.articles
    assert found["corpus"]["first"] == str((answerer.days() or ("", ""))[0])
    assert [tool.name for tool in found["tools"]] == ["ask", "search", "verify_quote", "check_text", "timeline",
                                                      "affair", "get_article"]
    assert all(tool.annotations.read_only_hint and tool.description and tool.output_schema for tool in found["tools"])
    assert [tool.name for tool in found["tools"] if "\n " in tool.description] == []  # as the code indents it


@pytest.mark.process
@pytest.mark.slow
def test_an_agent_that_starts_the_command_is_answered(sample_index: Path, sample_answerer: Answerer) -> None:
    check(run(everything, over_pipes(sample_index)), sample_answerer)


@pytest.mark.process
@pytest.mark.slow
def test_an_agent_is_answered_over_http(sample_index: Path, sample_answerer: Answerer) -> None:
    with over_http(sample_index) as address:
        check(run(everything, address), sample_answerer)
        # Another page's script is refused, and so is a name that was bound to this machine from outside.
        assert post(address) == 200
        assert post(address, Origin="https://evil.example") == 403
        assert post(address, Host="evil.example") == 421


@pytest.mark.process
@pytest.mark.slow
def test_with_a_token_nobody_is_answered_without_it(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (PROJECT / "docs" / "agents.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(import asyncio.*?)```", page, re.DOTALL)
    with over_http(sample_index, token=TOKEN) as address:
        assert post(address) == 401
        assert post(address, Authorization="Bearer another") == 401
        assert post(address, Authorization=f"Bearer {TOKEN}") == 200
        exec(program.replace("http://127.0.0.1:8001/mcp", address).replace("TOKEN", TOKEN), {"__name__": "program"})
        assert f'"article_id": "{ARTICLE}"' in capsys.readouterr().out


@pytest.mark.process
@pytest.mark.slow
def test_a_file_of_tokens_lets_in_those_that_may_read(sample_index: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"agent read {sha256_of(b'reads')}\nfeed add {sha256_of(b'adds')}\n", encoding="utf-8")
    with over_http(sample_index, "--tokens", str(tokens)) as address:
        assert post(address) == post(address, Authorization="Bearer adds") == 401
        assert post(address, Authorization="Bearer reads") == 200


@pytest.mark.process
@pytest.mark.slow
def test_a_client_behind_a_proxy_may_ask_as_much_as_the_command_is_told(sample_index: Path) -> None:
    async def ask(client: Client) -> list[bool]:
        return [(await client.call_tool("search", {"question": QUESTION})).is_error for _ in range(2)]

    with over_http(sample_index, "--trusted-proxies", "1", "--rate-limit", "1") as address:
        assert run(ask, address) == [False, True]
    with over_http(sample_index, "--trusted-proxies", "1", "--rate-limit", "0") as address:
        assert run(ask, address) == [False, False]


@pytest.mark.model
@pytest.mark.process
@pytest.mark.slow
def test_a_new_generation_is_answered_from(tmp_path: Path) -> None:
    index_dir, file = tmp_path / "index", tmp_path / "a.jsonl"

    def add(article_id: str, text: str) -> None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"id": article_id, "text": text}) + "\n")
        assert build_index.main([str(file), "--index-dir", str(index_dir)]) == 0

    add("a", "وصل الوفد إلى أثينا.")

    async def both(client: Client) -> list[int]:
        sizes = []
        for _ in range(2):
            for _ in range(600):
                corpus = json.loads((await client.read_resource("musnad://corpus")).contents[0].text)
                if corpus["articles"] > len(sizes):
                    break
                await asyncio.sleep(0.1)
            sizes.append(corpus["articles"])
            if len(sizes) == 1:
                add("b", "غادر الوفد روما.")
        return sizes
    assert run(both, over_pipes(index_dir)) == [1, 2]


# ---- what goes wrong is said to the model ----

@pytest.mark.parametrize(("tool", "arguments", "said"), [
    ("ask", {"question": " "}, "the question is empty; type a question"),
    ("ask", {"question": "x" * 2001}, "shorten it to 2000 at most"),
    ("ask", {"question": "x", "published_from": "yesterday"}, "published_from"),
    ("ask", {"question": "x", "previous": ["y"] * 6}, "send the last 5 at most"),
    ("search", {"question": "x", "top_k": 101}, "it must be from 1 to 100"),
    ("verify_quote", {"quote": "two words"}, "quote 3 at least"),
    ("check_text", {"text": " "}, "the text is empty; give a text to check"),
    ("timeline", {"question": "x", "order": "random"}, "order"),
    ("affair", {"question": " "}, "the question is empty; type a question"),
    ("affair", {"question": "x", "order": "random"}, "order"),
    ("get_article", {"article_id": "../../etc/passwd"}, "there is no article with the id"),
    ("get_article", {"article_id": ARTICLE, "start": -1}, "start"),
    ("ask", {}, "question"),
])
@pytest.mark.slow
def test_a_call_that_cannot_be_answered_says_what_to_do(
        sample_answerer: Answerer, tool: str, arguments: dict[str, object], said: str) -> None:
    async def call(client: Client) -> Any:
        return await client.call_tool(tool, arguments)
    result = run(call, create_mcp_server(lambda: sample_answerer))
    assert result.is_error
    assert said in result.content[0].text


def test_without_an_index_the_model_hears_what_to_build() -> None:
    def answerer() -> Answerer:
        raise IndexUnavailableError(NoSnapshotError(Path("var/index")))

    async def call(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "x"})
    result = run(call, create_mcp_server(answerer))
    assert result.is_error
    assert "var/index" in result.content[0].text


def test_a_cancelled_call_stops_at_its_next_pause() -> None:
    began, stopped = threading.Event(), threading.Event()

    def answerer() -> Answerer:
        began.set()
        try:
            while True:
                pause()
        finally:
            stopped.set()

    async def call(client: Client) -> bool:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "ask", {"question": "x"})
            assert await anyio.to_thread.run_sync(began.wait, 20)
            tasks.cancel_scope.cancel()
        return await anyio.to_thread.run_sync(stopped.wait, 20)
    assert run(call, create_mcp_server(answerer))


def test_as_many_tools_run_at_once_as_there_are_cores() -> None:
    running, most = [0], [0]
    lock = threading.Lock()

    def answerer() -> Answerer:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        started.wait(0.05)  # nobody sets it: others could begin meanwhile
        with lock:
            running[0] -= 1
        raise IndexUnavailableError(NoSnapshotError(Path("var/index")))

    async def call(client: Client) -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(4 * RUNNING):
                tasks.start_soon(client.call_tool, "ask", {"question": "x"})
    started = threading.Event()
    run(call, create_mcp_server(answerer))
    assert most == [RUNNING]


@pytest.mark.slow
def test_an_id_names_an_article_and_no_file(sample_answerer: Answerer) -> None:
    async def read(client: Client) -> str:
        for article_id in ("/etc/passwd", "../x", "https://a.example/1?b=c#d"):
            with pytest.raises(MCPError, match="there is no article with the id"):
                await client.read_resource(f"musnad://articles/{quote(article_id, safe='')}")
        return "done"
    assert run(read, create_mcp_server(lambda: sample_answerer)) == "done"


# ---- the command ----

def musnad(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "qa", "mcp", *arguments], cwd=PROJECT, text=True, capture_output=True,
                          env={**os.environ, **environment}, timeout=60, check=False)


@pytest.mark.process
@pytest.mark.slow
def test_it_listens_to_other_machines_with_a_token_only(tmp_path: Path) -> None:
    done = musnad("--transport", "http", "--host", "0.0.0.0", "--index-dir", str(tmp_path))
    assert done.returncode == 2
    assert "set MUSNAD_ADMIN_TOKEN" in done.stderr
    tokens = tmp_path / "tokens"
    tokens.write_text(f"feed add {sha256_of(b'adds')}\n", encoding="utf-8")
    done = musnad("--transport", "http", "--host", "0.0.0.0", "--tokens", str(tokens), "--index-dir", str(tmp_path))
    assert (done.returncode, "with the scope read" in done.stderr) == (2, True)


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("content", [b"agent read", b"agent fly " + b"0" * 64, b"\xff\xfe", None])
def test_a_file_of_tokens_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    tokens = tmp_path / "tokens"
    if content is not None:
        tokens.write_bytes(content)
    done = musnad("--transport", "http", "--tokens", str(tokens), "--index-dir", str(tmp_path))
    assert (done.returncode, str(tokens) in done.stderr, done.stdout) == (2, True, "")


@pytest.mark.process
@pytest.mark.slow
def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    done = musnad("--transport", "http", "--index-dir", str(tmp_path), MUSNAD_DATABASE="nowhere")
    assert (done.returncode, "MUSNAD_DATABASE" in done.stderr, done.stdout) == (2, True, "")


@pytest.mark.process
@pytest.mark.slow
def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    missing = "raise ModuleNotFoundError(name='mcp')"
    (tmp_path / "mcp.py").write_text(missing, encoding="utf-8")
    done = musnad("--index-dir", str(tmp_path), PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert 'pip install "musnad[mcp]"' in done.stderr
    assert done.stdout == ""
