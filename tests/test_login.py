"""Tokens with scopes, and the login of readers: who gets in, who does not, and what a guesser learns."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import PROJECT
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.admin import Admin
from web.gate.readers import Login
from web.gate.sessions import ATTEMPTS_A_MINUTE
from web.gate.tokens import Grant, TokensError, read_grants

ADMIN, READ, ADD, REMOVE = "the admin's token", "a reader's token", "a robot's token", "an editor's token"
PASSWORD = "كلمة السر 1"
HTML = {"Accept": "text/html"}


def grant(token: str, *scopes: Any) -> Grant:
    return Grant(scopes[0], frozenset(scopes), hashlib.sha256(token.encode()).hexdigest())


GRANTS = (grant(READ, "read"), grant(ADD, "add"), grant(REMOVE, "remove"))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)

    def app(**settings: Any) -> FlaskClient:
        settings = {"admin": Admin(ADMIN, GRANTS), **settings}
        return create_app(service_of(FakeAnswerer(), tmp_path), **settings).test_client()

    return app


# ---- tokens ----

@pytest.mark.parametrize(("token", "add", "remove"), [
    (ADMIN, 202, 202), (ADD, 202, 403), (REMOVE, 403, 202), (READ, 403, 403), ("wrong", 401, 401), ("", 401, 401)])
def test_a_token_is_good_for_its_scopes_alone(make: Any, token: str, add: int, remove: int) -> None:
    client = make()
    posted = client.post("/api/articles", json={"id": "x", "text": "y"}, headers=bearer(token))
    deleted = client.delete("/api/articles/bread", headers=bearer(token))
    assert (posted.status_code, deleted.status_code) == (add, remove)
    for response, wanted in ((posted, "add"), (deleted, "remove")):
        if response.status_code == 403:
            assert response.get_json()["type"].endswith(":insufficient-scope")
            assert response.get_json()["detail"].endswith(f"one with the scope {wanted} is needed")


def test_a_file_of_tokens_is_read_and_tells_no_token(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# who\n\nrobot add,remove {GRANTS[1].sha256.upper()}\n")
    (found,) = read_grants(file)
    assert found == Grant("robot", frozenset(("add", "remove")), GRANTS[1].sha256)
    assert Admin(grants=[found]).scopes_of(ADD) == {"add", "remove"}
    assert Admin(grants=[found]).has("add", "remove")
    assert not Admin(grants=[GRANTS[0]]).has("add", "remove")


@pytest.mark.parametrize(("line", "message"), [
    ("robot add", "write NAME SCOPE"), (f"robot write {'0' * 64}", "a scope is one of read, add, remove, operate"),
    (f"ro/bot add {'0' * 64}", "write NAME"), ("robot add secret", "write NAME"),
    (f"robot , {'0' * 64}", "a scope is")])
def test_a_wrong_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "tokens").write_text(f"\n{line}\n")
    with pytest.raises(TokensError, match=f"tokens:2: {message}"):
        read_grants(tmp_path / "tokens")


def test_a_file_of_tokens_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokensError, match="nowhere: cannot be read: No such file or directory; `musnad token` prints"):
        read_grants(tmp_path / "nowhere")


@pytest.mark.process
def test_the_command_prints_the_line_and_shows_the_token_apart(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "qa", "token", "robot", "--scope", "add", "--scope", "read"],
                          cwd=PROJECT, capture_output=True, text=True, check=True)
    (tmp_path / "tokens").write_text(made.stdout)
    token = made.stderr.split()[-1]
    assert len(token) >= 43
    assert token not in made.stdout
    assert Admin(grants=read_grants(tmp_path / "tokens")).scopes_of(token) == {"add", "read"}


@pytest.mark.process
@pytest.mark.parametrize(("arguments", "message"), [
    (["--login-header", "X-User"], "anyone can send the header"),
    (["--tokens", "/dev/stdin"], "/dev/stdin:1: write NAME")])
def test_a_server_does_not_start_with_a_login_that_lets_anyone_in(arguments: list[str], message: str) -> None:
    done = subprocess.run([sys.executable, "-m", "qa", "serve", *arguments], cwd=PROJECT, input="x\n", text=True,
                          capture_output=True, check=False, timeout=60)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


# ---- login ----

PATHS = ("/", "/?q=x", "/articles", "/articles/bread", "/export?q=x&format=json", "/timeline?q=x", "/verify",
         "/api/articles", "/api/articles/bread", "/api/search?q=x", "/api/openapi.json", "/api/docs",
         "/api/suggestions?q=x", "/api/arrivals/bread", "/nothing", "/login/../articles", "//login", "/static",
         "/loginx")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_read_without_a_login(make: Any, path: str) -> None:
    client = make(login=Login(PASSWORD))
    for headers in ({}, HTML, bearer("wrong"), bearer(ADD) if "arrivals" not in path else {},
                    {"Cookie": "musnad_session=AAAA.BBBB.CCCC"}):
        response = client.get(path, headers=headers)
        assert response.status_code == 401, headers
        assert "الخبز" not in response.text
    posted = client.post("/api/ask", json={"question": "كم سعر الخبز؟"}, headers=bearer(ADD))
    assert (posted.status_code, posted.get_json()["type"]) == (401, "urn:musnad:problem:login-required")
    assert posted.headers["WWW-Authenticate"] == 'Bearer realm="musnad"'


def test_what_must_stay_open_does(make: Any) -> None:
    client = make(login=Login(PASSWORD))
    for path in ("/healthz", "/readyz", "/metrics", "/static/page.css", "/login"):
        with client.get(path) as response:
            assert (response.status_code, bool(response.data)) == (200, True), path
    assert make().get("/login").status_code == 404


def test_programs_read_with_a_token_or_the_password(make: Any) -> None:
    client = make(login=Login(PASSWORD))
    for headers in (bearer(READ), bearer(ADMIN), basic(PASSWORD), basic(PASSWORD, "")):
        response = client.post("/api/ask", json={"question": "كم سعر الخبز؟"}, headers=headers)
        assert (response.status_code, response.cache_control.private) == (200, True)
    assert client.post("/api/articles", json={"id": "x", "text": "y"}, headers=bearer(ADD)).status_code == 202
    assert client.get("/api/arrivals/x", headers=bearer(ADD)).status_code == 200
    for wrong in (basic("wrong"), basic(""), {"Authorization": "Basic"}, {"Authorization": "Basic ///"},
                  {"Authorization": f"Basic {b64encode(bytes([255])).decode()}"}, {"Authorization": READ}):
        assert client.get("/api/articles", headers=wrong).status_code == 401


def test_a_reader_logs_in_at_the_page_goes_where_they_wanted_and_out(make: Any) -> None:
    client = make(login=Login(PASSWORD))
    asked = client.get("/articles?limit=2&lang=en", headers=HTML)
    assert (asked.status_code, "Password" in asked.text, '<form class="login"' in asked.text) == (401, True, True)
    target = re.search(r'name="next" value="([^"]+)"', asked.text)
    assert target is not None
    done = client.post("/login", data={"password": PASSWORD, "next": target[1].replace("&amp;", "&")})
    assert (done.status_code, done.headers["Location"]) == (303, "/articles?limit=2&lang=en")
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert PASSWORD not in cookie
    page = client.get("/articles?lang=en", headers=HTML)
    assert (page.status_code, "Log out" in page.text) == (200, True)
    out = client.post("/logout")
    assert (out.status_code, out.headers["Location"]) == (303, "/login")
    assert client.get("/articles").status_code == 401


def test_a_cookie_of_another_process_or_changed_is_none(make: Any) -> None:
    first, second = make(login=Login(PASSWORD)), make(login=Login(PASSWORD))
    cookie = first.post("/login", data={"password": PASSWORD}).headers["Set-Cookie"].partition(";")[0]
    value = cookie.partition("=")[2]
    first, second = (each.application.test_client(use_cookies=False) for each in (first, second))
    for changed in (value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1], value[1:], value.replace(".", ""), ""):
        assert first.get("/articles", headers={"Cookie": f"musnad_session={changed}"}).status_code == 401
    assert first.get("/articles", headers={"Cookie": cookie}).status_code == 200
    assert second.get("/articles", headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize("target", [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:x", "/\t/evil.example", "//[",
    "evil", "/\r\nSet-Cookie: a=b", ""])
def test_nobody_is_led_elsewhere_by_logging_in(make: Any, target: str) -> None:
    done = make(login=Login(PASSWORD)).post("/login", data={"password": PASSWORD, "next": target})
    assert (done.status_code, done.headers["Location"]) == (303, "/")


def test_who_guesses_is_stopped_by_page_and_by_basic_and_others_are_not(make: Any) -> None:
    client = make(login=Login(PASSWORD))
    for number in range(ATTEMPTS_A_MINUTE):
        wrong = client.post("/login", data={"password": f"x{number}"}) if number % 2 else \
            client.get("/api/articles", headers=basic(f"x{number}"))
        assert wrong.status_code == 401
    refused = client.post("/login", data={"password": PASSWORD}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get("/api/articles", headers=basic(PASSWORD)).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/api/articles", headers=basic(PASSWORD), environ_overrides=elsewhere).status_code == 200


def test_a_page_of_another_site_logs_nobody_in(make: Any) -> None:
    refused = make(login=Login(PASSWORD)).post("/login", data={"password": PASSWORD}, headers={
        "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    assert (refused.status_code, "Set-Cookie" in refused.headers) == (403, False)


def test_a_trusted_proxy_names_readers(make: Any) -> None:
    client = make(login=Login(header="X-Remote-User"), trusted_proxies=1)
    assert client.get("/articles", headers={"X-Remote-User": "salma"}).status_code == 200
    for headers in ({}, {"X-Remote-User": ""}, {"X-Remote-User": "  "}, basic("x"), basic("")):
        assert client.get("/articles", headers=headers).status_code == 401
    assert client.get("/articles", headers=bearer(READ)).status_code == 200
    assert '<form class="login"' not in client.get("/articles", headers=HTML).text


def test_under_a_prefix_the_cookie_and_the_redirect_keep_to_it(make: Any) -> None:
    client = make(login=Login(PASSWORD), prefix="/news")
    done = client.post("/news/login", data={"password": PASSWORD, "next": "/articles"})
    assert done.headers["Location"] == "/news/articles"
    assert "Path=/news" in done.headers["Set-Cookie"]
