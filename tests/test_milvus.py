"""Generations in Milvus: published whole and once, read while others follow, and reported when Milvus is away."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.errors import NoPublishedGenerationError, SnapshotMismatchError, StoreError, StoreUnavailableError
from index.generation.folder import current_generation
from index.generation.publishing import roll_back
from index.generation.snapshot import FolderSnapshot, Snapshot, open_snapshot
from index.intake.build import build
from index.intake.update import update
from index.milvus import layout, leases, mirror, source
from index.milvus.mirror import collect, publish, publish_current
from index.milvus.source import MilvusSource
from index.search.terms import question_terms
from index.types import Article
from qa.answerer import Answerer
from qa.types.question import Question
from tests.fakes import WordEmbedder
from tests.milvus import MilvusServer
from web.app import create_app
from web.service import Service

if TYPE_CHECKING:
    from flask.testing import FlaskClient

pytestmark = [pytest.mark.process, pytest.mark.slow]

EMBEDDER = WordEmbedder("هدنة", "جسر", "ميناء")
FIRST = [Article("truce", "أُعلنت هدنة في الصباح.", "هدنة", "وكالة", published="2020-01-01"),
         Article("bridge", "افتُتح جسر جديد.\nعلى النهر.", "جسر", "صحيفة", published="2021-06-15"),
         Article("port", "أُعيد فتح الميناء القديم.", "ميناء", "صحيفة")]
SECOND = [FIRST[0], Article("bridge", "أُغلق جسر قديم.", "جسر", "صحيفة", published="2021-06-16"),
          Article("new", "وصلت سفينة إلى الميناء.", "سفينة", "وكالة")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as started:
        yield started


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[MilvusServer]:
    """One that a test may end."""
    with MilvusServer(tmp_path / "data") as started:
        yield started


@pytest.fixture
def store(server: MilvusServer, request: pytest.FixtureRequest) -> Iterator[MilvusSource]:
    """An index of its own on the server that the tests of this module share."""
    name = f"test_{abs(hash(request.node.name))}"
    opened = MilvusSource.of(server.store(name))
    yield opened
    for collection in opened.connection.read("list_collections"):
        if collection.startswith(f"{name}_"):
            if collection.endswith("_passages") and source.current_in(opened.connection):
                opened.connection.write("drop_alias", f"{name}_current")
            opened.connection.write("drop_collection", collection)
    opened.connection.close()


def built(index_dir: Path, articles: list[Article], second: int = 0) -> FolderSnapshot:
    build(articles, index_dir, EMBEDDER, now=datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC))
    return open_snapshot(index_dir)


def counted(store: MilvusSource) -> dict[str, int]:
    """The rows of each collection of the index, by the end of its name."""
    name = store.address.name
    return {collection.removeprefix(f"{name}_"): store.connection.read(
        "query", collection, filter="", output_fields=["count(*)"])[0]["count(*)"]
        for collection in sorted(store.connection.read("list_collections")) if collection.startswith(f"{name}_")}


def everything_of(snapshot: Snapshot) -> dict[str, Any]:
    """What is in a generation, with scores for three questions."""
    rows = np.arange(snapshot.passage_count)
    return {"articles": list(snapshot.articles), "vectors": snapshot.dense.vectors(rows).tolist(),
            "sentences": snapshot.tables.sentences[:].tolist(),
            "scores": [[part.tolist() for part in snapshot.lexical.search(question_terms(text), 10, None)]
                       for text in ("هدنة", "جسر جديد", "الميناء")],
            "withdrawn": sorted(snapshot.histories.withdrawn), "applied": snapshot.applied}


# ---- publishing ----

def test_nothing_was_published_yet(store: MilvusSource) -> None:
    with pytest.raises(NoPublishedGenerationError, match="holds no index; build_index.py publishes one"):
        store.open()


def test_what_is_published_is_current_and_publishing_it_again_changes_nothing(store: MilvusSource, tmp_path: Path
                                                                              ) -> None:
    snapshot = built(tmp_path, FIRST)
    assert publish(store.connection, snapshot)
    before = counted(store)
    assert store.current() == snapshot.generation
    assert not publish(store.connection, snapshot)
    assert counted(store) == before
    assert {name.rpartition("_")[2] for name in before} == {"passages", "texts", "readers"}


def test_an_update_with_a_change_and_a_removal_equals_a_rebuild(store: MilvusSource, tmp_path: Path) -> None:
    index_dir, files = tmp_path / "index", tmp_path / "files"
    for articles in (FIRST, SECOND):
        _write_files(files, articles)
        update([files], index_dir, lambda: EMBEDDER, is_exact=True)
        assert publish(store.connection, open_snapshot(index_dir))
    updated = everything_of(store.open())
    update([files], tmp_path / "other", lambda: EMBEDDER, is_exact=True)
    rebuilt = open_snapshot(tmp_path / "other")
    assert updated["articles"] == everything_of(rebuilt)["articles"]
    assert sorted(article.id for article in updated["articles"]) == ["bridge", "new", "truce"]
    assert updated == everything_of(rebuilt)


def _write_files(folder: Path, articles: list[Article]) -> None:
    import json

    folder.mkdir(exist_ok=True)
    (folder / "articles.jsonl").write_text("".join(json.dumps(
        {"id": each.id, "title": each.title, "text": each.text, "source": each.source, "published": each.published})
        + "\n" for each in articles), encoding="utf-8")


def test_a_mirror_that_was_broken_off_goes_on_and_writes_nothing_twice(
        store: MilvusSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "BLOCK", 2)
    snapshot = built(tmp_path, FIRST)
    sent: list[tuple[str, int]] = []
    real = store.connection.write

    def breaking(request: str, *arguments: Any, **options: Any) -> Any:
        if request == "upsert":
            sent.append((arguments[0].rpartition("_")[2], len(arguments[1])))
            if len(sent) == 3:
                raise StoreUnavailableError("store", "ended by the test")
        return real(request, *arguments, **options)

    monkeypatch.setattr(store.connection, "write", breaking)
    with pytest.raises(StoreUnavailableError):
        publish(store.connection, snapshot)
    with pytest.raises(NoPublishedGenerationError):
        store.current()
    assert [collection for collection, _ in sent] == ["passages", "passages", "texts"]
    assert publish(store.connection, snapshot)
    assert [collection for collection, _ in sent].count("passages") == 2, "they were there already"
    assert {name.rpartition("_")[2]: count for name, count in counted(store).items()}["passages"] == 3
    assert everything_of(store.open()) == everything_of(snapshot)


def test_milvus_is_killed_while_a_generation_is_written_and_nothing_is_lost_or_there_twice(
        own_server: MilvusServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "BLOCK", 1)
    store = MilvusSource.of(own_server.store())
    snapshot = built(tmp_path / "index", FIRST)
    real, sent = store.connection.write, []

    def killing(request: str, *arguments: Any, **options: Any) -> Any:
        sent.append(request)
        if sent.count("upsert") == 4:
            own_server.end(signal.SIGKILL)
        return real(request, *arguments, **options)

    monkeypatch.setattr(store.connection, "write", killing)
    with pytest.raises(StoreUnavailableError):
        publish(store.connection, snapshot)
    monkeypatch.undo()
    own_server.start()
    assert publish(store.connection, snapshot)
    assert everything_of(store.open()) == everything_of(snapshot)
    assert {name.rpartition("_")[2]: count for name, count in counted(store).items()}["passages"] == 3


def test_a_generation_that_lacks_passages_is_not_published(store: MilvusSource, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "sparse_vectors", lambda lexical: iter([{0: 1.0}]))
    with pytest.raises(StoreError, match="holds 1 passages in place of 3; nothing was published"):
        publish(store.connection, built(tmp_path, FIRST))
    with pytest.raises(NoPublishedGenerationError):
        store.current()


def test_a_roll_back_is_followed(store: MilvusSource, tmp_path: Path, server: MilvusServer) -> None:
    first = built(tmp_path, FIRST).generation
    publish_current(tmp_path, server.store(store.address.name))
    second = built(tmp_path, SECOND, 1).generation
    assert publish_current(tmp_path, server.store(store.address.name))
    assert store.current() == second
    roll_back(tmp_path)
    assert publish_current(tmp_path, server.store(store.address.name))
    assert (store.current(), current_generation(tmp_path)) == (first, first)


def test_a_generation_of_another_analyzer_is_refused(store: MilvusSource, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store.connection, built(tmp_path, FIRST))
    monkeypatch.setattr("index.generation.folder.ANALYZER_VERSION", 0)
    with pytest.raises(SnapshotMismatchError, match="analyzer version"):
        store.open()


# ---- readers ----

def test_a_reader_keeps_its_generation_while_others_are_published_and_loses_it_after(
        store: MilvusSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_S", 0.0)
    publish(store.connection, built(tmp_path, FIRST))
    reader = MilvusSource(store.address)
    old = reader.open()
    generations = [old.generation]
    for second, articles in enumerate((SECOND, FIRST, SECOND), start=1):
        publish(store.connection, built(tmp_path, articles, second))
        generations.append(store.current())
    assert len(set(generations)) == 4
    assert [article.id for article in old.articles] == ["truce", "bridge", "port"], "read after three publications"
    assert old.lexical.search(question_terms("جسر جديد"), 1, None)[0].tolist() == [1]
    held = {name for name in counted(store) if name.endswith("_passages")}
    assert len(held) == 3, "the one that is read, the one before the last, and the last"
    del old
    reader.current()
    assert collect(store.connection) == [generations[0]]
    assert len([name for name in counted(store) if name.endswith("_passages")]) == 2
    reader.connection.close()


def test_a_reader_that_ended_without_a_word_is_forgotten(store: MilvusSource, tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store.connection, built(tmp_path, FIRST))
    monkeypatch.setattr(leases, "LEASE_S", -60.0)
    left = store.open()
    assert leases.Leases(store.connection, store.address.name).read_now() == set()
    assert left.generation == store.current()


def test_threads_share_a_generation(store: MilvusSource, tmp_path: Path) -> None:
    publish(store.connection, built(tmp_path, FIRST))
    answerer = Answerer(store.open(), EMBEDDER)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: answerer.search(Question(f"{number} جسر جديد")).hits[0].article.id,
                              range(32)))
    assert found == ["bridge"] * 32


def test_two_servers_answer_through_twenty_generations_and_mix_none(store: MilvusSource, tmp_path: Path) -> None:
    def articles(number: int) -> list[Article]:
        return [FIRST[0], replace(FIRST[1], text=f"افتُتح جسر رقم {number}.\nوهو الجسر {number} على النهر.")]

    said = {}
    publish(store.connection, snapshot := built(tmp_path / "index", articles(0)))
    said[snapshot.generation] = articles(0)[1].text
    sources = [MilvusSource(store.address) for _ in range(2)]
    servers = [service_of(each, tmp_path / "elsewhere")[0] for each in sources]
    is_over = threading.Event()

    def ask(server: Service) -> list[tuple[str, str]]:
        told = []
        while not is_over.is_set():
            found = server.answerer().search(Question(f"جسر رقم {len(told)}"))
            told.append((found.index.generation, found.hits[0].article.text))
        return told

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask, server) for server in servers]
        try:
            for number in range(1, 21):
                publish(store.connection, snapshot := built(tmp_path / "index", articles(number), number))
                said[snapshot.generation] = articles(number)[1].text
                for server in servers:
                    server.refresh()
                    assert server.answerer().state.generation == snapshot.generation
        finally:
            is_over.set()
        answers = [pair for each in asking for pair in each.result()]
    assert len(said) == 21
    assert len({generation for generation, _ in answers}) > 5
    assert [pair for pair in answers if said[pair[0]] != pair[1]] == []
    for each in sources:
        each.connection.close()


# ---- away ----

def service_of(store: MilvusSource, index_dir: Path) -> tuple[Service, FlaskClient]:
    service = Service(index_dir, lambda: Answerer(store.open(), EMBEDDER), store)
    return service, create_app(service).test_client()


def test_a_server_that_starts_without_milvus_says_so_and_serves_once_it_is_there(own_server: MilvusServer,
                                                                               tmp_path: Path) -> None:
    store = MilvusSource.of(own_server.store())
    snapshot = built(tmp_path / "index", FIRST)
    publish(store.connection, snapshot)
    own_server.end()
    later = MilvusSource.of(own_server.store())
    service, client = service_of(later, tmp_path / "elsewhere")
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert f"milvus://127.0.0.1:{own_server.port}/news: cannot be reached" in refused.get_json()["detail"]
    assert "start it, or correct MUSNAD_STORE" in refused.get_json()["detail"]
    own_server.start()
    service.refresh()
    assert client.get("/readyz").get_json()["index"]["generation"] == snapshot.generation
    assert client.get("/api/search?q=جسر").get_json()["hits"][0]["article_id"] == "bridge"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_milvus_goes_in_the_middle_and_comes_back(own_server: MilvusServer, tmp_path: Path, number: signal.Signals
                                                  ) -> None:
    store = MilvusSource.of(own_server.store())
    snapshot = built(tmp_path / "index", FIRST)
    publish(store.connection, snapshot)
    service, client = service_of(store, tmp_path / "elsewhere")
    assert client.get("/readyz").status_code == 200
    own_server.end(number)
    asked = client.get("/api/search?q=سفينة")
    assert (asked.status_code, asked.get_json()["type"]) == (503, "urn:musnad:problem:index-unavailable")
    service.refresh()
    away = client.get("/readyz")
    assert away.status_code == 503
    assert away.get_json()["index"] == {"generation": snapshot.generation, "articles": 3, "passages": 3}
    assert "cannot be reached" in away.get_json()["detail"]
    assert client.get("/healthz").status_code == 200
    served = service.answerer()
    own_server.start()
    service.refresh()
    back = client.get("/readyz").get_json()
    assert (back["status"], back["reload_error"]) == ("ready", None)
    assert service.answerer() is served, "nothing changed, so nothing was opened again"
    found = client.get("/api/search?q=هدنة").get_json()
    assert "hits" in found, found
    assert found["hits"][0]["article_id"] == "truce"


def test_who_searches_while_another_thread_loads_a_collection_waits_for_it(tmp_path: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restart, when the words and the vectors of a question are looked for at once."""
    from milvus_lite.adapter.grpc import servicer
    from milvus_lite.adapter.grpc.server import start_server_in_thread
    from milvus_lite.storage.segment import Segment

    snapshot = built(tmp_path / "index", FIRST)
    milvus, database, port = start_server_in_thread(str(tmp_path / "data"))
    is_loading, was_refused = threading.Event(), threading.Event()
    build_index, status_of = Segment.build_or_load_index, servicer.to_status_kwargs

    def build_slowly(*arguments: Any) -> Any:
        is_loading.set()
        assert was_refused.wait(60)
        return build_index(*arguments)

    def refuse_and_tell(error: Exception) -> Any:
        if "is in state 'loading'" in str(error):
            was_refused.set()
        return status_of(error)

    try:
        store = MilvusSource.of(f"milvus://127.0.0.1:{port}/news")
        publish(store.connection, snapshot)
        opened = store.open()
        store.connection.write("release_collection", layout.passages_of("news", snapshot.generation))
        monkeypatch.setattr(Segment, "build_or_load_index", build_slowly)
        monkeypatch.setattr(servicer, "to_status_kwargs", refuse_and_tell)
        with ThreadPoolExecutor(1) as other:
            vectors = other.submit(opened.dense.vectors, np.arange(3))
            assert is_loading.wait(60)
            assert opened.lexical.search(question_terms("جسر جديد"), 1, None)[0].tolist() == [1]
            assert vectors.result().tolist() == snapshot.dense.vectors(np.arange(3)).tolist()
        assert was_refused.is_set()
        store.connection.close()
    finally:
        milvus.stop(None)
        database.close()


def test_a_generation_that_was_published_while_a_server_waited_is_served(own_server: MilvusServer, tmp_path: Path
                                                                        ) -> None:
    store, builder = (MilvusSource.of(own_server.store()) for _ in range(2))
    publish(builder.connection, built(tmp_path / "index", FIRST))
    service, client = service_of(store, tmp_path / "elsewhere")
    own_server.end(signal.SIGKILL)
    service.refresh()
    own_server.start()
    second = built(tmp_path / "index", SECOND, 1)
    publish(builder.connection, second)
    service.refresh()
    assert client.get("/readyz").get_json()["index"]["generation"] == second.generation
    assert client.get("/api/articles/new").status_code == 200


def test_a_builder_without_milvus_keeps_what_it_built_and_publishes_it_later(own_server: MilvusServer, tmp_path: Path
                                                                           ) -> None:
    own_server.end()
    generation = built(tmp_path / "index", FIRST).generation
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        publish_current(tmp_path / "index", own_server.store())
    own_server.start()
    assert publish_current(tmp_path / "index", own_server.store())
    assert MilvusSource.of(own_server.store()).current() == generation
