"""Measure the check of texts on claims that a person wrote: true ones in other words, and the same with one change.

    python -m benchmarks.claims --index-dir DIR [--part tuning] [--kind negation] [--reader none] [--failures]

`benchmarks/claims.jsonl` has one pair a line: `claim`, which the article `article_id` supports, in other words than its
own; `changed`, the same with one change of `kind`: a number, date, name, negation, speaker, place, modality or unit,
the order of those who act, a word of quantity, or somebody's words told as a fact (`attribution`).
The rules were shaped on the parts "shaping", "second", "tuning" and "fresh"; "last" was looked at once. "held-out" are
those of the newer articles whose ids have an odd SHA-256: they are only measured. DIR is an index that holds the
articles, whose texts are not in this project, and as many others as one likes.

It prints one JSON object: for each part and for each kind of change, the precision of `supported`, its recall over the
true claims, how many changed claims were called supported, and how many contradicted, denied or misattributed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.model.load_reader import add_reader_argument
from index.settings import add_index_dir_argument
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.opening import load_answerer

SET = Path(__file__).with_suffix(".jsonl")
PARTS = ("shaping", "second", "last", "tuning", "fresh", "held-out")
REFUTED = ("contradicted", "denied", "misattributed", "quote_altered")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one side of a pair, "claim" or "changed", and how long it took, in milliseconds of a processor."""

    record: dict[str, Any]
    side: str
    found: list[CheckedClaim]
    ms: float

    @property
    def verdict(self) -> str:
        return self.found[0].verdict if len(self.found) == 1 else "split"


def check_all(answerer: Answerer, records: Sequence[dict[str, Any]]) -> list[Outcome]:
    """Check both claims of each pair."""
    outcomes = []
    for record in records:
        for side in ("claim", "changed"):
            started = time.process_time()
            found = list(answerer.check(Draft.parse(record[side])).claims)
            outcomes.append(Outcome(record, side, found, 1000 * (time.process_time() - started)))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the measures of some pairs."""
    true, changed = (Counter(each.verdict for each in outcomes if each.side == side) for side in ("claim", "changed"))
    return {"pairs": true.total(), "precision": _share(true["supported"], true["supported"] + changed["supported"]),
            "recall": _share(true["supported"], true.total()), "changed_supported": changed["supported"],
            "changed_refuted": sum(changed[verdict] for verdict in REFUTED),
            "true_refuted": sum(true[verdict] for verdict in REFUTED)}


def measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the measures of all pairs, of each part, and of each kind within the parts that are there."""
    def of(field: str, chosen: Sequence[Outcome]) -> dict[str, Any]:
        return {value: summary([each for each in chosen if each.record[field] == value])
                for value in dict.fromkeys(each.record[field] for each in chosen)}

    times = [each.ms for each in outcomes]
    return {"all": summary(outcomes), "parts": of("part", outcomes), "kinds": {
        part: of("kind", [each for each in outcomes if each.record["part"] == part])
        for part in dict.fromkeys(each.record["part"] for each in outcomes)},
        **{f"ms_p{share}": round(float(np.percentile(times, share)), 1) for share in (50, 95)}}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _described(outcome: Outcome) -> str:
    record = outcome.record
    lines = [f"{record['part']} {record['kind']} {outcome.side} {record['article_id']}: {record[outcome.side]}"]
    for each in outcome.found:
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
    parser.add_argument("--failures", action="store_true", help="list what is not as judged on standard error; not of "
                                                                "what is held out")
    add_reader_argument(parser)
    options = parser.parse_args()
    records = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    records = [record for record in records if options.part in (None, record["part"])
               and options.kind in (None, record["kind"])]
    answerer = load_answerer(options.index_dir, reader=options.reader)
    missing = {record["article_id"] for record in records} - answerer.snapshot.articles.rows.keys()
    if missing:
        print(f"claims: {options.index_dir} lacks {len(missing)} articles of the set; build it from the file that they "
              "were read from", file=sys.stderr)
        return 1
    outcomes = check_all(answerer, records)
    if options.failures:
        print("\n".join(_described(each) for each in outcomes if each.record["part"] != "held-out"
                        and (each.verdict == "supported") != (each.side == "claim")), file=sys.stderr)
    print(json.dumps(measures(outcomes), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
