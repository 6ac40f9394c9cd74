"""Readers that misbehave as a parser of a hostile document may; a worker loads this table of readers."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from index.sources.kinds import READERS as REAL_READERS
from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article


def read_script(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Run the words of the file as commands, one after the other; a number yields an article with that id."""
    for number, word in enumerate(file.path.read_text(encoding="utf-8").split(), start=1):
        if word.isdigit():
            yield PlacedArticle(Article(id=word, text=f"نص {word}"), number)
        else:
            yield from ACTS[word](file, number) or ()


def many(_file: SourceFile, line: int) -> Iterator[PlacedArticle]:
    for number in range(50):
        yield PlacedArticle(Article(id=f"m{number}", text="نص"), line)


def large(_file: SourceFile, line: int) -> Iterator[PlacedArticle]:
    yield PlacedArticle(Article(id="large", text="x" * 5000), line)


def surrogate(_file: SourceFile, line: int) -> Iterator[PlacedArticle]:
    yield PlacedArticle(Article(id="s", text="\ud800"), line)


def network(_file: SourceFile, _line: int) -> None:
    socket.create_connection(("127.0.0.1", 9))


def allocate(_file: SourceFile, _line: int) -> None:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def loop(_file: SourceFile, _line: int) -> None:
    while True:
        pass


def hang(_file: SourceFile, _line: int) -> None:
    while True:
        time.sleep(60)


def garbage(_file: SourceFile, _line: int) -> None:
    _to_all_descriptors(b"\x05\0\0\0{{{{{")


def endless(_file: SourceFile, _line: int) -> None:
    _to_all_descriptors(b"\xff\xff\xff\x7f")


def chatter(_file: SourceFile, _line: int) -> None:
    print("noise from a reader")
    print("noise from a reader", file=sys.stderr)
    os.write(1, b"noise from a reader\n")


def recurse(file: SourceFile, line: int) -> None:
    recurse(file, line)


def fail(_file: SourceFile, _line: int) -> None:
    raise KeyError("no such key")


def write(file: SourceFile, _line: int) -> None:
    file.path.with_suffix(".written").write_text("x" * 100, encoding="utf-8")


def run(_file: SourceFile, _line: int) -> None:
    os.system("true")


def _to_all_descriptors(content: bytes) -> None:
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            os.write(int(descriptor.name), content)


ACTS = {
    "many": many, "large": large, "surrogate": surrogate, "network": network, "allocate": allocate, "loop": loop,
    "hang": hang, "garbage": garbage, "endless": endless, "chatter": chatter, "recurse": recurse, "fail": fail,
    "write": write, "run": run,
    "segfault": lambda _file, _line: os.kill(os.getpid(), signal.SIGSEGV),
    "killed": lambda _file, _line: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda _file, _line: os._exit(3),
}
READERS = {**REAL_READERS, ".md": read_script, ".jsonl": read_script}
