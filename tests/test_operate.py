"""The operator's page: what it shows, whom it lets in, and what its forms do."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.generation.folder import current_generation, finished
from index.generation.hold import held
from index.generation.publishing import build_lock
from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.intake.poll_memory import Memory, Page, Source, remember
from index.intake.quarantine import Quarantine
from index.intake.update import update
from index.sources import Rejection
from index.types import Article
from qa.answerer import Answerer
from tests.faults import EMBEDDER
from web.app import create_app
from web.gate.admin import Admin
from web.gate.readers import Login
from web.gate.sessions import ATTEMPTS_A_MINUTE
from web.gate.tokens import Grant, sha256_of
from web.service import Service

TOKEN, ROBOT = "the operator's token", "a robot's token"
HTML = {"Accept": "text/html"}
EVIL = "<script>alert(1)</script>\u202e\x1b[31m"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two generations, an article and a withdrawal that wait, three feeds and two rejections."""
    index_dir = tmp_path_factory.mktemp("furnished") / "index"
    for name in ("one", "two"):
        Inbox(index_dir).add(Article(name, f"The {name}."), "api")
        update((), index_dir, lambda: EMBEDDER, is_exact=False)
    Inbox(index_dir).add(Article("three", "The three.", f"Third {EVIL}"), "api")
    Inbox(index_dir).withdraw("one")
    memory = Memory({"https://a.example/feed": Source(kind="feed", due=4_000_000_000.0),
                     "https://b.example/feed": Source(kind="feed", due=1.0, failures=3, fault=f"HTTP 500 {EVIL}"),
                     "https://a.example/list": Source(found_on="https://a.example/feed")},
                    {"https://a.example/1": Page(found_on="https://a.example/feed")})
    remember(memory, index_dir)
    for line in (3, 7):
        Quarantine(index_dir).put(Rejection(Path("news.jsonl"), line, f"its text is empty {EVIL}"))
    return index_dir


@pytest.fixture
def desk(furnished: Path, tmp_path: Path) -> Any:
    """A copy of that index, which a test may change, and who may."""
    index_dir = Path(shutil.copytree(furnished, tmp_path / "index"))
    service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
    grants = (Grant("robot", frozenset(("read", "add", "remove")), sha256_of(ROBOT.encode())),)
    return SimpleNamespace(index_dir=index_dir, service=service, admin=Admin(TOKEN, grants))


def client_of(desk: Any, **settings: Any) -> FlaskClient:
    return create_app(desk.service, admin=desk.admin, **settings).test_client()


@pytest.fixture
def client(desk: Any) -> FlaskClient:
    """A browser that has logged in."""
    client = client_of(desk)
    assert client.post("/operate/login", data={"token": TOKEN}).status_code == 303
    return client


def form_token(client: FlaskClient) -> str:
    found = re.search(r'name="form" value="([0-9a-f]{64})"', client.get("/operate").text)
    assert found is not None
    return found[1]


def visible(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# ---- whom it lets in ----

def test_without_an_operator_s_token_on_the_server_there_is_no_page(desk: Any) -> None:
    desk.admin = Admin(grants=[Grant("robot", frozenset(("read", "add", "remove")), sha256_of(ROBOT.encode()))])
    client = client_of(desk)
    for path in ("/operate", "/operate/login", "/operate/rollback", "/operate/release", "/operate/logout"):
        for response in (client.get(path), client.post(path, data={"token": ROBOT})):
            assert response.status_code in (404, 405)
    assert client.post("/operate/login", data={"token": ""}).status_code == 404


@pytest.mark.parametrize("login", [Login(), Login("a password")])
def test_without_the_token_nothing_is_shown_or_done(desk: Any, login: Login) -> None:
    client = client_of(desk, login=login)
    generation = current_generation(desk.index_dir)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {ROBOT}"},
                    {"Authorization": f"Basic {TOKEN}"}, {"Cookie": "musnad_operator=AAAA.BBBB.CCCC"}):
        page = client.get("/operate", headers={**HTML, **headers})
        assert (page.status_code, generation in page.text, "a.example" in page.text) == (401, False, False)
        for path in ("/operate/rollback", "/operate/release", "/operate/logout"):
            assert client.post(path, data={"form": "0" * 64}, headers=headers).status_code == 401
    assert (current_generation(desk.index_dir), held(desk.index_dir)) == (generation, "")


