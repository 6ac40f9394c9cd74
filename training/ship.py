"""Puts a trained checkpoint into the program: python -m training.ship reader var/training/reader-annealed --note "…"

Adapters become int8 with one scale a row, heads stay float32; `index/model/trained/trained.json` gets the file's
SHA-256, the number of examples and the note, which says what it was trained on.
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

from index.model.adapters import read_trained

TRAINED = Path(__file__).resolve().parents[1] / "index" / "model" / "trained"
MANIFEST = TRAINED / "trained.json"
PREFIX = "base_model.model."
# The head of sentences, which is there for its losses alone (`training/reader.py`).
UNUSED = "sentence."


def main() -> None:
    """Write `index/model/trained/KIND.safetensors` and its entry in the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=("reader", "embedder"))
    parser.add_argument("checkpoint", type=Path, nargs="+", help="of several that went on from the same weights, the "
                        "mean is taken")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the adapters to take (default all of it)")
    parser.add_argument("--kept", type=float, default=0.0, help="how much of what the program has to keep, where the "
                        "checkpoint began with it: the mean of the weights (default nothing)")
    parser.add_argument("--note", required=True, help="what it was trained on")
    options = parser.parse_args()

    name = f"{options.kind}.safetensors"
    parts = [((1 - options.kept) / len(options.checkpoint), _weights(checkpoint, options.share))
             for checkpoint in options.checkpoint]
    if options.kept:
        parts.append((options.kept, read_trained(name)))
    examples = [json.loads((checkpoint / "progress.json").read_text())["examples"] for checkpoint in options.checkpoint]
    write_trained(name, _mean(parts), max(examples), options.note)


def _weights(checkpoint: Path, share: float) -> dict[str, NDArray[Any]]:
    heads = checkpoint / "heads.safetensors"
    return adapters_in_bytes(checkpoint, share) | {
        name: tensor for name, tensor in (load_file(heads) if heads.exists() else {}).items()
        if not name.startswith(UNUSED)}


def adapters_in_bytes(checkpoint: Path, share: float = 1.0) -> dict[str, NDArray[Any]]:
    """Return this share of a checkpoint's adapters as the program reads them (`index/model/adapters.py`)."""
    config = json.loads((checkpoint / "adapter_config.json").read_text())
    scale = share * config["lora_alpha"] / config["r"]
    tensors: dict[str, NDArray[Any]] = {}
    for name, tensor in load_file(checkpoint / "adapter_model.safetensors").items():
        kind = "lora_a" if ".lora_A." in name else "lora_b"
        own = f"{name.removeprefix(PREFIX).partition('.lora_')[0]}.{kind}"
        tensors[own], tensors[f"{own}_scale"] = _in_bytes(
            tensor.astype(np.float32) * (scale if kind == "lora_b" else 1))
    return tensors


def write_trained(name: str, tensors: Mapping[str, NDArray[Any]], examples: int, note: str) -> None:
    """Write the file `name` among the trained weights, and its entry in their manifest."""
    content = save(dict(sorted(tensors.items())))
    (TRAINED / name).write_bytes(content)
    manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    manifest[name] = {"sha256": hashlib.sha256(content).hexdigest(), "examples": examples, "trained_on": note}
    MANIFEST.write_text(json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False) + "\n")
    print(f"{name}: {len(content) / 1e6:.1f} MB")


def _mean(parts: Sequence[tuple[float, Mapping[str, NDArray[Any]]]]) -> dict[str, NDArray[Any]]:
    """Return the mean of weights of one shape, each with its share."""
    if len(parts) == 1:
        return dict(parts[0][1])
    found: dict[str, NDArray[Any]] = {}
    for name in parts[0][1]:
        if f"{name}_scale" in parts[0][1]:
            whole = sum((share * weights[name].astype(np.float32) * weights[f"{name}_scale"]
                         for share, weights in parts), start=np.float32(0))
            found[name], found[f"{name}_scale"] = _in_bytes(np.asarray(whole))
        elif not name.endswith("_scale"):
            found[name] = np.asarray(sum(share * weights[name] for share, weights in parts), np.float32)
    return found


def _in_bytes(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The matrix with one scale a row: int8 of its shape, and float32 of shape (rows, 1)."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)


if __name__ == "__main__":
    main()
