"""Trains the embedder: python -m training.embedder --data ../shared/data --minutes 30

The default model, all matrices of its layers, learns to put a question near the sentence that
answers it, as the program embeds sentences (title in front), and away from other sentences: of the same passage, of
passages that the program retrieved, and of the batch (InfoNCE: van den Oord et al., 2018, arXiv:1807.03748). A part of
the change can be shipped (`training.ship --share 0.5`): the mean of a model's own weights and the tuned ones keeps most
of what was won and loses less elsewhere (Wortsman et al., "WiSE-FT", 2022, arXiv:2109.01903).

Learning goes on from `--checkpoint` where there is one, or else, with `--shipped`, from the weights that the program
has, with a new optimizer; the learning rate falls to nothing within `--minutes`. `--others 0.5` takes that share of the
questions that are neither news nor judged ones. With `--index`, a judged question is drawn away from the sentences that
are closest to it by the vectors there, instead of any. `--judge` prints, on what is held out, how often the closest
sentence of the retrieved passages answers, for several shares of the change. Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.nn import functional

from index.chunker import sentence_text
from index.generation.snapshot import open_snapshot
from index.language.arabic import bare_alef
from index.language.sentences import split_sentences
from index.model.adapters import EMBEDDER
from index.model.load import load_embedder
from index.types import Article
from training.encoder import encoder_to_train, in_fastest_dtype, is_matrix_of_layer, own_weights, save_changes
from training.judged import group_of
from training.reading_examples import ReadingSets, is_held_out
from training.ship import MANIFEST

SEED = 5
RATE, WARM_UP = 5e-5, 40
BATCH, TEMPERATURE, BACKWARD_WEIGHT = 24, 0.02, 0.3
MAX_QUESTION, MAX_SENTENCE = 48, 128
# How often a news question is taken, with how many sentences of other articles, of how many passages.
NEWS_TIMES, NEWS_OTHERS, NEWS_NEAREST = 1, 2, 8
# How often a judged question is taken, with how many sentences that do not answer it, of how many that are closest.
JUDGED_TIMES, JUDGED_OTHERS, JUDGED_NEAREST = 1, 4, 12
# Questions of each set; one that has fewer gives all it has.
TAKEN = {"arcd-train": 700, "tydiqa-ar-dev": 921, "omos_ar": 500, "pquad": 1500, "squadshifts_new_wiki": 600,
         "idk_mrc": 600, "heq": 400, "tydi_train_en": 500, "facqa": 300, "norquad": 300, "squad2_train_part": 500,
         "enelpi_tr": 300, "omos_fr": 300}
WITH_TITLE = 0.7
SHARES = (0.0, 0.5, 1.0)
SAVE_EVERY_S = 240


class Item(NamedTuple):
    """A question, the sentence that answers it, and sentences that do not, as the model reads them."""

    question_set: str
    question: str
    positive: str
    negatives: list[str]


def main() -> None:
    """Train for so many minutes, or judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the reading sets")
    parser.add_argument("--news", type=Path, default=Path("var/training/news-candidates.jsonl"))
    parser.add_argument("--checkpoint", type=Path, default=Path("var/training/embedder"))
    parser.add_argument("--shipped", action="store_true", help="begin with the weights that the program has")
    parser.add_argument("--others", type=float, default=1.0, help="the share of the reading sets (default all)")
    parser.add_argument("--index", type=Path, help="an index of the articles that judged questions are about")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--judge", action="store_true")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    model, tokenizer = encoder_to_train(options.checkpoint, EMBEDDER if options.shipped else None)
    sets = ReadingSets.read(options.data, options.news)
    if options.index:
        _put_closest_first(sets.judged, options.index)
    if options.judge:
        print(json.dumps(_judge(model, tokenizer, sets), indent=1))
    else:
        _train(model, tokenizer, sets, options)


