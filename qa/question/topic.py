"""Find what a question is about, for the follow-ups behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.arabic import normalise, without_marks
from index.language.clitics import WITH_BA, strip_and_for_follow_up, strip_pronoun, without_article
from index.language.function_words import (
    ACTING_EVENT_NOUNS,
    AUXILIARY_WORDS,
    DIALECT_WHEN,
    DIALECT_WHERE,
    DIALECT_WHO,
    DIALECT_WHY,
    ENGLISH_AUXILIARIES,
    ENGLISH_EVENT_NOUNS,
    EVENT_NOUNS,
    FOLLOW_UP_ASKING,
    FOLLOW_UP_COUNTING,
    FOLLOW_UP_DEFINING,
    FOLLOW_UP_JOINING,
    FOLLOW_UP_POINTING,
    FOLLOW_UP_PREPOSITIONS,
    FOLLOW_UP_WITH_PRONOUN,
    FOLLOW_UP_WITHOUT_CONTENT,
    FUNCTION_WORDS,
)
from index.language.nations import COUNTRIES
from index.language.saying import VERBS_WITH_BA
from index.language.tokens import compared, compared_words, tokens
from qa.question.kinds import PLACES
from qa.question.languages import Language, language_of

# A topic longer than this is cut: a question must not grow from turn to turn.
MAX_TOPIC_CHARS = 200

# Words whose last letters look like a pronoun, and that no rule of `strip_pronoun` knows.
_NO_PRONOUN = compared_words("دراهم مساهمه أبها بنها ابنه طهران")
# In front of `_SMALL_WORDS`, و and ف are "and". Words of `_WITHOUT_CONTENT` are no content words.
_SMALL_WORDS = FOLLOW_UP_ASKING | FOLLOW_UP_PREPOSITIONS | FUNCTION_WORDS
_WITHOUT_CONTENT = FOLLOW_UP_ASKING | FUNCTION_WORDS | AUXILIARY_WORDS | FOLLOW_UP_WITHOUT_CONTENT \
    | FOLLOW_UP_POINTING | FOLLOW_UP_JOINING
# Verbs whose object has ب: تبرع بمبنى, فاز بالجائزة.
_VERBS_WITH_BA = frozenset(VERBS_WITH_BA) | compared_words("""
    تبرع تبرعت تبرعوا فاز فازت فازوا قام قامت قاموا التزم التزمت سمح سمحت أخبر شارك اعترف احتفل احتفلت استعان أوصى أمر
    أمرت
    أطاح أطاحت اشتهر اشتهرت تكفل تكفلت
""")
# Question words of dialects, by the word that means the same.
_OF_DIALECT = {word: compared(standard) for words, standard in (
    (DIALECT_WHO, "من"), (DIALECT_WHERE, "أين"), (DIALECT_WHY, "لماذا"), (DIALECT_WHEN, "متى")) for word in words}
# Verbs without an object: the noun behind one is its subject.
_WITHOUT_OBJECT = compared_words("""
    تقع يقع استقال استقالت أقيل أقيلت توفي توفيت مات ماتت ولد ولدت تحطم تحطمت غرق غرقت انهار انهارت اندلع اندلعت انطلق
    انطلقت ينطلق تنطلق انتهى انتهت ينتهي تنتهي اختفى اختفت انعقد انعقدت ينعقد تنعقد يعيش تعيش
""")
# Verbs that may have one: بدأت المحاكمة, but بدأت الوزيرة الجولة. Only a subject is behind them in بدأت مناورات الدرع.
_BEGINNING = compared_words("بدأ بدأت يبدأ تبدأ ستبدأ سيبدأ")
# What is asked of an event, in front of its name; "وما قوته؟" behind "كم عدد قتلى الزلزال؟" asks about the event.
_OF_EVENT = compared_words("""
    سبب أسباب دوافع قتلى ضحايا جرحى مصابي عدد حصيلة تفاصيل قيمة نتيجة نتائج كلفة تكلفة
