"""Write NumPy .npy files row by row without holding the array in memory, and read them without a copy."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray


class ColumnWriter:
    """Append rows to a .npy file; closing it writes the number of rows into the header.

    `row_shape` is the shape of one row: () for a column of numbers. Methods raise OSError when the disk is full.
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
        """Append rows: an array of shape (rows, *row_shape). Raises ValueError for rows of another shape."""
        if rows.shape[1:] != self._row_shape:
            raise ValueError(f"cannot append rows of shape {rows.shape[1:]} to a file of rows of shape "
                             f"{self._row_shape}")
        self._stream.write(np.ascontiguousarray(rows, self._dtype).data)
        self.rows += len(rows)

    def close(self) -> None:
        """Complete the file by writing the number of rows into its header."""
        if not self._stream.closed:
            with self._stream:
                self._stream.seek(0)
                self._write_header()

    def _write_header(self) -> None:
        # NumPy pads the header so that the length of the first axis can grow: the final header is as long as the
        # first one, and overwrites it.
        np.lib.format.write_array_header_1_0(self._stream, {
            "shape": (self.rows, *self._row_shape), "fortran_order": False,
            "descr": np.lib.format.dtype_to_descr(self._dtype)})


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array to a .npy file."""
    with ColumnWriter(path, array.dtype, array.shape[1:]) as column:
        column.append(array)


def array_bytes(array: NDArray[Any]) -> bytes:
    """Return the bytes of the .npy file of an array."""
    stream = BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def read_array(content: memoryview) -> Any:
    """Return the array of a .npy file as a view of `content`, without a copy.

    Raises ValueError for an array of Python objects, which would have to be unpickled.
    """
    stream = BytesIO(content[:4096])
    version = np.lib.format.read_magic(stream)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran_order, dtype = read_header(stream)
    if dtype.hasobject:
        raise ValueError("refused to read an array of Python objects, because that would unpickle them")
    flat = np.frombuffer(content, dtype, int(np.prod(shape)), stream.tell())
    return flat.reshape(shape, order="F" if fortran_order else "C")
