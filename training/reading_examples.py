"""Examples for the reader: a question, a passage with its title, and the span that answers, or none.

They are drawn anew for each epoch, from a seed: `TAKEN` says how many questions of each set an epoch takes. Beside the
questions that a set leaves unanswered, those that the passage does not answer are made in four ways: the question with
another passage of the same title; the passage without the sentence that answers; the question with a number, month or
place that the passage names changed to another (`training/changed.py`); and, for news, the passages that the product
retrieved (`training/news_candidates.py`), near-misses among them. Of questions whose retrieved passages were all
judged (`training/judged.py`), passages that answer and passages that do not. A question and its near miss, or its
changed form, carry the same `pair`, and stay side by side.

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

from index.language.arabic import bare_alef
from index.language.sentences import split_sentences
from training.changed import changed_question
from training.judged import group_of, judged_questions, lines_of

# Questions of each set in one epoch; one that has fewer gives all it has.
TAKEN = {
    "arcd-train": 1100, "tydiqa-ar-dev": 1500, "omos_ar": 800, "pquad": 2200, "squad2_train_part": 800,
    "squadshifts_new_wiki": 600, "tydi_train_en": 500, "idk_mrc": 1300, "heq": 600, "omos_en": 150, "omos_fr": 250,
    "norquad": 300, "facqa": 300, "enelpi_tr": 300, "jsquad": 150, "drcd": 100, "afriqa_pivot": 250, "qed_nq": 150,
    "kazqad": 100}
ARABIC = ("arcd-train", "tydiqa-ar-dev")
HELD_OUT_OF = 5
WITH_TITLE = 0.75
OTHER_PASSAGE, WITHOUT_SENTENCE, CHANGED = 0.25, 0.15, 0.25
# How often a question in Arabic is written as many type it: without hamzas on alef, and with ه and ي for ة and ى.
TYPED_PLAINLY = 0.15
# How often a news question is asked of a passage of its article that does not answer, and of how many passages of other
# articles. One that the article leaves unanswered is always asked of its near miss.
NEWS_OWN, NEWS_OTHERS = 0.7, 2
# How often a judged question is taken in an epoch, with how many passages that answer, and that do not.
JUDGED_TIMES, JUDGED_ANSWERING, JUDGED_OTHERS = 1, 2, 3
# Where judged questions are asked of sentences by themselves: of how many that answer, of how many that do not, and out
# of how many of these that share most words with the question; and how often of passages all the same.
ALONE_ANSWERING, ALONE_OTHERS, ALONE_NEAR, ALONE_PASSAGES = 1, 3, 8, 0.15

_PLAIN_LETTERS = str.maketrans("أإآىة", "ااايه")
_SENTENCE_ENDS = ".!?؟\n。"


@dataclass(frozen=True, slots=True)
class Example:
    """`span` holds offsets of `passage`, and is None where the passage does not answer; `also` has other spans that do.

    `pair` joins an answered question with what is close to it and not answered: its near miss, its changed form, and
    other passages for the same question. It is empty for the rest. `beside` has offsets of sentences, each with what
    the program's other evidence than the reader's counts for it, in units of the reader's lead; empty if unknown.
    """

    question: str
    title: str
    passage: str
    span: tuple[int, int] | None
    pair: str = ""
    also: tuple[tuple[int, int], ...] = ()
    beside: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingSets:
    """The sets as they are on the disk, read once: records of SQuAD's fields, news and judged questions.

    `mistaken` has the judged questions to learn from, each with the numbers of its passages and, for each of these,
    what other evidence counts for its sentences; None stands for all.
    """

    reading: dict[str, list[dict[str, Any]]]
    news: list[dict[str, Any]]
    judged: list[dict[str, Any]]
    mistaken: dict[str, list[tuple[int, list[tuple[int, float]]]]] | None = None

    @classmethod
    def read(cls, data: Path, news: Path, mistaken: Path | None = None) -> ReadingSets:
        """`data` holds the sets and the articles of the judged questions; `training.news_candidates` wrote `news`.

        `training.mistaken` wrote `mistaken`.
        """
        reading = {name: _squad(data / f"{name}.json") if name in ARABIC else
                   _lines(data / "reading" / f"{name}.jsonl.xz") for name in TAKEN}
        texts: dict[str, str] = {}
        for record in (each for records in reading.values() for each in records):
            record["context"] = texts.setdefault(record["context"], record["context"])   # a third of the memory
        return cls(reading, [json.loads(line) for line in news.open(encoding="utf-8")],
                   judged_questions(data / "ant_dev.jsonl.gz"),
                   {each["question"]: list(zip(each["passages"], each["beside"], strict=True))
                    for each in lines_of(mistaken)} if mistaken else None)

    def examples(self, seed: str, *, held_out: bool, new: str = "", others: float = 1.0, alone: bool = False
                 ) -> list[Example]:
        """One epoch in random order; of the Arabic sets and the news the held-out fifth, or all but that.

        Of the other sets, and of news questions whose ids do not begin with `new`, the share `others` is taken. Of the
        judged questions a fifth is held out too, a near miss with its question; they are asked of sentences `alone`, or
        of passages.
        """
        draw = random.Random(seed)
        groups: list[list[Example]] = []
        for name, records in self.reading.items():
            if name in ARABIC:
                records = [each for each in records if is_held_out(each["title"] or each["context"]) == held_out]
            elif held_out:
                continue
            times = 1 if held_out else -(-TAKEN[name] // len(records))
            taken = [each for _ in range(times) for each in records]
            groups += [list(_of_record(record, records, draw))
                       for record in draw.sample(taken, round(others * min(len(taken), TAKEN[name])))]
        news: dict[str, list[Example]] = {}
        all_of: set[str] = set()
        for question in self.news:
            if is_held_out(question["article_id"]) == held_out:
                if question["id"].startswith(new):
                    all_of.add(_pair(question))
                news.setdefault(_pair(question), []).extend(_of_news(question, draw))
        groups += [group for name, group in news.items() if name in all_of or draw.random() < others]
        for question in (each for _ in range(JUDGED_TIMES) for each in self._judged(held_out=held_out)):
            if alone:
                groups.append(_alone_of_judged(question, draw))
            if not alone or draw.random() < ALONE_PASSAGES:
                groups.append(_of_judged(question, draw))
        draw.shuffle(groups)
        drawn = [example for group in groups for example in group]
        return drawn if held_out else [replace(each, question=each.question.translate(_PLAIN_LETTERS))
                                       if draw.random() < TYPED_PLAINLY else each for each in drawn]

    def _judged(self, *, held_out: bool) -> list[dict[str, Any]]:
        judged = [each for each in self.judged if is_held_out(group_of(each)) == held_out]
        if self.mistaken is None or held_out:
            return judged
        return [{**each, "passages": [{**each["passages"][number], "beside": tuple(map(tuple, beside))}
                                      for number, beside in self.mistaken[each["question"]]]}
                for each in judged if each["question"] in self.mistaken]


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
    example = Example(record["question"], title, context, (start, end), pair=record["question"])
    yield example
    yield from _with_changed_question(example, draw)
    example = replace(example, span=None, pair="")
    if draw.random() < OTHER_PASSAGE:
        others = [each for each in draw.sample(pool, min(80, len(pool)))
                  if each["context"] != context and answer["text"] not in each["context"]]
        neighbours = [each for each in others if record["title"] and each["title"] == record["title"]]
        if others:
            yield replace(example, passage=draw.choice(neighbours or others)["context"])
    if draw.random() < WITHOUT_SENTENCE:
        before = max(context.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1
        after = min((place + 1 for mark in _SENTENCE_ENDS if (place := context.find(mark, end)) >= 0),
                    default=len(context))
        rest = context[:before] + context[after:]
        if len(rest) > 80 and answer["text"] not in rest:
            yield replace(example, passage=rest)


def _of_news(question: dict[str, Any], draw: random.Random) -> Iterator[Example]:
    own = [each for each in question["passages"] if each["article_id"] == question["article_id"]]
    others = [each for each in question["passages"] if each["article_id"] != question["article_id"]]
    answering = [(each, (start - each["start"], end - each["start"])) for each in own
                 for start, end in question["answers"] if each["start"] <= start and end <= each["end"]]
    answers = {_plain(passage["text"][span[0]:span[1]]) for passage, span in answering}
    without = [each for each in own if not any(answer in _plain(each["text"]) for answer in answers)]
    others = [each for each in others if not any(answer in _plain(each["text"]) for answer in answers)]
    if answering:
        passage, span = answering[0]
        example = replace(_news_example(question, passage, span, draw),
                          also=tuple(other for beside, other in answering[1:] if beside is passage))
        yield example
        yield from _with_changed_question(example, draw)
    if not question["answerable"]:
        near = [each for each in own if each["start"] < question["near"][1] and question["near"][0] < each["end"]]
        without = near + [each for each in without if each not in near]
    misses = without[:1] if draw.random() < NEWS_OWN or not question["answerable"] else []
    misses += draw.sample(others[:8], min(NEWS_OTHERS, len(others[:8])))
    yield from (_news_example(question, passage, None, draw) for passage in misses)


def _of_judged(question: dict[str, Any], draw: random.Random) -> list[Example]:
    answering = [each for each in question["passages"] if each["answers"]]
    others = [each for each in question["passages"] if not each["answers"]]
    examples: list[tuple[dict[str, Any], list[tuple[int, int]]]] = []
    for passage in draw.sample(answering, min(JUDGED_ANSWERING, len(answering))):
        spans = [(start - passage["start"], end - passage["start"]) for start, end in passage["answers"]]
        examples.append((passage, draw.sample(spans, len(spans))))
    examples += [(passage, []) for passage in draw.sample(others, min(JUDGED_OTHERS, len(others)))]
    return [Example(question["question"], passage["title"] if draw.random() < WITH_TITLE else "", passage["text"],
                    spans[0] if spans else None, group_of(question), tuple(spans[1:]), passage.get("beside", ()))
            for passage, spans in examples]


def _alone_of_judged(question: dict[str, Any], draw: random.Random) -> list[Example]:
    """Sentences by themselves, each with the spans in it that answer."""
    asked = set(bare_alef(question["question"]).split())
    answering: list[tuple[str, str, list[tuple[int, int]]]] = []
    others: dict[str, tuple[int, str]] = {}
    for passage in question["passages"]:
        for sentence in split_sentences(passage["text"]):
            text = passage["text"][sentence.start:sentence.end]
            first = passage["start"] + sentence.start
            spans = [(max(start - first, 0), min(end - first, len(text))) for start, end in passage["answers"]
                     if start < first + len(text) and first < end]
            if spans:
                answering.append((passage["title"], text, spans))
            elif not sentence.is_heading:
                others[text] = (len(asked & set(bare_alef(text).split())), passage["title"])
    near = sorted(others, key=lambda text: -others[text][0])[:ALONE_NEAR]
    examples = [(title, text, draw.sample(spans, len(spans)))
                for title, text, spans in draw.sample(answering, min(ALONE_ANSWERING, len(answering)))]
    examples += [(others[text][1], text, []) for text in draw.sample(near, min(ALONE_OTHERS, len(near)))]
    return [Example(question["question"], title if draw.random() < WITH_TITLE else "", text,
                    spans[0] if spans else None, f"{group_of(question)}, alone", tuple(spans[1:]))
            for title, text, spans in examples]


def _pair(question: dict[str, Any]) -> str:
    return question["id"] if question.get("pair") is None else f"{question['article_id']} {question['pair']}"


def _with_changed_question(example: Example, draw: random.Random) -> Iterator[Example]:
    if draw.random() < CHANGED:
        changed = changed_question(example.question, f"{example.title} {example.passage}", draw)
        if changed is not None:
            yield replace(example, question=changed, span=None, also=())


def _news_example(question: dict[str, Any], passage: dict[str, Any], span: tuple[int, int] | None,
                  draw: random.Random) -> Example:
    return Example(question["question"], passage["title"] if draw.random() < WITH_TITLE else "", passage["text"], span,
                   _pair(question))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub("[إأآ]", "ا", text).replace("ى", "ي").replace("ة", "ه")))
