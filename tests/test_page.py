"""The pages as HTML: what a reader sees, in both languages, and what hostile articles cannot do to it."""

from __future__ import annotations

import re
import typing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.errors import NoSnapshotError
from index.types import Article
from qa import contract
from qa.contract import DisagreementKind
from qa.types import (
    Answer,
    Citation,
    Filters,
    ItemsLeftOut,
    Place,
    Premise,
    Question,
    QuestionFault,
    ShortAnswer,
)
from qa.verify.quote import Attribution, DifferenceKind, QuoteFault, Verdict
from tests.fake_answerer import ALTERED_QUOTE, ARTICLES, BREAD, FakeAnswerer, FakeArticlePage, service_of
from web import create_app
from web.errors import PROBLEMS
from web.pages.messages import CATALOGUE, DIRECTIONS, LANGUAGES, PLURALS, Language, Messages, plural_category
from web.pages.rendering import letters_language, safe_url, text_direction
from web.pages.runs import paragraphs
from web.pages.text_fragments import with_text_fragment
from web.service import Service

CHECKED = f"/verify?quote={quote(ALTERED_QUOTE)}&speaker={quote('سلمى')}"
ASKED = "/?q=" + quote("كم سعر الخبز؟")


class Page(HTMLParser):
    """The elements of a page, the text outside them, the text of each `mark`, and of each `del` and `ins`. The text
    does not say again what stands in the surroundings of a citation or is there to be copied."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marks: list[str] = []
        self.changes: list[tuple[str, str]] = []
        self._in_change = ""
        self._in_mark = False
        self._told_again = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if dict(attrs).get("class") in ("around", "for-print"):
            self._told_again = tag
        if tag == "mark":
            self._in_mark = True
            self.marks.append("")
        if tag in ("del", "ins"):
            self._in_change = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._told_again:
            self._told_again = ""
        if tag == "mark":
            self._in_mark = False
        if tag in ("del", "ins"):
            self._in_change = ""

    def handle_data(self, data: str) -> None:
        if self._told_again:
            return
        self.text += data
        if self._in_mark:
            self.marks[-1] += data
        if self._in_change:
            self.changes.append((self._in_change, data))

    def attributes(self, tag: str, name: str) -> list[str | None]:
        return [attributes.get(name) for element, attributes in self.elements if element == tag]


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.service.current_generation", lambda _index_dir: "g1")


def client_of(tmp_path: Path, *articles: Article) -> FlaskClient:
    return create_app(service_of(FakeAnswerer(articles or ARTICLES), tmp_path)).test_client()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


def page_of(client: FlaskClient, address: str, status: int = 200, accept_language: str = "") -> Page:
    response = client.get(address, headers={"Accept": "text/html", "Accept-Language": accept_language})
    assert (response.status_code, response.mimetype) == (status, "text/html")
    return Page(response.get_data(as_text=True))


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
    assert "درجة الثقة: عالية (0.83 من 1)" in page.text


PLANETS = Article("planets", "والكواكب الصخرية هي:\n- عطارد\n- الزهرة\n- الأرض\n- المريخ\nوبعدها الكواكب الغازية.",
                  "الكواكب", "مجلة", published="2020-01-02")
LINE, MERCURY, VENUS, REST = (0, 20), (23, 28), (31, 37), (40, 54)


class Composing(FakeAnswerer):
    """Answers everything with these citations."""

    def __init__(self, *citations: Citation) -> None:
        super().__init__((PLANETS,))
        self._citations = citations

    def ask(self, question: Question) -> Answer:
        return Answer(question, "answered", 0.83, self._citations, (), self.state)


def answer_page(tmp_path: Path, address: str, *citations: Citation) -> Page:
    return page_of(create_app(service_of(Composing(*citations), tmp_path)).test_client(), address)


def copies(count: int) -> tuple[Place, ...]:
    return tuple(Place(Article(f"copy-{number}", PLANETS.text, f"نسخة {number}", "جريدة"), *MERCURY)
                 for number in range(count))


def references(page: Page) -> list[str | None]:
    """Where the numbers of the citations, and what is left out of a list, lead."""
    leading = [attributes.get("href") for tag, attributes in page.elements if tag == "a"
               and (attributes.get("class") == "ref" or not attributes.get("class"))]
    return list(dict.fromkeys(link for link in leading if link and link.endswith("#cited")))


def links(page: Page, path: str) -> list[str | None]:
    return [link for link in page.attributes("a", "href") if link and link.startswith(path)]


def test_a_list_stands_once_below_its_line_with_a_link_an_item_and_one_to_the_rest(tmp_path: Path) -> None:
    rest = ItemsLeftOut(2, *REST)
    page = answer_page(tmp_path, "/?lang=ar&q=x", Citation(1, PLANETS, *MERCURY, LINE),
                       Citation(2, PLANETS, *VENUS, LINE, items_left_out=rest))
    assert page.text.count("والكواكب الصخرية هي:") == 1
    assert page.text.index("والكواكب الصخرية هي:") < page.text.index("عطارد") < page.text.index("الزهرة")
    assert references(page) == [
        f"/articles/planets?start={start}&end={end}#cited" for start, end in (MERCURY, VENUS, REST)]
    assert "في القائمة بندان آخران" in page.text
    assert [attributes.get("class") for tag, attributes in page.elements if tag == "ul"] == ["items"]
    english = answer_page(tmp_path, "/?lang=en&q=x", Citation(1, PLANETS, *MERCURY, LINE, items_left_out=rest))
    assert "2 more items in the list" in english.text


def test_a_line_that_is_cited_leads_its_list(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?q=x", Citation(1, PLANETS, *LINE), Citation(2, PLANETS, *MERCURY, LINE))
    assert page.text.count("والكواكب الصخرية هي:") == 1
    assert [identity for identity in page.attributes("blockquote", "id") if identity] == ["sentence-1", "sentence-2"]
    assert "context" not in page.attributes("p", "class")


def test_what_a_sentence_hangs_on_is_shown_before_it_in_its_own_language(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?lang=en&q=x", Citation(1, PLANETS, *MERCURY, LINE))
    (context,) = [attributes for tag, attributes in page.elements if attributes.get("class") == "context"]
    assert (context["lang"], context["dir"]) == ("ar", "auto")
    assert page.text.index("والكواكب الصخرية هي:") < page.text.index("عطارد")


@pytest.mark.parametrize(("count", "arabic", "english"), [
    (1, "ورد أيضًا في:", "Also in:"), (2, "ورد أيضًا في مقالين آخرين", "Also in 2 other articles"),
    (5, "ورد أيضًا في 5 مقالات أخرى", "Also in 5 other articles"),
    (11, "ورد أيضًا في 11 مقالًا آخر", "Also in 11 other articles"),
])
def test_the_other_places_of_a_sentence_are_counted_and_linked(tmp_path: Path, count: int, arabic: str,
                                                              english: str) -> None:
    citation = Citation(1, PLANETS, *MERCURY, also_in=copies(count))
    for language, words in (("ar", arabic), ("en", english)):
        page = answer_page(tmp_path, f"/?lang={language}&q=x", citation)
        assert words in " ".join(page.text.split())
        assert links(page, "/articles/copy-") == [
            f"/articles/copy-{number}?start=23&end=28#cited" for number in range(count)]


def test_a_sentence_of_one_article_names_no_other(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?q=x", Citation(1, PLANETS, *MERCURY))
    assert "ورد أيضًا" not in page.text


def test_no_answer_says_so_and_marks_the_closest_passages_as_none(client: FlaskClient) -> None:
    page = page_of(client, "/?lang=en&q=Who+won%3F")
    assert "Not in these articles" in page.text
    assert "The closest we found. This is not an answer." in page.text
    assert "ارتفع سعر الخبز في تونس." in page.text


@pytest.mark.parametrize(("typed", "message"), [
    ("", "You have not typed a question"), ("x" * 2001, "2,000 characters"),
    ("a\x00b", "not text"), ("؟!", "holds no word"),
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
    assert "لم يرد في هذه المقالات" in page.text
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


@pytest.mark.parametrize("path", ["/?q=x", "/articles?q=a", "/timeline?q=x", "/disagreements?q=x",
                                  "/verify?quote=a+b+c"])
@pytest.mark.parametrize("more", ["endpoint=y", "_scheme=javascript&_external=1", "_anchor=z&_method=POST", "a=1&a=2"])
def test_a_filter_is_taken_off_whatever_else_the_address_has(client: FlaskClient, path: str, more: str) -> None:
    page = page_of(client, f"{path}&source=The+Paper&source=Gone&offset=0&{more}")
    offered = [attributes["href"] for tag, attributes in page.elements if tag == "a"
               and str(attributes.get("href")).startswith(path.partition("?")[0] + "?")
               and "offset" not in str(attributes["href"]) and "lang=" not in str(attributes["href"])]
    assert {f"{path}&source=Gone&{more}", f"{path}&source=The+Paper&{more}"} <= set(offered)


@pytest.mark.parametrize("path", ["/", ASKED, "/?q=x", f"/export{ASKED[1:]}&format=json", "/articles?q=a",
                                  "/articles/bread", "/timeline?q=x", "/disagreements?q=x", CHECKED, "/api/search?q=x",
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
                    "/timeline", f"/timeline{ASKED[1:]}", "/disagreements", f"/disagreements{ASKED[1:]}"):
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
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
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
    ("/articles/nobody", 404, "Article not found", "The index has no article of this id."),
    ("/static/nothing.css", 404, "Page not found", "There is nothing at this address."),
    ("/?q=%ff", 400, "Request not valid", "The server could not make sense of this request."),
    ("/?q=" + "x" * 62_000, 414, "Request not valid", "The server could not make sense of this request."),
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

    monkeypatch.setattr("web.service.current_generation", no_index)
    client = create_app(Service(tmp_path, FakeAnswerer)).test_client()  # type: ignore[arg-type]
    page = page_of(client, f"/?lang={language}", 503)
    assert f"python build_index.py PATH... --index-dir {tmp_path}" in page.text
    assert CATALOGUE[language]["problem_no-index"] in page.text


def test_both_languages_have_every_message_with_the_same_blanks() -> None:
    blank = re.compile(r"\{\w*\}")
    assert CATALOGUE["ar"].keys() == CATALOGUE["en"].keys()
    assert len(CATALOGUE["ar"]) > 100
    for key in CATALOGUE["ar"]:
        assert sorted(blank.findall(CATALOGUE["ar"][key])) == sorted(blank.findall(CATALOGUE["en"][key])), key
    assert PLURALS["ar"].keys() == PLURALS["en"].keys()


@pytest.mark.parametrize(("number", "expected"), [
    (0, "لا مقالات"), (1, "مقال واحد"), (2, "مقالان"), (3, "3 مقالات"), (10, "10 مقالات"), (11, "11 مقالًا"),
    (99, "99 مقالًا"), (100, "100 مقال"), (103, "103 مقالات"), (111, "111 مقالًا"),
])
def test_an_arabic_count_takes_the_noun_in_its_form(number: int, expected: str) -> None:
    assert Messages("ar").count("articles", number) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_has_the_forms_that_its_language_needs(language: Language) -> None:
    needed = {plural_category(language, number) for number in range(200)}
    assert PLURALS[language]
    assert {key: set(forms) for key, forms in PLURALS[language].items()} == dict.fromkeys(PLURALS[language], needed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_question_or_quote_has_words(language: Language) -> None:
    faults = (*typing.get_args(QuestionFault), *typing.get_args(QuoteFault))
    assert {f"error_{fault}" for fault in faults} <= CATALOGUE[language].keys()


def test_no_message_is_left_unused() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*")
                      if path.suffix in (".py", ".html") and path.name != "catalogue.py")
    composed = ({f"error_{fault}" for fault in (*typing.get_args(QuestionFault), *typing.get_args(QuoteFault))}
                | {f"verdict_{verdict}{suffix}" for verdict in typing.get_args(Verdict) for suffix in ("", "_text")}
                | {f"attribution_{attribution}" for attribution in typing.get_args(Attribution)}
                | {f"difference_{kind}" for kind in typing.get_args(DifferenceKind)}
                | {f"disagreement_{kind}" for kind in typing.get_args(DisagreementKind)}
                | {f"confidence_{level}" for level in ("high", "medium", "low")} | {"confidence", "error_other"}
                | {f"problem_{slug}{suffix}" for slug in (*PROBLEMS, "other") for suffix in ("", "_text")}
                | {f"error_{code}" for code in ("bad_date", "reversed_dates", "repeated")})
    assert [key for key in CATALOGUE["ar"] if key not in composed and f'"{key}"' not in sources
            and f"'{key}'" not in sources] == []


@pytest.mark.parametrize(("confidence", "arabic", "english"), [
    (1.0, "درجة الثقة: عالية (1.00 من 1)", "Confidence: high (1.00 of 1)"),
    (0.75, "درجة الثقة: عالية (0.75 من 1)", "Confidence: high (0.75 of 1)"),
    (0.7499, "درجة الثقة: متوسطة (0.75 من 1)", "Confidence: medium (0.75 of 1)"),
    (0.5, "درجة الثقة: متوسطة (0.50 من 1)", "Confidence: medium (0.50 of 1)"),
    (0.25, "درجة الثقة: منخفضة (0.25 من 1)", "Confidence: low (0.25 of 1)"),
])
def test_a_confidence_is_put_in_words(confidence: float, arabic: str, english: str) -> None:
    assert (Messages("ar").confidence(confidence), Messages("en").confidence(confidence)) == (arabic, english)


def test_a_day_is_put_in_words() -> None:
    assert Messages("ar").day(date(1978, 9, 7)) == "7 سبتمبر/أيلول 1978"
    assert Messages("en").day(date(1978, 9, 7)) == "7 September 1978"


@pytest.mark.parametrize(("text", "direction", "language"), [
    ("مرحبا", "rtl", "ar"), ("«123 خبر»", "rtl", "ar"), ("Hello مرحبا", "ltr", ""), ("123", "ltr", ""), ("", "ltr", ""),
    ("این یک خبر است که", "rtl", ""), ("שלום", "rtl", ""),
])
def test_direction_and_language_come_from_the_letters(text: str, direction: str, language: str) -> None:
    assert (text_direction(text), letters_language(text)) == (direction, language)


@pytest.mark.parametrize(("url", "linked"), [
    ("https://example.org/a?b=c", "https://example.org/a?b=c"), (" HTTP://example.org ", "HTTP://example.org"),
    ("javascript:alert(1)", None), ("data:text/html,x", None), ("//example.org/", None), ("/local", None),
    ("https://", None), ("http://[", None), ("ftp://example.org/", None), ("", None), ("java\nscript:alert(1)", None),
])
def test_only_addresses_of_the_web_are_linked(url: str, linked: str | None) -> None:
    assert safe_url(url) == linked


# ---- the style sheet ----

WEB = Path(__file__).resolve().parents[1] / "web"
STYLE = (WEB / "static" / "page.css").read_text(encoding="utf-8")


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#\w+);", block))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it."""
    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        channels = [int(digits[at:at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
                            for channel in channels]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_known_for_black_on_white() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


LIGHT = colours(STYLE.split("@media", 1)[0])
DARK = LIGHT | colours(STYLE.split("@media (prefers-color-scheme: dark)", 1)[1].split("}\n}", 1)[0])


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_controls_have_the_contrast_of_wcag_aa(scheme: dict[str, str]) -> None:
    text = [("ink", "paper"), ("quiet", "paper"), ("red", "paper"), ("ink", "field"), ("ink", "mark"),
            ("on-button", "button")]
    assert {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 1) for pair in text
            if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5} == {}
    assert contrast(scheme["edge"], scheme["paper"]) >= 3  # the border by which a field is seen


def test_the_style_sheet_knows_no_left_and_no_right_and_asks_no_other_host() -> None:
    assert re.findall(r"(?<![\w-])(?:left|right|margin-top|margin-bottom|padding-top|padding-bottom|width|height)\s*:",
                      re.sub(r"@media [^{]*", "", STYLE)) == []
    assert re.findall(r"url\(|@import|@font-face", STYLE) == []


def test_a_page_with_its_style_sheet_and_script_is_small(client: FlaskClient) -> None:
    script = (WEB / "static" / "page.js").read_bytes()
    assert len(STYLE.encode()) + len(script) + len(client.get(ASKED).data) < 48 * 1024


def test_a_static_file_is_kept_for_good_under_its_version_only(client: FlaskClient) -> None:
    versioned = page_of(client, "/").attributes("link", "href")[0]
    assert versioned is not None
    with client.get(versioned) as current, client.get("/static/page.css?v=old") as old:
        assert current.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "no-cache" in old.headers["Cache-Control"]
    with client.get("/static/page.css", headers={"Range": "bytes=999999-"}) as beyond:
        assert (beyond.status_code, beyond.get_json()["type"]) == (416, "urn:musnad:problem:range-not-satisfiable")


def test_an_article_says_that_it_was_revised_and_where_else_it_stands(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    answerer.revised["bread"] = "2026-03-01T23:30:00Z"
    answerer.also_at["bread"] = (Article("copy/1", "…", source="وكالة"), Article("untold", "…"))
    client = create_app(service_of(answerer, tmp_path)).test_client()
    page = page_of(client, "/articles/bread")
    assert "نص معدَّل؛ قُرئت صيغته السابقة في 1 مارس/آذار 2026" in " ".join(page.text.split())
    links = page.attributes("a", "href")
    assert "/articles/copy%2F1" in links
    assert "/articles/untold" in links
    plain = page_of(client, "/articles/undated")
    assert "نص معدَّل" not in plain.text
    assert "نُشر النص نفسه" not in plain.text


def test_the_page_of_a_citation_from_pdf_is_named(tmp_path: Path) -> None:
    text = "ارتفع سعر الخبز في تونس. ثم انخفض."
    article = Article("bread", text, "سعر الخبز", metadata={"pages": [0, 25]})
    page = page_of(client_of(tmp_path, article), ASKED)
    assert "ص 1" in page.text
    assert "ص 2" in page.text


def test_the_link_to_the_original_of_a_cited_article_leads_to_the_quote(tmp_path: Path) -> None:
    text = "ارتفع سعر الخبز في تونس. ثم انخفض."
    article = Article("bread", text, "سعر الخبز", url="https://example.org/bread")
    client = client_of(tmp_path, article)
    assert "https://example.org/bread" in page_of(client, "/articles/bread").attributes("a", "href")
    cited = with_text_fragment("https://example.org/bread", text[:24])
    assert cited in page_of(client, "/articles/bread?start=0&end=24").attributes("a", "href")


def test_text_is_shown_without_what_makes_it_look_like_another(tmp_path: Path) -> None:
    title = "invoice\u202efdp.exe \u2066x\u2069 \U000e0041\U000e007f"
    text = "می\u200cخواهم \u200fنص\u200e. \u202eمقلوب\u202c \U000e0061."
    client = client_of(tmp_path, Article("bread", text, title, "\u202dsource", author="\u2067a"))
    for address in ("/articles/bread", "/articles", "/", "/?q=%E2%80%AEx"):
        seen = set(page_of(client, address).text)
        assert not seen & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\U000e0041\U000e0061\U000e007f")
    page = page_of(client, "/articles/bread").text
    assert "می\u200cخواهم \u200fنص\u200e." in page
    assert "invoicefdp.exe" in page
    assert client.get("/api/articles/bread").get_json()["text"] == text  # what programs get is the article's own


# ---- what answers ----

class Deciding(FakeAnswerer):
    """Answers with this status, short answer and premise."""

    def __init__(self, status: contract.Status, *, resolved: date | None = None, premise: Premise | None = None
                 ) -> None:
        super().__init__()
        self.status, self.resolved, self.premise = status, resolved, premise

    def ask(self, question: Question) -> Answer:
        citation = Citation(1, BREAD, 0, 24, answer=(4, 9))
        shown = (citation,) if self.status != "not_found" else ()
        return Answer(question, self.status, 0.4, shown, self.search(question).hits, self.state,
                      short_answer=ShortAnswer(BREAD, 4, 9, self.resolved) if shown else None, premise=self.premise)


def decided(tmp_path: Path, answerer: FakeAnswerer, address: str = ASKED) -> str:
    return create_app(service_of(answerer, tmp_path)).test_client().get(
        address, headers={"Accept": "text/html"}).get_data(as_text=True)


def test_the_words_that_answer_come_first_and_are_marked_in_their_sentence(tmp_path: Path) -> None:
    html = decided(tmp_path, Deciding("answered", resolved=date(2018, 5, 8)))
    words = BREAD.text[4:9]
    day = Messages("ar").day(date(2018, 5, 8))
    assert f'>{words}</span> <time datetime="2018-05-08">{day}</time></p>' in html
    assert f"{BREAD.text[:4]}<mark>{words}</mark>{BREAD.text[9:24]}" in html
    assert html.index('class="short"') < html.index("<blockquote")
    assert "2018" in decided(tmp_path, Deciding("answered", resolved=date(2018, 5, 8)), f"{ASKED}&lang=en")


def test_an_uncertain_answer_is_not_called_the_answer(tmp_path: Path) -> None:
    html = decided(tmp_path, Deciding("unsure"))
    assert ">قد يكون الجواب هنا</h1>" in html
    assert "ولسنا على يقين" in html
    assert ">الجواب</h1>" not in html
    assert 'class="short"' not in html
    assert BREAD.text[9:24] in html
    english = decided(tmp_path, Deciding("unsure"), f"{ASKED}&lang=en")
    assert ">This may be the answer</h1>" in english
    assert "may not answer your question" in english


@pytest.mark.parametrize("status", ["answered", "unsure", "not_found"])
def test_a_false_premise_is_named_above_whatever_is_found(tmp_path: Path, status: contract.Status) -> None:
    html = decided(tmp_path, Deciding(status, premise=Premise("200", "لا تذكر المقالات <200>.")))
    assert html.index("لا تذكر المقالات &lt;200&gt;.") < html.index('<h1 id="answer"')
    assert 'class="premise"' not in decided(tmp_path, Deciding(status))


def test_an_uncertain_answer_is_exported_as_one(tmp_path: Path) -> None:
    for name in ("markdown", "json"):
        text = decided(tmp_path, Deciding("unsure"), f"/export?q=كم&format={name}")
        assert ("ولسنا على يقين" in text) == (name == "markdown")
        assert BREAD.text[:24] in text
