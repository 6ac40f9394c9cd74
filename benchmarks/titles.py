"""Titles as questions: does a title find its article, and does it find the same when it is spelled otherwise?

    python -m benchmarks.titles --articles FILE.jsonl[.gz] --index-dir DIR [--sample N] [--seed S] --out FILE.json

Titles of the articles of FILE that the published index in DIR holds, `--sample` of them drawn at random, are searched
for as `musnad search` does; then each again in every spelling of `benchmarks/respelling.py` that changes it. One JSON
object of
- `plain`: `titles`; `recall@1` and `recall@10`, the share whose own article has a passage among the first one or ten;
- `respelled`, by spelling: `titles` that it changes, their recall as above, `plain_recall@1` and `plain_recall@10` of
  the same titles as they are, and `identical_top10`, the share with the same ten passages in the same order;
- `renamed`: the same of titles with a name in another of its spellings (`benchmarks/name_variants.txt`), one of the
  `cases` for each name and other spelling; all titles are looked through for these, not the sample alone. `by_name` has
  each pair of spellings.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.respelling import RESPELLINGS, name_variants, renamed
from index.errors import UnknownArticleError
from index.sources import read_paths
from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.evaluate import rounded, versions
from qa.evaluation.question_sets import sample_of
from qa.opening import load_answerer
from qa.types import Question, QuestionError

RANKED = 10

Places = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """A title's first hits, as article and start, and those of another spelling of it."""

    article_id: str
    plain: Places
    other: Places


def main() -> int:
    """Write the measures; print them without those by name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True, metavar="FILE")
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--sample", type=int, default=500, help="titles to ask (default 500)")
    parser.add_argument("--seed", type=int, default=0, help="draws the titles and places the signs (default 0)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    options = parser.parse_args()
    answerer = load_answerer(options.index_dir, None)
    articles = [record for record in read_paths([options.articles]) if isinstance(record, Article)]
    measures = measure(articles, answerer, sample=options.sample, seed=options.seed)
    options.out.write_text(json.dumps(measures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    measures["renamed"].pop("by_name")
    print(json.dumps(measures, ensure_ascii=False, indent=1))
    return 0


def measure(articles: Iterable[Article], answerer: Answerer, *, sample: int, seed: int) -> dict[str, Any]:
    """All of them, as the head of this module names them."""
    started = time.perf_counter()
    titled = [article for article in articles if _is_asked(article, answerer)]
    asked = sample_of(titled, sample, seed)
    plain = {article.id: _search(answerer, article.title) for article in asked}
    respelled = {}
    for name, respell in RESPELLINGS.items():
        chance = random.Random(seed)
        others = [(article, respell(article.title, chance)) for article in asked]
        respelled[name] = _compared([Case(article.id, plain[article.id], _search(answerer, other))
                                     for article, other in others if other != article.title])
    return rounded({
        "index": answerer.state.as_json(), "titled_in_index": len(titled), "sample": sample, "seed": seed,
        "plain": {"titles": len(asked), **_recall("", [(article.id, plain[article.id]) for article in asked])},
        "respelled": respelled, "renamed": _renamed(titled, answerer), "seconds": time.perf_counter() - started,
        "versions": versions(answerer.snapshot.model)})


def _renamed(articles: Sequence[Article], answerer: Answerer) -> dict[str, Any]:
    variants = name_variants()
    by_name: dict[str, list[Case]] = defaultdict(list)
    plain: dict[str, Places] = {}
    for article in articles:
        for name, other, title in renamed(article.title, variants):
            if article.id not in plain:
                plain[article.id] = _search(answerer, article.title)
            by_name[f"{name} {other}"].append(Case(article.id, plain[article.id], _search(answerer, title)))
    cases = [case for of_name in by_name.values() for case in of_name]
    return {"cases": len(cases), **_compared(cases), "titles": len(plain),
            "by_name": {names: _compared(of_name) for names, of_name in sorted(by_name.items())}}


def _is_asked(article: Article, answerer: Answerer) -> bool:
    """Whether the article is in the index and has a title that can be asked."""
    try:
        Question.parse(article.title)
        answerer.article(article.id)
    except (QuestionError, UnknownArticleError):
        return False
    return True


def _search(answerer: Answerer, title: str) -> Places:
    hits = answerer.search(Question.parse(title, top_k=RANKED)).hits
    return [(hit.article.id, hit.start) for hit in hits]


def _compared(cases: Sequence[Case]) -> dict[str, Any]:
    return {"titles": len(cases), **_recall("", [(case.article_id, case.other) for case in cases]),
            **_recall("plain_", [(case.article_id, case.plain) for case in cases]),
            "identical_top10": _share([case.other == case.plain for case in cases])}


def _recall(prefix: str, found: Sequence[tuple[str, Places]]) -> dict[str, float]:
    return {f"{prefix}recall@{k}": _share([article_id in [found_id for found_id, _ in places[:k]]
                                           for article_id, places in found]) for k in (1, RANKED)}


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts) if facts else float("nan")


if __name__ == "__main__":
    sys.exit(main())
