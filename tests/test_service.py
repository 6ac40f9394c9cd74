"""The generation being served: noticing another, opening it beside the old one, and changing between requests."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from index.errors import CorruptSnapshotError
from index.generation.folder import current_generation
from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.types import Article
from qa.answerer import Answerer
from qa.check.draft import Draft
from qa.types.question import Question
from tests.fake_answerer import INDEX, FakeAnswerer
from tests.fakes import WordEmbedder
from web import service as service_module
from web.app import create_app
from web.service import IndexUnavailableError, Service

if TYPE_CHECKING:
    from flask.testing import FlaskClient


class Generations:
    """A service over generations that a test names, opened by hand."""

    def __init__(self, index_dir: Path, first: str | Exception = "g1") -> None:
        self.index_dir, self.opened = index_dir, list[str]()
        self.broken: dict[str, Exception] = {}
        self.degraded: dict[str, str] = {}
        self.publish(first)
        self.service = Service(index_dir, lambda: cast("Answerer", self.open()))

    def publish(self, generation: str | Exception) -> None:
        self.current = generation
        name = generation if isinstance(generation, str) else "broken"
        (self.index_dir / "CURRENT").write_text(f"{name} {'0' * 64}\n")

    def open(self) -> FakeAnswerer:
        if isinstance(self.current, Exception):
            raise self.current
        self.opened.append(self.current)
        if self.current in self.broken:
            raise self.broken[self.current]
        answerer = FakeAnswerer(generation=self.current)
        answerer.degraded = self.degraded.get(self.current, "")
        return answerer

    def refreshed(self) -> str:
        self.service.refresh()
        return self.service.answerer().state.generation

    @property
    def ready(self) -> tuple[int, dict[str, object]]:
        client: FlaskClient = create_app(self.service).test_client()
        response = client.get("/readyz")
        return response.status_code, response.get_json()


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path)


def test_another_generation_is_opened_once_and_served(generations: Generations) -> None:
    assert generations.refreshed() == "g1"
    generations.publish("g2")
    assert [generations.refreshed() for _ in range(3)] == ["g2"] * 3
    assert generations.opened == ["g1", "g2"]
    assert generations.service.reloads["swapped"] == 2


def test_one_that_does_not_open_leaves_the_old_one_serving(generations: Generations,
                                                           caplog: pytest.LogCaptureFixture) -> None:
    damaged = CorruptSnapshotError(Path("vectors.bin"), "size", 10, 9)
    generations.broken["g2"] = damaged
    generations.publish("g2")
    assert [generations.refreshed() for _ in range(40)] == ["g1"] * 40
    assert generations.opened == ["g1", "g2", "g2"]  # tried again after thirty looks
    assert [record.getMessage() for record in caplog.records] == [
        f"the current generation of {generations.index_dir} cannot be served: {damaged}"]
    assert generations.ready == (200, {"status": "degraded", "index": INDEX, "reload_error": str(damaged),
                                       "waiting": 0, "database": None, "indexing_error": None, "held": None,
                                       "verified": None})
    text = create_app(generations.service).test_client().get("/metrics").get_data(as_text=True)
    assert "musnad_index_degraded 1.0" in text
    assert 'musnad_index_reloads_total{outcome="failed"} 2.0' in text
    generations.publish("g3")
    assert generations.refreshed() == "g3"
    assert generations.ready[1]["status"] == "ready"


def test_an_older_generation_that_is_served_instead_says_so(generations: Generations) -> None:
    generations.degraded["g2"] = "generation g3 is damaged; generation g2 is served instead"
    generations.publish("g2")
    assert generations.refreshed() == "g2"
    assert generations.ready[1]["reload_error"] == generations.degraded["g2"]


def test_a_damaged_index_at_the_start_is_served_once_it_is_repaired(tmp_path: Path) -> None:
    damaged = CorruptSnapshotError(Path("CURRENT"), "size", 10, 9)
    generations = Generations(tmp_path, damaged)
    status, problem = generations.ready
    assert (status, problem["type"], problem["detail"]) == (503, "urn:musnad:problem:index-unavailable", str(damaged))
    generations.publish("g2")
    assert generations.refreshed() == "g2"


def test_an_unforeseen_failure_to_open_keeps_its_details_in_the_log(tmp_path: Path,
                                                                    caplog: pytest.LogCaptureFixture) -> None:
    generations = Generations(tmp_path, MemoryError("at 0x7f"))
    with pytest.raises(IndexUnavailableError, match="^the index could not be opened; the server's log says why$"):
        generations.service.answerer()
    assert "MemoryError: at 0x7f" in caplog.text


def test_requests_go_on_with_the_old_generation_while_the_new_one_opens(generations: Generations,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    opening, go_on = threading.Event(), threading.Event()
    at_once = generations.open

    def slowly() -> FakeAnswerer:
        opening.set()
        assert go_on.wait(30)
        return at_once()

    monkeypatch.setattr(generations, "open", slowly)
    generations.publish("g2")
    refreshing = threading.Thread(target=generations.service.refresh)
    refreshing.start()
    assert opening.wait(30)
    assert [generations.service.answerer().state.generation for _ in range(3)] == ["g1"] * 3
    go_on.set()
    refreshing.join()
    assert generations.service.answerer().state.generation == "g2"


def test_the_watch_notices_a_generation_by_itself_and_stops(generations: Generations,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "CHECK_EVERY_S", 0.01)
    served = threading.Event()
    at_once = generations.open

    def noticed() -> FakeAnswerer:
        served.set()
        return at_once()

    monkeypatch.setattr(generations, "open", noticed)
    generations.service.watch()
    generations.publish("g2")
    assert served.wait(30)
    generations.service.stop()
    assert generations.service.answerer().state.generation == "g2"
    assert "generations" not in [thread.name for thread in threading.enumerate()]


def test_the_old_generation_is_freed_with_its_last_request_without_waiting_for_the_cycle_collector(
        tmp_path: Path) -> None:
    embedder = WordEmbedder("red")
    build([Article("a", "The red one.")], tmp_path, embedder)
    service = Service(tmp_path, lambda: Answerer(open_snapshot(tmp_path), embedder))
    request = service.answerer()  # one that has begun
    old: list[weakref.ref[object]] = [
        weakref.ref(request), weakref.ref(request.snapshot.articles), weakref.ref(request.snapshot.dense)]
    build([Article("a", "The blue one.")], tmp_path, embedder)
    others = threading.enumerate()
    gc.collect()
    gc.disable()
    try:
        service.refresh()
        assert service.answerer().state.generation == current_generation(tmp_path)
        assert request.article("a").text == "The red one."
        assert request.ask(Question("red one?")).hits
        assert request.check(Draft("The red one.")).claims
        assert request.first_look is not None
        searching = [thread for thread in threading.enumerate() if thread not in others]
        assert searching
        del request
        for thread in searching:
            thread.join(30)  # it ends with the answerer
        assert [each() for each in old] == [None, None, None]
    finally:
        gc.enable()
