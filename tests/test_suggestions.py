"""What could be asked, made of the articles' own sentences."""

from __future__ import annotations

import pytest

from index.language.dates import find_dates
from qa.answerer import Answerer
from qa.topics.dates_read import DatesRead
from qa.topics.examples import other_question_of, question_of, questions_of
from qa.types.question import Question


@pytest.mark.parametrize(("sentence", "question"), [
    ("ووقّع السادات وبيغن معاهدة السلام المصرية الإسرائيلية في واشنطن يوم 26 مارس 1979، ووقّعها كارتر شاهدًا.",
     "متى وقّع السادات وبيغن معاهدة السلام المصرية الإسرائيلية في واشنطن؟"),
    ("وأعلنت روسيا وقف العمل بمبادرة الحبوب في 17 يوليو 2023، وقالت إنه لم يُنفذ.",
     "متى أعلنت روسيا وقف العمل بمبادرة الحبوب؟"),
    ("اعتمد مجلس الأمن القرار 2451 الصادر في 21 كانون الأول 2018 بالإجماع.", None),  # whose date it is
    ("واتفقا كذلك في كانون الأول 1989 على أن يلتقيا مجددًا في الصيف.", None),  # who?
    ("عُقدت القمة منذ 11 أكتوبر 1986 في العاصمة الآيسلندية.", None),  # since when
    ("وهو يوم 26 مارس 1979 الذي لا يُنسى في تاريخ البلاد.", None),  # no verb
    ("زار الرئيس القاهرة يوم 1 مارس 2019 ثم عاد إليها يوم 3 مارس 2019.", None),  # two days
])
def test_a_question_is_made_of_a_sentence_by_leaving_its_date_out(sentence: str, question: str | None) -> None:
    assert question_of(sentence, find_dates(sentence)) == question


@pytest.mark.parametrize(("sentence", "question"), [
    ("وقال نائب وزير الخارجية سيرغي ريابكوف إن التواصل مع واشنطن مستمر على مستوى الخبراء.",
     "من قال إن التواصل مع واشنطن مستمر على مستوى الخبراء؟"),
    ("وأعلنت رئيسة الوزراء البريطانية أن بلادها ستنسحب من السوق الموحدة.",
     "من أعلن أن بلادها ستنسحب من السوق الموحدة؟"),
    ("واستقال وزير الخارجية المصري محمد إبراهيم كامل احتجاجًا على ما انتهت إليه القمة.",
     "لماذا استقال وزير الخارجية المصري محمد إبراهيم كامل؟"),
    ("وبلغ عدد ضحايا الفيضانات في جنوب البلاد نحو 120 قتيلًا.", "كم بلغ عدد ضحايا الفيضانات في جنوب البلاد؟"),
    ("وقال المتحدث باسم الحكومة إن المستشار القانوني، وهو قاض سابق، استقال.", None),   # more than one clause
    ("وبلغ عدد المحتجزين 52 شخصًا.", None),   # which?
    ("وأكد المحامي في حديثه أن يعود موكله قريبًا.", None),   # not what he said is so
    ("وهاجم الوزير خصومه بسبب هذا القرار.", None),   # too short
])
def test_a_question_is_made_of_a_reason_a_speaker_or_a_figure(sentence: str, question: str | None) -> None:
    assert other_question_of(sentence) == question


def test_a_sentence_without_end_is_left_alone() -> None:
    endless = "وقّع الرئيس " + "في يوم " * 20_000 + "26 مارس 1979 في واشنطن."
    assert question_of(endless, find_dates(endless)) is None


def test_the_examples_are_of_different_articles_and_answered_by_the_sentence_they_were_made_of(
        sample_answerer: Answerer) -> None:
    assert len(sample_answerer.first_look.examples) == 5
    first = [sample_answerer.ask(Question.parse(example)).citations[0].article.id
             for example in sample_answerer.first_look.examples]
    assert len(set(first)) == 5


def test_where_nothing_answers_questions_that_are_answered_are_offered(sample_answerer: Answerer) -> None:
    answer = sample_answerer.ask(Question.parse("كم كان راتب الطيار الذي نقل الرهائن؟"))
    assert answer.status == "not_found"
    offered = sample_answerer.examples_near(answer)
    assert "متى أُفرج عن 52 أمريكيًا كانوا رهائن في طهران؟" in offered
    assert {sample_answerer.ask(Question.parse(each)).status for each in offered} == {"answered"}


@pytest.mark.parametrize(("typed", "expected"), [
    ("كامب ديف", "كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل"),
    ("ترامب", "ترمب يتراجع عن عبارة قالها بعد قمته مع بوتين في هلسنكي"),
    ("رهائن طهر", "متى أُفرج عن 52 أمريكيًا كانوا رهائن في طهران؟"),
    ("كام", "كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل"),
])
def test_suggestions_have_the_words_typed_the_last_unfinished(
        sample_answerer: Answerer, typed: str, expected: str) -> None:
    found = sample_answerer.suggest(typed, 6)
    assert expected in [suggestion.text for suggestion in found]
    assert len(found) <= 6


@pytest.mark.parametrize("typed", ["zzzz", "كامب طوكيو", "كامب ديفيد زز"])
def test_where_nothing_has_all_the_words_nothing_is_suggested(sample_answerer: Answerer, typed: str) -> None:
    assert sample_answerer.suggest(typed, 6) == []


@pytest.mark.parametrize("typed", ["", "؟", "\u202e"])
def test_what_holds_no_word_yet_is_begun_by_everything(sample_answerer: Answerer, typed: str) -> None:
    assert len(sample_answerer.suggest(typed, 3)) == 3


def test_nearly_all_questions_that_are_made_are_answered_by_the_sentence_they_were_made_of(
        sample_answerer: Answerer) -> None:
    snapshot, dates = sample_answerer.snapshot, DatesRead()
    made = [example for row in range(snapshot.passage_count) for example in questions_of(snapshot, row, dates)]
    right = [any((citation.article.id, citation.start) == (example.article.id, example.start)
                 for citation in sample_answerer.ask(Question.parse(example.question)).citations) for example in made]
    assert len(made) >= 50
    assert sum(right) >= len(made) - 1
