"""Rank the sentences of retrieved passages by how well they answer: by vectors, words, kind and what a reader finds."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot
from index.model.reading import Reading
from index.types import Article, Sentence
from index.work import paused_between
from qa.answer.corroboration import Found, corroborations
from qa.answer.dated_events import DatedEvent, passages_to_read
from qa.answer.lines import Line, line_of
from qa.answer.sameness import Said, has_word
from qa.answer.statements import is_link
from qa.answer.years import is_of_other_years, years_in
from qa.question.kinds import AnswerKind, shown
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import Analysed, Wanted
from qa.retrieve.retriever import Candidate

PASSAGES_READ = 5
# An answer is composed of so many of the best sentences.
SENTENCES_CONSIDERED = 8
# A reader's logits are cut off here, so that one of them cannot outweigh everything else.
MOST_RELEVANCE = 8.0
LEAST_LEAD, MOST_LEAD = -16.0, 10.0
# Added to the score of a sentence that dates the event asked about.
DATED_EVENT = 0.15


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the evidence, relative to a weight of 1 for the sentence's cosine.

    `training/fit_answering.py` learned them; docs/decisions/0014-learned-reader.md and 0022-reader.md have the figures.
    `lead_across_scripts` replaces `lead` where question and sentence are in different scripts, in which the reader has
    read less.
    """

    passage_dense: float
    passage_lexical: float
    words: float
    new_words: float
    asked_word: float
    counted: float
    kinds: Mapping[AnswerKind, float]
    other_years: float = 0.0
    lead: float = 0.0
    lead_across_scripts: float = 0.0
    corroboration: float = 0.0

    def added(self, evidence: Evidence) -> float:
        """Return what the words of a sentence and the reader add to the score known from vectors."""
        return (self.words * evidence.words_found + self.new_words * evidence.new_words_found
                + self.asked_word * evidence.asked_word_found + self.counted * evidence.is_counted
                + self.kinds.get(evidence.kind, 0.0) * evidence.kind_shown
                + self.other_years * evidence.is_of_other_years
                + (self.lead if evidence.same_script else self.lead_across_scripts) * evidence.lead
                + self.corroboration * evidence.corroboration)

    def most_added(self, kind: AnswerKind) -> float:
        """Return the most that words can add, for a question of this kind."""
        return self.words + self.new_words + self.asked_word + self.counted + self.kinds.get(kind, 0.0)


WITHOUT_READER = Weights(
    passage_dense=0.038, passage_lexical=0.064, words=0.015, new_words=0.017, asked_word=0.018, counted=0.018,
    kinds={AnswerKind.TIME: 0.051, AnswerKind.QUANTITY: 0.018, AnswerKind.PERSON: 0.041})
WITH_READER = Weights(
    passage_dense=0.21, passage_lexical=0.106, words=0.023, new_words=0.021, asked_word=0.021, counted=0.014,
    kinds={AnswerKind.TIME: 0.054, AnswerKind.PERSON: 0.02}, other_years=-0.025, lead=0.0094,
    lead_across_scripts=0.004, corroboration=0.031)
