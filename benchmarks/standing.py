"""Measure what standing claims cost a generation: `python -m benchmarks.standing FILE.jsonl[.gz] [--articles N]`.

One article arrives while 0, 1, 10, 100 and 1,000 claims, quotes or questions stand: sentences and titles of the
other articles. The time is that of matching the generation, from the ledger to its next state, median of `--times`, and
that of a processor, which other programs on the machine change less.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.build import build
from index.intake.inbox import Inbox
from index.intake.update import update
from index.model.default import DEFAULT_MODEL
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import READER_NAME
from index.sources.records import article_from_fields
from index.types import Article
from qa.answerer import Answerer
from qa.contract import StandingKind
from qa.standing.ledger import Ledger
from qa.standing.matching import Matcher
from qa.standing.types import STANDING_KINDS, StandingClaim

COUNTS = (0, 1, 10, 100, 1000)
SENTENCE_CHARS = range(40, 300)


def read_articles(path: Path, count: int) -> list[Article]:
    """Read the first articles of a file of JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, count)]
    return [article_from_fields(record, record["text"]) for record in records]


def texts_to_follow(snapshot: Snapshot, kind: StandingKind, count: int) -> list[str]:
    """Take sentences, or titles for questions, from articles spread over the snapshot."""
    found: list[str] = []
    while len(found) < count:
        for row in range(0, len(snapshot.articles), max(1, len(snapshot.articles) // count)):
            article = snapshot.articles[row]
            sentences = [article.text[each.start:each.end] for each in snapshot.tables.all_sentences(row)[1]
                         if each.end - each.start in SENTENCE_CHARS]
            found += [f"{article.title}؟"] if kind == "question" else sentences[:1]
    return found[:count]


def matched_in_s(answerer: Answerer, ledger: Ledger, claims: list[StandingClaim]) -> tuple[float, float, int]:
    """Match a generation against claims; return the seconds, those of a processor, and the number of alerts."""
    began, processor_began = time.perf_counter(), time.process_time()
    additions, _ = ledger.additions(answerer.snapshot)
    matcher = Matcher(answerer, additions, lambda: "2031-05-04T00:00:00Z")
    alerts = sum(len(matcher.match(claim, []).alerts) for claim in claims)
    return time.perf_counter() - began, time.process_time() - processor_began, alerts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=7000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--most", type=int, default=max(COUNTS), metavar="N", help="at most so many claims")
    arguments = parser.parse_args()
    *before, new = read_articles(arguments.file, arguments.articles + 1)
    embedder, reader = load_embedder(DEFAULT_MODEL), load_reader(READER_NAME)
    with tempfile.TemporaryDirectory() as folder:
        build(before, Path(folder), embedder)
        snapshot = open_snapshot(Path(folder))
        began = time.perf_counter()
        ledger = Ledger.of(snapshot)
        print(f"{len(before):,} articles, {snapshot.passage_count:,} passages; the first ledger: "
              f"{time.perf_counter() - began:.2f} s, {len(ledger.as_bytes()):,} bytes")
        Inbox(Path(folder)).add(new, "api")
        update((), Path(folder), lambda: embedder, is_exact=False)
        answerer = Answerer(open_snapshot(Path(folder)), embedder, reader)
        for kind in STANDING_KINDS:
            for count in (each for each in COUNTS if each <= arguments.most):
                claims = [StandingClaim(str(number), kind, text, "", "", "", ledger.generation, "")
                          for number, text in enumerate(texts_to_follow(snapshot, kind, count) if count else ())]
                taken = [matched_in_s(answerer, ledger, claims) for _ in range(arguments.times if count < 1000 else 1)]
                wall_s, processor_s = (statistics.median(each[part] for each in taken) for part in (0, 1))
                print(f"{kind:8} {count:5} stand: {wall_s * 1000:8,.0f} ms, {processor_s * 1000:8,.0f} ms of a "
                      f"processor, {taken[0][2]} alerts", flush=True)


if __name__ == "__main__":
    main()
