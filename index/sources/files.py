"""Paths to articles: walks folders, sends each file to the reader of its suffix, and tells repeats from clashes."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.text import read_text
from index.sources.types import (
    MAX_ARTICLE_BYTES,
    PlacedArticle,
    Reader,
    Rejection,
    Repeat,
    SourceFile,
    place,
)
from index.types import Article

READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".md": read_markdown,
    ".txt": read_text,
}


def read_paths(
    paths: Sequence[Path], *, max_article_bytes: int = MAX_ARTICLE_BYTES
) -> Iterator[Article | Rejection | Repeat]:
    """Every record below `paths`, in the order of `paths` and then of names, each exactly once.

    A file named itself must have a known suffix. Below a folder, files of other suffixes, question files and
    everything hidden are passed over; links are followed to files, not to folders. A file reached twice is read once.

    A JSONL line, or a file that is one article, of more than `max_article_bytes` is rejected and never held whole.
    Memory grows by some 300 bytes for each id read, to tell repeats.
    """
    first_seen: dict[str, tuple[bytes, SourceFile, int | None]] = {}
    for file in _walk(paths):
        if isinstance(file, Rejection):
            yield file
            continue
        for outcome in _read(file, max_article_bytes):
            if isinstance(outcome, Rejection):
                yield outcome
                continue
            article = outcome.article
            digest = hashlib.sha256(f"{article.title}\0{article.text}".encode()).digest()
            if article.id not in first_seen:
                first_seen[article.id] = (digest, file, outcome.line)
                yield article
                continue
            first_digest, first_file, first_line = first_seen[article.id]
            if digest == first_digest:
                yield Repeat(file.path, outcome.line, article.id)
            else:
                yield Rejection(
                    file.path,
                    outcome.line,
                    f"has the id {article.id!r} of {place(first_file.path, first_line)} but another title or text; "
                    f"give one of the two an 'id' of its own, or remove it",
                )


def _read(file: SourceFile, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    suffix = _known_suffix(file.path.name)
    if suffix is None:
        yield Rejection(file.path, None, f"is of a kind that is not read; known suffixes: {', '.join(READERS)}")
        return
    try:
        yield from READERS[suffix](file, max_article_bytes=max_article_bytes)
    except OSError as error:
        yield _unreadable(file.path, error)


def _walk(paths: Sequence[Path]) -> Iterator[SourceFile | Rejection]:
    seen: set[Path] = set()
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            yield _unreadable(path, error)
            continue
        for file in _below(path) if is_folder else [SourceFile(path, _as_id(path.name), is_named=True)]:
            if isinstance(file, SourceFile):
                try:
                    is_regular = stat.S_ISREG(file.path.stat().st_mode)
                except OSError as error:
                    yield _unreadable(file.path, error)
                    continue
                resolved = file.path.resolve()
                if resolved in seen:
                    continue
                seen.add(resolved)
                if not is_regular:  # opening a pipe would wait for its writer
                    yield Rejection(file.path, None, "is not a regular file; copy what it gives into a file")
                    continue
            yield file


def _below(folder: Path) -> Iterator[SourceFile | Rejection]:
    """The files of known suffixes below `folder`, each folder's own files before its subfolders', by name."""
    folder_name = Path(os.path.abspath(folder)).name  # noqa: PTH100  # "." has a name too; a link keeps its own
    errors: list[OSError] = []
    for parent, subfolders, names in os.walk(folder, onerror=errors.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or _known_suffix(name) is None:
                continue
            path = Path(parent, name)
            relative_path = Path(folder_name) / path.relative_to(folder)
            yield SourceFile(path, _as_id(relative_path.as_posix()), is_named=False)
    for error in errors:
        yield _unreadable(Path(error.filename), error)


def _known_suffix(name: str) -> str | None:
    return next((suffix for suffix in READERS if name.lower().endswith(suffix)), None)


def _as_id(name: str) -> str:
    """`name` without its suffix, composed (NFC), since some file systems hand out decomposed Arabic letters."""
    return unicodedata.normalize("NFC", name[: -len(_known_suffix(name) or "") or None])


def _unreadable(path: Path, error: OSError) -> Rejection:
    if isinstance(error, FileNotFoundError):
        return Rejection(path, None, "does not exist; check the path")
    remedy = "allow reading it" if isinstance(error, PermissionError) else "check the disk and the path"
    return Rejection(path, None, f"cannot be read ({error.strerror or error}); {remedy}")
