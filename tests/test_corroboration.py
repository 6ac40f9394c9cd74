"""What spans of different articles have in common, and what that does to the order of sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.model.reading import Reading, TitledPassage
from index.types import Article
from qa.answer.corroboration import MOST_CORROBORATION, Found, corroborations
from qa.answer.reading import read
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

QUESTION = parse_question("كم عدد ضحايا الزلزال؟")


def found(article: str, span: str, lead: float = 20.0) -> Found:
    return Found.of(article, span, lead, QUESTION)


def test_a_span_is_corroborated_by_the_same_words_of_another_article() -> None:
    assert corroborations([found("a", "45 قتيلا"), found("b", "45 قتيلا"), found("c", "في ميناء قديم")]) == [
        pytest.approx(1.0), pytest.approx(1.0), 0.0]


def test_an_article_does_not_corroborate_itself_and_counts_once() -> None:
    twice = [found("a", "45 قتيلا"), found("a", "45 قتيلا")]
    assert corroborations(twice) == [0.0, 0.0]
    assert corroborations([*twice, found("b", "45 قتيلا")]) == pytest.approx([1.0, 1.0, 1.0])


def test_what_a_reader_hardly_believes_corroborates_hardly() -> None:
    sure, unsure = (corroborations([found("a", "45 قتيلا"), found("b", "45 قتيلا", lead)])[0] for lead in (3.0, -5.0))
    assert sure > 0.9
    assert unsure < 0.01


def test_words_of_the_question_and_function_words_say_nothing_of_the_answer() -> None:
    assert corroborations([found("a", "عدد ضحايا الزلزال في"), found("b", "عدد ضحايا الزلزال في")]) == [0.0, 0.0]


def test_forms_of_a_word_agree_in_part() -> None:
    assert 0.2 < corroborations([found("a", "القنصلية"), found("b", "قنصلية")])[0] < 1.0


def test_many_agreements_are_not_more_than_the_most() -> None:
    many = [found(name, "45 قتيلا") for name in "abcdef"]
    assert corroborations(many) == [MOST_CORROBORATION] * len(many)


class Pointing:
    """Finds, with this lead each, the spans named."""

    name = "pointing"

    def __init__(self, leads: dict[str, float]) -> None:
        self.leads = leads

    def read(self, _question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        return [self._reading(passage.text) for passage in passages]

    def _reading(self, text: str) -> Reading:
        places = np.array([(at, at + len(span)) for span in self.leads if (at := text.find(span)) >= 0],
                          np.int64).reshape(-1, 2)
        logits = np.array([self.leads[text[start:end]] / 2 for start, end in places], np.float32)
        return Reading(0.0, 0.0, logits, logits, places)


def first_sentence(leads: dict[str, float], *articles: Article) -> str:
    embedder = WordEmbedder("ضحايا")
    snapshot = throwaway_snapshot(articles, embedder)
    candidates = retrieve(snapshot, QUESTION, embedder.embed_query(QUESTION.text), None, 10)
    return read(snapshot, Pointing(leads), QUESTION, candidates, 8).sentences[0].text


def test_of_two_answers_that_a_reader_believes_alike_the_one_told_by_two_articles_comes_first() -> None:
    one = Article("one", "بلغ عدد ضحايا الزلزال 45 قتيلا.", "زلزال في الشمال")
    other = Article("other", "بلغ عدد ضحايا الزلزال 12 جريحا.", "زلزال في الجنوب")
    more = Article("more", "وقالت السلطات إن ضحايا الزلزال كانوا 45 قتيلا بعد يومين من البحث.", "السلطات تتحدث")
    leads = {"45 قتيلا": 2.0, "12 جريحا": 2.1}
    assert "12" in first_sentence(leads, one, other)
    assert "45" in first_sentence(leads, one, other, more)
