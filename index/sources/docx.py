"""Read Word documents (.docx) as one article each. mammoth turns the document into HTML, without pictures or macros."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.sources.documents import article_of_document
from index.sources.html import blocks_of_fragment
from index.sources.packages import member, opened_package, parse_member
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.sources.xml_trees import name_of
from index.types import Article

BODY = "word/document.xml"
# Word's own styles of headings carry these names in each of its languages.
STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh\ncomment-reference => !"

# The number of a note within a sentence, and the arrow behind the note that leads back.
NOTE_LINKS = re.compile(r'<sup><a [^>]*id="[^"]*(?:foot|end)note-ref-[^"]*"[^>]*>\[\d+\]</a></sup>'
                        r'|\s*<a href="#[^"]*(?:foot|end)note-ref-[^"]*">\s*↑\s*</a>')


def read_docx(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a Word document, or a rejection that says why there is none."""
    del max_article_bytes  # pictures make a document large, so only its text counts, which the caller checks
    try:
        yield PlacedArticle(article_of_docx(file.path, address=file.address, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def article_of_docx(path: Path, *, address: str = "", fallback_id: str = "") -> Article:
    """Convert a Word document to an article. Raises RejectedError if it is damaged, locked or without text.

    `metadata` has, as `made`, the day on which the document was created, which says nothing about publication.
    """
    import mammoth  # a tenth of a second, and most runs read no Word document

    logging.getLogger("mammoth").setLevel(logging.CRITICAL)
    with opened_package(path) as package:
        if not member(package, BODY):
            raise RejectedError("is no Word document, though its name says so; give it the suffix of its kind")
        for name in package.namelist():  # mammoth parses these with entities
            if name.startswith("word/") and name.endswith((".xml", ".rels")) and (
                    b"<!DOCTYPE" in member(package, name)[:4096]):
                raise RejectedError("declares a document type, which Word never does; save it again from Word")
        about = _properties(parse_member(package, "docProps/core.xml"))
        with path.open("rb") as content:
            converted = mammoth.convert_to_html(
                content, style_map=STYLES, convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
                include_embedded_style_map=False)
    blocks = blocks_of_fragment(NOTE_LINKS.sub("", converted.value))
    return article_of_document(blocks, title=about.get("title", ""), author=about.get("creator", ""),
                               made=about.get("created", ""), address=address, fallback_id=fallback_id)


def _properties(root: Any) -> dict[str, str]:
    if root is None:
        return {}
    return {name_of(element): " ".join((element.text or "").split()) for element in root}
