"""Clean the names of authors: without an e-mail address, a word such as "by", or the name of an account."""

from __future__ import annotations

import re

from index.sources.furniture import is_account

MAX_NAME_CHARS = 120
BY = re.compile(r"^(?:by|بقلم|كتبه?ا?|كتبت|بواسطة|إعداد|تقرير)\s*[:\-]?\s+", re.IGNORECASE)
# "Name (name@example.org)", "name@example.org (Name)" as RSS 2.0 has it, "Name <name@example.org>".
EMAIL = re.compile(r"[(<\[]?\s*(?:mailto:)?[\w.+%-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")
NOT_A_NAME = re.compile(r"(?:https?:)?//|@|(?:unknown|anonymous|no-?reply|none|null)$", re.IGNORECASE)


def author_names(names: list[str], *, site: str = "") -> str:
    """Return the names of people among `names`, each once, separated by commas. `site` is the source's name."""
    clean = [_clean(name) for name in names]
    return ", ".join(dict.fromkeys(
        name for name in clean if 0 < len(name) <= MAX_NAME_CHARS and name.casefold() != site.casefold()))


def _clean(name: str) -> str:
    if NOT_A_NAME.match(name.strip()):
        return ""
    rest = EMAIL.sub(" ", name)
    if rest != name:
        rest = re.sub(r"^\s*[(\[](.*)[)\]]\s*$", r"\1", rest)
    rest = " ".join(BY.sub("", " ".join(rest.split())).split()).strip(" ,;")
    return "" if is_account(rest) or NOT_A_NAME.match(rest) else rest
