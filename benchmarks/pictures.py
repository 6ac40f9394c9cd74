"""Take the pictures of the documentation in a browser.

    python -m benchmarks.pictures [--out docs/pictures] [--every-window]

It serves the sample articles as `benchmarks.newsroom` describes and needs Debian's chromium and Pillow. With
`--every-window` each page is taken in Arabic and English, light and dark, at 1600, 1280 and 390 pixels, to be looked
at before a change of the pages is published.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.newsroom import DRAFT, newsroom
from benchmarks.page import CRISIS, logged_in, post
from tests.browsers import ARGUMENTS, CHROMIUM

Scheme = Literal["light", "dark"]
WIDE, DESKTOP, PHONE = 1600, 1280, 390
HEIGHTS = {WIDE: 900, DESKTOP: 740, PHONE: 740}
COLOURS = 96


@dataclass(frozen=True, slots=True)
class View:
    """A page to take: its address, what to do before, and the form to send, if any."""

    path: str
    prepare: Callable[[Page], None] = lambda _page: None
    form: str = ""


def _with_source(page: Page) -> None:
    if page.locator("html.beside a[data-source]").count():
        page.wait_for_selector("dialog.source mark")


def _saved(page: Page) -> None:
    page.locator("details.cite summary").first.click()
    page.locator("details.cite [data-keep]").first.click()
    page.locator("dialog.keep [name=folder]").fill("كامب ديفيد")
    page.locator("dialog.keep [name=note]").fill("للفقرة الثانية من التقرير.")
    page.locator("dialog.keep [type=submit]").click()
    page.wait_for_selector("dialog.keep [type=submit]:disabled")
    page.goto(page.url.partition("?")[0] + "folders")
    page.wait_for_selector(".kept")


def _at_the_verdicts(page: Page) -> None:
    """Bring the checked text to the top: the form above it holds it once more."""
    _with_source(page)
    page.locator(".checked").evaluate("(found) => found.scrollIntoView()")


VIEWS = {
    "answer": View(f"/?q={quote('متى وُقّعت اتفاقيتا كامب ديفيد؟')}", _with_source),
    "answer-in-english": View(f"/?q={quote('Where was the Dayton agreement initialled?')}", _with_source),
    "home": View("/"),
    "follow-up": View(f"/?q={quote('ومتى كان ذلك؟')}&previous={quote('أين وُقّعت معاهدة نيو ستارت؟')}"
                      "&published_from=2000-01-01", _with_source),
    "timeline": View(f"/timeline?q={CRISIS}", _with_source),
    "dossier": View(f"/affair?q={CRISIS}", _with_source),
    "check": View("/check", _at_the_verdicts, urlencode({"text": DRAFT})),
    "claims": View("/claims"), "operate": View("/operate"),
    "folders": View(f"/?q={quote('متى وُقّعت اتفاقيتا كامب ديفيد؟')}", _saved),
    "not-found": View(f"/?q={quote('ما اسم قائد الطائرة التي نقلت الرهائن؟')}", _with_source)}
# file: view, language, colours, width
PICTURES: dict[str, tuple[str, str, Scheme, int]] = {
    "answer-ar": ("answer", "ar", "light", DESKTOP), "answer-en-dark": ("answer-in-english", "en", "dark", DESKTOP),
    "home-ar": ("home", "ar", "light", DESKTOP), "home-ar-phone": ("home", "ar-EG", "light", PHONE),
    "follow-up-ar-phone": ("follow-up", "ar", "dark", PHONE), "timeline-ar": ("timeline", "ar", "light", DESKTOP),
    "folders-ar": ("folders", "ar", "light", DESKTOP), "not-found-ar": ("not-found", "ar", "light", DESKTOP),
    "check-ar": ("check", "ar", "light", WIDE), "check-en-dark-phone": ("check", "en", "dark", PHONE),
    "dossier-ar": ("dossier", "ar", "light", WIDE), "dossier-ar-dark-phone": ("dossier", "ar", "dark", PHONE),
    "claims-ar": ("claims", "ar", "light", DESKTOP), "claims-en-phone": ("claims", "en", "light", PHONE),
    "operate-en-dark": ("operate", "en", "dark", DESKTOP)}


def _every() -> dict[str, tuple[str, str, Scheme, int]]:
    schemes: tuple[Scheme, ...] = ("light", "dark")
    return {f"{view}-{language}-{scheme}-{width}": (view, language, scheme, width)
            for view, language, scheme, width in product(VIEWS, ("ar", "en"), schemes, HEIGHTS)}


def main(argv: list[str] | None = None) -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), metavar="FOLDER", help="where they are put")
    parser.add_argument("--every-window", action="store_true", help="each page in each language, colours and width")
    parser.add_argument("--only", action="append", choices=tuple(VIEWS), help="take this page; repeatable")
    arguments = parser.parse_args(argv)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with newsroom() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        _take(browser, server, arguments.out, {
            name: how for name, how in (_every() if arguments.every_window else PICTURES).items()
            if not arguments.only or how[0] in arguments.only}.items())
        browser.close()
    return 0


def _take(browser: Browser, server: str, out: Path, pictures: Iterable[tuple[str, tuple[str, str, Scheme, int]]]
          ) -> None:
    for name, (view, locale, scheme, width) in pictures:
        seen, window = VIEWS[view], ViewportSize(width=width, height=HEIGHTS[width])
        context = browser.new_context(viewport=window, locale=locale, color_scheme=scheme,
                                      device_scale_factor=1.5 if width == PHONE else 1)
        logged_in(context, server, seen.path)
        if seen.form:
            post(context, server + seen.path, seen.form)
        page = context.new_page()
        page.goto(server + seen.path)
        seen.prepare(page)
        _write(page.screenshot(), out / f"{name}.png")
        context.close()


def _write(screenshot: bytes, path: Path) -> None:
    """Write a picture with few colours: pages of text need no more, and it is a third as large."""
    with Image.open(io.BytesIO(screenshot)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
