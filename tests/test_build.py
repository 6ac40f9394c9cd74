"""Articles to a published generation, and the command that does it: its report, its one line and its exit codes."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

import build_index
from index import snapshot as snapshots
from index.build import BLOCK, BuildReport, build, index_articles
from index.chunker import Chunking, passage_text
from index.errors import BuildLockedError, ModelError, NoSnapshotError, NothingToIndexError
from index.snapshot import build_lock, current_generation, open_snapshot
from index.sources import Rejection, Repeat, read_paths
from index.types import Article
from tests.fakes import WordEmbedder, every_score

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SUMMARY = re.compile(
    r"generation \d{8}T\d{6}-[0-9a-f]{8} in (?P<index_dir>\S+): (?P<seen>\d+) seen = (?P<accepted>\d+) accepted \+ "
    r"(?P<rejected>\d+) rejected \+ (?P<repeated>\d+) repeated; (?P<passages>\d+) passages, "
    r"(?P<sentences>\d+) sentences, (?P<undated>\d+) undated; \d+\.\d s, \d+\.\d passages/s, \d+\.\d MB\n")


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

    monkeypatch.setattr(build_index, "load_embedder", load_embedder)
    monkeypatch.delenv("MUSNAD_MODEL", raising=False)
    monkeypatch.delenv("MUSNAD_INDEX_DIR", raising=False)
    return names


# ---- build ----

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


def test_rows_follow_the_passages_across_blocks() -> None:
    embedder = WordEmbedder(*(f"w{number}" for number in range(2 * BLOCK + 3)))
    articles = [Article(f"a{number}", f"w{number} here.") for number in range(2 * BLOCK + 3)]
    indexed = index_articles(articles, embedder, Chunking())
    assert [passage.article_id for passage in indexed.passages] == [article.id for article in articles]
    for row, (article, passage) in enumerate(zip(articles, indexed.passages, strict=True)):
        vector = embedder.embed_passages([passage_text(article, passage)])[0]
        assert indexed.dense.vector(row).tolist() == vector.tolist()
        assert np.flatnonzero(every_score(indexed.lexical, f"w{row}").coverage == 1).tolist() == [row]


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
    articles = [Article(f"a{number}", "نص.") for number in range(BLOCK + 1)]
    build(articles, index_dir, word_embedder, progress=lambda *step: steps.append(step))
    count = BLOCK + 1
    assert steps == [*(("reading", number, 0) for number in range(1, count + 1)),
                     *(("cutting", number, count) for number in range(1, count + 1)),
                     ("embedding", BLOCK, count), ("embedding", count, count)]


def test_old_generations_are_collected(index_dir: Path, word_embedder: WordEmbedder) -> None:
    names = [build([Article("a", "نص.")], index_dir, word_embedder, now=NOW.replace(second=second)).generation
             for second in range(4)]
    assert sorted(path.name for path in (index_dir / "generations").iterdir()) == names[2:]


# ---- the command ----

def test_a_good_build_is_one_line_and_code_0(
        news: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0
    summary = SUMMARY.fullmatch(capsys.readouterr().out)
    assert summary is not None
    assert summary.groupdict() == {"index_dir": str(index_dir), "seen": "6", "accepted": "2", "rejected": "3",
                                   "repeated": "1", "passages": "2", "sentences": "3", "undated": "1"}
    assert command_embedder == ["multilingual-e5-small"]
    assert current_generation(index_dir) in summary.group()


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

    monkeypatch.setattr(build_index, "load_embedder", load_embedder)
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 1
    assert capsys.readouterr() == ("", "build_index: the model 'x' cannot be loaded\n")
    assert not index_dir.exists()


def test_a_full_disk_is_code_1_and_the_old_index_stays(
        monkeypatch: pytest.MonkeyPatch, news: Path, index_dir: Path, command_embedder: list[str],
        capsys: pytest.CaptureFixture[str]) -> None:
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0
    before = current_generation(index_dir)
    capsys.readouterr()

    def write_durably(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshots, "write_durably", write_durably)
    (news / "b.txt").write_text("خبر جديد.", encoding="utf-8")
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == (
        "build_index: [Errno 28] No space left on device; the index is left as it was")
    assert current_generation(index_dir) == before


@pytest.mark.parametrize(("arguments", "complaint"), [
    ([], "the following arguments are required: PATH"),
    (["--index-dir", "x"], "the following arguments are required: PATH"),
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


def test_a_held_lock_is_code_75(
        news: Path, index_dir: Path, command_embedder: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with build_lock(index_dir):
        assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 75
    assert capsys.readouterr() == (
        "", f"build_index: another build holds the lock of {index_dir}; wait for it to end and try again\n")
    assert build_index.main([str(news), "--index-dir", str(index_dir)]) == 0


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
