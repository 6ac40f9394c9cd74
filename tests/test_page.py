"""The pages as HTML: what a reader sees, in both languages, and what hostile articles cannot do to it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.errors import NoSnapshotError
from index.types import Article
from qa.types.filters import Filters
from tests.fake_answerer import ALTERED_QUOTE, BREAD, FakeAnswerer, FakeArticlePage, service_of
from tests.pages import ASKED, CHECKED, Page, client_of, page_of, references
from web import create_app
from web.pages.messages import CATALOGUE, DIRECTIONS, LANGUAGES, Language
from web.pages.runs import paragraphs
from web.service import Service


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


@pytest.mark.parametrize(("address", "accepted", "language"), [
    ("/", "", "ar"), ("/", "en-GB,en;q=0.9", "en"), ("/", "ar-EG,en;q=0.8", "ar"), ("/", "fr", "ar"),
    ("/?lang=en", "ar", "en"), ("/?lang=ar", "en", "ar"), ("/?lang=xx", "en", "en"),
])
def test_the_language_is_asked_for_or_preferred_and_arabic_otherwise(client: FlaskClient, address: str,
                                                                     accepted: str, language: Language) -> None:
    page = page_of(client, address, accept_language=accepted)
    assert page.elements[0] == ("html", {"lang": language, "dir": DIRECTIONS[language]})


def test_the_choice_of_language_is_remembered(client: FlaskClient) -> None:
    response = client.get("/?lang=en")
    assert re.search(r"^lang=en;.*HttpOnly.*SameSite=Lax", response.headers["Set-Cookie"])
    assert page_of(client, "/").attributes("html", "lang") == ["en"]


def test_an_answer_stands_at_a_shareable_address_with_a_link_to_each_place(client: FlaskClient) -> None:
    page = page_of(client, ASKED)
    assert page.attributes("input", "value")[0] == "كم سعر الخبز؟"
    assert references(page)[:2] == ["/articles/bread?start=0&end=24#cited", "/articles/bread?start=25&end=34#cited"]
    assert "ارتفع سعر الخبز في تونس." in page.text
    assert "درجة الثقة: عالية (83%)" in page.text


def test_no_answer_says_so_and_marks_the_closest_passages_as_none(client: FlaskClient) -> None:
    page = page_of(client, "/?lang=en&q=Who+won%3F")
    assert "Answer not found in these articles" in page.text
    assert "Closest passages we found" in page.text
    assert "ارتفع سعر الخبز في تونس." in page.text


@pytest.mark.parametrize(("typed", "message"), [
    ("", "This field is empty"), ("x" * 2001, "2,000 characters"),
    ("a\x00b", "not text"), ("؟!", "contains no words"),
])
def test_a_question_that_cannot_be_asked_is_explained_beside_the_field(client: FlaskClient, typed: str,
                                                                      message: str) -> None:
    page = page_of(client, f"/?lang=en&q={quote(typed)}", 422)
    assert ("input", "true") in [(tag, attributes.get("aria-invalid")) for tag, attributes in page.elements]
    assert "error-q" in page.attributes("p", "id")
    assert page.attributes("input", "value")[0] == typed
    assert message in page.text


def test_a_checked_quote_stands_at_a_shareable_address_with_what_differs_marked_and_told(client: FlaskClient) -> None:
    page = page_of(client, CHECKED + "&lang=en")
    assert "Altered" in page.text
    assert page.changes == [("del", "وزن"), ("ins", "سعر"), ("del", "غير"), ("ins", "الخبز"),
                            ("ins", "سعر"), ("ins", "الخبز")]
    for told in ("The quote has “وزن”, the article “سعر”.", "The quote adds “غير”.", "The quote leaves out “الخبز”.",
                 "The article does not make clear whether “سلمى” said it.", "Said by, according to the article: تونس"):
        assert told in page.text
    assert "/articles/bread?start=0&end=23#cited" in page.attributes("a", "href")
    assert (page.attributes("textarea", "id"), ALTERED_QUOTE in page.text) == (["quote"], True)
    assert "سلمى" in page.attributes("input", "value")


def test_a_quote_that_nobody_said_says_so(client: FlaskClient) -> None:
    page = page_of(client, "/verify?lang=ar&quote=nobody+said+that&speaker=")
    assert "لم نجده في هذه المقالات" in page.text
    assert page.changes == []


def test_the_check_of_quotes_is_reached_from_every_page(client: FlaskClient) -> None:
    for address in ("/", "/articles", "/articles/bread", "/verify"):
        assert "/verify" in page_of(client, address).attributes("a", "href")
    assert "/verify?quote=a+b+c&lang=en" in page_of(client, "/verify?quote=a+b+c").attributes("a", "href")


@pytest.mark.parametrize(("query", "field", "message"), [
    ("quote=", "quote", "You have not typed a quote"), ("quote=two+words", "quote", "fewer than three words"),
    ("quote=" + "x" * 2001, "quote", "2,000 characters"), ("quote=a+b%00+c", "quote", "not text"),
    ("quote=a+b+c&speaker=%3F", "speaker", "Type the speaker&#39;s name in words"),
    ("quote=a+b+c&published_from=soon", "published_from", "Write the date like this"),
])
def test_a_quote_that_cannot_be_checked_is_explained_beside_its_field(client: FlaskClient, query: str, field: str,
                                                                      message: str) -> None:
    page = page_of(client, f"/verify?lang=en&{query}", 422)
    (wrong,) = [attributes for _, attributes in page.elements if "aria-invalid" in attributes]
    assert (wrong["name"], wrong["aria-describedby"]) == (field, f"error-{field}")
    assert message.replace("&#39;", "'") in page.text


@pytest.mark.parametrize(("query", "field", "message"), [
    ("published_from=soon", "published_from", "اكتب التاريخ هكذا: 2026-01-31."),
    ("published_from=2026-02-01&published_to=2026-01-01", "published_from", "تاريخ البداية بعد تاريخ النهاية."),
    ("published_to=2026-01-01&published_to=2026-01-02", "published_to", "وردت هذه القيمة أكثر من مرة."),
])
@pytest.mark.parametrize("path", ["/?q=x&", "/articles?"])
def test_a_filter_that_is_not_valid_is_explained_beside_its_field(client: FlaskClient, path: str, query: str,
                                                                  field: str, message: str) -> None:
    page = page_of(client, path + query, 422)
    (wrong,) = [attributes for _, attributes in page.elements if "aria-invalid" in attributes]
    assert (wrong["name"], wrong["aria-describedby"]) == (field, f"error-{field}")
    assert message in page.text
    assert "open" in next(attributes for tag, attributes in page.elements if tag == "details")


def test_filters_narrow_the_answer_and_stay_in_the_form(client: FlaskClient) -> None:
    page = page_of(client, "/?lang=en&q=x&published_from=2026-01-01&source=The+Paper&source=Gone&utm=1")
    assert "The harbour reopened on Monday." in page.text
    assert BREAD.text not in page.text
    boxes = {attributes["value"]: "checked" in attributes for tag, attributes in page.elements
             if tag == "input" and attributes.get("name") == "source"}
    assert boxes == {"The Paper": True, "الصحيفة": False, "Gone": True}
    assert "2026-01-01" in page.attributes("input", "value")


@pytest.mark.parametrize("path", ["/?q=x", "/articles?q=a", "/timeline?q=x", "/affair?q=x", "/disagreements?q=x",
                                  "/verify?quote=a+b+c"])
@pytest.mark.parametrize("more", ["endpoint=y", "_scheme=javascript&_external=1", "_anchor=z&_method=POST", "a=1&a=2"])
def test_a_filter_is_taken_off_whatever_else_the_address_has(client: FlaskClient, path: str, more: str) -> None:
    page = page_of(client, f"{path}&source=The+Paper&source=Gone&offset=0&{more}")
    offered = [attributes["href"] for tag, attributes in page.elements if tag == "a"
               and str(attributes.get("href")).startswith(path.partition("?")[0] + "?")
               and "offset" not in str(attributes["href"]) and "lang=" not in str(attributes["href"])]
    assert {f"{path}&source=Gone&{more}", f"{path}&source=The+Paper&{more}"} <= set(offered)


@pytest.mark.parametrize("path", ["/", ASKED, "/?q=x", f"/export{ASKED[1:]}&format=json", "/articles?q=a",
                                  "/articles/bread", "/timeline?q=x", "/affair?q=x", "/disagreements?q=x", CHECKED,
                                  "/api/search?q=x", "/api/affair?q=x", f"/affair/export{ASKED[1:]}&format=ris",
                                  "/api/timeline?q=x", "/api/suggestions?q=x", "/api/articles", "/api/articles/bread"])
def test_a_request_is_answered_from_one_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    service = service_of(FakeAnswerer(), tmp_path)
    taken: list[object] = []
    answerer = service.answerer
    monkeypatch.setattr(service, "answerer", lambda: taken.append(1) or answerer())
    assert create_app(service).test_client().get(path).status_code == 200
    assert len(taken) == 1


def test_every_field_has_a_label_and_every_page_one_first_heading(client: FlaskClient) -> None:
    for address in ("/", ASKED, "/?q=x", "/articles", "/articles/bread?start=0&end=3", "/nowhere", "/verify", CHECKED,
                    "/timeline", f"/timeline{ASKED[1:]}", "/affair", f"/affair{ASKED[1:]}",
                    "/disagreements", f"/disagreements{ASKED[1:]}"):
        page = page_of(client, address, 404 if address == "/nowhere" else 200)
        labelled = page.attributes("label", "for")
        typed_in = [attributes["id"] for tag, attributes in page.elements
                    if tag == "textarea" or (tag == "input" and attributes["type"] not in ("checkbox", "hidden"))]
        assert set(typed_in) <= set(labelled)
        assert [tag for tag, _ in page.elements].count("h1") == 1
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert page.attributes("a", "href")[0] == "#content"


def test_exactly_the_cited_span_is_marked(client: FlaskClient) -> None:
    page = page_of(client, "/articles/bread?start=25&end=34")
    assert page.marks == [BREAD.text[25:34]]
    assert page.attributes("mark", "id") == ["cited"]


def test_a_span_across_paragraphs_is_marked_in_each_and_the_first_is_the_target(tmp_path: Path) -> None:
    article = Article("two", "Alpha one.\n\nBeta two.")
    page = page_of(client_of(tmp_path, article), "/articles/two?start=6&end=16")
    assert (page.marks, page.attributes("mark", "id")) == (["one.", "Beta"], ["cited", None])


@pytest.mark.parametrize("query", ["start=5", "start=9&end=3", "start=0&end=999", "start=x&end=9", "start=-1&end=3",
                                   "start=24&end=25", "start=0&end=99999999999999999999"])
def test_a_span_that_is_not_in_the_article_shows_it_unmarked_with_a_notice(client: FlaskClient, query: str) -> None:
    page = page_of(client, f"/articles/bread?lang=en&{query}")
    assert page.marks == []
    assert "is not in this article" in page.text


def test_paragraphs_lose_no_character_but_line_ends() -> None:
    text = "One.\r\nStill one.\n \nTwo.\u2028Two too."
    runs = [run.text for runs in paragraphs(text, (3, 12)) for run in runs]
    assert runs == ["One", ".\r\nStill ", "one.", "Two.\u2028Two too."]
    assert [run.text for runs in paragraphs("a\nb") for run in runs] == ["a", "b"]


HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--></style></title><svg/onload=alert(1)>",
           "{{ 7 * 7 }}{% raw %}", "javascript:alert(1)", "&lt;b&gt;", "\u202e\u2066<b>"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_articles_and_questions_add_no_element_and_no_scheme(tmp_path: Path, hostile: str) -> None:
    plain = Article("plain", "Text.", "Title", "Source", "https://example.org/", "2026-01-01", "Author", "en")
    evil = Article("plain", hostile, hostile, hostile, "javascript:alert(1)", "2026-01-01", hostile, "en")
    for address in ("/?lang=en&q=" + quote(hostile + " x"), "/articles?lang=en", "/articles/plain?lang=en",
                    f"/verify?lang=en&quote={quote(hostile)}+x+y+z&speaker=x{quote(hostile)}"):
        expected = page_of(client_of(tmp_path, plain), address.replace(quote(hostile), "x" * len(hostile)))
        page = page_of(client_of(tmp_path, evil), address)
        # The link to the original is left out for an address that is not of the web, with the paragraph around it.
        allowed = [element for element, _ in expected.elements]
        assert {element for element, _ in page.elements} <= set(allowed)
        assert len(page.elements) <= len(allowed)
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        links = page.attributes("a", "href") + page.attributes("form", "action") + page.attributes("link", "href")
        assert links
        assert [link for link in links if not link or not link.startswith(("/", "#"))] == []


def test_pages_carry_a_strict_policy_and_no_script_but_their_own_file(client: FlaskClient) -> None:
    response = client.get(ASKED)
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    page = Page(response.get_data(as_text=True))
    assert [attributes["src"].partition("?")[0] for tag, attributes in page.elements
            if tag == "script"] == ["/static/page.js"]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    addresses = page.attributes("link", "href")
    assert addresses
    assert [address for address in addresses if not address or not address.startswith("/static/")] == []


def test_an_original_on_the_web_is_linked_without_telling_it_where_from(client: FlaskClient) -> None:
    page = page_of(client, "/articles/bread")
    assert ("a", {"href": "https://example.org/bread", "rel": "noopener noreferrer"}) in page.elements


def test_an_id_of_any_characters_has_an_address_that_leads_to_it(client: FlaskClient) -> None:
    listed = page_of(client, "/articles").attributes("a", "href")
    address = next(link for link in listed if link and "port" in link)
    assert address == "/articles/port%2F2026%2Fa%20b%3F"
    assert "The harbour reopened on Monday." in page_of(client, address).text


def test_the_list_is_paged(client: FlaskClient) -> None:
    first = page_of(client, "/articles?lang=en&limit=2")
    older = next(link for link in first.attributes("a", "href") if link and "offset=2" in link)
    assert "No date is known." not in first.text
    assert "Untitled" in page_of(client, older + "&lang=en").text


@pytest.mark.parametrize(("address", "status", "title", "words"), [
    ("/nowhere", 404, "Page not found", "There is nothing at this address."),
    ("/articles/nobody", 404, "Article not found", "The index has no article with this id."),
    ("/static/nothing.css", 404, "Page not found", "There is nothing at this address."),
    ("/?q=%ff", 400, "Request not valid", "The server could not understand this request."),
    ("/?q=" + "x" * 62_000, 414, "Request not valid", "The server could not understand this request."),
])
def test_what_cannot_be_shown_is_a_page_in_the_same_style(client: FlaskClient, address: str, status: int, title: str,
                                                          words: str) -> None:
    page = page_of(client, address, status, accept_language="en")
    assert page.attributes("html", "dir") == ["ltr"]
    assert page.attributes("link", "rel") == ["stylesheet", "icon"]
    assert f"{title} · Musnad" in page.text
    assert words in page.text


def test_a_failure_is_a_page_without_its_trace(tmp_path: Path) -> None:
    class Broken(FakeAnswerer):
        def browse(self, filters: Filters, *, offset: int, limit: int) -> FakeArticlePage:
            raise RuntimeError("secret path")

    page = page_of(create_app(service_of(Broken(), tmp_path)).test_client(), "/", 500)
    assert "حدث خطأ في الخادم" in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_index_the_page_says_how_to_build_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         language: Language) -> None:
    def no_index(_index_dir: Path) -> str:
        raise NoSnapshotError(tmp_path)

    monkeypatch.setattr("index.generation.source.current_generation", no_index)
    client = create_app(Service(tmp_path, FakeAnswerer)).test_client()  # type: ignore[arg-type]
    page = page_of(client, f"/?lang={language}", 503)
    assert f"python build_index.py PATH... --index-dir {tmp_path}" in page.text
    assert CATALOGUE[language]["problem_no-index"] in page.text
