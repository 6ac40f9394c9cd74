"""The page of an affair, the formats it is taken away in, its command, and the page in a browser."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote, urlsplit

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route, expect

from index.types import Article
from qa import cli
from qa.topics.affair_formats import FORMATS
from qa.topics.affair_words import ACTS, PARTS
from tests.browsers import DESKTOP, PHONE, Visit
from tests.fake_answerer import FakeAnswerer, service_of
from tests.pages import page_of
from web.app import create_app

ASKED = f"?q={quote('كم سعر الخبز؟')}"
TOPIC = f"/affair?q={quote('أزمة الصواريخ الكوبية')}"


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(service_of(FakeAnswerer(), tmp_path)).test_client()


def test_the_page_shows_each_part_and_each_row_leads_to_its_sentence(client: FlaskClient) -> None:
    page = page_of(client, f"/affair{ASKED}&lang=ar")
    for words in ("الخط الزمني", "من قال ماذا", "أقوال متعارضة للقائل نفسه", "مواضع الاختلاف", "أحدث المقالات", "نفي",
                  "قبل 1 مارس"):
        assert words in page.text
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a" and "data-source" in attributes]
    assert len(links) == 6
    assert {str(link) for link in links} == {
        "/articles/bread?start=0&end=24#cited", "/articles/bread?start=25&end=34#cited"}
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    inner = {str(attributes["href"])[1:] for tag, attributes in page.elements
             if tag == "a" and str(attributes.get("href")).startswith("#")}
    assert len(inner) > 4
    assert inner <= ids


def test_both_languages_word_every_part_and_every_act() -> None:
    assert PARTS["ar"].keys() == PARTS["en"].keys()
    assert ACTS["ar"].keys() == ACTS["en"].keys()
    assert len(set(ACTS["ar"].values())) == len(ACTS["ar"])


def test_a_topic_without_anything_says_so_and_a_fault_is_named(client: FlaskClient) -> None:
    assert "no attributed statement" in page_of(client, "/affair?q=nothing&lang=en").text
    assert page_of(client, "/affair?q=%D8%9F&lang=en", 422).text.count("no word") >= 1
    assert client.get("/api/affair?q=x&order=up").status_code == 422
    assert client.get("/affair/export?q=x&format=doc").status_code == 422


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_taken_away_in_each_format_with_every_citation(client: FlaskClient, name: str) -> None:
    assert f"format={name}" in client.get(f"/affair{ASKED}").get_data(as_text=True)
    response = client.get(f"/affair/export{ASKED}&format={name}&lang=en")
    chosen = FORMATS[name]  # type: ignore[index]
    assert (response.status_code, response.mimetype) == (200, chosen.media_type)
    assert response.headers["Content-Disposition"] == f'attachment; filename="musnad-affair.{chosen.suffix}"'
    written = text_of_document(response.data) if name == "docx" else response.get_data(as_text=True)
    assert written.count("ثم انخفض.") >= 2


def text_of_document(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize(("language", "row", "act"), [
    ("ar", "سلمى: ارتفع{}، ثم انخفض{}", "قبل 2026-03-01، نفي: "),
    ("en", "سلمى: ارتفع{}, then انخفض{}", "before 2026-03-01, denied: ")])
def test_the_earlier_statement_is_named_first_whatever_the_direction_of_the_text(client: FlaskClient, language: str,
                                                                                  row: str, act: str) -> None:
    markdown, word = (client.get(f"/affair/export{ASKED}&format={name}&lang={language}")
                      for name in ("markdown", "docx"))
    for written, numbers in ((markdown.get_data(as_text=True), ("[^3]", "[^4]")),
                             (text_of_document(word.data), (" [3]", " [4]"))):
        assert row.format(*numbers) in written
        assert act in written


def test_ris_has_a_record_for_each_citation_on_lines_of_their_own(client: FlaskClient) -> None:
    lines = client.get(f"/affair/export{ASKED}&format=ris").get_data(as_text=True).split("\r\n")
    assert lines.count("TY  - NEWS") == lines.count("ER  - ") == 6
    assert lines[:8] == ["TY  - NEWS", "ID  - musnad:1", "TI  - سعر الخبز", "AU  - سلمى", "T2  - الصحيفة",
                         "DA  - 2026/03/01", "PY  - 2026", "LA  - ar"]


def test_a_word_document_reads_from_right_to_left_and_names_its_sources(client: FlaskClient) -> None:
    data = client.get(f"/affair/export{ASKED}&format=docx&lang=ar").data
    text = text_of_document(data)
    assert "من قال ماذا" in text
    assert "[1] سعر الخبز. الصحيفة. 2026-03-01. https://example.org/bread" in text
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        body = parts.read("word/document.xml").decode()
    assert body.count("<w:bidi/>") > 8
    assert body.count("<w:rtl/>") > 8


HOSTILE = ("<script>alert(1)</script>", "\u202egnp.exe", "\x01\x0b\ufffe", "{{7*7}}", "TY  - BOOK\r\nER  - ",
           "]]>&amp;", "=cmd|' /C calc'!A0", "x" * 5000, "\\input{/etc/passwd}", "](javascript:alert(1))")


@pytest.mark.parametrize("payload", HOSTILE)
@pytest.mark.parametrize("name", FORMATS)
def test_what_an_article_says_stays_text_in_every_format(tmp_path: Path, payload: str, name: str) -> None:
    text = f"كلام {payload} هنا. ثم {payload}"
    article = Article("evil", text, payload, payload, "", "2026-01-01", payload, "ar")
    answerer = FakeAnswerer((article,), {"x": (("evil", text),)})
    client = create_app(service_of(answerer, tmp_path)).test_client()
    response = client.get(f"/affair/export?q=x&format={name}")
    assert response.status_code == 200
    if name == "docx":
        written = text_of_document(response.data)
        assert "\u202e" not in written
        with zipfile.ZipFile(io.BytesIO(response.data)) as parts:
            assert b"<script" not in parts.read("word/document.xml")
        assert written.count("هنا") >= 2
    elif name in ("json", "csl"):
        assert json.loads(response.data)
    elif name == "ris":
        assert response.get_data(as_text=True).split("\r\n").count("TY  - NEWS") == 2
    elif name == "markdown":
        assert not [line for line in response.get_data(as_text=True).splitlines() if line.startswith(("<script", "="))]
    else:
        assert response.get_data(as_text=True).count("@online{") == 2


def test_a_very_long_word_does_not_widen_the_page(browser: Browser, tmp_path: Path) -> None:
    text = f"كلام {'ط' * 400} هنا. ثم انخفض."
    article = Article("long", text, "ط" * 400, "س" * 300, "", "2026-01-01", "ق" * 300, "ar")
    answerer = FakeAnswerer((article,), {"x": (("long", text), ("long", "ثم انخفض."))})
    client = create_app(service_of(answerer, tmp_path)).test_client()

    def answer(route: Route) -> None:
        with client.get(urlsplit(route.request.url)._replace(scheme="", netloc="").geturl()) as response:
            route.fulfill(status=response.status_code, body=response.data, content_type=response.content_type)

    with Visit(browser, "http://localhost", viewport=PHONE, locale="ar") as visit:
        visit.page.route("http://localhost/**", answer)
        visit.page.goto("http://localhost/affair?q=x")
        expect(visit.page.locator("#speakers")).to_be_visible()
        assert visit.overflow() <= 0


def test_pages_and_their_files_are_compressed_for_who_accepts_it(client: FlaskClient) -> None:
    plain = client.get(f"/affair{ASKED}")
    packed = client.get(f"/affair{ASKED}", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.content_length) == ("gzip", len(packed.data))
    assert gzip.decompress(packed.data) == plain.data
    assert 3 * len(packed.data) < len(plain.data)
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]
    assert "Content-Encoding" not in client.get("/api/affair?q=x", headers={"Accept-Encoding": "gzip"}).headers
    assert "Content-Encoding" not in client.get(f"/affair{ASKED}", headers={"Accept-Encoding": "gzip;q=0"}).headers
    style = client.get("/static/page.css", headers={"Accept-Encoding": "gzip"})
    with client.get("/static/page.css") as whole:
        assert gzip.decompress(style.data) == whole.data
    with client.get("/static/page.css", headers={"Accept-Encoding": "gzip", "If-None-Match": style.headers["ETag"]}
                    ) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_the_command_prints_it_and_writes_a_word_document_to_a_file(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("qa.opening.load_answerer", lambda *_, **__: FakeAnswerer())
    assert cli.main(["affair", "كم سعر الخبز؟"]) == 0
    told = capsys.readouterr().out
    assert "من قال ماذا:" in told
    assert "سلمى: ارتفع [3]، ثم انخفض [4]" in told
    assert "اختلاف في الأرقام:" in told
    assert cli.main(["affair", "كم سعر الخبز؟", "--json", "--order", "desc"]) == 0
    assert json.loads(capsys.readouterr().out)["order"] == "desc"
    assert cli.main(["affair", "كم سعر الخبز؟", "--format", "docx", "--output", str(tmp_path / "a.docx")]) == 0
    assert "ثم انخفض." in text_of_document((tmp_path / "a.docx").read_bytes())
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit) as ended:
        cli.main(["affair", "كم سعر الخبز؟", "--format", "docx"])
    assert ended.value.code == 2
    assert "--output" in capsys.readouterr().err


# ---- in a browser ----

@pytest.mark.parametrize(("language", "scheme", "window"), [
    ("ar", "light", PHONE), ("en", "dark", DESKTOP), ("ar", "dark", DESKTOP), ("en", "light", PHONE)])
def test_axe_finds_nothing_nothing_jumps_and_it_is_light(browser: Browser, sample_server: str, language: str,
                                                        scheme: str, window: dict[str, int]) -> None:
    with Visit(browser, sample_server, viewport=window, locale=language, color_scheme=scheme) as visit:
        page = visit.page
        page.goto(sample_server + TOPIC)
        page.wait_for_load_state("networkidle")
        weight = page.evaluate("""() => [...performance.getEntriesByType('navigation'),
            ...performance.getEntriesByType('resource').filter((each) => /page\\.(css|js)/.test(each.name))]
            .reduce((sum, each) => sum + each.encodedBodySize, 0)""")
        assert 5_000 < weight <= 60_000
        shifts = page.evaluate("""() => new Promise((resolve) => new PerformanceObserver((list, observer) => {
            observer.disconnect();
            resolve(list.getEntries().map((entry) => entry.value));
        }).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => resolve([]), 300))""")
        assert shifts == []
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = Axe().run(page, options={"runOnly": [
            "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found.response["violations"]] == []
        assert visit.overflow() <= 0
        assert visit.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_answer_leads_to_the_dossier_and_a_row_to_its_marked_sentence(browser: Browser, sample_server: str,
                                                                        scripts: bool) -> None:
    with Visit(browser, sample_server, viewport=PHONE, locale="ar", java_script_enabled=scripts) as visit:
        page = visit.page
        page.goto(f"{sample_server}/?q={quote('متى رُفع الحجر البحري عن كوبا؟')}")
        with visit.another_page():
            page.locator(".further").get_by_role("link", name="ملفّ الموضوع").click()
        row = page.locator("#affair-found li", has=page.locator("a[data-source]")).first
        quoted = row.locator("a.ref").first.locator("..").inner_text().partition("[")[0].strip()
        if scripts:
            row.locator("a.ref").first.click()
            expect(page.locator("dialog.source mark")).to_have_text(quoted)
        else:
            with visit.another_page():
                row.locator("a.ref").first.click()
            expect(page.locator("mark").first).to_have_text(quoted)


def test_it_is_copied_with_its_sources_and_printed_once(browser: Browser, sample_server: str) -> None:
    with Visit(browser, sample_server, viewport=DESKTOP, locale="ar",
               permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.goto(sample_server + TOPIC)
        page.get_by_role("button", name="انسخ مع المصادر").click()
        expect(page.locator(".actions .done")).to_have_text("نُسخ الملفّ ومصادره.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "الخط الزمني" in copied
        assert "مُسنَد · " in copied.replace("\u00a0", " ")
        assert "انسخ مع المصادر" not in copied
        page.emulate_media(media="print")
        for hidden in ("form.ask", ".actions", "nav.order", "dialog.source", "footer"):
            expect(page.locator(hidden).first).to_be_hidden()
        printed = page.locator("main").inner_text()
        first = page.locator("ol.timeline blockquote").first.inner_text().partition("[")[0].strip()
        assert printed.count(first) == 1
