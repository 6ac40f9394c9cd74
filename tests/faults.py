"""Faults put into a real build process: a kill before a given system call, an error from one, a full disk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from index.errors import NoSnapshotError
from index.snapshot import Snapshot, open_snapshot
from index.types import Article
from tests.generations import ARTICLES

PROJECT = Path(__file__).resolve().parents[1]
# Every call by which a build changes the disk; some do not exist on every machine, hence the question mark.
CHANGING = ("openat", "write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "?rename", "renameat",
            "renameat2", "?mkdir", "mkdirat", "?unlink", "unlinkat", "?rmdir", "?link", "linkat")
NEW = (Article("new", "A green one is new. A red one is old.", "New"), *ARTICLES[:2])

# Only calls from the first that names the index folder on count: not those of the imports.
BUILD = """
import os, sys
from pathlib import Path
import faiss, filelock
import index.build, index.snapshot
from tests.faults import NEW
from tests.generations import CHUNKING, EMBEDDER, at_second
report = index.build.build(NEW, Path(sys.argv[1]), EMBEDDER, chunking=CHUNKING, now=at_second(6))
os.write(1, f"published {report.generation}\\n".encode())
os._exit(0)
"""


class Ended(NamedTuple):
    """How a build process ended: -9 when killed, and the generation that it reported."""

    code: int
    reported: str
    errors: str


def build_process(index_dir: Path, *inject: str, log: Path | None = None) -> Ended:
    """Build the new articles in a process under strace, with these injections."""
    command = ["strace", "-f", "-qq", "-o", str(log or "/dev/null"), "-e", f"trace={','.join(CHANGING)}"]
    command += [part for rule in inject for part in ("-e", f"inject={rule}")]
    ended = subprocess.run([*command, sys.executable, "-B", "-c", BUILD, str(index_dir)], cwd=PROJECT, text=True,
                           capture_output=True, check=False, timeout=120)
    reported = re.search(r"published (\S+)", ended.stdout)
    return Ended(ended.returncode, reported[1] if reported else "", ended.stderr)


def places(index_dir: Path, log: Path) -> list[tuple[str, int]]:
    """Of one whole build: each call that touches the index folder, as its name and its number among those of its name
    in its process; `when=` of strace counts like that."""
    build_process(index_dir, log=log)
    found, counts = [], dict[tuple[str, str], int]()
    ours = False
    for line in log.read_text(errors="replace").splitlines():
        matched = re.match(r"(\d+) +(\w+)\((.*)", line)
        if matched is None:
            continue
        process, call, rest = matched.groups()
        counts[process, call] = counts.get((process, call), 0) + 1
        ours = ours or str(index_dir) in rest
        reads = call == "openat" and "O_CREAT" not in rest
        if ours and not reads:
            found.append((call, counts[process, call]))
    return found


def served(index_dir: Path) -> Snapshot | None:
    try:
        return open_snapshot(index_dir)
    except NoSnapshotError:
        return None
