"""Read JSON Lines, plain or gzipped, as a stream with one article per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from index.sources.encoding import as_utf_8, decode_as, detect
from index.sources.foreign_records import with_known_names
from index.sources.gzipped import MAGIC, gunzip
from index.sources.lines import Line, file_chunks, split_lines
from index.sources.records import article_from_fields, certain_id, kind_of
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile


def read_jsonl(  # noqa: C901  # one branch for each fault that a line can have
        file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article, or a rejection, of every line of `file` that is not blank.

    An article's text stays exactly as given, including line ends. A file whose first record has a `question` and no
    `text` is a file of questions: it is skipped below a folder, and rejected once if the user named the file itself.
    """
    decoder = LineDecoder()
    is_empty, is_first_record = True, True
    for line in _lines(file, max_article_bytes):
        if line.damage:
            is_empty = False
        elif line.size > max_article_bytes:
            is_empty = False
            yield Rejection(
                file.path,
                line.number,
                f"is {line.size:,} bytes long, over the {max_article_bytes:,} of one article; split it",
            )
            continue
        elif not line.content.strip():
            continue
        is_empty = False
        record: dict[str, Any] = {}
        try:
            record = parse_record(decoder.decode(line.content))
            if is_first_record and "question" in record and "text" not in record:
                if file.is_named:
                    yield Rejection(file.path, line.number, "holds questions, not articles; name files of articles")
                return
            is_first_record = False
            record = with_known_names(record)
            yield PlacedArticle(article_from_fields(record, record.get("text")), line.number)
        except RejectedError as error:
            if not line.damage:
                yield Rejection(file.path, line.number, error.reason, certain_id(record))
        if line.damage:
            yield Rejection(file.path, line.number, line.damage)
    if is_empty:
        yield Rejection(file.path, None, "is empty; write one article per line, or remove it")


def parse_record(text: str) -> dict[str, Any]:
    """Parse one line of JSON Lines. Raises RejectedError if it is not a JSON object.

    NaN and Infinity are accepted here; `article_from_fields` rejects them with the name of their key.
    """
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise RejectedError(
            f"is not valid JSON ({error.msg}, column {error.colno}); write one JSON object per line"
        ) from None
    except ValueError:  # int() refuses more than 4,300 digits
        raise RejectedError("holds a number of thousands of digits; write it as a string") from None
    except RecursionError:
        raise RejectedError("is nested too deeply; flatten it") from None
    if not isinstance(record, dict):
        raise RejectedError(f"is {kind_of(record)}, not an object; write one JSON object per line")
    return record


class LineDecoder:
    """Decodes the lines of one file.

    The encoding of each line is detected separately, until one line is UTF-8 beyond ASCII. Then the file counts as
    UTF-8, and a line that is not valid UTF-8 is damaged. It must not be tried as Windows-1256, which decodes any bytes.
    """

    def __init__(self) -> None:
        self._is_utf_8 = False

    def decode(self, line: bytes) -> str:
        """Return the text of `line`. Raises EncodingError if it cannot be decoded."""
        if self._is_utf_8:
            return decode_as("utf-8-sig", line)
        encoding = detect(line)
        self._is_utf_8 = encoding in ("utf-8", "utf-8-sig") and not line.isascii()
        return decode_as(encoding, line)


def _lines(file: SourceFile, max_bytes: int) -> Iterator[Line]:
    chunks = file_chunks(file.path)
    head = next(chunks, b"")
    chunks = chain([head], chunks)
    if head.startswith(MAGIC) or (head and file.path.name.lower().endswith(".gz")):
        chunks = gunzip(chunks)
    return split_lines(as_utf_8(chunks), max_bytes=max_bytes)
