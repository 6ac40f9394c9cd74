"""Measure verdicts and speakers on attributed quotations that a person read and judged.

    python -m benchmarks.quotations FILE.jsonl.gz [--others 1200] [--part PART] [--failures]

`benchmarks/quotations.jsonl` has one quotation a line, as offsets in code points into the article `article_id` of FILE,
whose texts are not in this project: `quote`; `speaker`, the places that name who said it; `stance`, one of "stated",
"denied", "asked" and "doubted"; `other`, if present, a place that names somebody in the same article who did not say
it; `altered`, each a place in the quote and the words put there instead.

Each quote is checked with its speaker, with `other`, with a speaker of another quotation that its article does not
mention, and altered. It prints one JSON object. Precision is the share of what is stated firmly that is right; recall
is the share of what could be stated that is. The embedding plays no part in checking a quote, so vectors are made up.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.sources import read_paths
from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.index_state import IndexState
from qa.verify.quote import Quote, Verification
from qa.verify.verify import verify
from tests.fakes import WordEmbedder

SET = Path(__file__).with_suffix(".jsonl")
# The first two were looked at while the rules were written, the next six only after they were measured once, the last
# two were committed before any rule was tried on them.
PARTS = ("first", "second", "last", "newest", "unseen", "fresh", "untouched", "latest", "sealed", "winter")
AGREEING = {"stated": "confirmed", "denied": "denied", "asked": "asked", "doubted": "doubted"}


@dataclass(frozen=True, slots=True)
class Quotation:
    """A judged quotation: its article, its words, who said it under which names, and how."""

    article: Article
    text: str
    speakers: tuple[str, ...]
    stance: str
    other: str | None
    altered: tuple[str, ...]

    @classmethod
    def of(cls, record: dict[str, Any], article: Article) -> Quotation:
        """Read the words of a record from its article."""
        def words(span: Sequence[int]) -> str:
            return article.text[span[0]:span[1]]

        start, end = record["quote"]
        altered = tuple(article.text[start:first] + put + article.text[last:end]
                        for (first, last), put in record.get("altered", ()))
        other = words(record["other"]) if "other" in record else None
        return cls(article, words((start, end)), tuple(map(words, record["speaker"])), record["stance"], other, altered)


def asked(quotations: Sequence[Quotation]) -> Iterator[tuple[Quotation, str, Quote]]:
    """Yield each quotation with how it is asked and the quote to check."""
    for number, one in enumerate(quotations):
        yield one, "own", Quote.parse(one.text, one.speakers[0])
        if one.other:
            yield one, "other", Quote.parse(one.text, one.other)
        mentioned = set(split_words(normalise(f"{one.article.title} {one.article.text}")))
        stranger = next((each.speakers[0] for each in (*quotations[number + 1:], *quotations[:number])
                         if len(each.speakers[0].split()) > 1
                         and mentioned.isdisjoint(split_words(normalise(each.speakers[0])))), None)
        if stranger:
            yield one, "stranger", Quote.parse(one.text, stranger)
        for text in one.altered:
            yield one, "altered", Quote.parse(text)


def is_named(name: str, speakers: Sequence[str]) -> bool:
    """Tell whether a name found in an article is one of the speaker's: the last word of either is in the other."""
    found = split_words(normalise(name))
    return any(_has(found, split_words(normalise(each))) for each in speakers)


def _has(found: Sequence[str], judged: Sequence[str]) -> bool:
    return _bare(found[-1]) in map(_bare, judged) or _bare(judged[-1]) in map(_bare, found)


def _bare(word: str) -> str:
    return word.removeprefix("لل").removeprefix("ل").removeprefix("ال")


