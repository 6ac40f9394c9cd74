"""Resolve a follow-up ("ومتى كان ذلك؟", "and who signed it?") into a standalone question.

Only the words of the questions decide, not those of their answers. What the follow-up refers to is put in place of its
pronoun, or said behind it ("، بشأن اتفاق الدوحة"), so that a reader sees how it was understood. Only the latest topic
is carried on. `docs/decisions/0017-follow-ups.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from index.language.arabic import normalise, without_marks
from index.language.clitics import AND_LETTERS, is_definite
from index.language.function_words import (
    ASKING_OF_AN_ACT,
    AUXILIARY_WORDS,
    ENGLISH_AUXILIARIES,
    FOLLOW_UP_BEFORE_NOUNS,
    FOLLOW_UP_COUNTING,
    FOLLOW_UP_DEFINING,
    FOLLOW_UP_ENDING_IN_ALEF,
    FOLLOW_UP_JOINING,
    FOLLOW_UP_OBJECT_PRONOUNS,
    FOLLOW_UP_POSSESSIVES,
    FOLLOW_UP_PREPOSITIONS,
    WHO_IS_IT,
)
from index.language.tokens import compared, compared_words
from qa.question.languages import Language, language_of
from qa.question.topic import Standalone, Topic, Word, passive, read_words, topic_of

# A question with at least this many content words, and nothing that points back, stands by itself. With at least
# `MANY_WORDS` of them, its pronouns do not point back.
STANDS_ALONE_FROM = 3
MANY_WORDS = 5

# "And what about": the words behind it replace a part of the question before.
_ABOUT = re.compile(rf"^\W*(?:{AND_LETTERS}|طيب |ثم |and |but )?(?:ماذا عن|ما بال|what about|how about)\b\s*",
                    re.IGNORECASE)
# "بأي أغلبية؟": two words that ask in place of "متى".
_BY_WHICH, _WORDS_BY_WHICH = compared_words("بأي لأي"), 2
_WHERE, _WHO = compared("أين"), compared("من")
_OF_NAMED = (_WHERE, _WHO)
_ROOT_LETTERS = 3
# What only a person has or does: behind "who opened the observatory?", "his age" is that of the one who opened it.
_OF_PEOPLE = compared_words("""
    عمر جنسيت منصب مهنت مولد اسم والد والدت زوج زوجت أولاد أبناء ابن ابنت سيرت شهادت تعليم راتب سلف حزب ديانت أصل
