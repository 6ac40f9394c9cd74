"""Webhooks of standing claims: signed, sent again when they fail, given up, and only where they may go."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from index.types import Article
from qa.answerer import Answerer
from qa.standing.store import StandingStore
from qa.standing.types import Alert, Wanted
from qa.standing.webhook import RETRY_AFTER_S, Deliveries, shown_secret, signed_headers
from tests.fakes import WordEmbedder
from tests.loopback import canary
from tests.receiver import Receiver
from web.service import Service
from web.standing import Standing

EMBEDDER = WordEmbedder("red", "blue", "green")
CLAIM = "The council of Amber Hill bought twelve electric buses."


class Sender:
    """A claim for each address, one alert of each that is to be sent, and a clock that the test moves."""

    def __init__(self, index_dir: Path, *webhooks: str, allowed: str = "") -> None:
        build([Article("old", "The harbour is closed on Fridays.")], index_dir, EMBEDDER)
        self.store = StandingStore(index_dir)
        self.claims = [self.store.save(Wanted.parse("claim", CLAIM, webhook=webhook), open_snapshot(index_dir),
                                       base="https://news.example/") for webhook in webhooks]
        build([Article("first", CLAIM, "Buses")], index_dir, EMBEDDER)
        self.now = 1_000_000.0
        fetcher = Fetcher(allowed=parse_allowed_hosts([allowed]), min_interval_s=0.0, timeout_s=5.0)
        self.deliveries = Deliveries(self.store, fetcher, now=lambda: self.now)
        Standing(Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER)), self.store,
                 self.deliveries).look()

    def alert(self, number: int = 0) -> Alert:
        (alert,) = self.store.alerts(self.claims[number].id)
        return alert


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification, https://github.com/standard-webhooks/standard-webhooks.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    key = base64.b64decode(secret.removeprefix("whsec_")).hex()
    assert shown_secret(key) == secret
    headers = dict(signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'))
    assert headers == {"Content-Type": "application/json", "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
                       "webhook-timestamp": "1614265330",
                       "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}


def test_an_alert_is_sent_once_and_signed(index_dir: Path) -> None:
    with Receiver() as receiver:
        sender = Sender(index_dir, receiver.address, allowed=receiver.host)
        assert sender.alert().delivery == "waiting"
        assert sender.deliveries.send_due() is None
        assert sender.deliveries.send_due() is None
        (received,) = receiver.received
        assert received.id == sender.alert().id
        assert received.is_signed_with(shown_secret(sender.claims[0].secret))
        assert not received.is_signed_with(shown_secret("00" * 32))
        sent = json.loads(received.body)
        assert (sent["type"], sent["data"]["claim"]["text"]) == ("claim.alert", CLAIM)
        assert sent["data"]["page_url"] == f"https://news.example/articles/first?start=0&end={len(CLAIM)}#cited"
        assert sender.alert().delivery == "delivered"
        assert sender.deliveries.counts == {"delivered": 1}


@pytest.mark.parametrize("status", [500, 503, 429, 404, 302])
def test_what_is_not_taken_is_sent_again_later_and_given_up_at_last(index_dir: Path, status: int) -> None:
    with Receiver(lambda _: status) as receiver:
        sender = Sender(index_dir, receiver.address, allowed=receiver.host)
        for attempt, wait_s in enumerate(RETRY_AFTER_S, start=1):
            assert sender.deliveries.send_due() == wait_s
            assert len(receiver.received) == attempt
            sender.now += wait_s - 1
            sender.deliveries.send_due()
            assert len(receiver.received) == attempt
            sender.now += 1
        assert sender.deliveries.send_due() is None
        assert (sender.alert().delivery, sender.alert().failure) == ("failed", f"it was answered with {status}")
        assert len({(each.id, each.body) for each in receiver.received}) == 1
        assert sender.deliveries.counts == {"failed": len(RETRY_AFTER_S), "given_up": 1}
        assert sender.store.pending() == []


def test_a_receiver_that_is_gone_gets_nothing_more(index_dir: Path) -> None:
    with Receiver(lambda _: 410) as receiver:
        sender = Sender(index_dir, receiver.address, allowed=receiver.host)
        assert sender.deliveries.send_due() is None
        assert (sender.alert().delivery, len(receiver.received)) == ("failed", 1)


def test_a_host_that_fails_does_not_keep_others_waiting_and_gets_one_attempt_at_a_time(index_dir: Path) -> None:
    with Receiver(lambda _: 500) as broken, Receiver() as sound:
        sender = Sender(index_dir, broken.address, broken.address, sound.address,
                        allowed=f"{broken.host},{sound.host}")
        assert sender.deliveries.send_due() == RETRY_AFTER_S[0]
        assert (len(broken.received), len(sound.received)) == (1, 1)
        assert sorted(pending.attempts for pending in sender.store.pending()) == [0, 1]


def test_a_receiver_that_comes_back_gets_what_waited(index_dir: Path) -> None:
    with Receiver(lambda number: 500 if number == 0 else 200) as receiver:
        sender = Sender(index_dir, receiver.address, receiver.address, allowed=receiver.host)
        sender.deliveries.send_due()
        sender.now += 60
        assert sender.deliveries.send_due() is None
        assert {sender.alert(0).delivery, sender.alert(1).delivery} == {"delivered"}
        assert len({each.id for each in receiver.received}) == 2


def test_nothing_is_sent_to_a_host_that_is_not_allowed(index_dir: Path) -> None:
    with canary() as target:
        sender = Sender(index_dir, f"http://127.0.0.1:{target.port}/hook")
        assert sender.deliveries.send_due() is None
        assert target.connections() == 0
        assert sender.alert().delivery == "failed"
        assert "a loopback address" in sender.alert().failure


def test_a_redirect_is_not_followed(index_dir: Path) -> None:
    with canary() as target, Receiver(lambda _: 307, f"http://127.0.0.1:{target.port}/") as receiver:
        sender = Sender(index_dir, receiver.address, allowed=f"{receiver.host},127.0.0.1:{target.port}")
        sender.deliveries.send_due()
        assert (len(receiver.received), target.connections()) == (1, 0)


def test_what_is_to_be_sent_of_a_removed_claim_goes_with_it(index_dir: Path) -> None:
    with Receiver() as receiver:
        sender = Sender(index_dir, receiver.address, allowed=receiver.host)
        sender.store.remove(sender.claims[0].id)
        assert sender.deliveries.send_due() is None
        assert receiver.received == []
