"""Find what makes filters admit nothing: a source that no article has, or a time in which none was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from qa.notice import Notice
from qa.retrieve.retriever import allowed_articles
from qa.types.filters import Filters

# Names of sources that are offered instead of an unknown one, and how much of it they must share (difflib's ratio).
MAX_NEAREST, MIN_NEARNESS = 3, 0.5
# With this many sources or fewer, all are offered where none is near.
FEW_SOURCES = 5
# More unknown sources than this are not named.
MAX_UNKNOWN = 5


def notices_of(snapshot: Snapshot, filters: Filters) -> tuple[Notice, ...]:
    """List what in the filters admits no article of the index, and whether they leave out articles for want of a date.
    """
    if filters == Filters():
        return ()
    sources = source_names(snapshot)
    known = tuple(source for source in filters.sources if source in frozenset(sources) or source == "")
    unknown = [source for source in dict.fromkeys(filters.sources) if source not in known][:MAX_UNKNOWN]
    found = tuple(Notice("unknown_source", source, nearest_names(source, sources)) for source in unknown)
    if (filters.sources and not known) or (filters.published_from is None and filters.published_to is None):
        return found
    days = _days(snapshot, Filters(sources=known))
    if not len(days):
        return (*found, Notice("undated_articles"))
    allowed = allowed_articles(snapshot, replace(filters, sources=known))
    if allowed is None or allowed.any():
        undated = _undated(snapshot, Filters(sources=known))
        return (*found, Notice("undated_left_out", count=undated)) if undated else found
    first, last = date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))
    return (*found, Notice("no_articles_then", first=first, last=last))


def has_dates(snapshot: Snapshot) -> bool:
    """Tell whether any article has a day of publication."""
    return bool(snapshot.articles.published_days.any() or snapshot.histories.other_days.any())


def source_names(snapshot: Snapshot) -> tuple[str, ...]:
    """List the names of the sources, sorted."""
    return tuple(sorted({*snapshot.articles.sources, *snapshot.histories.other_sources} - {""}))


def nearest_names(source: str, names: Sequence[str]) -> tuple[str, ...]:
    """List the names most like `source`, nearest first; all of them if there are few and none is like it."""
    wanted = normalise(source)
    near = sorted(((_nearness(wanted, normalise(name)), name) for name in names), key=lambda each: (-each[0], each[1]))
    found = tuple(name for nearness, name in near if nearness >= MIN_NEARNESS)[:MAX_NEAREST]
    return found or (tuple(names) if len(names) <= FEW_SOURCES else ())


def _nearness(one: str, other: str) -> float:
    """Return how alike two normalised names are, 0 to 1; a name within the other is near."""
    if one and other and (one in other or other in one):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _undated(snapshot: Snapshot, filters: Filters) -> int:
    """Count the articles from the filters' sources of which no copy has a day of publication."""
    articles, histories = snapshot.articles, snapshot.histories
    has_day = articles.published_days > 0
    has_day[histories.other_rows[histories.other_days > 0]] = True
    allowed = allowed_articles(snapshot, filters)
    return int((~has_day if allowed is None else allowed & ~has_day).sum())


def _days(snapshot: Snapshot, filters: Filters) -> NDArray[np.int32]:
    """Return the days of publication of the articles from the filters' sources, as ordinals, without the unknown."""
    articles, histories = snapshot.articles, snapshot.histories
    allowed = allowed_articles(snapshot, filters)
    own = articles.published_days if allowed is None else articles.published_days[allowed]
    others = histories.other_days if allowed is None else histories.other_days[allowed[histories.other_rows]]
    days = np.concatenate((own, others))
    return days[days > 0]
