"""Make the search terms of passages and questions: the grams of their words, and one term for each day, month and year.

A date has the same terms however it is written: "أمس" in an article of 6 March 2018 and "5 آذار 2018" in a question
share the terms of that day, month and year. These terms are grams in a private-use alphabet, like the skeletons of
`index/language/arabic.py`, so that no written word can contain them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.chunker import indexed_title, passage_text
from index.language.arabic import grams, grams_of_words, normalise, split_words
from index.language.dates import Mention, find_dates
from index.language.dates.hijri import MARGIN
from index.language.quantities import find_quantities
from index.types import Article, Passage

# A mention gets terms for its days if it spans at most a week, for its months if at most one month, for its years if
# at most ten.
MOST_DAYS = 7
MOST_DAYS_OF_MONTHS = 31
MOST_YEARS = 10
# Smaller numbers in words are as often articles or adjectives ("one", "first") as numbers.
LEAST_NUMBER = 11

# How many times each kind of term counts in a question. A word has about four grams and a day counts as two words,
# because passages of one story share the other words of the question.
_DAY, _MONTH, _YEAR, _DAY_OF_YEAR = range(0xE100, 0xE104)
TIMES_ASKED = {_DAY: 8, _MONTH: 4, _YEAR: 2, _DAY_OF_YEAR: 2}


class Terms(NamedTuple):
    """The grams of the words, with repetitions, and the terms of dates and numbers (`named`); each (terms,) uint64.

    Only `words` count for the length of a text.
    """

    words: NDArray[np.uint64]
    named: NDArray[np.uint64]


def passage_terms(article: Article, passage: Passage) -> Terms:
    """Make the terms that a passage is indexed by.

    Relative dates are resolved from the article's day. Dates in the indexed part of the title count; the day of
    publication does not.
    """
    text = article.text[passage.start:passage.end]
    published = article.published_on
    mentions = [mention for part in (indexed_title(article), text) for mention in find_dates(part, published)]
    dates = {term for mention in mentions for term in _terms_of(mention, widened=True)}
    return Terms(grams(passage_text(article, passage)), _with_quantities(sorted(dates), text))


def question_terms(text: str) -> Terms:
    """Make the terms of a question, each date repeated as `TIMES_ASKED` says. Relative dates ("today") are ignored."""
    return terms_of_parsed(text, normalise(text), find_dates(text))


def terms_of_parsed(text: str, normalised: str, mentions: Iterable[Mention]) -> Terms:
    """Make the terms of a question whose normalised text and dates are known; see `question_terms`."""
    dates = {term for mention in mentions for term in _terms_of(mention, widened=False)}
    asked = [term for term in sorted(dates) for _ in range(TIMES_ASKED[term >> 48])]
    return Terms(grams_of_words(split_words(normalised)), _with_quantities(asked, text))


def _with_quantities(dates: Sequence[int], text: str) -> NDArray[np.uint64]:
    """Append to the terms of the dates the grams of the digits of the text's quantities; see `_digits`."""
    return np.concatenate([np.array(dates, np.uint64), grams(" ".join(_digits(text)))])


def _digits(text: str) -> Iterator[str]:
    """Yield the whole quantities of a text, units left out, in digits: 1500000 for مليون ونصف and for "1.5 مليون".

    Digits without separators are left out, since they are words of the text.
    """
    for quantity in find_quantities(text):
        value = quantity.value
        if value >= LEAST_NUMBER and value.denominator == 1 \
                and not text[quantity.number_start:quantity.number_end].isdecimal():
            yield str(value)


def _terms_of(mention: Mention, *, widened: bool) -> Iterator[int]:
    """Yield the terms of a mention's days, months and years.

    `widened` adds the days around an approximate Hijri day, which may be the one that is meant.
    """
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
