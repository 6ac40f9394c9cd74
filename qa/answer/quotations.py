"""Find the words that name the speaker of a quoted sentence, if the sentence itself does not."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Article, Sentence
from qa.types import Span
from qa.verify.cues import Cue, cues_of
from qa.verify.speakers import MAX_SENTENCES_BACK

_OPENING, _CLOSING = "«“", "»”"
_STRAIGHT = '"'
# Characters that may stand between a quotation mark and the beginning of its sentence.
_BEFORE_QUOTE = " \t([—–-"


def speaker_context(article: Article, sentences: Sequence[Sentence], place: int) -> Span | None:
    """Return the span before the quoted sentence at index `place` that names its speaker; None if none is needed.

    The sentence stands in a quotation that began in an earlier sentence, or is a quotation by itself right behind the
    words that introduce it. The span is the sentence that introduces the quotation, up to its opening mark if other
    sentences stand between. If that says only "he added", it begins at the sentence that names the speaker.
    """
    sentence = sentences[place]
    opened = _opened_at(article.text, sentences, place)
    if opened is None:
        if not _is_bare_quote(article.text[sentence.start:sentence.end]) or not place \
                or not _introduces(article, sentences[place - 1], sentence):
            return None
        opened = sentence.start
    elif _names_speaker_outside(article.text, sentence):
        return None
    introducing = next((number for number in range(place - 1, max(-1, place - 1 - MAX_SENTENCES_BACK), -1)
                        if any(cue.at < opened for cue in cues_of(article.text, sentences[number]))
                        and sentences[number].start <= opened), None)
    if introducing is None:
        return None
    cue = [each for each in cues_of(article.text, sentences[introducing]) if each.at < opened][-1]
    named = introducing if _is_named(cue) else _last_naming(article, sentences, introducing, cue.at)
    if named is None:
        return None
    if named < introducing:
        return sentences[named].start, sentences[named].end
    end = sentences[place - 1].end if introducing == place - 1 else opened
    return sentences[named].start, _stripped(article.text, sentences[named].start, end)


def _opened_at(text: str, sentences: Sequence[Sentence], place: int) -> int | None:
    """Return the offset of the mark that opens the quotation around the beginning of a sentence; None if none is open.

    Only the last `MAX_SENTENCES_BACK` sentences are searched. A mark that opens a paragraph of a quotation that is open
    already, as is usual in English, does not open another.
    """
    start = sentences[place].start
    first = sentences[max(0, place - MAX_SENTENCES_BACK)].start
    opened: int | None = None
    for offset in range(first, start):
        mark = text[offset]
        if mark in _OPENING or (mark == _STRAIGHT and (opened is None or text[opened] != _STRAIGHT)):
            opened = offset if opened is None else opened
        elif mark in _CLOSING or (mark == _STRAIGHT and not _begins_line(text, offset)):
            opened = None
    return opened


def _begins_line(text: str, offset: int) -> bool:
    return not text[text.rfind("\n", 0, offset) + 1:offset].strip()


def _is_bare_quote(text: str) -> bool:
    """Tell whether a sentence begins with a quotation mark and ends with the quotation, or within it."""
    begun = text.lstrip(_BEFORE_QUOTE)
    if not begun or begun[0] not in _OPENING + _STRAIGHT:
        return False
    closing = min((place for mark in _CLOSING + _STRAIGHT if (place := begun.find(mark, 1)) > 0), default=len(begun))
    return not any(map(str.isalnum, begun[closing:]))


def _introduces(article: Article, previous: Sentence, sentence: Sentence) -> bool:
    """Tell whether the sentence before a quotation introduces it: it ends in a colon, or quotes in the same line."""
    text = article.text[previous.start:previous.end]
    if text.rstrip().endswith(":"):
        return True
    ends_quotation = text.rstrip(" .!؟?…")[-1:] in (*_CLOSING, _STRAIGHT)
    return ends_quotation and "\n" not in article.text[previous.end:sentence.start]


def _names_speaker_outside(text: str, sentence: Sentence) -> bool:
    """Tell whether the sentence closes the quotation and then names who said it: …»، قال فلان."""
    closed = next((offset for offset in range(sentence.start, sentence.end)
                   if text[offset] in _CLOSING + _STRAIGHT and offset > sentence.start), None)
    return closed is not None and any(cue.at > closed and cue.name is not None for cue in cues_of(text, sentence))


def _last_naming(article: Article, sentences: Sequence[Sentence], place: int, before: int) -> int | None:
    """Return the index of the last sentence, up to `place`, with a cue before an offset that names somebody."""
    return next((number for number in range(place, max(-1, place - MAX_SENTENCES_BACK), -1)
                 if any(cue.at < before and _is_named(cue) for cue in cues_of(article.text, sentences[number]))), None)


def _is_named(cue: Cue) -> bool:
    return cue.name is not None and cue.certain


def _stripped(text: str, start: int, end: int) -> int:
    """Return the end of the span without white space at its end."""
    return start + len(text[start:end].rstrip())
