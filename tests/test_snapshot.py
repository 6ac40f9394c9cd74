"""Generations on disk: published whole, refused when a bit is wrong, replaced in one step, collected."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from index.errors import CorruptSnapshotError, NoSnapshotError, SnapshotMismatchError
from index.generation import folder as generations
from index.generation import snapshot as snapshots
from index.generation.articles import ArticleStore
from index.generation.folder import current_generation
from index.generation.publishing import collect, roll_back
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.build import build
from index.language.arabic import ANALYZER_VERSION
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex
from index.search.terms import passage_terms
from index.types import Article
from tests.fakes import every_score
from tests.generations import (
    ARTICLES,
    CHUNKING,
    EMBEDDER,
    FILES,
    at_second,
    below,
    cut,
    publish_articles,
    sentence_vectors_of,
    vectors_of,
)

PROJECT = Path(__file__).resolve().parents[1]


# ---- round trip ----

def test_a_sentence_is_found_by_its_row_with_its_article_and_all_of_that_articles_sentences(index_dir: Path) -> None:
    opened = open_snapshot(index_dir)
    row = 0
    for article_row, article in enumerate(ARTICLES):
        sentences = [sentence for passage in cut(article) for sentence in passage.sentences]
        first_row = row
        for sentence in sentences:
            assert (opened.tables.sentence(row), opened.tables.article_row(row)) == (sentence, article_row)
            assert opened.tables.sentences_of_article(row) == (first_row, sentences)
            row += 1
    assert row == opened.sentence_count
    assert max(len(cut(article)) for article in ARTICLES) > 1


def test_every_article_and_array_comes_back_as_it_was_published(tmp_path: Path) -> None:
    report = build(ARTICLES, tmp_path, EMBEDDER, chunking=CHUNKING, now=at_second(5))
    opened = open_snapshot(tmp_path)
    passages = [(article, passage) for article in ARTICLES for passage in cut(article)]
    assert tuple(opened.articles) == ARTICLES
    ends = np.cumsum([len(passage.sentences) for _, passage in passages]).tolist()
    rows = [(ARTICLES.index(article), passage.start, passage.end, first, end)
            for (article, passage), first, end in zip(passages, [0, *ends], ends, strict=False)]
    sentences = [(sentence.start, sentence.end, sentence.is_heading, *sentence.heading, *sentence.lead_in)
                 for _, passage in passages for sentence in passage.sentences]
    sentence_vectors = np.concatenate([sentence_vectors_of(article, cut(article)) for article in ARTICLES])
    vectors = np.concatenate([vectors_of(article, cut(article)) for article in ARTICLES])
    lexical = LexicalIndex.build(passage_terms(article, passage) for article, passage in passages)
    for before, after in (
            (np.array(rows, np.int32), opened.tables.passages),
            (np.array(sentences, np.int32), opened.tables.sentences),
            (sentence_vectors.astype(np.float16), opened.tables.sentence_vectors),
            (vectors, np.stack([opened.dense.vector(row) for row in range(len(opened.dense))])),
            *zip(lexical.postings, opened.lexical.postings, strict=True)):
        assert (after.dtype, after.shape, after.tobytes()) == (before.dtype, before.shape, before.tobytes())
    assert (opened.model, opened.chunking, opened.generation) == (
        EMBEDDER.settings, CHUNKING, current_generation(tmp_path))
    assert (opened.passage_count, opened.sentence_count) == (len(passages), len(sentences)) == (
        report.passages, report.sentences) == (6, 8)


def test_a_build_publishes_the_bytes_that_its_parts_publish(index_dir: Path, tmp_path: Path) -> None:
    build(ARTICLES, tmp_path / "built", EMBEDDER, chunking=CHUNKING, now=at_second(5))
    built = below(tmp_path / "built")
    built.pop(".build.lock", None)
    assert built == below(index_dir)


def test_one_number_is_the_row_in_the_table_the_faiss_id_and_the_bm25_row(index_dir: Path) -> None:
    snapshot, passages = open_snapshot(index_dir), [passage for article in ARTICLES for passage in cut(article)]
    assert (len(snapshot.dense) == len(snapshot.lexical.postings.lengths) == len(snapshot.tables.passages)
            == len(passages) == 6)
    for row, passage in enumerate(passages):
        article_row, start, end, _, _ = snapshot.tables.passages[row].tolist()
        article = snapshot.articles[article_row]
        assert (article.id, start, end) == (passage.article_id, passage.start, passage.end)
        assert tuple(snapshot.tables.sentences_of(row)) == passage.sentences
        assert snapshot.dense.vector(row).tolist() == vectors_of(article, [passage])[0].tolist()
        assert snapshot.tables.sentence_vectors_of(row).tolist() == sentence_vectors_of(
            article, [passage]).astype(np.float16).tolist()
        covered = every_score(snapshot.lexical, article.text[start:end]).coverage
        assert [number for number, share in enumerate(covered) if share == covered.max()] == [row]


def test_a_snapshot_of_no_passages_opens(tmp_path: Path) -> None:
    publish_articles(tmp_path, [Article("silent", "")])
    snapshot = open_snapshot(tmp_path)
    assert (len(snapshot.articles), snapshot.passage_count, snapshot.sentence_count) == (1, 0, 0)
    assert snapshot.dense.search(EMBEDDER.embed_query("red"), 5, None)[0].tolist() == []
    assert every_score(snapshot.lexical, "red").bm25.tolist() == []


def test_the_arrays_of_an_opened_snapshot_cannot_be_written_to(index_dir: Path) -> None:
    snapshot = open_snapshot(index_dir)
    with pytest.raises(ValueError, match="read-only"):
        snapshot.tables.passages[0, 0] = 1


# ---- manifest and CURRENT ----

def test_the_manifest_holds_all_that_query_time_depends_on(generation: Path) -> None:
    manifest = json.loads((generation / "manifest.json").read_bytes())
    files = manifest.pop("files")
    assert manifest == {
        "format": generations.FORMAT, "created": "2026-01-02T03:04:05+00:00", "previous": "",
        "analyzer": ANALYZER_VERSION, "applied": [],
        "model": {"name": "word-embedder", "fingerprint": "fingerprint-of-word-embedder", "dimension": 5,
                  "max_tokens": 512, "query_prompt": "", "passage_prompt": "", "runtime": "reference"},
        "chunking": {"max_tokens": 6, "version": CHUNKING.version},
        "counts": {"articles": 3, "passages": 6, "sentences": 8}}
    contents = below(generation)
    del contents["manifest.json"]
    assert files == {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                     for name, content in contents.items()}
    assert sorted(files) == sorted(FILES)


def test_current_names_the_generation_and_the_hash_of_its_manifest(index_dir: Path, generation: Path) -> None:
    digest = hashlib.sha256((generation / "manifest.json").read_bytes()).hexdigest()
    assert (index_dir / "CURRENT").read_bytes() == f"000001-20260102T030405-{digest[:16]} {digest}\n".encode()
    assert generation.name == f"000001-20260102T030405-{digest[:16]}"


def test_current_is_a_new_file_put_in_the_place_of_the_old_one(index_dir: Path) -> None:
    with (index_dir / "CURRENT").open("rb") as held_by_a_reader:
        before = (index_dir / "CURRENT").read_bytes()
        publish_articles(index_dir, ARTICLES[:1], second=6)
        assert held_by_a_reader.read() == before
        assert (index_dir / "CURRENT").stat().st_ino != os.fstat(held_by_a_reader.fileno()).st_ino
    assert (index_dir / "CURRENT").read_bytes() != before


def test_the_numbers_of_generations_rise_whatever_the_clock_says(index_dir: Path) -> None:
    names = [current_generation(index_dir), *(publish_articles(index_dir, second=second) for second in (5, 1, 9))]
    assert [name[:22] for name in names] == ["000001-20260102T030405", "000002-20260102T030405",
                                             "000003-20260102T030401", "000004-20260102T030409"]


def test_the_number_of_a_generation_is_above_that_of_one_set_aside(index_dir: Path) -> None:
    (index_dir / "damaged" / "000041-20260102T030405-0123456789abcdef.2").mkdir(parents=True)
    assert publish_articles(index_dir).startswith("000042-")


def test_a_generation_names_the_one_before_it_and_the_inbox_entries_that_it_holds(index_dir: Path) -> None:
    first = current_generation(index_dir)
    publish_articles(index_dir, second=6, applied=["one", "two"])
    opened = open_snapshot(index_dir)
    assert (opened.applied, opened.degraded) == (("one", "two"), "")
    manifest = json.loads((index_dir / "generations" / opened.generation / "manifest.json").read_bytes())
    assert manifest["previous"] == first


def test_only_an_entry_that_every_generation_there_holds_is_applied_everywhere(index_dir: Path) -> None:
    assert generations.applied_everywhere(index_dir) == set()  # the first holds none
    first = current_generation(index_dir)
    publish_articles(index_dir, second=6, applied=["one", "two"])
    publish_articles(index_dir, second=7, applied=["two", "three"])
    assert generations.applied_everywhere(index_dir) == set()
    assert collect(index_dir) == [first]
    assert generations.applied_everywhere(index_dir) == {"two"}
    (index_dir / "generations" / current_generation(index_dir) / "manifest.json").write_bytes(b"{}")
    assert generations.applied_everywhere(index_dir) == set()
    assert generations.applied_everywhere(index_dir / "none") == set()


# ---- damage ----

def assert_refused(monkeypatch: pytest.MonkeyPatch, index_dir: Path, path: Path, what: str, expected: str,
                   found: str) -> None:
    """Opening the only generation names the file, what was expected and what is there; no parser has seen any file."""
    def parse(*_: object) -> NoReturn:
        raise AssertionError("parsed before it was verified")

    monkeypatch.setattr(snapshots, "read_array", parse)
    monkeypatch.setattr(ArticleStore, "from_files", parse)
    monkeypatch.setattr(DenseIndex, "from_bytes", parse)
    if path.name == "manifest.json":
        monkeypatch.setattr(generations.json, "loads", parse)
    with pytest.raises(CorruptSnapshotError) as caught:
        open_snapshot(index_dir)
    error = caught.value
    assert (error.path, error.what, error.expected, error.found) == (path, what, expected, found)
    assert str(error) == (f"{path} is damaged: its {what} is {found}, its manifest says {expected}; "
                          "build the index again with: python build_index.py PATH...")


@pytest.mark.parametrize("name", FILES)
def test_a_file_short_of_one_byte_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, name: str) -> None:
    content = (generation / name).read_bytes()
    (generation / name).write_bytes(content[:-1])
    assert_refused(monkeypatch, index_dir, generation / name, "size", f"{len(content)} bytes",
                   f"{len(content) - 1} bytes")


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_file_with_one_bit_flipped_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, name: str, place: float) -> None:
    content = (generation / name).read_bytes()
    damaged = bytearray(content)
    damaged[int(place * (len(content) - 1))] ^= 1 << int(place * 7)
    (generation / name).write_bytes(damaged)
    assert_refused(monkeypatch, index_dir, generation / name, "SHA-256", hashlib.sha256(content).hexdigest(),
                   hashlib.sha256(damaged).hexdigest())


def test_a_manifest_short_of_one_byte_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path) -> None:
    content = (generation / "manifest.json").read_bytes()
    (generation / "manifest.json").write_bytes(content[:-1])
    assert_refused(monkeypatch, index_dir, generation / "manifest.json", "SHA-256", hashlib.sha256(content).hexdigest(),
                   hashlib.sha256(content[:-1]).hexdigest())


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, name: str) -> None:
    (generation / name).unlink()
    expected = "manifest" if name == "manifest.json" else name
    assert_refused(monkeypatch, index_dir, generation / name, "content", expected, "missing")


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_an_empty_file_is_refused(index_dir: Path, generation: Path, name: str) -> None:
    (generation / name).write_bytes(b"")
    with pytest.raises(CorruptSnapshotError) as caught:
        open_snapshot(index_dir)
    assert caught.value.path == generation / name


@pytest.mark.slow
def test_every_bit_of_current_matters(index_dir: Path) -> None:
    path = index_dir / "CURRENT"
    content = path.read_bytes()
    accepted, blamed = [], set()
    before = below(index_dir / "generations")
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            snapshot = open_snapshot(index_dir)
        except SnapshotMismatchError:
            raise AssertionError("opened what is not there") from None
        blamed.add(generations.current_mark(index_dir) and snapshot.degraded.split(" ")[0])
        if not snapshot.degraded:
            accepted.append(bit)
    assert accepted == []
    # The name it spells may be of a folder that is not there, whose manifest is then what is missing.
    assert {Path(path).name for path in blamed} == {"CURRENT", "manifest.json"}
    assert below(index_dir / "generations") == before
    assert not (index_dir / "damaged").exists()


@pytest.mark.parametrize(("content", "found"), [
    (b"", "''"), (b"\n", "'\\n'"), (b"20260102T030405-0a1b2c3d\n", "'20260102T030405-0a1b2c3d\\n'"),
    (b"\xff", "not UTF-8"),
    (b"../x " + b"0" * 64 + b"\n", f"'../x {'0' * 64}\\n'"), (b".. " + b"0" * 64 + b"\n", f"'.. {'0' * 64}\\n'")])
def test_a_current_that_does_not_name_a_generation_and_a_hash_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, content: bytes, found: str) -> None:
    (index_dir / "CURRENT").write_bytes(content)
    opened = open_snapshot(index_dir)
    assert (opened.generation, opened.degraded) == (generation.name, (
        f"{index_dir / 'CURRENT'} is damaged: its text is {found}, its manifest says a generation and a SHA-256; "
        f"generation {generation.name} is served instead; build the index again with: python build_index.py PATH..."))
    shutil.rmtree(generation)
    assert_refused(monkeypatch, index_dir, index_dir / "CURRENT", "text", "a generation and a SHA-256", found)


def test_a_current_short_of_one_byte_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path) -> None:
    shutil.rmtree(generation)
    content = (index_dir / "CURRENT").read_bytes()[:-1]
    (index_dir / "CURRENT").write_bytes(content)
    assert_refused(monkeypatch, index_dir, index_dir / "CURRENT", "text", "a generation and a SHA-256",
                   repr(content.decode()))


def test_building_again_repairs_what_was_damaged(index_dir: Path, generation: Path) -> None:
    (generation / "passages.faiss").unlink()
    (index_dir / "CURRENT").write_bytes(b"\xff")
    report = build(ARTICLES, index_dir, EMBEDDER, now=at_second(6))
    assert open_snapshot(index_dir).generation == report.generation


def test_a_folder_without_an_index_says_how_to_build_one(tmp_path: Path) -> None:
    for read in (open_snapshot, current_generation, collect):
        with pytest.raises(NoSnapshotError) as caught:
            read(tmp_path / "none")
        assert str(caught.value) == (f"{tmp_path}/none holds no index; build one with: python build_index.py PATH... "
                                     f"--index-dir {tmp_path}/none")


@pytest.mark.parametrize(("constant", "what"), [("FORMAT", "format version"), ("ANALYZER_VERSION", "analyzer version")])
def test_another_version_is_refused_with_both(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, constant: str, what: str) -> None:
    mine = getattr(generations, constant)
    monkeypatch.setattr(generations, constant, mine + 1)
    with pytest.raises(SnapshotMismatchError) as caught:
        open_snapshot(index_dir)
    assert (caught.value.what, caught.value.snapshot_has, caught.value.program_has) == (what, mine, mine + 1)
    assert str(caught.value) == (f"the index was built with {what} {mine}, this program runs {mine + 1}; "
                                 "build the index again with: python build_index.py PATH...")


# ---- no pickle ----

def test_no_file_holds_a_pickle(generation: Path) -> None:
    names = []
    for path in sorted(generation.glob("*.npy")):
        stream = BytesIO(path.read_bytes())
        assert np.lib.format.read_magic(stream) == (1, 0)
        assert not np.lib.format.read_array_header_1_0(stream)[2].hasobject
        names.append(path.name)
    assert names == sorted(name for name in FILES if name.endswith(".npy"))
    assert {name: content[:2] for name, content in below(generation).items() if content[:1] == b"\x80"} == {}


RUN_CODE_FROM_DATA = {"pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


def unsafe_places(source: str) -> list[int]:
    """Lines that import a module which runs code from data, or allow a library to."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if {module.split(".")[0] for module in modules} & RUN_CODE_FROM_DATA:
                lines.append(node.lineno)
        if isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "allow_dangerous_deserialization",
                                                          "trust_remote_code"} \
                and not (isinstance(node.value, ast.Constant) and node.value.value is False):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("source", [
    "import pickle", "from pickle import loads", "import os, shelve", "from marshal import load", "import pickle as p",
    "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=allow)", "load(allow_dangerous_deserialization=True)"])
