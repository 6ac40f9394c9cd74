"""Arrays on disk, in NumPy's .npy format: written row by row without holding them, read where they lie."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray


class ColumnWriter:
    """Appends rows to a .npy file, whose header says how many once it is closed.

    `row_shape` is that of one row: () for a column of numbers. Raises OSError when the disk is full.
    """

    def __init__(self, path: Path, dtype: DTypeLike, row_shape: tuple[int, ...] = ()) -> None:
        self._dtype = np.dtype(dtype)
        self._row_shape = row_shape
        self._stream = path.open("wb")
        self.rows = 0
        self._write_header()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.close()

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, shape (rows, *row_shape)."""
        if rows.shape[1:] != self._row_shape:
            raise ValueError(f"rows of shape {rows.shape[1:]} do not go into a file of rows of shape {self._row_shape}")
        self._stream.write(np.ascontiguousarray(rows, self._dtype).data)
        self.rows += len(rows)

    def close(self) -> None:
        """Say in the header how many rows there are; the file is then complete."""
        if not self._stream.closed:
            with self._stream:
                self._stream.seek(0)
                self._write_header()

    def _write_header(self) -> None:
        # NumPy leaves room in the header for a first axis of any length: the second is as long as the first.
        np.lib.format.write_array_header_1_0(self._stream, {
            "shape": (self.rows, *self._row_shape), "fortran_order": False,
            "descr": np.lib.format.dtype_to_descr(self._dtype)})


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array that is in memory."""
    with ColumnWriter(path, array.dtype, array.shape[1:]) as column:
        column.append(array)


def read_array(content: memoryview) -> Any:
    """The array of a .npy file, without a copy; never unpickles."""
    stream = BytesIO(content[:4096])
    version = np.lib.format.read_magic(stream)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran_order, dtype = read_header(stream)
    if dtype.hasobject:
        raise ValueError("an array of objects would have to be unpickled, which is refused")
    flat = np.frombuffer(content, dtype, int(np.prod(shape)), stream.tell())
    return flat.reshape(shape, order="F" if fortran_order else "C")
