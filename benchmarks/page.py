"""Measure the size, paint times and layout shift of answer pages in a browser, and take the pictures for the docs.

    python -m benchmarks.page [--pictures docs/pictures]

It uses the index of `articles/` in var/index, served on loopback, and Debian's chromium with an empty cache for each
page. The browser measures the times: from the last byte of the page to its first and its largest contentful paint.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Response, sync_playwright

from tests.browsers import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.conftest import server_process

QUESTIONS = Path("articles/questions.jsonl")
ASKED = 30
# Pictures end here, to keep them small.
PICTURED_HEIGHT = 740
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
ANSWER = f"/?q={quote('متى وُقّعت اتفاقيتا كامب ديفيد؟')}"
# name, address, language, colour scheme, window, what to do before the picture is taken
PICTURES = (
    ("answer-ar", ANSWER, "ar", "light", DESKTOP, "read"),
    ("answer-en-dark", f"/?q={quote('Where was the Dayton agreement initialled?')}", "en", "dark", DESKTOP, "read"),
    ("home-ar", "/", "ar", "light", DESKTOP, ""),
    ("home-ar-phone", "/", "ar-EG", "light", PHONE, ""),
    ("follow-up-ar-phone",
     f"/?q={quote('ومتى كان ذلك؟')}&previous={quote('أين وُقّعت معاهدة نيو ستارت؟')}&published_from=2000-01-01",
     "ar", "dark", PHONE, ""),
    ("timeline-ar", f"/timeline?q={quote('أزمة الصواريخ الكوبية')}", "ar", "light", DESKTOP, ""),
    ("folders-ar", ANSWER, "ar", "light", DESKTOP, "save"),
    ("not-found-ar", f"/?q={quote('ما اسم قائد الطائرة التي نقلت الرهائن؟')}", "ar", "light", DESKTOP, ""),
)


def main(argv: list[str] | None = None) -> int:
    """Measure, print one JSON object, and take the pictures if `--pictures` is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="take the pictures of the documentation too")
    arguments = parser.parse_args(argv)
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][::5]
    with server_process(Path("var/index")) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [_visit(browser, f"{server}/?q={quote(question)}") for question in questions[:ASKED]]
        print(json.dumps({
            "answers": len(visits),
            "first_paint_ms": _range([visit["first"] for visit in visits]),
            "largest_paint_ms": _range([visit["largest"] for visit in visits]),
            "bytes_without_face": _range([visit["bytes"] for visit in visits]),
            "bytes_sent_without_face": _range([visit["sent"] for visit in visits]),
            "bytes_sent": _range([visit["sent_with_face"] for visit in visits]),
            "layout_shift": max(visit["shift"] for visit in visits)}, indent=1))
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            for picture in PICTURES:
                _take(browser, server, arguments.pictures, *picture)
        browser.close()
    return 0


def _visit(browser: Browser, address: str) -> dict[str, Any]:
    context = browser.new_context(viewport=PHONE, locale="ar")
    page = context.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    answered = page.goto(address)
    if answered is None or answered.status != 200:
        raise SystemExit(f"{address} was not answered: is var/index an index of articles/, and of this version?")
    found: dict[str, Any] = page.evaluate(PAINTED)
    plain = [response for response in responses if not response.url.endswith(".woff2")]
    found["bytes"] = sum(len(response.body()) for response in plain)
    found["sent"] = sum(response.request.sizes()["responseBodySize"] for response in plain)
    found["sent_with_face"] = sum(response.request.sizes()["responseBodySize"] for response in responses)
    context.close()
    return found


def _take(browser: Browser, server: str, folder: Path, name: str, address: str, locale: str, scheme: Any,
          window: Any, act: str) -> None:
    context = browser.new_context(viewport=window, locale=locale, color_scheme=scheme,
                                  device_scale_factor=1.5 if window is PHONE else 1)
    page = context.new_page()
    page.goto(server + address)
    if act == "read":
        page.wait_for_selector("dialog.source mark")
    elif act == "save":
        page.locator("details.cite summary").first.click()
        page.locator("details.cite [data-keep]").first.click()
        page.locator("dialog.keep [name=folder]").fill("كامب ديفيد")
        page.locator("dialog.keep [name=note]").fill("للفقرة الثانية من التقرير.")
        page.locator("dialog.keep [type=submit]").click()
        page.wait_for_selector("dialog.keep [type=submit]:disabled")
        page.goto(f"{server}/folders")
        page.wait_for_selector(".kept")
    width, height = window["width"], min(window["height"], PICTURED_HEIGHT)
    page.screenshot(path=folder / f"{name}.png", clip={"x": 0, "y": 0, "width": width, "height": height})
    context.close()


def _range(values: list[float]) -> dict[str, float]:
    return {"median": round(median(values)), "most": round(max(values))}


if __name__ == "__main__":
    raise SystemExit(main())
