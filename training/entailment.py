"""Trains the entailment model of the check of texts: python -m training.entailment, after training.entailment_pairs

It is the reader's encoder, up to its tenth layer of twelve, trained further, and a head
(`training/entailment_head.py`), which begins on the states of the reader as it is. The loss is the cross-entropy, each
kind of pair weighing what `WEIGHTS` says, and that of pairs: a claim must be more entailed than its changed versions by
the same text; these are kept in one batch. The learning rate is lowered to nothing within `--minutes`. A tenth of the
groups (an article, or a text of a set) is held out: `--judge` prints the AUROC of each kind of pair that is not
entailed against those of its set that are. Training goes on from `--checkpoint` where there is one, with `--shipped`
else from the weights that the program has, and keeps the checkpoint that told the changed claims best beside it.
`--write` puts the checkpoint into `index/model/trained/`. Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from index.model.adapters import ENTAILMENT, READER, read_trained
from index.model.compiled import SENTENCEPIECE
from index.model.default import DEFAULT_MODEL, compiled_folder
from index.model.entailment import HEAD, STATES_LAYER, pair_input
from index.model.pieces import sentencepiece_processor
from qa.evaluation.metrics import auroc
from training.encoder import encoder_to_train, in_fastest_dtype, save_changes
from training.entailment_head import Head, features_of, fitted
from training.ship import MANIFEST, adapters_in_bytes, changes_of, write_trained

SEED = 7
# The rank of the adapters that ship: at 96 a fifth of what was learned beyond the reader would be lost.
RANK = 192
RATE, HEAD_RATE, WARM_UP, BATCH = 6e-5, 5e-4, 80, 16
PAIR_WEIGHT = 1.0
HELD_OUT_OF = 10
# The lowest layers stay as the reader has them.
FIRST_TRAINED_LAYER = 2
# The pairs that the head begins on.
BEGUN_ON = 12000
JUDGED_EVERY_S, SAVED_EVERY_S = 600, 200
STRETCH = 48 * BATCH   # pairs that are sorted by length together
# Changes that rules find by themselves, and questions, which are no claims, weigh less.
WEIGHTS = {"title word": 0.5, "title name": 0.5, "title negation": 0.5, "title order": 0.3, "question": 0.5,
           "claim elsewhere": 0.7}
# Of the pairs of a claim and other sentences of its article, this share an epoch.
ELSEWHERE = 0.4
# Numbers of `beside` that a claim has.
VIEWS = 4
# Of each set, how many pairs an epoch; of "claim", all.
SHARES = {"title": 1800, "question": 900, "fa_farstail_nli": 1500, "id_indonli": 2500}


class Features(NamedTuple):
    """A pair in tokens, with the places of claim and text."""

    ids: list[int]
    claim: slice
    text: slice
    pair: dict[str, Any]


class EntailmentModel(torch.nn.Module):
    """Encoder and head; gives the logits of pairs, (batch,)."""

    def __init__(self, encoder: Any, head: Head) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def features(self, batch: Sequence[Features]) -> torch.Tensor:
        """Return what the head learns from, (batch, features)."""
        longest = max(len(each.ids) for each in batch)
        ids = torch.tensor([each.ids + [1] * (longest - len(each.ids)) for each in batch])
        mask = torch.tensor([[1] * len(each.ids) + [0] * (longest - len(each.ids)) for each in batch])
        with in_fastest_dtype():
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        rows = [features_of(own, each.claim, each.text) for own, each in zip(states.float(), batch, strict=True)]
        return torch.stack(rows)

    def forward(self, batch: Sequence[Features]) -> torch.Tensor:
        return self.head(self.features(batch))  # type: ignore[no-any-return]


def main() -> None:
    """Train for so many minutes, judge, or ship."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=Path, default=Path("var/training/entailment-pairs.jsonl"))
    parser.add_argument("--checkpoint", type=Path, default=Path("var/training/entailment"))
    parser.add_argument("--shipped", action="store_true", help="begin with the weights that the program has")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--judge", action="store_true")
    parser.add_argument("--write", metavar="NOTE", help="put the checkpoint into the program; what it was trained on")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    with options.pairs.open(encoding="utf-8") as lines:
        pairs = list(map(json.loads, lines))
    processor = sentencepiece_processor(compiled_folder(DEFAULT_MODEL) / SENTENCEPIECE)
    held_out = [pair for pair in pairs if is_held_out(pair["group"])]
    model, done = _load(options.checkpoint, pairs, processor, shipped=options.shipped)
    if options.judge:
        print(json.dumps({**done, **judged(model, held_out, processor)}, indent=1))
    elif options.write:
        write_trained(ENTAILMENT, adapters_in_bytes(changes_of(options.checkpoint), RANK) | {
            f"{HEAD}{name}": tensor for name, tensor in model.head.tensors().items()}, done["examples"], options.write)
    else:
        _train(model, done, [pair for pair in pairs if not is_held_out(pair["group"])], held_out, processor, options)


