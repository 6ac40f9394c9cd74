"""Read the same passages with the same weights here and in Haystack: python -m benchmarks.reading SQUAD.json --out DIR

The questions are those that the reader was not trained on (`training.reading_examples.is_held_out`). Passages are
retrieved by Musnad, the five best for each question, so that only the reading differs. Each reader answers with its
best span over all five. Haystack's `TransformersExtractiveReader` gets the reader's weights in float32, as a model of
transformers, in the environment that `python -m benchmarks.peers.setup haystack` makes; ours runs as it is compiled.

The folder gets the model, the passages and what each reader answered, and a table is printed: the share of exact
answers, the mean F1 of their words with the gold answer's, how often the passage that holds the answer was chosen, and
milliseconds a question.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.peers.setup import python_of
from index.model.compiled import SENTENCEPIECE
from index.model.compiled_reader import reader_folder
from index.model.default import DEFAULT_MODEL, models_dir
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import Reader, TitledPassage
from index.model.reference_reader import ReferenceReader
from qa.answer.ranking import PASSAGES_READ
from qa.answer.reprints import PASSAGES_COMPARED, without_reprints
from qa.evaluation.evaluate import comparable, throwaway_snapshot
from qa.evaluation.question_sets import read_squad
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question, retrieve
from training.reading_examples import is_held_out

PROJECT = Path(__file__).resolve().parents[1]
WARM_UP = 5


def main() -> None:
    """Retrieve, read with both, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("squad", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    asked = list(_asked(options.squad))
    inputs, model = options.out / "asked.jsonl", options.out / "model"
    inputs.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in asked), encoding="utf-8")
    reader = load_reader()
    assert reader is not None
    ours = _read(reader, asked)
    _export(model)
    answers = options.out / "haystack.json"
    subprocess.run([python_of("haystack"), "-m", "benchmarks.peers.read_with_haystack", "--model", model, "--asked",
                    inputs, "--out", answers], cwd=PROJECT, check=True)
    theirs = json.loads(answers.read_text(encoding="utf-8"))
    (options.out / "musnad.json").write_text(json.dumps(ours, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{len(asked)} questions, {PASSAGES_READ} passages each")
    print("| reader | exact | F1 | passage | ms a question, median | first to last decile |\n|---|---|---|---|---|---|")
    for name, answered in (("Musnad", ours), ("Haystack", theirs)):
        print(_row(name, asked, answered))


def _asked(squad: Path) -> Iterator[dict[str, Any]]:
    questions = read_squad(squad)
    embedder = load_embedder()
    snapshot = throwaway_snapshot(questions.articles, embedder)
    for question in questions.questions:
        article = questions.articles[question.context]
        if not is_held_out(article.title or article.text):
            continue
        parsed = parse_question(question.text)
        found = retrieve(snapshot, parsed, embed_question(embedder, parsed), None, PASSAGES_COMPARED)
        passages = []
        for candidate in without_reprints(snapshot, found, PASSAGES_READ):
            row, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
            passages.append({"title": snapshot.articles[row].title, "text": snapshot.articles[row].text[start:end],
                             "holds_answer": row == question.context})
        yield {"question": question.text, "answers": list(question.answers), "passages": passages}


def _read(reader: Reader, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best span of the passages of each question, its passage's number, and the milliseconds that reading took."""
    answered = []
    for each in (*asked[:WARM_UP], *asked):
        passages = [TitledPassage(passage["title"], passage["text"]) for passage in each["passages"]]
        began = time.perf_counter()
        best = max(((span.score - reading.nothing, number, passage.text[span.start:span.end])
                    for number, (passage, reading) in enumerate(zip(passages, reader.read(each["question"], passages),
                                                                    strict=True))
                    if (span := reading.best_span(0, len(passage.text)))), default=(0.0, -1, ""))
        answered.append({"answer": best[2], "passage": best[1], "ms": 1000 * (time.perf_counter() - began)})
    return answered[WARM_UP:]


def _export(folder: Path) -> None:
    """Write the reader as a model of transformers for question answering, without its relevance head."""
    import torch
    from transformers import BertForQuestionAnswering

    module = ReferenceReader(reader_folder() / SENTENCEPIECE).module
    model = BertForQuestionAnswering(module.encoder.config)
    model.bert.load_state_dict(module.encoder.state_dict())
    with torch.no_grad():
        model.qa_outputs.weight.copy_(module.span.weight)
        model.qa_outputs.bias.copy_(module.span.bias)
    model.save_pretrained(folder)
    for path in (models_dir() / DEFAULT_MODEL).glob("*token*"):
        shutil.copy(path, folder)


def _row(name: str, asked: list[dict[str, Any]], answered: list[dict[str, Any]]) -> str:
    exact, f1, passage = [], [], []
    for each, found in zip(asked, answered, strict=True):
        said = comparable(found["answer"]).split()
        golds = [comparable(answer).split() for answer in each["answers"]]
        exact.append(any(said == gold for gold in golds))
        f1.append(max(_f1(said, gold) for gold in golds))
        passage.append(found["passage"] >= 0 and each["passages"][found["passage"]]["holds_answer"])
    times = sorted(found["ms"] for found in answered)
    return (f"| {name} | {mean(exact):.3f} | {mean(f1):.3f} | {mean(passage):.3f} | {median(times):.1f} "
            f"| {times[len(times) // 10]:.1f} to {times[-1 - len(times) // 10]:.1f} |")


def _f1(said: list[str], gold: list[str]) -> float:
    common = sum((Counter(said) & Counter(gold)).values())
    return 2 * common / (len(said) + len(gold)) if common else 0.0


if __name__ == "__main__":
    main()
