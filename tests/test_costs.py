"""A request counts by what it costs, and what it costs does not grow with what cannot be asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.generation.snapshot import Snapshot
from index.language.dates import find_dates, find_dates_near
from index.model.reading import Reading, TitledPassage
from index.types import Article
from qa.answer.days import answering_day_span
from qa.answerer import Answerer
from qa.check.draft import Draft
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.topics.dates_read import DatesRead
from qa.types.answer import Answer
from qa.types.filters import NO_FILTERS
from qa.types.question import MAX_PREVIOUS, MAX_PREVIOUS_CHARS, Question, QuestionError
from qa.verify.quote import Quote
from tests.fake_answerer import FakeAnswerer, service_of
from tests.fakes import WordEmbedder
from web import create_app
from web.gate.costs import OTHER_S, QUESTION_S, Meter, units
from web.pages.forms import last_previous

CLIENT = {"REMOTE_ADDR": "192.0.2.1"}


def spend(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


class Costly(FakeAnswerer):
    """Takes so many seconds of a processor for a question, or for an article."""

    def __init__(self, question_s: float = 0.0, article_s: float = 0.0) -> None:
        super().__init__()
        self.question_s, self.article_s = question_s, article_s

    def ask(self, question: Question) -> Answer:
        spend(self.question_s)
        return super().ask(question)

    def record(self, article_id: str) -> Any:
        spend(self.article_s)
        return super().record(article_id)


@pytest.fixture
def statuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)

    def statuses(answerer: FakeAnswerer, count: int, path: str, **headers: str) -> list[int]:
        client = create_app(service_of(answerer, tmp_path), questions_a_minute=5).test_client()
        found = []
        for _ in range(count):
            asked = {"method": "POST", "json": {"question": "كم سعر الخبز؟"}} if path == "/api/ask" else {}
            with client.open(path, environ_overrides=CLIENT, headers=headers, **asked) as response:
                found.append(response.status_code)
                assert response.data
        return found

    return statuses


@pytest.mark.slow
def test_a_question_counts_for_one_and_a_costly_one_for_more(statuses: Callable[..., list[int]]) -> None:
    assert statuses(FakeAnswerer(), 6, "/api/ask") == [200] * 5 + [429]
    # 1.1 s are three questions: two of five are left, and the second takes both.
    assert statuses(Costly(question_s=2.2 * QUESTION_S), 3, "/api/ask") == [200, 200, 429]


@pytest.mark.slow
def test_a_streamed_answer_counts_by_what_its_stream_cost(statuses: Callable[..., list[int]]) -> None:
    assert statuses(Costly(question_s=2.2 * QUESTION_S), 3, "/api/ask", Accept="text/event-stream") == [200, 200, 429]


@pytest.mark.slow
def test_an_article_that_is_costly_to_show_counts_for_several_requests(statuses: Callable[..., list[int]]) -> None:
    assert statuses(Costly(article_s=10.5 * OTHER_S), 6, "/api/articles/bread") == [200] * 5 + [429]


def test_units_and_the_meter_count_the_processor_and_not_the_time() -> None:
    assert [units(seconds, 0.5) for seconds in (0.0, 0.5, 0.51, 1.6)] == [1, 1, 2, 4]
    meter = Meter()
    with meter.running():
        spend(0.05)
    assert 0.05 <= meter.seconds < 0.1


def test_previous_questions_are_bound_together() -> None:
    many = ["سؤال " + "ك" * (MAX_PREVIOUS_CHARS // 2 - 5)] * 2
    assert len(Question.parse("متى؟", previous=many).previous) == 2
    with pytest.raises(QuestionError, match="2001 characters together; send the last that have 2000") as refused:
        Question.parse("متى؟", previous=[*many, "a"])
    assert refused.value.fault == "previous_too_long"
    assert last_previous([*many, "a"]) == (many[1], "a")
    assert last_previous(["b"] * 9) == ("b",) * MAX_PREVIOUS


# A follow-up that may also be a question by itself, whatever was asked before.
AMBIGUOUS = "ومتى زار الوزير سالم جسر الميناء"
NAMES = ("سالم الحربي", "نوال العلي", "عمر النجار", "هدى الخطيب", "كريم القاضي")
SHORT, LONG = 3_000, 100_000


def text_of(number: int, chars: int, between: str) -> str:
    said, place = list[str](), 0
    while sum(map(len, said)) < chars:
        name, place = NAMES[(number + place) % len(NAMES)], place + 1
        said.append(f"وقال الوزير {name} إنه افتتح جسر الميناء في {1 + place % 28} مايو {2000 + place % 19} مع "
                    f"{11 + (number + place) % 80} ضيفا من أهل المدينة.")
    return between.join(said)


def opened(chars: int) -> tuple[Snapshot, Answerer]:
    """Four articles of one line each that say the same of several people, days and numbers."""
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([
        Article(str(number), text_of(number, chars, " "), "جسر الميناء", f"صحيفة {number}", published="2018-05-10")
        for number in range(4)], embedder)
    return snapshot, Answerer(snapshot, embedder)


@pytest.fixture(scope="module")
def short() -> Answerer:
    return opened(SHORT)[1]


@pytest.fixture(scope="module")
def long() -> Answerer:
    return opened(LONG)[1]


def least_s(act: Callable[[], object]) -> float:
    """Return the least processor time of three calls, in seconds."""
    taken = []
    for _ in range(3):
        started = time.thread_time()
        act()
        taken.append(time.thread_time() - started)
    return min(taken)


SENTENCE = text_of(0, 1, " ")


@pytest.mark.slow
@pytest.mark.parametrize("act", [
    lambda answerer, number: answerer.ask(Question.parse(f"متى افتتح الوزير سالم جسر الميناء {number}؟")),
    lambda answerer, number: answerer.ask(Question.parse(f"كم ضيفا {number} افتتح " + " ".join(
        f"{each} ضيفا" for each in range(100, 300)))),
    lambda answerer, number: answerer.timeline(Question.parse("جسر الميناء")),
    lambda answerer, number: answerer.affair(Question.parse("جسر الميناء")),
    lambda answerer, number: answerer.disagreements(Question.parse("جسر الميناء")),
    lambda answerer, number: answerer.suggest("متى افتتح", 6),
    lambda answerer, number: answerer.verify(Quote.parse(SENTENCE, "منى السالم")),
    lambda answerer, number: answerer.check(Draft.parse(f"افتتح الوزير سالم جسر الميناء بحضور {number} ضيف.")),
    lambda answerer, number: answerer.browse(NO_FILTERS, offset=0, limit=20, words="جسر الميناء"),
], ids=["ask", "numbers", "timeline", "affair", "disagreements", "suggestions", "quote", "text", "articles"])
def test_what_is_asked_costs_as_much_over_articles_thirty_times_as_long(
        act: Callable[[Answerer, int], object], short: Answerer, long: Answerer) -> None:
    of_short = least_s(lambda: act(short, time.perf_counter_ns()))
    of_long = least_s(lambda: act(long, time.perf_counter_ns()))
    assert of_long < 6 * of_short + 0.1, (of_short, of_long)


class CountingReader:
    """Finds nothing, and counts how often it is asked to read."""

    name = "counting-reader"

    def __init__(self) -> None:
        self.times = 0

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        self.times += 1
        no_tokens, no_places = np.empty(0, np.float32), np.empty((0, 2), np.int64)
        return [Reading(0.0, 0.0, no_tokens, no_tokens, no_places) for _ in passages]


def test_of_the_questions_before_only_the_readings_of_the_last_are_read(short: Answerer) -> None:
    reader, embedder = CountingReader(), WordEmbedder()
    answerer = Answerer(short.snapshot, embedder, reader)
    previous = [f"{AMBIGUOUS} {name}؟" for name in NAMES]
    answerer.ask(Question.parse(f"{AMBIGUOUS}؟", previous=previous))
    assert 0 < reader.times <= 2
    reader.times = 0
    again = answerer.ask(Question.parse(f"{AMBIGUOUS}؟", previous=previous))
    assert (reader.times, "cached" in again.timings_ms) == (0, True)


@pytest.mark.parametrize("between", [" ", "\n"])
def test_dates_near_a_place_are_those_of_the_whole_text(between: str) -> None:
    text = text_of(0, 20_000, between)
    article = Article("a", text, published="2018-05-10")
    whole = find_dates(text, article.published_on)
    assert len(whole) > 100
    for mention in whole[:: len(whole) // 20]:
        assert find_dates_near(text, mention.start, mention.end, article.published_on) == [mention]
    sentences = opened(20_000)[0].tables.all_sentences(0)[1] if between == " " else []
    read = DatesRead()
    for sentence in sentences:
        inside = [mention for mention in whole if sentence.start <= mention.start < sentence.end]
        assert read.within(article, sentence) == inside
        span = answering_day_span(article, sentence, parse_question("متى افتتح الجسر؟"))
        assert span in [(mention.start, mention.end) for mention in inside]
