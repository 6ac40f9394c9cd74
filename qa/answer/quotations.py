"""Find the words that name the speaker of a quoted sentence, if the sentence itself does not."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation.snapshot import place_of
from index.types import Article, Sentence
from qa.types.citation import Span
from qa.verify.cues import Cue, cues_of
from qa.verify.quotation_marks import BEFORE_QUOTE, CLOSING, OPENING, STRAIGHT, opened_at
from qa.verify.speakers import MAX_SENTENCES_BACK


def speaker_context(article: Article, sentences: Sequence[Sentence], place: int) -> Span | None:
    """Return the span before the quoted sentence at index `place` that names its speaker; None if none is needed.

    The sentence stands in a quotation that began in an earlier sentence, or is a quotation by itself right behind the
    words that introduce it. The span is the sentence that introduces the quotation, up to its opening mark if other
    sentences stand between. If that says only "he added", it is the sentence that names the speaker. A quotation that
    is not closed is not trusted, and a sentence that names a speaker itself needs none.
    """
    text, sentence = article.text, sentences[place]
    opened = opened_at(text, sentence.start)
    if opened is None and _is_bare_quote(text[sentence.start:sentence.end]):
        opened = sentence.start
    if opened is None or any(cue.name is not None for cue in cues_of(text, sentence)):
        return None
    introducing = _introducing(text, sentences, opened)
    if introducing is None or introducing == place:
        return None
    cues = [cue for cue in cues_of(text, sentences[introducing]) if cue.at < opened]
    if not cues:
        return None
    named = introducing if _is_named(cues[-1]) else _last_naming(article, sentences, introducing, cues[-1].at)
    if named is None:
        return None
    start, end = sentences[named].start, sentences[named].end
    if named == introducing < place - 1 and opened < end:
        end = _stripped(text, start, opened)
    return start, end


def _introducing(text: str, sentences: Sequence[Sentence], opened: int) -> int | None:
    """Return the index of the sentence that introduces the quotation opened at an offset; None if none does."""
    opening = place_of(sentences, opened)
    if opening < 0 or opened >= sentences[opening].end:
        return None
    if any(map(str.isalnum, text[sentences[opening].start:opened])):
        return opening
    if opening and _introduces(text, sentences[opening - 1], sentences[opening]):
        return opening - 1
    return None


def _is_bare_quote(text: str) -> bool:
    """Tell whether a sentence begins with a quotation mark and ends with the quotation, or within it."""
    begun = text.lstrip(BEFORE_QUOTE)
    if not begun or begun[0] not in OPENING + STRAIGHT:
        return False
    closing = min((place for mark in CLOSING + STRAIGHT if (place := begun.find(mark, 1)) > 0), default=len(begun))
    return not any(map(str.isalnum, begun[closing:]))


def _introduces(text: str, previous: Sentence, sentence: Sentence) -> bool:
    """Tell whether the sentence before a quotation introduces it: it ends in a colon, or quotes in the same line."""
    before = text[previous.start:previous.end].rstrip()
    ends_quotation = before.rstrip(" .!؟?…")[-1:] in (*CLOSING, STRAIGHT)
    return before.endswith(":") or (ends_quotation and "\n" not in text[previous.end:sentence.start])


def _last_naming(article: Article, sentences: Sequence[Sentence], place: int, before: int) -> int | None:
    """Return the index of the last sentence, up to `place`, with a cue before an offset that names somebody."""
    return next((number for number in range(place, max(-1, place - MAX_SENTENCES_BACK), -1)
                 if any(cue.at < before and _is_named(cue) for cue in cues_of(article.text, sentences[number]))), None)


def _is_named(cue: Cue) -> bool:
    return cue.name is not None and cue.certain


def _stripped(text: str, start: int, end: int) -> int:
    """Return the end of the span without white space at its end."""
    return start + len(text[start:end].rstrip())
