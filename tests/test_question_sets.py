"""Question sets: what is read, and what is said of a file that is none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.types import Article
from qa.evaluation.question_sets import (
    JudgedQuery,
    JudgedSet,
    QuestionSetError,
    SentenceQuestion,
    read_beir,
    read_sentence_questions,
    read_squad,
    sample_of,
)

WAR = "انتهت الحرب عام 1945. وعاد الجنود."
CORPUS = '{"_id": "d1", "title": "الحرب", "text": "انتهت الحرب."}\n{"_id": "d2", "title": "المطر", "text": " "}\n'
QUERIES = '{"_id": "q1", "text": "متى؟"}\n{"_id": "q2", "text": "أين؟"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq2\td1\t2\nq2\td2\t0\nq2\td9\t1\n"
ASKED = {"question": "متى انتهت الحرب؟", "language": "ar", "kind": "plain", "article_id": "a", "answer_sentence": WAR}


def asked(question: str, answer: str) -> dict[str, Any]:
    return {"id": question, "question": question, "answers": [{"text": answer, "answer_start": 0}]}


def squad(tmp_path: Path, *paragraphs: dict[str, Any]) -> Path:
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"title": "", "paragraphs": list(paragraphs)}]}), encoding="utf-8")
    return path


def beir(tmp_path: Path, *, corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(queries, encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return tmp_path


def lines(tmp_path: Path, *records: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"data": [{"paragraphs": [{"qas": []}]}]}', '{"data": 3}'])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"set\.json is not in SQuAD format: "):
        read_squad(path)


@pytest.mark.parametrize(("place", "value"), [
    ("title", None), ("context", 5), ("question", None), ("answer", 7),
])
def test_a_value_that_is_not_text_is_refused_and_shown(tmp_path: Path, place: str, value: object) -> None:
    parts: dict[str, Any] = {"title": "", "context": WAR, "question": "متى؟", "answer": "1945"} | {place: value}
    path = tmp_path / "set.json"
    paragraph = {"context": parts["context"], "qas": [asked(parts["question"], parts["answer"])]}
    path.write_text(json.dumps({"data": [{"title": parts["title"], "paragraphs": [paragraph]}]}), encoding="utf-8")
    with pytest.raises(QuestionSetError) as refused:
        read_squad(path)
    assert str(refused.value) == f"{path} is not in SQuAD format: TypeError('{value!r} is not text')"


def test_a_set_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"set\.json holds no question with an answer$"):
        read_squad(squad(tmp_path, {"context": WAR, "qas": []}))


def test_a_beir_folder_is_its_documents_and_the_queries_that_are_judged(tmp_path: Path) -> None:
    """A grade of 0 is not relevant; a document without a text is its title; a judged one may be missing."""
    assert read_beir(beir(tmp_path)) == JudgedSet(
        (Article("d1", "انتهت الحرب.", "الحرب"), Article("d2", "المطر")), (JudgedQuery("أين؟", {"d1": 2, "d9": 1}),))


def test_a_corpus_may_be_gzipped_the_qrels_without_names_and_another_split(tmp_path: Path) -> None:
    folder = beir(tmp_path, qrels="q1\td1\t1\n")
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(CORPUS.encode()))
    (folder / "qrels" / "dev.tsv").write_text("q2\td1\t1\nq2\td1\t0\n", encoding="utf-8")
    assert read_beir(folder).queries == (JudgedQuery("متى؟", {"d1": 1}),)
    assert read_beir(folder, split="dev").queries == (JudgedQuery("أين؟", {}),)


def test_a_first_line_with_a_byte_order_mark_and_blank_lines_are_read(tmp_path: Path) -> None:
    folder = beir(tmp_path, corpus="\ufeff" + CORPUS.replace("\n", "\n\n"))
    assert [article.id for article in read_beir(folder).articles] == ["d1", "d2"]


@pytest.mark.parametrize(("part", "content", "message"), [
    ("corpus", CORPUS + "{]", "corpus.jsonl: line 3: not JSON: "),
    ("corpus", "\n[1]\n", "corpus.jsonl: line 2: not a JSON object"),
    ("corpus", '{"_id": "d1"}\n', "corpus.jsonl: line 1: the key 'text' is missing"),
    ("corpus", '{"_id": 7, "text": "س"}\n', "corpus.jsonl: line 1: '_id' is 7, not text"),
    ("corpus", CORPUS + CORPUS, "corpus.jsonl: line 3: the _id 'd1' is that of an earlier line"),
    ("queries", '{"_id": "q1", "text": null}\n', "queries.jsonl: line 1: 'text' is null, not text"),
    ("qrels", "q1\td1\t1\nq1 d1 1\n", "test.tsv: line 2: 1 fields, not a query, a document and a grade with tabs "
                                      "between them"),
    ("qrels", QRELS + "q1\td1\thigh\n", "test.tsv: line 5: invalid literal for int() with base 10: 'high'"),
    ("qrels", "q7\td1\t1\n", "test.tsv: line 1: the query 'q7' is not in "),
    ("qrels", "query-id\tcorpus-id\tscore\n", "test.tsv judges no query"),
])
def test_what_is_wrong_in_a_beir_folder_is_told_with_file_and_line(tmp_path: Path, part: str, content: str,
                                                                   message: str) -> None:
    folder = beir(tmp_path, **{part: content})
    with pytest.raises(QuestionSetError) as refused:
        read_beir(folder)
    assert message in str(refused.value)
    assert str(refused.value).startswith(str(folder))


@pytest.mark.parametrize(("name", "content", "message"), [
    ("corpus.jsonl", b'{"_id": "d1", "text": "\xff"}\n', r"corpus\.jsonl: line 1: not UTF-8: "),
    ("corpus.jsonl.gz", gzip.compress(CORPUS.encode(), mtime=0)[:-12],
     r"corpus\.jsonl\.gz: after line \d: damaged gzip: "),
    ("corpus.jsonl.gz", b"not gzip", r"corpus\.jsonl\.gz: after line 0: damaged gzip: "),
])
def test_bytes_that_are_not_what_their_name_says_are_refused(tmp_path: Path, name: str, content: bytes,
                                                             message: str) -> None:
    folder = beir(tmp_path)
    (folder / "corpus.jsonl").unlink()
    (folder / name).write_bytes(content)
    with pytest.raises(QuestionSetError, match=message):
        read_beir(folder)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    folder = beir(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(FileNotFoundError, match=missing):
        read_beir(folder)


def test_questions_with_their_sentences_and_without(tmp_path: Path) -> None:
    unanswerable = {"question": "من فاز؟", "article_id": None, "answer_sentence": None}
    assert read_sentence_questions(lines(tmp_path, ASKED, unanswerable)) == (
        SentenceQuestion(1, "متى انتهت الحرب؟", "ar", "plain", "a", WAR),
        SentenceQuestion(2, "من فاز؟", "", "", None, None))


@pytest.mark.parametrize(("change", "message"), [
    (lambda record: record.pop("question"), "the key 'question' is missing"),
    (lambda record: record.pop("article_id"), "the key 'article_id' is missing"),
    (lambda record: record.update(question=" "), "'question' is blank"),
    (lambda record: record.update(answer_sentence=" "), "'answer_sentence' is blank"),
    (lambda record: record.update(article_id=None), "'article_id' and 'answer_sentence' must both be null or both be "
                                                    "text"),
    (lambda record: record.update(article_id=5), "5 is not text"),
    (lambda record: record.update(kind=["a"]), "'kind' is [\"a\"], not text"),
])
def test_a_question_that_is_not_whole_is_told_with_its_line(
        tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    broken = dict(ASKED)
    change(broken)
    path = lines(tmp_path, ASKED, broken)
    with pytest.raises(QuestionSetError) as refused:
        read_sentence_questions(path)
    assert str(refused.value) == f"{path}: line 2: {message}"


def test_a_file_of_no_question_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path)
    with pytest.raises(QuestionSetError, match=r"questions\.jsonl holds no question$"):
        read_sentence_questions(path)


def test_a_seed_draws_the_same_questions_in_their_order() -> None:
    drawn = sample_of(range(1000), 5, 3)
    assert list(drawn) == sorted(drawn)
    assert (len(set(drawn)), sample_of(range(1000), 5, 3) == drawn, sample_of(range(1000), 5, 4) == drawn) == (
        5, True, False)
    assert sample_of("abc", 3, 1) == sample_of("abc", None, 1) == ("a", "b", "c")
