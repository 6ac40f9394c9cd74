"""Find what the articles say of a claim: the sentences that share its words, each with those around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.generation.snapshot import Snapshot
from index.language.dates import Mention
from index.types import Article, Sentence
from qa.check.statement import Figure, Statement, read_statement
from qa.check.values import bears_out, same_figure, share_of_values
from qa.check.words import same_word
from qa.retrieve.retriever import Candidate
from qa.topics.dates_read import DatesRead
from qa.topics.shared_words import WordWeights
from qa.verify.names import WordsRead

# Passages looked into for a claim, and the sentences in them that are held against it.
PASSAGES, LEADS = 8, 5
# Sentences beside a lead that may name what it only refers to, and those at the beginning of its article.
BESIDE, AT_THE_BEGINNING = 3, 2
# What it counts that a sentence has the figures and dates of the claim, beside a weight of 1 for its words.
WEIGHT_OF_VALUES = 0.3
MOST_ADDED = 2
# A bare number that is a year: كأس العالم 2026.
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article, read; `cosine` is that of its vector with the claim's, 0 for one not looked for."""

    article: Article
    row: int
    sentence: Sentence
    statement: Statement
    cosine: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A lead, the sentence of an article that is closest to a claim, and those added for words that it lacks."""

    lead: Source
    added: tuple[Source, ...]
    title: Statement

    @property
    def sources(self) -> tuple[Source, ...]:
        """The lead and what is added to it."""
        return self.lead, *self.added


@dataclass(slots=True)
class SourceReader:
    """Reads sentences of a snapshot, each once in a request; `is_word` tells whether a normalised word is known."""

    snapshot: Snapshot
    is_word: Callable[[str], bool]
    weights: WordWeights
    words_read: WordsRead = field(default_factory=WordsRead)
    _dates: DatesRead = field(default_factory=DatesRead)
    _weights: dict[str, float] = field(default_factory=dict)
    _read: dict[int, Source] = field(default_factory=dict)
    _titles: dict[str, Statement] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """Return the weight of a normalised word; 0 for one without content."""
        if word not in self._weights:
            self._weights[word] = sum(self.weights.of(word).values())
        return self._weights[word]

    def source(self, article: Article, row: int, cosine: float = 0.0) -> Source:
        """Read the sentence in this row, which is the article's."""
        if row not in self._read:
            sentence = self.snapshot.tables.sentence(row)
            dates = self._dates.in_text_of(article, sentence)
            statement = read_statement(article.text[sentence.start:sentence.end], dates, self.is_word,
                                       article.text[slice(*sentence.lead_in)])
            self._read[row] = Source(article, row, sentence, statement)
        found = self._read[row]
        return Source(found.article, row, found.sentence, found.statement, cosine) if cosine else found

    def title(self, article: Article) -> Statement:
        """Read an article's title."""
        if article.id not in self._titles:
            self._titles[article.id] = read_statement(article.title, (), self.is_word)
        return self._titles[article.id]

    def evidence(self, claim: Statement, candidates: Sequence[Candidate]) -> list[Evidence]:
        """Return the evidence for a claim, the closest first, from the candidates found for it."""
        sources = [source for candidate in candidates for source in self._sources_in(candidate)]
        ranked = sorted(sources, key=lambda source: (-self._closeness(claim, source), source.row))
        return [self._with_added(claim, lead) for lead in ranked[:LEADS]]

    def _sources_in(self, candidate: Candidate) -> list[Source]:
        article_row, *_, first, end = self.snapshot.tables.passages[candidate.row, :5].tolist()
        article = self.snapshot.articles[article_row]
        found = [self.source(article, row, float(cosine)) for row, cosine
                 in zip(range(first, end), candidate.sentence_cosines, strict=True)]
        return [source for source in found if not source.sentence.is_heading]

    def _closeness(self, claim: Statement, source: Source) -> float:
        return self.share(claim, source.statement) + source.cosine + WEIGHT_OF_VALUES * share_of_values(
            claim, source.statement)

    def share(self, claim: Statement, statement: Statement) -> float:
        """Return the share, 0..1, of the weight of the claim's words that a statement has; 0 without words."""
        weights = [(self.weight(word.form), word.form) for word in claim.words]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, form in weights if statement.has(form)) / total if total else 0.0

    def _with_added(self, claim: Statement, lead: Source) -> Evidence:
        first, sentences = self.snapshot.tables.sentences_of_article(lead.row)
        rows = dict.fromkeys((*range(max(first, lead.row - BESIDE), min(first + len(sentences), lead.row + BESIDE + 1)),
                              *range(first, min(first + AT_THE_BEGINNING, first + len(sentences)))))
        missing = [word.form for word in claim.words if not lead.statement.has(word.form)]
        dates = [date for date in claim.dates if not any(bears_out(date, found) for found in lead.statement.dates)]
        years = [figure for figure in claim.figures if figure.unit is None and figure.written in YEARS
                 and not any(same_figure(figure, found) for found in lead.statement.figures)]
        others = [self.source(lead.article, row) for row in rows if row != lead.row] if missing else []
        added: list[Source] = []
        while missing and len(added) < MOST_ADDED:
            gains = [(sum(self.weight(word) for word in missing if other.statement.has(word)) * (
                1 + _has_time(other.statement, dates, years)),
                      -abs(other.row - lead.row)) for other in others]
            best = max(range(len(others)), key=gains.__getitem__, default=None)
            if best is None or not gains[best][0]:
                break
            added.append(others[best])
            missing = [word for word in missing if not others[best].statement.has(word)]
        return Evidence(lead, tuple(added), self.title(lead.article))


def _has_time(statement: Statement, dates: Sequence[Mention], years: Sequence[Figure]) -> bool:
    """Tell whether a statement has one of these dates or years."""
    return any(bears_out(date, found) for date in dates for found in statement.dates) or any(
        same_figure(year, found) for year in years for found in statement.figures)


def covering(word: str, statement: Statement) -> list[int]:
    """Return the places in a statement's words that have a normalised word or what may replace it."""
    return [place for place, each in enumerate(statement.words) if same_word(word, each.form)]
