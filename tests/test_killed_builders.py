"""Builders over one database that die in their middle: the next one takes over, and nothing is lost or there twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from index.errors import BuildLockedError
from index.generation.folder import current_generation, finished
from index.generation.publishing import build_lock
from index.generation.snapshot import FolderSnapshot, open_snapshot
from index.intake.build import build
from index.intake.inbox import Inbox
from index.intake.update import update
from index.shared.database import Database
from index.types import Article
from tests.cache import PROJECT
from tests.loopback import answer
from tests.newsroom import Publisher, entry, feed, publisher
from tests.receiver import wait_until
from tests.shared_server import EMBEDDER

pytestmark = [pytest.mark.postgres, pytest.mark.process, pytest.mark.slow]

# A build of the files and the inbox that stands still in its middle, and says so.
STOPPED = """
import itertools, sys
from pathlib import Path
from index.intake.inbox import Inbox
from index.intake.update import update
from tests.shared_server import EMBEDDER

where, folder, files = sys.argv[1:]
embed, blocks = EMBEDDER.embed_passages, itertools.count(1)

def stop(*_):
    print("there", flush=True)
    sys.stdin.read()

if where == "embedding":
    EMBEDDER.embed_passages = lambda texts: embed(texts) if next(blocks) < 3 else stop()
else:
    Inbox.remove = stop
update([Path(files)], Path(folder), lambda: EMBEDDER, is_exact=False)
"""
# `build_index.py --watch --feed …`, which says when it takes the turn of polling, and when another one has it.
WATCH = """
import argparse, sys
from contextlib import contextmanager
from index.errors import LeaseTakenError
from index.intake import command, poll_command
from tests.shared_server import EMBEDDER

turn = poll_command.polling_turn

@contextmanager
def told():
    try:
        with turn() as is_ours:
            print("polls", flush=True)
            yield is_ours
    except LeaseTakenError:
        print("waits", flush=True)
        raise

poll_command.polling_turn, poll_command.RETRY_TURN_S = told, 0.2
command.load_embedder = lambda *_, **__: EMBEDDER
parser = argparse.ArgumentParser()
command.add_arguments(parser)
sys.exit(command.run(parser.parse_args(["--watch", *sys.argv[1:]]), parser, name="build"))
"""


def lapse_after(database: Database, seconds: float) -> None:
    """Let every lease last so long from now, whatever the machine's speed made of its time."""
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE leases SET expires = clock_timestamp() + %(seconds)s * interval '1 second'",
                                   {"seconds": seconds})


def story(number: int, colour: str) -> Article:
    return Article(f"a{number}", f"The {colour} boat number {number} left the harbour.", f"Boat {number}")


def everything_of(snapshot: FolderSnapshot) -> dict[str, tuple[str, list[float]]]:
    """The text and the sum of the vectors of each article by its id."""
    found: dict[str, tuple[str, list[float]]] = {}
    for row, article in enumerate(snapshot.articles):
        passages = np.flatnonzero(snapshot.tables.passages[:, 0] == row)
        assert article.id not in found
        found[article.id] = article.text, snapshot.dense.vectors(passages).sum(axis=0).round(4).tolist()
    return found


