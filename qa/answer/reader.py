"""Rank the sentences of retrieved passages by how well they answer: by vectors, words and the kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.scripts import is_at_least_half_arabic
from index.types import Article, Sentence
from qa.answer.reprints import without_reprints
from qa.question.kinds import AnswerKind, shown
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import Analysed, Wanted
from qa.retrieve.retriever import Candidate

PASSAGES_READ = 5
# Weights of the evidence, relative to a weight of 1 for the sentence's cosine. `training/fit_reader.py` learned them;
# docs/decisions/0014-learned-reader.md has the figures.
PASSAGE_DENSE_WEIGHT = 0.387
PASSAGE_LEXICAL_WEIGHT = 0.061
WORDS_WEIGHT = 0.024
NEW_WORDS_WEIGHT = 0.016
ASKED_WORD_WEIGHT = 0.019
COUNTED_WEIGHT = 0.011
KIND_WEIGHTS = {AnswerKind.TIME: 0.037, AnswerKind.PLACE: 0.0, AnswerKind.QUANTITY: 0.013, AnswerKind.PERSON: 0.031,
                AnswerKind.OTHER: 0.0}
MAX_LEAD_IN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that a sentence answers: a cosine, and shares from 0 to 1. Its passage's values begin `passage_`.

    `words_found` is the share of the question's words in the sentence, its heading or its list's introduction;
    `new_words_found` is the share of the words that the title lacks; `words_known` is the share in sentence or title.
    """

    cosine: float
    passage_dense: float
    passage_lexical: float
    passage_coverage: float
    words_found: float
    new_words_found: float
    words_known: float
    asked_word_found: float
    is_counted: bool
    wants_count: bool
    kind: AnswerKind
    kind_shown: float
    same_script: bool


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence that may answer.

    `row` is its row in the table of sentences, `passage_row` the row of its passage. Scores can be compared only within
    one question.
    """

    article: Article
    sentence: Sentence
    row: int
    passage_row: int
    score: float
    evidence: Evidence

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]


def rank_sentences(snapshot: Snapshot, question: ParsedQuestion, candidates: Sequence[Candidate], count: int, *,
                   passages_read: int = PASSAGES_READ) -> list[RankedSentence]:
    """Return the `count` best sentences of the first `passages_read` passages, best first, without headings.

    Reprints do not count as passages. Sentences are read in the order of the score known from vectors alone. Reading
    stops once no unread sentence can enter the top `count`.
    """
    kind = question.kind
    wanted = Wanted.of(question.wanted, snapshot.lexical)
    most_added = WORDS_WEIGHT + NEW_WORDS_WEIGHT + ASKED_WORD_WEIGHT + COUNTED_WEIGHT + KIND_WEIGHTS[kind]
    in_title: dict[str, list[float]] = {}
    ranked: list[RankedSentence] = []
    for known, candidate, article, sentence, row, cosine in _unread(
            snapshot, without_reprints(snapshot, candidates, passages_read)):
        if len(ranked) >= count and ranked[count - 1].score > known + most_added:
            break
        text = article.text[sentence.start:sentence.end]
        if _only_introduces(text) or not any(map(str.isalnum, text)):
            continue
        if article.id not in in_title:
            in_title[article.id] = wanted.found_each(Analysed.of(normalise(article.title)))
        normalised = normalise(text)
        own = Analysed.of(normalised)
        found = wanted.found_each(own)
        introduction = _introduction(article, sentence)
        evidence = Evidence(
            cosine, candidate.dense, candidate.lexical, candidate.coverage,
            words_found=wanted.share(found if introduction is None else wanted.found_each(own | introduction)),
            new_words_found=wanted.share_of_new(found, in_title[article.id]),
            words_known=wanted.share([max(pair) for pair in zip(found, in_title[article.id], strict=True)]),
            asked_word_found=wanted.asked_word_found(found), is_counted=wanted.counts(own),
            wants_count=bool(wanted.counted), kind=kind, kind_shown=shown(kind, normalised),
            same_script=is_at_least_half_arabic(text) == question.in_arabic_script)
        ranked.append(RankedSentence(article, sentence, row, candidate.row, known + _added(evidence), evidence))
        ranked.sort(key=lambda sentence: -sentence.score)
    return ranked[:count]


def _added(evidence: Evidence) -> float:
    """Return what the words of a sentence add to the score known from vectors."""
    return (WORDS_WEIGHT * evidence.words_found + NEW_WORDS_WEIGHT * evidence.new_words_found
            + ASKED_WORD_WEIGHT * evidence.asked_word_found + COUNTED_WEIGHT * evidence.is_counted
            + KIND_WEIGHTS[evidence.kind] * evidence.kind_shown)


def _unread(snapshot: Snapshot, candidates: Sequence[Candidate]
            ) -> list[tuple[float, Candidate, Article, Sentence, int, float]]:
    """List the sentences, best first by the score known from vectors.

    Each comes as: score, passage, article, sentence, row, cosine.
    """
    unread = []
    for candidate in candidates:
        article_row, first = snapshot.tables.passages[candidate.row, [0, 3]].tolist()
        article = snapshot.articles[article_row]
        known_of_passage = PASSAGE_DENSE_WEIGHT * candidate.dense + PASSAGE_LEXICAL_WEIGHT * candidate.lexical
        cosines = candidate.sentence_cosines.tolist()
        unread += [(cosine + known_of_passage, candidate, article, sentence, row, cosine)
                   for row, (sentence, cosine) in enumerate(
                       zip(snapshot.tables.sentences_of(candidate.row), cosines, strict=True), first)
                   if not sentence.is_heading]
    unread.sort(key=lambda known: -known[0])
    return unread


def _only_introduces(text: str) -> bool:
    """Tell whether the sentence is only a short line that introduces a list."""
    return text.endswith(":") and len(text) <= MAX_LEAD_IN_CHARS


def _introduction(article: Article, sentence: Sentence) -> Analysed | None:
    """Analyse the sentence's heading and the line that introduces its list; None if it has neither."""
    spans = [(start, end) for start, end in (sentence.heading, sentence.lead_in) if end > start]
    if not spans:
        return None
    return Analysed.of(normalise(" ".join(article.text[start:end] for start, end in spans)))
