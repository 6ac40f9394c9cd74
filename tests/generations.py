"""Small articles whose generation can be worked out on paper, and a way to publish them without a build."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunker import Chunking, cut_passages, sentence_text
from index.generation.history import History, iso_utc
from index.generation.publishing import draft, publish
from index.generation.writer import SnapshotWriter
from index.types import Article, Passage
from tests.fakes import WordEmbedder

CHUNKING = Chunking(max_tokens=6)
EMBEDDER = WordEmbedder("red", "blue", "green", "ترامب")
DIMENSION = 5
ARTICLES = (
    Article("colours", "Colours\nThe red one came first. A blue one came second.\nThese are green:\n- The green one.",
            "Three", "The Paper", published="2026-01-02"),
    Article("ar", "وَصَلَ ترامب إلى الدوحة. 😀 ثم غادر الوفد.", "زيارة", "الصحيفة", metadata={"section": "سياسة"}),
    Article("bare", "Nothing here is known."))
FILES = ("articles.jsonl", "catalogue.json", "article_starts.npy", "article_days.npy", "article_sources.npy",
         "history.jsonl", "history_starts.npy", "others.json",
         "passages.npy", "sentences.npy", "sentence_vectors.npy", "passages.faiss", "lexical_vocabulary.npy",
         "lexical_starts.npy", "lexical_rows.npy", "lexical_frequencies.npy", "lexical_lengths.npy",
         "lexical_peaks.npy")


def at_second(second: int) -> datetime:
    return datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC)


def publish_articles(index_dir: Path, articles: Sequence[Article] = ARTICLES, second: int = 5, *,
                     applied: Sequence[str] = ()) -> str:
    """Publish articles without deleting old generations, as a build does that is killed before that step."""
    with draft(index_dir) as folder:
        with SnapshotWriter(folder, EMBEDDER.settings.dimension) as writer:
            for article in articles:
                passages = cut(article)
                history = History.of(article, iso_utc(at_second(second)))
                writer.add(article, history, passages, sentence_vectors_of(article, passages))
            counts = writer.finish()
        return publish(index_dir, folder, model=EMBEDDER.settings, chunking=CHUNKING, counts=counts,
                       now=at_second(second), applied=applied)


def cut(article: Article) -> list[Passage]:
    return cut_passages(article, EMBEDDER.count_tokens, CHUNKING)


def vectors_of(article: Article, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Return the passage vectors, (passages, dimension): the normalised sums of their stored sentence vectors."""
    vectors = [sentence_vectors_of(article, [passage]).astype(np.float16).astype(np.float32).sum(axis=0)
               for passage in passages]
    return np.array([vector / np.linalg.norm(vector) for vector in vectors], np.float32).reshape(-1, DIMENSION)


def sentence_vectors_of(article: Article, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Return the sentence vectors, (sentences, dimension); zeros for a heading."""
    return np.array([np.zeros(DIMENSION) if sentence.is_heading
                     else EMBEDDER.embed_passages([sentence_text(article, sentence)])[0]
                     for passage in passages for sentence in passage.sentences], np.float32).reshape(-1, DIMENSION)


def below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
