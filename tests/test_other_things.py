"""Figures that are alike in their words, and count other people, another place or another day."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from qa.topics.disagreement import find_disagreements
from qa.types.filters import NO_FILTERS
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder("كهف", "الوادي")


def values(first: tuple[str, str], second: tuple[str, str]) -> list[list[str]]:
    """Return the differing values in two articles, each a text and its day."""
    articles = [Article(name, text, "كهف الوادي", published=day)
                for name, (text, day) in zip("ab", (first, second), strict=True)]
    snapshot = throwaway_snapshot(articles, EMBEDDER)
    asked = parse_question("كهف الوادي")
    found = find_disagreements(snapshot, asked, NO_FILTERS,
                               retrieve(snapshot, asked, EMBEDDER.embed_query("كهف الوادي"), None, 32))
    return [sorted(side.value for side in each.sides) for each in found if each.kind == "number"]


@pytest.mark.parametrize(("first", "second", "differing"), [
    # Control: one thing on one day.
    (("انهار كهف الوادي الأحد وقُتل 25 شخصا في الانهيار.", "2021-06-07"),
     ("انهار كهف الوادي الأحد وقُتل 11 شخصا في الانهيار.", "2021-06-07"), [["11 شخصا", "25 شخصا"]]),
    (("انهار كهف الوادي الأحد وقُتل 25 شخصا في الانهيار.", "2021-06-07"),
     ("انهار كهف الوادي الأحد، في حين قُتل 11 شخصا في انفجار بمدينة في الزيتونة.", "2021-06-07"), []),
    (("وتمكن الغواصون من إنقاذ أربعة أطفال من كهف الوادي.", "2021-06-07"),
     ("وتمكن الغواصون من إنقاذ ثمانية أطفال من كهف الوادي.", "2021-06-08"), []),
    (("وخرج من كهف الوادي سالم، 66 عاما، وابنته منى سالم، 33 عاما.", "2021-06-07"),
     ("وخرج من كهف الوادي سالم، 66 عاما، وابنته منى.", "2021-06-07"), []),
])
def test_only_figures_of_one_thing_disagree(first: tuple[str, str], second: tuple[str, str],
                                            differing: list[list[str]]) -> None:
    assert values(first, second) == differing
