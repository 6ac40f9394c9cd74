"""Word documents, OpenDocument, rich text, e-books, saved e-mail and saved pages become articles, or reasons."""

# ruff: noqa: E501  # lines of markup as programs write it
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.sources.files import read_document, read_file
from index.sources.kinds import READERS, suffix_of_content
from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article
from tests.office import FIRST, SECOND, TITLE, W, docx, epub, mail, mhtml, odt, package, paragraph, rtf
from tests.source_files import write

DOCTYPE = '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
PAGE = (f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{TITLE} - الورّاق</title><meta property="og:type" '
        f'content="article"></head><body><article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>')


def outcomes(path: Path) -> list[PlacedArticle | Rejection]:
    """What the reader of this kind makes of a file, in this process."""
    return list(READERS[path.suffix](SourceFile(path, path.stem, is_named=True), max_article_bytes=1 << 24))


def article(path: Path) -> Article:
    (outcome,) = outcomes(path)
    assert isinstance(outcome, PlacedArticle), outcome
    return outcome.article


def reason(path: Path) -> str:
    (outcome,) = outcomes(path)
    assert isinstance(outcome, Rejection), outcome
    return outcome.reason


def test_a_word_document_is_an_article_with_its_heading_as_title(tmp_path: Path) -> None:
    body = (paragraph(TITLE, style="a3") + paragraph(FIRST) + paragraph("وفيها:") + paragraph("قاعة للأطفال.", numbered=True)
            + paragraph("قاعة للصحف.", numbered=True)
            + "<w:tbl><w:tr><w:tc>" + paragraph("الكتب") + "</w:tc><w:tc>" + paragraph("9000") + "</w:tc></w:tr></w:tbl>")
    read = article(write(tmp_path / "a.docx", docx(body, title="مستند1", author="سمر الكتبي")))
    assert (read.title, read.author, read.metadata["made"], read.published) == (TITLE, "سمر الكتبي", "2018-03-05", "")
    assert read.text == f"{FIRST}\n\nوفيها:\n- قاعة للأطفال.\n- قاعة للصحف.\n\nالكتب | 9000"


def test_what_was_deleted_from_a_word_document_is_not_in_it(tmp_path: Path) -> None:
    changed = ("<w:p><w:r><w:t>وفيها </w:t></w:r><w:del><w:r><w:delText>ثمانية</w:delText></w:r></w:del><w:ins><w:r><w:t>تسعة"
               "</w:t></w:r></w:ins><w:r><w:t> آلاف كتاب.</w:t></w:r></w:p>")
    within = f"<w:sdt><w:sdtContent>{paragraph(SECOND)}</w:sdtContent></w:sdt>"
    read = article(write(tmp_path / "a.docx", docx(paragraph(FIRST) + changed + within)))
    assert read.text == f"{FIRST}\n\nوفيها تسعة آلاف كتاب.\n\n{SECOND}"


def test_an_opendocument_text_is_an_article(tmp_path: Path) -> None:
    body = (f"<text:tracked-changes><text:p>محذوف</text:p></text:tracked-changes><text:h>{TITLE}</text:h><text:p>{FIRST}"
            f'<office:annotation><text:p>راجعوا الرقم</text:p></office:annotation></text:p><text:p>وفيها:</text:p><text:list>'
            f"<text:list-item><text:p>قاعة<text:s/>للأطفال.</text:p></text:list-item></text:list><table:table><table:table-row>"
            f"<table:table-cell><text:p>الكتب</text:p></table:table-cell><table:table-cell><text:p>9000</text:p>"
            f"</table:table-cell></table:table-row></table:table>")
    meta = "<meta:initial-creator>سمر الكتبي</meta:initial-creator><meta:creation-date>2018-03-05T09:00:00.12</meta:creation-date>"
    read = article(write(tmp_path / "a.odt", odt(body, meta=meta)))
    assert (read.title, read.author, read.metadata["made"]) == (TITLE, "سمر الكتبي", "2018-03-05")
    assert read.text == f"{FIRST}\n\nوفيها:\n- قاعة للأطفال.\n\nالكتب | 9000"


@pytest.mark.parametrize("codepage", [False, True])
def test_rich_text_is_an_article_in_either_way_of_writing_letters(tmp_path: Path, codepage: bool) -> None:
    read = article(write(tmp_path / "a.rtf", rtf(TITLE, "", FIRST, SECOND, codepage=codepage)))
    assert (read.title, read.metadata["made"]) == (TITLE, "2018-03-05")
    assert read.text == f"{FIRST}\n\n{SECOND}"


