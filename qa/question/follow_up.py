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

from index.language.arabic import normalise
from index.language.clitics import AND_LETTERS, WITH_BA, is_definite
from index.language.function_words import (
    ASKING_OF_AN_ACT,
    AUXILIARY_WORDS,
    DEMONSTRATIVES,
    ENGLISH_AUXILIARIES,
    FOLLOW_UP_COUNTING,
    FOLLOW_UP_DEFINING,
    FOLLOW_UP_JOINING,
    FOLLOW_UP_OBJECT_PRONOUNS,
    FOLLOW_UP_POSSESSIVES,
    FOLLOW_UP_PREPOSITIONS,
    FOLLOW_UP_WITH_PRONOUN,
    RELATIVE_PRONOUNS,
    SUBJECT_STOPS,
    WHO_IS_IT,
)
from index.language.tokens import compared, compared_words
from index.language.units import DAYS_AND_LONGER, UNIT_OF_WORDS
from qa.question.languages import Language, language_of
from qa.question.replacing import MAX_WORDS_OF_NAME, replace_part
from qa.question.topic import Standalone, Topic, Word, passive, read_words, topic_of
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
_WHERE, _WHO, _WHEN = compared("أين"), compared("من"), compared("متى")
_OF_NAMED = (_WHERE, _WHO)
# What only a person has or does: behind "who opened the observatory?", "his age" is that of the one who opened it.
_OF_PEOPLE = compared_words("""
    عمر جنسيت منصب مهنت مولد اسم والد والدت زوج زوجت أولاد أبناء ابن ابنت سيرت شهادت تعليم راتب سلف حزب ديانت أصل
""")
_NEVER_OF_EVENTS = compared_words("عمر جنسيت والد والدت زوج زوجت")
_DONE_BY_PEOPLE = compared_words("أسس أسست كتب كتبت ألف ألفت درس درست قال قالت صرح صرحت فعل فعلت شغل شغلت نال نالت")
_WHETHER = compared("هل")
# In front of a pronoun in the same question, these name or introduce what it may refer to.
_BEFORE_ANTECEDENTS = FOLLOW_UP_PREPOSITIONS | RELATIVE_PRONOUNS
# How long something took is asked beside it: "كم سنة حكم على فلان". Behind a verb of passing, the time is what passes.
_PASSING = compared_words("مر مرت مضى مضت بقي بقيت يبقى تبقى تبقت يفصل تفصل")
# What begins, and its end: "متى تنتهي؟" behind "متى بدأت المحاكمة؟".
_BEGINS = compared_words("بدأ بدأت يبدأ تبدأ ستبدأ سيبدأ انطلق انطلقت ينطلق تنطلق اندلع اندلعت افتتح افتتحت")
_ENDS = compared_words("انتهى انتهت ينتهي تنتهي ستنتهي سينتهي اختتم اختتمت يختتم تختتم")
# "ماذا قالت", "متى قالت ذلك؟".
_WHAT, _WORDS_OF_SPEECH = compared_words("ماذا بماذا"), 3
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
    if special := _of_person(question, words, own, before, topic) or _other_act(question, words, before, topic) \
            or _same_act(question, words, own, before, topic) or _end_of_what_began(question, words, before, topic) \
            or _same_words_spoken(question, words, before, topic):
        return special
    if not own and len(asks) == 1:
        asked = _ask_otherwise(asks[0], before)
        if asked is not None:
            return Standalone(f"{upper_like(question, asked)}{mark(question)}", topic, before.tail)
    bare = without_joining(question.rstrip(END), words)
    if len(words) == _WORDS_BY_WHICH and words[0].word in _BY_WHICH:
        asked = _ask_otherwise(replace(words[0], written=bare, joined=False), before)
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


def _same_act(question: str, words: Sequence[Word], own: Sequence[Word], before: Standalone, topic: Topic
              ) -> Standalone | None:
    """Give the verb of `before` what follows it there: لماذا استقال؟ behind متى استقال الوزير؟

    None for another verb.
    """
    earlier = read_words(before.text)
    asked = next((place for place, word in enumerate(earlier) if word.asks), -1)
    if len(own) != 1 or not own[0].is_last or len(words) != _WORDS_BY_WHICH or not words[0].asks \
            or not 0 <= asked < len(earlier) - 2 or own[0].word != earlier[asked + 1].word or own[0].stem is not None \
            or own[0].word.isascii() or is_definite(own[0].word):
        return None
    verb, behind = earlier[asked + 1], before.text[earlier[asked + 1].end:].rstrip(END)
    does_it = earlier[asked].word == _WHO
    if does_it and (not topic.noun or not behind.strip().startswith(topic.noun)) or verb.word in AUXILIARY_WORDS:
        return None
    return Standalone(f"{without_joining(question.rstrip(END), words)}{behind}{mark(question)}", topic, before.tail)


