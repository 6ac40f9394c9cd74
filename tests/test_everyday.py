"""What `benchmarks.everyday` takes for a right citation."""

from __future__ import annotations

import json

from benchmarks.everyday import SET, Place, places_of, rights
from qa.answerer import Answerer
from qa.evaluation.evaluate import comparable
from qa.types.question import Question

QUESTION = "متى وقعت اتفاقيتا كامب ديفيد؟"


def test_a_citation_is_right_where_it_overlaps_a_place_or_says_the_same(sample_answerer: Answerer) -> None:
    answer = sample_answerer.ask(Question.parse(QUESTION))
    first = answer.citations[0]
    there = Place(first.article.id, first.start + 1, first.start + 2, "لا شيء")
    beside = Place(first.article.id, first.end, first.end + 9, "لا شيء")
    elsewhere = Place("another", 0, 9, comparable(first.quote[:20]))
    assert [rights(answer, [place])[0] for place in (there, beside, elsewhere)] == [True, False, True]


def test_places_are_of_articles_in_the_index(sample_answerer: Answerer) -> None:
    cited = sample_answerer.ask(Question.parse(QUESTION)).citations[0]
    assert places_of(sample_answerer, {"answers": [[cited.article.id, cited.start, cited.end]]}) == [
        Place(cited.article.id, cited.start, cited.end, comparable(cited.quote))]
    assert places_of(sample_answerer, {"answers": [["not here", 0, 9]]}) is None
    assert places_of(sample_answerer, {"answers": []}) == []


def test_the_set_has_questions_with_places_and_without() -> None:
    records = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    assert len({record["question"] for record in records}) == len(records)
    assert sum(not record["answers"] for record in records) >= 90
    assert all(0 <= start < end for record in records for _, start, end in record["answers"])
