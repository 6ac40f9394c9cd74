"""Resolve a follow-up by what the question before asks: another act of the same person, the end of what began.

Each rule returns the standalone question, or None for a question that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from index.language.arabic import normalise
from index.language.clitics import WITH_BA, is_definite
from index.language.function_words import (
    ASKING_OF_AN_ACT,
    AUXILIARY_WORDS,
    DEMONSTRATIVES,
    ENGLISH_AUXILIARIES,
    FOLLOW_UP_COUNTING,
    FOLLOW_UP_DEFINING,
    FOLLOW_UP_PREPOSITIONS,
    SUBJECT_STOPS,
    WHO_IS_IT,
)
from index.language.tokens import compared, compared_words
from index.language.units import DAYS_AND_LONGER, UNIT_OF_WORDS
from qa.question.languages import Language, language_of
from qa.question.topic import Standalone, Topic, Word, passive, read_words
from qa.question.wording import END, mark, without_joining, without_pronoun

_WHO, _WHEN = compared("من"), compared("متى")
_WHAT_DOES, _WHETHER = compared("ماذا"), compared("هل")
# A question word and one word more; a question word, a verb and "that".
_WITH_ONE_MORE, _WORDS_OF_SPEECH = 2, 3
# The longest English clause that is turned into the passive, in words: signed the Doha agreement.
_MOST_IN_PASSIVE = 5
# What only a person has or does: behind "who opened the observatory?", "his age" is that of the one who opened it.
_OF_PEOPLE = compared_words("""
    عمر جنسيت منصب مهنت مولد اسم والد والدت زوج زوجت أولاد أبناء ابن ابنت سيرت شهادت تعليم راتب سلف حزب ديانت أصل
""")
_DONE_BY_PEOPLE = compared_words("أسس أسست كتب كتبت ألف ألفت درس درست قال قالت صرح صرحت فعل فعلت شغل شغلت نال نالت")
# What begins, and its end: "متى تنتهي؟" behind "متى بدأت المحاكمة؟".
_BEGINS = compared_words("بدأ بدأت يبدأ تبدأ ستبدأ سيبدأ انطلق انطلقت ينطلق تنطلق اندلع اندلعت افتتح افتتحت")
_ENDS = compared_words("انتهى انتهت ينتهي تنتهي ستنتهي سينتهي اختتم اختتمت يختتم تختتم")
# "ماذا قالت", "متى قالت ذلك؟".
_WHAT = compared_words("ماذا بماذا")
# How long something took is asked beside it: "كم سنة حكم على فلان". Behind a verb of passing, the time is what passes.
_PASSING = compared_words("مر مرت مضى مضت بقي بقيت يبقى تبقى تبقت يفصل تفصل")


def by_earlier_act(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Resolve a follow-up, given with its words, that goes on with the act or person of the question `before`.

    `topic` is what `before` is about. None for another question.
    """
    rules = (_of_person, _other_act, _same_act, _end_of_what_began, _same_words_spoken)
    return next((found for rule in rules if (found := rule(question, words, before, topic)) is not None), None)


def ask_otherwise(asks: Word, before: Standalone) -> str | None:
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
    if behind[0].word in AUXILIARY_WORDS or asks.word == _WHAT_DOES:
        return None
    if asked != _WHO or asks.word == _WHO:
        return f"{word} {clause}" if asks.word != _WHO else None
    verb = passive(behind)
    if verb is None:
        return f"{word} فعل ذلك من {clause}"
    return f"{word} {verb}{clause[len(behind[0].written):]}"


