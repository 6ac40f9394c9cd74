"""Remove articles by their ids, as DELETE /api/articles does: from everybody who brought them, and for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.errors import NoSnapshotError
from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox


def remove_articles(index_dir: Path, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """Accept the withdrawal of each id that the index or its inbox has; return the ids removed and those not found.

    Once this returns, the withdrawals survive a crash; the next build carries them out. Raises OSError when the disk is
    full or fails, and IndexingError if the index cannot be opened.
    """
    inbox, held, applied = Inbox(index_dir), frozenset[str](), frozenset[str]()
    try:
        snapshot = open_snapshot(index_dir)
    except NoSnapshotError:
        if not inbox.names():
            raise
    else:
        held = frozenset(ids) & {*snapshot.articles.rows, *snapshot.histories.rows}
        applied = frozenset(snapshot.applied)
    # Whether the last waiting entry of an id brings an article.
    waiting = {entry.withdrawn_id if entry.article is None else entry.article.id: entry.article is not None
               for entry in inbox.entries() if entry.name not in applied}
    unique = list(dict.fromkeys(ids))
    found = [article_id for article_id in unique if waiting.get(article_id, article_id in held)]
    for article_id in found:
        inbox.withdraw(article_id)
    return found, [article_id for article_id in unique if article_id not in found]
