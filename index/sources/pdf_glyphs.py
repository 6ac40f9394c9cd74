"""Extract a PDF's glyphs, page by page, in the order in which they are drawn, and its information dictionary.

pdfminer.six interprets the drawing instructions. If a document states the text for a group of glyphs (`ActualText`, ISO
32000-2, 14.9.4), that text replaces the glyphs' own. Chromium and cairo state it for ligatures whose glyphs have no
character of their own, such as shadda with a vowel.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from pdfminer.layout import LTChar
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from index.sources.pdf_lines import Glyphs
from index.sources.rejections import RejectedError

UNKNOWN = "\ufffd"
"""The text of a glyph whose font does not say which character it draws."""

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it logs every oddity of a font


def read_glyphs(data: bytes) -> tuple[list[list[Glyphs]], dict[str, str]]:
    """Return `(pages, strings)`: the glyphs of each page, and the strings of the information dictionary.

    Raises RejectedError if the PDF is damaged or locked with a password.
    """
    try:
        document = PDFDocument(PDFParser(BytesIO(data)))
        about = {key: _decoded(value) for info in document.info for key, value in info.items()
                 if isinstance(value, bytes)}
        return list(_pages(document)), about
    except PDFPasswordIncorrect:
        raise RejectedError("is locked with a password; save it without one") from None
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # noqa: BLE001  # pdfminer raises whatever a damaged file leads it to
        raise RejectedError(f"is damaged ({type(error).__name__}: {ascii(str(error))[1:-1][:120]}); save it again from "
                            f"its source") from None


def _pages(document: PDFDocument) -> Iterator[list[Glyphs]]:
    resources = PDFResourceManager()
    device = _Glyphs(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.create_pages(document):
        device.begin()
        interpreter.process_page(page)
        yield device.glyphs


class _Glyphs(PDFTextDevice):
    """Collects the glyphs of one page."""

    def begin(self) -> None:
        """Start a new page, without the glyphs of the page before."""
        self.glyphs: list[Glyphs] = []
        # One entry for each open marked-content sequence: its ActualText and the number of glyphs before it.
        self._open: list[tuple[str | None, int]] = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:  # noqa: ARG002
        """Note the start of a marked-content sequence. pdfminer calls this method."""
        self._open.append((_actual_text(props), len(self.glyphs)))

    def end_tag(self) -> None:
        """Replace the glyphs of the marked-content sequence that ends here by its ActualText, if it has one."""
        if not self._open:
            return
        text, first = self._open.pop()
        if text is None or any(outer is not None for outer, _ in self._open):
            return
        replaced = self.glyphs[first:]
        del self.glyphs[first:]
        if text.strip() and replaced:
            # Marks are narrow, and raised or lowered: the widest glyph shows which line this is in.
            letter = max(replaced, key=lambda glyph: glyph.right - glyph.left)
            self.glyphs.append(replace(letter, text=text, left=min(glyph.left for glyph in replaced),
                                       right=max(glyph.right for glyph in replaced)))

    def render_char(self, matrix: Any, font: Any, fontsize: float, scaling: float, rise: float, cid: int, ncs: Any,
                    graphicstate: Any) -> float:
        """Add the glyph of one character; return its advance width."""
        try:
            # Skia maps a glyph that has no character to NUL.
            text = font.to_unichr(cid).replace("\0", UNKNOWN)
        except PDFUnicodeNotDefined:
            text = UNKNOWN
        drawn = LTChar(matrix, font, fontsize, scaling, rise, text, font.char_width(cid), font.char_disp(cid), ncs,
                       graphicstate)
        if text and drawn.y1 > drawn.y0:
            self.glyphs.append(Glyphs(text, drawn.x0, drawn.x1, drawn.y0, drawn.y1))
        return float(drawn.adv)


def _actual_text(properties: Any) -> str | None:
    value = resolve1(properties.get("ActualText")) if isinstance(properties, dict) else None
    return decode_text(value).replace("\0", "") if isinstance(value, bytes) else None


def _decoded(value: bytes) -> str:
    try:
        return " ".join(decode_text(value).replace("\0", "").split())
    except (UnicodeDecodeError, ValueError):
        return ""
