"""Make true and false quotes from articles; `benchmarks.quotes` describes the kinds."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from benchmarks.quote_spelling import LETTER, SPELLINGS
from index.language.clitics import WA
from index.language.sentences import split_sentences
from index.types import Article

NEGATIONS = ("لم", "لن", "لا", "غير", "ليس")
# How often a quote of a kind is tried before these articles count as unfit for it.
MOST_TRIES = 2_000
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_NO_NAME = "في|من|عن|بعد|قبل|خلال|إن|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت"
_SAID = re.compile(rf"\b{WA}قالت? ((?:(?!(?:{_NO_NAME})\b)"
                   r"[^\W\d_]+ ){1,6})إن ([^.\n]{40,})")


class NoQuoteError(Exception):
    """The articles are unfit to make this kind of quote of."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no quote of the kind {kind!r} came of {MOST_TRIES:,} tries; give more or longer articles")
        self.kind = kind


class Maker:
    """Make quotes from the articles of an index, and from articles outside it."""

    def __init__(self, articles: Sequence[Article], held_out: Sequence[Article], seed: int) -> None:
        self.chance = random.Random(seed)
        self.articles = [article for article in articles if len(spaced(article.text)) > 80]
        self.held_out = held_out
        self.known = {gram for article in articles for gram in five_grams(article.text)}
        self.forms = {" ".join(_WORD.findall(article.text)) for article in articles}
        words = Counter(word for article in articles for word in spaced(article.text))
        self.fillers = [word for word, count in words.items() if 5 <= count <= 200 and LETTER.fullmatch(word[0])
                        and word.isalpha() and len(word) >= 4]

    def passage(self, low: int, high: int) -> str:
        """Return consecutive words of an article, starting and ending anywhere."""
        for _ in range(MOST_TRIES):
            article = self.chance.choice(self.articles)
            words = list(re.finditer(r"\S+", article.text))
            length = self.chance.randint(low, high)
            first = self.chance.randrange(max(1, len(words) - length))
            taken = words[first:first + length]
            text = article.text[taken[0].start():taken[-1].end()]
            if len(_WORD.findall(text)) >= low and len(text) <= 1500:
                return text
        raise NoQuoteError("passage")

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
        for _ in range(MOST_TRIES):
            article = self.chance.choice(self.articles)
            sentence = self.chance.choice(split_sentences(article.text))
            words = spaced(article.text[sentence.start:sentence.end])
            if 16 <= len(words) <= 60:
                first, last = self.chance.randint(5, 7), self.chance.randint(5, 7)
                dots = self.chance.choice((" ... ", " … ", "… ", " [...] ", " (…) "))
                return " ".join(words[:first]) + dots + " ".join(words[-last:])
        raise NoQuoteError("omission")

    def altered(self) -> tuple[str, ...]:
        """Return consecutive words of an article with something changed."""
        kinds = (self.number, self.negation, self.name, self.word, self.left_out, self.put_in, self.order)
        for _ in range(MOST_TRIES):
            kind = self.chance.choice(kinds)
            text = self.passage(6, 40)
            changed = kind(text)
            plain = " ".join(_WORD.findall(changed)) if changed else ""
            if changed and plain != " ".join(_WORD.findall(text)) and not any(plain in form for form in self.forms):
                if self.chance.random() < 0.3:
                    changed = self.chance.choice(SPELLINGS)(changed, self.chance)
                return kind.__name__, changed
        raise NoQuoteError("altered")

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
        for _ in range(MOST_TRIES):
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
        raise NoQuoteError("stitched")

    def attributed(self) -> tuple[str, ...]:
        """Return what somebody said according to a sentence, and the speaker."""
        for _ in range(MOST_TRIES):
            article = self.chance.choice(self.articles)
            said = list(_SAID.finditer(article.text))
            if said:
                match = self.chance.choice(said)
                words = spaced(match[2])[:self.chance.randint(6, 30)]
                return "said", " ".join(words), match[1].strip()
        raise NoQuoteError("attributed")

    def misattributed(self) -> tuple[str, ...]:
        """Return what somebody said, attributed to another speaker."""
        for _ in range(MOST_TRIES):
            how, text, speaker = self.attributed()
            other = self.attributed()[2]
            if spaced(other)[-1] not in spaced(speaker):
                return how, text, other
        raise NoQuoteError("misattributed")

    def absent(self) -> tuple[str, ...]:
        """Return a quote that is in none of the index's articles."""
        for _ in range(MOST_TRIES):
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
        raise NoQuoteError("absent")


def spaced(text: str) -> list[str]:
    """Return the words as written, split at white space, with punctuation and attached letters."""
    return text.split()


def five_grams(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [" ".join(words[first:first + 5]) for first in range(len(words) - 4)]
