"""A misspelled question finds what it means by the words of the articles, and a rightly spelled one stays as it is."""

from __future__ import annotations

import json
from itertools import islice, product
from pathlib import Path

import pytest

from index.types import Article
from qa.answerer import Answerer
from qa.cli import as_text
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.keyboard import as_arabic, as_english
from qa.question.parsed import parse_question
from qa.retrieve.spelling import Correction, corrected, unknown_words
from qa.retrieve.vocabulary import MOST_COMPARED, Vocabulary, cost_of
from qa.types.question import Question
from tests.conftest import PROJECT
from tests.fakes import WordEmbedder
from web.app import create_app
from web.service import Service

pytestmark = [pytest.mark.model, pytest.mark.index]


@pytest.fixture(scope="session")
def vocabulary(sample_answerer: Answerer) -> Vocabulary:
    return Vocabulary(sample_answerer.snapshot)


def correction(answerer: Answerer, vocabulary: Vocabulary, text: str) -> Correction | None:
    return corrected(answerer.snapshot, vocabulary, parse_question(text))


@pytest.mark.parametrize(("typed", "meant"), [
    ("ماذا قال اردغان عن الحبوب؟", "ماذا قال أردوغان عن الحبوب؟"),
    ("متى وقعت محادصات جنيف؟", "متى وقعت محادثات جنيف؟"),
    ("من وقع اطفاق الدوحة؟", "من وقع اتفاق الدوحة؟"),
    ("كم استغرقت المفاضوات؟", "كم استغرقت المفاوضات؟"),
    ("من التقى غورباتشف في 1985؟", "من التقى غورباتشوف في 1985؟"),
    ("متا وقعت اتفاقية باريس؟", "متى وقعت اتفاقية باريس؟"),
    ("ومتا وقع اتفاق الدوحة؟", "ومتى وقع اتفاق الدوحة؟"),
    ("لمذا فشلت المفاوضات؟", "لماذا فشلت المفاوضات؟"),
    ("فلمذا فشلت المفاوضات؟", "فلماذا فشلت المفاوضات؟"),
    ("لماا فشلت المفاوضات؟", "لماذا فشلت المفاوضات؟"),
    ("مادا قال أردوغان؟", "ماذا قال أردوغان؟"),
    ("كيق انتهت القمة؟", "كيف انتهت القمة؟"),
    ("اينن وقع اتفاق الدوحة؟", "أين وقع اتفاق الدوحة؟"),
    ("لمذا قال اردغان ذلك؟", "لماذا قال أردوغان ذلك؟"),
    ("lk ,ru hjthr hg],pm?", "من وقع اتفاق الدوحة؟"),
    ("اخص ةشىغ خب فاثة مثبف فاث ؤهفغ", "how many of them left the city"),
    ("صاثى يهي فاث بهقث سفشقف هى خيثسسش", "when did the fire start in odessa"),
    ("صاخ سهلىثي فاث يخاش شلقثثةثىف", "who signed the doha agreement"),
    ("صاخ سهلىثي فاث شلقثثةثىف صهفا فخةششم", "who signed the agreement with tomaal"),  # one name in no article
    ("صاهؤا ةهىهسفثق سهلىثي هى يخاش", "which minister signed in doha"),  # هى is هي
    ("يهي هقشى سهلى هى يخاش", "did iran sign in doha")])
def test_a_misspelled_question_is_corrected_by_the_words_of_the_articles(
        sample_answerer: Answerer, vocabulary: Vocabulary, typed: str, meant: str) -> None:
    found = correction(sample_answerer, vocabulary, typed)
    assert found is not None
    assert found.text == meant


def test_a_correction_names_each_word_that_was_changed(sample_answerer: Answerer, vocabulary: Vocabulary) -> None:
    assert correction(sample_answerer, vocabulary, "ما علاقة اردغان بقمة غورباتشف؟") == Correction(
        "ما علاقة أردوغان بقمة غورباتشوف؟", (("اردغان", "أردوغان"), ("غورباتشف", "غورباتشوف")))


