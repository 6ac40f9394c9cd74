"""The commands with MUSNAD_STORE: one machine builds and publishes, another answers with no index folder of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

import build_index
from index.generation.folder import current_generation
from qa.cli import main
from tests.conftest import server_process
from tests.milvus import MilvusServer

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.model, pytest.mark.index]

QUESTION = "متى أُعلنت الهدنة؟"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def published(server: MilvusServer, sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose index was published to the store by the build command."""
    index_dir = tmp_path_factory.mktemp("builder") / "index"
    shutil.copytree(sample_index, index_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MUSNAD_STORE", server.store())
        assert build_index.main(["--update", "--index-dir", str(index_dir)]) == 0
    return index_dir


def test_another_machine_answers_as_the_one_that_built(published: Path, server: MilvusServer, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for index_dir, store in ((published, ""), (tmp_path / "nothing here", server.store())):
        monkeypatch.setenv("MUSNAD_STORE", store)
        capsys.readouterr()
        assert main(["ask", QUESTION, "--json", "--index-dir", str(index_dir)]) == 0
        answer = json.loads(capsys.readouterr().out)
        answer.pop("timings_ms")
        answers.append(json.dumps(json.loads(json.dumps(answer), parse_float=lambda text: round(float(text), 4))))
    assert answers[1] == answers[0]
    assert current_generation(published) in answers[1]
    assert not (tmp_path / "nothing here").exists()


def test_a_server_without_an_index_folder_serves_what_is_published(published: Path, server: MilvusServer,
                                                                   tmp_path: Path) -> None:
    with server_process(tmp_path / "elsewhere", MUSNAD_STORE=server.store()) as url, \
            urlopen(f"{url}/readyz") as response:
        ready = json.load(response)
    assert (ready["status"], ready["index"]["generation"]) == ("ready", current_generation(published))


def test_a_build_says_that_the_store_is_away_and_keeps_the_index(published: Path, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MUSNAD_STORE", "milvus://127.0.0.1:1/news")
    before = current_generation(published)
    assert build_index.main(["--update", "--index-dir", str(published)]) == 1
    assert "milvus://127.0.0.1:1/news: cannot be reached" in capsys.readouterr().err
    assert current_generation(published) == before


def test_a_wrong_address_ends_the_server_with_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MUSNAD_STORE", "http://127.0.0.1:19530")
    assert main(["serve", "--index-dir", str(tmp_path)]) == 2
    assert "musnad: MUSNAD_STORE: http://127.0.0.1:19530: is no address of a store" in capsys.readouterr().err
