"""Under a prefix of the address, behind a proxy: every address that the server writes holds."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request, urlopen

import lxml.html
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.browsers import Visit
from tests.conftest import PROJECT, server_process
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.admin import Admin
from web.gate.prefix import parse_prefix

DEPLOY = PROJECT / "docs" / "deploy"
TOKEN = "a token for tests"
QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
PAGES = ("", f"?q={QUESTION}&source=مُسنَد&published_from=1970-01-01", "articles?limit=5", f"timeline?q={QUESTION}",
         "disagreements?q=x", "verify?quote=واحد اثنان ثلاثة", "articles/camp-david-accords-1978?start=0&end=20",
         "nothing")


@pytest.mark.parametrize(("text", "prefix"), [
    ("", ""), ("/", ""), ("/news", "/news"), ("/news/", "/news"), ("/a/b.c-d_e~f", "/a/b.c-d_e~f")])
def test_a_prefix_is_read(text: str, prefix: str) -> None:
    assert parse_prefix(text) == prefix


@pytest.mark.parametrize("text", [
    "news", "//evil.example", "/a//b", "/a/../b", "/.", "/a b", "/a?b", "/a\nb", "/<", "/a%2f", "/" + "a" * 200, "/أ",
    "https://evil.example", "\\evil"])
def test_what_is_no_prefix_is_refused_and_not_believed_of_a_proxy(text: str, make: Any) -> None:
    with pytest.raises(ValueError, match="is no prefix of addresses"):
        parse_prefix(text)
    if text.isascii() and text.isprintable():
        page = make(trusted_proxies=1).get("/", headers={"X-Forwarded-Prefix": text}).text
        assert 'href="/articles"' in page


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")

    def app(**settings: Any) -> FlaskClient:
        return create_app(service_of(FakeAnswerer(), tmp_path), **settings).test_client()

    return app


def test_only_a_trusted_proxy_names_a_prefix(make: Any) -> None:
    named = {"X-Forwarded-Prefix": "/news"}
    assert 'href="/articles"' in make().get("/", headers=named).text
    assert 'href="/news/articles"' in make(trusted_proxies=1).get("/", headers=named).text
    assert 'href="/set/articles"' in make(trusted_proxies=1, prefix="/set").get("/", headers=named).text


def test_with_a_prefix_set_addresses_come_with_it_or_without(make: Any) -> None:
    client = make(prefix="/news")
    for path in ("/news/api/articles/bread", "/api/articles/bread", "/news/healthz", "/healthz", "/news", "/news/"):
        assert client.get(path).status_code == 200
    assert client.get("/newsroom").status_code == 404
    page = client.get("/news/?q=كم سعر الخبز؟&source=الصحيفة&lang=en")
    assert "Path=/news" in page.headers["Set-Cookie"]
    links = [link for _, _, link, _ in lxml.html.fromstring(page.text).iterlinks() if link.startswith("/")]
    assert len(links) > 10
    assert [link for link in links if not link.startswith("/news/")] == []


def test_what_requests_count_for_is_the_same_under_a_prefix(make: Any) -> None:
    client = make(prefix="/news", questions_a_minute=1)
    asked = [client.get("/news/api/search?q=x", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code
             for _ in range(2)]
    assert asked == [200, 429]


def test_an_accepted_article_has_its_address_under_the_prefix(make: Any) -> None:
    client = make(prefix="/news", admin=Admin(TOKEN))
    response = client.post("/news/api/articles", json={"id": "first", "text": "نص الخبر"},
                           headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 202
    assert response.headers["Location"] == response.get_json()["status_url"]
    assert response.headers["Location"].startswith("/news/api/arrivals/first?")


# ---- behind real proxies ----

def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def proxy(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A proxy process, once it listens on `port`."""
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "HOME": str(folder)})
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < until
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def behind_nginx(server: str, folder: Path) -> Iterator[str]:
    port = free_port()
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for written, here in (("listen 80;", f"listen 127.0.0.1:{port};"), ("127.0.0.1:8000", urlsplit(server).netloc),
                          ("server_name example.org;", "server_name localhost;")):
        assert written in site
        site = site.replace(written, here)
    folders = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        # Its workers write long bodies into the test's folder, which is root's where root runs the tests.
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; "
        f"pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off;\n{folders}{site}\n}}\n",
        encoding="utf-8")
    with proxy([str(shutil.which("nginx")), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
               port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def behind_caddy(server: str, folder: Path) -> Iterator[str]:
    port = free_port()
    site = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    for written, here in (("\nexample.org {", f"\nhttp://127.0.0.1:{port} {{"),
                          ("/news/* 127.0.0.1:8000", f"/news/* {urlsplit(server).netloc}")):
        assert written in site
        site = site.replace(written, here)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}", encoding="utf-8")
    with proxy([str(shutil.which("caddy")), "run", "--config", "Caddyfile", "--adapter", "caddyfile"], port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def nginx(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    index = tmp_path_factory.mktemp("taken") / "index"
    shutil.copytree(sample_index, index)
    with server_process(index, MUSNAD_TRUSTED_PROXIES="1", MUSNAD_ADMIN_TOKEN=TOKEN) as server, \
            behind_nginx(server, tmp_path_factory.mktemp("nginx")) as url:
        yield url


@pytest.fixture(scope="module")
def caddy(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("caddy") is None:
        pytest.skip("there is no caddy on this machine")
    with server_process(sample_index, MUSNAD_TRUSTED_PROXIES="1", MUSNAD_PREFIX="/news") as server, \
            behind_caddy(server, tmp_path_factory.mktemp("caddy")) as url:
        yield url


@pytest.fixture(params=[pytest.param("nginx", marks=pytest.mark.nginx), "caddy"])
def site(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def encoded(address: str) -> str:
    return quote(address, safe="/:?=&%[]!$'()*+,;@~")


def addresses_of(page: str) -> set[str]:
    """Every address in attributes of a page."""
    tree = lxml.html.fromstring(page)
    return {link for _, attribute, link, _ in tree.iterlinks() if attribute} | {
        form.get("action") for form in tree.iter("form") if form.get("action")}


@pytest.mark.model
@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_every_address_of_every_page_is_under_the_prefix_and_leads_somewhere(site: str) -> None:
    own: set[str] = set()
    for page in PAGES:
        connection = HTTPConnection(urlsplit(site).netloc)
        connection.request("GET", encoded(f"/news/{page}"), headers={"Accept": "text/html"})
        response = connection.getresponse()
        own |= {urljoin(f"{site}/news/{page}", link) for link in addresses_of(response.read().decode())
                if not link.startswith(("#", "data:"))}
        assert response.status == (404 if page == "nothing" else 200)
        connection.close()
    here = {link for link in own if link.startswith(site)}
    assert len(here) > 40
    assert [link for link in here if not link.startswith(f"{site}/news/")] == []
    for link in sorted(here, key=len)[:60]:
        connection = HTTPConnection(urlsplit(site).netloc)
        connection.request("GET", encoded(link.partition("#")[0].removeprefix(site)))
        # The standing claims are behind a form that asks for a token.
        assert connection.getresponse().status == (401 if urlsplit(link).path == "/news/claims" else 200), link
        connection.close()


@pytest.mark.model
@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_the_description_names_the_prefix_and_the_bare_prefix_leads_to_the_page(site: str) -> None:
    with urlopen(f"{site}/news/api/openapi.json") as response:
        assert json.load(response)["servers"] == [{"url": "/news"}]
    with urlopen(f"{site}/news") as response:
        assert response.url == f"{site}/news/"
    connection = HTTPConnection(urlsplit(site).netloc)
    connection.request("GET", "/news/metrics", headers={"X-Forwarded-Prefix": "/evil"})
    assert connection.getresponse().status == 404
    connection.close()
    forged = Request(f"{site}/news/", headers={"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example",
                                               "Accept": "text/html"})
    with urlopen(forged) as response:
        assert "evil" not in response.read().decode()


@pytest.mark.nginx
@pytest.mark.model
@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_an_article_of_a_megabyte_is_taken_behind_the_proxy(nginx: str) -> None:
    body = json.dumps([{"id": f"long-{number}", "text": f"فقرة {number} " * 6000} for number in range(10)]).encode()
    request = Request(f"{nginx}/news/api/articles", body, {"Authorization": f"Bearer {TOKEN}",
                                                           "Content-Type": "application/json"})
    with urlopen(request) as response:
        accepted = json.load(response)["articles"]
    assert len(body) > 1_000_000
    with urlopen(nginx + accepted[0]["status_url"]) as response:
        assert json.load(response)["status"] in ("waiting", "indexed")


@pytest.mark.nginx
@pytest.mark.model
@pytest.mark.index
@pytest.mark.slow
def test_the_page_asks_suggests_and_opens_articles_in_a_browser(browser: Browser, nginx: str) -> None:
    with Visit(browser, nginx) as visit:
        page = visit.page
        page.goto(f"{nginx}/news/?lang=ar")
        page.locator("#q").fill("كامب ديفيد")
        page.wait_for_selector("[role=option]")
        page.locator("#q").fill(QUESTION)
        page.locator("form[data-ask] button").click()
        page.wait_for_selector("section.answer")
        page.locator("a[data-source]").first.click()
        page.wait_for_selector("dialog.source mark")
        page.goto(f"{nginx}/news/api/docs")
        page.locator("#operations-Asking-api_search").click()
        assert visit.complaints == []
        paths = {urlsplit(request.url).path for request in visit.requests}
        assert {"/news/api/ask", "/news/api/suggestions", "/news/api/openapi.json"} <= paths
        assert [path for path in paths if not path.startswith("/news/")] == []
