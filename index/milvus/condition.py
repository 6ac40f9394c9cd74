"""Write which passages a search may return as a filter of Milvus, which is applied before ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.milvus.layout import ARTICLE, DAY, ROW, SOURCE
from index.search.allowed import Admitted, Allowed


def condition_of(allowed: Allowed | None, sources: Sequence[str]) -> str:
    """Return the filter; "" for all passages. `sources` are the generation's, in the order of their codes."""
    if allowed is None:
        return ""
    if isinstance(allowed, Admitted):
        return _of_filters(allowed, sources)
    # A mask that nobody made of filters: that of an evaluation, which takes an article out.
    return among(np.flatnonzero(allowed)) if allowed.mean() < 0.5 else f"not ({among(np.flatnonzero(~allowed))})"


def among(rows: Iterable[int], field: str = ROW) -> str:
    """Return the filter for these values of a field."""
    return f"{field} in [{','.join(str(int(row)) for row in rows)}]"


def _of_filters(admitted: Admitted, sources: Sequence[str]) -> str:
    conditions = []
    if admitted.sources:
        asked = frozenset(admitted.sources)
        conditions.append(among((code for code, source in enumerate(sources) if source in asked), SOURCE))
    if admitted.first_day:
        conditions.append(f"{DAY} >= {admitted.first_day}")
    if admitted.last_day:
        conditions.append(f"({DAY} > 0 and {DAY} <= {admitted.last_day})")
    own = " and ".join(conditions)
    return f"({own}) or {among(admitted.others, ARTICLE)}" if admitted.others else own
