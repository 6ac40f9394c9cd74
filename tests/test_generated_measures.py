"""What `benchmarks/generated.py` tells of sentences that a person judged, and that its set is as it says."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.generated import SET, judged, script, summary
from tests.conftest import PROJECT

RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
RECORD: dict[str, Any] = {"question": "متى؟", "language": "ar", "sentences": [
    {"text": "أ", "cited": ["س", "ص"], "idle": ["ع"], "wrong": None}, {"text": "ب", "cited": ["س"], "wrong": "roles"},
    {"text": "ج", "cited": ["غ"], "wrong": None}, {"text": "د", "cited": ["س"], "wrong": "number"}]}


def test_sentences_are_joined_with_what_became_of_them() -> None:
    lines = [{"question": "متى؟", "sentence": "أ", "verbatim": False, "needed": [True, True, True]},
             {"question": "متى؟", "sentence": "ب", "verbatim": False, "needed": [True]},
             {"question": "متى؟", "dropped": "not_proved"}, {"question": "متى؟", "sentence": "غ", "verbatim": True},
             {"question": "متى؟", "dropped": "refuted"}]
    found = summary(judged([RECORD], lines))
    assert (found["written"], found["true"], found["shown"]) == (4, 2, 2)
    assert (found["precision_of_shown"], found["drop_rate"], found["false_drop_rate"]) == (0.5, 0.5, 0.5)
    assert (found["true_dropped"], found["wrong_shown"]) == ({"not_proved": 1}, {"roles": 1})
    assert found["as_written"] == {"recall_by_rule": 0.5, "recall_by_hand": 0.5, "precision_by_rule": 0.667,
                                   "precision_by_hand": 0.5}
    assert found["as_shown"] == {"recall_by_rule": 1.0, "recall_by_hand": 0.5, "precision_by_rule": 1.0,
                                 "precision_by_hand": 0.5}


def test_what_nobody_asked_the_model_counts_as_unwritten() -> None:
    found = summary(judged([RECORD], []))
    assert (found["sentences"], found["written"], found["precision_of_shown"]) == (4, 0, None)


def test_the_script_writes_the_numbers_of_the_prompt_and_zero_for_what_it_lacks() -> None:
    assert script([RECORD])("=== f ===\n[1] ص\n[2] س\n=== f ===\n\nالسؤال: متى؟") == [
        "أ [2, 1, 0]\n", "ب [2]\n", "ج [0]\n", "د [2]\n"]


def test_each_question_has_true_sentences_and_one_changed_and_cites_its_article() -> None:
    assert len(RECORDS) == 54
    for record in RECORDS:
        text = (PROJECT / f"articles/{record['article_id']}.md").read_text(encoding="utf-8")
        wrong = [each["wrong"] for each in record["sentences"]]
        assert None in wrong
        assert any(wrong)
        cited = [cited for each in record["sentences"] for cited in each["cited"] + each.get("idle", [])]
        assert [each for each in cited if each not in text] == []
