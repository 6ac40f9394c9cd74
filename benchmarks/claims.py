"""Measure the check of texts on claims that a person wrote: true ones in other words, and the same with one change.

    python -m benchmarks.claims --index-dir DIR [--part shaping] [--kind negation] [--failures]

`benchmarks/claims.jsonl` has one pair a line: `claim`, which the article `article_id` supports, in other words than its
own; `changed`, the same with one change of `kind`: a number, date, name, negation, speaker, place, modality or unit.
The rules were shaped on the part "shaping"; "second" was looked at after it had been measured once, and "last" was only
measured. DIR is an index that holds the articles, whose texts are not in this
project, and as many others as one likes.

It prints one JSON object: of all claims, the precision of `supported` and its recall over the true ones; for each kind,
how many changed claims were called supported, and how many contradicted, denied or misattributed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from index.settings import add_index_dir_argument
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.opening import load_answerer

SET = Path(__file__).with_suffix(".jsonl")
PARTS = ("shaping", "second", "last")
REFUTED = ("contradicted", "denied", "misattributed", "quote_altered")


def measure(answerer: Answerer, records: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Check both claims of each pair; return the measures, and the claims that are not as judged."""
    verdicts: dict[str, Counter[str]] = {}
    failures, times_ms = [], []
    for record in records:
        for side in ("claim", "changed"):
            started = time.thread_time()
            found = list(answerer.check(Draft.parse(record[side])).claims)
            times_ms.append(1000 * (time.thread_time() - started))
            verdict = found[0].verdict if len(found) == 1 else "split"
            verdicts.setdefault(f"{record['kind']} {side}", Counter())[verdict] += 1
            if (verdict == "supported") != (side == "claim"):
                failures.append(_described(record, side, found))
    true = sum((counted for name, counted in verdicts.items() if name.endswith("claim")), Counter())
    changed = sum((counted for name, counted in verdicts.items() if name.endswith("changed")), Counter())
    supported = true["supported"] + changed["supported"]
    measures = {
        "pairs": len(records), "precision_of_supported": _share(true["supported"], supported),
        "recall_of_supported": _share(true["supported"], true.total()),
        "refuted_of_changed": _share(sum(changed[verdict] for verdict in REFUTED), changed.total()),
        "true_refuted": sum(true[verdict] for verdict in REFUTED),
        "kinds": {kind: {side: dict(verdicts[f"{kind} {side}"].most_common()) for side in ("claim", "changed")}
                  for kind in dict.fromkeys(record["kind"] for record in records)},
        **{f"ms_p{share}": round(float(np.percentile(times_ms, share)), 1) for share in (50, 95)}}
    return measures, failures


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _described(record: dict[str, Any], side: str, found: list[CheckedClaim]) -> str:
    lines = [f"{record['kind']} {side} {record['article_id']}: {record[side]}"]
    for each in found:
        said = " ".join(f"{one.concerns}:{one.claim!r}/{one.source!r}" for one in each.differences)
        lines.append(f"    {each.verdict} {list(each.concerns)} {said}")
        lines += [f"      [{citation.number}] {citation.article.id} {citation.quote!r}" for citation in each.citations]
    return "\n".join(lines)


def main() -> int:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_index_dir_argument(parser)
    parser.add_argument("--part", choices=PARTS, help="only one part of the set")
    parser.add_argument("--kind", help="only pairs with this kind of change")
    parser.add_argument("--failures", action="store_true", help="list what is not as judged on standard error")
    options = parser.parse_args()
    records = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    records = [record for record in records if options.part in (None, record["part"])
               and options.kind in (None, record["kind"])]
    answerer = load_answerer(options.index_dir, reader="none")
    missing = {record["article_id"] for record in records} - answerer.snapshot.articles.rows.keys()
    if missing:
        print(f"claims: {options.index_dir} lacks {len(missing)} articles of the set; build it from the file that they "
              "were read from", file=sys.stderr)
        return 1
    measured, failures = measure(answerer, records)
    if options.failures:
        print("\n".join(failures), file=sys.stderr)
    print(json.dumps(measured, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
