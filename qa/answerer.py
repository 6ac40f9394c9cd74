"""Ask one generation: for answers, passages, topics, checks and articles."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial

from index.generation.snapshot import Snapshot
from index.model.entailment import Entailment, PairEncoder
from index.model.reading import Reader
from index.model.types import Embedder
from index.types import Article
from index.work import without_pauses
from qa.answer.linked import Record, record_of
from qa.asking import Asking, milliseconds_since, understood_as
from qa.check.check import Checker
from qa.check.draft import CheckedClaim, Draft, TextCheck
from qa.check.evidence import PASSAGES
from qa.check.names import NameSense
from qa.generate.generate import Generation, Step
from qa.generate.model import Writer
from qa.notice import Notice
from qa.question.parsed import parse_question
from qa.retrieve.narrowing import has_dates, notices_of, source_names
from qa.retrieve.retriever import Candidate, embed_question
from qa.retrieve.searcher import Searcher
from qa.retrieve.spelling import UnknownWord, unknown_words
from qa.retrieve.vocabulary import Vocabulary
from qa.standalone import StandaloneAnswerer
from qa.topics import disagreement, timeline
from qa.topics.affair import Affair, find_affair, newest_first
from qa.topics.browsing import ArticlePage, browse, days_of
from qa.topics.disagreement import Disagreements, find_disagreements
from qa.topics.first_look import FirstLook, first_look
from qa.topics.suggestions import Suggestion, examples_near, suggestions
from qa.topics.timeline import Timeline, find_events
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.types.search import SearchResult
from qa.verify.quote import Quote, Verification
from qa.verify.verify import verify

EXAMPLES_NEAR = 3


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
        self.snapshot = snapshot
        self.state = IndexState(snapshot.generation, len(snapshot.articles), snapshot.passage_count)
        self.applied = frozenset(snapshot.applied)
        self.degraded = snapshot.degraded
        self.first = snapshot.first
        self._searcher = Searcher(snapshot, embedder)
        self._vocabulary = Vocabulary(snapshot)
        self._standalone = StandaloneAnswerer(snapshot, self.state, self._searcher, reader, self._vocabulary,
                                              answered_from=answered_from, shown_from=shown_from)
        self._asking = Asking(self._standalone, self._vocabulary)
        # What it is made of refers to nothing of its own: a cycle would keep a replaced generation, and its lease in a
        # store, until Python next looks for cycles, many generations later.
        self._checker = Checker(snapshot, self.state, NameSense(self._vocabulary), self._vocabulary.has,
                                partial(_find, self._searcher),
                                Entailment(reader) if isinstance(reader, PairEncoder) else None)
        self._prove = partial(_prove, self._checker, embedder)
        self._generation = None if writer is None else Generation(snapshot, writer, self._prove)
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
        for step in self._asking.steps(question, read_at_most):
            if generate and self._generation is not None and isinstance(step, Answer):
                yield from self._generation.steps(step)
            else:
                yield step

    def remembered(self, question: Question) -> Answer | None:
        """Return what `ask` returned for this question not long ago, without asking again; None if it is forgotten."""
        return self._asking.remembered(question)

    def search(self, question: Question) -> SearchResult:
        """Return the `top_k` passages closest to the question, best first."""
        parsed, did_you_mean = self._asking.corrected(parse_question(question.text))
        candidates, _ = self._searcher.search(parsed, question.filters, question.top_k)
        return SearchResult(question, self._standalone.hits(candidates, question.filters), self.state, did_you_mean,
                            notices_of(self.snapshot, question.filters))

    def timeline(self, question: Question) -> Timeline:
        """Return the events that the articles report about the question, earliest first; `top_k` is ignored."""
        understood = self._asking.understood(question)
        parsed, did_you_mean = self._asking.corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, timeline.PASSAGES_READ)
        events = find_events(self.snapshot, parsed, question.filters, candidates)
        notices = notices_of(self.snapshot, question.filters)
        if not notices and not has_dates(self.snapshot):
            notices = (Notice("undated_timeline"),)
        return Timeline(question, events, self.state, understood_as(question, understood), did_you_mean,
                        notices=notices)

    def affair(self, question: Question) -> Affair:
        """Return the events, who said what, disagreements and the newest articles about the question.

        The earliest event comes first; `top_k` is ignored.
        """
        understood = self._asking.understood(question)
        parsed, did_you_mean = self._asking.corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, timeline.PASSAGES_READ)
        found = find_affair(self.snapshot, parsed, question.filters, candidates)
        about = self._standalone.hits([each for each in candidates if each.row in found.passage_rows], question.filters)
        return Affair(question, found.events, found.speakers, found.changes, found.disagreements,
                      newest_first([hit.article for hit in about]), self.state, understood_as(question, understood),
                      did_you_mean, notices=notices_of(self.snapshot, question.filters))

    def disagreements(self, question: Question) -> Disagreements:
        """Return the points on which the articles disagree about the question; `top_k` is ignored."""
        understood = self._asking.understood(question)
        parsed, did_you_mean = self._asking.corrected(understood.parsed)
        candidates, _ = self._searcher.search(parsed, question.filters, disagreement.PASSAGES_READ)
        found = find_disagreements(self.snapshot, parsed, question.filters, candidates)
        return Disagreements(question, found, self.state, understood_as(question, understood), did_you_mean,
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
        yield TextCheck(draft, tuple(claims), self.state, {"total": milliseconds_since(started)},
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
        return browse(self.snapshot, filters, offset=offset, limit=limit, words=words)

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
        return days_of(self.snapshot)


def _prove(checker: Checker, embedder: Embedder, text: str, cited: Sequence[tuple[int, Article]]) -> CheckedClaim:
    return checker.prove(text, cited, embed_question(embedder, parse_question(text)))


def _find(searcher: Searcher, text: str, filters: Filters) -> list[Candidate]:
    return searcher.search(parse_question(text), filters, PASSAGES)[0]
