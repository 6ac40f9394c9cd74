"""Read RSS and Atom (.xml, .rss, .atom): entries that contain the whole article, and links to other articles."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from index.sources.author_names import author_names
from index.sources.canonical import address_id, repaired_address
from index.sources.declared import decode_declared
from index.sources.encoding import EncodingError
from index.sources.field_limits import MAX_ADDRESS_CHARS, MAX_SOURCE_CHARS
from index.sources.furniture import without_furniture
from index.sources.html import blocks_of_fragment, text_of_fragment
from index.sources.instants import MAX_CHARS, iso_instant
from index.sources.records import article_from_fields, web_address
from index.sources.rejections import RejectedError, Rejection
from index.sources.teasers import Carried, is_whole, longer
from index.sources.text import whole_bytes
from index.sources.types import PlacedArticle, SourceFile
from index.sources.xml_trees import DECLARATION, DOCUMENT_TYPE, ENTITY_DECLARATION
from index.types import Article

MAX_FEED_BYTES = 50 * 1024 * 1024
MAX_FEED_ENTRIES = 10_000
PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed.

    `link` is absolute or empty. `published` and `updated` are in ISO 8601 or empty; `unread_date` is what
    the feed gives as the date instead, as written, if that is not read. `author` names people; `account` is
    what the feed says of its author, be it the name of an account. `html` is the entry's text, and `is_whole` tells
    whether that text is the whole article. `fault` says why the entry cannot be read, or is empty.
    """

    entry_id: str
    link: str
    title: str
    published: str
    updated: str
    author: str
    account: str
    html: str
    is_whole: bool
    fault: str = ""
    unread_date: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. `ttl_s` is for how many seconds the feed declares itself fresh, or 0 if it declares nothing.

    `left_out` counts the entries beyond `MAX_FEED_ENTRIES`, which are not in `entries`.
    """

    title: str
    language: str
    entries: tuple[FeedEntry, ...]
    ttl_s: int
    left_out: int = 0

    @property
    def too_many(self) -> str:
        """Why some entries were left out; empty if none were."""
        read = len(self.entries)
        return (f"has {read + self.left_out:,} entries, of which the first {read:,} are read; split it"
                if self.left_out else "")


def read_feed(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of each entry in an RSS or Atom file, or a rejection if the entry lacks the whole article."""
    del max_article_bytes  # the caller checks the size of each article
    try:
        feed = parse_feed(whole_bytes(file.path, MAX_FEED_BYTES), address=file.address, content_type=file.content_type)
        if not feed.entries:
            raise RejectedError("is a feed without an entry; fetch it again")
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason)
        return
    for number, entry in enumerate(feed.entries, start=1):
        article_id = address_id(entry.link) if entry.link else ""
        if entry.fault:
            yield Rejection(file.path, None, f"has a fault in its entry {number}: {entry.fault}")
            continue
        if not entry.is_whole:
            yield Rejection(file.path, None, f"carries only a teaser of its entry {number} ('{entry.title[:80]}'); "
                                             f"poll the feed by its address, which reads the pages too", article_id)
            continue
        try:
            yield PlacedArticle(article_of_entry(entry, feed))
        except RejectedError as error:
            yield Rejection(file.path, None, f"has a fault in its entry {number}: {error.reason}", article_id)
    if feed.too_many:
        yield Rejection(file.path, None, feed.too_many)


def parse_feed(content: bytes, *, address: str = "", content_type: str = "") -> Feed:
    """Parse a feed that was fetched from `address`. Nothing more is fetched. Raises RejectedError if it is not a feed.
    """
    import feedparser  # a fifth of a second

    try:
        text = DECLARATION.sub("", decode_declared(content, content_type=content_type)).lstrip("\ufeff \t\r\n")
    except EncodingError as error:
        raise RejectedError(error.reason) from None
    if ENTITY_DECLARATION.search(text):
        raise RejectedError("declares XML entities, which are not read; write the characters themselves")
    if not ROOT.search(text[:4096]):
        raise RejectedError("is neither RSS nor Atom; if it is a sitemap or a page, name it by its address")
    parsed = feedparser.parse(DOCUMENT_TYPE.sub("", text).encode("utf-8", "replace"), resolve_relative_uris=False,
                              sanitize_html=False, response_headers={"content-type": "application/xml; charset=utf-8"})
    about = parsed.get("feed", {})
    title, found = _line(about.get("title")), parsed.get("entries", [])
    if len(title) > MAX_SOURCE_CHARS:  # said once, and not for each entry
        raise RejectedError(f"has a title of {len(title):,} characters; give at most {MAX_SOURCE_CHARS:,}")
    entries = [_entry(entry, address) for entry in found[:MAX_FEED_ENTRIES]]
    return Feed(title, _line(about.get("language")), tuple(entries), _ttl_s(about), len(found) - len(entries))