def is_held_out(group: str) -> bool:
    """Tell whether the pairs of a group are kept from training."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % HELD_OUT_OF == 0


def _load(checkpoint: Path, pairs: Sequence[dict[str, Any]], processor: Any, *, shipped: bool
          ) -> tuple[EntailmentModel, Counter[str]]:
    encoder, _ = encoder_to_train(checkpoint, ENTAILMENT if shipped else READER, first_layer=FIRST_TRAINED_LAYER)
    encoder.encoder.layer = encoder.encoder.layer[:STATES_LAYER]
    if (checkpoint / "progress.json").exists():
        weights = load_file(checkpoint / "heads.safetensors")
        head = Head.empty(len(weights["mean"]))
        head.load_state_dict(weights)
        return EntailmentModel(encoder, head), Counter(json.loads((checkpoint / "progress.json").read_text()))
    if shipped:
        return EntailmentModel(encoder, Head.of(read_trained(ENTAILMENT))), Counter({
            "examples": json.loads(MANIFEST.read_text())[ENTAILMENT]["examples"]})
    model = EntailmentModel(encoder, Head.empty(5 * encoder.config.hidden_size + 3))
    chosen = [pair for pair in _drawn(pairs, "begun") if not is_held_out(pair["group"])][:BEGUN_ON]
    made = _by_length(chosen, processor)
    with torch.inference_mode():
        features = torch.cat([model.features(made[first:first + BATCH]) for first in range(0, len(made), BATCH)])
    model.head = fitted(features, *_wanted(made))
    return model, Counter()


def _wanted(batch: Sequence[Features]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return whether each pair is entailed, 0 or 1, and its weight."""
    return (torch.tensor([float(each.pair["entailed"]) for each in batch]),
            torch.tensor([WEIGHTS.get(each.pair["kind"], 1.0) for each in batch]))


def _save(model: EntailmentModel, done: Counter[str], checkpoint: Path) -> None:
    save_changes(model.encoder, checkpoint)
    save_file(model.head.state_dict(), checkpoint / "heads.safetensors")
    (checkpoint / "progress.json").write_text(json.dumps(done) + "\n")


