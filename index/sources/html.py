"""Read web pages (.html, .htm, .xhtml): extract the article without navigation and the like. See docs/sources.md."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from index.sources.blocks import Block, blocks_of, one_line, remove_what_stands_around, text_of, unfold_layout
from index.sources.canonical import believed_address
from index.sources.declared import decode_declared
from index.sources.furniture import without_furniture
from index.sources.no_article import MIN_ARTICLE_CHARS, MIN_DECLARED_ARTICLE_CHARS, refuse_what_is_no_article
from index.sources.page_metadata import PageMetadata, fits_script, metadata_of
from index.sources.posts import gather_posts
from index.sources.records import article_from_fields
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_bytes
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.html import HtmlElement

MIN_UNTOUCHED_CHARS = 500  # of a page's text when nothing of it is left out
MIN_POSTS_SHARE = 0.9  # of the posts' text: if the extractor keeps less, all of the article's text is taken
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
UNPRINTABLE = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")  # joiners and marks of direction
ELEMENT_NAME = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
STAND_INS = range(0x13000, 0x13400)  # Egyptian hieroglyphs: printable letters that pages hardly ever hold
# A wrapper that a system escaped instead of using it.
CDATA = re.compile(r"^\s*(?:<|&lt;)!\[CDATA\[|\]\](?:>|&gt;)\s*$")
TAG = re.compile(r"<[a-zA-Z/!]")
ESCAPED_TAG = re.compile(
    r"&(?:amp;)*lt;(?:p|br|div|span|a|b|i|strong|em|img|ul|li|h[1-6]|blockquote)\b[^<]*?&(?:amp;)*gt;", re.IGNORECASE)
MOST_ESCAPES = 3
# In plain text, a blank line ends a paragraph, and so does a line that ends a sentence.
PLAIN_LINE_END = re.compile(r"\s*\n\s*\n\s*|(?<=[.!?؟:»])[ \t]*\r?\n[ \t]*")
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
        found = _without_title(_main_blocks(root, metadata), metadata.title)
        blocks = without_furniture(found, title=metadata.title, author=metadata.author)
    except RecursionError:
        raise RejectedError("is nested too deeply; save the page from a browser's reading view") from None
    refuse_what_is_no_article(root, metadata, blocks, address=address)
    text = text_of(blocks)
    if "\ufffd" in text or "\ufffd" in metadata.title:
        raise RejectedError("holds characters that cannot be read (U+FFFD) in its article; fetch it again")
    fields: dict[str, Any] = {
        "title": metadata.title, "source": metadata.site, "author": metadata.author,
        "published": metadata.published or metadata.unread_date,
        "language": metadata.language if fits_script(metadata.language, text) else "",
        "url": believed_address(metadata.address, address),
    }
    if metadata.modified and metadata.modified != metadata.published:
        fields["modified"] = metadata.modified
    if metadata.section:
        fields["section"] = metadata.section
    return article_from_fields(fields, text, fallback_id=fallback_id)


def text_of_fragment(markup: str, *, title: str = "", author: str = "") -> str:
    """Return the text of a piece of HTML, or of plain text. All of it must be the article, as in a feed's entry.

    Lines of furniture are left out; `title` and `author` are the article's, if known.
    """
    return text_of(without_furniture(blocks_of_fragment(markup), title=title, author=author))


def blocks_of_fragment(markup: str) -> list[Block]:
    """Return the lines of a piece of HTML. Raises RejectedError if it is nested too deeply."""
    markup = CDATA.sub("", markup)
    for _ in range(MOST_ESCAPES):
        if TAG.search(markup) or not ESCAPED_TAG.search(markup):
            break
        markup = CDATA.sub("", html.unescape(markup))
    if not TAG.search(markup):
        markup = PLAIN_LINE_END.sub("<br>", markup)
    return blocks_of_page(parse_page(f"<html><body><div>{markup}</div></body></html>"))


def blocks_of_page(page: HtmlElement) -> list[Block]:
    """Return the lines of a parsed page. Raises RejectedError if it is nested too deeply."""
    body = page.find("body")
    if body is None:
        return []
    try:
        remove_what_stands_around(body)
        return blocks_of(body)
    except RecursionError:
        raise RejectedError("is nested too deeply; flatten it") from None


def parse_page(text: str) -> HtmlElement:
    """Parse a page; libxml2 repairs its faults. Raises RejectedError if it is empty or not a web page."""
    from lxml import etree  # large to load, and most runs read no page
    from lxml import html as lxml_html

    text = NOT_IN_HTML.sub("", XML_DECLARATION.sub("", text)).strip()
    if not text:
        raise RejectedError("is empty; fetch it again")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RejectedError(f"is not a web page ({str(error)[:200]}); fetch it again") from None
    for element in root.iter():  # XHTML names may have a prefix; damaged names may be anything
        if isinstance(element.tag, str) and not ELEMENT_NAME.fullmatch(element.tag):
            name = element.tag.rpartition(":")[2]
            element.tag = name if ELEMENT_NAME.fullmatch(name) else "span"
    return root


def _main_blocks(root: HtmlElement, metadata: PageMetadata) -> list[Block]:
    """Return the lines that trafilatura extracts, or those of the JSON-LD if the markup contains hardly any text."""
    found = _extracted(root, metadata)
    if _chars(found) < MIN_ARTICLE_CHARS:  # the classes of its elements may say wrongly what stands around
        untouched = _extracted(root, metadata, keeps_all=True)
        found = untouched if _chars(untouched) >= MIN_UNTOUCHED_CHARS else found
    if _chars(found) < MIN_ARTICLE_CHARS <= len(metadata.body):
        if re.search(r"<(?:p|br|div)\b", metadata.body, re.IGNORECASE):
            return blocks_of_fragment(metadata.body)
        return [Block("paragraph", line) for raw in metadata.body.splitlines() if (line := one_line(raw))]
    # trafilatura returns everything in one line when it finds no article, for example in a layout of tables.
    return _where_most_paragraphs_are(root, found[0]) if len(found) == 1 else found


def _where_most_paragraphs_are(root: HtmlElement, found: Block) -> list[Block]:
    """Return the lines of the element whose own paragraphs contain the most text.

    If it has a single paragraph, or they are less than half as long as `found`, return `found` instead.
    """
    import copy

    body = copy.deepcopy(root).find("body")
    if body is None:
        return [found]
    remove_what_stands_around(body)
    of_parent: dict[Any, list[int]] = {}
    for paragraph in body.iter("p"):
        if chars := len(one_line("".join(paragraph.itertext()))):
            of_parent.setdefault(paragraph.getparent(), []).append(chars)
    parent = max(of_parent, key=lambda one: sum(of_parent[one]), default=None)
    if parent is None or len(of_parent[parent]) == 1 or 2 * sum(of_parent[parent]) < len(found.text):
        return [found]
    return blocks_of(parent)


def _chars(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _extracted(root: HtmlElement, metadata: PageMetadata, *, keeps_all: bool = False) -> list[Block]:
    import copy

    from trafilatura import bare_extraction  # half a second

    tree = copy.deepcopy(root)
    body = tree.find("body")
    if body is None:
        return []
    if not keeps_all:
        remove_what_stands_around(body)
    unfold_layout(body)
    posts = gather_posts(body, day=metadata.published)
    everything = copy.deepcopy(body) if posts else None
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
    blocks = blocks_of(found)
    return blocks if everything is None else _with_posts(blocks, posts, everything)


def _with_posts(blocks: list[Block], posts: list[str], body: HtmlElement) -> list[Block]:
    """Return the blocks if they hold the posts, else all of the article below `body`, or of `body` without one."""
    kept = sum(len(block.text) for block in blocks)
    if kept >= MIN_POSTS_SHARE * sum(map(len, posts)):
        return blocks
    articles = sorted(body.iter("article"), key=lambda article: len("".join(article.itertext())))
    return blocks_of(articles[-1] if articles else body)


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
