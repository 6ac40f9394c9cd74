"""The tests themselves: they use public names, and none of their checks holds whatever happens."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.glob("*.py"))
OURS = ("index", "qa", "web", "build_index", "benchmarks", "tests")


@lru_cache(maxsize=1)
def nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def private_names(source: str) -> Iterator[str]:
    """Private names of our packages that a test imports, or replaces by their name. ruff's SLF001 finds the others."""
    for node in nodes(source):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
            yield from (alias.name for alias in node.names if _is_private(alias.name))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "getattr", "delattr")):
            named = [each.value for each in node.args[:2]
                     if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            # The first text is the name: alone, with its module, or after the object that has it.
            yield from (name for name in named[:1] if _is_private(name.rpartition(".")[2]))


def vacuous(source: str) -> Iterator[str]:
    """Checks that may hold because there is nothing to check: `assert all(...)` and `assert not any(...)` over what no
    earlier assertion of the function speaks of, and an assertion whose failure is caught."""
    for function in nodes(source):
        if not isinstance(function, ast.FunctionDef):
            continue
        within = [*ast.walk(function)]
        checks = {node: [call for call in ast.walk(node.test) if isinstance(call, ast.Call)
                         and isinstance(call.func, ast.Name) and call.func.id in ("all", "any")]
                  for node in sorted((each for each in within if isinstance(each, ast.Assert)),
                                     key=lambda each: each.lineno)}
        if any(checks.values()):
            yield from _checks_over_nothing(checks)
        for node in within:
            body = (node.body if isinstance(node, ast.With) and "suppress(" in ast.unparse(node.items[0])
                    else node.body if isinstance(node, ast.Try) and any(
                        handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException",
                                                                              "AssertionError")
                        for handler in node.handlers) else [])
            yield from (ast.unparse(each) for part in body for each in ast.walk(part) if isinstance(each, ast.Assert))


def _checks_over_nothing(checks: dict[ast.Assert, list[ast.Call]]) -> Iterator[str]:
    """Those of a function's assertions, in order and each with its calls of `all` and `any`, that may check nothing."""
    spoken_of: set[str] = set()
    for node, calls in checks.items():
        for call in calls:
            yield from _over_nothing(call, ast.unparse(node), spoken_of)
        spoken_of |= {ast.unparse(each) for each in ast.walk(node.test) if isinstance(each, ast.Name | ast.Attribute)}


def _over_nothing(call: ast.Call, check: str, spoken_of: set[str]) -> Iterator[str]:
    (over,) = call.args
    if isinstance(over, ast.GeneratorExp | ast.ListComp):
        over = over.generators[0].iter
    is_negated = isinstance(call.func, ast.Name) and call.func.id == "any" and "not any(" in check
    is_literal = isinstance(over, ast.Tuple | ast.List | ast.Set)
    named = {ast.unparse(each) for each in ast.walk(over) if isinstance(each, ast.Name | ast.Attribute)}
    if isinstance(call.func, ast.Name) and (call.func.id == "all" or is_negated) and not is_literal and not (
            named & spoken_of):
        yield check


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_a_test_uses_public_names_and_checks_nothing_in_vain(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [*private_names(source)] == []
    assert [*vacuous(source)] == []


@pytest.mark.parametrize(("source", "found"), [
    ("from index.search.dense import _BLOCK, BLOCK", ["_BLOCK"]), ("from qa.answerer import __doc__", []),
    ("from os import _exit", []), ("monkeypatch.setattr(dense, '_BLOCK', 1)", ["_BLOCK"]),
    ("monkeypatch.setattr('qa.cli._said', 1)", ["qa.cli._said"]), ("monkeypatch.setattr('qa.cli.said', '_x')", []),
])
def test_private_names_are_found(source: str, found: list[str]) -> None:
    assert [*private_names(source)] == found


@pytest.mark.parametrize(("body", "is_vacuous"), [
    ("assert all(x for x in found)", True), ("assert found; assert all(x for x in found)", False),
    ("assert all(x for x in found); assert found", True), ("assert not any(x for x in read())", True),
    ("assert any(x for x in found)", False), ("assert all(x for x in (1, 2))", False),
    ("assert len(a.b) == 2\n assert all(x for x in a.b)", False),
    ("with suppress(ValueError):\n  assert read()", True), ("with suppress(ValueError):\n  read()", False),
    ("try:\n  assert read()\n except Exception:\n  pass", True),
    ("try:\n  assert read()\n except OSError:\n  pass", False),
])
def test_checks_in_vain_are_found(body: str, is_vacuous: bool) -> None:
    assert bool([*vacuous(f"def test():\n {body}")]) is is_vacuous
