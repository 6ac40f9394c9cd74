"""Gather what an operator wants to know of an index: its generations, feeds, rejections and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.intake.poll_memory import recall
from index.intake.quarantine import Quarantine, Quarantined
from qa.index_command import described_generations
from web.indexing import Indexing
from web.service import Service
from web.waiting import Waiting

MAX_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, sitemap, list or page that is polled. `fault` says why its last reading failed; empty if it did not."""

    address: str
    kind: str
    pages: int
    failures: int
    fault: str
    due: datetime


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An article that waits to be indexed, or the withdrawal of one."""

    article_id: str
    title: str
    is_withdrawal: bool
    arrival: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of an index folder. `rejected` and `entries` are the latest `MAX_SHOWN` of the counts beside them."""

    generations: Sequence[Mapping[str, Any]]
    held: str
    reload_error: str
    indexing_error: str
    feeds: Sequence[Feed]
    rejected: Sequence[Quarantined]
    rejected_count: int
    entries: Sequence[WaitingEntry]
    waiting_count: int
    failure: str = ""


def overview(service: Service, waiting: Waiting, indexing: Indexing | None) -> Overview:
    """Read it all from the folder; `failure` says what could not be read."""
    index_dir: Path = service.index_dir
    names = waiting.names()
    feeds: list[Feed] = []
    quarantine = Quarantine(index_dir)
    rejected, failure = quarantine.listed(), quarantine.failure
    try:
        feeds = _feeds(index_dir)
    except OSError as error:
        failure = failure or str(error)
    return Overview(
        described_generations(index_dir, service.current())[::-1], service.held(), service.reload_error,
        indexing.error if indexing else "", feeds,
        sorted(rejected, key=lambda each: each.rejected, reverse=True)[:MAX_SHOWN], len(rejected),
        _entries(waiting, names[:MAX_SHOWN]), len(names), failure)


def _feeds(index_dir: Path) -> list[Feed]:
    memory = recall(index_dir)
    found = [Feed(address, source.kind, len(memory.pages_on(address)), source.failures, source.fault,
                  datetime.fromtimestamp(max(0.0, min(source.due, 4e9)), UTC))
             for address, source in memory.sources.items() if not source.found_on]
    return sorted(found, key=lambda feed: (not feed.fault, feed.due))


def _entries(waiting: Waiting, names: Sequence[str]) -> list[WaitingEntry]:
    return [WaitingEntry(entry.withdrawn_id if entry.article is None else entry.article.id,
                         "" if entry.article is None else entry.article.title, entry.article is None, entry.arrival,
                         datetime.fromisoformat(entry.received)) for entry in waiting.inbox.each(names)]
