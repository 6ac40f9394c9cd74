"""Measure answers to questions as people ask them, over all articles of two outlets: whatever answers counts.

    python -m benchmarks.everyday --index-dir DIR [--reader none] [--failures]

`benchmarks/everyday.jsonl` has one question a line, with its `type` and the places of every sentence found that answers
it, as (article, start, end): the questions were written first, and the sentences looked for afterwards. Those without
one are about affairs of these articles too, and ask for what none of them tells. DIR is an index that holds the
articles, whose texts are not in this project; a question none of whose articles is there is left out, and counted.

It prints one JSON object. A citation is right if it overlaps a marked place, or has the words of one. `first` and
`cited` are the shares of answerable questions whose first citation, or one of all, is right; `first_hit` that of those
whose first passage is of an article that answers. No weights were trained on these questions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.model.load_reader import add_reader_argument
from index.settings import add_index_dir_argument
from qa.answerer import Answerer
from qa.evaluation.evaluate import comparable
from qa.opening import load_answerer
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.question import Question

SET = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an article that answers, in code points, with its words as they are compared."""

    article_id: str
    start: int
    end: int
    words: str

    def answers_in(self, citation: Citation, quoted: str) -> bool:
        """Tell whether a citation is of this place, or says the same; `quoted` are its words."""
        overlaps = citation.article.id == self.article_id and citation.start < self.end and self.start < citation.end
        return overlaps or self.words in quoted


def places_of(answerer: Answerer, record: dict[str, Any]) -> list[Place] | None:
    """Return the places that answer a question; None if the index has none of their articles."""
    known = answerer.snapshot.articles.rows
    places = [Place(article_id, start, end, comparable(answerer.article(article_id).text[start:end]))
              for article_id, start, end in record["answers"] if article_id in known]
    return places if places or not record["answers"] else None


def rights(answer: Answer, places: Sequence[Place]) -> list[bool]:
    """Return of each citation whether it answers."""
    quoted = [comparable(citation.quote) for citation in answer.citations]
    return [any(place.answers_in(citation, words) for place in places)
            for citation, words in zip(answer.citations, quoted, strict=True)]


def main() -> int:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_index_dir_argument(parser)
    add_reader_argument(parser)
    parser.add_argument("--failures", action="store_true", help="show what went wrong on standard error")
    options = parser.parse_args()
    answerer = load_answerer(options.index_dir, reader=options.reader)
    with SET.open(encoding="utf-8") as lines:
        records = list(map(json.loads, lines))
    found: Counter[str] = Counter()
    of_type: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        places = places_of(answerer, record)
        if places is None:
            found["left out"] += 1
            continue
        answer = answerer.ask(Question.parse(record["question"]))
        right = rights(answer, places)
        kind = "answerable" if places else "unanswerable"
        first = bool(right) and right[0]
        found.update({kind: 1, f"{kind} {answer.status}": 1})
        if places:
            articles = {place.article_id for place in places}
            found.update({"first": first, "cited": any(right), "first_hit": any(
                hit.article.id in articles for hit in answer.hits[:1]),
                "answered, first": first and answer.status == "answered"})
            of_type[record["type"]].update({"questions": 1, "first": first, "cited": any(right)})
        if options.failures and (not first if places else answer.status == "answered"):
            said = answer.citations[0].quote if answer.citations else None
            print(json.dumps({"question": record["question"], "status": answer.status, "first": said,
                              "right": places[0].words if places else None}, ensure_ascii=False), file=sys.stderr)
    print(json.dumps(_measures(found) | {"types": of_type}, indent=1))
    return 0


def _measures(found: Counter[str]) -> dict[str, Any]:
    def share(count: int, whole: int) -> float | None:
        return round(count / whole, 3) if whole else None

    there, absent = found["answerable"], found["unanswerable"]
    return {"answerable": there, "unanswerable": absent, "left_out": found["left out"],
            **{name: share(found[name], there) for name in ("first", "cited", "first_hit")},
            "shown": share(there - found["answerable not_found"], there),
            "answered": share(found["answerable answered"], there),
            "answered_right": share(found["answered, first"], found["answerable answered"]),
            "unanswerable_not_answered": share(absent - found["unanswerable answered"], absent),
            "unanswerable_not_found": share(found["unanswerable not_found"], absent)}


if __name__ == "__main__":
    sys.exit(main())
