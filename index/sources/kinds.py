"""Which reader reads what: by the suffix of a file, and by type, name and first bytes of what was fetched."""

from __future__ import annotations

import re

from index.sources.content_kinds import kind_of_content
from index.sources.feeds import read_feed
from index.sources.gzipped import MAGIC
from index.sources.html import read_html
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.pdf import read_pdf
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
    ".pdf": read_pdf,
    ".xml": read_feed,
    ".rss": read_feed,
    ".atom": read_feed,
}
# Read record by record, and as long as it takes; everything else is one document.
STREAMED = frozenset({".jsonl", ".jsonl.gz"})

SUFFIX_OF_TYPE = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/markdown": ".md",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/rdf+xml": ".xml",
    "application/jsonl": ".jsonl", "application/x-ndjson": ".jsonl",
}  # fmt: skip
# What servers send for files they know nothing about says nothing.
SNIFFED_BYTES = 2048
HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def known_suffix(name: str) -> str | None:
    """The longest suffix of `name` that there is a reader for."""
    return max((suffix for suffix in READERS if name.lower().endswith(suffix)), key=len, default=None)


def suffix_of_content(content: bytes, *, name: str, content_type: str) -> str:
    """The suffix of the reader for bytes that were fetched, or of a kind that has none.

    The marks of PDF and of feeds are believed before any server, since both are often sent as something else; then come
    the type of the HTTP answer, the name, a start like that of HTML, and plain text.
    """
    head = content[:SNIFFED_BYTES].replace(b"\0", b"")  # UTF-16 shows its ASCII marks so
    if head.lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if not content.startswith(MAGIC) and kind_of_content(content) == "feed":
        return ".xml"
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
