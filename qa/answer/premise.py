"""Find what a question takes for granted although the articles deny it, or tell of another year, number or name.

The rules prefer silence to a wrong objection: the sentence must have nearly all other words of the question, and no
article that was read and speaks of the same may have what is missing. A sentence that names no year is of the year in
which its article was published. To a question in English, Arabic sentences are held for dates and numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from index.language.arabic import normalise, skeleton_grams, word_grams
from index.language.clitics import is_definite
from index.language.dates import find_dates
from index.language.function_words import FUNCTION_WORDS, YES_OR_NO
from index.language.scripts import begins_in_ascii
from index.language.tokens import compared, compared_words, tokens
from index.language.units import PERCENT, UNIT_OF_WORDS
from index.search.protocols import LexicalSearch
from index.types import Article
from index.work import paused_between
from qa.answer.denial import Denied
from qa.answer.other_place import other_place
from qa.answer.other_time import other_time
from qa.answer.other_words import Forms, is_about, other_words
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.answer.whole_article import articles, is_too_long, title_and_text
from qa.question.languages import Language
from qa.question.names import spellings, spellings_of_names
from qa.question.parsed import ParsedQuestion
from qa.topics.figures import Figure, figures
from qa.types.answer import Premise

# Sentences that are held against the question.
SENTENCES_HELD = 3
# A sentence with more figures of one unit is a list.
MOST_COUNTS = 2
MIN_NAME_CHARS = 4
# Of a question, this many figures are held against the others.
MAX_FIGURES = 8

# An Arabic word behind one of these is a name, unless it is definite or looks like an adjective.
_BEFORE_NAMES = compared_words("""
    الرئيس الوزير السيد السيدة الدكتور الدكتورة الشيخ الملك الأمير الأميرة الجنرال اللاعب المدرب الفنان الفنانة الممثل
    الممثلة المغني المغنية الصحفي الصحفية الإعلامي الإعلامية الكاتب الكاتبة مدينة بلدة قرية محافظة
""")
# Behind one of these, which are not definite, a name follows.
_KINDS_WITH_NAMES = compared_words("""
    دولة جمهورية مملكة حزب حركة مدينة بلدة قرية محافظة ولاية نادي شركة بنك جامعة منظمة جماعة مجلس وزارة نهر جزيرة محطة
    مطار