""")
_MANY = compared_words("many much")
# Three sound letters, the second perhaps doubled: وقع, قتل; not قاد, رعى, ترأس, whose passive is spelled otherwise.
_SOUND_VERB = re.compile("[^\\W\\d_اأآىئؤء][^\\W\\d_اويىأآئؤء][^\\W\\d_اويىأآئؤءة]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question at `question[start:end]`.

    `written` is the word as written; `word` is its normalised form without an attached "and"; `joined` tells whether an
    "and" was attached.
    """

    written: str
    word: str
    joined: bool
    start: int
    end: int
    is_last: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is a question word."""
        return self.word in FOLLOW_UP_ASKING

    @property
    def lacks_content(self) -> bool:
        """Whether it says nothing about a topic."""
        return self.word in _WITHOUT_CONTENT

    @property
    def names_country(self) -> bool:
        """Whether it is the name of a country."""
        return self.word in COUNTRIES

    @property
    def names_place(self) -> bool:
        """Whether it is the name of a country or a city that news often names."""
        return self.names_country or self.word in PLACES

    @property
    def stem(self) -> str | None:
        """The word without the pronoun at its end; None if it has none.

        Many write a ta marbuta without its dots, so a bare ه is a pronoun only in the last word of a question.
        """
        may_have = not self.lacks_content or self.word in FOLLOW_UP_WITH_PRONOUN
        return strip_pronoun(self.written, is_last=self.is_last) if may_have and self.word not in _NO_PRONOUN else None

    @property
    def points_back(self) -> bool:
        """Whether it refers to something said before."""
        return self.word in FOLLOW_UP_POINTING or self.stem is not None


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about: a noun phrase (معاهدة نيو ستارت) or else a clause (زار السادات القدس).

    A clause whose subject is plain has that as its noun phrase, which takes the place of pronouns.
    """

    noun: str = ""
    clause: str = ""

    @property
    def is_event(self) -> bool:
        """Whether the noun phrase begins with an event or a paper, which "they" can't mean."""
        return compared(self.noun.split(maxsplit=1)[0]) in EVENT_NOUNS

    def behind(self, *, asks_when: bool = False) -> str:
        """Return the topic as it is said behind a question."""
        if language_of(normalise(self.noun or self.clause)) is not Language.ARABIC:
            return f", regarding {self.noun}"
        if not self.clause:
            return f"، بشأن {self.noun}"
        return f"، وقد {self.clause}" if asks_when and self.clause[0] != "ي" else f"، حين {self.clause}"

    def after(self) -> str:
        """Return the time behind the topic: بعد كأس العالم, بعد أن أقيل الوزير; empty in English."""
        if language_of(normalise(self.noun or self.clause)) is not Language.ARABIC:
            return ""
        return f"بعد أن {self.clause}" if self.clause else f"بعد {self.noun}"

    def of_event(self) -> Topic:
        """Return the topic without what is asked of an event in front of its name: زلزال البحر of قتلى زلزال البحر."""
        words = read_words(self.noun)
        place = next((place for place, word in enumerate(words) if word.word not in _OF_EVENT), 0)
        if not place or words[place].word in FOLLOW_UP_PREPOSITIONS:
            return self
        return replace(self, noun=self.noun[words[place].start:])


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be understood without those before it.

    `topic` is the topic carried on from the questions before; None if this question has its own. `tail` is what was
    said of it behind the question.
    """

    text: str
    topic: Topic | None = None
    tail: str = ""


def read_words(text: str) -> list[Word]:
    """Return the words of a question in order."""
    found: list[Word] = []
    for match in tokens(text):
        written, word = match.group(), compared(match.group())
        bare = strip_and_for_follow_up(word, _SMALL_WORDS | _OF_DIALECT.keys(), is_first=not found)
        found.append(Word(written, _OF_DIALECT.get(bare, bare), bare != word, *match.span()))
    return [*found[:-1], replace(found[-1], is_last=True)] if found else []


def topic_of(question: str) -> Topic | None:
    """Return what a question is about; None if it has no content.

    Leave out the verb that follows the question word ("متى وُقّع") and what is counted ("كم نائبًا شارك في"); keep what
    is defined ("من هو", "ما").
    """
    words = read_words(question)
    place = next((place for place, word in enumerate(words) if word.asks), -1)
    behind = words[place + 1:]
    about = _from_content([word for word in behind if not word.asks])
    if not about:
        return None
    if language_of(normalise(question)) is not Language.ARABIC:
        return _topic_in_english(question, behind)
    asks = words[place].word if place >= 0 else ""
    clause = _text(question, about)
    if asks in FOLLOW_UP_COUNTING:
        if behind[0].word in AUXILIARY_WORDS:  # "كم كان عدد القوات"
            return _noun(question, about)
        preposition = next((place for place, word in enumerate(about) if word.word in FOLLOW_UP_PREPOSITIONS), 1)
        return _noun(question, about[preposition + 1:] or about)
    if place < 0 or asks in FOLLOW_UP_DEFINING or behind[0].word in AUXILIARY_WORDS:
        return _noun(question, about)
    if asks == compared("ماذا"):
        return Topic(f"ما {clause}"[:MAX_TOPIC_CHARS])
    rest = _from_content(about[1:])
    if not rest:
        return Topic(clause)
    is_passive = len(about[0].written) > 1 and about[0].written[1] == "\u064f"
    is_certain = is_passive or rest[0].word in EVENT_NOUNS \
        or asks == compared("من") and strip_pronoun(about[0].written, is_last=True) is None
    if is_certain and not rest[0].written.isdecimal() and not any(word.points_back for word in rest):
        topic = _noun(question, rest)
        return Topic(topic.noun[1:]) if about[0].word in _VERBS_WITH_BA and rest[0].written[:1] == WITH_BA else topic
    if asks == compared("من"):
        return _noun(question, [words[place], *behind])  # "من انتخبه النواب": the one whom
    return Topic(_subject(question, about[0].word, rest), clause[:MAX_TOPIC_CHARS])


def _subject(question: str, verb: str, rest: Sequence[Word]) -> str:
    """Return the noun phrase behind a verb that is its only one, up to a preposition; empty if there may be more."""
    event = without_article(rest[0].word)
    # من asks elsewhere, so that the words lack it.
    end = next((place for place, word in enumerate(rest) if word.word in FOLLOW_UP_PREPOSITIONS
                or place and question[rest[place - 1].end:word.start].strip()), len(rest))
    begins = verb in _BEGINNING and (end == 1 or event.endswith("ات") and event == rest[0].word)
    is_plain = verb in _WITHOUT_OBJECT or begins or event in EVENT_NOUNS and event not in ACTING_EVENT_NOUNS
    return _noun(question, rest[:end]).noun if end and is_plain and not any(
        word.points_back for word in rest[:end]) else ""


def passive(words: Sequence[Word]) -> str | None:
    """Return the passive of a sound verb, agreeing with the noun behind it; None if its spelling is not certain.

    وقّع اتفاق → وُقّع, وقّع معاهدة → وُقّعت.
    """
    verb, letters = words[0].written, without_marks(words[0].written)
    if len(words) < 2 or not _SOUND_VERB.fullmatch(letters):
        return None
    first = verb[0]
    rest = verb[1:].lstrip("\u064e\u064f")
    noun = without_marks(words[1].written)
    return f"{first}\u064f{rest}" + ("ت" if noun.endswith("ة") else "")


def _from_content(words: Sequence[Word]) -> Sequence[Word]:
    """Drop the auxiliaries and prepositions at the beginning."""
    first = next((place for place, word in enumerate(words)
                  if word.word not in AUXILIARY_WORDS and word.word not in FOLLOW_UP_PREPOSITIONS), len(words))
    return words[first:]


def _text(question: str, words: Sequence[Word]) -> str:
    return question[words[0].start:words[-1].end]


def _noun(question: str, words: Sequence[Word]) -> Topic:
    text = _text(question, words)
    return Topic(text if len(text) <= MAX_TOPIC_CHARS else text[:MAX_TOPIC_CHARS].rsplit(maxsplit=1)[0])


def _topic_in_english(question: str, behind: Sequence[Word]) -> Topic | None:
    """Return the first noun phrase: "the Doha agreement" of "was the Doha agreement signed"."""
    behind = _behind_count(behind)
    helped = bool(behind) and behind[0].word in ENGLISH_AUXILIARIES
    words = list(behind[1:] if helped else behind)
    if not helped and len(words) > 1 and words[0].written[0].islower() and words[0].word != "the":
        words = words[1:]  # the verb: "signed"
    words = list(_from_content(words))
    if not words:
        return None
    end = len(words)
    if helped:
        end = next((place for place, word in enumerate(words) if place and _may_be_verb(word, words[place - 1])), end)
    return _noun(question, words[:end])


def _behind_count(behind: Sequence[Word]) -> Sequence[Word]:
    """Drop what is counted: "in the earthquake" of "many people died in the earthquake", "did the party win"."""
    if not behind or behind[0].word not in _MANY:
        return behind
    place = next((place for place, word in enumerate(behind)
                  if word.word in FOLLOW_UP_PREPOSITIONS or word.word in ENGLISH_AUXILIARIES), 0)
    return behind[place:] if place + 1 < len(behind) else behind


def _may_be_verb(word: Word, before: Word) -> bool:
    """Tell whether a word may end a noun phrase as its verb: "signed", and "visit" behind "Sadat"."""
    return word.word.endswith("ed") or word.written[0].islower() \
        and (before.written[0].isupper() or before.word in ENGLISH_EVENT_NOUNS) \
        and word.word not in FUNCTION_WORDS and word.word not in ENGLISH_EVENT_NOUNS
