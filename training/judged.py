"""Reads `training/judged.jsonl`, and takes up what was judged: python -m training.judged FILE...

Each line has a `question`, as people type it, its `type`, the `passages` that the program retrieved for it, best first,
and every sentence among them that answers it (`answers`: the words of a sentence that do, or the whole of it); both are
places, as (article, start, end) in code points, for the texts are not in the project. Where `answers` is empty, nothing
among the passages answers. So whatever is not marked is known not to answer: passages of other articles can be held
against a question without fear that one of them tells the same. A near miss, or another wording with the same passages
and answers, has the question that it is one of as its `pair`: `group_of` names what is never split between training and
judging.

Judges give passages with their texts, and answers with the places of their sentences. A question is left out, and
counted, if a question of `benchmarks/everyday.jsonl` has the same words, or one of its answering sentences.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.evaluation.evaluate import comparable

JUDGED = Path(__file__).with_name("judged.jsonl")
BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "everyday.jsonl"

Place = tuple[str, int, int]


def judged_questions(articles: Path) -> list[dict[str, Any]]:
    """Return all questions, their passages with the fields of `training/news_candidates.py` and their own `answers`."""
    lines = lines_of(JUDGED)
    wanted = {place[0] for each in lines for place in each["passages"]}
    with gzip.open(articles, "rt", encoding="utf-8") as stored:
        known = {each["id"]: each for each in map(json.loads, stored) if each["id"] in wanted}
    return [{**each, "passages": [_passage(known[place[0]], place, each["answers"]) for place in each["passages"]]}
            for each in lines]


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def group_of(record: Mapping[str, Any]) -> str:
    """Return the question that a judged question, its near misses and its other wordings have in common."""
    pair: str = record.get("pair") or record["question"]
    return pair


def _passage(article: Mapping[str, Any], place: Place, answers: list[Place]) -> dict[str, Any]:
    article_id, start, end = place
    return {"article_id": article_id, "title": article["title"], "published": article["published"], "start": start,
            "end": end, "text": article["text"][start:end],
            "answers": [each[1:] for each in answers if each[0] == article_id and start <= each[1] and each[2] <= end]}


def main() -> None:
    """Add the judges' files to `training/judged.jsonl`; a question that is there already is replaced."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    options = parser.parse_args()
    measured: dict[str, list[tuple[int, int]]] = defaultdict(list)
    asked = set()
    for line in lines_of(BENCHMARK):
        asked.add(comparable(line["question"]))
        for article_id, start, end in line["answers"]:
            measured[article_id].append((start, end))

    found = {each["question"]: each for each in lines_of(JUDGED)}
    left_out = 0
    for record in (each for path in options.files for each in lines_of(path)):
        if comparable(record["question"]) in asked or any(
                start < answer["sentence"][1] and answer["sentence"][0] < end
                for answer in record["answers"] for start, end in measured[answer["article_id"]]):
            left_out += 1
            continue
        found[record["question"]] = {
            "question": record["question"], "type": record["type"],
            **({"pair": record["pair"]} if record.get("pair") else {}),
            "passages": [(each["article_id"], each["start"], each["end"]) for each in record["passages"]],
            "answers": [(each["article_id"], *each["span"]) for each in record["answers"]]}
    with JUDGED.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for _, each in sorted(found.items()))
    print(f"{len(found)} questions, {sum(bool(each['answers']) for each in found.values())} of them answered, "
          f"{left_out} left out")


if __name__ == "__main__":
    main()
