"""`build_index.py`, `musnad build`, `musnad --version` and `python -m qa`, each as a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

from index.generation.folder import read_current
from index.generation.publishing import build_lock
from tests.conftest import PROJECT

pytestmark = pytest.mark.process

MUSNAD = [str(Path(sys.executable).with_name("musnad"))]
MODULE = [sys.executable, "-m", "qa"]
BUILDS = [pytest.param([sys.executable, str(PROJECT / "build_index.py")], "build_index", id="build_index.py"),
          pytest.param([sys.executable, "-m", "build_index"], "build_index", id="-m build_index"),
          pytest.param([*MUSNAD, "build"], "musnad", id="musnad build"),
          pytest.param([*MODULE, "build"], "musnad", id="-m qa build")]
SUMMARY = re.compile(r"generation \S+ in \S+: 1 seen = 1 accepted \+ 0 rejected; 1 new, .* 1 passages, .*\n")


def ran(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder that is not the project's."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("command", "_name"), BUILDS)
def test_each_way_to_build_publishes_and_prints_one_line(command: Sequence[str], _name: str, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("وقّع الوفدان الاتفاق في 5 شباط 2018.", encoding="utf-8")
    done = ran([*command, "news.txt", "--index-dir", "made"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert SUMMARY.fullmatch(done.stdout)
    assert read_current(tmp_path / "made").name in done.stdout


@pytest.mark.parametrize(("command", "name"), BUILDS)
def test_each_way_to_build_fails_alike(command: Sequence[str], name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    failed = ran([*command, "empty", "--index-dir", "made"], tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == f"{name}: no article could be read (0 rejected); the index is left as it was\n"

    misused = ran([*command, "--index-dir", "made"], tmp_path)
    assert (misused.returncode, misused.stdout) == (2, "")
    assert misused.stderr.endswith(": error: name a PATH, or take in what waits in the inbox with --update\n")

    with build_lock(tmp_path / "made"):
        locked = ran([*command, "empty", "--index-dir", "made"], tmp_path)
    assert (locked.returncode, locked.stdout) == (75, "")
    assert locked.stderr == f"{name}: another build holds the lock of made; wait for it to end and try again\n"


def test_each_way_to_build_takes_the_same_arguments(tmp_path: Path) -> None:
    helps = [ran([*parameters.values[0], "--help"], tmp_path) for parameters in BUILDS]
    assert [done.returncode for done in helps] == [0, 0, 0, 0]
    described = {re.sub(r"(?s)^usage: .*?\n\n", "", done.stdout) for done in helps}
    assert len(described) == 1
    for option in ("--index-dir", "--update", "--rebuild", "--watch", "--feed", "--allow-host", "--model", "--runtime"):
        assert option in described.copy().pop()


@pytest.mark.parametrize("command", [MUSNAD, MODULE], ids=["musnad", "-m qa"])
def test_the_version_is_the_package_s(command: Sequence[str], tmp_path: Path) -> None:
    done = ran([*command, "--version"], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"musnad {version('musnad')}\n", "")


@pytest.mark.parametrize("command", [MUSNAD, MODULE], ids=["musnad", "-m qa"])
def test_musnad_and_the_module_have_the_same_commands(command: Sequence[str], tmp_path: Path) -> None:
    done = ran([*command, "--help"], tmp_path)
    assert re.findall(r"^    (\w+)(?: |$)", done.stdout, re.MULTILINE) == [
        "build", "ask", "search", "timeline", "affair", "disagreements", "verify", "check", "claims", "eval", "index",
        "mcp", "serve", "token"]


def test_what_musnad_built_the_other_commands_read(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("وقّع الوفدان الاتفاق في 5 شباط 2018.", encoding="utf-8")
    assert ran([*MUSNAD, "build", "news.txt", "--index-dir", "made"], tmp_path).returncode == 0
    listed = ran([*MUSNAD, "index", "list", "--index-dir", "made", "--json"], tmp_path)
    assert [row["articles"] for row in json.loads(listed.stdout)["generations"]] == [1]
    found = ran([*MODULE, "search", "الاتفاق", "--index-dir", "made", "--json"], tmp_path)
    assert [hit["start"] for hit in json.loads(found.stdout)["hits"]] == [0]
