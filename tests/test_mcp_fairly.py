"""Clients of `musnad mcp` over HTTP share turns, are limited and read less under load, as those of the REST server.

They are two of the SDK's, each from an address of this machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import anyio
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from index.work import pause
from qa.answerer import Answerer
from qa.types.answer import Answer
from qa.types.question import Question
from qa.types.search import SearchResult
from tests.fake_answerer import FakeAnswerer
from tests.test_admission import PLENTY_S
from tests.test_mcp_connections import served
from web.gate.admin import Admin
from web.gate.clients import forwarded_address
from web.gate.rate_limits import ClientLimits
from web.gate.refusals import OVERLOADED, rate_limited
from web.mcp import turns
from web.mcp.over_http import PATH, Guarded, application
from web.mcp.protocol import REFUSED_CODE, create_mcp_server
from web.mcp.turns import Shares

pytestmark = pytest.mark.slow

BUSY, QUIET = "127.0.0.1", "127.0.0.2"


class Held(FakeAnswerer):
    """Notes the searches as they begin, and ends them when it may; one for "long" works with pauses until then.

    It keeps how many passages each question may read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.told: list[int | None] = []
        self.may_end = threading.Event()

    def search(self, question: Question) -> SearchResult:
        self.begun.append(question.text)
        while question.text == "long" and not self.may_end.is_set():
            sum(range(10_000))
            pause()
        if question.text != "quick":
            assert self.may_end.wait(PLENTY_S)
        return super().search(question)

    def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
        self.told.append(read_at_most)
        return super().ask(question)


class Served:
    """A server that works on one call at a time; `places` may wait for their turn, and a client may ask so much."""

    def __init__(self, places: int = 16, proxies: int = 0, questions_a_minute: int = 0) -> None:
        self.answerer = Held()
        self.shares = Shares(places, ClientLimits(questions_a_minute, trusted_proxies=proxies))
        server = create_mcp_server(lambda: cast("Answerer", self.answerer), self.shares)
        self.app = Guarded(application(server), Admin(), proxies=proxies)
        self.port = 0

    @asynccontextmanager
    async def client(self, address: str, **headers: str) -> AsyncIterator[Client]:
        """The SDK's client, connected from an address of this machine."""
        transport = httpx2.AsyncHTTPTransport(local_address=address)
        async with httpx2.AsyncClient(transport=transport, headers=headers, timeout=PLENTY_S) as http, Client(
                streamable_http_client(f"http://127.0.0.1:{self.port}{PATH}", http_client=http)) as connected:
            yield connected

    async def until(self, is_so: Callable[[], bool]) -> None:
        with anyio.fail_after(PLENTY_S):
            while not is_so():
                await anyio.sleep(0.01)


