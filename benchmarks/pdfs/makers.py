"""Typeset the documents with each program that is installed.

    python -m benchmarks.pdfs.makers FOLDER --font FILE.ttf... [--chromium PATH] [--pango-view PATH] [--only MAKER...]

Writes FOLDER/MAKER--FONT--DOCUMENT.pdf, and FOLDER/DOCUMENT.txt with the text. Chromium and pango-view (which draws
with cairo; Debian's pango1.0-tools) are programs. WeasyPrint and fpdf2 (with uharfbuzz, arabic-reshaper and
python-bidi) are Python packages: install them into a throw-away environment and run this there, with the project's
packages on PYTHONPATH. A PDF that could not be made, since its maker is missing, is named on standard error. fontconfig
must know the fonts.

`fpdf2-shapes` writes Arabic as older programs do: presentation forms, already in visual order.
"""

from __future__ import annotations

import argparse
import html
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pdfs.documents import Document, documents

RUN_S = 180


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs that are not on PATH in every installation."""

    chromium: str
    pango_view: str


def as_html(document: Document, font: Path) -> str:
    """The document as a page that browsers and WeasyPrint typeset."""
    direction = "rtl" if document.language == "ar" else "ltr"
    columns = "main {columns: 2; column-gap: 14mm}" if document.layout == "columns" else ""
    style = (f"@font-face {{font-family: F; src: url('{font.as_uri()}')}} body {{font: 12pt F, '{family(font)}'}} "
             "h1 {font-size: 19pt; font-weight: normal} p {text-align: justify} td {padding: 2pt 18pt} " + columns)
    return (f'<!DOCTYPE html><html lang="{document.language}" dir="{direction}"><meta charset="utf-8">'
            f"<title>{html.escape(document.title)}</title><style>{style}</style><body>"
            f"<h1>{html.escape(document.title)}</h1><main>{_body(document)}</main></body></html>")


def _body(document: Document) -> str:
    if document.layout != "table":
        return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in document.paragraphs)
    first, *rows = document.paragraphs
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row.split("\t")) for row in rows)
    return f"<p>{html.escape(first)}</p><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def family(font: Path) -> str:
    """The family that fontconfig knows the font by, as far as the file's name tells."""
    return {"DejaVuSans": "DejaVu Sans", "NotoSansArabic": "Noto Sans Arabic"}.get(name_of(font), name_of(font))


def name_of(font: Path) -> str:
    """Short name of a font, without weights and axes."""
    return font.stem.partition("[")[0].partition("-")[0]


def with_chromium(document: Document, font: Path, out: Path, tools: Tools) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(as_html(document, font), encoding="utf-8")
        _run(tools.chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
             "--allow-file-access-from-files", "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri())


def with_weasyprint(document: Document, font: Path, out: Path, _tools: Tools) -> None:
    from weasyprint import HTML

    HTML(string=as_html(document, font)).write_pdf(out)


def with_pango(document: Document, font: Path, out: Path, tools: Tools) -> None:
    _require(document.layout == "plain")
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text.txt"
        text.write_text("\n\n".join((document.title, *document.paragraphs)), encoding="utf-8")
        _run(tools.pango_view, "--backend=cairo", f"--font={family(font)} 12", "--width=450", "-q", "--pixels",
             f"--output={out}", str(text))


def with_fpdf2(document: Document, font: Path, out: Path, _tools: Tools) -> None:
    """fpdf2 with its shaping by HarfBuzz."""
    _with_fpdf2(document, font, out, is_shaped=True)


def with_fpdf2_shapes(document: Document, font: Path, out: Path, _tools: Tools) -> None:
    _require(document.language == "ar")
    _with_fpdf2(document, font, out, is_shaped=False)


def _with_fpdf2(document: Document, font: Path, out: Path, *, is_shaped: bool) -> None:
    from fpdf import FPDF

    _require(document.layout == "plain")
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("F", fname=str(font))
    if is_shaped:
        pdf.set_text_shaping(use_shaping_engine=True, direction="rtl" if document.language == "ar" else "ltr")
    pdf.set_title(document.title)
    for size, text in ((19, document.title), *((12, paragraph) for paragraph in document.paragraphs)):
        pdf.set_font("F", size=size)
        for line in [text] if is_shaped else _drawn_lines(pdf, text):
            pdf.multi_cell(0, 8, line, align="R" if document.language == "ar" else "L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    pdf.output(str(out))


def _drawn_lines(pdf: object, text: str) -> list[str]:
    from arabic_reshaper import ArabicReshaper
    from bidi import get_display

    reshape = ArabicReshaper({"delete_harakat": False, "support_ligatures": True}).reshape
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdf.get_string_width(reshape(longer)) > pdf.epw - 4 and line:  # type: ignore[attr-defined]
            lines.append(line)
            longer = word
        line = longer
    return [get_display(reshape(one), base_dir="R") for one in [*lines, line]]


class NotMadeError(Exception):
    """This maker does not typeset this document."""


def _require(is_made: bool) -> None:  # noqa: FBT001
    if not is_made:
        raise NotMadeError


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=RUN_S, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


MAKERS: dict[str, Callable[[Document, Path, Path, Tools], None]] = {
    "chromium": with_chromium, "weasyprint": with_weasyprint, "pango": with_pango,
    "fpdf2": with_fpdf2, "fpdf2-shapes": with_fpdf2_shapes,
}


def main() -> int:
    """Write the PDFs; the exit status is 0 even where a maker is not installed."""
    made = argparse.ArgumentParser(prog="benchmarks.pdfs.makers", description="Typeset documents whose text is known.")
    made.add_argument("folder", type=Path)
    made.add_argument("--font", type=Path, nargs="+", required=True, help="font files with Arabic and Latin letters")
    made.add_argument("--chromium", default="chromium")
    made.add_argument("--pango-view", default="pango-view")
    made.add_argument("--only", nargs="+", choices=sorted(MAKERS), default=sorted(MAKERS))
    options = made.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tools = Tools(options.chromium, options.pango_view)
    for document in documents():
        (options.folder / f"{document.name}.txt").write_text(document.gold, encoding="utf-8")
        for font in options.font:
            for maker in options.only:
                out = options.folder / f"{maker}--{name_of(font)}--{document.name}.pdf"
                if out.exists():
                    continue
                try:
                    MAKERS[maker](document, font.absolute(), out.absolute(), tools)
                except NotMadeError:
                    continue
                except Exception as error:  # noqa: BLE001  # whatever a maker raises, the others go on
                    print(f"{out.name}: {type(error).__name__}: {error}"[:300], file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
