"""Tell whether an amount counts what "how many" asks for: 284 boxes, and not 28.6 million dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from index.language.clitics import is_definite, strip_and_for_numbers
from index.language.function_words import FUNCTION_WORDS
from index.language.quantities import Quantity
from index.language.tokens import compared, compared_words, tokens
from index.language.units import PERCENT, UNIT_OF_WORDS
from index.types import Article
from qa.answer.agreement import amounts_of
from qa.answer.ranking import RankedSentence
from qa.answer.whole_article import is_too_long
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import is_form_of
from qa.types.citation import Span

WORDS_OF_COUNTED = 2
# A counted noun behind "how many", as written: جنديا, حقيبة; the word behind it tells it from قيمة الجائزة.
_ASKS_HOW_MANY = re.compile(r"\bكم\s+(?P<noun>\w+(?:ة|ا|اً|ًا))(?:\s+(?P<behind>\w+))?")
# Behind these stands the amount of something, in a unit, and no count of things.
_MEASURED = compared_words("""
    قيمة تكلفة كلفة نسبة ميزانية ثروة مساحة مسافة مدة غرامة مكافأة فدية دية درجة سرعة فائدة ضريبة زيادة حصة خسارة جائزة
    مبلغا مالا أجرا راتبا ربحا ثمنا
""")
# Nouns like دبابة that are people, or stand for them.
_PEOPLE = compared_words("""
    امرأة فتاة طفلة سيدة ضحية رهينة جثة نسمة أسرة عائلة حالة وفاة إصابة شخصية نازحة لاجئة جماعة فرقة وحدة كتيبة مجموعة
""")


def counts(text: str, counted: Sequence[str]) -> bool:
    """Tell whether an amount begins a text and counts this noun or is in this unit, by one of the noun's forms."""
    unit = _unit_of(counted)
    amounts = amounts_of(text)
    if not amounts:
        return False
    return amounts[0].unit == unit if unit is not None else end_of_counted(text, amounts[0], counted) > amounts[0].end


def end_of_counted(text: str, amount: Quantity, counted: Sequence[str]) -> int:
    """Return where the noun ends that an amount counts: "17 ألف يمني", "17 ألف مهاجر يمني".

    It is the amount's end if the words behind it are others.
    """
    end = amount.end
    for place, behind in enumerate(islice(tokens(text[amount.end:]), WORDS_OF_COUNTED)):
        word, gap = compared(behind.group()), text[end:amount.end + behind.start()]
        if word in FUNCTION_WORDS or gap.strip() or place and strip_and_for_numbers(word):  # "3 جنود وإصابة 5"
            break
        end = amount.end + behind.end()
        if any(is_form_of(word, form) for form in counted):
            return end
    return amount.end


def counts_other(question: ParsedQuestion, article: Article, sentence: Span, span: Span) -> bool:
    """Tell whether a span of a sentence has only amounts of something else: money, or tanks for soldiers.

    Another noun is held against it only if the article counts the one asked for elsewhere.
    """
    if not _asks_for_thing(question):
        return False
    quote, start, end = article.text[slice(*sentence)], span[0] - sentence[0], span[1] - sentence[0]
    amounts = [each for each in amounts_of(quote) if each.number_start < end and start < each.number_end]
    return bool(amounts) and all(_is_of_other(question, article, quote, each) for each in amounts)


def lacks_counted(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence answers with an amount of something else, and has none of what is asked for."""
    place = sentence.sentence.start, sentence.sentence.end
    return sentence.span is not None and counts_other(question, sentence.article, place, sentence.span) \
        and not _has_counted(sentence.text, question.wanted.counted)


def _unit_of(counted: Sequence[str]) -> str | None:
    return next((UNIT_OF_WORDS[form,] for form in counted if (form,) in UNIT_OF_WORDS), None)


def _asks_for_thing(question: ParsedQuestion) -> bool:
    asked = _ASKS_HOW_MANY.search(question.text)
    if asked is None or _unit_of(question.wanted.counted) is not None:
        return False
    noun, behind = compared(asked["noun"]), compared(asked["behind"] or "")
    return noun in question.wanted.counted and noun not in _MEASURED and not is_definite(behind)


def _is_of_other(question: ParsedQuestion, article: Article, quote: str, amount: Quantity) -> bool:
    counted = question.wanted.counted
    if amount.unit is not None or end_of_counted(quote, amount, counted) > amount.end:
        return amount.unit not in (None, PERCENT)
    behind = next((match.group() for match in tokens(quote[amount.end:])), "")
    return behind.endswith("ة") and compared(behind) not in _PEOPLE and not is_too_long(article) \
        and _has_counted(article.text, counted)


def _has_counted(text: str, counted: Sequence[str]) -> bool:
    return any(end_of_counted(text, each, counted) > each.end for each in amounts_of(text))
