"""Origins: the scheme, host and port that a page comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


def parse_origin(text: str) -> str:
    """Read an origin, `https://example.org` or `http://localhost:3000`, or `*` for all. Raises ValueError."""
    origin = text.removesuffix("/")
    if origin != "*" and not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{text!r} is not an origin; write https://example.org or http://localhost:3000, without a "
                         "path or a wildcard, or * for all")
    return origin


def is_allowed(origin: str, origins: Sequence[str]) -> bool:
    """Tell whether an origin is one of those that `parse_origin` returned."""
    return "*" in origins or origin.casefold() in map(str.casefold, origins)
