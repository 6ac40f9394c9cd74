"""SQLite's write-ahead log, read to find damage that SQLite passes over in silence.

Each frame of the log has a checksum that continues that of the frame before it. SQLite takes the log to end at the
first frame whose checksum is wrong, so a flipped bit undoes every later transaction without a word. The format is at
https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
_MAGIC = 0x377F0682  # the lowest bit says whether checksums read words as big-endian


class _Frame(NamedTuple):
    page: int
    pages_after_commit: int  # 0 unless the frame ends a transaction
    salts: bytes
    checksum: tuple[int, int]
    content: bytes


def is_cut_short(log: bytes) -> bool:
    """Return whether frames follow the place where SQLite takes the log to end: damage, or a power cut in mid-write."""
    if len(log) <= HEADER_BYTES:
        return False
    salts, checksum = _header(log)
    if checksum is None:
        return True
    is_valid = True
    for frame in _frames(log):
        if is_valid:
            checksum = _continued(log, checksum, frame)
            is_valid = frame.salts == salts and frame.checksum == checksum
        # What an earlier use of the file left has two other salts; a flipped bit changes one at most.
        if not is_valid and (frame.salts[:4] == salts[:4] or frame.salts[4:] == salts[4:]):
            return True
    return False


def with_checksums_renewed(log: bytes) -> bytes:
    """Return the log with every checksum made right, so that SQLite reads it to its last transaction."""
    page_bytes = _page_bytes(log)
    salts = log[16:24]
    order = _order(log)
    header = log[:24]
    checksum = _checksum(order, header, (0, 0))
    renewed = [header, struct.pack(">2I", *checksum)]
    for frame in _frames(log):
        if frame.page == 0 or len(frame.content) < page_bytes:
            break
        checksum = _continued(log, checksum, frame)
        renewed += [struct.pack(">2I", frame.page, frame.pages_after_commit), salts, struct.pack(">2I", *checksum),
                    frame.content]
    return b"".join(renewed)


def _header(log: bytes) -> tuple[bytes, tuple[int, int] | None]:
    """Return the salts, and the checksum that the first frame continues: None when the header is damaged."""
    magic, _, page_bytes = struct.unpack_from(">3I", log)
    checksum = _checksum(_order(log), log[:24], (0, 0))
    is_whole = magic & ~1 == _MAGIC and page_bytes in (512 << n for n in range(8)) and (
        struct.unpack_from(">2I", log, 24) == checksum)
    return log[16:24], checksum if is_whole else None


def _frames(log: bytes) -> Iterator[_Frame]:
    size = FRAME_HEADER_BYTES + _page_bytes(log)
    for start in range(HEADER_BYTES, len(log) - size + 1, size):
        page, pages_after_commit = struct.unpack_from(">2I", log, start)
        first, second = struct.unpack_from(">2I", log, start + 16)
        yield _Frame(page, pages_after_commit, log[start + 8:start + 16], (first, second),
                     log[start + FRAME_HEADER_BYTES:start + size])


def _page_bytes(log: bytes) -> int:
    (page_bytes,) = struct.unpack_from(">I", log, 8)
    return page_bytes if page_bytes in (512 << n for n in range(8)) else 4096


def _order(log: bytes) -> str:
    return ">" if log[3] & 1 else "<"


def _continued(log: bytes, checksum: tuple[int, int], frame: _Frame) -> tuple[int, int]:
    order = _order(log)
    start = _checksum(order, struct.pack(">2I", frame.page, frame.pages_after_commit), checksum)
    return _checksum(order, frame.content, start)


def _checksum(order: str, content: bytes, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & 0xFFFFFFFF
        second = second + odd + first & 0xFFFFFFFF
    return first, second
