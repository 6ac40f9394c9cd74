"""Find the words of the first citation that answer the question, and the spans that answer in the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.language.arabic import normalise, split_words
from index.language.clitics import (
    BEFORE_DIGITS,
    strip_and_for_numbers,
    without_and,
    without_article,
    without_one_letter,
)
from index.language.dates import find_dates_near
from index.language.function_words import (
    ASKING_WHY,
    FUNCTION_WORDS,
    IN_SPITE_OF,
    OR_WORDS,
    SUBJECT_STOPS,
    WHY_AND_HOW,
    YES_OR_NO,
)
from index.language.quantities import may_start_quantity, shows_quantity
from index.language.tokens import compared, tokens
from index.types import Sentence
from qa.answer.agreement import amounts_of
from qa.answer.counted import counts, counts_other, end_of_counted
from qa.answer.days import Days, answering_day_span, approximate_day, resolved_day, span_within
from qa.answer.happening import asks_what_happened, main_clause
from qa.answer.participles import doer_in_passing
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.question.kinds import AnswerKind
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import is_form_of
from qa.types.answer import ShortAnswer
from qa.types.citation import Citation, Span

# A span is shown if the reader prefers it to "no answer", or the other way round by at most this much.
SHOWN_FROM_LEAD = -3.0
# Another clause, about somebody else, begins with these.
_CONTRAST = re.compile(r"[،,]\s*(?:فيما|بينما|في حين|أما|while|whereas)\b")
MAX_WORDS_OF_NAME = 6
WORDS_BETWEEN_DAYS = 3
AFTER_AMOUNT = 20  # characters behind an amount that its noun is looked for in
# A preposition attached to an amount in digits: بـ50 ألف دولار.
_BEFORE_DIGITS = re.compile(rf"{BEFORE_DIGITS}(?=\d)")
# An amount that another one is held against: "21 مليون صوت، مقابل 700 ألف".
_HELD_AGAINST = re.compile(r"[،,]?\s(?:مقابل|مقارنة|بدلا من|بعد أن كانت?|compared (?:with|to)|up from|down from"
                           r"|instead of|against)\b")
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"), ('"', '"'))
# What may stand around an answer without being part of it.
_AROUND = " \t\n\r«»\"“”'‘’()[]{}،؛,;:.؟?!…-–—"


def with_answers(question: ParsedQuestion, citations: Sequence[Citation], ranked: Sequence[RankedSentence],
                 told: Days | None = None) -> tuple[tuple[Citation, ...], ShortAnswer | None]:
    """Return the citations with the spans that answer, and the short answer: the span of the first that has one.

    If the articles tell of another time than the question takes for granted, `told`, no date outside it answers "when".
    """
    read = {sentence.text: sentence for sentence in ranked}
    # A sentence that a rule put first answers, whatever the reader found better in others.
    moved = bool(citations and ranked) and citations[0].quote in read and citations[0].quote != ranked[0].text
    found = tuple(replace(citation, answer=_span(question, citation, read.get(citation.quote),
                                                 is_sure=moved and citation is citations[0]))
                  for citation in citations)
    if told is not None and question.kind is AnswerKind.TIME:
        found = tuple(replace(each, answer=span_within(each, told)) for each in found)
    first = next((citation for citation in found[:1] if citation.answer is not None), None)
    if first is None or first.answer is None:
        return found, None
    start, end = first.answer
    if question.kind is not AnswerKind.TIME:
        return found, ShortAnswer(first.article, start, end)
    day = resolved_day(first.article, start, end)
    about = approximate_day(first.article, start, end) if day is None else None
    return found, ShortAnswer(first.article, start, end, day or about, approximate=about is not None)


def _span(question: ParsedQuestion, citation: Citation, sentence: RankedSentence | None, *, is_sure: bool
          ) -> Span | None:
    """Return the span in the cited article's text; None if neither the reader nor a date gives one."""
    if asks_what_happened(question):
        return _moved(main_clause(citation.quote), citation)
    span = _found_by_reader(question, citation, sentence, is_sure=is_sure)
    if span is not None and question.kind is AnswerKind.PERSON:
        span = _who_does_it(question, citation, span)
    counted = question.wanted.counted
    if sentence is not None and counted and (pair := _pair_behind_verb(question, citation, span)) is not None:
        return pair
    if sentence is not None and counted and (span is None or not counts(citation.article.text[slice(*span)], counted)):
        text = citation.quote
        amounts = [each for each in amounts_of(text) if counts(text[each.start:each.end + AFTER_AMOUNT], counted)]
        if len(amounts) == 1:
            first = compared(text[amounts[0].start:].split(maxsplit=1)[0])
            start = amounts[0].start + (bool(strip_and_for_numbers(first)) and not first.startswith("واحد"))
            end = end_of_counted(text, amounts[0], counted)
            return _trimmed(citation, citation.start + start, citation.start + end)
    if question.kind is AnswerKind.TIME:
        day = answering_day_span(citation.article, Sentence(citation.start, citation.end), question, span)
        if day is not None and (span is None or not _overlap(span, day) or _names_several(citation, span)):
            return day
    return None if span is not None and counts_other(question, citation.article, (citation.start, citation.end), span) \
        else span


