"""The newest articles by story, and what is offered on a first visit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.types import Article
from qa.answerer import Answerer
from qa.topics.first_look import example_quote, example_topic, topic_of
from qa.topics.stories import Story, newest_stories
from qa.topics.timeline import Event, Timeline
from qa.types.citation import Citation
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.verify.quote import Quote, Speaker, Verification
from tests.generations import publish_articles

# The fake embedder knows "red", "blue" and "green": sentences of the same colours have equal vectors.
RED = Article("red", "The red bridge over the river was opened by the mayor.", "Mayor opens red bridge", "The Paper",
              published="2026-01-05")
RED_TOO = Article("red-too", "The mayor opened the red bridge over the river.", "Red bridge opened", "The Post",
                  published="2026-01-04")
RED_LATE = replace(RED, id="red-late", published="2025-12-31")
RED_UNDATED = replace(RED, id="red-undated", published="")
RED_CAR = Article("red-car", "Police stopped a red car without licence plates near Oslo.", "Police stop car",
                  "The Post", published="2026-01-05")
BLUE = Article("blue", "The blue bridge over the river was opened by the mayor.", "Mayor opens blue bridge",
               "The Paper", published="2026-01-05")
STATE = IndexState("g", 1, 1)


def stories_of(folder: Path, *articles: Article, count: int = 9) -> list[tuple[str, ...]]:
    publish_articles(folder, articles)
    return [tuple(article.id for article in story.articles) for story in newest_stories(open_snapshot(folder), count)]


def test_articles_of_one_event_are_one_story_under_the_newest(tmp_path: Path) -> None:
    assert stories_of(tmp_path / "index", RED_TOO, RED) == [("red", "red-too")]


@pytest.mark.parametrize("other", [RED_LATE, RED_UNDATED, RED_CAR, BLUE], ids=lambda article: article.id)
def test_an_article_of_another_time_or_event_is_a_story_of_its_own(tmp_path: Path, other: Article) -> None:
    assert sorted(stories_of(tmp_path / "index", RED, other)) == sorted([("red",), (other.id,)])


def test_only_so_many_stories_are_returned_newest_first(tmp_path: Path) -> None:
    assert stories_of(tmp_path / "index", RED_LATE, RED_TOO, RED, count=1) == [("red", "red-too")]


def test_a_story_counts_the_sources_besides_that_of_its_head() -> None:
    assert Story((RED, RED_TOO, RED_CAR)).other_sources == 1
    assert Story((RED, RED_LATE)).other_sources == 0


@pytest.mark.parametrize(("title", "topic"), [
    ("أزمة السد: جولة جديدة من المحادثات", "أزمة السد"), ("انقطاع الكهرباء في الجزيرة", "انقطاع الكهرباء في الجزيرة"),
    ("من الميناء إلى المدينة", None), ("عاجل", None), (" ", None), ("كلمة " * 9, None),
])
def test_a_topic_is_the_first_clause_of_a_title_that_names_something(title: str, topic: str | None) -> None:
    assert topic_of(title) == topic


def test_the_topic_with_most_events_is_offered_and_none_with_too_few() -> None:
    events = {"أزمة السد": 3, "أزمة الجسر": 4, "أزمة البئر": 2}
    stories = [Story((Article(title, "…", f"{title}: خبر"),)) for title in events]

    def timeline(question: Question) -> Timeline:
        event = Event(Citation(1, RED, 0, 3), RED.published_on, RED.published_on, "text", mention=(0, 3))
        return Timeline(question, (event,) * events[question.text], STATE)

    assert example_topic(stories, timeline) == "أزمة الجسر"
    assert example_topic(stories[2:], timeline) is None
    assert example_topic([], timeline) is None


def test_a_quote_whose_speaker_is_named_is_preferred() -> None:
    def verify(quote: Quote) -> Verification:
        speakers = (Speaker(1, RED, 4, 7),) if "second" in quote.text else ()
        verdict = "absent" if "first" in quote.text else "found"
        return Verification(quote, verdict, (), (), speakers, None, STATE)

    assert example_quote(["the first of them", "one that stands alone", "the second of them"], verify) == Quote(
        "the second of them", "red")
    assert example_quote(["the first of them", "one that stands alone"], verify) == Quote("one that stands alone")
    assert example_quote(["the first of them"], verify) is None


def test_the_sample_offers_stories_questions_a_quote_and_a_topic(sample_answerer: Answerer) -> None:
    look = sample_answerer.first_look
    assert look is sample_answerer.first_look   # computed once
    assert len(look.stories) == 34   # no two of the sample's articles tell one story
    assert look.quote is not None
    assert sample_answerer.verify(look.quote).verdict == "found"
    assert look.topic is not None
    assert len(sample_answerer.timeline(Question.parse(look.topic)).events) >= 3
