"""The date of publication in the text of a file, and dates that are found and not read: they are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import build_index
from index.sources.files import read_document
from index.sources.html import article_of_page
from index.sources.pdf import article_of_pdf
from index.sources.types import PlacedArticle
from index.types import Article
from tests.fakes import WordEmbedder
from tests.office import docx, mail, odt, paragraph, rtf
from tests.test_readers import LATIN, drawn_pdf

BODY = "وفتحت البلدية حديقة الوادي أمام الزوار بعد أعمال استمرت سنة كاملة وشارك فيها ثلاثون عاملا."
MORE = "وقال مدير الحديقة إن فيها مئتي شجرة زيتون وبركة ماء صغيرة وملعبا للأطفال."


def read(name: str, content: bytes | str) -> Article:
    outcome, = read_document(content.encode() if isinstance(content, str) else content, name=name)
    assert isinstance(outcome, PlacedArticle), outcome
    return outcome.article


# ---- in the text ----

@pytest.mark.process
@pytest.mark.parametrize(("text", "published", "line"), [
    (f"حديقة الوادي\n5 مايو 2018\n{BODY}", "2018-05-05", "5 مايو 2018"),
    (f"حديقة الوادي\n\nالسبت 5 أيار 2018 - 10:30\n{BODY}", "2018-05-05", "السبت 5 أيار 2018 - 10:30"),
    (f"حديقة الوادي\nنُشر في 05/05/2018\n{BODY}", "2018-05-05", "نُشر في 05/05/2018"),
    (f"حديقة الوادي\n2018-05-05\n{BODY}", "2018-05-05", "2018-05-05"),
    (f"حديقة الوادي\n{BODY}\nصيدا في 5 أيار 2018", "2018-05-05", "صيدا في 5 أيار 2018"),
    (f"حديقة الوادي\n{BODY}\nصيدا، 5 أيار 2018", "2018-05-05", "صيدا، 5 أيار 2018"),
    (f"صيدا، 5 مايو 2018 – {BODY}", "2018-05-05", "صيدا، 5 مايو 2018 –"),
    (f"صيدا السبت 5 أيار 2018 (أ ف ب) - {BODY}", "2018-05-05",
     "صيدا السبت 5 أيار 2018 (أ ف ب) -"),
    (f"صيدا (رويترز) 5 أيار 2018 - {BODY}", "2018-05-05", "صيدا (رويترز) 5 أيار 2018 -"),
    (f"صيدا في 23-5-2018 (أ ش أ) -- {BODY}", "2018-05-23", "صيدا في 23-5-2018 (أ ش أ) --"),
    ("LONDON, May 5, 2018 (Reuters) - The park by the river opened after a year of work.", "2018-05-05",
     "LONDON, May 5, 2018 (Reuters) -"),
])
def test_a_text_is_dated_by_its_date_line_or_its_dateline(text: str, published: str, line: str) -> None:
    article = read("a.txt", text)
    assert (article.published, article.metadata) == (published, {"published_from": line})
    assert line in text
    assert BODY in article.text or "The park" in article.text


@pytest.mark.process
@pytest.mark.parametrize("text", [
    f"حديقة الوادي\nآخر تحديث 5 مايو 2018\n{BODY}", f"في 5 مايو 2018 - {BODY}", f"منذ الحرب، 5 مايو 2018 – {BODY}",
    f"وُلد في القاهرة، 5 مايو 2018 – {BODY}",
    f"حديقة الوادي\n20180505\n{BODY}", f"حديقة الوادي\n1525514400\n{BODY}",
    f"حديقة الوادي\n5 مايو 2018\n{BODY}\n6 مايو 2018\n{MORE}",
    "LONDON, May 5 (Reuters) - The park by the river opened.",
    f"{BODY} وانتهى العمل في 5 مايو 2018.", f"حديقة الوادي\nمايو 2018\n{BODY}",
    "\n".join([BODY] * 8 + ["5 مايو 2018"] + [MORE] * 8)])
def test_a_text_is_not_dated_by_what_may_be_another_day(text: str) -> None:
    article = read("a.txt", text)
    assert (article.published, article.metadata) == ("", {})


@pytest.mark.process
def test_a_first_line_that_is_a_date_is_no_title() -> None:
    article = read("a.txt", f"5 مايو 2018\n\nحديقة الوادي\n\n{BODY}")
    assert (article.published, article.title, article.text) == ("2018-05-05", "حديقة الوادي", BODY)


@pytest.mark.process
@pytest.mark.parametrize("line", ["نُشر في 05/06/2018", "الثلاثاء 5 مايو 2018"])
def test_a_date_line_that_is_not_certain_is_kept_as_written(line: str) -> None:
    article = read("a.txt", f"حديقة الوادي\n{line}\n{BODY}")
    assert (article.published, article.metadata) == ("", {"published_as_read": line})


@pytest.mark.process
@pytest.mark.parametrize(("name", "made"), [
    ("a.docx", lambda line: docx(paragraph(line) + paragraph(BODY))),
    ("a.odt", lambda line: odt(f"<text:p>{line}</text:p><text:p>{BODY}</text:p>")),
    ("a.rtf", lambda line: rtf(line, BODY)),
    ("a.md", lambda line: f"# حديقة الوادي\n\n{line}\n\n{BODY}".encode())])
def test_documents_are_dated_by_their_text_as_well(name: str, made: object) -> None:
    assert callable(made)
    assert read(name, made("صيدا، 7 أيار 2018")).published == "2018-05-07"
    assert read(name, made("صيدا، أيار 2018")).published == ""


def test_a_pdf_is_dated_by_its_text_and_not_by_the_day_it_was_made() -> None:
    glyphs = LATIN | {character: character for character in "0123456789 "}
    lines = [b"published on 5 may 2018", b"the garden in the valley opened after a year of work by thirty people"]
    drawing = b"BT /F 12 Tf 10 80 Td (%s) Tj 0 -40 Td (%s) Tj ET" % tuple(lines)
    assert article_of_pdf(drawn_pdf(drawing, glyphs)).published == "2018-05-05"
    drawing = b"BT /F 12 Tf 10 80 Td (%s) Tj 0 -40 Td (%s) Tj ET" % (lines[1], lines[1])
    assert article_of_pdf(drawn_pdf(drawing, glyphs)).published == ""


@pytest.mark.process
@pytest.mark.parametrize(("dateline", "published"), [
    ("صيدا، 4 آذار (رويترز) –", "2018-03-04"), ("صيدا، 5 آذار –", "2018-03-05"), ("صيدا، 6 آذار –", "2018-03-06"),
    ("صيدا، 1 آذار –", ""), ("صيدا، 9 آذار –", ""), ("صيدا، آذار –", "")])
def test_the_day_a_document_was_made_gives_the_year_of_a_dateline_that_agrees(dateline: str, published: str) -> None:
    article = read("a.docx", docx(paragraph(f"{dateline} {BODY}")))
    assert (article.published, article.metadata["made"]) == (published, "2018-03-05")


# ---- not read ----

def page(head: str, body: str = "") -> bytes:
    return (f'<html lang="ar"><head><meta charset="utf-8"><title>حديقة الوادي</title><meta property="og:type" '
            f'content="article">{head}</head><body><article><h1>حديقة الوادي</h1>{body}<p>{BODY}</p><p>{MORE}</p>'
            f"</article></body></html>").encode()


@pytest.mark.parametrize("content", [
    page('<meta property="article:published_time" content="ربيع 1439">'),
    page('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "ربيع 1439"}</script>'),
    page("", '<span itemprop="datePublished">ربيع 1439</span>')])
def test_what_a_page_declares_as_its_date_and_is_not_read_is_kept(content: bytes) -> None:
    article = article_of_page(content, fallback_id="a")
    assert (article.published, article.metadata["published_as_read"]) == ("", "ربيع 1439")


def test_a_page_with_another_date_that_is_read_keeps_none_as_written() -> None:
    article = article_of_page(page('<meta property="article:published_time" content="2018-05-05">',
                                   '<span itemprop="datePublished">ربيع 1439</span>'), fallback_id="a")
    assert (article.published, article.metadata) == ("2018-05-05", {})


@pytest.mark.process
def test_what_a_feed_or_a_message_gives_as_its_date_and_is_not_read_is_kept() -> None:
    feed = (f'<rss version="2.0"><channel><title>أ</title><item><title>حديقة الوادي</title><guid>1</guid><pubDate>ربيع '
            f"1439</pubDate><description>{BODY} {MORE}</description></item></channel></rss>")
    message = mail("x", BODY.encode()).replace(b"Mon, 05 Mar 2018 10:11:00 +0300", b"soon")
    for name, content, written in (("a.xml", feed.encode(), "ربيع 1439"), ("a.eml", message, "soon")):
        article = read(name, content)
        assert (article.published, article.metadata["published_as_read"]) == ("", written)


@pytest.mark.process
def test_the_command_names_each_date_that_is_not_read_and_counts_them(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("index.intake.command.load_embedder", lambda *_arguments, **_named: WordEmbedder("park"))
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.jsonl").write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in (
        {"id": "one", "text": "The park opened.", "published": "ربيع 1439"},
        {"id": "two", "text": "The park closed.", "published": "2018-05-05"})), encoding="utf-8")
    (news / "b.html").write_bytes(page('<meta property="article:published_time" content="yesterday">'))
    for _ in range(2):  # the second time, from what is remembered of the files
        assert build_index.main([str(news), "--index-dir", str(tmp_path / "index")]) == 0
        printed = capsys.readouterr()
        lines = [line for line in (printed.out + printed.err).splitlines() if line.startswith("date not read: ")]
        assert lines == [
            f"date not read: {news}/a.jsonl:1: the date 'ربيع 1439' of 'one' is not read, and the article has none; "
            f"write it as 2018-03-05",
            f"date not read: {news}/b.html: the date 'yesterday' of 'news/b' is not read, and the article has none; "
            f"write it as 2018-03-05"]
        assert ", 2 dates not read; " in printed.out


@pytest.mark.process
def test_the_command_says_nothing_of_dates_when_all_are_read(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("index.intake.command.load_embedder", lambda *_arguments, **_named: WordEmbedder("park"))
    (tmp_path / "a.txt").write_text("LONDON, May 5, 2018 (Reuters) - The park opened.", encoding="utf-8")
    assert build_index.main([str(tmp_path / "a.txt"), "--index-dir", str(tmp_path / "index")]) == 0
    printed = capsys.readouterr()
    assert "not read" not in printed.out + printed.err
    assert "undated" not in printed.out