MAX_LEAD_IN_CHARS = 60
_NOT_READ = (0.0, 0.0, None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that a sentence answers: a cosine, and shares from 0 to 1. Its passage's values begin `passage_`.

    `words_found` is the share of the question's words in the sentence, its heading or its list's introduction;
    `new_words_found` is the share of the words that the title lacks; `words_known` is the share in sentence or title.
    `is_of_other_years` says that the sentence names years, and none that can be meant (`years.py`). From a reader come
    `relevance`, the logit that the passage answers, and `lead`, how far the logits of the best span in the sentence
    exceed those of no answer, and from comparing spans `corroboration` (`corroboration.py`); all are 0 where nothing
    was read.
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
    is_of_other_years: bool = False
    relevance: float = 0.0
    lead: float = 0.0
    corroboration: float = 0.0


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence that may answer.

    `row` is its row in the table of sentences, `passage_row` the row of its passage. Scores can be compared only within
    one question. `span` is the span in the article's text that a reader found to answer, None where nothing was read.
    """

    article: Article
    sentence: Sentence
    row: int
    passage_row: int
    score: float
    evidence: Evidence
    span: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]


def share_found(words: Sequence[str], sentence: RankedSentence) -> float:
    """Return the share, 0..1, of normalised words that a sentence or its title has in any form; 1 of no words."""
    said, title = Said.by(sentence.text), Said.by(sentence.article.title)
    return sum(has_word(word, said) or has_word(word, title) for word in words) / len(words) if words else 1.0


def brought_first(winner: RankedSentence | None, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the sentences with the winner first, which then takes the best score; unchanged if there is no winner."""
    if winner is None:
        return list(ranked)
    return [replace(winner, score=ranked[0].score), *(each for each in ranked if each is not winner)]


def rank_sentences(snapshot: Snapshot, question: ParsedQuestion, candidates: Sequence[Candidate], count: int, *,
                   passages_read: int = PASSAGES_READ, readings: Mapping[int, Reading] | None = None,
                   event: DatedEvent | None = None) -> list[RankedSentence]:
    """Return the `count` best sentences of the first `passages_read` passages, best first, without headings.

    Reprints do not count as passages. `readings` has what a reader found, by the passage's row; passages that it lacks
    are left out. Without it, sentences are read in the order of the score known from vectors alone, until no unread
    sentence can enter the top `count`. Sentences that date the `event` asked about score `DATED_EVENT` more.
    """
    kind = question.kind
    years_asked = years_in(question.normalised)
    wanted = Wanted.of(question.wanted, snapshot.lexical)
    weights = WITH_READER if readings else WITHOUT_READER
    most_added = weights.most_added(kind) + (DATED_EVENT if event else 0.0)
    in_title: dict[str, list[float]] = {}
    ranked: list[RankedSentence] = []
    passages = [candidate for candidate in candidates if candidate.row in readings] if readings \
        else passages_to_read(snapshot, candidates, passages_read, event)
    unread = _unread(snapshot, passages, weights)
    titles = {line_of(article.title).normalised for _, _, article, *_ in unread}
    for known, candidate, article, sentence, row, cosine in paused_between(unread):
        if not readings and len(ranked) >= count and ranked[count - 1].score > known + most_added:
            break
        text = article.text[sentence.start:sentence.end]
        line = line_of(text)
        if _only_introduces(text) or line.states_nothing or _is_behind_link(article, sentence) \
                or _is_title_of_other(line, article, titles):
            continue
        if article.id not in in_title:
            in_title[article.id] = wanted.found_each(line_of(article.title).analysed)
        own = line.analysed
        found = wanted.found_each(own)
        introduction = _introduction(article, sentence)
        relevance, lead, span = _found_by_reader(snapshot, readings, candidate, sentence) if readings else _NOT_READ
        evidence = Evidence(
            cosine, candidate.dense, candidate.lexical, candidate.coverage,
            words_found=wanted.share(found if introduction is None else wanted.found_each(own | introduction)),
            new_words_found=wanted.share_of_new(found, in_title[article.id]),
            words_known=wanted.share([max(pair) for pair in zip(found, in_title[article.id], strict=True)]),
            asked_word_found=wanted.asked_word_found(found), is_counted=wanted.counts(own),
            wants_count=bool(wanted.counted), kind=kind, kind_shown=shown(kind, line.normalised),
            same_script=line.is_arabic == question.in_arabic_script,
            is_of_other_years=is_of_other_years(line.normalised, years_asked, article.published_on),
            relevance=relevance, lead=lead)
        score = known + weights.added(evidence)
        if event is not None and event.is_dated_by(line, snapshot, candidate):
            score += DATED_EVENT
        insort(ranked, RankedSentence(article, sentence, row, candidate.row, score, evidence, span),
               key=lambda sentence: -sentence.score)
    return (_corroborated(ranked, question, weights) if readings else ranked)[:count]


def _corroborated(ranked: Sequence[RankedSentence], question: ParsedQuestion, weights: Weights
                  ) -> list[RankedSentence]:
    """Rank again by what spans of different articles have in common, too."""
    found = [Found.of(each.article.id, "" if each.span is None else each.article.text[slice(*each.span)],
                      each.evidence.lead, question) for each in ranked]
    held = [replace(each, score=each.score + weights.corroboration * share,
                    evidence=replace(each.evidence, corroboration=share))
            for each, share in zip(ranked, corroborations(found), strict=True)]
    return sorted(held, key=lambda sentence: -sentence.score)


def _found_by_reader(snapshot: Snapshot, readings: Mapping[int, Reading], candidate: Candidate, sentence: Sentence
                     ) -> tuple[float, float, tuple[int, int] | None]:
    """Return relevance, lead and span of a sentence; the span is in the article's text."""
    reading = readings[candidate.row]
    first = int(snapshot.tables.passages[candidate.row, 1])
    best = reading.best_span(sentence.start - first, sentence.end - first)
    relevance = min(max(reading.relevance, -MOST_RELEVANCE), MOST_RELEVANCE)
    if best is None:
        return relevance, LEAST_LEAD, None
    lead = min(max(best.score - reading.nothing, LEAST_LEAD), MOST_LEAD)
    return relevance, lead, (first + best.start, first + best.end)


def _unread(snapshot: Snapshot, candidates: Sequence[Candidate], weights: Weights
            ) -> list[tuple[float, Candidate, Article, Sentence, int, float]]:
    """List the sentences, best first by the score known from vectors.

    Each comes as: score, passage, article, sentence, row, cosine.
    """
    unread = []
    for candidate in candidates:
        article_row, first = snapshot.tables.passages[candidate.row, [0, 3]].tolist()
        article = snapshot.articles[article_row]
        known_of_passage = weights.passage_dense * candidate.dense + weights.passage_lexical * candidate.lexical
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


def _is_behind_link(article: Article, sentence: Sentence) -> bool:
    """Tell whether the sentence is an item of a list of links ("اقرأ أيضا:")."""
    start, end = sentence.lead_in
    return end > start and is_link(article.text[start:end])


def _is_title_of_other(line: Line, article: Article, titles: Collection[str]) -> bool:
    """Tell whether a line without a full stop is one of these titles, normalised, and not its article's own: a link."""
    return line.normalised in titles and not line.text.endswith(".") \
        and line.normalised != line_of(article.title).normalised


def _introduction(article: Article, sentence: Sentence) -> Analysed | None:
    """Analyse the sentence's heading and the line that introduces its list; None if it has neither."""
    spans = [(start, end) for start, end in (sentence.heading, sentence.lead_in) if end > start]
    if not spans:
        return None
    return line_of(" ".join(article.text[start:end] for start, end in spans)).analysed
