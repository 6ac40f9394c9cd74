"""Recognise fetched content by its bytes: a feed, a sitemap, a list of addresses, or a document to read."""

from __future__ import annotations

import re
from itertools import islice
from typing import Literal

from index.sources.encoding import EncodingError, decode
from index.sources.gzipped import MAGIC, gunzip
from index.sources.rejections import RejectedError

ContentKind = Literal["feed", "sitemap", "list", "document"]

HEAD_BYTES = 64 * 1024
FEED_ROOTS = ("rss", "feed", "rdf")
SITEMAP_ROOTS = ("urlset", "sitemapindex")
# The first element after declarations and comments, without its namespace prefix.
ROOT = re.compile(r"\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<![^>\[]*(?:\[[^\]]*\])?[^>]*>\s*)*<(?:[\w.-]+:)?([\w.-]+)",
                  re.DOTALL)
LINE = re.compile(r"\s*(?:#.*|https?://\S+(?:\s+#.*)?)?\s*", re.IGNORECASE)


def kind_of_content(content: bytes) -> ContentKind:
    """Return the kind of `content`, gzipped or not. Unrecognised content is a document."""
    head = _head(content)
    root = ROOT.match(head)
    if root:
        name = root[1].lower()
        return "feed" if name in FEED_ROOTS else "sitemap" if name in SITEMAP_ROOTS else "document"
    lines = head.splitlines()
    if len(content) > HEAD_BYTES:
        lines = lines[:-1]  # cut off
    is_list = all(LINE.fullmatch(line) for line in lines) and any("://" in line for line in lines)
    return "list" if is_list else "document"


def _head(content: bytes) -> str:
    if content.startswith(MAGIC):
        try:
            content = b"".join(islice(gunzip([content[:HEAD_BYTES]]), 1))
        except RejectedError:  # cut off here before it gave anything
            return ""
    head = content[:HEAD_BYTES]
    try:
        return decode(head[: len(head) // 4 * 4])  # whole characters of UTF-16 and UTF-32
    except EncodingError:
        return head.decode("latin-1")  # tags and addresses are ASCII; a character may be cut off at the end
