"""The unit and the container file start a server that works, is ready, and stops without dropping anything."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.request import urlopen

import pytest

from supply.requirements import pinned
from tests.conftest import PROJECT

DEPLOY = PROJECT / "docs" / "deploy"
UNIT = (DEPLOY / "musnad.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
PROGRAM, INDEX_DIR = "/opt/musnad/.venv/bin/musnad", "/var/lib/musnad/index"


def unit_command() -> list[str]:
    return shlex.split(re.search(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)[1])  # type: ignore[index]


def container_command() -> list[str]:
    return json.loads(re.search(r"^CMD (.*)$", CONTAINER, re.MULTILINE)[1])  # type: ignore[index, no-any-return]


@pytest.mark.parametrize("command", [unit_command(), container_command()], ids=["systemd", "container"])
def test_the_command_serves_and_stops_with_0_when_it_is_told_to(command: list[str], sample_index: Path) -> None:
    assert command[0] == PROGRAM
    changed = {INDEX_DIR: str(sample_index), "8000": "0", "0.0.0.0": "127.0.0.1"}
    here = [sys.executable, "-m", "qa", *(changed.get(word, word) for word in command[1:])]
    process = subprocess.Popen(here, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = re.search(r"http://\S+", process.stdout.readline())
        assert url is not None
        with urlopen(f"{url.group()}/readyz") as ready:
            assert json.load(ready)["status"] == "ready"
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=30)
        assert process.returncode == 0
        assert json.loads(logged.splitlines()[0])["path"] == "/readyz"
    finally:
        process.kill()
        process.communicate()


@pytest.mark.process
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze on this machine")
    unit = tmp_path / "musnad.service"
    unit.write_text(UNIT.replace(PROGRAM, sys.executable), encoding="utf-8")
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_container_has_every_part_of_the_program_and_installs_what_is_pinned() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [pattern.removesuffix("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    assert parts == ["index", "qa", "web"]
    assert [part for part in parts if f"COPY {part} {part}\n" not in CONTAINER] == []
    assert project["tool"]["setuptools"]["py-modules"] == ["build_index"]
    assert "build_index.py" in CONTAINER
    assert "COPY supply supply\n" in CONTAINER
    assert "constraints.txt" in CONTAINER
    assert ".venv/bin/python -m supply.install\n" in CONTAINER
    (torch,) = [each for each in project["project"]["dependencies"] if each.startswith("torch==")]
    assert pinned()["torch"].splitlines()[0] == f"{torch} \\"
