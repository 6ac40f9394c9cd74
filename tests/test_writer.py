"""Writes a generation's files article by article, and leaves none open or waiting whatever happens."""

from __future__ import annotations

import errno
import gc
import json
from pathlib import Path

import numpy as np
import pytest

from index.columns import read_array
from index.generation.history import History
from index.generation.layout import Counts
from index.generation.writer import SnapshotWriter
from index.search.dense import DenseIndex
from index.types import Article, Passage, Sentence

DIMENSION = 3
EAST, NORTH = [1, 0, 0], [0, 1, 0]
READ = "2026-01-02T03:04:05Z"
ARTICLE = Article("a", "One. Two. Three.")
PASSAGES = [Passage("a", 0, 9, (Sentence(0, 4), Sentence(5, 9, is_heading=True))),
            Passage("a", 10, 16, (Sentence(10, 16, heading=(5, 9), lead_in=(0, 4)),))]
FILES = {"articles.jsonl", "catalogue.json", "article_starts.npy", "article_days.npy", "article_sources.npy",
         "history.jsonl", "history_starts.npy", "others.json",
         "passages.npy", "sentences.npy", "sentence_vectors.npy", "passages.faiss", "lexical_vocabulary.npy",
         "lexical_starts.npy", "lexical_rows.npy", "lexical_frequencies.npy", "lexical_lengths.npy",
         "lexical_peaks.npy"}


def add(writer: SnapshotWriter, article_id: str = "a") -> None:
    article = Article(article_id, ARTICLE.text)
    writer.add(article, History.of(article, READ), PASSAGES, np.array([EAST, [0, 0, 0], NORTH], np.float32))


def array(path: Path) -> object:
    column = read_array(memoryview(path.read_bytes()))
    return column.dtype, column.tolist()


def test_rows_go_on_from_article_to_article(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path, DIMENSION) as writer:
        add(writer)
        none = Article("none", "")
        writer.add(none, History.of(none, READ), [], np.zeros((0, 3), np.float32))
        add(writer, "b")
        assert writer.finish() == Counts(articles=3, passages=4, sentences=6)
    assert array(tmp_path / "passages.npy") == (np.int32, [
        [0, 0, 9, 0, 2], [0, 10, 16, 2, 3], [2, 0, 9, 3, 5], [2, 10, 16, 5, 6]])
    assert array(tmp_path / "sentences.npy") == (np.int32, 2 * [
        [0, 4, 0, 0, 0, 0, 0], [5, 9, 1, 0, 0, 0, 0], [10, 16, 0, 5, 9, 0, 4]])
    assert array(tmp_path / "sentence_vectors.npy") == (np.float16, 2 * [EAST, [0, 0, 0], NORTH])
    dense = DenseIndex.from_bytes((tmp_path / "passages.faiss").read_bytes())
    assert [dense.vector(row).tolist() for row in range(4)] == 2 * [EAST, NORTH]
    assert json.loads((tmp_path / "catalogue.json").read_bytes())["ids"] == ["a", "none", "b"]
    assert array(tmp_path / "lexical_lengths.npy") == (np.uint32, [2] * 4)  # one, two; thre, hree


def test_finished_files_are_all_there_is_and_do_not_change_when_the_writer_is_left(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path, DIMENSION) as writer:
        add(writer)
        writer.finish()
        before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert before.keys() == FILES
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_nothing_at_all_is_written_whole(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path, DIMENSION) as writer:
        assert writer.finish() == Counts(0, 0, 0)
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert len(DenseIndex.from_bytes((tmp_path / "passages.faiss").read_bytes())) == 0


def test_a_writer_that_is_left_by_an_error_closes_its_files_and_keeps_no_vectors(
        tmp_path: Path, lost_errors: list[object]) -> None:
    writer = SnapshotWriter(tmp_path, DIMENSION)
    add(writer)
    with pytest.raises(RuntimeError, match="in the middle"), writer:
        raise RuntimeError("in the middle")
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    del writer
    gc.collect()
    assert lost_errors == []


@pytest.mark.parametrize("step", ["folder", "articles.jsonl", "history.jsonl", "passages.npy", "sentences.npy",
                                  "sentence_vectors.npy"])
def test_a_file_that_cannot_be_made_is_an_error_and_those_made_before_are_closed(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost_errors: list[object], step: str) -> None:
    real = Path.open

    def open_unless_full(path: Path, *arguments: str, **options: str) -> object:
        if path.name == step:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *arguments, **options)  # type: ignore[call-overload]  # as they came

    monkeypatch.setattr(Path, "open", open_unless_full)
    folder = tmp_path / "gone" if step == "folder" else tmp_path
    with pytest.raises(OSError, match="No such file|No space left"):
        SnapshotWriter(folder, DIMENSION)
    gc.collect()
    assert lost_errors == []


def test_vectors_of_another_length_are_refused(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path, DIMENSION) as writer, pytest.raises(ValueError, match=r"rows of shape \(4,\)"):
        writer.add(ARTICLE, History.of(ARTICLE, READ), PASSAGES, np.zeros((3, 4), np.float32))


def test_sentences_that_cancel_each_other_leave_their_passage_without_a_direction(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path, DIMENSION) as writer:
        writer.add(ARTICLE, History.of(ARTICLE, READ), [Passage("a", 0, 9, (Sentence(0, 4), Sentence(5, 9)))],
                   np.array([EAST, [-1, 0, 0]], np.float32))
        writer.finish()
    assert DenseIndex.from_bytes((tmp_path / "passages.faiss").read_bytes()).vector(0).tolist() == [0, 0, 0]
