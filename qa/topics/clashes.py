"""Tell whether two sentences state different numbers, days or speakers for one thing.

A clash is True where they differ, False where they agree, and None where they do not bear on each other: other people
counted, another day, a toll that grew, one person under two titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from qa import contract
from qa.answer.sameness import has_word
from qa.topics.counts import contradict
from qa.topics.occurrence import MONTH
from qa.topics.statements import Statement, Value
from qa.verify.speakers import SaidBy, judge, names_person

# Those who are saved are counted on from day to day, as the dead are.
_RESCUE = re.compile(r"\w{0,3}(?:نقاذ|جلاء|خراج|نقذ\w?|خرج\w?|جلي\w?|rescued?|evacuated?)")
Pair = tuple[Statement, Value]

SAME_EVENT_COSINE = 0.785
# The share of the word weight of the sentence with less weight that both must have: for numbers; for the dead and
# wounded of one day; for speakers, whose names differ; and for days, which only the words around them show to belong
# together.
SHARED_WORDS = 0.5
SHARED_WORDS_OF_TOLLS = 0.35
SHARED_WORDS_OF_SPEAKERS = 0.55
SHARED_WORDS_OF_DAYS = 0.75
# What two speakers said must be close to the same words.
SAME_WORDS_COSINE = 0.88
# The displaced of one topic are counted as they flee, so that sentences about them are less alike.
DISPLACED_COSINE = 0.77
# Articles published more days apart describe different situations, unless both name the day; those about the displaced
# may be this many days apart, and those that give an age.
MAX_DAYS_APART, MAX_DAYS_APART_OF_DISPLACED, MAX_DAYS_APART_OF_AGES = 2, 14, 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of disagreement: the values that are compared, and how."""

    name: contract.DisagreementKind
    values_of: Callable[[Statement], Sequence[Value]]
    clash: Callable[[Pair, Pair], bool | None]
    same_thing: Callable[[Pair, Pair], bool]


def counts_clash(one: Pair, other: Pair) -> bool | None:
    """Tell whether two figures differ."""
    mine, theirs = one[1].count, other[1].count
    if mine is None or theirs is None:
        return None
    verdict = contradict(mine, theirs)
    if verdict is None or not _same_time(one, other) or not _same_place(one, other):
        return None
    return None if verdict and (_has_changed(one, other) or _are_two_persons(one, other)) else verdict


def _counts_same_thing(one: Pair, other: Pair) -> bool:
    (mine, value), (theirs, _) = one, other
    fate = value.count.fate if value.count else ""
    cosine = mine.cosine_with(theirs)
    if fate == "displaced":
        return cosine >= DISPLACED_COSINE
    is_of_one_day = fate != "" and mine.occurred is not None and mine.occurred == theirs.occurred
    return cosine >= SAME_EVENT_COSINE and mine.shares_with(theirs) >= (
        SHARED_WORDS_OF_TOLLS if is_of_one_day else SHARED_WORDS)


def _same_time(one: Pair, other: Pair) -> bool:
    """Tell whether two sentences are about the same time, since a number may have grown by a later report.

    If both name the day of what they report, or one speaks of long ago, the days must overlap; else the articles must
    be published close to each other. An article without a date passes.
    """
    is_age = one[1].count is not None and one[1].count.is_age
    mine, theirs = (None, None) if is_age else (one[0].occurred, other[0].occurred)
    first, second = one[0].sentence.article.published_on, other[0].sentence.article.published_on
    if not is_age and (one[0].is_of_long_ago or other[0].is_of_long_ago):
        mine, theirs = mine or one[0].named or _only(first), theirs or other[0].named or _only(second)
    overlap = mine is not None and theirs is not None and mine[0] <= theirs[1] and theirs[0] <= mine[1]
    if mine and theirs and (not overlap or mine == theirs or min(mine[1] - mine[0], theirs[1] - theirs[0]) <= MONTH):
        return overlap  # "since January" goes on growing, so that the articles must be of about one day
    return first is None or second is None or abs((first - second).days) <= _days_apart(one[1])


