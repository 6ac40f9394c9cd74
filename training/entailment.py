"""Trains the entailment head: python -m training.entailment, after training.entailment_pairs

The encoder is the shipped reader's, compiled, and stays as it is: each pair is read once, and what the head learns
from (`index.model.entailment.pair_features`) is kept in `--cache`. The head is a perceptron with one hidden layer,
trained with AdamW on the cross-entropy, each kind of pair weighing what `WEIGHTS` says. A tenth of the groups (an
article, or a text of a set) is held out: the report gives the AUROC of each kind of pair that is not entailed against
those of its set that are. With `--write`, the head goes to `index/model/trained/`. Needs the extra `training`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from torch.nn import functional

from index.model.adapters import ENTAILMENT, READER, trained_sha256
from index.model.entailment import pair_features
from index.model.load_reader import load_reader
from qa.evaluation.metrics import auroc
from training.ship import MANIFEST, TRAINED

SEED = 7
UNITS, RATE, DECAY, BATCH, EPOCHS, DROPPED = 64, 5e-4, 0.05, 128, 8, 0.3
HELD_OUT_OF = 10
# Changes that rules find by themselves, and questions, which are no claims, weigh less.
WEIGHTS = {"title": 1.5, "title word": 0.5, "title name": 0.5, "title negation": 0.5, "title order": 0.3,
           "question": 0.7}


def main() -> None:
    """Read the pairs, train, report, and write the head if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=Path, default=Path("var/training/entailment-pairs.jsonl"))
    parser.add_argument("--cache", type=Path, default=Path("var/training/entailment-features.npy"))
    parser.add_argument("--most", type=int, help="only so many pairs")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    with options.pairs.open(encoding="utf-8") as lines:
        pairs = list(map(json.loads, lines))[:options.most]
    features = _features(pairs, options.cache).astype(np.float32)
    held_out = np.array([int(hashlib.sha256(pair["group"].encode()).hexdigest(), 16) % HELD_OUT_OF == 0
                         for pair in pairs])
    entailed = np.array([pair["entailed"] for pair in pairs], np.float32)
    weights = np.array([WEIGHTS.get(pair["kind"], 1.0) for pair in pairs], np.float32)
    mean, deviation = features[~held_out].mean(axis=0), features[~held_out].std(axis=0)
    standard = torch.from_numpy((features - mean) / np.maximum(deviation, 1e-4))
    model = _trained(standard[~held_out], torch.from_numpy(entailed[~held_out]), torch.from_numpy(weights[~held_out]),
                     options.epochs)
    with torch.inference_mode():
        scores = model(standard[held_out])[:, 0].numpy()
    report = _report([pair for pair, held in zip(pairs, held_out, strict=True) if held], scores)
    print(json.dumps(report, indent=1))
    if options.write:
        _write(model, mean, deviation, len(pairs), report)


def _features(pairs: list[dict[str, Any]], cache: Path) -> NDArray[np.float16]:
    if cache.exists():
        found: NDArray[np.float16] = np.load(cache)
        if len(found) >= len(pairs):
            return found[:len(pairs)]
    reader: Any = load_reader()
    rows = [pair_features(reader.states(pair["claim"], pair["text"])).astype(np.float16) for pair in pairs]
    np.save(cache, np.array(rows))
    return np.array(rows)


def _trained(features: torch.Tensor, entailed: torch.Tensor, weights: torch.Tensor, epochs: int) -> torch.nn.Sequential:
    model = torch.nn.Sequential(torch.nn.Dropout(DROPPED), torch.nn.Linear(features.shape[1], UNITS), torch.nn.ReLU(),
                                torch.nn.Dropout(DROPPED), torch.nn.Linear(UNITS, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    steps = epochs * -(-len(features) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(features)), BATCH):
            optimizer.zero_grad()
            loss = functional.binary_cross_entropy_with_logits(model(features[batch])[:, 0], entailed[batch],
                                                               weight=weights[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return model.eval()


def _report(pairs: list[dict[str, Any]], scores: NDArray[np.float32]) -> dict[str, float]:
    """Return the AUROC of each kind of pair that is not entailed, against the entailed ones of its set."""
    sets = [pair["kind"].split()[0] for pair in pairs]
    found = {}
    for kind in sorted({pair["kind"] for pair in pairs if not pair["entailed"]}):
        own = [bool(name == kind.split()[0] and pair["entailed"]) for name, pair in zip(sets, pairs, strict=True)]
        others = [pair["kind"] == kind and not pair["entailed"] for pair in pairs]
        if any(own):
            found[kind] = round(auroc(scores[own].tolist(), scores[others].tolist()), 3)
    return found


def _write(model: torch.nn.Sequential, mean: NDArray[np.float32], deviation: NDArray[np.float32], count: int,
           report: dict[str, float]) -> None:
    first, second = (layer for layer in model if isinstance(layer, torch.nn.Linear))
    weight = first.weight.detach().numpy().T
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / 127
    tensors = {"mean": mean, "scale": 1 / np.maximum(deviation, 1e-4),
               "first": np.round(weight / scale).astype(np.int8), "first_scale": scale,
               "first_bias": first.bias.detach().numpy(),
               "second": second.weight.detach().numpy()[0], "second_bias": second.bias.detach().numpy()}
    content = save({name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())})
    (TRAINED / ENTAILMENT).write_bytes(content)
    manifest = json.loads(MANIFEST.read_text())
    manifest[ENTAILMENT] = {
        "sha256": hashlib.sha256(content).hexdigest(), "examples": count,
        "reader_sha256": trained_sha256(READER),
        "trained_on": f"{count:,} pairs of training/entailment_pairs.py: titles and beginnings of news, news "
                      f"questions, FarsTail, IndoNLI; AUROC on those held out: {report}"}
    MANIFEST.write_text(json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False) + "\n")
    print(f"{ENTAILMENT}: {len(content) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
