"""Make an article of an office document's lines: its title, and the day it was made."""

from __future__ import annotations

import re
from typing import Any

from index.sources.author_names import author_names
from index.sources.blocks import Block, text_of
from index.sources.datelines import with_date_of_text
from index.sources.instants import iso_instant
from index.sources.records import UNSTORABLE, article_from_fields
from index.sources.rejections import RejectedError
from index.sources.text import MAX_TITLE_CHARS
from index.types import Article

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
NOT_A_TITLE = re.compile(
    r"^(?:untitled.*|document\s*\d*|microsoft word\b.*|مستند\s*\d*|بلا عنوان|بدون عنوان|word document|.*\.(?:docx?"
    r"|pdf|indd|qxd|tmp|rtf|odt|txt))$",
    re.IGNORECASE)


def article_of_document(blocks: list[Block], *, title: str = "", author: str = "", published: str = "", made: str = "",
                        source: str = "", language: str = "", address: str = "", fallback_id: str = "") -> Article:
    """Return the article of a document with these lines. Raises RejectedError if there is no text.

    `title` is what the document declares; without a usable one, a heading on the first line is the title. `made` is the
    moment in which the document was made, in ISO 8601: its day becomes `made` of `metadata`.
    """
    blocks = [Block(block.kind, text) for block in blocks if (text := CONTROLS.sub("", block.text).strip())]
    title = "" if NOT_A_TITLE.match(title.strip()) else CONTROLS.sub("", title).strip()
    if blocks and len(blocks) > 1 and blocks[0].kind == "heading" and len(blocks[0].text) <= MAX_TITLE_CHARS:
        title, blocks = blocks[0].text, blocks[1:]  # what stands on the page; properties are often of another document
    elif blocks and len(blocks) > 1 and title and blocks[0].text.casefold() == title.casefold():
        blocks = blocks[1:]
    if not blocks:
        raise RejectedError("holds no text, only pictures of it or nothing; run it through text recognition (OCR) "
                            "first")
    fields: dict[str, Any] = {"title": title, "author": author_names([CONTROLS.sub("", author)]), "url": address,
                              "source": CONTROLS.sub("", source), "language": language, "published": published or None}
    day = iso_instant(made)[:10]
    if day:
        fields["made"] = day
    text = UNSTORABLE.sub("", text_of(blocks))
    if not source:  # the chapters of a book are not dated by their lines
        fields = with_date_of_text(fields, text, made=day)
    return article_from_fields(fields, text, fallback_id=fallback_id)
