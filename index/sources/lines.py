"""Chunks of bytes to numbered lines, none longer than a limit, whatever the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.sources.types import RejectedError

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line feed, numbered from 1. `content` is empty when `size`, in bytes, is over the limit.

    `damage` is set on the last line only, when the chunks broke off in it: the reason they did.
    """

    number: int
    content: bytes
    size: int
    damage: str = ""


def file_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece. Raises OSError."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def split_lines(chunks: Iterable[bytes], *, max_bytes: int) -> Iterator[Line]:
    """The lines of `chunks`. Holds no more than `max_bytes` and a chunk; longer lines are measured and dropped.

    A RejectedError out of `chunks` ends the lines with one whose `damage` is its reason.
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
