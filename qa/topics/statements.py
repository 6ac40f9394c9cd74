"""Read the values that sentences state, numbers, days and speakers, and tell whether two sentences are about one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

from index.generation.snapshot import Snapshot
from index.language.dates import Mention
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said
from qa.topics.counts import Count, counts
from qa.topics.dates_read import DatesRead
from qa.topics.occurrence import Occurrence, occurrence
from qa.topics.shared_words import WordWeights, share_in_common
from qa.verify.names import WordsRead
from qa.verify.speakers import speaker_of

# Further figures of a sentence are not compared.
MAX_FIGURES = 8
# A speaker's name has at least this many words.
MIN_NAME_WORDS = 2
LONG_AGO = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Value:
    """A number, day or speaker at `article.text[start:end]`, with the parsed value that is compared."""

    start: int
    end: int
    count: Count | None = None
    mention: Mention | None = None
    speaker: str = ""


@dataclass
class Statement:
    """A sentence and the values in it, each computed when first needed. `is_about` tells that it is about the topic."""

    snapshot: Snapshot
    sentence: RankedSentence
    is_about: bool
    dates_read: DatesRead
    words_read: WordsRead
    word_weights: WordWeights

    @cached_property
    def said(self) -> Said:
        """The words that are compared."""
        return Said.by(self.sentence.text)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """The weight of each content word that is neither a number nor part of a date."""
        return self.word_weights.of(self.sentence.text, [(mention.start, mention.end) for mention in self._dates])

    @cached_property
    def occurred(self) -> tuple[date, date] | None:
        """The days that the sentence gives for what it reports, None if it gives none."""
        found = self._occurrence
        return None if found is None or found.is_aside else (found.first, found.last)

    @cached_property
    def named(self) -> tuple[date, date] | None:
        """The stretch of all dates that the sentence names, whatever they are of; None if it names none."""
        days = [mention.days for mention in self._dates if mention.days]
        return (min(first for first, _ in days), max(last for _, last in days)) if days else None

    @property
    def is_of_long_ago(self) -> bool:
        """Whether all dates that the sentence names lie long before the article was published."""
        published = self.sentence.article.published_on
        return self.named is not None and published is not None and published - self.named[1] > LONG_AGO

    @cached_property
    def counts(self) -> list[Value]:
        """The figures of the sentence."""
        start = self.sentence.sentence.start
        return [Value(count.figure.start + start, count.figure.end + start, count=count)
                for count in islice(counts(self.sentence.text, self._dates), MAX_FIGURES)]

    @cached_property
    def days(self) -> list[Value]:
        """The day of what the sentence reports, if it names one exactly and no other."""
        start, found = self.sentence.sentence.start, self._occurrence
        named = [mention for mention in self._dates if mention.first and mention.first == mention.last
                 and mention.expressed != "relative" and not mention.approximate]
        if len(named) != 1 or found is None or found.is_aside or found.mention != (named[0].start, named[0].end):
            return []
        return [Value(named[0].start + start, named[0].end + start, mention=named[0])]

    @cached_property
    def speakers(self) -> list[Value]:
        """The speaker whom the sentence names for certain."""
        sentence = self.sentence
        _, sentences = self.snapshot.tables.sentences_of_article(sentence.row)
        named = speaker_of(sentence.article, sentences, sentence.sentence.start, sentence.sentence.end,
                           self.words_read)
        if named is None or named.name is None or not named.certain or named.stance != "stated":
            return []
        start, end = named.name
        name = sentence.article.text[start:end]
        return [Value(start, end, speaker=name)] if len(name.split()) >= MIN_NAME_WORDS else []

    def shares_with(self, other: Statement) -> float:
        """Return the share, 0..1, of the word weight of the lighter sentence that the other sentence has too."""
        return share_in_common(self.weights, self.said, other.weights, other.said)

    def cosine_with(self, other: Statement) -> float:
        """Return the cosine of the two sentences' vectors."""
        return self.snapshot.tables.cosine_of_sentences(self.sentence.row, other.sentence.row)

    @cached_property
    def _dates(self) -> list[Mention]:
        return self.dates_read.in_text_of(self.sentence.article, self.sentence.sentence)

    @cached_property
    def _occurrence(self) -> Occurrence | None:
        return occurrence(self.sentence.text, self._dates, self.sentence.article.published_on)