def test_each_document_of_an_e_book_is_an_article_and_its_cover_and_contents_are_not(tmp_path: Path) -> None:
    path = write(tmp_path / "a.epub", epub({"b.xhtml": f"<h1>{TITLE}</h1><p>{FIRST}</p>",
                                            "a.xhtml": f"<h2>مواعيد</h2><p>{SECOND}</p>"}))
    read = [outcome.article for outcome in outcomes(path) if isinstance(outcome, PlacedArticle)]
    assert [(one.id, one.title, one.text) for one in read] == [
        ("a#b.xhtml", TITLE, FIRST), ("a#a.xhtml", "مواعيد", SECOND)]
    assert {(one.source, one.author, one.published, one.language) for one in read} == {
        ("مجلة الضفاف، العدد ١٢", "هيئة الضفاف", "2018-03-05", "ar")}


def test_an_e_mail_is_an_article_without_quoted_lines_and_signature(tmp_path: Path) -> None:
    body = f"{FIRST}\r\n\r\n> قالوا من قبل إنها ستفتح في الصيف.\r\n{SECOND}\r\n-- \r\nليلى\r\nهاتف 12\r\n".encode()
    read = article(write(tmp_path / "a.eml", mail("=?utf-8?B?2YXZg9iq2KjYqQ==?=", body)))
    assert (read.title, read.author, read.published) == ("مكتبة", "ليلى", "2018-03-05T10:11:00+03:00")
    assert read.text == f"{FIRST}\n\n{SECOND}"


def test_the_wrapped_lines_of_an_e_mail_are_joined(tmp_path: Path) -> None:
    flowed = mail("x", (b"The library opened its doors on Monday after nine years of \r\nwork, the mayor said.\r\n\r\n"
                        b"It is closed on Fridays.\r\n"), kind="text/plain; charset=utf-8; format=flowed")
    hard = mail("x", (b"The library opened its doors on Monday after nine years of work, the\r\nmayor of the town said in a "
                      b"speech to some of the people who built\r\nit.\r\n\r\nIt is closed on Fridays.\r\n"))
    assert article(write(tmp_path / "a.eml", flowed)).text == (
        "The library opened its doors on Monday after nine years of work, the mayor said.\n\nIt is closed on Fridays.")
    assert article(write(tmp_path / "b.eml", hard)).text == (
        "The library opened its doors on Monday after nine years of work, the mayor of the town said in a speech to some of "
        "the people who built it.\n\nIt is closed on Fridays.")


def test_an_e_mail_of_html_in_windows_1256_is_read_and_its_attachments_are_named(tmp_path: Path) -> None:
    page = f"<html><body><table><tr><td><p>{FIRST}</p><p>{SECOND}</p></td></tr></table></body></html>".encode("cp1256")
    body = (b'--e\r\nContent-Type: text/html; charset=windows-1256\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' + page
            + b'\r\n--e\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment; filename="a.pdf"\r\n'
            b"\r\nx\r\n--e--\r\n")
    read = article(write(tmp_path / "a.eml", mail("x", body, kind='multipart/mixed; boundary="e"')))
    assert read.text == f"{FIRST}\n\n{SECOND}"
    assert read.metadata["attachments"] == ["a.pdf"]


@pytest.mark.parametrize(("body", "text"), [
    (f"{FIRST}\r\n\r\nOn Mon, Mar 5, 2018, Layla <l@home.example> wrote:\r\n> old\r\n", FIRST),
    (f"{FIRST}\r\n\r\nفي الإثنين، 5 مارس 2018 كتبت ليلى:\r\n> قديم\r\n", FIRST),
    (f"{FIRST}\r\n\r\n---------- Forwarded message ---------\r\nFrom: ليلى <l@home.example>\r\nDate: Sun\r\nSubject: مكتبة\r\n"
     f"\r\n{SECOND}\r\n", f"{FIRST}\n\n{SECOND}")])
def test_what_a_mail_program_writes_around_another_message_is_left_out(tmp_path: Path, body: str, text: str) -> None:
    assert article(write(tmp_path / "a.eml", mail("x", body.encode()))).text == text


def test_a_message_that_is_forwarded_as_a_whole_is_read(tmp_path: Path) -> None:
    body = (f"--e\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nللاطلاع.\r\n--e\r\nContent-Type: message/rfc822\r\n\r\n"
            f"Subject: library\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{FIRST}\r\n"
            "--e--\r\n").encode()
    read = article(write(tmp_path / "a.eml", mail("x", body, kind='multipart/mixed; boundary="e"')))
    assert read.text == f"للاطلاع.\n\nlibrary\n\n{FIRST}"


def test_an_e_mail_whose_encoding_is_declared_wrongly_is_read_without_what_it_quotes(tmp_path: Path) -> None:
    page = f"<html><body><p>{FIRST}</p><blockquote type='cite'><p>{SECOND}</p></blockquote></body></html>".encode("cp1256")
    assert article(write(tmp_path / "a.eml", mail("x", page, kind="text/html; charset=us-ascii"))).text == FIRST


