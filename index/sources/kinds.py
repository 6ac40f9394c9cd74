"""Choose the reader: by a file's suffix, or by the type, name and first bytes of a fetched document."""

from __future__ import annotations

import re

from index.sources.content_kinds import kind_of_content
from index.sources.docx import read_docx
from index.sources.epub import read_epub
from index.sources.feeds import read_feed
from index.sources.gzipped import MAGIC
from index.sources.html import read_html
from index.sources.jsonl import read_jsonl
from index.sources.mail import read_eml, read_mhtml
from index.sources.markdown import read_markdown
from index.sources.odt import read_odt
from index.sources.pdf import read_pdf
from index.sources.rtf import read_rtf
from index.sources.text import read_text
from index.sources.types import Reader

READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".md": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".eml": read_eml,
    ".xml": read_feed,
    ".rss": read_feed,
    ".atom": read_feed,
}
# Read record by record, without a limit on the whole; anything else is one document.
STREAMED = frozenset({".jsonl", ".jsonl.gz"})

SUFFIX_OF_TYPE = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/markdown": ".md",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/rdf+xml": ".xml",
    "application/jsonl": ".jsonl", "application/x-ndjson": ".jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt", "application/epub+zip": ".epub",
    "application/rtf": ".rtf", "text/rtf": ".rtf", "message/rfc822": ".eml", "multipart/related": ".mhtml",
}  # fmt: skip
SNIFFED_BYTES = 2048
HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def known_suffix(name: str) -> str | None:
    """Return the longest suffix of `name` that has a reader, or None if there is none."""
    return max((suffix for suffix in READERS if name.lower().endswith(suffix)), key=len, default=None)


def suffix_of_content(content: bytes, *, name: str, content_type: str) -> str:
    """Return the suffix of the reader for a fetched document.

    A document that starts like a PDF, a feed, rich text or a package of one of the kinds that are read is read as one,
    since servers often send these under another type. After that the HTTP answer's type decides, then the name, then
    whether the document starts like HTML. Otherwise it is plain text.
    """
    head = content[:SNIFFED_BYTES].replace(b"\0", b"")  # shows the ASCII marks of UTF-16
    if head.lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if not content.startswith(MAGIC) and kind_of_content(content) == "feed":
        return ".xml"
    if head.lstrip().startswith(b"{\\rtf"):
        return ".rtf"
    if content.startswith(b"PK\x03\x04") and (of_package := _suffix_of_package(content)):
        return of_package
    mime_type = content_type.partition(";")[0].strip().lower()
    by_type = SUFFIX_OF_TYPE.get(mime_type)
    if by_type:
        return ".jsonl.gz" if by_type == ".jsonl" and content.startswith(MAGIC) else by_type
    by_name = known_suffix(name)
    if by_name:
        return by_name
    if HTML_START.search(head):
        return ".html"
    return ".txt"


def _suffix_of_package(content: bytes) -> str:
    """Return the suffix for a ZIP package, by its first members (OpenDocument 1.3 part 2, 3.3; EPUB OCF 4.3)."""
    head = content[:SNIFFED_BYTES]
    if b"mimetypeapplication/epub+zip" in head:
        return ".epub"
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return ".odt"
    return ".docx" if b"word/" in content and b"[Content_Types].xml" in content else ""
