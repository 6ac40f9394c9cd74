"""The settings: one home, the order of option, variable and default, and what the README says of them."""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

import pytest

from index import settings
from index.model.default import DEFAULT_MODEL
from index.settings import Setting, add_index_dir_argument, whole_number
from qa import cli
from qa.answer.thresholds import ANSWERED_FROM, SHOWN_FROM
from tests.conftest import PROJECT
from web.gate.costs import QUESTIONS_A_MINUTE
from web.verifying import VERIFY_EVERY_S

SETTINGS = {setting.variable: setting for setting in vars(settings).values() if isinstance(setting, Setting)}
# What the README says where a setting has no default of its own.
ELSEWHERE = {"MUSNAD_STORE": "none: the index folder", "MUSNAD_STORE_TOKEN": "none",
             "MUSNAD_DATABASE": "none: the index folder",
             "MUSNAD_MODEL": DEFAULT_MODEL, "MUSNAD_RUNTIME": "compiled, where equal and faster",
             "MUSNAD_ANSWERED_FROM": str(ANSWERED_FROM), "MUSNAD_SHOWN_FROM": str(SHOWN_FROM),
             "MUSNAD_READER": "the program's own", "MUSNAD_LLM": "none", "MUSNAD_ALLOW_HOSTS": "none",
             "MUSNAD_ADMIN_TOKEN": "none: without `--tokens` the server takes no articles",
             "MUSNAD_METRICS_FROM": "this machine alone",
             "MUSNAD_TRUSTED_HOSTS": "any, or none if only this machine can connect",
             "MUSNAD_ALLOWED_ORIGINS": "none",
             "MUSNAD_TOKENS": "none", "MUSNAD_LOGIN_PASSWORD": "none: everybody reads",
             "MUSNAD_LOGIN_HEADER": "none: everybody reads",
             "MUSNAD_PREFIX": "none, or what a trusted proxy names", "MUSNAD_RATE_LIMIT": str(QUESTIONS_A_MINUTE),
             "MUSNAD_VERIFY_EVERY": str(VERIFY_EVERY_S), "MUSNAD_SOURCE_NAMES": "known outlets"}
COMMANDS = [["build"], ["ask"], ["search"], ["verify"], ["serve"], ["eval", "questions"], ["index", "list"],
            ["index", "verify"], ["index", "rollback"], ["index", "release"], ["index", "gc"]]


def table() -> dict[str, str]:
    """The defaults in the README's table of settings, by variable; a row may hold two variables."""
    found = {}
    for line in (PROJECT / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and "`MUSNAD_" in cells[2]:
            variables, defaults = cells[2].split(", "), [cells[3]]
            if len(variables) > 1:
                defaults = cells[3].split(", ")
            found.update({variable.strip("`"): default.strip("`")
                          for variable, default in zip(variables, defaults, strict=True)})
    return found


def test_the_readme_names_every_setting_with_its_default() -> None:
    assert len(SETTINGS) == 31
    assert table() == {variable: setting.default or ELSEWHERE[variable] for variable, setting in SETTINGS.items()}


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_examples_in_python_open_the_index_of_the_default(page: str) -> None:
    opened = re.findall(r'load_answerer\("([^"]+)"\)', (PROJECT / page).read_text(encoding="utf-8"))
    assert opened[0] == settings.INDEX_DIR.default


def test_a_variable_is_named_in_one_module_alone() -> None:
    named = {}
    for path in [PROJECT / "build_index.py",
                 *(path for package in ("index", "qa", "web") for path in (PROJECT / package).rglob("*.py"))]:
        named[path.relative_to(PROJECT).as_posix()] = {
            node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and (re.fullmatch(r"MUSNAD_[A-Z_]+", node.value) or node.value == settings.INDEX_DIR.default)}
    assert {place: names for place, names in named.items() if names} == {
        "index/settings.py": {*SETTINGS, "var/index"}}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_over_an_index_names_the_same_default(command: list[str],
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([*command, "--help"])
    assert "where the index is kept (MUSNAD_INDEX_DIR; default var/index)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("variable", "typed", "expected"), [
    (None, [], "var/index"), ("", [], "var/index"), ("there", [], "there"), ("there", ["--index-dir", "here"], "here")])
