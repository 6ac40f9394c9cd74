"""The wheel, installed where there is no checkout: the command builds and serves. And what a first run tells."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml

from index.model.default import models_dir
from qa import cli
from tests.conftest import ARTICLES, PROJECT

PARTS = ("pyproject.toml", "README.md", "LICENSE", "build_index.py", "index", "qa", "web")
REUSED = sysconfig.get_paths()["purelib"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a fresh environment with the wheel in it; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    source.mkdir()
    for part in PARTS:
        path = PROJECT / part
        (shutil.copytree if path.is_dir() else shutil.copy)(path, source / part)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
                    "--wheel-dir", folder, source], check=True, cwd=folder)
    shutil.rmtree(source)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--python", folder / "venv" / "bin" / "python", "install",
                    "--no-deps", "--no-index", wheel], check=True, cwd=folder)
    # Only now, or pip would take the checkout, which is installed there, for this one.
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "reused.pth").write_text(f"{REUSED}\n", encoding="utf-8")
    cache = folder / "cache" / "musnad"
    cache.mkdir(parents=True)
    models_dir().mkdir(parents=True, exist_ok=True)
    (cache / "models").symlink_to(models_dir())  # they are set up once, here as anywhere
    return folder / "venv" / "bin"


def environment(installed: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MUSNAD_", "PYTHON"))}
    return {**kept, "XDG_CACHE_HOME": str(installed.parents[1] / "cache"), "PYTHONUNBUFFERED": "1"}


@pytest.mark.model
@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_the_wheel_builds_and_serves_outside_a_checkout(installed: Path, tmp_path: Path) -> None:
    known = environment(installed)
    where = subprocess.run([installed / "python", "-c", "import index, web; print(index.__file__, web.__file__)"],
                           cwd=tmp_path, env=known, capture_output=True, text=True, check=True)
    assert where.stdout.count(str(installed.parent)) == 2
    built = subprocess.run([installed / "musnad", "build", ARTICLES, "--json"], cwd=tmp_path, env=known, check=False,
                           capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["update"]["articles"] == 34
    assert (tmp_path / "var" / "index" / "CURRENT").exists()
    server = subprocess.Popen([installed / "musnad", "serve", "--port", "0"], cwd=tmp_path, env=known, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert server.stdout is not None
        url = re.search(r"http://\S+", server.stdout.readline())
        assert url is not None
        body = json.dumps({"question": "متى وُقّعت اتفاقيتا كامب ديفيد؟"}).encode()
        with urlopen(Request(f"{url.group()}/api/ask", body, {"Content-Type": "application/json"})) as response:
            assert json.load(response)["status"] == "answered"
        for path in ("/", "/static/page.css", "/static/noto-naskh-arabic.woff2", "/api/docs", "/api/openapi.json"):
            with urlopen(url.group() + path) as response:
                assert (response.status, bool(response.read())) == (200, True)
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=30)
        assert (server.returncode, errors) == (0, "")
    finally:
        server.kill()
        server.communicate()


@pytest.mark.process
@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_packages_and_nothing_else(installed: Path) -> None:
    (site,) = (installed.parent / "lib").glob("python*/site-packages")

    def files_below(folder: Path) -> set[Path]:
        return {path.relative_to(folder) for part in ("index", "qa", "web") for path in (folder / part).rglob("*")
                if path.is_file() and "__pycache__" not in path.parts}

    assert len(files_below(PROJECT)) > 300
    assert files_below(site) == files_below(PROJECT)
    assert (site / "build_index.py").is_file()
    assert {path.name for path in installed.glob("*musnad*")} == {"musnad"}


@pytest.mark.model
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("command", [["build", str(ARTICLES), "--model"], ["ask", "x", "--reader"]])
def test_an_unknown_model_offline_fails_in_seconds_with_one_clear_line(command: list[str], sample_index: Path,
                                                                       tmp_path: Path) -> None:
    index = sample_index if command[0] == "ask" else tmp_path / "index"
    # A name of RFC 2606, which is never found; so is the hub on a machine without a network.
    known = {**os.environ, "HF_ENDPOINT": "http://hub.invalid", "HF_HOME": str(tmp_path / "cache")}
    known = {name: value for name, value in known.items() if "proxy" not in name.lower() and name != "HF_HUB_OFFLINE"}
    done = subprocess.run([sys.executable, "-m", "qa", *command, "nobody/no-such-model", "--index-dir", index],
                          cwd=PROJECT, env=known, capture_output=True, text=True, check=False, timeout=100)
    # The client of the hub writes a line for each of its attempts, which take two minutes.
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert (done.returncode, len(lines)) == (1, 1), done.stderr
    assert "'nobody/no-such-model' cannot be loaded: it is neither a folder here nor among the models" in lines[0]
    assert "hub.invalid cannot be reached" in lines[0]


def test_the_first_question_shows_the_progress_of_the_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    def load(*_: object, report: object = None, **__: object) -> None:
        assert callable(report)
        report("model: writing model.safetensors (470.0 MB)")
        raise OSError("enough")

    monkeypatch.setattr("qa.opening.load_answerer", load)
    for command in (["ask", "x"], ["search", "x"], ["verify", "a b c"], ["timeline", "x"], ["disagreements", "x"]):
        assert cli.main([*command, "--index-dir", str(tmp_path)]) == 1
        assert capsys.readouterr().err.startswith("model: writing model.safetensors (470.0 MB)\n")


def test_the_compose_file_runs_the_container_and_keeps_to_its_index() -> None:
    deploy = PROJECT / "docs" / "deploy"
    services = yaml.safe_load((deploy / "compose.yaml").read_text(encoding="utf-8"))["services"]
    container = (deploy / "Containerfile").read_text(encoding="utf-8")
    assert set(services) == {"serve", "watch"}
    build = services["serve"]["build"]
    assert (deploy / build["context"] / build["dockerfile"]).resolve() == (deploy / "Containerfile")
    for service in services.values():
        assert service["image"] == "musnad"
        assert service["volumes"][0] == "index:/var/lib/musnad"
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    program, *command = services["watch"]["command"]
    assert f'"{program}"' in container
    assert f'"--index-dir", "{command[-1]}"' in container
    assert command[:2] == ["build", "--watch"]
    assert services["serve"]["ports"] == ["127.0.0.1:8000:8000"]
