"""Follow-ups about a person or another act, a code without its letter, and an age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.model.reading import Reading, TitledPassage
from index.types import Article
from qa.answer.reading import read
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.follow_up import readings
from qa.question.kinds import AnswerKind, answer_kind
from qa.question.parsed import parse_question
from qa.question.topic import Standalone
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder


@pytest.mark.parametrize(("before", "question", "whole"), [
    ("من أسس فرقة الموج؟", "كم عمره؟", "كم عمر من أسس فرقة الموج؟"),
    ("من صممت جسر الريحان؟", "وما جنسيتها؟", "ما جنسية من صممت جسر الريحان؟"),
    ("من صمم جسر الريحان؟", "وماذا ألف؟", "ماذا ألف من صمم جسر الريحان؟"),
    ("من صمم جسر الريحان؟", "ومن هو؟", "من صمم جسر الريحان؟"),
    ("من صمم جسر الريحان؟", "وكم كلف؟", "كم كلف، بشأن جسر الريحان؟"),
    ("من فاز بسباق الزوارق؟", "وكم دام؟", "كم دام، بشأن سباق الزوارق؟"),
    ("هل رفضت النقابة العمالية عرض المصنع؟", "وهل وافقت في النهاية؟",
     "هل وافقت النقابة العمالية في النهاية، بشأن عرض المصنع؟"),
    ("هل رفضت النقابة العمالية عرض المصنع؟", "ومتى وافقت؟", "متى وافقت النقابة العمالية، بشأن عرض المصنع؟"),
    ("هل رفضت النقابة العمالية عرض المصنع؟", "ولماذا؟", "لماذا رفضت النقابة العمالية عرض المصنع؟"),
    ("من هو نزار الصفدي؟", "ما منصبه؟", "ما منصب نزار الصفدي؟"),
])
def test_a_follow_up_is_about_the_person_or_the_act_before(before: str, question: str, whole: str) -> None:
    assert readings(question, Standalone(before))[0].text == whole


@pytest.mark.parametrize("question", ["ما عمر الجسر", "كم عمر الجسر", "ما طول الجسر", "ما ارتفاع البرج"])
def test_what_is_the_age_or_length_asks_for_a_quantity(question: str) -> None:
    assert answer_kind(question) is AnswerKind.QUANTITY


class HearingReader:
    """Remembers the question, and finds no answer."""

    name = "hearing-reader"

    def __init__(self) -> None:
        self.heard = ""

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        self.heard = question
        no_tokens, no_places = np.empty(0, np.float32), np.empty((0, 2), np.int64)
        return [Reading(0.0, 0.0, no_tokens, no_tokens, no_places) for _ in passages]


@pytest.mark.parametrize(("question", "texts", "heard"), [
    ("ماذا نص عليه المرسوم 771؟", ("نص المرسوم 771-ج على البيع.",), "ماذا نص عليه المرسوم 771-ج؟"),
    ("ماذا نص عليه المرسوم 771؟", ("نص المرسوم 771-ج على البيع.", "نص المرسوم 771-د على الشراء."),
     "ماذا نص عليه المرسوم 771؟"),
    ("ماذا نص عليه المرسوم 771؟", ("نص المرسوم 772-ج على البيع.",), "ماذا نص عليه المرسوم 771؟"),
    ("ماذا نص عليه المرسوم 771؟", ("نص المرسوم 771 على البيع.",), "ماذا نص عليه المرسوم 771؟"),
    ("ما عمر مؤسس النادي؟", ("نزار مؤسس النادي.",), "كم عمر مؤسس النادي؟"),
])
def test_a_reader_hears_the_code_that_the_passages_have_and_how_old(
        question: str, texts: Sequence[str], heard: str) -> None:
    embedder, reader = WordEmbedder(), HearingReader()
    snapshot = throwaway_snapshot([Article(str(number), text) for number, text in enumerate(texts)], embedder)
    asked = parse_question(question)
    read(snapshot, reader, asked, retrieve(snapshot, asked, embedder.embed_query(question), None, 5), 5)
    assert reader.heard == heard
