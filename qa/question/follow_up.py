"""A question that only those before it make whole, made whole: "ومتى كان ذلك؟", "and who signed it?".

Words alone decide, those of the questions and not of their answers. The result reads as the question does, with what it
is about behind it in brackets, so that a reader sees how it was understood. `docs/decisions/0017-follow-ups.md` has
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
    FOLLOW_UP_SAYING_NOTHING,
    FOLLOW_UP_WITH_PRONOUN,
    FUNCTION_WORDS,
)
from index.language.tokens import compared, compared_words, tokens
from qa.question.languages import Language, language_of

# A question with so many words of its own, and nothing that points back, stands by itself.
STANDS_ALONE_FROM = 3
MANY = 5

# "And what about", behind which stands what takes another one's place.
_ABOUT = re.compile(rf"^\W*(?:{AND_LETTERS}|طيب |ثم )?(?:ماذا عن|ما بال|what about|how about)\b\s*", re.IGNORECASE)
_NO_PRONOUN = compared_words("تفاهم دراهم درهم أسهم متهم مساهم مبهم اتهم مساهمه ابنه")
_ROOT_LETTERS = 3
# Words before which و and ف are "and"; and words that say nothing of what is asked about.
_SMALL_WORDS = FOLLOW_UP_ASKING | FOLLOW_UP_PREPOSITIONS | FUNCTION_WORDS
_SAYING_NOTHING = FOLLOW_UP_ASKING | FUNCTION_WORDS | AUXILIARY_WORDS | FOLLOW_UP_SAYING_NOTHING | FOLLOW_UP_POINTING \
    | FOLLOW_UP_JOINING


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question: as written, as compared and without a joined "and", and where it stands."""

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
    def says_nothing(self) -> bool:
        return self.word in _SAYING_NOTHING

    @property
    def stem(self) -> str | None:
        """The word without the pronoun at its end, or None where it has none. Many write a ta marbuta without its dots:
        only a word in the end may have a bare ه for a pronoun."""
        may_have = not self.says_nothing or self.word in FOLLOW_UP_WITH_PRONOUN
        return strip_pronoun(self.written, is_last=self.is_last) if may_have and self.word not in _NO_PRONOUN else None

    @property
    def points_back(self) -> bool:
        return self.word in FOLLOW_UP_POINTING or self.stem is not None


def readings(question: str, before: str) -> tuple[str, ...]:
    """How a question may be meant behind another one that is whole, the likeliest first.

    One reading where it plainly stands by itself or plainly does not. Where it goes on from the one before and may
    still be about something else, as "ومتى وُقّع اتفاق دايتون؟" is behind a question about Doha, there are two.
    """
    words, earlier = _words(question), _words(before)
    if not words or not earlier:
        return (question,)
    about = _ABOUT.match(question)
    rest = question[about.end():] if about else question
    if about or (words[0].joined and words[0].word in FOLLOW_UP_PREPOSITIONS and not any(word.asks for word in words)) \
            or not any(word.asks for word in words) and words[0].joined:
        return (_in_place(rest, before, earlier),)
    own = [word for word in words if not word.says_nothing]
    hung = _hung_on(question, words, own, before, earlier)
    goes_on = words[0].joined or words[0].word in FOLLOW_UP_JOINING
    # With many words, what a pronoun stands for is among them: "الرهائن الذين أُفرج عنهم".
    points_back = any(word.points_back for word in words) and len(own) < MANY
    if hung is None or not (goes_on or points_back or len(own) < STANDS_ALONE_FROM):
        return (question,)
    if len(own) < STANDS_ALONE_FROM - 1:
        return (hung,)
    return (hung, question) if goes_on or points_back else (question, hung)


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in tokens(text):
        written, word = match.group(), compared(match.group())
        bare = strip_and_for_follow_up(word, _SMALL_WORDS, is_first=not found)
        found.append(_Word(written, bare, bare != word, *match.span()))
    return [*found[:-1], replace(found[-1], is_last=True)] if found else []


def _hung_on(question: str, words: Sequence[_Word], own: Sequence[_Word], before: str,
             earlier: Sequence[_Word]) -> str | None:
    """The question with what the one before is about: behind its question word where that is all it says, in the place
    of its first pronoun, else in brackets at its end."""
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
    thing = _thing(earlier[asking].word, earlier[asking + 1:], about)
    for place, word in enumerate(words):
        if word.stem is not None and not any(each.points_back for each in thing):
            whole = _without_pronoun(word.stem, words[place - 1].word if place else "")
            return f"{bare[:word.start]}{whole} {before[thing[0].start:earlier[-1].end]}{bare[word.end:]}{mark}"
    return f"{bare} ({topic}){mark}"


def _thing(asks: str, behind: Sequence[_Word], about: Sequence[_Word]) -> Sequence[_Word]:
    """What a pronoun stands for, of the words behind a question word: not the verb that follows it ("متى وُقّع"), not
    what is counted ("كم نائبًا شارك في"), but what is defined ("من هو", "ما")."""
    if asks in FOLLOW_UP_COUNTING:
        preposition = next((place for place, word in enumerate(about) if word.word in FOLLOW_UP_PREPOSITIONS), 1)
        return about[preposition + 1:] or about
    if asks in FOLLOW_UP_DEFINING or (behind and behind[0].word in AUXILIARY_WORDS):
        return about
    return _from_content(about[1:]) or about


def _from_content(words: Sequence[_Word]) -> Sequence[_Word]:
    """The words from the first on that is no auxiliary and no preposition."""
    first = next((place for place, word in enumerate(words)
                  if word.word not in AUXILIARY_WORDS and word.word not in FOLLOW_UP_PREPOSITIONS), len(words))
    return words[first:]


def _without_pronoun(stem: str, before: str) -> str:
    """A word without its pronoun as it is written alone: نتيجت is نتيجة, رعا is رعى, إلي is إلى."""
    if stem.endswith("ت") and before in FOLLOW_UP_BEFORE_NOUNS:
        return f"{stem[:-1]}ة"
    letters = without_marks(stem)
    is_verb = letters.endswith("ا") and len(letters) <= _ROOT_LETTERS + (letters[0] in "أا")
    if is_verb or compared(stem) in FOLLOW_UP_ENDING_IN_ALEF:
        return f"{stem[:-1]}ى"
    return stem


def _in_place(rest: str, before: str, earlier: Sequence[_Word]) -> str:
    """The question before with something else in it: where the same word stood before, else behind it."""
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
