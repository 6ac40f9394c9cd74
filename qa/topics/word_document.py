"""Write an affair as a Word document (Office Open XML), right to left in Arabic, each row with its sources' numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.language.scripts import is_at_least_half_arabic
from index.types import Article
from qa.markup import in_a_line
from qa.notice import Language
from qa.references import AddressOf, SourceName, day_of
from qa.topics.affair import Affair
from qa.topics.affair_words import PARTS, act_on, one_then_other
from qa.topics.timeline_formats import days_of
from qa.types.citation import Citation

if TYPE_CHECKING:
    from docx.document import Document

# A row of a part: the words in bold that lead it, and the text behind them.
_Row = tuple[str, str]
# Properties of a paragraph that the standard wants behind its direction.
_BEHIND_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
                "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl", "w:rPr")


def as_word_document(affair: Affair, address_of: AddressOf, language: Language, source_name: SourceName) -> bytes:
    """Return the bytes of a .docx file: the parts under headings, and the sources at the end by their numbers."""
    import docx  # takes a tenth of a second; most processes never write one

    document = docx.Document()
    words = PARTS[language]
    document.core_properties.title = in_a_line(affair.query.text)[:200]
    document.core_properties.author = ""
    _add(document, "Title", "", affair.query.text)
    for heading, rows in _parts(affair, language):
        _add(document, "Heading 1", "", words[heading])
        for style, row in rows:
            _add(document, style, *row)
    if not affair.citations:
        _add(document, "Normal", "", words["nothing"])
    if affair.articles:
        _add(document, "Heading 1", "", words["articles"])
        for article in affair.articles:
            _add(document, "List Bullet", "", described(article, source_name))
    if affair.citations:
        _add(document, "Heading 1", "", words["sources"])
        for citation in affair.citations:
            _add(document, "Normal", f"[{citation.number}] ",
                 f"{described(citation.article, source_name)}. {address_of(citation)}")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def described(article: Article, source_name: SourceName) -> str:
    """Return the title, source and day of an article in one line."""
    return ". ".join(filter(None, (article.title or article.id, source_name(article.source), day_of(article))))


def _parts(affair: Affair, language: Language) -> Iterator[tuple[str, Sequence[tuple[str, _Row]]]]:
    """Yield the heading of each part that there is, and the style and the row of each of its paragraphs."""
    words = PARTS[language]
    if affair.events:
        yield "events", [("List Bullet", (f"{days_of(event)}: ", _quoted(event.citation, *(
            report.citation for report in event.reports)))) for event in affair.events]
    if affair.speakers:
        yield "speakers", [paragraph for speaker in affair.speakers for paragraph in (
            ("Heading 2", ("", speaker.name)),
            *(("List Bullet", (f"{act_on(each, language)}: ", _quoted(each.citation))) for each in speaker.statements))]
    if affair.changes:
        yield "changes", [("List Bullet", (f"{each.speaker}: ", one_then_other(
            f"{each.earlier_words} [{each.earlier.citation.number}]",
            f"{each.later_words} [{each.later.citation.number}]", language))) for each in affair.changes]
    if affair.disagreements:
        yield "differing", [paragraph for each in affair.disagreements for paragraph in (
            ("Heading 2", ("", words[each.kind])),
            *(("List Bullet", (f"{side.value}: ", " ".join(map(_quoted, side.citations)))) for side in each.sides))]


def _quoted(citation: Citation, *others: Citation) -> str:
    """Return the quote with its number, and the numbers of further sources."""
    return f"{citation.quote} {' '.join(f'[{each.number}]' for each in (citation, *others))}"


def _add(document: Document, style: str, leading: str, text: str) -> None:
    """Add a paragraph, whose direction is that of its text."""
    from docx.oxml import OxmlElement

    paragraph = document.add_paragraph(style=style)
    is_rtl = is_at_least_half_arabic(text)
    if is_rtl:
        paragraph.paragraph_format.element.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_BEHIND_BIDI)
    for written, is_bold in ((leading, True), (text, False)):
        cleaned = in_a_line(written)
        if cleaned:
            run = paragraph.add_run(f"{cleaned} " if is_bold else cleaned)
            run.bold = is_bold or None
            run.font.rtl = is_rtl or None