Serve = Callable[..., Served]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.setattr(turns, "RUNNING", 1)
    opened: list[tuple[Served, Any]] = []

    def start(**settings: int) -> Served:
        made = Served(**settings)
        context = served(made.app)
        made.port = context.__enter__()
        opened.append((made, context))
        return made

    yield start
    for made, context in opened:
        made.answerer.may_end.set()
        context.__exit__(None, None, None)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute ends between two calls, and none costs more on a busy machine."""
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)
    monkeypatch.setattr("time.thread_time", lambda: 0.0)


def search(client: Client, text: str) -> asyncio.Task[Any]:
    return asyncio.create_task(client.call_tool("search", {"question": text}))


@pytest.mark.parametrize(("address", "headers", "proxies", "place"), [
    (QUIET, {}, 0, 1), (BUSY, {}, 0, 6),
    (BUSY, {"X-Forwarded-For": "192.0.2.1"}, 1, 1),
    (BUSY, {"X-Forwarded-For": "192.0.2.1"}, 0, 6),  # nobody may name himself another
])
def test_another_client_comes_before_what_the_first_still_has_waiting(
        serve: Serve, address: str, headers: dict[str, str], proxies: int, place: int) -> None:
    server = serve(proxies=proxies)

    async def main() -> None:
        async with server.client(BUSY) as busy, server.client(address, **headers) as other:
            calls = [search(busy, "first")]
            await server.until(lambda: server.answerer.begun == ["first"])
            calls += [search(busy, f"busy {number}") for number in range(5)]
            await server.until(lambda: server.shares.asking.waiting == 5)
            calls.append(search(other, "other"))
            await server.until(lambda: server.shares.asking.waiting == 6)
            server.answerer.may_end.set()
            assert [result.is_error for result in await asyncio.gather(*calls)] == [False] * len(calls)

    asyncio.run(main())
    assert server.answerer.begun.index("other") == place
    assert len(server.answerer.begun) == 7


def test_a_long_call_gives_way_to_another_client(serve: Serve) -> None:
    server = serve()

    async def main() -> None:
        async with server.client(BUSY) as busy, server.client(QUIET) as quiet:
            long = search(busy, "long")
            await server.until(lambda: server.answerer.begun == ["long"])
            with anyio.fail_after(PLENTY_S):
                assert not (await quiet.call_tool("search", {"question": "quick"})).is_error
            assert not long.done()
            server.answerer.may_end.set()
            assert not (await long).is_error

    asyncio.run(main())


def test_who_has_most_that_waits_loses_the_newest_and_is_told_when_to_come_again(serve: Serve) -> None:
    server = serve(places=2)

    async def main() -> None:
        async with server.client(BUSY) as busy, server.client(QUIET) as quiet:
            first = search(busy, "first")
            await server.until(lambda: server.answerer.begun == ["first"])
            second = search(busy, "second")
            await server.until(lambda: server.shares.asking.waiting == 1)
            third = search(busy, "third")
            await server.until(lambda: server.shares.asking.waiting == 2)
            fourth = await busy.call_tool("search", {"question": "fourth"})
            assert (fourth.is_error, fourth.content[0].text) == (True, OVERLOADED.detail)
            # An article is read meanwhile: what asks nothing has turns of its own.
            assert not (await quiet.call_tool("get_article", {"article_id": "bread"})).is_error
            other = search(quiet, "other")
            assert (await third).content[0].text == OVERLOADED.detail
            server.answerer.may_end.set()
            assert [(await call).is_error for call in (first, second, other)] == [False, False, False]

    asyncio.run(main())
    assert server.answerer.begun == ["first", "other", "second"]


def test_who_reads_too_many_articles_at_once_is_told_when_to_come_again(serve: Serve) -> None:
    server = serve(places=0)

    async def main() -> None:
        async with server.client(BUSY) as busy:
            turn = server.shares.reading.enter(QUIET)
            with pytest.raises(MCPError) as refused:
                await busy.read_resource("musnad://articles/bread")
            turn.end()
            assert (refused.value.code, refused.value.data) == (REFUSED_CODE, {"retry_after_s": 1})
            assert (await busy.read_resource("musnad://articles/bread")).contents[0].text

    asyncio.run(main())


# ---- under load, and beyond a limit ----

def test_a_question_reads_less_the_more_wait_behind_it(serve: Serve) -> None:
    server = serve(places=4)

    async def main() -> None:
        async with server.client(BUSY) as busy:
            calls = [asyncio.create_task(busy.call_tool("ask", {"question": "1"}))]
            await server.until(lambda: server.answerer.begun == ["1"])
            for waiting in range(1, 5):
                calls.append(asyncio.create_task(busy.call_tool("ask", {"question": str(waiting + 1)})))
                await server.until(lambda waiting=waiting: server.shares.asking.waiting == waiting)
            server.answerer.may_end.set()
            assert [result.is_error for result in await asyncio.gather(*calls)] == [False] * 5

    asyncio.run(main())
    # When the first begins nobody waits; then 3, 2, 1 and none of the four places are taken.
    assert server.answerer.told == [None, 0, 1, 2, None]


async def refusals(client: Client, count: int) -> list[str]:
    """What so many searches are told, each after the other; an empty text for those that are answered."""
    results = [await client.call_tool("search", {"question": "quick"}) for _ in range(count)]
    return [result.content[0].text if result.is_error else "" for result in results]


@pytest.mark.usefixtures("still")
def test_who_asks_too_much_is_told_when_to_ask_again_and_others_are_answered(serve: Serve) -> None:
    server = serve(proxies=1, questions_a_minute=2)

    async def main() -> None:
        async with server.client(BUSY, **{"X-Forwarded-For": "192.0.2.1"}) as busy, \
                server.client(BUSY, **{"X-Forwarded-For": "192.0.2.2"}) as quiet:
            assert await refusals(busy, 4) == ["", "", *[rate_limited(2, 50).detail] * 2]
            assert await refusals(quiet, 1) == [""]
            for _ in range(20):  # ten times as many other calls, of whatever kind
                assert not (await busy.call_tool("get_article", {"article_id": "bread"})).is_error
            with pytest.raises(MCPError) as refused:
                await busy.read_resource("musnad://articles/bread")
            assert (refused.value.code, refused.value.data) == (REFUSED_CODE, {"retry_after_s": 50})
            assert refused.value.message == rate_limited(20, 50).detail

    asyncio.run(main())
    assert server.answerer.begun == ["quick"] * 3


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(("proxies", "answered"), [(0, 5), (1, 1)])
def test_programs_on_the_machine_itself_are_not_limited_unless_a_proxy_stands_before_it(
        serve: Serve, proxies: int, answered: int) -> None:
    server = serve(proxies=proxies, questions_a_minute=1)

    async def main() -> list[str]:
        async with server.client(BUSY) as busy:
            return await refusals(busy, 5)

    assert asyncio.run(main()).count("") == answered


def test_a_call_that_takes_long_counts_for_several(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)
    monkeypatch.setattr("web.gate.rate_limits.QUESTION_S", 1e-9)
    server = serve(proxies=1, questions_a_minute=50)

    async def main() -> list[str]:
        async with server.client(BUSY) as busy:
            return await refusals(busy, 2)

    assert asyncio.run(main()) == ["", rate_limited(50, 50).detail]


@pytest.mark.parametrize(("forwarded", "proxies", "address"), [
    ([], 0, "10.0.0.1"), (["192.0.2.1"], 0, "10.0.0.1"), ([], 1, "10.0.0.1"), (["192.0.2.1"], 1, "192.0.2.1"),
    (["192.0.2.9, 192.0.2.1"], 1, "192.0.2.1"), (["192.0.2.9", "192.0.2.1"], 1, "192.0.2.1"),
    (["192.0.2.9, 192.0.2.1"], 2, "192.0.2.9"), (["192.0.2.1"], 2, "10.0.0.1"), (["192.0.2.1, "], 1, "10.0.0.1"),
])
def test_a_proxy_is_believed_about_whom_it_passed_on(forwarded: list[str], proxies: int, address: str) -> None:
    assert forwarded_address("10.0.0.1", forwarded, proxies) == address
