"""Recognise questions that compare: آخر قمة, أول رئيس, أكبر عدد من القتلى, the latest talks, the most votes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from index.language.function_words import (
    ASKING_WORDS,
    AUXILIARY_WORDS,
    FUNCTION_WORDS,
    OR_WORDS,
    WHICH_OF_TWO,
)
from index.language.quantities import may_start_quantity
from index.language.tokens import compared_words


class Wins(Enum):
    """What wins a comparison: the latest or earliest event, or the largest or smallest figure."""

    LATEST = "latest"
    EARLIEST = "earliest"
    LARGEST = "largest"
    SMALLEST = "smallest"

    @property
    def is_by_day(self) -> bool:
        """Whether days are compared instead of figures."""
        return self in (Wins.LATEST, Wins.EARLIEST)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that a question asks for.

    `word` is the normalised word that compares, and `noun` the one that it compares; it is empty in "أول من وصل" and
    "آخر مرة". `between` has, for each of the two things that a question lets choose between, the words that tell it
    from the other: السنابل and الفنار in "أيهما أعلى: برج السنابل أم برج الفنار؟".
    """

    wins: Wins
    word: str
    noun: str = ""
    between: tuple[tuple[str, ...], ...] = ()


_LATEST, _EARLIEST = compared_words("آخر أحدث latest newest"), compared_words("أول أقدم first earliest oldest")
_LARGEST = compared_words("""
    أكبر أكثر أعلى أضخم أطول أغلى أثقل largest biggest highest most longest heaviest greatest
""")
_SMALLEST = compared_words("أصغر أقل أدنى أقصر أرخص أخف smallest lowest least fewest shortest cheapest")
_WINS = {word: wins for words, wins in ((_LATEST, Wins.LATEST), (_EARLIEST, Wins.EARLIEST), (_LARGEST, Wins.LARGEST),
                                        (_SMALLEST, Wins.SMALLEST)) for word in words}
(_OTHER_OR_LAST,) = compared_words("آخر")
(_FIRST,) = compared_words("أول")
# "مرة" in "آخر مرة": the last time something happened.
(TIME,) = compared_words("مرة")
(_FROM,) = compared_words("من")
# Words that compare two things, but no noun of a question for one thing.
_TALLER = compared_words("أوسع أعمق أسرع أقوى أعلى أبعد أكبر أشد taller higher larger bigger longer older more greater")
_YESTERDAY = compared_words("أمس من أمس")
# Words in front of the compared noun: أكبر عدد من القتلى, the largest number of votes.
_OF_NUMBER = compared_words("عدد حصيلة رقم كمية مبلغ قدر من number amount of in the")
# English words that "most" and "first" stand beside without comparing: most of the, at least, the first lady.
_BEFORE_NO_COMPARISON = compared_words("at")
_AFTER_NO_COMPARISON = compared_words("of lady minister world name aid") - compared_words("من")
# What cannot be the noun. "أول ثلاثة أشهر" and "أول أيام العيد" are stretches of time, not events that are compared.
_NOT_COMPARED = FUNCTION_WORDS - _OF_NUMBER | AUXILIARY_WORDS | compared_words("""
    يوم أيام أسبوع أسابيع شهر أشهر شهور عام أعوام سنة سنوات ساعة ساعات دقيقة day days week weeks month months year years
""")
# Words behind which "آخر" means "last", and "أدنى" is not an adjective (أجر أدنى): question words, prepositions, and
# verbs of events.
_BEFORE_LAST = ASKING_WORDS | compared_words("""
    هو هي كان كانت في عن منذ بعد قبل خلال إلى على تاريخ موعد نتيجة نتائج اسم مكان عدد جرى عقد وقع حدث زار أجرى فاز سجل
    أعلن انتهى بدأ شهد غادر نشر صدر سقط بلغ حقق نال دفع حكم قتل
""")
_VERB = re.compile("[يت][^\\W\\d_]{2,}|[^\\W\\d_]{2,}ت")


def comparison_of(words: Sequence[str]) -> Comparison | None:
    """Return the comparison that a question, given as its normalised words, asks for; None if it asks for none.

    "آخر" is "another" behind a noun (شخص آخر), "أكثر من" is "more than", and definite ordinals belong to names.
    """
    if between := _between(words):
        return between
    for place, written in enumerate(words):
        word = written if written in _WINS else written[1:] if written[1:] in (_FIRST, _OTHER_OR_LAST) else ""
        if not word:
            continue
        noun = _noun_after(words, place)
        if noun is not None and not _is_other(words, place, word, noun):
            return Comparison(_WINS[word], word, "" if noun == TIME else noun)
    return None


def _between(words: Sequence[str]) -> Comparison | None:
    """Return the comparison of a question that names two things and asks which has more of something."""
    place = next((place for place, word in enumerate(words) if word in OR_WORDS), 0)
    left, right = words[:place], words[place + 1:]
    word = next((word for word in left if word in _WINS or word in _TALLER), None)
    if word is None or not right or not WHICH_OF_TWO.intersection(left):
        return None
    last = left[-len(right):]
    two = tuple(tuple(each for each in one if each not in other and each not in FUNCTION_WORDS)
                for one, other in ((last, right), (right, last)))
    wins = _WINS.get(word, Wins.LARGEST)
    return Comparison(wins, word, "", two) if all(two) and word not in last else None


def _noun_after(words: Sequence[str], place: int) -> str | None:
    """Return the compared noun, "" in "أول من"; None if the word at `place` compares nothing."""
    following = list(words[place + 1:place + 5])
    word = words[place]
    if not following or following[0] in _YESTERDAY - {_FROM} or following[0] in _AFTER_NO_COMPARISON \
            or (place and words[place - 1] in _BEFORE_NO_COMPARISON):
        return None
    if following[0] == _FROM:
        is_who = word == _FIRST and len(following) > 1 and following[1] not in _YESTERDAY
        return "" if is_who else None
    counted = next((each for each in following if each not in _OF_NUMBER), None)
    if counted is None or counted in _NOT_COMPARED or may_start_quantity(counted):
        return None
    return counted


def _is_other(words: Sequence[str], place: int, word: str, noun: str) -> bool:
    """Tell whether the word at `place` is an adjective: شخص آخر, أجر أدنى.

    It stands behind a noun then, not behind a verb, a preposition or a question word.
    """
    if word == _FIRST or word.isascii() or not place or noun == TIME:
        return False
    before = words[place - 1]
    return before not in _BEFORE_LAST and not _VERB.fullmatch(before)
