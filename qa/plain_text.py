"""Tell whether text from outside is text."""

from __future__ import annotations

import unicodedata


def is_plain_text(text: str) -> bool:
    """Tell whether a text has no lone surrogates, and no control characters but tabs and line ends."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r" for character in text)
