"""Pages and static text are compressed for those who take it, and for nobody else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.pages import ALTERED_QUOTE, ASKED, client_of


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    return client_of(tmp_path)


@pytest.mark.parametrize("address", [ASKED, "/static/page.css", "/static/page.js"])
def test_whoever_takes_gzip_gets_the_same_bytes_in_fewer(client: FlaskClient, address: str) -> None:
    plain = client.get(address, headers={"Accept": "text/html"}, buffered=True)
    packed = client.get(address, headers={"Accept": "text/html", "Accept-Encoding": "br, gzip;q=0.5"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary


@pytest.mark.parametrize(("address", "headers"), [
    (ASKED, {"Accept-Encoding": "gzip;q=0"}), (ASKED, {"Accept-Encoding": "*"}), (ASKED, {}),
    ("/static/noto-naskh-arabic.woff2", {"Accept-Encoding": "gzip"}), ("/api/articles", {"Accept-Encoding": "gzip"}),
    ("/static/page.css", {"Accept-Encoding": "gzip", "Range": "bytes=0-99"}), ("/nowhere", {"Accept-Encoding": "gzip"}),
    ("/static/icon.svg", {"Accept-Encoding": "gzip"})])
def test_nothing_else_is_compressed(client: FlaskClient, address: str, headers: dict[str, str]) -> None:
    with client.get(address, headers={"Accept": "text/html", **headers}) as response:
        assert "Content-Encoding" not in response.headers


def test_a_compressed_file_has_a_tag_of_its_own_and_is_revalidated(client: FlaskClient) -> None:
    with client.get("/static/page.css") as plain:
        tag = plain.headers["ETag"]
    packed = client.get("/static/page.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["ETag"] != tag
    with client.get("/static/page.css", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_the_page_of_a_checked_text_is_compressed_although_it_answers_a_form(client: FlaskClient) -> None:
    sent = {"text": ALTERED_QUOTE}
    plain = client.post("/check", data=sent, headers={"Accept": "text/html"})
    packed = client.post("/check", data=sent, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
