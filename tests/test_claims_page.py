"""The page of standing claims in a browser: on a phone and a desktop, in both languages, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from index.types import Article
from tests.browsers import DESKTOP, PHONE, Visit
from tests.running import running
from tests.test_claims_over_http import CLAIM, ROBOT, House
from web.server import Server

pytestmark = pytest.mark.browser
LONG = "قال مدير المكتبة إن أبوابها ستبقى مفتوحة حتى منتصف الليل طوال الصيف، وإنها ستعير الكتب مجانًا. " * 5


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    house = House(tmp_path_factory.mktemp("claims") / "index")
    house.follow(webhook="http://127.0.0.1:9/" + "a-long-address/" * 20)
    house.follow(LONG)
    house.publish(Article("first", f"{CLAIM} They run since Monday.", "Buses", "One", published="2031-05-04"),
                  Article("copy", f"{CLAIM} They run since Monday.", "The same", "Two", published="2031-05-05"),
                  Article("nine", CLAIM.replace("twelve", "nine"), "Fewer"))
    with running(Server(house.app, "127.0.0.1", 0)) as (host, port):
        yield f"http://{host}:{port}"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("window", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
        browser: Browser, served: str, language: str, window: dict[str, int], scheme: str) -> None:
    with Visit(browser, served, viewport=window, locale=language, color_scheme=scheme, bypass_csp=True) as visit:
        page = visit.page
        page.goto(f"{served}/claims")
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        page.fill("#token", ROBOT)
        with visit.another_page():
            page.click("form.login button")
        last = page.locator(".rows h3 a").last.get_attribute("href")
        for path in ("/claims", last):
            page.goto(f"{served}{path}")
            assert visit.overflow() <= 0
            assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert page.locator(".alerts > li").count() == 2
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def test_a_claim_is_followed_and_given_up_without_scripts(browser: Browser, served: str) -> None:
    with Visit(browser, served, java_script_enabled=False, locale="en") as visit:
        page = visit.page
        page.goto(f"{served}/claims")
        page.fill("#token", ROBOT)
        with visit.another_page():
            page.click("form.login button")
        before = page.locator("h3").count()
        page.fill("#text", "The bridge of Amber Hill is blue.")
        with visit.another_page():
            page.click("form.follow button")
        assert page.locator("h3").count() == before + 1
        assert page.get_by_role("status").inner_text().startswith("Saved.")
        with visit.another_page():
            page.locator(".rows form button").first.click()
        assert page.locator("h3").count() == before
