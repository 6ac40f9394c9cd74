"""`build_index.py`: its summary, `--update`, `--rebuild`, `--feed`, and `--watch` as a process of its own."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import build_index
from benchmarks.arrival import arrive
from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.intake.watching import BURST_S, QUIET_S, Changes
from index.sources import read_paths
from index.types import Article
from tests.conftest import ARTICLES, PROJECT
from tests.loopback import answer, serving
from tests.test_polling import OTHER, item, page, rss

pytestmark = [pytest.mark.model, pytest.mark.process]

SUMMARY = re.compile(
    r"generation (\S+) in \S+( still)?: (\d+) seen = (\d+) accepted \+ (\d+) rejected; "
    r"(\d+) new, (\d+) changed, (\d+) removed, (\d+) unchanged(?:, \d+ [a-z ]+)*; "
    r"(\d+) passages, (\d+) embedded; \d+\.\d s, \d+\.\d passages/s, \d+\.\d MB")


class Watch:
    """A process that watches, and the lines that it prints."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen([sys.executable, "build_index.py", *arguments], cwd=PROJECT, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={**os.environ, "PYTHONUNBUFFERED": "1"})
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def line(self, beginning: str, seconds: float = 60) -> str:
        """The next line that begins so."""
        end = time.monotonic() + seconds
        while True:
            line = self.lines.get(timeout=max(0.1, end - time.monotonic()))
            if line.startswith(beginning):
                return line

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def watches() -> Iterator[list[Watch]]:
    started: list[Watch] = []
    yield started
    for watch in started:
        if watch.process.poll() is None:
            watch.stop(signal.SIGKILL)
        assert watch.process.stdout is not None
        watch.process.stdout.close()


def counts(line: str) -> tuple[int, ...]:
    """New, changed, removed and unchanged."""
    matched = SUMMARY.match(line)
    assert matched is not None, line
    return tuple(int(matched[group]) for group in (6, 7, 8, 9))


def ids(index_dir: Path) -> set[str]:
    return set(open_snapshot(index_dir).articles.ids)


