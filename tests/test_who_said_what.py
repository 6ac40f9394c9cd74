"""Who said what about a topic: one row a statement, by speaker, with the verb's meaning, the day and the source."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import build_index
from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.opening import open_answerer
from qa.topics.affair import Affair
from qa.topics.who_said_what import SpeakerStatement
from qa.types.filters import Filters
from qa.types.question import Question
from tests.statements import LAKE, STATEMENTS, TOPIC

pytestmark = [pytest.mark.process, pytest.mark.model]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    return answerer_of(tmp_path_factory.mktemp("statements"), STATEMENTS, embedder)


def answerer_of(folder: Path, articles: tuple[Article, ...], embedder: Embedder) -> Answerer:
    (folder / "articles.jsonl").write_text("\n".join(json.dumps({
        "id": article.id, "title": article.title, "source": article.source, "published": article.published,
        "text": article.text}) for article in articles), encoding="utf-8")
    assert build_index.main([str(folder / "articles.jsonl"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(folder / "index", embedder)


@pytest.fixture(scope="module")
def affair(answerer: Answerer) -> Affair:
    return answerer.affair(Question(TOPIC))


def said_by(affair: Affair, name: str) -> tuple[SpeakerStatement, ...]:
    (speaker,) = (speaker for speaker in affair.speakers if speaker.name == name)
    return speaker.statements


def test_a_speaker_is_one_by_the_full_name_without_titles(affair: Affair) -> None:
    names = [speaker.name for speaker in affair.speakers]
    assert sorted(names) == sorted(set(names))
    assert {"سامي الدالي", "رمزي العويد", "ليلى السعيد"} <= set(names)
    assert not {"الدالي", "العويد"} & set(names)
    assert {statement.citation.article.id for statement in said_by(affair, "رمزي العويد")} == {"s3", "s4"}


def test_each_statement_has_the_meaning_of_its_verb(affair: Affair) -> None:
    acts = {(statement.citation.article.id, statement.citation.start): statement.act
            for speaker in affair.speakers for statement in speaker.statements}
    expected = {("s2", "أعلن"): "announced", ("s2", "وحذر"): "warned", ("s3", "نفى"): "denied",
                ("s4", "قال العويد"): "said", ("s6", "اتهمت"): "accused"}
    texts = {article.id: article.text for article in STATEMENTS}
    assert {place: acts.get((place[0], texts[place[0]].index(place[1]))) for place in expected} == expected


def test_statements_come_in_order_of_days_and_a_day_beside_the_verb_is_that_of_saying(affair: Affair) -> None:
    statements = said_by(affair, "سامي الدالي")
    days = [statement.last for statement in statements]
    assert len(days) >= 4
    assert days == sorted(day for day in days if day)
    (announced,) = (statement for statement in statements if statement.act == "announced")
    assert (announced.first, announced.dated_by) == (date(2021, 3, 10), "text")
    (before,) = (statement for statement in statements if statement.is_earlier)
    assert before.citation.quote.startswith("وكان سامي الدالي قال")
    assert (before.first, before.dated_by) == (date(2021, 3, 2), "publication")


def test_the_verb_the_name_and_the_claim_are_places_in_the_text(affair: Affair) -> None:
    statements = [statement for speaker in affair.speakers for statement in speaker.statements]
    assert len(statements) >= 8
    for statement in statements:
        citation, text = statement.citation, statement.citation.article.text
        assert text[citation.start:citation.end] == citation.quote
        assert citation.start <= statement.cue[0] < statement.claim[0] < statement.claim[1] <= citation.end
    (accused,) = (statement for statement in statements if statement.act == "accused")
    assert accused.name is not None
    assert accused.citation.article.text[slice(*accused.name)] == "ليلى السعيد"
    assert accused.claim_text == "مصنع الفيروز بإخفاء التسرب."
    assert accused.verb == "اتهمت"


def test_a_pronoun_stands_for_who_spoke_before_and_a_reprint_is_one_row(affair: Affair) -> None:
    (added,) = (each for each in said_by(affair, "سامي الدالي") if each.citation.quote.startswith("وأضاف"))
    assert added.citation.context_quote is not None
    assert "سامي الدالي" in added.citation.context_quote
    (three_hundred,) = (each for each in said_by(affair, "رمزي العويد") if "300" in each.citation.quote)
    assert [place.article.id for place in three_hundred.citation.also_in] == ["s5"]


def test_what_nobody_named_said_or_somebody_did_not_say_is_left_out(affair: Affair) -> None:
    quotes = [statement.citation.quote for speaker in affair.speakers for statement in speaker.statements]
    assert quotes
    assert [quote for quote in quotes if "مصدر" in quote or "ولم يقل" in quote] == []


def test_a_change_of_position_denies_what_was_affirmed_or_gives_another_figure(affair: Affair) -> None:
    found = {(change.kind, change.speaker): change for change in affair.changes}
    assert set(found) == {("polarity", "سامي الدالي"), ("polarity", "رمزي العويد"), ("figure", "رمزي العويد")}
    polarity, figure = found["polarity", "سامي الدالي"], found["figure", "رمزي العويد"]
    assert found["polarity", "رمزي العويد"].earlier_words == "نفى"
    assert (polarity.earlier_words, polarity.later_words) == ("لم يلوث", "لوث")
    assert (figure.earlier_words, figure.later_words) == ("300 طن", "900 طن")
    for change in affair.changes:
        assert change.earlier.last is not None
        assert change.later.first is not None
        assert change.earlier.last < change.later.first


STEADY = (
    Article("t1", "قال وزير البيئة سامي الدالي إن مصنع الفيروز لن يغلق. ", "مصنع الفيروز لن يغلق", LAKE,
            published="2021-03-01"),
    Article("t2", "قال وزير البيئة سامي الدالي إن مصنع الفيروز لن يغلق أبوابه.", "مصنع الفيروز باق", LAKE,
            published="2021-03-09"),
    Article("t3", "قال وزير البيئة سامي الدالي إن مصنع الفيروز سيغلق إذا تكرر التسرب.", "شرط إغلاق مصنع الفيروز", LAKE,
            published="2021-03-12"),
    Article("t4", "قالت ليلى السعيد إن مصنع الفيروز سيغلق.", "إغلاق مصنع الفيروز", LAKE, published="2021-03-13"),
    Article("t5", "قال قائد الإسعاف نبيل رزق إن 4 عمال قتلوا في مصنع الفيروز.", "قتلى مصنع الفيروز", LAKE,
            published="2021-03-14"),
    Article("t6", "قال قائد الإسعاف نبيل رزق إن 9 عمال قتلوا في مصنع الفيروز.", "ارتفاع قتلى مصنع الفيروز", LAKE,
            published="2021-03-15"),
)


def test_repetition_conditions_other_speakers_and_a_rising_toll_are_no_change_of_position(
        tmp_path: Path, embedder: Embedder) -> None:
    affair = answerer_of(tmp_path, STEADY, embedder).affair(Question("مصنع الفيروز"))
    assert affair.statement_count >= 5
    assert [(change.speaker, change.earlier_words, change.later_words) for change in affair.changes] == []


def test_citations_are_numbered_through_all_parts_and_either_order_keeps_the_statements(affair: Affair) -> None:
    latest = affair.ordered("desc")
    for found in (affair, latest):
        assert [citation.number for citation in found.citations] == list(range(1, len(found.citations) + 1))
        numbers = {statement.citation.number for speaker in found.speakers for statement in speaker.statements}
        assert {number for change in found.changes for number in (
            change.earlier.citation.number, change.later.citation.number)} <= numbers
    assert [event.citation.quote for event in latest.events] == [event.citation.quote for event in affair.events][::-1]
    assert latest.ordered("asc").as_json() == affair.as_json()


def test_the_newest_articles_come_first_and_the_filters_hold_for_every_part(answerer: Answerer, affair: Affair) -> None:
    assert [article.id for article in affair.articles][:2] == ["s4", "s2"]
    late = answerer.affair(Question(TOPIC, filters=Filters(published_from=date(2021, 3, 10), sources=(LAKE,))))
    assert late.citations
    assert {citation.article.id for citation in late.citations} | {article.id for article in late.articles} \
        <= {"s2", "s4"}


def test_a_topic_without_articles_has_nothing(answerer: Answerer) -> None:
    affair = answerer.affair(Question("سباق الدراجات في جزر القمر"))
    assert (affair.events, affair.speakers, affair.changes, affair.disagreements) == ((), (), (), ())
