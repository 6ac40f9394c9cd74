"""Filters: which articles and passages are searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.types import Article


@dataclass(frozen=True, slots=True, eq=False)
class PassageMask:
    """Which passages of one snapshot to search: `rows` (passages,) bool. Two are equal only if they are the same."""

    rows: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to search. Both days are included; an undated article passes no date filter.

    `sources` names sources exactly as the articles do; empty means every source. `passages` are the only passages of
    one snapshot to search; None means every one.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: tuple[str, ...] = ()
    passages: PassageMask | None = None

    def admit(self, article: Article) -> bool:
        """Tell whether the article passes the filters."""
        day = article.published_on
        return ((not self.sources or article.source in self.sources)
                and (self.published_from is None or (day is not None and day >= self.published_from))
                and (self.published_to is None or (day is not None and day <= self.published_to)))


NO_FILTERS = Filters()
