"""How long a text to check may be as the body of a request: longer than other bodies."""

from __future__ import annotations

from qa.check.draft import MAX_TEXT_CHARS

# A character takes at most twelve bytes, as JSON's two \uXXXX or as four %XX of a form; the rest is for other fields.
MAX_DRAFT_BYTES = 12 * MAX_TEXT_CHARS + 8 * 1024
DRAFT_PATHS = frozenset((b"/api/check", b"/check", b"/check/export"))
