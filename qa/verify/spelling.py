"""Split a text into words for comparison, and tell whether words differ only in spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.language.arabic import AMBIGUOUS_MONTHS, MONTHS, normalise
from index.language.clitics import BEFORE_SPELLING
from index.language.numbers import one_spelling_of_hundred
from index.language.offsets import Normalised
from index.language.quantities import Quantity, find_quantities

# Words and numbers, with their thousands separators, and the signs that change the meaning of a number.
_WORD = re.compile(r"[^\W\d_]*\d{1,3}(?:[.,٬،]\d{3})+(?!\d)|[^\W_]+|[%٪$€£¥]")
_SEPARATOR = re.compile(r"(?<=\d)[.,٬،](?=\d{3})")
_HAMZAS = str.maketrans("", "", "ؤئء")
# Words that Arabic news spells in several ways: all are replaced by the first spelling, with any prefix or ending.
_SPELLED_AS = {written: forms[0] for forms in (line.split() for line in """
    ترامب ترمب
    نتنياهو نتانياهو
    زيلينسكي زيلنسكي زلينسكي زلنسكي
    بايدن بايدين
    تيلرسون تيليرسون
    ميركل ميركيل مركل
    غوتيريش غوتيريس جوتيريش جوتيريس
    اردوغان اردوجان
    كوشنر كوشنير
    غوغل جوجل
    فيسبوك فايسبوك
    انستغرام انستجرام
    تلغرام تليغرام تيليغرام
    كونغرس كونجرس
    امريك اميرك
    انجليز انكليز
    انجلترا انكلترا انغلترا
    هلسنكي هيلسنكي
    بروكسل بروكسيل
    مانشستر مانشيستر
    بيونغ بيونج
    يانغ يانج
    جونغ جونج
    سوريا سوريه
    اسطنبول استنبول استانبول
    ديمقراط ديموقراط
    تكنولوج تكنلوج
    تلفزيون تليفزيون
    تلفون تليفون
    غرام جرام
""".strip().splitlines()) for written in forms[1:]}
_SPELLED_AS |= {normalise(name): normalise(names[0]) for names in MONTHS for name in names[1:]
                if " " not in name and name not in AMBIGUOUS_MONTHS}
_VARIANT = re.compile(rf"({BEFORE_SPELLING})({'|'.join(sorted(_SPELLED_AS, key=len, reverse=True))})(\w{{0,3}})")
MIN_BARE_CHARS = 3


class Word(NamedTuple):
    """A word at `text[start:end]`; words with equal `form` are the same word."""

    form: str
    start: int
    end: int


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """List the words of `text[start:end]` in order, with offsets into `text`.

    A number in several words is one word, whose form is its value; its unit is a second one: "مليون ونصف دولار",
    "1.5 مليون دولار" and "$1.5m" are the same two words. If the sign stands before the number, the span of both words
    is that of number and sign.
    """
    words = _written_words(text, start, end)
    quantities = find_quantities(text[start:end])
    return _with_quantities(words, quantities, start) if quantities else words


def _with_quantities(words: Sequence[Word], quantities: Iterable[Quantity], offset: int) -> list[Word]:
    """Replace the words of each quantity by its number and its unit, or, where a word reaches beyond, not at all."""
    joined: list[Word] = []
    at = 0
    for quantity in quantities:
        start, end = quantity.start + offset, quantity.end + offset
        while at < len(words) and words[at].start < start:
            joined.append(words[at])
            at += 1
        first = at
        while at < len(words) and words[at].end <= end:
            at += 1
        exact = at > first and words[first].start == start and words[at - 1].end == end
        joined.extend(_words_of_quantity(quantity, words[first:at], offset) if exact else words[first:at])
    return [*joined, *words[at:]]


def _words_of_quantity(quantity: Quantity, words: Sequence[Word], offset: int) -> Iterator[Word]:
    start, end, number_end = quantity.start + offset, quantity.end + offset, quantity.number_end + offset
    value = str(quantity.value)
    if quantity.unit is None:
        yield Word(value, start, end)
    elif quantity.start < quantity.number_start:
        yield Word(value, start, end)
        yield Word(_form_of_unit(quantity.unit), start, end)
    else:
        unit_start = next((word.start for word in words if word.start >= number_end), number_end)
        yield Word(value, start, number_end)
        yield Word(_form_of_unit(quantity.unit), unit_start, end)


def _form_of_unit(unit: str) -> str:
    return f"#{unit}"  # no written word has this sign


def _written_words(text: str, start: int, end: int | None) -> list[Word]:
    normalised = Normalised.of(text[start:end])
    # Lists, since indexing into an array would take as long as all the rest.
    starts, ends = (normalised.starts + start).tolist(), (normalised.ends + start).tolist()
    return [Word(_form(match[0]), starts[match.start()], ends[match.end() - 1])
            for match in _WORD.finditer(normalised.text)]


def same_but_for_spelling(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether words as written differ only in spaces, hamzas or the silent alef of the plural.

    `مسئول` and `مسؤول`, `أبو ظبي` and `أبوظبي`, `قالو` and `قالوا`.
    """
    ones, others = _bare("".join(one)), _bare("".join(other))
    return ones == others and len(ones) >= MIN_BARE_CHARS


@lru_cache(maxsize=1 << 16)
def _form(word: str) -> str:
    word = "%" if word == "٪" else one_spelling_of_hundred(_SEPARATOR.sub("", word))
    variant = _VARIANT.fullmatch(word)
    return f"{variant[1]}{_SPELLED_AS[variant[2]]}{variant[3]}" if variant else word


def _bare(written: str) -> str:
    bare = normalise(unicodedata.normalize("NFKC", written).translate(_HAMZAS))
    return _form(bare.removesuffix("ا") if bare.endswith("وا") else bare)
