"""Read SQLite's write-ahead log, to find damage that SQLite ignores silently.

Each frame's checksum continues that of the frame before. SQLite stops reading at the first wrong checksum, so a flipped
bit undoes every later transaction without an error. The format is at
https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

PAGE_BYTES = 4096
HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
_ORDER = ">" if sys.byteorder == "big" else "<"  # in which checksums read words
_MAGIC = 0x377F0683 if sys.byteorder == "big" else 0x377F0682
_VERSION = 3007000


class _Frame(NamedTuple):
    page: int
    pages_after_commit: int  # 0 unless the frame ends a transaction
    salts: bytes
    checksum: tuple[int, int]
    content: bytes


def is_cut_short(log: bytes) -> bool:
    """Tell whether frames follow the point where SQLite stops reading the log.

    That means damage, or a power cut during a write.
    """
    if len(log) <= HEADER_BYTES:
        return False
    salts, checksum = log[16:24], _checksum(log[:24], (0, 0))
    if struct.unpack_from(">3I", log) != (_MAGIC, _VERSION, PAGE_BYTES) or (
            struct.unpack_from(">2I", log, 24) != checksum):
        return True
    is_valid = True
    for frame in _frames(log):
        if is_valid:
            checksum = _continued(checksum, frame)
            is_valid = frame.salts == salts and frame.checksum == checksum
        # What an earlier use of the file left has two other salts; a flipped bit changes one at most.
        if not is_valid and (frame.salts[:4] == salts[:4] or frame.salts[4:] == salts[4:]):
            return True
    return False


def with_log_applied(database: bytes, log: bytes) -> bytes:
    """Return the database with every transaction of the log applied, even those after damage.

    A flipped bit in a frame's header, which holds the page number, is repaired; a flipped bit in a page is not. Because
    a frame's checksum continues that of the frame before, and the stored one may be damaged, it is also computed.
    """
    pages = bytearray(database)
    if len(log) < HEADER_BYTES:
        return database
    most_pages = (len(database) + len(log)) // PAGE_BYTES
    stored = struct.unpack_from(">2I", log, 24)
    computed = _checksum(struct.pack(">3I", _MAGIC, _VERSION, PAGE_BYTES) + log[12:24], (0, 0))
    transaction: list[_Frame] = []
    for damaged in _frames(log):
        frame = _repaired(damaged, stored, computed, most_pages)
        if not 0 < frame.page <= most_pages:
            break
        start = computed if _continued(computed, frame) == frame.checksum else stored
        stored, computed = frame.checksum, _continued(start, frame)
        transaction.append(frame)
        if frame.pages_after_commit:
            for one in transaction:
                end = one.page * PAGE_BYTES
                pages.extend(bytes(max(0, end - len(pages))))
                pages[end - PAGE_BYTES:end] = one.content
            transaction = []
    return bytes(pages)


def _repaired(frame: _Frame, stored: tuple[int, int], computed: tuple[int, int], most_pages: int) -> _Frame:
    """Return the frame; if its checksum is wrong and flipping one bit of its header mends that, flip the bit.

    `stored` and `computed` are the previous frame's checksum, as stored in the log and as computed from its content.
    They differ if a bit was flipped in either; this frame is intact if it continues one of them. Both are tried before
    any bit is flipped, and no flip is accepted that gives more than `most_pages` pages, because flipping a bit of the
    page number can compensate for a flipped bit in a stored checksum.
    """
    if frame.checksum in (_continued(stored, frame), _continued(computed, frame)):
        return frame
    for bit in range(32):
        for turned in (frame._replace(page=frame.page ^ 1 << bit),
                       frame._replace(pages_after_commit=frame.pages_after_commit ^ 1 << bit)):
            is_possible = turned.page <= most_pages and turned.pages_after_commit <= most_pages
            if is_possible and _continued(stored, turned) == frame.checksum:
                return turned
    return frame


def _frames(log: bytes) -> Iterator[_Frame]:
    size = FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(HEADER_BYTES, len(log) - size + 1, size):
        page, pages_after_commit = struct.unpack_from(">2I", log, start)
        first, second = struct.unpack_from(">2I", log, start + 16)
        yield _Frame(page, pages_after_commit, log[start + 8:start + 16], (first, second),
                     log[start + FRAME_HEADER_BYTES:start + size])


def _continued(checksum: tuple[int, int], frame: _Frame) -> tuple[int, int]:
    return _checksum(frame.content, _checksum(struct.pack(">2I", frame.page, frame.pages_after_commit), checksum))


def _checksum(content: bytes, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    words = struct.unpack(f"{_ORDER}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & 0xFFFFFFFF
        second = second + odd + first & 0xFFFFFFFF
    return first, second
