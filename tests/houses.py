"""An index folder with its files and its inbox, for tests of updates."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.chunker import Chunking
from index.generation.folder import current_generation
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.inbox import Inbox
from index.intake.update import UpdateReport, update
from index.sources import Rejection
from tests.fakes import WordEmbedder
from tests.generations import below

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class House:
    """An index folder, a folder of articles beside it, and a clock that goes on by a minute an update."""

    def __init__(self, folder: Path) -> None:
        self.index_dir = folder / "index"
        self.news = folder / "news"
        self.news.mkdir()
        self.inbox = Inbox(self.index_dir)
        self.now = NOON
        self.embedder = WordEmbedder("red", "blue", "green")
        self.rejections: list[Rejection] = []

    def update(self, *paths: Path, is_exact: bool = False, reuse: bool = True,
               chunking: Chunking | None = None) -> UpdateReport:
        self.now += timedelta(minutes=1)
        self.rejections.clear()
        return update(paths or (self.news,), self.index_dir, lambda: self.embedder, is_exact=is_exact, reuse=reuse,
                      chunking=chunking, on_rejection=self.rejections.append, now=self.now)

    def drain(self) -> UpdateReport:
        """Take in the inbox alone."""
        self.now += timedelta(minutes=1)
        return update((), self.index_dir, lambda: self.embedder, is_exact=False, now=self.now)

    def lines(self, name: str, *records: object) -> Path:
        path = self.news / name
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
        settle(path)
        return path

    @property
    def snapshot(self) -> Snapshot:
        return open_snapshot(self.index_dir)

    @property
    def texts(self) -> dict[str, str]:
        return {article.id: article.text for article in self.snapshot.articles}


def settle(path: Path) -> None:
    """Let the file look as if it had been written a minute ago, so that it may be remembered."""
    before = path.stat().st_mtime_ns - 60_000_000_000
    os.utime(path, ns=(before, before))


def files_of(index_dir: Path) -> dict[str, bytes]:
    """All that the current generation says, its manifest aside."""
    files = below(index_dir / "generations" / current_generation(index_dir))
    return {name: content for name, content in files.items() if name != "manifest.json"}


URL = "https://example.org/news/1"
