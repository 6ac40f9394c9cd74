"""Simulate a disk that loses power: replay a log of system calls and show the worst that may be left on the disk.

The contents of a file are on the disk once the file was synced after its last write, and the names in a folder once the
folder was synced. A file system may keep any part of the rest; two extremes are tried: it kept nothing, or it kept all
names and no contents.

The files of an SQLite database are written to repeatedly, so they are replayed write by write. Of unsynced writes, the
disk may then have none, or any of them in any order, each in full or only some of its sectors.
"""

from __future__ import annotations

import codecs
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = ("openat", "write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "rename", "renameat", "renameat2",
         "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir")
LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
OPENED = re.compile(r"(\d+)<([^>]*)>")
WRITTEN = re.compile(r'\d+<[^>]*>, "((?:[^"\\]|\\.)*)", (\d+), (\d+)$', re.DOTALL)
TRUNCATED = re.compile(r"\d+<[^>]*>, (\d+)$")
DATABASE, SECTOR_BYTES = "state.sqlite", 512
# Makes strace show every byte that is written.
SHOWN_BYTES = 1_000_000


@dataclass(eq=False)
class Node:
    """A file or a folder.

    `synced` tells whether a file's contents are on the disk; `durable` has the names that a folder has on the disk.
    `writes` are the writes to a database file since `content` was synced: offset and bytes, or a new size and None.
    """

    entries: dict[str, Node] | None = None
    durable: dict[str, Node] = field(default_factory=dict)
    content: bytes = b""
    synced: bool = True
    writes: list[tuple[int, bytes | None]] | None = None


def disk_of(folder: Path) -> Node:
    """Read a folder into a simulated disk on which everything is synced."""
    if not folder.is_dir():
        return Node(content=folder.read_bytes(), writes=[] if is_of_database(folder.name) else None)
    entries = {path.name: disk_of(path) for path in folder.iterdir()}
    return Node(entries, dict(entries))


class Disk:
    """A simulated disk that starts as a folder and is changed call by call.

    `made` are the files created since, in order. `contents` are their final contents, taken from a disk on which the
    same log was replayed before; no file is written after its last sync.
    """

    def __init__(self, before: Node, folder: Path, contents: Sequence[bytes] = ()) -> None:
        self.root, self._folder = before, folder
        self._contents = list(contents)
        self.made: list[Node] = []

    def play(self, log: Path) -> Iterator[str]:
        """Apply the calls of the log; yield each call that changed anything, after applying it."""
        for line in log.read_text(errors="replace").splitlines():
            matched = LINE.match(line)
            if matched is None or int(matched[3]) < 0:
                continue
            if self._apply(matched[1], matched[2]):
                yield line

    def contents(self) -> list[bytes]:
        """Return the final contents of the created files; empty for a file that is gone."""
        self._fill(self.root, self._folder)
        return [node.content for node in self.made]

    def _fill(self, node: Node, path: Path) -> None:
        for name, child in (node.entries or {}).items():
            self._fill(child, path / name)
        if node.entries is None and node.writes is None:
            node.content = path.read_bytes()

    def _apply(self, call: str, arguments: str) -> bool:
        paths = [self._parts(path) for path in self._paths(call, arguments)]
        if any(path is None for path in paths) or not paths:
            return False
        *_, path = paths
        assert path is not None
        try:
            return self._change(call, arguments, paths, path)
        except KeyError:  # a file without a name
            return False

    def _change(self, call: str, arguments: str, paths: list[tuple[str, ...] | None], path: tuple[str, ...]) -> bool:
        match call:
            case "openat":
                parent = self._node(path[:-1])
                assert parent.entries is not None
                if "O_CREAT" not in arguments or path[-1] in parent.entries:
                    if "O_TRUNC" in arguments:
                        self._node(path).synced = False
                    return "O_TRUNC" in arguments
                made = Node(content=self._contents[len(self.made)] if self._contents else b"", synced=False)
                if is_of_database(path[-1]):
                    made = Node(writes=[])
                self.made.append(made)
                parent.entries[path[-1]] = made
            case "write" | "pwrite64" | "writev" | "ftruncate":
                node = self._node(path)
                node.synced = node.writes is not None
                if node.writes is not None:
                    node.writes.append(_write_of(call, arguments))
            case "fsync" | "fdatasync":
                node = self._node(path)
                node.synced = True
                node.content, node.writes = _applied(node.content, node.writes), None if node.writes is None else []
                node.durable = dict(node.entries or {})
            case "rename" | "renameat" | "renameat2":
                first = paths[0]
                assert first is not None
                moved = self._entries(first[:-1]).pop(first[-1])
                self._entries(path[:-1])[path[-1]] = moved
            case "mkdir" | "mkdirat":
                self._entries(path[:-1])[path[-1]] = Node({})
            case _:
                del self._entries(path[:-1])[path[-1]]
        return True

    def _paths(self, call: str, arguments: str) -> list[str]:
        if call in ("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync"):
            opened = OPENED.match(arguments)
            return [opened[2]] if opened else []
        named = PATH.findall(arguments)
        at = OPENED.match(arguments)
        if at and named and not named[0].startswith("/"):  # unlinkat(9</folder>, "name")
            named[0] = f"{at[2]}/{named[0]}"
        return named

    def _parts(self, path: str) -> tuple[str, ...] | None:
        try:
            return Path(path).relative_to(self._folder).parts
        except ValueError:
            return None

    def _node(self, parts: tuple[str, ...]) -> Node:
        node = self.root
        for part in parts:
            assert node.entries is not None
            node = node.entries[part]
        return node

    def _entries(self, parts: tuple[str, ...]) -> dict[str, Node]:
        entries = self._node(parts).entries
        assert entries is not None
        return entries


