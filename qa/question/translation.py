"""A question in another language to what is looked for in Arabic articles: its words, names, numbers and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language.arabic import grams, normalise
from index.search.lexical import LexicalIndex
from qa.question.languages import Language, is_function_word
from qa.question.lexicon import alternatives, plain
from qa.question.names import spellings_of_names
from qa.question.parsed import ParsedQuestion

_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text to search with, and how many of the question's words and dates it stands for, as a share of 1.

    A number is shared by accident more often than not, and stands for nothing where there are words.
    """

    text: str
    share: float


def in_arabic(question: ParsedQuestion, lexical: LexicalIndex) -> Translation:
    """What to look for in the index for a question in another language.

    Names by their consonants, the alternatives of each other word that the index has, the word itself where it has
    that, numbers, and dates as they stand. Anything else would only hide how much of the rest a passage has.
    """
    names = spellings_of_names(question.wanted.names, lexical)
    text = [question.text[mention.start:mention.end] for mention in question.dates]
    asked = found = len(text)
    for word in _WORD_OR_NUMBER.findall(plain(_without_dates(question))):
        if is_function_word(word, question.language):
            continue
        if word.isdecimal():
            text.append(word)
            continue
        looked_for = _looked_for(word, question.language, names, lexical)
        text += looked_for
        asked += 1
        found += bool(looked_for)
    return Translation(" ".join(text), found / asked if asked else float(bool(text)))


def _without_dates(question: ParsedQuestion) -> str:
    """The question's text with spaces in the place of its dates."""
    text = question.text
    for mention in question.dates:
        text = text[:mention.start] + " " * (mention.end - mention.start) + text[mention.end:]
    return text


def _looked_for(word: str, language: Language, names: dict[str, tuple[str, ...]],
                lexical: LexicalIndex) -> tuple[str, ...]:
    if spelled := names.get(normalise(word)):
        return (word, *spelled) if lexical.holds(grams(word)) else spelled
    arabic = tuple(each for each in alternatives(word, language) if lexical.holds(grams(each)))
    return arabic or ((word,) if lexical.holds(grams(word)) else ())
