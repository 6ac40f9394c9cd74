"""Convert articles to and from lines of JSON, and hash them to tell their revisions apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

from index.types import Article

# Keys of a record that are fields of `Article`; all other keys are metadata, as in the files `build_index.py` reads.
_FIELDS = tuple(field.name for field in fields(Article) if field.name != "metadata")


def record_line(article: Article) -> bytes:
    """Return the article as one line of JSON in UTF-8, with a line end."""
    record = {**article.metadata, **{name: getattr(article, name) for name in _FIELDS}}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def article_of(line: bytes) -> Article:
    """Return the article that `record_line` wrote as this line."""
    record = json.loads(line)
    return Article(**{name: record.pop(name) for name in _FIELDS}, metadata=record)


def revision_of(article: Article) -> str:
    """Return the SHA-256 of the whole record, in hexadecimal: any change gives another revision."""
    return hashlib.sha256(record_line(article)).hexdigest()


def content_of(article: Article) -> str:
    """Return the SHA-256 of title and text, in hexadecimal: equal for records with the same title and text."""
    return hashlib.sha256(f"{article.title}\0{article.text}".encode()).hexdigest()
