"""Find ordinals beside their nouns, in digits or words: "القمة الـ29", "القمة التاسعة والعشرون", "حل ثانيا"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.language.clitics import DEFINITE, is_definite, with_article, without_article
from index.language.function_words import FUNCTION_WORDS
from index.language.numbers import ordinal
from index.language.tokens import compared, compared_words, tokens
from qa.question.parsed import ParsedQuestion

# What a place won is called.
_CAME, PLACES = compared_words("حل حلت جاء جاءت"), compared_words("مركز مرتبة")
_IN_DIGITS = re.compile(r"ال\u0640? ?(?P<value>\d{1,2})(?![\d.,٫%٪])")


@dataclass(frozen=True, slots=True)
class Ordinal:
    """An ordinal at `text[start:end]`, as it is `written` in digits or words, and the `noun` before it: 29 of القمة.

    `of` is the noun, normalised, without the article.
    """

    noun: str
    of: str
    value: int
    written: str
    start: int
    end: int


@lru_cache(maxsize=256)  # those of a question are asked for several times
def find_ordinals(text: str) -> tuple[Ordinal, ...]:
    """Find the definite ordinals of a text: "القمة الـ29", "القمة التاسعة والعشرون"."""
    found, read = [], list(tokens(text))
    words = [compared(match.group()) for match in read]
    for place, word in enumerate(words[1:], 1):
        digits = _IN_DIGITS.match(text, read[place].start()) if word == DEFINITE else None
        # Masculine and feminine ordinals are one: التاسعة والعشرون, التاسع والعشرون.
        value, count = (int(digits["value"]), 1) if digits else ordinal(
            [each.removesuffix("ه") for each in words[place:place + 2]]) if is_definite(word) else (0, 0)
        if value:
            end = digits.end() if digits else read[place + count - 1].end()
            start = read[place].start()
            found.append(Ordinal(read[place - 1].group(), without_article(words[place - 1]), value, text[start:end],
                                 start, end))
    return tuple(found)


def place_won(text: str) -> Ordinal | None:
    """Return the ordinal of who came second (حل ثانيا); None if the text has none."""
    for before, match in pairwise(tokens(text)):
        if compared(before.group()) in _CAME and (
                value := ordinal([with_article(compared(match.group()).removesuffix("ا"))])[0]):
            return Ordinal("", "", value, match.group(), *match.span())
    return None


def says_other_ordinal(question: ParsedQuestion, text: str) -> bool:
    """Tell whether a text has other ordinals of what the question numbers, and not the same: the 29th summit, the 30th.
    """
    came = place_won(question.text)
    asked = [(frozenset({each.of}), each.value) for each in find_ordinals(question.text)
             if each.of not in FUNCTION_WORDS]
    if came is not None:
        asked.append((PLACES, came.value))
    found = find_ordinals(text) if asked else ()
    return any((values := {each.value for each in found if each.of in nouns}) and value not in values
               for nouns, value in asked)