def test_a_wrong_token_is_refused_and_guessing_is_stopped(desk: Any) -> None:
    client = client_of(desk)
    tried = [client.post("/operate/login", data={"token": token}).status_code
             for token in ("", "wrong", ROBOT, TOKEN[:-1], TOKEN + "x", "x" * 5000, "\x00", "ـ" * 9, "1", "2")]
    assert tried == [401] * ATTEMPTS_A_MINUTE
    assert client.post("/operate/login", data={"token": TOKEN}).status_code == 429


def test_the_cookie_is_for_this_page_alone_and_no_script_reads_it(desk: Any) -> None:
    cookie = client_of(desk, prefix="/news").post("/news/operate/login", data={"token": TOKEN}).headers["Set-Cookie"]
    for attribute in ("HttpOnly", "SameSite=Strict", "Path=/news/operate"):
        assert attribute in cookie
    assert TOKEN not in cookie


def test_a_form_of_another_site_or_session_does_nothing(desk: Any, client: FlaskClient) -> None:
    generation = current_generation(desk.index_dir)
    other = client_of(desk)
    other.post("/operate/login", data={"token": TOKEN})
    for sent in ({}, {"form": ""}, {"form": "0" * 64}, {"form": "ـ" * 64}, {"form": form_token(other)}):
        for path in ("/operate/rollback", "/operate/release", "/operate/logout"):
            assert client.post(path, data=sent).status_code == 403
    fetched = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.post("/operate/rollback", data={"form": form_token(client)}, headers=fetched).status_code == 403
    assert client.get("/operate/rollback").status_code == 405
    assert current_generation(desk.index_dir) == generation


def test_a_program_sends_the_token_with_each_request(desk: Any) -> None:
    client = client_of(desk)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/operate", headers=bearer).status_code == 200
    assert client.post("/operate/rollback", headers=bearer).status_code == 303
    assert held(desk.index_dir) == finished(desk.index_dir)[0]


# ---- what it shows ----

@pytest.mark.parametrize(("language", "words"), [
    ("en", ("served now", "Third", "withdrawal", "https://a.example/feed", "last read without a fault", "due now",
            "Not read: HTTP 500", "news.jsonl:7", "its text is empty")),
    ("ar", ("المعروض الآن", "طلب حذف", "قُرئت في آخر مرة بلا خطأ", "حان وقتها", "ما رُفض", "news.jsonl:3"))])
def test_it_shows_generations_feeds_rejections_and_what_waits(
        desk: Any, client: FlaskClient, language: str, words: tuple[str, ...]) -> None:
    response = client.get(f"/operate?lang={language}")
    page = visible(response.text)
    assert [word for word in (*words, *finished(desk.index_dir)) if word not in page] == []
    assert "a.example/list" not in page
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in response.text
    assert response.cache_control.no_store
    assert "<script>alert" not in response.text
    assert "\x1b" not in response.text
    assert "\u202e" not in response.text


# ---- what its forms do ----

def test_rolling_back_serves_the_earlier_one_and_holds_it_until_released(desk: Any, client: FlaskClient) -> None:
    old, new = finished(desk.index_dir)
    done = client.post("/operate/rollback", data={"form": form_token(client), "generation": old})
    assert (done.status_code, done.headers["Location"]) == (303, "/operate")
    assert (current_generation(desk.index_dir), held(desk.index_dir)) == (old, old)
    assert desk.service.answerer().state.generation == old
    assert f"Generation {old} is held" in visible(client.get("/operate?lang=en").text)
    client.post("/operate/rollback", data={"form": form_token(client), "generation": new})
    assert held(desk.index_dir) == new
    assert client.post("/operate/release", data={"form": form_token(client)}).status_code == 303
    assert held(desk.index_dir) == ""


@pytest.mark.parametrize("generation", ["../../etc", "nothing", EVIL, "\x00"])
def test_what_cannot_be_done_is_said(desk: Any, client: FlaskClient, generation: str) -> None:
    response = client.post("/operate/rollback?lang=en", data={"form": form_token(client), "generation": generation})
    assert (response.status_code, "That was not done:" in response.text) == (409, True)
    assert "<script>alert" not in response.text
    assert held(desk.index_dir) == ""


def test_while_a_build_runs_nothing_is_rolled_back(desk: Any, client: FlaskClient) -> None:
    sent = {"form": form_token(client)}
    with build_lock(desk.index_dir):
        assert client.post("/operate/rollback", data=sent).status_code == 409
    assert client.post("/operate/logout", data=sent).status_code == 303
    assert client.get("/operate").status_code == 401
