"""Answer who somebody is, or how old, by what stands beside the name: "رئيسة شركة الري دلال النعيمي، 51 عاما".

A reader takes "who is" for a question about what somebody did, and finds no answer in the words beside a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.language.arabic import normalise
from index.language.clitics import (
    WA,
    goes_on_with_office,
    is_definite,
    strip_for_speakers,
    without_and,
    without_one_letter,
)
from index.language.dates import find_dates
from index.language.function_words import BETWEEN_NAME_AND_AGE, FUNCTION_WORDS
from index.language.offices import is_institution, is_office, is_relation
from index.language.quantities import find_quantities
from index.language.saying import VERBS_OF_SAYING
from index.language.tokens import compared_words
from qa.answer.ranking import MOST_LEAD, SENTENCES_CONSIDERED, RankedSentence
from qa.question.parsed import ParsedQuestion
from qa.types.citation import Span
from qa.verify.names import words_of_name
from qa.verify.words import Word

# The least confidence of an answer found so.
CONFIDENCE = 0.5
MAX_WORDS_OF_NAME, MAX_WORDS_OF_OFFICE, MAX_CHARS_OF_AGE = 4, 8, 60
_NAME = r"(?P<name>[^؟?،,:]+?)[؟?\s.]*$"
_ASKS_WHO_IS = re.compile(
    rf"^\W*{WA}(?:(?:من|مين) (?:هو|هي|يكون|تكون)|ما (?:هو |هي )?(?:منصب|وظيفه|مهنه|صفه))\s+{_NAME}")
_ASKS_AGE = re.compile(rf"^\W*{WA}(?:(?:كم|ما)(?: هو| يبلغ| تبلغ| بلغ| كان)? عمر|كم (?:يبلغ|تبلغ) من العمر)\s+{_NAME}")
# Words beside a name that say nothing about a person: forms of address, and what stands only behind an office.
_SAY_NOTHING = compared_words("""
    السيد السيدة سيد سيدة العام عام العامة الأول السابق السابقة الحالي الجديد الأعلى باسم المتحدة الأمم الولايات الاتحاد
    الشؤون شؤون مصدر المصدر مصادر المصادر مسؤولون مسؤولين شهود أحد إحدى بعض عدد سكان السكان ركاب
""")
# Definite words that look like adjectives of nationality, and are none.
_NOUNS = compared_words("""
    المحامي المحامية القاضي القاضية الصحفي الصحفية الصحافي الصحافية المدعي المفتي المغني المغنية الإعلامي الإعلامية
    الروائي الروائية
""")
_ADJECTIVE = ("ي", "يه")
# A name that is spelled as a preposition is.
_NAMES_LIKE_WORDS = compared_words("علي")
_MARK = r"\s?[،,(–—-]\s?"
_SET_OFF = re.compile(r"\s?[،,()–—.-]")
_BEHIND_NAME = re.compile(rf"{_MARK}(?:(?:وهو|وهي|هو|هي)\s)?|\s(?:(?:وهو|وهي)\s)?")
# Words between a name and the age, beside which no comma is needed.
_OF_AGE = compared_words("البالغ البالغة بالغ بالغة يبلغ تبلغ ويبلغ وتبلغ بلغ بلغت عمره عمرها وعمره وعمرها")
_YEAR = "year"


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody whose office or age is asked for, by the normalised words of the name."""

    name: tuple[str, ...]
    wants_age: bool = False

    @classmethod
    def of(cls, question: ParsedQuestion) -> Somebody | None:
        """Return who is asked about; None if the question asks something else, or describes somebody."""
        found = _ASKS_WHO_IS.match(question.normalised) or _ASKS_AGE.match(question.normalised)
        if found is None:
            return None
        words = list(words_of_name(found["name"]))
        while len(words) > 1 and _is_title(words[0].form) and is_definite(words[0].form):
            words = words[1:]
        if not 0 < len(words) <= MAX_WORDS_OF_NAME or any(
                _is_title(word.form) or is_relation(word.form) or word.form in FUNCTION_WORDS - _NAMES_LIKE_WORDS
                for word in words):
            return None
        return cls(tuple(word.form for word in words), wants_age=found.re is _ASKS_AGE)

    def first(self, ranked: Sequence[RankedSentence], confidence: float) -> tuple[list[RankedSentence], float]:
        """Put first the sentence that says most beside the name, with these words as the answer.

        Return the sentences and the confidence that the first one answers; both stay if no sentence says it.
        """
        said = [(sentence, span) for sentence in ranked[:SENTENCES_CONSIDERED]
                if (span := self.said_in(sentence.text, sentence.article.text)) is not None]
        if not said:
            return list(ranked), confidence
        best, (start, end) = max(said, key=lambda each: 0 if self.wants_age else each[1][1] - each[1][0])
        answer = replace(best, score=ranked[0].score, span=(best.sentence.start + start, best.sentence.start + end),
                         evidence=replace(best.evidence, lead=MOST_LEAD))
        return [answer, *(each for each in ranked if each is not best)], max(confidence, CONFIDENCE)

    def said_in(self, text: str, article: str) -> Span | None:
        """Return the span that gives the office, with the name, or the age beside the name; None if none does.

        An article that has named somebody in full may give the age beside the last name.
        """
        words = words_of_name(text)
        for name in (self.name, self.name[-1:]):
            for place in range(len(words) - len(name) + 1):
                named = words[place:place + len(name)]
                if not _is_called(name, named) or name != self.name and not (
                        self.wants_age and _begins_here(name, words, place)
                        and " ".join(self.name) in normalise(article)):
                    continue
                behind = place + len(name)
                attached = len(named[0].form.removesuffix(name[0])) if named[0].form.endswith(name[0]) else 0
                span = _age(words[behind:], text, named[-1].end) if self.wants_age \
                    else _office(words, text, place, behind, attached)
                if span is not None:
                    return span
        return None


