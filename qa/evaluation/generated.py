"""Have a language model answer questions, and measure how much is proved (citations: Gao et al., "ALCE", 2023)."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from index.intake.build import Progress
from qa.answerer import Answerer
from qa.evaluation.evaluate import rounded
from qa.evaluation.question_sets import SentenceQuestion
from qa.generate.generate import Written
from qa.generate.types import Dropped
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.question import Question


@dataclass(slots=True)
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    first_ms: list[float] = field(default_factory=list)
    write_ms: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    citations: int = 0
    needed: int = 0
    written: int = 0


def evaluate_generated(questions: Sequence[SentenceQuestion], answerer: Answerer, *, out: Path | None = None,
                     progress: Progress = lambda _stage, _done, _total: None) -> dict[str, Any]:
    """Return the measures that `musnad eval generated` prints; `docs/evaluation.md` defines each.

    `out` is a file for the sentences that were shown, and the reasons why others were not, as JSON Lines in the order
    in which the model wrote them: to be judged by reading.
    """
    tally = _Tally()
    with nullcontext() if out is None else out.open("w", encoding="utf-8", buffering=1) as stream:
        for done, question in enumerate(questions, start=1):
            for line in _ask(question, answerer, tally):
                if stream is not None:
                    print(json.dumps({"question": question.text, **line}, ensure_ascii=False), file=stream)
            progress("asking", done, len(questions))
    proved, verbatim = tally.outcomes["proved"], tally.outcomes["verbatim"]
    dropped = tally.outcomes.total() - proved - verbatim
    return rounded({
        "questions": len(questions), "answers_written": tally.written, "sentences_proved": proved,
        "sentences_verbatim": verbatim, "sentences_dropped": dropped,
        "dropped_because": dict(sorted((name, count) for name, count in tally.outcomes.items()
                                       if name not in ("proved", "verbatim"))),
        "drop_rate": dropped / (proved + dropped) if proved + dropped else None,
        "citations": tally.citations, "citation_precision": tally.needed / tally.citations if tally.citations else None,
        "first_sentence_ms": median(tally.first_ms) if tally.first_ms else None,
        "write_ms": median(tally.write_ms) if tally.write_ms else None,
        "tokens": sum(tally.tokens) / len(tally.tokens) if tally.tokens else None})


def _ask(question: SentenceQuestion, answerer: Answerer, tally: _Tally) -> list[dict[str, object]]:
    """Ask one question; return what was shown and what was dropped, in the order in which it was written."""
    steps, answer, began, first = list[Written | Dropped](), None, time.perf_counter(), None
    for step in answerer.ask_in_steps(Question.parse(question.text, previous=question.previous), generate=True):
        if isinstance(step, Answer):
            answer = step
        elif isinstance(step, Written | Dropped):
            steps.append(step)
            if first is None and isinstance(step, Written):
                first = (time.perf_counter() - began) * 1000
    if answer is None or "write" not in answer.timings_ms:
        return []
    tally.write_ms.append(answer.timings_ms["write"])
    tally.written += answer.generated is not None
    if answer.generated is not None and answer.generated.output_tokens is not None:
        tally.tokens.append((answer.generated.input_tokens or 0) + answer.generated.output_tokens)
    if first is not None:
        tally.first_ms.append(first)
    return [_counted(step, answerer, tally) for step in steps]


def _counted(step: Written | Dropped, answerer: Answerer, tally: _Tally) -> dict[str, object]:
    """Count a sentence; return its line in the file of what was written."""
    if isinstance(step, Dropped):
        tally.outcomes[step.because] += 1
        return {"dropped": step.because}
    tally.outcomes["verbatim" if step.sentence.verbatim else "proved"] += 1
    line = {"sentence": step.sentence.text, "verbatim": step.sentence.verbatim,
            "cited": [citation.quote for citation in step.citations]}
    if step.sentence.verbatim:
        return line
    needed = [_is_needed(answerer, step.sentence.text, step.citations, citation) for citation in step.citations]
    tally.citations += len(needed)
    tally.needed += sum(needed)
    return {**line, "needed": needed}


def _is_needed(answerer: Answerer, text: str, citations: Sequence[Citation], citation: Citation) -> bool:
    """Tell whether a citation proves the sentence by itself, or the others do not prove it without this one."""
    others = [other for other in citations if other is not citation]
    return answerer.proves(text, [citation]) or not answerer.proves(text, others)
