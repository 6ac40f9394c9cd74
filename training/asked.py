"""Questions that no trained weights have seen, asked of indexes that hold their answer and of indexes that do not.

They are the held-out fifth of ARCD and TyDi by title, of the news questions by article and of the judged questions by
their words (`is_held_out`), and all questions about the sample articles. Everything that is read for a question is
kept, so that weights and confidence can be learned from it without reading again.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import SAMPLE, language_sets, part_of, sample_set
from index.generation.snapshot import Snapshot, open_snapshot
from index.model.reading import Reader, Reading, TitledPassage
from index.model.types import Embedder
from qa.answer.ranking import RankedSentence
from qa.answer.reading import read
from qa.answer.reprints import PASSAGES_COMPARED
from qa.evaluation.evaluate import comparable, throwaway_snapshot
from qa.evaluation.question_sets import QuestionSet, read_squad
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, embed_question, retrieve
from training.judged import JUDGED as JUDGED_FILE
from training.judged import Place, group_of
from training.reading_examples import is_held_out

NEWS, JUDGED = "news", "judged"
# Parts of the news index, as (number of parts, held-out articles in each, other articles in each): small indexes are
# easy, large ones hard.
PARTS = ((6, 3, 0), (1, 25, 0), (1, 25, 300))
# Every third news question is asked without its article too.
TAKEN_OUT_EVERY = 3
# Sentences of other articles beside the sample's: what a question deserves must not depend on them.
GROWN_BY = (1_000, 10_000, 100_000)
SEED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question asked of one index, and all that was read for it.

    `setting` is `whole` where the index holds the answer, `out` where the article that holds it was taken out,
    `near-miss` or `none` where nothing answers; `part` and `part near-miss` are the same of an index of another size.
    `group` is never split between learning and judging. `right` says of each sentence, in the order of `sentences`,
    whether it answers; `own`, of each candidate, whether it is of the article that answers, or that is asked about.
    """

    question_set: str
    setting: str
    group: str
    pair: str
    kind: str
    candidates: Sequence[Candidate]
    sentences: list[RankedSentence]
    right: NDArray[np.bool_]
    own: NDArray[np.bool_]
    relevances: NDArray[np.float64]
    sentence_count: int

    @property
    def is_there(self) -> bool:
        """Whether the index holds the answer."""
        return self.setting in ("whole", "part")

    @property
    def same_script(self) -> bool:
        """Whether question and first sentence are in the same script."""
        return not self.sentences or self.sentences[0].evidence.same_script


def part_of_questions(asked: Asked) -> str:
    """Return which of the parts that count the same in learning it belongs to: news, judged questions, or the rest."""
    return asked.question_set if asked.question_set in (NEWS, JUDGED) else ""


def by_set(asked: Sequence[Asked]) -> list[tuple[str, list[Asked]]]:
    """Sort what was asked by its set of questions."""
    names = dict.fromkeys(each.question_set for each in asked)
    return [(name, [each for each in asked if each.question_set == name]) for name in names]


