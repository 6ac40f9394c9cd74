"""Make true and false quotes from an index's articles, and measure the verdict that each gets.

    python build_index.py FILE… --index-dir DIR       # of a part of the articles
    python -m benchmarks.quotes --index-dir DIR --held-out FILE.jsonl [--count 100] [--seed 0] [--failures]

It makes `count` quotes of each kind, at random with a seed:

- `true`: 5 to 40 consecutive words of an article. Some have hamzas, ya, ta marbuta, digits, marks, tatweel or
  punctuation written differently; one in ten lacks its first "and"; one in ten is a sentence with dots in place of its
  middle;
- `altered`: a number, a negation, a name or another word changed, words left out or inserted, or two words swapped;
- `stitched`: parts of two or three sentences that are not neighbours, from one article or two, with or without dots
  between them;
- `attributed`: the words after "قال … إن" in a sentence, with the name between the two as the speaker;
- `misattributed`: the same with a speaker from another article, whose last name does not occur in the true speaker's
  name;
- `absent`: sentences of articles that are not in the index and share fewer than three runs of five words with it, and
  the words of one article in another order.

It prints one JSON object: how many quotes of each kind got which verdict, and milliseconds of this thread's processor
time. `--failures` lists every quote with a wrong verdict on standard error.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.generation.snapshot import Snapshot, open_snapshot
from index.language.clitics import WA
from index.language.scripts import ARABIC_LETTERS
from index.language.sentences import split_sentences
from index.sources import read_paths
from index.types import Article
from qa.types import IndexState
from qa.verify.quote import Quote
from qa.verify.verify import verify

NEGATIONS = ("لم", "لن", "لا", "غير", "ليس")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_DIACRITICS = "\u064b\u064e\u064f\u0650\u0651\u0652"
_NO_NAME = "في|من|عن|بعد|قبل|خلال|إن|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت"
_SAID = re.compile(rf"\b{WA}قالت? ((?:(?!(?:{_NO_NAME})\b)"
                   r"[^\W\d_]+ ){1,6})إن ([^.\n]{40,})")
_LETTER = re.compile(f"[{ARABIC_LETTERS}]")
Change = Callable[[str, random.Random], str]


def spaced(text: str) -> list[str]:
    """Return the words as written, split at white space, with punctuation and attached letters."""
    return text.split()


# ---- spelling ----

def without_hamzas(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans("أإآ", "ااا"))


def ya(text: str, _chance: random.Random) -> str:
    return re.sub(r"ي\b", "ى", text)


def alef_maqsura(text: str, _chance: random.Random) -> str:
    return re.sub(r"ى\b", "ي", text)


def ha(text: str, _chance: random.Random) -> str:
    return re.sub(r"ة\b", "ه", text)


def vowelled(text: str, chance: random.Random) -> str:
    return _LETTER.sub(lambda letter: letter[0] + (chance.choice(_DIACRITICS) if chance.random() < 0.4 else ""), text)


def stretched(text: str, chance: random.Random) -> str:
    return re.sub(rf"(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[{ARABIC_LETTERS}])",
                  lambda _: "ـ" * chance.choice((0, 0, 0, 2)), text)


def arabic_digits(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def other_marks(text: str, chance: random.Random) -> str:
    text = text.translate(str.maketrans({'"': chance.choice("«“”'"), "،": chance.choice(",، "), "؛": ";", "؟": "?"}))
    return f"«{text}»" if chance.random() < 0.5 else text


def invisible(text: str, chance: random.Random) -> str:
    return "\u200f" + text.replace(" ", "\u00a0", chance.randint(0, 3)) + "\u200c"


def other_names(text: str, _chance: random.Random) -> str:
    for one, other in (("ترامب", "ترمب"), ("نتنياهو", "نتانياهو"), ("أمريك", "أميرك"), ("مسؤول", "مسئول"),
                       ("مئة", "مائة")):
        text = text.replace(one, other) if one in text else text.replace(other, one)
    return text


SPELLINGS: tuple[Change, ...] = (without_hamzas, ya, alef_maqsura, ha, vowelled, stretched, arabic_digits, other_marks,
                                 invisible, other_names)


# ---- quotes ----

class Maker:
    """Make quotes from the articles of an index, and from articles outside it."""

    def __init__(self, articles: Sequence[Article], held_out: Sequence[Article], seed: int) -> None:
        self.chance = random.Random(seed)
        self.articles = [article for article in articles if len(spaced(article.text)) > 80]
        self.held_out = held_out
        self.known = {gram for article in articles for gram in five_grams(article.text)}
        self.forms = {" ".join(_WORD.findall(article.text)) for article in articles}
        words = Counter(word for article in articles for word in spaced(article.text))
        self.fillers = [word for word, count in words.items() if 5 <= count <= 200 and _LETTER.fullmatch(word[0])
                        and word.isalpha() and len(word) >= 4]

    def passage(self, low: int, high: int) -> str:
        """Return consecutive words of an article, starting and ending anywhere."""
        while True:
            article = self.chance.choice(self.articles)
            words = list(re.finditer(r"\S+", article.text))
            length = self.chance.randint(low, high)
            first = self.chance.randrange(max(1, len(words) - length))
            taken = words[first:first + length]
            text = article.text[taken[0].start():taken[-1].end()]
            if len(_WORD.findall(text)) >= low and len(text) <= 1500:
                return text

    def true(self) -> tuple[str, ...]:
        """Return consecutive words of an article, spelled differently."""
        if self.chance.random() < 0.1:
            return "omission", self.omission()
        text = self.passage(5, 40)
        names = []
        for change in self.chance.sample(SPELLINGS, self.chance.randint(0, 4)):
            text = change(text, self.chance)
            names.append(change.__name__)
        if self.chance.random() < 0.1 and text.startswith("و") and len(text.split()[0]) > 4:
            text = text[1:]
            names.append("no_and")
        return "+".join(sorted(names)) or "verbatim", text

    def omission(self) -> str:
        """Return a sentence with dots in place of words in its middle."""
        while True:
            article = self.chance.choice(self.articles)
            sentence = self.chance.choice(split_sentences(article.text))
            words = spaced(article.text[sentence.start:sentence.end])
            if 16 <= len(words) <= 60:
                first, last = self.chance.randint(5, 7), self.chance.randint(5, 7)
                dots = self.chance.choice((" ... ", " … ", "… ", " [...] ", " (…) "))
                return " ".join(words[:first]) + dots + " ".join(words[-last:])

    def altered(self) -> tuple[str, ...]:
        """Return consecutive words of an article with something changed."""
        kinds = (self.number, self.negation, self.name, self.word, self.left_out, self.put_in, self.order)
        while True:
            kind = self.chance.choice(kinds)
            text = self.passage(6, 40)
            changed = kind(text)
            plain = " ".join(_WORD.findall(changed)) if changed else ""
            if changed and plain != " ".join(_WORD.findall(text)) and not any(plain in form for form in self.forms):
                if self.chance.random() < 0.3:
                    changed = self.chance.choice(SPELLINGS)(changed, self.chance)
                return kind.__name__, changed

    def number(self, text: str) -> str:
        found = list(_NUMBER.finditer(text))
        if not found:
            return ""
        match = self.chance.choice(found)
        other = str(int(match[0]) + self.chance.choice((1, 2, 10, 100)))
        return text[:match.start()] + other + text[match.end():]

    def negation(self, text: str) -> str:
        words = spaced(text)
        at = [number for number, word in enumerate(words) if word in NEGATIONS and 0 < number < len(words) - 1]
        if at:
            del words[self.chance.choice(at)]
        else:
            words.insert(self.chance.randrange(1, len(words) - 1), self.chance.choice(NEGATIONS))
        return " ".join(words)

    def name(self, text: str) -> str:
        names = ("ترامب", "بوتين", "نتنياهو", "ماكرون", "روسيا", "إيران", "السعودية", "مصر", "سوريا", "بريطانيا")
        words = spaced(text)
        at = [number for number, word in enumerate(words) if word in names]
        if not at:
            return ""
        number = self.chance.choice(at)
        words[number] = self.chance.choice([name for name in names if name != words[number]])
        return " ".join(words)

    def word(self, text: str) -> str:
        words = spaced(text)
        words[self.chance.randrange(len(words))] = self.chance.choice(self.fillers)
        return " ".join(words)

    def left_out(self, text: str) -> str:
        words = spaced(text)
        length = self.chance.randint(1, 3)
        first = self.chance.randrange(1, len(words) - length - 1)
        return " ".join(words[:first] + words[first + length:])

    def put_in(self, text: str) -> str:
        words = spaced(text)
        first = self.chance.randrange(1, len(words) - 1)
        return " ".join(words[:first] + self.chance.sample(self.fillers, self.chance.randint(1, 3)) + words[first:])

    def order(self, text: str) -> str:
        words = spaced(text)
        first = self.chance.randrange(1, len(words) - 2)
        words[first], words[first + 1] = words[first + 1], words[first]
        return " ".join(words)

    def stitched(self) -> tuple[str, ...]:
        """Return parts of sentences that are not neighbours, joined into one quote."""
        while True:
            articles = [self.chance.choice(self.articles)]
            if self.chance.random() < 0.5:
                articles.append(self.chance.choice(self.articles))
            count = 3 if self.chance.random() < 0.2 else 2
            picked: list[tuple[str, int]] = []
            parts = []
            for number in range(count):
                article = articles[number % len(articles)]
                sentences = [sentence for sentence in split_sentences(article.text) if not sentence.is_heading]
                place = self.chance.randrange(len(sentences))
                words = spaced(article.text[sentences[place].start:sentences[place].end])
                if len(words) < 10 or any(article.id == other and abs(place - there) < 3 for other, there in picked):
                    break
                picked.append((article.id, place))
                half = self.chance.randint(5, len(words) - 4)
                first = self.chance.choice((0, len(words) - half, self.chance.randint(0, len(words) - half)))
                parts.append(" ".join(words[first:first + min(half, 20)]))
            if len(parts) == count:
                dots = self.chance.choice((" ", " ... ", " … ", "… ", " [...] "))
                kind = f"{len(articles)} articles, {'no ' if dots == ' ' else ''}dots"
                text = dots.join(parts)
                if not any(" ".join(_WORD.findall(text)) in form for form in self.forms):
                    return kind, text

    def attributed(self) -> tuple[str, ...]:
        """Return what somebody said according to a sentence, and the speaker."""
        while True:
            article = self.chance.choice(self.articles)
            said = list(_SAID.finditer(article.text))
            if said:
                match = self.chance.choice(said)
                words = spaced(match[2])[:self.chance.randint(6, 30)]
                return "said", " ".join(words), match[1].strip()

    def misattributed(self) -> tuple[str, ...]:
        """Return what somebody said, attributed to another speaker."""
        while True:
            how, text, speaker = self.attributed()
            other = self.attributed()[2]
            if spaced(other)[-1] not in spaced(speaker):
                return how, text, other

    def absent(self) -> tuple[str, ...]:
        """Return a quote that is in none of the index's articles."""
        while True:
            if self.chance.random() < 0.25:
                article = self.chance.choice(self.articles)
                words = [word for word in spaced(article.text) if word.isalpha()]
                length = self.chance.randint(8, 25)
                if len(words) >= length:
                    return "shuffled", " ".join(self.chance.sample(words, length))
            article = self.chance.choice(self.held_out)
            sentences = split_sentences(article.text)
            if not sentences:
                continue
            sentence = self.chance.choice(sentences)
            words = spaced(article.text[sentence.start:sentence.end])
            text = " ".join(words[:self.chance.randint(6, 40)])
            grams = five_grams(text)
            if len(words) >= 6 and len(grams) >= 2 and sum(gram in self.known for gram in grams) <= 2 \
                    and sum(gram in self.known for gram in grams) < len(grams) / 3:
                return "held out", text