def _of_person(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Resolve a question about the one whom `before` asks for: كم عمره؟, وماذا أسس؟, ومن هي؟; None for another."""
    if not (one_who := _one_who(before)):
        return None
    bare, last = without_joining(question, words), words[-1]
    if len(words) == _WITH_ONE_MORE and words[0].word == _WHO and last.word in WHO_IS_IT:
        return Standalone(before.text, topic, before.tail)
    if last.stem is not None and compared(last.stem[last.joined and last is words[0]:]) in _OF_PEOPLE:
        stem = without_pronoun(last.stem, words[-2].word if len(words) > 1 else "")
        return Standalone(f"{bare[:len(bare) - len(last.written)]}{stem} {one_who}{mark(question)}", topic)
    own = [word for word in words if not word.lacks_content]
    if len(own) == 1 and own[0] is last and last.word in _DONE_BY_PEOPLE and words[0].word == _WHAT_DOES:
        return Standalone(f"{bare} {one_who}{mark(question)}", topic)
    return None


def _one_who(before: Standalone) -> str:
    """Return "the one who did it" of a question that asks who did something: من افتتح مرصد القمر; else empty."""
    earlier = read_words(before.text)
    if len(earlier) < 3 or earlier[0].word != _WHO or earlier[1].word in AUXILIARY_WORDS \
            or earlier[1].stem is not None or earlier[1].word in FOLLOW_UP_PREPOSITIONS:
        return ""
    return f"{earlier[0].written[earlier[0].joined:]} {before.text[earlier[1].start:earlier[-1].end]}"


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
    bare = without_joining(question, words)
    offset = len(question.rstrip(END)) - len(bare)
    named = before.text[subject[0].start:subject[-1].end]
    about = Topic(before.text[thing[0].start:thing[-1].end])
    return Standalone(f"{bare[:verb.end - offset]} {named}{bare[verb.end - offset:]}{about.behind()}{mark(question)}",
                      topic, about.behind())


def _same_act(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Give the verb of `before` what follows it there: لماذا استقال؟ behind متى استقال الوزير؟

    None for another verb.
    """
    own, earlier = [word for word in words if not word.lacks_content], read_words(before.text)
    asked = next((place for place, word in enumerate(earlier) if word.asks), -1)
    if len(own) != 1 or not own[0].is_last or len(words) != _WITH_ONE_MORE or not words[0].asks \
            or not 0 <= asked < len(earlier) - 2 or own[0].word != earlier[asked + 1].word or own[0].stem is not None \
            or own[0].word.isascii() or is_definite(own[0].word):
        return None
    verb, behind = earlier[asked + 1], before.text[earlier[asked + 1].end:].rstrip(END)
    does_it = earlier[asked].word == _WHO
    if does_it and (not topic.noun or not behind.strip().startswith(topic.noun)) or verb.word in AUXILIARY_WORDS:
        return None
    return Standalone(f"{without_joining(question, words)}{behind}{mark(question)}", topic, before.tail)


def _end_of_what_began(question: str, words: Sequence[Word], before: Standalone, topic: Topic) -> Standalone | None:
    """Ask when that ends of whose beginning `before` asks: متى تنتهي؟ behind متى بدأت المحاكمة؟; else None."""
    earlier = read_words(before.text)
    if len(words) != _WITH_ONE_MORE or words[0].word != _WHEN or words[1].word not in _ENDS or not topic.noun \
            or len(earlier) < 3 or earlier[0].word != _WHEN or earlier[1].word not in _BEGINS:
        return None
    return Standalone(f"{without_joining(question, words)} {topic.noun}{mark(question)}", topic)


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
    bare = without_joining(question, words)
    verb_end = words[1].end - (len(question.rstrip(END)) - len(bare))
    named, about = before.text[subject[0].start:subject[-1].end], before.text[subject[-1].end:].rstrip(END)
    return Standalone(f"{bare[:verb_end]} {named} {words[2].written}{about}{mark(question)}", topic)


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
            and len(behind) <= _MOST_IN_PASSIVE else None
    is_clause = asked not in ("who", "what") and behind[0].word in ENGLISH_AUXILIARIES
    return f"{word} {clause}" if is_clause and word.lower() not in ("who", "what") else None
