"""Measure what the earlier questions on the page of a conversation cost, with and without remembered answers.

    python -m benchmarks.conversation [--index-dir var/index]

Each of six conversations over the sample articles has five earlier questions. `again` answers all of them again, which
the page does not do; `forgotten` and `remembered` are what it does. Printed are milliseconds of processor time and of
the clock, the medians.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from flask import Flask

from qa.opening import load_answerer
from qa.types.question import Question
from web.pages.views import earlier_answers

QUESTIONS = Path("articles/questions.jsonl")
FOLLOW_UPS = ("ومتى كان ذلك؟", "وأين؟", "ومن شارك؟", "ولماذا؟")
ASKED = "وكم عددهم؟"
CONVERSATIONS = 6


def main(argv: list[str] | None = None) -> int:
    """Measure, and print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index-dir", type=Path, default=Path("var/index"), metavar="DIR")
    arguments = parser.parse_args(argv)
    begun = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    talks = [Question(ASKED, previous=(text, *FOLLOW_UPS)) for text in begun[:CONVERSATIONS * 9:9]]
    found: dict[str, list[tuple[float, float]]] = {"again": [], "forgotten": [], "remembered": []}
    for name, taken in found.items():
        answerer = load_answerer(arguments.index_dir)   # which remembers nothing yet
        answerer.ask(Question(begun[-1]))
        for talk in talks:
            answerer.ask(talk)
            asked = [replace(talk, text=text, previous=talk.previous[:place])
                     for place, text in enumerate(talk.previous)]
            if name == "remembered":
                _ = [answerer.ask(each) for each in asked]
            if name == "again":
                taken.append(_taken(lambda: [answerer.ask(each) for each in asked]))  # noqa: B023  # called at once
            else:
                with Flask("web").test_request_context():
                    taken.append(_taken(lambda: earlier_answers(answerer, talk)))  # noqa: B023
        processor, clock = (median(each[part] for each in taken) for part in (0, 1))
        print(f"{name:10} {processor:6.0f} ms of a processor, {clock:6.0f} ms")
    return 0


def _taken(act: Callable[[], object]) -> tuple[float, float]:
    processor, clock = time.process_time(), time.perf_counter()
    act()
    return (time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
