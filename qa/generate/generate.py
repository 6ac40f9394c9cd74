"""Have a language model answer, and show each of its sentences only when the sentences that it cites prove it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.scripts import is_in_another_script
from index.memory import Memory
from index.output import printable
from index.types import Article
from index.work import outside
from qa import contract
from qa.check.draft import CheckedClaim
from qa.contract import DroppedBecause
from qa.generate.lines import Line, read_lines
from qa.generate.model import Usage, Writer, WriterError
from qa.generate.offered import OfferedSentence, offered_sentences
from qa.generate.prompt import MAX_SENTENCES, prompt_for
from qa.generate.types import Dropped, Generated, WrittenSentence
from qa.notice import Notice
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.question import Question
from qa.types.search import SearchResult

# Lines that are read of one answer: a model may write more than it was asked for.
MAX_LINES = 3 * MAX_SENTENCES

# What cites more sentences than these tells nobody which of them to read.
MAX_CITED = 4

REMEMBERED = 512

# In place of what is dropped for these reasons, a cited sentence may stand.
_STANDS_IN: frozenset[DroppedBecause] = frozenset(("not_proved", "refuted", "other_language", "markup"))

Prove = Callable[[str, Sequence[tuple[int, Article]]], CheckedClaim]
"""Checks a sentence against the sentences that it cites, given by row and article, and nothing else."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that is proved, and its citations."""

    sentence: WrittenSentence
    citations: tuple[Citation, ...]

    def as_json(self) -> contract.WrittenSentenceFound:
        """Return the data of the event `sentence` of a stream."""
        return {"sentence": self.sentence.as_json(), "citations": [each.as_json() for each in self.citations]}


Step = SearchResult | Written | Dropped | Answer


class Generation:
    """Has a model write answers over one snapshot, and remembers them. Threads may share it."""

    def __init__(self, snapshot: Snapshot, writer: Writer, prove: Prove) -> None:
        self._snapshot, self._writer, self._prove = snapshot, writer, prove
        self._remembered: Memory[Question, Answer] = Memory(REMEMBERED)

    def steps(self, answer: Answer) -> Iterator[Written | Dropped | Answer]:
        """Yield the sentences that are proved, why others are not, and the answer with them.

        Nothing is written where nothing answers, or where a premise of the question is false.
        """
        written = self._remembered.get(answer.question)
        if written is not None or answer.status == "not_found" or answer.premise is not None:
            yield answer if written is None else replace(written, timings_ms=answer.timings_ms)
            return
        offered = offered_sentences(self._snapshot, answer.citations, answer.hits)
        for step in write_answer(answer, offered, self._writer, self._prove):
            if isinstance(step, Answer) and step.generated is not None and not step.generated.is_cut_short:
                self._remembered.keep(answer.question, step)
            yield step


def write_answer(answer: Answer, offered: Sequence[OfferedSentence], writer: Writer, prove: Prove
                 ) -> Iterator[Written | Dropped | Answer]:
    """Yield each sentence of the model once it is proved, with its citations, or why it is dropped; then the answer.

    The answer is the one given if the model fails, takes too long, or writes nothing of its own that is proved.
    """
    started = time.perf_counter()
    written = _Written(answer, offered, prove)
    usage = Usage()
    asked = answer.did_you_mean or answer.understood_as or answer.question.text
    try:
        pieces = writer.write(prompt_for(asked, offered), usage)
        for count, line in enumerate(read_lines(_outside(pieces)), start=1):
            yield from written.take(line)
            if len(written.sentences) >= MAX_SENTENCES or count >= MAX_LINES:
                break
    except WriterError as error:
        log.warning("%s wrote no whole answer: %s", writer.name, printable(error))
        written.dropped.append(Dropped("model_failed"))
        yield written.dropped[-1]
    timings = {**answer.timings_ms, "write": (time.perf_counter() - started) * 1000}
    timings["total"] = answer.timings_ms.get("total", 0.0) + timings["write"]
    answer = replace(answer, timings_ms=timings, notices=answer.notices + written.notices)
    if not written.has_own:
        yield replace(answer, dropped=tuple(written.dropped))
        return
    generated = Generated(writer.name, tuple(written.sentences), tuple(written.dropped), usage.input_tokens,
                          usage.output_tokens)
    yield replace(answer, citations=tuple(written.citations.values()), generated=generated)


