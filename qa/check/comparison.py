"""A claim beside one piece of evidence: which word there has each of the claim's words, and how much that covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.language.function_words import CLAUSE_OPENERS
from index.language.paraphrase import opposites_of
from qa.check.claims import cue_of
from qa.check.draft import Claim
from qa.check.evidence import Evidence, Source, SourceReader, covering
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.voice import Deed, same_deeds
from qa.check.words import same_form
from qa.verify.cues import Cue

# A word that only a sentence beside the lead has counts for this share of its weight.
CREDIT_BESIDE = 0.4
Match = tuple[Source | None, StatedWord]
Place = tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """A claim and one piece of evidence; `statement` is the claim, read.

    `matches` has for each of the claim's `words` of content the word of the evidence that covers it, with its sentence
    (None for the title), or None.
    """

    claim: Claim
    statement: Statement
    evidence: Evidence
    reader: SourceReader
    names: NameSense

    @cached_property
    def words(self) -> tuple[StatedWord, ...]:
        """The words of content, without those that name the claim's speaker."""
        if self.claim.speaker is None or self.cue is None or self.cue.name is None or not self.cue.certain:
            return self.statement.words
        low, high = (place - self.claim.start for place in self.claim.speaker)
        return tuple(word for word in self.statement.words if not low <= word.start < high)

    @cached_property
    def matches(self) -> tuple[Match | None, ...]:
        """What covers each of the words; see the class."""
        return tuple(self.match(word.form) or self._opposite(word) for word in self.words)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The weights of the words."""
        return tuple(self.reader.weight(word.form) for word in self.words)

    @cached_property
    def cue(self) -> Cue | None:
        """What attributes the claim to somebody."""
        return cue_of(self.claim.text)

    @cached_property
    def turned(self) -> list[Deed]:
        """What the claim says is done that the lead says in the other voice, active or passive."""
        return same_deeds(self.statement, self.lead.statement, self.names)

    @property
    def lead(self) -> Source:
        """The sentence that is closest to the claim."""
        return self.evidence.lead

    @property
    def statements(self) -> list[Statement]:
        """The evidence's sentences, read, the lead first."""
        return [source.statement for source in self.evidence.sources]

    @property
    def uncovered(self) -> list[StatedWord]:
        """The words that nothing covers."""
        return [word for word, match in zip(self.words, self.matches, strict=True) if match is None]

    def share(self, *, without: Sequence[StatedWord] = ()) -> float:
        """Return the share, 0..1, of the words' weight that is covered, of all but those `without`; 0 without words."""
        total = sum(self.weights) - sum(self.reader.weight(word.form) for word in without)
        credited = sum(weight * self._credit(word, match) for word, match, weight
                       in zip(self.words, self.matches, self.weights, strict=True))
        return credited / total if total else 0.0

    def share_word_for_word(self) -> float:
        """Return the share, 0..1, of the words' weight that the same word in the same form covers."""
        found = [weight for word, match, weight in zip(self.words, self.matches, self.weights, strict=True)
                 if match is not None and word.form == match[1].form]
        return sum(found) / (sum(self.weights) or 1.0)

    def share_in_lead(self) -> float:
        """Return the share, 0..1, of the weight of the words that are no names that the lead alone covers."""
        plain = [(weight, match is not None and match[0] is self.lead) for word, match, weight
                 in zip(self.words, self.matches, self.weights, strict=True) if not self.is_name(word)]
        return sum(weight for weight, is_there in plain if is_there) / (sum(weight for weight, _ in plain) or 1.0)

    def _credit(self, word: StatedWord, match: Match | None) -> float:
        """Return how much of a word's weight is covered, 0..1: of one that only a sentence beside the lead has, less.

        Names count whole, since a sentence need not repeat whom it is about.
        """
        if match is None:
            return 0.0
        if match[0] is self.lead or self.is_name(word):
            return 1.0
        return CREDIT_BESIDE if same_form(word.form, match[1].form) else 0.0

    def match(self, form: str) -> Match | None:
        """Return the word of the evidence that a normalised word is, and its sentence, None for the title."""
        for source in self.evidence.sources:
            found = covering(form, source.statement)
            if found:
                return source, source.statement.words[found[0]]
        found = covering(form, self.evidence.title)
        return (None, self.evidence.title.words[found[0]]) if found else None

    def has_form(self, form: str) -> bool:
        """Tell whether the evidence has a form of a normalised word, and not only one that replaces it."""
        return any(same_form(form, word.form) for statement in (*self.statements, self.evidence.title)
                   for word in statement.words)

    def _opposite(self, word: StatedWord) -> Match | None:
        """Return a word of the evidence that denies by itself what a claim denies: "did not accept" is "rejected"."""
        if word.modality != "negated" or word.governed_by is None or word.governed_by[0] == word.start:
            return None
        against = opposites_of(word.form)
        return next(((source, each) for source in self.evidence.sources for each in source.statement.words
                     if each.modality == "negated" and any(same_form(each.form, other) for other in against)), None)

    def is_name(self, word: StatedWord) -> bool:
        """Tell whether a word of the claim is a name."""
        return self.names.is_name(word.form) or self.is_capitalised(word)

    def is_capitalised(self, word: StatedWord) -> bool:
        """Tell whether a word inside the claim has a capital."""
        return word.start > 0 and self.statement.text[word.start].isupper()

    def may_replace(self, other: StatedWord) -> bool:
        """Tell whether a word of the lead may be another name: a name that is not claimed, and no verb."""
        if other.form in CLAUSE_OPENERS or self.statement.has(other.form) or not self.names.is_name(other.form):
            return False
        return other.form[0] not in "يت" or not self.names.is_verb(other.form)
