"""Read files into a corpus: add the articles they contain, and remove those they no longer contain.

An article is removed from a file only when the whole file was read and does not contain it, or when the file is gone
from a folder that was read. A file, folder or record that cannot be read removes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from index.generation.trust import FILE
from index.intake.corpus import Corpus
from index.intake.file_cache import FileCache, Outcome, Read, signature
from index.intake.trials import Batch
from index.intake.unread_dates import UnreadDate
from index.revisions import content_of, revision_of
from index.sources import Rejection, Repeat
from index.sources.files import read_file, walk
from index.sources.records import unread_date
from index.sources.rejections import place
from index.sources.repeats import Repeats
from index.sources.types import SourceFile
from index.types import Article

# Of more articles whose date is not read, the rest is only counted.
MAX_DATES_NAMED = 1000


@dataclass(slots=True)
class Seen:
    """Counts of the records read.

    `accepted` counts articles and `rejected` all other records. Among the accepted articles, `repeated` counts those
    that repeat an article read earlier, and `withheld` those whose id was withdrawn. `documents` are the paths of the
    files read. `other_kinds` counts the files of kinds that are not read, by suffix. `dates_not_read` counts the
    accepted articles whose date is not read, and `unread_dates` names the first `MAX_DATES_NAMED` of them.
    """

    accepted: int = 0
    rejected: int = 0
    repeated: int = 0
    withheld: int = 0
    documents: set[str] = field(default_factory=set)
    other_kinds: Counter[str] = field(default_factory=Counter)
    dates_not_read: int = 0
    unread_dates: list[UnreadDate] = field(default_factory=list)

    def note_date(self, unread: UnreadDate) -> None:
        """Count an article whose date is not read."""
        self.dates_not_read += 1
        if len(self.unread_dates) < MAX_DATES_NAMED:
            self.unread_dates.append(unread)


@dataclass(slots=True)
class _File:
    """What is known of one file in this reading.

    `is_whole` tells whether every record could be attributed to an id. `ids` are the ids that the file contains or may
    contain.
    """

    is_whole: bool = True
    ids: set[str] = field(default_factory=set)


class FileArrivals:
    """One reading of the files below `paths` into `corpus`.

    With `is_exact`, articles whose file is not below `paths` are removed. Files in `index_dir` are skipped, even if
    `index_dir` is below one of `paths`. `follow_links` is as in `walk`. `batch` decides which new and changed articles
    are taken in; where one is not, the corpus keeps what it has. `on_rejection` is called with each rejection, and
    `on_seen` with the number of records read so far.
    """

    def __init__(self, corpus: Corpus, paths: Sequence[Path], index_dir: Path, cache: FileCache, *, is_exact: bool,
                 batch: Batch, follow_links: bool = False, on_rejection: Callable[[Rejection], None],
                 on_seen: Callable[[int], None]) -> None:
        self._corpus = corpus
        self._paths = paths
        self._index_dir = index_dir.resolve()
        self._cache = cache
        self._is_exact = is_exact
        self._batch = batch
        self._follow_links = follow_links
        self._on_rejection = on_rejection
        self._on_seen = on_seen
        self._files: dict[Path, _File] = {}
        self._unread: list[Path] = []
        self._repeats = Repeats()
        self.seen = Seen()

    def take_in(self) -> Seen:
        """Read the files and bring the corpus up to date. Raises OSError when the disk is full."""
        for file in walk(self._paths, follow_links=self._follow_links, is_taken=self._is_taken,
                         on_other_kind=self._skip):
            if isinstance(file, Rejection):
                self._reject(file)
                self._unread.append(_origin(file.path))
            elif not _is_below(_origin(file.path), self._index_dir):
                self._read(file)
        self._withdraw()
        return self.seen

    def _is_taken(self, article_id: str, path: Path) -> bool:
        """Tell whether another file, which is still there, brought an article with this id before."""
        own = f"{FILE}{_origin(path)}"
        return any(origin.startswith(FILE) and origin != own and Path(origin.removeprefix(FILE)).is_file()
                   for origin in self._corpus.origins(article_id))

    def _skip(self, path: Path) -> None:
        if not _is_below(_origin(path), self._index_dir):
            self.seen.other_kinds[path.suffix.lower()] += 1

    def _read(self, file: SourceFile) -> None:
        path = _origin(file.path)
        state = self._files[path] = _File()
        self.seen.documents.add(str(file.path))
        known = self._cache.get(path, file.article_id)
        if known is not None and self._are_known(known, path):
            self._cache.keep(path)
            for outcome in known:
                self._account(outcome, file.path, state)
            return
        before = signature(path)
        outcomes: list[Outcome] = []
        for outcome in self._outcomes(file, path, state):
            outcomes.append(outcome)
            self._on_seen(self.seen.accepted + self.seen.rejected)
        self._cache.put(path, file.article_id, before, outcomes)

    def _outcomes(self, file: SourceFile, path: Path, state: _File) -> Iterator[Outcome]:
        """Read the file, add its articles to the corpus, and yield each record's outcome."""
        for outcome in read_file(file):
            if isinstance(outcome, Rejection):
                self._account(outcome, file.path, state)
                yield outcome
                continue
            article = outcome.article
            read = Read(outcome.line, article.id, revision_of(article), content_of(article), unread_date(article))
            is_first_here = article.id not in state.ids
            verdict = self._account(read, file.path, state)
            if verdict is None:
                self._arrive(article, read, file.path, state)
            elif isinstance(verdict, Repeat) and is_first_here:
                self._corpus.join(article, f"{FILE}{path}")
            yield read

    def _arrive(self, article: Article, read: Read, path: Path, state: _File) -> None:
        origin = f"{FILE}{_origin(path)}"
        arrival = f"{origin} {article.id} {read.revision}"
        if self._corpus.brought(article.id, origin) == read.revision or self._batch.takes(arrival):
            self._corpus.arrive(article, origin)
        elif arrival in self._batch.set_aside:
            self.seen.accepted -= 1
            self._reject(Rejection(path, read.line, self._batch.set_aside[arrival], article.id), state)

    def _account(self, outcome: Outcome, path: Path, state: _File) -> Rejection | Repeat | None:
        """Count a record's outcome. Return None for an article read for the first time, else its rejection or repeat.
        """
        if isinstance(outcome, Rejection):
            self._reject(outcome, state)
            return outcome
        verdict = self._repeats.check(outcome.article_id, outcome.content, path, outcome.line)
        if isinstance(verdict, Rejection):
            self._reject(verdict, state)
            return verdict
        state.ids.add(outcome.article_id)
        self.seen.accepted += 1
        if outcome.unread_date:
            self.seen.note_date(UnreadDate(place(path, outcome.line), outcome.article_id, outcome.unread_date))
        self.seen.repeated += verdict is not None
        self.seen.withheld += outcome.article_id in self._corpus.withdrawn
        return verdict

    def _reject(self, rejection: Rejection, state: _File | None = None) -> None:
        self.seen.rejected += 1
        self._on_rejection(rejection)
        if state is not None and rejection.article_id:
            state.ids.add(rejection.article_id)
        elif state is not None:
            state.is_whole = False

    def _are_known(self, outcomes: Sequence[Outcome], path: Path) -> bool:
        """Tell whether the file need not be read again.

        That is so if each of its articles is withdrawn, or in the corpus in the revision that this file contains.
        """
        first_of_id: dict[str, Read] = {}
        for one in outcomes:
            if isinstance(one, Read):
                first_of_id.setdefault(one.article_id, one)
        return all(one.article_id in self._corpus.withdrawn
                   or self._corpus.brought(one.article_id, f"{FILE}{path}") == one.revision
                   for one in first_of_id.values())

    def _withdraw(self) -> None:
        roots = [_origin(path) for path in self._paths]
        empty = [root for root in roots if not any(_is_below(path, root) and state.ids
                                                   for path, state in self._files.items())]
        kept = dict.fromkeys(empty, 0)
        place_of = cache(lambda origin: _place_of(origin, empty))  # cached because many records come from one file
        for record in self._corpus:
            for origin in [origin for origin in record.arrivals if origin.startswith(FILE)]:
                path, root = place_of(origin)
                if root is not None:
                    kept[root] += 1
                elif self._has_left(record.ids, path, roots):
                    self._corpus.leave(record, origin)
        for root, count in kept.items():
            if count and root not in self._unread:
                self._reject(Rejection(root, None, f"contains no article now; the articles read from it before are "
                                                   f"kept ({count:,}); check the path, or index its parent folder to "
                                                   f"remove them"))

    def _has_left(self, ids: set[str], path: Path, roots: Sequence[Path]) -> bool:
        state = self._files.get(path)
        if state is not None:
            return state.is_whole and not ids & state.ids
        if any(_is_below(path, unread) for unread in self._unread):
            return False
        return self._is_exact or any(_is_below(path, root) for root in roots)


def _origin(path: Path) -> Path:
    """Return one absolute path for a file, whether its path is written relative, with `..` or through a linked folder.

    A link to the file itself is not resolved, because the link can be removed while its target stays.
    """
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def _place_of(origin: str, empty: Sequence[Path]) -> tuple[Path, Path | None]:
    """Return `(file, root)`: the origin's file, and the root in `empty` that contains the file, or None."""
    path = Path(origin.removeprefix(FILE))
    return path, next((root for root in empty if _is_below(path, root)), None)


def _is_below(path: Path, root: Path) -> bool:
    return path == root or root in path.parents
