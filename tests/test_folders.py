"""Folders in a real browser: what is saved stays there, and an imported file can do nothing but say something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from qa.markup import in_markdown
from tests.browsers import DESKTOP, PHONE, Visit
from tests.test_export_attacks import PAYLOADS

ASKED = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
ANSWER = f"/?q={quote(ASKED)}"
HOSTILE = "<img src=x onerror=alert(1)>\u202e"
KEPT = {"kind": "sentence", "text": "وقّعا.", "told": "عنوان. مصدر.", "address": "/articles/a?start=0&end=6",
        "question": "من وقّع؟", "note": "", "saved": "2026-11-29T10:00:00.000Z"}


@pytest.fixture
def visit(browser: Browser, sample_server: str) -> Iterator[Visit]:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar", accept_downloads=True) as visit:
        yield visit
        assert visit.complaints == []


def save_first(page: Page, folder: str, note: str = "") -> None:
    first = page.locator("details.cite").first
    if first.get_attribute("open") is None:
        first.locator("summary").click()
    first.locator("[data-keep]").click()
    form = page.locator("dialog.keep form")
    form.locator("[name=folder]").fill(folder)
    form.locator("[name=note]").fill(note)
    form.get_by_role("button", name="احفظ").click()
    expect(form.locator(".done")).to_have_text("حُفظ في مجلدك.")
    form.get_by_role("button", name="إغلاق").click()
    expect(page.locator("dialog.keep")).to_have_count(0)


def exported(page: Page, button: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).first.click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def import_file(page: Page, content: object, name: str = "folders.json") -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    page.set_input_files("input[type=file]", FilePayload(name=name, mimeType="application/json", buffer=text.encode()))


def export_of(*kept: object, name: str = "وارد") -> dict[str, Any]:
    return {"format": "musnad-folders", "version": 1, "folders": [{"name": name, "kept": list(kept)}]}


def test_a_sentence_is_saved_with_a_note_and_found_again_in_its_folder(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + ANSWER)
    save_first(page, "كامب ديفيد", "للتقرير")
    sent = [request for request in visit.requests if request.method != "GET"]
    page.goto(f"{visit.server}/folders")
    folder = page.get_by_role("region", name="كامب ديفيد")
    expect(folder.locator("blockquote")).to_contain_text("17 سبتمبر 1978")
    expect(folder.locator(".question")).to_have_text(ASKED)
    expect(folder.locator("textarea")).to_have_value("للتقرير")
    expect(folder.locator(".told")).to_contain_text("مُسنَد. 1979-03-31")
    assert sent == []   # nothing leaves the browser
    with visit.another_page():
        folder.get_by_role("link", name="افتح الموضع").click()
    expect(page.locator("mark")).to_contain_text("17 سبتمبر 1978")


def test_a_whole_answer_is_saved_and_notes_are_changed_and_kept(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + ANSWER)
    page.get_by_role("button", name="احفظ الجواب").click()
    page.locator("dialog.keep [type=submit]").click()
    expect(page.locator("dialog.keep .done")).to_have_text("حُفظ في مجلدك.")
    page.goto(f"{visit.server}/folders")
    kept = page.locator(".kept")
    expect(kept.locator(".kind")).to_have_text("سؤال")
    kept.locator("textarea").fill("ملاحظة ثانية")
    kept.get_by_role("button", name="احفظ الملاحظة").click()
    expect(page.locator("#told")).to_have_text("حُفظ في مجلدك.")
    page.reload()
    expect(page.locator(".kept textarea")).to_have_value("ملاحظة ثانية")
    page.locator(".kept").get_by_role("button", name="احذف").click()
    expect(page.locator(".kept")).to_have_count(0)
    expect(page.get_by_text("لا شيء في هذا المجلد بعد.")).to_be_visible()


def test_folders_are_made_exported_deleted_and_imported_again(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.server + ANSWER)
    save_first(page, "أول *مجلد*", "سطر\nوسطر")
    page.goto(f"{visit.server}/folders")
    page.locator("form.new input").fill("ثانٍ")
    page.get_by_role("button", name="أنشئ المجلد").click()
    expect(page.locator(".folder")).to_have_count(2)
    everything = exported(page, "تصدير الكلّ")
    assert [folder["name"] for folder in json.loads(everything)["folders"]] == ["أول *مجلد*", "ثانٍ"]
    markdown = exported(page, "Markdown")
    assert markdown.startswith("# أول \\*مجلد\\*\n\n")
    assert f"<{visit.server}/articles/camp-david-accords-1978?start=" in markdown
    page.on("dialog", lambda dialog: dialog.accept())
    for left in (1, 0):
        page.get_by_role("button", name="احذف المجلد").first.click()
        expect(page.locator(".folder")).to_have_count(left)
    import_file(page, everything)
    expect(page.locator("#told")).to_have_text("أُضيف ما في الملفّ.")
    expect(page.locator(".folder")).to_have_count(2)
    import_file(page, everything)   # what is there already is not added again
    expect(page.locator("#told")).to_have_text("أُضيف ما في الملفّ.")
    expect(page.locator(".kept")).to_have_count(1)
    assert exported(page, "تصدير الكلّ") == everything


@pytest.mark.parametrize(("locale", "day"), [
    ("ar", "29 نوفمبر/تشرين الثاني 2026"), ("ar-EG", "٢٩ نوفمبر/تشرين الثاني ٢٠٢٦"), ("en-US", "29 November 2026")])
def test_the_day_on_which_something_was_saved_is_written_as_on_every_page(browser: Browser, sample_server: str,
                                                                          locale: str, day: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale=locale) as visit:
        visit.page.goto(f"{sample_server}/folders")
        import_file(visit.page, export_of(KEPT))
        expect(visit.page.locator(".kept time")).to_have_text(day)


def test_a_hostile_file_is_shown_as_text_and_links_nowhere_else(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.server}/folders")
    hosts = ["javascript:alert(1)", "//evil.example/", "/\\evil.example/", "https://evil.example/", "data:text/html,x"]
    import_file(page, export_of(*({**KEPT, "text": f"{HOSTILE}{number}", "told": HOSTILE, "question": HOSTILE,
                                   "note": HOSTILE, "address": address, "__proto__": {"polluted": 1}, "saved": "never"}
                                  for number, address in enumerate(hosts)), name=HOSTILE))
    expect(page.locator(".kept")).to_have_count(len(hosts))
    assert page.locator("#folders :is(img, script, iframe)").count() == 0
    assert page.locator(".kept a").count() == 0
    assert page.locator(".kept blockquote").first.inner_text() == "<img src=x onerror=alert(1)>0"
    assert page.evaluate("({}).polluted") is None
    assert "\u202e" not in page.locator("#folders").inner_text()
    assert "\\<img src=x onerror=alert(1)\\>" in exported(page, "Markdown")


@pytest.mark.parametrize("content", [
    "not JSON", [], {}, {"format": "musnad-folders", "version": 2, "folders": []},
    {"format": "musnad-folders", "version": 1, "folders": [{"name": "x"}]}, export_of({**KEPT, "kind": "script"}),
    export_of({**KEPT, "text": ""}), export_of({**KEPT, "text": 3}), export_of({**KEPT, "note": "x" * 5001}),
    export_of(None), export_of(KEPT, name=" "), export_of(KEPT, name="x" * 101), export_of(*[KEPT] * 5001),
    {"format": "musnad-folders", "version": 1, "folders": [{"name": str(n), "kept": []} for n in range(201)]},
], ids=lambda content: str(content)[:40])
def test_a_file_of_another_shape_adds_nothing_and_says_so(visit: Visit, content: object) -> None:
    page = visit.page
    page.goto(f"{visit.server}/folders")
    import_file(page, content)
    expect(page.locator("#told")).to_contain_text("لم يُصدَّر هذا الملفّ من مجلدات مُسنَد")
    expect(page.locator(".folder")).to_have_count(0)


def test_a_file_that_is_too_big_is_not_read(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.server}/folders")
    import_file(page, "[" + " " * (5 * 1024 * 1024) + "]")
    expect(page.locator("#told")).to_contain_text("أكبر من الحدّ المسموح به")


@pytest.mark.parametrize(("script", "words"), [
    ("IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
     "امتلأت المساحة"),
    ("IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); };", "تعذّر الحفظ"),
], ids=["full", "private"])
def test_where_the_browser_stores_nothing_it_is_said(visit: Visit, script: str, words: str) -> None:
    page = visit.page
    page.add_init_script(script)
    page.goto(visit.server + ANSWER)
    page.get_by_role("button", name="احفظ الجواب").click()
    page.locator("dialog.keep [type=submit]").click()
    expect(page.locator("dialog.keep .done")).to_contain_text(words)
    page.goto(f"{visit.server}/folders")
    page.locator("form.new input").fill("x")
    page.get_by_role("button", name="أنشئ المجلد").click()
    expect(page.locator("#told")).to_contain_text(words)


def test_without_scripts_the_page_says_what_it_needs(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=False) as visit:
        visit.page.goto(f"{sample_server}/folders")
        expect(visit.page.get_by_text("تحتاج المجلدات إلى جافاسكريبت")).to_be_visible()
        assert visit.page.locator("#folders button").count() == 0


def test_one_sentence_is_cited_by_the_clipboard_and_by_a_file(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar",
               permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.goto(sample_server + ANSWER)
        page.locator("details.cite summary").first.click()
        page.get_by_role("button", name="انسخ الاستشهاد").first.click()
        expect(page.locator("details.cite .done").first).to_have_text("نُسخت الجملة ومصدرها.")
        quoted, told = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert quoted.startswith("«وأسفرت القمة")
        assert quoted.endswith("17 سبتمبر 1978.»")
        assert told.startswith("كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل. مُسنَد. 1979-03-31. ")
        for name, words in (("RIS", "TY  - NEWS"), ("BibTeX", "@online{musnad:1")):
            with page.expect_download() as waiting:
                page.locator("details.cite").first.get_by_role("link", name=name).click()
            assert Path(waiting.value.path()).read_text(encoding="utf-8").startswith(words)


CLAIM = "وقّع بوتين وبايدن معاهدة نيو ستارت."
MISQUOTED = "التواصل الروسي الأمريكي يجري حاليًا على مستوى الخبراء"


@pytest.mark.parametrize(("path", "field", "text", "kind"), [
    ("check", "text", CLAIM, "جملة"), ("verify", "quote", MISQUOTED, "اقتباس")])
def test_what_a_text_or_a_quote_is_held_against_is_cited_and_saved_with_it(
        browser: Browser, sample_server: str, path: str, field: str, text: str, kind: str) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar",
               permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.goto(f"{sample_server}/{path}")
        page.locator(f"#{field}").fill(text)
        with visit.another_page():
            page.get_by_role("button", name="تحقّق", exact=True).click()
        place = page.locator(f"#{page.locator('[data-cited]').first.get_attribute('data-cited')}")
        said = place.inner_text().partition("[")[0].strip()
        page.locator("details.cite summary").first.click()
        page.get_by_role("button", name="انسخ الاستشهاد").first.click()
        expect(page.locator("details.cite .done").first).to_have_text("نُسخت الجملة ومصدرها.")
        assert page.evaluate("navigator.clipboard.readText()").startswith(f"«{said}»\n")
        save_first(page, "تحقّق", "للنشر")
        page.goto(f"{sample_server}/folders")
        kept = page.locator(".kept")
        expect(kept.locator("blockquote")).to_have_text(said)
        expect(kept.locator(".question")).to_have_text(text)
        expect(kept.locator(".kind")).to_have_text(kind)
        with visit.another_page():
            kept.get_by_role("link", name="افتح الموضع").click()
        expect(page.locator("mark").first).to_be_visible()
        assert visit.complaints == []


@pytest.mark.parametrize(("scheme", "window"), [("light", PHONE), ("dark", DESKTOP)])
def test_axe_finds_nothing_in_folders_and_the_form_that_saves(browser: Browser, sample_server: str, scheme: str,
                                                             window: dict[str, int]) -> None:
    with Visit(browser, sample_server, viewport=window, locale="ar", color_scheme=scheme) as visit:
        page = visit.page
        page.goto(sample_server + ANSWER)
        save_first(page, "مجلد", "x")
        page.get_by_role("button", name="احفظ الجواب").click()
        expect(page.locator("dialog.keep")).to_be_visible()
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        page.goto(f"{sample_server}/folders")
        expect(page.locator(".kept")).to_have_count(1)
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert visit.overflow() <= 0


def test_markdown_of_a_folder_is_written_as_the_server_writes_it(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.server}/folders")
    import_file(page, export_of(*({**KEPT, "text": f"x\n{payload}", "told": f"{payload}x", "note": f"x\n{payload}"}
                                  for payload in PAYLOADS)))
    expect(page.locator(".kept")).to_have_count(len(PAYLOADS))
    written = exported(page, "Markdown").removesuffix("\n\n---\n").partition("\n\n")[2].split("\n\n---\n\n")
    for markdown, payload in zip(written, PAYLOADS, strict=True):
        text = "\n".join(f"> {in_markdown(line)}" for line in ("x", *payload.split("\n")))
        note = "\n".join(map(in_markdown, ("x", *payload.split("\n"))))
        assert markdown.split("\n\n", 1)[1] == "\n\n".join(
            [text, in_markdown(f"{payload}x"), f"<{visit.server}{KEPT['address']}>", note])
