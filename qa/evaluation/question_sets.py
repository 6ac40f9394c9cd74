"""Files of questions with known answers: SQuAD, BEIR, and questions of an index's own articles."""

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
    """The file is not a question set of the format named."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the row of the context that answers it, and the answers that people marked there."""

    text: str
    context: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Contexts as articles, each once, and questions over them."""

    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the grade, above 0, of each document that people found relevant to it, by the document's id."""

    text: str
    grades: dict[str, int]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Documents as articles, and queries with their judgements. A judged document may be missing among the articles."""

    articles: tuple[Article, ...]
    queries: tuple[JudgedQuery, ...]


@dataclass(frozen=True, slots=True)
class SentenceQuestion:
    """A question with the sentence that answers it in the article of that id; both None where nothing answers.

    `line` is its line in the file. `language` and `kind` are what measures are grouped by, as the file names them;
    `previous` are the questions asked before it, the earliest first.
    """

    line: int
    text: str
    language: str
    kind: str
    article_id: str | None
    sentence: str | None
    previous: tuple[str, ...] = ()


def read_squad(path: Path) -> QuestionSet:
    """A file in SQuAD 1.1 format; contexts with the same text are one article. Raises QuestionSetError."""
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
    """A folder laid out as BEIR's are: `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`), either
    of them gzipped or not, and `qrels/SPLIT.tsv` (query, document, grade; a first line of names is passed over).

    The queries are those that the qrels judge, in their order there. A document without a text is its title. Raises
    QuestionSetError with file and line, OSError when a file is missing.
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
    """JSON Lines of `question`, `article_id` and `answer_sentence` (both null where nothing answers), and, where they
    are known, `language`, `kind` and `previous`, a list of questions. Raises QuestionSetError with the line."""
    questions = []
    for line, fields in _records(path):
        with _at(path, line):
            questions.append(_sentence_question(line, fields))
    if not questions:
        raise QuestionSetError(f"{path} holds no question")
    return tuple(questions)


def sample_of(questions: Sequence[Asked], count: int | None, seed: int) -> tuple[Asked, ...]:
    """`count` of the questions drawn at random, in their own order; all of them where there are no more, or on None."""
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
    """What is made of each record, by its `_id`."""
    found: dict[str, Asked] = {}
    for line, fields in _records(path):
        with _at(path, line):
            identity = _field(fields, "_id")
            if identity in found:
                raise ValueError(f"the _id {identity!r} is that of an earlier line")
            found[identity] = made(fields)
    return found


def _judgements(path: Path) -> Iterator[tuple[int, str, str, int]]:
    """Line, query, document and grade of each judgement."""
    for line, content in _lines(path):
        parts = content.split("\t")
        with _at(path, line):
            if len(parts) != 3:
                raise ValueError(f"{len(parts)} fields, not a query, a document and a grade with tabs between them")
            if line > 1 or _GRADE.fullmatch(parts[2]):
                yield line, parts[0], parts[1], int(parts[2])


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, one a line, with their line numbers."""
    for line, content in _lines(path):
        try:
            fields = json.loads(content)
        except ValueError as error:
            raise QuestionSetError(f"{path}: line {line}: not JSON: {error}") from error
        if not isinstance(fields, dict):
            raise QuestionSetError(f"{path}: line {line}: not a JSON object")
        yield line, fields


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not blank, numbered from 1, without their ends."""
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
    """The file, or the one with `.gz` behind its name where only that is there."""
    gzipped = path.with_name(f"{path.name}.gz")
    return gzipped if gzipped.exists() and not path.exists() else path


@contextmanager
def _at(path: Path, line: int) -> Iterator[None]:
    """What is wrong within is told with its file and line."""
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
