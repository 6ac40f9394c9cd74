"""An arrival with which builds die is found by bisection and set aside; the others go on."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.intake.inbox import Inbox
from index.intake.quarantine import Quarantine
from index.intake.records import FAR_AHEAD, put
from index.intake.state import State
from index.intake.trials import FILE_NAME, Trials
from index.types import Article
from tests.conftest import PROJECT
from tests.houses import House

POISON = "A poisoned boat."
# A build as a process of its own, which dies as its first argument says when it embeds the poison.
BUILD = """
import os, resource, signal, sys, time
from pathlib import Path
from index.errors import IndexingError
from index.intake.trials import ended_on_purpose
from index.intake.update import update
from tests.fakes import WordEmbedder

how, index_dir, *paths = sys.argv[1:]

class Dying(WordEmbedder):
    def embed_passages(self, texts):
        if any("poisoned" in text for text in texts):
            if how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if how == "terminated":
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(60)
            if how == "memory":
                resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
                bytearray(8 << 30)
            raise ValueError("no vector")
        return super().embed_passages(texts)

try:
    with ended_on_purpose(Path(index_dir)):
        report = update([Path(path) for path in paths], Path(index_dir), lambda: Dying("red", "blue"), is_exact=False,
                        on_rejection=lambda rejection: print("rejected:", rejection))
except IndexingError as error:
    sys.exit(str(error))
print("set aside:", report.set_aside, report.seen.rejected)
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def build(house: House, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BUILD, how, str(house.index_dir), str(house.news)], cwd=PROJECT,
                          capture_output=True, text=True, check=False)


def builds_until_done(house: House, how: str) -> tuple[int, subprocess.CompletedProcess[str]]:
    """Build until a build ends well; return how many died before, and the one that did not."""
    for died in range(20):
        built = build(house, how)
        if built.returncode == 0:
            return died, built
        assert how == "killed", built.stderr
    raise AssertionError("20 builds died")


# ---- the search, played ----

def search(folder: Path, arrivals: list[str], is_killed: Callable[[list[str]], bool]) -> tuple[list[str], int, int]:
    """Play builds that are killed as told; return what was published, how many were killed and how many were not."""
    published: list[str] = []
    killed = well = 0
    while well + killed < 500:
        trials = Trials(folder, State(folder))  # each build is another process
        batch = trials.batch()
        if trials.is_control:
            trials.begin(batch)
            if is_killed([]):
                killed += 1
                continue
            trials.blame()
            batch = trials.batch()
        taken = [arrival for arrival in arrivals if arrival not in published and batch.takes(arrival)]
        trials.begin(batch)
        if is_killed(taken):
            killed += 1
            continue
        well += 1
        published += taken
        trials.succeed(batch)
        if not batch.held:
            return published, killed, well
    raise AssertionError("no end")


@pytest.mark.parametrize(("count", "poison"), [(1, {0}), (2, {1}), (7, {0}), (7, {6}), (64, {37}), (300, {299}),
                                               (50, {3, 4}), (50, {0, 49}), (9, set(range(9)))])
def test_the_arrivals_that_kill_are_found_and_no_others(tmp_path: Path, count: int, poison: set[int]) -> None:
    arrivals = [f"a{number}" for number in range(count)]
    bad = {arrivals[number] for number in poison}
    published, killed, _ = search(tmp_path, arrivals, lambda taken: bool(bad & set(taken)))
    assert sorted(published) == sorted(set(arrivals) - bad)
    assert Trials(tmp_path, State(tmp_path)).set_aside.keys() == bad
    assert killed <= 3 + len(bad) * (3 + math.ceil(math.log2(count)))
    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("killed", [1, 2, 3, 4])
def test_builds_that_were_killed_by_accident_set_nothing_aside(tmp_path: Path, killed: int) -> None:
    left = [True] * killed
    arrivals = [f"a{number}" for number in range(6)]
    published, _, _ = search(tmp_path, arrivals, lambda taken: bool(left) and left.pop())
    assert published == arrivals
    assert not Trials(tmp_path, State(tmp_path)).set_aside


def test_where_builds_die_without_an_arrival_too_nothing_is_set_aside(tmp_path: Path) -> None:
    left = [True] * 40  # a machine that has too little memory for a while
    published, _, _ = search(tmp_path, ["a", "b", "c"], lambda taken: bool(left) and left.pop())
    assert published == ["a", "b", "c"]
    assert not Trials(tmp_path, State(tmp_path)).set_aside


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"limit": "x"}', "[" * 100_000])
def test_a_damaged_file_of_the_search_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    assert Trials(tmp_path, State(tmp_path)).batch().limit is None


# ---- real processes that die ----

@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "memory", "error"])
def test_an_entry_of_the_inbox_with_which_builds_die_is_set_aside_and_named(house: House, how: str) -> None:
    house.lines("a.jsonl", {"id": "file", "text": "The operator's red boat."})
    for number in range(5):
        house.inbox.add(Article(f"n{number}", POISON if number == 2 else f"The blue boat {number}."), "api")
    died, built = builds_until_done(house, how)
    assert house.texts.keys() == {"file", "n0", "n1", "n3", "n4"}
    assert 0 < died <= 6 if how == "killed" else died == 0
    assert "set aside: 1" in built.stdout
    reason = {"killed": "it was killed", "memory": "it failed with MemoryError",
              "error": "it failed with ValueError: no vector"}[how]
    (named,) = [line for line in built.stdout.splitlines() if line.startswith("rejected:")]
    assert "n2 from api is set aside" in named
    assert reason in named
    (kept,) = Quarantine(house.index_dir).listed()
    assert reason in kept.reason
    assert json.loads(Path(kept.document).read_bytes())["article"]["text"] == POISON
    assert build(house, how).stdout == "set aside: 0 0\n"  # and it stays aside
    assert [entry.document for entry in Quarantine(house.index_dir).listed()] == [kept.document]


