"""Every journey through the pages with JavaScript off, in a real browser: by links and forms alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import PHONE, Visit

ASKED = "متى وُقّعت اتفاقيتا كامب ديفيد؟"


@pytest.fixture
def visit(browser: Browser, sample_server: str) -> Iterator[Visit]:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=False,
               accept_downloads=True) as visit:
        visit.page.goto(sample_server)
        yield visit
        assert visit.complaints == []


def go(visit: Visit, link: str) -> None:
    with visit.another_page():
        visit.page.get_by_role("link", name=link, exact=True).first.click()


def ask(visit: Visit, question: str) -> None:
    visit.page.locator("#q").fill(question)
    with visit.another_page():
        visit.page.get_by_role("button", name="اسأل").click()


def address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_question_its_source_and_back(visit: Visit) -> None:
    page = visit.page
    ask(visit, ASKED)
    expect(page.locator(".short")).to_contain_text("17 سبتمبر 1978")
    with visit.another_page():
        page.locator("a.ref").first.click()
    expect(page.locator("mark")).to_contain_text("17 سبتمبر 1978")
    page.go_back()
    expect(page.locator(".short")).to_contain_text("17 سبتمبر 1978")


def test_a_conversation_and_the_way_back_through_it(visit: Visit) -> None:
    page = visit.page
    ask(visit, "من وقّع اتفاق الدوحة؟")
    page.locator("#follow").fill("ومتى كان ذلك؟")
    with visit.another_page():
        page.get_by_role("button", name="تابِع").click()
    expect(page.locator(".understood bdi")).to_have_text("متى وُقّع اتفاق الدوحة؟")
    folded = page.locator("nav.conversation details.earlier")
    expect(folded.locator("p").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("p").first).to_be_visible()
    go(visit, "اعتمد سؤالي كما كتبته")
    assert address(page) == {"q": ["ومتى كان ذلك؟"]}
    page.go_back()
    go(visit, "من وقّع اتفاق الدوحة؟")
    assert address(page) == {"q": ["من وقّع اتفاق الدوحة؟"]}


def test_a_topic_leads_from_its_timeline_to_its_dossier_and_so_does_the_first_page(visit: Visit) -> None:
    page = visit.page
    with visit.another_page():
        page.get_by_role("link", name=re.compile("^ملفّ الموضوع: ")).first.click()
    topic = address(page)["q"]
    assert page.locator("#affair-found section").count() >= 1
    go(visit, "الخط الزمني")
    page.go_back()
    with visit.another_page():
        page.locator(".further").get_by_role("link", name="الخط الزمني", exact=True).click()
    with visit.another_page():
        page.locator(".further").get_by_role("link", name="ملفّ الموضوع", exact=True).click()
    assert (urlsplit(page.url).path, address(page)["q"]) == ("/affair", topic)


def test_filters_set_and_taken_off(visit: Visit) -> None:
    page = visit.page
    page.locator("details.narrowing summary").click()
    page.locator("#published_from").fill("2030-01-01")
    ask(visit, ASKED)
    expect(page.locator("h1")).to_have_text("لم نجد الجواب في هذه المقالات")
    go(visit, "ابحث في المقالات كلّها")
    expect(page.locator(".short")).to_contain_text("17 سبتمبر 1978")
    assert address(page) == {"q": [ASKED]}


def test_what_is_not_found_is_explained_and_leads_on(visit: Visit) -> None:
    page = visit.page
    ask(visit, "كم عدد سكان المريخ؟")
    expect(page.locator(".why")).to_contain_text("لم ترد في المقالات كلمة «المريخ».")
    assert page.locator(".closest li").count() > 0
    with visit.another_page():
        page.locator(".questions a").first.click()
    expect(page.locator("h1#answer")).to_have_text("الجواب")


@pytest.mark.parametrize(("name", "suffix"), [
    ("Markdown", "md"), ("JSON", "json"), ("RIS", "ris"), ("BibTeX", "bib"), ("CSL", "csl.json")])
def test_an_answer_is_taken_along(visit: Visit, name: str, suffix: str) -> None:
    ask(visit, ASKED)
    with visit.page.expect_download() as waiting:
        visit.page.locator(".export").get_by_role("link", name=name, exact=True).click()
    assert waiting.value.suggested_filename == f"musnad-answer.{suffix}"
    assert "1978" in Path(waiting.value.path()).read_text(encoding="utf-8")


def test_one_sentence_is_cited(visit: Visit) -> None:
    ask(visit, ASKED)
    visit.page.locator("details.cite summary").first.click()
    expect(visit.page.locator("details.cite .told").first).to_contain_text("مُسنَد. 1979-03-31")
    with visit.page.expect_download() as waiting:
        visit.page.locator("details.cite").first.get_by_role("link", name="RIS").click()
    assert waiting.value.suggested_filename == "musnad-citation.ris"


@pytest.mark.parametrize(("link", "field", "text"), [
    ("تحقّق من نصّ", "#text", "وُقّعت اتفاقيتا كامب ديفيد في 17 سبتمبر 1978."),
    ("تحقّق من اقتباس", "#quote", "موسكو ستواصل التقيد بالسقوف العددية للمعاهدة")])
def test_one_sentence_of_a_check_is_cited(visit: Visit, link: str, field: str, text: str) -> None:
    go(visit, link)
    visit.page.locator(field).fill(text)
    with visit.another_page():
        visit.page.get_by_role("button", name="تحقّق", exact=True).click()
    cite = visit.page.locator("details.cite").first
    cite.locator("summary").click()
    expect(cite.locator(".told")).to_contain_text("مُسنَد. ")
    expect(cite.locator("button").first).to_be_hidden()
    with visit.page.expect_download() as waiting:
        cite.get_by_role("link", name="BibTeX").click()
    assert waiting.value.suggested_filename == "musnad-citation.bib"


def test_examples_a_quote_to_check_and_a_timeline_are_one_tap_away(visit: Visit) -> None:
    page = visit.page
    with visit.another_page():
        page.get_by_role("link", name=re.compile("^هل ورد على لسان ")).click()
    expect(page.locator("h1")).to_have_text("ورد بنصّه")
    page.go_back()
    with visit.another_page():
        page.get_by_role("link", name=re.compile("^الخط الزمني: ")).click()
    assert page.locator("ol.timeline > li").count() >= 3
    page.go_back()
    with visit.another_page():
        page.locator(".questions a").first.click()
    expect(page.locator("h1#answer")).to_have_text("الجواب")


def test_a_quote_is_checked_and_leads_to_its_place(visit: Visit) -> None:
    page = visit.page
    go(visit, "تحقّق من اقتباس")
    page.locator("#quote").fill("موسكو ستواصل التقيد بالسقوف العددية للمعاهدة")
    with visit.another_page():
        page.get_by_role("button", name="تحقّق").click()
    expect(page.locator("h1")).to_have_text("ورد بنصّه")
    with visit.another_page():
        page.locator("a.ref").first.click()
    expect(page.locator("mark").first).to_contain_text("بالسقوف العددية")


def test_a_timeline_is_ordered_and_exported_and_differences_are_shown(visit: Visit) -> None:
    page = visit.page
    go(visit, "الخط الزمني")
    page.locator("#q").fill("أزمة الصواريخ الكوبية")
    with visit.another_page():
        page.get_by_role("button", name="أنشئ الخط الزمني").click()
    first = page.locator("ol.timeline time").first.get_attribute("datetime")
    go(visit, "الأحدث أولًا")
    assert str(page.locator("ol.timeline time").first.get_attribute("datetime")) > str(first)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    assert waiting.value.suggested_filename == "musnad-timeline.csv"
    go(visit, "مواضع الاختلاف")
    page.locator("#q").fill("قمة")
    with visit.another_page():
        page.get_by_role("button", name="قارن").click()
    expect(page.locator("h1")).to_have_text("مواضع الاختلاف")


def test_articles_are_listed_searched_paged_and_read(visit: Visit) -> None:
    page = visit.page
    go(visit, "المقالات")
    go(visit, "مقالات أقدم")
    assert address(page)["offset"] == ["20"]
    go(visit, "مقالات أحدث")
    page.locator("#q").fill("رهائن طهران")
    with visit.another_page():
        page.get_by_role("button", name="ابحث").click()
    with visit.another_page():
        page.locator(".articles a").first.click()
    expect(page.locator("article h1")).to_be_visible()


def test_the_language_changes_and_stays(visit: Visit) -> None:
    ask(visit, ASKED)
    go(visit, "English")
    expect(visit.page.locator("h1#answer")).to_have_text("Answer")
    go(visit, "Musnad")
    assert visit.page.locator("html").get_attribute("lang") == "en"


def test_nothing_is_shown_that_only_a_script_could_do(visit: Visit) -> None:
    ask(visit, ASKED)
    visit.page.locator("details.cite summary").first.click()
    assert visit.page.locator("button.needs-script").count() > 3
    for button in visit.page.locator("button.needs-script").all():
        expect(button).to_be_hidden()
    assert visit.page.locator("dialog[open]").count() == 0
