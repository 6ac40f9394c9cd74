"""A journalist's day: articles arrive while claims stand; each expected alert comes once, also across kill -9."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from index.intake.build import build
from index.model.types import Embedder
from index.types import Article
from qa.standing.store import StandingStore
from tests.newsday import FOLLOWED, REPRINTS, before_the_day, the_day
from tests.receiver import ClaimServer, Receiver, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.process]


@pytest.fixture
def index_dir(tmp_path: Path, embedder: Embedder) -> Path:
    build(before_the_day(), tmp_path / "index", embedder)
    return tmp_path / "index"


@pytest.fixture
def servers(index_dir: Path) -> Iterator[list[ClaimServer]]:
    """Servers of the index, which are ended after the test."""
    started: list[ClaimServer] = []
    yield started
    for server in started:
        server.end()


def as_sent(article: Article) -> dict[str, Any]:
    return {name: value for name, value in asdict(article).items() if value}


def expected() -> set[tuple[str, str, str]]:
    return {(followed.text, article_id, kind) for followed in FOLLOWED
            for article_id, kind in followed.expected.items()}


def alerts_of(receiver: Receiver) -> set[tuple[str, str, str]]:
    return {(each.data["claim"]["text"], each.data["alert"]["place"]["article_id"], each.data["alert"]["kind"])
            for each in receiver.received}


def test_every_expected_alert_comes_once_within_ten_seconds_of_its_generation(
        index_dir: Path, servers: list[ClaimServer]) -> None:
    day = the_day(100)
    assert len(day) == 100
    assert len(FOLLOWED) == 20
    with Receiver() as receiver:
        server = ClaimServer(index_dir, receiver.host)
        servers.append(server)
        secrets = {each.text: server.follow(each.kind, each.text, each.speaker, receiver.address)["secret"]
                   for each in FOLLOWED}
        served: dict[str, float] = {}  # the first time that a generation was seen

        def waiting() -> int:
            ready: dict[str, Any] = server.ask("/readyz")
            served.setdefault(ready["index"]["generation"], time.monotonic())
            time.sleep(0.1)
            return int(ready["waiting"])

        for number, article in enumerate(day, start=1):
            server.ask("/api/articles", "POST", as_sent(article))
            while waiting() and number % 25 == 0:  # however slow the machine is, these are in a generation of their own
                pass
        waiting()
        wait_until(lambda: len(receiver.received) >= len(expected()))
        time.sleep(3)  # for what should not come
        assert alerts_of(receiver) == expected()
        assert len(served) > 2
        assert [each for each in receiver.received if not each.is_signed_with(
            secrets[each.data["claim"]["text"]])] == []
        assert set(Counter(each.id for each in receiver.received).values()) == {1}
        late = {each.data["alert"]["place"]["article_id"]: each.came - served[each.data["alert"]["generation"]]
                for each in receiver.received}
        print("seconds after the generation was seen:", max(late.values()))
        assert max(late.values()) < 10
        listed = [alert for claim in server.ask("/api/claims")["claims"]
                  for alert in server.ask(f"/api/claims/{claim['id']}")["alerts"]]
        assert {alert["delivery"] for alert in listed} == {"delivered"}
        copies = {place["article_id"]: alert["place"]["article_id"] for alert in listed for place in alert["also_in"]}
        assert copies == REPRINTS
        metrics = server.text("/metrics")
        assert f"musnad_standing_claims {len(FOLLOWED)}.0" in metrics
        assert f'musnad_webhooks_total{{outcome="delivered"}} {len(expected())}.0' in metrics
        server.end()


def test_kill_9_in_the_middle_of_matching_and_of_sending_loses_nothing_and_sends_nothing_twice(
        index_dir: Path, servers: list[ClaimServer]) -> None:
    told = [article for article in the_day(100) if not article.id.startswith("filler")]

    def slowly(number: int) -> int:
        time.sleep(0.3)
        return 503 if number % 3 == 1 else 200

    with Receiver(slowly) as receiver:
        server = ClaimServer(index_dir, receiver.host)
        servers.append(server)
        for each in FOLLOWED:
            server.follow(each.kind, each.text, each.speaker, receiver.address)
        first = server.ask("/readyz")["index"]["generation"]
        server.ask("/api/articles", "POST", [as_sent(article) for article in told])
        kills = 0
        while kills < 6:
            # After the first alerts are sent, in the middle of matching the rest and of sending.
            seen = len(receiver.received)
            wait_until(lambda seen=seen: len(receiver.received) > seen)
            if kills % 2:
                time.sleep(0.2)
            server.kill()
            if not kills:  # the first alert was being received while other claims were still to be matched
                ledger = StandingStore(index_dir).ledger()
                assert ledger is not None
                assert ledger.generation == first
                assert len(StandingStore(index_dir).pending()) > 0
            kills += 1
            server = ClaimServer(index_dir, receiver.host)
            servers.append(server)
            if alerts_of(receiver) == expected():
                break
        wait_until(lambda: alerts_of(receiver) == expected(), 120)
        wait_until(lambda: all(alert["delivery"] == "delivered" for claim in server.ask("/api/claims")["claims"]
                               for alert in server.ask(f"/api/claims/{claim['id']}")["alerts"]), 120)
        assert alerts_of(receiver) == expected()
        by_id: dict[str, set[str]] = {}
        for each in receiver.received:
            by_id.setdefault(each.id, set()).add(json.dumps(json.loads(each.body), sort_keys=True))
        # What came again came under the same id, with the same body.
        assert len(by_id) == len(expected())
        assert {len(bodies) for bodies in by_id.values()} == {1}
        kept = [alert["id"] for claim in server.ask("/api/claims")["claims"]
                for alert in server.ask(f"/api/claims/{claim['id']}")["alerts"]]
        assert sorted(kept) == sorted(by_id)
        server.end()
