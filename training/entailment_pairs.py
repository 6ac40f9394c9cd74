"""Makes pairs of a claim and a text, with whether the text entails it: python -m training.entailment_pairs --data DATA

Three kinds, one JSON object a line (`claim`, `text`, `entailed`, `kind`, `group`), go into `--out`:

- a title and the beginning of its article, which says the same in other words; the same title with one change (a
  number or a word of `training/changed.py`, a word of the article for another one of it, two words exchanged, a
  negation more or less), and with the beginning of the article whose title shares most words with it;
- a news question and the sentence that answers it, or, for a near miss, the sentence that does not
  (`training/news_pairs.jsonl`);
- the entailment sets of `DATA/reading/pairs`.

Articles that `benchmarks/claims.jsonl` is about are left out. The texts are somebody else's: the file stays under
`var/`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.language.function_words import FUNCTION_WORDS
from index.language.sentences import split_sentences
from index.language.tokens import compared, tokens
from training.changed import changed_question

SEED = 7
CLAIMS = Path(__file__).resolve().parents[1] / "benchmarks" / "claims.jsonl"
NEWS_QUESTIONS = Path(__file__).with_name("news_pairs.jsonl")
SETS = ("fa_farstail_nli", "id_indonli")
MOST_OF_A_SET, MOST_TITLES, BEGINNING_CHARS = 5000, 4500, 420
# Titles with so few words name what the article is about, and state nothing.
LEAST_TITLE_WORDS = 5
_SPEAKER = re.compile(r"^([^:؟?\"]{4,40}): ?(.{15,})$")
_NEGATION = {"لم": None, "لا": None, "لن": None, "ليس": None, "ينفي": "يؤكد", "تنفي": "تؤكد", "نفى": "أكد",
             "يرفض": "يقبل", "ترفض": "تقبل", "يؤكد": "ينفي", "تؤكد": "تنفي", "يدعو": "يرفض", "تدعو": "ترفض",
             "يدين": "يؤيد", "تدين": "تؤيد", "يدعم": "يعارض", "تدعم": "تعارض", "يقبل": "يرفض"}


def main() -> None:
    """Write the pairs in random order."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--out", type=Path, default=Path("var/training/entailment-pairs.jsonl"))
    options = parser.parse_args()
    draw = random.Random(SEED)
    used = {json.loads(line)["article_id"] for line in CLAIMS.open(encoding="utf-8")}
    with gzip.open(options.data / "ant_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [article for article in map(json.loads, lines) if article["id"] not in used]
    pairs = [*_of_titles(articles, draw), *_of_questions({article["id"]: article["text"] for article in articles})]
    for name in SETS:
        with lzma.open(options.data / "reading" / "pairs" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            records = draw.sample(list(map(json.loads, lines)), MOST_OF_A_SET)
        pairs += [_pair(each["b"], each["a"], name, f"{name}-{each['a']}", entailed=each["label"] == "e")
                  for each in records]
    draw.shuffle(pairs)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs), encoding="utf-8")
    print(json.dumps(Counter(f"{pair['kind']} {pair['entailed']}" for pair in pairs), indent=1))


def _pair(claim: str, text: str, kind: str, group: str, *, entailed: bool) -> dict[str, Any]:
    return {"claim": claim, "text": text, "entailed": entailed, "kind": kind, "group": group}


def _of_titles(articles: Sequence[dict[str, Any]], draw: random.Random) -> Iterator[dict[str, Any]]:
    beginnings = {article["id"]: _beginning(article["text"]) for article in articles}
    titles = {article["id"]: claim for article in articles if (claim := _as_claim(article["title"]))
              and _shared(claim, beginnings[article["id"]]) >= 0.3}
    near = _nearest(titles)
    for name in draw.sample(sorted(titles), min(MOST_TITLES, len(titles))):
        title, text = titles[name], beginnings[name]
        yield _pair(title, text, "title", name, entailed=True)
        if name in near:
            yield _pair(title, beginnings[near[name]], "title of another", name, entailed=False)
        changed = [(kind, other) for kind, other in _changed(title, text, draw) if other and other != title]
        for kind, other in draw.sample(changed, min(2, len(changed))):
            yield _pair(other, text, f"title {kind}", name, entailed=False)