def _found_by_reader(question: ParsedQuestion, citation: Citation, sentence: RankedSentence | None, *, is_sure: bool
                     ) -> Span | None:
    """Return the span that the reader found, in the cited article's text; None if it found none that may answer."""
    if sentence is None or sentence.span is None or not (is_sure or sentence.evidence.lead >= SHOWN_FROM_LEAD):
        return None
    # The cited sentence is a copy of the one that was read, perhaps in another article.
    moved = citation.start - sentence.sentence.start
    span = _trimmed(citation, sentence.span[0] + moved, sentence.span[1] + moved)
    if span is None:
        return None
    span = _with_whole_amount(citation, span)
    if question.kind is AnswerKind.QUANTITY:
        span = _amount_alone(citation, span)
    text = citation.article.text[slice(*span)]
    return None if _repeats(question, text) or _concedes(question, text) else span


def _repeats(question: ParsedQuestion, text: str) -> bool:
    """Tell whether a question asks whether, why or how, and a span only has its words: "هل استقال؟", "الاستقالة".

    One of two that it names ("أم") answers. Asked whether, the words may be in another form.
    """
    asking = _asking_word(question)
    words = [word for word in split_words(normalise(text)) if word not in FUNCTION_WORDS]
    if asking in YES_OR_NO and OR_WORDS.isdisjoint(question.words):
        return all(has_word(word, Said.by(question.text)) for word in words)
    asked = {without_article(word) for word in question.words}
    return asking in ASKING_WHY | WHY_AND_HOW and all(without_article(word) in asked for word in words)


def _concedes(question: ParsedQuestion, text: str) -> bool:
    """Tell whether a question asks why, and a span says in spite of what: "على الرغم من الحرب"."""
    return _asking_word(question) in ASKING_WHY and not IN_SPITE_OF.isdisjoint(split_words(normalise(text))[:2])


def _asking_word(question: ParsedQuestion) -> str:
    """Return the first word of a question, without an attached "and"."""
    return without_and(question.words[0]) if question.words else ""


def _names_several(citation: Citation, span: Span) -> bool:
    """Tell whether a span names a day, says more, and names another one."""
    named = [mention for mention in find_dates_near(citation.article.text, *span, citation.article.published_on)
             if span[0] <= mention.start and mention.end <= span[1]]
    return any(len(citation.article.text[before.end:after.start].split()) >= WORDS_BETWEEN_DAYS
               for before, after in pairwise(named))


def _amount_alone(citation: Citation, span: Span) -> Span:
    """Return the span without a preposition attached to its amount, and without an amount that it is held against."""
    start, end = span
    text = citation.article.text
    first = text[start:end].split(maxsplit=1)[0]
    before = _BEFORE_DIGITS.match(text, start, end)
    if before is not None:
        start = before.end()
    elif not may_start_quantity(compared(first)) and may_start_quantity(without_one_letter(compared(first))):
        start += 1
    against = _HELD_AGAINST.search(text, start, end)
    if against is not None and shows_quantity(normalise(text[start:against.start()])):
        end = against.start()
    return start, end


