"""Make true and false quotes from an index's articles, and measure the verdict that each gets.

    python build_index.py FILE… --index-dir DIR       # of a part of the articles
    python -m benchmarks.quotes --index-dir DIR --held-out FILE.jsonl [--count 100] [--seed 0] [--failures]

It makes `count` quotes of each kind, at random with a seed:

- `true`: 5 to 40 consecutive words of an article. Some have hamzas, ya, ta marbuta, digits, marks, tatweel or
  punctuation written differently; one in ten lacks its first "and"; one in ten is a sentence with dots in place of its
  middle;
- `altered`: a number, a negation, a name or another word changed, words left out or inserted, or two words swapped;
- `stitched`: parts of two or three sentences that are not neighbours, from one article or two, with or without dots
  between them;
- `attributed`: the words after "قال … إن" in a sentence, with the name between the two as the speaker;
- `misattributed`: the same with a speaker from another article, whose last name does not occur in the true speaker's
  name;
- `absent`: sentences of articles that are not in the index and share fewer than three runs of five words with it, and
  the words of one article in another order.

It prints one JSON object: how many quotes of each kind got which verdict, and milliseconds of this thread's processor
time. `--failures` lists every quote with a wrong verdict on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quote_maker import Maker, NoQuoteError
from index.generation.snapshot import Snapshot, open_snapshot
from index.sources import read_paths
from index.types import Article
from qa.types.index_state import IndexState
from qa.verify.quote import Quote
from qa.verify.verify import verify

EXPECTED = {"true": "found", "altered": "altered", "stitched": "stitched", "attributed": "found",
            "misattributed": "misattributed", "absent": "absent"}


def quotes(maker: Maker, count: int) -> Iterator[tuple[str, str, Quote]]:
    """Make `count` quotes of each kind; yield the kind, how the quote was made, and the quote."""
    makers = (maker.true, maker.altered, maker.stitched, maker.attributed, maker.misattributed, maker.absent)
    for kind, make in zip(EXPECTED, makers, strict=True):
        for _ in range(count):
            how, *quote = make()
            yield kind, how, Quote.parse(*quote)


def measure(snapshot: Snapshot, maker: Maker, count: int, *, failures: bool) -> dict[str, Any]:
    """Check every quote and count the verdicts."""
    verdicts: dict[str, Counter[str]] = {kind: Counter() for kind in EXPECTED}
    wrong: Counter[str] = Counter()
    times_ms = []
    state = IndexState(snapshot.generation, len(snapshot.articles), snapshot.passage_count)
    attributions: dict[str, Counter[str]] = {kind: Counter() for kind in ("attributed", "misattributed")}
    for kind, how, quote in quotes(maker, count):
        started = time.thread_time()
        found = verify(snapshot, state, quote)
        times_ms.append(1000 * (time.thread_time() - started))
        verdicts[kind][found.verdict] += 1
        if quote.speaker:
            attributions[kind][str(found.attribution)] += 1
        for part in found.parts:
            assert part.citation.article.text[part.citation.start:part.citation.end] == part.citation.quote
        if found.verdict != EXPECTED[kind]:
            wrong[f"{kind}, {how}: {found.verdict}"] += 1
            if failures:
                print(f"{kind}, {how}: {found.verdict}\n  {quote.speaker}: {quote.text}", file=sys.stderr)
                print(f"  {[speaker.name for speaker in found.speakers]} {found.attribution}", file=sys.stderr)
                for part in found.parts:
                    print(f"  = {part.citation.article.id} {part.citation.quote}", file=sys.stderr)
                for difference in found.differences:
                    print(f"  {difference.kind}: {difference.quote!r} for {difference.source!r}", file=sys.stderr)
    right = sum(verdicts[kind][expected] for kind, expected in EXPECTED.items())
    return {"quotes": len(times_ms), "right": right,
            "verdicts": {kind: dict(counted) for kind, counted in verdicts.items()},
            "attributions": {kind: dict(counted) for kind, counted in attributions.items()},
            "wrong": dict(wrong.most_common()),
            **{f"ms_p{share}": round(float(np.percentile(times_ms, share)), 1) for share in (50, 95, 99)}}


def main() -> int:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, required=True, help="articles that are not in the index")
    parser.add_argument("--count", type=int, default=100, help="quotes of each kind (default 100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", action="store_true", help="list the quotes with a wrong verdict")
    options = parser.parse_args()
    snapshot = open_snapshot(options.index_dir)
    held_out = [record for record in read_paths([options.held_out])
                if isinstance(record, Article) and record.id not in snapshot.articles.rows]
    maker = Maker(list(snapshot.articles), held_out, options.seed)
    try:
        measured = measure(snapshot, maker, options.count, failures=options.failures)
    except NoQuoteError as error:
        print(f"quotes: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"articles": len(snapshot.articles), "seed": options.seed, **measured},
                     ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
