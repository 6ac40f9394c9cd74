"""Finds what the reader has not learned of the judged questions: python -m training.mistaken --data DATA

Of each question that is learned from, the program's reader reads the passages that answer (two at most) and the first
that does not (two where nothing answers). A question is written to `--out` with the places of those passages, where a
sentence that does not answer leads "no answer" by nearly as much as the best one that does, where that one hardly
leads it, or where nothing answers and a passage seems to: the hard examples of Shrivastava et al. (2016,
arXiv:1604.03540), found beforehand, since a reading takes a fifth of a step of training. `training.reader --mistaken`
learns from these alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from index.language.sentences import split_sentences
from index.model.load_reader import load_reader
from index.model.reading import Reading, TitledPassage
from training.judged import group_of, judged_questions
from training.reading_examples import is_held_out

MOST_ANSWERING, OTHERS, OTHERS_OF_UNANSWERED = 2, 1, 2
# By how much the best answering sentence must lead what does not answer, and "no answer".
LEAST_MARGIN, LEAST_LEAD = 3.5, 1.0
# From this relevance on a passage that does not answer seems to.
SEEMS_RELEVANT = -1.0


class Leads(NamedTuple):
    """By how much the best sentence that answers, and the best other one, lead "no answer" in one passage."""

    answering: float
    others: float


def main() -> None:
    """Write the questions, each with the numbers of its passages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the articles")
    parser.add_argument("--out", type=Path, default=Path("var/training/mistaken.jsonl"))
    options = parser.parse_args()
    reader = load_reader()
    if reader is None:
        parser.error("there is no reader")
    asked = found = 0
    with options.out.open("w", encoding="utf-8") as out:
        for question in judged_questions(options.data / "ant_dev.jsonl.gz"):
            if is_held_out(group_of(question)):
                continue
            asked += 1
            chosen = passages_of(question)
            readings = reader.read(question["question"], [
                TitledPassage(question["passages"][number]["title"], question["passages"][number]["text"])
                for number in chosen])
            if is_mistaken([question["passages"][number] for number in chosen], readings):
                found += 1
                out.write(json.dumps({"question": question["question"], "passages": chosen}, ensure_ascii=False) + "\n")
    print(f"{found} of {asked} questions")


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
