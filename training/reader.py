"""Trains the reader: python -m training.reader --minutes 60, again and again; python -m training.reader --judge

The reader is the default model's encoder, of which the matrices of the upper layers are trained, a head for where the
answer starts and ends (Devlin et al., "BERT", 2018, as on SQuAD 2: the first token stands for none), and a head for
how likely the passage answers. A third one, for how likely each sentence in it does, by the mean over the sentence's
tokens, is there for its losses alone: the program has no use for it (docs/decisions/0022-reader.md), so it is not
shipped, and begun anew with `--shipped`. The embedding tables stay as they are, shared with the embedder.

Training goes on from `--checkpoint` where there is one: a folder with what the matrices have learned, the heads and
how far it came. Where there is none it begins anew, or, with `--shipped`, with the weights that the program has.
`--others 0.35` takes that share of what those weights have seen, so that an epoch is mostly of the news questions
written since (ids that begin with `--new`). `--mistaken` takes those judged questions alone that `training.mistaken`
found. `--alone` asks judged questions of sentences by themselves instead of passages. The optimizer's state lies
under `var/`, and is begun anew where it is missing. The learning rate is constant after its warm-up, so that no
number of steps has to be known beforehand; `--anneal` lowers it to nothing within the minutes named, into `--out`,
for weights that are to be used.

`--judge` prints, on what is held out (`training/reading_examples.py`): exact match and F1 of spans, the AUROC of the
relevance head over passages, and how many pairs of news questions it tells apart by their best passage. Needs the extra
`dev`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from index.language.sentences import split_sentences
from index.model.adapters import READER, read_trained
from qa.evaluation.evaluate import comparable
from qa.evaluation.metrics import auroc
from training.encoder import encoder_to_train, in_fastest_dtype, save_changes
from training.reading_examples import Example, ReadingSets, is_held_out
from training.ship import MANIFEST

SEED = 7
RATE, HEAD_RATE, WARM_UP = 1e-4, 4e-4, 100
SENTENCE_RATE = 5   # times `HEAD_RATE`, for the head of sentences
BATCH, MAX_TOKENS, MAX_QUESTION, MAX_TITLE, MAX_ANSWER = 16, 224, 48, 24, 60
LOSSES = ("span", "relevance", "pairs", "together", "sentences", "sentences together")
LOSS_WEIGHTS = (1.0, 0.7, 0.7, 1.0, 1.0, 0.5)
SAVE_EVERY_S = 240
STRETCH = 64 * BATCH   # examples that are sorted by length together
# The lowest layers stay as they are: a quarter less to compute.
FIRST_TRAINED_LAYER = 4
START, END = 0, 2   # the tokens <s> and </s>


class Features(NamedTuple):
    """One example in tokens; `firsts` and `lasts` are those of every span that answers, (0,) where nothing does.

    `places` are of the passage's tokens; `sentences` have each one's first token and the one behind its last, and
    whether it answers. `beside`, for each of `ids`, is what other evidence than the reader's counts for its sentence.
    """

    ids: list[int]
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    passage_at: int
    places: list[tuple[int, int]]
    pair: str
    sentences: list[tuple[int, int, bool]]
    beside: torch.Tensor


class Reader(torch.nn.Module):
    """Encoder and heads.

    Gives the logits of starts and ends, (batch, tokens) each, of relevance, (batch,), and, (batch, tokens), those whose
    mean over a sentence is the logit that it answers.
    """

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = torch.nn.Linear(384, 2)
        self.relevance = torch.nn.Linear(384, 1)
        self.sentence = torch.nn.Linear(384, 1)
        torch.nn.init.zeros_(self.sentence.weight)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        spans = self.span(hidden).float().masked_fill(mask[..., None] == 0, -1e4)
        return (spans[..., 0], spans[..., 1], self.relevance(hidden[:, 0]).float()[:, 0],
                self.sentence(hidden).float()[..., 0])


def main() -> None:
    """Train for so many minutes, or judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the reading sets")
    parser.add_argument("--news", type=Path, default=Path("var/training/news-candidates.jsonl"))
    parser.add_argument("--checkpoint", type=Path, default=Path("training/checkpoints/reader"))
    parser.add_argument("--shipped", action="store_true", help="begin with the weights that the program has")
    parser.add_argument("--new", default="", help="how the ids of news questions begin of which all are taken")
    parser.add_argument("--others", type=float, default=1.0, help="the share of all other questions (default all)")
    parser.add_argument("--alone", action="store_true", help="ask judged questions of sentences by themselves")
    parser.add_argument("--mistaken", type=Path, help="take those judged questions that `training.mistaken` wrote")
    parser.add_argument("--dropout", type=float, default=0.0, help="the share of states dropped (default none)")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--anneal", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("var/training/reader-annealed"))
    parser.add_argument("--judge", action="store_true")
    options = parser.parse_args()

    torch.manual_seed(SEED)
    sets = ReadingSets.read(options.data, options.news, options.mistaken)
    reader, tokenizer, done = _load(options.checkpoint, shipped=options.shipped, dropout=options.dropout)
    if options.judge:
        print(json.dumps({"checkpoint": done, **_judge(reader, tokenizer, sets)}, indent=1))
    else:
        _train(reader, done, tokenizer, sets, options)