@pytest.mark.process
@pytest.mark.slow
def test_a_build_that_sigterm_ends_is_not_one_that_died(house: House) -> None:
    house.inbox.add(Article("one", POISON), "api")
    for _ in range(4):
        built = build(house, "terminated")
        assert built.returncode == -signal.SIGTERM, built.stderr
        assert not (house.index_dir / FILE_NAME).exists()
    assert house.inbox.names()


@pytest.mark.process
@pytest.mark.slow
def test_an_article_of_a_file_with_which_builds_die_is_named_at_each_build_until_it_changes(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red boat."}, {"id": "two", "text": POISON},
                {"id": "three", "text": "The blue boat."})
    died, built = builds_until_done(house, "killed")
    assert 0 < died <= 5
    assert house.texts.keys() == {"one", "three"}
    for again in (built, build(house, "killed")):
        assert f"{house.news}/a.jsonl:2: is set aside: " in again.stdout
        assert "set aside: 0 1" in again.stdout
    (kept,) = Quarantine(house.index_dir).listed()
    assert (kept.line, kept.article_id) == (2, "two")
    house.lines("a.jsonl", {"id": "one", "text": "The red boat."}, {"id": "two", "text": "A mended boat."})
    assert build(house, "killed").stdout == "set aside: 0 0\n"
    assert house.texts == {"one": "The red boat.", "two": "A mended boat."}
    assert not Quarantine(house.index_dir).listed()


@pytest.mark.process
def test_an_error_that_no_arrival_causes_is_raised_and_sets_nothing_aside(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red boat."}, {"id": "two", "text": "The blue boat."})

    def broken(_texts: object) -> None:
        raise MemoryError("of the machine")

    house.embedder.embed_passages = broken  # type: ignore[assignment, method-assign]
    with pytest.raises(MemoryError, match="of the machine"):
        house.update()
    assert not (house.index_dir / FILE_NAME).exists()
    del house.embedder.embed_passages
    house.update()
    assert house.texts.keys() == {"one", "two"}


# ---- records of the inbox that no program of ours wrote ----

WRONG = [{}, [], 5, None, {"format": 1}, {"format": 1, "received": 1, "arrival": "api", "withdrawn_id": "a"},
         {"format": 1, "received": "2026-01-02T12:00:00+00:00", "arrival": "api"},
         {"format": 1, "received": "never", "arrival": "api", "withdrawn_id": "a"},
         {"format": 1, "received": "2026-01-02T12:00:00+00:00", "arrival": "mars", "withdrawn_id": "a"}]
FIELDS = [{"id": 5}, {"text": ["a"]}, {"text": ""}, {"title": None}, {"title": "T" * 2_500_000}, {"published": "soon"},
          {"metadata": []}, {"metadata": {"a": float("1e308") * 10}}, {"url": "x y"}, {"id": ""}, {"more": "x"}]


def record(**fields: object) -> dict[str, object]:
    article = {"id": "a", "text": "A boat.", "title": "", "source": "", "url": "", "published": "", "author": "",
               "language": "", "metadata": {}} | fields
    return {"format": 1, "received": "2026-01-02T12:00:00+00:00", "arrival": "api", "article": article}


@pytest.mark.parametrize("content", [*WRONG, *(record(**fields) for fields in FIELDS)],
                         ids=lambda content: f"{content!r:.60}")
def test_a_whole_record_with_wrong_types_is_set_aside_and_named_and_the_others_go_in(house: House,
                                                                                    content: object) -> None:
    house.inbox.add(Article("before", "The red boat."), "api")
    State(house.index_dir).write(lambda connection: put(connection, "inbox", "x", json.dumps(content).encode()))
    house.inbox.add(Article("after", "The blue boat."), "api")
    assert house.drain().set_aside == 1
    assert house.texts.keys() == {"before", "after"}
    (kept,) = Quarantine(house.index_dir).listed()
    assert Path(kept.document).read_bytes() == json.dumps(content).encode()


@pytest.mark.parametrize("number", [FAR_AHEAD, 2**63 - 1])
def test_a_number_far_ahead_stops_nothing(house: House, number: int) -> None:
    house.inbox.add(Article("before", "The red boat."), "api")
    content = json.dumps(record(id="ahead")).encode()
    State(house.index_dir).write(lambda connection: put(connection, "inbox", "x", content, number))
    names = [house.inbox.add(Article(f"after{more}", "The blue boat."), "api") for more in range(2)]
    assert [name[:12] for name in names] == ["000000000002", "000000000003"]
    house.drain()
    assert house.texts.keys() == {"before", "ahead", "after0"}  # the two with one text share a row
    assert Inbox(house.index_dir).add(Article("last", "A boat."), "api")[:12] == "000000000004"