def _beginning(text: str) -> str:
    text = re.sub(r"^[^\n]{0,60}\(CNN\) ?[-—–]* ?", "", text.lstrip("\u200b \n"))
    sentences = [sentence for sentence in split_sentences(text) if not sentence.is_heading]
    end = next((sentence.end for sentence in reversed(sentences) if sentence.end <= BEGINNING_CHARS),
               sentences[0].end if sentences else len(text))
    return " ".join(text[:end].split())


def _as_claim(title: str) -> str | None:
    """Return a title as a sentence that says something; None for questions and names of things."""
    title = " ".join(title.split())
    if re.search(r"[؟?]|\.\.|\||^(?:شاهد|بالصور|بالفيديو|ماذا|كيف|لماذا|هل|من|ما|أين)\b", title):
        return None
    spoken = _SPEAKER.match(title)
    if spoken:
        title = f"قال {spoken[1]} إن {spoken[2]}"
    title = title.replace('"', "")
    return title if len(title.split()) >= LEAST_TITLE_WORDS else None


def _words(text: str) -> set[str]:
    return {form for match in tokens(text) if (form := compared(match[0])) not in FUNCTION_WORDS and len(form) > 2}


def _shared(claim: str, text: str) -> float:
    words, there = _words(claim), {form.removeprefix("ال") for form in _words(text)}
    return sum(form.removeprefix("ال") in there for form in words) / max(1, len(words))


def _nearest(titles: dict[str, str]) -> dict[str, str]:
    """Return for each article another one, whose title shares most words with its own, of two at least."""
    words = {name: _words(title) for name, title in titles.items()}
    having: dict[str, list[str]] = defaultdict(list)
    for name, forms in words.items():
        for form in forms:
            having[form].append(name)
    found = {}
    for name, forms in words.items():
        shared = Counter(other for form in forms if len(having[form]) < 300 for other in having[form] if other != name)
        # One that shares nearly all tells of the same event.
        close = [(count, other) for other, count in shared.items() if 2 <= count <= 0.6 * len(forms)]
        if close:
            found[name] = max(close)[1]
    return found


def _changed(title: str, text: str, draw: random.Random) -> Iterator[tuple[str, str | None]]:
    yield "word", changed_question(title, text, draw)
    words = title.split()
    if not any(word in _NEGATION for word in words):
        at = next((place for place, word in enumerate(words) if word[0] in "يت" and len(word) > 3), None)
        if at is not None:
            yield "negation", " ".join([*words[:at], "لا", *words[at:]])
    for at, word in enumerate(words):
        if word in _NEGATION:
            other = _NEGATION[word]
            yield "negation", " ".join([*words[:at], *([other] if other else []), *words[at + 1:]])
    inside = [word for word in words[1:] if len(word) > 3 and word in text]
    strangers = [word for word in re.findall(r"\w{4,}", text) if word[:2] != "ال" and word not in words]
    if inside and strangers:
        yield "name", title.replace(draw.choice(inside), draw.choice(strangers), 1)
    if len(inside) > 1:
        one, other = draw.sample(inside, 2)
        yield "order", " ".join({one: other, other: one}.get(word, word) for word in words)


def _of_questions(texts: dict[str, str]) -> Iterator[dict[str, Any]]:
    for line in NEWS_QUESTIONS.open(encoding="utf-8"):
        question = json.loads(line)
        place = question.get("sentence") if question["answerable"] else question.get("near")
        if question["article_id"] in texts and place:
            sentence = " ".join(texts[question["article_id"]][slice(*place)].split())
            yield _pair(question["question"], sentence, "question", question["article_id"],
                        entailed=question["answerable"])


if __name__ == "__main__":
    main()
