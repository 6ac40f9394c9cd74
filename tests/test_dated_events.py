"""A question that asks when something began, ended and the like finds the sentence that dates it in passing."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.ranking import PASSAGES_READ
from qa.answer.reading import read
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder


def others(subject: str) -> list[Article]:
    """Return more articles than are read, each with the subject and a date, but not the date of the event."""
    return [Article(f"other-{number}", f"زار وفد رقم {number} {subject} في ربيع الوادي يوم {number} مارس 201{number}.")
            for number in range(1, PASSAGES_READ + 3)]


def first_sentence(question: str, article: Article, subject: str = "سد النهر") -> str:
    word = subject.split()[0]
    embedder = WordEmbedder("زار", word)
    snapshot = throwaway_snapshot([*others(subject), article], embedder)
    asked = parse_question(question)
    # The vectors prefer the others.
    candidates = retrieve(snapshot, asked, embedder.embed_query(f"زار {word} {word}"), None, 32)
    return read(snapshot, None, asked, candidates, 8).sentences[0].text


@pytest.mark.parametrize(("question", "sentence"), [
    ("متى بدأ بناء سد النهر؟", "وكان هذا أول اجتماع للخبراء منذ بداية بناء سد النهر في مايو 2009."),
    ("متى بدا بناء سد النهر", "اجتمع الخبراء بعد انطلاق بناء سد النهر في مايو 2009."),
    ("متى انتهى بناء سد النهر؟", "وعُقد الاجتماع غداة انتهاء بناء سد النهر في مايو 2009."),
    ("متى سقط سد النهر؟", "واجتمع الخبراء بعد عامين من سقوط سد النهر في مايو 2009."),
    ("متى وُقع عقد سد النهر؟", "ولم يجتمع الخبراء منذ توقيع عقد سد النهر في مايو 2009."),
    ("متى تأسست هيئة سد النهر؟", "واجتمع الخبراء في ذكرى تأسيس هيئة سد النهر عام 2009."),
    ("متى قُتل مهندس سد النهر؟", "وتوقفت الاجتماعات منذ مقتل مهندس سد النهر في مايو 2009."),
])
def test_a_sentence_that_dates_the_event_comes_first_though_it_is_about_something_else(question: str, sentence: str
                                                                                      ) -> None:
    dating = Article("dating", f"حضر الخبراء إلى القاعة. {sentence} ثم انصرفوا.")
    assert first_sentence(question, dating) == sentence


@pytest.mark.parametrize("sentence", [
    "واجتمع الخبراء منذ بداية الأزمة الاقتصادية في مايو 2009.",  # another event
    "واجتمع الخبراء منذ بداية بناء سد النهر مرتين.",  # no date
    "واجتمع الخبراء منذ انتهاء بناء سد النهر في مايو 2009.",  # the other end
    "هل كانت بداية بناء سد النهر في مايو 2009؟",  # asks itself
])
def test_a_sentence_that_does_not_date_the_event_gains_nothing(sentence: str) -> None:
    article = Article("dating", f"حضر الخبراء إلى القاعة. {sentence} ثم انصرفوا.")
    assert first_sentence("متى بدأ بناء سد النهر؟", article).startswith("زار وفد")


def test_what_the_sentence_leaves_out_must_stand_in_its_passage() -> None:
    def asked(place: str) -> str:
        article = Article("dating", f"حضر خبراء من {place} إلى القاعة. وكان ذلك أول لقاء منذ بداية الحرب في مايو 2009.")
        return first_sentence("متى بدأت الحرب في أوكرانيا؟", article, "الحرب")

    assert asked("أوكرانيا") == "وكان ذلك أول لقاء منذ بداية الحرب في مايو 2009."
    assert asked("الصومال") != "وكان ذلك أول لقاء منذ بداية الحرب في مايو 2009."


@pytest.mark.parametrize("question", ["من بدأ بناء سد النهر؟", "متى زار الوفد سد النهر؟"])
def test_other_questions_are_ranked_as_before(question: str) -> None:
    article = Article("dating", "حضر الخبراء إلى القاعة. وكان ذلك أول لقاء منذ بداية بناء سد النهر في مايو 2009.")
    assert first_sentence(question, article).startswith("زار وفد")
