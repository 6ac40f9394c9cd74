"""Encode the messages between a build and its reading process: frames of JSON, each preceded by its length.

JSON contains only data, so the build never runs code that comes from the reading process.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article

HEADER = struct.Struct("<I")
# JSON writes a control character in six bytes, and any other byte in fewer.
GROWTH_IN_JSON = 6
SPARE_BYTES = 1024 * 1024

Ending = Literal["", "done", "worn", "memory"]
ENDINGS = ("", "done", "worn", "memory")


class GarbageError(Exception):
    """The bytes are not one of this module's messages."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to read `file`, but to leave out its first `skipped` outcomes.

    With `is_unbatched`, each outcome is sent at once, not in batches.
    """

    file: SourceFile
    max_article_bytes: int
    skipped: int = 0
    is_unbatched: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The next outcomes of a file.

    `ending` is empty while more answers follow. "done" means that the file was read. "worn" means the same, and that
    the process has grown and should be replaced. "memory" means that the process ran out of memory.
    """

    outcomes: tuple[PlacedArticle | Rejection, ...]
    ending: Ending


def max_answer_bytes(max_article_bytes: int) -> int:
    """Return the largest possible size of one answer: that of a whole article in JSON."""
    return GROWTH_IN_JSON * max_article_bytes + SPARE_BYTES


def write_frame(descriptor: int, payload: bytes) -> None:
    """Write a whole frame. Raises BrokenPipeError if the other end is closed, or another OSError if writing fails."""
    rest = memoryview(HEADER.pack(len(payload)) + payload)
    while rest:
        rest = rest[os.write(descriptor, rest):]


def request_bytes(request: Request) -> bytes:
    """Encode a request, with an absolute path, in ASCII because a path that is not valid UTF-8 has lone surrogates."""
    file = request.file
    return json.dumps([str(file.path.absolute()), file.article_id, file.is_named, file.address, file.content_type,
                       file.resolved, request.max_article_bytes, request.skipped, request.is_unbatched]).encode()


def parse_request(payload: bytes) -> Request:
    """Decode a request that `request_bytes` encoded."""
    path, article_id, is_named, address, content_type, resolved, *limits = json.loads(payload)
    file = SourceFile(Path(path), article_id, is_named=is_named, address=address, content_type=content_type,
                      resolved=resolved)
    return Request(file, *limits)


def outcome_text(outcome: PlacedArticle | Rejection) -> str:
    """Encode an outcome. Its file is left out, because the parent knows the file."""
    if isinstance(outcome, Rejection):
        return json.dumps([outcome.line, outcome.reason, outcome.article_id])
    article = outcome.article
    return json.dumps([outcome.line, article.id, article.text, article.title, article.source, article.url,
                       article.published, article.author, article.language, dict(article.metadata)],
                      ensure_ascii=False)


def answer_bytes(outcome_texts: Sequence[str], ending: Ending) -> bytes:
    """Encode an answer. Raises UnicodeEncodeError if an article contains a lone surrogate."""
    return f'[[{",".join(outcome_texts)}],"{ending}"]'.encode()


def parse_answer(payload: bytes | bytearray, path: Path) -> Answer:
    """Decode an answer about the file at `path`. Raises GarbageError if `payload` is not an answer."""
    try:
        outcomes, ending = json.loads(payload)
        if not isinstance(outcomes, list) or ending not in ENDINGS:
            raise GarbageError
        return Answer(tuple(_outcome(fields, path) for fields in outcomes), ending)
    except (ValueError, TypeError, RecursionError):
        raise GarbageError from None


def _outcome(fields: Any, path: Path) -> PlacedArticle | Rejection:
    line, *rest = fields
    if line is not None and type(line) is not int:
        raise GarbageError
    if len(rest) == 2 and all(type(value) is str for value in rest):
        return Rejection(path, line, *rest)
    *strings, metadata = rest
    if len(strings) != 8 or type(metadata) is not dict or any(type(value) is not str for value in strings):
        raise GarbageError
    article_id, text, title, source, url, published, author, language = strings
    return PlacedArticle(Article(id=article_id, text=text, title=title, source=source, url=url, published=published,
                                 author=author, language=language, metadata=metadata), line)
