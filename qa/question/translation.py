"""Translate a question in another language into words to search Arabic articles for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language.arabic import grams, normalise
from index.search.protocols import LexicalSearch
from qa.question.languages import Language, is_function_word
from qa.question.lexicon import alternatives, plain
from qa.question.names import spellings_of_names
from qa.question.parsed import ParsedQuestion

_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text to search with, and the share, 0..1, of the question's words and dates that it translates.

    Numbers do not count in `share` if the question has words or dates: a number mostly matches by accident.
    """

    text: str
    share: float


def in_arabic(question: ParsedQuestion, lexical: LexicalSearch) -> Translation:
    """Translate a question in another language into words that the index has.

    The translation has names spelled by their Arabic consonants, for other words the Arabic alternatives or else the
    word itself, and numbers and dates as written. Words that the index lacks are left out: they would lower the share
    of the question that a passage covers.
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
    """Replace the dates in the question's text by spaces."""
    text = question.text
    for mention in question.dates:
        text = text[:mention.start] + " " * (mention.end - mention.start) + text[mention.end:]
    return text


def _looked_for(word: str, language: Language, names: dict[str, tuple[str, ...]],
                lexical: LexicalSearch) -> tuple[str, ...]:
    if spelled := names.get(normalise(word)):
        return (word, *spelled) if lexical.holds(grams(word)) else spelled
    arabic = tuple(each for each in alternatives(word, language) if lexical.holds(grams(each)))
    return arabic or ((word,) if lexical.holds(grams(word)) else ())
