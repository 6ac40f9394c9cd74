"""Words for filters that admit nothing: answers, endpoints, commands and pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.types import Article
from qa import cli
from qa.answerer import Answerer
from qa.notice import Notice
from qa.retrieve.narrowing import nearest_names, notices_of
from qa.types.filters import NO_FILTERS, Filters
from qa.types.question import Question
from qa.verify.quote import Quote
from tests.generations import EMBEDDER, publish_articles
from web.app import create_app
from web.pages.messages import Messages
from web.service import Service

DATED = (Article("d1", "فاض النهر يوم الاثنين وأغلق الجسر.", "فيضان النهر", "صوت الضفاف", published="2020-03-03"),
         Article("d2", "عاد النهر إلى مجراه وفُتح الجسر.", "الجسر يُفتح", "Riverside Times", published="2020-03-20"))
UNDATED = (Article("u1", "فاض النهر في 2 مارس 2020 وأغلق الجسر.", "فيضان النهر", "صوت الضفاف"),
           Article("u2", "عاد الناس إلى بيوتهم يوم السبت.", "بعد فيضان النهر", "صوت الضفاف"))


def answerer_of(folder: Path, articles: tuple[Article, ...]) -> Answerer:
    publish_articles(folder, articles)
    return Answerer(open_snapshot(folder), EMBEDDER)


@pytest.fixture
def dated(tmp_path: Path) -> Answerer:
    return answerer_of(tmp_path / "index", DATED)


def test_an_unknown_source_is_named_with_the_nearest(dated: Answerer) -> None:
    (notice,) = notices_of(dated.snapshot, Filters(sources=("صوت الضفة", "Riverside Times")))
    assert notice == Notice("unknown_source", "صوت الضفة", ("صوت الضفاف",))
    assert notice.text("ar") == "ليس في هذه المقالات مصدر باسم «صوت الضفة». أقرب الأسماء إليه: «صوت الضفاف»."
    assert notice.text("en") == ("No article here is from a source called “صوت الضفة”. The nearest names: "
                                 "“صوت الضفاف”.")


@pytest.mark.parametrize(("asked", "names", "nearest"), [
    ("riverside", ("Riverside Times", "صوت الضفاف"), ("Riverside Times",)),
    ("zzz", ("a", "b"), ("a", "b")),  # few enough to name them all
    ("zzz", tuple("abcdef"), ()),
])
def test_names_are_near_by_their_letters(asked: str, names: tuple[str, ...], nearest: tuple[str, ...]) -> None:
    assert nearest_names(asked, names) == nearest


def test_a_time_in_which_nothing_was_published_names_the_first_and_last_day(dated: Answerer) -> None:
    late = Filters(published_from=date(2021, 1, 1))
    assert notices_of(dated.snapshot, late) == (
        Notice("no_articles_then", first=date(2020, 3, 3), last=date(2020, 3, 20)),)
    between = Filters(date(2020, 3, 10), date(2020, 3, 30), ("صوت الضفاف",))
    assert notices_of(dated.snapshot, between) == (
        Notice("no_articles_then", first=date(2020, 3, 3), last=date(2020, 3, 3)),)


def test_filters_that_admit_something_need_no_words(dated: Answerer) -> None:
    for filters in (NO_FILTERS, Filters(sources=("صوت الضفاف",)), Filters(date(2020, 3, 1), date(2020, 3, 5))):
        assert notices_of(dated.snapshot, filters) == ()
    assert "notices" not in dated.search(Question("النهر")).as_json()


def test_a_corpus_without_dates_says_so(tmp_path: Path) -> None:
    undated = answerer_of(tmp_path / "index", UNDATED)
    assert [each.code for each in notices_of(undated.snapshot, Filters(date(2020, 1, 1)))] == ["undated_articles"]
    timeline = undated.timeline(Question("فيضان النهر"))
    assert [event.first for event in timeline.events] == [date(2020, 3, 2)]
    assert [notice.code for notice in timeline.notices] == ["undated_timeline"]


def test_articles_without_a_date_that_a_filter_leaves_out_are_counted(tmp_path: Path) -> None:
    mixed = answerer_of(tmp_path / "index", (*DATED, *UNDATED))
    spring = Filters(date(2020, 3, 1), date(2020, 3, 31))
    (notice,) = notices_of(mixed.snapshot, spring)
    assert (notice.code, notice.as_json()["count"]) == ("undated_left_out", 2)
    assert notice.text("ar") == "لا تشمل التصفية بالتاريخ المقالات التي لا يُعرف تاريخ نشرها، وعددها 2."
    assert notice.text("en") == ("Articles without a date of publication (2 here) are left out where dates are asked "
                                 "for.")
    assert notices_of(mixed.snapshot, Filters(spring.published_from, spring.published_to, ("Riverside Times",))) == ()
    assert notices_of(mixed.snapshot, Filters(sources=("صوت الضفاف",))) == ()


def test_every_result_carries_them(dated: Answerer) -> None:
    filters = Filters(sources=("Mountain Post",))
    question = Question("متى فاض النهر؟", filters=filters)
    results = (dated.ask(question), dated.search(question), dated.timeline(question), dated.affair(question),
               dated.disagreements(question), dated.verify(Quote("فاض النهر يوم الاثنين", filters=filters)))
    for result in results:
        (notice,) = result.as_json()["notices"]
        assert (notice["code"], notice["source"]) == ("unknown_source", "Mountain Post")
        assert set(notice["text"]) == {"ar", "en"}
    assert [each.code for each in dated.browse(filters, offset=0, limit=5).notices] == ["unknown_source"]


def test_what_is_said_of_a_model_of_which_nothing_is_proved_is_so_of_one_that_cited_nothing() -> None:
    notice = Notice("model_not_proved")
    assert notice.text("ar") == ("صاغ النموذج اللغوي جوابًا لم يثبت شيء منه بجمل المقالات، فلم يُعرض. "
                                 "والجمل أدناه منقولة من المقالات بنصّها.")
    assert notice.text("en") == ("The language model wrote an answer, but none of it could be proved by the articles’ "
                                 "sentences, so it is not shown. The sentences below are the articles’ own, word for "
                                 "word.")


def test_a_count_is_written_as_the_reader_s_region_writes_numbers() -> None:
    notice = Notice("undated_left_out", count=1234)
    assert "وعددها 1,234." in notice.text("ar")
    egyptian = Messages("ar", "EG")
    assert "وعددها ١٬٢٣٤." in notice.text("ar", egyptian.day, egyptian.number)


@pytest.mark.parametrize(("path", "arabic", "english"), [
    ("/?q=النهر&source=لا أحد", "ليس في هذه المقالات مصدر باسم «لا أحد»", "called “لا أحد”"),
    ("/timeline?q=النهر&published_from=2031-01-01", "وأحدثها في 20 مارس/آذار 2020", "the newest from 20 March 2020"),
    ("/disagreements?q=النهر&source=لا أحد", "«لا أحد»", "“لا أحد”"),
    ("/verify?quote=فاض النهر يوم الاثنين&source=لا أحد", "«لا أحد»", "“لا أحد”"),
    ("/articles?published_to=1999-01-01", "ليس في هذه المقالات ما نُشر في هذه المدّة",
     "None of these articles was published in that time"),
])
def test_the_pages_say_it_in_both_languages(dated: Answerer, tmp_path: Path, path: str, arabic: str, english: str
                                            ) -> None:
    client = create_app(Service(tmp_path / "index", lambda: dated)).test_client()
    assert arabic in client.get(f"{path}&lang=ar").get_data(as_text=True)
    assert english in client.get(f"{path}&lang=en").get_data(as_text=True)


def test_the_endpoints_say_it(dated: Answerer, tmp_path: Path) -> None:
    client = create_app(Service(tmp_path / "index", lambda: dated)).test_client()
    for path in ("/api/search?q=x", "/api/timeline?q=x", "/api/affair?q=x", "/api/disagreements?q=x",
                 "/api/articles?q="):
        found = client.get(f"{path}&source=nobody").get_json()
        assert [notice["code"] for notice in found["notices"]] == ["unknown_source"]


@pytest.mark.parametrize("command", ["ask", "search", "timeline", "affair", "disagreements"])
def test_the_commands_say_it_in_the_language_of_the_question(
        dated: Answerer, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("qa.opening.load_answerer", lambda *_, **__: dated)
    assert cli.main([command, "متى فاض النهر؟", "--source", "nobody"]) == 0
    assert capsys.readouterr().out.startswith("ليس في هذه المقالات مصدر باسم «nobody».")
    assert cli.main([command, "When did the river rise?", "--source", "nobody"]) == 0
    assert capsys.readouterr().out.startswith("No article here is from a source called “nobody”.")
    assert cli.main([command, "النهر", "--source", "nobody", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notices"][0]["code"] == "unknown_source"
