"""The timeline, where articles differ, what could be asked, and articles by their words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import build_index
from index.dates import find_dates
from index.embedder import Embedder
from index.types import Article
from qa.answerer import Answerer, open_answerer
from qa.examples import question_of
from qa.types import NO_FILTERS, Filters, Question

AGENCY, PAPER, CHANNEL = "وكالة أ", "صحيفة ب", "قناة ج"
HARBOUR = (
    Article("a1", "أسفر انفجار مستودع في ميناء المدينة يوم الثلاثاء عن مقتل 12 شخصًا وإصابة 40 آخرين، بحسب مصادر طبية. "
                  "وقال وزير الداخلية سامي خوري إن الانفجار نجم عن خلل في مخزن المواد الكيميائية.",
            "انفجار في ميناء المدينة", AGENCY, published="2018-05-02"),
    Article("b1", "قُتل 17 شخصًا وأصيب 40 آخرون في انفجار مستودع في ميناء المدينة، وفق الدفاع المدني. "
                  "وقال محافظ المدينة نبيل حداد إن الانفجار نجم عن خلل في مخزن المواد الكيميائية.",
            "ضحايا انفجار الميناء", PAPER, published="2018-05-03"),
    Article("c1", "بلغ عدد القتلى في انفجار مستودع الميناء بالمدينة 12 شخصًا. وتعهدت الحكومة بتعويض المتضررين.",
            "الميناء بعد الانفجار", CHANNEL, published="2018-05-02"),
    Article("d1", "وكان انفجار مستودع في ميناء المدينة قد أسفر عن مقتل 19 شخصًا.", "بعد عام", CHANNEL,
            published="2019-05-02"),
    Article("a2", "وقّع الرئيسان اتفاق التعاون المائي في القاهرة يوم 28 فبراير 2019. ويشمل الاتفاق بناء ثلاثة سدود.",
            "قمة القاهرة", AGENCY, published="2019-03-02"),
    Article("b2", "وقّع الرئيسان في القاهرة اتفاق التعاون المائي يوم 1 مارس 2019. ويشمل الاتفاق بناء أربعة سدود على "
                  "النهر.",
            "اتفاق المياه", PAPER, published="2019-03-03"),
)


@pytest.fixture(scope="module")
def answerer(sample_index: Path, embedder: Embedder) -> Answerer:
    return open_answerer(sample_index, embedder)


@pytest.fixture(scope="module")
def differing(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    folder = tmp_path_factory.mktemp("differing")
    lines = [f'{{"id": "{article.id}", "title": "{article.title}", "source": "{article.source}", '
             f'"published": "{article.published}", "text": "{article.text}"}}' for article in HARBOUR]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert build_index.main([str(folder / "articles.jsonl"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(folder / "index", embedder)


# ---- the timeline ----

def test_a_timeline_is_dated_by_the_text_in_order_and_each_event_is_cited(answerer: Answerer) -> None:
    timeline = answerer.timeline(Question.parse("أزمة الصواريخ الكوبية"))
    days = [event.first for event in timeline.events]
    assert days == sorted(days)
    assert {date(1962, 10, 14), date(1962, 10, 22), date(1962, 10, 28), date(1963, 8, 30)} <= set(days)
    for number, event in enumerate(timeline.events, start=1):
        citation = event.citation
        assert citation.number == number
        assert citation.article.text[citation.start:citation.end] == citation.quote
        assert event.dated_by == "text"
        assert event.mention is not None
        assert citation.start <= event.mention[0] < event.mention[1] <= citation.end


@pytest.mark.parametrize(("asked", "events"), [
    ("ياسر عرفات", {date(1993, 9, 9), date(1994, 7, 1), date(1994, 12, 10)}),
    ("ترمب", {date(2018, 7, 16), date(2019, 9, 7)}),  # whichever way his name is spelled
    ("ماذا حدث في قمة ريكيافيك؟", {date(1986, 10, 11)}),
    ("the Taif agreement", {date(1989, 10, 22)}),
])
def test_a_person_a_question_and_another_language_have_their_timeline(answerer: Answerer, asked: str,
                                                                      events: set[date]) -> None:
    assert events <= {event.first for event in answerer.timeline(Question.parse(asked)).events}


def test_what_the_articles_know_nothing_about_has_no_events(answerer: Answerer) -> None:
    assert answerer.timeline(Question.parse("ما هو الطقس في طوكيو غدًا؟")).events == ()


def test_a_timeline_keeps_to_the_filters(answerer: Answerer) -> None:
    late = Filters(published_from=date(2000, 1, 1))
    timeline = answerer.timeline(Question.parse("جائزة نوبل", filters=late))
    assert timeline.events
    assert all(event.citation.article.published_on >= date(2000, 1, 1) for event in timeline.events
               if event.citation.article.published_on)


def test_the_first_sentence_of_news_without_a_date_happened_when_it_was_published(differing: Answerer) -> None:
    events = differing.timeline(Question.parse("انفجار الميناء")).events
    assert ("2018-05-03", "publication") in [(event.first.isoformat(), event.dated_by) for event in events]
    assert ("2018-05-01", "text") in [(event.first.isoformat(), event.dated_by) for event in events]  # يوم الثلاثاء


# ---- where articles differ ----

def test_other_numbers_of_the_same_thing_stand_side_by_side(differing: Answerer) -> None:
    (number,) = differing.disagreements(Question.parse("كم عدد قتلى انفجار الميناء؟")).differences
    assert (number.kind, [side.value for side in number.sides]) == ("number", ["12 شخصًا", "17 شخصًا"])
    assert [sorted(citation.article.id for citation in side.citations) for side in number.sides] == [
        ["a1", "c1"], ["b1"]]  # the wounded are as many in both, and what was told a year later is another account
    for side in number.sides:
        for citation in side.citations:
            assert citation.article.text[citation.start:citation.end] == citation.quote


@pytest.mark.parametrize(("asked", "kind", "values"), [
    ("متى وُقّع اتفاق التعاون المائي؟", "date", {"28 فبراير 2019", "1 مارس 2019"}),
    ("من قال إن الانفجار نجم عن خلل؟", "attribution", {"وزير الداخلية سامي خوري", "محافظ المدينة نبيل حداد"}),
    ("اتفاق المياه", "number", {"ثلاثة سدود", "أربعة سدود"}),
])
def test_other_days_and_speakers_are_found_too(differing: Answerer, asked: str, kind: str, values: set[str]) -> None:
    found = differing.disagreements(Question.parse(asked)).differences
    assert values in [{side.value for side in each.sides} for each in found if each.kind == kind]


def test_articles_that_agree_differ_in_nothing(answerer: Answerer) -> None:
    for asked in ("كم عدد القتلى؟", "الرؤوس النووية", "متى وقعت معاهدة القوى المتوسطة؟", "قمة هلسنكي", "جائزة نوبل"):
        assert answerer.disagreements(Question.parse(asked)).differences == ()


# ---- what could be asked ----

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


def test_a_sentence_without_end_is_left_alone() -> None:
    endless = "وقّع الرئيس " + "في يوم " * 20_000 + "26 مارس 1979 في واشنطن."
    assert question_of(endless, find_dates(endless)) is None


def test_the_examples_are_of_different_articles_and_answered_by_the_sentence_they_were_made_of(
        answerer: Answerer) -> None:
    assert len(answerer.examples) == 5
    first = [answerer.ask(Question.parse(example)).citations[0].article.id for example in answerer.examples]
    assert len(set(first)) == 5


def test_where_nothing_answers_questions_that_are_answered_are_offered(answerer: Answerer) -> None:
    answer = answerer.ask(Question.parse("ما اسم قائد الطائرة التي نقلت الرهائن؟"))
    assert answer.status == "not_found"
    offered = answerer.examples_near(answer)
    assert "متى أُفرج عن 52 أمريكيًا كانوا رهائن في طهران؟" in offered
    assert all(answerer.ask(Question.parse(each)).status == "answered" for each in offered)


@pytest.mark.parametrize(("typed", "expected"), [
    ("كامب ديف", "كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل"),
    ("ترامب", "ترمب يتراجع عن عبارة قالها بعد قمته مع بوتين في هلسنكي"),
    ("رهائن طهر", "متى أُفرج عن 52 أمريكيًا كانوا رهائن في طهران؟"),
    ("كام", "كامب ديفيد: إطاران للسلام ومعاهدة بين مصر وإسرائيل"),
])
def test_suggestions_have_the_words_typed_the_last_unfinished(answerer: Answerer, typed: str, expected: str) -> None:
    found = answerer.suggest(typed, 6)
    assert expected in [suggestion.text for suggestion in found]
    assert len(found) <= 6


@pytest.mark.parametrize("typed", ["", "؟", "zzzz", "\u202e", "كامب طوكيو"])
def test_where_nothing_fits_nothing_is_suggested_but_what_fits_everything(answerer: Answerer, typed: str) -> None:
    found = answerer.suggest(typed, 3)
    assert len(found) <= 3
    assert typed not in ("zzzz", "كامب طوكيو") or not found


# ---- articles by their words ----

def test_articles_are_found_by_their_words_in_whatever_form_and_paged(answerer: Answerer) -> None:
    found = answerer.browse(NO_FILTERS, offset=0, limit=50, words="ترامب")
    assert {"helsinki-summit-2018", "doha-agreement-2020", "inf-treaty-1987"} <= {
        article.id for article in found.articles}
    assert found.total == len(found.articles)
    second = answerer.browse(NO_FILTERS, offset=1, limit=1, words="ترامب")
    assert (second.total, second.articles) == (found.total, found.articles[1:2])


def test_an_article_that_lacks_a_word_is_not_found_and_filters_hold(answerer: Answerer) -> None:
    assert answerer.browse(NO_FILTERS, offset=0, limit=50, words="رهائن طوكيو").total == 0
    late = Filters(published_from=date(2019, 1, 1))
    found = answerer.browse(late, offset=0, limit=50, words="ترامب")
    assert found.total
    assert all(article.published >= "2019" for article in found.articles)
