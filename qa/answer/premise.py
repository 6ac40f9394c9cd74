"""Find what a question takes for granted although the articles deny it, or tell of another year, number or name.

The rules prefer silence to a wrong objection: the sentence must have nearly all other words of the question, and no
article that was read and speaks of the same may have what is missing. A sentence that names no year is of the year in
which its article was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from index.language.arabic import normalise, skeleton_grams, split_words, word_grams
from index.language.clitics import is_definite, without_article
from index.language.dates import find_dates
from index.language.function_words import FUNCTION_WORDS, YES_OR_NO
from index.language.quantities import may_start_quantity
from index.language.scripts import begins_in_ascii
from index.language.sentences import split_sentences
from index.language.tokens import compared, compared_words, tokens
from index.language.units import PERCENT
from index.search.protocols import LexicalSearch
from index.types import Article
from index.work import paused_between
from qa.answer.denial import Denied
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.question.languages import Language
from qa.question.names import spellings, spellings_of_names
from qa.question.parsed import ParsedQuestion
from qa.topics.figures import Figure, figures
from qa.types.answer import Premise

# Sentences that are held against the question.
SENTENCES_HELD = 3
# The sentence with its title must have this share of the question's other content words, the sentence alone the second,
# and there must be at least so many of them.
OTHER_WORDS_FOUND, OWN_WORDS_FOUND, MIN_OTHER_WORDS = 0.85, 0.6, 3
# An article is of the year that is asked for if it names the year, and a sentence of it has the first share of the
# question's other words, or one with the year has the second.
NEAR, NEAR_THE_YEAR = 0.6, 0.25
# A sentence with more figures of one unit is a list.
MOST_COUNTS = 2
MIN_NAME_CHARS = 4
# Longer articles are not read for what they may lack, since a premise that they may bear out is not false. Of a
# question, this many figures are held against the others.
MAX_CHARS_READ, MAX_FIGURES = 60_000, 8

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
    held = [each for each in sentences[:SENTENCES_HELD] if each.evidence.same_script]
    return (_denied(question, held, sentences) or _other_year(question, held, sentences)
            or _other_number(question, held, sentences) or _other_name(question, held, sentences)
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


def _other_year(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                ) -> Premise | None:
    named = [mention for mention in question.dates if mention.first and mention.last
             and mention.expressed == "gregorian" and mention.first.year == mention.last.year]
    if len(named) != 1 or len(question.dates) != 1 or named[0].first is None:
        return None
    (mention,), asked = named, named[0].first.year
    others = _other_words(question, mention.start, mention.end)
    for sentence in held:
        if not _is_about(sentence, others):
            continue
        published = sentence.article.published_on
        told = [found.days for found in find_dates(sentence.text) if found.days and found.expressed == "gregorian"]
        years = [first.year for first, last in told if first.year == last.year] if told else (
            [published.year] if published else [])
        if any(first.year <= asked <= last.year for first, last in told):  # "in the 1990s" includes 1995
            continue
        if not years or _is_of_year(asked, ranked, others):
            continue
        found = years[0]
        return Premise(question.text[mention.start:mention.end],
                       f"تذكر المقالات عام {found}، لا عام {asked}: «{sentence.text}»"
                       if question.in_arabic_script
                       else f"The articles speak of {found}, not of {asked}: “{sentence.text}”")
    return None


def _other_number(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                  ) -> Premise | None:
    asked_for = [asked for asked in islice(figures(question.text, question.dates), MAX_FIGURES)
                 if not asked.approximate]
    figures_of = [(sentence, list(figures(sentence.text, find_dates(sentence.text)))) for sentence in held] \
        if asked_for else []
    numbers: list[_Numbers] = []
    for asked in asked_for:
        others = _other_words(question, asked.start, asked.end)
        for sentence, in_sentence in figures_of:
            counting = [found for found in in_sentence if _counts_same(asked, found)]
            if 0 < len(counting) <= MOST_COUNTS and not any(each.approximate for each in counting) \
                    and _is_about(sentence, others):
                numbers = numbers or [_Numbers.of(article) for article in paused_between(_articles(ranked))]
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

    Asked whether a party opposes a plan, one that supports it is meant, and no other.
    """
    asks_whether = bool(question.words) and question.words[0] in YES_OR_NO
    for kind, name in pairwise(tokens(question.text)):
        one, other = compared(kind.group()), compared(name.group())
        if one not in _KINDS_WITH_NAMES or one in question.wanted.focus or other == question.wanted.asked_about \
                or other in FUNCTION_WORDS or len(other) < MIN_NAME_CHARS:
            continue
        others = _other_words(question, name.start(), name.end())
        if any(has_word(other, Said.by(each.text)) and _is_about(each, others) or asks_whether
               and f"{one} {other}" in normalise(each.text) for each in ranked):
            continue
        for sentence in held:
            told = _one_named(sentence.text, one)
            near = f"{sentence.article.title} {sentence.text}"
            if told is None or has_word(other, Said.by(near)) or not _is_about(sentence, _as_written(others, near)):
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


