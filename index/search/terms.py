"""What a passage is found by: the grams of its words, and a term for each day, month and year that it names.

However a date is written, its terms are the same: "أمس" in an article of 6 March 2018 and "5 آذار 2018" in a question
share those of the day, the month and the year. A term is a gram of its own, spelled in a private-use alphabet like the
skeletons of `index/language/arabic.py`, so that no written word has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.chunker import passage_text
from index.language.arabic import grams, grams_of_words, normalise, split_words
from index.language.dates import Mention, find_dates
from index.language.dates.hijri import MARGIN
from index.language.numbers import numbers_in_words
from index.types import Article, Passage

# A mention stands for its days when it is of at most a week, for its months when of at most one, for at most ten years.
MOST_DAYS = 7
MOST_DAYS_OF_MONTHS = 31
MOST_YEARS = 10
# Smaller numbers in words are as often articles and adjectives as numbers.
LEAST_NUMBER = 11

# How often a question asks for each kind of term. A word is four grams or so, and a day is worth two: what else is in
# the question, the passages of one story share.
_DAY, _MONTH, _YEAR, _DAY_OF_YEAR = range(0xE100, 0xE104)
TIMES_ASKED = {_DAY: 8, _MONTH: 4, _YEAR: 2, _DAY_OF_YEAR: 2}


class Terms(NamedTuple):
    """The grams of the words, as often as they are there, and the terms of what is named besides, each (terms,)
    uint64. A text is as long as its words: what else it is found by makes it no longer."""

    words: NDArray[np.uint64]
    named: NDArray[np.uint64]


def passage_terms(article: Article, passage: Passage) -> Terms:
    """What the passage is indexed by. Its dates are counted from the article's day; those of the title are its own too,
    the day of publication is not."""
    text = article.text[passage.start:passage.end]
    published = article.published_on
    mentions = [mention for part in (article.title, text) for mention in find_dates(part, published)]
    dates = {term for mention in mentions for term in _terms_of(mention, widened=True)}
    return Terms(grams(passage_text(article, passage)), _with_numbers(sorted(dates), text))


def question_terms(text: str) -> Terms:
    """What a question, or any other text, is looked for by: dates as often as they weigh. What it counts from today is
    no date."""
    return terms_of_parsed(text, normalise(text), find_dates(text))


def terms_of_parsed(text: str, normalised: str, mentions: Iterable[Mention]) -> Terms:
    """As `question_terms`, for a text whose normalised form and dates are known already."""
    dates = {term for mention in mentions for term in _terms_of(mention, widened=False)}
    asked = [term for term in sorted(dates) for _ in range(TIMES_ASKED[term >> 48])]
    return Terms(grams_of_words(split_words(normalised)), _with_numbers(asked, text))


def _with_numbers(dates: Sequence[int], text: str) -> NDArray[np.uint64]:
    """The terms of the dates, and the grams of the digits of what the text says in words."""
    numbers = " ".join(str(number.value) for number in numbers_in_words(text) if number.value >= LEAST_NUMBER)
    return np.concatenate([np.array(dates, np.uint64), grams(numbers)])


def _terms_of(mention: Mention, *, widened: bool) -> Iterator[int]:
    """Days, months and years of a mention; `widened` has those beside a Hijri day, which may be meant as well."""
    if mention.yearless and mention.yearless[1]:
        yield _term(_DAY_OF_YEAR, 100 * mention.yearless[0] + mention.yearless[1])
    if mention.first is None or mention.last is None:
        return
    first, last = mention.first, mention.last
    days = (last - first).days + 1
    if days == 1:
        yield _term(_DAY_OF_YEAR, 100 * first.month + first.day)
    if last.year - first.year < MOST_YEARS:
        yield from (_term(_YEAR, year) for year in range(first.year, last.year + 1))
    if days <= MOST_DAYS_OF_MONTHS:
        yield from {_term(_MONTH, 100 * day.year + day.month) for day in (first, last)}
    if days <= MOST_DAYS:
        margin = MARGIN if widened and mention.expressed == "hijri" and mention.approximate else timedelta(0)
        yield from (_term(_DAY, day) for day in range((first - margin).toordinal(), (last + margin).toordinal() + 1))


def _term(kind: int, value: int) -> int:
    return kind << 48 | value
