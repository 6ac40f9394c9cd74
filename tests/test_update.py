"""The last generation, the files and the inbox to the next: what comes, what stays, what goes, what is reused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from index.chunker import Chunking
from index.errors import BuildLockedError, NothingToIndexError, SnapshotMismatchError
from index.generation.folder import current_generation, finished
from index.generation.history import iso_utc
from index.generation.publishing import build_lock
from index.intake import file_arrivals
from index.intake.inbox import Inbox
from index.intake.records import put
from index.intake.state import State
from index.intake.update import update
from index.model.types import Embedder
from index.sources.canonical import address_id
from index.types import Article
from tests.conftest import ARTICLES
from tests.fakes import WordEmbedder
from tests.houses import NOON, URL, House, files_of

pytestmark = pytest.mark.process


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# ---- what comes, changes and goes ----

def test_new_changed_and_removed_articles_are_told_apart(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."}, {"id": "two", "text": "The blue one."},
                {"id": "three", "text": "The green one."})
    report = house.update()
    assert (report.changes.new, report.articles, report.embedded, report.is_new) == (3, 3, 3, True)
    house.lines("a.jsonl", {"id": "one", "text": "The red one."}, {"id": "two", "text": "A blue one."},
                {"id": "four", "text": "Another."})
    report = house.update()
    changes = report.changes
    assert (changes.new, changes.changed, changes.removed, changes.unchanged) == (1, 1, 1, 1)
    assert report.embedded == 2
    assert house.texts == {"one": "The red one.", "two": "A blue one.", "four": "Another."}


def test_rows_are_in_the_order_of_ids(house: House) -> None:
    house.lines("a.jsonl", *({"id": article_id, "text": article_id} for article_id in ("m", "z", "b")))
    house.update()
    house.lines("b.jsonl", *({"id": article_id, "text": article_id} for article_id in ("a", "n")))
    house.update()
    assert list(house.snapshot.articles.ids) == ["a", "b", "m", "n", "z"]


def test_nothing_changed_makes_no_generation(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."}, {"id": "one"})
    first = house.update()
    again = house.update()
    assert (again.generation, again.is_new, again.embedded) == (first.generation, False, 0)
    assert (again.seen.accepted, again.seen.rejected) == (1, 1)
    assert len(house.rejections) == 1
    assert finished(house.index_dir) == [first.generation]


def test_a_file_that_is_unchanged_is_not_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.lines("b.jsonl", {"id": "two", "text": "The blue one."})
    house.update()
    read: list[str] = []
    real = file_arrivals.read_file
    monkeypatch.setattr(file_arrivals, "read_file", lambda file: [read.append(file.path.name), *real(file)][1:])
    house.update()
    assert read == []
    house.lines("b.jsonl", {"id": "two", "text": "The other blue one."})
    house.update()
    assert read == ["b.jsonl"]
    house.update(reuse=False)
    assert read == ["b.jsonl", "a.jsonl", "b.jsonl"]


def test_a_file_written_just_now_is_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the same tick of its disk's clock it may change without a trace."""
    (house.news / "a.txt").write_text("The red one.")
    house.update()
    (house.news / "a.txt").write_text("The tan one.")
    assert house.update().changes.changed == 1


