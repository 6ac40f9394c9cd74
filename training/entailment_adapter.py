"""Trains an encoder for entailment: python -m training.entailment_adapter --minutes 55, after training.entailment_pairs

It begins with the reader's adapters (`--reader`, the checkpoint that was shipped) and changes them in the upper layers;
a linear head over the first token's state tells whether a text entails a claim. The loss is the cross-entropy. The rate
rises to its height and is lowered to nothing within the minutes named. A checkpoint is saved every few minutes, and a
new run goes on from it. Groups that are held out are those of `training.entailment`; the report gives the AUROC of
each kind of pair that is not entailed against those of its set that are. Needs the extra `training`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from training.encoder import encoder_with_adapters, save_adapters
from training.entailment import is_held_out, report_of

SEED, RANK = 11, 48
RATE, WARM_UP, BATCH, STRETCH = 3e-4, 100, 16, 64 * 16
MAX_CLAIM, MAX_PAIR = 64, 192
# Layers below stay as the reader has them.
FIRST_LAYER = 3
SAVE_EVERY_S = 240
START, END, PAD = 0, 2, 1
# The share of the pairs of each kind that is used, by which an epoch is mixed; the others are used whole.
SHARES = {"fa_farstail_nli": 0.75, "id_indonli": 0.65, "title of another": 0.5, "title order": 0.3, "title name": 0.5,
          "title word": 0.8, "question": 0.5, "sentence": 0.6, "sentence name": 0.3, "sentence order": 0.6,
          "sentence value": 0.4, "sentence elsewhere": 0.6}


class Tokens(NamedTuple):
    """A pair in tokens."""

    ids: list[int]
    entailed: bool


class Entailer(torch.nn.Module):
    """Encoder and head; gives the logit of entailment, (batch,)."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.entailment = torch.nn.Linear(384, 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: torch.Tensor = self.entailment(hidden[:, 0]).float()[:, 0]
        return logits


def main() -> None:
    """Train for so many minutes, then report what is held out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=Path, default=Path("var/training/entailment-pairs.jsonl"))
    parser.add_argument("--reader", type=Path, required=True, help="the checkpoint of the shipped reader")
    parser.add_argument("--checkpoint", type=Path, default=Path("var/training/entailment"))
    parser.add_argument("--minutes", type=float, default=55)
    parser.add_argument("--judge", type=int, default=0, help="only report, on so many pairs that are held out")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    checkpoint: Path = options.checkpoint
    if not (checkpoint / "adapter_config.json").exists():
        shutil.copytree(options.reader, checkpoint, dirs_exist_ok=True)
        (checkpoint / "heads.safetensors").unlink()
        (checkpoint / "progress.json").unlink()
    encoder, tokenizer = encoder_with_adapters(checkpoint, RANK)
    model = Entailer(encoder)
    heads = checkpoint / "heads.safetensors"
    done = 0
    if heads.exists():
        model.load_state_dict(load_file(heads), strict=False)
        done = json.loads((checkpoint / "progress.json").read_text())["examples"]
    with options.pairs.open(encoding="utf-8") as lines:
        pairs = list(map(json.loads, lines))
    if not options.judge:
        _train(model, [each for each in pairs if not is_held_out(each["group"])], done, tokenizer, options)
    held = [each for each in pairs if is_held_out(each["group"])][:options.judge or 2000]
    print(json.dumps(report_of(held, torch.tensor(list(scores_of(model, held, tokenizer))).numpy()), indent=1))


def _train(model: Entailer, pairs: Sequence[dict[str, Any]], done: int, tokenizer: Any, options: argparse.Namespace
           ) -> None:
    trained = []
    for name, parameter in model.named_parameters():
        layer = int(name.partition(".layer.")[2].partition(".")[0] or -1) if ".layer." in name else -1
        parameter.requires_grad = name.startswith("entailment.") or ("lora_" in name and layer >= FIRST_LAYER)
        if parameter.requires_grad:
            trained.append(parameter)
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    model.train()
    began = saved = time.monotonic()
    losses: list[float] = []
    for number, batch in enumerate(_batches(pairs, done, tokenizer), start=1):
        spent = (time.monotonic() - began) / (60 * options.minutes)
        if spent >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, number / WARM_UP) * max(0.02, 1 - spent)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(*_padded(batch))
        loss = functional.binary_cross_entropy_with_logits(
            logits, torch.tensor([float(each.entailed) for each in batch]))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        done += len(batch)
        losses.append(loss.item())
        if len(losses) == 50:
            print(f"{done} pairs: {sum(losses) / len(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True)
            losses = []
        if time.monotonic() - saved > SAVE_EVERY_S:
            saved = time.monotonic()
            _save(model, done, options.checkpoint)
    _save(model, done, options.checkpoint)


def _save(model: Entailer, done: int, checkpoint: Path) -> None:
    save_adapters(model.encoder, checkpoint)
    save_file({name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.")},
              checkpoint / "heads.safetensors")
    (checkpoint / "progress.json").write_text(json.dumps({"examples": done}) + "\n")


def _batches(pairs: Sequence[dict[str, Any]], done: int, tokenizer: Any) -> Iterator[list[Tokens]]:
    """Yield batches of similar lengths, epoch after epoch, from the pair at which `done` says to go on."""
    epoch = seen = 0
    while True:
        draw = random.Random(f"{SEED}-{epoch}")
        chosen = [each for each in pairs if draw.random() < SHARES.get(each["kind"], 1.0)]
        draw.shuffle(chosen)
        for first in range(0, len(chosen), STRETCH):
            stretch = chosen[first:first + STRETCH]
            seen += len(stretch)
            if seen <= done:
                continue
            made = sorted((_tokens(each, tokenizer) for each in stretch), key=lambda each: len(each.ids))
            batches = [made[place:place + BATCH] for place in range(0, len(made), BATCH)]
            draw.shuffle(batches)
            yield from batches
        epoch += 1


def _tokens(pair: dict[str, Any], tokenizer: Any) -> Tokens:
    claim = tokenizer(pair["claim"], add_special_tokens=False)["input_ids"][:MAX_CLAIM]
    text = tokenizer(pair["text"], add_special_tokens=False)["input_ids"][:MAX_PAIR - len(claim) - 4]
    return Tokens([START, *claim, END, END, *text, END], pair["entailed"])


def _padded(batch: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(each.ids) for each in batch)
    ids = torch.tensor([each.ids + [PAD] * (longest - len(each.ids)) for each in batch])
    return ids, (ids != PAD).long()


def scores_of(model: Entailer, pairs: Sequence[dict[str, Any]], tokenizer: Any) -> Iterator[float]:
    model.eval()
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for pair in pairs:
            yield float(model(*_padded([_tokens(pair, tokenizer)]))[0])


if __name__ == "__main__":
    main()
