"""Unpack gzip (RFC 1952) up to the exact byte at which a file is cut off or damaged.

The standard library's reader would lose up to a whole buffer of intact data before the damage.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from index.sources.rejections import RejectedError

MAGIC = b"\x1f\x8b"
MAX_OUTPUT_BYTES = 256 * 1024
# News compresses four to ten times, a bomb up to 1,032 times. Below MIN_SUSPECT_BYTES the ratio means nothing.
MAX_RATIO = 100
MIN_SUSPECT_BYTES = 256 * 1024 * 1024
GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS  # expect the gzip header and check the trailer's CRC-32 and size


def gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of the gzip members in `chunks`, in pieces of limited size.

    Raises RejectedError at damage, after yielding everything before it. Also raises RejectedError for a decompression
    bomb: content of more than `MAX_RATIO` times the packed size and more than `MIN_SUSPECT_BYTES`.
    """
    inflater: Any = None  # zlib's type has no public name
    packed_bytes = unfolded_bytes = 0
    for chunk in chunks:
        packed_bytes += len(chunk)
        while chunk:
            if inflater is None:
                chunk = chunk.lstrip(b"\0")  # padding after a member, as gzip itself allows
                if not chunk:
                    break
                inflater = zlib.decompressobj(GZIP_WINDOW_BITS)
            before = inflater.copy()
            try:
                content = inflater.decompress(chunk, MAX_OUTPUT_BYTES)
            except zlib.error as error:
                yield from _up_to_the_error(before, chunk)
                what = str(error).partition(": ")[2] or str(error)
                raise RejectedError(f"is damaged here (gzip: {what}); fetch the file again") from None
            if content:
                yield content
            unfolded_bytes += len(content)
            if unfolded_bytes > max(MIN_SUSPECT_BYTES, MAX_RATIO * packed_bytes):
                raise RejectedError(f"unfolds to more than {MAX_RATIO} times its size, as a decompression bomb does; "
                                    f"unpack it yourself if you trust it")
            chunk = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if inflater.eof:
                inflater = None
    if inflater is not None:
        with suppress(zlib.error):
            yield inflater.flush()
        raise RejectedError("is cut off here (gzip: the end is missing); fetch the file again")


def _up_to_the_error(inflater: Any, chunk: bytes) -> Iterator[bytes]:
    """Unpack `chunk` byte by byte up to the error, because a call of zlib that fails returns no output at all."""
    for byte in range(len(chunk)):
        try:
            content = inflater.decompress(chunk[byte : byte + 1])
        except zlib.error:
            return
        if content:
            yield content
