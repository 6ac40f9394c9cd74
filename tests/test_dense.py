"""Nearest neighbours: rows are FAISS ids, and what a filter excludes is out before anything is ranked."""

from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.search import dense
from index.search.dense import FEW_ROWS, FLAT_ROWS, DenseIndex

VECTORS = np.array([[0.6, 0.8, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]], np.float32)
EAST = np.array([1, 0, 0], np.float32)


@pytest.fixture
def index() -> DenseIndex:
    return DenseIndex.build(VECTORS)


Write = Callable[[DenseIndex], bytes]


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """An index as the bytes of its file."""
    path = tmp_path_factory.mktemp("dense") / "passages.faiss"

    def written(index: DenseIndex) -> bytes:
        index.write(path)
        return path.read_bytes()

    return written


def in_faiss(content: bytes) -> faiss.IndexIVF:
    """The index that FAISS itself reads in the file."""
    return faiss.deserialize_index(np.frombuffer(content, np.uint8))


def mask(*rows: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(len(VECTORS)), rows)


def test_the_nearest_come_first_with_their_cosines(index: DenseIndex) -> None:
    rows, cosines = index.search(EAST, 3, None)
    assert (rows.tolist(), cosines.tolist()) == ([1, 4, 0], np.array([1, 0.8, 0.6], np.float32).tolist())
    assert (rows.dtype, cosines.dtype) == (np.int64, np.float32)


@pytest.mark.parametrize(("allowed", "count", "expected"), [
    ((0, 2, 3, 4), 3, [4, 0, 2]),      # the best is masked: the count is met from the rest
    ((2, 3), 2, [2, 3]),               # the worst of all are all there is
    ((2, 3), 6, [2, 3]),               # never more than are allowed
    ((1,), 1, [1]), ((), 3, []), ((0, 1, 2, 3, 4, 5), 0, []), ((0, 1, 2, 3, 4, 5), 1, [1])])
def test_masked_rows_never_appear_however_near(
        index: DenseIndex, allowed: tuple[int, ...], count: int, expected: list[int]) -> None:
    rows, cosines = index.search(EAST, count, mask(*allowed))
    assert rows.tolist() == expected
    assert cosines.tolist() == (VECTORS[expected] @ EAST).tolist()
    assert (rows.dtype, cosines.dtype) == (np.int64, np.float32)


