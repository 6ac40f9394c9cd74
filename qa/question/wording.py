"""Word a follow-up anew: without "and" in front, without a pronoun at the end of a word, with a question mark."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.arabic import normalise, without_marks
from index.language.function_words import (
    FOLLOW_UP_AGREEING,
    FOLLOW_UP_BEFORE_NOUNS,
    FOLLOW_UP_ENDING_IN_ALEF,
    FOLLOW_UP_JOINING,
)
from index.language.tokens import compared, compared_words
from qa.question.languages import Language, language_of
from qa.question.topic import Word, read_words

# "And" as a word.
AND = compared_words("and but")
# What a question ends in.
END = " ؟?.!"
_ROOT_LETTERS = 3
# Behind an alef, the ت of these is a ta marbuta; others in ات are plurals: حياتها, but قراراتها.
_ENDING_IN_ALEF_TA = compared_words("حيات وفات فتات قنات معانات مأسات مساوات صلات نجات مبارات")


def without_agreeing(question: str) -> str:
    """Drop what agrees to the answer before in front of "and": والكهرباء؟ of طيب والكهرباء؟"""
    words = read_words(question)
    if len(words) < 2 or words[0].word not in FOLLOW_UP_AGREEING:
        return question
    rest = question[words[1].start:]
    first = read_words(rest)[0]
    return rest if first.joined or first.word in AND else question


def without_joining(question: str, words: Sequence[Word]) -> str:
    """Drop "and" in front of the question and the mark at its end."""
    question = question.rstrip(END)
    if words[0].joined:
        return question[words[0].start + 1:].lstrip("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
    if words[0].word in FOLLOW_UP_JOINING and len(words) > 1:
        return question[words[1].start + words[1].joined:]
    return question[words[0].start:]


def without_pronoun(stem: str, before: str) -> str:
    """Spell a word as it is written without its pronoun: نتيجت → نتيجة, رعا → رعى, إلي → إلى."""
    is_noun = before in FOLLOW_UP_BEFORE_NOUNS and not stem.endswith("ات")
    if stem.endswith("ت") and (is_noun or compared(stem) in _ENDING_IN_ALEF_TA):
        return f"{stem[:-1]}ة"
    letters = without_marks(stem)
    is_verb = letters.endswith("ا") and len(letters) <= _ROOT_LETTERS + (letters[0] in "أا")
    if is_verb or compared(stem) in FOLLOW_UP_ENDING_IN_ALEF:
        return f"{stem[:-1]}ى"
    return stem


def upper_like(question: str, asked: str) -> str:
    """Begin `asked` with a capital if the question does."""
    return asked[:1].upper() + asked[1:] if question[:1].isupper() else asked


def mark(question: str) -> str:
    """Return the question mark of the question's script."""
    return "؟" if language_of(normalise(question)) is Language.ARABIC else "?"
