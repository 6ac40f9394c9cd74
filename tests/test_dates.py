"""The dates that texts name: a gold table, and what holds for every text."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.arabic import AMBIGUOUS_MONTHS, MONTHS
from index.language.dates import Mention, find_dates
from tests.examples import examples

GOLD = Path(__file__).parent / "data" / "dates.tsv"
"""A text, its day of publication, and its mentions: `quote=days flags`, parted by " ; ". Days are one or two; `02-05`
is a day without its year (`02-00` a month), `-` is unknown. Flags: how it is expressed (gregorian, hijri, relative), ~
when it is approximate, i when it is inferred. A line with # is a heading."""


def gold_rows() -> list[tuple[str, date | None, str]]:
    lines = GOLD.read_text(encoding="utf-8").split("\n")[1:-1]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(text, date.fromisoformat(published) if published else None, mentions)
            for text, published, mentions in rows]


def written(text: str, mentions: list[Mention]) -> str:
    """The mentions as the gold table writes them."""
    return " ; ".join(f"{text[mention.start:mention.end]}={_days(mention)} {_flags(mention)}" for mention in mentions)


def _days(mention: Mention) -> str:
    if mention.first is None or mention.last is None:
        return "{:02}-{:02}".format(*mention.yearless) if mention.yearless else "-"
    days = [f"{day.year:04}-{day.month:02}-{day.day:02}" for day in (mention.first, mention.last)]
    return days[0] if days[0] == days[1] else "..".join(days)


def _flags(mention: Mention) -> str:
    return mention.expressed[0] + "~" * mention.approximate + "i" * mention.inferred


def test_the_gold_table_has_two_hundred_rows_and_every_kind() -> None:
    rows = gold_rows()
    assert len(rows) >= 200
    assert len({(text, published) for text, published, _ in rows}) == len(rows)
    expected = " ; ".join(mentions for _, _, mentions in rows if mentions).split(" ; ")
    assert {mention.rpartition(" ")[2][0] for mention in expected} == set("ghr")
    assert sum(not mentions for _, _, mentions in rows) >= 40


@pytest.mark.parametrize(("text", "published", "mentions"), gold_rows(), ids=lambda value: str(value)[:40])
def test_gold(text: str, published: date | None, mentions: str) -> None:
    assert written(text, find_dates(text, published)) == mentions


# ---- what holds for every text ----

DATED = st.lists(st.one_of(
    st.sampled_from([name for names in MONTHS for name in names]),
    st.sampled_from("""
        في من إلى بين و عام سنة العام الماضي المقبل الجاري الشهر الأسبوع هذا يوم اليوم أمس الأول غدا بعد غد قبل منذ
        ثلاثة أيام أسبوعين شهر الثلاثاء الجمعة مطلع نهاية الخامس عشر والعشرين رمضان ربيع الآخر هـ م 5 ٥ ۵ 17 31 1443
        2018 ٢٠٢٢ 05/02/2022 2022-02-05 3-5 February May 5th last week ago ، . / - ( ) مساء""".split()),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x6FF), max_size=6)), max_size=14).map(" ".join)
DAYS = st.none() | st.dates(date(1300, 1, 1), date(2200, 1, 1))


@examples(300)
@given(DATED, DAYS)
def test_mentions_lie_in_the_text_one_after_the_other_with_days_in_order(text: str, published: date | None) -> None:
    before, text = 0, f"{text} 5 شباط 2018"
    mentions = find_dates(text, published)
    assert mentions
    for mention in mentions:
        assert before <= mention.start < mention.end <= len(text)
        assert text[mention.start:mention.end].strip() == text[mention.start:mention.end]
        assert (mention.first is None) == (mention.last is None)
        assert mention.first is None or mention.last is None or mention.first <= mention.last
        before = mention.end


@examples(300)
@given(DATED, DAYS, st.text(st.characters(blacklist_categories=["N", "L", "M"]), max_size=20))
def test_what_stands_in_the_lines_before_moves_the_places_and_changes_nothing(
        text: str, published: date | None, before: str) -> None:
    shift = len(before) + 1
    moved = find_dates(f"{before}\n{text}", published)
    assert [(mention.start - shift, mention.end - shift, mention.days) for mention in moved] == [
        (mention.start, mention.end, mention.days) for mention in find_dates(text, published)]


@examples(200)
@given(DATED, DAYS, st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_digits_of_every_script_say_the_same(text: str, published: date | None, digits: str) -> None:
    written_otherwise = text.translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))
    assert find_dates(written_otherwise, published) == find_dates(text, published)


@pytest.mark.parametrize("names", MONTHS, ids=[names[0] for names in MONTHS])
def test_every_name_of_a_month_is_that_month_beside_a_number(names: tuple[str, ...]) -> None:
    month = MONTHS.index(names) + 1
    for name in names:
        assert [mention.first for mention in find_dates(f"في 5 {name} 2018")] == [date(2018, month, 5)]


@pytest.mark.parametrize("name", sorted(AMBIGUOUS_MONTHS))
def test_a_name_that_is_another_word_is_no_month_without_a_number(name: str) -> None:
    assert find_dates(f"قال {name} إن", date(2018, 3, 6)) == []


@pytest.mark.parametrize("day", [date(1300, 1, 1), date(2200, 1, 1), date.min, date.max])
def test_a_publication_at_the_ends_of_the_calendar_raises_nothing(day: date) -> None:
    text = ("أمس وغدا والعام الماضي والعام المقبل والشهر الماضي والشهر المقبل وقبل 900 سنة و10 محرم و5 شباط والثلاثاء"
            " الماضي")
    assert len(find_dates(text, day)) == 10


@pytest.mark.slow
@pytest.mark.parametrize("text", [
    "1" * 200_000, "1 " * 100_000, "1/" * 100_000, "2018-" * 40_000, "5 و " * 50_000, "امس " * 50_000,
    "شباط " * 40_000, "كانون الأول " * 16_000,
    "ثلاثة " * 32_000, "رمضان 1443 " * 20_000, "الثلاثاء " * 20_000, "عام 2018 " * 20_000,
    ". , - / " * 25_000, "ا" * 200_000, "\u064b" * 200_000, " " * 200_000],
    ids=lambda text: re.sub(r"\s", "_", text[:8]))
def test_finding_takes_time_in_proportion_to_the_text(text: str) -> None:
    """A fifth of a megabyte takes 0.01 to 0.8 s here; what is quadratic takes minutes."""
    started = time.perf_counter()
    find_dates(text, date(2018, 3, 6))
    assert time.perf_counter() - started < 10
