"""Read e-books (.epub): one article for each document of the reading order (W3C EPUB 3.3, OPF 2.0.1)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from zipfile import ZipFile

from index.sources.blocks import Block
from index.sources.declared import decode_declared
from index.sources.documents import article_of_document
from index.sources.html import blocks_of_page, parse_page
from index.sources.no_article import MIN_DECLARED_ARTICLE_CHARS
from index.sources.packages import member, opened_package, parse_member
from index.sources.records import short_hash
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.sources.xml_trees import name_of

CONTAINER = "META-INF/container.xml"
LOCKED = "META-INF/encryption.xml"
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # obfuscated fonts are no lock
PAGES = ("application/xhtml+xml", "text/html")


@dataclass(frozen=True, slots=True)
class Book:
    """What an e-book says of itself, and the names of its documents in reading order, without lists of contents."""

    title: str
    author: str
    published: str
    language: str
    documents: tuple[str, ...]


def read_epub(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield an article for each document of an e-book that holds one, or a rejection.

    Documents without a paragraph of text, such as covers and title pages, are left out.
    """
    del max_article_bytes  # the caller checks the size of each article
    try:
        with opened_package(file.path) as package:
            book = _book(package)
            count = 0
            for number, name in enumerate(book.documents, start=1):
                try:
                    blocks = _blocks(package, name)
                    if sum(len(block.text) for block in blocks) < MIN_DECLARED_ARTICLE_CHARS:
                        continue
                    count += 1
                    base = file.article_id or short_hash(file.address)
                    yield PlacedArticle(article_of_document(
                        blocks, title=book.title if len(book.documents) == 1 else "", author=book.author,
                        published=book.published, source=book.title, language=book.language,
                        fallback_id=f"{base}#{posixpath.basename(name)}"))
                except RejectedError as error:
                    yield Rejection(file.path, None, f"has a fault in its document {number} ({name}): {error.reason}")
            if not count:
                raise RejectedError("holds no text, only pictures of it; run it through text recognition (OCR) first")
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason)


def _book(package: ZipFile) -> Book:
    container = parse_member(package, CONTAINER)
    path = next((element.get("full-path", "") for element in container.iter() if name_of(element) == "rootfile"),
                "") if container is not None else ""
    root = parse_member(package, path)
    if root is None:
        raise RejectedError("is no EPUB, though its name says so; give it the suffix of its kind")
    locks = parse_member(package, LOCKED)
    if locks is not None and any(element.get("Algorithm", FONTS[0]) not in FONTS for element in locks.iter()
                                 if name_of(element) == "encryptionmethod"):
        raise RejectedError("is locked by its shop (DRM); index a copy without a lock")
    about: dict[str, list[str]] = {}
    items, order = {}, []
    for element in root.iter():
        name = name_of(element)
        if (name == "item" and element.get("media-type") in PAGES
                and "nav" not in (element.get("properties") or "").split()):
            items[element.get("id", "")] = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), unquote(element.get("href", ""))))
        elif name == "itemref" and element.get("linear") != "no":
            order.append(element.get("idref", ""))
        elif element.text and element.text.strip():
            about.setdefault(name, []).append(" ".join(element.text.split()))
    first = {name: values[0] for name, values in about.items()}
    return Book(first.get("title", ""), ", ".join(about.get("creator", ())), first.get("date", ""),
                first.get("language", "")[:2].lower(),
                tuple(dict.fromkeys(items[one] for one in order if one in items)))


def _blocks(package: ZipFile, name: str) -> list[Block]:
    content = member(package, name)
    if not content.strip():
        return []
    return blocks_of_page(parse_page(decode_declared(content)))
