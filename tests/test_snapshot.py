"""Generations on disk: published whole, refused when a bit is wrong, replaced in one step, collected, locked."""

from __future__ import annotations

import ast
import errno
import gc
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

import index.build
from index import snapshot as snapshots
from index.arabic import ANALYZER_VERSION
from index.build import build
from index.chunker import Chunking, cut_passages, passage_text, sentence_text
from index.dense import DenseIndex
from index.errors import BuildLockedError, CorruptSnapshotError, NoSnapshotError, SnapshotMismatchError
from index.lexical import LexicalIndex
from index.snapshot import Snapshot, build_lock, collect, current_generation, draft, open_snapshot, publish
from index.store import ArticleStore
from index.types import Article, Passage
from index.writer import SnapshotWriter
from tests.fakes import WordEmbedder, every_score

PROJECT = Path(__file__).resolve().parents[1]
CHUNKING = Chunking(max_tokens=6)
EMBEDDER = WordEmbedder("red", "blue", "green", "ترامب")
DIMENSION = 5
ARTICLES = (
    Article("colours", "Colours\nThe red one came first. A blue one came second.\nThese are green:\n- The green one.",
            "Three", "The Paper", published="2026-01-02"),
    Article("ar", "وَصَلَ ترامب إلى الدوحة. 😀 ثم غادر الوفد.", "زيارة", "الصحيفة", metadata={"section": "سياسة"}),
    Article("bare", "Nothing here is known."))
FILES = ("articles.jsonl", "catalogue.json", "article_starts.npy", "article_days.npy", "article_sources.npy",
         "passages.npy", "sentences.npy", "sentence_vectors.npy", "passages.faiss", "lexical_vocabulary.npy",
         "lexical_starts.npy", "lexical_rows.npy", "lexical_frequencies.npy", "lexical_lengths.npy",
         "lexical_peaks.npy")


def at_second(second: int) -> datetime:
    return datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC)


def publish_articles(index_dir: Path, articles: Sequence[Article] = ARTICLES, second: int = 5) -> str:
    """Publish without collecting, as a build that is killed in between does."""
    with draft(index_dir) as folder:
        with SnapshotWriter(folder, EMBEDDER.settings.dimension) as writer:
            for article in articles:
                passages = cut(article)
                writer.add(article, passages, vectors_of(article, passages), sentence_vectors_of(article, passages))
            counts = writer.finish()
        return publish(index_dir, folder, model=EMBEDDER.settings, chunking=CHUNKING, counts=counts,
                       now=at_second(second))


def cut(article: Article) -> list[Passage]:
    return cut_passages(article, EMBEDDER.count_tokens, CHUNKING)