def five_grams(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [" ".join(words[first:first + 5]) for first in range(len(words) - 4)]


# ---- measuring ----

EXPECTED = {"true": "found", "altered": "altered", "stitched": "stitched", "attributed": "found",
            "misattributed": "misattributed", "absent": "absent"}


def quotes(maker: Maker, count: int) -> Iterator[tuple[str, str, Quote]]:
    """Make `count` quotes of each kind; yield the kind, how the quote was made, and the quote."""
    makers = (maker.true, maker.altered, maker.stitched, maker.attributed, maker.misattributed, maker.absent)
    for kind, make in zip(EXPECTED, makers, strict=True):
        for _ in range(count):
            how, *quote = make()
            yield kind, how, Quote.parse(*quote)


def measure(snapshot: Snapshot, maker: Maker, count: int, *, failures: bool) -> dict[str, Any]:
    """Check every quote and count the verdicts."""
    verdicts: dict[str, Counter[str]] = {kind: Counter() for kind in EXPECTED}
    wrong: Counter[str] = Counter()
    times_ms = []
    state = IndexState(snapshot.generation, len(snapshot.articles), snapshot.passage_count)
    attributions: dict[str, Counter[str]] = {kind: Counter() for kind in ("attributed", "misattributed")}
    for kind, how, quote in quotes(maker, count):
        started = time.thread_time()
        found = verify(snapshot, state, quote)
        times_ms.append(1000 * (time.thread_time() - started))
        verdicts[kind][found.verdict] += 1
        if quote.speaker:
            attributions[kind][str(found.attribution)] += 1
        for part in found.parts:
            assert part.citation.article.text[part.citation.start:part.citation.end] == part.citation.quote
        if found.verdict != EXPECTED[kind]:
            wrong[f"{kind}, {how}: {found.verdict}"] += 1
            if failures:
                print(f"{kind}, {how}: {found.verdict}\n  {quote.speaker}: {quote.text}", file=sys.stderr)
                print(f"  {[speaker.name for speaker in found.speakers]} {found.attribution}", file=sys.stderr)
                for part in found.parts:
                    print(f"  = {part.citation.article.id} {part.citation.quote}", file=sys.stderr)
                for difference in found.differences:
                    print(f"  {difference.kind}: {difference.quote!r} for {difference.source!r}", file=sys.stderr)
    right = sum(verdicts[kind][expected] for kind, expected in EXPECTED.items())
    return {"quotes": len(times_ms), "right": right,
            "verdicts": {kind: dict(counted) for kind, counted in verdicts.items()},
            "attributions": {kind: dict(counted) for kind, counted in attributions.items()},
            "wrong": dict(wrong.most_common()),
            **{f"ms_p{share}": round(float(np.percentile(times_ms, share)), 1) for share in (50, 95, 99)}}


def main() -> int:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, required=True, help="articles that are not in the index")
    parser.add_argument("--count", type=int, default=100, help="quotes of each kind (default 100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", action="store_true", help="list the quotes with a wrong verdict")
    options = parser.parse_args()
    snapshot = open_snapshot(options.index_dir)
    held_out = [record for record in read_paths([options.held_out])
                if isinstance(record, Article) and record.id not in snapshot.articles.rows]
    maker = Maker(list(snapshot.articles), held_out, options.seed)
    print(json.dumps({"articles": len(snapshot.articles), "seed": options.seed,
                      **measure(snapshot, maker, options.count, failures=options.failures)},
                     ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