def _load(checkpoint: Path, *, shipped: bool, dropout: float = 0.0) -> tuple[Reader, Any, Counter[str]]:
    encoder, tokenizer = encoder_to_train(checkpoint, READER if shipped else None, first_layer=FIRST_TRAINED_LAYER,
                                          dropout=dropout)
    reader = Reader(encoder)
    progress = checkpoint / "progress.json"
    if not progress.exists():
        if not shipped:
            return reader, tokenizer, Counter()
        reader.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in read_trained(READER).items()
                                if name.startswith(("span.", "relevance."))}, strict=False)
        return reader, tokenizer, Counter({"examples": json.loads(MANIFEST.read_text())[READER]["examples"]})
    reader.load_state_dict(load_file(checkpoint / "heads.safetensors"), strict=False)
    return reader, tokenizer, Counter(json.loads(progress.read_text()))


def _save(reader: Reader, done: Counter[str], checkpoint: Path) -> None:
    save_changes(reader.encoder, checkpoint)
    save_file({name: tensor for name, tensor in reader.state_dict().items() if not name.startswith("encoder.")},
              checkpoint / "heads.safetensors")
    (checkpoint / "progress.json").write_text(json.dumps(done) + "\n")


def _train(reader: Reader, done: Counter[str], tokenizer: Any, sets: ReadingSets, options: argparse.Namespace) -> None:
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    heads = [*reader.span.parameters(), *reader.relevance.parameters()]
    optimizer = torch.optim.AdamW([
        {"params": [each for each in reader.encoder.parameters() if each.requires_grad], "most": RATE},
        {"params": heads, "most": HEAD_RATE},
        {"params": list(reader.sentence.parameters()), "most": SENTENCE_RATE * HEAD_RATE}], weight_decay=0.0)
    state = Path("var/training/reader-optimizer.pt")
    if state.exists() and done:
        stored = torch.load(state, weights_only=True)
        if stored["examples"] == done["examples"]:
            optimizer.load_state_dict(stored["optimizer"])
    out: Path = options.out if options.anneal else options.checkpoint
    out.mkdir(parents=True, exist_ok=True)
    reader.train()
    began = saved = time.monotonic()
    losses: list[tuple[float, ...]] = []
    for number, batch in enumerate(_batches(sets, tokenizer, done, options), start=1):
        spent = (time.monotonic() - began) / (60 * options.minutes)
        if spent >= 1:
            break
        share = min(1.0, number / WARM_UP) * (max(0.02, 1 - spent) if options.anneal else 1.0)
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * share
        found = _losses(reader, batch)
        sum((weight * loss for weight, loss in zip(LOSS_WEIGHTS, found, strict=True)), torch.zeros(())).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        done["examples"] += len(batch)
        losses.append(tuple(loss.item() for loss in found))
        if len(losses) == 50:
            means = [sum(loss) / len(losses) for loss in zip(*losses, strict=True)]
            told = ", ".join(f"{name} {mean:.3f}" for name, mean in zip(LOSSES, means, strict=True))
            print(f"{done['examples']} examples, epoch {done['epoch']}: {told}, {time.monotonic() - began:.0f} s",
                  flush=True)
            losses = []
        if time.monotonic() - saved > SAVE_EVERY_S:
            saved = time.monotonic()
            _save(reader, done, out)
            if not options.anneal:
                torch.save({"optimizer": optimizer.state_dict(), "examples": done["examples"]}, state)
    _save(reader, done, out)
    if not options.anneal:
        torch.save({"optimizer": optimizer.state_dict(), "examples": done["examples"]}, state)


