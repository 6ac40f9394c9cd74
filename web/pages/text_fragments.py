"""Link to a quote on its publisher's page, with a text fragment (WICG, `#:~:text=`)."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

# Name a longer quote by its first and last words: markup may break up the words between, or they may differ.
MAX_WHOLE_CHARS = 80
EDGE_WORDS = 5


def with_text_fragment(url: str, quoted: str) -> str:
    """Return an address that scrolls to `quoted` and highlights it, or `url` itself if `quoted` is blank.

    A browser that does not know text fragments, or does not find the text, opens the page at its top.
    """
    words = quoted.split()
    if not words:
        return url
    whole = " ".join(words)
    is_short = len(whole) <= MAX_WHOLE_CHARS or len(words) < 2 * EDGE_WORDS
    parts = [whole] if is_short else [" ".join(words[:EDGE_WORDS]), " ".join(words[-EDGE_WORDS:])]
    address, fragment = urldefrag(url)
    return f"{address}#{fragment}:~:text={','.join(map(_encoded, parts))}"


def _encoded(text: str) -> str:
    """Percent-encode a text, and its hyphens too: a hyphen has a meaning of its own in a text fragment."""
    return quote(text, safe="").replace("-", "%2D")
