"""Read OpenDocument texts (.odt) as one article each (OASIS OpenDocument 1.3, part 3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.sources.blocks import Block, blocks_of
from index.sources.documents import article_of_document
from index.sources.packages import opened_package, parse_member
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.sources.xml_trees import name_of, namespace_of
from index.types import Article

# The elements of a text that have a like in HTML.
MARKUP = {
    "h": "h2", "p": "p", "list": "ul", "list-item": "li", "list-header": "li", "table": "table", "table-row": "tr",
    "table-cell": "td", "covered-table-cell": "td", "line-break": "br", "section": "section", "text-box": "div",
}
SPACES = {"s": " ", "tab": " "}
# Notes of reviewers, removed text, fields' prompts and contents' lists are not the text.
LEFT_OUT = frozenset({
    "annotation", "annotation-end", "tracked-changes", "table-of-content", "note-citation", "forms", "sequence-decls",
    "variable-decls", "object", "object-ole", "image", "desc", "title", "ruby-text",
})
TEXTS = ("text", "text-template", "text-master")


def read_odt(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of an OpenDocument text, or a rejection that says why there is none."""
    del max_article_bytes  # pictures make a document large, so only its text counts, which the caller checks
    try:
        yield PlacedArticle(article_of_odt(file.path, address=file.address, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def article_of_odt(path: Path, *, address: str = "", fallback_id: str = "") -> Article:
    """Convert an OpenDocument text to an article. Raises RejectedError if it is damaged, locked or without text."""
    with opened_package(path) as package:
        manifest = parse_member(package, "META-INF/manifest.xml")
        if manifest is not None and any(name_of(element) == "encryption-data" for element in manifest.iter()):
            raise RejectedError("is locked with a password; save it without one")
        content, meta = parse_member(package, "content.xml"), parse_member(package, "meta.xml")
    body = next((element for element in content.iter() if name_of(element) in TEXTS
                 and namespace_of(element).endswith(":office:1.0")), None) if content is not None else None
    if body is None:
        raise RejectedError("is no OpenDocument text, though its name says so; give it the suffix of its kind")
    about = {name_of(element): " ".join((element.text or "").split())
             for element in ([] if meta is None else meta.iter())}
    return article_of_document(
        _blocks(body), title=about.get("title", ""),
        author=about.get("initial-creator", "") or about.get("creator", ""),
        made=about.get("creation-date", ""), address=address, fallback_id=fallback_id)


def _blocks(body: Any) -> list[Block]:
    from lxml import html as lxml_html

    root = lxml_html.Element("div")
    _copy(body, root)
    return blocks_of(root)


def _copy(element: Any, into: Any) -> None:
    """Append the text below `element` to `into`, in the elements of HTML. Its depth is that which the parser allows."""
    _append(into, element.text)
    for child in element:
        name = name_of(child)
        if name in SPACES:
            _append(into, SPACES[name])
        elif name and name not in LEFT_OUT:
            tag = MARKUP.get(name)
            _copy(child, into if tag is None else _element(into, tag))
        _append(into, child.tail)


def _element(into: Any, tag: str) -> Any:
    child = into.makeelement(tag)
    into.append(child)
    return child


def _append(into: Any, text: str | None) -> None:
    if not text:
        return
    last = into[-1] if len(into) else None
    if last is None:
        into.text = (into.text or "") + text
    else:
        last.tail = (last.tail or "") + text
