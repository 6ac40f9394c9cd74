"""Put a follow-up that only names something into the question before it: وفي باريس؟, and in 2014?, وماكرون؟"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from index.language.clitics import after_lam, is_definite
from index.language.dates import find_dates
from index.language.function_words import (
    ASKING_OF_AN_ACT,
    ENGLISH_AUXILIARIES,
    EVENT_NOUNS,
    FOLLOW_UP_PREPOSITIONS,
    IN_OR_OF,
    NOT_AT_TIME,
    SUBJECT_STOPS,
)
from index.language.saying import SAYING_WITH_SPEAKER_BEHIND
from index.language.tokens import compared, compared_words, tokens
from qa.question.topic import Standalone, Topic, Word, read_words, topic_of
from qa.question.wording import END, mark, without_joining

MAX_WORDS_OF_NAME = 3
# A question with a subject and something behind it has at least so many words.
MIN_WORDS = 4
_WORDS_OF_PLACE = 2  # the words of "in Peru"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_WHAT, _BETWEEN = compared_words("ماذا بماذا"), compared_words("بين between")


def replace_part(rest: str, before: Standalone) -> tuple[Standalone, ...]:
    """Put `rest` into the question `before`, in the likeliest ways.

    A time replaces a time and a place a place, wherever they stand. If `before` has the first word of `rest`, `rest`
    replaces words from there on: all that follow if that word is a preposition ("وفي باريس؟"), otherwise as many as
    `rest` has. A name may replace the subject. Else, and if only `rest` has a time, it replaces what is said behind
    `before`.
    """
    words, text = read_words(rest), before.text
    if not words:
        return (before,)
    said = without_joining(rest, words)
    earlier = read_words(text[:len(text) - len(before.tail) - 1] if before.tail else text)
    same_kind = _of_same_kind(words, said, earlier, text)
    anchor = next((word for word in earlier if word.word == words[0].word and not word.asks), None)
    if same_kind is not None:
        (start, end), said = same_kind
        return (Standalone(f"{text[:start]}{said}{text[end:earlier[-1].end]}{mark(text)}"),)
    is_when = _is_only_time(said, _times(said)) and not _times(text[:earlier[-1].end])
    if anchor is not None and not is_when:
        place = earlier.index(anchor)
        behind = [] if anchor.word in FOLLOW_UP_PREPOSITIONS else earlier[place + len(words):]
        if _is_of_event(words, earlier[place:]):
            return (Standalone(f"{text[:earlier[-1].start]}{rest[words[1].start:].rstrip(END)}{mark(text)}"),)
        changed = f"{text[:anchor.start]}{said}" + (f" {text[behind[0].start:earlier[-1].end]}" if behind else "")
        return (Standalone(f"{changed}{mark(text)}"),)
    starts_with_preposition = words[0].word in FOLLOW_UP_PREPOSITIONS
    tail = f" {said}" if starts_with_preposition else Topic(said).behind()
    added = Standalone(f"{text[:earlier[-1].end]}{tail}{mark(text)}", before.topic or topic_of(text), tail)
    subject = [] if starts_with_preposition or _times(said) else _subject_like(words, earlier)
    if not subject:
        return (added,)
    return Standalone(f"{text[:subject[0].start]}{said}{text[subject[-1].end:earlier[-1].end]}{mark(text)}"), added


def _of_same_kind(words: Sequence[Word], said: str, earlier: Sequence[Word], text: str
                  ) -> tuple[tuple[int, int], str] | None:
    """Return the span of the only time or place of the question before, and the one that replaces it.

    A country replaces a country, a city a city. Behind a preposition (وفي فرنسا) it replaces one that has none in
    front: زلزال اليونان.
    """
    times, named = _times(said), _times(text[:earlier[-1].end])
    if len(named) == 1 and _is_only_time(said, times) and _is_at_time(text[:named[0][0]]):
        return named[0], said[slice(*times[0])]
    has_preposition = words[0].word in FOLLOW_UP_PREPOSITIONS
    place = words[has_preposition:]
    places = [number for number, word in enumerate(earlier) if word.names_place
              and word.names_country == (place != [] and place[0].names_country)]
    if len(place) != 1 or not place[0].names_place or len(places) != 1 or has_preposition and (
            words[0].word not in IN_OR_OF or earlier[places[0] - 1].word in FOLLOW_UP_PREPOSITIONS):
        return None
    old, new = earlier[places[0]], place[0]
    return (old.start, old.end), f"{old.written[:old.joined]}{new.written[new.joined:]}"


def _is_only_time(said: str, times: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a time, behind one preposition at most, is all that is said: وفي 2017؟, but not وقبل 2017؟"""
    return len(times) == 1 and len(said[:times[0][0]].split()) <= 1 and not said[times[0][1]:].strip() \
        and _is_at_time(said[:times[0][0]])


def _is_at_time(before: str) -> bool:
    """Tell whether the words before a time tell of that time itself, not of what was before, since or between."""
    return all(compared(word.group()) not in NOT_AT_TIME | _BETWEEN for word in list(tokens(before))[-1:])


def _is_of_event(words: Sequence[Word], phrase: Sequence[Word]) -> bool:
    """Tell whether a phrase is an event's, which goes on with another name: في زلزال المكسيك؟, وفي اليابان؟"""
    return words[0].word in IN_OR_OF and len(words) == len(phrase) - 1 == _WORDS_OF_PLACE \
        and phrase[1].word in EVENT_NOUNS and words[1].word not in EVENT_NOUNS \
        and (words[1].names_place or not is_definite(words[1].word))


def _times(text: str) -> list[tuple[int, int]]:
    """Return the spans of the dates of a text, and of years without a word that says so: كأس العالم 2018."""
    dates = [(mention.start, mention.end) for mention in find_dates(text)]
    years = [word.span() for word in tokens(text) if _YEAR.fullmatch(compared(word.group()))]
    return sorted([*dates, *(year for year in years if not any(start <= year[0] < end for start, end in dates))])


def _subject_like(words: Sequence[Word], earlier: Sequence[Word]) -> Sequence[Word]:
    """Return the subject of the question before that a name may stand for: ترامب of ماذا قال ترامب عن إيران؟

    Empty if it can't be told from an object, or only one of the two is definite.
    """
    if len(words) > MAX_WORDS_OF_NAME or len(earlier) < MIN_WORDS \
            or any(word.lacks_content or word.points_back or word.names_place for word in words):
        return []
    verb, behind = earlier[1], earlier[2:]
    if verb.word in ENGLISH_AUXILIARIES:
        named = list(takewhile(_is_capital, behind))
        return named if len(named) < len(behind) and all(map(_is_capital, words)) else []
    end = next((place for place, word in enumerate(behind)
                if word.word in SUBJECT_STOPS or word.word in FOLLOW_UP_PREPOSITIONS or word.names_place), len(behind))
    subject = behind[:end]
    is_verb = not (verb.lacks_content or is_definite(verb.word) or verb.stem is not None)
    is_plain = verb.word in SAYING_WITH_SPEAKER_BEHIND or end == 1 < len(behind)
    if earlier[0].word not in ASKING_OF_AN_ACT | _WHAT or not is_verb or not subject or not is_plain \
            or any(after_lam(word.word) for word in subject[1:]) or any(word.points_back for word in subject):
        return []
    are_alike = is_definite(subject[0].word) == is_definite(words[0].written[words[0].joined:])
    return subject if are_alike else []


def _is_capital(word: Word) -> bool:
    return word.written[:1].isupper()
