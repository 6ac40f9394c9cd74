"""Measure what each rule of `docs/arabic.md` is worth, by leaving it out.

    python -m benchmarks.ablation SQUAD.json... > report.json

Every question set, and the sample's questions, are indexed and asked with all rules, and then with each rule left out
both when building and when asking. Prints `MEASURES` for each. Takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import index.language.arabic
from benchmarks.cases import SAMPLE, sample_set
from index.model.load import load_embedder
from qa.evaluation.evaluate import evaluate_squad
from qa.evaluation.question_sets import QuestionSet, read_squad

NEVER = re.compile("(?!)")
_MARKS_KEPT = re.compile(f"[{''.join(index.language.arabic._FOLDING)}]")  # noqa: SLF001  # no other module reads the rules from outside
_LETTERS_KEPT = {character: folded if folded.isdigit() else character
                 for character, folded in index.language.arabic._FOLDING.items()}  # noqa: SLF001  # as above
_DIGITS_KEPT = {character: character if folded.isdigit() else folded
                for character, folded in index.language.arabic._FOLDING.items()}  # noqa: SLF001  # as above


def as_it_is(text: str) -> str:
    """Return the text unchanged, in place of a rule that changes it."""
    return text


def no_skeleton(_word: str) -> str:
    """Return no skeleton for any word."""
    return ""


def no_dates(*_: Any) -> tuple[()]:
    """Find no dates or numbers in any text."""
    return ()


# For each rule, the names to patch in the program to leave it out, and what replaces them.
WITHOUT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "letters folded": {"index.language.arabic._FOLDING": _LETTERS_KEPT},
    "marks dropped from words": {"index.language.arabic._FOLDED": _MARKS_KEPT},
    "digits folded": {"index.language.arabic._FOLDING": _DIGITS_KEPT},
    "months under one name": {"index.language.arabic._MONTH": NEVER},
    "skeletons": {"index.language.arabic._skeleton": no_skeleton},
    "dates and numbers": {"index.search.terms.find_dates": no_dates, "qa.question.parsed.find_dates": no_dates,
                          "index.search.terms.numbers_in_words": no_dates},
    "marks dropped before embedding": {"index.chunker.without_marks": as_it_is,
                                       "qa.retrieve.retriever.bare_alef": as_it_is},
    "alef bare in questions": {"qa.retrieve.retriever.bare_alef": index.language.arabic.without_marks},
}
MEASURES = ("recall@1", "recall@10", "answer_sentence@1", "answer_sentence@3")


def main() -> int:
    """Print the measures by rule left out and question set, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    sets = {path.name: read_squad(path) for path in parser.parse_args().files}
    sets[SAMPLE] = sample_set()[0]
    print(json.dumps({rule: measured_without(rule, sets) for rule in WITHOUT}, indent=1))
    return 0


def measured_without(rule: str, sets: dict[str, QuestionSet]) -> dict[str, dict[str, float]]:
    """Measure each question set with the rule left out."""
    print(f"without {rule}", file=sys.stderr)
    embedder = load_embedder()
    with left_out(WITHOUT[rule]):
        measured = {name: evaluate_squad(questions, embedder) for name, questions in sets.items()}
    return {name: {measure: measures[measure] for measure in MEASURES} for name, measures in measured.items()}


@contextmanager
def left_out(stand_ins: dict[str, Any]) -> Iterator[None]:
    """Patch in the replacements, and clear the caches of word forms before and after."""
    remembering: Sequence[Callable[..., Any]] = (index.language.arabic._word_grams, index.language.arabic._skeleton)  # noqa: SLF001  # as above
    with ExitStack() as stack:
        for target, stand_in in stand_ins.items():
            stack.enter_context(patch(target, stand_in))
        for remembers in remembering:
            remembers.cache_clear()  # type: ignore[attr-defined]
        yield
    for remembers in remembering:
        remembers.cache_clear()  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
