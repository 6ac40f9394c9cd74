"""How the server keeps its heap small, where the C library is glibc; elsewhere these do nothing."""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8  # malloc.h
ARENAS = 2        # heaps that threads share: with one for each thread, each keeps what its largest request took


def share_arenas() -> None:
    """Let all threads share two heaps. To be called before there are threads."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, ARENAS)


def give_back_unused() -> None:
    """Return to the system what loading a model and an index took and freed again."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
