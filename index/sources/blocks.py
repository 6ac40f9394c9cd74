"""Turn an HTML tree into an article's text: one line per paragraph, blank lines between them, list items as `- `.

The sentence splitter (index/language/sentences.py) treats each line as a paragraph, a heading or a list item. White
space inside a line becomes single spaces; every other character stays as written.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

# Elements that start and end a line.
BLOCKS = frozenset("""
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
""".split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
NEVER_TEXT = frozenset("""
    amp-ad amp-embed amp-social-share amp-sticky-ad audio button canvas datalist embed form head iframe input link
    map math meta nav noscript object optgroup option picture progress script select source style svg template
    textarea title track video
""".split())
NOT_ARTICLE = frozenset("""
    figcaption aside footer
""".split())
SPACE = re.compile(r"\s+")
LAYOUT_CELL_CHARS = 200  # in several lines: a cell of data is shorter
MIN_PARAGRAPHS_CHARS = 100  # of a cell with several paragraphs, which data seldom has
CONTAINERS = frozenset({"div", "section", "article", "main", "body"})
MIN_MAIN_CHARS, MAIN_SHARE = 400, 0.4  # of the text of all paragraphs: what has more is not around the article
MENUS = frozenset({"ul", "ol", "table", "tr", "td", "nav"})
MIN_MENU_LINKS, MAX_MENU_LINK_CHARS = 2, 30
SEPARATORS = re.compile(r"[\s|/·•»«›‹>,،-]+")
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
MAX_ESCAPED_AGAIN = 2
ZERO_WIDTH_SPACE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Words in a class or id that mark the surroundings of an article.
AROUND = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sharedaddy|social|related|related-?posts?|recommended|more-?(?:news|stories|on)"
    r"|read-?(?:more|also|next)"
    r"|newsletter|subscribe|subscription|promo|advert|advertisement|ads?|adsbygoogle|sponsored|taboola|outbrain|cookie"
    r"|consent|gdpr|comments?|disqus|breadcrumbs?|pagination|tags?|tag-?list|caption|credit|copyright|byline|toolbar"
    r"|widget|popup|modal|trending|most-?read|skip-?link|screen-reader-text|visually-hidden|sr-only|inread|embed)"
    r"(?:$|[\s_-]|s\b)", re.IGNORECASE)
# Names that page builders and WordPress give to parts of an article, though a word of `AROUND` is in them: each
# paragraph of Elementor is a widget, and an article carries its tags as classes.
OF_ARTICLE = re.compile(
    r"(?:^|(?<=\s))(?:elementor-(?:widget|column|element|section|container|row|inner|text)\S*|so-widget-sow-editor\S*"
    r"|et_pb_\S+|wpb_\S+|vc_\S+|fusion-\S+|brxe-\S+|(?:tag|category|format|status|type)-\S+)(?=\s|$)", re.IGNORECASE)
ROLES_AROUND = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"})


@dataclass(frozen=True, slots=True)
class Block:
    """One line of an article's text. `kind` is "paragraph", "heading", "item" or "row"."""

    kind: str
    text: str


def blocks_of(root: _Element) -> list[Block]:
    """Return the lines of everything below `root`, in order.

    This function recurses as deep as the tree, so the caller must limit the tree's depth.
    """
    writer = _Writer()
    writer.visit(root)
    writer.end_line()
    return writer.blocks


def text_of(blocks: list[Block]) -> str:
    """Join the blocks into text, with a blank line between two blocks.

    There is no blank line between list items, between table rows, or before these if the paragraph above ends with a
    colon.
    """
    lines: list[str] = []
    previous = ""
    for block in blocks:
        if lines and not (block.kind in ("item", "row") and (previous in (block.kind, "lead-in"))):
            lines.append("")
        lines.append(f"- {block.text}" if block.kind == "item" else block.text)
        previous = "lead-in" if block.kind == "paragraph" and block.text.endswith(":") else block.kind
    return "\n".join(lines)


def remove_what_stands_around(root: _Element) -> None:
    """Remove share buttons, captions, related stories and similar elements from an article's body, in place.

    An element with more than half of the text under `root`, or with a good part of the text of its paragraphs, is kept,
    whatever its class attribute says. So is the text of a form that wraps a page.
    """
    total = len("".join(root.itertext())) or 1
    in_paragraphs = _paragraph_chars(root)
    left = list(reversed(root))
    while left:
        element = left.pop()
        if _is_dropped(element, total, in_paragraphs):
            heading = _heading_of(element) if element.tag in MENUS else None
            drop(element)
            if heading is not None:
                drop(heading)
        else:
            left += reversed(element)


def _is_dropped(element: _Element, total: int, in_paragraphs: int) -> bool:
    """Tell whether an element stands around an article; a form that wraps the article becomes a division."""
    is_never_text = not isinstance(element.tag, str) or element.tag in NEVER_TEXT
    if not is_never_text and not _stands_around(element) and not _is_menu(element):
        return False
    if element.tag in ("form", *CONTAINERS):
        chars = _paragraph_chars(element)
        if chars >= MIN_MAIN_CHARS and chars >= MAIN_SHARE * in_paragraphs and not _is_hidden(element):
            element.tag = "div" if element.tag == "form" else element.tag
            return False
    return is_never_text or 2 * len("".join(element.itertext())) <= total