def _same_words_spoken(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Ask about the words that `before` asks for: متى قالت ذلك؟ behind ماذا قالت الوزيرة عن الميناء؟

    None for another verb, or if `before` names no subject.
    """
    earlier = read_words(before.text)
    if len(words) != _WORDS_OF_SPEECH or not words[0].asks or words[2].word not in DEMONSTRATIVES \
            or len(earlier) < _WORDS_OF_SPEECH or earlier[0].word not in _WHAT or words[1].word != earlier[1].word:
        return None
    subject = list(takewhile(lambda word: word.word not in SUBJECT_STOPS, earlier[2:]))
    if not subject:
        return None
    bare = without_joining(question.rstrip(END), words)
    verb_end = words[1].end - (len(question.rstrip(END)) - len(bare))
    named, about = before.text[subject[0].start:subject[-1].end], before.text[subject[-1].end:].rstrip(END)
    return Standalone(f"{bare[:verb_end]} {named} {words[2].written}{about}{mark(question)}", topic)


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
    bare, last = without_joining(question.rstrip(END), words), words[-1]
    if len(words) == _WORDS_BY_WHICH and words[0].word == _WHO and last.word in WHO_IS_IT:
        return Standalone(before.text, topic, before.tail)
    if last.stem is not None and compared(last.stem[last.joined and last is words[0]:]) in _OF_PEOPLE:
        stem = without_pronoun(last.stem, words[-2].word if len(words) > 1 else "")
        return Standalone(f"{bare[:len(bare) - len(last.written)]}{stem} {one_who}{mark(question)}", topic)
    if len(own) == 1 and own[0] is last and last.word in _DONE_BY_PEOPLE and words[0].word == compared("ماذا"):
        return Standalone(f"{bare} {one_who}{mark(question)}", topic)
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
    bare = without_joining(question.rstrip(END), words)
    offset = len(question.rstrip(END)) - len(bare)
    named = before.text[subject[0].start:subject[-1].end]
    about = Topic(before.text[thing[0].start:thing[-1].end])
    return Standalone(f"{bare[:verb.end - offset]} {named}{bare[verb.end - offset:]}{about.behind()}{mark(question)}",
                      topic, about.behind())


def _end_of_what_began(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Ask when that ends of whose beginning `before` asks: متى تنتهي؟ behind متى بدأت المحاكمة؟; else None."""
    earlier = read_words(before.text)
    if len(words) != _WORDS_BY_WHICH or words[0].word != _WHEN or words[1].word not in _ENDS or not topic.noun \
            or len(earlier) < 3 or earlier[0].word != _WHEN or earlier[1].word not in _BEGINS:
        return None
    return Standalone(f"{without_joining(question.rstrip(END), words)} {topic.noun}{mark(question)}", topic)


def _ask_otherwise(asks: Word, before: Standalone) -> str | None:
    """Ask what `before` asks with another question word; None if that makes no sentence: متى وُقّع اتفاق الدوحة."""
    earlier = read_words(before.text)
    place = next((place for place, word in enumerate(earlier) if word.asks), -1)
    behind = earlier[place + 1:]
    if not behind or place < 0:
        return None
    word, clause = asks.written[asks.joined:], before.text[behind[0].start:].rstrip(END)
    asked = earlier[place].word
    if asks.word in ASKING_OF_AN_ACT and (act := _act_that_took(earlier[place:])):
        return f"{word} {before.text[act[0].start:].rstrip(END)}"
    if asks.word in FOLLOW_UP_COUNTING | FOLLOW_UP_DEFINING or asked in FOLLOW_UP_COUNTING | FOLLOW_UP_DEFINING:
        return None
    if language_of(normalise(before.text)) is not Language.ARABIC:
        return _ask_otherwise_in_english(word, asked, clause, behind)
    if behind[0].word in AUXILIARY_WORDS or asks.word == compared("ماذا"):
        return None
    if asked != compared("من") or asks.word == compared("من"):
        return f"{word} {clause}" if asks.word != compared("من") else None
    verb = passive(behind)
    if verb is None:
        return f"{word} فعل ذلك من {clause}"
    return f"{word} {verb}{clause[len(behind[0].written):]}"


def _act_that_took(words: Sequence[Word]) -> Sequence[Word]:
    """Return what is asked of behind the time that is counted: حكم على فلان of كم سنة حكم على فلان; else nothing."""
    act = words[2:]
    if len(act) < 2 or words[0].word not in FOLLOW_UP_COUNTING \
            or UNIT_OF_WORDS.get((words[1].word,)) not in DAYS_AND_LONGER:
        return []
    verb = act[0]
    is_verb = not (verb.lacks_content or is_definite(verb.word) or verb.word[0] in WITH_BA or verb.word.endswith("ا"))
    return act if is_verb and verb.word not in _PASSING else []


def _ask_otherwise_in_english(word: str, asked: str, clause: str, behind: Sequence[Word]) -> str | None:
    if asked == "who":
        verb, thing = behind[0].written, clause[len(behind[0].written):].strip()
        return f"{word} was {thing} {verb}" if verb.endswith("ed") and thing and not thing.endswith("s") \
            and len(behind) <= MANY_WORDS else None
    is_clause = asked not in ("who", "what") and behind[0].word in ENGLISH_AUXILIARIES
    return f"{word} {clause}" if is_clause and word.lower() not in ("who", "what") else None
