"""A reader's journey in a real browser, over a real server: ask, follow a citation, see the sentence marked."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import DESKTOP, PHONE, Visit

JOURNEYS = {"ar": ("متى وُقّعت اتفاقيتا كامب ديفيد؟", "camp-david-accords-1978", "17 سبتمبر 1978"),
            "en": ("Where was the Dayton agreement initialled in November 1995?", "dayton-agreement-1995", "دايتون")}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_reader_asks_follows_a_citation_and_sees_the_sentence(browser: Browser, sample_server: str, tmp_path: Path,
                                                                language: str, window: dict[str, int],
                                                                scripts: bool) -> None:
    question, article_id, fact = JOURNEYS[language]
    with Visit(browser, sample_server, viewport=window, java_script_enabled=scripts, locale=language) as visit:
        page = visit.page
        page.goto(f"{sample_server}/")
        assert page.locator("html").get_attribute("dir") == {"ar": "rtl", "en": "ltr"}[language]
        page.locator("#q").fill(question)
        with visit.another_page():
            page.locator("form.ask button[type=submit]").first.click()
        assert urlsplit(page.url).query.startswith(f"q={quote(question, safe='').replace('%20', '+')}")
        first = page.locator(".sentences li").first
        assert fact in first.inner_text()
        quoted = first.locator("blockquote").inner_text().removesuffix("[1]").strip()
        page.screenshot(path=tmp_path / "answer.png")
        if scripts:   # the article opens on this page, and leads to its own
            first.locator("a.ref").click()
            expect(page.locator("dialog.source mark#cited")).to_be_in_viewport()
            page.screenshot(path=tmp_path / "source.png")
        with visit.another_page():
            (page.locator("[data-whole]") if scripts else first.locator("a.ref")).click()
        expect(page).to_have_url(re.compile(rf"/articles/{article_id}\?.*#cited$"))
        mark = page.locator("mark#cited")
        expect(mark).to_be_in_viewport()
        assert mark.inner_text().strip() == quoted
        box = mark.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + min(box["height"], 40) <= window["height"]
        page.screenshot(path=tmp_path / "article.png")
        assert visit.complaints == []
        assert {urlsplit(request.url).netloc for request in visit.requests} == {urlsplit(sample_server).netloc}
        if scripts:
            assert visit.overflow() <= 0


@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_list_stands_item_by_item_and_each_leads_to_its_place(browser: Browser, sample_server: str,
                                                               window: dict[str, int]) -> None:
    with Visit(browser, sample_server, viewport=window, locale="ar") as visit:
        visit.page.goto(f"{sample_server}/?q={quote('ما السقوف التي حددتها معاهدة نيو ستارت؟')}")
        items = visit.page.locator(".sentences .items blockquote")
        assert items.count() == 3
        assert visit.overflow() <= 0
        quoted = items.nth(2).inner_text().rpartition("[")[0].strip()
        assert quoted.startswith("لا يزيد مجموع منصات الإطلاق")
        items.nth(2).locator("a.ref").click()
        expect(visit.page.locator("dialog.source mark#cited")).to_have_text(quoted)


def test_the_language_can_be_changed_where_one_stands(browser: Browser, sample_server: str) -> None:
    question = JOURNEYS["ar"][0]
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar") as visit:
        visit.page.goto(f"{sample_server}/?q={quote(question)}")
        with visit.another_page():
            visit.page.get_by_role("link", name="English").click()
        assert visit.page.locator("html").get_attribute("lang") == "en"
        assert visit.page.locator("#q").input_value() == question
        assert visit.page.locator("h1#answer").inner_text() == "Answer"


@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("language", "verdict"), [("ar", "ورد مغيَّرًا"), ("en", "Altered")])
def test_a_quote_is_checked_without_scripts_and_what_differs_leads_to_its_place(
        browser: Browser, sample_server: str, tmp_path: Path, language: str, verdict: str,
        window: dict[str, int]) -> None:
    with Visit(browser, sample_server, viewport=window, java_script_enabled=False, locale=language) as visit:
        page = visit.page
        page.goto(f"{sample_server}/")
        with visit.another_page():
            page.locator("header nav a").first.click()
        page.locator("#quote").fill("التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء")
        page.locator("#speaker").fill("ريابكوف")
        with visit.another_page():
            page.locator("form.ask button[type=submit]").click()
        assert urlsplit(page.url).path == "/verify"
        assert page.locator("h1#verdict").inner_text() == verdict
        assert page.locator(".compared del").inner_text() == "غدا"
        assert page.locator(".compared ins").inner_text() == "حاليًا"
        page.screenshot(path=tmp_path / "verdict.png")
        with visit.another_page():
            page.locator("a.ref").click()
        expect(page).to_have_url(re.compile(r"/articles/abu-dhabi-trilateral-talks-2026\?.*#cited$"))
        assert page.locator("mark#cited").inner_text() == "التواصل الروسي الأمريكي يجري حاليًا على مستوى الخبراء"
        assert visit.complaints == []


def test_a_quote_stitched_together_fits_a_phone(browser: Browser, sample_server: str) -> None:
    stitched = "وأسفرت القمة عن اتفاقيتي كامب ديفيد ... وعقدت محادثات ريكيافيك في منزل هوفدي"
    with Visit(browser, sample_server, viewport=PHONE, locale="ar") as visit:
        visit.page.goto(f"{sample_server}/verify?quote={quote(stitched)}")
        assert visit.page.locator("h1#verdict").inner_text() == "مركَّب من مواضع متفرقة"
        assert visit.page.locator(".sentences li").count() == 2
        assert visit.overflow() <= 0


def test_a_question_without_an_answer_says_so_and_shows_what_is_closest(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar") as visit:
        visit.page.goto(f"{sample_server}/?q={quote('من هو ملك الدنمارك؟')}")
        assert visit.page.locator("h1#answer").inner_text() == "لم نجد الجواب في هذه المقالات"
        assert visit.page.locator(".closest li").count() == 5
        assert visit.overflow() <= 0


def test_the_keyboard_alone_reaches_an_answer(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar") as visit:
        page = visit.page
        page.goto(f"{sample_server}/")
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == "#content"
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#content$"))
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("id") == "q"
        page.keyboard.type(JOURNEYS["ar"][0])
        with visit.another_page():
            page.keyboard.press("Enter")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "ref":
                break
        page.keyboard.press("Enter")
        expect(page.locator("mark#cited")).to_be_in_viewport()
