"""Makes pairs of a claim and a text, with whether the text entails it: python -m training.entailment_pairs --data DATA

Four kinds, one JSON object a line (`claim`, `text`, `entailed`, `kind`, `group`, and `beside`, a number that pairs
of one text with versions of one claim share), go into `--out`:

- the claims of `training/claims.jsonl`, each with its evidence alone and with sentences before or after it, as the
  check of texts reads it; their changed versions with the same; and each claim with other sentences of its article;

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
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.language.function_words import FUNCTION_WORDS
from index.language.sentences import split_sentences
from index.language.tokens import compared, tokens
from training.changed import changed_question
from training.written_claims import WrittenClaim, judged_articles, written_claims

SEED = 7
NEWS_QUESTIONS = Path(__file__).with_name("news_pairs.jsonl")
SETS = ("fa_farstail_nli", "id_indonli")
MOST_TITLES, BEGINNING_CHARS = 4500, 420
# Other sentences of its article that have this share of a claim's words, and of what its evidence has of them, may
# prove it too.
MAY_PROVE, MAY_PROVE_TOO = 0.6, 0.8
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
    used = judged_articles()
    with gzip.open(options.data / "ant_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [article for article in map(json.loads, lines) if article["id"] not in used]
    texts = {article["id"]: article["text"] for article in articles}
    pairs = [*_of_titles(articles, draw), *_of_questions(texts)]
    for number, written in enumerate(written_claims()):
        pairs += _of_claim(written, texts[written.article_id], 4 * number, draw)
    for name in SETS:
        with lzma.open(options.data / "reading" / "pairs" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            records = list(map(json.loads, lines))
        pairs += [_pair(each["b"], each["a"], name, f"{name}-{each['a']}", entailed=each["label"] == "e")
                  for each in records]
    draw.shuffle(pairs)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs), encoding="utf-8")
    print(json.dumps(Counter(f"{pair['kind']} {pair['entailed']}" for pair in pairs), indent=1))


def _pair(claim: str, text: str, kind: str, group: str, *, entailed: bool, beside: int | None = None
          ) -> dict[str, Any]:
    return {"claim": claim, "text": text, "entailed": entailed, "kind": kind, "group": group, "beside": beside}


def _of_claim(written: WrittenClaim, text: str, number: int, draw: random.Random) -> Iterator[dict[str, Any]]:
    """Pairs of one claim: with its evidence alone, with neighbours of that beside it, and with what does not prove it.
    """
    sentences = [(each.start, each.end) for each in split_sentences(text) if not each.is_heading]
    proving = [place for place in sentences if any(place[0] < end and start < place[1]
                                                   for start, end in written.evidence)]
    alone = _joined(text, written.evidence)
    shown = [alone]
    if proving and (wider := _with_neighbours(sentences, proving, draw)):
        shown.append(_joined(text, wider))
    for at, evidence in enumerate(shown):
        yield _pair(written.claim, evidence, "claim", written.article_id, entailed=True, beside=number + at)
        for changed, kind in written.changed:
            yield _pair(changed, evidence, f"claim {kind}", written.article_id, entailed=False, beside=number + at)
    others = [place for place in sentences if place not in proving]
    most = min(MAY_PROVE, MAY_PROVE_TOO * _shared(written.claim, alone))
    near = sorted(((_shared(written.claim, text[start:end]), start, end) for start, end in others), reverse=True)
    near = [each for each in near if each[0] < most]
    for chosen in (near[:1], draw.sample(near, min(2, len(near)))):
        if chosen:
            other = _joined(text, sorted(place for _, *place in chosen))
            yield _pair(written.claim, other, "claim elsewhere", written.article_id, entailed=False)


def _joined(text: str, places: Iterable[Sequence[int]]) -> str:
    return " ".join(" ".join(text[start:end].split()) for start, end in places)


def _with_neighbours(sentences: Sequence[tuple[int, int]], proving: Sequence[tuple[int, int]], draw: random.Random
                     ) -> list[tuple[int, int]]:
    """Return the places of the evidence and one or two sentences beside it, or at the article's beginning."""
    first, last = sentences.index(proving[0]), sentences.index(proving[-1])
    near = {at for at in (first - 1, last + 1, 0) if 0 <= at < len(sentences)} - {sentences.index(each)
                                                                                 for each in proving}
    added = draw.sample(sorted(near), min(len(near), 1 if len(proving) > 1 else draw.choice((1, 2))))
    return sorted([*proving, *(sentences[at] for at in added)]) if added else []


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
