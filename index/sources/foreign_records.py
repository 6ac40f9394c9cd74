"""Read records of other programs: find the text, address, title and author under the names that they use.

The names are those of trafilatura, newspaper, news-please, Common Crawl extractions, Scrapy's examples and schema.org.
"""

from __future__ import annotations

import re
from typing import Any

# For each field, the other names that it goes by, the most explicit first.
OTHER_NAMES = {
    "text": ("plain_text", "article_text", "articleBody", "article_body", "maintext", "full_text", "content", "body",
             "raw_text"),
    "url": ("requested_url", "canonical_url", "article_url", "link", "permalink"),
    "title": ("headline", "name"),
    "author": ("authors", "byline"),
    "source": ("site_name", "sitename", "publisher", "outlet"),
}
HAS_MARKUP = re.compile(r"<(?:p|br|div|span|h[1-6])\b[^<>]*>", re.IGNORECASE)


def with_known_names(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the fields it lacks taken from the other names that they go by.

    A text under another name may be HTML, and becomes plain. A list of authors is joined. Raises RejectedError if that
    HTML is nested too deeply.
    """
    known = dict(record)
    for field, names in OTHER_NAMES.items():
        if known.get(field) not in (None, ""):
            continue
        for name in names:
            if value := _string(known.get(name)):
                known[field] = _without_markup(value) if field == "text" and HAS_MARKUP.search(value) else value
                del known[name]
                break
    return known


def _string(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return ", ".join(each.strip() for each in value if each.strip())
    return value if isinstance(value, str) and value.strip() else ""


def _without_markup(text: str) -> str:
    # Imported here, since the server takes records too, and few of them have markup.
    from index.sources.html import text_of_fragment

    return text_of_fragment(text)
