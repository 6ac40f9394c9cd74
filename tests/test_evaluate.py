"""`musnad eval squad` on a set small enough to check by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.evaluate import QuestionSetError, comparable, evaluate, read_squad
from tests.fakes import WordEmbedder

RAIN, WAR = "هطل المطر على المدينة ليلًا. ثم أشرقت الشمس.", "انتهت الحرب عام 1945. وعاد الجنود."


def asked(question: str, answer: str) -> dict[str, Any]:
    return {"id": question, "question": question, "answers": [{"text": answer, "answer_start": 0}]}


def squad(tmp_path: Path, *paragraphs: dict[str, Any]) -> Path:
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"title": "", "paragraphs": list(paragraphs)}]}), encoding="utf-8")
    return path


def test_measures_of_three_questions(tmp_path: Path) -> None:
    """Two questions find their context and sentence first; the third asks in the words of the other context."""
    path = squad(tmp_path,
                 {"context": RAIN, "qas": [asked("متى هطل المطر؟", "ليلا"), asked("انتهت الحرب؟", "الشَّمس")]},
                 {"context": WAR, "qas": [asked("متى انتهت الحرب؟", "١٩٤٥")]},
                 {"context": WAR, "qas": []})
    measures = evaluate(read_squad(path), WordEmbedder("المطر", "الحرب"))
    assert measures.pop("seconds") >= 0
    assert measures.pop("no_answer_auroc") > 0.5
    assert measures == {
        "passages": 2, "questions": 3, "recall@1": 0.6667, "recall@5": 1.0, "recall@10": 1.0,
        "mrr@10": round((1 + 1 + 1 / 2) / 3, 4), "ndcg@10": round((1 + 1 + 0.6309) / 3, 4),
        "answer_sentence@1": 0.6667, "answer_sentence@3": 0.6667}


def test_answers_are_compared_as_letters_and_digits() -> None:
    assert comparable(" «الأَمْسُ»، ٢٠٢٢! ") == comparable("الامس 2022")


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
