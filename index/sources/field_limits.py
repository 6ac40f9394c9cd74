"""Limits for each field of an article, so that no field of one record can make a build or an answer costly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from index.language.sentences import split_sentences
from index.sources.rejections import RejectedError

MAX_TITLE_CHARS = 2000
MAX_AUTHOR_CHARS = 2000
MAX_SOURCE_CHARS = 500
MAX_LANGUAGE_CHARS = 100
# Longer addresses are not fetched either, see `index.sources.fetch.targets`.
MAX_ADDRESS_CHARS = 4096
# All metadata of an article together, written as JSON.
MAX_METADATA_CHARS = 1024 * 1024
# A vector of 1.5 kB is computed for each sentence, and an article's are in memory together.
MAX_SENTENCES = 50_000

# `url` is absent: an address that is too long is kept in the metadata, like any other that is not fit for a link.
MAX_CHARS = {"title": MAX_TITLE_CHARS, "author": MAX_AUTHOR_CHARS, "source": MAX_SOURCE_CHARS,
             "language": MAX_LANGUAGE_CHARS}


def check_chars(key: str, value: str) -> None:
    """Raise RejectedError if the string field is longer than `MAX_CHARS` allows."""
    max_chars = MAX_CHARS.get(key)
    if max_chars is not None and len(value) > max_chars:
        raise RejectedError(f"'{key}' is {len(value):,} characters long; give at most {max_chars:,}")


def check_metadata_chars(metadata: Mapping[str, Any]) -> None:
    """Raise RejectedError if the metadata is longer than `MAX_METADATA_CHARS`; it names the longest key."""
    if not metadata:
        return
    sizes = {key: len(key) + len(json.dumps(value, ensure_ascii=False)) for key, value in metadata.items()}
    if sum(sizes.values()) > MAX_METADATA_CHARS:
        longest = max(sizes, key=lambda key: sizes[key])
        raise RejectedError(f"its metadata is {sum(sizes.values()):,} characters long, most of it in {longest[:80]!a}; "
                            f"give at most {MAX_METADATA_CHARS:,}")


def check_sentences(text: str) -> None:
    """Raise RejectedError if the text has more than `MAX_SENTENCES` sentences."""
    if len(text) < 2 * MAX_SENTENCES:  # a sentence has a character and something between it and the next
        return
    count = len(split_sentences(text))
    if count > MAX_SENTENCES:
        raise RejectedError(f"'text' has {count:,} sentences; give at most {MAX_SENTENCES:,}, or split it")
