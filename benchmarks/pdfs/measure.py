"""Compare what a PDF reader returns with the text that was typeset.

    python -m benchmarks.pdfs.measure FOLDER [--reader MODULE:FUNCTION] [--out result.json]

FOLDER is what `benchmarks.pdfs.makers` wrote. The reader takes the bytes of a PDF and returns an `Article`. White space
is collapsed before comparing.

- `errors`: Levenshtein distance to the typeset text, as a share of its length; 1 where the PDF was rejected.
- `letters`: the same by counts of characters alone, whatever their order: characters missing or extra.
- `errors_without_marks`: `errors` with vowel signs taken out of both.
- `pages_per_s`: of this process's processor time, the median of three passes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from index.pages import PAGES
from index.sources.rejections import RejectedError
from index.types import Article

MARKS = dict.fromkeys([*range(0x064B, 0x0660), 0x0670])
PASSES = 3


def main() -> int:
    """Print a table by maker and by document."""
    made = argparse.ArgumentParser(prog="benchmarks.pdfs.measure", description="Compare read text with typeset text.")
    made.add_argument("folder", type=Path)
    made.add_argument("--reader", default="index.sources.pdf:article_of_pdf")
    made.add_argument("--out", type=Path)
    options = made.parse_args()
    module, _, name = options.reader.partition(":")
    read: Callable[[bytes], Article] = getattr(import_module(module), name)
    paths = sorted(options.folder.glob("*--*--*.pdf"))
    rows = [measured(path, read) for path in paths]
    for key in ("maker", "document"):
        print_table(rows, key)
    print(f"pages_per_s {pages_per_s(paths, read):.1f}")
    if options.out:
        options.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(path: Path, read: Callable[[bytes], Article]) -> dict[str, Any]:
    """One PDF's figures."""
    maker, font, document = path.stem.split("--")
    gold = path.with_name(f"{document}.txt").read_text(encoding="utf-8")
    text, reason = "", ""
    try:
        article = read(path.read_bytes())
        text = " ".join(f"{article.title} {article.text}".split())
    except RejectedError as error:
        reason = error.reason
    bare_text, bare_gold = text.translate(MARKS), gold.translate(MARKS)
    counts, gold_counts = Counter(text), Counter(gold)
    return {"maker": maker, "font": font, "document": document, "rejected": reason,
            "errors": distance(text, gold) / len(gold),
            "letters": ((counts - gold_counts).total() + (gold_counts - counts).total()) / len(gold),
            "errors_without_marks": distance(bare_text, bare_gold) / len(bare_gold), "text": text}


def distance(one: str, other: str) -> int:
    """Levenshtein's distance, a row of the table at a time."""
    columns = np.frombuffer(other.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(columns) + 1)
    row = steps.copy()
    for number, character in enumerate(one, start=1):
        best = np.minimum(row[1:] + 1, row[:-1] + (columns != ord(character)))
        # An insertion costs one a step: what is left of each place, less its distance, is a running minimum.
        row = np.minimum.accumulate(np.concatenate([[number], best]) - steps) + steps
    return int(row[-1])


def pages_per_s(paths: list[Path], read: Callable[[bytes], Article]) -> float:
    """Pages a second, over the PDFs that are read."""
    speeds = []
    for _ in range(PASSES):
        pages, started = 0, time.process_time()
        for path in paths:
            try:
                pages += len(read(path.read_bytes()).metadata[PAGES])
            except RejectedError:
                pages += 1
        speeds.append(pages / (time.process_time() - started))
    return statistics.median(speeds)


def print_table(rows: list[dict[str, Any]], key: str) -> None:
    """Means of the figures by `key`, and how many were rejected."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    print(f"{key:34} {'PDFs':>5} {'rejected':>8} {'errors':>8} {'letters':>8} {'no marks':>8}")
    for name, group in [*sorted(groups.items()), ("all", rows)]:
        means = (statistics.fmean(row[figure] for row in group) for figure in ("errors", "letters",
                                                                              "errors_without_marks"))
        rejected = sum(bool(row["rejected"]) for row in group)
        print(f"{name:34} {len(group):5} {rejected:8} " + " ".join(f"{mean:8.4f}" for mean in means))


if __name__ == "__main__":
    sys.exit(main())