def _outside(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the pieces; others have the turn while the model writes."""
    while True:
        with outside():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


@dataclass(slots=True)
class _Written:
    answer: Answer
    offered: Sequence[OfferedSentence]
    prove: Prove
    sentences: list[WrittenSentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    citations: dict[tuple[str, int], Citation] = field(default_factory=dict)

    @property
    def has_own(self) -> bool:
        """Whether a sentence of the model's own is shown."""
        return not all(sentence.verbatim for sentence in self.sentences)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Why the answer is not the model's, or not all of what it would have written; empty if it is."""
        has_failed = Dropped("model_failed") in self.dropped
        if self.has_own:
            return (Notice("model_stopped"),) if has_failed else ()
        if has_failed:
            return (Notice("model_failed"),)
        if not self.dropped:
            return (Notice("model_silent"),)
        is_foreign = all(each.because == "other_language" for each in self.dropped)
        return (Notice("model_other_language" if is_foreign else "model_not_proved"),)

    def take(self, line: Line) -> Iterator[Written | Dropped]:
        """Yield the line as a sentence that may be shown, or the reason why it may not."""
        cited = [self.offered[number - 1] for number in line.numbers if 0 < number <= len(self.offered)]
        because = self._fault_of(line, cited)
        if because is None:
            yield self._show(line.text, cited, verbatim=False)
            return
        self.dropped.append(Dropped(because))
        yield self.dropped[-1]
        standing_in = self._standing_in(cited) if because in _STANDS_IN else None
        if standing_in is not None:
            yield self._show(standing_in.text, [standing_in], verbatim=True)

    def _fault_of(self, line: Line, cited: Sequence[OfferedSentence]) -> DroppedBecause | None:
        if not 0 < len(cited) <= MAX_CITED:
            return "no_citation"
        if line.has_markup:
            return "markup"
        if self._is_shown(line.text):
            return "repeated"
        if all(is_in_another_script(normalise(line.text), normalise(each.text)) for each in cited):
            return "other_language"
        checked = self.prove(line.text, [(each.row, each.article) for each in cited])
        if checked.verdict == "supported":
            return None
        return "refuted" if checked.verdict in ("contradicted", "denied", "misattributed") else "not_proved"

    def _is_shown(self, text: str) -> bool:
        return any(normalise(text) == normalise(sentence.text) for sentence in self.sentences)

    def _standing_in(self, cited: Sequence[OfferedSentence]) -> OfferedSentence | None:
        """Return the first cited sentence that answers without the model too, if no sentence shown cites it."""
        answering = {(citation.article.id, citation.start) for citation in self.answer.citations}
        return next((each for each in cited
                     if (each.article.id, each.sentence.start) in answering.difference(self.citations)), None)

    def _show(self, text: str, cited: Sequence[OfferedSentence], *, verbatim: bool) -> Written:
        citations = tuple(self._citation(each) for each in cited)
        sentence = WrittenSentence(text, tuple(citation.number for citation in citations), verbatim)
        self.sentences.append(sentence)
        return Written(sentence, citations)

    def _citation(self, cited: OfferedSentence) -> Citation:
        key = cited.article.id, cited.sentence.start
        if key not in self.citations:
            number = len(self.citations) + 1
            known = next((citation for citation in self.answer.citations
                          if (citation.article.id, citation.start) == key), None)
            self.citations[key] = replace(known, number=number) if known else Citation(
                number, cited.article, cited.sentence.start, cited.sentence.end)
        return self.citations[key]
