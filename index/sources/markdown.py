"""Read Markdown files with one article each. The title is in YAML front matter or in a first heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from index.sources.datelines import with_date_of_text
from index.sources.records import DATE_KEYS, FIELDS, MAX_METADATA_DEPTH, article_from_fields, certain_id
from index.sources.rejections import RejectedError, Rejection
from index.sources.text import whole_text, without_blank_edges
from index.sources.types import PlacedArticle, SourceFile

MAX_FRONT_MATTER_CHARS = 64 * 1024
OPENING = re.compile(r"(?:[ \t]*\n)*---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
HEADING = re.compile(r" {0,3}#[ \t]+(\S.*)")
NULL, TIMESTAMP = "tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp"


def read_markdown(file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
    """Yield the article of a .md file. Its text keeps the markup, so that offsets fit the text as written."""
    certain = ""  # until the front matter is read, it may still name an id
    try:
        fields, body = split_front_matter(whole_text(file.path, max_article_bytes))
        certain = certain_id(fields, fallback_id=file.article_id)
        if not fields.get("title"):
            title, body = split_heading(body)
            fields = {**fields, "title": title}
        if not body:
            raise RejectedError("has no text below its front matter; write the article there")
        if not any(fields.get(key) for key in ("published", *DATE_KEYS)):
            fields = with_date_of_text(fields, body)
        yield PlacedArticle(article_from_fields(fields, body, fallback_id=file.article_id))
    except RejectedError as error:
        yield Rejection(file.path, error.line, error.reason, certain)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return `(fields, text)`: the fields between a first line `---` and the next `---` or `...`, and the text below.

    Raises RejectedError with the faulty line's number if the fields are not valid.
    """
    opening = OPENING.match(text)
    if opening is None:
        return {}, without_blank_edges(text)
    opening_line = text.count("\n", 0, opening.end())
    closing = CLOSING.search(text, opening.end(), opening.end() + MAX_FRONT_MATTER_CHARS)
    if closing is None:
        raise RejectedError(
            f"opens front matter that does not end within {MAX_FRONT_MATTER_CHARS:,} characters; "
            f"close it with a line of ---",
            line=opening_line,
        )
    fields = parse_front_matter(text[opening.end() : closing.start()], first_line=opening_line + 1)
    return fields, without_blank_edges(text[closing.end() :])


def split_heading(text: str) -> tuple[str, str]:
    """Return `(title, text)`: the title in a first line `# title`, and the text below it.

    If the first line is not such a title, return "" and the whole text.
    """
    heading = HEADING.match(text)
    if heading is None or heading.end() == len(text):
        return "", text
    title = heading[1].rstrip()
    without_closing = title.rstrip("#")
    if without_closing.endswith((" ", "\t")):  # `# title ##`, but not `# C#`
        title = without_closing.rstrip()
    return title, without_blank_edges(text[heading.end() :])


def parse_front_matter(front_matter: str, *, first_line: int) -> dict[str, Any]:
    """Parse YAML as a dict of JSON values. Dates become ISO 8601 strings.

    `first_line` is the number, in the file, of the first line of `front_matter`. Raises RejectedError with the file's
    line number if the YAML is not valid.

    The values of an article's own fields are kept as written: `title: 1984` and `language: no` are strings. Anchors,
    aliases and tags are refused, because a few lines of them can unfold into gigabytes, and no article needs them.
    """
    try:
        _refuse_what_no_article_needs(front_matter)
        root = yaml.compose(front_matter, Loader=yaml.SafeLoader)
        return _fields(root) if root is not None else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem, line = error.problem or error.context, mark.line if mark else 0
    except yaml.reader.ReaderError as error:
        problem = f"the character U+{error.character:04X} is not allowed"
        line = front_matter.count("\n", 0, error.position)
    raise RejectedError(f"has broken front matter ({problem}); correct it", line=first_line + line)


def _refuse_what_no_article_needs(front_matter: str) -> None:
    depth = 0
    for event in yaml.parse(front_matter, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _error("anchors and aliases are not read", event)
        if getattr(event, "tag", None):
            raise _error("tags are not read", event)
        if depth > MAX_METADATA_DEPTH:
            raise _error(f"nested more than {MAX_METADATA_DEPTH} levels deep", event)


def _fields(root: Any) -> dict[str, Any]:
    if not isinstance(root, yaml.MappingNode):
        raise _error("not lines of 'key: value'", root)
    constructor = yaml.SafeLoader("")
    fields: dict[str, Any] = {}
    for key_node, node in root.value:
        key = _key(key_node)
        if key == "text":
            raise _error("the text goes below it, not into a 'text'", key_node)
        is_as_written = key in FIELDS and isinstance(node, yaml.ScalarNode) and node.tag not in (NULL, TIMESTAMP)
        fields[key] = node.value if is_as_written else _value(constructor, node)
    return fields


def _key(node: Any) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _error("a key must be a word", node)
    return str(node.value)


def _value(constructor: Any, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_key(key): _value(constructor, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(constructor, element) for element in node.value]
    try:
        value = constructor.construct_object(node)
    except ValueError:  # a 31st of February, a number of 5,000 digits
        return node.value
    return value.isoformat() if node.tag == TIMESTAMP else value


def _error(problem: str, event_or_node: Any) -> Exception:
    error: Exception = yaml.MarkedYAMLError(problem=problem, problem_mark=event_or_node.start_mark)
    return error
