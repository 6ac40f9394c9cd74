"""Standing claims in one process: what is new, what it gives, and that it is kept once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from index.generation.snapshot import open_snapshot
from index.intake.backup import back_up
from index.intake.build import build
from index.intake.restoring import restore
from index.intake.update import update
from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.standing.ledger import Ledger
from qa.standing.matching import Matcher
from qa.standing.store import StandingStore
from qa.standing.types import Alert, StandingClaim, StandingError, UnknownClaimError, Wanted
from qa.standing.webhook import Deliveries
from tests.fakes import WordEmbedder
from web.service import Service
from web.standing import Standing

EMBEDDER = WordEmbedder("red", "blue", "green", "boat", "harbour")
OLD = Article("old", "The harbour of Amber Hill is closed on Fridays.\n\nNobody knows why.", "Harbour")
CLAIM = "The council of Amber Hill bought twelve electric buses."


class Desk:
    """An index, its store, and generations that are made by hand."""

    def __init__(self, index_dir: Path, embedder: Embedder = EMBEDDER) -> None:
        self.index_dir, self._embedder = index_dir, embedder
        self.articles = {OLD.id: OLD}
        build([OLD], index_dir, embedder)
        self.store = StandingStore(index_dir)

    def follow(self, text: str = CLAIM, kind: str = "claim", webhook: str = "", owner: str = "") -> StandingClaim:
        return self.store.save(Wanted.parse(kind, text, webhook=webhook), open_snapshot(self.index_dir), owner=owner)

    def publish(self, *articles: Article) -> None:
        self.articles |= {article.id: article for article in articles}
        build(list(self.articles.values()), self.index_dir, self._embedder)

    def withdraw(self, article_id: str) -> None:
        del self.articles[article_id]
        self.publish()

    def answerer(self) -> Answerer:
        return Answerer(open_snapshot(self.index_dir), self._embedder)

    def standing(self) -> Standing:
        service = Service(self.index_dir, self.answerer)
        return Standing(service, StandingStore(self.index_dir), Deliveries(self.store, Unreachable()))

    def alerts(self) -> list[tuple[str, str]]:
        return [(alert.place.article_id, alert.kind) for claim in self.store.claims()
                for alert in self.store.alerts(claim.id)]


class Unreachable:
    """Nothing may be sent in these tests."""

    def post(self, address: str, body: bytes, headers: object) -> int:
        raise AssertionError(f"{len(body)} bytes were sent to {address} with {headers}")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "index")


# ---- what is new ----

def test_only_sentences_that_no_generation_had_are_new(desk: Desk) -> None:
    ledger = Ledger.of(open_snapshot(desk.index_dir))
    revised = replace(OLD, text=OLD.text + "\n\nThe boat is green.")
    desk.publish(revised, Article("new", "The boat is red."))
    snapshot = open_snapshot(desk.index_dir)
    additions, after = ledger.additions(snapshot)
    assert {snapshot.articles.ids[row] for row in additions.articles} == {"old", "new"}
    texts = [snapshot.articles[snapshot.tables.article_row(row)].text[
        snapshot.tables.sentence(row).start:snapshot.tables.sentence(row).end] for row in sorted(additions.sentences)]
    assert sorted(texts) == ["The boat is green.", "The boat is red."]
    assert after.additions(snapshot)[0].articles == ()
    assert Ledger.from_bytes(after.as_bytes()).additions(snapshot)[0].articles == ()


def test_a_record_whose_text_stayed_adds_nothing(desk: Desk) -> None:
    ledger = Ledger.of(open_snapshot(desk.index_dir))
    desk.publish(replace(OLD, title="The harbour", author="A. Writer"))
    assert ledger.additions(open_snapshot(desk.index_dir))[0].articles == ()


def test_what_is_withdrawn_and_comes_back_is_not_new(desk: Desk) -> None:
    desk.publish(Article("new", CLAIM))
    desk.follow()
    standing = desk.standing()
    for change in (lambda: desk.withdraw("new"), lambda: desk.publish(Article("new", CLAIM))):
        change()
        standing = desk.standing()
        standing.look()
    assert desk.alerts() == []
    assert standing.generations == 1


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"format": 2}\n',
                                     b'{"format": 1, "generation": "x", "articles": 1, "sentences": 0}\n'])
def test_a_ledger_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        Ledger.from_bytes(content)


# ---- what it gives ----

def test_an_article_that_was_there_before_gives_no_alert(desk: Desk) -> None:
    desk.publish(Article("before", CLAIM))
    desk.follow()
    desk.publish(Article("after", f"Last week. {CLAIM} The mayor smiled."))
    desk.standing().look()
    assert desk.alerts() == [("after", "repeated")]


def test_a_claim_is_matched_from_when_it_was_saved_on(desk: Desk) -> None:
    early = desk.follow()
    desk.publish(Article("first", CLAIM))
    desk.standing().look()
    late = desk.follow()
    desk.publish(Article("second", f"{CLAIM} A driver waved."))
    desk.standing().look()
    assert [alert.place.article_id for alert in desk.store.alerts(early.id)] == ["second", "first"]
    assert [(alert.place.article_id, alert.kind) for alert in desk.store.alerts(late.id)] == [("second", "repeated")]


def test_articles_that_came_while_no_server_ran_are_matched_afterwards(desk: Desk) -> None:
    desk.follow()
    for number in range(4):  # more generations than are kept
        desk.publish(Article(f"a{number}", f"{CLAIM} It was day {number}."))
    desk.standing().look()
    assert sorted(article_id for article_id, _ in desk.alerts()) == ["a0", "a1", "a2", "a3"]
    assert [kind for _, kind in desk.alerts()].count("first_appearance") == 1


def test_a_reprint_stands_with_the_alert_of_the_first_and_gives_none(desk: Desk) -> None:
    claim = desk.follow()
    text = f"{CLAIM} They run since Monday."
    desk.publish(Article("first", text, "Buses", "One"))
    desk.standing().look()
    desk.publish(Article("copy", text, "New buses", "Two"))
    desk.standing().look()
    (alert,) = desk.store.alerts(claim.id)
    assert (alert.place.article_id, [place.article_id for place in alert.also_in]) == ("first", ["copy"])


def test_a_place_is_that_of_the_article(desk: Desk) -> None:
    claim = desk.follow()
    text = f"Good morning from the valley. {CLAIM}"
    desk.publish(Article("first", text))
    desk.standing().look()
    (alert,) = desk.store.alerts(claim.id)
    assert text[alert.place.start:alert.place.end] == alert.place.quote == CLAIM


def test_a_roll_back_gives_nothing_again(desk: Desk) -> None:
    from index.generation.publishing import roll_back

    desk.follow()
    desk.publish(Article("first", CLAIM))
    desk.standing().look()
    before = desk.alerts()
    roll_back(desk.index_dir, "")
    desk.standing().look()
    assert desk.alerts() == before == [("first", "first_appearance")]


# ---- kept once ----

def test_matching_again_after_a_crash_keeps_no_alert_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.follow()
    desk.publish(Article("first", CLAIM))

    def crash(*_: object) -> None:
        raise RuntimeError("killed before the ledger moved on")

    with monkeypatch.context() as patched:
        patched.setattr(StandingStore, "move_on", crash)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="killed"):
                desk.standing().look()
    kept = desk.alerts()
    desk.standing().look()
    assert desk.alerts() == kept == [("first", "first_appearance")]


def test_a_claim_that_was_removed_meanwhile_keeps_nothing(desk: Desk) -> None:
    claim = desk.follow(webhook="https://example.org/hook")
    desk.publish(Article("first", CLAIM))
    ledger = desk.store.ledger()
    assert ledger is not None
    answerer = desk.answerer()
    matched = Matcher(answerer, ledger.additions(answerer.snapshot)[0], desk.store.now).match(claim, [])
    assert len(matched.alerts) == 1
    desk.store.remove(claim.id)
    assert desk.store.keep(matched.claim, matched.alerts) == []
    assert (desk.store.pending(), desk.store.alerts(claim.id)) == ([], [])


def test_without_a_claim_nothing_is_kept_and_nothing_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = desk.follow()
    desk.store.remove(claim.id)
    assert desk.store.ledger() is None
    monkeypatch.setattr(Ledger, "additions", lambda *_: pytest.fail("it was read"))
    desk.publish(Article("first", CLAIM))
    standing = desk.standing()
    standing.look()
    assert standing.generations == 0
    with pytest.raises(UnknownClaimError):
        desk.store.remove(claim.id)


def test_a_backup_has_the_claims_their_alerts_and_what_waits(desk: Desk, tmp_path: Path) -> None:
    claim = desk.follow(webhook="https://example.org/hook")
    desk.publish(Article("first", CLAIM))
    desk.standing().look()
    back_up(desk.index_dir, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    store = StandingStore(tmp_path / "restored")
    assert store.claims() == desk.store.claims()
    assert [alert.id for alert in store.alerts(claim.id)] == [one.alert_id for one in store.pending()]
    assert store.ledger() is not None


def test_an_update_that_takes_the_inbox_in_is_matched_like_a_build(desk: Desk) -> None:
    from index.intake.inbox import Inbox

    desk.follow()
    Inbox(desk.index_dir).add(Article("sent", CLAIM), "api")
    update((), desk.index_dir, lambda: EMBEDDER, is_exact=False)
    desk.standing().look()
    assert desk.alerts() == [("sent", "first_appearance")]


def test_two_servers_of_one_folder_take_turns_and_keep_an_alert_once(desk: Desk) -> None:
    desk.follow()
    desk.publish(Article("first", CLAIM))
    one, other = desk.standing(), desk.standing()
    with FileLock(desk.index_dir / ".standing.lock", timeout=0), pytest.raises(Timeout):
        one.look()
    assert desk.alerts() == []
    one.look()
    other.look()
    assert (one.generations, other.generations) == (1, 0)
    assert desk.alerts() == [("first", "first_appearance")]


# ---- limits ----

@pytest.mark.parametrize(("kind", "text", "webhook", "fault"), [
    ("rumour", CLAIM, "", "bad_kind"), ("claim", "x" * 2001, "", "text_too_long"), ("claim", " ", "", "text_empty"),
    ("quote", "two words", "", "quote_too_short"), ("question", "؟", "", "not_a_question"),
    ("claim", CLAIM, "ftp://example.org/", "bad_webhook"), ("claim", CLAIM, "https://u:p@example.org/", "bad_webhook")])
def test_what_cannot_stand_is_refused_with_its_fault(kind: str, text: str, webhook: str, fault: str) -> None:
    with pytest.raises(ValueError, match=".") as refused:
        Wanted.parse(kind, text, webhook=webhook)
    assert refused.value.fault == fault  # type: ignore[attr-defined]


def test_as_many_stand_as_may_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.standing.store.MAX_CLAIMS", 3)
    monkeypatch.setattr("qa.standing.store.MAX_CLAIMS_OF_ONE", 2)
    desk.follow(owner="robot")
    desk.follow(owner="robot")
    with pytest.raises(StandingError, match="2 claims of this token stand already") as refused:
        desk.follow(owner="robot")
    assert refused.value.fault == "too_many_of_client"
    desk.follow()
    with pytest.raises(StandingError, match="3 claims stand already") as refused:
        desk.follow()
    assert refused.value.fault == "too_many"
    assert [claim.owner for claim in desk.store.claims()] == ["robot", "robot", ""]


def test_the_oldest_alerts_go_when_there_are_too_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.standing.store.MAX_ALERTS_OF_ONE", 2)
    claim = desk.follow()
    for number in range(3):
        desk.publish(Article(f"a{number}", f"{CLAIM} It was day {number}."))
        desk.standing().look()
    assert [alert.place.article_id for alert in desk.store.alerts(claim.id)] == ["a2", "a1"]


def test_an_alert_is_of_one_claim_and_one_revision(desk: Desk) -> None:
    claim = desk.follow()
    desk.publish(Article("first", CLAIM))
    desk.standing().look()
    desk.publish(Article("first", f"{CLAIM} A line was added."))
    desk.standing().look()
    assert [alert.place.article_id for alert in desk.store.alerts(claim.id)] == ["first"]
    desk.publish(Article("first", "The council of Amber Hill bought nine electric buses."))
    desk.standing().look()
    found: list[Alert] = desk.store.alerts(claim.id)
    assert [(alert.place.article_id, alert.kind) for alert in found] == [("first", "another_figure"),
                                                                        ("first", "first_appearance")]
