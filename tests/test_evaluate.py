"""`musnad eval squad` and `musnad eval beir` on sets small enough to check by hand."""

from __future__ import annotations

import json
from importlib.metadata import version
from math import log2
from platform import python_version
from typing import Any

import pytest

from index.language.arabic import ANALYZER_VERSION
from index.types import Article
from qa.answer.thresholds import ANSWERED_FROM
from qa.evaluation.evaluate import comparable, evaluate_beir, evaluate_squad, rounded
from qa.evaluation.question_sets import GoldQuestion, JudgedQuery, JudgedSet, QuestionSet
from tests.fakes import WordEmbedder

RAIN, WAR = "هطل المطر على المدينة ليلًا. ثم أشرقت الشمس.", "انتهت الحرب عام 1945. وعاد الجنود."
CONTEXTS = (Article("0", RAIN), Article("1", WAR))
EMBEDDER = WordEmbedder("المطر", "الحرب")


def squad(*questions: GoldQuestion, articles: tuple[Article, ...] = CONTEXTS) -> dict[str, Any]:
    return evaluate_squad(QuestionSet(articles, questions), EMBEDDER)


def test_measures_of_three_questions() -> None:
    """Two questions find their context and sentence first; the third asks in the words of the other context."""
    measures = squad(GoldQuestion("متى هطل المطر؟", 0, ("ليلا",)), GoldQuestion("انتهت الحرب؟", 0, ("الشَّمس",)),
                     GoldQuestion("متى انتهت الحرب؟", 1, ("١٩٤٥",)))
    assert measures.pop("seconds") >= 0
    assert measures.pop("no_answer_auroc") > 0.5
    assert measures.pop("versions")["model"] == "word-embedder"
    calibration = [measures.pop(name) for name in ("expected_calibration_error", "answered", "answered_without")]
    assert [value for value in calibration if not 0 <= value <= 1] == []
    assert measures == {
        "passages": 2, "questions": 3, "recall@1": 0.6667, "recall@5": 1.0, "recall@10": 1.0,
        "mrr@10": round((1 + 1 + 1 / 2) / 3, 4), "ndcg@10": round((1 + 1 + 0.6309) / 3, 4),
        "answer_sentence@1": 0.6667, "answer_sentence@3": 0.6667, "span_em": None, "span_f1": None}


def confidence_is(monkeypatch: pytest.MonkeyPatch, *confidences: float) -> None:
    """The confidences of the readings to come, in order."""
    coming = iter(confidences)
    monkeypatch.setattr("qa.answer.reading.confidence_of", lambda *_: next(coming))


def test_calibration_is_over_each_question_with_its_context_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """With their contexts: 0.8 and 0.45, both right. Without: 0.55 and 0.05, neither right."""
    confidence_is(monkeypatch, 0.8, 0.55, 0.45, 0.05)
    measures = squad(GoldQuestion("متى هطل المطر؟", 0, ("ليلا",)), GoldQuestion("متى انتهت الحرب؟", 1, ("1945",)))
    assert measures["expected_calibration_error"] == round((0.2 + 0.55 + 0.55 + 0.05) / 4, 4)
    assert (measures["answered"], measures["answered_without"]) == (1.0, 0.5)
    assert 0.35 < ANSWERED_FROM <= 0.45


def test_a_gold_answer_that_stands_in_another_context_is_right_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its context the question is answered from another that holds the same words: sure and right."""
    confidence_is(monkeypatch, 1.0, 1.0)
    twin = Article("2", "عرف الناس أن الحرب انتهت عام 1945.")
    measures = squad(GoldQuestion("متى انتهت الحرب؟", 1, ("1945",)), articles=(*CONTEXTS, twin))
    assert measures["expected_calibration_error"] == 0


def test_versions_name_the_packages_the_analyzer_and_the_model() -> None:
    assert squad(GoldQuestion("متى هطل المطر؟", 0, ("ليلا",)))["versions"] == {
        "python": python_version(), "musnad": version("musnad"), "numpy": version("numpy"),
        "faiss": version("faiss-cpu"), "onnxruntime": version("onnxruntime"),
        "sentence_transformers": version("sentence-transformers"), "analyzer": ANALYZER_VERSION,
        "model": "word-embedder", "fingerprint": "fingerprint-of-word-embedder", "runtime": "reference"}


def beir(*queries: JudgedQuery, articles: tuple[Article, ...] = CONTEXTS) -> dict[str, Any]:
    return evaluate_beir(JudgedSet(articles, queries), EMBEDDER)


def test_beir_measures_of_a_query_with_three_relevant_documents() -> None:
    """Found in order: rain (not judged), then war and night. By hand: rain-war-night are the only three documents, of
    grades 0, 3 and 1, and a relevant one of grade 2 is missing from the corpus."""
    night = Article("2", "كان ليل.")
    measures = beir(JudgedQuery("المطر المطر الحرب", {"1": 3, "2": 1, "9": 2}), articles=(*CONTEXTS, night))
    best = 3 + 2 / log2(3) + 1 / log2(4)
    assert measures["ndcg@10"] == round((3 / log2(3) + 1 / log2(4)) / best, 4)
    assert [measures[f"recall@{k}"] for k in (1, 5)] == [0.0, round(2 / 3, 4)]
    assert (measures["mrr@10"], measures["documents"], measures["judged_documents_missing"]) == (0.5, 3, 1)


def test_a_document_stands_where_its_best_passage_does() -> None:
    """The long document has more passages about the war than are ranked; it counts once, and the other is second."""
    long = Article("0", "\n".join(f"انتهت الحرب رقم {number}. {'كلمة ' * 190}." for number in range(12)))
    measures = beir(JudgedQuery("انتهت الحرب رقم", {"1": 1}), articles=(long, Article("1", "ذكرى الحرب والمطر.")))
    assert measures["passages"] > 12
    assert (measures["recall@1"], measures["recall@5"], measures["mrr@10"]) == (0.0, 1.0, 0.5)


def test_what_needs_marked_answers_is_null_in_beir() -> None:
    measures = beir(JudgedQuery("متى هطل المطر؟", {"0": 1}))
    null = [name for name, value in measures.items() if value is None]
    assert null == ["answer_sentence@1", "answer_sentence@3", "expected_calibration_error", "span_em", "span_f1"]
    assert measures["no_answer_auroc"] == 1.0


def test_a_query_without_anything_relevant_has_no_part_in_telling_answerable_from_not() -> None:
    measures = beir(JudgedQuery("متى هطل المطر؟", {"0": 1}), JudgedQuery("انتهت الحرب؟", {}))
    assert (measures["questions"], measures["recall@1"], measures["no_answer_auroc"]) == (2, 0.5, 1.0)
    assert beir(JudgedQuery("انتهت الحرب؟", {}))["no_answer_auroc"] is None


def test_shares_of_nothing_are_null_in_json() -> None:
    measures = rounded({"a": float("nan"), "b": {"c": 1 / 3, "d": float("nan")}, "e": 7, "f": "text", "g": None})
    assert json.loads(json.dumps(measures, allow_nan=False)) == {
        "a": None, "b": {"c": 0.3333, "d": None}, "e": 7, "f": "text", "g": None}


def test_answers_are_compared_as_letters_and_digits() -> None:
    assert comparable(" «الأَمْسُ»، ٢٠٢٢! ") == comparable("الامس 2022")
