"""What the README shows is run as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = [command for command in re.findall(r"^\$ (musnad (?:ask|search|verify) .+)$", README, re.MULTILINE)
            if "--batch" not in command]  # which needs a file: tests/test_batch.py


def test_the_langchain_example_runs(sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                    capsys: pytest.CaptureFixture[str]) -> None:
    section = README.split("## LangChain", 1)[1].split("\n## ", 1)[0]
    (example,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "index").symlink_to(sample_index)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {"__name__": "readme"})
    assert "camp-david-accords-1978" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(command: str, sample_index: Path) -> None:
    _musnad, *arguments = shlex.split(command)
    done = subprocess.run([sys.executable, "-m", "qa", *arguments], cwd=PROJECT, capture_output=True, text=True,
                          check=False, env={**os.environ, "MUSNAD_INDEX_DIR": str(sample_index)})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) == 5