def _heading_of(menu: _Element) -> _Element | None:
    """Return the heading right in front of a menu, or the box that holds only it; None if it heads more than that."""
    before, box = menu.getprevious(), menu.getparent()
    while before is None and box is not None and box.tag in CONTAINERS - {"body"} and not (box.text or "").strip():
        before, box = box.getprevious(), box.getparent()
    after = menu.getnext()
    if before is None or (before.tail or "").strip() or (menu.tail or "").strip() or (
            after is not None and after.tag == "p"):
        return None
    heading = before if before.tag in HEADINGS else next((each for each in before.iter(*HEADINGS)), None)
    return before if heading is not None and heading.tag != "h1" and one_line("".join(heading.itertext())) == one_line(
        "".join(before.itertext())) else None


def _paragraph_chars(root: _Element) -> int:
    return sum(len("".join(paragraph.itertext())) for paragraph in root.iter("p"))


def unfold_layout(root: _Element) -> None:
    """Turn tables that only place things on a page, as old pages do, into divisions, in place."""
    parts: dict[_Element, list[_Element]] = {table: [] for table in root.iter("table")}
    for part in root.iter("tbody", "thead", "tfoot", "tr", "td", "th"):
        if (table := next(part.iterancestors("table"), None)) is not None and table in parts:
            parts[table].append(part)
    layouts = [table for table, its_parts in parts.items() if any(
        cell.tag in ("td", "th") and (next(cell.iter("table"), None) is not None or _holds_paragraphs(cell))
        for cell in its_parts)]
    for table in layouts:
        for part in (table, *parts[table]):
            part.tag = "div"


def _holds_paragraphs(cell: _Element) -> bool:
    paragraphs = [len(one_line("".join(paragraph.itertext()))) for paragraph in cell.iter("p")]
    return sum(1 for chars in paragraphs if chars) > 1 and sum(paragraphs) >= MIN_PARAGRAPHS_CHARS


def drop(element: _Element) -> None:
    """Remove `element` from its tree, but keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = f"{parent.text or ''}{element.tail}"
        else:
            previous.tail = f"{previous.tail or ''}{element.tail}"
        element.tail = None
    parent.remove(element)


def one_line(text: str) -> str:
    """Return `text` with white space as single spaces, and without characters that only allow or forbid a line break.

    References to characters, which systems that escape twice leave in a text, become the characters.
    """
    for _ in range(MAX_ESCAPED_AGAIN if "&" in text else 0):
        text = REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return " ".join(ZERO_WIDTH_SPACE.sub("", text).split())


def is_named_around(element: _Element) -> bool:
    """Tell whether the class or the id of an element says that it stands around an article."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return AROUND.search(names) is not None and AROUND.search(OF_ARTICLE.sub(" ", names)) is not None


def _stands_around(element: _Element) -> bool:
    return element.tag in NOT_ARTICLE or (bool(element.attrib) and (
        _is_hidden(element) or element.get("role", "").lower() in ROLES_AROUND or is_named_around(element)))


def _is_menu(element: _Element) -> bool:
    """Tell whether a list or table holds nothing but short links."""
    if element.tag not in MENUS:
        return False
    links = [one_line("".join(link.itertext())) for link in element.iter("a")]
    if len(links) < MIN_MENU_LINKS or sum(map(len, links)) > MAX_MENU_LINK_CHARS * len(links):
        return False
    linked, whole = (len(SEPARATORS.sub("", text)) for text in ("".join(links), "".join(element.itertext())))
    return linked == whole


def _is_hidden(element: _Element) -> bool:
    style = element.get("style", "").replace(" ", "").lower()
    return (element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true"
            or "display:none" in style or "visibility:hidden" in style)


class _Writer:
    """Collects lines during a walk through a tree."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._kind = "paragraph"

    def visit(self, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in NEVER_TEXT:
            return
        if tag == "br":
            self.end_line()
            return
        if tag == "tr":
            self._row(element)
            return
        is_block = tag in BLOCKS
        if is_block:
            self.end_line()
        kind = self._kind
        if tag in HEADINGS:
            self._kind = "heading"
        elif tag == "li":
            self._kind = "item"
        self._text(element.text)
        for child in element:
            self.visit(child)
            self._text(child.tail)
        if is_block:
            self.end_line()
        self._kind = kind

    def end_line(self) -> None:
        """Finish the current line, unless it is blank."""
        line = one_line("".join(self._pieces))
        self._pieces.clear()
        if line:
            self.blocks.append(Block(self._kind, line))
            if self._kind == "item":  # the second paragraph of an item is a plain paragraph
                self._kind = "paragraph"

    def _text(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def _row(self, row: Any) -> None:
        self.end_line()
        cells = [blocks for cell in row if cell.tag in ("td", "th") and (blocks := blocks_of(cell))]
        if any(len(blocks) > 1 and (len(cells) == 1 or _chars(blocks) >= LAYOUT_CELL_CHARS) for blocks in cells):
            self.blocks += [block for blocks in cells for block in blocks]  # a table that only places things
        elif cells:
            self.blocks.append(Block("row", " | ".join(" ".join(block.text for block in blocks) for blocks in cells)))


def _chars(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
