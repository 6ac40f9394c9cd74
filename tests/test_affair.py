"""An affair that several sources tell: each event once, in order either way, and no disagreement that is none."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import build_index
from index.model.types import Embedder
from index.types import Article
from qa import cli
from qa.answerer import Answerer
from qa.opening import open_answerer
from qa.topics.timeline import Event, Timeline
from qa.topics.timeline_formats import FORMATS, own_address
from qa.types.citation import Citation
from qa.types.index_state import IndexState
from qa.types.question import Question
from tests.affair import AFFAIR
from web.app import create_app
from web.service import Service

pytestmark = [pytest.mark.process, pytest.mark.model]

ASKED = Question("انهيار سد الزيتون")


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("affair")
    (folder / "articles.jsonl").write_text("\n".join(json.dumps({
        "id": article.id, "title": article.title, "source": article.source, "published": article.published,
        "text": article.text}) for article in AFFAIR), encoding="utf-8")
    assert build_index.main([str(folder / "articles.jsonl"), "--index-dir", str(folder / "index")]) == 0
    return folder / "index"


@pytest.fixture(scope="module")
def answerer(index_dir: Path, embedder: Embedder) -> Answerer:
    return open_answerer(index_dir, embedder)


@pytest.fixture(scope="module")
def timeline(answerer: Answerer) -> Timeline:
    return answerer.timeline(ASKED)


@pytest.fixture
def client(index_dir: Path, answerer: Answerer) -> FlaskClient:
    return create_app(Service(index_dir, lambda: answerer)).test_client()


def test_reports_of_one_event_are_one_entry_with_its_sources(timeline: Timeline) -> None:
    (fall,) = (event for event in timeline.events if event.first == date(2021, 6, 8))
    told = {fall.citation.article.id, *(report.citation.article.id for report in fall.reports)}
    assert {"v1", "w1"} <= told
    assert fall.articles == len(told) + len({place.article.id for place in fall.citation.also_in} - told)
    assert fall.mention is not None
    assert fall.citation.article.text[slice(*fall.mention)] == "الثلاثاء"
    for report in fall.reports:
        citation = report.citation
        assert citation.article.text[citation.start:citation.end] == citation.quote


def test_an_event_has_its_own_day_and_other_stories_are_left_out(timeline: Timeline) -> None:
    days = {event.first for event in timeline.events}
    assert {date(2021, 6, 8), date(2021, 6, 9), date(2021, 6, 10), date(2021, 6, 20)} <= days
    assert "x1" not in {event.citation.article.id for event in timeline.events}


def test_events_come_in_order_either_way_and_are_numbered_in_it(timeline: Timeline) -> None:
    latest = timeline.ordered("desc")
    assert [event.first for event in latest.events] == [event.first for event in timeline.events][::-1]
    for found in (timeline, latest):
        numbers = [event.citation.number for event in found.events]
        assert numbers == list(range(1, len(numbers) + 1))
        further = [report.citation.number for event in found.events for report in event.reports]
        assert further == list(range(len(numbers) + 1, len(numbers) + 1 + len(further)))
    assert latest.ordered("asc").events == timeline.events
    assert latest.as_json()["order"] == "desc"


def test_the_event_that_most_articles_report_is_a_key_event(timeline: Timeline) -> None:
    assert len(timeline.events) > 5  # fewer are seen at a glance anyway
    most = max(timeline.events, key=lambda event: event.articles)
    assert most.articles > 1
    assert most in timeline.key_events
    assert len(timeline.key_events) <= 5


def test_a_toll_that_grows_and_a_speaker_with_two_titles_are_no_disagreement(answerer: Answerer) -> None:
    found = answerer.disagreements(Question("كم عدد قتلى انهيار سد الزيتون؟")).disagreements
    assert [each.about for each in found if {"12 شخصا", "19 شخصا", "21 شخصا"} & {
        side.value for side in each.sides}] == []
    spoken = answerer.disagreements(Question("من قال إن الشقوق ظهرت في سد الزيتون؟")).disagreements
    assert [each for each in spoken if each.kind == "attribution"] == []


def test_counts_of_the_displaced_that_differ_are_found_and_marked_as_of_other_days(answerer: Answerer) -> None:
    (found,) = answerer.disagreements(Question("كم عدد النازحين من قرى سد الزيتون؟")).disagreements
    assert {side.value for side in found.sides} == {"40 ألف شخص", "75 ألف شخص"}
    assert found.over_time
    assert found.as_json()["over_time"] is True


def test_a_timeline_is_taken_away_as_csv_markdown_and_json(timeline: Timeline) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(timeline, own_address, str).removeprefix("\ufeff"))))
    assert [row["quote"] for row in rows if row["is_report"] == "False"] == [
        event.citation.quote for event in timeline.events]
    assert len(rows) == len(timeline.events) + sum(len(event.reports) for event in timeline.events)
    markdown = FORMATS["markdown"].write(timeline, own_address, str)
    assert markdown.startswith("# انهيار سد الزيتون\n")
    assert "- **2021-06-08**: " in markdown
    assert "  - انهيار سد الزيتون. صدى الوادي. 2021-06-09." in markdown
    assert json.loads(FORMATS["json"].write(timeline, own_address, str)) == timeline.as_json()


def test_a_cell_is_no_formula() -> None:
    citation = Citation(1, Article("a", "=1+1", "-x", "@y"), 0, 4)
    event = Event(citation, date(2021, 1, 1), date(2021, 1, 1), "text")
    written = FORMATS["csv"].write(Timeline(ASKED, (event,), IndexState("g", 1, 1)), own_address, str)
    assert ",'=1+1,a,'-x,'@y," in written


def test_the_endpoint_and_the_page_take_the_order(client: FlaskClient, timeline: Timeline) -> None:
    found = client.get("/api/timeline", query_string={"q": ASKED.text, "order": "desc"}).get_json()
    assert [event["first"] for event in found["events"]] == [
        event.first.isoformat() for event in timeline.events][::-1]
    assert client.get("/api/timeline?q=x&order=up").status_code == 422
    page = client.get("/timeline", query_string={"q": ASKED.text, "order": "desc", "lang": "en"}).get_data(as_text=True)
    assert page.index("Key events") < page.index('class="timeline')
    assert '<b aria-current="true">Latest first</b>' in page
    assert page.index("20 June 2021</time>") < page.rindex("8 June 2021</time>")


@pytest.mark.parametrize(("name", "media_type"), [
    ("markdown", "text/markdown"), ("csv", "text/csv"), ("json", "application/json")])
def test_the_page_links_to_its_exports(client: FlaskClient, name: str, media_type: str) -> None:
    page = client.get("/timeline", query_string={"q": ASKED.text}).get_data(as_text=True)
    assert f"format={name}" in page
    response = client.get("/timeline/export", query_string={"q": ASKED.text, "format": name})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="musnad-timeline.')


def test_the_commands_print_what_the_endpoints_return(
        answerer: Answerer, timeline: Timeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
        ) -> None:
    monkeypatch.setattr("qa.opening.load_answerer", lambda *_, **__: answerer)
    assert cli.main(["timeline", ASKED.text, "--json", "--order", "desc"]) == 0
    assert json.loads(capsys.readouterr().out) == timeline.ordered("desc").as_json()
    assert cli.main(["timeline", ASKED.text]) == 0
    printed = capsys.readouterr().out
    assert "2021-06-08  انهار سد الزيتون، الثلاثاء" in printed
    assert cli.main(["timeline", "تاريخ كوكب المريخ"]) == 0
    assert capsys.readouterr().out == "لم نجد في هذه المقالات حدثًا مؤرَّخًا عن هذا الموضوع.\n"
    assert cli.main(["disagreements", "كم عدد النازحين من قرى سد الزيتون؟"]) == 0
    assert "75 ألف شخص" in capsys.readouterr().out
