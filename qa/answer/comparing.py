"""Put the sentence first that wins the comparison a question asks for: the latest, the first, the most, the least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.language.dates import Mention
from index.language.function_words import ASKING_WORDS
from index.language.tokens import compared_words
from qa.answer.agreement import amounts_of
from qa.answer.lines import line_of
from qa.answer.ranking import RankedSentence, brought_first
from qa.answer.sameness import Said, has_word
from qa.question.comparisons import TIME, Comparison, Wins
from qa.question.parsed import ParsedQuestion
from qa.topics.dates_read import DatesRead
from qa.topics.figures import figures

# Only sentences are compared whose score is at most this far below the best one, and which have this share of the
# question's content words, the comparing word aside.
COMPARED_WITHIN = 0.08
MIN_WORDS_SHARE = 0.6
# A date is compared if it is at most this long: a year says enough to order events of different years.
LONGEST_DATE = timedelta(days=366)
# Words in front of a superlative that name one of several, or one behind the first.
_OF_SEVERAL = compared_words("من أحد إحدى وأحد وإحدى بين among")
_SECOND = compared_words("ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر ثانية ثالثة second third fourth fifth sixth")
_ARTICLES = compared_words("the")


@dataclass(frozen=True, slots=True)
class _Compared:
    """A sentence and its value, larger for what is later or more; `last` is the last day or the figure itself."""

    sentence: RankedSentence
    first: float
    last: float


def winner_first(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the ranked sentences with the one first that wins the question's comparison; unchanged if none does.

    At least two sentences must speak of the compared noun, each with a date or a figure that counts it, and differ in
    it. If a sentence itself says what is the latest or the largest, nothing changes either. The winner takes the best
    score, so that as many further sentences stay close to it.

    If the question names the two things that it compares, only sentences that name one of them are left, the one of the
    thing that wins first, if both have a figure of one unit.
    """
    comparison = question.comparison
    if comparison is not None and comparison.between:
        return _of_two(comparison, ranked)
    if comparison is None or not ranked or any(_says_so(each, comparison) for each in ranked):
        return list(ranked)
    compared = list(_compared(question, comparison, ranked))
    winner = _winner(comparison, compared)
    if winner is None or winner is ranked[0]:
        return list(ranked)
    return brought_first(winner, ranked)