def _losses(reader: Reader, batch: Sequence[Features]) -> tuple[torch.Tensor, ...]:
    """The losses of spans, of relevance, of pairs, whose answered question must be the more relevant, of spans of all
    passages of a question together, of sentences, and of sentences of all these passages together.
    """
    ids, mask = _padded(batch)
    with in_fastest_dtype():
        starts, ends, relevance, answering = reader(ids, mask)
    span = (_of_any(starts, [each.firsts for each in batch]) + _of_any(ends, [each.lasts for each in batch])) / 2
    answered = torch.tensor([each.firsts[0] > 0 for each in batch])
    others = [[other for other, twin in enumerate(batch) if each.pair and each.pair == twin.pair and answered[row]
               and not answered[other]] for row, each in enumerate(batch)]
    apart = [relevance[row] - relevance[other] for row, of_row in enumerate(others) for other in of_row]
    pairs = functional.softplus(-torch.stack(apart)).sum() / len(batch) if apart else torch.zeros(())
    beside = torch.stack([functional.pad(each.beside, (0, ids.shape[1] - len(each.ids))) for each in batch])
    together = [_together(logits, row, of_row, gold) for row, of_row in enumerate(others) if of_row
                for logits, gold in ((starts + beside, batch[row].firsts), (ends + beside, batch[row].lasts))]
    return (span, functional.binary_cross_entropy_with_logits(relevance, answered.float()), pairs,
            torch.stack(together).sum() / (2 * len(batch)) if together else torch.zeros(()),
            *_of_sentences(answering, batch, others))


def _of_sentences(answering: torch.Tensor, batch: Sequence[Features], others: Sequence[Sequence[int]]
                  ) -> tuple[torch.Tensor, torch.Tensor]:
    """The cross-entropy of each sentence, and that of those that answer among all of their passage and of `others`."""
    each_of = [torch.stack([answering[row, first:end].mean() for first, end, _ in features.sentences])
               if features.sentences else answering[row, :0] for row, features in enumerate(batch)]
    labels = [torch.tensor([float(answers) for _, _, answers in features.sentences]) for features in batch]
    single = functional.binary_cross_entropy_with_logits(torch.cat(each_of), torch.cat(labels))
    together = []
    for row, right in enumerate(labels):
        if right.any():
            likely = functional.log_softmax(torch.cat([each_of[row], *(each_of[other] for other in others[row])]), 0)
            together.append(-likely[:len(right)][right.bool()].logsumexp(0))
    return single, torch.stack(together).sum() / len(batch) if together else torch.zeros(())


def _of_any(logits: torch.Tensor, gold: Sequence[Sequence[int]]) -> torch.Tensor:
    """The cross-entropy of logits, (batch, tokens), with all the gold tokens of each row taken as one."""
    likely = functional.log_softmax(logits, dim=1)
    return -torch.stack([row[list(of_row)].logsumexp(0) for row, of_row in zip(likely, gold, strict=True)]).mean()


