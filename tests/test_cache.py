"""An index that many runs share: built once for each key, and again when it is damaged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.types import Article
from tests.cache import cached_index, hash_of
from tests.fakes import WordEmbedder


@pytest.fixture
def built() -> list[Path]:
    return []


def cached(cache: Path, built: list[Path], key: str = "1") -> Path:
    def make(index_dir: Path) -> None:
        build([Article("a", "The red one.")], index_dir, WordEmbedder("red"))
        built.append(index_dir)

    return cached_index("sample", key, make, cache)


def test_an_index_is_built_once(tmp_path: Path, built: list[Path]) -> None:
    first, again = cached(tmp_path, built), cached(tmp_path, built)
    assert first == again == tmp_path / "sample-1"
    assert [article.text for article in open_snapshot(first).articles] == ["The red one."]
    assert built == [first]


def test_two_that_want_it_at_once_build_it_once(tmp_path: Path, built: list[Path]) -> None:
    together = Barrier(2)

    def wanted() -> Path:
        together.wait(30)
        return cached(tmp_path, built)

    with ThreadPoolExecutor(2) as pool:
        wanting = [pool.submit(wanted) for _ in range(2)]
    assert [each.result() for each in wanting] == built * 2
    assert len(built) == 1


@pytest.mark.parametrize("pattern", ["CURRENT", "generations/*/manifest.json", "generations/*/*.npy"])
def test_a_damaged_index_is_built_again(tmp_path: Path, built: list[Path], pattern: str) -> None:
    index_dir = cached(tmp_path, built)
    path = next(iter(sorted(index_dir.glob(pattern))))
    path.write_bytes(path.read_bytes()[:-1])
    cached(tmp_path, built)
    assert built == [index_dir] * 2
    assert open_snapshot(index_dir).degraded == ""


def test_one_that_was_cut_short_is_built_again(tmp_path: Path, built: list[Path]) -> None:
    (tmp_path / "sample-1" / "generations").mkdir(parents=True)
    assert cached(tmp_path, built) == tmp_path / "sample-1"
    assert len(built) == 1


def test_another_key_is_another_index_and_the_old_one_goes(tmp_path: Path, built: list[Path]) -> None:
    cached(tmp_path, built)
    other = cached_index("other", "1", lambda index_dir: build([Article("b", "Blue.")], index_dir, WordEmbedder()),
                         tmp_path)
    cached(tmp_path, built, "2")
    assert built == [tmp_path / "sample-1", tmp_path / "sample-2"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["other-1", "sample-2"]
    assert other.is_dir()


def test_the_key_changes_with_a_file_its_name_or_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cache.PROJECT", tmp_path)
    path = tmp_path / "sources" / "a.py"
    path.parent.mkdir()
    path.write_text("1")
    keys = [hash_of(path.parent)]
    (path.parent / "__pycache__").mkdir()
    (path.parent / "__pycache__" / "a.pyc").write_text("compiled")
    assert hash_of(path.parent) == keys[0]
    path.write_text("2")
    keys.append(hash_of(path.parent))
    path.rename(path.with_name("b.py"))
    keys.append(hash_of(path.parent))
    monkeypatch.setattr("sys.version", "another Python")
    keys.append(hash_of(path.parent))
    assert len(set(keys)) == 4