def test_a_lost_or_damaged_cache_of_files_only_costs_time(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    generation = house.update().generation
    for content in (b"", b"{}", b"[1]", b'{"article_id": 1}'):
        State(house.index_dir).write(lambda connection, content=content: put(
            connection, "files", str(house.news / "a.jsonl"), content))
        assert house.update().generation == generation
    shutil.rmtree(house.index_dir / "state")
    assert house.update().generation == generation


def test_other_files_stay_in_an_update_and_go_in_a_build_of_exactly_these(house: House) -> None:
    first = house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    second = house.lines("b.jsonl", {"id": "two", "text": "The blue one."})
    house.update(first)
    house.update(second)
    assert house.texts.keys() == {"one", "two"}
    assert house.update(second, is_exact=True).changes.removed == 1
    assert house.texts.keys() == {"two"}


def test_an_article_of_two_files_goes_with_the_second(house: House) -> None:
    record = {"id": "one", "text": "The red one."}
    first, second = house.lines("a.jsonl", record), house.lines("b.jsonl", record, {"id": "two", "text": "Two."})
    assert house.update().seen.repeated == 1
    first.unlink()
    assert not house.update().changes.removed
    second.unlink()
    house.lines("c.jsonl", {"id": "three", "text": "Three."})
    assert house.update().changes.removed == 2


def test_a_changed_article_names_when_the_earlier_revision_was_read(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.update()
    first_read = iso_utc(house.now)
    house.lines("a.jsonl", {"id": "one", "text": "The red one.", "source": "The Paper"})
    assert house.update().embedded == 0  # neither title nor text is another
    assert house.snapshot.histories.get(0).earlier == ""
    house.lines("a.jsonl", {"id": "one", "text": "The blue one.", "source": "The Paper"})
    before = house.snapshot.histories.get(0).read
    house.update()
    history = house.snapshot.histories.get(0)
    assert (history.earlier, history.read) == (before, iso_utc(house.now))
    assert first_read < history.earlier < history.read


# ---- what is kept because nobody can tell ----

def test_a_file_that_cannot_be_read_withdraws_nothing(house: House) -> None:
    path = house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.lines("b.jsonl", {"id": "two", "text": "The blue one."})
    house.update()
    path.write_bytes(b'{"id": "one", "text": "The r\n{"id": "three", "text": "New."}\n')
    report = house.update()
    assert house.texts.keys() == {"one", "two", "three"}
    assert (report.seen.rejected, report.changes.removed) == (1, 0)


def test_a_record_that_is_rejected_keeps_its_article_and_no_other(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."}, {"id": "two", "text": "The blue one."},
                {"id": "three", "text": "Three."})
    house.update()
    house.lines("a.jsonl", {"id": "one", "text": 7}, {"id": "three", "text": "Three."})
    house.update()
    assert house.texts.keys() == {"one", "three"}


def test_a_folder_that_is_gone_or_empty_keeps_its_articles_and_says_so(house: House, tmp_path: Path) -> None:
    """It may be a disk that is not mounted."""
    folder = house.news / "disk"
    folder.mkdir()
    (folder / "a.txt").write_text("The red one.")
    house.lines("b.jsonl", {"id": "two", "text": "The blue one."})
    house.update(folder, house.news)
    (folder / "a.txt").unlink()
    report = house.update(folder, is_exact=False)
    assert [str(rejection) for rejection in house.rejections] == [
        f"{folder}: contains no article now; the articles read from it before are kept (1); check the path, or index "
        f"its parent folder to remove them"]
    assert report.changes.removed == 0
    folder.rmdir()
    house.update(folder)
    assert [str(rejection) for rejection in house.rejections] == [f"{folder}: does not exist; check the path"]
    assert len(house.texts) == 2
    assert house.update(house.news).changes.removed == 1


def test_nothing_readable_at_all_leaves_the_index_as_it_was(house: House) -> None:
    with pytest.raises(NothingToIndexError):
        house.update()
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    generation = house.update().generation
    house.lines("a.jsonl", {"id": "one"})
    with pytest.raises(NothingToIndexError):
        house.update(is_exact=True)
    assert current_generation(house.index_dir) == generation


def test_an_index_inside_a_folder_of_articles_is_no_source(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.index_dir = house.news / "index"
    house.inbox = Inbox(house.index_dir)
    house.update()
    house.lines("a.jsonl", {"id": "two", "text": "The blue one."})
    report = house.update()
    assert (report.seen.accepted, report.changes.removed, house.texts.keys()) == (1, 1, {"two"})


# ---- identity ----


def test_a_record_without_an_id_is_the_one_with_its_address(house: House) -> None:
    house.lines("a.jsonl", {"text": "The red one.", "url": "http://EXAMPLE.org:80/news/1?utm_source=x#top"})
    house.update()
    assert house.texts.keys() == {address_id(URL)}
    house.lines("b.jsonl", {"id": "one", "text": "The red one, again.", "url": URL})
    report = house.update()
    assert (report.changes.new, report.changes.changed, report.articles) == (0, 1, 1)
    assert house.texts == {"one": "The red one, again."}
    assert house.snapshot.histories.rows[address_id(URL)] == 0
    house.lines("a.jsonl", {"text": "The red one, at last.", "url": URL})
    house.update()
    assert house.texts == {"one": "The red one, at last."}


def test_two_ids_with_one_address_are_two_articles(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one.", "url": URL},
                {"id": "two", "text": "The blue one.", "url": URL})
    house.update()
    house.lines("b.jsonl", {"text": "The green one.", "url": URL})
    house.update()
    assert house.texts.keys() == {"one", "two", address_id(URL)}


def test_the_same_text_at_other_addresses_is_linked_and_not_repeated(house: House) -> None:
    house.lines("a.jsonl", {"id": "late", "text": "The red one.", "source": "B", "published": "2026-01-03"},
                {"id": "undated", "text": "The red one.", "source": "A"},
                {"id": "first", "text": "The red one.", "source": "C", "published": "2026-01-02T10:00:00+02:00"})
    report = house.update()
    assert (report.articles, report.passages, report.changes.linked, report.embedded) == (1, 1, 2, 1)
    snapshot = house.snapshot
    history = snapshot.histories.get(0, snapshot.articles[0])
    assert snapshot.articles.ids == ["first"]
    assert [(article.id, article.source, article.text) for article in history.also_at] == [
        ("late", "B", "The red one."), ("undated", "A", "The red one.")]
    # Its row goes on when the first one goes.
    house.lines("a.jsonl", {"id": "late", "text": "The red one.", "source": "B", "published": "2026-01-03"},
                {"id": "undated", "text": "The red one.", "source": "A"})
    report = house.update()
    assert (report.articles, report.changes.removed) == (1, 1)
    assert house.snapshot.articles[0] == Article("late", "The red one.", source="B", published="2026-01-03")


# ---- one result, however it is reached ----

def steps(house: House) -> None:
    """A history with every kind of change."""
    house.lines("a.jsonl", *({"id": f"a{number}", "text": f"The red one number {number}. It is blue.\nGreen."}
                             for number in range(30)))
    house.update()
    house.lines("b.jsonl", {"id": "b", "text": "The red one number 3. It is blue.\nGreen."}, {"id": "e", "text": " "},
                {"text": "A green one.", "url": URL})
    house.inbox.add(Article("a7", "Replaced. Twice."), "api")
    house.inbox.withdraw("a9")
    house.update()
    house.lines("a.jsonl", *({"id": f"a{number}", "text": f"The red one number {number}. It is blue.\nGreen.",
                              "title": "T" if number % 5 == 0 else ""} for number in range(3, 40, 2)))
    house.inbox.add(Article("c", "A green one.", url=URL, published="2026-01-01"), "api")
    house.update()


def test_an_update_and_a_rebuild_write_the_same_bytes(house: House) -> None:
    steps(house)
    updated = files_of(house.index_dir)
    report = house.update(reuse=False)
    assert report.is_new
    assert report.embedded == report.passages
    assert files_of(house.index_dir) == updated


@pytest.mark.parametrize("change", ["model", "chunking", "analyzer"])
def test_with_other_settings_nothing_is_reused_and_nothing_is_lost(house: House, change: str,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.inbox.add(Article("api", "The green one."), "api")
    if change == "analyzer":
        with monkeypatch.context() as patch:
            patch.setattr("index.generation.publishing.ANALYZER_VERSION", 0)
            house.update()
    else:
        house.update()
    if change == "model":
        house.embedder = WordEmbedder("red", "blue", "green", name="another")
    report = house.update(chunking=Chunking(max_tokens=3) if change == "chunking" else None)
    assert (report.is_new, report.embedded, report.changes.unchanged) == (True, report.passages, 2)
    assert house.snapshot.model == house.embedder.settings


def test_an_index_of_another_format_is_built_anew_and_never_updated(house: House,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    with monkeypatch.context() as patch:
        patch.setattr("index.generation.publishing.FORMAT", 4)
        house.update()
    with pytest.raises(SnapshotMismatchError, match="format version 4"):
        house.drain()
    assert house.update(is_exact=True).changes.new == 1


def test_an_update_loads_no_model_while_another_holds_the_lock(house: House) -> None:
    def load() -> WordEmbedder:
        raise AssertionError("loaded without the lock")

    with build_lock(house.index_dir), pytest.raises(BuildLockedError):
        update([house.news], house.index_dir, load, is_exact=False)


def test_a_file_whose_name_is_no_text_gives_its_articles(house: House) -> None:
    path = Path(os.fsdecode(os.fsencode(house.news) + b"/\xff.jsonl"))
    path.write_text('{"id": "one", "text": "The red one."}\n')
    house.update()
    assert house.texts.keys() == {"one"}
    house.lines("b.jsonl", {"id": "two", "text": "The blue one."})
    path.unlink()
    house.update()
    assert house.texts.keys() == {"two"}


@pytest.mark.slow
def test_with_the_real_model_an_update_and_a_rebuild_write_the_same_bytes(tmp_path: Path, embedder: Embedder) -> None:
    articles = sorted(path for path in ARTICLES.rglob("*") if path.suffix in (".md", ".txt", ".jsonl"))
    news = tmp_path / "news"
    news.mkdir()
    index_dir = tmp_path / "index"
    for part in (articles[::2], articles[1::2]):
        for path in part:
            shutil.copy(path, news / path.name)
        updated = update([news], index_dir, lambda: embedder, is_exact=False, now=NOON)
    before = files_of(index_dir)
    rebuilt = update([news], index_dir, lambda: embedder, is_exact=True, reuse=False, now=NOON)
    assert (updated.embedded < updated.passages, rebuilt.embedded) == (True, rebuilt.passages)
    assert files_of(index_dir) == before
