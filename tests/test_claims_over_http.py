"""Standing claims over HTTP: who may, what is returned, the feeds and the page."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.intake.state import State
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from index.types import Article
from qa.answerer import Answerer
from qa.standing.store import StandingStore
from qa.standing.webhook import Deliveries
from tests.fakes import WordEmbedder
from web.app import create_app
from web.gate.admin import Admin
from web.gate.readers import Login
from web.gate.tokens import Grant, Scope, sha256_of
from web.service import Service
from web.standing import Standing

EMBEDDER = WordEmbedder("red", "blue", "green")
TOKEN, ROBOT, OTHER, READER = "the operator's token", "the robot's token", "another token", "a reader's token"
CLAIM = "The council of Amber Hill bought twelve electric buses."
OLD = Article("old", "The harbour is closed on Fridays.")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def grant(name: str, token: str, scope: Scope) -> Grant:
    return Grant(name, frozenset([scope]), sha256_of(token.encode()))


class House:
    """An app over an index of one article, with tokens of three owners."""

    def __init__(self, index_dir: Path, login: Login | None = None) -> None:
        self.index_dir = index_dir
        build([OLD], index_dir, EMBEDDER)
        self.service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
        self.store = StandingStore(index_dir)
        fetcher = Fetcher(allowed=parse_allowed_hosts(["127.0.0.1:9"]))
        self.standing = Standing(self.service, self.store, Deliveries(self.store, fetcher))
        admin = Admin(TOKEN, [grant("robot", ROBOT, "claims"), grant("other", OTHER, "claims"),
                              grant("reader", READER, "read")])
        self.app = create_app(self.service, admin=admin, standing=self.standing, fetcher=fetcher,
                              login=login or Login(), questions_a_minute=0)
        self.client: FlaskClient = self.app.test_client()

    def ask(self, method: str, path: str, body: object = None, token: str = ROBOT) -> Any:
        return self.client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {token}"})

    def follow(self, text: str = CLAIM, token: str = ROBOT, **fields: str) -> Any:
        return self.ask("POST", "/api/claims", {"kind": "claim", "text": text, **fields}, token).get_json()

    def publish(self, *articles: Article) -> None:
        build([OLD, *articles], self.index_dir, EMBEDDER)
        self.service.refresh()
        self.standing.look()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "index")


# ---- the API ----

def test_a_claim_is_saved_listed_alerted_and_removed(house: House) -> None:
    response = house.ask("POST", "/api/claims", {"kind": "claim", "text": f" {CLAIM} "})
    saved = response.get_json()
    assert (response.status_code, response.headers["Location"]) == (201, f"/api/claims/{saved['id']}")
    assert (saved["text"], saved["secret"], saved["since"]) == (CLAIM, None, house.service.current())
    listed = house.ask("GET", "/api/claims").get_json()
    assert [claim["id"] for claim in listed["claims"]] == [saved["id"]]
    assert "secret" not in listed["claims"][0]
    house.publish(Article("first", f"{CLAIM} The mayor waved.", "Buses"))
    found = house.ask("GET", f"/api/claims/{saved['id']}").get_json()
    (alert,) = found["alerts"]
    assert (alert["kind"], alert["verdict"], alert["place"]["article_id"]) == ("first_appearance", "supported", "first")
    page = house.client.get(f"/{alert['place']['page']}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert CLAIM in re.sub(r"<[^>]+>", "", page)
    assert house.ask("DELETE", f"/api/claims/{saved['id']}").status_code == 204
    assert house.ask("GET", f"/api/claims/{saved['id']}").get_json()["type"] == "urn:musnad:problem:unknown-claim"


@pytest.mark.parametrize(("token", "status", "slug"), [("", 401, "unauthorized"), ("wrong", 401, "unauthorized"),
                                                       (READER, 403, "insufficient-scope")])
def test_without_a_token_for_it_nobody_saves_or_reads_claims(house: House, token: str, status: int, slug: str) -> None:
    claim_id = house.follow()["id"]
    for method, path in (("POST", "/api/claims"), ("GET", "/api/claims"), ("GET", f"/api/claims/{claim_id}"),
                         ("DELETE", f"/api/claims/{claim_id}")):
        response = house.ask(method, path, {"kind": "claim", "text": CLAIM} if method == "POST" else None, token)
        assert (response.status_code, response.get_json()["type"]) == (status, f"urn:musnad:problem:{slug}")
        assert response.headers.get("Cache-Control")
    assert len(house.store.claims()) == 1


def test_a_token_sees_its_own_claims_and_the_operators_sees_all(house: House) -> None:
    mine, other = house.follow()["id"], house.follow(token=OTHER)["id"]
    assert [claim["id"] for claim in house.ask("GET", "/api/claims").get_json()["claims"]] == [mine]
    assert [house.ask(method, f"/api/claims/{other}").status_code for method in ("GET", "DELETE")] == [404, 404]
    assert [claim["id"] for claim in house.ask("GET", "/api/claims", token=TOKEN).get_json()["claims"]] == [mine, other]
    assert house.ask("DELETE", f"/api/claims/{other}", token=TOKEN).status_code == 204


@pytest.mark.parametrize("webhook", ["http://127.0.0.1:8000/x", "http://localhost/x", "http://10.0.0.1/",
                                     "http://[::1]/", "https://169.254.169.254/latest", "file:///etc/passwd",
                                     "https://example.org:22/"])
def test_a_webhook_on_a_host_that_is_not_public_is_refused_when_it_is_saved(house: House, webhook: str) -> None:
    problem = house.follow(webhook=webhook)
    assert (problem["type"], problem["fault"]) == ("urn:musnad:problem:invalid-claim", "bad_webhook")
    assert house.store.claims() == []


def test_one_that_the_operator_allows_is_saved_with_its_secret(house: House) -> None:
    saved = house.follow(webhook="http://127.0.0.1:9/hook")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", saved["secret"])


@pytest.mark.parametrize(("body", "slug"), [
    ({"kind": "rumour", "text": CLAIM}, "invalid-request"), ({"text": CLAIM}, "invalid-request"),
    ({"kind": "claim", "text": "x" * 2001}, "invalid-claim"), ({"kind": "claim", "text": ""}, "invalid-text"),
    ({"kind": "quote", "text": "two words"}, "invalid-quote"), ({"kind": "question", "text": "؟"}, "invalid-question"),
    ({"kind": "claim", "text": CLAIM, "more": 1}, "invalid-request")])
def test_what_cannot_stand_gets_its_problem(house: House, body: dict[str, object], slug: str) -> None:
    response = house.ask("POST", "/api/claims", body)
    assert (response.status_code, response.get_json()["type"]) == (422, f"urn:musnad:problem:{slug}")
    assert house.store.claims() == []


def test_too_many_are_refused_with_409(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.standing.store.MAX_CLAIMS_OF_ONE", 1)
    house.follow()
    response = house.ask("POST", "/api/claims", {"kind": "claim", "text": CLAIM})
    assert (response.status_code, response.get_json()["fault"]) == (409, "too_many_of_client")


def test_the_metrics_count_what_stands_and_what_came_of_it(house: House) -> None:
    house.follow()
    house.publish(Article("first", CLAIM))
    metrics = house.client.get("/metrics").get_data(as_text=True)
    assert "musnad_standing_claims 1.0" in metrics
    assert 'musnad_claims_alerts_total{kind="first_appearance"} 1.0' in metrics
    assert 'musnad_webhooks_total{outcome="delivered"} 0.0' in metrics
    assert "musnad_claims_generations_total 1.0" in metrics


# ---- feeds ----

def test_a_feed_is_valid_atom_with_lasting_ids_and_links_to_the_place(house: House) -> None:
    saved = house.follow()
    house.publish(Article("first/1", f"{CLAIM} Bold & <new>.", "Buses & \x0btrams", "One", "https://example.org/1"))
    response = house.client.get(f"/{saved['feed_url']}")
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    feed = etree.fromstring(response.data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    # RFC 4287, 4.1.1 and 4.1.2: exactly one of each, and an author for every entry.
    (entry,) = feed.findall("a:entry", ATOM)
    for parent in (feed, entry):
        for name in ("id", "title", "updated"):
            (found,) = parent.findall(f"a:{name}", ATOM)
            assert found.text
        assert datetime.fromisoformat(parent.findtext("a:updated", namespaces=ATOM)).tzinfo is not None
    assert feed.findtext("a:author/a:name", namespaces=ATOM) == "Musnad"
    assert feed.find("a:link[@rel='self']", ATOM).get("href") == f"http://localhost/{saved['feed_url']}"
    alert_id = house.ask("GET", f"/api/claims/{saved['id']}").get_json()["alerts"][0]["id"]
    assert entry.findtext("a:id", namespaces=ATOM) == f"urn:musnad:alert:{alert_id}"
    link = entry.find("a:link[@rel='alternate']", ATOM).get("href")
    assert link == f"http://localhost/articles/first%2F1?start=0&end={len(CLAIM)}#cited"
    assert entry.find("a:category", ATOM).get("term") == "first_appearance"
    read = feedparser.parse(response.data)
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", 1)
    again = house.client.get(f"/{saved['feed_url']}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_an_empty_feed_is_valid_and_one_of_nobody_is_not_there(house: House) -> None:
    saved = house.follow()
    feed = feedparser.parse(house.client.get(f"/{saved['feed_url']}").data)
    assert (feed.bozo, feed.version, feed.entries) == (False, "atom10", [])
    assert house.client.get("/feeds/nothing.atom").status_code == 404
    house.ask("DELETE", f"/api/claims/{saved['id']}")
    assert house.client.get(f"/{saved['feed_url']}").status_code == 404


def test_the_feed_of_all_has_those_of_its_token_alone(house: House) -> None:
    house.follow()
    house.follow(token=OTHER)
    house.publish(Article("first", CLAIM))
    feeds = [house.ask("GET", "/api/claims", token=token).get_json()["feed_url"] for token in (ROBOT, OTHER)]
    entries = [feedparser.parse(house.client.get(f"/{feed}").data).entries for feed in feeds]
    assert [len(each) for each in entries] == [1, 1]
    assert entries[0][0].id != entries[1][0].id


def test_feeds_need_no_login_where_readers_log_in(tmp_path: Path) -> None:
    house = House(tmp_path / "index", Login("a password"))
    saved = house.follow()
    assert house.client.get(f"/{saved['feed_url']}").status_code == 200
    assert house.client.get("/api/search?q=harbour").status_code == 401
    assert house.ask("GET", "/api/search?q=harbour").status_code == 401  # the scope is for claims alone


# ---- the page ----

def log_in(house: House, token: str = ROBOT) -> str:
    """Log in, and return the token of the page's forms."""
    assert house.client.post("/claims/login", data={"token": token}).status_code == 303
    page = house.client.get("/claims", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 200
    found = re.search(r'name="form" value="([0-9a-f]{64})"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def test_the_page_saves_shows_and_removes_without_script(house: House) -> None:
    assert house.client.get("/claims", headers={"Accept": "text/html"}).status_code == 401
    form = log_in(house)
    page = house.client.post("/claims", data={"form": form, "kind": "claim", "text": CLAIM,
                                              "webhook": "http://127.0.0.1:9/hook"}).get_data(as_text=True)
    assert "whsec_" in page
    (claim,) = house.store.claims()
    assert (claim.text, claim.owner) == (CLAIM, "robot")
    house.publish(Article("first", f"{CLAIM} <b>Bold</b>.", "Buses"))
    page = house.client.get(f"/claims/{claim.id}", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "First appearance" in page
    assert f"/articles/first?start=0&amp;end={len(CLAIM)}#cited" in page
    assert "whsec_" not in page
    assert house.client.post(f"/claims/{claim.id}/remove", data={"form": form}).status_code == 303
    assert house.store.claims() == []


@pytest.mark.parametrize(("language", "words"), [("ar", "لم يُحفظ شيء"), ("en", "Nothing was saved")])
def test_the_page_keeps_what_was_typed_on_a_full_disk(house: House, monkeypatch: pytest.MonkeyPatch, language: str,
                                                     words: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    form = log_in(house)
    monkeypatch.setattr(State, "write", fail)
    response = house.client.post("/claims", headers={"Accept-Language": language}, data={
        "form": form, "kind": "quote", "text": "What I typed for long.", "speaker": "Somebody"})
    page = response.get_data(as_text=True)
    assert response.status_code == 503
    assert words in page
    assert "What I typed for long." in page
    assert 'value="Somebody"' in page


def test_the_page_takes_forms_from_its_own_session_alone(house: House) -> None:
    log_in(house)
    response = house.client.post("/claims", data={"kind": "claim", "text": CLAIM, "form": "0" * 64})
    assert (response.status_code, house.store.claims()) == (403, [])


def test_the_page_shows_the_claims_of_its_token_alone(house: House) -> None:
    other = house.follow("A secret of another desk.", token=OTHER)["id"]
    form = log_in(house)
    assert "A secret" not in house.client.get("/claims").get_data(as_text=True)
    assert house.client.get(f"/claims/{other}").status_code == 404
    assert house.client.post(f"/claims/{other}/remove", data={"form": form}).status_code == 404
    assert len(house.store.claims()) == 1


@pytest.mark.parametrize(("fields", "field", "words"), [
    ({"kind": "claim", "text": ""}, "text", "لم تكتب نصًّا"),
    ({"kind": "quote", "text": "كلمتان فقط"}, "text", "أقصر من ثلاث كلمات"),
    ({"kind": "claim", "text": CLAIM, "webhook": "http://10.0.0.1/"}, "webhook", "لا يمكن الإرسال"),
    ({"kind": "x", "text": CLAIM}, "kind", "اختر نوع")])
def test_a_fault_is_said_at_its_field(house: House, fields: dict[str, str], field: str, words: str) -> None:
    form = log_in(house)
    response = house.client.post("/claims", data={"form": form, **fields}, headers={"Accept-Language": "ar"})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert re.search(rf'id="error-{field}">.*{words}', page)
    assert house.store.claims() == []


def test_a_server_without_such_a_token_has_no_page_and_no_link_to_it(house: House) -> None:
    client = create_app(house.service, admin=Admin()).test_client()
    assert client.get("/claims").status_code == 404
    assert "/claims" not in client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert client.get("/api/claims").get_json()["type"] == "urn:musnad:problem:no-admin-token"
