"""A test says by its marks what it needs; one that uses more than it says fails.

`make quick` runs the tests that need nothing, so it must be true that they need nothing. An audit hook sees each file
that is opened, each module that is imported and each process that is started while a test runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.model.default import models_dir
from tests.cache import CACHE

# What the tests of `make quick` do without; pyproject.toml says what each mark means.
NEEDS = ("model", "index", "browser", "strace", "process", "npm", "nginx", "postgres", "slow")
# A build reads the articles in a process of its own.
OF_FIXTURES = {"embedder": ("model",), "reference": ("model",), "sample_index": ("model", "index", "process"),
               "differing_index": ("model", "index", "process"), "browser": ("browser", "process"),
               "postgres": ("postgres", "process")}
OF_MODULES = {"torch": "model", "onnxruntime": "model", "sentence_transformers": "model"}
OF_FOLDERS = {f"{models_dir()}{os.sep}": "model", f"{CACHE}{os.sep}": "index"}
OF_PROGRAMS = {"chromium": "browser", "playwright": "browser", "strace": "strace", "nginx": "nginx",
               "initdb": "postgres"}
STARTS = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
# The only events that needs_of makes something of: Python reports many more, a few in each call of some functions.
EVENTS = {"open", "import", "subprocess.Popen", *STARTS}


class Guard:
    """A pytest plugin that fails a test for what it uses without the mark. Made once a process: an audit hook stays."""

    def __init__(self) -> None:
        self._test: pytest.Item | None = None
        self._missing: set[str] = set()
        sys.addaudithook(self._see)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Add the marks that fixtures imply."""
        for item in items:
            for fixture in getattr(item, "fixturenames", ()):
                for mark in OF_FIXTURES.get(fixture, ()):
                    item.add_marker(mark)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test, self._missing = item, set()
        try:
            return (yield)
        finally:
            self._test = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        result = yield
        # Raised in a thread, or caught by the code under test, the failure would be lost.
        if self._missing:
            pytest.fail(_message(self._missing))
        return result

    def _see(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in EVENTS or self._test is None:
            return
        missing = {need for need in needs_of(event, arguments) if self._test.get_closest_marker(need) is None}
        if missing:
            self._missing |= missing
            pytest.fail(_message(missing))


def needs_of(event: str, arguments: tuple[object, ...]) -> set[str]:
    """The marks without which a test may not do what an audit event reports."""
    match event, arguments:
        case "open", (str() | os.PathLike() as opened, *_):
            path = os.path.abspath(opened)  # noqa: PTH100  # a path in a folder that another process removes, too
            return {need for folder, need in OF_FOLDERS.items() if path.startswith(folder)}
        case "import", (str() as module, *_):
            return {OF_MODULES[module]} if module in OF_MODULES else set()
        case "subprocess.Popen", (program, command, *_):
            words = [str(program), *map(str, command if isinstance(command, (list, tuple)) else [command])]
            return {"process"} | {need for name, need in OF_PROGRAMS.items()
                                  if any(name in Path(word).parts or Path(word).name.startswith(name)
                                         for word in words)}
        case _:
            return {"process"} if event in STARTS else set()


def _message(missing: set[str]) -> str:
    return f"this test needs {', '.join(sorted(missing))}: mark it with " + ", ".join(
        f"@pytest.mark.{need}" for need in sorted(missing))
