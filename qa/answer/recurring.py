"""Answer a question about one year's prize, cup or election with a sentence of that year rather than of another one.

What recurs is told in the same words every year: to "who won the prize in 2018" the winner of 2009 is as near.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.language.clitics import strip_for_speakers, without_article
from index.language.function_words import NOT_AT_TIME
from index.language.tokens import compared_words
from qa.answer.lines import line_of
from qa.answer.ranking import RankedSentence, brought_first
from qa.answer.years import years_in
from qa.question.parsed import ParsedQuestion

# A sentence of the year has this share of the question's words, its title included, and scores at most so much less.
MIN_WORDS_KNOWN, WITHIN = 0.5, 0.15
_RECURRING = compared_words("""
    جائزة جوائز كأس مونديال انتخابات أولمبياد أولمبية أولمبي بطولة دوري مهرجان سباق
    prize award cup election elections olympics championship league festival
""")
_YEAR = compared_words("عام سنة العام")


def of_year_first(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the ranked sentences with the first one of the year asked for first, if another year's came first.

    Nothing changes unless the question names what recurs and one year. A sentence without a year is of the year in
    which its article was published. The sentence that comes first takes the best score.
    """
    year = _year_of(question)
    if year is None or not ranked or not _is_of_other(ranked[0], year):
        return list(ranked)
    return brought_first(next((
        each for each in ranked[1:] if _is_of(each, year) and _names_any(line_of(each.text).words)
        and each.evidence.words_known >= MIN_WORDS_KNOWN and each.score >= ranked[0].score - WITHIN), None), ranked)


def lacks_year(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence names other years only than the one in which something recurs."""
    year = _year_of(question)
    return year is not None and _is_of_other(sentence, year)


def _year_of(question: ParsedQuestion) -> int | None:
    """Return the only year of a question about something that recurs; None if it is before or after that year."""
    years = years_in(question.normalised)
    if len(years) != 1 or not _names_any(question.words):
        return None
    (year,) = years
    return year if _is_at(question.words, year) else None


def _is_at(words: Sequence[str], year: int) -> bool:
    """Tell whether words tell of a year itself, not of what was before or since."""
    place = next((place for place, word in enumerate(words) if str(year) in word), 0)
    before = [word for word in words[:place] if word not in _YEAR]
    return NOT_AT_TIME.isdisjoint(before[-1:])


def _names_any(words: Sequence[str]) -> bool:
    return any(not _RECURRING.isdisjoint((word, without_article(word), strip_for_speakers(word))) for word in words)


def _is_of(sentence: RankedSentence, year: int) -> bool:
    years, published = years_in(line_of(sentence.text).normalised), sentence.article.published_on
    return year in years or not years and published is not None and published.year == year


def _is_of_other(sentence: RankedSentence, year: int) -> bool:
    line = line_of(sentence.text)
    years = years_in(line.normalised)
    return any(_is_at(line.words, each) for each in years) and not min(years) <= year <= max(years)
