"""The police, courts and embassies of other places than the question's."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.other_place import lacks_place
from qa.answer.premise import premise_of
from qa.answer.ranking import rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

POLICE = "اعتقلت شرطة مومباسا ثلاثة رجال سرقوا قوارب صيد."
EMBASSY = "افتتحت السفارة الكينية في أوسلو معرضا للقوارب."
COURT = "سجنت المحكمة التنزانية صيادا سرق قاربا."
GOVERNOR = "زار حاكم ولاية لامو سوق القوارب القديم."
ENGLISH = "The police of Mombasa arrested three men who stole boats."


def premise(question: str, *texts: str) -> tuple[tuple[str, str] | None, bool]:
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([Article(str(number), text) for number, text in enumerate(texts)], embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 5)
    sentences = rank_sentences(snapshot, asked, candidates, 8)
    found = premise_of(asked, sentences, snapshot.lexical)
    return None if found is None else (found.text, found.why.split(":")[0]), lacks_place(asked, sentences[0])


@pytest.mark.parametrize(("question", "text", "asked", "why"), [
    ("من اعتقلت شرطة نيروبي بعد سرقة قوارب؟", POLICE, "شرطة نيروبي",
     "تذكر المقالات «شرطة مومباسا»، لا «شرطة نيروبي»"),
    ("امتى افتتحت السفارة الكينية في باريس معرضا؟", EMBASSY, "السفارة الكينية في باريس",
     "تذكر المقالات «السفارة الكينية في أوسلو»، لا «السفارة الكينية في باريس»"),
    ("من سجنت المحكمة الأوغندية؟", COURT, "المحكمة الأوغندية",
     "تذكر المقالات «المحكمة التنزانية»، لا «المحكمة الأوغندية»"),
    ("ماذا زار حاكم نيفادا؟", GOVERNOR, "حاكم نيفادا", "تذكر المقالات «حاكم ولاية لامو»، لا «حاكم نيفادا»"),
    ("Whom did the police of Nairobi arrest?", ENGLISH, "police of Nairobi",
     "The articles speak of “police of Mombasa”, not of “police of Nairobi”")])
def test_a_thing_of_another_place_is_named(question: str, text: str, asked: str, why: str) -> None:
    assert premise(question, text) == ((asked, why), True)


@pytest.mark.parametrize(("question", "texts"), [
    ("من اعتقلت شرطة مومباسا؟", (POLICE,)), ("من اعتقلت الشرطة في مومباسا؟", (POLICE,)),
    ("من اعتقلت شرطة نيروبي بعد سرقة قوارب؟", (POLICE + " وساعدتها الشرطة من نيروبي.",)),
    ("متى افتتحت السفارة الكينية في أوسلو معرضا؟", (EMBASSY,)), ("من سجنت المحكمة العليا؟", (COURT,)),
    ("من سجنت محكمة تنزانية؟", (COURT,)), ("Whom did police arrest?", (ENGLISH,))])
def test_a_thing_of_the_same_place_or_of_none_is_not_objected_to(question: str, texts: tuple[str, ...]) -> None:
    assert premise(question, *texts) == (None, False)


@pytest.mark.parametrize(("question", "text"), [
    ("متى استقال عمدة المدينة؟", "استقال عمدة لامو في مارس."),
    ("متى زار حاكم الولاية السوق؟", "زار حاكم نيفادا السوق."),
    ("من اعتقلت شرطة المدينة بعد سرقة قوارب؟", POLICE), ("متى أعيد بناء سجن النساء؟", "أعيد بناء سجن مومباسا في مارس."),
    ("متى أُغلق ملعب الكرة؟", "أُغلق ملعب مومباسا في مارس."), ("متى سجنت محكمة الأسرة صيادا؟", "سجنت محكمة لامو صيادا."),
    ("متى افتتحت السفارة الكينية في النرويج معرضا للقوارب؟", EMBASSY),
    ("متى افتتحت السفارة الكينية في أوسلو معرضا للقوارب؟",
     "افتتحت السفارة الكينية في النرويج، وفي مدينة أوسلو، معرضا للقوارب."),
    ("من اعتقلت شرطة العاصمة البريطانية لندن؟", "اعتقلت شرطة لندن صيادا."),
    ("لماذا دخل الصياد المستشفى في مارس؟", "دخل الصياد المستشفى في مومباسا بعد سقوطه من قارب."),  # a month
    ("كم صيادا سجنت المحكمة في لامو؟", "سجنت المحكمة، في جلسة طويلة، خمسة صيادين من لامو."),  # behind a comma
    ("كم كنيسة جرى ترميمها في لامو؟", "رممت الحكومة كنيسة ومسجدا في لامو."),
    ("من قتلت شرطة تكساس؟", "قتلت الشرطة في مدينة أوستن صيادا من تكساس."),
    ("من اعتقلت شرطة كينيا بعد سرقة قوارب؟", POLICE), ("من سجنت محكمة تنزانية؟", "سجنت محكمة مومباسا صيادا سرق قاربا."),
    ("متى افتتحت السفارة الكينية في الأردن معرضا؟", "افتتحت السفارة الكينية في عمان معرضا."),
    ("من اعتقلت الشرطة الإسبانية؟", "اعتقلت الشرطة الكتالونية صيادا."),
    ("متى أغلقت سفارة أوغندا في لامو؟", "أغلقت سفارة دولة أخرى في لامو أمس."),
    ("متى أغلقت سفارة أوغندا في لامو؟", "أغلقت سفارة دولة ثانية في لامو أمس."),
    ("متى زار محافظ لامو السوق؟", "زار محافظ آخر السوق القديم في لامو."),
    ("أين فتشت الشرطة الكينية قوارب القنصلية التنزانية؟", "فتشت الشرطة قوارب القنصلية التنزانية في لامو."),
    ("Whom did the police of Kenya arrest?", ENGLISH)])
def test_a_place_that_may_hold_the_other_or_is_any_place_is_not_objected_to(question: str, text: str) -> None:
    assert premise(question, text) == (None, False)


def test_an_article_without_the_place_is_not_sure_to_answer() -> None:
    assert premise("أين تقع محكمة لامو؟", "فر صيادون من محكمة قرب العاصمة.") == (None, True)
