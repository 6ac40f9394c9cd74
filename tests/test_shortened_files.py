"""A file of the served generation that somebody shortens: what the server has read stays with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import pytest

from index.generation import snapshot
from index.generation.folder import current_generation
from index.generation.snapshot import open_snapshot
from qa.answerer import Answerer
from qa.types.question import Question
from tests.conftest import PROJECT, server_process
from tests.faults import EMBEDDER
from tests.test_index_folder import grown

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
# A server that maps its index, however small that is.
MAPPING = """
import sys
from index.generation import snapshot
from qa.cli import main
snapshot.KEPT_IN_MEMORY_BYTES = 0
sys.exit(main())
"""


def shorten(index_dir: Path) -> int:
    """Empty every file of the current generation but its manifest; return how many."""
    folder = index_dir / "generations" / current_generation(index_dir)
    files = [path for path in folder.iterdir() if path.name != "manifest.json"]
    for path in files:
        os.truncate(path, 0)
    return len(files)


def ask(url: str, question: str) -> int:
    request = urllib.request.Request(f"{url}/api/ask", json.dumps({"question": question}).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def mapped(folder: Path) -> set[str]:
    """Names of the files of a folder that this process maps."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return {Path(line.split(maxsplit=5)[5]).name for line in lines if str(folder) in line}


def test_a_small_generation_is_answered_from_after_its_files_were_emptied(tmp_path: Path) -> None:
    index_dir = grown(tmp_path, "kite")
    answerer = Answerer(open_snapshot(index_dir), EMBEDDER)
    assert mapped(tmp_path) == set()
    before = answerer.ask(Question("red kite")).as_json()
    assert shorten(index_dir) > 5
    after = Answerer(answerer.snapshot, EMBEDDER).ask(Question("red kite")).as_json()
    assert before["passages"]
    assert {**after, "timings_ms": {}} == {**before, "timings_ms": {}}


def test_a_generation_above_the_limit_is_mapped_and_says_the_same(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    index_dir = grown(tmp_path, "kite")
    read = open_snapshot(index_dir)
    monkeypatch.setattr(snapshot, "KEPT_IN_MEMORY_BYTES", 0)
    over_files = open_snapshot(index_dir)
    assert {"passages.npy", "sentences.npy", "articles.jsonl"} <= mapped(tmp_path)
    assert over_files.articles[0] == read.articles[0]
    assert over_files.tables.passages.tolist() == read.tables.passages.tolist()


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.index
def test_a_server_goes_on_and_says_that_its_files_are_gone(sample_index: Path, tmp_path: Path) -> None:
    index_dir = Path(shutil.copytree(sample_index, tmp_path / "index"))
    server = server_process(index_dir, MUSNAD_READER="none")
    with server as url:
        assert ask(url, QUESTION) == 200
        assert shorten(index_dir) > 5
        asked = [ask(url, f"{QUESTION} {number}") for number in range(30)]
        assert set(asked) <= {200, 503}
        assert asked == sorted(asked)  # once nothing is answered from the changed files, nothing is
        assert server.process.poll() is None
    assert server.process.returncode == 0


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.index
def test_a_server_that_maps_its_index_ends_and_its_log_says_of_what(sample_index: Path, tmp_path: Path) -> None:
    index_dir = Path(shutil.copytree(sample_index, tmp_path / "index"))
    with subprocess.Popen([sys.executable, "-c", MAPPING, "serve", "--index-dir", str(index_dir), "--port", "0"],
                          cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=os.environ | {"MUSNAD_READER": "none"}) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split(" ")[3]
        shorten(index_dir)
        with pytest.raises((OSError, urllib.error.URLError)):
            list(map(partial(ask, url), (f"{QUESTION} {number}" for number in range(1000))))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGBUS
    assert "Fatal Python error: Bus error" in errors
