"""Answer a question from one generation: retrieve, read, decide whether anything answers, cite."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import numpy as np

from index.errors import SnapshotMismatchError
from index.generation.folder import REBUILD
from index.generation.snapshot import Snapshot
from index.memory import Memory
from index.model.entailment import Entailment, PairEncoder
from index.model.reading import Reader
from index.model.types import Embedder
from index.types import Article
from index.work import pause, without_pauses
from qa import contract
from qa.answer.agreement import says_otherwise
from qa.answer.comparing import says_lesser
from qa.answer.compose import SENTENCES_CONSIDERED, compose
from qa.answer.linked import Record, cite_linked, record_of, show_linked
from qa.answer.premise import premise_of
from qa.answer.ranking import PASSAGES_READ
from qa.answer.reading import Read, read
from qa.answer.reprints import PASSAGES_COMPARED
from qa.answer.rewording import reworded
from qa.answer.short import with_answers
from qa.answer.speaking import Speaking
from qa.answer.thresholds import thresholds
from qa.answer.typed import lacks_type
from qa.check.check import Checker
from qa.check.draft import CheckedClaim, Draft, TextCheck
from qa.check.evidence import PASSAGES
from qa.check.names import NameSense
from qa.generate.generate import Generation, Step
from qa.generate.model import Writer
from qa.notice import Notice
from qa.question.parsed import ParsedQuestion, parse_question
from qa.question.small_talk import small_talk
from qa.retrieve.narrowing import has_dates, notices_of, source_names
from qa.retrieve.retriever import Candidate, allowed_articles, allowed_rows, embed_question
from qa.retrieve.searcher import Searcher
from qa.retrieve.spelling import UnknownWord, corrected, unknown_words
from qa.retrieve.vocabulary import Vocabulary
from qa.topics import disagreement, timeline
from qa.topics.about import articles_with
from qa.topics.affair import Affair, find_affair, newest_first
from qa.topics.disagreement import Disagreements, find_disagreements
from qa.topics.starters import FirstLook, first_look
from qa.topics.suggestions import Suggestion, examples_near, suggestions
from qa.topics.timeline import Timeline, find_events
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import MAX_QUESTION_CHARS, Question
from qa.types.search import Hit, SearchResult
from qa.understanding import StandaloneQuestion, understand
from qa.verify.quote import Quote, Verification
from qa.verify.verify import verify

# Size of the cache of answers. Each answer counts as one, plus one for each passage and other place it refers to, since
# each of those holds an article.
REMEMBERED = 1536
# Readings of earlier questions of which the confidence is remembered.
CONFIDENCES = 4096
EXAMPLES_NEAR = 3


class _ForgottenError(LookupError):
    """An answer that is not remembered."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of articles, and the total number of articles."""

    total: int
    articles: tuple[Article, ...]
    notices: tuple[Notice, ...] = ()


