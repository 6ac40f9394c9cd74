"""How many heaps threads share, and what is given back."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = [pytest.mark.process,
              pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these calls")]

THREADS = """
import ctypes, sys, threading
from web.heap import give_back_unused, share_arenas

if sys.argv[1] == "shared":
    share_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
all_hold = threading.Barrier(9)
held = []

def hold():
    held.append(libc.malloc(1000))
    all_hold.wait()

for _ in range(8):
    threading.Thread(target=hold).start()
all_hold.wait()
libc.fopen.restype = ctypes.c_void_p
written = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, written)
libc.fclose(written)
"""

FREED = """
import ctypes
from pathlib import Path
from web.heap import give_back_unused

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
pages = lambda: int(Path("/proc/self/statm").read_text().split()[1])
held = [libc.malloc(60_000) for _ in range(1000)]
for place in held:
    ctypes.memset(place, 1, 60_000)
for place in held[:-1]:  # the last one keeps the heap from shrinking at its end
    libc.free(place)
before = pages()
give_back_unused()
print((before - pages()) * 4096)
"""


def run(program: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", program, *arguments], cwd=PROJECT, capture_output=True, text=True,
                          check=True).stdout


def test_threads_share_two_heaps(tmp_path: Path) -> None:
    arenas = {}
    for how in ("shared", "each"):
        run(THREADS, how, str(tmp_path / how))
        arenas[how] = (tmp_path / how).read_text().count("<heap nr=")
    assert arenas["shared"] == 2 < arenas["each"]


def test_what_was_freed_goes_back_to_the_system() -> None:
    assert int(run(FREED)) > 40_000_000
