"""Read rich text (.rtf) as one article each. striprtf takes the text out of the markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.sources.blocks import Block, one_line
from index.sources.datelines import is_date_line
from index.sources.documents import article_of_document
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import split_title, whole_bytes, without_blank_edges
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

START = re.compile(rb"\s*\{\\rtf")
# Pictures and embedded objects as hexadecimal digits, which may be nearly all of a file.
DIGITS = re.compile(r"(?<=[\s}])[0-9a-fA-F\r\n]{512,}")
ITEM = re.compile(r"^\s*[•·▪◦■●\-–]\s*\t?")
CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rtf(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a rich text file, or a rejection that says why there is none."""
    try:
        data = whole_bytes(file.path, max_article_bytes)
        if not START.match(data):
            raise RejectedError("is no rich text, though its name says so; give it the suffix of its kind")
        yield PlacedArticle(_article(data, file))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def _article(data: bytes, file: SourceFile) -> Article:
    from striprtf.striprtf import rtf_to_text

    markup = DIGITS.sub("", data.decode("latin-1"))  # the markup is ASCII; letters are escaped, or in its code page
    try:
        text = str(rtf_to_text(markup, encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError) as error:
        raise RejectedError(f"is damaged ({str(error)[:120]}); save it again from its source") from None
    title, rest = split_title(without_blank_edges(text)) if text.strip() else ("", "")
    title, text = ("", text) if is_date_line(title) else (title, rest)
    blocks = [Block("item" if ITEM.match(line) else "paragraph", one_line(ITEM.sub("", line)))
              for line in text.split("\n") if line.strip()]
    created = CREATED.search(markup[:20_000])
    made = "-".join((created[1], created[2].zfill(2), created[3].zfill(2))) if created else ""
    return article_of_document(blocks, title=one_line(title), made=made, address=file.address,
                               fallback_id=file.article_id)
