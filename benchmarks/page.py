"""Measure the size, paint times and layout shift of every page in a browser.

    python -m benchmarks.page

It serves the sample articles on loopback, as `benchmarks.newsroom` describes, and opens each page, and the answers to
30 questions, in Debian's chromium at a phone's width with an empty cache. The browser measures the times: from the last
byte of the page to its first and its largest contentful paint. `bytes` is the page with its style sheets and scripts,
`sent` the same as it is sent; `face` is the Arabic face, which pages share.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, BrowserContext, Response, Route, sync_playwright

from benchmarks.newsroom import DRAFT, TOKEN, newsroom
from tests.browsers import ARGUMENTS, CHROMIUM, PHONE

QUESTIONS = Path("articles/questions.jsonl")
ASKED = 30
TIMES = 3
PAINTED = """() => new Promise((resolve) => {
  const shifts = [], painted = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({type: 'layout-shift', buffered: true});
  new PerformanceObserver((list) => painted.push(...list.getEntries()))
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const [first] = performance.getEntriesByName('first-contentful-paint');
    resolve({first: first.startTime - navigation.responseEnd,
             largest: painted.at(-1).startTime - navigation.responseEnd,
             shift: shifts.reduce((sum, entry) => sum + entry.value, 0)});
  }, 400);
})"""
CRISIS = quote("أزمة الصواريخ الكوبية")
PAGES: Mapping[str, str] = {
    "first page": "/", "nothing found": f"/?q={quote('ما اسم قائد الطائرة التي نقلت الرهائن؟')}",
    "follow-up": f"/?q={quote('ومتى كان ذلك؟')}&previous={quote('أين وُقّعت معاهدة نيو ستارت؟')}",
    "articles": "/articles", "article": "/articles/camp-david-accords-1978?start=396&end=482",
    "check": "/check", "checked text": "/check", "quote": "/verify",
    "checked quote": f"/verify?quote={quote('التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء')}",
    "timeline": f"/timeline?q={CRISIS}", "dossier": f"/affair?q={CRISIS}",
    "disagreements": f"/disagreements?q={quote('قمة')}", "folders": "/folders", "claims": "/claims",
    "operator": "/operate", "missing": "/nowhere"}
POSTED = {"checked text": urlencode({"text": DRAFT})}


def main(argv: list[str] | None = None) -> int:
    """Measure, and print one JSON object."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(argv)
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][::5]
    with newsroom() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = {"answers": _measured([_visit(browser, server, f"/?q={quote(question)}")
                                       for question in questions[:ASKED]])}
        for name, path in PAGES.items():
            found[name] = _measured([_visit(browser, server, path, POSTED.get(name, "")) for _ in range(TIMES)])
            print(name, found[name], flush=True)
        browser.close()
    print(json.dumps(found, indent=1))
    return 0


def logged_in(context: BrowserContext, server: str, path: str) -> None:
    """Log the browser in to a page that a token opens, without loading it."""
    if path in ("/claims", "/operate"):
        context.request.post(f"{server}{path}/login", form={"token": TOKEN}, max_redirects=0)


def post(context: BrowserContext, address: str, form: str) -> None:
    """Have the browser send a form when it goes to this address."""
    def send(route: Route) -> None:
        route.continue_(method="POST", post_data=form, headers={
            **route.request.headers, "content-type": "application/x-www-form-urlencoded"})

    context.route(address, send)


def _visit(browser: Browser, server: str, path: str, form: str = "") -> dict[str, Any]:
    context = browser.new_context(viewport=PHONE, locale="ar")
    logged_in(context, server, path)
    if form:
        post(context, server + path, form)
    page = context.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    answered = page.goto(server + path)
    if answered is None or answered.status != (404 if path == PAGES["missing"] else 200):
        raise SystemExit(f"{path} was not answered")
    found: dict[str, Any] = page.evaluate(PAINTED)
    plain = [response for response in responses if not response.url.endswith(".woff2")]
    found["bytes"] = sum(len(response.body()) for response in plain)
    found["sent"] = sum(response.request.sizes()["responseBodySize"] for response in plain)
    found["face"] = sum(response.request.sizes()["responseBodySize"] for response in responses) - found["sent"]
    context.close()
    return found


def _measured(visits: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bytes": _range(visits, "bytes"), "sent": _range(visits, "sent"), "face": max(v["face"] for v in visits),
            "first_paint_ms": _range(visits, "first"), "largest_paint_ms": _range(visits, "largest"),
            "layout_shift": round(max(visit["shift"] for visit in visits), 4)}


def _range(visits: list[dict[str, Any]], name: str) -> list[int]:
    """Return the median and the most."""
    values = [visit[name] for visit in visits]
    return [round(median(values)), round(max(values))]


if __name__ == "__main__":
    raise SystemExit(main())
