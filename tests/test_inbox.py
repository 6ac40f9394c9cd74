"""The inbox: what it accepted is there after any crash, in the order it came, whole or set aside with a reason."""

from __future__ import annotations

import errno
import gc
import json
import re
import resource
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.intake.inbox import Inbox, InboxEntry
from index.sources.records import article_from_fields
from index.sources.rejections import RejectedError
from index.types import Article

PROJECT = Path(__file__).resolve().parents[1]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HARBOUR = article_from_fields(
    {"id": "harbour", "title": "الميناء", "url": "https://example.org/harbour", "published": "2026-01-02",
     "section": {"name": "اقتصاد", "pages": [1, 2.5, None, True]}}, "فُتح الميناء. 😀\nThe harbour is open.")


def inbox_in(index_dir: Path) -> Inbox:
    return Inbox(index_dir, clock=lambda: NOON)


def article(number: int) -> Article:
    return article_from_fields({"id": f"a{number}"}, f"Text {number}.")


def test_an_article_comes_out_as_it_went_in(tmp_path: Path) -> None:
    name = inbox_in(tmp_path).add(HARBOUR, "feed:https://example.org/feed")
    assert inbox_in(tmp_path).entries() == [
        InboxEntry(name, "2026-01-02T12:00:00+00:00", "feed:https://example.org/feed", HARBOUR, "")]
    assert re.fullmatch("000000000001-[0-9a-f]{8}", name)


def test_a_withdrawal_comes_out_as_it_went_in(tmp_path: Path) -> None:
    name = inbox_in(tmp_path).withdraw("خبر/١")
    assert inbox_in(tmp_path).entries() == [InboxEntry(name, "2026-01-02T12:00:00+00:00", "api", None, "خبر/١")]


def test_entries_are_in_the_order_of_arrival_and_numbers_go_on_from_the_highest(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names = [inbox.add(article(1), "api"), inbox.withdraw("a1"), *inbox.add_all([article(2), article(3)], "api")]
    inbox.remove(names[1:2])
    names.append(Inbox(tmp_path).add(article(4), "api"))
    assert [name[:12] for name in names] == [f"{number:012}" for number in (1, 2, 3, 4, 5)]
    assert [entry.name for entry in inbox.entries()] == inbox.names() == [names[0], *names[2:]]


def test_an_inbox_that_was_never_used_is_empty_and_makes_no_folder(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "index")
    inbox.remove(["000000000001-00000000"])
    assert (inbox.entries(), inbox.names(), list(tmp_path.iterdir())) == ([], [], [])


def test_only_what_is_named_is_removed(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names = inbox.add_all([article(1), article(2)], "api")
    inbox.remove([names[0], names[0], "% or 1=1", "000000000009-00000000"])
    assert inbox.names() == names[1:]


def test_a_number_is_not_given_again_after_its_entry_went(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.remove(inbox.add_all([article(1), article(2)], "api"))
    assert Inbox(tmp_path).add(article(3), "api").startswith("000000000003-")


def test_an_inbox_goes_on_when_its_folder_is_removed_under_it(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "index")
    inbox.add(article(1), "api")
    shutil.rmtree(tmp_path / "index")
    assert inbox.names() == []
    name = inbox.add(article(2), "api")
    assert Inbox(tmp_path / "index").names() == [name]


@pytest.mark.parametrize("wrong", [
    Article("a", "  "), Article("a\n", "text"), Article("a", "te\0xt"), Article("", "text"),
    Article("a", "text", url="javascript:alert(1)"), Article("a", "text", published="soon"),
    Article("a", "text", metadata={"title": "another"}), Article("a", "text", metadata={"ratio": float("nan")})])
def test_an_article_that_no_reader_would_give_is_refused(tmp_path: Path, wrong: Article) -> None:
    with pytest.raises(RejectedError):
        Inbox(tmp_path).add_all([HARBOUR, wrong], "api")
    assert list(tmp_path.iterdir()) == []


# ---- many at once ----

ADD_MANY = """
import sys
from pathlib import Path
from index.intake.inbox import Inbox
from index.sources.records import article_from_fields

inbox = Inbox(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(25):
    print(inbox.add(article_from_fields({"id": f"{sys.argv[2]}-{number}"}, "Text."), "api"))
"""


@pytest.mark.process
def test_processes_that_add_at_once_each_get_their_own_number_and_keep_their_own_order(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", ADD_MANY, str(tmp_path), str(writer)], cwd=PROJECT,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for writer in range(4)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    accepted = [writer.communicate(timeout=120)[0].split() for writer in writers]
    entries = Inbox(tmp_path).entries()
    assert [int(entry.name[:12]) for entry in entries] == list(range(1, 101))
    for number, names in enumerate(accepted):
        own = [entry for entry in entries if entry.name in names]
        assert [entry.name for entry in own] == names
        assert [entry.article.id for entry in own if entry.article] == [f"{number}-{place}" for place in range(25)]


READ_MANY = """
import sys
from pathlib import Path
from index.intake.inbox import Inbox

inbox, most = Inbox(Path(sys.argv[1])), 0
sys.stdin.readline()
while most < 40:
    names = inbox.names()
    assert len(inbox.entries()) >= len(names) >= most, (len(names), most)
    most = len(names)
print("read")
"""


@pytest.mark.process
def test_processes_that_read_while_others_add_never_see_fewer_entries_than_before(tmp_path: Path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)], cwd=PROJECT,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                 for number, program in enumerate((ADD_MANY, READ_MANY, ADD_MANY, READ_MANY))]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [len(printed[0]), printed[1], len(printed[2]), printed[3]] == [25, ["read"], 25, ["read"]]


def test_threads_that_share_an_inbox_each_get_their_own_number(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda number: inbox.add(article(number), "api"), range(40)))
    assert sorted(names) == inbox.names()
    assert [int(name[:12]) for name in sorted(names)] == list(range(1, 41))


# ---- damage ----

def test_an_entry_of_another_format_is_set_aside_and_not_guessed_at(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox(tmp_path)
    monkeypatch.setattr("index.intake.inbox.FORMAT", 2)
    newer = inbox.add(article(1), "api")
    monkeypatch.undo()
    name = inbox.add(article(2), "api")
    assert [entry.name for entry in inbox.entries()] == inbox.names() == [name]
    assert json.loads((tmp_path / "damaged" / "inbox-1").read_bytes())["article"]["id"] == "a1"
    assert (tmp_path / "damaged" / "inbox-1.reason.txt").read_text() == (
        f"record 1 of inbox, {newer.encode()!r}: it is of format 2, this program reads 1\n")


# ---- a disk that is full or fails ----

@pytest.mark.slow
def test_an_arrival_fails_at_every_limit_of_size_until_it_fits(tmp_path: Path, lost_errors: list[object]) -> None:
    inbox = Inbox(tmp_path)
    inbox.remove([inbox.add(HARBOUR, "api")])
    large = article_from_fields({"id": "large"}, "Text. " * 20_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    failed = 0
    for limit in range(1024, 1024 * 1024, 8 * 1024):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
        try:
            names = inbox.add_all([HARBOUR, large], "api")
        except OSError as error:
            assert error.errno == errno.EFBIG  # noqa: PT017  # the loop ends with an arrival that fits
            failed += 1
        else:
            break
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert inbox.names() == Inbox(tmp_path).names() == []
    gc.collect()
    assert (failed > 4, [entry.name for entry in Inbox(tmp_path).entries()], lost_errors) == (True, names, [])
    assert not (tmp_path / "damaged").exists()
