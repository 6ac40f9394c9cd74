"""Pages of the web interface, read by tests."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from index.types import Article
from tests.fake_answerer import ALTERED_QUOTE, ARTICLES, FakeAnswerer, service_of
from web import create_app

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
        if dict(attrs).get("class") in ("around", "for-print", "cite") or dict(attrs).get("id") == "copied":
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


def client_of(tmp_path: Path, *articles: Article) -> FlaskClient:
    return create_app(service_of(FakeAnswerer(articles or ARTICLES), tmp_path)).test_client()


def page_of(client: FlaskClient, address: str, status: int = 200, accept_language: str = "") -> Page:
    response = client.get(address, headers={"Accept": "text/html", "Accept-Language": accept_language})
    assert (response.status_code, response.mimetype) == (status, "text/html")
    return Page(response.get_data(as_text=True))


WEB = Path(__file__).resolve().parents[1] / "web"


def references(page: Page) -> list[str | None]:
    """Where the numbers of the citations, and what is left out of a list, lead."""
    leading = [attributes.get("href") for tag, attributes in page.elements if tag == "a"
               and (attributes.get("class") == "ref" or not attributes.get("class"))]
    return list(dict.fromkeys(link for link in leading if link and link.endswith("#cited")))


def links(page: Page, path: str) -> list[str | None]:
    return [link for link in page.attributes("a", "href") if link and link.startswith(path)]
