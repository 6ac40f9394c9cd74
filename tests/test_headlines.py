"""Claims written as headlines that begin with who says it, and claims that tell what somebody asked for."""

from __future__ import annotations

import pytest

from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.evaluation.evaluate import throwaway_snapshot

pytestmark = [pytest.mark.model, pytest.mark.slow]
ARTICLES = [
    Article("dam", "قال وزير المياه سليم الحاج إن بناء السد يكتمل في الربيع. "
                   "وقالت المهندسة ليلى نصار إن الكلفة ارتفعت."),
    Article("port", "دعت نقابة البحارة إلى فتح تحقيق في حادث الرافعة بمرفأ صور."),
]


@pytest.fixture(scope="module")
def answerer(embedder: Embedder) -> Answerer:
    """Answers from the articles, by the rules alone."""
    return Answerer(throwaway_snapshot(ARTICLES, embedder), embedder)


def check(answerer: Answerer, claim: str) -> CheckedClaim:
    (checked,) = answerer.check(Draft.parse(claim)).claims
    return checked


@pytest.mark.parametrize("claim", [
    "وزير المياه سليم الحاج: بناء السد يكتمل في الربيع.", "سليم الحاج: بناء السد يكتمل في الربيع.",
    "نقابة البحارة تطالب بفتح تحقيق في حادث الرافعة بمرفأ صور.",
])
def test_who_said_it_may_stand_before_a_colon_and_who_asked_before_the_verb(answerer: Answerer, claim: str) -> None:
    assert check(answerer, claim).verdict == "supported"


@pytest.mark.parametrize("claim", [
    "ليلى نصار: بناء السد يكتمل في الربيع.", "بناء السد يكتمل في الربيع.",
    "فتحت نقابة البحارة تحقيقا في حادث الرافعة بمرفأ صور.",
])
def test_what_another_said_or_nobody_did_is_not_supported(answerer: Answerer, claim: str) -> None:
    assert check(answerer, claim).verdict != "supported"
