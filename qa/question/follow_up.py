"""Resolve a follow-up ("ومتى كان ذلك؟", "and who signed it?") into a standalone question.

Only the words of the questions decide, not those of their answers. What the follow-up refers to is put in place of its
pronoun, or said behind it ("، بشأن اتفاق الدوحة"), so that a reader sees how it was understood. Only the latest topic
is carried on. `docs/decisions/0017-follow-ups.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.arabic import normalise
from index.language.clitics import AND_LETTERS, is_definite
from index.language.function_words import (
    FOLLOW_UP_JOINING,
    FOLLOW_UP_OBJECT_PRONOUNS,
    FOLLOW_UP_POSSESSIVES,
    FOLLOW_UP_PREPOSITIONS,
    FOLLOW_UP_WITH_PRONOUN,
    RELATIVE_PRONOUNS,
)
from index.language.tokens import compared, compared_words
from qa.question.earlier_act import ask_otherwise, by_earlier_act
from qa.question.replacing import MAX_WORDS_OF_NAME, replace_part
from qa.question.topic import Standalone, Topic, Word, read_words, topic_of
from qa.question.wording import AND, END, mark, upper_like, without_agreeing, without_joining, without_pronoun

# A question with at least this many content words, and nothing that points back, stands by itself. With at least
# `MANY_WORDS` of them, its pronouns do not point back.
STANDS_ALONE_FROM = 3
MANY_WORDS = 5

# "And what about": the words behind it replace a part of the question before.
_ABOUT = re.compile(rf"^\W*(?:{AND_LETTERS}|طيب |ثم |and |but )?(?:ماذا عن|ما بال|what about|how about)\b\s*",
                    re.IGNORECASE)
# "بأي أغلبية؟": two words that ask in place of "متى".
_BY_WHICH, _WORDS_BY_WHICH = compared_words("بأي لأي"), 2
_WHERE, _WHEN = compared("أين"), compared("متى")
_OF_NAMED = (_WHERE, compared("من"))
_NEVER_OF_EVENTS = compared_words("عمر جنسيت والد والدت زوج زوجت")
# In front of a pronoun in the same question, these name or introduce what it may refer to.
_BEFORE_ANTECEDENTS = FOLLOW_UP_PREPOSITIONS | RELATIVE_PRONOUNS
# What asks for what happened next, without "and" in front.
_NEXT = re.compile(normalise(
    r"(?:ثم )?(?:ماذا|ما الذي)(?: حدث| جرى| حصل)? (?:بعد ذلك|بعدها|بعده)|بعد ذلك|بعدها|ثم ماذا(?: حدث| حصل)?"))


def stands_alone(question: str) -> bool:
    """Tell whether a question has the same single reading whatever was asked before."""
    question = without_agreeing(question)
    words = read_words(question)
    if _ABOUT.match(question) or not words:
        return False
    return not _is_part(words) and not any(_needs_topic(words))


def readings(question: str, before: Standalone) -> tuple[Standalone, ...]:
    """Return the standalone questions that `question` may mean after the question `before`, likeliest first.

    There is one if it plainly stands by itself or plainly does not. There are two if it may be a follow-up or a new
    question, as "ومتى وُقّع اتفاق دايتون؟" is after a question about Doha.
    """
    alone, question = Standalone(question), without_agreeing(question)
    words, earlier = read_words(question), read_words(before.text)
    if not words or not earlier:
        return (alone,)
    about = _ABOUT.match(question)
    rest = question[about.end():] if about else question[words[words[0].word in AND and len(words) > 1].start:]
    topic = before.topic or topic_of(before.text)
    if (later := _what_came_later(question, words, topic)) is not None:
        return (later,)
    if about or _is_part(words):
        return replace_part(rest, before)
    own = [word for word in words if not word.lacks_content]
    goes_on, points_back, is_short = _needs_topic(words)
    if topic is None or not (goes_on or points_back or is_short):
        return (alone,)
    if not any(word.written.endswith("هم") for word in words):  # the dead themselves
        topic = topic.of_event()
    resolved = _with_topic(question, words, own, before, topic)
    if not (goes_on or points_back) and (asking := _asking_of_named(words)):
        return (alone, resolved) if asking == _WHERE else (resolved, alone)
    if len(own) < STANDS_ALONE_FROM - 1 or points_back and _refers_to_none_of_its_own(words):
        return (resolved,)
    return (resolved, alone) if goes_on or points_back else (alone, resolved)


def _needs_topic(words: Sequence[Word]) -> tuple[bool, bool, bool]:
    """Tell whether a question goes on with "and", points back to something, and has few words of its own."""
    own = [word for word in words if not word.lacks_content]
    goes_on = words[0].joined or words[0].word in FOLLOW_UP_JOINING
    # In a question of many words, the pronoun refers to one of them: "الرهائن الذين أُفرج عنهم".
    points_back = any(word.points_back for word in words) and len(own) < MANY_WORDS
    return goes_on, points_back, len(own) < STANDS_ALONE_FROM


def _refers_to_none_of_its_own(words: Sequence[Word]) -> bool:
    """Tell whether a preposition has a pronoun before anything that it may refer to: كم شرطيا اعتقل بسببه؟"""
    place = next((place for place, word in enumerate(words) if word.word in FOLLOW_UP_WITH_PRONOUN), 0)
    return place > 0 and words[0].asks and not any(
        is_definite(word.word) or word.names_place or word.joined or word.word in _BEFORE_ANTECEDENTS
        for word in words[1:place])


def _asking_of_named(words: Sequence[Word]) -> str:
    """Return the question word of a short question about a thing or person that it names: أين الأسهم؟, من المتهم؟

    Empty for another question.
    """
    asks = next((place for place, word in enumerate(words) if word.asks), -1)
    behind = next((word for word in words[asks + 1:] if not word.lacks_content), None) if asks >= 0 else None
    return words[asks].word if behind is not None and is_definite(behind.word) and words[asks].word in _OF_NAMED else ""


def _with_topic(question: str, words: Sequence[Word], own: Sequence[Word], before: Standalone,
                topic: Topic) -> Standalone:
    """Add the topic to the question.

    A question without content of its own takes what `before` asks behind the question word. Else the topic stands in
    the place of the first pronoun, else behind the question.
    """
    asks = [word for word in words if word.asks]
    if (resolved := by_earlier_act(question, words, before, topic)) is not None:
        return resolved
    if not own and len(asks) == 1:
        asked = ask_otherwise(asks[0], before)
        if asked is not None:
            return Standalone(f"{upper_like(question, asked)}{mark(question)}", topic, before.tail)
    bare = without_joining(question, words)
    if len(words) == _WORDS_BY_WHICH and words[0].word in _BY_WHICH:
        asked = ask_otherwise(replace(words[0], written=bare, joined=False), before)
        if asked is not None:
            return Standalone(f"{asked}{mark(question)}", topic, before.tail)
    offset = len(question.rstrip(END)) - len(bare)
    for place, word in enumerate(words):
        if topic.noun and word.stem is not None and not (
                topic.is_event and (word.written.endswith("هم") or compared(word.stem) in _NEVER_OF_EVENTS)):
            stem = word.stem[word.joined and word.start < offset:]
            whole = f"{without_pronoun(stem, words[place - 1].word if place else '')} {topic.noun}"
        elif topic.noun and word.word in FOLLOW_UP_OBJECT_PRONOUNS and place:
            whole = topic.noun
        elif topic.noun and word.word in FOLLOW_UP_POSSESSIVES and not word.is_last:
            whole = f"{topic.noun}'s" if not topic.noun.endswith("s") else f"{topic.noun}'"
        else:
            continue
        start, end = max(word.start - offset, 0), word.end - offset
        return Standalone(f"{bare[:start]}{whole}{bare[end:]}{mark(question)}", topic)
    tail = topic.behind(asks_when=any(word.word == _WHEN for word in asks))
    return Standalone(f"{bare}{tail}{mark(question)}", topic, tail)


def _is_part(words: Sequence[Word]) -> bool:
    """Tell whether the words replace a part of the question before: وفي باريس؟, في باريس؟, and in Paris?"""
    joins = words[0].joined or words[0].word in AND and len(words) > 1
    is_only_where = words[0].word in FOLLOW_UP_PREPOSITIONS and 1 < len(words) <= MAX_WORDS_OF_NAME
    return (joins or is_only_where) and not any(word.asks for word in words)


def _what_came_later(question: str, words: Sequence[Word], topic: Topic | None) -> Standalone | None:
    """Resolve what asks for what happened next: وبعد ذلك؟, ثم ماذا؟, ماذا حدث بعدها؟; None for another question."""
    said = " ".join(word.word for word in words)
    after = "" if topic is None or not _NEXT.fullmatch(said) else topic.after()
    return Standalone(f"ماذا حدث {after}{mark(question)}", topic) if after else None
