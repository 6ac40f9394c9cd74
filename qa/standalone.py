"""Answer a standalone question from one generation: retrieve, read, decide whether anything answers, cite."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from index.generation.snapshot import Snapshot
from index.model.reading import Reader
from index.work import pause
from qa import contract
from qa.answer.compose import compose
from qa.answer.doubts import is_doubtful
from qa.answer.linked import cite_linked, show_linked
from qa.answer.premise import premise_of
from qa.answer.ranking import PASSAGES_READ, SENTENCES_CONSIDERED
from qa.answer.reading import Read, read
from qa.answer.reprints import PASSAGES_COMPARED
from qa.answer.rewording import reworded
from qa.answer.short import with_answers
from qa.answer.thresholds import thresholds
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.retrieve.searcher import Searcher
from qa.retrieve.vocabulary import Vocabulary
from qa.types.answer import Answer
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.types.search import Hit, SearchResult


class StandaloneAnswerer:
    """Answers questions that need no other to be understood, each anew. Threads may share it."""

    def __init__(self, snapshot: Snapshot, state: IndexState, searcher: Searcher, reader: Reader | None,
                 vocabulary: Vocabulary, *, answered_from: float | None, shown_from: float | None) -> None:
        """Decide by the confidences `answered_from` and `shown_from`, or by the program's own where one is None.

        Raises ThresholdsError if `shown_from` is above `answered_from`.
        """
        self.snapshot, self.state = snapshot, state
        self._searcher, self._reader, self._vocabulary = searcher, reader, vocabulary
        self._answered_from, self._shown_from = thresholds(answered_from, shown_from)

    def reads_enough(self, read_at_most: int | None) -> bool:
        """Tell whether as many passages are read as serve an answer if `read_at_most` may be."""
        return self._reader is None or read_at_most is None or read_at_most >= PASSAGES_READ

    def steps(self, question: Question, parsed: ParsedQuestion, started: float, read_at_most: int | None
              ) -> Iterator[SearchResult | Answer]:
        """Yield the passages as soon as they are found, and then the answer; parsing began at `started`."""
        began = time.perf_counter()
        candidates, embedded = self._searcher.search(parsed, question.filters, PASSAGES_COMPARED)
        asked = reworded(parsed, self.snapshot, candidates)
        if asked is not parsed:
            candidates, embedded = self._searcher.search(asked, question.filters, PASSAGES_COMPARED)
        # `top_k` must not change the answer, so a larger one is retrieved separately.
        wanted = candidates if question.top_k <= PASSAGES_COMPARED \
            else self._searcher.search(parsed, question.filters, question.top_k)[0]
        hits = self.hits(wanted[:question.top_k], question.filters)
        retrieved = time.perf_counter()
        yield SearchResult(question, hits, self.state)
        resumed = time.perf_counter()
        pause()
        found = read(self.snapshot, self._reader, asked, candidates, SENTENCES_CONSIDERED, read_at_most=read_at_most)
        pause()
        premise = premise_of(parsed, found.sentences, self.snapshot.lexical)
        is_sure = premise is None and not is_doubtful(self.snapshot, parsed, found.sentences, self._vocabulary.has)
        status = self._status(found, is_sure=is_sure)
        citations = compose(self.snapshot, parsed, found.sentences, candidates) if status != "not_found" else ()
        citations, short_answer = with_answers(parsed, citations, found.sentences,
                                               None if premise is None else premise.days)
        citations = cite_linked(self.snapshot, citations, question.filters)
        hits = self.hits(_in_order(wanted, found.candidates)[:question.top_k], question.filters)
        done = time.perf_counter()
        # Parsing counts as retrieving, because it makes the terms to search for.
        timings = {"embed": embedded - began, "retrieve": retrieved - embedded + began - started,
                   "read": done - resumed, "total": done - resumed + retrieved - started}
        yield Answer(question, status, found.confidence, citations, hits, self.state,
                     {stage: seconds * 1000 for stage, seconds in timings.items()}, short_answer=short_answer,
                     premise=premise, passages_read=found.passages_read)

    def hits(self, candidates: Sequence[Candidate], filters: Filters) -> tuple[Hit, ...]:
        """Return the passages found, in their order, each in the article that is shown for it."""
        passages, articles = self.snapshot.tables.passages, self.snapshot.articles
        hits = []
        for rank, candidate in enumerate(candidates, start=1):
            article_row, start, end = passages[candidate.row, :3].tolist()
            hits.append(Hit(rank, candidate.score, candidate.row, articles[article_row], start, end))
        return show_linked(self.snapshot, hits, filters)

    def _status(self, found: Read, *, is_sure: bool) -> contract.Status:
        """Return the status for the confidence; if not `is_sure`, nothing is more than `unsure`."""
        if not found.sentences or found.confidence < self._shown_from:
            return "not_found"
        return "answered" if found.confidence >= self._answered_from and is_sure else "unsure"


def _in_order(candidates: Sequence[Candidate], read: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in the order, and with the scores, of those that were read; the others follow."""
    rows = {candidate.row for candidate in read}
    return [*read, *(candidate for candidate in candidates if candidate.row not in rows)]
