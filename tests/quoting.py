"""Quotes held against an article that is the whole index."""

from __future__ import annotations

from functools import lru_cache

from index.generation.snapshot import Snapshot
from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.index_state import IndexState
from qa.verify.quote import Quote, Verification
from qa.verify.verify import verify
from tests.fakes import WordEmbedder

STATE = IndexState("g", 1, 1)


@lru_cache(maxsize=4)
def snapshot_of(text: str) -> Snapshot:
    """The index of one article, built once for the quotes that a test holds against it one after the other."""
    return throwaway_snapshot([Article("a", text)], WordEmbedder())


def check(text: str, quote: str, speaker: str | None = None) -> Verification:
    return verify(snapshot_of(text), STATE, Quote.parse(quote, speaker))
