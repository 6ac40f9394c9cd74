"""Update an index: combine the last generation, the files and the inbox into the next generation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.chunker import Chunking
from index.errors import (
    CorruptSnapshotError,
    DiskFullError,
    IndexingError,
    NoSnapshotError,
    NothingToIndexError,
    SnapshotMismatchError,
)
from index.generation.folder import applied_everywhere, current_generation, read_manifest
from index.generation.history import iso_utc
from index.generation.hold import check_not_held
from index.generation.layout import PASSAGES
from index.generation.lineage import check_continues, first_in
from index.generation.publishing import build_lock, collect, draft, publish
from index.generation.snapshot import FolderSnapshot, open_snapshot
from index.generation.space import DISK_FULL_ERRNOS, bytes_needed, folder_bytes, free_bytes, previous_bytes
from index.generation.trust import API
from index.intake.build import SORTING, New, Planned, Progress, write_articles
from index.intake.corpus import Changes, Corpus
from index.intake.file_arrivals import FileArrivals, Seen
from index.intake.file_cache import FileCache
from index.intake.inbox import Inbox, InboxEntry
from index.intake.parts import Parts
from index.intake.quarantine import Quarantine
from index.intake.shared_state import state_of
from index.intake.spool import Spool
from index.intake.state import State
from index.intake.statements import Record
from index.intake.trials import Batch, Trials
from index.language.arabic import ANALYZER_VERSION
from index.model.types import Embedder, ModelSettings
from index.sources import Rejection

log = logging.getLogger(__name__)

READING = "reading"


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """Figures of an update. `seen.accepted + seen.rejected` is the number of records read.

    `generation` is the current generation, and `is_new` tells whether this update made it. `articles`, `passages`,
    `undated` (articles without a date) and `bytes` describe that generation. `embedded` counts the passages that this
    update embedded, `arrived` the inbox entries that changed something, and `set_aside` the records that were moved to
    `damaged/`. `first` is the first generation of the index (see `index.generation.lineage`).
    """

    generation: str
    is_new: bool
    seen: Seen
    arrived: int
    changes: Changes
    embedded: int
    articles: int
    passages: int
    undated: int
    bytes: int
    first: str
    set_aside: int = 0

    def after(self, earlier: UpdateReport) -> UpdateReport:
        """Return the report of both parts of an update, of which this is the later one."""
        mine, before = self.changes, earlier.changes
        changes = replace(mine, new=before.new + mine.new, changed=before.changed + mine.changed,
                          removed=before.removed + mine.removed, unchanged=before.unchanged)
        return replace(self, is_new=earlier.is_new or self.is_new, arrived=earlier.arrived + self.arrived,
                       changes=changes, embedded=earlier.embedded + self.embedded,
                       set_aside=earlier.set_aside + self.set_aside)


def update(paths: Sequence[Path], index_dir: Path, load: Callable[[], Embedder], *, is_exact: bool, reuse: bool = True,
           chunking: Chunking | None = None, continues: str = "", follow_links: bool = False,
           on_rejection: Callable[[Rejection], None] = lambda _rejection: None,
           progress: Progress = lambda _stage, _done, _total: None, now: datetime | None = None,
           parts: Callable[[ModelSettings], Parts] | None = None) -> UpdateReport:
    """Read the files below `paths` and the inbox, and publish a new generation if anything changed.

    With `is_exact`, articles whose file is not below `paths` are removed; without it they stay. Articles from feeds and
    from the API always stay. With `reuse`, vectors and postings of unchanged articles are copied; without it everything
    is computed again, with the same result. `load` returns the embedding model; it is called once the lock is held.
    `continues` is the first generation of the index to update, or "" for whatever the folder holds.
    With `follow_links`, links in a folder to files outside it are read too.
    `parts` opens what was cut and embedded elsewhere with a model of these settings.

    After builds that died, the update takes in what arrived part by part, and sets aside the arrival with which builds
    die; see `index.intake.trials`. Each part is published.

    Raises BuildLockedError when another build runs, HeldError while a roll-back holds a generation, ForeignIndexError
    when the folder does not hold the index that `continues` names, NothingToIndexError when there is no article,
    SnapshotMismatchError when the index to be updated has another format, and OSError when the disk fails
    (DiskFullError when it is full). The published generation stays the same in each case.
    """
    with build_lock(index_dir):
        check_not_held(index_dir)
        if continues:
            check_continues(index_dir, continues)
        try:
            under_way = _Update(index_dir, chunking or Chunking(), on_rejection, progress, now or datetime.now(UTC),
                                follow_links=follow_links, parts=parts)
            return under_way.run_all(paths, load, is_exact=is_exact, reuse=reuse)
        except OSError as error:
            if error.errno not in DISK_FULL_ERRNOS:
                raise
            needed = bytes_needed(previous_bytes=previous_bytes(index_dir))
            raise DiskFullError(index_dir, needed, free_bytes(index_dir), error.strerror or "disk full") from error


def base_of(index_dir: Path, settings: ModelSettings) -> FolderSnapshot | None:
    """Open the published generation if an update with this model would copy passages from it, else return None."""
    try:
        base = open_snapshot(index_dir, any_analyzer=True)
    except IndexingError:
        return None
    is_alike = base.model == settings and base.chunking == Chunking() and base.analyzer == ANALYZER_VERSION
    return base if is_alike else None


class _Update:
    def __init__(self, index_dir: Path, chunking: Chunking, on_rejection: Callable[[Rejection], None],
                 progress: Progress, now: datetime, *, follow_links: bool,
                 parts: Callable[[ModelSettings], Parts] | None) -> None:
        self._follow_links = follow_links
        self._parts = parts
        self._index_dir = index_dir
        self._chunking = chunking
        self._on_rejection = on_rejection
        self._progress = progress
        self._now = now
        self._state = State(index_dir)
        self._shared = state_of(index_dir, self._state)
        self._inbox = Inbox(index_dir, state=self._shared)
        self._quarantine = Quarantine(index_dir, state=self._state)
        self._trials = Trials(index_dir, self._state)

    def run_all(self, paths: Sequence[Path], load: Callable[[], Embedder], *, is_exact: bool,
                reuse: bool) -> UpdateReport:
        embedder = load()
        self._state.empty_log()
        if not reuse:
            self._trials.forgive()
        parts: list[UpdateReport] = []
        while True:
            batch = self._trials.batch()
            try:
                if self._trials.is_control:
                    self._control(embedder, batch)
                    continue
                part = self._run(paths, embedder, batch, is_exact=is_exact, reuse=reuse or bool(parts))
            except (OSError, IndexingError, KeyboardInterrupt, SystemExit):
                self._trials.end()
                raise
            except Exception as error:  # noqa: BLE001  # whatever the build died of; `fail` raises it if nothing is to blame
                self._trials.fail(error)
                continue
            parts.append(part.after(parts[-1]) if parts else part)
            self._trials.succeed(batch)
            if not batch.held:
                return parts[-1]

    def _control(self, embedder: Embedder, batch: Batch) -> None:
        """Build without any arrival, publish nothing, and set the arrival aside of which that was the control."""
        base = self._base(is_needed=False)
        self._trials.begin(batch)
        embedder.embed_passages(["control"])
        if base is not None:
            with Spool(self._index_dir) as spool, draft(self._index_dir) as folder:
                corpus = Corpus(base, spool, iso_utc(self._now))
                can_reuse = self._is_alike(base, embedder)
                write_articles(corpus.planned(corpus.rows(), reuse=can_reuse), folder, embedder, self._chunking,
                               base=base if can_reuse else None)
        arrival, reason = self._trials.blame()
        entry = self._inbox.entry(arrival)
        if entry is not None:  # else it is an article of a file, which is told of whenever the file is read
            article_id = entry.article.id if entry.article else entry.withdrawn_id
            self._inbox.set_aside(arrival, f"{article_id} from {entry.arrival} {reason}")

    def _run(self, paths: Sequence[Path], embedder: Embedder, batch: Batch, *, is_exact: bool,
             reuse: bool) -> UpdateReport:
        base = self._base(is_needed=not is_exact)
        cache = FileCache(self._index_dir, is_used=reuse, state=self._state)
        with Spool(self._index_dir) as spool:
            corpus = Corpus(base, spool, iso_utc(self._now))
            seen = Seen()
            if paths:
                seen = FileArrivals(corpus, paths, self._index_dir, cache, is_exact=is_exact, batch=batch,
                                    follow_links=self._follow_links, on_rejection=self._reject,
                                    on_seen=lambda count: self._progress(READING, count, 0)).take_in()
            waiting = [name for name in self._inbox.names()
                       if (base is None or name not in base.applied) and batch.takes(name)]
            # An entry that changes nothing now can be deleted. It would change nothing after a roll-back either:
            # the earlier entry that it repeats is still in the inbox then.
            has_effect = {entry.name: self._apply(corpus, entry) for entry in self._inbox.each(waiting)}
            taken_in = {name for name, changed in has_effect.items() if changed}
            set_aside = self._tell_of_asides()
            rows = corpus.rows()
            if is_exact and not seen.accepted or base is None and not rows:
                raise NothingToIndexError(seen.rejected)
            can_reuse = base is not None and reuse and self._is_alike(base, embedder)
            is_new = base is None or not can_reuse or bool(base.degraded) or not corpus.is_as_before(rows)
            embedded = 0
            if is_new:
                self._trials.begin(batch)
                held = taken_in.union(base.applied if base else ())
                embedded = self._publish(corpus, rows, base if can_reuse else None, embedder,
                                         [name for name in self._inbox.names() if name in held])
        self._tidy(has_effect.keys() - taken_in, cache, seen, is_exact=is_exact)
        return self._report(seen, len(taken_in), corpus.changes(rows), embedded, set_aside, is_new=is_new)

    def _tell_of_asides(self) -> int:
        """Report the records that were moved to `damaged/` since the last call; return how many."""
        asides: list[tuple[Path, str]] = []
        for state in (self._state, self._shared):  # which may be the same
            asides += state.asides
            state.asides.clear()
        for path, reason in asides:
            self._reject(Rejection(path, None, reason))
        return len(asides)

    def _base(self, *, is_needed: bool) -> FolderSnapshot | None:
        """Open the index to update, even if another version of the analyzer wrote it; return None when there is none.

        If the index cannot be opened, raise the error when `is_needed`; otherwise log the error and return None.
        """
        try:
            return open_snapshot(self._index_dir, any_analyzer=True)
        except NoSnapshotError:
            return None
        except (SnapshotMismatchError, CorruptSnapshotError) as error:
            if is_needed:
                raise
            log.warning("the existing index is not reused: %s", error)
            return None

    def _is_alike(self, base: FolderSnapshot, embedder: Embedder) -> bool:
        """Tell whether vectors and postings computed now would equal those in the base."""
        return (base.model == embedder.settings and base.chunking == self._chunking
                and base.analyzer == ANALYZER_VERSION)

    def _reject(self, rejection: Rejection) -> None:
        self._quarantine.put(rejection, now=self._now)
        self._on_rejection(rejection)

    def _apply(self, corpus: Corpus, entry: InboxEntry) -> bool:
        """Apply an inbox entry to the corpus; return whether it changed anything."""
        if entry.article is not None:
            return corpus.arrive(entry.article, entry.arrival, is_feed_entry=entry.is_feed_entry)
        if entry.arrival == API:
            return corpus.withdraw(entry.withdrawn_id, entry.received)
        return corpus.leave_page(entry.withdrawn_id, entry.arrival)

    def _publish(self, corpus: Corpus, rows: list[list[Record]], base: FolderSnapshot | None, embedder: Embedder,
                 applied: Sequence[str]) -> int:
        """Write and publish the rows; return the number of passages embedded.

        `base` is the snapshot to copy unchanged passages from, or None to embed everything.
        """
        done = 0
        new_rows = []

        def planned() -> Iterator[Planned]:
            for row, one in enumerate(corpus.planned(rows, reuse=base is not None)):
                if isinstance(one, New):
                    new_rows.append(row)
                yield one

        def on_progress(stage: str, steps: int, total: int) -> None:
            nonlocal done
            done = len(rows) if stage == SORTING else steps
            self._progress(stage, steps, total)

        with draft(self._index_dir, share_done=lambda: done / max(1, len(rows))) as folder:
            counts = write_articles(planned(), folder, embedder, self._chunking, base=base, withdrawn=corpus.withdrawn,
                                    parts=self._parts(embedder.settings) if self._parts else None,
                                    total=len(rows), progress=on_progress)
            article_rows = np.load(folder / PASSAGES, mmap_mode="r", allow_pickle=False)[:, 0]
            embedded = int(np.isin(article_rows, new_rows).sum())
            publish(self._index_dir, folder, model=embedder.settings, chunking=self._chunking, counts=counts,
                    now=self._now, applied=applied)
        return embedded

    def _tidy(self, without_effect: Iterable[str], cache: FileCache, seen: Seen, *, is_exact: bool) -> None:
        """Remove old generations, inbox entries and quarantined documents that are no longer needed.

        The generation is already published, so a disk error here is only logged.
        """
        try:
            collect(self._index_dir)
            self._inbox.remove({*without_effect, *applied_everywhere(self._index_dir)})
            cache.write(others_too=not is_exact)
        except OSError as error:
            log.warning("could not clean up %s: %s", self._index_dir, error)
        gone = {entry.document for entry in self._quarantine.listed()
                if "://" not in entry.document and not Path(entry.document).exists()}
        self._quarantine.clear(seen.documents | gone)

    def _report(self, seen: Seen, arrived: int, changes: Changes, embedded: int, set_aside: int, *,
                is_new: bool) -> UpdateReport:
        generation = current_generation(self._index_dir)
        folder = self._index_dir / "generations" / generation
        counts = read_manifest(folder)["counts"]
        undated = int((np.load(folder / "article_days.npy", allow_pickle=False) == 0).sum())
        return UpdateReport(generation, is_new, seen, arrived, changes, embedded, counts["articles"],
                            counts["passages"], undated, folder_bytes(folder), first_in(self._index_dir), set_aside)
