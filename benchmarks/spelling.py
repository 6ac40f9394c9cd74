"""Misspelled questions over the sample articles: how many find their answer, uncorrected and corrected?

    python build_index.py articles --index-dir DIR
    python -m benchmarks.spelling --index-dir DIR [--show]

`benchmarks/misspelled.tsv` has questions of `articles/questions.jsonl` with mistakes, each after the id of the right
one. The result is one JSON object:
- `before`, `after`, `meant`: of the misspelled questions as typed, as corrected, and of the right questions: `found`,
  with the expected sentence among the citations; `first`, with it as the first citation;
- `corrected`: the misspelled questions that were changed;
- `wrongly_corrected`: the questions of `articles/questions.jsonl` without mistakes that were changed, of `right`;
- `ms_known` and `ms_corrected`: the median and the largest time to look at a question whose words are all known, and to
  correct one; `ms_words`: the time to read the words of the articles, once for each index.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from unittest.mock import patch

from qa.answerer import Answerer
from qa.opening import load_answerer
from qa.question.parsed import parse_question
from qa.retrieve.spelling import Correction, corrected
from qa.retrieve.vocabulary import Vocabulary
from qa.types.question import Question

HERE = Path(__file__).parent
QUESTIONS = HERE.parent / "articles" / "questions.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--show", action="store_true", help="list what was changed and what was not found")
    arguments = parser.parse_args()
    rows = {row["id"]: row for row in map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())}
    misspelled = [line.split("\t") for line in (HERE / "misspelled.tsv").read_text(encoding="utf-8").splitlines()]
    answerer, uncorrecting = load_answerer(arguments.index_dir), load_answerer(arguments.index_dir)
    vocabulary = Vocabulary(answerer.snapshot)
    began = time.perf_counter()
    vocabulary.knows("خاشكجي")
    ms_words = (time.perf_counter() - began) * 1000
    typed = [_timed(answerer, vocabulary, text) for _, text in misspelled]
    right = [row["question"] for row in rows.values() if row["kind"] != "spelling"]
    plain = [_timed(answerer, vocabulary, text) for text in right]
    expected = [rows[each]["answer_sentence"] for each, _ in misspelled]
    after = [_place(answerer, text, sentence) for (_, text), sentence in zip(misspelled, expected, strict=True)]
    with patch("qa.asking.corrected", return_value=None):
        before = [_place(uncorrecting, text, sentence)
                  for (_, text), sentence in zip(misspelled, expected, strict=True)]
    meant = [_place(answerer, rows[each]["question"], sentence)
             for (each, _), sentence in zip(misspelled, expected, strict=True)]
    json.dump({"questions": len(misspelled), "before": _counts(before), "after": _counts(after),
               "meant": _counts(meant), "corrected": sum(found is not None for found, _ in typed),
               "right": len(right), "wrongly_corrected": sum(found is not None for found, _ in plain),
               "ms_known": _spread([ms for found, ms in plain if found is None]),
               "ms_corrected": _spread([ms for found, ms in typed if found]), "ms_words": round(ms_words, 1)},
              sys.stdout, indent=1)
    print()
    if arguments.show:
        for (_, text), (found, _), *places in zip(misspelled, typed, before, after, meant, strict=True):
            print(text, found.changed if found else "-", *places, sep="\t")
    return 0


def _timed(answerer: Answerer, vocabulary: Vocabulary, text: str) -> tuple[Correction | None, float]:
    """Return the correction of a question, and the milliseconds that it took, parsing left out."""
    parsed = parse_question(text)
    began = time.perf_counter()
    found = corrected(answerer.snapshot, vocabulary, parsed)
    return found, (time.perf_counter() - began) * 1000


def _place(answerer: Answerer, text: str, sentence: str) -> int:
    """Return the number of the citation that is or contains the expected sentence; 0 if none does."""
    citations = answerer.ask(Question.parse(text)).citations
    return next((citation.number for citation in citations
                 if sentence in citation.quote or citation.quote in sentence), 0)


def _counts(places: list[int]) -> dict[str, int]:
    return {"found": sum(map(bool, places)), "first": places.count(1)}


def _spread(milliseconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(milliseconds), 3), "max": round(max(milliseconds), 3)}


if __name__ == "__main__":
    sys.exit(main())
