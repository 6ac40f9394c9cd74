"""Articles to a published generation, and the command that does it: its report, its one line and its exit codes."""

from __future__ import annotations

import errno
import json
import re
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

import build_index
import index.generation.writer
import index.intake.build
from index.chunker import Chunking, sentence_text
from index.errors import (
    BuildLockedError,
    DiskFullError,
    ModelError,
    NoSnapshotError,
    NothingToIndexError,
    StoreUnavailableError,
)
from index.generation import publishing
from index.generation.folder import current_generation
from index.generation.publishing import build_lock
from index.generation.snapshot import open_snapshot
from index.generation.writer import SnapshotWriter
from index.intake.build import BLOCK, BLOCKS_AHEAD, BuildReport, build
from index.model.types import Embedder, Vectors
from index.search import postings
from index.search.postings import PostingsWriter
from index.sources import Rejection, Repeat, read_paths
from index.types import Article
from tests.fakes import WordEmbedder, every_score

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SUMMARY = re.compile(
    r"generation \d{6}-\d{8}T\d{6}-[0-9a-f]{16} in (?P<index_dir>\S+): (?P<seen>\d+) seen = "
    r"(?P<accepted>\d+) accepted \+ (?P<rejected>\d+) rejected; (?P<new>\d+) new, 0 changed, 0 removed, 0 unchanged, "
    r"(?P<repeated>\d+) repeated, (?P<undated>\d+) undated; (?P<passages>\d+) passages, (?P<embedded>\d+) embedded; "
    r"\d+\.\d s, \d+\.\d passages/s, \d+\.\d MB\n")


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Two articles, one of them twice, and three records that cannot be read."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.jsonl").write_text(lines(
        {"id": "one", "text": "وصل الوفد. ثم غادر.", "published": "2026-01-02"},
        {"id": "two", "text": "The red one came."},
        {"id": "one", "text": "وصل الوفد. ثم غادر.", "published": "2026-01-02"},
        {"id": "none"}, [], {"id": "two", "text": "x"}), encoding="utf-8")
    return folder


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def command_embedder(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command with the fake embedder; the names of the models that it asked for."""
    names: list[str] = []

    def load_embedder(name: str, **_: object) -> WordEmbedder:
        names.append(name)
        return WordEmbedder("red", name="word-embedder")

    monkeypatch.setattr("index.intake.command.load_embedder", load_embedder)
    monkeypatch.delenv("MUSNAD_MODEL", raising=False)
    monkeypatch.delenv("MUSNAD_INDEX_DIR", raising=False)
    return names


# ---- build ----

@pytest.mark.process
def test_counts_of_the_report_add_up_to_every_record_seen(
        news: Path, index_dir: Path, word_embedder: WordEmbedder) -> None:
    rejections: list[Rejection] = []
    records = list(read_paths([news]))
    report = build(records, index_dir, word_embedder, on_rejection=rejections.append, now=NOW)
    size = sum(path.stat().st_size for path in (index_dir / "generations" / report.generation).iterdir())
    assert report == BuildReport(current_generation(index_dir), accepted=2, rejected=3, repeated=1, passages=2,
                                 sentences=3, undated=1, bytes=size)
    assert len(records) == report.accepted + report.rejected + report.repeated
    assert rejections == [record for record in records if isinstance(record, Rejection)]
    snapshot = open_snapshot(index_dir)
    assert (len(snapshot.articles), snapshot.passage_count, snapshot.sentence_count) == (2, 2, 3)
    assert [article.id for article in snapshot.articles] == ["one", "two"]


def test_the_index_holds_exactly_the_articles_of_the_last_build(index_dir: Path, word_embedder: WordEmbedder) -> None:
    for ids in (["a", "b"], ["b", "c"], ["c"]):
        build([Article(article_id, "نص.") for article_id in ids], index_dir, word_embedder)
        assert [article.id for article in open_snapshot(index_dir).articles] == ids


def test_rows_follow_the_passages_across_blocks(index_dir: Path) -> None:
    embedder = WordEmbedder(*(f"w{number}" for number in range(2 * BLOCK + 3)))
    articles = [Article(f"a{number}", f"w{number} here.") for number in range(2 * BLOCK + 3)]
    build(articles, index_dir, embedder)
    snapshot = open_snapshot(index_dir)
    assert [article.id for article in snapshot.articles] == [article.id for article in articles]
    assert snapshot.tables.passages[:, 0].tolist() == list(range(len(articles)))
    for row, article in enumerate(articles):
        (sentence,) = snapshot.tables.sentences_of(row)
        vector = embedder.embed_passages([sentence_text(article, sentence)])[0]
        assert snapshot.dense.vector(row).tolist() == vector.tolist()
        assert snapshot.tables.sentence_vectors_of(row).tolist() == [vector.tolist()]
        assert np.flatnonzero(every_score(snapshot.lexical, f"w{row}").coverage == 1).tolist() == [row]


def test_a_passage_is_the_mean_of_its_sentences_and_a_heading_has_no_part_in_it(index_dir: Path) -> None:
    embedder = WordEmbedder("red", "blue", "green")
    build([Article("a", "Green\nThe red one came first. A blue one came second. The red one went.")], index_dir,
          embedder)
    snapshot = open_snapshot(index_dir)
    # "Green" is the heading of the three sentences, which are embedded below it.
    half = 0.5 ** 0.5
    expected = np.array([[0, 0, 0, 0], [half, 0, half, 0], [0, half, half, 0], [half, 0, half, 0]], np.float16)
    assert snapshot.tables.sentence_vectors_of(0).tolist() == expected.tolist()
    # The sum is (2, 1, 3, 0) times half; its length is the root of 14 times half.
    assert snapshot.dense.vector(0).tolist() == pytest.approx(
        [2 / 14 ** 0.5, 1 / 14 ** 0.5, 3 / 14 ** 0.5, 0], abs=1e-6)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("runtime", ["word_embedder", "embedder", "reference"])
def test_articles_without_a_sentence_are_indexed_like_any(
        request: pytest.FixtureRequest, index_dir: Path, runtime: str) -> None:
    embedder: Embedder = request.getfixturevalue(runtime)
    report = build([Article("a", ""), Article("b", " ")], index_dir, embedder)
    assert (report.accepted, report.passages, report.sentences) == (2, 0, 0)
    assert [article.id for article in open_snapshot(index_dir).articles] == ["a", "b"]


@pytest.mark.parametrize(("records", "rejected"), [
    ([], 0), ([Rejection(Path("x"), 1, "is empty; add a text")] * 2, 2), ([Repeat(Path("x"), 1, "a")], 0)])
def test_nothing_readable_is_an_error_and_the_old_index_stays(
        index_dir: Path, word_embedder: WordEmbedder, records: list[Rejection | Repeat], rejected: int) -> None:
    before = build([Article("a", "نص.")], index_dir, word_embedder, now=NOW).generation
    with pytest.raises(NothingToIndexError) as caught:
        build(records, index_dir, word_embedder)
    assert caught.value.rejected == rejected
    assert str(caught.value) == f"no article could be read ({rejected} rejected); the index is left as it was"
    assert (current_generation(index_dir), len(open_snapshot(index_dir).articles)) == (before, 1)


def test_nothing_readable_the_first_time_makes_no_index(index_dir: Path, word_embedder: WordEmbedder) -> None:
    with pytest.raises(NothingToIndexError):
        build([], index_dir, word_embedder)
    with pytest.raises(NoSnapshotError):
        open_snapshot(index_dir)


def test_a_build_reads_nothing_while_another_holds_the_lock(index_dir: Path, word_embedder: WordEmbedder) -> None:
    def records() -> NoReturn:
        raise AssertionError("read without the lock")
        yield

    with build_lock(index_dir), pytest.raises(BuildLockedError):
        build(records(), index_dir, word_embedder)


def test_progress_names_each_stage_and_ends_at_its_last_step(index_dir: Path, word_embedder: WordEmbedder) -> None:
    steps: list[tuple[str, int, int]] = []
    count = (BLOCKS_AHEAD + 2) * BLOCK + 1
    build([Article(f"a{number}", "نص.") for number in range(count)], index_dir, word_embedder,
          progress=lambda *step: steps.append(step))
    # A block is written when BLOCKS_AHEAD more have been read, or all.
    read = [*((BLOCKS_AHEAD + blocks) * BLOCK for blocks in (1, 2)), *[count] * (BLOCKS_AHEAD + 1)]
    assert steps == [*(("articles", number, 0) for number in read),
                     ("sorting and writing the index", 0, 1), ("sorting and writing the index", 1, 1)]


def test_old_generations_are_collected(index_dir: Path, word_embedder: WordEmbedder) -> None:
    names = [build([Article("a", "نص.")], index_dir, word_embedder, now=NOW.replace(second=second)).generation
             for second in range(4)]
    assert sorted(path.name for path in (index_dir / "generations").iterdir()) == names[2:]


# ---- reading, embedding and writing at once ----

DEADLOCK_S = 60.0
"""How long a step waits for another that should be there at once; what it waits for is an event, not a time."""

MIXED = [Article(f"a{number}", "" if number % 7 == 3 else "Red\nThe blue one came. It left.\n" * (1 + number % 5))
         for number in range(70)]


@dataclass
class Watched(WordEmbedder):
    """An embedder that tells of each block before it embeds it."""

    on_block: Callable[[int], None]
    blocks: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__("red", "blue")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.on_block(self.blocks)
        self.blocks += 1
        return super().embed_passages(texts)


def generated(count: int, on_article: Callable[[int], None] = lambda _number: None) -> Iterator[Article]:
    """Articles of one passage, made when they are asked for."""
    for number in range(count):
        on_article(number)
        yield Article(f"a{number}", f"Red one, number {number}.")


def wait_for(event: threading.Event) -> None:
    assert event.wait(DEADLOCK_S), "what this waits for does not happen beside it"


def assert_as_before_a_build(index_dir: Path, before: str) -> None:
    """The old generation is served, nothing of another is left, no thread goes on and the lock is free."""
    assert (current_generation(index_dir), len(open_snapshot(index_dir).articles)) == (before, 1)
    assert [path.name for path in (index_dir / "generations").iterdir()] == [before]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("embed-blocks")] == []
    with build_lock(index_dir):
        pass


@pytest.mark.parametrize("block", [1, 3, 64])
def test_files_are_the_same_however_many_passages_are_embedded_at_a_time(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, block: int) -> None:
    files = []
    for name, passages in (("at once", 10_000), ("in blocks", block)):
        monkeypatch.setattr(index.intake.build, "BLOCK", passages)
        embedder = Watched(lambda _number: None)
        report = build(MIXED, tmp_path / name, embedder, chunking=Chunking(max_tokens=8), now=NOW)
        folder = tmp_path / name / "generations" / report.generation
        files.append({path.name: path.read_bytes() for path in folder.iterdir()})
        assert report.passages == 180
        assert (embedder.blocks == 1) == (name == "at once")
    assert files[0] == files[1]


def test_the_next_blocks_are_read_while_one_is_embedded(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)
    read_ahead = threading.Event()

    def on_article(number: int) -> None:
        if number == 4 * (BLOCKS_AHEAD + 1) - 1:
            read_ahead.set()

    embedder = Watched(lambda number: wait_for(read_ahead) if number == 0 else None)
    assert build(generated(40, on_article), index_dir, embedder).accepted == 40


def test_a_block_is_written_and_another_read_while_the_next_is_embedded(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)
    written, read = threading.Event(), threading.Event()

    def on_block(number: int) -> None:
        if number == 1:
            wait_for(written)
            wait_for(read)

    build(generated(40, lambda number: read.set() if number == 4 * (BLOCKS_AHEAD + 2) - 1 else None), index_dir,
          Watched(on_block), progress=lambda *_: written.set())


def test_no_more_than_the_blocks_under_way_are_held(monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)
    read, written, held = [0], [0], []
    add = SnapshotWriter.add

    def on_article(_number: int) -> None:
        read[0] += 1
        held.append(read[0] - written[0])

    def counting(writer: SnapshotWriter, *arguments: object) -> None:
        add(writer, *arguments)  # type: ignore[arg-type]  # as they came
        written[0] += 1

    monkeypatch.setattr(SnapshotWriter, "add", counting)
    build(generated(100, on_article), index_dir, Watched(lambda _number: None))
    assert (read, written) == ([100], [100])
    assert max(held) == 4 * (BLOCKS_AHEAD + 1)


@pytest.mark.parametrize("failing", [0, 1, 5, 9])
def test_an_embedder_that_fails_fails_the_build_and_leaves_nothing(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, word_embedder: WordEmbedder, failing: int) -> None:
    before = build([Article("a", "نص.")], index_dir, word_embedder, now=NOW).generation
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)
    last_read = [0]

    def on_block(number: int) -> None:
        if number == failing:
            raise RuntimeError(f"block {number} cannot be embedded")

    with pytest.raises(RuntimeError, match=f"^block {failing} cannot be embedded$"):
        build(generated(40, partial(last_read.__setitem__, 0)), index_dir, Watched(on_block))
    assert last_read[0] <= 4 * (failing + BLOCKS_AHEAD + 1) - 1
    assert_as_before_a_build(index_dir, before)


@pytest.mark.parametrize("failing", [0, 1, 17, 39])
@pytest.mark.parametrize("error", [RuntimeError("cannot be read"), OSError(errno.EIO, "Input/output error")],
                         ids=["RuntimeError", "OSError"])
def test_a_reader_that_fails_fails_the_build_and_leaves_nothing(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, word_embedder: WordEmbedder, failing: int,
        error: Exception) -> None:
    before = build([Article("a", "نص.")], index_dir, word_embedder, now=NOW).generation
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)

    def on_article(number: int) -> None:
        if number == failing:
            raise error

    with pytest.raises(type(error)) as caught:
        build(generated(40, on_article), index_dir, Watched(lambda _number: None))
    assert caught.value is error
    assert_as_before_a_build(index_dir, before)


def test_a_writer_that_fails_fails_the_build_and_what_waits_is_not_embedded(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, word_embedder: WordEmbedder) -> None:
    before = build([Article("a", "نص.")], index_dir, word_embedder, now=NOW).generation
    monkeypatch.setattr(index.intake.build, "BLOCK", 4)
    embedding, stopping = threading.Event(), threading.Event()

    def on_block(number: int) -> None:
        if number == 1:
            embedding.set()
            wait_for(stopping)

    def add(*_: object) -> NoReturn:
        wait_for(embedding)
        raise OSError(errno.ENOSPC, "No space left on device")

    class Pool(ThreadPoolExecutor):
        """Tells when it is told to stop."""

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            stopping.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    monkeypatch.setattr(SnapshotWriter, "add", add)
    monkeypatch.setattr(index.intake.build, "ThreadPoolExecutor", Pool)
    embedder = Watched(on_block)
    with pytest.raises(DiskFullError, match="No space left on device"):
        build(generated(40), index_dir, embedder)
    assert embedder.blocks == 2
    assert_as_before_a_build(index_dir, before)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_articles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ten times the articles take not half as much again. FAISS's own memory is not counted: it holds the vectors."""
    monkeypatch.setattr(index.intake.build, "BLOCK", 16)
    monkeypatch.setattr(index.generation.writer, "PostingsWriter", partial(PostingsWriter, block=64))
    monkeypatch.setattr(postings, "STRETCH", 1 << 12)
    monkeypatch.setattr(index.generation.writer, "BLOCK", 16)
    embedder = WordEmbedder(*(f"w{number}" for number in range(383)))

    def peak(count: int) -> tuple[int, int]:
        articles = (Article(f"a{number:05}", f"The w{number % 383} came first. Then w1 came. It was red. It ended.",
                            metadata={"page": f"{number:05}" * 4_000}) for number in range(count))
        tracemalloc.start()
        try:
            report = build(articles, tmp_path / str(count), embedder, now=NOW)
            return tracemalloc.get_traced_memory()[1], report.bytes
        finally:
            tracemalloc.stop()

    peak(20)  # what is loaded once
    (few, few_bytes), (many, many_bytes) = peak(200), peak(2_000)
    assert many_bytes > 9 * few_bytes > 9 * few
    assert many < 1.5 * few


# ---- the command ----

@pytest.mark.process
def test_a_good_build_is_one_line_and_code_0(
        news: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0
    summary = SUMMARY.fullmatch(capsys.readouterr().out)
    assert summary is not None
    assert summary.groupdict() == {"index_dir": str(index_dir), "seen": "6", "accepted": "3", "rejected": "3",
                                   "new": "2", "repeated": "1", "undated": "1", "passages": "2", "embedded": "2"}
    assert command_embedder == ["multilingual-e5-small"]
    assert current_generation(index_dir) in summary.group()


@pytest.mark.process
def test_every_rejection_is_on_standard_error_with_file_line_and_reason(
        news: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    missing = news / "gone.txt"
    assert build_index.main([str(news), str(missing), "--index-dir", str(index_dir)]) == 0
    rejected = [line for line in capsys.readouterr().err.splitlines() if line.startswith("rejected: ")]
    reasons = [str(record) for record in read_paths([news, missing]) if isinstance(record, Rejection)]
    assert rejected == [f"rejected: {reason}" for reason in reasons]
    assert [reason.partition(": ")[0] for reason in reasons] == [
        f"{news}/a.jsonl:4", f"{news}/a.jsonl:5", f"{news}/a.jsonl:6", str(missing)]
    assert all(re.fullmatch(r".+: .+[;,] .+", reason) for reason in reasons)


def test_nothing_to_index_is_code_1(
        tmp_path: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert build_index.main([str(tmp_path / "empty"), "--index-dir", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "build_index: no article could be read (0 rejected); the index is left as it was\n"


def test_a_model_that_cannot_be_loaded_is_code_1(
        monkeypatch: pytest.MonkeyPatch, news: Path, index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def load_embedder(*_: object, **__: object) -> NoReturn:
        raise ModelError("the model 'x' cannot be loaded")

    monkeypatch.setattr("index.intake.command.load_embedder", load_embedder)
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 1
    assert capsys.readouterr() == ("", "build_index: the model 'x' cannot be loaded\n")
    assert not (index_dir / "CURRENT").exists()


@pytest.mark.process
@pytest.mark.parametrize("error", [StoreUnavailableError("milvus://127.0.0.1:1", "nobody listens"),
                                   OSError(errno.ECONNRESET, "Connection reset by peer")])
def test_a_store_that_fails_is_code_1_and_the_folder_has_the_new_generation(
        monkeypatch: pytest.MonkeyPatch, news: Path, index_dir: Path, command_embedder: list[str],
        capsys: pytest.CaptureFixture[str], error: Exception) -> None:
    def follow_in_store(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr("index.intake.command.follow_in_store", follow_in_store)
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 1
    assert capsys.readouterr().err.endswith(
        f"build_index: {error}; the folder has the new generation, and the same command goes on from there\n")
    assert current_generation(index_dir).startswith("000001-")


@pytest.mark.process
def test_a_full_disk_is_code_1_and_the_old_index_stays(
        monkeypatch: pytest.MonkeyPatch, news: Path, index_dir: Path, command_embedder: list[str],
        capsys: pytest.CaptureFixture[str]) -> None:
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0
    before = current_generation(index_dir)
    capsys.readouterr()

    def write_durably(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing, "write_durably", write_durably)
    (news / "b.txt").write_text("خبر جديد.", encoding="utf-8")
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(
        r"build_index: No space left on device: the new generation needs about \d+ bytes while it is built, "
        r"\d+ are free in \S+; .*; the published generation is untouched", captured.err.splitlines()[-1])
    assert current_generation(index_dir) == before


@pytest.mark.parametrize(("arguments", "complaint"), [
    ([], "name a PATH, or take in what waits in the inbox with --update"),
    (["--index-dir", "x"], "name a PATH, or take in what waits in the inbox with --update"),
    (["news", "--no-such-option"], "unrecognized arguments: --no-such-option"),
    (["news", "--index-dir"], "argument --index-dir: expected one argument")])
def test_bad_usage_is_code_2(
        capsys: pytest.CaptureFixture[str], command_embedder: list[str], arguments: Sequence[str],
        complaint: str) -> None:
    with pytest.raises(SystemExit) as caught:
        build_index.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"build_index.py: error: {complaint}"
    assert command_embedder == []


@pytest.mark.process
def test_a_held_lock_is_code_75(
        news: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with build_lock(index_dir):
        assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 75
    assert capsys.readouterr() == (
        "", f"build_index: another build holds the lock of {index_dir}; wait for it to end and try again\n")
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0


@pytest.mark.process
def test_the_environment_names_index_and_model_and_options_win(
        monkeypatch: pytest.MonkeyPatch, news: Path, tmp_path: Path, command_embedder: list[str]) -> None:
    monkeypatch.setenv("MUSNAD_INDEX_DIR", str(tmp_path / "from-environment"))
    monkeypatch.setenv("MUSNAD_MODEL", "model-of-environment")
    assert build_index.main([str(news)]) == 0
    options = ["--index-dir", str(tmp_path / "from-option"), "--model", "model-of-option"]
    assert build_index.main([str(news), *options]) == 0
    assert command_embedder == ["model-of-environment", "model-of-option"]
    for name in ("from-environment", "from-option"):
        assert len(open_snapshot(tmp_path / name).articles) == 2