class Asking:
    """Asks with one model and reader."""

    def __init__(self, embedder: Embedder, reader: Reader | None) -> None:
        self.embedder, self.reader = embedder, None if reader is None else Remembering(reader)

    def everything(self, squad: Sequence[Path], news_indexes: Sequence[Path], news: Path, grown: Path | None
                   ) -> list[Asked]:
        """Ask all sets: SQuAD files, the news and judged questions, and the sample's in four languages, and of a
        `grown` index.
        """
        asked = [each for path in squad for each in self.of_squad(path)]
        asked += self.of_news(news_indexes, [json.loads(line) for line in news.open(encoding="utf-8")])
        asked += self.of_judged(news_indexes[0])
        asked += self.of_set(SAMPLE, *sample_set())
        for language, of_language in language_sets().items():
            asked += self.of_set(language, *of_language)
        if grown is not None:
            asked += self.of_grown(open_snapshot(grown))
        return asked

    def of_squad(self, path: Path) -> Iterator[Asked]:
        """Ask the held-out questions of a SQuAD file of the whole file, and without their own context."""
        questions = read_squad(path)
        kept = tuple(question for question in questions.questions
                     if is_held_out(questions.articles[question.context].title
                                    or questions.articles[question.context].text))
        return self.of_set(path.stem, QuestionSet(questions.articles, kept), [])

    def of_set(self, name: str, questions: QuestionSet, unanswerable: Sequence[str]) -> Iterator[Asked]:
        """Ask each question of all contexts, and without its own; and what nothing answers."""
        print(f"{name}: {len(questions.questions)} questions", file=sys.stderr, flush=True)
        snapshot = throwaway_snapshot(questions.articles, self.embedder)
        context = snapshot.tables.passages[:, 0]
        for question in questions.questions:
            golds = [comparable(answer) for answer in question.answers]
            own = context == question.context
            title = questions.articles[question.context].title or str(question.context)
            for setting, allowed in (("whole", None), ("out", ~own)):
                yield self._ask(snapshot, question.text, allowed, _holds(golds), own, question_set=name,
                                setting=setting, group=f"{name}: {title}")
        for text in unanswerable:
            yield self._ask(snapshot, text, None, lambda _sentence: False, np.zeros(len(context), bool),
                            question_set=name, setting="none", group=f"{name}: {text}")

    def of_grown(self, whole: Snapshot) -> Iterator[Asked]:
        """Ask the sample's questions of the sample articles among others, more and more, and without their own."""
        sample, unanswerable = sample_set()
        rows = [whole.articles.rows[article.id] for article in sample.articles]
        for part in grown_parts(whole, rows, GROWN_BY):
            print(f"{SAMPLE}: among {part.sentence_count} sentences", file=sys.stderr, flush=True)
            articles = part.tables.passages[:, 0]
            for question in sample.questions:
                article = sample.articles[question.context]
                own = articles == part.articles.rows[article.id]
                for setting, allowed in (("part", None), ("out", ~own)):
                    yield self._ask(part, question.text, allowed, _holds(list(map(comparable, question.answers))), own,
                                    question_set=SAMPLE, setting=setting, group=f"{SAMPLE}: {article.title}")
            for text in unanswerable:
                yield self._ask(part, text, None, lambda _sentence: False, np.zeros(len(articles), bool),
                                question_set=SAMPLE, setting="none", group=f"{SAMPLE}: {text}")

    def of_news(self, index_dirs: Sequence[Path], records: Sequence[dict[str, Any]]) -> Iterator[Asked]:
        """Ask the held-out news questions.

        They are asked of the first index, some also without their article, of parts of it, and of the other indexes.
        """
        whole, *others = map(open_snapshot, index_dirs)
        rows = whole.articles.rows
        held_out = [record for record in records if is_held_out(record["article_id"])
                    and all(record["article_id"] in each.articles.rows for each in (whole, *others))]
        print(f"{NEWS}: {len(held_out)} questions", file=sys.stderr, flush=True)
        for number, record in enumerate(held_out):
            yield self._ask_news(whole, record, "whole" if record["answerable"] else "near-miss", None)
            if record["answerable"] and number % TAKEN_OUT_EVERY == 0:
                allowed = whole.tables.passages[:, 0] != rows[record["article_id"]]
                yield self._ask_news(whole, record, "out", allowed)
        for part in (*_parts(whole, sorted({record["article_id"] for record in held_out})), *others):
            present = {part.articles[row].id for row in np.unique(part.tables.passages[:, 0]).tolist()}
            for record in (record for record in held_out if record["article_id"] in present):
                yield self._ask_news(part, record, "part" if record["answerable"] else "part near-miss", None)

    def of_judged(self, index_dir: Path) -> Iterator[Asked]:
        """Ask the held-out judged questions of an index; without the sentences that nobody judged.

        A question is left out where one of those comes first.
        """
        snapshot = open_snapshot(index_dir)
        judged = [each for each in map(json.loads, JUDGED_FILE.open(encoding="utf-8")) if is_held_out(group_of(each))]
        print(f"{JUDGED}: {len(judged)} questions", file=sys.stderr, flush=True)
        left_out = 0
        for record in judged:
            answering = {article for article, _, _ in record["answers"]}
            rows = [snapshot.articles.rows[each] for each in answering if each in snapshot.articles.rows]
            own = np.isin(snapshot.tables.passages[:, 0], rows)
            asked = self._ask(snapshot, record["question"], None, partial(_overlaps, record["answers"]), own,
                              question_set=JUDGED, setting="whole" if answering else "none",
                              group=group_of(record), pair=group_of(record), kind=record["type"])
            known = [_overlaps(record["passages"], sentence) for sentence in asked.sentences]
            if known and known[0]:
                kept = [each for each, is_known in zip(asked.sentences, known, strict=True) if is_known]
                yield replace(asked, sentences=kept, right=asked.right[known])
            else:
                left_out += 1
        print(f"{left_out} left out", file=sys.stderr, flush=True)

    def _ask_news(self, snapshot: Snapshot, record: dict[str, Any], setting: str, allowed: NDArray[np.bool_] | None
                  ) -> Asked:
        article = record["article_id"]
        golds = [comparable(snapshot.articles.get(article).text[start:end]) for start, end in record["answers"]]

        def answers(sentence: RankedSentence) -> bool:
            return sentence.article.id == article and _holds(golds)(sentence)

        own = snapshot.tables.passages[:, 0] == snapshot.articles.rows[article]
        pair = "" if record.get("pair") is None else str(record["pair"])
        return self._ask(snapshot, record["question"], allowed, answers, own, question_set=NEWS, setting=setting,
                         group=article, pair=pair, kind=record["type"])

    def _ask(self, snapshot: Snapshot, text: str, allowed: NDArray[np.bool_] | None,
             answers: Callable[[RankedSentence], bool], own: NDArray[np.bool_], *, question_set: str, setting: str,
             group: str, pair: str = "", kind: str = "") -> Asked:
        parsed = parse_question(text)
        candidates = retrieve(snapshot, parsed, embed_question(self.embedder, parsed), allowed, PASSAGES_COMPARED)
        found = read(snapshot, self.reader, parsed, candidates, sys.maxsize)
        relevance = {sentence.passage_row: sentence.evidence.relevance for sentence in found.sentences}
        return Asked(question_set, setting, group, pair, kind, candidates, found.sentences,
                     np.array([answers(sentence) for sentence in found.sentences], bool),
                     np.array([own[candidate.row] for candidate in candidates], bool),
                     np.array([relevance.get(candidate.row, np.nan) for candidate in candidates]),
                     snapshot.sentence_count)