def test_the_search_for_unsafe_places_finds_them(source: str) -> None:
    assert unsafe_places(f"x = 1\ndef f():\n    {source}") == [3]


def test_no_module_unpickles_or_allows_it() -> None:
    modules = [PROJECT / "build_index.py",
               *(path for package in ("index", "qa", "web") for path in sorted((PROJECT / package).rglob("*.py")))]
    assert len(modules) > 30
    assert [f"{path.relative_to(PROJECT)}:{line}" for path in modules
            for line in unsafe_places(path.read_text(encoding="utf-8"))] == []


# ---- replacing and collecting ----

def answers(snapshot: Snapshot) -> tuple[object, ...]:
    rows, cosines = snapshot.dense.search(EMBEDDER.embed_query("red blue"), 3, None)
    return (tuple(snapshot.articles), rows.tolist(), cosines.tolist(),
            every_score(snapshot.lexical, "ترمب red").bm25.tolist(),
            [snapshot.tables.sentences_of(row) for row in range(snapshot.passage_count)],
            snapshot.tables.sentence_vectors.tolist())


def test_an_opened_snapshot_answers_on_after_it_was_replaced_and_collected(index_dir: Path, generation: Path) -> None:
    opened = open_snapshot(index_dir)
    before = answers(opened)
    for second in (6, 7):
        publish_articles(index_dir, [Article("new", f"Green number {second}.")], second)
    assert collect(index_dir) == [generation.name]
    assert not generation.exists()
    assert answers(opened) == before
    assert [article.id for article in open_snapshot(index_dir).articles] == ["new"]


