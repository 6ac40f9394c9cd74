"""Two nodes of Ray on this machine, articles to build from, and the files of what was built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from index.generation.folder import current_generation
from index.intake.parts import PARTS
from tests.cache import PROJECT

WAIT_S = 500
# Ray runs its workers at niceness 15, so that they would wait for every other test.
os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  # Ray reads this spelling


def corpus(folder: Path, files: int, articles: int, sentences: int = 12) -> Path:
    """A folder of so many files, each with so many articles."""
    folder.mkdir()
    for number in range(files):
        lines = []
        for place in range(articles):
            text = " ".join(f"زار الوزير رقم {number} المدينة {place} في اليوم {day}." for day in range(sentences))
            lines.append(json.dumps({"id": f"f{number}a{place}", "title": f"الخبر {number} {place}", "text": text,
                                     "published": f"2024-03-{1 + place % 28:02}"}, ensure_ascii=False))
        (folder / f"{number:02}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


class Nodes:
    """Starts with `with`; each node is a process of its own."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._how = {"num_cpus": 2, "object_store_memory": 100_000_000}
        self._cluster = Cluster(initialize_head=True, head_node_args={**self._how, "include_dashboard": False})
        self._other = self._cluster.add_node(**self._how)
        self.address: str = self._cluster.address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._cluster.shutdown()

    def lose_one(self) -> int:
        """Kill the second node, once it embeds, without a word to the first; return how many actors it ran."""
        raylet = self._other.all_processes["raylet"][0].process.pid
        until = time.monotonic() + WAIT_S
        while not (actors := sum("_Embedding" in title for title in _children(raylet))):
            assert time.monotonic() < until
            time.sleep(0.05)
        self._cluster.remove_node(self._other, allow_graceful=False)
        return actors


def _children(process: int) -> list[str]:
    """The titles of the processes that one has started."""
    return [_title(folder) for folder in Path("/proc").glob("[0-9]*") if _parent(folder) == process]


def _parent(process: Path) -> int:
    with suppress(OSError):
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return 0  # it ended meanwhile


def _title(process: Path) -> str:
    with suppress(OSError):
        return (process / "cmdline").read_text()
    return ""


def command(articles: Path, index_dir: Path, *more: str) -> list[str]:
    """The command that builds."""
    return [sys.executable, "build_index.py", str(articles), "--index-dir", str(index_dir), *more]


def build(articles: Path, index_dir: Path, *more: str) -> str:
    """Build to the end; return what was printed."""
    done = subprocess.run(command(articles, index_dir, *more), cwd=PROJECT, capture_output=True, text=True,
                          timeout=WAIT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def wait_for_parts(index_dir: Path, count: int, builder: subprocess.Popen[str]) -> int:
    """Wait until the builder left so many parts; return how many there are."""
    until = time.monotonic() + WAIT_S
    while (found := len(list((index_dir / PARTS).glob("*.parquet")))) < count:
        assert builder.poll() is None, "the builder ended before it was to be killed"
        assert time.monotonic() < until
        time.sleep(0.02)
    return found


def contents(index_dir: Path) -> dict[str, bytes]:
    """The files of the published generation by name, but those that hold times of arrival and of the build."""
    folder = index_dir / "generations" / current_generation(index_dir)
    return {path.name: path.read_bytes() for path in folder.iterdir()
            if not path.name.startswith(("manifest", "histor"))}


def assert_equal(one: Path, other: Path) -> None:
    """Compare all files of two builds byte for byte."""
    mine, its = contents(one), contents(other)
    assert len(mine) > 8
    assert mine.keys() == its.keys()
    assert [name for name in mine if mine[name] != its[name]] == []
