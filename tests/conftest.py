"""The real model, the sample index and a real server, each made once a session; the fake embedder where a test reckons
on paper. The indexes are kept from one run to the next.

What only fixtures use, they import themselves: every run loads this file first, for one test too, and each process of a
run does, also the one that only hands out the tests.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, ClassVar

import pytest
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from tests.cache import BUILDER, PROJECT, cached_index, hash_of
from tests.needs import Guard

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from index.model.types import Embedder
    from index.shared.database import Database
    from qa.answerer import Answerer
    from tests.fakes import WordEmbedder
    from tests.postgres import PostgresServer

ARTICLES = PROJECT / "articles"

# How long an example takes says more of the machine than of the code.
settings.register_profile("tests", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("tests")


class CompiledTemplates(BytecodeCache):
    """The templates that were compiled in this process: each application that a test makes would compile them anew."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


class CompiledRule(Rule):
    """An address of an application, whose code that writes it is compiled once: it is the greater part of what it costs
    to make an application, and each test that asks one makes its own."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        # The code looks the converters up when it runs, so it depends on nothing else.
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


def pytest_configure(config: pytest.Config) -> None:
    # Where nohup runs the tests, every process that they start would ignore it too.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    config.pluginmanager.register(Guard())
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    Flask.url_rule_class = CompiledRule
    if config.getoption("--hypothesis-profile") == "quick":
        # Nearly all that these tests make goes without a search for garbage, and none of them is about memory.
        gc.set_threshold(100_000)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the tests, which stay until the end, out of all searches for garbage, some of which a test asks for."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name what failed at once: where a run is cut off, no summary comes."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\n{report.nodeid} failed in its {report.when}", flush=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes run the tests, keep a module whose fixtures cost much in one of them, and begin with what
    takes longest."""
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        if any(item.get_closest_marker(need) for need in ("model", "browser", "strace")):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model, compiled."""
    from index.model.load import load_embedder

    return load_embedder(runtime="compiled")


@pytest.fixture(scope="session")
def reference() -> Embedder:
    """The default model as sentence-transformers runs it."""
    from index.model.load import load_embedder

    return load_embedder(runtime="reference")


@pytest.fixture
def word_embedder() -> WordEmbedder:
    from tests.fakes import WordEmbedder

    return WordEmbedder()


@pytest.fixture
def lost_errors(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Errors that went to nobody since a file was still open when it was forgotten. pytest makes warnings errors."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: lost.append(unraisable.exc_value))
    return lost


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of an index of `articles/`, built by the command."""
    return _copy_of_cached("sample", [ARTICLES], hash_of(ARTICLES, *BUILDER), tmp_path_factory)


def _copy_of_cached(name: str, paths: list[Path], key: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that no test can change what other runs are given."""
    import build_index
    from index.model.default import DEFAULT_MODEL, compiled_folder

    def build(index_dir: Path) -> None:
        assert build_index.main([*map(str, paths), "--index-dir", str(index_dir)]) == 0

    cached = cached_index(name, f"{key}-{compiled_folder(DEFAULT_MODEL).name}", build)
    return Path(shutil.copytree(cached, tmp_path_factory.mktemp(name) / "index"))


@pytest.fixture(scope="session")
def sample_server(sample_index: Path) -> Iterator[str]:
    """The base URL of a server process that serves the sample index."""
    with server_process(sample_index) as url:
        yield url


class server_process:  # noqa: N801  # reads as a function: `with server_process(index) as url`
    """A `musnad serve` process on a free port; its URL is the one that it prints."""

    def __init__(self, index_dir: Path, **environment: str) -> None:
        self._command = [sys.executable, "-m", "qa", "serve", "--index-dir", str(index_dir), "--port", "0"]
        self._environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}

    def __enter__(self) -> str:
        self.process = subprocess.Popen(self._command, cwd=PROJECT, env=self._environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        address = re.search(r"http://\S+", line)
        if address is None:
            self.process.kill()
            raise AssertionError(f"the server did not start: {line}{self.process.stderr.read()}")
        return address.group().rstrip("/")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session."""
    from tests.postgres import PostgresServer

    with PostgresServer() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty database, which MUSNAD_DATABASE names."""
    from index.shared.database import shared_database

    monkeypatch.setenv("MUSNAD_DATABASE", postgres.new_database())
    shared = shared_database()
    assert shared is not None
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    from playwright.sync_api import sync_playwright

    from tests.browsers import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sample_answerer(sample_index: Path, embedder: Embedder) -> Answerer:
    """Answers from the sample index."""
    from qa.opening import open_answerer

    return open_answerer(sample_index, embedder)


@pytest.fixture(scope="session")
def differing_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of an index of articles that differ."""
    from tests.differing import DIFFERING

    path = tmp_path_factory.mktemp("differing") / "articles.jsonl"
    lines = [json.dumps({"id": article.id, "title": article.title, "source": article.source,
                         "published": article.published, "text": article.text}) for article in DIFFERING]
    path.write_text("\n".join(lines), encoding="utf-8")
    return _copy_of_cached("differing", [path], hash_of(PROJECT / "tests" / "differing.py", *BUILDER), tmp_path_factory)


@pytest.fixture(scope="session")
def differing(differing_index: Path, embedder: Embedder) -> Answerer:
    """Answers from articles that differ."""
    from qa.opening import open_answerer

    return open_answerer(differing_index, embedder)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """An index folder with one published generation."""
    from tests.generations import publish_articles

    folder = tmp_path / "index"
    publish_articles(folder)
    return folder


@pytest.fixture
def generation(index_dir: Path) -> Path:
    """The folder of that generation."""
    from index.generation.folder import current_generation

    return index_dir / "generations" / current_generation(index_dir)
