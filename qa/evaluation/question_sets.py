"""Read files of questions with known answers: SQuAD, BEIR, and questions about an index's own articles."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from index.types import Article

Asked = TypeVar("Asked")
_GRADE = re.compile(r"-?\d+")


class QuestionSetError(ValueError):
    """The file is not a question set in the expected format."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the row of its context, and the answers that people marked there."""

    text: str
    context: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Distinct contexts as articles, and the questions about them."""

    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query, and the grade, above 0, of each document that people judged relevant, by the document's id."""

    text: str
    grades: dict[str, int]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Documents as articles, and queries with their judgements. A judged document may be missing."""

    articles: tuple[Article, ...]
    queries: tuple[JudgedQuery, ...]


@dataclass(frozen=True, slots=True)
class SentenceQuestion:
    """A question, and the article and sentence that answer it; both are None if nothing answers.

    `line` is its line in the file. Measures are grouped by `language` and `kind`, as the file names them. `previous`
    holds the questions asked before, earliest first.
    """

    line: int
    text: str
    language: str
    kind: str
    article_id: str | None
    sentence: str | None
    previous: tuple[str, ...] = ()


def read_squad(path: Path) -> QuestionSet:
    """Read a file in SQuAD 1.1 format; contexts with the same text become one article. Raises QuestionSetError."""
    try:
        groups = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        rows: dict[str, int] = {}
        articles: list[Article] = []
        questions: list[GoldQuestion] = []
        for group in groups:
            for paragraph in group["paragraphs"]:
                context = _text(paragraph["context"])
                if context not in rows:
                    rows[context] = len(articles)
                    articles.append(Article(id=str(len(articles)), text=context, title=_text(group.get("title", ""))))
                for asked in paragraph["qas"]:
                    answers = tuple(_text(answer["text"]) for answer in asked["answers"])
                    if answers:
                        questions.append(GoldQuestion(_text(asked["question"]), rows[context], answers))
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionSetError(f"{path} is not in SQuAD format: {error!r}") from error
    if not questions:
        raise QuestionSetError(f"{path} holds no question with an answer")
    return QuestionSet(tuple(articles), tuple(questions))


def read_beir(folder: Path, *, split: str = "test") -> JudgedSet:
    """Read a folder in BEIR's layout.

    It holds `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`), either of them perhaps gzipped,
    and `qrels/SPLIT.tsv` (query, document, grade; a header line is skipped). The set has the judged queries, in the
    order of the qrels. A document without text has its title as text. Raises QuestionSetError with file and line, or
    OSError if a file is missing.
    """
    documents = _by_id(_plain_or_gzipped(folder / "corpus.jsonl"), _document)
    queries = _by_id(_plain_or_gzipped(folder / "queries.jsonl"), lambda fields: _field(fields, "text"))
    grades: dict[str, dict[str, int]] = {}
    qrels = folder / "qrels" / f"{split}.tsv"
    for line, query, document, grade in _judgements(qrels):
        if query not in queries:
            raise QuestionSetError(f"{qrels}: line {line}: the query {query!r} is not in {folder / 'queries.jsonl'}")
        of_query = grades.setdefault(query, {})
        of_query.pop(document, None)
        if grade > 0:
            of_query[document] = grade
    if not grades:
        raise QuestionSetError(f"{qrels} judges no query")
    return JudgedSet(tuple(article for article in documents.values() if article.text),
                     tuple(JudgedQuery(queries[query], of_query) for query, of_query in grades.items()))


def read_sentence_questions(path: Path) -> tuple[SentenceQuestion, ...]:
    """Read JSON Lines of `question`, `article_id` and `answer_sentence`, the last two null if nothing answers.

    `language`, `kind` and `previous`, a list of questions, are optional. Raises QuestionSetError with the line.
    """
    questions = []
    for line, fields in _records(path):
        with _at(path, line):
            questions.append(_sentence_question(line, fields))
    if not questions:
        raise QuestionSetError(f"{path} holds no question")
    return tuple(questions)


def sample_of(questions: Sequence[Asked], count: int | None, seed: int) -> tuple[Asked, ...]:
    """Draw `count` questions at random, keeping their order; return all if there are no more, or if it is None."""
    if count is None or count >= len(questions):
        return tuple(questions)
    chosen = sorted(random.Random(seed).sample(range(len(questions)), count))  # noqa: S311  # a sample, not a secret
    return tuple(questions[place] for place in chosen)


def _document(fields: dict[str, Any]) -> Article:
    title, text = _field(fields, "title", ""), _field(fields, "text")
    if not text.strip():
        title, text = "", title.strip()
    return Article(id=_field(fields, "_id"), text=text, title=title)


def _sentence_question(line: int, fields: dict[str, Any]) -> SentenceQuestion:
    text = _field(fields, "question")
    if not text.strip():
        raise ValueError("'question' is blank")
    article_id, sentence = fields["article_id"], fields["answer_sentence"]
    if (article_id is None) != (sentence is None):
        raise ValueError("'article_id' and 'answer_sentence' must both be null or both be text")
    if article_id is not None and not _text(sentence).strip():
        raise ValueError("'answer_sentence' is blank")
    return SentenceQuestion(line, text, _field(fields, "language", ""), _field(fields, "kind", ""),
                            None if article_id is None else _text(article_id), sentence,
                            tuple(map(_text, fields.get("previous", []))))


def _by_id(path: Path, made: Callable[[dict[str, Any]], Asked]) -> dict[str, Asked]:
    """Convert each record with `made`; return the results by `_id`."""
    found: dict[str, Asked] = {}
    for line, fields in _records(path):
        with _at(path, line):
            identity = _field(fields, "_id")
            if identity in found:
                raise ValueError(f"the _id {identity!r} is that of an earlier line")
            found[identity] = made(fields)
    return found


def _judgements(path: Path) -> Iterator[tuple[int, str, str, int]]:
    """Yield the line, query, document and grade of each judgement."""
    for line, content in _lines(path):
        parts = content.split("\t")
        with _at(path, line):
            if len(parts) != 3:
                raise ValueError(f"{len(parts)} fields, not a query, a document and a grade with tabs between them")
            if line > 1 or _GRADE.fullmatch(parts[2]):
                yield line, parts[0], parts[1], int(parts[2])


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number and the JSON object of each line."""
    for line, content in _lines(path):
        try:
            fields = json.loads(content)
        except ValueError as error:
            raise QuestionSetError(f"{path}: line {line}: not JSON: {error}") from error
        if not isinstance(fields, dict):
            raise QuestionSetError(f"{path}: line {line}: not a JSON object")
        yield line, fields


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1, and the text of each line that is not blank."""
    line = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for line, content in enumerate(stream, start=1):
                text = content.decode("utf-8-sig" if line == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield line, text
    except UnicodeDecodeError as error:
        raise QuestionSetError(f"{path}: line {line}: not UTF-8: {error}") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise QuestionSetError(f"{path}: after line {line}: damaged gzip: {error}") from error


def _plain_or_gzipped(path: Path) -> Path:
    """Return the path, or the path with `.gz` if only that exists."""
    gzipped = path.with_name(f"{path.name}.gz")
    return gzipped if gzipped.exists() and not path.exists() else path


@contextmanager
def _at(path: Path, line: int) -> Iterator[None]:
    """Raise errors of the block as QuestionSetError, with file and line."""
    try:
        yield
    except KeyError as error:
        raise QuestionSetError(f"{path}: line {line}: the key {error} is missing") from error
    except (ValueError, TypeError) as error:
        raise QuestionSetError(f"{path}: line {line}: {error}") from error


def _field(fields: dict[str, Any], key: str, default: str | None = None) -> str:
    value = fields[key] if default is None else fields.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise TypeError(f"{key!r} is {json.dumps(value, ensure_ascii=False)}, not text")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value