class Tally:
    """Count what is stated firmly, what of it is right, and what could be stated."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.possible: Counter[str] = Counter()
        self.failures: list[str] = []

    def add(self, one: Quotation, how: str, quote: Quote, found: Verification) -> None:
        """Count one answer."""
        if how == "altered":
            is_right = found.verdict == "altered"
            self._count("altered", is_said=found.verdict != "absent", is_right=is_right)
            if not is_right:
                self._note(one, how, quote, found)
            return
        agreeing, attribution = AGREEING[one.stance], str(found.attribution)
        wanted = agreeing if how == "own" else "contradicted"
        is_right = attribution == wanted or (how != "own" and attribution == "quoted")
        self.possible[wanted] += 1
        if attribution != "undetermined":
            self.said[attribution] += 1
            self.right[attribution] += is_right
        if not is_right:
            self._note(one, how, quote, found)
        if how == "own":
            names = [each.name for each in found.speakers if each.article.id == one.article.id]
            is_right = bool(names) and is_named(names[0], one.speakers)
            self._count("named", is_said=bool(names), is_right=is_right)
            if names and not is_right:
                self._note(one, "named", quote, found)

    def _count(self, what: str, *, is_said: bool, is_right: bool) -> None:
        self.possible[what] += 1
        self.said[what] += is_said
        self.right[what] += is_right

    def _note(self, one: Quotation, how: str, quote: Quote, found: Verification) -> None:
        start = one.article.text.find(one.text)
        around = one.article.text[max(0, start - 220):start] + "[[" + one.text[:60] + "]]"
        self.failures.append(f"{how} {one.article.id} {one.stance} asked {quote.speaker!r}: {found.verdict} "
                             f"{found.attribution} {[each.name for each in found.speakers]}\n    {around!r}"
                             + (f"\n    {quote.text}" if how == "altered" else ""))

    def report(self) -> dict[str, Any]:
        """Return precision and recall of each kind of statement."""
        return {what: {"possible": self.possible[what], "said": self.said[what], "right": self.right[what],
                       "precision": _share(self.right[what], self.said[what]),
                       "recall": _share(self.right[what], self.possible[what])}
                for what in sorted(self.possible | self.said)}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def measure(snapshot: Snapshot, quotations: Sequence[Quotation]) -> tuple[dict[str, Any], list[str]]:
    """Check every quotation in each way; return the measures, and the answers that are not as judged."""
    tally, times_ms = Tally(), []
    state = IndexState(snapshot.generation, len(snapshot.articles), snapshot.passage_count)
    verdicts: Counter[str] = Counter()
    for one, how, quote in asked(quotations):
        started = time.thread_time()
        found = verify(snapshot, state, quote)
        times_ms.append(1000 * (time.thread_time() - started))
        tally.add(one, how, quote, found)
        verdicts[f"{how} {one.stance}: {found.verdict}"] += 1
    return {"quotations": len(quotations), **tally.report(), "verdicts": dict(sorted(verdicts.items())),
            **{f"ms_p{share}": round(float(np.percentile(times_ms, share)), 1) for share in (50, 95, 99)}
            }, tally.failures


def main() -> int:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path, help="the articles that the set was read from")
    parser.add_argument("--others", type=int, default=1200, help="articles besides those of the set (default 1200)")
    parser.add_argument("--part", choices=PARTS, help="only one part of the set")
    parser.add_argument("--failures", action="store_true", help="list what is not as judged on standard error")
    options = parser.parse_args()
    records = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    wanted = {record["article_id"] for record in records}
    articles = [article for article in read_paths([options.articles]) if isinstance(article, Article)]
    of_id = {article.id: article for article in articles}
    missing = wanted - of_id.keys()
    if missing:
        print(f"quotations: {options.articles} lacks {len(missing)} articles of the set; give the file that it was "
              "read from", file=sys.stderr)
        return 1
    others = [article for article in articles if article.id not in wanted][:options.others]
    quotations = [Quotation.of(record, of_id[record["article_id"]]) for record in records]
    if options.part:
        quotations = [one for one, record in zip(quotations, records, strict=True) if record["part"] == options.part]
    with_set = [of_id[name] for name in sorted(wanted)]
    measured, failures = measure(throwaway_snapshot([*with_set, *others], WordEmbedder()), quotations)
    if options.failures:
        print("\n".join(failures), file=sys.stderr)
    print(json.dumps(measured, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
