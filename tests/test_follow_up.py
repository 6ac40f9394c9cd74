"""Questions that those before them make whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.answerer import Answerer
from qa.opening import load_answerer
from qa.question.follow_up import readings
from qa.question.topic import Standalone
from qa.types.filters import Filters
from qa.types.question import MAX_PREVIOUS, Question, QuestionError
from tests.conftest import ARTICLES

FOLLOW_UPS = [json.loads(line) for line in (ARTICLES / "follow_ups.jsonl").read_text(encoding="utf-8").splitlines()]
CLARIFYING = [each for each in FOLLOW_UPS if each["id"] <= "f040"]


@pytest.fixture(scope="module")
def reading_answerer(sample_index: Path) -> Answerer:
    """Answers from the sample index with the reader, as people are answered."""
    return load_answerer(sample_index)


@pytest.mark.parametrize(("before", "question", "whole"), [
    ("من وقّع اتفاق الدوحة؟", "ومتى كان ذلك؟", "متى وُقّع اتفاق الدوحة؟"),
    ("متى وُقّعت معاهدة وادي عربة؟", "وأين؟", "أين وُقّعت معاهدة وادي عربة؟"),
    ("متى وُقّعت معاهدة وادي عربة؟", "ما أبرز بنودها؟", "ما أبرز بنود معاهدة وادي عربة؟"),
    ("متى وُقّعت معاهدة نيو ستارت؟", "من وقعها", "من وقع معاهدة نيو ستارت؟"),
    ("متى وُقّعت معاهدة نيو ستارت؟", "وما نتيجتها؟", "ما نتيجة معاهدة نيو ستارت؟"),
    ("متى وُقّع اتفاق ستوكهولم؟", "من رعاه؟", "من رعى اتفاق ستوكهولم؟"),
    ("أين عُقدت مشاورات السلام اليمنية؟", "ومن حضر فيها؟", "من حضر في مشاورات السلام اليمنية؟"),
    ("كم نائبًا شارك في اجتماعات الطائف؟", "ومن رعاها؟", "من رعى اجتماعات الطائف؟"),
    ("من هو جورج ميتشل؟", "ما منصبه؟", "ما منصب جورج ميتشل؟"),
    ("من ترأس الوفد الروسي في محادثات إسطنبول؟", "وماذا عن الوفد الأوكراني؟",
     "من ترأس الوفد الأوكراني في محادثات إسطنبول؟"),
    ("من وقّع الاتفاق عن الرياض؟", "وعن طهران؟", "من وقّع الاتفاق عن طهران؟"),
    ("أين وُقّعت معاهدة نيو ستارت؟", "متى دخلت حيز النفاذ؟", "متى دخلت حيز النفاذ، بشأن معاهدة نيو ستارت؟"),
    ("Who signed the Doha agreement?", "and where?", "where was the Doha agreement signed?"),
    ("ماذا قالت وزيرة النقل عن ميناء الصيد؟", "ومتى قالت ذلك؟", "متى قالت وزيرة النقل ذلك عن ميناء الصيد؟"),
    ("ماذا اقترح العمدة؟", "أين اقترح ذلك؟", "أين اقترح العمدة ذلك؟"),
])
def test_a_question_is_read_with_what_the_one_before_is_about(before: str, question: str, whole: str) -> None:
    assert readings(question, Standalone(before))[0].text == whole


@pytest.mark.parametrize(("before", "question", "wholes"), [
    ("من فاز بجائزة المرجان 2018؟", "وفي عام 2017؟", ["من فاز بجائزة المرجان عام 2017؟"]),
    ("من فاز بجائزة المرجان عام 2018؟", "وفي 2017؟", ["من فاز بجائزة المرجان 2017؟"]),
    ("ماذا حدث في الميناء يوم 14 مايو؟", "وفي 15 مايو؟", ["ماذا حدث في الميناء يوم 15 مايو؟"]),
    ("Who won the cup in 2018?", "and in 2014?", ["Who won the cup in 2014?"]),
    ("كم قتيلا سقط في زلزال تشيلي؟", "وفي بيرو؟", ["كم قتيلا سقط في زلزال بيرو؟"]),
    ("كم عدد ضحايا فيضان الهند؟", "وفي باكستان؟", ["كم عدد ضحايا فيضان باكستان؟"]),
    ("كم عدد ضحايا فيضان الهند؟", "وفي المكسيك؟", ["كم عدد ضحايا فيضان المكسيك؟"]),
    ("متى زارت الوزيرة أستراليا؟", "وفرنسا؟", ["متى زارت الوزيرة فرنسا؟"]),
    ("متى زارت الوزيرة موسكو؟", "وباريس؟", ["متى زارت الوزيرة باريس؟"]),
    ("لماذا أُلقي الخطاب في القدس؟", "في الكنيست؟", ["لماذا أُلقي الخطاب في الكنيست؟"]),
    ("من فاز بجائزة المرجان عام 2018؟", "وقبل 2010؟", ["من فاز بجائزة المرجان عام 2018، بشأن قبل 2010؟"]),
    ("Who won the cup after 2010?", "and in 2018?", ["Who won the cup after 2010 in 2018?"]),
    ("كم ربح المصنع بين 2010 و2015؟", "وفي 2016؟", ["كم ربح المصنع بين 2010 و2015 في 2016؟"]),
    ("كم قتيلا سقط في زلزال تشيلي؟", "وفي 2010؟", ["كم قتيلا سقط في زلزال تشيلي في 2010؟"]),
    ("كم قتيلا سقط في زلزال تشيلي؟", "وفي المستشفى؟", ["كم قتيلا سقط في المستشفى؟"]),
    ("متى بدأت حرب العراق؟", "وعلى إيران؟", ["متى بدأت حرب العراق على إيران؟"]),
    ("When did Congress vote on the bill?", "and Friday?", ["When did Congress vote on the bill, regarding Friday?"]),
    ("متى انعقد اللقاء؟", "وفي الكنيست؟", ["متى انعقد اللقاء في الكنيست؟"]),
    ("ماذا قال الحداد عن الميناء؟", "والمرعي؟",
     ["ماذا قال المرعي عن الميناء؟", "ماذا قال الحداد عن الميناء، بشأن المرعي؟"]),
    ("متى وصل ترامب إلى أنقرة؟", "وماكرون؟", ["متى وصل ماكرون إلى أنقرة؟", "متى وصل ترامب إلى أنقرة، بشأن ماكرون؟"]),
    ("What did Marei say about the port?", "and Haddad?",
     ["What did Haddad say about the port?", "What did Marei say about the port, regarding Haddad?"]),
    ("ماذا قال ترامب عن الميناء؟", "والاتفاق؟", ["ماذا قال ترامب عن الميناء، بشأن الاتفاق؟"]),
    ("أين التقى ترامب ماكرون؟", "وبومبيو؟", ["أين التقى ترامب ماكرون، بشأن بومبيو؟"]),
    ("ماذا قال ترامب لماكرون؟", "وبومبيو؟", ["ماذا قال ترامب لماكرون، بشأن بومبيو؟"]),
    ("من وقّع اتفاق الدوحة؟", "وإيران؟", ["من وقّع اتفاق الدوحة، بشأن إيران؟"])])
def test_another_time_place_or_name_replaces_its_like(before: str, question: str, wholes: list[str]) -> None:
    assert [reading.text for reading in readings(question, Standalone(before))] == wholes


@pytest.mark.parametrize("question", [
    "متى وُقّع اتفاق دايتون رسميًا؟",
    "من اغتيل في بيروت بعد اتفاق الطائف؟",
    "ما عدد الرهائن الذين أُفرج عنهم في طهران يوم 20 يناير 1981؟",
    "كم مادة في المعاهده التي وُقّعت في وادي عربة؟",
    "Where was the Dayton agreement initialled in November 1995?",
])
def test_a_question_that_stands_by_itself_is_left_as_it_is(question: str) -> None:
    assert readings(question, Standalone("من وقّع اتفاق الدوحة؟")) == (Standalone(question),)


@pytest.mark.parametrize(("question", "wholes"), [
    ("وكم شرطيا اعتقل بسببه؟", ["كم شرطيا اعتقل بسبب اتفاق الدوحة؟"]),
    ("كم صحفيا سافر لأجله؟", ["كم صحفيا سافر لأجل اتفاق الدوحة؟"]),
    ("ومن زار المدينة ومات فيها؟",
     ["من زار المدينة ومات في اتفاق الدوحة؟", "ومن زار المدينة ومات فيها؟"]),
])
def test_a_preposition_with_a_pronoun_refers_back_unless_its_question_names_something_before_it(
        question: str, wholes: list[str]) -> None:
    assert [reading.text for reading in readings(question, Standalone("من وقّع اتفاق الدوحة؟"))] == wholes


@pytest.mark.parametrize(("question", "place"), [("أين الجثة؟", 0), ("من القاتل؟", 1), ("متى التوقيع؟", None)])
def test_a_short_question_about_something_that_it_names_may_stand_alone(question: str, place: int | None) -> None:
    found = readings(question, Standalone("من وقّع اتفاق الدوحة؟"))
    assert (found.index(Standalone(question)) if Standalone(question) in found else None) == place


def test_a_ta_marbuta_without_its_dots_is_no_pronoun() -> None:
    assert "معاهد من" not in readings("ومتى وقعت معاهده السلام؟", Standalone("من وقّع اتفاق الدوحة؟"))[0].text


def test_one_that_only_goes_on_may_be_about_something_else_and_the_surer_reading_is_taken(
        sample_answerer: Answerer) -> None:
    asked = "ومتى وُقّع اتفاق دايتون رسميًا في باريس؟"
    assert len(readings(asked, Standalone("من نال جائزة نوبل للسلام عام 1973؟"))) == 2
    answer = sample_answerer.ask(Question.parse(asked, previous=["من نال جائزة نوبل للسلام عام 1973؟"]))
    assert answer.citations[0].article.id == "dayton-agreement-1995"


@pytest.mark.parametrize("half", [0, 1])
def test_sixteen_of_twenty_follow_ups_and_more_are_answered_with_their_sentence(
        reading_answerer: Answerer, half: int) -> None:
    asked = CLARIFYING[20 * half:20 * half + 20]
    assert len(asked) == 20
    right = []
    for each in asked:
        answer = reading_answerer.ask(Question.parse(each["question"], previous=each["previous"]))
        assert answer.understood_as is not None
        right.append(each["answer_sentence"] in [citation.quote for citation in answer.citations])
    assert sum(right) >= 16


def test_questions_that_need_none_are_answered_as_if_none_came_before(sample_answerer: Answerer) -> None:
    alone_already = FOLLOW_UPS[40:]
    assert len(alone_already) == 4
    for each in alone_already:
        answer = sample_answerer.ask(Question.parse(each["question"], previous=each["previous"]))
        alone = sample_answerer.ask(Question.parse(each["question"]))
        assert (answer.understood_as, answer.citations) == (None, alone.citations)
        assert "understood_as" not in answer.as_json()


def test_a_conversation_is_followed_question_by_question(sample_answerer: Answerer) -> None:
    answer = sample_answerer.ask(Question.parse("ومن حضر؟", previous=[
        "متى وُقّعت معاهدة نيو ستارت؟", "من وقّع اتفاق الدوحة؟", "ومتى كان ذلك؟"]))
    assert answer.understood_as is not None
    assert "الدوحة" in answer.understood_as
    assert "ستارت" not in answer.understood_as
    assert answer.question.text == "ومن حضر؟"


def test_the_time_to_understand_is_told_apart_from_that_of_the_stages(sample_answerer: Answerer) -> None:
    asked = Question.parse("وأين؟", top_k=7, previous=["متى وُقّع اتفاق ستوكهولم؟"])  # has one reading
    for stages in ({"understand", "embed", "retrieve", "read", "total"}, {"understand", "cached", "total"}):
        times = sample_answerer.ask(asked).timings_ms
        assert set(times) == stages
        assert times["total"] >= sum(each for stage, each in times.items() if stage != "total") - 0.001


def test_filters_hold_for_what_a_question_is_understood_as(sample_answerer: Answerer) -> None:
    nothing = Filters(sources=("لا مصدر",))
    answer = sample_answerer.ask(Question.parse("ومتى كان ذلك؟", filters=nothing, previous=["من وقّع اتفاق الدوحة؟"]))
    assert (answer.status, answer.hits) == ("not_found", ())


def test_a_previous_question_that_cannot_be_asked_is_refused_and_so_are_too_many() -> None:
    with pytest.raises(QuestionError) as refused:
        Question.parse("متى؟", previous=["؟"])
    assert refused.value.fault == "not_a_question"
    with pytest.raises(QuestionError, match="6 previous questions are given; send the last 5") as refused:
        Question.parse("متى؟", previous=["من؟"] * (MAX_PREVIOUS + 1))
    assert refused.value.fault == "too_many_previous"


def test_an_endless_conversation_makes_no_endless_question(sample_answerer: Answerer) -> None:
    long = "من وقّع " + "اتفاق " * 160
    answer = sample_answerer.ask(Question.parse("ومتى كان ذلك؟", previous=[long, f"وأين {long}؟"]))
    assert answer.understood_as is not None
    assert len(answer.understood_as) <= 2000
