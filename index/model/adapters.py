"""Read the trained weights in `index/model/trained/`, and add low-rank adapters to the default model's weights.

An adapter (Hu et al., "LoRA", 2021, arXiv:2106.09685) changes a matrix W of shape (out, in) to W + B A, with A of shape
(rank, in) and B of shape (out, rank). A and B are stored as int8 with one float32 scale a row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

EMBEDDER = "embedder.safetensors"
READER = "reader.safetensors"
ENTAILMENT = "entailment.safetensors"
# Names the files beside it, each with its SHA-256 and what it was trained on.
MANIFEST = "trained.json"

Tensors = dict[str, NDArray[Any]]


def trained_sha256(name: str) -> str:
    """Return the SHA-256 that the manifest gives for the file `name`, in hexadecimal."""
    sha256: str = json.loads((files("index.model.trained") / MANIFEST).read_text(encoding="utf-8"))[name]["sha256"]
    return sha256


def read_trained(name: str) -> Tensors:
    """Read the tensors of the file `name`; raise ModelError if it is missing or its SHA-256 is not the manifest's."""
    from safetensors.numpy import load

    source = files("index.model.trained") / name
    try:
        content = source.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"{source} is missing; install the program again") from error
    found = hashlib.sha256(content).hexdigest()
    if found != trained_sha256(name):
        raise ModelError(f"{source} is damaged: its SHA-256 is {found}, its manifest says {trained_sha256(name)}; "
                         "install the program again")
    tensors: Tensors = load(content)
    return tensors


def with_adapters(weights: Mapping[str, NDArray[np.float32]], trained: Tensors) -> dict[str, NDArray[np.float32]]:
    """Return the weights, by their names in a Hugging Face BertModel, with every adapter in `trained` added."""
    return {**weights, **{name: weights[name] + change for name, change in changes(trained).items()}}


def changes(trained: Tensors) -> dict[str, NDArray[np.float32]]:
    """Return what the adapters in `trained` add, by the names of the weights."""
    return {f"{name}.weight": _scaled(trained, f"{name}.lora_b") @ _scaled(trained, f"{name}.lora_a")
            for name in (name.removesuffix(".lora_a") for name in trained if name.endswith(".lora_a"))}


def _scaled(trained: Tensors, name: str) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = trained[name].astype(np.float32) * trained[f"{name}_scale"]
    return scaled
