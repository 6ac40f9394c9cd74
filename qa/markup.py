"""Write a text into Markdown or XML as it is, without its signs becoming markup."""

from __future__ import annotations

import re

# Invisible characters that can make text look like other text: direction overrides, embeddings and isolates, and tags.
# Joiners and plain direction marks stay: Persian and Urdu words, and many Arabic lines, are wrong without them.
DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs and two that are no characters.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Signs of markup, and of addresses that many programs make a link of without any.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
# The start of a line that would make it a list, a heading or a rule.
_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def in_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line, without characters that deceive."""
    return _START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", in_a_line(text)))


def in_a_line(text: str) -> str:
    """Remove the characters that XML cannot hold and those that deceive; white space becomes single spaces."""
    return " ".join(_NOT_IN_XML.sub("", DECEIVING.sub("", text)).split())