def _together(logits: torch.Tensor, row: int, others: Sequence[int], gold: Sequence[int]) -> torch.Tensor:
    """The cross-entropy of the gold tokens among all tokens of their passage and of others that do not answer.

    Each logit is taken less its passage's for no answer, as the program compares spans of different passages (the
    shared normalisation of Clark and Gardner, 2018, arXiv:1710.10723). What other evidence counts is in it already, so
    that the reader learns where that is wrong (a product of experts: Clark et al., 2019, arXiv:1909.03683).
    """
    leads = logits[[row, *others], 1:] - logits[[row, *others], :1]
    return _of_any(leads.reshape(1, -1), [[token - 1 for token in gold]])


def _padded(batch: Sequence[Features]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(each.ids) for each in batch)
    ids = torch.tensor([each.ids + [1] * (longest - len(each.ids)) for each in batch])
    mask = torch.tensor([[1] * len(each.ids) + [0] * (longest - len(each.ids)) for each in batch])
    return ids, mask


def _batches(sets: ReadingSets, tokenizer: Any, done: Counter[str],
             options: argparse.Namespace) -> Iterator[list[Features]]:
    """Batches of similar lengths, epoch after epoch, from the stretch of examples at which `done` says to go on."""
    while True:
        examples = sets.examples(f"{SEED}-{done['epoch']}", held_out=False, new=options.new, others=options.others,
                                 alone=options.alone)
        for first in range(done["stretch"] * STRETCH, len(examples), STRETCH):
            made = _by_length([features for example in examples[first:first + STRETCH]
                               if (features := _features(example, tokenizer))])
            batches = [made[place:place + BATCH] for place in range(0, len(made), BATCH)]
            for place in torch.randperm(len(batches), generator=torch.Generator().manual_seed(first)).tolist():
                yield batches[place]
            done["stretch"] += 1
        done["epoch"] += 1
        done["stretch"] = 0


def _by_length(made: list[Features]) -> list[Features]:
    """Sorted by length, those of a pair side by side."""
    longest: Counter[str] = Counter()
    for each in made:
        longest[each.pair] = max(longest[each.pair], len(each.ids))
    return sorted(made, key=lambda each: (longest[each.pair] if each.pair else len(each.ids), each.pair))


def _features(example: Example, tokenizer: Any) -> Features | None:
    """The tokens of question, title and passage; None where the span is too long or cannot be placed.

    A passage that is too long is cut around its answer, at a place that its own text decides.
    """
    question = tokenizer(example.question, add_special_tokens=False)["input_ids"][:MAX_QUESTION]
    title = tokenizer(f"{example.title}:", add_special_tokens=False)["input_ids"][:MAX_TITLE] if example.title else []
    encoded = tokenizer(example.passage, add_special_tokens=False, return_offsets_mapping=True)
    ids, places = encoded["input_ids"], encoded["offset_mapping"]
    covered = [_covered(places, span) for span in (example.span, *example.also) if span is not None]
    if any(span is None or span[1] - span[0] > MAX_ANSWER for span in covered[:1]):
        return None
    answers = [span for span in covered if span is not None]
    room = MAX_TOKENS - len(question) - len(title) - 4
    if len(ids) > room:
        low, high = (max(0, answers[0][1] - room + 1), min(answers[0][0], len(ids) - room)) if answers else (
            0, len(ids) - room)
        cut = low + len(example.passage) % (high - low + 1) if high >= low else low
        ids, places = ids[cut:cut + room], places[cut:cut + room]
        answers = [(first - cut, last - cut) for first, last in answers if cut <= first and last < cut + room]
    at = len(question) + 3 + len(title)
    return Features([START, *question, END, END, *title, *ids, END], tuple(first + at for first, _ in answers) or (0,),
                    tuple(last + at for _, last in answers) or (0,), at, places, example.pair,
                    _sentences(example, places, at), _beside(example, places, at))


def _sentences(example: Example, places: Sequence[tuple[int, int]], at: int) -> list[tuple[int, int, bool]]:
    spans = [span for span in (example.span, *example.also) if span is not None]
    found = []
    for sentence in split_sentences(example.passage):
        answers = any(start < sentence.end and sentence.start < end for start, end in spans)
        covered = _covered(places, (sentence.start, sentence.end))
        if covered is not None and (answers or not sentence.is_heading):
            found.append((at + covered[0], at + covered[1] + 1, answers))
    return found


