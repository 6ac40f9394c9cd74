"""What strangers write into any field of an article stays text in each export, as the programs that open it read it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import feedparser
import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.output import printable_json
from index.types import Article
from qa import cli
from qa.markup import in_a_cell, in_a_line, in_markdown, without_elements
from qa.standing.atom import as_atom
from qa.standing.types import Alert, AlertPlace, StandingClaim
from tests.fake_answerer import FakeAnswerer, service_of
from tests.test_hostile_text import DIRECTIONS
from web.app import create_app

# A thousand exports.
pytestmark = pytest.mark.slow

QUESTION = "كم سعر الخبز؟"
OWN = "https://own.example/a"
HARMLESS = "كلام لا ضرر فيه"
MARKDOWN = ("[هنا](https://evil.example)", "![x](https://evil.example/x.png)", "<https://evil.example>", "<b>x</b>",
            "<script>alert(1)</script>", "<!-- x -->", "https://evil.example/a", "www.evil.example", "evil.example/a",
            "//evil.example", "a@evil.example", "mailto:a@evil.example", "# x", "### x", "> x", "- x", "+ x", "* x",
            "1. x", "12) x", "```", "~~~ x", "`x`", "---", "===", "***x***", "_x_", "~~x~~", "| a | b |", "[^1]: x",
            "[^1]", "[1]: https://evil.example", "&lt;b&gt;", "&#x202e;", "&copy;", "\\<b>", "\\", "$\\href{x}{y}$",
            "x^2^", "==x==", "%%x%%", "++x++", ":smile:", "::: x", ": x", "[[x]]", "{{x}}", "!", "a\n\n# x", "a\n- x",
            "a\r\n> x", "a\u2028# x", "a\u0085# x", "    x", "\tx")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "x;=1+1;y", "x; -1", "x;\"=1", "'=1",
            "''=1", "x;'=1", "=cmd|'/C calc'!A0", "\u202e=1")
REFERENCES = ("x\nER  - \nTY  - BOOK", "x\rER  - ", "x\u2028TY  - BOOK", "issued: 1999", "author: x", "DOI: 10.1/x",
              "القاهرة: x", "x\nissued: 1999", "{:issued: 1999}", "x {:DOI: 10.1/x}", "x}, url = {y", "@book{x,",
              "<i>x</i>", "<sc>x</sc>", '<span class="nocase">x</span>', "x</b>")
TERMINAL = ("\x1b[31m", "\x9b31m", "x\x07", "x\x7f", "x\x00", "x\ufffe",
            "\u2028\u2028event: answer\u2028data: {}\u2028\u2028", "\u0085{}\u0085")
PAYLOADS = (*MARKDOWN, *FORMULAS, *REFERENCES, *TERMINAL, *(f"{each}x" for each in DIRECTIONS))
COMMON_MARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def article_of(payload: str) -> Article:
    return Article("a", f"{payload} هنا.{payload}", payload, payload, OWN, "2026-01-01", payload, payload)


def answerer_of(payload: str) -> FakeAnswerer:
    article = article_of(payload)
    return FakeAnswerer((article,), {QUESTION: (("a", f"{payload} هنا."), ("a", article.text))})


class Site:
    """A site whose only article is by a stranger."""

    def __init__(self, folder: Path) -> None:
        self.answerer = FakeAnswerer()
        self.client = create_app(service_of(self.answerer, folder)).test_client()

    def of(self, payload: str) -> FlaskClient:
        told = answerer_of(payload)
        self.answerer.articles, self.answerer.answers = told.articles, told.answers
        return self.client

    def export(self, payload: str, address: str, name: str) -> bytes:
        response = self.of(payload).get(address, query_string={"q": QUESTION, "format": name, "lang": "ar"})
        assert response.status_code == 200
        return response.data


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
        yield Site(tmp_path_factory.mktemp("site"))


# ---- Markdown ----

def inner(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from inner(token.children or [])


def shape(markdown: str) -> list[tuple[str, str]]:
    """The blocks and elements of a text, and where its links lead; an address of mail in code counts as text."""
    return [(token.type, str(token.attrs.get("href", ""))) for token in inner(COMMON_MARK.parse(markdown))
            if token.type not in ("text", "code_inline")]


def words(markdown: str) -> str:
    return "".join(token.content for token in inner(COMMON_MARK.parse(markdown))
                   if token.type in ("text", "code_inline"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_has_no_block_element_or_link_more(payload: str, site: Site) -> None:
    for address in ("/export", "/timeline/export", "/affair/export"):
        usual, attacked = (site.export(each, address, "markdown").decode() for each in (HARMLESS, payload))
        assert [kind for kind, _ in shape(attacked)] == [kind for kind, _ in shape(usual)], address
        links = [link for _, link in shape(attacked) if link]
        assert links
        assert {link.partition("#")[0] for link in links} == {OWN}
        assert in_a_line(payload) in words(attacked)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_in_markdown_is_the_same_text(payload: str) -> None:
    assert words(f"x {in_markdown(payload)}") == f"x {in_a_line(payload)}".strip()


@pytest.mark.parametrize("payload", MARKDOWN)
def test_no_program_that_links_bare_addresses_finds_one(payload: str) -> None:
    # cmark-gfm looks for these in the source, and for an address of mail in all text but code, escaped or not;
    # linkify-it looks for a name with a dot in what stands between escapes.
    written = re.sub(r"`[^`]*`", "", in_markdown(payload))
    assert not re.search(r"://|www\.|\w\.[^\W\d_]|(?<!\\)//", written)
    assert not re.search(r"[\w.+-]\\?@\w", written)


def test_a_long_line_without_spaces_is_written_at_once() -> None:
    for unit in ("a", "a.", "a@", ";\"", "<", ":a", "1"):
        assert len(in_markdown(unit * 100_000)) + len(in_a_cell(unit * 100_000)) >= 200_000


# ---- tables ----

def read_back(cell: str) -> str:
    return re.sub(r"""((?:^|;)[\s"]*'*)'(?=[-=+@＝＋－＠])""", r"\1", cell)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_begins_a_formula_whatever_divides_cells(payload: str, site: Site) -> None:
    written = site.export(payload, "/timeline/export", "csv").decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [read_back(row["title"]) for row in rows] == [in_a_line(payload)] * 2
    assert [read_back(row["quote"]) for row in rows] == [
        in_a_line(f"{payload} هنا."), in_a_line(article_of(payload).text)]
    cells = [cell for row in rows for cell in row.values()]
    cells += [cell for line in csv.reader(io.StringIO(written), delimiter=";") for cell in line]
    assert cells
    assert [cell for cell in cells if re.match(r"[\s\"]*[-=+@＝＋－＠]", cell)] == []


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_cell_without_its_apostrophes_is_the_text(payload: str) -> None:
    assert read_back(in_a_cell(payload)) == in_a_line(payload)
    assert in_a_cell("كلام; كلام - =1") == "كلام; كلام - =1"


# ---- references ----

# citeproc-js, `parseNoteFieldHacks`: in braces anywhere, or from the start of the note or of a line; other programs
# take any letters for the name of a variable.
VARIABLE = re.compile(r"\{:(?:[-_a-z]+|[A-Z]+):[^}]+\}|^[\w \-]+:", re.MULTILINE)
ELEMENT = re.compile(r"<[A-Za-z/!?]")


@pytest.mark.parametrize("address", ["/export", "/affair/export"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_csl_has_no_markup_and_no_variable_in_a_note(payload: str, address: str, site: Site) -> None:
    items = json.loads(site.export(payload, address, "csl"))
    assert items
    for item in items:
        told = [*(value for value in item.values() if isinstance(value, str)),
                *(name["literal"] for name in item.get("author", ()))]
        assert [text for text in told if ELEMENT.search(text) or text != in_a_line(text)] == []
        assert not VARIABLE.search(item["note"])
        assert item["note"][0] + item["note"][-1] in ("«»", "“”")
        assert item["note"].replace(" ", "")[1:-1] in article_of(in_a_line(payload)).text.replace(" ", "")
        assert set(item) <= {"id", "type", "title", "container-title", "author", "issued", "language", "URL", "note"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_ris_and_bibtex_have_their_own_tags_and_fields_alone(payload: str, site: Site) -> None:
    for name, tag in (("ris", r"[A-Z][A-Z0-9]  - "), ("bibtex", r"@\w+\{|  \w+ = \{|\}$")):
        written, expected = (site.export(each, "/export", name).decode() for each in (payload, HARMLESS))
        found = [[re.match(tag, line) for line in text.splitlines() if line] for text in (written, expected)]
        assert found[0]
        assert None not in found[0]
        tags = [[each[0] for each in matches if each] for matches in found]
        assert tags[0] == tags[1]
        assert not ELEMENT.search(written)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", written.replace("\r\n", "\n"))
    assert written.count("{") == written.count("}")


def test_an_angle_bracket_that_opens_nothing_stays() -> None:
    assert without_elements("3 < 5 <3 a<b </b>") == "3 < 5 <3 a< b < /b>"


# ---- Word, Atom, text to paste ----

@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_word_document_has_as_many_paragraphs_and_no_link(payload: str, site: Site) -> None:
    usual, attacked = (docx.Document(io.BytesIO(site.export(each, "/affair/export", "docx")))
                       for each in (HARMLESS, payload))
    assert [each.style.name for each in attacked.paragraphs] == [each.style.name for each in usual.paragraphs]
    assert attacked.element.xpath("//w:hyperlink | //w:instrText | //w:fldSimple | //w:br | //w:tab") == []
    assert in_a_line(payload) in "\n".join(each.text for each in attacked.paragraphs)


@pytest.mark.parametrize("payload", [*PAYLOADS, "https://evil.example\u202e", "https://news.example@evil.example/",
                                     "http://", "https://a b.example", "javascript:alert(1)"])
def test_a_feed_has_the_lines_and_the_links_of_any_other(payload: str) -> None:
    claim = StandingClaim("c", "claim", HARMLESS, "", "", "2026-01-01T00:00:00Z", "g", "f")
    place = AlertPlace("a", payload, payload, payload, payload, f"{payload} هنا.", 0, 5)
    alert = Alert("1", "c", "repeated", "supported", place, "g", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z",
                  (replace(place, article_id="b"),))
    feed = as_atom([(claim, [alert])], feed_id="f", own_address=f"{OWN}.atom", address_of=lambda _place: OWN,
                   created="2026-01-01T00:00:00Z")
    content = ElementTree.fromstring(feed).findtext(".//{*}content")
    assert content is not None
    assert content.split("\n") == [line for line in (in_a_line(f"{payload} هنا."), " · ".join(
        filter(None, [in_a_line(payload)] * 2))) if line]
    read = feedparser.parse(feed)
    assert not read.bozo
    links = [link.href for entry in read.entries for link in entry.links]
    assert links[0] == OWN
    assert [link for link in links[1:] if not re.fullmatch(r"https?://[\w.%-]+(/[\w%/-]*)?", link)] == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_line_of_a_pasted_answer_is_the_articles(payload: str, site: Site) -> None:
    copied = []
    for each in (HARMLESS, payload):
        page = site.of(each).get("/", query_string={"q": QUESTION}, headers={"Accept": "text/html"})
        copied.append(page.get_data(as_text=True).partition('<pre id="copied"')[2].partition("</pre>")[0])
    assert len(copied[1].splitlines()) == len(copied[0].splitlines()) == 4


# ---- streams and terminals ----

@pytest.mark.parametrize("payload", TERMINAL)
def test_no_text_ends_a_line_of_a_stream(payload: str, site: Site) -> None:
    client = site.of(payload)
    with client.post("/api/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}) as stream:
        events = stream.get_data(as_text=True).splitlines()
    assert [line.partition(":")[0] for line in events] == ["event", "data", ""] * 2
    assert json.loads(events[-2].removeprefix("data: "))["citations"][0]["quote"] == f"{payload} هنا."
    with client.post("/api/ask/batch", json={"items": [{"question": QUESTION}] * 2},
                     headers={"Accept": "application/x-ndjson"}) as batch:
        lines = batch.get_data(as_text=True).splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2]


@pytest.mark.parametrize("payload", TERMINAL)
@pytest.mark.parametrize("asked", [("timeline", "csv"), ("timeline", "markdown"), ("timeline", "json"),
                                   ("affair", "markdown"), ("affair", "json"), ("affair", "ris"), ("affair", "bibtex"),
                                   ("affair", "csl")])
def test_a_terminal_is_told_nothing_by_an_export(payload: str, asked: tuple[str, str], monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("qa.opening.load_answerer", lambda *_args, **_options: answerer_of(payload))
    assert cli.main([asked[0], QUESTION, "--format", asked[1], "--index-dir", "nowhere"]) == 0
    shown = capsys.readouterr().out
    assert "هنا" in shown
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", shown)


def test_json_with_escapes_is_the_same_json() -> None:
    for payload in PAYLOADS:
        value = {payload: [payload, 1]}
        written = printable_json(value, indent=None)
        assert json.loads(written) == value
        assert len(written.splitlines()) == 1
