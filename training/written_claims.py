"""Reads `training/claims.jsonl`, and takes up what was written: python -m training.written_claims ARTICLES FILE...

Each line has a `claim` about the article `article_id`, the `evidence` that alone proves it, and versions of the claim
with one change each, which the article does not support (`changed`, each with `text` and `kind`). Writers give the
evidence as sentences of the article, verbatim; in the project it is places in the article's text, in code points, for
the texts are not in it. What cannot be taken up is named on standard error.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).with_name("claims.jsonl")
BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "claims.jsonl"
KINDS = ("number", "date", "name", "negation", "speaker", "place", "modality", "unit", "order", "quantity",
         "attribution", "word", "event")


class UnusableLineError(ValueError):
    """A line that cannot be taken up; the message says why."""


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim that its evidence entails, and versions of it that the article does not support, by text and kind.

    `evidence` holds half-open places in the article's text, in code points, in the order of the text.
    """

    article_id: str
    claim: str
    evidence: tuple[tuple[int, int], ...]
    changed: tuple[tuple[str, str], ...]


def written_claims() -> list[WrittenClaim]:
    """Read all claims."""
    with WRITTEN.open(encoding="utf-8") as lines:
        return [WrittenClaim(each["article_id"], each["claim"], tuple((start, end) for start, end in each["evidence"]),
                             tuple((version["text"], version["kind"]) for version in each["changed"]))
                for each in map(json.loads, lines)]


def judged_articles() -> set[str]:
    """Return the ids of the articles that the check of texts is measured on: no claim here may be about them."""
    with BENCHMARK.open(encoding="utf-8") as lines:
        return {json.loads(line)["article_id"] for line in lines}


def taken_up(line: Mapping[str, Any], texts: Mapping[str, str]) -> WrittenClaim:
    """Return a writer's line with the places of its evidence; raise UnusableLineError with what is wrong with it."""
    text = texts.get(line["article_id"])
    if text is None:
        raise UnusableLineError("no such article")
    if not line["evidence"] or not line["changed"]:
        raise UnusableLineError("no evidence, or nothing changed")
    places = []
    for sentence in line["evidence"]:
        at = text.find(sentence)
        if at < 0 or not sentence.strip():
            raise UnusableLineError(f"evidence is not in the article: {sentence[:60]}")
        places.append((at, at + len(sentence)))
    changed = tuple((version["text"], version["kind"]) for version in line["changed"])
    for version, kind in changed:
        if kind not in KINDS or _plain(version) == _plain(line["claim"]):
            raise UnusableLineError(f"not a change: {kind}, {version[:60]}")
    return WrittenClaim(line["article_id"], line["claim"], tuple(sorted(set(places))), changed)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _taken_up(lines: Iterator[str], texts: Mapping[str, str], source: str) -> Iterator[WrittenClaim]:
    for number, line in enumerate(lines, start=1):
        try:
            yield taken_up(json.loads(line), texts)
        except (UnusableLineError, ValueError, KeyError) as error:
            print(f"{source}:{number}: {error}", file=sys.stderr)


def main() -> None:
    """Add the writers' files to `training/claims.jsonl`; a claim that is there already is replaced."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path, help="the articles, JSON lines in gzip")
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    options = parser.parse_args()
    judged = judged_articles()
    with gzip.open(options.articles, "rt", encoding="utf-8") as lines:
        texts = {each["id"]: each["text"] for each in map(json.loads, lines) if each["id"] not in judged}
    found = {f"{each.article_id} {each.claim}": each for each in written_claims()}
    for path in options.files:
        with path.open(encoding="utf-8") as lines:
            found |= {f"{each.article_id} {each.claim}": each
                      for each in _taken_up((line for line in lines if line.strip()), texts, path.name)}
    with WRITTEN.open("w", encoding="utf-8") as out:
        for _, each in sorted(found.items()):
            line = {"article_id": each.article_id, "claim": each.claim, "evidence": each.evidence,
                    "changed": [{"text": text, "kind": kind} for text, kind in each.changed]}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{len(found)} claims about {len({each.article_id for each in found.values()})} articles")


if __name__ == "__main__":
    main()
