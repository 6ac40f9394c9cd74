"""Read a PDF (.pdf) as one article, with its text in reading order, Arabic in logical order, and its pages' offsets.

A PDF contains positioned glyphs, not text. `pdf_glyphs` extracts the glyphs, `pdf_lines` groups them into lines, and
this module groups the lines into paragraphs and pages. docs/sources.md says what that can and cannot do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

from index.pages import PAGES
from index.sources.datelines import with_date_of_text
from index.sources.instants import iso_instant
from index.sources.no_article import refuse_own_title
from index.sources.pdf_lines import MIRRORED, Line, lines_of
from index.sources.pdf_tables import is_table, rows_of, with_joined_rows
from index.sources.records import article_from_fields
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_bytes
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

UNKNOWN_GLYPH = "\ufffd"
MAX_UNKNOWN_SHARE = 0.02
# A gap between two lines that is wider than both of these separates paragraphs:
PARAGRAPH_GAP = 0.7  # times the height of the line
WIDER_GAP = 1.4      # times the median gap of the page
SHORT_LINE = 0.85    # of the width of its block: a shorter line that ends a sentence ends its paragraph
EDGE_LINES = 2       # lines at the top and the bottom of a page that may be headers and footers
SENTENCE_END = tuple(".!?؟…:»\"")
NOT_A_TITLE = re.compile(r"^(?:untitled|document\d*|microsoft word\b.*|.*\.(?:docx?|pdf|indd|qxd|tmp|rtf|odt))$",
                         re.IGNORECASE)
PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def read_pdf(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a PDF file, or a rejection that says why there is none."""
    try:
        data = whole_bytes(file.path, max_article_bytes)
        yield PlacedArticle(article_of_pdf(data, address=file.address, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason)


def article_of_pdf(data: bytes, *, address: str = "", fallback_id: str = "") -> Article:
    """Convert a PDF to an article. Raises RejectedError if the PDF is damaged, locked or without readable text.

    `address` is where the PDF was fetched, or empty. `fallback_id` is the article's id if there is no address. The
    article's `metadata` has the offsets of the pages (see `index.pages`) and, as `made`, the day on which the file was
    created, which says nothing about when it was published.
    """
    pages, about = _read(data)
    refuse_own_title(about.get("Title", ""))
    pages = _with_right_brackets(pages)
    title, pages = _titled(_without_edges(pages), about.get("Title", ""))
    starts, text = [], ""
    for page in pages:
        paragraphs = _paragraphs(page)
        if text and paragraphs:
            text += "\n\n"
        starts.append(len(text))
        text += "\n\n".join(paragraphs)
    if not text.strip():
        raise RejectedError("holds no text, only pictures of it; run it through text recognition (OCR) first")
    if text.count(UNKNOWN_GLYPH) > MAX_UNKNOWN_SHARE * len(text):
        raise RejectedError("uses fonts that do not say which letters they draw; export it again from its source, or "
                            "run it through text recognition (OCR)")
    fields: dict[str, Any] = {"title": title, "author": about.get("Author", ""), "url": address, PAGES: starts}
    if made := PDF_DATE.match(about.get("CreationDate", "")):
        fields["made"] = "-".join(made.groups())
    text = text.replace(UNKNOWN_GLYPH, "")
    fields = with_date_of_text(fields, text, made=iso_instant(fields.get("made", "")))
    return article_from_fields(fields, text, fallback_id=fallback_id)


Page = list[Line]


def _read(data: bytes) -> tuple[list[Page], dict[str, str]]:
    """Return `(pages, strings)`: each page's lines in reading order, and the strings of the information dictionary."""
    from index.sources.pdf_glyphs import read_glyphs  # pdfminer takes a tenth of a second, and most runs read no PDF

    glyphs_of_pages, about = read_glyphs(data)
    if not glyphs_of_pages:
        raise RejectedError("has no page; save it again from its source")
    return [_ordered(lines_of(glyphs)) for glyphs in glyphs_of_pages], about


def _ordered(lines: list[Line]) -> Page:
    """Sort lines into reading order.

    Split the page into columns, or if there are none into blocks from top to bottom, and sort each part in the same
    way. Columns go from right to left if most lines do.
    """
    if len(lines) < 2:
        return lines
    is_rtl = 2 * sum(line.is_rtl for line in lines) >= len(lines)
    if is_table(lines):
        rows = rows_of(sorted(lines, key=lambda line: (-line.top, line.left)))
        return [cell for row in rows for cell in sorted(row, key=lambda one: -one.right if is_rtl else one.left)]
    if columns := _cut(lines, lambda line: (line.left, line.right), gap=median(line.height for line in lines)):
        before, after = columns
        if min(len(before), len(after)) >= 3:
            return [*_ordered(after), *_ordered(before)] if is_rtl else [*_ordered(before), *_ordered(after)]
    if blocks := _cut(lines, lambda line: (-line.top, -line.bottom), gap=0.0):
        return [*_ordered(blocks[0]), *_ordered(blocks[1])]
    return sorted(lines, key=lambda line: (-round(line.bottom), -line.right if is_rtl else line.left))


def _cut(lines: list[Line], span: Any, *, gap: float) -> tuple[list[Line], list[Line]] | None:
    """Split the lines at the widest gap along one axis, or return None if no gap is wider than `gap`.

    `span` returns a line's start and end on that axis.
    """
    by_start = sorted(lines, key=lambda line: span(line)[0])
    reach, best, place = span(by_start[0])[1], gap, 0
    for number, line in enumerate(by_start[1:], start=1):
        start, end = span(line)
        if start - reach > best:
            best, place = start - reach, number
        reach = max(reach, end)
    return (by_start[:place], by_start[place:]) if place else None


def _with_right_brackets(pages: list[Page]) -> list[Page]:
    """Mirror the brackets in right-to-left lines, if most of them close before they open.

    In such lines, some programs store a bracket's shape on the page, and others the character that was typed.
    """
    text = "\n".join(line.text for page in pages for line in page if line.is_rtl)
    if len(re.findall(r"\)[^()]*\(", text)) <= len(re.findall(r"\([^()]*\)", text)):
        return pages
    return [[replace(line, text=line.text.translate(MIRRORED)) if line.is_rtl else line for line in page]
            for page in pages]


def _without_edges(pages: list[Page]) -> list[Page]:
    """Remove lines that recur at the top or bottom of most pages.

    Lines that differ only in their digits, such as page numbers, count as the same line.
    """
    def key(line: Line) -> str:
        return re.sub(r"\d+", "#", line.text)

    edges = [{key(line) for line in [*page[:EDGE_LINES], *page[-EDGE_LINES:]]} for page in pages]
    times = Counter(text for edge in edges for text in edge)
    dropped = {text for text, count in times.items()
               if 2 * count > len(pages) > (1 if re.fullmatch(r"[\s–—-]*#[\s–—-]*", text) else 2)}
    return [[line for place, line in enumerate(page)
             if not ((place < EDGE_LINES or place >= len(page) - EDGE_LINES) and key(line) in dropped)]
            for page in pages]


def _titled(pages: list[Page], declared: str) -> tuple[str, list[Page]]:
    """Return `(title, pages)`: the title, and the pages without it.

    The title is `declared` if that is usable. Otherwise it is the first one or two lines, if their type is larger than
    usual.
    """
    first = next((page for page in pages if page), [])
    if not first:
        return "", pages
    head = [first[0]]
    for line in first[1:3]:
        if abs(line.height - head[0].height) < 0.5:
            head.append(line)
    usual = median(line.height for page in pages for line in page)
    drawn = " ".join(line.text for line in head) if head[0].height > 1.15 * usual and len(head) < 3 else ""
    title = declared if declared and not NOT_A_TITLE.match(declared) else drawn
    if title and drawn and (drawn in title or title in drawn):
        del first[:len(head)]
    elif title and first[0].text == title:
        del first[0]
    return title, pages


def _paragraphs(page: Sequence[Line]) -> list[str]:
    """Join the lines of a page into paragraphs."""
    paragraphs: list[str] = []
    page, rows = with_joined_rows(page)
    left, right = (min(line.left for line in page), max(line.right for line in page)) if page else (0.0, 0.0)
    gaps = [gap for before, line in pairwise(page) if 0 < (gap := before.bottom - line.top) < 2 * line.height]
    least = WIDER_GAP * median(gaps) if gaps else 0.0
    before: Line | None = None
    for place, line in enumerate(page):
        if before is None or place in rows or place - 1 in rows or not _runs_on(before, line, right - left, least):
            paragraphs.append(line.text)
        elif paragraphs[-1].endswith("-") and line.text[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line.text
        else:
            paragraphs[-1] += f" {line.text}"
        before = line
    return paragraphs


def _runs_on(before: Line, line: Line, width: float, least: float) -> bool:
    """Tell whether `line` continues the paragraph of the line before it.

    `width` is the width of the page's text. A gap between the lines up to `least` never starts a paragraph.
    """
    gap = before.bottom - line.top
    if gap < -2 * line.height:  # the next column
        return not before.text.endswith(SENTENCE_END)
    is_same_type = abs(before.height - line.height) < 0.2 * line.height
    is_short = before.right - before.left < SHORT_LINE * min(width, max(line.right - line.left, width / 2))
    return (is_same_type and gap <= max(least, PARAGRAPH_GAP * line.height)
            and not (is_short and before.text.endswith(SENTENCE_END)))
