"""The index folder under a running server: replaced, rolled back, or with files that change."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import ForeignIndexError, HeldError
from index.generation.folder import current_generation, finished
from index.generation.hold import held, release
from index.generation.publishing import roll_back
from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.intake.inbox import Inbox
from index.intake.update import update
from index.types import Article
from qa.answerer import Answerer
from tests.conftest import server_process
from tests.faults import EMBEDDER
from web.app import create_app
from web.gate.admin import Admin
from web.indexing import Indexing
from web.service import Service
from web.verifying import Verifier
from web.waiting import Waiting

TOKEN = "a long random text"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def grown(index_dir: Path, *names: str) -> Path:
    """One generation more for each article."""
    for name in names:
        Inbox(index_dir).add(Article(name, f"The red {name}."), "api")
        update((), index_dir, lambda: EMBEDDER, is_exact=False)
    return index_dir


class Served:
    """An app with a token over an index of two generations; what it would run to index is counted, not run."""

    def __init__(self, folder: Path) -> None:
        self.index_dir = grown(folder / "index", "one", "two")
        self.service = Service(self.index_dir, lambda: Answerer(open_snapshot(self.index_dir), EMBEDDER))
        self.verifier = Verifier(self.service, 600)
        self.builds: list[str] = []
        self.command = ["false"]
        self.indexing = Indexing(self.service, Waiting(Inbox(self.index_dir), self.service), self._command,
                                 look_every_s=0.01, quiet_s=0.0)
        self.client = create_app(self.service, admin=Admin(TOKEN), indexing=self.indexing,
                                 verifier=self.verifier).test_client()

    def _command(self) -> list[str]:
        self.builds.append(self.service.first)
        return self.command

    def post(self) -> Any:
        return self.client.post("/api/articles", json={"id": "three", "text": "The red three."}, headers=HEADERS)

    def ready(self) -> Any:
        return self.client.get("/readyz").get_json()

    def metric(self, name: str) -> str:
        lines = self.client.get("/metrics").get_data(as_text=True).splitlines()
        (value,) = [line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} ")]
        return value


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path)


def remove_current(index_dir: Path) -> None:
    (index_dir / "CURRENT").unlink()


def empty_the_folder(index_dir: Path) -> None:
    shutil.rmtree(index_dir)
    index_dir.mkdir()


def copy_another_over_it(index_dir: Path) -> None:
    other = index_dir.parent / "other"
    build([Article("foreign", "The blue one.")], other, EMBEDDER)
    shutil.copytree(other, index_dir, dirs_exist_ok=True)


def swap_another_in(index_dir: Path) -> None:
    index_dir.rename(index_dir.parent / "away")
    grown(index_dir, "foreign", "strange")


def name_no_generation(index_dir: Path) -> None:
    (index_dir / "CURRENT").write_text(f"000009-20260101T000000-{'0' * 16} {'0' * 64}\n")


def write_rubbish(index_dir: Path) -> None:
    (index_dir / "CURRENT").write_bytes(b"\xff")


@pytest.mark.parametrize("replace", [remove_current, empty_the_folder, copy_another_over_it, swap_another_in,
                                     name_no_generation, write_rubbish])
def test_articles_are_refused_while_the_folder_holds_no_or_another_index(served: Served,
                                                                         replace: Callable[[Path], None]) -> None:
    assert served.post().status_code == 202
    generation = served.service.answerer().state.generation
    replace(served.index_dir)
    before = finished(served.index_dir)
    refused = served.post()
    assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:musnad:problem:index-replaced")
    assert refused.get_json()["messages"].keys() == {"ar", "en"}
    assert "المقالات" in refused.get_json()["messages"]["ar"]
    assert served.client.delete("/api/articles/one", headers=HEADERS).status_code == 503
    served.service.refresh()
    assert served.service.answerer().state.generation == generation
    assert served.ready()["status"] == "degraded"
    assert "CURRENT" in served.ready()["reload_error"]
    assert served.metric("musnad_index_replaced") == "1.0"
    with pytest.raises(ForeignIndexError):
        update((), served.index_dir, lambda: EMBEDDER, is_exact=False, continues=served.service.first)
    served.indexing.start()
    time.sleep(0.1)
    served.indexing.stop()
    assert served.builds == []
    assert finished(served.index_dir) == before


def test_an_index_that_is_put_back_is_served_and_takes_articles_again(served: Served) -> None:
    line = (served.index_dir / "CURRENT").read_bytes()
    remove_current(served.index_dir)
    served.service.refresh()
    (served.index_dir / "CURRENT").write_bytes(line)
    served.service.refresh()
    assert served.ready()["status"] == "ready"
    assert served.post().status_code == 202


def test_builds_of_the_same_index_go_on_however_many_there_are_between_two_looks(served: Served) -> None:
    grown(served.index_dir, "three", "four", "five", "six")
    assert served.service.fault() == ""
    served.service.refresh()
    assert served.service.answerer().state.articles == 6
    assert served.post().status_code == 202


@pytest.mark.process
def test_a_rolled_back_generation_is_held_until_it_is_released(served: Served) -> None:
    roll_back(served.index_dir)
    name = current_generation(served.index_dir)
    served.service.refresh()
    assert served.post().status_code == 202
    served.indexing.start()
    time.sleep(0.1)
    assert served.builds == []
    assert (served.ready()["held"], served.ready()["waiting"] >= 1) == (name, True)
    assert served.metric("musnad_index_held") == "1.0"
    for act in (lambda: update((), served.index_dir, lambda: EMBEDDER, is_exact=False),
                lambda: build([Article("x", "Red.")], served.index_dir, EMBEDDER)):
        with pytest.raises(HeldError, match="musnad index release"):
            act()
    assert current_generation(served.index_dir) == name
    assert release(served.index_dir) == name
    wait_until(lambda: bool(served.builds))
    served.indexing.stop()
    assert (held(served.index_dir), served.ready()["held"]) == ("", None)
    grown(served.index_dir)
    update((), served.index_dir, lambda: EMBEDDER, is_exact=False)
    assert {"one", "two", "three"} == set(open_snapshot(served.index_dir).articles.ids)


def test_a_roll_back_that_was_cut_short_holds_nothing(served: Served) -> None:
    (served.index_dir / "HELD").write_text(f"{finished(served.index_dir)[0]}\n")
    assert held(served.index_dir) == ""
    grown(served.index_dir, "three")
    assert release(served.index_dir) == ""


def change_in_place(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as stream:
        stream.write(content)


def change_and_hide_it(path: Path) -> None:
    status = path.stat()
    change_in_place(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_it(path: Path) -> None:
    (path.parent.parent / "new").write_bytes(b"x")
    (path.parent.parent / "new").rename(path)


@pytest.mark.parametrize("change", [change_in_place, change_and_hide_it, replace_it, Path.unlink])
def test_a_file_that_changes_is_noticed_and_the_generation_before_is_served(served: Served,
                                                                            change: Callable[[Path], None]) -> None:
    before, generation = finished(served.index_dir)
    served.verifier.look()
    change(served.index_dir / "generations" / generation / "sentences.npy")
    served.verifier.verify() if change is change_and_hide_it else served.verifier.look()
    assert served.service.answerer().state.generation == before
    ready = served.ready()
    assert (ready["status"], ready["index"]["generation"]) == ("degraded", before)
    assert generation in ready["reload_error"]
    assert 'musnad_index_verifications_total{outcome="damaged"} 1.0' in served.client.get("/metrics").get_data(True)
    assert served.post().status_code == 202
    served.verifier.verify()
    assert served.ready()["verified"] is not None


def test_a_change_before_the_first_look_is_noticed_too(served: Served) -> None:
    before, generation = finished(served.index_dir)
    change_in_place(served.index_dir / "generations" / generation / "sentences.npy")
    served.verifier.look()
    assert served.service.answerer().state.generation == before
    assert dict(served.verifier.verdicts) == {"damaged": 1}


def test_without_another_generation_nothing_is_answered_from_changed_files(tmp_path: Path) -> None:
    index_dir = grown(tmp_path, "one")
    service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
    change_in_place(index_dir / "generations" / current_generation(index_dir) / "articles.jsonl")
    Verifier(service, 600).verify()
    assert service.serving() is None
    assert create_app(service).test_client().get("/readyz").status_code == 503


def test_whole_files_are_read_when_it_is_time_and_say_so(served: Served) -> None:
    verifier = Verifier(served.service, 2, look_every_s=1)
    verifier.look()
    assert (dict(verifier.verdicts), verifier.verified) == ({}, None)
    verifier.look()
    verifier.look()
    assert dict(verifier.verdicts) == {"whole": 1}
    assert verifier.verified is not None


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        threading.Event().wait(0.05)


def fetched(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {**HEADERS, "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


@pytest.mark.slow
@pytest.mark.process
def test_a_server_process_notices_a_changed_file_and_holds_a_roll_back(sample_index: Path, tmp_path: Path) -> None:
    index_dir = Path(shutil.copytree(sample_index, tmp_path / "index"))
    with server_process(index_dir, MUSNAD_ADMIN_TOKEN=TOKEN, MUSNAD_READER="none") as url:
        first = fetched(f"{url}/readyz")["index"]["generation"]
        fetched(f"{url}/api/articles", {"id": "new", "text": "وصل الوفد إلى المدينة صباح اليوم."})
        wait_until(lambda: fetched(f"{url}/readyz")["index"]["generation"] != first)
        newer = fetched(f"{url}/readyz")["index"]["generation"]
        roll_back(index_dir)
        wait_until(lambda: fetched(f"{url}/readyz")["index"]["generation"] == first)
        time.sleep(8)  # longer than the server waits before it indexes
        assert fetched(f"{url}/readyz")["index"]["generation"] == first == fetched(f"{url}/readyz")["held"]
        release(index_dir)
        wait_until(lambda: fetched(f"{url}/readyz")["index"]["generation"] not in (first, newer))
        last = fetched(f"{url}/readyz")["index"]["generation"]
        change_in_place(index_dir / "generations" / last / "sentences.npy")
        wait_until(lambda: fetched(f"{url}/readyz")["index"]["generation"] != last)
        assert fetched(f"{url}/readyz")["status"] == "degraded"


@pytest.mark.process
def test_a_build_goes_on_where_the_system_forbids_to_lower_its_priority(served: Served, monkeypatch: pytest.MonkeyPatch
                                                                        ) -> None:
    def forbid(*_: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setpriority", forbid)
    served.command = ["true"]
    assert (served.indexing.take_in(), served.indexing.error) == ("done", "")
