"""Share the tables that graphs keep in files beside them: one mapping of a file for all graphs of the process.

ONNX Runtime maps such a file once for each graph. The embedder and the reader have one table of word vectors in common,
and pages that both have touched would count twice.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

# Element types of ONNX (onnx.proto, TensorProto.DataType) that NumPy has, too.
_TYPES = {1: "<f4", 2: "u1", 3: "i1", 10: "<f2"}
# Numbers of fields in onnx.proto.
_MODEL_GRAPH, _GRAPH_INITIALIZER = 7, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_EXTERNAL = 1, 2, 8, 13
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
# Wire types of protocol buffers.
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5

_shared: WeakValueDictionary[tuple[Any, ...], Any] = WeakValueDictionary()
_sharing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Table:
    """A tensor that a graph keeps in another file: its name, its NumPy type, its shape and where it stands."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    location: str
    offset: int


def tables_of(graph: Path) -> list[Table]:
    """List the tensors that the graph keeps in other files, and that can be mapped from there."""
    found = []
    with graph.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for number, start, end in _fields(content, 0, len(content)):
            if number == _MODEL_GRAPH:
                found += [_table(content, *tensor) for field, *tensor in _fields(content, start, end)
                          if field == _GRAPH_INITIALIZER]
    return [table for table in found if table is not None]


def shared_table(graph: Path, table: Table) -> Any:
    """Return the table as an OrtValue over a mapping of its file, the same for every graph that has it.

    Raises OSError or ValueError if the file is missing or too short.
    """
    # Imported here so that importing this module does not load ONNX Runtime.
    from onnxruntime import OrtValue

    path = graph.with_name(table.location)
    status = path.stat()
    key = (status.st_dev, status.st_ino, status.st_size, table.offset, table.dtype, table.shape)
    with _sharing:
        value = _shared.get(key)
        if value is None:
            value = _shared[key] = OrtValue.ortvalue_from_numpy(
                np.memmap(path, table.dtype, "r", table.offset, table.shape))
    return value


def _table(content: mmap.mmap, start: int, end: int) -> Table | None:
    name, kind, shape, entries = "", 0, [], {}
    for number, first, last in _fields(content, start, end):
        if number == _TENSOR_NAME:
            name = content[first:last].decode()
        elif number == _TENSOR_TYPE:
            kind = _varint(content, first)[0]
        elif number == _TENSOR_DIMS:
            while first < last:
                size, first = _varint(content, first)
                shape.append(size)
        elif number == _TENSOR_EXTERNAL:
            entry = {field: content[key:value].decode() for field, key, value in _fields(content, first, last)}
            entries[entry[_ENTRY_KEY]] = entry[_ENTRY_VALUE]
    offset = int(entries.get("offset", 0))
    if kind not in _TYPES or "location" not in entries or offset % mmap.ALLOCATIONGRANULARITY:
        return None
    return Table(name, _TYPES[kind], tuple(shape), entries["location"], offset)


def _fields(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each field of a message, and where its value begins and ends.

    The format: https://protobuf.dev/programming-guides/encoding/
    """
    while start < end:
        tag, first = _varint(content, start)
        wire = tag & 7
        if wire == _BYTES:
            length, first = _varint(content, first)
            start = first + length
        elif wire == _VARINT:
            start = _varint(content, first)[1]
        elif wire in (_FIXED_64, _FIXED_32):
            start = first + (8 if wire == _FIXED_64 else 4)
        else:
            raise ValueError(f"wire type {wire} at byte {start} is none of protocol buffers")
        yield tag >> 3, first, start


def _varint(content: mmap.mmap, start: int) -> tuple[int, int]:
    """Return the number that is written at `start`, and where the next value begins."""
    number = shift = 0
    while True:
        byte = content[start]
        number |= (byte & 127) << shift
        start, shift = start + 1, shift + 7
        if byte < 128:
            return number, start
