"""Search for articles' titles: does a title find its article, and does it still when spelled differently?

    python -m benchmarks.titles --articles FILE.jsonl[.gz] --index-dir DIR [--sample N] [--seed S] --out FILE.json

It takes articles of FILE that are in the published index of DIR, draws `--sample` of them at random, and searches for
their titles as `musnad search` does; then again for each title in every spelling of `benchmarks/respelling.py` that
changes it. The result is one JSON object:
- `plain`: the number of `titles`; `recall@1` and `recall@10`, the share of titles whose own article has a passage among
  the first one or ten;
- `respelled`, for each spelling: the number of `titles` that it changes and their recall as above; `plain_recall@1` and
  `plain_recall@10` of the same titles unchanged; `identical_top10`, the share that finds the same ten passages in the
  same order;
- `renamed`: the same for titles in which a name is replaced by another spelling of it (`benchmarks/name_variants.txt`).
  There is one of the `cases` for each name in a title and each other spelling. These come from all titles, not only
  from the sample. `by_name` has the figures of each pair of spellings.
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
from qa.types.question import Question, QuestionError

RANKED = 10

Places = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """The first hits of a title and of another spelling of it, as article ids and start offsets."""

    article_id: str
    plain: Places
    other: Places


def main() -> int:
    """Write the measures to the file, and print them without `by_name`."""
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
    """Measure everything; the keys are described in this module's docstring."""
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
    """Tell whether the article is in the index and its title is a valid question."""
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
