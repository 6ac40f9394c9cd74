"""Which questions can be asked, and the shapes that programs rely on."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.types import Answer, Citation, Hit, IndexState, Question, QuestionError, SearchResult

ARTICLE = Article("a", "وقّع الطرفان. ثم غادرا.", "عنوان", "صحيفة", "https://example.org/a", "2026-01-02")
STATE = IndexState("g", 1, 2)
HIT = Hit(1, 0.123456789, 0, ARTICLE, 0, 13)


@pytest.mark.parametrize(("text", "fault", "message"), [
    ("", "empty", "the question is empty; type a question"),
    (" \n\t ", "empty", "the question is empty; type a question"),
    ("س" * 2001, "too_long", "the question has 2001 characters; shorten it to 2000 at most"),
    ("a\x00b", "not_text", "the question holds bytes that are not text; send plain UTF-8 text"),
    ("a\x1b[31m", "not_text", "the question holds bytes that are not text; send plain UTF-8 text"),
    ("a\ud800", "not_text", "the question holds bytes that are not text; send plain UTF-8 text"),
    ("؟!… —", "not_a_question", "the question holds no word; ask with words"),
    *((text, "not_a_question", "the question holds no word; ask with words") for text in (
        "😀🇸🇦", "ـــ", "\u3164", "\uffa0\u115f", "َّ", "_", "™ ℹ", "👩🏽\u200d👧", "🏴\U000e0067\U000e007f")),
])
def test_a_question_that_cannot_be_asked_says_why(text: str, fault: str, message: str) -> None:
    with pytest.raises(QuestionError) as refused:
        Question.parse(text)
    assert (refused.value.fault, str(refused.value)) == (fault, message)


@pytest.mark.parametrize("top_k", [0, -1, 101])
def test_the_number_of_passages_is_bounded(top_k: int) -> None:
    with pytest.raises(QuestionError, match=f"^top_k is {top_k}; it must be from 1 to 100$") as refused:
        Question.parse("من؟", top_k=top_k)
    assert refused.value.fault == "bad_top_k"


def test_the_longest_question_and_lists_are_accepted_and_white_space_around_is_not_kept() -> None:
    assert Question.parse("  " + "س" * 2000 + "\n", top_k=100) == Question("س" * 2000, 100)
    assert Question.parse("متى\nوأين؟").text == "متى\nوأين؟"


def test_an_answer_has_the_shape_of_the_contract() -> None:
    citations = (Citation(1, ARTICLE, 0, 13), Citation(2, ARTICLE, 14, 23))
    answer = Answer(Question("متى؟"), "answered", 0.98765, citations, (HIT,), STATE, {"total": 1.23456})
    place = {"article_id": "a", "title": "عنوان", "source": "صحيفة", "url": "https://example.org/a",
             "published": "2026-01-02"}
    assert answer.as_json() == {
        "question": "متى؟", "status": "answered", "answer": "وقّع الطرفان.[1] ثم غادرا.[2]", "confidence": 0.9877,
        "citations": [{"number": 1, **place, "quote": "وقّع الطرفان.", "start": 0, "end": 13},
                      {"number": 2, **place, "quote": "ثم غادرا.", "start": 14, "end": 23}],
        "passages": [{"rank": 1, "score": 0.123457, "article_id": "a", "title": "عنوان", "start": 0, "end": 13,
                      "text": "وقّع الطرفان."}],
        "index": {"generation": "g", "articles": 1, "passages": 2}, "timings_ms": {"total": 1.235}}


def test_no_answer_is_null_and_an_unknown_address_or_date_too() -> None:
    answer = Answer(Question("متى؟"), "not_found", 0.1, (), (), STATE)
    assert (answer.as_json()["answer"], answer.as_json()["citations"]) == (None, [])
    hit = Hit(1, 1.0, 0, Article("b", "نص"), 0, 2).as_json()
    assert (hit["url"], hit["published"], hit["source"]) == (None, None, "")


def test_a_search_has_the_shape_of_the_contract() -> None:
    assert SearchResult(Question("متى؟"), (HIT,), STATE).as_json() == {
        "query": "متى؟",
        "hits": [{"rank": 1, "score": 0.123457, "article_id": "a", "title": "عنوان", "start": 0, "end": 13,
                  "text": "وقّع الطرفان.", "source": "صحيفة", "url": "https://example.org/a",
                  "published": "2026-01-02"}],
        "index": {"generation": "g", "articles": 1, "passages": 2}}