def _train(model: EntailmentModel, done: Counter[str], pairs: Sequence[dict[str, Any]],
           held_out: Sequence[dict[str, Any]], processor: Any, options: argparse.Namespace) -> None:
    matrices = [each for each in model.encoder.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW([{"params": matrices, "most": RATE},
                                   {"params": list(model.head.parameters()), "most": HEAD_RATE}], weight_decay=0.0)
    state = options.checkpoint / "optimizer.pt"
    if state.exists():
        optimizer.load_state_dict(torch.load(state, weights_only=True))
    checked = [pair for pair in held_out if pair["kind"].startswith("claim") and (pair["beside"] or 0) % 2 == 0]
    print(json.dumps(judged(model, checked, processor)), flush=True)
    began = saved = judged_at = time.monotonic()
    best, losses = 0.0, []
    model.train()
    for number, batch in enumerate(_batches(pairs, processor, done), start=1):
        spent = (time.monotonic() - began) / (60 * options.minutes)
        if spent >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * min(1.0, number / WARM_UP) * max(0.02, 1 - spent)
        single, apart = _losses(model, batch)
        (single + PAIR_WEIGHT * apart).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(matrices, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        done["examples"] += len(batch)
        losses.append((single.item(), apart.item()))
        if len(losses) == 50:
            print(f"{done['examples']} pairs, epoch {done['epoch']}: {np.mean(losses, axis=0).round(3).tolist()}, "
                  f"{time.monotonic() - began:.0f} s", flush=True)
            losses = []
        if time.monotonic() - judged_at > JUDGED_EVERY_S:
            found = judged(model, checked, processor)
            print(json.dumps(found), flush=True)
            if found["mean"] > best:
                best = found["mean"]
                _save(model, done, options.checkpoint.with_name(f"{options.checkpoint.name}-best"))
            judged_at = time.monotonic()
        if time.monotonic() - saved > SAVED_EVERY_S:
            saved = time.monotonic()
            _save(model, done, options.checkpoint)
            torch.save(optimizer.state_dict(), state)
    _save(model, done, options.checkpoint)
    torch.save(optimizer.state_dict(), state)
    print(json.dumps(judged(model, checked, processor)), flush=True)


def _losses(model: EntailmentModel, batch: Sequence[Features]) -> tuple[torch.Tensor, torch.Tensor]:
    """The cross-entropy, and the loss of pairs of a claim and its changed versions."""
    logits = model(batch)
    entailed, weights = _wanted(batch)
    single = functional.binary_cross_entropy_with_logits(logits, entailed, weight=weights)
    apart = [logits[row] - logits[other] for row, each in enumerate(batch) for other, twin in enumerate(batch)
             if each.pair["beside"] is not None and each.pair["beside"] == twin.pair["beside"]
             and each.pair["entailed"] and not twin.pair["entailed"]]
    return single, functional.softplus(-torch.stack(apart)).sum() / len(batch) if apart else torch.zeros(())


def _drawn(pairs: Sequence[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    """Return the pairs of an epoch in random order, those of one claim and text side by side."""
    draw = random.Random(f"{SEED}-{seed}")
    sets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pair in pairs:
        sets[pair["kind"].split()[0]].append(pair)
    chosen = [pair for name, own in sets.items()
              for pair in draw.sample(own, min(len(own), SHARES.get(name, len(own))))]
    together: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for number, pair in enumerate(chosen):
        together[(number,) if pair["beside"] is None else pair["beside"]].append(pair)
    bundles = [bundle for name, bundle in together.items() if isinstance(name, tuple)
               and (bundle[0]["kind"] != "claim elsewhere" or draw.random() < ELSEWHERE)]
    claims: dict[int, list[list[dict[str, Any]]]] = defaultdict(list)
    for name, bundle in together.items():
        if not isinstance(name, tuple):
            claims[name // VIEWS].append(bundle)
    bundles += [draw.choice(views) for views in claims.values()]   # its evidence alone, or with neighbours
    draw.shuffle(bundles)
    return [pair for bundle in bundles for pair in bundle]


def _batches(pairs: Sequence[dict[str, Any]], processor: Any, done: Counter[str]) -> Iterator[list[Features]]:
    """Batches of similar lengths, epoch after epoch, from the stretch at which `done` says to go on."""
    while True:
        epoch = _drawn(pairs, str(done["epoch"]))
        for first in range(done["stretch"] * STRETCH, len(epoch), STRETCH):
            made = _by_length(epoch[first:first + STRETCH], processor)
            batches = [made[place:place + BATCH] for place in range(0, len(made), BATCH)]
            random.Random(first).shuffle(batches)
            yield from batches
            done["stretch"] += 1
        done["epoch"] += 1
        done["stretch"] = 0


def _by_length(pairs: Sequence[dict[str, Any]], processor: Any) -> list[Features]:
    """Return the pairs in tokens, sorted by length, those of one claim and text side by side."""
    made = [Features(*pair_input(processor, pair["claim"], pair["text"]), pair) for pair in pairs]
    longest: Counter[int] = Counter()
    for each in made:
        longest[each.pair["beside"]] = max(longest[each.pair["beside"]], len(each.ids))
    return sorted(made, key=lambda each: (len(each.ids), -1) if each.pair["beside"] is None
                  else (longest[each.pair["beside"]], each.pair["beside"]))


def judged(model: EntailmentModel, pairs: Sequence[dict[str, Any]], processor: Any) -> dict[str, float]:
    """Return the AUROC of each kind of pair that is not entailed, against the entailed ones of its set.

    `mean` is that of the kinds of changed claims, and `told` the share of claims that are more entailed than their
    changed version by the same text.
    """
    model.eval()
    made = _by_length(pairs, processor)
    with torch.inference_mode():
        scores = [score for first in range(0, len(made), 2 * BATCH)
                  for score in model(made[first:first + 2 * BATCH]).tolist()]
    model.train()
    return _report([each.pair for each in made], scores)


def _report(pairs: Sequence[dict[str, Any]], scores: Sequence[float]) -> dict[str, float]:
    of_kind: dict[str, list[float]] = defaultdict(list)
    bundles: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for pair, score in zip(pairs, scores, strict=True):
        of_kind[pair["kind"].split()[0] if pair["entailed"] else f"not {pair['kind']}"].append(score)
        if pair["beside"] is not None:
            bundles[pair["beside"]].append((pair["entailed"], score))
    found = {kind.removeprefix("not "): round(auroc(of_kind[kind.split()[1]], own), 3)
             for kind, own in sorted(of_kind.items()) if kind.startswith("not ")}
    told = [score > other for bundle in bundles.values() for entailed, score in bundle if entailed
            for changed, other in bundle if not changed]
    changed = [value for kind, value in found.items() if kind.startswith("claim ") and kind != "claim elsewhere"]
    return found | {"mean": round(float(np.mean(changed)), 4), "told": round(float(np.mean(told)), 4)}


if __name__ == "__main__":
    main()