class Answerer:
    """Answer questions from one snapshot, and cache the latest answers. Threads may share it."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, reader: Reader | None = None, *,
                 answered_from: float | None = None, shown_from: float | None = None,
                 writer: Writer | None = None) -> None:
        """Answer from `snapshot` with the model that it was built with; `reader` reads the best passages, if given.
        `writer` writes answers where that is asked for.

        From the confidence `answered_from` on, 0..1, the status is `answered`, from `shown_from` on `unsure`, and below
        both `not_found`. None takes the default, of `shown_from` at most `answered_from`. Raises ThresholdsError
        if `shown_from` is above `answered_from`, and SnapshotMismatchError if the snapshot was built with another model
        than the embedder's.
        """
        check_model(snapshot, embedder)
        self.snapshot = snapshot
        self.state = IndexState(snapshot.generation, len(snapshot.articles), snapshot.passage_count)
        self.applied = frozenset(snapshot.applied)
        self.degraded = snapshot.degraded
        self.first = snapshot.first
        self._embedder, self._reader = embedder, reader
        self._answered_from, self._shown_from = thresholds(answered_from, shown_from)
        self._vocabulary = Vocabulary(snapshot)
        self._searcher = Searcher(snapshot, embedder)
        # What it is made of refers to nothing of its own: a cycle would keep a replaced generation, and its lease in a
        # store, until Python next looks for cycles, many generations later.
        self._checker = Checker(snapshot, self.state, NameSense(self._vocabulary), self._vocabulary.has,
                                partial(_find, self._searcher),
                                Entailment(reader) if isinstance(reader, PairEncoder) else None)
        self._prove = partial(_prove, self._checker, embedder)
        self._generation = None if writer is None else Generation(snapshot, writer, self._prove)
        self._remembered: Memory[Question, Answer] = Memory(REMEMBERED, _size)
        self._confidences: Memory[Question, float] = Memory(CONFIDENCES)
        self._looking_first = threading.Lock()

    @property
    def writes(self) -> bool:
        """Whether a language model writes answers where that is asked for."""
        return self._generation is not None

    def ask(self, question: Question, *, read_at_most: int | None = None, generate: bool = False) -> Answer:
        """Return the sentences that answer or may answer, or `not_found` with the closest passages.

        `read_at_most` is how many passages the reader may read; None reads as many as serve the answer. With
        `generate`, the language model writes the answer, if there is one; each of its sentences is proved by its
        citations.
        """
        return next(step for step in self.ask_in_steps(question, read_at_most=read_at_most, generate=generate)
                    if isinstance(step, Answer))

    def ask_in_steps(self, question: Question, *, read_at_most: int | None = None, generate: bool = False
                     ) -> Iterator[Step]:
        """Yield the passages as soon as they are found, each sentence of a language model once it is proved, and then
        what `ask` returns.
        """
        began = time.perf_counter()
        for step in self._answer_in_steps(question, self._understand(question, read_at_most), began, read_at_most):
            if generate and self._generation is not None and isinstance(step, Answer):
                yield from self._generation.steps(step)
            else:
                yield step

    def remembered(self, question: Question) -> Answer | None:
        """Return what `ask` returned for this question not long ago, without asking again; None if it is forgotten."""
        if small_talk(question.text):
            return self.ask(question)

        def confidence(reading: StandaloneQuestion, is_last: bool) -> float:  # noqa: FBT001  # as `understand` calls it
            if not is_last:
                return self._confidence(reading, question.filters, 0)
            answer = self._remembered.get(Question(reading.text, filters=question.filters))
            if answer is None:
                raise _ForgottenError
            return answer.confidence

        try:
            understood = understand(question, confidence)
        except _ForgottenError:
            return None
        answer = self._remembered.get(_whole(question, understood))
        return answer and replace(answer, question=question, understood_as=_understood_as(question, understood))

    def _answer_in_steps(self, question: Question, understood: StandaloneQuestion, began: float,
                         read_at_most: int | None) -> Iterator[SearchResult | Answer]:
        """Do what `ask_in_steps` does, for a question already resolved into a standalone one."""
        started = time.perf_counter()
        understanding = {"understand": (started - began) * 1000} if question.previous else {}
        whole, understood_as = _whole(question, understood), _understood_as(question, understood)
        remembered = self._remembered.get(whole)
        if remembered is not None:
            yield SearchResult(question, remembered.hits, self.state)
            yield replace(remembered, question=question, understood_as=understood_as, timings_ms=understanding | {
                "cached": _milliseconds_since(started), "total": _milliseconds_since(began)})
            return
        if small_talk(whole.text):
            yield SearchResult(question, (), self.state)
            yield Answer(question, "not_found", 0.0, (), (), self.state,
                         timings_ms=understanding | {"total": _milliseconds_since(began)})
            return
        parsed, did_you_mean = self._corrected(understood.parsed)
        for step in self._work_out(whole, parsed, started, read_at_most):
            if isinstance(step, Answer):
                step = replace(step, did_you_mean=did_you_mean, notices=notices_of(self.snapshot, whole.filters))
                if whole.filters.passages is None and (
                        self._reader is None or read_at_most is None or read_at_most >= PASSAGES_READ):
                    self._remembered.keep(step.question, step)
                total = step.timings_ms["total"] + sum(understanding.values())
                step = replace(step, question=question, understood_as=understood_as,
                               timings_ms=understanding | dict(step.timings_ms) | {"total": total})
            yield step

    def _understand(self, question: Question, read_at_most: int | None = None) -> StandaloneQuestion:
        """Resolve a follow-up into a standalone question. Readings of questions before it are compared unread."""
        return understand(question, lambda reading, is_last: self._confidence(
            reading, question.filters, read_at_most if is_last else 0))

    def _confidence(self, reading: StandaloneQuestion, filters: Filters, read_at_most: int | None) -> float:
        """Return the confidence with which this reading is answered."""
        asked = Question(reading.text, filters=filters)
        confidence = self._confidences.get(asked) if read_at_most == 0 else None
        if confidence is None:
            steps = self._answer_in_steps(asked, reading, time.perf_counter(), read_at_most)
            confidence = next(step.confidence for step in steps if isinstance(step, Answer))
            if read_at_most == 0:
                self._confidences.keep(asked, confidence)
        return confidence

    def _work_out(self, question: Question, parsed: ParsedQuestion, started: float, read_at_most: int | None
                  ) -> Iterator[SearchResult | Answer]:
        began = time.perf_counter()
        candidates, embedded = self._searcher.search(parsed, question.filters, PASSAGES_COMPARED)
        asked = reworded(parsed, self.snapshot, candidates)
        if asked is not parsed:
            candidates, embedded = self._searcher.search(asked, question.filters, PASSAGES_COMPARED)
        # `top_k` must not change the answer, so a larger one is retrieved separately.
        wanted = candidates if question.top_k <= PASSAGES_COMPARED \
            else self._searcher.search(parsed, question.filters, question.top_k)[0]
        hits = self._hits(wanted[:question.top_k], question.filters)
        retrieved = time.perf_counter()
        yield SearchResult(question, hits, self.state)
        resumed = time.perf_counter()
        pause()
        found = read(self.snapshot, self._reader, asked, candidates, SENTENCES_CONSIDERED, read_at_most=read_at_most)
        pause()
        premise = premise_of(parsed, found.sentences, self.snapshot.lexical)
        is_sure = premise is None and not self._is_of_another(parsed, found) and not any(
            lacks(parsed, found.sentences, SENTENCES_CONSIDERED) for lacks in (lacks_type, says_otherwise, says_lesser))
        status = self._status(found, is_sure=is_sure)
        citations = compose(self.snapshot, parsed, found.sentences, candidates) if status != "not_found" else ()
        citations, short_answer = with_answers(parsed, citations, found.sentences)
        citations = cite_linked(self.snapshot, citations, question.filters)
        hits = self._hits(_in_order(wanted, found.candidates)[:question.top_k], question.filters)
        done = time.perf_counter()
        # Parsing counts as retrieving, because it makes the terms to search for.
        timings = {"embed": embedded - began, "retrieve": retrieved - embedded + began - started,
                   "read": done - resumed, "total": done - resumed + retrieved - started}
        yield Answer(question, status, found.confidence, citations, hits, self.state,
                     {stage: seconds * 1000 for stage, seconds in timings.items()}, short_answer=short_answer,
                     premise=premise, passages_read=found.passages_read)

    def _is_of_another(self, question: ParsedQuestion, found: Read) -> bool:
        """Tell whether the question asks what somebody said, and the first sentence has somebody else's words."""
        speaking = Speaking.of(question)
        return speaking is not None and any(
            speaking.is_of_another(self.snapshot, sentence) for sentence in found.sentences[:1])

    def _status(self, found: Read, *, is_sure: bool) -> contract.Status:
        """Return the status for the confidence; if not `is_sure`, nothing is more than `unsure`."""
        if not found.sentences or found.confidence < self._shown_from:
            return "not_found"
        return "answered" if found.confidence >= self._answered_from and is_sure else "unsure"

    def search(self, question: Question) -> SearchResult:
        """Return the `top_k` passages closest to the question, best first."""
        parsed, did_you_mean = self._corrected(parse_question(question.text))
        candidates, _ = self._searcher.search(parsed, question.filters, question.top_k)
        return SearchResult(question, self._hits(candidates, question.filters), self.state, did_you_mean,
                            notices_of(self.snapshot, question.filters))

    def timeline(self, question: Question) -> Timeline:
        """Return the events that the articles report about the question, earliest first; `top_k` is ignored."""
        understood = self._understand(question)
        parsed, did_you_mean = self._corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, timeline.PASSAGES_READ)
        events = find_events(self.snapshot, parsed, question.filters, candidates)
        notices = notices_of(self.snapshot, question.filters)
        if not notices and not has_dates(self.snapshot):
            notices = (Notice("undated_timeline"),)
        return Timeline(question, events, self.state, _understood_as(question, understood), did_you_mean,
                        notices=notices)

    def affair(self, question: Question) -> Affair:
        """Return the events, who said what, disagreements and the newest articles about the question.

        The earliest event comes first; `top_k` is ignored.
        """
        understood = self._understand(question)
        parsed, did_you_mean = self._corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, timeline.PASSAGES_READ)
        found = find_affair(self.snapshot, parsed, question.filters, candidates)
        about = self._hits([each for each in candidates if each.row in found.passage_rows], question.filters)
        return Affair(question, found.events, found.speakers, found.changes, found.disagreements,
                      newest_first([hit.article for hit in about]), self.state, _understood_as(question, understood),
                      did_you_mean, notices=notices_of(self.snapshot, question.filters))

    def disagreements(self, question: Question) -> Disagreements:
        """Return the points on which the articles disagree about the question; `top_k` is ignored."""
        understood = self._understand(question)
        parsed, did_you_mean = self._corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, disagreement.PASSAGES_READ)
        found = find_disagreements(self.snapshot, parsed, question.filters, candidates)
        return Disagreements(question, found, self.state, _understood_as(question, understood), did_you_mean,
                             notices_of(self.snapshot, question.filters))

    def verify(self, quote: Quote) -> Verification:
        """Check a quote, and its speaker if one is named, against the articles."""
        return replace(verify(self.snapshot, self.state, quote), notices=notices_of(self.snapshot, quote.filters))

    def check(self, draft: Draft) -> TextCheck:
        """Check the claims of a text against the articles."""
        return next(step for step in self.check_in_steps(draft) if isinstance(step, TextCheck))

    def check_in_steps(self, draft: Draft) -> Iterator[CheckedClaim | TextCheck]:
        """Yield the claims of a text in order, each as soon as it is checked, and then what `check` returns."""
        started = time.perf_counter()
        claims = []
        for claim in self._checker.check(draft):
            claims.append(claim)
            yield claim
        yield TextCheck(draft, tuple(claims), self.state, {"total": _milliseconds_since(started)},
                        notices_of(self.snapshot, draft.filters))

    def proves(self, text: str, citations: Sequence[Citation]) -> bool:
        """Tell whether cited sentences of this index prove a sentence: all that it says, and nothing else."""
        cited = []
        for citation in citations:
            first, sentences = self.snapshot.tables.all_sentences(self.snapshot.articles.rows[citation.article.id])
            cited += [(first + at, citation.article) for at, sentence in enumerate(sentences)
                      if sentence.start == citation.start]
        return bool(cited) and self._prove(text, cited).verdict == "supported"

    def article(self, article_id: str) -> Article:
        """Return the article with this id; raise UnknownArticleError if there is none."""
        return self.record(article_id).article

    def record(self, article_id: str) -> Record:
        """Return the article with this id and its history; raise UnknownArticleError if there is none."""
        return record_of(self.snapshot, article_id)

    def browse(self, filters: Filters, *, offset: int, limit: int, words: str = "") -> ArticlePage:
        """Return a page of the articles that the filters admit.

        With `words`, only articles that contain them, best first; without, newest first and undated ones last.
        """
        if words:
            rows = np.array(articles_with(self.snapshot, parse_question(words), allowed_rows(self.snapshot, filters)),
                            np.int64)
        else:
            allowed = allowed_articles(self.snapshot, filters)
            newest = self.snapshot.articles.newest_first
            rows = newest if allowed is None else newest[allowed[newest]]
        shown = rows[offset:offset + limit].tolist()
        return ArticlePage(len(rows), tuple(self.snapshot.articles[row] for row in shown),
                           notices_of(self.snapshot, filters))

    def suggest(self, typed: str, count: int) -> list[Suggestion]:
        """Suggest questions and titles that match the text typed so far."""
        return suggestions(self.snapshot, parse_question(typed), count)

    @property
    def first_look(self) -> FirstLook:
        """What a reader sees before asking anything. Computed once, while other threads wait."""
        with self._looking_first, without_pauses():  # no one may wait for the lock and hold a turn
            return self._first_look

    @cached_property
    def _first_look(self) -> FirstLook:
        return first_look(self.snapshot, self._ask_text, self.verify, self.timeline)

    def examples_near(self, answer: Answer) -> list[str]:
        """Suggest questions that the closest passages answer, for a question that nothing answers."""
        return examples_near(self.snapshot, answer.hits, self._ask_text, EXAMPLES_NEAR)

    def _ask_text(self, text: str) -> Answer:
        return self.ask(Question(text))

    def sources(self) -> tuple[str, ...]:
        """Return the names of the sources, sorted."""
        return source_names(self.snapshot)

    def unknown_words(self, answer: Answer) -> list[UnknownWord]:
        """Return the words of a question, as it was understood, that no article has, and the words nearest to them."""
        return unknown_words(self._vocabulary, parse_question(
            answer.did_you_mean or answer.understood_as or answer.question.text))

    def days(self) -> tuple[date, date] | None:
        """Return the first and the last day on which an article was published; None if no article is dated."""
        dated = self.snapshot.articles.published_days
        dated = dated[dated > 0]
        if not len(dated):
            return None
        return date.fromordinal(int(dated.min())), date.fromordinal(int(dated.max()))

    def _corrected(self, question: ParsedQuestion) -> tuple[ParsedQuestion, str | None]:
        """Return the question with its spelling corrected, and its text if anything was corrected."""
        correction = corrected(self.snapshot, self._vocabulary, question)
        if correction is None:
            return question, None
        meant = parse_question(correction.text[:MAX_QUESTION_CHARS])
        return meant, meant.text

    def _hits(self, candidates: Sequence[Candidate], filters: Filters) -> tuple[Hit, ...]:
        passages, articles = self.snapshot.tables.passages, self.snapshot.articles
        hits = []
        for rank, candidate in enumerate(candidates, start=1):
            article_row, start, end = passages[candidate.row, :3].tolist()
            hits.append(Hit(rank, candidate.score, candidate.row, articles[article_row], start, end))
        return show_linked(self.snapshot, hits, filters)


