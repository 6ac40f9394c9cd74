"""A test cannot use a model, an index, a browser or another process without the mark that says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.model.default import models_dir
from tests.cache import CACHE, PROJECT
from tests.needs import NEEDS, needs_of

# Each test is named after what it lacks, or ends well.
INNER = '''
import subprocess
import threading
from contextlib import suppress

import pytest

from index.model.default import DEFAULT_MODEL, compiled_folder
from index.model.load import load_embedder


def test_process():
    subprocess.run(["true"], check=True)


def test_process_of_a_thread():
    thread = threading.Thread(target=lambda: suppressed(lambda: subprocess.run(["true"])))
    thread.start()
    thread.join()


def test_process_whose_failure_is_caught():
    suppressed(lambda: subprocess.run(["true"]))


@pytest.mark.process
def test_strace():
    subprocess.run(["strace", "true"])


@pytest.mark.process
def test_browser():
    subprocess.run(["/usr/bin/chromium", "--version"])


def test_model():
    load_embedder(runtime="compiled")


def test_model_of_torch():
    import torch


@pytest.mark.process
def test_ends_well():
    subprocess.run(["true"], check=True)


def suppressed(act):
    with suppress(BaseException):
        act()
'''


@pytest.mark.process
def test_a_test_that_uses_more_than_it_says_fails_and_names_the_mark(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(INNER, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest",
                          "-c", str(PROJECT / "pyproject.toml"), str(tmp_path)],
                         cwd=PROJECT, capture_output=True, text=True, check=False,
                         env={**os.environ, "COLUMNS": "200"})
    failed = dict(re.findall(r"^FAILED \S+::(\w+) - Failed: this test needs (.*): mark it with", ran.stdout,
                             re.MULTILINE))
    assert failed == {
        "test_process": "process", "test_process_of_a_thread": "process",
        "test_process_whose_failure_is_caught": "process", "test_strace": "strace", "test_browser": "browser",
        "test_model": "model", "test_model_of_torch": "model"}, ran.stdout
    assert "7 failed, 1 passed" in ran.stdout


@pytest.mark.parametrize(("event", "arguments", "needs"), [
    ("open", (f"{models_dir()}/multilingual-e5-small/config.json", "r", 0), {"model"}),
    ("open", (Path("var/tests/sample-1/CURRENT"), "r", 0), {"index"}),
    ("open", ("/etc/hosts", "r", 0), set()), ("open", (3, "r", 0), set()),
    ("import", ("onnxruntime", None, None, None, None), {"model"}),
    ("import", ("numpy", None, None, None, None), set()),
    ("subprocess.Popen", ("make", ["make", "-n"], None, None), {"process"}),
    ("subprocess.Popen", ("/usr/bin/chromium", "chromium", None, None), {"process", "browser"}),
    ("subprocess.Popen", ("/x/playwright/driver/node", ["node", "cli.js"], None, None), {"process", "browser"}),
    ("subprocess.Popen", ("unshare", ["unshare", "strace", "-f"], None, None), {"process", "strace"}),
    ("os.fork", (), {"process"}), ("os.listdir", (".",), set()),
])
def test_what_an_event_needs(event: str, arguments: tuple[object, ...], needs: set[str],
                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CACHE.parents[1])
    assert needs_of(event, arguments) == needs


def test_the_quick_tests_are_those_that_need_nothing_and_every_mark_is_explained() -> None:
    makefile, project = ((PROJECT / name).read_text(encoding="utf-8") for name in ("Makefile", "pyproject.toml"))
    assert f'--hypothesis-profile=quick -m "not ({" or ".join(NEEDS)})"' in makefile
    explained = re.search(r"^markers = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert explained is not None
    assert tuple(re.findall(r'"(\w+): ', explained[1])) == NEEDS
