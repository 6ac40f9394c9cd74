"""Arrays on disk: NumPy's own format, written in parts, read where they lie, and never as pickles."""

from __future__ import annotations

import gc
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.columns import ColumnWriter, read_array, write_array

COLUMNS = [
    np.arange(7, dtype=np.int64), np.arange(15, dtype=np.int32).reshape(3, 5), np.linspace(-1, 1, 9, dtype=np.float32),
    np.arange(24, dtype=np.float16).reshape(2, 3, 4), np.arange(256, dtype=np.uint8),
    np.array([0, 2**64 - 1], np.uint64), np.zeros(0, np.uint32), np.zeros((0, 384), np.float16),
    np.zeros((3, 0), np.int32)]
COLUMN_IDS = [f"{column.dtype} {column.shape}" for column in COLUMNS]


def mapped(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = read_array(memoryview(path.read_bytes()))
    return array


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "column.npy"


# ---- round trip ----

@pytest.mark.parametrize("column", COLUMNS, ids=COLUMN_IDS)
@pytest.mark.parametrize("part", [1, 2, 1_000])
def test_what_is_written_in_parts_is_read_whole_here_and_by_numpy(path: Path, column: NDArray[Any], part: int) -> None:
    with ColumnWriter(path, column.dtype, column.shape[1:]) as writer:
        for first in range(0, len(column), part):
            writer.append(column[first:first + part])
            assert writer.rows == min(first + part, len(column))
    for array in (mapped(path), np.load(path, allow_pickle=False)):
        assert (array.dtype, array.shape, array.tobytes()) == (column.dtype, column.shape, column.tobytes())


@pytest.mark.parametrize("column", COLUMNS, ids=COLUMN_IDS)
def test_an_array_at_once_is_the_same_file_and_that_of_numpy(path: Path, column: NDArray[Any]) -> None:
    write_array(path, column)
    saved = BytesIO()
    np.save(saved, column, allow_pickle=False)
    assert path.read_bytes() == saved.getvalue()


def test_rows_become_the_type_of_the_file_and_lie_one_behind_the_other(path: Path) -> None:
    with ColumnWriter(path, np.float16, (2,)) as writer:
        writer.append(np.array([[0.1, 1], [2, 3]], np.float32))
        writer.append(np.asfortranarray(np.array([[4.0, 5], [6, 7]])))
        writer.append(np.arange(16).reshape(8, 2)[4::2])
    array = mapped(path)
    assert (array.dtype, array.flags.c_contiguous) == (np.float16, True)
    assert array.tolist() == [[float(np.float16(0.1)), 1], [2, 3], [4, 5], [6, 7], [8, 9], [12, 13]]


@pytest.mark.parametrize("order", ["C", "F"])
def test_either_order_and_a_long_header_of_numpy_are_read(order: str) -> None:
    array = np.arange(12, dtype=np.int32).reshape(3, 4)
    saved, long = BytesIO(), BytesIO()
    np.save(saved, np.asarray(array, order=order), allow_pickle=False)  # type: ignore[call-overload]  # its stubs
    np.lib.format.write_array(long, np.asarray(array, order=order), (2, 0))  # type: ignore[call-overload]  # its stubs
    for stream in (saved, long):
        assert read_array(memoryview(stream.getvalue())).tolist() == array.tolist()


# ---- in place ----

def test_the_header_is_as_long_for_any_number_of_rows(path: Path) -> None:
    """So that it can be put in the place of the first one."""
    headers = []
    for rows in (0, 1, 10 ** 9, 2 ** 62):
        writer = ColumnWriter(path, np.float16, (384,))
        writer.rows = rows
        writer.close()
        stream = BytesIO(path.read_bytes())
        assert np.lib.format.read_magic(stream) == (1, 0)
        assert np.lib.format.read_array_header_1_0(stream) == ((rows, 384), False, np.float16)
        headers.append((stream.tell(), path.stat().st_size))
    assert set(headers) == {(128, 128)}


def test_values_lie_in_the_content_and_cannot_be_written_to(path: Path) -> None:
    write_array(path, np.arange(5, dtype=np.int32))
    content = path.read_bytes()
    array = read_array(memoryview(content))
    assert np.shares_memory(array, np.frombuffer(content, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_closing_twice_is_closing_once(path: Path) -> None:
    with ColumnWriter(path, np.int32) as writer:
        writer.append(np.arange(3, dtype=np.int32))
        writer.close()
        before = path.read_bytes()
    assert path.read_bytes() == before
    assert mapped(path).tolist() == [0, 1, 2]


# ---- refused ----

@pytest.mark.parametrize(("row_shape", "rows", "message"), [
    ((5,), np.zeros((2, 4)), "cannot append rows of shape (4,) to a file of rows of shape (5,)"),
    ((5,), np.zeros(5), "cannot append rows of shape () to a file of rows of shape (5,)"),
    ((), np.zeros((5, 1)), "cannot append rows of shape (1,) to a file of rows of shape ()"),
    ((2, 3), np.zeros((1, 3, 2)), "cannot append rows of shape (3, 2) to a file of rows of shape (2, 3)")])
def test_rows_of_another_shape_are_refused_and_nothing_of_them_is_written(
        path: Path, row_shape: tuple[int, ...], rows: NDArray[Any], message: str) -> None:
    with ColumnWriter(path, np.float32, row_shape) as writer:
        with pytest.raises(ValueError, match="^cannot append rows of shape") as caught:
            writer.append(rows)
        assert str(caught.value) == message
    assert mapped(path).shape == (0, *row_shape)


def test_an_array_of_objects_is_refused() -> None:
    stream = BytesIO()
    np.save(stream, np.array([{"an": "object"}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="refused"):
        read_array(memoryview(stream.getvalue()))


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"PK\x03\x04" + bytes(200)], ids=["empty", "cut", "zip"])
def test_what_is_no_array_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="magic"):
        read_array(memoryview(content))


def test_an_array_short_of_a_byte_is_refused(path: Path) -> None:
    write_array(path, np.arange(100, dtype=np.int32))
    with pytest.raises(ValueError, match="buffer is smaller than requested size"):
        read_array(memoryview(path.read_bytes())[:-1])


# ---- a full disk ----

@pytest.mark.parametrize("rows", [0, 10, 100_000], ids=["the header", "what was in a buffer", "a write"])
def test_a_full_disk_is_an_error_and_the_file_is_closed(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: lost.append(unraisable.exc_value))
    with pytest.raises(OSError, match="No space left on device"):
        write_array(Path("/dev/full"), np.arange(rows, dtype=np.int64))
    writer = ColumnWriter(Path("/dev/full"), np.int64)
    with pytest.raises(OSError, match="No space left on device"), writer:
        writer.append(np.arange(rows, dtype=np.int64))
    writer.close()
    del writer
    gc.collect()
    assert lost == []
