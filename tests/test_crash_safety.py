"""A build that fails or is killed at any step leaves what was published, and one builder works at a time."""

from __future__ import annotations

import errno
import gc
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

import index.intake.build
from index.errors import BuildLockedError, DiskFullError, NoSnapshotError
from index.generation import snapshot as snapshots
from index.generation.folder import Current, current_generation, damage, finished
from index.generation.publishing import build_lock
from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.search.dense import DenseIndex
from index.types import Article
from tests.generations import (
    ARTICLES,
    CHUNKING,
    EMBEDDER,
    FILES,
    at_second,
    below,
    publish_articles,
)

PROJECT = Path(__file__).resolve().parents[1]


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


@pytest.mark.slow
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
    with pytest.raises(DiskFullError, match="No space left on device"):
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
    with pytest.raises(DiskFullError, match="No space left on device"):
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


@pytest.mark.slow
@pytest.mark.parametrize(("articles", "growth"), [(ARTICLES[:1], 16), (LONG, 2048)], ids=["short", "long"])
def test_a_build_fails_at_every_limit_of_size_until_it_succeeds(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: dict[str, bytes], lost_errors: list[object],
        articles: Sequence[Article], growth: int) -> None:
    """The long articles fill buffers, so that it fails in the middle of them too."""
    monkeypatch.setattr(index.intake.build, "BLOCK", 1)
    limits = iter(range(0, 1 << 30, growth))
    failed = 0
    while True:
        try:
            with file_size_limit(next(limits)):
                build(articles, tmp_path, EMBEDDER, chunking=CHUNKING, now=at_second(6))
        except DiskFullError as error:
            assert error.reason == os.strerror(errno.EFBIG)  # noqa: PT017  # it ends with a build that raises nothing
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
    number = {path: path.stat().st_ino for path in (tmp_path.parent, tmp_path, folder.parent, folder, *folder.iterdir(),
                                                    tmp_path / "CURRENT")}
    assert sorted(steps[:len(FILES)]) == sorted(("sync", number[folder / name]) for name in FILES)  # in any order
    assert steps[len(FILES):] == [
        ("sync", number[folder / "manifest.json"]), ("replace", number[folder / "manifest.json"]),
        ("sync", number[folder]), ("rename", number[folder]), ("sync", number[folder.parent]),
        ("sync", number[tmp_path]), ("sync", number[tmp_path.parent]), ("sync", number[tmp_path / "CURRENT"]),
        ("replace", number[tmp_path / "CURRENT"]), ("sync", number[tmp_path]),
        ("sync", number[folder.parent])]  # the last one of collecting
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
    monkeypatch.undo()
    # The old one is served; the disk may yet say the new one, which is why that stays, whole.
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES
    newest = finished(index_dir)[-1]
    assert damage(index_dir / "generations" / newest) == []
    (index_dir / "CURRENT").unlink()
    assert open_snapshot(index_dir).generation == newest


@pytest.mark.parametrize("step", ["reading", "embedding", "writing", "manifest.json", "generation", "CURRENT"])
def test_the_build_after_a_kill_clears_what_it_left(
        monkeypatch: pytest.MonkeyPatch, index_dir: Path, generation: Path, step: str) -> None:
    killed = KeyboardInterrupt()
    monkeypatch.setattr(Path, "replace", failing(Path.replace, lambda target: target.name == step, killed))
    monkeypatch.setattr(Path, "rename", failing(Path.rename, lambda _target: step == "generation", killed))
    for name, where in (("reading", (index.intake.build, "cut_passages")), ("embedding", (EMBEDDER, "embed_passages")),
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
    real, overtaken = snapshots.read_current, []

    def read_current(folder: Path) -> Current:
        found = real(folder)
        if not overtaken:
            overtaken.append(found)
            publish_articles(folder, ARTICLES[:1], second=6)
            shutil.rmtree(generation)
        return found

    monkeypatch.setattr(snapshots, "read_current", read_current)
    assert tuple(open_snapshot(index_dir).articles) == ARTICLES[:1]


# ---- one builder at a time ----

@pytest.mark.process
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


@pytest.mark.process
def test_the_lock_ends_with_the_process_that_held_it(index_dir: Path) -> None:
    program = ("import sys; from pathlib import Path; from index.generation.publishing import build_lock\n"
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
