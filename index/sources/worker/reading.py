"""Read one document with the reader for its kind, and turn every failure into a rejection.

This code runs in the child process of `index.sources.worker.parent`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.sources.kinds import STREAMED, known_suffix
from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, Reader, SourceFile
from index.types import Article

# Stop reading a stream after this many rejections in a row: it does not hold articles.
MAX_REJECTIONS_IN_A_ROW = 100_000


def outcomes_of(file: SourceFile, readers: Mapping[str, Reader], *,
                max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield every record of `file`, as an article or a rejection. The only error that it raises is MemoryError."""
    suffix = known_suffix(file.path.name)
    if suffix is None or suffix not in readers:
        yield Rejection(file.path, None, f"is of a kind that is not read; known suffixes: {', '.join(readers)}")
        return
    outcomes = _where_it_was_found(file, _without_errors(file, readers[suffix], max_article_bytes))
    rejections_in_a_row = 0
    for outcome in outcomes:
        if isinstance(outcome, Rejection):
            yield outcome
            rejections_in_a_row += 1
        elif (size := _bytes_of(outcome.article)) > max_article_bytes:
            yield Rejection(file.path, outcome.line, f"gives an article of {size:,} bytes, over the "
                                                     f"{max_article_bytes:,} of one article; split it")
            rejections_in_a_row += 1
        else:
            yield outcome
            rejections_in_a_row = 0
        if rejections_in_a_row == MAX_REJECTIONS_IN_A_ROW and suffix in STREAMED:
            yield Rejection(file.path, None, f"is not read further: {MAX_REJECTIONS_IN_A_ROW:,} records in a row are "
                                             f"no articles; correct them")
            return


def _where_it_was_found(file: SourceFile, outcomes: Iterator[PlacedArticle | Rejection]
                        ) -> Iterator[PlacedArticle | Rejection]:
    """Yield the outcomes, unless a link was put in the file's way since it was found fit to be read.

    It is looked at before the file is opened and after, so that a link would have to come and go in between.
    """
    if not _has_moved(file):
        first = next(outcomes, None)
        if not _has_moved(file):
            if first is not None:
                yield first
                yield from outcomes
            return
    yield Rejection(file.path, None, "was replaced by a link while it was read; copy its target into the folder")


def _has_moved(file: SourceFile) -> bool:
    return bool(file.resolved) and os.path.realpath(file.path) != file.resolved


def unreadable(path: Path, error: OSError) -> Rejection:
    """Return the rejection of a file that the system does not let this program read."""
    if isinstance(error, FileNotFoundError):
        return Rejection(path, None, "does not exist; check the path")
    remedy = "allow reading it" if isinstance(error, PermissionError) else "check the disk and the path"
    return Rejection(path, None, f"cannot be read ({error.strerror or error}); {remedy}")


def _without_errors(file: SourceFile, reader: Reader, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    try:
        yield from reader(file, max_article_bytes=max_article_bytes)
    except OSError as error:
        yield unreadable(file.path, error)
    except RecursionError:
        yield Rejection(file.path, None, "is nested too deeply; flatten it")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # one document must not keep the others from being read
        what = ascii(str(error))[1:-1][:200]
        yield Rejection(file.path, None, f"made its reader fail ({type(error).__name__}: {what}); save it as plain "
                                         f"text, and report this as a fault of the program")


def _bytes_of(article: Article) -> int:
    """Return the article's size as stored. Lone surrogates are counted, although they cannot be stored."""
    strings = (article.id, article.text, article.title, article.source, article.url, article.published,
               article.author, article.language)
    size = sum(len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")) for text in strings)
    metadata = article.metadata
    return size + (len(json.dumps(dict(metadata), ensure_ascii=False)) if metadata else 0)
