"""Plain text files: one article each, its title on the first line if it has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.sources.encoding import decode
from index.sources.records import article_from_fields
from index.sources.types import PlacedArticle, RejectedError, Rejection, SourceFile

MAX_TITLE_CHARS = 250  # a longer first line is a paragraph, even with a blank line below it
MAX_UNSEPARATED_TITLE_CHARS = 120
SENTENCE_END = ".!?؟…۔؛;:،,"
CLOSING = "\"'”’»)]"


def read_text(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """The one article of a .txt file."""
    try:
        title, text = split_title(without_blank_edges(whole_text(file.path, max_article_bytes)))
        yield PlacedArticle(article_from_fields({"title": title}, text, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, file.article_id)


def whole_text(path: Path, max_bytes: int) -> str:
    r"""The text of a file that is one article. `\r\n` and `\r` become `\n` here, before anything counts offsets.

    Raises OSError, and RejectedError when there is too much of it, too little, or it is no text.
    """
    text = decode(whole_bytes(path, max_bytes))
    if not text.strip():
        raise RejectedError("holds blank lines only; write an article into it, or remove it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def whole_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a file that is one article. Raises OSError, and RejectedError when it is empty or too large."""
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if not data:
        raise RejectedError("is empty; write an article into it, or remove it")
    if len(data) > max_bytes:
        raise RejectedError(f"is larger than the {max_bytes:,} bytes of one article; split it")
    return data


def without_blank_edges(text: str) -> str:
    """`text` without the blank lines before and after it. Its first line keeps its indent."""
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = text.find("\n", len(text.rstrip()))
    return text[start:] if end < 0 else text[start:end]


def split_title(text: str) -> tuple[str, str]:
    """The title and what follows it, or no title and all of `text`.

    The first line is the title if a blank line follows it, or if it is short, ends without a mark and the next line
    is at least twice as long. `text` has no blank edges.
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
