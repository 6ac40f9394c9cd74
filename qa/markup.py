"""Write a text into Markdown, XML, a reference or a cell of a table as it is, without its signs becoming markup."""

from __future__ import annotations

import re

# Invisible characters that can make text look like other text: direction overrides, embeddings and isolates, and tags.
# Joiners and plain direction marks stay: Persian and Urdu words, and many Arabic lines, are wrong without them.
DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# What XML 1.0 cannot hold (halves of surrogate pairs and two that are no characters), and the control characters, among
# them those above U+007F that a terminal obeys.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Signs of markup in CommonMark and its dialects (mathematics, superscript, references of HTML, pictures by name, and in
# pairs marks, comments and blocks), and those of addresses that many programs make a link of without any.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~@$^]|&(?=[#\w])|:(?=[\w+-]+:)|([=+%:/])(?=\1)|(?<=www)\.|(?<=\w)\.(?=[^\W\d_])",
                    re.IGNORECASE)
# GitHub makes a link of one even if its sign is escaped, but not in code.
_MAIL = re.compile(r"((?<![\w.+-])[\w.+-]+@[\w.-]*\w)")
# The start of a line that would make it a list, a heading, a rule or a definition.
_START = re.compile(r"^(\d+(?=[.)])|(?=[-+=:]))")
# What opens an element of HTML.
_OPENS_ELEMENT = re.compile(r"<(?=[A-Za-z/!?])")
# Where a spreadsheet begins a cell: at the start, and behind a semicolon, which many languages divide cells by.
_OPENS_FORMULA = re.compile(r"((?:^|;)[\s\"]*'*)(?=[-=+@＝＋－＠])")


def in_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line, without characters that deceive; addresses of mail stand as code."""
    parts = _MAIL.split(in_a_line(text))  # what stands between addresses, and at each odd index an address
    escaped = "".join(f"`{part}`" if number % 2 else _SIGNS.sub(r"\\\g<0>", part) for number, part in enumerate(parts))
    return _START.sub(r"\1\\", escaped)


def without_elements(text: str) -> str:
    """Write a text on one line for programs that take `<b>` for markup and know no way to escape it.

    A space behind the angle bracket keeps it a sign.
    """
    return _OPENS_ELEMENT.sub("< ", in_a_line(text))


def in_a_cell(text: str) -> str:
    """Write a text on one line in which a spreadsheet finds no formula.

    An apostrophe stands before each sign that would begin one, so the text comes back without one of those before it.
    """
    return _OPENS_FORMULA.sub(r"\1'", in_a_line(text))


def in_a_line(text: str) -> str:
    """Remove the characters that XML cannot hold and those that deceive; white space becomes single spaces."""
    return " ".join(_NOT_IN_XML.sub("", DECEIVING.sub("", text)).split())
