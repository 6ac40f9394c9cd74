"""Read plain text files with one article each. The title, if there is one, is on the first line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.sources.datelines import is_date_line, with_date_of_text
from index.sources.encoding import decode
from index.sources.records import article_from_fields
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile

MAX_TITLE_CHARS = 250  # a longer first line is a paragraph, even with a blank line below it
MAX_UNSEPARATED_TITLE_CHARS = 120
SENTENCE_END = ".!?؟…۔؛;:،,"
CLOSING = "\"'”’»)]"


def read_text(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a .txt file, or a rejection if it is unusable."""
    try:
        text = without_blank_edges(whole_text(file.path, max_article_bytes))
        fields = with_date_of_text({}, text)
        title, text = split_title(text)
        if is_date_line(title):
            title, text = split_title(text)
        yield PlacedArticle(article_from_fields({**fields, "title": title}, text, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def whole_text(path: Path, max_bytes: int) -> str:
    r"""Return the text of a file that is one article.

    `\r\n` and `\r` become `\n` before any offset is computed. Raises OSError if the file cannot be read, and
    RejectedError if it is too large, blank or not text.
    """
    text = decode(whole_bytes(path, max_bytes))
    if not text.strip():
        raise RejectedError("holds blank lines only; write an article into it, or remove it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def whole_bytes(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file that is one article.

    Raises OSError if the file cannot be read, and RejectedError if it is empty or too large.
    """
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if not data:
        raise RejectedError("is empty; write an article into it, or remove it")
    if len(data) > max_bytes:
        raise RejectedError(f"is larger than the {max_bytes:,} bytes of one article; split it")
    return data


def without_blank_edges(text: str) -> str:
    """Remove blank lines from the start and end of `text`. The first line that is left keeps its indent."""
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = text.find("\n", len(text.rstrip()))
    return text[start:] if end < 0 else text[start:end]


def split_title(text: str) -> tuple[str, str]:
    """Return `(title, text)`: the title and the text after it. Without a title, return "" and the whole text.

    The first line is the title if a blank line follows. It is also the title if it is short, ends without punctuation,
    and the next line is at least twice as long. `text` must not start or end with blank lines.
    """
    first_line, _, rest = text.partition("\n")
    title, next_line = first_line.strip(), rest.partition("\n")[0].strip()
    if not rest:
        return "", text
    is_short_and_open = len(title) <= MAX_UNSEPARATED_TITLE_CHARS and not title.rstrip(CLOSING).endswith(
        tuple(SENTENCE_END)
    )
    if (not next_line and len(title) <= MAX_TITLE_CHARS) or (is_short_and_open and len(next_line) >= 2 * len(title)):
        return title, without_blank_edges(rest)
    return "", text
