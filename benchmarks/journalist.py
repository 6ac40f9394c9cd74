"""Do ten tasks of a journalist on deadline in a real browser: clicks, seconds, and whether the first screenful answers.

    python -m benchmarks.journalist --server http://127.0.0.1:8000 [--out FILE]

The server must hold the articles of `ant_dev`, or those of them that the tasks ask about. A click is a press of a
button, a link or Enter; typing costs none. The seconds are those of the browser and the server, from the first act to
what was sought; nobody reads or types. A task that the page does not allow has no figures, so an earlier version can
be measured.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.browsers import ARGUMENTS, CHROMIUM

WINDOWS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
TIMEOUT_MS = 30_000


class Journalist:
    """A page in a browser, and the clicks made in it."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self._server, self.clicks = page, server, 0

    def open_first_page(self) -> None:
        """Go to the first page."""
        self.page.goto(self._server)

    def press(self, found: Locator) -> None:
        """Press something once."""
        self.clicks += 1
        found.click()

    def leave_by(self, found: Locator) -> None:
        """Press something that leads to another page."""
        with self.page.expect_event("load"):
            self.press(found)

    def ask(self, question: str, field: str = "#q") -> None:
        """Type a question and press Enter."""
        self.page.locator(field).fill(question)
        with self.page.expect_event("load"):
            self.clicks += 1
            self.page.locator(field).press("Enter")

    def sees(self, words: str, within: str = "main, dialog[open]") -> bool:
        """Tell whether the words are in the window without scrolling."""
        return bool(self.page.evaluate("""([words, within]) => {
            for (const part of document.querySelectorAll(within)) {
              const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                const around = walker.currentNode.parentElement;
                if (at < 0 || around.closest("form.ask, .asked, .conversation, [hidden]")) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                const box = range.getBoundingClientRect();
                if (box.height && box.top >= 0 && box.bottom <= innerHeight) return true;
              }
            }
            return false;
          }""", [words, within]))


def _fact(question: str, answer: str) -> Callable[[Journalist], bool]:
    def task(journalist: Journalist) -> bool:
        journalist.ask(question)
        return journalist.sees(answer)
    return task


ARRESTED = "كم إيرانيا اعتقلت البحرين بجوازات سفر مزورة؟"
SECRETARY = "من الأمين العام للإنتربول الذي طلب من الصين توضيح مصير رئيس المنظمة؟"


def _follow_up(journalist: Journalist) -> bool:
    journalist.ask("كم عمر رئيس الإنتربول مينغ هونغوي؟")
    journalist.ask("ومن طلب معلومات عنه من الصين؟", "#follow")
    return journalist.sees("ستوك")


def _check(journalist: Journalist) -> bool:
    journalist.leave_by(journalist.page.get_by_role("link", name="تحقّق من اقتباس"))
    journalist.page.locator("#quote").fill("ما تفعله تركيا يبعث على الحزن، وأنهم يرتكبون خطأ مروعا")
    journalist.leave_by(journalist.page.get_by_role("button", name="تحقّق", exact=True))
    return journalist.sees("ورد بنصّه")


def _in_its_place(journalist: Journalist) -> bool:
    journalist.ask(ARRESTED)
    marked = journalist.page.locator("dialog[open] mark, article mark").first
    if not marked.is_visible():
        try:
            marked.wait_for(timeout=1000)
        except BrowserError:
            journalist.press(journalist.page.locator("a.ref").first)
            marked.wait_for()
    return journalist.sees(marked.inner_text()[:20], "dialog[open] mark, article mark")


def _other_reports(journalist: Journalist) -> bool:
    journalist.press(journalist.page.locator(".articles details summary").first)
    first = journalist.page.locator(".articles details[open] li a").first
    return journalist.sees(first.inner_text()[:20])


def _timeline(journalist: Journalist) -> bool:
    journalist.leave_by(journalist.page.get_by_role("link", name="الخط الزمني", exact=True))
    journalist.ask("اختفاء جمال خاشقجي")
    return journalist.page.locator(".key-events li").count() > 0 and journalist.sees("2018", ".key-events")


def _cite(journalist: Journalist) -> bool:
    journalist.ask(ARRESTED)
    journalist.press(journalist.page.locator("details.cite summary").first)
    journalist.press(journalist.page.locator("[data-copy-one]").first)
    return journalist.sees("نُسخت")


def _keep(journalist: Journalist) -> bool:
    journalist.ask(ARRESTED)
    journalist.press(journalist.page.locator(".actions [data-keep]"))
    journalist.press(journalist.page.locator("dialog.keep [type=submit]"))
    journalist.page.wait_for_function("document.querySelector('dialog.keep .done').textContent")
    return journalist.sees("حُفظ", "dialog.keep")


TASKS: dict[str, Callable[[Journalist], bool]] = {
    "how many were arrested": _fact(ARRESTED, "14"),
    "who asked": _fact(SECRETARY, "ستوك"),
    "on which day": _fact("متى أعلنت البحرين اعتقال الإيرانيين بجوازات سفر مزورة؟", "8 سبتمبر"),
    "a follow-up": _follow_up,
    "is the quote right": _check,
    "the sentence in its place": _in_its_place,
    "what others say of the newest story": _other_reports,
    "how it went on": _timeline,
    "cite one sentence": _cite,
    "keep the answer": _keep,
}


def main(argv: list[str] | None = None) -> int:
    """Do the tasks in both windows and print, or write, one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, metavar="URL", help="the address of the server")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep a picture of the end of each task")
    arguments = parser.parse_args(argv)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = {name: {window: _done(browser, arguments, name, window) for window in WINDOWS} for name in TASKS}
        browser.close()
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _done(browser: Browser, arguments: argparse.Namespace, name: str, window: str) -> dict[str, Any] | None:
    """Do a task in a new browser context; None if the page does not allow it."""
    context = browser.new_context(viewport=WINDOWS[window], locale="ar",  # type: ignore[arg-type]
                                  permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    journalist = Journalist(page, arguments.server.rstrip("/"))
    journalist.open_first_page()
    context.set_default_timeout(TIMEOUT_MS // 3)
    began = time.perf_counter()
    try:
        is_seen = TASKS[name](journalist)
        seconds = time.perf_counter() - began
    except BrowserError:
        return None
    finally:
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=arguments.pictures / f"{name.replace(' ', '-')}-{window}.png")
        context.close()
    return {"clicks": journalist.clicks, "seconds": round(seconds, 2), "first_screenful": is_seen}


if __name__ == "__main__":
    raise SystemExit(main())
