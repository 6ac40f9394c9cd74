"""Puts trained checkpoints into the program: python -m training.ship reader var/training/reader-annealed --note "…"

How their matrices differ from the default model's is taken apart into adapters of the rank that is wanted, by singular
values (Eckart and Young, 1936); these become int8 with one scale a row, heads stay float32.
`index/model/trained/trained.json` gets the file's SHA-256, the number of examples and the note, which says what it was
trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from index.model.adapters import changes, read_trained
from training.encoder import CHANGES

TRAINED = Path(__file__).resolve().parents[1] / "index" / "model" / "trained"
MANIFEST = TRAINED / "trained.json"
WEIGHT = ".weight"
RANK = 160
# Singular values below this share of the largest one are left out: float16 and int8 have made them.
LEAST_VALUE = 0.002
# The head of sentences, which is there for its losses alone (`training/reader.py`).
UNUSED = "sentence."

Matrices = dict[str, NDArray[np.float32]]


def main() -> None:
    """Write `index/model/trained/KIND.safetensors` and its entry in the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=("reader", "embedder"))
    parser.add_argument("checkpoint", type=Path, nargs="+", help="of several that went on from the same weights, the "
                        "mean is taken")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the changes to take (default all of it)")
    parser.add_argument("--kept", type=float, default=0.0, help="how much of what the program has to keep, where the "
                        "checkpoint began with it: the mean of the weights (default nothing)")
    parser.add_argument("--rank", type=int, default=RANK, help="the highest rank of an adapter (default %(default)s)")
    parser.add_argument("--note", required=True, help="what it was trained on")
    options = parser.parse_args()

    name = f"{options.kind}.safetensors"
    shipped = read_trained(name) if options.kept else {}
    share = options.share * (1 - options.kept) / len(options.checkpoint)
    parts = [(share, changes_of(checkpoint)) for checkpoint in options.checkpoint]
    parts += [(options.kept, changes(shipped))] if options.kept else []
    heads = [((1 - options.kept) / len(options.checkpoint), _heads(checkpoint)) for checkpoint in options.checkpoint]
    heads += [(options.kept, {name: tensor for name, tensor in shipped.items() if name in heads[0][1]})] \
        if options.kept else []
    examples = [json.loads((checkpoint / "progress.json").read_text())["examples"] for checkpoint in options.checkpoint]
    write_trained(name, adapters_in_bytes(_mean(parts), options.rank) | _mean(heads), max(examples), options.note)


def changes_of(checkpoint: Path) -> Matrices:
    """Return how the matrices of a checkpoint differ from the default model's."""
    return {name: matrix.astype(np.float32) for name, matrix in load_file(checkpoint / CHANGES).items()}


def adapters_in_bytes(changed: Mapping[str, NDArray[np.float32]], rank: int) -> dict[str, NDArray[Any]]:
    """Return the closest adapters of at most this rank as the program reads them (`index/model/adapters.py`)."""
    tensors: dict[str, NDArray[Any]] = {}
    for name, matrix in changed.items():
        left, values, right = np.linalg.svd(matrix, full_matrices=False)
        kept = min(rank, int((values > LEAST_VALUE * values[0]).sum()))
        for kind, part in (("lora_a", values[:kept, None] * right[:kept]), ("lora_b", left[:, :kept])):
            own = f"{name.removesuffix(WEIGHT)}.{kind}"
            tensors[own], tensors[f"{own}_scale"] = _in_bytes(part)
    return tensors


def _heads(checkpoint: Path) -> dict[str, NDArray[Any]]:
    heads = checkpoint / "heads.safetensors"
    return {name: tensor for name, tensor in (load_file(heads) if heads.exists() else {}).items()
            if not name.startswith(UNUSED)}


def write_trained(name: str, tensors: Mapping[str, NDArray[Any]], examples: int, note: str) -> None:
    """Write the file `name` among the trained weights, and its entry in their manifest."""
    content = save(dict(sorted(tensors.items())))
    (TRAINED / name).write_bytes(content)
    manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    manifest[name] = {"sha256": hashlib.sha256(content).hexdigest(), "examples": examples, "trained_on": note}
    MANIFEST.write_text(json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False) + "\n")
    print(f"{name}: {len(content) / 1e6:.1f} MB")


def _mean(parts: Sequence[tuple[float, Mapping[str, NDArray[Any]]]]) -> Matrices:
    """Return the sum of tensors of one shape, each with its share."""
    return {name: np.asarray(sum(share * tensors[name] for share, tensors in parts), np.float32)
            for name in parts[0][1]}


def _in_bytes(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The matrix with one scale a row: int8 of its shape, and float32 of shape (rows, 1)."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)


if __name__ == "__main__":
    main()