""")
_DONE_BY_PEOPLE = compared_words("أسس أسست كتب كتبت ألف ألفت درس درست قال قالت صرح صرحت فعل فعلت شغل شغلت نال نالت")
_WHETHER = compared("هل")
_END = " ؟?.!"


def stands_alone(question: str) -> bool:
    """Tell whether a question has the same single reading whatever was asked before."""
    words = read_words(question)
    if _ABOUT.match(question) or not words:
        return False
    joins_part = words[0].joined and not any(word.asks for word in words)
    return not joins_part and not any(_needs_topic(words))


def readings(question: str, before: Standalone) -> tuple[Standalone, ...]:
    """Return the standalone questions that `question` may mean after the question `before`, likeliest first.

    There is one if it plainly stands by itself or plainly does not. There are two if it may be a follow-up or a new
    question, as "ومتى وُقّع اتفاق دايتون؟" is after a question about Doha.
    """
    words, earlier = read_words(question), read_words(before.text)
    alone = Standalone(question)
    if not words or not earlier:
        return (alone,)
    about = _ABOUT.match(question)
    rest = question[about.end():] if about else question
    if about or words[0].joined and not any(word.asks for word in words):
        return (_replace_part(rest, before),)
    own = [word for word in words if not word.lacks_content]
    goes_on, points_back, is_short = _needs_topic(words)
    topic = before.topic or topic_of(before.text)
    if topic is None or not (goes_on or points_back or is_short):
        return (alone,)
    resolved = _with_topic(question, words, own, before, topic)
    if not (goes_on or points_back) and (asking := _asking_of_named(words)):
        return (alone, resolved) if asking == _WHERE else (resolved, alone)
    if len(own) < STANDS_ALONE_FROM - 1:
        return (resolved,)
    return (resolved, alone) if goes_on or points_back else (alone, resolved)


def _needs_topic(words: Sequence[Word]) -> tuple[bool, bool, bool]:
    """Tell whether a question goes on with "and", points back to something, and has few words of its own."""
    own = [word for word in words if not word.lacks_content]
    goes_on = words[0].joined or words[0].word in FOLLOW_UP_JOINING
    # In a question of many words, the pronoun refers to one of them: "الرهائن الذين أُفرج عنهم".
    points_back = any(word.points_back for word in words) and len(own) < MANY_WORDS
    return goes_on, points_back, len(own) < STANDS_ALONE_FROM


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
    if special := _of_person(question, words, own, before, topic) or _other_act(question, words, before, topic):
        return special
    if not own and len(asks) == 1:
        asked = _ask_otherwise(asks[0], before)
        if asked is not None:
            return Standalone(f"{_upper_like(question, asked)}{_mark(question)}", topic, before.tail)
    bare = _without_joining(question.rstrip(_END), words)
    if len(words) == _WORDS_BY_WHICH and words[0].word in _BY_WHICH:
        asked = _ask_otherwise(replace(words[0], written=bare, joined=False), before)
        if asked is not None:
            return Standalone(f"{asked}{_mark(question)}", topic, before.tail)
    offset = len(question.rstrip(_END)) - len(bare)
    for place, word in enumerate(words):
        if topic.noun and word.stem is not None and not (word.written.endswith("هم") and topic.is_event):
            stem = word.stem[word.joined and word.start < offset:]
            whole = f"{_without_pronoun(stem, words[place - 1].word if place else '')} {topic.noun}"
        elif topic.noun and word.word in FOLLOW_UP_OBJECT_PRONOUNS and place:
            whole = topic.noun
        elif topic.noun and word.word in FOLLOW_UP_POSSESSIVES and not word.is_last:
            whole = f"{topic.noun}'s" if not topic.noun.endswith("s") else f"{topic.noun}'"
        else:
            continue
        start, end = max(word.start - offset, 0), word.end - offset
        return Standalone(f"{bare[:start]}{whole}{bare[end:]}{_mark(question)}", topic)
    tail = topic.behind(asks_when=any(word.word == compared("متى") for word in asks))
    return Standalone(f"{bare}{tail}{_mark(question)}", topic, tail)


def _one_who(before: Standalone) -> str:
    """Return "the one who did it" of a question that asks who did something: من افتتح مرصد القمر; else empty."""
    earlier = read_words(before.text)
    if len(earlier) < 3 or earlier[0].word != _WHO or earlier[1].word in AUXILIARY_WORDS \
            or earlier[1].stem is not None or earlier[1].word in FOLLOW_UP_PREPOSITIONS:
        return ""
    return f"{earlier[0].written[earlier[0].joined:]} {before.text[earlier[1].start:earlier[-1].end]}"


def _of_person(question: str, words: Sequence[Word], own: Sequence[Word], before: Standalone, topic: Topic
               ) -> Standalone | None:
    """Resolve a question about the one whom `before` asks for: كم عمره؟, وماذا أسس؟, ومن هي؟; None for another."""
    if not (one_who := _one_who(before)):
        return None
    bare, last = _without_joining(question.rstrip(_END), words), words[-1]
    if len(words) == _WORDS_BY_WHICH and words[0].word == _WHO and last.word in WHO_IS_IT:
        return Standalone(before.text, topic, before.tail)
    if last.stem is not None and compared(last.stem[last.joined and last is words[0]:]) in _OF_PEOPLE:
        stem = _without_pronoun(last.stem, words[-2].word if len(words) > 1 else "")
        return Standalone(f"{bare[:len(bare) - len(last.written)]}{stem} {one_who}{_mark(question)}", topic)
    if len(own) == 1 and own[0] is last and last.word in _DONE_BY_PEOPLE and words[0].word == compared("ماذا"):
        return Standalone(f"{bare} {one_who}{_mark(question)}", topic)
    return None


def _other_act(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Give the subject of "did X do it?" to another verb: وهل وافق في النهاية؟ behind هل رفض المجلس البلدي الهبة؟

    None if the question names its subject, or that of `before` can't be told from its object.
    """
    earlier = read_words(before.text)
    if len(words) < 2 or words[0].word not in ASKING_OF_AN_ACT or len(earlier) < 4 or earlier[0].word != _WHETHER:
        return None
    verb, rest = words[1], words[2:]
    names_more = any(not word.lacks_content and words[place + 1].word not in FOLLOW_UP_PREPOSITIONS
                     for place, word in enumerate(rest))
    if verb.lacks_content or is_definite(verb.word) or verb.stem is not None or names_more:
        return None
    subject = list(takewhile(lambda word: is_definite(word.word), earlier[2:]))
    thing = earlier[2 + len(subject):]
    if not subject or not thing or earlier[1].lacks_content or is_definite(earlier[1].word):
        return None
    bare = _without_joining(question.rstrip(_END), words)
    offset = len(question.rstrip(_END)) - len(bare)
    named = before.text[subject[0].start:subject[-1].end]
    about = Topic(before.text[thing[0].start:thing[-1].end])
    return Standalone(f"{bare[:verb.end - offset]} {named}{bare[verb.end - offset:]}{about.behind()}{_mark(question)}",
                      topic, about.behind())