def test_the_number_of_a_note_is_no_word_of_its_sentence(tmp_path: Path) -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = paragraph(FIRST).replace("</w:p>", f"{reference}</w:p>") + paragraph(SECOND)
    relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
                 '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>')
    notes = (f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>بحسب البلدية.</w:t></w:r></w:p></w:footnote></w:footnotes>')
    read = article(write(tmp_path / "a.docx", docx(body, extra={
        "word/footnotes.xml": notes, "word/_rels/document.xml.rels": relations})))
    assert read.text == f"{FIRST}\n\n{SECOND}\n\n- بحسب البلدية."


def test_a_page_saved_as_one_file_keeps_its_address(tmp_path: Path) -> None:
    for suffix in (".mhtml", ".mht"):
        read = article(write(tmp_path / f"a{suffix}", mhtml(PAGE)))
        assert (read.title, read.text, read.url) == (TITLE, f"{FIRST}\n\n{SECOND}", "https://warraq.example/2018/03/library")


LOCKED_MANIFEST = ('<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry>'
                   "<m:encryption-data/></m:file-entry></m:manifest>")
DRM = ('<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
       'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
       "</EncryptedData></encryption>")


@pytest.mark.parametrize(("name", "content", "why"), [
    ("a.docx", docx("", prolog=DOCTYPE), "declares a document type"),
    ("a.docx", docx(paragraph("")), "holds no text"),
    ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is locked with a password, or of the old .doc format"),
    ("a.docx", docx(paragraph(FIRST))[:400], "is damaged"),
    ("a.docx", odt("<text:p>x</text:p>"), "is no Word document"),
    ("a.docx", b"", "is empty"),
    ("a.odt", docx(paragraph(FIRST)), "is no OpenDocument text"),
    ("a.odt", odt("", extra={"META-INF/manifest.xml": LOCKED_MANIFEST}), "is locked with a password"),
    ("a.odt", odt("", extra={"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "declares XML entities"),
    ("a.epub", package({"a.txt": "x"}), "is no EPUB"),
    ("a.epub", epub({"a.xhtml": f"<p>{FIRST}</p>"}, extra={"META-INF/encryption.xml": DRM}), "is locked by its shop"),
    ("a.epub", epub({"a.xhtml": "<p>x</p>"}), "holds no text"),
    ("a.rtf", FIRST.encode(), "is no rich text"),
    ("a.eml", FIRST.encode(), "is no MIME message"),
    ("a.eml", mail("x", b"> only what others said\r\n"), "holds no text of its own"),
    ("a.mhtml", mail("x", FIRST.encode()), "holds no web page"),
])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    said = reason(write(tmp_path / name, content))
    assert said.startswith(why)
    assert ";" in said  # and what to do


@pytest.mark.process
@pytest.mark.parametrize(("name", "packed"), [  # packed in the test, not for every run that collects it
    ("a.docx", lambda: docx("", extra={"word/document.xml": b"<x>" + b" " * 80_000_000 + b"</x>"})),
    ("a.odt", lambda: odt("", extra={"content.xml": b"<x>" + b" " * 80_000_000 + b"</x>"})),
    ("a.epub", lambda: epub({"a.xhtml": "x"}, extra={f"OEBPS/{number}.xml": b" " * 10_000_000 for number in range(8)})),
])
def test_a_file_that_unpacks_to_too_much_is_refused_in_the_worker(tmp_path: Path, name: str,
                                                                  packed: Callable[[], bytes]) -> None:
    (outcome,) = read_file(SourceFile(write(tmp_path / name, packed()), "a", is_named=True))
    assert isinstance(outcome, Rejection)
    assert "over the 67,108,864 of one document" in outcome.reason


@pytest.mark.process
def test_pictures_and_macros_and_outside_references_are_never_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", "لا يخص أحدًا")
    picture = ('<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://'
               'schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="r9"/></w:drawing></w:r></w:p>')
    relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" Type='
                 '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" TargetMode="External" Target='
                 f'"file://{secret}"/></Relationships>')
    path = write(tmp_path / "a.docx", docx(paragraph(FIRST) + picture, extra={
        "word/_rels/document.xml.rels": relations, "word/vbaProject.bin": b"Sub AutoOpen()" * 9}))
    (outcome,) = read_file(SourceFile(path, "a", is_named=True))
    assert isinstance(outcome, PlacedArticle)
    assert outcome.article.text == FIRST


@pytest.mark.process
def test_a_fetched_document_is_known_by_its_bytes(tmp_path: Path) -> None:
    del tmp_path
    made = {".docx": docx(paragraph(FIRST)), ".odt": odt(f"<text:p>{FIRST}</text:p>"), ".rtf": rtf(FIRST),
            ".epub": epub({"a.xhtml": f"<p>{FIRST}</p>"})}
    assert [suffix_of_content(content, name="download", content_type="application/octet-stream")
            for content in made.values()] == list(made)
    (outcome,) = read_document(made[".docx"], name="download", address="https://warraq.example/a.docx")
    assert isinstance(outcome, PlacedArticle)
    assert (outcome.article.text, outcome.article.url) == (FIRST, "https://warraq.example/a.docx")
