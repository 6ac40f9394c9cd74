"""Tables on printed pages: rows of cells, told from columns of prose."""

from __future__ import annotations

from index.sources.pdf import article_of_pdf
from index.sources.pdf_lines import Glyphs, Line, lines_of
from index.sources.pdf_tables import is_table, with_joined_rows
from tests.test_readers import drawn_pdf


def line(text: str, left: float, top: float) -> Line:
    return Line(text, left, left + 6 * len(text), top - 12, top, is_rtl=True)


def row(text: str, *, top: float, gap: float = 8.0) -> list[Glyphs]:
    """Glyphs from left to right, 6 points each, with a wide gap where the text has two spaces."""
    left, found = 0.0, []
    for word in text.split("  "):
        for letter in word:
            found.append(Glyphs(letter, left, left + 6, top - 12, top))
            left += 6
        left += gap
    return found


def test_gaps_below_each_other_part_cells_and_gaps_elsewhere_do_not() -> None:
    cells = lines_of([*row("abc  450  +12%", top=100), *row("abc  380  -5%", top=80)])
    assert [each.text for each in cells] == ["abc", "450", "+12%", "abc", "380", "-5%"]
    prose = lines_of([*row("abc defgh  ij", top=100), *row("kl  mnopqrs tu", top=80)])
    assert [each.text for each in prose] == ["abc defgh ij", "kl mnopqrs tu"]


def test_the_cells_of_successive_rows_are_joined_and_those_of_a_single_row_are_not() -> None:
    page = [line("مقدمة الجدول", 0, 200), line("الصنف", 100, 180), line("السعر", 0, 180), line("تين", 100, 160),
            line("450", 0, 160), line("خاتمة", 0, 140)]
    lines, rows = with_joined_rows(page)
    assert [each.text for each in lines] == ["مقدمة الجدول", "الصنف | السعر", "تين | 450", "خاتمة"]
    assert rows == {1, 2}
    single = [line("اليمين", 100, 180), line("اليسار", 0, 180), line("نص", 0, 160)]
    assert with_joined_rows(single) == (single, frozenset())


def test_columns_of_prose_are_no_table() -> None:
    cells = [line(text, left, top) for top in (100, 80, 60) for left, text in ((0, "تين أخضر"), (200, "450"))]
    prose = [line("كلمات كثيرة في سطر من عمود", left, top) for top in (100, 80, 60) for left in (0, 200)]
    assert (is_table(cells), is_table(prose), is_table(cells[:2]), is_table(cells[:3])) == (True, False, False, False)


def test_the_rows_of_a_printed_table_are_lines_of_their_own() -> None:
    names = {chr(code): chr(code) for code in range(0x20, 0x7F)}
    rows = ((150, (b"Fruit", b"Price")), (130, (b"Figs", b"450")), (110, (b"Dates", b"380")))
    drawing = b"".join(b"BT /F 12 Tf %d %d Td (%s) Tj ET " % (left, top, text)
                       for top, cells in rows for left, text in zip((10, 80), cells, strict=True))
    assert article_of_pdf(drawn_pdf(drawing, names)).text.split("\n\n") == [
        "Fruit | Price", "Figs | 450", "Dates | 380"]
