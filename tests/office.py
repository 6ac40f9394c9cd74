"""Office documents, e-books and saved messages, made for tests as the programs that write them do."""

# ruff: noqa: E501  # lines of markup as programs write it
from __future__ import annotations

import io
import zipfile
from html import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FIRST = "افتتحت بلدية السدرة مكتبة جديدة في حي الورّاقين، وقال مديرها إن فيها تسعة آلاف كتاب."
SECOND = "وتفتح المكتبة أبوابها كل يوم من الثامنة صباحًا حتى العاشرة مساءً، ما عدا يوم الجمعة."
TITLE = "مكتبة جديدة في حي الورّاقين"


def package(members: dict[str, str | bytes], *, mimetype: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        if mimetype:
            made.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, text in members.items():
            made.writestr(name, text)
    return content.getvalue()


def paragraph(text: str, *, style: str = "", numbered: bool = False) -> str:
    about = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if numbered else "") + "<w:bidi/>"
    half = len(text) // 2  # Word cuts a paragraph into runs anywhere
    runs = "".join(f'<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
                   for part in (text[:half], text[half:]))
    return f"<w:p><w:pPr>{about}</w:pPr>{runs}</w:p>"


def docx(body: str, *, title: str = "", author: str = "", extra: dict[str, str | bytes] | None = None,
         prolog: str = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>') -> bytes:
    return package({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
                               'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
                               'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
                               "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                       'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
                       'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"{prolog}<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f'<w:styles {W}><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>'
                           '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>',
        "word/numbering.xml": f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt '
                              'w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
                              "</w:numbering>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
                             'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
                             f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
                             "<dcterms:created>2018-03-05T09:00:00Z</dcterms:created></cp:coreProperties>",
        **(extra or {})})


def odt(body: str, *, meta: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    names = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:'
             'xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:meta="urn:oasis:names:tc:'
             'opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"')
    return package({
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:text>'
                       f"{body}</office:text></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
        **(extra or {})}, mimetype="application/vnd.oasis.opendocument.text")


def epub(documents: dict[str, str], *, extra: dict[str, str | bytes] | None = None) -> bytes:
    """An e-book of these documents, by name, with a list of contents and a cover."""
    items = "".join(f'<item id="i{number}" href="Text/{name}" media-type="application/xhtml+xml"/>'
                    for number, name in enumerate(documents))
    order = "".join(f'<itemref idref="i{number}"/>' for number in range(len(documents)))
    head = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    return package({
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
                                  'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
                                  "</container>",
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                             'version="3.0"><metadata><dc:title>مجلة الضفاف، العدد ١٢</dc:title><dc:creator>هيئة الضفاف'
                             "</dc:creator><dc:date>2018-03-05</dc:date><dc:language>ar</dc:language></metadata><manifest>"
                             '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
                             '<item id="cover" href="Text/cover.xhtml" media-type="application/xhtml+xml"/>'
                             f'{items}</manifest><spine><itemref idref="cover"/><itemref idref="nav"/>{order}</spine></package>',
        "OEBPS/nav.xhtml": f"{head}<body><nav><ol><li><a href='Text/a.xhtml'>{TITLE}</a></li></ol></nav></body></html>",
        "OEBPS/Text/cover.xhtml": f"{head}<body><img src='cover.jpg'/><p>العدد ١٢</p></body></html>",
        **{f"OEBPS/Text/{name}": f"{head}<body>{body}</body></html>" for name, body in documents.items()},
        **(extra or {})}, mimetype="application/epub+zip")


def rtf(*paragraphs: str, codepage: bool = False) -> bytes:
    """Rich text as Word writes it: letters as \\u, or in Windows-1256 as \\'xx."""
    def letters(text: str) -> str:
        if codepage:
            return "".join(letter if ord(letter) < 128 else f"\\'{letter.encode('cp1256')[0]:02x}" for letter in text)
        return "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in text)

    body = "".join(f"\\pard\\rtlpar\\qr {letters(text)}\\par\n" for text in paragraphs)
    return (r"{\rtf1\ansi\ansicpg1256\uc1\deff0{\fonttbl{\f0\fnil\fcharset178 Arial;}}{\info{\creatim\yr2018\mo3\dy5}}"
            f"\n{{\\*\\generator Riched20;}}{body}}}").encode("ascii")


def mail(subject: str, body: bytes, *, headers: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    return (f"From: =?utf-8?B?2YTZitmE2Yk=?= <news@warraq.example>\r\nTo: reader@home.example\r\nSubject: {subject}\r\n"
            f"Date: Mon, 05 Mar 2018 10:11:00 +0300\r\nMIME-Version: 1.0\r\n{headers}Content-Type: {kind}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n").encode() + body


def mhtml(page: str, *, address: str = "https://warraq.example/2018/03/library") -> bytes:
    return (f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\nSubject: =?utf-8?Q?x?=\r\n"
            "Date: Mon, 05 Nov 2018 10:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
            '\ttype="text/html";\r\n\tboundary="----edge"\r\n\r\n\r\n------edge\r\nContent-Type: text/html\r\n'
            f"Content-ID: <f@mhtml.blink>\r\nContent-Transfer-Encoding: binary\r\nContent-Location: {address}\r\n\r\n{page}"
            "\r\n------edge\r\nContent-Type: text/css\r\nContent-Transfer-Encoding: binary\r\nContent-Location: cid:x\r\n\r\n"
            "p { color: red }\r\n------edge--\r\n").encode()
