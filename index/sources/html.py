"""Read web pages (.html, .htm, .xhtml): extract the article without navigation and the like. See docs/sources.md."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from index.language.clitics import ARTICLE
from index.sources.blocks import Block, blocks_of, one_line, remove_what_stands_around, text_of
from index.sources.canonical import believed_address
from index.sources.declared import decode_declared
from index.sources.page_metadata import PageMetadata, fits_script, metadata_of
from index.sources.records import UNSTORABLE, article_from_fields
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_bytes
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.html import HtmlElement

MIN_ARTICLE_CHARS = 200  # shorter text is a caption, a notice or a menu
MIN_DECLARED_ARTICLE_CHARS = 80  # an agency's news flash, on a page that declares itself an article
MAX_WALL_CHARS = 1500
MIN_TEASERS = 5
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
UNPRINTABLE = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")  # joiners and marks of direction
ELEMENT_NAME = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
STAND_INS = range(0x13000, 0x13400)  # Egyptian hieroglyphs: printable letters that pages hardly ever hold
NOT_FOUND = re.compile(
    r"^(?:(?:error\s*)?404\b|.*\b404 not found"
    r"|.*(?:page|content|article) (?:not found|(?:can(?:no|')t|could not) be found)"
    r"|.*page (?:does not|doesn't) exist"
    r"|.*(?:الصفحة|المقال|المحتوى)\b.{0,25}(?:غير موجود|لم يتم العثور|غير متاح|لا يوجد|غير متوفر)"
    r"|.*لم يتم العثور على)", re.IGNORECASE)
CONSENT = re.compile(
    r"cookies?\b|\bconsent\b|\bprivacy\b|\bpartners\b"
    r"|ملفات تعريف الارتباط|ملفات الارتباط|الكوكيز|كوكيز|سياسة الخصوصية|شركا[ؤئ]نا",
    re.IGNORECASE)
NEEDS_JAVASCRIPT = re.compile(
    rf"enable javascript|requires? javascript|تفعيل {ARTICLE}جافا ?سكر?يبت", re.IGNORECASE)
LISTING_KINDS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})
MARKUP = {"head": "h2", "list": "ul", "item": "li", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br"}


def read_html(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a web page, or a rejection if there is none."""
    try:
        data = whole_bytes(file.path, max_article_bytes)
        yield PlacedArticle(article_of_page(
            data, address=file.address, content_type=file.content_type, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason)


def article_of_page(
        data: bytes, *, address: str = "", content_type: str = "", fallback_id: str = "") -> Article:
    """Return the article of a web page. Raises RejectedError if the page is not an article.

    `address` is where the page was fetched, and `content_type` comes from the HTTP answer. `fallback_id` is the
    article's id if the page has no address.
    """
    root = parse_page(decode_declared(data, content_type=content_type))
    metadata = metadata_of(root)
    try:
        blocks = _without_title(_main_blocks(root, metadata), metadata.title)
    except RecursionError:
        raise RejectedError("is nested too deeply; save the page from a browser's reading view") from None
    text = text_of(blocks)
    _refuse_what_is_no_article(root, metadata, blocks, text)
    if "\ufffd" in text or "\ufffd" in metadata.title:
        raise RejectedError("holds characters that cannot be read (U+FFFD) in its article; fetch it again")
    fields: dict[str, Any] = {
        "title": metadata.title, "source": metadata.site, "author": metadata.author, "published": metadata.published,
        "language": metadata.language if fits_script(metadata.language, text) else "",
        "url": believed_address(metadata.address, address),
    }
    if metadata.modified and metadata.modified != metadata.published:
        fields["modified"] = metadata.modified
    if metadata.section:
        fields["section"] = metadata.section
    return article_from_fields(fields, text, fallback_id=fallback_id)


def text_of_fragment(markup: str) -> str:
    """Return the text of a piece of HTML, or of plain text. All of it must be the article, as in a feed's entry."""
    return text_of(blocks_of_fragment(markup))


def blocks_of_fragment(markup: str) -> list[Block]:
    """Return the lines of a piece of HTML. Raises RejectedError if it is nested too deeply."""
    root = parse_page(f"<html><body><div>{markup}</div></body></html>")
    body = root.find("body")
    if body is None:
        return []
    try:
        remove_what_stands_around(body)
        return blocks_of(body)
    except RecursionError:
        raise RejectedError("is nested too deeply; flatten it") from None


def parse_page(text: str) -> HtmlElement:
    """Parse a page; libxml2 repairs its faults. Raises RejectedError if it is empty or not a web page."""
    from lxml import etree, html  # large to load, and most runs read no page

    text = NOT_IN_HTML.sub("", XML_DECLARATION.sub("", text)).strip()
    if not text:
        raise RejectedError("is empty; fetch it again")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RejectedError(f"is not a web page ({str(error)[:200]}); fetch it again") from None
    for element in root.iter():  # XHTML names may have a prefix; damaged names may be anything
        if isinstance(element.tag, str) and not ELEMENT_NAME.fullmatch(element.tag):
            name = element.tag.rpartition(":")[2]
            element.tag = name if ELEMENT_NAME.fullmatch(name) else "span"
    return root


def _main_blocks(root: HtmlElement, metadata: PageMetadata) -> list[Block]:
    """Return the lines that trafilatura extracts, or those of the JSON-LD if the markup contains hardly any text."""
    found = _extracted(root)
    if sum(len(block.text) for block in found) < MIN_ARTICLE_CHARS <= len(metadata.body):
        if re.search(r"<(?:p|br|div)\b", metadata.body, re.IGNORECASE):
            return blocks_of_fragment(metadata.body)
        return [Block("paragraph", line) for raw in metadata.body.splitlines() if (line := one_line(raw))]
    # trafilatura returns everything in one line when it finds no article, for example in a layout of tables.
    return _where_most_paragraphs_are(root, found[0]) if len(found) == 1 else found


def _where_most_paragraphs_are(root: HtmlElement, found: Block) -> list[Block]:
    """Return the lines of the element whose own paragraphs contain the most text.

    If that is less than half as long as `found`, return `found` instead.
    """
    of_parent: dict[Any, int] = {}
    for paragraph in root.iter("p"):
        parent = paragraph.getparent()
        of_parent[parent] = of_parent.get(parent, 0) + len(one_line("".join(paragraph.itertext())))
    parent = max(of_parent, key=lambda one: of_parent[one], default=None)
    if parent is None or 2 * of_parent[parent] < len(found.text):
        return [found]
    return blocks_of(parent)


def _extracted(root: HtmlElement) -> list[Block]:
    import copy

    from trafilatura import bare_extraction  # half a second

    tree = copy.deepcopy(root)
    body = tree.find("body")
    if body is None:
        return []
    remove_what_stands_around(body)
    stand_ins = _stand_ins("".join(tree.itertext()))
    _replace(tree, stand_ins)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # the rejection reports the fault
    document = bare_extraction(
        tree, config=_settings(), include_comments=False, include_tables=True, include_links=False,
        include_images=False, include_formatting=False, deduplicate=False, with_metadata=False)
    found = getattr(document, "body", None)
    if found is None:
        return []
    _replace(found, {stand_in: character for character, stand_in in stand_ins.items()})
    for element in found.iter():
        element.tag = MARKUP.get(element.tag, element.tag)
    return blocks_of(found)


@cache
def _settings() -> ConfigParser:
    """Return trafilatura's settings, changed to accept short articles.

    With its default settings, trafilatura returns the whole page in one line if the text is shorter than its minimum.
    """
    from trafilatura.settings import use_config

    settings: ConfigParser = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(MIN_DECLARED_ARTICLE_CHARS))
    settings.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return settings


