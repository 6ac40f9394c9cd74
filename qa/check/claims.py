"""Split a text into claims, and tell which of them can be checked: no questions, greetings, opinions or fragments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.language.arabic import normalise
from index.language.clitics import AND
from index.language.dates import find_dates
from index.language.function_words import FUNCTION_WORDS
from index.language.quantities import find_quantities
from index.language.sentences import split_sentences
from index.language.tokens import compared, tokens
from index.types import Sentence
from index.work import paused_between
from qa.answer.statements import is_link, only_asks
from qa.check.draft import MAX_CLAIMS_CHECKED, Claim
from qa.check.names import NameSense
from qa.contract import UncheckableBecause
from qa.question.small_talk import small_talk
from qa.verify.cues import Cue, cues_of
from qa.verify.quote import MAX_QUOTE_CHARS

MIN_CONTENT_WORDS = 2
# Fewer words between quotation marks are a name or a word used with reserve.
MIN_QUOTED_WORDS = 4
_QUOTATION = re.compile(r"«([^«»]+)»|“([^“”]+)”|\"([^\"\n]+)\"|(?<!\w)'([^'\n]{20,})'(?!\w)")
_OPINION = re.compile(
    r"\b(?:في رايي|برايي|من وجهه نظري|نري ان\w*|نعتقد ان\w*|ينبغي (?:ان|علي)|يجب (?:ان|علي)"
    r"|لا بد من|لابد من|من الافضل|من المؤسف|من المهم|من الواضح ان|لحسن الحظ|للاسف|في تقديري|بصراحه)\b"
    r"|\b(?:i think|i believe|i feel|in my (?:opinion|view)|we believe|should|ought to|must be|unfortunately|hopefully"
    r"|it is (?:important|clear|sad|good|better))\b")
# As written: normalised, أعتقد is اعتقد, "he believed".
_FIRST_PERSON = re.compile(rf"(?:^|[\s«\"]){AND}(?:أعتقد|أظن|أرى|أرجح|أتمنى|أشعر) (?:[^\s]+ )?(?:أن|بأن|لو)")
_FORECAST = re.compile(
    rf"^(?:[^ ]+ ){{0,3}}?{AND}(?:سوف|من المتوقع|من المرجح|قريبا|غدا|في المستقبل|في السنوات المقبله|في العقد المقبل)\b"
    r"|\b(?:will|is going to|are going to|is likely to|in the (?:near )?future|next (?:year|decade))\b")
# "No less than" is spelled with "says": لا يقل عن.
_NOT_SAID = re.compile(r"\b(?:لا|ما لا|بما لا|لم) $")


def claims_of(text: str, names: NameSense) -> Iterator[Claim]:
    """Yield each sentence of a text as a claim, in order; headings are claims too.

    Linear in the length of the text.
    """
    checked = 0
    for number, sentence in enumerate(paused_between(split_sentences(text)), start=1):
        claim = _claim(number, text, sentence, names)
        if claim.uncheckable is None:
            checked += 1
            if checked > MAX_CLAIMS_CHECKED:
                claim = Claim(number, claim.text, claim.start, claim.end, uncheckable="limit")
        yield claim


def _claim(number: int, text: str, sentence: Sentence, names: NameSense) -> Claim:
    start, end = sentence.start, sentence.end
    written = text[start:end]
    uncheckable = why_uncheckable(written)
    if uncheckable is not None:
        return Claim(number, written, start, end, uncheckable=uncheckable)
    dates = find_dates(written)
    figures = find_quantities(written, dates)
    cue = cue_of(written)
    speaker = cue.name if cue else None
    return Claim(
        number, written, start, end, tuple(_moved(quotations_of(written), start)),
        tuple((start + figure.start, start + figure.end) for figure in figures),
        tuple((start + mention.start, start + mention.end) for mention in dates),
        tuple(_moved(_names(written, names), start)),
        None if speaker is None else (start + speaker[0], start + speaker[1]))


def _moved(places: Iterator[tuple[int, int]], by: int) -> Iterator[tuple[int, int]]:
    return ((by + start, by + end) for start, end in places)


def why_uncheckable(written: str) -> UncheckableBecause | None:
    """Say why nothing in a sentence can be checked; None if something can, or if only the articles can tell."""
    if small_talk(written) is not None:
        return "greeting"
    if only_asks(written):
        return "question"
    content = [form for match in tokens(written) if (form := compared(match[0])) not in FUNCTION_WORDS]
    if len(content) < MIN_CONTENT_WORDS or is_link(written):
        return "fragment"
    if _FIRST_PERSON.search(written):
        return "opinion"
    return "opinion" if _OPINION.search(normalise(written)) and cue_of(written) is None else None


def is_forecast(written: str) -> bool:
    """Tell whether a sentence foretells in its own name."""
    return bool(_FORECAST.search(normalise(written))) and cue_of(written) is None


def quotations_of(written: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the words between quotation marks, if they are enough to be somebody's."""
    for match in _QUOTATION.finditer(written):
        start, end = match.span(match.lastindex or 0)
        if len(list(tokens(written[start:end]))) >= MIN_QUOTED_WORDS and end - start <= MAX_QUOTE_CHARS:
            yield start, end


def cue_of(written: str) -> Cue | None:
    """Return the words of a sentence that attribute it to somebody, the ones that surely name them first."""
    quoted = list(quotations_of(written))
    cues = [cue for cue in cues_of(written, Sentence(0, len(written)))
            if not any(start <= cue.at < end for start, end in quoted) and _says(written, cue)]
    return next((cue for cue in cues if cue.name and cue.certain), cues[0] if cues else None)


def _says(written: str, cue: Cue) -> bool:
    """Tell whether a cue attributes words, and is not "no less than"."""
    is_bound = compared(written[cue.at:cue.end].split()[-1]) in ("يقل", "تقل") and _NOT_SAID.search(
        normalise(written[:cue.at]))
    return not is_bound


def _names(written: str, names: NameSense) -> Iterator[tuple[int, int]]:
    """Yield the places of the words that are names; words of one name are one place."""
    before: tuple[int, int] | None = None
    for number, match in enumerate(tokens(written)):
        word = match[0]
        if word.isascii():
            is_name = word[:1].isupper() and number > 0 and compared(word) not in FUNCTION_WORDS
        else:
            is_name = names.is_name(compared(word))
        if not is_name:
            continue
        if before and written[before[1]:match.start()] == " ":
            before = before[0], match.end()
            continue
        if before:
            yield before
        before = match.span()
    if before:
        yield before