class Remembering:
    """A reader that reads a passage once for a question: the indexes that are asked have many passages in common."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._readings: dict[tuple[str, TitledPassage], Reading] = {}

    @property
    def name(self) -> str:
        """Return the reader's name."""
        return self._reader.name

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        """Read each passage for the question."""
        new = [passage for passage in passages if (question, passage) not in self._readings]
        for passage, reading in zip(new, self._reader.read(question, new), strict=True):
            self._readings[question, passage] = reading
        return [self._readings[question, passage] for passage in passages]


def grown_parts(whole: Snapshot, own: Sequence[int], sizes: Sequence[int]) -> Iterator[Snapshot]:
    """Yield the articles of the rows `own` with passages of others, until each of the sizes, or all there are, is
    reached; sizes are sentences of others.
    """
    passages = whole.tables.passages
    is_own = np.isin(passages[:, 0], own)
    others = np.random.default_rng(SEED).permutation(np.flatnonzero(~is_own))
    total = np.cumsum(passages[others, 4] - passages[others, 3])
    for size in sizes:
        rows = others[:int(np.searchsorted(total, size)) + 1] if size else others[:0]
        yield part_of(whole, np.sort(np.r_[np.flatnonzero(is_own), rows]))
        if len(rows) == len(others):
            return


def _parts(whole: Snapshot, held_out: Sequence[str]) -> Iterator[Snapshot]:
    chance = random.Random(SEED)
    rest = sorted(set(whole.articles.rows) - set(held_out))
    for parts, articles, others in PARTS:
        for _ in range(parts):
            chosen = chance.sample(held_out, articles) + chance.sample(rest, min(others, len(rest)))
            rows = [whole.articles.rows[each] for each in chosen]
            yield part_of(whole, np.flatnonzero(np.isin(whole.tables.passages[:, 0], rows)))


def _overlaps(places: Sequence[Place], sentence: RankedSentence) -> bool:
    return any(article == sentence.article.id and sentence.sentence.start < end and start < sentence.sentence.end
               for article, start, end in places)


def _holds(golds: Sequence[str]) -> Callable[[RankedSentence], bool]:
    def holds(sentence: RankedSentence) -> bool:
        text = comparable(sentence.text)
        return any(gold and gold in text for gold in golds)

    return holds