def _of_two(comparison: Comparison, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the best sentence of each of the two things, the winner first; all sentences if one thing has none."""
    one, other = comparison.between
    best: list[RankedSentence] = []
    for words, others in ((one, other), (other, one)):
        found = [each for each in ranked if _names(words, each) and not _names(others, each)]
        best += [replace(found[0], score=ranked[0].score)] if found else []
    both = [each for each in ranked if _names(one, each) and _names(other, each)]
    if both and (len(best) < len(comparison.between) or both[0] is ranked[0]):
        return [both[0], *(each for each in ranked if each is not both[0])]
    if len(best) < len(comparison.between):
        return list(ranked)
    values = [_values(each, is_by_day=comparison.wins.is_by_day) for each in best]
    unit = next((unit for unit in values[0] if unit in values[1]), "")
    if unit == "":
        return best
    is_largest = comparison.wins in (Wins.LARGEST, Wins.LATEST)
    return best if (values[0][unit] > values[1][unit]) == is_largest else best[::-1]


def _values(sentence: RankedSentence, *, is_by_day: bool) -> dict[str | None, float]:
    """Return the amounts of a sentence by their unit, or its first day under "day"."""
    if not is_by_day:
        return {quantity.unit: float(quantity.value) for quantity in amounts_of(sentence.text)}
    days = [mention.first for mention in DatesRead().within(sentence.article, sentence.sentence) if mention.first]
    return {"day": float(days[0].toordinal())} if days else {}


def _names(words: Sequence[str], sentence: RankedSentence) -> bool:
    return all(has_word(word, Said.by(sentence.text)) for word in words)


def _says_so(sentence: RankedSentence, comparison: Comparison) -> bool:
    """Tell whether a sentence has the comparing word right before the noun, in its own words."""
    words = line_of(sentence.text).words
    return any(not _is_one_of_several(words, place) for place in _places_of_comparison(words, comparison))


def says_lesser(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence has only the second largest, or one of the largest, where the largest is asked for."""
    comparison = question.comparison
    asked = question.words[bool(question.words) and question.words[0] in ASKING_WORDS:]
    if comparison is None or not comparison.noun or comparison.between or comparison.wins.is_by_day \
            or any(_is_one_of_several(asked, place) for place in _places_of_comparison(asked, comparison)):
        return False
    words = line_of(sentence.text).words
    places = list(_places_of_comparison(words, comparison))
    return bool(places) and all(_is_one_of_several(words, place) for place in places)


def _places_of_comparison(words: Sequence[str], comparison: Comparison) -> Iterator[int]:
    """Yield the places of the comparing word where the noun follows."""
    for place, word in enumerate(words):
        if comparison.word in (word, word[1:]) and (not comparison.noun or has_word(
                comparison.noun, Said.by(" ".join(words[place + 1:place + 4])))):
            yield place


def _is_one_of_several(words: Sequence[str], place: int) -> bool:
    """Tell whether the comparing word at `place` leaves somebody ahead: ثاني أكبر, من أكبر, one of the largest."""
    before = [word for word in words[max(0, place - 3):place] if word not in _ARTICLES]
    return bool(before) and (before[-1] in _OF_SEVERAL or before[-1] in _SECOND or before[-1][1:] in _SECOND
                             or before[-2:] == ["one", "of"])


def _compared(question: ParsedQuestion, comparison: Comparison, ranked: Sequence[RankedSentence]
              ) -> Iterator[_Compared]:
    dates = DatesRead()
    words = [word for word in question.wanted.content if comparison.word not in (word, word[1:]) and word != TIME]
    for sentence in ranked:
        said = Said.by(sentence.text)
        found = sum(has_word(word, said) for word in words)
        if sentence.score < ranked[0].score - COMPARED_WITHIN or found < MIN_WORDS_SHARE * len(words):
            continue
        if comparison.wins.is_by_day:
            if not comparison.noun or has_word(comparison.noun, said):
                yield from _by_day(question, sentence, dates)
        else:
            read = list(_figures_in(sentence, dates))
            values = [value for value, unit in read if has_word(comparison.noun, Said.by(unit))] or [
                value for value, _ in read if has_word(comparison.noun, said)]
            if len(values) == 1:
                yield _Compared(sentence, values[0], values[0])


def _by_day(question: ParsedQuestion, sentence: RankedSentence, dates: DatesRead) -> Iterator[_Compared]:
    """Yield the sentence with its date if it names exactly one, which the publication has seen."""
    asked = {mention.days for mention in question.dates}
    named = [mention for mention in dates.within(sentence.article, sentence.sentence) if _is_exact(mention)]
    days = {mention.days for mention in named} - asked
    published = sentence.article.published_on
    if len(days) == 1 and (found := days.pop()) is not None and (published is None or found[0] <= published):
        yield _Compared(sentence, found[0].toordinal(), found[1].toordinal())


def _is_exact(mention: Mention) -> bool:
    first, last = mention.first or date.min, mention.last or date.max
    return last - first <= LONGEST_DATE


def _figures_in(sentence: RankedSentence, dates: DatesRead) -> Iterator[tuple[float, str]]:
    """Yield the figures of a sentence: each value and the normalised word that it counts."""
    for figure in figures(sentence.text, dates.in_text_of(sentence.article, sentence.sentence)):
        yield figure.value, figure.unit


def _winner(comparison: Comparison, compared: Sequence[_Compared]) -> RankedSentence | None:
    """Return the sentence that wins against all others with another value; None if there is no clear winner."""
    if len({(each.first, each.last) for each in compared}) < 2:
        return None
    if comparison.wins in (Wins.LATEST, Wins.LARGEST):
        best = max(compared, key=lambda each: each.first)
        beats = all(each.last < best.first or (each.first, each.last) == (best.first, best.last) for each in compared)
    else:
        best = min(compared, key=lambda each: each.last)
        beats = all(each.first > best.last or (each.first, each.last) == (best.first, best.last) for each in compared)
    return best.sentence if beats else None
