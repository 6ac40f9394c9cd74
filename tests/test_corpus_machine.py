"""Random histories of a corpus against a dictionary, and against an index built afresh of what the dictionary holds."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index.errors import NothingToIndexError
from index.generation.folder import current_generation
from index.generation.hold import release
from index.generation.publishing import roll_back
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.build import build
from index.intake.inbox import Inbox
from index.intake.update import update
from index.types import Article
from tests.examples import examples
from tests.fakes import WordEmbedder, every_score

pytestmark = [pytest.mark.process, pytest.mark.slow]

EMBEDDER = WordEmbedder("red", "blue", "green", "came", "left")
QUESTIONS = ("red", "blue came", "green left", "who left")
IDS = [f"a{number}" for number in range(8)]
TEXTS = ["The red one came. Then it left.", "The blue one came.", "A green one left.", "It came.\nIt left.\nRed.",
         "The blue one left. The red one came. Then the green one came.", "Nobody."]
FILES = ["a.jsonl", "b.jsonl"]


@dataclass
class Known:
    """What the dictionary knows of one id: what it says, and what its file and the API said last."""

    text: str | None = None
    file_said: str | None = None
    api_said: str | None = None
    is_withdrawn: bool = False


@dataclass
class Expected:
    """The corpus as a dictionary, and how many of the entries of the inbox it holds."""

    known: dict[str, Known] = field(default_factory=lambda: {article_id: Known() for article_id in IDS})
    entries: int = 0

    def take_in(self, files: dict[str, str], events: list[tuple[str, str | None]]) -> None:
        for article_id, one in self.known.items():
            said = files.get(article_id)
            if said is None:
                if one.file_said is not None and not one.is_withdrawn:
                    one.file_said = None
                    one.text = one.api_said
            elif said != one.file_said:
                one.file_said = said
                if not one.is_withdrawn:
                    one.text = said
        for article_id, text in events[self.entries:]:
            one = self.known[article_id]
            one.text, one.api_said, one.is_withdrawn = text, text, text is None
        self.entries = len(events)

    @property
    def texts(self) -> dict[str, str]:
        return {article_id: one.text for article_id, one in self.known.items() if one.text is not None}

    @property
    def rows(self) -> dict[str, str]:
        """Text by id, of those that say the same only the first."""
        first: dict[str, str] = {}
        for article_id, text in sorted(self.texts.items()):
            first.setdefault(text, article_id)
        return {article_id: text for text, article_id in first.items()}


class CorpusMachine(RuleBasedStateMachine):
    """Files and the API change at will; every update brings the index where the dictionary says."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="musnad-"))
        self.news = self.folder / "news"
        self.news.mkdir()
        self.index_dir = self.folder / "index"
        self.files: dict[str, str] = {}
        self.events: list[tuple[str, str | None]] = []
        self.expected = Expected()
        self.published: dict[str, Expected] = {}
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(article_id=st.sampled_from(IDS), text=st.sampled_from(TEXTS))
    def a_file_says(self, article_id: str, text: str) -> None:
        self.files[article_id] = text

    @rule(article_id=st.sampled_from(IDS))
    def a_file_says_no_longer(self, article_id: str) -> None:
        self.files.pop(article_id, None)

    @rule(article_id=st.sampled_from(IDS), text=st.sampled_from(TEXTS))
    def it_is_posted(self, article_id: str, text: str) -> None:
        Inbox(self.index_dir).add(Article(article_id, text), "api")
        self.events.append((article_id, text))

    @rule(article_id=st.sampled_from(IDS))
    def it_is_deleted(self, article_id: str) -> None:
        Inbox(self.index_dir).withdraw(article_id)
        self.events.append((article_id, None))

    @rule(reuse=st.sampled_from([True, True, True, False]), is_settled=st.booleans())
    def it_is_updated(self, reuse: bool, is_settled: bool) -> None:
        self._write_files(is_settled=is_settled)
        self.now += timedelta(minutes=1)
        update([self.news], self.index_dir, lambda: EMBEDDER, is_exact=False, reuse=reuse, now=self.now)
        self.expected.take_in(self.files, self.events)
        self.published[current_generation(self.index_dir)] = deepcopy(self.expected)
        self._compare()

    @rule()
    def the_inbox_is_taken_in(self) -> None:
        self.now += timedelta(minutes=1)
        try:
            update((), self.index_dir, lambda: EMBEDDER, is_exact=False, now=self.now)
        except NothingToIndexError:
            assert not self.published
            return
        said = {article_id: one.file_said for article_id, one in self.expected.known.items() if one.file_said}
        self.expected.take_in(said, self.events)
        self.published[current_generation(self.index_dir)] = deepcopy(self.expected)

    @precondition(lambda self: len(self.published) > 1)
    @rule()
    def it_is_rolled_back(self) -> None:
        names = sorted(path.name for path in (self.index_dir / "generations").iterdir())
        if names.index(self._snapshot().generation) > 0:
            roll_back(self.index_dir)
            release(self.index_dir)
            self.expected = deepcopy(self.published[self._snapshot().generation])

    @precondition(lambda self: len(self.published) > 1)
    @rule(offset=st.integers(0, 200))
    def a_file_of_the_index_is_damaged(self, offset: int) -> None:
        generation = self.index_dir / "generations" / self._snapshot().generation
        path = generation / "history.jsonl"
        content = bytearray(path.read_bytes())
        if len(list(generation.parent.iterdir())) < 2 or not content:
            return
        content[offset % len(content)] ^= 1
        path.write_bytes(content)
        self.expected = deepcopy(self.published[self._snapshot().generation])

    @invariant()
    def what_is_published_is_as_it_was(self) -> None:
        if self.published:
            self._compare()

    def _write_files(self, *, is_settled: bool) -> None:
        for name in FILES:
            path = self.news / name
            # Its own record stays: an empty file is one that nobody can tell anything of.
            records = {f"of {name}": f"This is {name}."} | {
                article_id: text for article_id, text in self.files.items() if FILES[hash_of(article_id)] == name}
            content = "".join(json.dumps({"id": article_id, "text": text}) + "\n"
                              for article_id, text in sorted(records.items()))
            if not path.exists() or path.read_text() != content:
                path.write_text(content)
                if is_settled:
                    minute_ago = path.stat().st_mtime_ns - 60_000_000_000
                    os.utime(path, ns=(minute_ago, minute_ago))

    def _snapshot(self) -> Snapshot:
        return open_snapshot(self.index_dir)

    def _compare(self) -> None:
        snapshot = self._snapshot()
        rows = {article.id: article.text for article in snapshot.articles if article.id in IDS}
        assert rows == self.expected.rows
        found = set(rows)
        for row in range(len(snapshot.articles)):
            found |= {article.id for article in snapshot.histories.get(row).also_at}
        assert found == set(self.expected.texts)
        if not rows:
            return
        with tempfile.TemporaryDirectory(prefix="musnad-") as folder:
            build(snapshot.articles, Path(folder), EMBEDDER)
            afresh = open_snapshot(Path(folder))
            assert snapshot.articles.ids == afresh.articles.ids
            for question in QUESTIONS:
                vector = EMBEDDER.embed_query(question)
                for mine, its in zip(snapshot.dense.search(vector, 10, None), afresh.dense.search(vector, 10, None),
                                     strict=True):
                    assert np.array_equal(mine, its)
                for mine, its in zip(every_score(snapshot.lexical, question), every_score(afresh.lexical, question),
                                     strict=True):
                    assert np.array_equal(mine, its)


def hash_of(article_id: str) -> int:
    """Which file an id is in."""
    return int(article_id[1:]) % len(FILES)


TestCorpus = CorpusMachine.TestCase
TestCorpus.settings = examples(25, stateful_step_count=25,
                               suppress_health_check=[HealthCheck.too_slow])
