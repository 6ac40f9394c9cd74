"""Find cues in an article, words that introduce speech, and whom they name: "قال", "وأضاف", "بحسب", "said"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.arabic import normalise
from index.language.clitics import AND, PREPOSITION_BI, is_to_the
from index.language.function_words import ENGLISH_SUBJECTS
from index.language.offsets import Normalised
from index.language.saying import (
    ENGLISH_VERBS_OF_SAYING,
    VERBS_OF_SAYING,
    VERBS_OF_SOURCES,
    VERBS_WITHOUT_OBJECT,
)
from index.types import Sentence

MAX_NAME_WORDS = 12
# A name that nothing ends (no "إن", no colon, no quotation mark) is cut to this many words.
MAX_UNENDED_NAME_WORDS = 3
# The cue of an open quotation is looked for this many sentences back.
MAX_SENTENCES_OPEN = 40
_VERBS = "|".join(VERBS_OF_SAYING)
_VERB = re.compile(rf"\b{AND}(?:{_VERBS})\b")
_VERB_BEFORE_SPEAKER = re.compile(rf"{AND}(?:{'|'.join(VERBS_WITHOUT_OBJECT)})")
_OF_NAME = re.compile(
    rf"\b{AND}(?:{PREPOSITION_BI}حسب|وفقا|وفق|نقلا عن|{normalise('على')} (?:حد (?:قول|تعبير)|لسان))\b"
    rf"(?: ما (?:{_VERBS}|{'|'.join(VERBS_OF_SOURCES)})\b)?|\bعن (?=[^.:،]{{1,80}}\bقول(?:ه|ها|هم)\b)")
_OF_ANYTHING = re.compile(rf"{AND}(?:{PREPOSITION_BI}حسب|وفقا|وفق)\b")
_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s]")
# Words and marks that end a name behind a verb and begin the speech; `_STOPS` end it without beginning the speech.
_ENDS = frozenset(map(normalise, "إن أن إنه أنه إنها أنها إنهم أنهم بأن بأنه بأنها قائلا قائلة : \" « “ ”".split()))
_STOPS = frozenset(normalise(word) for word in """
    بالقول في فيه فيها خلال عن على إلى من الذي التي الذين بعد قبل عقب أمام عبر مع لدى ردا تعليقا عندما حين أثناء يوم أمس
    اليوم ضمن حول
    لكن لكنه كما الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت قوله قولها قولهم ( ) . ؛ ; » — – …
""".split())
_CAPITALISED = r"(?:[A-Z][\w'’.-]*\s+){0,5}[A-Z][\w'’-]*"
_SAYS = rf"(?:{'|'.join(ENGLISH_VERBS_OF_SAYING)})"
_ENGLISH = re.compile(rf"({_CAPITALISED})(?:,[^,.]{{1,60}},)?\s+(?:has\s|had\s|also\s|later\s)?{_SAYS}\b"
                      rf"|\b{_SAYS}\s+({_CAPITALISED})|\b[Aa]ccording to\s+(?:[a-z]+\s+){{0,4}}({_CAPITALISED})")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that introduces speech, at offset `at` of the article.

    `name` is the span of the speaker named, or None for a pronoun such as "he". `certain` is false if the name may be
    someone else's, as when it stands before the verb.
    """

    at: int
    name: tuple[int, int] | None
    certain: bool = True


def open_quotation(text: str, sentences: Sequence[Sentence], number: int, start: int) -> Cue | None:
    """Return the last cue earlier in the same paragraph if a quotation after it is still open at `start`."""
    earliest = max(0, number - MAX_SENTENCES_OPEN)
    line_start = max(text.rfind("\n", sentences[earliest].start, start), 0)
    for earlier in range(number - 1, earliest - 1, -1):
        if sentences[earlier].end <= line_start:
            return None
        cues = list(cues_of(text, sentences[earlier]))
        if cues:
            between = text[cues[-1].at:start]
            is_open = between.count('"') % 2 == 1 or any(
                between.count(opening) > between.count(closing) for opening, closing in ("«»", "“”"))
            return cues[-1] if is_open else None
    return None


def cues_of(text: str, sentence: Sentence) -> Iterator[Cue]:
    """Yield the cues of a sentence in order."""
    written = text[sentence.start:sentence.end]
    normalised = Normalised.of(written)
    found: list[Cue] = []

    def cue(at: int, span: tuple[int, int] | None, *, certain: bool = True) -> None:
        place = sentence.start + normalised.original(at, at + 1)[0]
        name = None
        if span is not None:
            low, high = normalised.original(*span)
            name = sentence.start + low, sentence.start + high
        found.append(Cue(place, name, certain))

    for match in _VERB.finditer(normalised.text):
        after, certain = _name_after(normalised.text, match.end())
        if after is not None:
            cue(match.start(), after, certain=certain or _VERB_BEFORE_SPEAKER.match(match[0]) is not None)
            continue
        before = _name_before(normalised.text, match.start())
        cue(match.start(), before, certain=before is None)
    for match in _OF_NAME.finditer(normalised.text):
        after, _ = _name_after(normalised.text, match.end(), at_comma=True)
        if after is not None:
            # Inside a sentence, it may introduce a measure or a source of figures: "بحسب القطاع".
            at_an_end = not normalised.text[:match.start()].strip() or not normalised.text[after[1]:].strip(" .،»\"”")
            cue(match.start(), after, certain=at_an_end or not _OF_ANYTHING.match(match[0]))
    for match in _ENGLISH.finditer(written):
        group = next(number for number in (1, 2, 3) if match[number])
        is_pronoun = match[group].casefold() in ENGLISH_SUBJECTS
        name = None if is_pronoun else (sentence.start + match.start(group), sentence.start + match.end(group))
        found.append(Cue(sentence.start + match.start(), name))
    yield from sorted(found, key=lambda one: one.at)


def _name_after(text: str, place: int, *, at_comma: bool = False) -> tuple[tuple[int, int] | None, bool]:
    """Return the span of the words behind `place` that may be a name, or None, and whether speech follows them."""
    words: list[tuple[int, int]] = []
    said = ended = False
    for match in _WORD_OR_MARK.finditer(text, place):
        said = match[0] in _ENDS
        ended = said or match[0] in _STOPS or is_to_the(match[0]) or (at_comma and match[0] in "،,")
        if ended or len(words) == MAX_NAME_WORDS:
            break
        if match[0][0].isalnum():
            words.append(match.span())
    if not ended:
        words = words[:MAX_UNENDED_NAME_WORDS]
    return ((words[0][0], words[-1][1]) if words else None), said


def _name_before(text: str, place: int) -> tuple[int, int] | None:
    """Return the span of the last four words, or fewer, between a punctuation mark and a verb; None if there are none.

    Commas do not count as marks.
    """
    words: list[tuple[int, int]] = []
    for match in _WORD_OR_MARK.finditer(text, 0, place):
        if match[0][0].isalnum():
            words.append(match.span())
        elif match[0] not in "،,":
            words = []
    words = words[-4:]
    return (words[0][0], words[-1][1]) if words else None
