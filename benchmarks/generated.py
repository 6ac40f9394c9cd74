"""How much of a generated answer is proved, and how much of what is true is shown.

    python -m benchmarks.generated hand [--failures]
    python -m benchmarks.generated gemma [--sample N] [--threads N]

Both serve a model over a socket and run `musnad eval generated` against it. `hand` is a script that writes the
sentences of `benchmarks/generated.jsonl`: two or three for each question about the sample's articles, written by a
person as a good model would write them, and judged: `cited` are the sentences that each cites, `idle` those that it
cites without need, and `wrong` is the kind of the one change that makes a sentence say what they do not (null if they
prove it). Its figures compare what was shown with these judgements. `gemma` is Gemma 3 270M by llama.cpp, which is
small and knows little Arabic: it shows that what a model invents is not shown, not how well one can write.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.small_model import served
from qa import cli
from tests.model_server import Model

SET, QUESTIONS = Path(__file__).with_suffix(".jsonl"), Path("articles/questions.jsonl")
SAMPLE, TIMEOUT_S = 60, 300
MISSING = 0  # the number that a script gives for a sentence that the model was not offered


def script(records: Sequence[dict[str, Any]]) -> Callable[[str], list[str]]:
    """Return what the scripted model writes: the sentences of the set, with the numbers that the prompt gives."""
    by_question = {record["question"]: record["sentences"] for record in records}

    def write(prompt: str) -> list[str]:
        *offered, asked = prompt.split("\n")
        numbers = {text: int(number) for number, _, text in (
            line.removeprefix("[").partition("] ") for line in offered if line.startswith("["))}
        return [f"{each['text']} {[numbers.get(cited, MISSING) for cited in each['cited'] + each.get('idle', [])]}\n"
                for each in by_question[asked.partition(": ")[2]]]

    return write


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of the set, what became of it, and which of its citations are needed by the judgement and by rule.

    `outcome` is `proved`, the reason why it was dropped, or None where the model was not asked.
    """

    language: str
    text: str
    wrong: str | None
    outcome: str | None
    cited: tuple[bool, ...]
    proving: tuple[bool, ...] = ()

    @property
    def is_true(self) -> bool:
        return self.wrong is None


def judged(records: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]) -> list[Judged]:
    """Join the sentences of the set with the lines that `musnad eval generated --out` wrote about them."""
    found = []
    for record in records:
        # A verbatim sentence follows the dropped one for which it stands in.
        own = [line for line in lines if line["question"] == record["question"] and not line.get("verbatim")]
        for each, line in zip(record["sentences"], own or [{}] * len(record["sentences"]), strict=True):
            assert line.get("sentence", each["text"]) == each["text"]
            outcome = "proved" if "sentence" in line else line.get("dropped")
            cited = (each["wrong"] is None,) * len(each["cited"]) + (False,) * len(each.get("idle", []))
            found.append(Judged(record["language"], each["text"], each["wrong"], outcome, cited,
                                tuple(line.get("needed", ()))))
    return found


def summary(sentences: Sequence[Judged]) -> dict[str, Any]:
    """Return the measures of judged sentences; `docs/evaluation.md` defines each."""
    written = [each for each in sentences if each.outcome is not None]
    shown = [each for each in written if each.outcome == "proved"]
    true = [each for each in written if each.is_true]
    dropped = Counter(each.outcome for each in true if each.outcome != "proved")
    return {
        "sentences": len(sentences), "written": len(written), "true": len(true), "shown": len(shown),
        "precision_of_shown": _share(sum(each.is_true for each in shown), len(shown)),
        "drop_rate": _share(len(written) - len(shown), len(written)),
        "true_dropped": dict(dropped), "false_drop_rate": _share(dropped.total(), len(true)),
        "wrong": dict(Counter(each.wrong for each in written if not each.is_true)),
        "wrong_shown": dict(Counter(each.wrong for each in shown if not each.is_true)),
        "as_written": {
            "recall_by_rule": _share(len(shown), len(written)), "recall_by_hand": _share(len(true), len(written)),
            "precision_by_rule": _share(sum(map(sum, (each.proving for each in shown))),
                                        sum(len(each.cited) for each in written)),
            "precision_by_hand": _share(sum(map(sum, (each.cited for each in written))),
                                        sum(len(each.cited) for each in written))},
        "as_shown": {
            "recall_by_rule": _share(len(shown), len(shown)),
            "recall_by_hand": _share(sum(each.is_true for each in shown), len(shown)),
            "precision_by_rule": _share(sum(map(sum, (each.proving for each in shown))),
                                        sum(len(each.proving) for each in shown)),
            "precision_by_hand": _share(sum(map(sum, (each.cited for each in shown))),
                                        sum(len(each.cited) for each in shown))}}


def measure_by_hand(out: Path, *, failures: bool) -> int:
    """Replay the set, and print what `musnad eval generated` does and then the measures of what was judged."""
    records = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    with Model(script(records)) as model:
        code = _evaluate(SET, "openai:hand", model.environment, out)
    if code:
        return code
    found = judged(records, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()])
    if failures:
        print("\n".join(f"{each.outcome} though {each.wrong or 'true'}: {each.text}" for each in found
                        if (each.outcome == "proved") != each.is_true), file=sys.stderr)
    print(json.dumps({language: summary([each for each in found if each.language == language])
                      for language in dict.fromkeys(each.language for each in found)}, ensure_ascii=False, indent=1))
    return 0


def measure_gemma(out: Path, *, sample: int, threads: int | None) -> int:
    """Serve the small model, and run `musnad eval generated` against it."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), threads) as environment:
        return _evaluate(QUESTIONS, "openai:gemma", environment, out, "--sample", str(sample))


def _evaluate(questions: Path, name: str, environment: dict[str, str], out: Path, *options: str) -> int:
    os.environ |= environment
    out.parent.mkdir(exist_ok=True)
    return cli.main(["eval", "generated", str(questions), "articles", "--llm", name, "--llm-timeout", str(TIMEOUT_S),
                     "--out", str(out), *options])


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def main() -> int:
    """Run a measurement; return the exit code of `musnad eval`."""
    parser = argparse.ArgumentParser(prog="benchmarks.generated", description=__doc__.partition("\n")[0])
    parser.add_argument("writer", choices=["hand", "gemma"])
    parser.add_argument("--failures", action="store_true", help="hand: list what is not as judged on standard error")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="gemma: how many questions")
    parser.add_argument("--threads", type=int, help="gemma: of the model's server (default: one for each core)")
    parser.add_argument("--out", type=Path, default=Path("var/generated.jsonl"))
    options = parser.parse_args()
    if options.writer == "hand":
        return measure_by_hand(options.out, failures=options.failures)
    return measure_gemma(options.out, sample=options.sample, threads=options.threads)


if __name__ == "__main__":
    raise SystemExit(main())
