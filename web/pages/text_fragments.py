"""Links that scroll a publisher's own page to a quote: text fragments (WICG, `#:~:text=`)."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

# A longer quote is named by its first and last words: what stands between may be broken up by markup, or differ.
MAX_WHOLE_CHARS = 80
EDGE_WORDS = 5


def with_text_fragment(url: str, quoted: str) -> str:
    """The address of a page with the directive to scroll to `quoted` and highlight it; `url` where that is blank.

    A browser that does not know the directive, or does not find the text, opens the page at its top.
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
    """Percent-encoded, the hyphen too: it has a meaning of its own in the directive."""
    return quote(text, safe="").replace("-", "%2D")
