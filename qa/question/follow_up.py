"""Resolve a follow-up ("ومتى كان ذلك؟", "and who signed it?") into a standalone question.

Only the words of the questions decide, not those of their answers. What the follow-up refers to is put in place of its
pronoun or in brackets at its end, so that a reader sees how it was understood. `docs/decisions/0017-follow-ups.md` has
the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.arabic import normalise, without_marks
from index.language.clitics import AND_LETTERS, strip_and_for_follow_up, strip_pronoun
from index.language.function_words import (
    AUXILIARY_WORDS,
    FOLLOW_UP_ASKING,
    FOLLOW_UP_BEFORE_NOUNS,
    FOLLOW_UP_COUNTING,
    FOLLOW_UP_DEFINING,
    FOLLOW_UP_ENDING_IN_ALEF,
    FOLLOW_UP_JOINING,
    FOLLOW_UP_POINTING,
    FOLLOW_UP_PREPOSITIONS,
    FOLLOW_UP_WITH_PRONOUN,
    FOLLOW_UP_WITHOUT_CONTENT,
    FUNCTION_WORDS,
)
from index.language.tokens import compared, compared_words, tokens
from qa.question.languages import Language, language_of

# A question with at least this many content words, and nothing that points back, stands by itself. With at least
# `MANY_WORDS` of them, its pronouns do not point back.
STANDS_ALONE_FROM = 3
MANY_WORDS = 5

# "And what about": the words behind it replace a part of the question before.
_ABOUT = re.compile(rf"^\W*(?:{AND_LETTERS}|طيب |ثم )?(?:ماذا عن|ما بال|what about|how about)\b\s*", re.IGNORECASE)
# Words whose last letters look like a pronoun but are not one.
_NO_PRONOUN = compared_words("تفاهم دراهم درهم أسهم متهم مساهم مبهم اتهم مساهمه ابنه")
_ROOT_LETTERS = 3
# In front of `_SMALL_WORDS`, و and ف are "and". Words of `_WITHOUT_CONTENT` are no content words.
_SMALL_WORDS = FOLLOW_UP_ASKING | FOLLOW_UP_PREPOSITIONS | FUNCTION_WORDS
_WITHOUT_CONTENT = FOLLOW_UP_ASKING | FUNCTION_WORDS | AUXILIARY_WORDS | FOLLOW_UP_WITHOUT_CONTENT \
    | FOLLOW_UP_POINTING | FOLLOW_UP_JOINING


@dataclass(frozen=True, slots=True)
class _Word:
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
        return self.word in FOLLOW_UP_ASKING

    @property
    def lacks_content(self) -> bool:
        return self.word in _WITHOUT_CONTENT

    @property
    def stem(self) -> str | None:
        """The word without the pronoun at its end; None if it has none.

        Many write a ta marbuta without its dots, so a bare ه is a pronoun only in the last word of a question.
        """
        may_have = not self.lacks_content or self.word in FOLLOW_UP_WITH_PRONOUN
        return strip_pronoun(self.written, is_last=self.is_last) if may_have and self.word not in _NO_PRONOUN else None

    @property
    def points_back(self) -> bool:
        return self.word in FOLLOW_UP_POINTING or self.stem is not None


def readings(question: str, before: str) -> tuple[str, ...]:
    """Return the standalone questions that `question` may mean after the standalone question `before`, likeliest first.

    There is one if it plainly stands by itself or plainly does not. There are two if it may be a follow-up or a new
    question, as "ومتى وُقّع اتفاق دايتون؟" is after a question about Doha.
    """
    words, earlier = _words(question), _words(before)
    if not words or not earlier:
        return (question,)
    about = _ABOUT.match(question)
    rest = question[about.end():] if about else question
    if about or (words[0].joined and words[0].word in FOLLOW_UP_PREPOSITIONS and not any(word.asks for word in words)) \
            or not any(word.asks for word in words) and words[0].joined:
        return (_replace_part(rest, before, earlier),)
    own = [word for word in words if not word.lacks_content]
    with_topic = _with_topic(question, words, own, before, earlier)
    goes_on = words[0].joined or words[0].word in FOLLOW_UP_JOINING
    # In a question of many words, the pronoun refers to one of them: "الرهائن الذين أُفرج عنهم".
    points_back = any(word.points_back for word in words) and len(own) < MANY_WORDS
    if with_topic is None or not (goes_on or points_back or len(own) < STANDS_ALONE_FROM):
        return (question,)
    if len(own) < STANDS_ALONE_FROM - 1:
        return (with_topic,)
    return (with_topic, question) if goes_on or points_back else (question, with_topic)


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in tokens(text):
        written, word = match.group(), compared(match.group())
        bare = strip_and_for_follow_up(word, _SMALL_WORDS, is_first=not found)
        found.append(_Word(written, bare, bare != word, *match.span()))
    return [*found[:-1], replace(found[-1], is_last=True)] if found else []


def _with_topic(question: str, words: Sequence[_Word], own: Sequence[_Word], before: str,
             earlier: Sequence[_Word]) -> str | None:
    """Add the topic of the question `before` to the question; None if `before` has no topic.

    The topic goes behind the question word if the question has no other content, else in the place of its first
    pronoun, else in brackets at its end.
    """
    asking = next((place for place, word in enumerate(earlier) if word.asks), -1)
    about = _from_content([word for word in earlier[asking + 1:] if not word.asks])
    if not about:
        return None
    bare, mark = question.rstrip(" ؟?.!"), _mark(question)
    topic = before[about[0].start:earlier[-1].end]
    asks = [word for word in words if word.asks]
    asks_of_verb = earlier[asking].word not in FOLLOW_UP_COUNTING | FOLLOW_UP_DEFINING \
        and earlier[asking + 1].word not in AUXILIARY_WORDS
    if not own and len(asks) == 1 and mark == "؟" and asks_of_verb:
        return f"{asks[0].written[asks[0].joined:]} {topic}{mark}"
    referent = _referent(earlier[asking].word, earlier[asking + 1:], about)
    for place, word in enumerate(words):
        if word.stem is not None and not any(each.points_back for each in referent):
            whole = _without_pronoun(word.stem, words[place - 1].word if place else "")
            return f"{bare[:word.start]}{whole} {before[referent[0].start:earlier[-1].end]}{bare[word.end:]}{mark}"
    return f"{bare} ({topic}){mark}"


def _referent(asks: str, behind: Sequence[_Word], about: Sequence[_Word]) -> Sequence[_Word]:
    """Return the words that a pronoun refers to, among those behind the question word `asks`.

    Leave out the verb that follows the question word ("متى وُقّع") and what is counted ("كم نائبًا شارك في"); keep what
    is defined ("من هو", "ما"). `about` are the words of `behind` from the first content word on.
    """
    if asks in FOLLOW_UP_COUNTING:
        preposition = next((place for place, word in enumerate(about) if word.word in FOLLOW_UP_PREPOSITIONS), 1)
        return about[preposition + 1:] or about
    if asks in FOLLOW_UP_DEFINING or (behind and behind[0].word in AUXILIARY_WORDS):
        return about
    return _from_content(about[1:]) or about


def _from_content(words: Sequence[_Word]) -> Sequence[_Word]:
    """Drop the auxiliaries and prepositions at the beginning."""
    first = next((place for place, word in enumerate(words)
                  if word.word not in AUXILIARY_WORDS and word.word not in FOLLOW_UP_PREPOSITIONS), len(words))
    return words[first:]


def _without_pronoun(stem: str, before: str) -> str:
    """Spell a word as it is written without its pronoun: نتيجت → نتيجة, رعا → رعى, إلي → إلى."""
    if stem.endswith("ت") and before in FOLLOW_UP_BEFORE_NOUNS:
        return f"{stem[:-1]}ة"
    letters = without_marks(stem)
    is_verb = letters.endswith("ا") and len(letters) <= _ROOT_LETTERS + (letters[0] in "أا")
    if is_verb or compared(stem) in FOLLOW_UP_ENDING_IN_ALEF:
        return f"{stem[:-1]}ى"
    return stem


def _replace_part(rest: str, before: str, earlier: Sequence[_Word]) -> str:
    """Put `rest` into the question `before`.

    If `before` has the first word of `rest`, `rest` replaces words from there on: all that follow if that word is a
    preposition ("وفي باريس؟"), otherwise as many as `rest` has. If not, `rest` follows `before` in brackets.
    """
    words = _words(rest)
    if not words:
        return before
    anchor = next((word for word in earlier if word.word == words[0].word and not word.asks), None)
    said = rest[words[0].start:].strip(" ؟?.!")
    said = said[1:] if words[0].joined else said
    if anchor is None:
        return f"{before.rstrip(' ؟?.!')} ({said}){_mark(before)}"
    place = earlier.index(anchor)
    behind = [] if anchor.word in FOLLOW_UP_PREPOSITIONS else earlier[place + len(words):]
    tail = f" {before[behind[0].start:]}" if behind else _mark(before)
    return f"{before[:anchor.start]}{said}{tail}"


def _mark(question: str) -> str:
    return "؟" if language_of(normalise(question)) is Language.ARABIC else "?"