def article_of_entry(entry: FeedEntry, feed: Feed) -> Article:
    """Return the article in an entry. Raises RejectedError if the entry has no usable text."""
    fields: dict[str, Any] = {
        "title": entry.title, "url": entry.link, "source": feed.title,
        "published": entry.published or entry.unread_date, "author": entry.author, "language": feed.language}
    if entry.updated and entry.updated != entry.published:
        fields["modified"] = entry.updated
    text = text_of_fragment(entry.html, title=entry.title, author=", ".join((entry.author, entry.account)))
    return article_from_fields(fields, text, fallback_id=_guid_id(entry.entry_id))


def _entry(entry: Any, address: str) -> FeedEntry:
    contents = [one.get("value") or "" for one in entry.get("content", ())]
    content, description = (Carried(markup, without_furniture(blocks_of_fragment(markup)))
                            for markup in (max(contents, key=len, default=""), entry.get("summary") or ""))
    carried = longer(content, description).markup
    # A plain dictionary's `get`: feedparser's own would answer `updated` with `published`.
    dates = [_line(dict.get(entry, key)) for key in ("published", "updated")]
    published, updated = map(iso_instant, dates)
    # Publishers forget to declare that a guid is not an address, so use only a guid that looks like one.
    is_guid = entry.get("guidislink") and entry.get("link") == entry.get("id")
    link = _absolute(entry.get("link") or "", "" if is_guid else address)
    title = " ".join(block.text for block in blocks_of_fragment(entry.get("title") or ""))
    authors = [one for one in entry.get("authors", ()) if one]
    # feedparser cuts addresses with a long ending in two, but keeps the last author as written.
    names = [_line(one.get("name")) for one in authors] if len(authors) > 1 else [_line(entry.get("author"))]
    return FeedEntry(
        entry_id=_line(entry.get("id")) or link or _hash(f"{title}\0{carried}"), link=link, title=title,
        published=published or updated, updated=updated,
        author=author_names(names), account=", ".join(names), html=carried,
        is_whole=not link or is_whole(content, description),   # without a link there is no page to read instead
        fault=_fault(len(entry.get("link") or "")),
        unread_date="" if published or updated else (dates[0] or dates[1])[:MAX_CHARS])


def _fault(link_chars: int) -> str:
    return (f"its link is {link_chars:,} characters long; give one of at most {MAX_ADDRESS_CHARS:,}"
            if link_chars > MAX_ADDRESS_CHARS else "")


def _ttl_s(about: Any) -> int:
    ttl = str(about.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit():
        return 60 * int(ttl[:6])
    period = PERIODS_S.get(str(about.get("sy_updateperiod") or "").strip().lower(), 0)
    frequency = str(about.get("sy_updatefrequency") or "1").strip()
    return period // max(1, int(frequency[:4])) if frequency.isascii() and frequency.isdigit() else period


def _absolute(link: str, address: str) -> str:
    try:
        return web_address(repaired_address(urljoin(address, link.strip()))) if link.strip() else ""
    except ValueError:  # a broken IPv6 host
        return ""


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _guid_id(guid: str) -> str:
    """Return the id of an entry that has a guid and no link.

    A guid that is an address is hashed with a prefix, so that it never gives the id of the article at that address.
    Other guids cannot, and are hashed alone, which keeps the ids that earlier versions gave.
    """
    return _hash(f"guid\0{guid}" if "://" in guid else guid)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
