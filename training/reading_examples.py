"""Examples for the reader: a question, a passage with its title, and the span that answers, or none.

They are drawn anew for each epoch, from a seed: `TAKEN` says how many questions of each set an epoch takes. Beside the
questions that a set leaves unanswered, those that the passage does not answer are made in three ways: the question with
another passage of the same title; the passage without the sentence that answers; and, for news, the passages that the
product retrieved (`training/news_candidates.py`), near-misses among them.

A fifth of the Arabic sets, by title or article, is held out: `is_held_out` says which.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

# Questions of each set in one epoch; one that has fewer gives all it has.
TAKEN = {
    "arcd-train": 2100, "tydiqa-ar-dev": 2700, "omos_ar": 1800, "pquad": 5000, "squad2_train_part": 3500,
    "squadshifts_new_wiki": 2500, "tydi_train_en": 2000, "idk_mrc": 3500, "heq": 1800, "omos_en": 450, "omos_fr": 450,
    "norquad": 1200, "facqa": 1500, "enelpi_tr": 1000, "jsquad": 800, "drcd": 500, "afriqa_pivot": 700, "qed_nq": 500,
    "kazqad": 400}
ARABIC = ("arcd-train", "tydiqa-ar-dev")
HELD_OUT_OF = 5
WITH_TITLE = 0.75
OTHER_PASSAGE, WITHOUT_SENTENCE = 0.3, 0.2
# Passages of one news question: of the same article without its answer, and of other articles.
NEWS_TIMES, NEWS_OWN, NEWS_OTHERS = 2, 1, 2

_SENTENCE_ENDS = ".!?؟\n。"


@dataclass(frozen=True, slots=True)
class Example:
    """`span` holds offsets of `passage`, and is None where the passage does not answer."""

    question: str
    title: str
    passage: str
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ReadingSets:
    """The sets as they are on the disk, read once: records of SQuAD's fields, and news questions with passages."""

    reading: dict[str, list[dict[str, Any]]]
    news: list[dict[str, Any]]

    @classmethod
    def read(cls, data: Path, news: Path) -> ReadingSets:
        """`data` holds the sets, `news` is what `training.news_candidates` wrote."""
        reading = {name: _squad(data / f"{name}.json") if name in ARABIC else
                   _lines(data / "reading" / f"{name}.jsonl.xz") for name in TAKEN}
        return cls(reading, [json.loads(line) for line in news.open(encoding="utf-8")])

    def examples(self, seed: str, *, held_out: bool) -> list[Example]:
        """One epoch in random order; of the Arabic sets and the news the held-out fifth, or all but that."""
        draw = random.Random(seed)
        drawn: list[Example] = []
        for name, records in self.reading.items():
            if name in ARABIC:
                records = [each for each in records if is_held_out(each["title"] or each["context"]) == held_out]
            elif held_out:
                continue
            times = 1 if held_out else -(-TAKEN[name] // len(records))
            taken = [each for _ in range(times) for each in records]
            for record in draw.sample(taken, min(len(taken), TAKEN[name])):
                drawn += _of_record(record, records, draw)
        for question in self.news:
            if is_held_out(question["article_id"]) == held_out:
                drawn += _of_news(question, draw)
        draw.shuffle(drawn)
        return drawn


def is_held_out(name: str) -> bool:
    """Whether the title or article of that name is judged on, and never trained on."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT_OF == 0


def _squad(path: Path) -> list[dict[str, Any]]:
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [{"question": asked["question"], "context": paragraph["context"], "title": article.get("title") or "",
             "answers": [{"text": each["text"], "start": each["answer_start"]} for each in asked["answers"]]}
            for article in articles for paragraph in article["paragraphs"] for asked in paragraph["qas"]]


def _lines(path: Path) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _of_record(record: dict[str, Any], pool: list[dict[str, Any]], draw: random.Random) -> Iterator[Example]:
    title = (record["title"] or "").replace("_", " ") if draw.random() < WITH_TITLE else ""
    context = record["context"]
    if not record["answers"]:
        yield Example(record["question"], title, context, None)
        return
    answer = record["answers"][0]
    start, end = answer["start"], answer["start"] + len(answer["text"])
    example = Example(record["question"], title, context, (start, end))
    yield example
    if draw.random() < OTHER_PASSAGE:
        others = [each for each in draw.sample(pool, min(80, len(pool)))
                  if each["context"] != context and answer["text"] not in each["context"]]
        neighbours = [each for each in others if record["title"] and each["title"] == record["title"]]
        if others:
            yield replace(example, passage=draw.choice(neighbours or others)["context"], span=None)
    if draw.random() < WITHOUT_SENTENCE:
        before = max(context.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1
        after = min((place + 1 for mark in _SENTENCE_ENDS if (place := context.find(mark, end)) >= 0),
                    default=len(context))
        rest = context[:before] + context[after:]
        if len(rest) > 80 and answer["text"] not in rest:
            yield replace(example, passage=rest, span=None)


def _of_news(question: dict[str, Any], draw: random.Random) -> Iterator[Example]:
    own = [each for each in question["passages"] if each["article_id"] == question["article_id"]]
    others = [each for each in question["passages"] if each["article_id"] != question["article_id"]]
    answering = [(each, (start - each["start"], end - each["start"])) for each in own
                 for start, end in question["answers"] if each["start"] <= start and end <= each["end"]]
    answers = {_plain(passage["text"][span[0]:span[1]]) for passage, span in answering}
    without = [each for each in own if not any(answer in _plain(each["text"]) for answer in answers)]
    others = [each for each in others if not any(answer in _plain(each["text"]) for answer in answers)]
    for _ in range(NEWS_TIMES if answering else 0):
        passage, span = answering[0]
        yield _news_example(question, passage, span, draw)
    # Of an unanswerable question every passage of its article is a near-miss.
    misses = without[:NEWS_OWN + (0 if question["answerable"] else 1)]
    misses += draw.sample(others[:8], min(len(others[:8]), NEWS_OTHERS if question["answerable"] else 1))
    for passage in misses:
        yield _news_example(question, passage, None, draw)


def _news_example(question: dict[str, Any], passage: dict[str, Any], span: tuple[int, int] | None,
                  draw: random.Random) -> Example:
    return Example(question["question"], passage["title"] if draw.random() < WITH_TITLE else "", passage["text"], span)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub("[إأآ]", "ا", text).replace("ى", "ي").replace("ة", "ه")))