""")
_LIKE_AN_ADJECTIVE = re.compile(r".*(?:ي|يه|ين|ون|ات)")
_WORD = re.compile(r"[^\W\d_]+")


def premise_of(question: ParsedQuestion, sentences: Sequence[RankedSentence], lexical: LexicalSearch
               ) -> Premise | None:
    """Return the first false premise of a question in Arabic or English; None if none is found.

    `sentences` are ranked, best first, and `lexical` is the index of words that they come from.
    """
    if question.language not in (Language.ARABIC, Language.ENGLISH) or not sentences:
        return None
    first = sentences[:SENTENCES_HELD]
    held = [each for each in first if each.evidence.same_script]
    return (_denied(question, held, sentences) or other_time(question, first, sentences, lexical)
            or _other_number(question, first, sentences, lexical) or _other_name(question, held, sentences)
            or other_place(question, held, sentences)
            or _unknown_name(question, held, lexical))


def _denied(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
            ) -> Premise | None:
    assumed = Denied.by(question)
    if assumed is None:
        return None
    denying = next((each for each in held if assumed.is_denied(each.text)), None)
    if denying is None or any(assumed.is_affirmed(each.text) for each in ranked):
        return None
    text = question.text.strip(" ؟?")
    return Premise(text, f"المقالات تنفي ذلك: «{denying.text}»" if question.in_arabic_script
                   else f"The articles deny this: “{denying.text}”")


def _other_number(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence],
                  lexical: LexicalSearch) -> Premise | None:
    asked_for = [asked for asked in islice(figures(question.text, question.dates), MAX_FIGURES)
                 if not asked.approximate]
    figures_of = [(sentence, list(figures(sentence.text, find_dates(sentence.text)))) for sentence in held] \
        if asked_for else []
    numbers: list[_Numbers] = []
    for asked in asked_for:
        others = other_words(question, asked.start, asked.end, lexical)
        units = dict(zip(question.wanted.content, question.wanted.forms, strict=True)).get(asked.unit, (asked.unit,))
        for sentence, in_sentence in figures_of:
            counting = [found for found in in_sentence if _counts_same(asked, units, found)]
            if 0 < len(counting) <= MOST_COUNTS and not any(each.approximate for each in counting) \
                    and is_about(sentence, others):
                numbers = numbers or [_Numbers.of(article) for article in paused_between(articles(ranked))]
                if any(article.may_have(asked.value) for article in numbers):
                    break
                found = [sentence.text[each.start:each.end] for each in counting]
                text = question.text[asked.start:asked.end]
                said = " و".join(f"«{each}»" for each in found)
                said_in_english = " and ".join(f"“{each}”" for each in found)
                return Premise(text, f"تذكر المقالات {said}، لا «{text}»: «{sentence.text}»"
                               if question.in_arabic_script
                               else f"The articles say {said_in_english}, not “{text}”: “{sentence.text}”")
    return None


def _other_name(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                ) -> Premise | None:
    """Find a state, party or town where the articles tell of another one: دولة البازلت, دولة الصوان.

    Asked whether a party opposes a plan, one that supports it is meant, and no other; so is the one that comes first.
    """
    asks_whether = bool(question.words) and question.words[0] in YES_OR_NO
    for kind, name in pairwise(tokens(question.text)):
        one, other = compared(kind.group()), compared(name.group())
        if one not in _KINDS_WITH_NAMES or one in question.wanted.focus or other == question.wanted.asked_about \
                or other in FUNCTION_WORDS or len(other) < MIN_NAME_CHARS:
            continue
        others = other_words(question, name.start(), name.end())
        if any(has_word(other, Said.by(each.text)) and is_about(each, others) or (asks_whether or each is ranked[0])
               and f"{one} {other}" in normalise(each.text) for each in ranked):
            continue
        for sentence in held:
            told = _one_named(sentence.text, one)
            near = f"{sentence.article.title} {sentence.text}"
            if told is None or has_word(other, Said.by(near)) or not is_about(sentence, _as_written(others, near)):
                continue
            asked, found = f"{kind.group()} {name.group()}", f"{kind.group()} {told}"
            return Premise(asked, f"تذكر المقالات «{found}»، لا «{asked}»: «{sentence.text}»"
                           if question.in_arabic_script
                           else f"The articles speak of “{found}”, not of “{asked}”: “{sentence.text}”")
    return None


def _one_named(text: str, kind: str) -> str | None:
    """Return the word behind the only mention of this kind: الصوّان of دولة الصوّان; None if there are more or none."""
    told = [after.group() for before, after in pairwise(tokens(text)) if compared(before.group()) == kind]
    return told[0] if len(told) == 1 and compared(told[0]) not in FUNCTION_WORDS else None


def _as_written(words: Sequence[Forms], text: str) -> list[Forms]:
    """Return the words with the pronoun that they have in a text: حصة is حصتها there."""
    written = normalise(text)
    return [(with_pronoun,) if (with_pronoun := f"{word[0][:-1]}تها") in written else word for word in words]


def _unknown_name(question: ParsedQuestion, held: Sequence[RankedSentence], lexical: LexicalSearch) -> Premise | None:
    """Find a name that no article has. Only names in the script of the best sentence are looked up."""
    if not held:
        return None
    name = next((name for name in _names(question) if not _is_indexed(name, lexical)), None)
    if name is None:
        return None
    return Premise(name, f"لا يرد اسم «{name}» في أي من المقالات." if question.in_arabic_script
                   else f"The name “{name}” is in none of the articles.")


def _names(question: ParsedQuestion) -> Iterator[str]:
    """Yield the names of a question as written: English ones by their capitals, Arabic ones behind a title."""
    yield from question.wanted.names
    if question.language is Language.ARABIC:
        words = _WORD.findall(question.text)
        for title, name in pairwise(words):
            word = compared(name)
            if compared(title) in _BEFORE_NAMES and len(word) >= MIN_NAME_CHARS and not is_definite(word) \
                    and word not in FUNCTION_WORDS and not _LIKE_AN_ADJECTIVE.fullmatch(word):
                yield name


def _is_indexed(name: str, lexical: LexicalSearch) -> bool:
    """Tell whether a name may be in the index; a Latin name too short to be looked for in Arabic spelling may be."""
    word = normalise(name)
    if begins_in_ascii(word) and (not spellings(name) or word in spellings_of_names([name], lexical)):
        return True
    return any(lexical.holds(np.array(each, np.uint64)) for each in (word_grams(word), skeleton_grams(word)))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of an article: the values of its figures, and its normalised text; None if it is too long."""

    values: frozenset[float]
    text: str | None

    @classmethod
    def of(cls, article: Article) -> _Numbers:
        if is_too_long(article):
            return cls(frozenset(), None)
        text = title_and_text(article)
        return cls(frozenset(found.value for found in figures(text)), normalise(text))

    def may_have(self, value: float) -> bool:
        """Tell whether the article has a number, or may have it."""
        return self.text is None or value in self.values \
            or bool(re.search(rf"(?<!\d){value:g}(?!\d)", self.text))


def _counts_same(asked: Figure, units: Sequence[str], found: Figure) -> bool:
    """Tell whether two figures count the same; `units` are the words for what `asked` counts."""
    if PERCENT in (asked.unit, found.unit):
        return asked.unit == found.unit
    unit = UNIT_OF_WORDS.get((asked.unit,))
    return asked.people_were == found.people_were and (
        unit is not None and unit == UNIT_OF_WORDS.get((found.unit,))  # سنة and عاما
        or any(has_word(word, Said.by(found.unit)) for word in units))