@pytest.mark.slow
def test_a_watch_takes_in_what_changes_below_a_folder_and_in_the_inbox(tmp_path: Path, watches: list[Watch]) -> None:
    news, index_dir = tmp_path / "news", tmp_path / "index"
    (news / "deep").mkdir(parents=True)
    (news / "a.txt").write_text("Nothing of note was said.")
    watch = Watch(str(news), "--watch", "--index-dir", str(index_dir))
    watches.append(watch)
    assert counts(watch.line("generation")) == (1, 0, 0, 0)
    (news / "deep" / "b.txt").write_text("Another thing was said.")
    assert counts(watch.line("generation")) == (1, 0, 0, 1)
    assert ids(index_dir) == {"news/a", "news/deep/b"}
    Inbox(index_dir).add(Article("api", "A third thing was sent."), "api")
    assert counts(watch.line("generation")) == (1, 0, 0, 2)
    (news / "a.txt").unlink()
    assert counts(watch.line("generation")) == (0, 0, 1, 2)
    assert watch.stop() == 0
    assert ids(index_dir) == {"api", "news/deep/b"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_watch_waits_for_the_first_article_and_stops_at_once(tmp_path: Path, watches: list[Watch],
                                                               number: signal.Signals) -> None:
    news = tmp_path / "news"
    news.mkdir()
    watch = Watch(str(news), "--watch", "--index-dir", str(tmp_path / "index"))
    watches.append(watch)
    assert "no article could be read" in watch.line("build_index: ")
    (news / "a.txt").write_text("Nothing of note was said.")
    watch.line("generation")
    started = time.monotonic()
    assert watch.stop(number) == 0
    assert time.monotonic() - started < 10


@pytest.mark.slow
def test_a_watch_polls_a_feed(tmp_path: Path, watches: list[Watch]) -> None:
    said = {"/feed": answer(200, rss(item(1), item(2, teaser=True))), "/news/2": answer(200, page("صفحة")),
            "/robots.txt": answer(404)}
    with serving(lambda path, _, send: send(said[path])) as server:
        watch = Watch("--watch", "--feed", f"{server.base}/feed", "--allow-host", "127.0.0.1:*", "--index-dir",
                      str(tmp_path / "index"))
        watches.append(watch)
        watch.line("generation")
        while len(ids(tmp_path / "index")) < 2:
            watch.line("generation")
        titles = {article.title for article in open_snapshot(tmp_path / "index").articles}
        assert titles == {"خبر 1", "صفحة"}
        assert watch.stop() == 0


def test_addresses_and_lists_of_them_are_fetched_once_and_indexed(tmp_path: Path, capfd: pytest.CaptureFixture[str]
                                                                  ) -> None:
    said = {"/a": answer(200, page("أ")), "/b": answer(200, page("ب", f"{OTHER} وهذه صفحة أخرى."))}
    with serving(lambda path, _, send: send(said.get(path, answer(404)))) as server:
        listed = tmp_path / "pages.urls"
        listed.write_text(f"# two pages\n{server.base}/b\nnonsense\n")
        code = build_index.main([f"{server.base}/a", str(listed), "--allow-host", "127.0.0.1:*", "--index-dir",
                                 str(tmp_path / "index")])
    printed = capfd.readouterr()
    assert code == 0
    assert f"rejected: {listed}:3: is not an http or https address" in printed.err
    assert {article.title for article in open_snapshot(tmp_path / "index").articles} == {"أ", "ب"}
    assert counts(printed.out) == (2, 0, 0, 0)


def test_a_host_that_is_not_public_is_refused_unless_allowed_by_name(tmp_path: Path, capfd: pytest.CaptureFixture[str]
                                                                     ) -> None:
    with serving(lambda _, __, send: send(answer(200, page("أ")))) as server:
        assert build_index.main([f"{server.base}/a", "--index-dir", str(tmp_path / "index")]) == 1
        assert server.paths == []
    assert "127.0.0.1" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--rebuild"], ["--update", "--rebuild", "x"]])
def test_bad_usage_is_code_2(tmp_path: Path, arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_index.main([*arguments, "--index-dir", str(tmp_path)])
    assert ended.value.code == 2


def test_an_update_without_an_index_or_anything_to_take_in_says_so(tmp_path: Path,
                                                                   capfd: pytest.CaptureFixture[str]) -> None:
    assert build_index.main(["--update", "--index-dir", str(tmp_path)]) == 1
    assert "no article could be read" in capfd.readouterr().err


@pytest.mark.slow
def test_articles_that_arrive_in_three_ways_at_once_are_all_there_and_none_twice() -> None:
    articles = [Article(article.id, article.text, article.title, article.source, f"https://example.org/{article.id}",
                        article.published) for article in read_paths([ARTICLES]) if isinstance(article, Article)]
    found = arrive(articles, 120)
    assert (found["articles"], found["missing"], found["twice"], found["failed_questions"]) == (len(articles), 0, 0, 0)
    assert found["questions"] > 20


# ---- bursts ----

def test_a_burst_of_changes_is_one_and_has_an_end() -> None:
    """By a clock that goes on only while somebody waits, and then by what is waited."""
    class Clock(threading.Condition):
        now, changing_until = 1000.0, 1003.9

        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            self.now += timeout
            if self.now < self.changing_until:
                changes.note()
            return False

    clock = Clock()
    changes = Changes(clock=lambda: clock.now, condition=clock)
    changes.note()
    changes.wait(300)
    assert clock.now == pytest.approx(1003.5 + QUIET_S, abs=0.51)
    begun, clock.changing_until = clock.now, float("inf")
    changes.note()
    changes.wait(300)
    assert clock.now - begun == pytest.approx(BURST_S, abs=0.51)


def test_a_wait_without_changes_ends_and_one_that_is_stopped_too() -> None:
    changes = Changes()
    started = time.monotonic()
    changes.wait(0.05)
    threading.Timer(0.05, changes.stop).start()
    changes.wait(300)
    assert changes.stopped.is_set()
    assert time.monotonic() - started < 10
