"""Read the articles below paths: walk folders, read each file in a worker, and detect repeats and clashing ids."""

from __future__ import annotations

import os
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count as count_from
from pathlib import Path

from index.revisions import content_of
from index.sources.kinds import known_suffix, suffix_of_content
from index.sources.rejections import Rejection
from index.sources.repeats import Repeats
from index.sources.types import MAX_ARTICLE_BYTES, PlacedArticle, Repeat, SourceFile
from index.sources.worker.parent import SHARED
from index.sources.worker.reading import unreadable
from index.types import Article

# What the kernel writes there tells of this program and this machine.
_OF_THE_SYSTEM = (Path("/proc"), Path("/sys"))


def read_paths(
    paths: Sequence[Path], *, max_article_bytes: int = MAX_ARTICLE_BYTES
) -> Iterator[Article | Rejection | Repeat]:
    """Yield every record below `paths` exactly once, in the order of `paths`, and by name within a folder.

    A path to a file must have a known suffix. Below a folder, files with other suffixes, files of questions and hidden
    files are skipped. Links to files are followed if they stay in the folder, links to folders are not. A file that is
    reached twice is read once.

    A JSONL line, or a file of one article, larger than `max_article_bytes` is rejected without loading it whole. To
    detect repeats, memory grows by some 300 bytes per id.
    """
    repeats = Repeats()
    for file in walk(paths):
        if isinstance(file, Rejection):
            yield file
            continue
        for outcome in read_file(file, max_article_bytes=max_article_bytes):
            if isinstance(outcome, Rejection):
                yield outcome
            else:
                article = outcome.article
                yield repeats.check(article.id, content_of(article), file.path, outcome.line) or article


def read_file(file: SourceFile, *,
              max_article_bytes: int = MAX_ARTICLE_BYTES) -> Iterator[PlacedArticle | Rejection]:
    """Yield every record of one file, whatever its kind, using the worker that the whole program shares.

    Raises WorkerStartError if the worker does not start, and OSError if no process can be created.
    """
    return SHARED.read(file, max_article_bytes=max_article_bytes)


def read_document(content: bytes, *, name: str, address: str = "", content_type: str = "",
                  max_article_bytes: int = MAX_ARTICLE_BYTES) -> list[PlacedArticle | Rejection]:
    """Return every record of a fetched document; rejections call the document `name`.

    `address` is where the document was fetched, and `content_type` comes from the HTTP answer. Raises WorkerStartError
    if the worker does not start, and OSError if no process can be created or the temporary folder cannot be written.
    """
    suffix = suffix_of_content(content, name=name, content_type=content_type)
    article_id = "" if address else _as_id(Path(name).name)  # an address is a better id than a name
    with tempfile.TemporaryDirectory(prefix="musnad-") as folder:
        path = Path(folder, f"document{suffix}")
        path.write_bytes(content)
        file = SourceFile(path, article_id, is_named=True, address=address, content_type=content_type)
        return [replace(outcome, path=Path(name)) if isinstance(outcome, Rejection) else outcome
                for outcome in read_file(file, max_article_bytes=max_article_bytes)]


def walk(paths: Sequence[Path], *, follow_links: bool = False,
         is_taken: Callable[[str, Path], bool] = lambda _article_id, _path: False,
         on_other_kind: Callable[[Path], None] = lambda _path: None) -> Iterator[SourceFile | Rejection]:
    """Yield each file below `paths` once, in the order of `paths`, and by name within a folder.

    For a path that does not exist, cannot be read or is not a regular file, yield a rejection; also for a file of /proc
    or /sys, and, without `follow_links`, for a link in a folder to a file outside that folder: whoever may write into
    the folder may not read whatever this program may. `on_other_kind` is called with each file in a folder whose kind
    is not read.

    No two files get the same `article_id`: a later one, and one for which `is_taken(article_id, path)` is true, has the
    names of more of the folders above it in its id.
    """
    seen: set[Path] = set()
    given: set[str] = set()
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            yield unreadable(path, error)
            continue
        for file in _below(path, on_other_kind) if is_folder else [SourceFile(path, _as_id(path.name), is_named=True)]:
            if isinstance(file, SourceFile):
                try:
                    is_regular = stat.S_ISREG(file.path.stat().st_mode)
                except OSError as error:
                    yield unreadable(file.path, error)
                    continue
                resolved = file.path.resolve()
                fault = _place_fault(resolved, path, is_folder=is_folder, follow_links=follow_links)
                if fault:
                    yield Rejection(file.path, None, fault)
                    continue
                if resolved in seen:
                    continue
                seen.add(resolved)
                file = replace(file, resolved=str(resolved))
                if not is_regular:  # opening a pipe would wait for its writer
                    yield Rejection(file.path, None, "is not a regular file; copy what it gives into a file")
                    continue
                file = replace(file, article_id=next(
                    one for one in _longer_ids(file) if one not in given and not is_taken(one, file.path)))
                given.add(file.article_id)
            yield file


def _place_fault(resolved: Path, root: Path, *, is_folder: bool, follow_links: bool) -> str:
    """Say why a file at this place is not read; return "" if it may be."""
    if any(resolved.is_relative_to(system) for system in _OF_THE_SYSTEM):
        return "is a file of the system, not of articles; copy what it holds into a file"
    if is_folder and not follow_links and not resolved.is_relative_to(root.resolve()):
        return "is a link that leads out of the folder; name its target, or follow such links with --follow-links"
    return ""


def _longer_ids(file: SourceFile) -> Iterator[str]:
    """Yield the file's id, then with the name of each further folder above it, then without end with a number."""
    yield file.article_id
    folders = unicodedata.normalize("NFC", file.path.resolve().parent.as_posix()).strip("/").split("/")
    own = file.article_id.count("/")
    stem = file.article_id.rpartition("/")[2]
    for count in range(own + 1, len(folders) + 1):
        yield "/".join([*folders[-count:], stem])
    yield from (f"{file.article_id} ({number})" for number in count_from(2))


def _below(folder: Path, on_other_kind: Callable[[Path], None]) -> Iterator[SourceFile | Rejection]:
    """Yield the files with known suffixes below `folder` by name, a folder's own files before its subfolders'."""
    folder_name = Path(os.path.abspath(folder)).name  # noqa: PTH100  # gives "." a name; a link keeps its own name
    errors: list[OSError] = []
    for parent, subfolders, names in os.walk(folder, onerror=errors.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            path = Path(parent, name)
            if known_suffix(name) is None:
                on_other_kind(path)
                continue
            relative_path = Path(folder_name) / path.relative_to(folder)
            yield SourceFile(path, _as_id(relative_path.as_posix()), is_named=False)
    for error in errors:
        yield unreadable(Path(error.filename), error)


def _as_id(name: str) -> str:
    """Return `name` without its suffix, normalised to NFC because some file systems decompose Arabic letters."""
    return unicodedata.normalize("NFC", name[: -len(known_suffix(name) or "") or None])
