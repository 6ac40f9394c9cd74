"""Makes pairs of a claim and cited sentences from the sentences of articles; see `training/entailment_pairs.py`."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from index.language.function_words import FUNCTION_WORDS
from index.language.sentences import split_sentences
from index.language.tokens import compared, tokens
from training.entailment_changes import LEAST_WORDS, MOST_WORDS, changed_claims, restated

MOST_CHANGES, TEXT_CHARS = 2, 460


def names_of(articles: Sequence[dict[str, Any]]) -> tuple[Callable[[str], bool], frozenset[str]]:
    """Return a test of whether a word is hardly inflected in these articles, so that it may be a name, and all words.
    """
    counted = Counter(compared(match[0]) for article in articles for match in tokens(article["text"]))
    words = frozenset(word for word, count in counted.items() if count > 1)

    def is_name(word: str) -> bool:
        core = word[1:] if word[:1] in "وبلف" and word[1:] in words else word
        if len(core) < 3 or core in FUNCTION_WORDS or core.startswith("ال") or not core.isalpha():
            return False
        forms = (f"ال{core}", f"ي{core}", f"{core}ه", f"{core}ها", f"{core}ات", f"{core}ين", f"{core}هم", f"ت{core}",
                 f"{core}ت", f"{core}ا", f"م{core}")
        return sum(counted[form] for form in forms) <= 0.12 * counted[core]

    return is_name, words


def of_sentences(articles: Sequence[dict[str, Any]], draw: random.Random) -> Iterator[dict[str, Any]]:
    """Yield for sentences of each article: restated, restated with one change, and with another sentence in its place.
    """
    is_name, words = names_of(articles)
    for article in articles:
        sentences = [" ".join(article["text"][each.start:each.end].split())
                     for each in split_sentences(article["text"]) if not each.is_heading]
        fit = [place for place, each in enumerate(sentences) if LEAST_WORDS < len(each.split()) <= MOST_WORDS
               and not re.search(r"[?؟]", each)]
        names = sorted({match[0] for match in tokens(article["text"]) if is_name(compared(match[0]))})
        for place in draw.sample(fit, min(2, len(fit))):
            yield from _of_one(sentences, place, names, article["id"], is_name, words, draw)


def _of_one(sentences: Sequence[str], place: int, names: list[str], group: str, is_name: Callable[[str], bool],
            words: frozenset[str], draw: random.Random) -> Iterator[dict[str, Any]]:
    low = place - draw.randint(0, 1)
    text = " ".join(sentences[max(0, low):place + 1 + draw.randint(0, 1)])
    if len(text) > TEXT_CHARS:
        text = sentences[place]
    claim = restated(sentences[place], draw)
    if len(claim.split()) < LEAST_WORDS:
        return
    yield {"claim": claim, "text": text, "entailed": True, "kind": "sentence", "group": group}
    changes = list(changed_claims(claim, text, is_name, words, names, draw))
    for kind, other in draw.sample(changes, min(MOST_CHANGES, len(changes))):
        if other != claim:
            yield {"claim": other, "text": text, "entailed": False, "kind": f"sentence {kind}", "group": group}
    others = [each for at, each in enumerate(sentences) if at not in (low, place, place + 1) and len(each.split()) > 5]
    if others and draw.random() < 0.3:
        mine = set(map(compared, claim.split()))
        near = max(others, key=lambda each: len(mine & set(map(compared, each.split()))))
        yield {"claim": claim, "text": near[:TEXT_CHARS], "entailed": False, "kind": "sentence elsewhere",
               "group": group}
