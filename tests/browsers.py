"""The browser of the tests, and a visit to a page that keeps what it asked for and complained of."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Self

from playwright.sync_api import Browser, Page, Request

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Visit:
    """A page of its own context that keeps what it asked for and what it complained of."""

    def __init__(self, browser: Browser, server: str, **context: object) -> None:
        self._context = browser.new_context(**context)  # type: ignore[arg-type]
        self.page: Page = self._context.new_page()
        self.server = server
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def another_page(self) -> AbstractContextManager[object]:
        """Ends only when the page that is asked for in it has loaded: a click's own end does not wait for that."""
        return self.page.expect_event("load")

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
