"""Five hundred payloads through every field that an article or a question has: they stay text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from index.types import Article
from qa.types.question import Question, QuestionError
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.pages.rendering import DECEIVING

TAGS = ("script", "img src=x", "svg", "iframe", "a href='javascript:alert(1)'", "body", "details open", "math",
        "object data=x", "embed src=x", "form action=//evil.example", "base href=//evil.example", "style", "link rel=x",
        "meta http-equiv=refresh", "video src=x", "input autofocus", "template", "textarea", "marquee")
HANDLERS = (" onload=alert(1)", " onerror=alert(1)", " onfocus=alert(1)", " ontoggle=alert(1)", "")
BREAKOUTS = ("", "\">", "'>", "</title>", "</textarea>", "-->", "]]>", "</script>")
SCHEMES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
           "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "file:///etc/passwd", "blob:x",
           "https://аpple.example", "https://example.org@evil.example", "//evil.example", "https://evil.example\u202egro")
TEMPLATES = ("{{ 7 * 7 }}", "{% raw %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{config}}", "{{''.__class__}}", "*{7*7}")
DIRECTIONS = ("\u202e", "\u202a", "\u2066", "\u2067", "\u2068", "\u2069", "\U000e0041", "\U000e007f")
ENCODED = ("&lt;script&gt;", "&#60;script&#62;", "%3Cscript%3E", "\\u003cscript\\u003e",
           "&quot; onload=alert(1) x=&quot;", "\" onclick=alert(1) x=\"", "' onclick=alert(1) x='",
           "` onclick=alert(1)",
           "\u2028<script>", "\u00a0<script>", "<!--<script>", "<![CDATA[<script>", "\uff1cscript\uff1e",
           "<scr<script>ipt>", "<<script>", "<\x00script>", "+ADw-script+AD4-")

PAYLOADS = [f"{breakout}<{tag}{handler}>" for breakout, tag, handler in product(BREAKOUTS, TAGS, HANDLERS)][::2]
PAYLOADS += [f"{scheme}{template}" for scheme, template in product(SCHEMES, ("", TEMPLATES[0]))]
PAYLOADS += [*TEMPLATES, *ENCODED]
PAYLOADS += [f"{direction}{inner}" for direction, inner in product(DIRECTIONS, ("<b>", "نص", "gpj.exe", TAGS[0]))]
PAYLOADS += [f"{breakout}{template}" for breakout, template in product(BREAKOUTS[1:], TEMPLATES[:3])]


# What pages consist of where a text is short or long, of one line or of two, a web address, or refused by its field.
HARMLESS = ("harmless", "نص لا ضرر فيه", "A text that is longer than what a phone shows of a question",
            "\u2028two lines", "https://example.org/", "\x01")


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def evil_article(payload: str) -> Article:
    return Article(f"evil {payload}", f"كلام {payload} هنا. ثم {payload}", payload, payload, payload, "2026-01-01",
                   payload, "ar", {"key": payload, payload: "value"})


def addresses(payload: str) -> Iterator[str]:
    escaped = quote(payload, safe="")
    yield f"/?q={escaped}%20x"
    yield f"/?q=x&previous={escaped}%20y&source={escaped}"
    yield f"/timeline?q={escaped}%20x"
    yield f"/affair?q={escaped}%20x&previous={escaped}%20y"
    yield f"/affair?q=x&source={escaped}&order={escaped}"
    yield f"/disagreements?q={escaped}%20x&source={escaped}"
    yield f"/articles?q={escaped}&source={escaped}"
    yield f"/articles/{quote('evil ' + payload, safe='')}?start=0&end=9"
    yield f"/verify?quote=a%20b%20c%20{escaped}&speaker=x{escaped}"
    yield "/"


def test_there_are_five_hundred_of_them_and_all_different() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 500


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 40))
def test_no_payload_adds_an_element_a_handler_or_a_scheme_and_none_deceives(tmp_path: Path, start: int,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    answerer = FakeAnswerer()
    client = create_app(service_of(answerer, tmp_path)).test_client()

    def pages(payload: str) -> list[Elements]:
        article = evil_article(payload)
        answerer.articles = (article,)
        answerer.answers = {question: ((article.id, article.text),) for question in (
            f"{payload} x".strip(), "x", article.title) if _can_be_asked(question)}
        read = []
        for address in addresses(payload):
            response = client.get(address, headers={"Accept": "text/html"})
            assert response.status_code in (200, 404, 422)
            read.append(Elements(response.get_data(as_text=True)))
        return read

    usual = [most(tags) for tags in zip(*([Counter(tag for tag, _ in page.found) for page in pages(harmless)]
                                          for harmless in HARMLESS), strict=True)]
    for payload in PAYLOADS[start:start + 40]:
        for page, allowed in zip(pages(payload), usual, strict=True):
            assert page.found[0][0] == "html", payload
            assert not Counter(tag for tag, _ in page.found) - allowed, payload
            for tag, attributes in page.found:
                assert not [name for name in attributes if name.startswith("on") or name == "style"], payload
                for name in ("href", "src", "action", "formaction", "data"):
                    assert _is_safe(attributes.get(name)), (payload, attributes)
                assert tag != "script" or str(attributes["src"]).startswith("/static/page.js?")
            assert not DECEIVING.search(page.text), payload


def most(counts: Sequence[Counter[str]]) -> Counter[str]:
    """The most of each element on any of the pages."""
    found: Counter[str] = Counter()
    for each in counts:
        found |= each
    return found


def _is_safe(address: str | None) -> bool:
    """Whether an address leads to a place on this server, or to the web."""
    if address is None or address.startswith(("/", "#", "?")) and not address.startswith("//"):
        return True
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _can_be_asked(text: str) -> bool:
    with suppress(QuestionError):
        return bool(Question.parse(text).text)
    return False