def _as_written(words: Sequence[str], text: str) -> list[str]:
    """Return the words with the pronoun that they have in a text: حصة is حصتها there."""
    written = normalise(text)
    return [with_pronoun if (with_pronoun := f"{word[:-1]}تها") in written else word for word in words]


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


def _other_words(question: ParsedQuestion, start: int, end: int) -> list[str]:
    """List the question's content words outside a span, without numbers."""
    text = question.text[:start] + " " + question.text[end:]
    return [word for word in split_words(normalise(text))
            if word in question.wanted.content and not may_start_quantity(word)]


def _is_about(sentence: RankedSentence, words: Sequence[str]) -> bool:
    """Tell whether a sentence has nearly all of the words, its title included."""
    if len(words) < MIN_OTHER_WORDS:
        return False
    own, title = Said.by(sentence.text), Said.by(sentence.article.title)
    in_own = [has_word(word, own) for word in words]
    anywhere = [found or has_word(word, title) for word, found in zip(words, in_own, strict=True)]
    return sum(in_own) >= OWN_WORDS_FOUND * len(words) and sum(anywhere) >= OTHER_WORDS_FOUND * len(words)


def _is_of_year(year: int, ranked: Sequence[RankedSentence], words: Sequence[str]) -> bool:
    """Tell whether an article that was read may speak of the same in this year."""
    near = {each.article.id for each in ranked if _share_of(words, each.text, each.article.title) >= NEAR}
    return any(_is_too_long(article) or year in _years_of(article) and (article.id in near or any(
        _share_of(words, text) >= NEAR_THE_YEAR for text in _sentences_with(str(year), article)))
        for article in paused_between(_articles(ranked)))


def _sentences_with(year: str, article: Article) -> Iterator[str]:
    texts = (article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text))
    return (text for text in texts if year in normalise(text))


def _share_of(words: Sequence[str], *texts: str) -> float:
    """Return the share, 0..1, of the words that at least one of the texts has, also with an article; 0 of no words."""
    said = list(map(Said.by, texts))
    bare = {without_article(word) for each in said for word in each.words}
    return sum(without_article(word) in bare or any(has_word(word, each) for each in said)
               for word in words) / max(1, len(words))


def _articles(ranked: Sequence[RankedSentence]) -> list[Article]:
    return list({each.article.id: each.article for each in ranked}.values())


def _years_of(article: Article) -> set[int]:
    """Return every year that an article names, in whatever way, with that of its publication."""
    text = _read(article)
    years = {year for found in find_dates(text, article.published_on) if found.first and found.last
             for year in range(found.first.year, found.last.year + 1)}
    digits = {int(number) for number in re.findall(r"\d{4}", normalise(text))}
    return years | digits | ({article.published_on.year} if article.published_on else set())


def _read(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _is_too_long(article: Article) -> bool:
    """Tell whether an article is too long to be read for what it may lack."""
    return len(article.text) > MAX_CHARS_READ


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of an article: the values of its figures, and its normalised text; None if it is too long."""

    values: frozenset[float]
    text: str | None

    @classmethod
    def of(cls, article: Article) -> _Numbers:
        if _is_too_long(article):
            return cls(frozenset(), None)
        return cls(frozenset(found.value for found in figures(_read(article))), normalise(_read(article)))

    def may_have(self, value: float) -> bool:
        """Tell whether the article has a number, or may have it."""
        return self.text is None or value in self.values \
            or bool(re.search(rf"(?<!\d){value:g}(?!\d)", self.text))


def _counts_same(asked: Figure, found: Figure) -> bool:
    if PERCENT in (asked.unit, found.unit):
        return asked.unit == found.unit
    return has_word(asked.unit, Said.by(found.unit)) and asked.people_were == found.people_were