def vectors_of(article: Article, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Shape (passages, dimension): of each, the direction of the mean of its sentences that are no headings."""
    vectors = [EMBEDDER.embed_passages([sentence_text(article, sentence) for sentence in passage.sentences
                                        if not sentence.is_heading]).sum(axis=0) for passage in passages]
    return np.array([vector / np.linalg.norm(vector) for vector in vectors], np.float32).reshape(-1, DIMENSION)


def sentence_vectors_of(article: Article, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Shape (sentences, dimension): zeros for a heading."""
    return np.array([np.zeros(DIMENSION) if sentence.is_heading
                     else EMBEDDER.embed_passages([sentence_text(article, sentence)])[0]
                     for passage in passages for sentence in passage.sentences], np.float32).reshape(-1, DIMENSION)


def below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """An index folder with one published generation."""
    folder = tmp_path / "index"
    publish_articles(folder)
    return folder


@pytest.fixture
def generation(index_dir: Path) -> Path:
    """The folder of that generation."""
    return index_dir / "generations" / current_generation(index_dir)


# ---- round trip ----

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
    lexical = LexicalIndex.build(passage_text(article, passage) for article, passage in passages)
    for before, after in (
            (np.array(rows, np.int32), opened.tables.passages),
            (np.array(sentences, np.int32), opened.tables.sentences),
            (sentence_vectors.astype(np.float16), opened.tables.sentence_vectors),
            (vectors, np.stack([opened.dense.vector(row) for row in range(len(opened.dense))])),
            *((getattr(lexical, name), getattr(opened.lexical, name))
              for name in ("vocabulary", "starts", "rows", "frequencies", "lengths", "peaks"))):
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
    assert len(snapshot.dense) == len(snapshot.lexical.lengths) == len(snapshot.tables.passages) == len(passages) == 6
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
        "format": snapshots.FORMAT, "created": "2026-01-02T03:04:05+00:00", "analyzer": ANALYZER_VERSION,
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
    assert (index_dir / "CURRENT").read_bytes() == f"20260102T030405-{digest[:8]} {digest}\n".encode()
    assert generation.name == f"20260102T030405-{digest[:8]}"


def test_current_is_a_new_file_put_in_the_place_of_the_old_one(index_dir: Path) -> None:
    with (index_dir / "CURRENT").open("rb") as held_by_a_reader:
        before = (index_dir / "CURRENT").read_bytes()
        publish_articles(index_dir, ARTICLES[:1], second=6)
        assert held_by_a_reader.read() == before
        assert (index_dir / "CURRENT").stat().st_ino != os.fstat(held_by_a_reader.fileno()).st_ino
    assert (index_dir / "CURRENT").read_bytes() != before


def test_the_same_articles_twice_within_a_second_are_one_generation(index_dir: Path) -> None:
    before = below(index_dir)
    assert publish_articles(index_dir) == current_generation(index_dir)
    assert below(index_dir) == before


# ---- damage ----

def assert_refused(monkeypatch: pytest.MonkeyPatch, index_dir: Path, path: Path, what: str, expected: str,
                   found: str) -> None:
    """Opening names the file, what was expected and what is there, and no parser has seen any file."""
    def parse(*_: object) -> NoReturn:
        raise AssertionError("parsed before it was verified")

    monkeypatch.setattr(snapshots, "read_array", parse)
    monkeypatch.setattr(ArticleStore, "from_files", parse)
    monkeypatch.setattr(DenseIndex, "from_bytes", parse)
    if path.name == "manifest.json":
        monkeypatch.setattr(snapshots.json, "loads", parse)
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


def test_every_bit_of_current_matters(index_dir: Path) -> None:
    path = index_dir / "CURRENT"
    content = path.read_bytes()
    accepted, blamed = [], set()
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            open_snapshot(index_dir)
            accepted.append(bit)
        except CorruptSnapshotError as error:
            blamed.add(error.path.name)
    assert accepted == []
    # The name it spells may be of a folder that is not there, whose manifest is then what is missing.
    assert blamed == {"CURRENT", "manifest.json"}


@pytest.mark.parametrize(("content", "found"), [
    (b"", "''"), (b"\n", "'\\n'"), (b"20260102T030405-0a1b2c3d\n", "'20260102T030405-0a1b2c3d\\n'"),
    (b"\xff", "not UTF-8"),
    (b"../x " + b"0" * 64 + b"\n", f"'../x {'0' * 64}\\n'"), (b".. " + b"0" * 64 + b"\n", f"'.. {'0' * 64}\\n'")])
def test_a_current_that_does_not_name_a_generation_and_a_hash_is_refused(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, content: bytes, found: str) -> None:
    (index_dir / "CURRENT").write_bytes(content)
    assert_refused(monkeypatch, index_dir, index_dir / "CURRENT", "text", "a generation and a SHA-256", found)


def test_a_current_short_of_one_byte_is_refused(monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
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
    mine = getattr(snapshots, constant)
    monkeypatch.setattr(snapshots, constant, mine + 1)
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
    oldest = publish_articles(index_dir, second=1)  # a clock set back
    publish_articles(index_dir, second=9)
    publish_articles(index_dir, second=1)
    collect(index_dir)
    assert current_generation(index_dir) == oldest
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


# ---- crashes ----

def failing(real: Callable[..., object], fails: Callable[[Path], bool], error: BaseException) -> Callable[..., object]:
    def call(path: Path, *arguments: object) -> object:
        if fails(Path(str(arguments[0])) if arguments else path):
            raise error
        return real(path, *arguments)

    return call


def assert_only_the_old_is_there(index_dir: Path, before: dict[str, bytes]) -> None:
    """Nothing is left of what a failed build wrote, and what was published before it is served."""
    after = below(index_dir)
    after.pop(".build.lock", None)
    assert after == before
    assert len(list((index_dir / "generations").iterdir())) == int("CURRENT" in before)
    if "CURRENT" in before:
        assert tuple(open_snapshot(index_dir).articles) == ARTICLES
    else:
        with pytest.raises(NoSnapshotError):
            open_snapshot(index_dir)


@pytest.fixture(params=["old", "first"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, bytes]:
    """What an index folder holds before a build that fails: a generation, or nothing."""
    if request.param == "old":
        publish_articles(tmp_path)
    return below(tmp_path)


@pytest.fixture
def lost_errors(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Errors that went to nobody since a file was still open when it was forgotten. pytest makes warnings errors."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: lost.append(unraisable.exc_value))
    return lost


@pytest.mark.parametrize("step", [*FILES, "waiting vectors", "waiting postings", "manifest.json", "CURRENT"])
def test_a_disk_that_is_full_at_any_file_leaves_the_old_generation_and_nothing_of_the_new(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: dict[str, bytes], lost_errors: list[object],
        step: str) -> None:
    """The kernel itself refuses: the file is `/dev/full`."""
    real = Path.open

    def is_step(path: Path) -> bool:
        if path.parent.name.startswith(".vectors-"):
            return step == "waiting vectors"
        if path.name.startswith(".block-"):
            return step == "waiting postings"
        return path.name in (step, f".{step}.{os.getpid()}.tmp")

    def open_full(path: Path, mode: str = "r", *arguments: object, **options: object) -> object:
        full = "w" in mode and is_step(path)
        return real(Path("/dev/full") if full else path, mode, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match="No space left on device"):
        build(ARTICLES[:1], tmp_path, EMBEDDER, chunking=CHUNKING, now=at_second(6))
    monkeypatch.setattr(Path, "open", real)
    assert_only_the_old_is_there(tmp_path, before)
    gc.collect()
    assert lost_errors == []


@pytest.mark.parametrize("step", ["manifest.json", "generation", "CURRENT"])
def test_a_name_that_cannot_be_given_leaves_the_old_generation_and_nothing_of_the_new(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: dict[str, bytes], step: str) -> None:
    no_space = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "replace", failing(Path.replace, lambda target: target.name == step, no_space))
    monkeypatch.setattr(Path, "rename", failing(Path.rename, lambda _target: step == "generation", no_space))
    with pytest.raises(OSError, match="No space left on device"):
        build(ARTICLES[:1], tmp_path, EMBEDDER, chunking=CHUNKING, now=at_second(6))
    monkeypatch.undo()
    assert_only_the_old_is_there(tmp_path, before)


class file_size_limit:  # noqa: N801  # reads as a function: `with file_size_limit(4096)`
    """No file of this process may grow beyond `size` bytes: a write that would raises EFBIG."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __enter__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._size, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


LONG = [Article(f"long {number}", f"Red number {number} is long. " * 400, "Long") for number in range(8)]


@pytest.mark.parametrize(("articles", "growth"), [(ARTICLES[:1], 16), (LONG, 2048)], ids=["short", "long"])
def test_a_build_fails_at_every_limit_of_size_until_it_succeeds(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: dict[str, bytes], lost_errors: list[object],
        articles: Sequence[Article], growth: int) -> None:
    """The long articles fill buffers, so that it fails in the middle of them too."""
    monkeypatch.setattr(index.build, "BLOCK", 1)
    limits = iter(range(0, 1 << 30, growth))
    failed = 0
    while True:
        try:
            with file_size_limit(next(limits)):
                build(articles, tmp_path, EMBEDDER, chunking=CHUNKING, now=at_second(6))
        except OSError as error:
            assert error.errno == errno.EFBIG  # noqa: PT017  # the loop ends with a build that raises nothing
            assert_only_the_old_is_there(tmp_path, before)
            failed += 1
        else:
            break
    gc.collect()
    assert lost_errors == []
    assert failed > 40
    assert tuple(open_snapshot(tmp_path).articles) == tuple(articles)


def test_every_file_is_on_the_disk_before_the_folder_is_named_and_every_folder_after(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steps: list[tuple[str, int]] = []
    sizes: dict[int, int] = {}
    real = {"sync": os.fsync, "replace": Path.replace, "rename": Path.rename}

    def fsync(descriptor: int) -> None:
        real["sync"](descriptor)
        steps.append(("sync", os.fstat(descriptor).st_ino))
        sizes[os.fstat(descriptor).st_ino] = os.fstat(descriptor).st_size

    def naming(kind: str) -> Callable[[Path, Path], Path]:
        def name(path: Path, target: Path) -> Path:
            steps.append((kind, path.stat().st_ino))
            return real[kind](path, target)
        return name

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", naming("replace"))
    monkeypatch.setattr(Path, "rename", naming("rename"))
    folder = tmp_path / "generations" / build(ARTICLES, tmp_path, EMBEDDER, chunking=CHUNKING).generation
    number = {path: path.stat().st_ino for path in (tmp_path, folder.parent, folder, *folder.iterdir(),
                                                    tmp_path / "CURRENT")}
    assert sorted(steps[:len(FILES)]) == sorted(("sync", number[folder / name]) for name in FILES)  # in any order
    assert steps[len(FILES):] == [
        ("sync", number[folder / "manifest.json"]), ("replace", number[folder / "manifest.json"]),
        ("sync", number[folder]), ("rename", number[folder]), ("sync", number[folder.parent]),
        ("sync", number[tmp_path]), ("sync", number[tmp_path / "CURRENT"]),
        ("replace", number[tmp_path / "CURRENT"]), ("sync", number[tmp_path])]
    for path in (*folder.iterdir(), tmp_path / "CURRENT"):
        assert sizes[number[path]] == path.stat().st_size  # nothing was added after it was synced


def test_a_disk_that_cannot_sync_fails_the_build(monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    before = below(index_dir)

    def fsync(_descriptor: int) -> NoReturn:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output error"):
        build(ARTICLES[:1], index_dir, EMBEDDER, now=at_second(6))
    monkeypatch.undo()
    assert_only_the_old_is_there(index_dir, before)


def test_a_failure_after_current_was_replaced_does_not_remove_what_it_names(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        replaced = real(path, target)
        if target.name == "CURRENT":
            raise OSError(errno.EIO, "Input/output error")
        return replaced

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="Input/output error"):
        build(ARTICLES[:1], index_dir, EMBEDDER, now=at_second(6))
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES[:1]


@pytest.mark.parametrize("step", ["reading", "embedding", "writing", "manifest.json", "generation", "CURRENT"])
def test_the_build_after_a_kill_clears_what_it_left(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, step: str) -> None:
    killed = KeyboardInterrupt()
    monkeypatch.setattr(Path, "replace", failing(Path.replace, lambda target: target.name == step, killed))
    monkeypatch.setattr(Path, "rename", failing(Path.rename, lambda _target: step == "generation", killed))
    for name, where in (("reading", (index.build, "cut_passages")), ("embedding", (EMBEDDER, "embed_passages")),
                        ("writing", (DenseIndex, "write"))):
        if name == step:
            monkeypatch.setattr(*where, failing(lambda *_: None, lambda _: True, killed))
    with pytest.raises(KeyboardInterrupt):
        build(ARTICLES[:1], index_dir, EMBEDDER, now=at_second(6))
    monkeypatch.undo()
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES
    assert [path for path in index_dir.rglob("*") if ".tmp" in path.name]
    # What another process left has another name.
    for left in generation.parent.glob(f".draft.{os.getpid()}.tmp"):
        left.rename(generation.parent / ".draft.1.tmp")
    for second in (7, 8):
        newest = build(ARTICLES[:2], index_dir, EMBEDDER, now=at_second(second)).generation
    assert not [path for path in index_dir.rglob("*") if ".tmp" in path.name]
    names = sorted(path.name for path in generation.parent.iterdir())
    assert (len(names), names[-1], current_generation(index_dir)) == (2, newest, newest)


def test_a_draft_begins_empty_whatever_an_earlier_build_of_this_process_left(index_dir: Path) -> None:
    left = index_dir / "generations" / f".draft.{os.getpid()}.tmp"
    left.mkdir()
    (left / "stray.npy").write_bytes(b"half")
    generation = build(ARTICLES[:2], index_dir, EMBEDDER, now=at_second(6)).generation
    assert sorted(path.name for path in (left.parent / generation).iterdir()) == sorted([*FILES, "manifest.json"])


def test_a_generation_collected_while_it_is_opened_gives_the_newer_one(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path) -> None:
    real, overtaken = snapshots._read_current, []

    def read_current(folder: Path) -> tuple[str, str]:
        found = real(folder)
        if not overtaken:
            overtaken.append(found)
            publish_articles(folder, ARTICLES[:1], second=6)
            shutil.rmtree(generation)
        return found

    monkeypatch.setattr(snapshots, "_read_current", read_current)
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES[:1]


# ---- one builder at a time ----

def test_a_second_builder_in_another_process_ends_with_75(index_dir: Path) -> None:
    before = below(index_dir)
    with build_lock(index_dir):
        second = subprocess.run([sys.executable, "build_index.py", "articles", "--index-dir", str(index_dir)],
                                cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout) == (75, "")
    assert second.stderr == (f"build_index: another build holds the lock of {index_dir}; "
                             "wait for it to end and try again\n")
    after = below(index_dir)
    after.pop(".build.lock", None)
    assert after == before


def test_the_lock_ends_with_the_process_that_held_it(index_dir: Path) -> None:
    program = ("import sys; from pathlib import Path; from index.snapshot import build_lock\n"
               "with build_lock(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()")
    with subprocess.Popen([sys.executable, "-c", program, str(index_dir)], cwd=PROJECT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BuildLockedError) as caught, build_lock(index_dir):
            raise AssertionError("two hold the lock")
        assert caught.value.index_dir == index_dir
        holder.kill()
        holder.wait()
        with build_lock(index_dir):
            publish_articles(index_dir, ARTICLES[:1], second=6)
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES[:1]


def test_the_lock_is_free_after_a_build_that_failed(index_dir: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError, match="in the middle"), build_lock(index_dir):
            raise RuntimeError("in the middle")
