"""Find where a speaker changed position: two statements about one thing, of which the later contradicts the earlier.

Only statements that share most of the words of their claims are compared, and only if one denies the very word that the
other affirms, or if both count the same and differ. That misses changes that are told in other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import verb_stem
from index.language.function_words import DENIAL_LIMITS, DENIALS, FUNCTION_WORDS, HYPOTHETICAL
from index.language.saying import SpeechAct
from index.language.tokens import compared, compared_words, tokens
from index.work import paused_between
from qa import contract
from qa.answer.sameness import Said, has_word
from qa.topics.clashes import SAME_EVENT_COSINE
from qa.topics.counts import Count, contradict, counts
from qa.topics.dates_read import DatesRead
from qa.topics.shared_words import WordWeights, share_in_common
from qa.topics.who_said_what import SpeakerOfTopic, SpeakerStatement

MAX_CHANGES = 12
# The share of the word weight of the claim with less weight that both claims must have.
SHARED_WORDS = 0.5
MAX_FIGURES = 8
_DENYING: tuple[SpeechAct, ...] = ("denied", "rejected")
_NOT_SAID: tuple[SpeechAct, ...] = ("asked", "doubted", "expected")
# "If", "perhaps" and the like, without the verb's إن in front of what is said, which is spelled as one of them.
_OPEN = HYPOTHETICAL - {normalise("إن"), normalise("سوف"), "will"}
# A word that is denied is read within this many words behind the denial.
_DENIED_WITHIN = 3
# A word affirms what it says if it is one of the first so many content words of its claim.
_AFFIRMED_WITHIN = 4
# Words between a verb of denial and what is denied: نفى وجود تسرب.
_NO_CONTENT = compared_words("وجود صحة حدوث وقوع أنباء الأنباء تقارير التقارير اتهامات الاتهامات مزاعم")


@dataclass(frozen=True, slots=True)
class PositionChange:
    """Two statements of one speaker, the earlier first, and the words in which they differ, verbatim."""

    kind: contract.ChangeKind
    speaker: str
    earlier: SpeakerStatement
    later: SpeakerStatement
    earlier_words: str
    later_words: str

    def as_json(self) -> contract.PositionChange:
        """Build an element of `changes` of GET /api/affair."""
        return {"kind": self.kind, "speaker": self.speaker, "earlier_statement": self.earlier.citation.number,
                "later_statement": self.later.citation.number, "earlier": self.earlier_words,
                "later": self.later_words}


def find_changes(snapshot: Snapshot, speakers: Sequence[SpeakerOfTopic]) -> tuple[PositionChange, ...]:
    """Find the changes of position of each speaker, `MAX_CHANGES` at most.

    The limits on speakers and their statements bound the pairs that are compared.
    """
    weights, dates = WordWeights(snapshot), DatesRead()
    found = (change for speaker in paused_between(speakers)
             for change in _changes_of(snapshot, speaker, weights, dates))
    return tuple(islice(found, MAX_CHANGES))


def _changes_of(snapshot: Snapshot, speaker: SpeakerOfTopic, weights: WordWeights, dates: DatesRead
                ) -> Iterator[PositionChange]:
    positions = [_Position(snapshot, each, weights, dates) for each in speaker.statements if each.act not in _NOT_SAID]
    for earlier, later in combinations(positions, 2):
        if not _is_later(later.statement, earlier.statement):
            continue
        differing = earlier.differs_from(later)
        if differing is not None and earlier.is_about_the_same_as(later):
            kind, before, after = differing
            yield PositionChange(kind, speaker.name, earlier.statement, later.statement, before, after)


def _is_later(one: SpeakerStatement, other: SpeakerStatement) -> bool:
    return one.first is not None and other.last is not None and one.first > other.last and not one.is_earlier


@dataclass(frozen=True)
class _Position:
    snapshot: Snapshot
    statement: SpeakerStatement
    word_weights: WordWeights
    dates: DatesRead

    @cached_property
    def said(self) -> Said:
        return Said.by(self.statement.claim_text)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        return self.word_weights.of(self.statement.claim_text)

    @cached_property
    def is_open(self) -> bool:
        """Whether the claim depends on something ("if", "may"), or a denial is denied."""
        is_doubly_denied = self.statement.act in _DENYING and not DENIALS.isdisjoint(self._words)
        return is_doubly_denied or not _OPEN.isdisjoint(self._words)

    @cached_property
    def _words(self) -> list[str]:
        return [compared(match[0]) for match in tokens(self.statement.claim_text)]

    @cached_property
    def denied(self) -> Mapping[str, str]:
        """The words that the statement denies, each with the words that deny it, verbatim."""
        matches = list(tokens(self.statement.claim_text))
        found: dict[str, str] = {}
        if self.statement.act in _DENYING:
            first = next((word for word in self._words if word not in FUNCTION_WORDS and word not in _NO_CONTENT), None)
            return {} if first is None else {first: self.statement.verb}
        for place, word in enumerate(self._words):
            if word not in DENIALS or not DENIAL_LIMITS.isdisjoint(self._words[place:]):
                continue
            behind = range(place + 1, min(place + 1 + _DENIED_WITHIN, len(self._words)))
            denied = next((each for each in behind if self._words[each] not in FUNCTION_WORDS), None)
            if denied is not None:
                found[self._words[denied]] = self.statement.claim_text[matches[place].start():matches[denied].end()]
        return found

    @cached_property
    def counts(self) -> list[Count]:
        return list(islice(counts(self.statement.claim_text), MAX_FIGURES))

    def differs_from(self, later: _Position) -> tuple[contract.ChangeKind, str, str] | None:
        """Return how the two contradict each other, and the words in which they do; None if they do not."""
        if self.is_open or later.is_open:
            return None
        for one, other in ((self, later), (later, self)):
            for word, denying in one.denied.items():
                affirmed = other.affirming(word)
                if affirmed:
                    return ("polarity", denying, affirmed) if one is self else ("polarity", affirmed, denying)
        if self.denied or later.denied:
            return None
        for mine in self.counts:
            for theirs in later.counts:
                if contradict(mine, theirs) and not _grew(mine, theirs):
                    return "figure", _written(self, mine), _written(later, theirs)
        return None

    def affirming(self, word: str) -> str:
        """Return the word of the claim that affirms what `word` says, verbatim; empty if none does.

        Farther behind, a word is more often only mentioned.
        """
        if self.denied or self.said.denies:
            return ""
        content = [match[0] for match in tokens(self.statement.claim_text) if compared(match[0]) not in FUNCTION_WORDS]
        return next((each for each in content[:_AFFIRMED_WITHIN]
                     if has_word(word, Said.by(each)) or verb_stem(compared(each)) == verb_stem(word)), "")

    def is_about_the_same_as(self, other: _Position) -> bool:
        cosine = self.snapshot.tables.cosine_of_sentences(self.statement.row, other.statement.row)
        return cosine >= SAME_EVENT_COSINE and share_in_common(
            self.weights, self.said, other.weights, other.said) >= SHARED_WORDS


def _grew(earlier: Count, later: Count) -> bool:
    """Tell whether more people were counted later, which is news and no change of position."""
    return earlier.fate != "" and later.figure.value > earlier.figure.value


def _written(position: _Position, count: Count) -> str:
    return position.statement.claim_text[count.figure.start:count.figure.end]