def test_collecting_keeps_the_current_generation_and_the_one_before(index_dir: Path) -> None:
    first = current_generation(index_dir)
    second, third, fourth = (publish_articles(index_dir, second=second) for second in (6, 7, 8))
    assert collect(index_dir) == [first, second]
    assert sorted(path.name for path in (index_dir / "generations").iterdir()) == [third, fourth]
    assert collect(index_dir) == []


def test_collecting_keeps_the_current_generation_even_when_its_name_is_the_oldest(index_dir: Path) -> None:
    oldest = current_generation(index_dir)
    for second in (6, 7, 8):
        newest = publish_articles(index_dir, [Article("new", f"Green number {second}.")], second)
    assert roll_back(index_dir, oldest) == (newest, oldest)
    collect(index_dir)
    assert generations.finished(index_dir) == [oldest, newest]
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES


def test_collecting_removes_what_a_killed_build_left(index_dir: Path, generation: Path) -> None:
    before = below(index_dir)
    (generation.parent / ".20260102T030406-00000000.1.tmp").mkdir()
    (generation.parent / ".20260102T030406-00000000.1.tmp" / "passages.npy").write_bytes(b"half")
    (index_dir / ".CURRENT.1.tmp").write_bytes(b"half")
    assert collect(index_dir) == [".20260102T030406-00000000.1.tmp"]
    assert below(index_dir) == before


def test_collecting_leaves_a_stray_file_alone(index_dir: Path, generation: Path) -> None:
    (generation.parent / ".DS_Store").write_bytes(b"x")
    assert collect(index_dir) == []
    assert (generation.parent / ".DS_Store").read_bytes() == b"x"
