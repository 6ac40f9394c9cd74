"""A question in another language to what is looked for in Arabic articles: its words, names, numbers and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language.arabic import grams, normalise
from index.language.dates import find_dates
from index.search.lexical import LexicalIndex
from qa.question.languages import Language, is_function_word, language_of
from qa.question.lexicon import alternatives, plain
from qa.question.names import spellings_of_names

_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text to search with, and how many of the question's words and dates it stands for, as a share of 1.

    A number is shared by accident more often than not, and stands for nothing where there are words.
    """

    text: str
    share: float


def in_arabic(question: str, lexical: LexicalIndex) -> Translation:
    """What to look for in the index for a question in another language.

    Names by their consonants, the alternatives of each other word that the index has, the word itself where it has
    that, numbers, and dates as they stand. Anything else would only hide how much of the rest a passage has.
    """
    question = plain(question)
    language = language_of(question)
    names = spellings_of_names(question, lexical)
    dates = [(mention.start, mention.end) for mention in find_dates(question)]
    text = [question[start:end] for start, end in dates]
    asked = found = len(dates)
    for match in _WORD_OR_NUMBER.finditer(question):
        word = match.group()
        if any(start <= match.start() < end for start, end in dates) or is_function_word(word, language):
            continue
        if word.isdecimal():
            text.append(word)
            continue
        looked_for = _looked_for(word, language, names, lexical)
        text += looked_for
        asked += 1
        found += bool(looked_for)
    return Translation(" ".join(text), found / asked if asked else float(bool(text)))


def _looked_for(word: str, language: Language, names: dict[str, tuple[str, ...]],
                lexical: LexicalIndex) -> tuple[str, ...]:
    if spelled := names.get(normalise(word)):
        return (word, *spelled) if lexical.holds(grams(word)) else spelled
    arabic = tuple(each for each in alternatives(word, language) if lexical.holds(grams(each)))
    return arabic or ((word,) if lexical.holds(grams(word)) else ())
