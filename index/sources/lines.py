"""Split chunks of bytes into numbered lines, limiting the memory for one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.sources.rejections import RejectedError

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line feed. `number` counts from 1, and `size` is in bytes.

    `content` is empty if `size` is over the limit. `damage` is set on the last line only: the reason why the chunks
    ended early.
    """

    number: int
    content: bytes
    size: int
    damage: str = ""


def file_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces. Raises OSError if the file cannot be read."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def split_lines(chunks: Iterable[bytes], *, max_bytes: int) -> Iterator[Line]:
    """Yield the lines of `chunks`.

    At most `max_bytes` and one chunk are kept in memory: a longer line is measured, but its content is dropped. If
    `chunks` raises RejectedError, no more lines follow, and the last one has the error's reason as `damage`.
    """
    number, size, held = 1, 0, bytearray()
    try:
        for chunk in chunks:
            *ended, rest = chunk.split(b"\n")
            for piece in ended:
                size += len(piece)
                if size <= max_bytes:
                    held += piece
                else:
                    held.clear()
                yield Line(number, bytes(held), size)
                number, size = number + 1, 0
                held.clear()
            size += len(rest)
            if size <= max_bytes:
                held += rest
            else:
                held.clear()
    except RejectedError as error:
        yield Line(number, bytes(held), size, damage=error.reason)
        return
    if size:
        yield Line(number, bytes(held), size)
