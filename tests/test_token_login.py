"""The login with a token is the same for every page that one opens: the same form, cookie, limits and refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.intake.update import update
from index.types import Article
from qa.answerer import Answerer
from tests.faults import EMBEDDER
from web.app import create_app
from web.gate.admin import Admin
from web.gate.sessions import ATTEMPTS_A_MINUTE
from web.gate.tokens import Grant, Scope, sha256_of
from web.service import Service

PAGES: dict[str, Scope] = {"/claims": "claims", "/operate": "operate"}
EVERY = pytest.mark.parametrize("path", PAGES)


def grant(scope: Scope) -> Grant:
    return Grant(f"desk-{scope}", frozenset((scope,)), sha256_of(f"token for {scope}".encode()))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    index_dir: Path = tmp_path_factory.mktemp("desk") / "index"
    Inbox(index_dir).add(Article("one", "The one."), "api")
    update((), index_dir, lambda: EMBEDDER, is_exact=False)
    return Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_app(service, admin=Admin(grants=[grant(scope) for scope in PAGES.values()])).test_client()


def log_in(client: FlaskClient, path: str, scope: str = "") -> int:
    return client.post(f"{path}/login", data={"token": f"token for {scope or PAGES[path]}"}).status_code


@EVERY
def test_the_token_of_its_scope_opens_a_page_and_that_of_another_does_not(client: FlaskClient, path: str) -> None:
    (other,) = PAGES.keys() - {path}
    assert client.get(path).status_code == 401
    assert log_in(client, path, PAGES[other]) == 401
    assert log_in(client, path) == 303
    assert (client.get(path).status_code, client.get(other).status_code) == (200, 401)


@EVERY
def test_its_cookie_is_of_its_own_path_and_leaves_with_the_log_out(client: FlaskClient, path: str) -> None:
    cookie = client.post(f"{path}/login", data={"token": f"token for {PAGES[path]}"}).headers["Set-Cookie"]
    assert [part for part in ("HttpOnly", "SameSite=Strict", f"Path={path}") if part not in cookie] == []
    page = client.get(path)
    assert page.cache_control.no_store
    sent = re.search(r'name="form" value="([0-9a-f]{64})"', page.text)
    assert sent is not None
    assert client.post(f"{path}/logout", data={"form": "0" * 64}).status_code == 403
    assert client.post(f"{path}/logout", data={"form": sent[1]}).status_code == 303
    assert client.get(path).status_code == 401


@EVERY
def test_a_program_sends_the_token_with_its_request(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Authorization": f"Bearer token for {PAGES[path]}"}).status_code == 200
    for wrong in ("Bearer token for read", f"Basic token for {PAGES[path]}", "Bearer", ""):
        assert client.get(path, headers={"Authorization": wrong}).status_code == 401


@EVERY
@pytest.mark.parametrize(("language", "words"), [("ar", "خطأ: الرمز غير صحيح"), ("en", "Error: The token is wrong")])
def test_a_wrong_token_is_told_and_guessing_is_stopped(client: FlaskClient, path: str, language: str,
                                                       words: str) -> None:
    for _ in range(ATTEMPTS_A_MINUTE):
        refused = client.post(f"{path}/login?lang={language}", data={"token": "a guess"})
        assert (refused.status_code, words in re.sub("<[^>]*>", "", refused.text)) == (401, True)
    assert log_in(client, path) == 429


@EVERY
def test_where_no_token_is_for_it_there_is_no_page(service: Service, path: str) -> None:
    client = create_app(service, admin=Admin(grants=[grant("read")])).test_client()
    assert [client.get(path).status_code, log_in(client, path)] == [404, 404]