def _ask_otherwise(asks: Word, before: Standalone) -> str | None:
    """Ask what `before` asks with another question word; None if that makes no sentence: متى وُقّع اتفاق الدوحة."""
    earlier = read_words(before.text)
    place = next((place for place, word in enumerate(earlier) if word.asks), -1)
    behind = earlier[place + 1:]
    if not behind or place < 0:
        return None
    word, clause = asks.written[asks.joined:], before.text[behind[0].start:].rstrip(_END)
    asked = earlier[place].word
    if asks.word in FOLLOW_UP_COUNTING | FOLLOW_UP_DEFINING or asked in FOLLOW_UP_COUNTING | FOLLOW_UP_DEFINING:
        return None
    if language_of(normalise(before.text)) is not Language.ARABIC:
        return _ask_otherwise_in_english(word, asked, clause, behind)
    if behind[0].word in AUXILIARY_WORDS:
        return None
    if asked != compared("من") or asks.word == compared("من"):
        return f"{word} {clause}" if asks.word != compared("من") else None
    verb = passive(behind)
    if verb is None:
        return f"{word} فعل ذلك من {clause}"
    return f"{word} {verb}{clause[len(behind[0].written):]}"


def _ask_otherwise_in_english(word: str, asked: str, clause: str, behind: Sequence[Word]) -> str | None:
    if asked == "who":
        verb, thing = behind[0].written, clause[len(behind[0].written):].strip()
        return f"{word} was {thing} {verb}" if verb.endswith("ed") and thing and not thing.endswith("s") \
            and len(behind) <= MANY_WORDS else None
    is_clause = asked not in ("who", "what") and behind[0].word in ENGLISH_AUXILIARIES
    return f"{word} {clause}" if is_clause and word.lower() not in ("who", "what") else None


def _without_joining(question: str, words: Sequence[Word]) -> str:
    """Drop "and" in front of the question."""
    if words[0].joined:
        return question[words[0].start + 1:].lstrip("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
    if words[0].word in FOLLOW_UP_JOINING and len(words) > 1:
        return question[words[1].start + words[1].joined:]
    return question[words[0].start:]


def _without_pronoun(stem: str, before: str) -> str:
    """Spell a word as it is written without its pronoun: نتيجت → نتيجة, رعا → رعى, إلي → إلى."""
    if stem.endswith("ت") and before in FOLLOW_UP_BEFORE_NOUNS:
        return f"{stem[:-1]}ة"
    letters = without_marks(stem)
    is_verb = letters.endswith("ا") and len(letters) <= _ROOT_LETTERS + (letters[0] in "أا")
    if is_verb or compared(stem) in FOLLOW_UP_ENDING_IN_ALEF:
        return f"{stem[:-1]}ى"
    return stem


def _replace_part(rest: str, before: Standalone) -> Standalone:
    """Put `rest` into the question `before`.

    If `before` has the first word of `rest`, `rest` replaces words from there on: all that follow if that word is a
    preposition ("وفي باريس؟"), otherwise as many as `rest` has. Else it replaces a word of the same kind, a country by
    a country, or what is said behind `before`.
    """
    words, text = read_words(rest), before.text
    if not words:
        return before
    said = _without_joining(rest.rstrip(_END), words)
    earlier = read_words(text[:len(text) - len(before.tail) - 1] if before.tail else text)
    anchor = next((word for word in earlier if word.word == words[0].word and not word.asks), None)
    is_country = len(words) == 1 and words[0].names_country
    country = next((word for word in earlier if is_country and word.names_country), None)
    if anchor is not None:
        place = earlier.index(anchor)
        behind = [] if anchor.word in FOLLOW_UP_PREPOSITIONS else earlier[place + len(words):]
        changed = f"{text[:anchor.start]}{said}" + (f" {text[behind[0].start:earlier[-1].end]}" if behind else "")
    elif country is not None:
        changed = f"{text[:country.start]}{country.written[:country.joined]}{said}{text[country.end:earlier[-1].end]}"
    else:
        starts_with_preposition = words[0].word in FOLLOW_UP_PREPOSITIONS
        tail = f" {said}" if starts_with_preposition else Topic(said).behind()
        return Standalone(f"{text[:earlier[-1].end]}{tail}{_mark(text)}", before.topic or topic_of(text), tail)
    return Standalone(f"{changed}{_mark(text)}")


def _upper_like(question: str, asked: str) -> str:
    return asked[:1].upper() + asked[1:] if question[:1].isupper() else asked


def _mark(question: str) -> str:
    return "؟" if language_of(normalise(question)) is Language.ARABIC else "?"
