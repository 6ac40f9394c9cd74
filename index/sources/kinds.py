"""Choose the reader: by a file's suffix, or by the type, name and first bytes of a fetched document."""

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
# Read record by record, without a limit on the whole; anything else is one document.
STREAMED = frozenset({".jsonl", ".jsonl.gz"})

SUFFIX_OF_TYPE = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/markdown": ".md",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/rdf+xml": ".xml",
    "application/jsonl": ".jsonl", "application/x-ndjson": ".jsonl",
}  # fmt: skip
SNIFFED_BYTES = 2048
HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def known_suffix(name: str) -> str | None:
    """Return the longest suffix of `name` that has a reader, or None if there is none."""
    return max((suffix for suffix in READERS if name.lower().endswith(suffix)), key=len, default=None)


def suffix_of_content(content: bytes, *, name: str, content_type: str) -> str:
    """Return the suffix of the reader for a fetched document.

    A document that starts like a PDF or a feed is read as one, since servers often send both under another type. After
    that the HTTP answer's type decides, then the name, then whether the document starts like HTML. Otherwise it is
    plain text.
    """
    head = content[:SNIFFED_BYTES].replace(b"\0", b"")  # shows the ASCII marks of UTF-16
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
