"""Browser for the tests, and a page visit that records requests and console errors."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Self

from playwright.sync_api import Browser, Page, Request

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Visit:
    """A page in a browser context of its own that records its requests and its errors."""

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
        """Wait at the end until the page requested inside has loaded; a click does not wait for that."""
        return self.page.expect_event("load")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
