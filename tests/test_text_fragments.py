"""Links that scroll a publisher's page to a quote, in a real browser too."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import DESKTOP, Visit
from tests.loopback import answer, serving
from web.pages.text_fragments import with_text_fragment

URL = "https://example.org/news/1"
LONG = ("وقّع الرئيس المصري أنور السادات ورئيس الوزراء الإسرائيلي مناحيم بيغن اتفاقيتي كامب ديفيد في 17 سبتمبر 1978 في "
        "البيت الأبيض.")


@pytest.mark.parametrize(("url", "quoted", "expected"), [
    (URL, "a word", f"{URL}#:~:text=a%20word"),
    (URL + "#part", "a  word\n", f"{URL}#part:~:text=a%20word"),
    (URL, "twenty-one, a & b", f"{URL}#:~:text=twenty%2Done%2C%20a%20%26%20b"),
    (URL + "?q=1", "x", f"{URL}?q=1#:~:text=x"),
    (URL, " \n", URL),
])
def test_a_quote_is_encoded_as_the_directive_wants_it(url: str, quoted: str, expected: str) -> None:
    assert with_text_fragment(url, quoted) == expected


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    directive = unquote(with_text_fragment(URL, LONG).partition(":~:text=")[2])
    assert directive == "وقّع الرئيس المصري أنور السادات,سبتمبر 1978 في البيت الأبيض."


@pytest.mark.parametrize("quoted", ["Neither was a congress in the sense of the word today.", LONG])
def test_a_browser_scrolls_to_the_quote(browser: Browser, quoted: str) -> None:
    filler = "<p>Nothing of note stands here.</p>" * 200
    marked = f"<p id=quote>Before it. <b>{quoted[:20]}</b>{quoted[20:]} After.</p>"
    body = f"<!doctype html><meta charset=utf-8>{filler}{marked}{filler}"
    with (serving(lambda _path, _headers, send: send(answer(200, body.encode(), content_type="text/html"))) as server,
          Visit(browser, server.base, viewport=DESKTOP) as visit):
        visit.page.goto(with_text_fragment(f"{server.base}/page", quoted))
        expect(visit.page.locator("#quote")).to_be_in_viewport()