def test_more_than_there_are_gives_all_and_no_row_of_minus_one(index: DenseIndex) -> None:
    rows, cosines = index.search(EAST, 100, None)
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4, 5]
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_search_is_that_of_numpy_under_masks_of_every_density() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(1_003, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex.build(vectors)
    for query, density in zip(vectors[:6], (0.001, 0.01, 0.1, 0.5, 0.9, 1.0), strict=True):
        allowed = random.random(1_003) < density
        allowed[1_002] = True  # the last row lies in a byte of the mask that is not full
        best = np.where(allowed, vectors @ query, -np.inf).argsort()[::-1][:min(50, allowed.sum())]
        assert index.search(query, 50, allowed)[0].tolist() == best.tolist()


def test_rows_are_ids_and_survive_bytes(index: DenseIndex, write: Write) -> None:
    again = DenseIndex.from_bytes(memoryview(write(index)))
    assert (len(again), again.dimension, write(again)) == (6, 3, write(index))
    for row in range(6):
        assert again.vector(row).tolist() == VECTORS[row].tolist()
        assert again.search(VECTORS[row], 1, None)[0].tolist() == [row]


def test_cosines_of_the_rows_asked_for_in_their_order(index: DenseIndex) -> None:
    assert index.cosines(EAST, np.array([3, 0, 1])).tolist() == np.array([-1, 0.6, 1], np.float32).tolist()
    assert index.cosines(EAST, np.zeros(0, np.int64)).tolist() == []


def test_an_empty_index_finds_nothing(write: Write) -> None:
    index = DenseIndex.from_bytes(write(DenseIndex.build(np.zeros((0, 3), np.float32))))
    assert (len(index), index.dimension) == (0, 3)
    for allowed in (None, np.zeros(0, bool)):
        rows, cosines = index.search(EAST, 5, allowed)
        assert (rows.tolist(), cosines.tolist()) == ([], [])


# ---- lists ----

ROWS = 20_000
LISTS = 564
PROBES = 256


@pytest.fixture(scope="module", autouse=True)
def probes() -> Iterator[None]:
    """Fewer lists are scanned than in an index that is large enough to have many more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "PROBES", PROBES)
        yield


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def clustered() -> NDArray[np.float32]:
    """Vectors around 300 centres, those of a centre far apart in rows."""
    random = np.random.default_rng(5)
    centres = unit(random.normal(size=(300, 24)))
    return unit(centres[np.arange(ROWS) % 300] + 0.15 * random.normal(size=(ROWS, 24)))


@pytest.fixture(scope="module")
def queries(clustered: NDArray[np.float32]) -> NDArray[np.float32]:
    random = np.random.default_rng(6)
    return unit(clustered[random.choice(ROWS, 30)] + 0.1 * random.normal(size=(30, 24)))


@pytest.fixture(scope="module")
def lists(clustered: NDArray[np.float32]) -> DenseIndex:
    return DenseIndex.build(clustered, flat_rows=ROWS - 1)


def stored(index: DenseIndex) -> NDArray[np.float32]:
    return np.stack([index.vector(row) for row in range(len(index))])


@pytest.fixture(scope="module")
def vectors(lists: DenseIndex) -> NDArray[np.float32]:
    """The vectors of the lists as they are stored."""
    return stored(lists)


def recall(index: DenseIndex, vectors: NDArray[np.float32], queries: NDArray[np.float32],
           allowed: NDArray[np.bool_] | None, count: int = 10) -> float:
    """The mean share of the exact best that are found; also holds each result to its promises."""
    shares = []
    for query in queries:
        exact = vectors @ query
        rows, cosines = index.search(query, count, allowed)
        assert (len(rows), rows.min() >= 0, len(set(rows.tolist()))) == (count, True, count)
        assert allowed is None or allowed[rows].all()
        assert (np.diff(cosines) <= 0).all()
        np.testing.assert_allclose(cosines, exact[rows], atol=5e-4)
        eligible = exact if allowed is None else np.where(allowed, exact, -np.inf)
        shares.append(len(np.intersect1d(rows, eligible.argsort()[::-1][:count])) / count)
    return float(np.mean(shares))


def assert_exact(index: DenseIndex, vectors: NDArray[np.float32], query: NDArray[np.float32],
                 allowed: NDArray[np.bool_], count: int) -> None:
    """All of the best allowed rows are found; those that rounding makes equal may change places.

    `vectors` are as they are stored, so that what is left of rounding is the order of a sum.
    """
    rows, cosines = index.search(query, count, allowed)
    exact = np.where(allowed, vectors @ query, -np.inf)
    best = np.sort(exact)[::-1][:min(count, np.count_nonzero(allowed))]
    assert len(set(rows.tolist())) == len(rows) == len(best)
    assert allowed[rows].all()
    np.testing.assert_allclose(cosines, best, atol=1e-6)
    np.testing.assert_allclose(cosines, exact[rows], atol=1e-6)


def test_lists_are_built_above_the_threshold_and_only_there(
        lists: DenseIndex, clustered: NDArray[np.float32], write: Write) -> None:
    """FAISS writes an index's kind into its first four bytes."""
    assert write(lists)[:4] == b"IwSq"
    assert write(DenseIndex.build(clustered, flat_rows=ROWS))[:4] == b"IxFI"
    assert ROWS < FLAT_ROWS
    assert write(DenseIndex.build(clustered))[:4] == b"IxFI"
    assert write(DenseIndex.build(VECTORS, flat_rows=5))[:4] == b"IwSq"


def test_a_flat_index_has_the_bytes_of_faiss_and_its_results(clustered: NDArray[np.float32], write: Write) -> None:
    """With more than one thread FAISS sums in another order: the last digit differs."""
    reference = faiss.IndexFlatIP(24)
    reference.add(clustered)
    index = DenseIndex.build(clustered)
    assert write(index) == faiss.serialize_index(reference).tobytes()
    for query in clustered[:5]:
        expected_cosines, expected_rows = reference.search(query[None], 20, params=None)
        rows, cosines = DenseIndex.from_bytes(write(index)).search(query, 20, None)
        assert rows.tolist() == expected_rows[0].tolist()
        np.testing.assert_allclose(cosines, expected_cosines[0], atol=5e-7)


def test_lists_find_99_of_100_of_the_exact_ten_without_scanning_all(
        lists: DenseIndex, clustered: NDArray[np.float32], queries: NDArray[np.float32], write: Write) -> None:
    faiss.cvar.indexIVF_stats.reset()
    assert recall(lists, clustered, queries, None) >= 0.99
    assert faiss.cvar.indexIVF_stats.nlist == len(queries) * PROBES
    assert faiss.cvar.indexIVF_stats.ndis < 0.75 * len(queries) * ROWS
    assert in_faiss(write(lists)).nlist == LISTS


@pytest.mark.parametrize("share", [0.001, 0.02, 0.045, 0.055, 0.2, 0.5, 0.9, 1.0])
def test_lists_miss_nothing_under_masks_of_every_density(
        lists: DenseIndex, vectors: NDArray[np.float32], clustered: NDArray[np.float32], queries: NDArray[np.float32],
        share: float) -> None:
    """Of the vectors as they came some change places with their neighbours, since float16 holds three digits."""
    allowed = np.random.default_rng(8).random(ROWS) <= share
    for query in queries:
        assert_exact(lists, vectors, query, allowed, 10)
        assert_exact(lists, vectors, query, allowed, 200)
    assert recall(lists, clustered, queries, allowed) >= 0.99


@pytest.mark.parametrize("farthest", [1, FEW_ROWS, FEW_ROWS + 1, 1_500, 4_000, 10_000])
def test_a_mask_that_leaves_only_what_is_far_from_the_query_loses_nothing(
        lists: DenseIndex, vectors: NDArray[np.float32], queries: NDArray[np.float32], farthest: int) -> None:
    """The hardest masks: the lists nearest to the query hold next to nothing that is allowed."""
    for query in queries[:10]:
        allowed = np.zeros(ROWS, bool)
        allowed[np.argsort(vectors @ query)[:farthest]] = True
        assert_exact(lists, vectors, query, allowed, 100)


def test_a_mask_of_one_far_cluster_loses_nothing(
        lists: DenseIndex, vectors: NDArray[np.float32], clustered: NDArray[np.float32], queries: NDArray[np.float32],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the lists, too, as where more rows are allowed than are fetched one by one."""
    monkeypatch.setattr(dense, "FEW_ROWS", 0)
    for query in queries[:10]:
        allowed = np.arange(ROWS) % 300 == int((clustered[:300] @ query).argmin())
        assert_exact(lists, vectors, query, allowed, 50)


def test_few_allowed_rows_are_compared_exactly_as_stored(
        lists: DenseIndex, vectors: NDArray[np.float32], queries: NDArray[np.float32]) -> None:
    allowed = np.zeros(ROWS, bool)
    allowed[np.random.default_rng(9).choice(ROWS, FEW_ROWS, replace=False)] = True
    for query in queries[:10]:
        rows, cosines = lists.search(query, FEW_ROWS, allowed)
        assert sorted(rows.tolist()) == np.flatnonzero(allowed).tolist()
        np.testing.assert_allclose(cosines, np.sort(vectors[allowed] @ query)[::-1], atol=1e-6)


def test_cosines_are_those_of_the_stored_vectors_however_they_are_asked_for(
        lists: DenseIndex, vectors: NDArray[np.float32], clustered: NDArray[np.float32], queries: NDArray[np.float32]
        ) -> None:
    for query in queries[:10]:
        rows, cosines = lists.search(query, 200, None)
        np.testing.assert_allclose(cosines, lists.cosines(query, rows), atol=1e-6)
        np.testing.assert_allclose(cosines, np.stack([lists.vector(row) for row in rows.tolist()]) @ query, atol=1e-6)
    np.testing.assert_allclose(vectors, clustered, rtol=2 ** -11, atol=2 ** -25)  # half a unit of float16


def test_more_than_the_nearest_lists_hold_are_found_in_others(
        lists: DenseIndex, vectors: NDArray[np.float32], queries: NDArray[np.float32], write: Write) -> None:
    query = lists.vector(0)
    faiss.cvar.indexIVF_stats.reset()
    in_faiss(write(lists)).search(query[None], ROWS, params=None)
    in_nearest = faiss.cvar.indexIVF_stats.ndis
    assert in_nearest < ROWS - 1
    everything = np.ones(ROWS, bool)
    for count in (in_nearest, in_nearest + 1, ROWS - 1):
        rows, cosines = lists.search(query, count, None)
        assert len(set(rows.tolist())) == len(rows) == count
        assert (rows.min() >= 0, (np.diff(cosines) <= 0).all()) == (True, True)
    rows, cosines = lists.search(queries[0], ROWS - 1, None)
    np.testing.assert_allclose(cosines, np.sort(vectors @ queries[0])[:0:-1], atol=1e-6)
    assert_exact(lists, vectors, queries[0], everything, ROWS)
    assert sorted(lists.search(query, ROWS + 1, None)[0].tolist()) == list(range(ROWS))
    allowed = np.arange(ROWS) % 2 == 1
    assert sorted(lists.search(query, ROWS, allowed)[0].tolist()) == list(range(1, ROWS, 2))
    for mask_of_nothing in (np.zeros(ROWS, bool), np.arange(ROWS) < 0):
        assert [part.tolist() for part in lists.search(query, 10, mask_of_nothing)] == [[], []]


@pytest.mark.parametrize("allowed", [None, np.arange(ROWS) % 50 > 0])
def test_lists_that_hold_fewer_than_are_asked_for_are_not_all_there_is(
        allowed: NDArray[np.bool_] | None, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The query stands alone; all the others are on the other side."""
    random = np.random.default_rng(10)
    vectors = unit(np.concatenate([[[1.0, 0, 0]], [-1, 0, 0] + 0.1 * random.normal(size=(ROWS - 1, 3))]))
    monkeypatch.setattr(dense, "PROBES", 1)
    index = DenseIndex.build(vectors, flat_rows=0)
    assert in_faiss(write(index)).search(EAST[None], 2, params=None)[1].tolist() == [[0, -1]]
    assert index.search(EAST, 1, None)[0].tolist() == [0]
    rows, cosines = index.search(EAST, 2_000, allowed)
    best = np.sort((stored(index) @ EAST)[allowed if allowed is not None else slice(None)])[::-1][:2_000]
    assert len(set(rows.tolist())) == len(rows) == 2_000
    np.testing.assert_allclose(cosines, best, atol=1e-6)


# ---- files ----

def test_the_same_vectors_give_the_same_bytes_and_the_same_order(
        lists: DenseIndex, clustered: NDArray[np.float32], queries: NDArray[np.float32], write: Write) -> None:
    again = DenseIndex.build(clustered, flat_rows=ROWS - 1)
    content = write(lists)
    assert write(again) == content
    opened = DenseIndex.from_bytes(memoryview(content))
    assert (len(opened), opened.dimension, write(opened)) == (ROWS, 24, content)
    for query in queries[:10]:
        for allowed in (None, np.arange(ROWS) % 3 > 0, np.arange(ROWS) < 100):
            first, second = lists.search(query, 50, allowed), opened.search(query, 50, allowed)
            assert [part.tolist() for part in first] == [part.tolist() for part in second]


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_does_not_change_the_bytes(
        lists: DenseIndex, clustered: NDArray[np.float32], write: Write, threads: int) -> None:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)
    try:
        assert write(DenseIndex.build(clustered, flat_rows=0)) == write(lists)
    finally:
        faiss.omp_set_num_threads(before)


@pytest.mark.slow
@pytest.mark.parametrize("flat_rows", [ROWS, 0])
@pytest.mark.parametrize("block", [1_000, 7_777, ROWS])
def test_vectors_of_a_mapped_file_give_the_same_bytes_however_many_are_added_at_a_time(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clustered: NDArray[np.float32], write: Write, flat_rows: int,
        block: int) -> None:
    expected = write(DenseIndex.build(clustered, flat_rows=flat_rows))
    np.save(tmp_path / "vectors.npy", clustered, allow_pickle=False)
    monkeypatch.setattr(dense, "BLOCK", block)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r", allow_pickle=False)
    assert write(DenseIndex.build(mapped, flat_rows=flat_rows)) == expected


@pytest.mark.parametrize("flat_rows", [ROWS, 0])
def test_vectors_are_read_where_they_lie(clustered: NDArray[np.float32], write: Write, flat_rows: int) -> None:
    content = bytearray(write(DenseIndex.build(clustered[:2_000], flat_rows=flat_rows)))
    index = DenseIndex.from_bytes(memoryview(content))
    row = index.vector(1_234)
    place = content.index(row.astype(np.float32 if flat_rows else np.float16).tobytes())
    content[place:place + 48] = bytes(48)
    assert index.vector(1_234)[:12].tolist() == [0] * 12


@pytest.mark.slow
@pytest.mark.parametrize("flat_rows", [ROWS, 0])
@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.6, 0.999])
def test_a_disk_that_is_full_is_an_error(
        tmp_path: Path, clustered: NDArray[np.float32], write: Write, flat_rows: int, share: float) -> None:
    """In the first write, between writes and in the last, which is only made when the file is closed."""
    index = DenseIndex.build(clustered, flat_rows=flat_rows)
    content = write(index)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(share * len(content)), hard))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            index.write(tmp_path / "passages.faiss")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.errno == errno.EFBIG
    assert write(index) == content  # it is whole all the same


def test_a_write_that_fails_once_is_an_error_though_the_next_would_succeed(
        tmp_path: Path, index: DenseIndex, clustered: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> None:
    class FullForAMoment:
        """A file whose second write fails."""

        def __init__(self) -> None:
            self.writes = 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, content: bytes) -> int:
            self.writes += 1
            if self.writes == 2:
                raise OSError(errno.ENOSPC, "No space left on device")
            return len(content)

    stream = FullForAMoment()
    monkeypatch.setattr(Path, "open", lambda *_: stream)
    with pytest.raises(OSError, match="No space left on device"):
        DenseIndex.build(clustered).write(tmp_path / "passages.faiss")
    assert stream.writes == 2
