"""Write a text into Markdown as it is, without its signs becoming markup."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
# The start of a line that would make it a list, a heading or a rule.
_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def in_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line."""
    one_line = " ".join(text.split())
    return _START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", one_line))