@pytest.mark.parametrize("where", ["embedding", "published"])
def test_after_a_build_was_killed_the_next_one_waits_for_its_lease_and_then_has_everything_once(
        database: Database, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    index_dir, files = tmp_path / "index", tmp_path / "files"
    build([Article("old", "The harbour was blue.")], index_dir, EMBEDDER)
    first = current_generation(index_dir)
    files.mkdir()
    (files / "boats.jsonl").write_text("".join(
        json.dumps({"id": each.id, "title": each.title, "text": each.text}) + "\n"
        for each in (story(number, "red") for number in range(300))))
    inbox = Inbox(index_dir)
    inbox.add_all([story(number, "green") for number in (3, *range(300, 320))], "api")
    inbox.withdraw("a7")
    with subprocess.Popen([sys.executable, "-c", STOPPED, where, str(index_dir), str(files)], cwd=PROJECT,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "there\n"
        builder.send_signal(signal.SIGKILL)
        builder.wait()
    assert (current_generation(index_dir) == first) is (where == "embedding")
    lapse_after(database, 3600)
    with pytest.raises(BuildLockedError, match=f"process {builder.pid} of .* builds for the same servers"), \
            build_lock(index_dir):
        raise AssertionError("the lease of a killed build ends by its time alone")
    lapse_after(database, 2)
    ends = time.monotonic() + 60
    while True:
        try:
            report = update([files], index_dir, lambda: EMBEDDER, is_exact=False)
            break
        except BuildLockedError:
            assert time.monotonic() < ends
            time.sleep(0.2)
    assert report.is_new is (where == "embedding"), "what was published is not built again"
    assert len(finished(index_dir)) == 2
    assert [path.name for path in (index_dir / "generations").iterdir() if path.name not in finished(index_dir)] == []
    assert [name for name in inbox.names() if name not in open_snapshot(index_dir).applied] == []
    found = everything_of(open_snapshot(index_dir))
    monkeypatch.delenv("MUSNAD_DATABASE")
    expected = {"old": Article("old", "The harbour was blue."), **{
        each.id: each for each in [*(story(number, "red") for number in range(300)),
                                   *(story(number, "green") for number in (3, *range(300, 320)))]}}
    del expected["a7"]
    build(expected.values(), tmp_path / "plain", EMBEDDER)
    assert len(found) == 320
    assert found == everything_of(open_snapshot(tmp_path / "plain"))


class Watch:
    """A `--watch` in a process of its own. `said` are the lines about its turn."""

    def __init__(self, index_dir: Path, *addresses: str) -> None:
        feeds = [part for address in addresses for part in ("--feed", address)]
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", WATCH, "--index-dir", str(index_dir), "--allow-host", "127.0.0.1:*", *feeds],
            cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ})
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.strip() in ("polls", "waits"):
                self.said.append(line.strip())

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(60)
        self._reading.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def watching(index_dir: Path, *addresses: str) -> Iterator[Watch]:
    watch = Watch(index_dir, *addresses)
    try:
        yield watch
    finally:
        watch.end()


def say(site: Publisher, path: str, colour: str) -> str:
    """Publish a feed of one entry that is good for a day; return its address."""
    content = feed(entry(f"The {colour} boat left.", guid=colour, title=f"A {colour} boat"))
    site.pages[path] = answer(200, content.encode(), Content_Type="text/xml", Cache_Control="max-age=86400")
    return site.url(path)


def texts(index_dir: Path) -> list[str]:
    return sorted(article.text.partition(" left")[0] for article in open_snapshot(index_dir).articles)


def test_one_of_two_watches_polls_and_when_it_is_killed_the_other_goes_on_where_it_was(database: Database,
                                                                                       tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    build([Article("old", "The harbour left.")], index_dir, EMBEDDER)
    with publisher() as site:
        shared, of_one, of_other = (say(site, f"/{colour}", colour) for colour in ("red", "blue", "green"))
        with watching(index_dir, shared, of_one) as one:
            wait_until(lambda: one.said == ["polls"])
            wait_until(lambda: texts(index_dir) == ["The blue boat", "The harbour", "The red boat"])
            with watching(index_dir, shared, of_other) as other:
                wait_until(lambda: other.said.count("waits") > 2)
                one.end(signal.SIGKILL)
                lapse_after(database, 3600)
                waited = len(other.said)
                wait_until(lambda: len(other.said) > waited + 1)
                assert set(other.said) == {"waits"}, "the killed one has its turn until its time is over"
                assert sorted(site.server.paths) == ["/blue", "/red"], "the other asked nothing so far"
                lapse_after(database, 0)
                wait_until(lambda: other.said[-1] == "polls")
                wait_until(lambda: "The green boat" in texts(index_dir))
            assert one.said == ["polls"]
        assert sorted(site.server.paths) == ["/blue", "/green", "/red"], "it remembers what the first one read"
    assert texts(index_dir) == ["The blue boat", "The green boat", "The harbour", "The red boat"]
