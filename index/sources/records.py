"""Make an Article from the fields of one record. Types, dates, addresses and ids are checked alike for every reader."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from index.sources.canonical import address_id, canonical_address
from index.sources.field_limits import MAX_ADDRESS_CHARS, check_chars, check_metadata_chars, check_sentences
from index.sources.instants import iso_instant
from index.sources.rejections import RejectedError
from index.types import Article

STRING_FIELDS = ("url", "source", "title", "author", "language")
FIELDS = frozenset(("id", "text", "published", *STRING_FIELDS))
# Keys under which other programs keep the day of publication, the most explicit first. Not among them: the days on
# which a record was made, fetched or changed.
DATE_KEYS = ("date_published", "datePublished", "published_at", "publishedAt", "published_date", "publishedDate",
             "publish_date", "publishDate", "publication_date", "publicationDate", "publishing_date", "pub_date",
             "pubDate", "pubdate", "date_publish", "date")
DATE_AS_READ = "published_as_read"
MAX_DATE_CHARS = 80  # of a date that is named because it is not read
MAX_ID_CHARS = 200
MAX_METADATA_DEPTH = 32

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
ID_FORBIDDEN = ("Cc", "Cs", "Zl", "Zp")  # Unicode categories: controls, surrogates, line and paragraph separators


def article_from_fields(fields: Mapping[str, Any], text: object, *, fallback_id: str = "") -> Article:
    """Make an article from `fields` and `text`. Raises RejectedError, with the key's name, if a field is not valid.

    A field beyond the limits of `index.sources.field_limits` is not valid.

    Without `published`, the first of `DATE_KEYS` gives the date. An unreadable date or `url` does not cause a
    rejection: the field stays empty, and the value goes to `metadata` as `published_as_read` or `url_as_read`. Unknown
    keys in `fields` go to `metadata` unchanged.

    The id is the given one, else a hash of the canonical url, else `fallback_id`, else a hash of title and text.
    """
    if text is None:
        raise RejectedError("'text' is missing; give the article's text as a string")
    if not isinstance(text, str):
        raise RejectedError(f"'text' is {kind_of(text)}; give a string")
    if not text.strip():
        raise RejectedError("'text' is blank; give the article's text")
    _check_storable("text", text)
    check_sentences(text)
    strings = {key: _string(fields, key) for key in STRING_FIELDS}
    metadata = {key: value for key, value in fields.items() if key not in FIELDS}
    if web_address(strings["source"]):  # trafilatura's records: the page's address, no name of a source
        strings["url"], strings["source"] = strings["url"] or strings["source"], ""
    raw_url = strings.pop("url")
    url = web_address(raw_url)
    if raw_url.strip() and not url:
        metadata["url_as_read"] = raw_url
    key, raw_published = _date_of(fields)
    published = _published(raw_published)
    if published and key != "published":
        del metadata[key]
    if not published and raw_published is not None and str(raw_published).strip():
        metadata[DATE_AS_READ] = raw_published
    for key, value in metadata.items():
        _check_storable(key, key)
        _check_metadata(key, value)
    check_metadata_chars(metadata)
    article_id = _id_of(fields, url, fallback_id) or short_hash(f"{strings['title']}\0{text}")
    _check_id(article_id)
    return Article(
        id=article_id, text=text, url=url, published=published, metadata=metadata, **strings
    )


def unread_date(article: Article) -> str:
    """Return the date of publication that was found and not read, as written; "" if there is none."""
    return "" if article.published else str(article.metadata.get(DATE_AS_READ, ""))[:MAX_DATE_CHARS]


def certain_id(fields: Mapping[str, Any], *, fallback_id: str = "") -> str:
    """Return the id of the article that `fields` would give, whatever its other faults; "" if the id is uncertain."""
    url = fields.get("url")
    try:
        article_id = _id_of(fields, web_address(url) if isinstance(url, str) else "", fallback_id)
        if article_id:
            _check_id(article_id)
    except RejectedError:
        return ""
    return article_id


def web_address(raw: str) -> str:
    """Return `raw` without surrounding white space if it is an http or https address fit for a link; else "".

    One with a user name is not: who reads https://one.example@two.example/ takes it for the address of another site.
    """
    address = raw.strip()
    if len(address) > MAX_ADDRESS_CHARS:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 host
        return ""
    is_clean = not any(character.isspace() or not character.isprintable() for character in address)
    return address if is_clean and "@" not in parts.netloc and canonical_address(address) else ""


def kind_of(value: object) -> str:
    """Return the name of a JSON value's type, for use in a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def _string(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RejectedError(f"'{key}' is {kind_of(value)}; give a string")
    check_chars(key, value)
    _check_storable(key, value)
    return value


def _published(value: object) -> str:
    if isinstance(value, (bool, list, dict)):
        raise RejectedError(f"'published' is {kind_of(value)}; give a string")
    _check_metadata("published", value)
    return iso_instant(value) if isinstance(value, (str, int, float)) else ""


def _date_of(fields: Mapping[str, Any]) -> tuple[str, Any]:
    """Return `(key, value)` of the date of publication, as written; `published` and None if there is none."""
    if fields.get("published") in (None, "") and DATE_AS_READ not in fields:
        for key in DATE_KEYS:
            value = fields.get(key)
            if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
                return key, value
    return "published", fields.get("published")


def _id_of(fields: Mapping[str, Any], url: str, fallback_id: str) -> str:
    return _given_id(fields.get("id")) or (address_id(url) if url else "") or fallback_id


def _given_id(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise RejectedError(f"'id' is {kind_of(value)}; give a string")
    if isinstance(value, float) and not math.isfinite(value):
        raise RejectedError("'id' is not a finite number; give a string")
    return str(value)


def _check_id(article_id: str) -> None:
    if len(article_id) > MAX_ID_CHARS:
        raise RejectedError(f"its id is {len(article_id)} characters long; give an 'id' of at most {MAX_ID_CHARS}")
    if not article_id.strip():
        raise RejectedError("'id' is blank; give one, or leave it out")
    if any(unicodedata.category(character) in ID_FORBIDDEN for character in article_id):
        raise RejectedError(f"its id {article_id!a} holds a control character; give an 'id' without any")


def _check_storable(key: str, value: str) -> None:
    """Raise RejectedError for NUL and lone surrogates, because other programs could not read them in UTF-8 text."""
    found = UNSTORABLE.search(value)
    if found is None:
        return
    what = "a NUL character" if found[0] == "\0" else f"half of a surrogate pair ({ascii(found[0])[1:-1]})"
    raise RejectedError(f"{key!a} holds {what} at character {found.start() + 1}; remove it")


def _check_metadata(key: str, value: object, depth: int = 1) -> None:
    if depth > MAX_METADATA_DEPTH:
        raise RejectedError(f"{key!r} is nested more than {MAX_METADATA_DEPTH} levels deep; flatten it")
    if isinstance(value, str):
        _check_storable(key, value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise RejectedError(f"{key!r} holds NaN or Infinity; write null or a string")
    elif isinstance(value, list):
        for element in value:
            _check_metadata(key, element, depth + 1)
    elif isinstance(value, dict):
        for inner_key, element in value.items():
            _check_storable(key, inner_key)
            _check_metadata(key, element, depth + 1)


def short_hash(text: str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
