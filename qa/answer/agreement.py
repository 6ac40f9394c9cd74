"""Pass over a sentence that says otherwise than the question: another amount, the opposite, somebody else.

Vectors and a reader find such a sentence as close as the right one: 1.2 million is near 1.5 million, a rise near a
fall. The rules move a sentence only if another one of those considered agrees with the question where it differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from index.language.dates import find_dates
from index.language.function_words import YES_OR_NO
from index.language.opposites import says_opposite
from index.language.quantities import Quantity, find_quantities, may_start_quantity
from index.language.tokens import compared, tokens
from qa.answer.lines import line_of
from qa.answer.ordinals import says_other_ordinal
from qa.answer.ranking import SENTENCES_CONSIDERED, RankedSentence, brought_first, share_found
from qa.answer.sameness import Said, has_word
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import is_form_of

# A sentence that is moved up has this share of the question's content words, without its numbers and comparing words.
MIN_WORDS_SHARE = 0.5
NAME_LENGTHS = (4, 3)  # in words
# The amounts of this many texts are remembered: several rules ask for those of the same sentences.
SENTENCES_KEPT = 256
# Amounts of the same unit are compared; without a unit, those that differ by no more than this factor.
_SAME_SCALE = 100


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with what is compared: its words, and its amounts without dates."""

    sentence: RankedSentence

    @property
    def words(self) -> tuple[str, ...]:
        return line_of(self.sentence.text).words

    @property
    def amounts(self) -> tuple[Quantity, ...]:
        return amounts_of(self.sentence.text)


@dataclass(frozen=True)
class _Asked:
    """What a question says that a sentence may contradict."""

    question: ParsedQuestion

    @cached_property
    def amounts(self) -> tuple[Quantity, ...]:
        """The amounts that a question names."""
        return tuple(find_quantities(self.question.text, self.question.dates))

    @cached_property
    def is_yes_or_no(self) -> bool:
        """Whether the question asks for yes or no, so that the opposite answers it too."""
        return bool(self.question.words) and self.question.words[0] in YES_OR_NO

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The runs of content words that may be a full name; none holds the noun of "which", which its verb follows."""
        words = self.question.words
        content = set(self.question.wanted.content) - self.question.wanted.focus
        return tuple(run for length in NAME_LENGTHS for run in _runs(words, length)
                     if len(set(run)) == length and content.issuperset(run))

    def is_contradicted(self, read: _Read) -> bool:
        """Tell whether the sentence says otherwise."""
        return (any(_other_amount(amount, read) for amount in self.amounts)
                or any(_reordered(name, read.words) for name in self.names)
                or (_is_of_other(self.question, read.words) if self.is_yes_or_no
                    else says_opposite(self.question.wanted.content, read.words)))

    def is_covered(self, read: _Read) -> bool:
        """Tell whether the sentence has enough of the question's words, its title included."""
        words = [word for word in self.question.wanted.content if not may_start_quantity(word)]
        return share_found(words, read.sentence) >= MIN_WORDS_SHARE \
            and any(has_word(word, Said.by(read.sentence.text)) for word in words)


def agreeing_first(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the ranked sentences without those that say otherwise than the question, if a sentence agrees with it.

    If the first one does not say otherwise, or none of the others agrees, nothing changes. The sentence that comes
    first then takes the best score.
    """
    asked = _Asked(question)
    if not ranked or not (asked.amounts or asked.names or asked.is_yes_or_no or question.wanted.content):
        return list(ranked)
    if not asked.is_contradicted(_Read(ranked[0])):
        return brought_first(_later_act(question, ranked) if asked.is_yes_or_no else None, ranked)
    read = [_Read(sentence) for sentence in ranked[:SENTENCES_CONSIDERED]]
    agreeing = [each for each in read if not asked.is_contradicted(each)]
    winner = next((each for each in agreeing if asked.is_covered(each) and _has_amounts(asked.amounts, each)), None)
    if winner is None:
        return list(ranked)
    kept = [each.sentence for each in agreeing if each is not winner] + list(ranked[SENTENCES_CONSIDERED:])
    return [replace(winner.sentence, score=ranked[0].score), *kept]


def says_otherwise(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence has the opposite of what the question says, or another number of it.

    Amounts of the same are in the same unit or count the same noun; ordinals stand beside the same noun. Asked for yes
    or no, the opposite answers.
    """
    asked = _Asked(question)
    if asked.is_yes_or_no:
        return False
    read = _Read(sentence)
    return says_opposite(question.wanted.content, read.words) or says_other_ordinal(question, sentence.text) \
        or any(_other_amount_of_it(question.text, amount, read) for amount in asked.amounts)


def _other_amount_of_it(text: str, asked: Quantity, read: _Read) -> bool:
    if not _other_amount(asked, read):
        return False
    counted = _noun_behind(text, asked)
    return asked.unit is not None or counted != "" and any(
        is_form_of(_noun_behind(read.sentence.text, found), counted) for found in read.amounts)


def _noun_behind(text: str, amount: Quantity) -> str:
    return next((compared(match.group()) for match in tokens(text[amount.end:])), "")


def _later_act(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> RankedSentence | None:
    """Return a later sentence of the first one's article that has the act asked of, if the first has its opposite.

    Asked whether the council agreed: it refused at first, then agreed.
    """
    act, first = question.wanted.asked_about, ranked[0]
    if act is None or has_word(act, Said.by(first.text)) or not says_opposite((act,), _Read(first).words):
        return None
    return next((each for each in ranked[1:SENTENCES_CONSIDERED]
                 if each.article.id == first.article.id and each.row > first.row
                 and has_word(act, Said.by(each.text)) and not Said.by(each.text).denies), None)


@lru_cache(SENTENCES_KEPT)
def amounts_of(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text, without those in its dates."""
    return tuple(find_quantities(text, find_dates(text)))


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start:start + length]) for start in range(len(words) - length + 1))


def _has_amounts(asked: Sequence[Quantity], read: _Read) -> bool:
    return all(any(found.value == amount.value for found in read.amounts) for amount in asked)


def _other_amount(asked: Quantity, read: _Read) -> bool:
    """Tell whether the sentence has another amount of the same kind, and not the one that is asked for."""
    if any(found.value == asked.value for found in read.amounts):
        return False
    return any(asked.unit == found.unit and (asked.unit is not None or (
        asked.value > 0 and 1 / _SAME_SCALE <= found.value / asked.value <= _SAME_SCALE)) for found in read.amounts)


def _reordered(name: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether the words have those of a name side by side in another order only: other people have such names."""
    wanted, size = sorted(name), len(name)
    runs = [run for run in _runs(words, size) if sorted(run) == wanted]
    return bool(runs) and tuple(name) not in runs


def _is_of_other(question: ParsedQuestion, words: Sequence[str]) -> bool:
    """Tell whether the words name another thing of a kind: the party of the sunset, asked of the party of the sunrise.
    """
    content = question.wanted.content
    return any(kind in words and name not in words and not any(name in word for word in words)
               and any(before == kind and after not in content for before, after in pairwise(words))
               for kind, name in pairwise(question.words) if kind in content and name in content)