def _train(model: Any, tokenizer: Any, sets: ReadingSets, options: argparse.Namespace) -> None:
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.0)
    progress = options.checkpoint / "progress.json"
    done = 0
    if progress.exists():
        done = json.loads(progress.read_text())["examples"]
    elif options.shipped:
        done = json.loads(MANIFEST.read_text())[EMBEDDER]["examples"]
    batches = _batches(sets, random.Random(f"{options.seed}-{done}"), options.others)
    model.train()
    began = saved = time.monotonic()
    seen, losses = 0, []
    for number, batch in enumerate(batches, start=1):
        spent = max((time.monotonic() - began) / (60 * options.minutes), number / len(batches))
        if time.monotonic() - began > 60 * options.minutes:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, number / WARM_UP) * max(0.02, 1 - spent)
        loss = _loss(model, tokenizer, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(batch)
        losses.append(loss.item())
        if len(losses) == 20:
            print(f"{number} of {len(batches)}: loss {sum(losses) / 20:.3f}, {time.monotonic() - began:.0f} s",
                  flush=True)
            losses = []
        if time.monotonic() - saved > SAVE_EVERY_S:
            saved = time.monotonic()
            _save(model, done + seen, options.checkpoint)
    _save(model, done + seen, options.checkpoint)


def _save(model: Any, examples: int, checkpoint: Path) -> None:
    save_changes(model, checkpoint)
    (checkpoint / "progress.json").write_text(json.dumps({"examples": examples}) + "\n")


def _loss(model: Any, tokenizer: Any, batch: Sequence[Item]) -> torch.Tensor:
    negatives = [negative for item in batch for negative in item.negatives]
    questions = _embedded(model, tokenizer, [f"query: {item.question}" for item in batch], MAX_QUESTION)
    sentences = _embedded(model, tokenizer, [f"passage: {text}" for text in (
        *(item.positive for item in batch), *negatives)], MAX_SENTENCE)
    scores = questions @ sentences.T / TEMPERATURE
    # The same question twice in a batch is no negative of itself.
    same = torch.tensor([[item.question == other.question and item is not other for other in batch]
                         + [False] * len(negatives) for item in batch])
    scores = scores.masked_fill(same, -1e4)
    right = torch.arange(len(batch))
    return (functional.cross_entropy(scores, right)
            + BACKWARD_WEIGHT * functional.cross_entropy(scores[:, :len(batch)].T, right))


def _embedded(model: Any, tokenizer: Any, texts: Sequence[str], longest: int) -> torch.Tensor:
    """The unit vectors of the texts, (texts, dimension). Texts of like length run together, to pad little."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors: list[torch.Tensor] = []
    for first in range(0, len(order), BATCH):
        part = tokenizer([texts[number] for number in order[first:first + BATCH]], padding=True, truncation=True,
                         max_length=longest, return_tensors="pt")
        with in_fastest_dtype():
            states = model(**part).last_hidden_state.float()
        mask = part["attention_mask"][..., None].float()
        vectors.append(functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1))
    place = torch.empty(len(order), dtype=torch.long)
    place[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(vectors)[place]


def _batches(sets: ReadingSets, draw: random.Random, others: float) -> list[list[Item]]:
    """Batches, each of one set, so that the negatives of a batch are alike; in random order."""
    batches: list[list[Item]] = []
    for name, records in sets.reading.items():
        kept = [each for each in records if each["answers"] and not (
            name in ("arcd-train", "tydiqa-ar-dev") and is_held_out(each["title"] or each["context"]))]
        taken = draw.sample(kept, round(others * min(len(kept), TAKEN.get(name, 0))))
        batches += _cut([item for record in taken for item in _of_record(name, record, draw)], draw)
    news = [question for question in sets.news if question["answerable"] and not is_held_out(question["article_id"])]
    for _ in range(NEWS_TIMES):
        batches += _cut([item for question in news for item in _of_news(question, draw)], draw)
    judged = [question for question in sets.judged if question["answers"] and not is_held_out(group_of(question))]
    for _ in range(JUDGED_TIMES):
        batches += _cut([item for question in judged for item in _of_judged(question, draw)], draw)
    draw.shuffle(batches)
    return batches


def _cut(items: list[Item], draw: random.Random) -> list[list[Item]]:
    draw.shuffle(items)
    return [items[first:first + BATCH] for first in range(0, len(items) - BATCH // 2, BATCH)]


def _of_record(name: str, record: dict[str, Any], draw: random.Random) -> Iterator[Item]:
    title = (record["title"] or "").replace("_", " ") if draw.random() < WITH_TITLE else ""
    answer = record["answers"][0]
    passage = {"title": title, "text": record["context"]}
    answering, others = _sentences(passage, answer["start"], answer["text"])
    if answering:
        yield Item(name, bare_alef(record["question"]), answering[0], draw.sample(others, min(1, len(others))))


def _of_news(question: dict[str, Any], draw: random.Random) -> Iterator[Item]:
    start, end = question["answers"][0]
    holding = [each for each in question["passages"] if each["article_id"] == question["article_id"]
               and each["start"] <= start and end <= each["end"]]
    if not holding:
        return
    answer = holding[0]["text"][start - holding[0]["start"]:end - holding[0]["start"]]
    answering: list[str] = []
    own: list[str] = []
    others: list[str] = []
    for passage in question["passages"]:
        if passage["article_id"] != question["article_id"]:
            others += _sentences(passage, -1, answer, passage["closest"])[1]
            continue
        right, wrong = _sentences(passage, start - passage["start"] if passage is holding[0] else -1, answer)
        answering += right
        own += wrong
    if answering:
        others = others[:NEWS_NEAREST]
        negatives = draw.sample(own, min(1, len(own))) + draw.sample(others, min(NEWS_OTHERS, len(others)))
        yield Item("news", bare_alef(question["question"]), answering[0], negatives)


def _put_closest_first(judged: list[dict[str, Any]], index_dir: Path) -> None:
    """Gives each question `closest`, the (article, start) of its passages' sentences, closest to it first."""
    snapshot, embedder = open_snapshot(index_dir), load_embedder()
    vectors: dict[str, dict[int, Any]] = {}
    for question in judged:
        asked = embedder.embed_query(question["question"]).ravel()
        cosines: dict[tuple[str, int], float] = {}
        for passage in question["passages"]:
            article_id = passage["article_id"]
            if article_id not in vectors:
                row = snapshot.articles.rows.get(article_id)
                vectors[article_id] = {
                    sentence.start: vector for place in (snapshot.tables.passages_of(row) if row is not None else ())
                    for sentence, vector in zip(snapshot.tables.sentences_of(place),
                                                snapshot.tables.sentence_vectors_of(place), strict=True)}
            cosines |= {(article_id, start): float(asked @ vector) for start, vector in vectors[article_id].items()
                        if passage["start"] <= start < passage["end"]}
        question["closest"] = sorted(cosines, key=cosines.__getitem__, reverse=True)


def _of_judged(question: dict[str, Any], draw: random.Random) -> Iterator[Item]:
    answering: list[str] = []
    others: list[str] = []
    places: dict[str, tuple[str, int]] = {}
    for passage in question["passages"]:
        article = Article("", passage["text"], passage["title"], published=passage["published"])
        answers = [(start - passage["start"], end - passage["start"]) for start, end in passage["answers"]]
        for sentence in split_sentences(passage["text"]):
            if not sentence.is_heading:
                answers_here = any(sentence.start < end and start < sentence.end for start, end in answers)
                text = sentence_text(article, sentence)
                (answering if answers_here else others).append(text)
                places[text] = (passage["article_id"], passage["start"] + sentence.start)
    if "closest" in question:
        rank = {place: number for number, place in enumerate(question["closest"])}
        others = sorted(others, key=lambda text: rank.get(places[text], len(rank)))[:JUDGED_NEAREST]
    if answering:   # a line that a passage begins with may be taken for a heading
        yield Item("judged", bare_alef(question["question"]), draw.choice(answering),
                   draw.sample(others, min(JUDGED_OTHERS, len(others))))


def _sentences(passage: dict[str, Any], at: int, answer: str, closest: Sequence[int] | None = None
               ) -> tuple[list[str], list[str]]:
    """The sentence around the answer at `at`, and those that do not hold it, as the program embeds them.

    Of a passage of another article only the sentence that is `closest` to the question, a place in that article.
    """
    text = passage["text"]
    article = Article("", text, passage["title"], published=passage.get("published", ""))
    answering, others = [], []
    for sentence in split_sentences(text):
        if sentence.is_heading or closest and not (
                sentence.start < closest[1] - passage["start"] and closest[0] - passage["start"] < sentence.end):
            continue
        embedded = sentence_text(article, sentence)
        if sentence.start <= at < sentence.end:
            answering.append(embedded)
        elif answer not in embedded:
            others.append(embedded)
    return answering, others


def _judge(model: Any, tokenizer: Any, sets: ReadingSets) -> dict[str, dict[str, float]]:
    """By set and share of the change, how often the sentence closest to the question answers, of those at hand."""
    model.eval()
    held_out = [(name, item) for name, item in _held_out(sets) if item.negatives]
    judged: dict[str, dict[str, float]] = {}
    own = own_weights()
    trained = [(parameter, own[name], parameter.detach() - own[name]) for name, parameter in model.named_parameters()
               if is_matrix_of_layer(name)]
    for share in SHARES:
        for parameter, weight, change in trained:
            parameter.data.copy_(weight + share * change)
        found: dict[str, list[bool]] = {}
        with torch.inference_mode():
            for name, item in held_out:
                question = _embedded(model, tokenizer, [f"query: {item.question}"], MAX_QUESTION)
                sentences = _embedded(model, tokenizer, [f"passage: {text}" for text in (
                    item.positive, *item.negatives)], MAX_SENTENCE)
                found.setdefault(name, []).append(int((question @ sentences.T).argmax()) == 0)
        for name, right in found.items():
            judged.setdefault(name, {"questions": len(right)})[f"share {share}"] = sum(right) / len(right)
    return judged


def _held_out(sets: ReadingSets) -> Iterator[tuple[str, Item]]:
    draw = random.Random(SEED)
    for name in ("arcd-train", "tydiqa-ar-dev"):
        for record in sets.reading[name]:
            if record["answers"] and is_held_out(record["title"] or record["context"]):
                passage = {"title": record["title"].replace("_", " "), "text": record["context"]}
                answer = record["answers"][0]
                answering, others = _sentences(passage, answer["start"], answer["text"])
                if answering:
                    yield name, Item(name, bare_alef(record["question"]), answering[0], others)
    for question in sets.news:
        if question["answerable"] and is_held_out(question["article_id"]):
            for item in _of_news(question, draw):
                yield "news", item._replace(negatives=[
                    text for passage in question["passages"][:5] for text in _sentences(passage, -1, item.positive)[1]
                    if text != item.positive])


if __name__ == "__main__":
    main()
