"""Which questions can be asked, and the shapes that programs rely on."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.types.answer import Answer
from qa.types.citation import Citation, ItemsLeftOut, Place
from qa.types.index_state import IndexState
from qa.types.question import Question, QuestionError
from qa.types.search import Hit, SearchResult

ARTICLE = Article("a", "وقّع الطرفان. ثم غادرا.", "عنوان", "صحيفة", "https://example.org/a", "2026-01-02")
STATE = IndexState("g", 1, 2)
HIT = Hit(1, 0.123456789, 0, ARTICLE, 0, 13)
ALONE = {"answer_start": None, "answer_end": None, "page": None, "context": None, "also_in": [],
         "items_left_out": None}
PLANETS = Article("p", "حول الشمس كواكب.\nوالصخرية منها هي:\n- عطارد\n- الزهرة\n- الأرض\n- المريخ", "الكواكب")
LINE, ITEMS = (0, 34), ((37, 42), (45, 51), (54, 59))


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
        "question": "متى؟", "status": "answered", "answer": "وقّع الطرفان.[1] ثم غادرا.[2]", "short_answer": None,
        "premise": None, "confidence": 0.9877, "passages_read": 0,
        "citations": [{"number": 1, **place, "quote": "وقّع الطرفان.", "start": 0, "end": 13, **ALONE},
                      {"number": 2, **place, "quote": "ثم غادرا.", "start": 14, "end": 23, **ALONE}],
        "passages": [{"rank": 1, "score": 0.123457, "article_id": "a", "title": "عنوان", "start": 0, "end": 13,
                      "text": "وقّع الطرفان."}],
        "index": {"generation": "g", "articles": 1, "passages": 2}, "timings_ms": {"total": 1.235}}


def test_a_citation_brings_what_it_hangs_on_its_other_places_and_what_is_left_out() -> None:
    copy = Article("c", "عطارد.", "نسخة", published="2026-02-01")
    citation = Citation(1, PLANETS, *ITEMS[0], LINE, (Place(copy, 0, 5),), ItemsLeftOut(1, 62, 68))
    assert citation.as_json() == {
        "number": 1, "article_id": "p", "title": "الكواكب", "source": "", "url": None, "published": None,
        "quote": "عطارد", "start": 37, "end": 42,
        "answer_start": None, "answer_end": None, "page": None,
        "context": {"quote": "حول الشمس كواكب.\nوالصخرية منها هي:", "start": 0, "end": 34},
        "also_in": [{"article_id": "c", "title": "نسخة", "source": "", "url": None, "published": "2026-02-01",
                     "start": 0, "end": 5}],
        "items_left_out": {"count": 1, "start": 62, "end": 68}}
    assert PLANETS.text[62:68] == "المريخ"
    assert citation.also_in[0].text == "عطارد"


def answered(*citations: Citation) -> Answer:
    return Answer(Question("ما الكواكب؟"), "answered", 0.9, citations, (), STATE)


def test_the_items_of_a_list_are_one_part_and_their_line_is_told_once() -> None:
    items = tuple(Citation(number, PLANETS, *span, LINE) for number, span in enumerate(ITEMS, start=1))
    answer = answered(*items, Citation(4, ARTICLE, 0, 13))
    assert [part.citations for part in answer.parts] == [items, (Citation(4, ARTICLE, 0, 13),)]
    assert [(part.context, part.leads_in) for part in answer.parts] == [(PLANETS.text[:34], False), (None, False)]
    assert answer.text == f"{PLANETS.text[:34]} عطارد[1] الزهرة[2] الأرض[3] وقّع الطرفان.[4]"


def test_a_line_that_is_cited_itself_is_of_the_same_part_and_not_told_again() -> None:
    line = Citation(1, PLANETS, 17, 34)
    items = tuple(Citation(number, PLANETS, *span, (17, 34)) for number, span in enumerate(ITEMS, start=2))
    (part,) = answered(line, *items).parts
    assert (part.citations, part.context, part.leads_in) == ((line, *items), None, True)
    assert answered(line, *items).text == "والصخرية منها هي:[1] عطارد[2] الزهرة[3] الأرض[4]"


def test_sentences_that_hang_on_different_ones_are_parts_of_their_own() -> None:
    one, other = Citation(1, ARTICLE, 14, 23, (0, 13)), Citation(2, PLANETS, *ITEMS[0], LINE)
    assert [part.context for part in answered(one, other).parts] == ["وقّع الطرفان.", PLANETS.text[:34]]
    assert answered(one).text == "وقّع الطرفان. ثم غادرا.[1]"


def test_a_part_names_each_other_article_once() -> None:
    copies = [Article(name, PLANETS.text) for name in ("b", "c")]
    first, second = (tuple(Place(copy, *span) for copy in copies) for span in ITEMS[:2])
    (part,) = answered(Citation(1, PLANETS, *ITEMS[0], LINE, first[:1]),
                       Citation(2, PLANETS, *ITEMS[1], LINE, second)).parts
    assert part.also_in == (first[0], second[1])


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