def _with_whole_amount(citation: Citation, span: Span) -> Span:
    """Return the span, widened to the amount of which it has some words: مليونًا of "مليونًا ونصف المليون درهم"."""
    start, end = span[0] - citation.start, span[1] - citation.start
    for amount in amounts_of(citation.quote):
        low, high = amount.number_start, amount.number_end
        if low < end and start < high and " " in citation.quote[low:start] + citation.quote[end:high]:
            return citation.start + min(start, amount.start), citation.start + max(end, amount.end)
    return span


def _who_does_it(question: ParsedQuestion, citation: Citation, span: Span) -> Span | None:
    """Return the span, or what follows the verb asked about if the span is in another clause, of somebody else.

    Asked who abstained: "France abstained, while Spain voted against it". None if nothing short follows the verb. Where
    a participle says it in passing, those it is said of did it, and none of theirs: مدرب المنتخب الفائز.
    """
    verb, read = question.wanted.asked_about, list(tokens(citation.quote))
    place = next((place for place, each in enumerate(read)
                  if verb is not None and is_form_of(compared(each.group()), verb)), None)
    if place is None and verb is not None and (did_it := doer_in_passing(verb, citation.quote)) is not None:
        return _moved(did_it, citation)
    if place is None or _CONTRAST.search(citation.quote[read[place].end():max(0, span[0] - citation.start)]) is None:
        return span
    behind = read[place + 1:place + 2 + MAX_WORDS_OF_NAME]
    end = next((number for number, each in enumerate(behind) if compared(each.group()) in SUBJECT_STOPS), 0)
    if not end:
        return None
    return _trimmed(citation, citation.start + behind[0].start(), citation.start + behind[end - 1].end())


def _pair_behind_verb(question: ParsedQuestion, citation: Citation, span: Span | None) -> Span | None:
    """Return the two of a kind that stand behind the verb asked about: "حضر 60 عضوا وغاب عضوان", asked who stayed away.

    None if there are none, or if the span stands behind the verb itself.
    """
    read = list(tokens(citation.quote))
    asked = [word for word in question.wanted.content if word not in question.wanted.counted]
    for verb, behind in pairwise(read) if asked else ():
        if (span is None or span[0] - citation.start != behind.start()) \
                and is_form_of(without_and(compared(verb.group())), asked[0]) \
                and _is_pair_of(compared(behind.group()), question):
            return _trimmed(citation, citation.start + behind.start(), citation.start + behind.end())
    return None


def _is_pair_of(word: str, question: ParsedQuestion) -> bool:
    """Tell whether a word is the dual of the noun that is counted: عضوان of عضوا, سيارتين of سيارة."""
    stem = word.removesuffix("ان").removesuffix("ين")
    return stem != word and any(stem in (form, form.removesuffix("ا"), f"{form.removesuffix('ه')}ت")
                                for form in question.wanted.counted)


def _moved(span: Span | None, citation: Citation) -> Span | None:
    """Return a span of the cited sentence as one of its article."""
    return None if span is None else (citation.start + span[0], citation.start + span[1])


def _trimmed(citation: Citation, start: int, end: int) -> Span | None:
    start, end = max(start, citation.start), min(end, citation.end)
    text = citation.article.text[start:end]
    start += len(text) - len(text.lstrip(_AROUND))
    end -= len(text) - len(text.rstrip(_AROUND))
    return _with_both_marks(citation, start, end) if start < end else None


def _with_both_marks(citation: Citation, start: int, end: int) -> Span:
    """Return the span with the other one of two quotation marks or brackets that it has one of: طراز "بوينغ 737"."""
    text = citation.article.text
    for opening, closing in _PAIRS:
        inside = text[start:end]
        opened, closed = inside.count(opening), inside.count(closing)
        is_open = opened % 2 > 0 if opening == closing else opened > closed
        if is_open and end < citation.end and text[end] == closing:
            end += 1
        elif (is_open if opening == closing else closed > opened) and start > citation.start \
                and text[start - 1] == opening:
            start -= 1
    return start, end


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