def _beside(example: Example, places: Sequence[tuple[int, int]], at: int) -> torch.Tensor:
    """Half of what other evidence counts for a token's sentence, (tokens,): starts have one half, ends the other.

    Tokens of the passage that are in no sentence count as those of the least one; others, of the question and title,
    as nothing.
    """
    counts = torch.zeros(at + len(places) + 1)
    if example.beside:
        firsts = sorted(example.beside)
        counts[at:-1] = min(value for _, value in firsts) / 2
        for number, (start, _) in enumerate(places):
            own = [value for first, value in firsts if first <= start]
            if own:
                counts[at + number] = own[-1] / 2
    return counts


def _covered(places: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, int] | None:
    """The first and the last token of a span; None where no token covers it."""
    covered = [number for number, (start, end) in enumerate(places) if end > span[0] and start < span[1]]
    return (covered[0], covered[-1]) if covered else None


def _judge(reader: Reader, tokenizer: Any, sets: ReadingSets) -> dict[str, float]:
    """Measures on what is held out; spans are judged where the passage answers, as SQuAD's measures do."""
    reader.eval()
    exact, f1, answers, relevances = [], [], [], []
    examples = [each for each in sets.examples("judged", held_out=True) if each.passage]
    for example, said, relevance in _read(reader, tokenizer, examples):
        answers.append(example.span is not None)
        relevances.append(relevance)
        if example.span is not None:
            gold, found = (comparable(text).split() for text in (example.passage[slice(*example.span)], said))
            common = sum((Counter(gold) & Counter(found)).values())
            exact.append(gold == found)
            f1.append(2 * common / (len(gold) + len(found)) if common else 0.0)
    positive = [score for score, answer in zip(relevances, answers, strict=True) if answer]
    negative = [score for score, answer in zip(relevances, answers, strict=True) if not answer]
    return {"examples": len(answers), "answered": len(positive), "span_em": sum(exact) / len(exact),
            "span_f1": sum(f1) / len(f1), "relevance_auroc": auroc(positive, negative), **_pairs_told(
                reader, tokenizer, sets)}


def _pairs_told(reader: Reader, tokenizer: Any, sets: ReadingSets) -> dict[str, float]:
    pairs: dict[tuple[str, int], dict[bool, float]] = {}
    for question in sets.news:
        if question.get("pair") is not None and is_held_out(question["article_id"]):
            passages = [Example(question["question"], each["title"], each["text"], None)
                        for each in question["passages"][:5]]
            best = max((relevance for _, _, relevance in _read(reader, tokenizer, passages)), default=-100.0)
            pairs.setdefault((question["article_id"], question["pair"]), {})[question["answerable"]] = best
    whole = [pair for pair in pairs.values() if len(pair) == 2]
    return {"pairs": len(whole), "pairs_told": sum(pair[True] > pair[False] for pair in whole) / len(whole)}


def _read(reader: Reader, tokenizer: Any, examples: Sequence[Example]) -> Iterator[tuple[Example, str, float]]:
    """Each example with the best span's text and the logit of its relevance."""
    with torch.inference_mode(), in_fastest_dtype():
        for first in range(0, len(examples), BATCH):
            part = [(each, features) for each in examples[first:first + BATCH]
                    if (features := _features(each, tokenizer)) is not None]
            if not part:
                continue
            starts, ends, relevance, _ = reader(*_padded([features for _, features in part]))
            for number, (example, features) in enumerate(part):
                low, high = features.passage_at, features.passage_at + len(features.places)
                scores = starts[number, low:high, None] + ends[number, None, low:high]
                scores = scores.masked_fill(~torch.ones_like(scores).triu().tril(MAX_ANSWER).bool(), -1e9)
                begin, end = divmod(int(scores.argmax()), scores.shape[1])
                text = example.passage[features.places[begin][0]:features.places[end][1]]
                yield example, text, float(relevance[number])


if __name__ == "__main__":
    main()
