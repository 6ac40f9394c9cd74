"""An article as a line of JSON, and the hashes that tell its revisions apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

from index.types import Article

# The keys of a record; what else it holds is metadata, as in the files that `build_index.py` reads.
_FIELDS = tuple(field.name for field in fields(Article) if field.name != "metadata")


def record_line(article: Article) -> bytes:
    """The article as one line of JSON, with its line end."""
    record = {**article.metadata, **{name: getattr(article, name) for name in _FIELDS}}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def article_of(line: bytes) -> Article:
    """The article whose line this is."""
    record = json.loads(line)
    return Article(**{name: record.pop(name) for name in _FIELDS}, metadata=record)


def revision_of(article: Article) -> str:
    """SHA-256 of the whole record, in hexadecimal digits: any change makes another revision."""
    return hashlib.sha256(record_line(article)).hexdigest()


def content_of(article: Article) -> str:
    """SHA-256 of title and text, in hexadecimal digits: what two records share that say the same."""
    return hashlib.sha256(f"{article.title}\0{article.text}".encode()).hexdigest()