def _is_called(name: Sequence[str], words: Sequence[Word]) -> bool:
    first, *others = (word.form for word in words)
    return list(name[1:]) == others and (
        name[0] in (first, without_one_letter(first)) or strip_for_speakers(name[0]) == strip_for_speakers(first))


def _begins_here(name: Sequence[str], words: Sequence[Word], place: int) -> bool:
    """Tell whether no other word of a name stands in front: "وقالت النعيمي", "للنعيمي", but not "سامي النعيمي"."""
    before = words[place - 1].form if place else ""
    return words[place].form != name[0] or before in FUNCTION_WORDS or _is_title(before) \
        or not {before, without_and(before)}.isdisjoint(("", *VERBS_OF_SAYING))


def _age(words: Sequence[Word], text: str, end: int) -> Span | None:
    """Return the span of the age that follows a name that ends at `end`; None if none does."""
    between = BETWEEN_NAME_AND_AGE | _OF_AGE
    place = next((place for place, word in enumerate(words) if word.form not in between), len(words))
    if place == len(words):
        return None
    start = words[place].start
    found = next(iter(find_quantities(text[start:start + MAX_CHARS_OF_AGE])), None)
    if found is None or found.start or found.unit != _YEAR:
        return None
    is_age = any(word.form in _OF_AGE for word in words[:place])
    is_set_off = bool(_SET_OFF.match(text, end)) and bool(_SET_OFF.match(text, start + found.end))
    return (start, start + found.end) if is_age or is_set_off else None


def _office(words: Sequence[Word], text: str, place: int, behind: int, attached: int) -> Span | None:
    """Return the span of the office and the name at `words[place:behind]`, without the letters attached to the name."""
    start = _start_of_office(words[:place], text, words[place].start, is_whole=behind - place > 1)
    if start is not None:
        return start, words[behind - 1].end
    end = _end_of_office(words[behind:], text, words[behind - 1].end)
    return None if end is None else (words[place].start + attached, end + text[end:].startswith(")"))


def _start_of_office(words: Sequence[Word], text: str, end: int, *, is_whole: bool) -> int | None:
    """Return where the office begins that ends right before a name at `end`; None if none does.

    Before a name that is not whole, one more name may stand: المستشارة أنغيلا ميركل.
    """
    start = None
    for number, word in enumerate(reversed(words[-MAX_WORDS_OF_OFFICE:])):
        before = words[len(words) - number - 2] if number + 2 <= len(words) else None
        bare = word.form if _is_title(word.form) else without_and(word.form)
        is_first_name = number == 0 and not is_whole and not is_definite(word.form)
        if text[word.end:end].strip(" ،,") or word.form in FUNCTION_WORDS or not (
                _is_title(bare) or is_first_name or _is_of_it(word, before)):
            break
        if _begins_office(bare):
            start = word.start + len(word.form) - len(bare)
        if bare != word.form:
            break
        end = word.start
    return start


def _end_of_office(words: Sequence[Word], text: str, start: int) -> int | None:
    """Return where the office ends that begins behind a name that ends at `start`; None if none does."""
    behind = _BEHIND_NAME.match(text, start)
    if behind is None or not words or words[0].start < behind.end():
        words = words[1:]
    if behind is None or not words or words[0].start != behind.end() or not _begins_office(words[0].form):
        return None
    if not behind.group().strip() and not is_definite(words[0].form):
        return None
    end = words[0].end
    day = next((found.start for found in find_dates(text[start:start + 200])), len(text))
    for before, word in pairwise(words[:MAX_WORDS_OF_OFFICE]):
        if text[end:word.start].strip() or word.form in FUNCTION_WORDS or word.start >= start + day:
            return end
        if not (_is_title(word.form) or _is_of_it(word, before)):
            return None  # the name of somebody else: وزير الخارجية سامي الدالي
        end = word.end
    return end


def _is_of_it(word: Word, before: Word | None) -> bool:
    """Tell whether a word may say of what an office is: definite, or behind an office that is not."""
    return is_definite(word.form) or goes_on_with_office(word.form) or before is not None \
        and not is_definite(before.form) and any(map(_is_title, (before.form, without_and(before.form))))


def _is_title(form: str) -> bool:
    return form not in FUNCTION_WORDS and (is_office(form) or is_institution(form))


def _begins_office(form: str) -> bool:
    is_adjective = is_definite(form) and form.endswith(_ADJECTIVE) and form not in _NOUNS
    return is_office(form) and form not in FUNCTION_WORDS and form not in _SAY_NOTHING and not is_adjective