def test_an_option_goes_before_the_variable_and_that_before_the_default(
        monkeypatch: pytest.MonkeyPatch, variable: str | None, typed: list[str], expected: str) -> None:
    monkeypatch.delenv("MUSNAD_INDEX_DIR", raising=False)
    if variable is not None:
        monkeypatch.setenv("MUSNAD_INDEX_DIR", variable)
    parser = argparse.ArgumentParser()
    add_index_dir_argument(parser)
    assert parser.parse_args(typed).index_dir == Path(expected)


def test_a_setting_of_several_values_separates_them_by_spaces_or_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUSNAD_ALLOW_HOSTS", raising=False)
    assert settings.ALLOW_HOSTS.values() == []
    monkeypatch.setenv("MUSNAD_ALLOW_HOSTS", "one.example two.example:8080,three.example")
    assert settings.ALLOW_HOSTS.values() == ["one.example", "two.example:8080", "three.example"]


@pytest.mark.parametrize(("variable", "command", "complaint"), [
    ("MUSNAD_PORT", ["serve"], "argument --port: invalid int value: 'many'"),
    ("MUSNAD_RATE_LIMIT", ["serve"], "argument --rate-limit: 'many' is not a whole number; write 0 or more"),
    ("MUSNAD_ANSWERED_FROM", ["serve"], "argument --answered-from: 'many' is not a confidence; "
                                        "write a number from 0 to 1")])
def test_a_wrong_variable_is_bad_usage_of_the_command_that_reads_it(
        variable: str, command: list[str], complaint: str, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(variable, "many")
    with pytest.raises(SystemExit, match="2"):
        cli.main(command)
    assert capsys.readouterr().err.endswith(f"{complaint}\n")
    with pytest.raises(SystemExit, match="0"):
        cli.main(["index", "list", "--help"])


@pytest.mark.parametrize(("least", "text"), [(1, "0"), (1, "-1"), (0, "-1"), (1, "1.5"), (0, ""), (0, "٣"), (1, "x")])
def test_what_is_not_a_whole_number_is_refused(least: int, text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        whole_number(least)(text)
    assert str(refused.value) == f"{text!r} is not a whole number; write {least} or more"
    assert whole_number(least)(str(least)) == least


@pytest.mark.parametrize(("option", "command"), [
    ("--index-dir", ["search", "x"]), ("--index-dir", ["index", "list"]), ("--index-dir", ["build", "news"]),
    ("--model", ["search", "x"]), ("--model", ["build", "news"]), ("--reader", ["ask", "x"]), ("--host", ["serve"]),
    ("--host", ["mcp"]), ("--tokens", ["serve"]), ("--source-names", ["serve"]), ("--trusted-host", ["serve"]),
    ("--trusted-host", ["mcp"]), ("--login-header", ["serve"]), ("--allow-host", ["serve"]), ("--llm", ["ask", "x"]),
    ("--feed", ["build"]), ("--allow-host", ["build"])])
def test_an_option_that_is_empty_is_refused(option: str, command: list[str], monkeypatch: pytest.MonkeyPatch,
                                            tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as refused:
        cli.main([*command, option, ""])
    assert refused.value.code == 2
    assert f"argument {option}: it is empty; is a variable of a script not set?" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "argument"), [
    (["build", "news", ""], "PATH"), (["check", ""], "FILE"), (["eval", "squad", ""], "FILE.json")])
def test_a_path_that_is_empty_is_refused(capsys: pytest.CaptureFixture[str], command: list[str], argument: str) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(command)
    assert refused.value.code == 2
    assert f"argument {argument}: it is empty; is a variable of a script not set?" in capsys.readouterr().err
