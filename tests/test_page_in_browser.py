"""What the page does with its script in a real browser, that it is open to everybody, light, and that nothing jumps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browsers import DESKTOP, PHONE, Visit
from tests.conftest import server_process

ASKED = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
ANSWER = f"/?q={quote(ASKED)}"
CITED = re.compile(r"/articles/camp-david-accords-1978\?.*#cited$")
PAGES = {"home": "/", "answer": ANSWER,
         "follow-up": f"/?q={quote('وأين؟')}&previous={quote(ASKED)}&published_from=1970-01-01",
         "nothing": f"/?q={quote('من هو ملك الدنمارك؟')}", "wrong": "/?q=%D8%9F", "articles": "/articles",
         "found": f"/articles?q={quote('رهائن')}&published_to=2020-01-01",
         "article": "/articles/camp-david-accords-1978?start=396&end=482",
         "verify": f"/verify?quote={quote('التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء')}",
         "timeline": f"/timeline?q={quote('أزمة الصواريخ الكوبية')}",
         "disagreements": f"/disagreements?q={quote('قمة')}",
         "folders": "/folders", "missing": "/nowhere"}


@pytest.fixture
def visit(browser: Browser, sample_server: str) -> Iterator[Visit]:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar") as visit:
        yield visit
        assert visit.complaints == []
        assert {urlsplit(request.url).netloc for request in visit.requests} == {urlsplit(sample_server).netloc}


# ---- for everybody ----

@pytest.mark.parametrize("page_name", PAGES)
@pytest.mark.parametrize(("language", "scheme", "window"), [
    ("ar", "light", PHONE), ("en", "dark", DESKTOP), ("ar", "dark", DESKTOP), ("en", "light", PHONE)],
    ids=["ar-light-phone", "en-dark-desktop", "ar-dark-desktop", "en-light-phone"])
def test_axe_finds_nothing_that_keeps_anyone_out(browser: Browser, sample_server: str, page_name: str, language: str,
                                                scheme: str, window: dict[str, int]) -> None:
    with Visit(browser, sample_server, viewport=window, locale=language, color_scheme=scheme) as visit:
        visit.page.goto(sample_server + PAGES[page_name])
        visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = Axe().run(visit.page, options={"runOnly": [
            "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found.response["violations"]] == []
        assert visit.overflow() <= 0


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_an_empty_field_begins_where_the_page_does(visit: Visit, language: str, direction: str) -> None:
    visit.page.goto(f"{visit.server}/verify?lang={language}")
    fields = visit.page.locator("input[type=text], textarea")
    assert fields.evaluate_all("(all) => all.map((each) => getComputedStyle(each).direction)") == [direction] * 2


@pytest.mark.parametrize("page_name", PAGES)
def test_whatever_is_pressed_is_at_least_24_pixels_high_and_wide(visit: Visit, page_name: str) -> None:
    visit.page.goto(visit.server + PAGES[page_name])
    visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    sizes = visit.page.evaluate("""[...document.querySelectorAll("a, button, summary, input, textarea")]
        .filter((each) => each.checkVisibility() && !each.matches(".skip"))
        .map((each) => [each, (each.type === "checkbox" ? each.closest("label") : each).getBoundingClientRect()])
        .map(([each, box]) => [each.outerHTML.slice(0, 80), Math.round(box.width), Math.round(box.height)])""")
    assert len(sizes) > 5
    assert [size for size in sizes if size[1] < 24 or size[2] < 24] == []
    if page_name in ("missing", "wrong"):
        visit.complaints.clear()   # the browser reports the 404 or the 422


@pytest.mark.parametrize("page_name", PAGES)
def test_a_page_is_light_and_nothing_on_it_jumps(browser: Browser, sample_server: str, page_name: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar") as visit:
        page, bodies = visit.page, []
        page.on("response", lambda response: bodies.append(response))
        # Somebody who has asked before: what the browser remembers is shown too.
        page.add_init_script(
            "localStorage.setItem('musnad.history', JSON.stringify([{text: 'متى؟', address: '/?q=x'}]))")
        page.goto(sample_server + PAGES[page_name])
        page.wait_for_load_state("networkidle")
        assert sum(len(response.body()) for response in bodies) < 100_000
        shifts = page.evaluate("""() => new Promise((resolve) => new PerformanceObserver((list, observer) => {
            observer.disconnect();
            resolve(list.getEntries().map((entry) => entry.value));
        }).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => resolve([]), 300))""")
        assert shifts == []


# ---- the article beside the answer ----

MANY = f"/?q={quote('ماذا جرى في قمة كامب ديفيد؟')}"


def quoted_beside(number: Locator) -> str:
    return number.locator("..").inner_text().partition("[")[0].strip()


def test_on_a_wide_screen_the_article_stands_beside_the_answer_and_follows_the_numbers(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + MANY)
    pane, numbers = page.locator("dialog.source"), page.locator("a.ref")
    assert numbers.count() > 1
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(0)))
    expect(pane.locator("mark")).to_be_in_viewport()
    assert page.evaluate("document.activeElement === document.body")
    numbers.nth(1).click()
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(1)))
    expect(numbers.nth(1)).to_have_attribute("aria-current", "")
    expect(numbers.nth(0)).not_to_have_attribute("aria-current", "")
    page.go_back()
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(0)))
    page.get_by_role("button", name="الموضع التالي").click()
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(1)))
    with visit.another_page():
        pane.get_by_role("link", name="صفحة المقال").click()
    expect(page).to_have_url(CITED)
    page.get_by_role("link", name="العودة إلى حيث كنت").click()
    expect(page).to_have_url(visit.server + MANY)


def at(found: Locator) -> list[float]:
    """The place of an element in the window: its top, its width, and the space at its left and at its right."""
    measured: list[float] = found.evaluate("""(element) => {
      const box = element.getBoundingClientRect();
      return [box.top, box.width, box.left, document.documentElement.clientWidth - box.right].map(Math.round);
    }""")
    return measured


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_answer_stands_in_the_middle_while_no_article_is_open_and_never_moves_up_or_down(
        browser: Browser, sample_server: str, language: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale=language) as visit:
        page = visit.page
        page.goto(sample_server + MANY)
        pane, sentence = page.locator("dialog.source"), page.locator("#sentence-2")
        number = page.locator("a.ref").nth(1)
        expect(pane.locator("mark")).to_be_visible()
        number.scroll_into_view_if_needed()
        top, width, *sides = at(sentence)
        assert sides[0] != sides[1]
        pane.locator("[data-close]").click()
        expect(pane).to_be_hidden()
        middle = at(sentence)
        assert middle == [top, width, middle[2], middle[2]]
        number.click()
        expect(pane.locator("mark")).to_have_text(quoted_beside(number))
        assert at(sentence) == [top, width, *sides]
        expect(number).to_be_focused()
        pane.locator("[data-close]").click()
        page.reload()
        expect(pane).to_be_hidden()
        assert at(page.locator("main"))[2:] == middle[2:]


def test_the_place_of_the_article_is_kept_before_it_is_there(visit: Visit) -> None:
    page, held = visit.page, list[Route]()
    page.route(re.compile("/articles/"), lambda route: held.append(route))
    page.goto(visit.server + MANY)
    expect(page.locator("dialog.source")).to_be_hidden()
    before = at(page.locator("main"))
    assert before[2] != before[3]
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("dialog.source mark")).to_be_visible()
    assert at(page.locator("main")) == before


@pytest.mark.parametrize("nothing_to_open", [
    f"/timeline?q={quote('سعر البطاطا')}", f"/disagreements?q={quote('سعر البطاطا')}", "/"])
def test_a_page_with_no_article_to_open_stands_in_the_middle(visit: Visit, nothing_to_open: str) -> None:
    visit.page.goto(visit.server + nothing_to_open)
    assert visit.page.locator("a[data-source]").count() == 0
    _, width, *sides = at(visit.page.locator("main"))
    assert width > 600
    assert sides[0] == sides[1]


def test_on_a_phone_it_slides_over_and_back_and_escape_take_it_away(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", has_touch=True, is_mobile=True) as visit:
        page = visit.page
        page.goto(sample_server + ANSWER)
        pane = page.locator("dialog.source")
        expect(pane).to_be_hidden()
        page.locator("#sentence-1 a.ref").tap()
        expect(pane.locator("mark")).to_have_text(quoted_beside(page.locator("#sentence-1 a.ref")))
        assert pane.evaluate("(each) => each.matches(':modal')")
        assert visit.overflow() <= 0
        page.go_back()
        expect(pane).to_be_hidden()
        expect(page).to_have_url(sample_server + ANSWER)
        page.locator("#sentence-1 a.ref").tap()
        expect(pane).to_be_visible()
        pane.get_by_role("button", name="إغلاق").tap()
        expect(pane).to_be_hidden()
        page.locator("#sentence-1 a.ref").tap()
        expect(pane).to_be_visible()
        page.keyboard.press("Escape")
        expect(pane).to_be_hidden()


def test_where_the_article_cannot_be_fetched_its_page_is_opened(visit: Visit) -> None:
    page = visit.page
    page.route("**/articles/**", lambda route: route.fulfill(status=503)
               if route.request.resource_type == "fetch" else route.continue_())
    with visit.another_page():
        page.goto(visit.server + ANSWER)
        page.wait_for_url(CITED)
    visit.complaints.clear()   # the browser reports the 503


def test_a_slash_leads_to_the_question_unless_something_is_typed(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("1/2")
    assert page.locator("#q").input_value() == "1/2"


def test_an_earlier_question_of_the_conversation_shows_the_words_that_answered_it(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + ANSWER)
    answer = page.locator(".short > span").inner_text()
    page.locator("#follow").fill("وأين؟")
    with visit.another_page():
        page.get_by_role("button", name="تابِع").click()
    expect(page.locator("nav.conversation .answered")).to_have_text(answer)


def test_without_scripts_the_surroundings_open_below_the_sentence(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=False) as visit:
        page = visit.page
        page.goto(sample_server + ANSWER)
        page.locator("#around-1 summary").click()
        expect(page.locator("#around-1 mark")).to_be_visible()
        expect(page.get_by_role("button", name="انسخ مع المصادر")).to_be_hidden()


def test_back_closes_the_pane_first_and_forward_opens_it_again(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server)
    page.goto(visit.server + MANY)
    pane, numbers = page.locator("dialog.source"), page.locator("a.ref")
    expect(pane.locator("mark")).to_be_visible()
    pane.get_by_role("button", name="إغلاق").click()
    expect(pane).to_be_hidden()
    numbers.nth(1).click()
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(1)))
    page.go_back()
    expect(pane).to_be_hidden()
    expect(page).to_have_url(visit.server + MANY)
    page.go_forward()
    expect(pane.locator("mark")).to_have_text(quoted_beside(numbers.nth(1)))
    page.go_back()
    page.reload()   # what was closed stays closed
    expect(page.locator("a.ref").first).to_be_visible()
    expect(pane).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(f"{visit.server}/")


def test_after_escape_on_a_phone_one_step_back_leads_to_the_page_before(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar") as visit:
        page = visit.page
        page.goto(sample_server)
        page.goto(sample_server + ANSWER)
        page.locator("#sentence-1 a.ref").click()
        expect(page.locator("dialog.source")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.source")).to_be_hidden()
        page.go_back()
        expect(page).to_have_url(f"{sample_server}/")


# ---- asking ----

@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_reading_of_a_follow_up_is_corrected_with_one_tap(browser: Browser, sample_server: str, scripts: bool
                                                              ) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=scripts) as visit:
        page = visit.page
        page.goto(f"{sample_server}/?q={quote('ومتى كان ذلك؟')}&previous={quote('من وقّع اتفاق الدوحة؟')}")
        reading = page.locator(".understood bdi").inner_text()
        if scripts:
            page.locator("a[data-edit]").click()
            expect(page.locator("#q")).to_be_focused()
        else:
            with visit.another_page():
                page.locator("a[data-edit]").click()
        assert page.locator("#q").input_value() == reading
        assert page.locator("h1#answer").count() == (1 if scripts else 0)


def test_what_is_typed_is_completed_and_the_keyboard_chooses(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server)
    field = page.locator("#q")
    field.fill("رهائن طهر")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert (field.get_attribute("role"), field.get_attribute("aria-expanded")) == ("combobox", "true")
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    text = chosen.inner_text()
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press_sequentially("ا", delay=20)
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    with visit.another_page():
        field.press("Enter")
    assert page.locator("h1#answer").count() == 1
    assert page.locator("#q").input_value() == text


def test_completions_that_come_after_escape_stay_away(visit: Visit) -> None:
    page, field = visit.page, visit.page.locator("#q")

    def escape_first(route: Route) -> None:
        field.press("Escape")
        route.continue_()

    page.route("**/api/suggestions?*", escape_first)
    page.goto(visit.server)
    with page.expect_event("requestfinished", lambda request: "/api/suggestions" in request.url):
        field.fill("رهائن طهر")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.get_by_role("option").count() == 0
    page.unroute_all()
    field.press_sequentially("ا")
    expect(page.get_by_role("option").first).to_be_visible()


def test_the_title_of_an_article_leads_to_it(visit: Visit) -> None:
    visit.page.goto(visit.server)
    visit.page.locator("#q").press_sequentially("كامب ديف", delay=20)
    with visit.another_page():
        visit.page.locator("[role=option].article").first.click()
    expect(visit.page).to_have_url(f"{visit.server}/articles/camp-david-accords-1978")


def test_the_reader_is_told_what_is_happening_and_then_reads_the_answer(visit: Visit) -> None:
    page, seen = visit.page, []

    def fulfil(route: Route) -> None:
        seen.append((page.locator(".progress").first.inner_text(),
                     page.locator("form.ask").first.get_attribute("aria-busy"), route.request.post_data_json))
        route.fulfill(status=200, content_type="text/event-stream",
                      body="event: passages\ndata: {}\n\nevent: answer\ndata: {}\n\n")

    page.route("**/api/ask", fulfil)
    page.goto(visit.server)
    page.locator("#q").fill(ASKED)
    with visit.another_page():
        page.locator("form.ask button[type=submit]").first.click()
    assert seen == [("نبحث في المقالات…", "true", {
        "question": ASKED, "previous": [], "filters": {"published_from": None, "published_to": None, "sources": []}})]
    assert page.locator("h1#answer").count() == 1
    assert parse_qs(urlsplit(page.url).query) == {"q": [ASKED]}


@pytest.mark.parametrize("fail", [lambda route: route.abort(), lambda route: route.fulfill(status=503)],
                         ids=["no answer", "503"])
def test_where_the_stream_fails_the_page_is_asked_for_all_the_same(browser: Browser, sample_server: str,
                                                                  fail: Callable[[Route], None]) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar") as visit:
        visit.page.route("**/api/ask", fail)
        visit.page.goto(sample_server)
        visit.page.locator("#q").fill(ASKED)
        with visit.another_page():
            visit.page.locator("form.ask button[type=submit]").first.click()
        assert visit.page.locator("h1#answer").count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_question_is_followed_by_another_and_the_way_back_stays(browser: Browser, sample_server: str,
                                                                 scripts: bool) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=scripts) as visit:
        page = visit.page
        page.goto(f"{sample_server}/?q={quote('من وقّع اتفاق الدوحة؟')}&published_from=2000-01-01")
        page.locator("#follow").fill("ومتى كان ذلك؟")
        with visit.another_page():
            page.get_by_role("button", name="تابِع").click()
        assert parse_qs(urlsplit(page.url).query) == {
            "q": ["ومتى كان ذلك؟"], "previous": ["من وقّع اتفاق الدوحة؟"], "published_from": ["2000-01-01"]}
        assert page.locator(".understood bdi").inner_text() == "متى وُقّع اتفاق الدوحة؟"
        assert "29 فبراير 2020" in page.locator(".sentences").inner_text()
        page.locator("#follow").fill("ومن حضر؟")
        with visit.another_page():
            page.get_by_role("button", name="تابِع").click()
        assert page.locator("nav.conversation li").count() == 2
        with visit.another_page():
            page.locator("nav.conversation a").first.click()
        assert page.locator("h1#answer").count() == 1
        assert parse_qs(urlsplit(page.url).query) == {"q": ["من وقّع اتفاق الدوحة؟"], "published_from": ["2000-01-01"]}


def test_a_filter_is_taken_off_by_itself(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=False) as visit:
        page = visit.page
        page.goto(f"{sample_server}{ANSWER}&published_from=1970-01-01&published_to=2000-01-01&source={quote('مُسنَد')}")
        assert page.locator(".chips a").count() == 3
        with visit.another_page():
            page.locator(".chips a", has_text="حتى").click()
        assert parse_qs(urlsplit(page.url).query) == {
            "q": [ASKED], "published_from": ["1970-01-01"], "source": ["مُسنَد"]}
        assert page.locator(".chips a").count() == 2


def test_what_was_asked_is_remembered_by_the_browser_alone_until_it_is_cleared(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + ANSWER)
    page.goto(visit.server)
    remembered = page.locator("asked-before a")
    expect(remembered).to_have_text(ASKED)
    assert visit.requests
    assert [request.url for request in visit.requests if "history" in (request.post_data or "")] == []
    assert "musnad.history" not in str(page.context.cookies())
    with visit.another_page():
        remembered.click()
    assert page.locator("h1#answer").count() == 1
    page.goto(visit.server)
    page.get_by_role("button", name="امسحها").click()
    expect(page.locator("asked-before a")).to_have_count(0)
    page.reload()
    expect(page.locator("asked-before a")).to_have_count(0)


def test_what_somebody_put_into_the_memory_is_only_text(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server)
    page.evaluate("""localStorage.setItem('musnad.history', JSON.stringify([
        {text: '<img src=x onerror=alert(1)>', address: '/?q=a'}, {text: 'x', address: 'javascript:alert(1)'},
        {text: 3}]))""")
    page.reload()
    assert page.locator("asked-before a").all_inner_texts() == ["<img src=x onerror=alert(1)>"]
    page.evaluate("localStorage.setItem('musnad.history', 'not JSON')")
    page.reload()
    expect(page.locator("asked-before a")).to_have_count(0)


# ---- taking it along ----

def test_the_answer_is_copied_with_its_sources_and_printed_with_them(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar",
               permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.goto(sample_server + ANSWER)
        page.get_by_role("button", name="انسخ مع المصادر").click()
        expect(page.locator(".actions .done")).to_have_text("نُسخ النصّ ومصادره.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "17 سبتمبر 1978. [1]" in copied
        assert "[1] كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل. مُسنَد. 1979-03-31. " in copied
        assert f"{sample_server}/articles/camp-david-accords-1978?start=" in copied
        expect(page.locator("ol.for-print")).to_be_hidden()
        page.emulate_media(media="print")
        for hidden in ("form.ask", ".actions", "footer", ".around", ".cite", "#copied", ".sentences .origin"):
            expect(page.locator(hidden).first).to_be_hidden()
        printed = page.locator("body").inner_text()   # nothing is said twice
        for once in (ASKED, "وأسفرت القمة عن اتفاقيتي كامب ديفيد", "كامب ديفيد: إطاران للسلام", "1979-03-31"):
            assert printed.count(once) == 1


def test_where_the_clipboard_is_not_to_be_had_the_older_way_copies(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar") as visit:
        page = visit.page
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.goto(sample_server + ANSWER)
        page.get_by_role("button", name="انسخ مع المصادر").click()
        expect(page.locator(".actions .done")).to_have_text("نُسخ النصّ ومصادره.")
        assert visit.complaints == []


# ---- looking around ----

@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_answer_leads_to_the_timeline_of_its_question_and_each_event_to_its_place(
        browser: Browser, sample_server: str, scripts: bool) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=scripts) as visit:
        page: Page = visit.page
        page.goto(f"{sample_server}/?q={quote('متى رُفع الحجر البحري عن كوبا؟')}")
        with visit.another_page():
            page.locator(".further").get_by_role("link", name="الخط الزمني").click()
        days: list[Any] = [each.get_attribute("datetime") for each in page.locator(".when time").all()]
        assert days == sorted(days)
        assert "1962-11-20" in days
        event = page.locator("ol.timeline > li", has=page.locator("time[datetime='1962-11-20']")).first
        if scripts:
            event.locator("a.ref").click()
            expect(page.locator("dialog.source mark")).to_have_text(quoted_beside(event.locator("a.ref")))
        with visit.another_page():
            (page.get_by_role("link", name="صفحة المقال") if scripts else event.locator("a.ref")).click()
        expect(page).to_have_url(re.compile(r"/articles/cuban-missile-crisis-1962\?.*#cited$"))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_date_to_write_reads_from_the_year_to_the_day_in_one_line(browser: Browser, sample_server: str,
                                                                      language: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale=language) as visit:
        visit.page.goto(f"{sample_server}/?q=x&published_from=soon")
        error = visit.page.locator("#error-published_from")
        expect(error).to_contain_text("2026-01-31.")
        year, day = error.evaluate("""element => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          while (!walker.nextNode().data.includes("2026-01-31"));
          const at = walker.currentNode.data.indexOf("2026-01-31");
          return [[0, 4], [8, 10]].map(([start, end]) => {
            const range = document.createRange();
            range.setStart(walker.currentNode, at + start);
            range.setEnd(walker.currentNode, at + end);
            return range.getBoundingClientRect().toJSON();
          });
        }""")
        assert year["right"] < day["left"]
        assert year["top"] == day["top"]


def test_digits_are_those_of_the_reader_s_region(browser: Browser, sample_server: str) -> None:
    for locale, digits in (("ar-EG", "٣٤ مقالًا"), ("ar-MA", "34 مقالًا"), ("ar", "34 مقالًا"), ("en", "34 articles")):
        with Visit(browser, sample_server, viewport=DESKTOP, locale=locale) as visit:
            visit.page.goto(sample_server)
            assert digits in visit.page.locator("footer").inner_text()


@pytest.mark.slow
def test_each_side_of_each_disagreement_shows_its_own_surroundings(browser: Browser, differing_index: Path) -> None:
    with server_process(differing_index) as server, \
            Visit(browser, server, viewport=DESKTOP, locale="ar") as visit:
        visit.page.goto(f"{server}/disagreements?q={quote('اتفاق المياه')}")
        numbers = visit.page.locator("a.ref")
        assert numbers.count() == 4
        for number in numbers.all():
            number.click()
            expect(visit.page.locator("dialog.source mark")).to_have_text(quoted_beside(number))
        found = Axe().run(visit.page)
        assert [violation["id"] for violation in found.response["violations"]] == []
