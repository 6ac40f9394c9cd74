"""Inject faults into a real build process: a kill before a given system call, an error from one, a full disk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from index.errors import NoSnapshotError
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.inbox import Inbox
from index.intake.update import update
from index.types import Article
from tests.fakes import WordEmbedder
from tests.power import CALLS as POWER_CALLS
from tests.power import SHOWN_BYTES

PROJECT = Path(__file__).resolve().parents[1]
# All system calls by which a build changes the disk; the question mark allows calls that a machine lacks.
CHANGING = ("openat", "write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "?rename", "renameat",
            "renameat2", "?mkdir", "mkdirat", "?unlink", "unlinkat", "?rmdir", "?link", "linkat")
# System calls that a disk error is injected into.
WRITING = ("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync")
EMBEDDER = WordEmbedder("red", "blue", "green")
OLD = {"one": "The red one came first. Then it left.", "two": "A blue one.", "three": "The green one."}
NEW = {"one": "The red one came first. Then it left.", "two": "A blue one came again.", "four": "Another one."}

# Calls count from the first that names the index folder, so those of the imports do not.
BUILD = """
import os, sys
from pathlib import Path
import faiss, filelock, numpy
import index.intake.update
import sqlite3
from index.errors import IndexingError
from tests.faults import EMBEDDER
try:
    report = index.intake.update.update((), Path(sys.argv[1]), lambda: EMBEDDER, is_exact=False)
except (IndexingError, OSError) as error:
    sys.stderr.write(f"{type(error).__name__}: {error}\\n")
    sys.stderr.flush()
    os._exit(1)
os.write(1, f"published {report.generation}\\n".encode())
os._exit(0)
"""

# Prints the name of each accepted article after accepting it, and each refusal.
ACCEPT = """
import os, sys
from pathlib import Path
import filelock, sqlite3
import index.intake.inbox
from index.sources.records import article_from_fields
from tests.faults import ACCEPTED
state = index.intake.state.State(Path(sys.argv[1]), empty_log_bytes=20_000)  # after some changes, not after each
inbox = index.intake.inbox.Inbox(Path(sys.argv[1]), state=state)
for number, text in ACCEPTED:
    try:
        name = inbox.add(article_from_fields({"id": f"a{number}"}, text), "api")
        os.write(1, f"accepted {number} {name}\\n".encode())
    except OSError as error:
        os.write(1, f"refused {number} {error}\\n".encode())
os._exit(0)
"""
# Some on one page of the database, some on many.
ACCEPTED = [(number, f"Text {number}. " * (700 if number == 2 else 3)) for number in range(4)]


class Ended(NamedTuple):
    """The exit status of a build process, -9 if killed, and the generation that it reported."""

    code: int
    reported: str
    errors: str
    printed: str = ""


def prepare(index_dir: Path) -> None:
    """Publish a generation of OLD, and put into the inbox the changes that turn it into NEW."""
    index_dir.mkdir(parents=True)
    inbox = Inbox(index_dir)
    inbox.add_all([Article(article_id, text) for article_id, text in OLD.items()], "api")
    update((), index_dir, lambda: EMBEDDER, is_exact=False)
    inbox.add_all([Article("two", NEW["two"]), Article("four", NEW["four"])], "api")
    inbox.withdraw("three")


def build_process(index_dir: Path, *inject: str, log: Path | None = None, program: str = BUILD) -> Ended:
    """Build from the inbox in a process under strace with these injections, or run another program that way."""
    command = ["strace", "-f", "-qq", "-o", str(log or "/dev/null"), "-e", f"trace={','.join(CHANGING)}"]
    command += [part for rule in inject for part in ("-e", f"inject={rule}")]
    ended = subprocess.run([*command, sys.executable, "-B", "-c", program, str(index_dir)], cwd=PROJECT, text=True,
                           capture_output=True, check=False, timeout=120)
    reported = re.search(r"published (\S+)", ended.stdout)
    return Ended(ended.returncode, reported[1] if reported else "", ended.stderr, ended.stdout)


def traced_build(index_dir: Path, log: Path, program: str = BUILD) -> Ended:
    """Build from the inbox under strace, or run another program that way.

    The log has the system calls with the paths of their files and every byte that they write.
    """
    ended = subprocess.run(["strace", "-f", "-y", "-qq", "-s", str(SHOWN_BYTES), "-o", str(log), "-e",
                            f"trace={','.join(POWER_CALLS)}", sys.executable, "-B", "-c", program, str(index_dir)],
                           cwd=PROJECT, text=True, capture_output=True, check=False, timeout=120)
    reported = "published" in ended.stdout and ended.stdout.split()[-1] or ""
    return Ended(ended.returncode, reported, ended.stderr, ended.stdout)


def places(index_dir: Path, log: Path, program: str = BUILD) -> list[tuple[str, int]]:
    """List the system calls of one whole build that touch the index folder.

    Each comes as: name, and its number among the calls of that name in its process, as `when=` of strace counts.
    """
    build_process(index_dir, log=log, program=program)
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
    """Return the generation that a server would open, or None."""
    try:
        return open_snapshot(index_dir)
    except NoSnapshotError:
        return None


def texts(snapshot: Snapshot) -> dict[str, str]:
    return {article.id: article.text for article in snapshot.articles}


def check_accepted(index_dir: Path, printed: str) -> int:
    """Check the inbox after a fault while articles arrive; return how many were reported as accepted.

    All reported articles must be there with their text, in order, and at most the one under way besides them. The next
    article must be accepted.
    """
    named = [(int(number), name) for number, name in re.findall(r"accepted (\d+) (\S+)", printed)]
    entries = Inbox(index_dir).entries()
    found = [(int(entry.article.id[1:]), entry.name) for entry in entries if entry.article]
    assert [one for one in found if one in named] == named, f"{found} of {named}"
    assert found == sorted(found), found
    assert len(found) - len(named) <= 1 + printed.count("refused"), f"{found} where {named} were accepted"
    assert [(int(entry.article.id[1:]), entry.article.text) for entry in entries if entry.article] == [
        (number, ACCEPTED[number][1]) for number, _ in found]
    name = Inbox(index_dir).add(Article("next", "Another one."), "api")
    assert Inbox(index_dir).names() == [*(entry.name for entry in entries), name]
    return len(named)


def check_after(index_dir: Path, ended: Ended) -> None:
    """Check what must hold after any fault.

    The corpus is wholly old or wholly new, a reported generation is served, and the next build has everything that was
    accepted and leaves no files behind.
    """
    snapshot = served(index_dir)
    assert snapshot is not None, "nothing can be opened"
    assert texts(snapshot) in (OLD, NEW), f"serves {texts(snapshot)}"
    assert snapshot.degraded == "", snapshot.degraded
    assert not ended.reported or ended.reported == snapshot.generation, f"reported {ended.reported}"
    again = build_process(index_dir)
    assert again.code == 0, again.errors
    snapshot = served(index_dir)
    assert snapshot is not None
    assert texts(snapshot) == NEW, f"the next build serves {texts(snapshot)}"
    left = [path for path in index_dir.rglob("*") if ".tmp" in path.name]
    assert left == [], f"left behind: {left}"
