"""Read the entries of a fetched feed, in the resource-limited process that also reads documents."""

from __future__ import annotations

import atexit
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.sources.canonical import address_id
from index.sources.feeds import MAX_FEED_BYTES, FeedEntry, article_of_entry, parse_feed
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_bytes
from index.sources.types import MAX_ARTICLE_BYTES, PlacedArticle, Reader, SourceFile
from index.sources.worker.parent import Reading
from index.types import Article

# A longer key of an entry is replaced by its hash: keys are remembered.
MAX_KEY_CHARS = 500
# Key of an article's metadata that carries the other facts about its feed entry from the reading process to this one.
ENTRY_FACTS = "polled_entry"


@dataclass(frozen=True, slots=True)
class PolledEntry:
    """One entry of a feed.

    `key` identifies the entry within its feed, and `digest` changes whenever the entry does. `article` is None when the
    entry does not carry a usable whole article. In that case `fault` is the reason for rejecting the entry, or "" if
    the article is to be read from the page at `link`.
    """

    key: str
    digest: str
    link: str
    published: str
    article: Article | None
    fault: str


@dataclass(frozen=True, slots=True)
class PolledFeed:
    """The entries of a feed, and for how many seconds the feed asks not to be fetched again.

    `fault` is the reason why further entries were not read, or empty if all were.
    """

    entries: tuple[PolledEntry, ...]
    ttl_s: int
    fault: str = ""


def read_polled_feed(content: bytes, *, address: str, content_type: str) -> PolledFeed:
    """Read a feed that was fetched from `address` and sent as `content_type`.

    Raises RejectedError when no entry can be read.
    """
    with tempfile.TemporaryDirectory(prefix="musnad-") as folder:
        path = Path(folder, "feed.xml")
        path.write_bytes(content)
        file = SourceFile(path, "", is_named=True, address=address, content_type=content_type)
        outcomes = list(_READING.read(file, max_article_bytes=MAX_ARTICLE_BYTES))
    entries, ttl_s, fault = list[PolledEntry](), 0, ""
    for outcome in outcomes:
        if isinstance(outcome, Rejection):
            fault = fault or outcome.reason
            continue
        metadata = dict(outcome.article.metadata)
        about = metadata.pop(ENTRY_FACTS)
        ttl_s = about["ttl_s"]
        article = replace(outcome.article, metadata=metadata) if about["is_whole"] and not about["fault"] else None
        entries.append(PolledEntry(about["key"], about["digest"], outcome.article.url, outcome.article.published,
                                   article, about["fault"]))
    if fault and not entries:
        raise RejectedError(fault)
    return PolledFeed(tuple(entries), ttl_s, fault)


def read_entries(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Read each entry of a feed as an article with `ENTRY_FACTS` in its metadata.

    An entry without a whole article becomes a placeholder article.
    """
    del max_article_bytes  # the caller checks the size of each article
    try:
        feed = parse_feed(whole_bytes(file.path, MAX_FEED_BYTES), address=file.address, content_type=file.content_type)
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason)
        return
    for entry in feed.entries:
        article = Article(address_id(entry.link), "-", url=entry.link, published=entry.published)
        fault = entry.fault
        if entry.is_whole and not fault:
            try:
                article = article_of_entry(entry, feed)
            except RejectedError as error:
                fault = error.reason
        about = {"key": _key(entry), "digest": _digest(entry), "is_whole": entry.is_whole,
                 "fault": fault, "ttl_s": feed.ttl_s}
        yield PlacedArticle(replace(article, metadata={**article.metadata, ENTRY_FACTS: about}))
    if feed.too_many:
        yield Rejection(file.path, None, feed.too_many)


def _key(entry: FeedEntry) -> str:
    key = f"{entry.entry_id} {entry.link}"
    return key if len(key) <= MAX_KEY_CHARS else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(entry: FeedEntry) -> str:
    """Hash what the entry says, without its guid: some publishers give each entry a new one at every reading.

    The version in front makes this program take in once more what an earlier version took in (docs/trust.md).
    """
    fields = ("2", entry.link, entry.title, entry.published, entry.updated, entry.author, entry.html)
    return hashlib.sha256("\0".join(fields).encode("utf-8", "surrogatepass")).hexdigest()[:16]


READERS: dict[str, Reader] = {".xml": read_entries}

_READING = Reading(readers="index.intake.polled_feeds:READERS")
atexit.register(_READING.close)
