"""Answer who somebody is by the office or calling beside the name: "رئيسة شركة الري دلال النعيمي".

A reader takes "who is" for a question about what somebody did, and finds no answer in the words beside a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.clitics import WA, is_definite, without_and
from index.language.function_words import FUNCTION_WORDS
from index.language.tokens import compared_words
from qa.answer.ranking import MOST_LEAD, RankedSentence
from qa.question.parsed import ParsedQuestion
from qa.types import Span
from qa.verify.names import words_of_name
from qa.verify.offices import is_institution, is_office, is_relation
from qa.verify.words import Word

# Sentences in which the name is looked for.
CONSIDERED = 8
# The least confidence of an answer found so.
CONFIDENCE = 0.5
MAX_WORDS_OF_NAME, MAX_WORDS_OF_OFFICE = 4, 8
_ASKS_WHO_IS = re.compile(
    rf"^\W*{WA}(?:(?:من|مين) (?:هو|هي|يكون|تكون)|ما (?:هو |هي )?(?:منصب|وظيفه|مهنه|صفه))\s+(?P<name>[^؟?]+)[؟?\s.]*$")
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
_BEHIND_NAME = re.compile(r"\s?[،,(–—-]\s?(?:(?:وهو|وهي|هو|هي)\s)?|\s(?:وهو|وهي)\s")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is asked about, by the normalised words of the name."""

    name: tuple[str, ...]

    @classmethod
    def of(cls, question: ParsedQuestion) -> Identity | None:
        """Return who is asked about; None if the question does not ask who somebody is, or gives no name."""
        found = _ASKS_WHO_IS.match(question.normalised)
        if found is None:
            return None
        words = list(words_of_name(found["name"].strip()))
        while len(words) > 1 and _is_title(words[0].form) and is_definite(words[0].form):
            words = words[1:]
        if not 0 < len(words) <= MAX_WORDS_OF_NAME or any(
                _is_title(word.form) or is_relation(word.form) or word.form in FUNCTION_WORDS - _NAMES_LIKE_WORDS
                for word in words):
            return None
        return cls(tuple(word.form for word in words))

    def first(self, ranked: Sequence[RankedSentence], confidence: float) -> tuple[list[RankedSentence], float]:
        """Put first the sentence that says most of the office beside the name, with these words as the answer.

        Return the sentences and the confidence that the first one answers; both stay if none gives an office.
        """
        given = [(sentence, span) for sentence in ranked[:CONSIDERED]
                 if (span := self.office_in(sentence.text)) is not None]
        if not given:
            return list(ranked), confidence
        best, (start, end) = max(given, key=lambda each: min(each[1][1] - each[1][0], 2 * len(" ".join(self.name))))
        answer = replace(best, score=ranked[0].score, span=(best.sentence.start + start, best.sentence.start + end),
                         evidence=replace(best.evidence, lead=MOST_LEAD))
        return [answer, *(each for each in ranked if each is not best)], max(confidence, CONFIDENCE)

    def office_in(self, text: str) -> Span | None:
        """Return the span of an office and the name beside it in a sentence; None if it has none."""
        words, size = words_of_name(text), len(self.name)
        for place in range(len(words) - size + 1):
            named = words[place:place + size]
            forms = tuple(word.form for word in named)
            if self.name not in (forms, (without_and(forms[0]), *forms[1:])):
                continue
            start = _start_of_office(words[:place], text, named[0].start, is_whole=size > 1)
            if start is not None:
                return start, named[-1].end
            end = _end_of_office(words[place + size:], text, named[-1].end)
            if end is not None:
                return named[0].start, end + text[end:].startswith(")")
        return None


def _start_of_office(words: Sequence[Word], text: str, end: int, *, is_whole: bool) -> int | None:
    """Return where the office begins that ends right before a name at `end`; None if none does.

    Before a name that is not whole, one more name may stand: المستشارة أنغيلا ميركل.
    """
    start = None
    for number, word in enumerate(reversed(words[-MAX_WORDS_OF_OFFICE:])):
        before = words[len(words) - number - 2] if number + 2 <= len(words) else None
        bare = word.form if _is_title(word.form) else without_and(word.form)
        is_first_name = number == 0 and not is_whole and not is_definite(word.form)
        is_of_it = is_definite(word.form) or before is not None and _is_title(before.form) \
            and not is_definite(before.form)
        if text[word.end:end].strip() or word.form in FUNCTION_WORDS \
                or not (_is_title(bare) or is_of_it or is_first_name):
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
    own = [word for word in words if behind is not None and word.start >= behind.end()][:MAX_WORDS_OF_OFFICE]
    if behind is None or not own or own[0].start != behind.end() or not _begins_office(own[0].form):
        return None
    end = own[0].end
    for before, word in zip(own, own[1:], strict=False):
        if text[end:word.start].strip() or word.form in FUNCTION_WORDS:
            return end
        if not (_is_title(word.form) or is_definite(word.form) or _is_title(before.form)
                and not is_definite(before.form)):
            return None  # the name of somebody else: وزير الخارجية سامي الدالي
        end = word.end
    return end


def _is_title(form: str) -> bool:
    return form not in FUNCTION_WORDS and (is_office(form) or is_institution(form))


def _begins_office(form: str) -> bool:
    is_adjective = is_definite(form) and form.endswith(_ADJECTIVE) and form not in _NOUNS
    return is_office(form) and form not in FUNCTION_WORDS and form not in _SAY_NOTHING and not is_adjective