def _stand_ins(text: str) -> dict[str, str]:
    """Map each joiner and direction mark in `text` to a letter that does not occur in `text`, to stand in for it.

    trafilatura drops characters that Python calls unprintable, but a zero-width non-joiner, for example, is part of a
    word.
    """
    present = sorted(set(UNPRINTABLE.findall(text)))
    free = (chr(code) for code in STAND_INS if chr(code) not in text)
    return dict(zip(present, free, strict=False))


def _replace(tree: Any, characters: dict[str, str]) -> None:
    if not characters:
        return
    table = str.maketrans(characters)
    for element in tree.iter():
        if element.text:
            element.text = element.text.translate(table)
        if element.tail:
            element.tail = element.tail.translate(table)


def _without_title(blocks: list[Block], title: str) -> list[Block]:
    """Return the blocks without the first one if that repeats the title."""
    return blocks[1:] if blocks and title and blocks[0].text.casefold() == title.casefold() else blocks


def _refuse_what_is_no_article(
        root: HtmlElement, metadata: PageMetadata, blocks: list[Block], text: str) -> None:
    heading = metadata.title or one_line("".join(root.xpath("string(.//h1)")))
    if not metadata.says_article and (NOT_FOUND.search(heading) or (blocks and NOT_FOUND.search(blocks[0].text))):
        raise RejectedError("is a page that says that something was not found; remove it")
    all_text = one_line(" ".join(root.xpath(".//body//text()[not(ancestor::script or ancestor::style)]")))
    least = MIN_DECLARED_ARTICLE_CHARS if metadata.says_article else MIN_ARTICLE_CHARS
    if len(text) < least and (NEEDS_JAVASCRIPT.search(all_text) or len(all_text) < MIN_DECLARED_ARTICLE_CHARS):
        raise RejectedError("holds no text until a browser runs its scripts; save the page from a browser")
    if not metadata.says_article and len(text) < MAX_WALL_CHARS and len(set(CONSENT.findall(text.lower()))) >= 2:
        raise RejectedError("is a page that asks for consent, not the article behind it; save the page from a browser")
    if not metadata.says_article and _is_listing(root, metadata):
        raise RejectedError("is a list of articles, not one; name the pages of the articles, or poll its feed")
    if len(text) < least:
        raise RejectedError(f"holds no article: {len(text)} characters of text, and one has {least} or more; "
                            f"remove it, or save the page from a browser")
    if found := UNSTORABLE.search(text):
        raise RejectedError(f"holds the character {found[0]!a}; remove it")


def _is_listing(root: HtmlElement, metadata: PageMetadata) -> bool:
    """Tell whether the page is a list of teasers, that is, whether most of its headings are links."""
    linked = len(root.xpath(".//*[self::h2 or self::h3 or self::h4][.//a[@href] or parent::a]"))
    unlinked = len(root.xpath(".//*[self::h2 or self::h3 or self::h4][not(.//a[@href] or parent::a)]"))
    long_paragraphs = sum(len("".join(p.itertext()).strip()) >= 250 for p in root.iter("p"))
    return bool(metadata.kinds & LISTING_KINDS) or (
        linked >= MIN_TEASERS and linked > 2 * unlinked and linked > 2 * long_paragraphs)
