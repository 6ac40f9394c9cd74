"""What several articles carry is read once, and each of its places is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.generation.snapshot import Snapshot
from index.model.types import Embedder
from index.types import Article
from qa.answer.reprints import Copy, other_copies, without_reprints
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, retrieve

STORY = Article("story", "افتُتحت قناة السويس للملاحة في 17 نوفمبر 1869 بعد أعمال حفر دامت عشر سنوات. "
                         "وتصل القناة البحر المتوسط بالبحر الأحمر ويبلغ طولها نحو 193 كيلومترًا.",
                "قناة السويس", "الأولى", published="2020-01-02")
WIRE = replace(STORY, id="wire", text="السويس (رويترز) - " + STORY.text, title="الممر المائي في مصر", source="الثانية",
               published="2020-01-05")
UPDATE = replace(STORY, id="update", text=STORY.text.replace("193", "162"), source="الثالثة", published="2020-01-03")
OTHER = Article("other", "حُفرت قناة بنما بين المحيطين الأطلسي والهادئ وافتُتحت عام 1914.", "قناة بنما",
                published="2020-01-01")
QUESTION = "متى افتُتحت قناة السويس للملاحة؟"


def found_in(embedder: Embedder, *articles: Article) -> tuple[Snapshot, list[Candidate]]:
    snapshot = throwaway_snapshot(articles, embedder)
    return snapshot, retrieve(snapshot, parse_question(QUESTION), embedder.embed_query(QUESTION), None, 32)


def ids(snapshot: Snapshot, candidates: list[Candidate]) -> list[str]:
    return [snapshot.articles[int(snapshot.tables.passages[candidate.row, 0])].id for candidate in candidates]


def test_a_reprint_takes_no_place_among_the_passages_that_are_read(embedder: Embedder) -> None:
    copies = [replace(WIRE, id=f"wire-{number}", title=f"السويس {number}") for number in range(8)]
    snapshot, candidates = found_in(embedder, STORY, *copies, OTHER)
    assert "other" not in ids(snapshot, candidates[:5])
    read = ids(snapshot, without_reprints(snapshot, candidates, 5))
    assert (len(read), read[-1]) == (2, "other")


def test_an_update_with_another_figure_is_read_too(embedder: Embedder) -> None:
    snapshot, candidates = found_in(embedder, STORY, UPDATE)
    assert sorted(ids(snapshot, without_reprints(snapshot, candidates, 5))) == ["story", "update"]


def test_the_order_stays_and_no_more_are_taken_than_wanted(embedder: Embedder) -> None:
    snapshot, candidates = found_in(embedder, STORY, OTHER, WIRE)
    first = without_reprints(snapshot, candidates, 1)
    assert first == candidates[:1]
    assert without_reprints(snapshot, [], 5) == []


def test_every_other_article_that_has_the_sentence_is_named_once(embedder: Embedder) -> None:
    snapshot, candidates = found_in(embedder, STORY, WIRE, UPDATE, OTHER)
    places = {}
    for row, sentence in enumerate(snapshot.tables.sentences_of(0)):
        others = other_copies(snapshot, Copy(STORY, sentence, row), candidates)
        places[row] = {copy.article.id: copy.text for copy in others}
    first, second = STORY.text.split(". ")
    assert places[0] == {"wire": f"السويس (رويترز) - {first}.", "update": f"{first}."}
    assert places[1] == {"wire": second}


def test_the_same_sentence_twice_in_one_article_is_no_other_place(embedder: Embedder) -> None:
    twice = replace(STORY, text=f"{STORY.text} {STORY.text}")
    snapshot, candidates = found_in(embedder, twice, OTHER)
    copy = Copy(twice, snapshot.tables.sentence(0), 0)
    assert other_copies(snapshot, copy, candidates) == []


@pytest.mark.parametrize(("earlier", "later"), [
    ("2020-01-02", "2020-01-03"), ("2020-01-02", "2020-01-02T00:00:01"), ("2020-01-02", ""),
    ("2020-01-02T10:00:00+03:00", "2020-01-02T09:00:00+00:00"),
])
def test_copies_are_ordered_by_when_they_were_published(embedder: Embedder, earlier: str, later: str) -> None:
    snapshot, _ = found_in(embedder, STORY)
    one, other = (Copy(replace(STORY, published=day), snapshot.tables.sentence(0), 0) for day in (earlier, later))
    assert one.published < other.published
