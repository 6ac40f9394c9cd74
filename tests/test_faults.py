"""A real build process, killed before a system call that changes the disk, leaves the old generation or the new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.generations import finished
from tests.faults import NEW, build_process, places, served
from tests.generations import ARTICLES, publish_articles

SAMPLED = 6  # every so manieth of the calls; benchmarks can sweep them all


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed, and kills are injected by it")
def test_a_build_killed_at_a_call_that_changes_the_disk_leaves_the_old_or_the_new_generation(tmp_path: Path) -> None:
    publish_articles(tmp_path / "log")
    calls = places(tmp_path / "log", tmp_path / "calls")
    assert {call for call, _ in calls} >= {"write", "fsync", "rename", "mkdir", "unlink", "openat"}
    killed = 0
    for number, (call, when) in enumerate(calls[::SAMPLED]):
        index_dir = tmp_path / f"{number}"
        publish_articles(index_dir)
        ended = build_process(index_dir, f"{call}:signal=SIGKILL:when={when}")
        killed += ended.code == -9
        snapshot = served(index_dir)
        assert snapshot is not None
        assert (tuple(snapshot.articles), snapshot.degraded) in ((ARTICLES, ""), (NEW, ""))
        assert not ended.reported or ended.reported == snapshot.generation
        publish_again = build_process(index_dir)
        assert publish_again.code == 0, publish_again.errors
        assert publish_again.reported == finished(index_dir)[-1]
        assert [path for path in index_dir.rglob("*") if ".tmp" in path.name] == []
    assert killed > len(calls) // SAMPLED // 2
