"""A real server, asked by many at once over sockets, reads fewer passages, says how many, and refuses nobody yet."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from qa.answer.ranking import PASSAGES_READ
from tests.conftest import PROJECT, server_process
from web.gate.admission import RUNNING, WAITING

pytestmark = [pytest.mark.model, pytest.mark.index, pytest.mark.process, pytest.mark.slow]


def test_a_server_with_many_questions_reads_less_and_says_how_much(sample_index: Path) -> None:
    lines = (PROJECT / "articles" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    alone, *questions = [row["question"] for row in map(json.loads, lines) if row["kind"] == "plain"]
    asked_at_once = RUNNING + WAITING
    assert len(questions) >= asked_at_once
    together = threading.Barrier(asked_at_once)
    with server_process(sample_index, MUSNAD_RATE_LIMIT="0") as url, ThreadPoolExecutor(asked_at_once) as pool:
        def ask(question: str) -> tuple[int, str]:
            body = json.dumps({"question": question}).encode()
            request = Request(f"{url}/api/ask", body, {"Content-Type": "application/json"})
            with urlopen(request, timeout=300) as response:  # raises for a refusal
                answer = json.loads(response.read())
            return answer["passages_read"], answer["status"]

        def ask_with_the_others(question: str) -> tuple[int, str]:
            together.wait(60)
            return ask(question)

        before = ask(alone)[0]
        answers = list(pool.map(ask_with_the_others, questions[:asked_at_once]))
        after = ask(questions[asked_at_once])[0]
    read = sorted(count for count, _ in answers)
    assert before == after == PASSAGES_READ
    # Some waited behind many others: for them nothing was read; later ones were read more for.
    assert read[0] == 0
    assert 0 < read[-1] <= PASSAGES_READ
    assert {status for _, status in answers} <= {"answered", "unsure", "not_found"}
    assert sum(status == "answered" for _, status in answers) > asked_at_once / 2