@pytest.mark.parametrize("text", [
    "ما القيمة المالية للجائزة؟",           # القمة is another word
    "كم تبلغ تذكرة القطار؟",               # القرار is another word
    "متى وقع 2719 و١٢٣٤٥٦٧؟",
    "كهف الحمام في أي بلد؟", "آيت أحمد والمفاوضات", "إيان ماكيلان والقمة", "متة الأرجنتين", "متا متى وقعت القمة؟",
    "صاغ الوفد بيان القمة", "ليش وقعت القمة؟", "متا", "who is the head of خخخخخخ",
    "What is the main obstacle to a rapprochement?",
    "من هي زرقاء اليمامة؟", "؟", "خخخخخخخخ"])
def test_a_question_stays_where_no_word_is_surely_misspelled(
        sample_answerer: Answerer, vocabulary: Vocabulary, text: str) -> None:
    assert correction(sample_answerer, vocabulary, text) is None


def test_no_rightly_spelled_sample_question_is_changed(sample_answerer: Answerer, vocabulary: Vocabulary) -> None:
    lines = (PROJECT / "articles" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [row["question"] for row in map(json.loads, lines) if row["kind"] != "spelling"]
    assert len(texts) > 150
    assert [found for text in texts if (found := correction(sample_answerer, vocabulary, text))] == []


def test_the_corrected_question_is_answered_and_the_answer_says_so(sample_answerer: Answerer) -> None:
    answer, meant = (sample_answerer.ask(Question.parse(text))
                     for text in ("من وقع اطفاق الدوحة؟", "من وقع اتفاق الدوحة؟"))
    assert answer.citations == meant.citations
    assert answer.citations
    assert answer.question.text == answer.as_json()["question"] == "من وقع اطفاق الدوحة؟"
    assert answer.as_json()["did_you_mean"] == "من وقع اتفاق الدوحة؟"
    assert as_text(answer).splitlines()[0] == "searched with the spelling corrected: من وقع اتفاق الدوحة؟"
    assert "did_you_mean" not in meant.as_json()
    assert sample_answerer.ask(answer.question).did_you_mean == answer.did_you_mean  # the cached answer too


@pytest.mark.parametrize(("ui", "line"), [("ar", "أجبنا عن سؤالك بعد تصحيح كتابته:"),
                                          ("en", "Answered with the spelling corrected:")])
def test_the_page_says_which_question_is_answered(
        sample_answerer: Answerer, sample_index: Path, ui: str, line: str) -> None:
    client = create_app(Service(sample_index, lambda: sample_answerer)).test_client()
    html = client.get("/", query_string={"q": "من وقع اطفاق الدوحة؟", "lang": ui}).get_data(as_text=True)
    assert f'<p class="understood">{line} <bdi lang="ar">من وقع اتفاق الدوحة؟</bdi> ' in html


def test_where_only_a_part_of_the_articles_is_read_the_postings_know_words(sample_answerer: Answerer) -> None:
    part = Vocabulary(sample_answerer.snapshot, most_bytes=10_000)
    whole = Vocabulary(sample_answerer.snapshot)
    assert [vocabulary.has("كراسيكوف") for vocabulary in (part, whole)] == [False, True]
    assert part.knows("كراسيكوف")
    assert not part.knows("كرتسيكوف")


def test_both_layouts_retype_each_other() -> None:
    assert as_arabic("hgsghl") == "السلام"
    assert as_english(as_arabic("abolished")) == "abolished"
    assert as_english("اهلا", lam_alef="gh") == "high"


def test_a_mistake_costs_less_between_letters_that_are_confused() -> None:
    assert cost_of("خاشكجي", "خاشقجي") == 0.5   # ق and ك
    assert cost_of("ريغن", "ريغان") == 0.5      # a long vowel
    assert cost_of("الحبووب", "الحبوب") == 0.5  # a doubled letter
    assert cost_of("مفاضوات", "مفاوضات") == 1   # two letters in the wrong order
    assert cost_of("قرار", "قطار") == 1


def test_search_timeline_and_disagreements_look_for_what_was_meant(sample_answerer: Answerer) -> None:
    typed, meant = Question("محادصات جنيف"), Question("محادثات جنيف")
    for find in (sample_answerer.search, sample_answerer.timeline, sample_answerer.affair,
                 sample_answerer.disagreements):
        found, as_meant = find(typed).as_json(), find(meant).as_json()
        assert found["did_you_mean"] == meant.text
        assert "did_you_mean" not in as_meant
        assert {**found, "did_you_mean": "", "query": ""} == {**as_meant, "did_you_mean": "", "query": ""}


@pytest.mark.parametrize(("language", "said"), [
    ("ar", "بحثنا بعد تصحيح الكتابة عن:"), ("en", "Searched with the spelling corrected:")])
@pytest.mark.parametrize("page", ["timeline", "affair", "disagreements"])
def test_a_page_says_what_was_looked_for(
        sample_answerer: Answerer, sample_index: Path, page: str, language: str, said: str) -> None:
    client = create_app(Service(sample_index, lambda: sample_answerer)).test_client()
    shown = client.get(f"/{page}?lang={language}&q=محادصات جنيف").text
    assert said in shown
    assert ">محادثات جنيف</bdi>" in shown


@pytest.mark.slow
def test_only_the_most_common_words_are_compared_with_a_misspelled_one() -> None:
    letters = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"
    rare = ["".join(each) for each in islice(product(letters, repeat=4), MOST_COMPARED)]
    texts = ["ترسانات ترسانات يتصافحون", *(" ".join(rare[first:first + 1000]) for first in range(0, len(rare), 1000))]
    snapshot = throwaway_snapshot([Article(str(number), text) for number, text in enumerate(texts)], WordEmbedder())
    vocabulary = Vocabulary(snapshot)
    assert [close.word for close in vocabulary.close_to("ترسانتات", 1)] == ["ترسانات"]
    assert vocabulary.knows("يتصافحون")
    assert vocabulary.close_to("يتصافحونن", 1) == []  # as rare as the others, and the last of them


PARTED = (Article("a", "وقّع المهندس سلمان عطا الله عقد الجسر. وحضر فخر الدين البزاز حفل التوقيع."),
          Article("b", "زار وفد من صور المعرض. ومن شارك في المعرض نال هدية."))


@pytest.mark.parametrize(("typed", "meant"), [
    ("سلمان عطاالله", "سلمان عطا الله"), ("سلمان عطالله", "سلمان عطا الله"),
    ("من هو فخرالدين البزاز؟", "من هو فخر الدين البزاز؟"), ("متى كان حفلالتوقيع؟", "متى كان حفل التوقيع؟")])
def test_words_written_as_one_are_parted_where_they_stand_side_by_side(typed: str, meant: str) -> None:
    snapshot = throwaway_snapshot(PARTED, WordEmbedder())
    found = corrected(snapshot, Vocabulary(snapshot), parse_question(typed))
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize("typed", ["سلمان عطاالدين", "من هو منصور؟", "عقدالدين", "وفدالجسر"])
def test_words_that_stand_side_by_side_nowhere_are_not_parted(typed: str) -> None:
    snapshot = throwaway_snapshot(PARTED, WordEmbedder())
    assert corrected(snapshot, Vocabulary(snapshot), parse_question(typed)) is None


FERRY = (Article("a", "يعمل البحارة في الميناء ويقول القبطان إن العبارة لن تعود. وعملوا طوال الليل."),)


@pytest.mark.parametrize(("typed", "unknown"), [
    ("ايش بيعمل القبطان دلوقتي؟", []), ("شو هيقول القبطان؟", []), ("مين اللي تعود العبارة عشانه؟", ["عشانه"]),
    ("ليش بيغرق القبطان؟", ["بيغرق"]), ("متى هبط القبطان؟", ["هبط"])])
def test_words_of_dialects_are_known_if_they_are_small_or_verbs_of_the_articles(typed: str, unknown: list[str]) -> None:
    snapshot = throwaway_snapshot(FERRY, WordEmbedder())
    assert [each.word for each in unknown_words(Vocabulary(snapshot), parse_question(typed))] == unknown
