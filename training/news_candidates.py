"""Collects what the product retrieves for the news questions: python -m training.news_candidates ARTICLES QUESTIONS...

ARTICLES is a `.jsonl.gz` of news. A line of QUESTIONS has `article_id`, `question`, `answerable`, and `answers`, spans
of the text. An index is built of the articles that the questions are about and of `--others` more, drawn at random, and
each question is searched there. The reader learns from the passages that come back: one holds the answer, the others
are what it must not take for one.

Writes one JSON object a question to `--out`: the question's own fields and `passages`, best first, each with its
article, title, time, place and text, and the place of its sentence that is closest to the question; behind them, with
`retrieved` false, those of its own article that hold an answer or its near miss and were not found. The texts are
somebody else's: the file stays under `var/`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import build_index
from index.generation.snapshot import Snapshot, open_snapshot
from index.model.load import load_embedder
from index.types import Article
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate
from qa.retrieve.searcher import Searcher
from qa.types.filters import Filters
from qa.types.question import Question, QuestionError

PASSAGES = 12
SEED = 11


def main() -> None:
    """Build the index where there is none, search it, and write what is found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--others", type=int, default=1500, help="articles without questions (default 1500)")
    parser.add_argument("--out", type=Path, default=Path("var/training/news-candidates.jsonl"))
    options = parser.parse_args()

    questions = [json.loads(line) for path in options.questions for line in path.open(encoding="utf-8")]
    folder = options.out.parent
    folder.mkdir(parents=True, exist_ok=True)
    index_dir = folder / "news-index"
    if not (index_dir / "CURRENT").exists():
        chosen = folder / "news-articles.jsonl"
        with chosen.open("w", encoding="utf-8") as lines:
            lines.writelines(_articles(options.articles, {question["article_id"] for question in questions},
                                       options.others))
        if build_index.main([str(chosen), "--index-dir", str(index_dir)]):
            raise SystemExit("the index was not built")
    with options.out.open("w", encoding="utf-8") as found:
        for record in _searched(index_dir, questions):
            found.write(json.dumps(record, ensure_ascii=False) + "\n")


def _articles(path: Path, asked_about: set[str], others: int) -> Iterator[str]:
    """The lines of the articles that the questions are about, and of so many others."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        by_id = {json.loads(line)["id"]: line for line in lines}
    rest = sorted(set(by_id) - asked_about)
    for article_id in sorted(asked_about | set(random.Random(SEED).sample(rest, min(others, len(rest))))):
        yield by_id[article_id]


def _searched(index_dir: Path, questions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    snapshot = open_snapshot(index_dir)
    searcher = Searcher(snapshot, load_embedder())
    for question in questions:
        try:
            parsed = parse_question(Question.parse(question["question"]).text)
        except QuestionError as error:
            print(f"left out: {question['id']}: {error}")
            continue
        passages = [_found(snapshot, each) for each in searcher.search(parsed, Filters(), PASSAGES)[0]]
        passages += [missed for missed in _of_article(snapshot, question["article_id"])
                     if any(missed["start"] < end and start < missed["end"] for start, end in _wanted(question))
                     and not any(missed["article_id"] == passage["article_id"] and missed["start"] == passage["start"]
                                 for passage in passages)]
        yield {**question, "passages": passages}


def _found(snapshot: Snapshot, candidate: Candidate) -> dict[str, Any]:
    row, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
    closest = snapshot.tables.sentences_of(candidate.row)[int(candidate.sentence_cosines.argmax())]
    return {**_passage(snapshot.articles[row], start, end, retrieved=True), "closest": [closest.start, closest.end]}


def _of_article(snapshot: Snapshot, article_id: str) -> Iterator[dict[str, Any]]:
    row = snapshot.articles.rows.get(article_id)
    if row is None:   # one of the articles that are stored once for several
        return
    article = snapshot.articles[row]
    for passage in snapshot.tables.passages[snapshot.tables.passages[:, 0] == row].tolist():
        yield _passage(article, passage[1], passage[2], retrieved=False)


def _passage(article: Article, start: int, end: int, *, retrieved: bool) -> dict[str, Any]:
    return {"article_id": article.id, "title": article.title, "published": article.published, "start": start,
            "end": end, "text": article.text[start:end], "retrieved": retrieved}


def _wanted(question: dict[str, Any]) -> list[list[int]]:
    """The answers' spans, or the near miss's."""
    return [*question["answers"][:1]] if question["answerable"] else [question["near"]]


if __name__ == "__main__":
    main()