def _prove(checker: Checker, embedder: Embedder, text: str, cited: Sequence[tuple[int, Article]]) -> CheckedClaim:
    return checker.prove(text, cited, embed_question(embedder, parse_question(text)))


def _find(searcher: Searcher, text: str, filters: Filters) -> list[Candidate]:
    return searcher.search(parse_question(text), filters, PASSAGES)[0]


def _in_order(candidates: Sequence[Candidate], read: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in the order, and with the scores, of those that were read; the others follow."""
    rows = {candidate.row for candidate in read}
    return [*read, *(candidate for candidate in candidates if candidate.row not in rows)]


def _whole(question: Question, understood: StandaloneQuestion) -> Question:
    """Return the question with its standalone text and no previous questions."""
    return replace(question, text=understood.text, previous=())


def _understood_as(question: Question, understood: StandaloneQuestion) -> str | None:
    """Return the standalone text if it differs from the text that was asked, else None."""
    return None if understood.text == question.text else understood.text


def _size(answer: Answer) -> int:
    return 1 + len(answer.hits) + sum(len(citation.also_in) for citation in answer.citations)


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def check_model(snapshot: Snapshot, embedder: Embedder) -> None:
    """Raise SnapshotMismatchError, naming both values, unless the snapshot was built with the embedder's model."""
    built, running = snapshot.model, embedder.settings
    remedy = f"set MUSNAD_MODEL={built.name}, or {REBUILD}"
    for what in ("name", "fingerprint", "dimension", "query_prompt", "passage_prompt", "runtime"):
        if getattr(built, what) != getattr(running, what):
            raise SnapshotMismatchError(f"the model {what}", getattr(built, what), getattr(running, what), remedy)
