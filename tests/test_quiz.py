"""`musnad eval questions`: what counts as cited, found, answered and refused, on answers written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from index.errors import UnknownArticleError
from index.model.types import ModelSettings
from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.question_sets import QuestionSetError, SentenceQuestion
from qa.evaluation.quiz import evaluate_questions
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.types.search import Hit

WAR = Article("war", "انتهت الحرب عام 1945. وعاد الجنود إلى بيوتهم.")
TWIN = Article("twin", "قال المؤرخ: انتَهَت الحَرب عام ١٩٤٥، ثم سكت.")
RAIN = Article("rain", "هطل المطر ليلًا. انتهت الحرب عام 1945.")
ENDED = "انتهت الحرب عام 1945."
FILE = Path("questions.jsonl")


class Scripted:
    """Answers each question with the spans and hits given for it; not found where there are no spans."""

    def __init__(self, **answers: tuple[Sequence[tuple[Article, int, int]], Sequence[Article]]) -> None:
        self._answers = answers
        self._articles = {article.id: article for article in (WAR, TWIN, RAIN)}
        self.state = IndexState("generation", 3, 3)
        self.snapshot = SimpleNamespace(model=ModelSettings("model", "fingerprint", 1, 1, "", ""))

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise UnknownArticleError(article_id)
        return self._articles[article_id]

    def ask(self, question: Question) -> Answer:
        spans, found = self._answers.get(question.text, ((), ()))
        citations = tuple(Citation(number, *span) for number, span in enumerate(spans, start=1))
        hits = tuple(Hit(rank, 1.0, rank, article, 0, 1) for rank, article in enumerate(found, start=1))
        return Answer(question, "answered" if citations else "not_found", 0.5, citations, hits, self.state)


def asked(text: str, sentence: str | None = ENDED, article: str | None = "war", *, language: str = "ar",
          kind: str = "plain") -> SentenceQuestion:
    return SentenceQuestion(7, text, language, kind, article, sentence)


def measured(questions: Sequence[SentenceQuestion], **answers: Any) -> dict[str, Any]:
    return evaluate_questions(questions, cast("Answerer", Scripted(**answers)), FILE)


@pytest.mark.parametrize(("span", "is_cited"), [
    ((WAR, 0, 21), True),              # the sentence itself
    ((WAR, 0, 12), True),              # a part of it
    ((WAR, 0, 45), True),              # it and the next
    ((WAR, 22, 45), False),            # the next alone, which begins where it ends
    ((TWIN, 0, 44), True),             # the same words, with signs and other digits, in another article
    ((TWIN, 12, 24), False),           # a part of them there
    ((RAIN, 0, 16), False),            # the same place of another article
])
def test_the_sentence_is_cited_when_a_quote_holds_it_or_touches_it(span: tuple[Article, int, int],
                                                                   is_cited: bool) -> None:
    measures = measured([asked("متى؟")], **{"متى؟": ([span], [])})
    assert (measures["gold_cited"], measures["gold_first"]) == (float(is_cited), float(is_cited))


def test_measures_of_four_questions() -> None:
    """The first is cited second and found first, the second is refused, the third found third; nothing answers the
    last, and it is answered."""
    questions = [asked("a"), asked("b", kind="month"), asked("c", language="en"), asked("d", None, None, kind="none")]
    cited = [(RAIN, 0, 16), (WAR, 0, 21)]
    measures = measured(questions, a=(cited, [WAR]), c=([(RAIN, 0, 16)], [RAIN, RAIN, WAR]), d=(cited, []))
    assert {name: measures[name] for name in list(measures)[:14]} == {
        "articles": 3, "passages": 3, "questions": 4, "answerable": 3, "unanswerable": 1, "gold_cited": 0.3333,
        "gold_first": 0.0, "article_found@1": 0.3333, "article_found@5": 0.6667, "article_found@10": 0.6667,
        "answered": 0.6667, "shown": 0.6667, "not_answered": 0.0, "not_found": 0.0}
    assert {name: group["answered"] for name, group in measures["by_kind"].items()} == {
        "month": 0.0, "none": None, "plain": 1.0}
    assert {name: group["questions"] for name, group in measures["by_language"].items()} == {"ar": 3, "en": 1}
    assert measures["by_kind"]["month"]["not_found"] is None
    assert (measures["generation"], measures["versions"]["model"]) == ("generation", "model")


def test_a_sentence_spelled_otherwise_than_its_article_is_cited_when_a_quote_holds_its_words() -> None:
    spelled = asked("متى؟", "إنتهت الحرب عام ١٩٤٥")
    assert measured([spelled], **{"متى؟": ([(WAR, 0, 21)], [])})["gold_cited"] == 1
    assert measured([spelled], **{"متى؟": ([(WAR, 0, 12)], [])})["gold_cited"] == 0


@pytest.mark.parametrize(("question", "message"), [
    (asked("متى؟", article="peace"), "there is no article with the id 'peace' in this index"),
    (asked("متى؟", "انتهت الحرب عام 1918."), "the article 'war' does not hold the answer sentence"),
    (asked("؟"), "the question holds no word; ask with words"),
])
def test_a_question_that_this_index_cannot_be_asked_is_told_with_its_line(question: SentenceQuestion,
                                                                          message: str) -> None:
    with pytest.raises(QuestionSetError) as refused:
        measured([question])
    assert str(refused.value) == f"questions.jsonl: line 7: {message}"
