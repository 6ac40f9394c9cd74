"""An index built by Ray equals the one that an ordinary build makes, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.chunker import Chunking
from index.generation.folder import current_generation
from index.intake.parts import PARTS, Keys, Parts, Prepared, write_part
from index.types import Article, Passage, Sentence
from tests.cache import PROJECT
from tests.fakes import WordEmbedder


def corpus(folder: Path, files: int, articles: int) -> Path:
    folder.mkdir()
    for number in range(files):
        lines = [json.dumps({"id": f"f{number}a{place}", "title": f"الخبر {number} {place}",
                             "published": f"2024-03-{1 + place % 28:02}", "text": " ".join(
                                 f"زار الوزير رقم {number} المدينة {place} في اليوم {day}." for day in range(12))},
                            ensure_ascii=False) for place in range(articles)]
        (folder / f"{number:02}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def arguments(articles: Path, index_dir: Path, *more: str) -> list[str]:
    return [sys.executable, "build_index.py", str(articles), "--index-dir", str(index_dir), *more]


def build(articles: Path, index_dir: Path, *more: str) -> str:
    done = subprocess.run(arguments(articles, index_dir, *more), cwd=PROJECT, capture_output=True, text=True,
                          timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def contents(index_dir: Path) -> dict[str, bytes]:
    folder = index_dir / "generations" / current_generation(index_dir)
    # The histories hold the time of arrival, and the manifest that of the build.
    return {path.name: path.read_bytes() for path in folder.iterdir()
            if not path.name.startswith(("manifest", "histor"))}


def assert_equal(one: Path, other: Path) -> None:
    mine, its = contents(one), contents(other)
    assert len(mine) > 8
    assert mine.keys() == its.keys()
    assert [name for name in mine if mine[name] != its[name]] == []


@pytest.mark.process
@pytest.mark.model
@pytest.mark.slow
def test_ray_builds_the_bytes_of_an_ordinary_build_and_an_update_embeds_only_what_is_new(tmp_path: Path) -> None:
    articles = corpus(tmp_path / "articles", 3, 20)
    build(articles, tmp_path / "plain")
    told = build(articles, tmp_path / "ray", "--engine", "ray")
    assert "ray: 60 articles cut and embedded, 0 in parts of an earlier run" in told
    assert_equal(tmp_path / "plain", tmp_path / "ray")
    assert list((tmp_path / "ray" / PARTS).iterdir()) == []
    (articles / "new.txt").write_text("افتتح المعرض أبوابه صباحا.", encoding="utf-8")
    assert "ray: 1 articles cut and embedded" in build(articles, tmp_path / "ray", "--engine", "ray", "--update")


class Cluster:
    """Two nodes of Ray on this machine, each with its own process to kill."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster as RayCluster

        how = {"object_store_memory": 100_000_000, "include_dashboard": False}
        self._cluster = RayCluster(initialize_head=True, head_node_args={"num_cpus": 2, **how})
        self._other = self._cluster.add_node(num_cpus=2, object_store_memory=100_000_000)
        self.address = self._cluster.address

    def lose_a_node(self) -> None:
        self._cluster.remove_node(self._other, allow_graceful=False)

    def close(self) -> None:
        self._cluster.shutdown()


@pytest.mark.process
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_lost_node_and_a_killed_builder_lose_nothing_and_write_nothing_twice(tmp_path: Path) -> None:
    articles = corpus(tmp_path / "articles", 10, 100)
    how = ("--engine", "ray", "--ray-actors", "2", "--ray-address")
    cluster = Cluster()
    try:
        first = subprocess.Popen(arguments(articles, tmp_path / "ray", *how, cluster.address), cwd=PROJECT,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_parts(tmp_path / "ray", 2, first)
        cluster.lose_a_node()
        wait_for_parts(tmp_path / "ray", 4, first)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        before = len(list((tmp_path / "ray" / PARTS).glob("*.parquet")))
        assert before >= 4
        told = build(articles, tmp_path / "ray", *how[:2], *how[4:], cluster.address)
    finally:
        cluster.close()
    said = re.search(r"ray: (\d+) articles cut and embedded, (\d+) in parts", told)
    assert said is not None
    embedded, known = map(int, said.groups())
    assert embedded + known == 1000
    assert known >= 4
    build(articles, tmp_path / "plain")
    assert_equal(tmp_path / "plain", tmp_path / "ray")


def wait_for_parts(index_dir: Path, count: int, builder: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while len(list((index_dir / PARTS).glob("*.parquet"))) < count:
        assert builder.poll() is None, "the builder ended before it was to be killed"
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.process
def test_without_the_extra_the_engine_says_what_to_install_and_no_other_build_loads_it(tmp_path: Path) -> None:
    program = ("import sys; sys.modules['ray'] = None; import build_index; "
               "from index.intake.distributed import prepare; from tests.fakes import WordEmbedder; "
               f"from pathlib import Path; Path({str(tmp_path)!r}, 'a.txt').write_text('x'); "
               f"prepare([Path({str(tmp_path)!r})], Path({str(tmp_path / 'i')!r}), WordEmbedder, "
               "settings=WordEmbedder('a').settings)")
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "pip install 'musnad[scale]'" in done.stderr


def test_a_part_gives_back_what_was_put_in_and_a_repeated_one_counts_once(tmp_path: Path) -> None:
    embedder = WordEmbedder("a", "b")
    keys = Keys(embedder.settings, Chunking())
    article = Article("one", "a b.\nb.", published="2024-01-02")
    passage = Passage("one", 0, 7, (Sentence(0, 4), Sentence(5, 7, lead_in=(0, 4))))
    prepared = Prepared([passage], np.array([[1, 0, 0], [0, 0.5, 0]], np.float32))
    assert write_part(tmp_path, [(keys.of(article), prepared)]) == write_part(tmp_path, [(keys.of(article), prepared)])
    parts = Parts(tmp_path, keys, 3)
    found = parts.get(article)
    assert len(parts) == 1
    assert found is not None
    assert found.passages == [passage]
    assert found.vectors.tolist() == [[1, 0, 0], [0, 0.5, 0]]
    assert parts.get(Article("one", "a b.\nb.", published="2024-01-03")) is None
