"""The page that checks a text: the text with its claims marked, beside what the articles say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.types import Article
from qa.check.draft import Draft
from tests.fake_answerer import ALTERED_QUOTE, BREAD, FakeAnswerer
from tests.pages import Page, client_of
from web.api.drafts import MAX_DRAFT_BYTES
from web.pages.checking import text_runs

HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</textarea><svg/onload=alert(1)>",
           "{{ 7 * 7 }}{% raw %}", "&lt;b&gt;", "\u202e\u2066<b>"]


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


def checked(client: FlaskClient, text: str, status: int = 200, lang: str = "en", **fields: str) -> Page:
    response = client.post(f"/check?lang={lang}", data={"text": text, **fields}, headers={"Accept": "text/html"})
    assert response.status_code == status
    return Page(response.get_data(as_text=True))


def test_the_text_is_shown_whole_with_each_claim_marked_by_its_verdict(client: FlaskClient) -> None:
    page = checked(client, ALTERED_QUOTE)
    assert ("span", {"class": "claim contradicted", "id": "claim-1"}) in page.elements
    assert ALTERED_QUOTE in page.text
    assert "✗" in page.text
    assert "Contradicted" in page.text
    assert "the text has “وزن”, the article “سعر”" in page.text
    assert "/articles/bread?start=0&end=23#cited" in page.attributes("a", "href")


@pytest.mark.parametrize(("lang", "words"), [("en", "Cite or save"), ("ar", "استشهد أو احفظ")])
def test_the_sentence_that_decides_is_cited_or_saved_by_itself(client: FlaskClient, lang: str, words: str) -> None:
    page = checked(client, ALTERED_QUOTE, lang=lang)
    places = [attributes for _, attributes in page.elements if "data-cited" in attributes]
    named = [attributes["id"] for tag, attributes in page.elements if tag == "blockquote"]
    assert [place["data-cited"] for place in places] == named == ["source-1-1"]
    assert [place["data-about"] for place in places] == [ALTERED_QUOTE]
    files = [href for href in page.attributes("a", "href") if href and "/cite/" in href]
    assert files[:2] == [f"/cite/bread?start=0&end=23&format={name}" for name in ("ris", "bibtex")]
    assert words in client.post(f"/check?lang={lang}", data={"text": ALTERED_QUOTE}).text
    assert client.get(files[0]).text.startswith("TY  - NEWS")


def test_the_page_speaks_arabic_too(client: FlaskClient) -> None:
    page = checked(client, ALTERED_QUOTE, lang="ar")
    assert "تخالفه المقالات" in page.text
    assert "في النصّ «وزن»، وفي المقال «سعر»" in page.text


def test_what_stands_between_claims_is_kept(client: FlaskClient) -> None:
    found = FakeAnswerer().check(Draft.parse(f"  {ALTERED_QUOTE}\n\n"))
    assert "".join(run.text for run in text_runs(found)) == f"  {ALTERED_QUOTE}\n\n"


@pytest.mark.parametrize(("text", "message"), [
    ("", "You have not typed a text"), ("x" * 50_001, "50,000 characters"), ("a\x00b", "not text")])
def test_a_text_that_cannot_be_checked_is_explained_beside_its_field(client: FlaskClient, text: str,
                                                                     message: str) -> None:
    page = checked(client, text, 422)
    (wrong,) = [attributes for _, attributes in page.elements if "aria-invalid" in attributes]
    assert (wrong["name"], wrong["aria-describedby"]) == ("text", "error-text")
    assert message in page.text


def test_a_filter_that_is_not_valid_is_explained_beside_its_field(client: FlaskClient) -> None:
    page = checked(client, ALTERED_QUOTE, 422, published_from="soon")
    (wrong,) = [attributes for _, attributes in page.elements if "aria-invalid" in attributes]
    assert wrong["name"] == "published_from"


def test_the_longest_text_may_be_sent_and_a_longer_body_may_not(client: FlaskClient) -> None:
    page = checked(client, "😀" * 49_990 + " نص")
    assert "Not found" in page.text
    response = client.post("/check", data={"text": "a", "more": "x" * MAX_DRAFT_BYTES}, headers={"Accept": "text/html"})
    assert response.status_code == 413


def test_the_form_and_the_check_of_quotes_lead_to_each_other(client: FlaskClient) -> None:
    for address, other in (("/check", "/verify"), ("/verify", "/check"), ("/", "/check")):
        assert other in Page(client.get(address).get_data(as_text=True)).attributes("a", "href")


def test_every_field_has_a_label_and_the_page_one_first_heading(client: FlaskClient) -> None:
    for page in (Page(client.get("/check").get_data(as_text=True)), checked(client, ALTERED_QUOTE)):
        typed_in = [attributes["id"] for tag, attributes in page.elements
                    if tag == "textarea" or (tag == "input" and attributes["type"] not in ("checkbox", "hidden"))]
        assert typed_in
        assert set(typed_in) <= set(page.attributes("label", "for"))
        assert [tag for tag, _ in page.elements].count("h1") == 1
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))


def test_the_report_is_taken_away_as_markdown_and_as_the_json_of_the_endpoint(client: FlaskClient) -> None:
    markdown = client.post("/check/export?lang=en", data={"text": ALTERED_QUOTE, "format": "markdown"})
    assert markdown.mimetype == "text/markdown"
    assert markdown.headers["Content-Disposition"] == 'attachment; filename="musnad-check.md"'
    written = markdown.get_data(as_text=True)
    assert written.startswith("# Check of a text\n\nContradicted: 1\n")
    assert "## 1. ✗ Contradicted" in written
    assert "- the text has “وزن”, the article “سعر”" in written
    assert f"\\[1\\] {BREAD.text[:23]} (" in written
    assert f"<{BREAD.url}#:~:text=" in written
    assert f"(سعر الخبز, الصحيفة, 2026-03-01, <{BREAD.url}" in written
    in_arabic = client.post("/check/export?lang=ar", data={"text": ALTERED_QUOTE, "format": "markdown"})
    assert f"(سعر الخبز، الصحيفة، 2026-03-01، <{BREAD.url}" in in_arabic.get_data(as_text=True)
    exported = client.post("/check/export", data={"text": ALTERED_QUOTE, "format": "json"})
    asked = client.post("/api/check", json={"text": ALTERED_QUOTE})
    assert json.loads(exported.get_data(as_text=True)) == asked.get_json()


@pytest.mark.parametrize("fields", [{"format": "pdf"}, {}, {"format": "json", "published_to": "soon"}])
def test_a_report_that_cannot_be_made_is_a_problem(client: FlaskClient, fields: dict[str, str]) -> None:
    assert client.post("/check/export", data={"text": ALTERED_QUOTE, **fields}).status_code == 422


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_and_articles_add_no_element(tmp_path: Path, hostile: str) -> None:
    plain = checked(client_of(tmp_path, BREAD), f"{ALTERED_QUOTE} {'x' * len(hostile)}")
    evil = Article(BREAD.id, BREAD.text, hostile, hostile, "javascript:alert(1)", BREAD.published, hostile)
    page = checked(client_of(tmp_path, evil), f"{ALTERED_QUOTE} {hostile}")
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements}
    assert len(page.elements) <= len(plain.elements)
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_text_in_an_address_is_not_checked(client: FlaskClient) -> None:
    page = Page(client.get("/check?text=abc").get_data(as_text=True))
    assert not [attributes for tag, attributes in page.elements if str(attributes.get("class")).startswith("claim")]