def _only(day: date | None) -> tuple[date, date] | None:
    return None if day is None else (day, day)


def _days_apart(value: Value) -> int:
    if value.count is None:
        return MAX_DAYS_APART
    return MAX_DAYS_APART_OF_DISPLACED if value.count.fate == "displaced" \
        else MAX_DAYS_APART_OF_AGES if value.count.is_age else MAX_DAYS_APART


def _same_place(one: Pair, other: Pair) -> bool:
    """Tell whether neither figure is of another place: "20 killed in Aleppo" and "15 killed in Idlib"."""
    mine, theirs = one[1].count, other[1].count
    if mine is None or theirs is None:
        return True
    if any(count.is_apart and count.place and not has_word(count.place, pair[0].said)
           for count, pair in ((mine, other), (theirs, one))):
        return False
    if not mine.place or not theirs.place:
        return True
    return has_word(mine.place, other[0].said) or has_word(theirs.place, one[0].said)


def _are_two_persons(one: Pair, other: Pair) -> bool:
    """Tell whether either sentence also gives the other age, which is then that of somebody else it names."""
    sides = ((other[1].count, one[0]), (one[1].count, other[0]))
    return any(count is not None and count.is_age and each.count is not None and each.count.is_age
               and contradict(each.count, count) is False for count, statement in sides for each in statement.counts)


def _has_changed(one: Pair, other: Pair) -> bool:
    """Tell whether the later of two figures is news, not a contradiction: a toll that rose, a corrected number.

    The dead and the wounded are counted on from day to day, so that more of them on a later day are no contradiction.
    """
    earlier, later = sorted((one, other), key=lambda each: each[0].sentence.article.published)
    mine, theirs = earlier[1].count, later[1].count
    first, second = earlier[0].sentence.article.published_on, later[0].sentence.article.published_on
    if mine is None or theirs is None or first is None or second is None:
        return False
    grew = theirs.figure.value > mine.figure.value
    return theirs.is_changed or (mine.is_changed and first == second) or (
        grew and first < second and (mine.fate in ("killed", "wounded")
                                     or any(_RESCUE.fullmatch(word) for word in (*mine.near, *theirs.near))))


def days_clash(one: Pair, other: Pair) -> bool | None:
    """Tell whether two days differ."""
    mine, theirs = one[1].mention, other[1].mention
    if mine is None or theirs is None or not (mine.first and mine.last and theirs.first and theirs.last):
        return None
    return mine.last < theirs.first or theirs.last < mine.first


def speakers_clash(one: Pair, other: Pair) -> bool | None:
    """Tell whether each article rules out the other's speaker; None if either leaves it open, or names no person."""
    (mine, value), (theirs, other_value) = one, other
    if not names_person(value.speaker) or not names_person(other_value.speaker):
        return None
    places = ((mine, value, other_value), (theirs, other_value, value))
    verdicts = {judge(statement.sentence.article, SaidBy((own.start, own.end), certain=True, stance="stated"),
                      another.speaker, statement.words_read)
                for statement, own, another in places}
    return None if "undetermined" in verdicts else verdicts == {"contradicted"}


def _is_close(cosine: float, share: float) -> Callable[[Pair, Pair], bool]:
    return lambda one, other: one[0].cosine_with(other[0]) >= cosine and one[0].shares_with(other[0]) >= share


KINDS = (
    Kind("number", lambda statement: statement.counts, counts_clash, _counts_same_thing),
    Kind("date", lambda statement: statement.days, days_clash, _is_close(SAME_EVENT_COSINE, SHARED_WORDS_OF_DAYS)),
    Kind("attribution", lambda statement: statement.speakers, speakers_clash,
         _is_close(SAME_WORDS_COSINE, SHARED_WORDS_OF_SPEAKERS)))
"""Numbers, then days, then speakers."""