def restore(node: Node, folder: Path, *, names_are_kept: bool, chance: random.Random | None = None) -> None:
    """Write to `folder` what the disk has after the power is back; `chance` chooses among unsynced database writes."""
    if node.entries is None:
        writes = _some(node.writes, chance) if node.writes and chance else None
        folder.write_bytes(_applied(node.content, writes) if node.synced else b"")
        return
    folder.mkdir()
    for name, child in (node.entries if names_are_kept else node.durable).items():
        restore(child, folder / name, names_are_kept=names_are_kept, chance=chance)


def is_of_database(name: str) -> bool:
    """Tell whether the file is a database or its log; its shared-memory file need not survive."""
    return name.startswith(DATABASE) and not name.endswith("-shm")


def _write_of(call: str, arguments: str) -> tuple[int, bytes | None]:
    if call == "ftruncate":
        truncated = TRUNCATED.match(arguments)
        assert truncated, arguments[-80:]
        return int(truncated[1]), None
    written = WRITTEN.match(arguments)
    assert call == "pwrite64", call
    assert written, arguments[-80:]
    content, _ = codecs.escape_decode(written[1].encode("latin-1"))
    assert isinstance(content, bytes)
    assert len(content) == int(written[2]), arguments[-80:]
    return int(written[3]), content


def _applied(content: bytes, writes: Sequence[tuple[int, bytes | None]] | None) -> bytes:
    for offset, written in writes or ():
        if written is None:
            content = content[:offset].ljust(offset, b"\0")
        else:
            content = content[:offset].ljust(offset, b"\0") + written + content[offset + len(written):]
    return content


def _some(writes: Sequence[tuple[int, bytes | None]], chance: random.Random) -> list[tuple[int, bytes | None]]:
    """Choose some of the writes, and some sectors of each, at random and in random order."""
    sectors = [(offset + start, None if written is None else written[start:start + SECTOR_BYTES])
               for offset, written in writes for start in range(0, len(written or b"?"), SECTOR_BYTES)]
    share = chance.choice((0.2, 0.5, 0.9, 1.0))
    chosen = [one for one in sectors if chance.random() <= share]
    if share < 1.0:
        chance.shuffle(chosen)
    return chosen
