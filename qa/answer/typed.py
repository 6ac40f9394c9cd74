"""Prefer the sentence that has the type of answer a question asks for: an age, votes, the last of several verdicts.

Vectors and a reader find "twelve years of experience" as near to "how old is she" as an age.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.language.clitics import BEFORE_ADJECTIVE, BEFORE_AGE, BEFORE_VERB, BEFORE_VERDICT, WA
from qa.answer.lines import line_of
from qa.answer.ranking import SENTENCES_CONSIDERED, RankedSentence, brought_first, share_found
from qa.question.parsed import ParsedQuestion

# A sentence that is moved up has this share of the question's content words, its title included.
MIN_WORDS_SHARE = 0.5
_YEARS = r"(?:عاما|عام|سنه|سنوات|اعوام|ربيعا|شهرا|اشهر|يوما)"


@dataclass(frozen=True, slots=True)
class _Type:
    """A type of answer: patterns of normalised questions that ask for it and of sentences that show it."""

    asks: re.Pattern[str]
    shows: re.Pattern[str]


_AGE = _Type(
    re.compile(rf"^\W*{WA}(?:كم|ما)(?: هو| كان| كانت)? (?:عمر\w{{0,3}}|سن)\b|\bكم [تي]?بلغت? .*من العمر\b|\bhow old\b"
               r"|\bthe age of\b"),
    re.compile(rf"\b{BEFORE_AGE}(?:بالغه?|[يت]بلغ|بلغت?|[يت]ناهز|تجاوزت?|اكملت?|اتمت?)\b.{{0,40}}?\b{_YEARS}\b"
               rf"|(?:عمر|اعمار)\w{{0,3}}\b|\bسن (?:ال|\d)|[(،,–-] ?\d{{1,3}} ?{_YEARS}? ?[)،,–-]"
               rf"|\b{BEFORE_VERB}(?:مواليد|ولدت?|مولود|عيد ميلاد)\b|\b(?:ذو|ذات|صاحب|صاحبه|ابن|ابنه) ال\W?\d"
               r"|\bال(?:عشرين|ثلاثين|اربعين|خمسين|ستين|سبعين|ثمانين|تسعين)يه?\b|\baged?\b|years?[- ]old|\bborn\b"))
_VOTES = _Type(
    re.compile(r"\bكم صوت|\bبكم صوت|\bhow many votes\b"),
    re.compile(r"\b\w{0,3}(?:صوت|صوتا|اصوات|صوتين|صوتت|صوتوا|تصويت|اغلبيه|غالبيه|تاييد|مويد|معارض|امتناع|امتنع)\w{0,3}\b"
               r"|\bvot(?:e|es|ed|ing)\b|\bmajority\b"))
_TYPES = (_AGE, _VOTES)
# A verdict that another one replaced, and words by which a court passes one.
_FIRST_VERDICT = re.compile(
    rf"\b{BEFORE_VERDICT}حكما? {BEFORE_ADJECTIVE}(?:اول|اولي|ابتداي|سابق)\w{{0,2}}\b"
    r"|\b(?:first|initial|earlier) (?:verdict|sentence)\b")
_VERDICT = re.compile(
    rf"\b{BEFORE_VERB}(?:قضت|حكمت|حكم علي|خفف|خففت|ليخفف|شددت|ايدت|عاقبت|ادانت|اصدرت|صدر|sentenced|reduced|upheld)\b")
_ASKS_OF_VERDICT = re.compile(r"\b\w{0,2}(?:حكم|سجن|عقوبه|غرامه|غرم|قضت)\w{0,3}\b|\bsentence")
_ASKS_OF_FIRST = re.compile(rf"\b{BEFORE_ADJECTIVE}(?:اول|اولي|ابتداي|سابق)\w{{0,2}}\b|\b(?:first|initial)\b")


def lacks_type(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether the question asks for a type of answer that a sentence does not show."""
    wanted = _type_of(question)
    return wanted is not None and not _shows(wanted, sentence)


def typed_first(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the ranked sentences with the one first that has the type asked for; unchanged if the first has it.

    Asked of a verdict, a sentence that calls its verdict the first one gives way to one of its article on a later
    verdict. The sentence that comes first takes the best score.
    """
    if not ranked:
        return []
    better = _better(question, ranked[0])
    return brought_first(None if better is None else next((
        each for each in ranked[1:SENTENCES_CONSIDERED]
        if better(each) and share_found(question.wanted.content, each) >= MIN_WORDS_SHARE), None), ranked)


def _better(question: ParsedQuestion, first: RankedSentence) -> Callable[[RankedSentence], bool] | None:
    """Return how to tell a sentence that answers rather than the first one; None if the first may stay."""
    wanted = _type_of(question)
    if wanted is not None and not _shows(wanted, first):
        return lambda each: _shows(wanted, each)
    if _ASKS_OF_VERDICT.search(question.normalised) and not _ASKS_OF_FIRST.search(question.normalised) \
            and _FIRST_VERDICT.search(line_of(first.text).normalised):
        return lambda each: _is_later_verdict(each, first)
    return None


def _is_later_verdict(sentence: RankedSentence, first: RankedSentence) -> bool:
    said = line_of(sentence.text).normalised
    return (sentence.article.id == first.article.id and sentence.evidence.kind_shown >= first.evidence.kind_shown
            and _VERDICT.search(said) is not None and not _FIRST_VERDICT.search(said))


def _type_of(question: ParsedQuestion) -> _Type | None:
    return next((each for each in _TYPES if each.asks.search(question.normalised)), None)


def _shows(wanted: _Type, sentence: RankedSentence) -> bool:
    return wanted.shows.search(line_of(sentence.text).normalised) is not None
