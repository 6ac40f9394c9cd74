"""A cited sentence with some of the text around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.types import Article

# Characters on either side, less what is left of a word that would be cut.
AROUND_CHARS = 220
_FIRST_WORD, _LAST_WORD = re.compile(r"^\S*\s+"), re.compile(r"\s+\S*$")
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands before the cited words, these, and what stands after, each as the article has it; where more is left
    out than white space, an ellipsis says so."""

    before: str
    cited: str
    after: str


def surroundings(article: Article, start: int, end: int) -> Surroundings:
    """Of `article.text[start:end]`."""
    text = article.text
    before, after = text[max(0, start - AROUND_CHARS):start], text[end:end + AROUND_CHARS]
    if start > AROUND_CHARS:
        before = f"{ELLIPSIS}{_FIRST_WORD.sub('', before)}"
    if end + AROUND_CHARS < len(text):
        after = f"{_LAST_WORD.sub('', after)}{ELLIPSIS}"
    return Surroundings(before.lstrip(), text[start:end], after.rstrip())
