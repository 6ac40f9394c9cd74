"""Remember what every generation so far had, so that exactly the sentences that the next one adds are new.

Articles and sentences are known by 8 bytes of a hash, so an article of fifteen sentences takes 130 bytes. An article
that is withdrawn and comes back unchanged is not new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.generation.folder import sequence_of
from index.generation.snapshot import Snapshot
from qa.types.filters import PassageMask

FORMAT = 1
# Hashes of sentences that are gone stay until they are as many again as those that are there.
MOST_STALE = 2
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Additions:
    """What a generation adds: the rows of its new sentences, and those of the passages and articles that have them."""

    sentences: frozenset[int]
    passages: NDArray[np.bool_]
    articles: tuple[int, ...]

    def passages_in(self, snapshot: Snapshot, articles: Iterable[int]) -> PassageMask:
        """Return a mask of the new passages of these articles, given by row."""
        rows = np.zeros(len(self.passages), bool)
        for article in articles:
            own = snapshot.tables.passages_of(article)
            rows[own.start:own.stop] = self.passages[own.start:own.stop]
        return PassageMask(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What generations up to `generation` had: sorted hashes of articles as they were, (articles,) uint64, and of
    sentences with their article's id, (sentences,) uint64.
    """

    generation: str
    articles: Hashes
    sentences: Hashes

    @classmethod
    def of(cls, snapshot: Snapshot) -> Ledger:
        """Return what this generation has, all of it."""
        hashes = [_sentence_hashes(snapshot, row) for row in range(len(snapshot.articles))]
        return cls(snapshot.generation, np.unique(_article_hashes(snapshot)),
                   np.unique(np.concatenate(hashes)) if hashes else np.empty(0, np.uint64))

    def is_before(self, generation: str) -> bool:
        """Tell whether a generation is later than what was read: after a roll-back the one served is not."""
        return self.comes_before(self.generation, generation)

    @staticmethod
    def comes_before(earlier: str, later: str) -> bool:
        """Tell whether one generation was made before another, by their names."""
        return sequence_of(earlier) < sequence_of(later)

    def additions(self, snapshot: Snapshot) -> tuple[Additions, Ledger]:
        """Return what a generation adds, and the ledger with it."""
        lines = _article_hashes(snapshot)
        changed = np.flatnonzero(~np.isin(lines, self.articles)).tolist()
        sentences: set[int] = set()
        passages = np.zeros(snapshot.passage_count, bool)
        articles, hashes = [], [self.sentences]
        for row in changed:
            own = _sentence_hashes(snapshot, row)
            first, _ = snapshot.tables.all_sentences(row)
            new = [first + place for place in np.flatnonzero(~np.isin(own, self.sentences)).tolist()]
            hashes.append(own)
            if new:
                articles.append(row)
                sentences.update(new)
                for passage in snapshot.tables.passages_of(row):
                    start, end = snapshot.tables.passages[passage, 3:5].tolist()
                    passages[passage] = any(start <= sentence < end for sentence in new)
        read = Ledger(snapshot.generation, np.unique(lines), np.unique(np.concatenate(hashes)))
        if len(read.sentences) > MOST_STALE * max(1, snapshot.sentence_count):
            read = Ledger.of(snapshot)
        return Additions(frozenset(sentences), passages, tuple(articles)), read

    def as_bytes(self) -> bytes:
        """Return it as it is stored: a line of JSON, and the hashes in little endian."""
        about = {"format": FORMAT, "generation": self.generation, "articles": len(self.articles),
                 "sentences": len(self.sentences)}
        return json.dumps(about).encode() + b"\n" + self.articles.astype("<u8").tobytes() \
            + self.sentences.astype("<u8").tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> Ledger:
        """Restore what `as_bytes` returned. Raises ValueError or KeyError if it is something else."""
        line, _, hashes = content.partition(b"\n")
        about = json.loads(line)
        if about["format"] != FORMAT:
            raise ValueError(f"the ledger is of format {about['format']}, this program reads {FORMAT}")
        found = np.frombuffer(hashes, "<u8").astype(np.uint64)
        if len(found) != about["articles"] + about["sentences"]:
            raise ValueError("the ledger is cut short")
        return cls(about["generation"], found[:about["articles"]], found[about["articles"]:])


def _article_hashes(snapshot: Snapshot) -> Hashes:
    """Return the hashes of the articles' records by row, (articles,)."""
    return _hashes(snapshot.articles.line(row) for row in range(len(snapshot.articles)))


def _sentence_hashes(snapshot: Snapshot, row: int) -> Hashes:
    """Return the hashes of the sentences of the article in this row, in order."""
    article = snapshot.articles[row]
    _, sentences = snapshot.tables.all_sentences(row)
    return _hashes(f"{article.id}\0{article.text[sentence.start:sentence.end]}".encode("utf-8", "surrogatepass")
                   for sentence in sentences)


def _hashes(contents: Iterable[bytes]) -> Hashes:
    return np.frombuffer(b"".join(hashlib.blake2b(content, digest_size=8).digest() for content in contents),
                         "<u8").astype(np.uint64)
