"""How many examples of a property are tried."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

USUAL = 100


def examples(count: int, **options: Any) -> settings:
    """Settings for `count` examples in a full run, and in a smaller profile for as much smaller a part of them."""
    current = settings()
    return settings(max_examples=max(1, count * current.max_examples // USUAL), **options)
