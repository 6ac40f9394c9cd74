"""Finds what the reader has not learned of the judged questions: python -m training.mistaken --data DATA --index INDEX

Of each question that is learned from, the program's reader reads the passages that answer (two at most) and the first
that does not (two where nothing answers). A question is written to `--out` with the places of those passages, where a
sentence that does not answer leads "no answer" by nearly as much as the best one that does, where that one hardly
leads it, or where nothing answers and a passage seems to: the hard examples of Shrivastava et al. (2016,
arXiv:1604.03540), found beforehand, since a reading takes a fifth of a step of training. `training.reader --mistaken`
learns from these alone. With them goes what the program's other evidence, vectors and words in the `--index`, counts
for each sentence of the passages, so that the reader learns to be right where that is not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from index.generation.snapshot import open_snapshot
from index.language.sentences import split_sentences
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import Reading, TitledPassage
from qa.answer.ranking import WITH_READER, rank_sentences
from qa.answer.reprints import PASSAGES_COMPARED
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question, retrieve
from training.judged import group_of, judged_questions
from training.reading_examples import is_held_out

MOST_ANSWERING, OTHERS, OTHERS_OF_UNANSWERED = 2, 1, 2
# By how much the best answering sentence must lead what does not answer, and "no answer".
LEAST_MARGIN, LEAST_LEAD = 3.5, 1.0
# From this relevance on a passage that does not answer seems to.
SEEMS_RELEVANT = -1.0
# About what the best sentences score without the reader: other evidence is counted from here.
USUAL_SCORE = 1.0


class Leads(NamedTuple):
    """By how much the best sentence that answers, and the best other one, lead "no answer" in one passage."""

    answering: float
    others: float


def main() -> None:
    """Write the questions, each with the numbers of its passages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the articles")
    parser.add_argument("--index", type=Path, required=True, help="an index of these articles")
    parser.add_argument("--out", type=Path, default=Path("var/training/mistaken.jsonl"))
    options = parser.parse_args()
    reader, other_evidence = load_reader(), OtherEvidence(options.index)
    if reader is None:
        parser.error("there is no reader")
    asked = found = 0
    with options.out.open("w", encoding="utf-8") as out:
        for question in judged_questions(options.data / "ant_dev.jsonl.gz"):
            if is_held_out(group_of(question)):
                continue
            asked += 1
            chosen = passages_of(question)
            passages = [question["passages"][number] for number in chosen]
            readings = reader.read(question["question"], [TitledPassage(passage["title"], passage["text"])
                                                          for passage in passages])
            if is_mistaken(passages, readings):
                found += 1
                out.write(json.dumps({
                    "question": question["question"], "passages": chosen,
                    "beside": other_evidence.of(question["question"], passages)}, ensure_ascii=False) + "\n")
    print(f"{found} of {asked} questions")


class OtherEvidence:
    """What vectors and words of an index count for sentences, in units of the reader's lead."""

    def __init__(self, index_dir: Path) -> None:
        self._snapshot, self._embedder = open_snapshot(index_dir), load_embedder()

    def of(self, question: str, passages: Sequence[Mapping[str, Any]]) -> list[list[tuple[int, float]]]:
        """Return for each passage the offsets of its sentences, each with what counts for it.

        A passage that is not among the first 32 retrieved has none.
        """
        parsed, rows = parse_question(question), self._snapshot.articles.rows
        places = {(rows.get(passage["article_id"]), passage["start"]) for passage in passages}
        candidates = [each for each in retrieve(self._snapshot, parsed, embed_question(self._embedder, parsed), None,
                                                PASSAGES_COMPARED)
                      if tuple(self._snapshot.tables.passages[each.row, :2].tolist()) in places]
        counts: dict[str, dict[int, float]] = {}
        for each in rank_sentences(self._snapshot, parsed, candidates, sys.maxsize, passages_read=PASSAGES_COMPARED):
            evidence = each.evidence
            score = evidence.cosine + WITH_READER.passage_dense * evidence.passage_dense \
                + WITH_READER.passage_lexical * evidence.passage_lexical + WITH_READER.added(evidence)
            counts.setdefault(each.article.id, {})[each.sentence.start] = (score - USUAL_SCORE) / WITH_READER.lead
        return [[(start - passage["start"], round(count, 2))
                 for start, count in counts.get(passage["article_id"], {}).items()
                 if passage["start"] <= start < passage["end"]] for passage in passages]


def passages_of(question: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the passages of a judged question to read: some that answer, and the first others."""
    answering = [number for number, each in enumerate(question["passages"]) if each["answers"]]
    others = [number for number, each in enumerate(question["passages"]) if not each["answers"]]
    return answering[:MOST_ANSWERING] + others[:OTHERS if answering else OTHERS_OF_UNANSWERED]


def is_mistaken(passages: list[dict[str, Any]], readings: list[Reading]) -> bool:
    """Tell whether what a reader finds in passages is wrong, or nearly so, by the answers that they have."""
    leads = [leads_of(passage, reading) for passage, reading in zip(passages, readings, strict=True)]
    if not any(passage["answers"] for passage in passages):
        return max(reading.relevance for reading in readings) > SEEMS_RELEVANT
    right = max(each.answering for each in leads)
    return right < LEAST_LEAD or right < max(each.others for each in leads) + LEAST_MARGIN


def leads_of(passage: Mapping[str, Any], reading: Reading) -> Leads:
    """Return how much the best sentences of a passage lead "no answer"; -inf where it has none of a kind."""
    answers = [(start - passage["start"], end - passage["start"]) for start, end in passage["answers"]]
    leads = {True: [float("-inf")], False: [float("-inf")]}
    for sentence in split_sentences(passage["text"]):
        span = reading.best_span(sentence.start, sentence.end)
        if span is not None and not sentence.is_heading:
            leads[any(start < sentence.end and sentence.start < end for start, end in answers)].append(
                span.score - reading.nothing)
    return Leads(max(leads[True]), max(leads[False]))


if __name__ == "__main__":
    main()
