"""Names, links and hosts that others chose: shown as they are written, and followed nowhere that was not asked for."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import UnknownArticleError
from index.intake.inbox import Inbox
from index.intake.quarantine import Quarantine
from index.intake.update import update
from index.output import PrintableFormatter, printable, printable_json
from index.sources import PlacedArticle, Rejection, read_file
from index.sources.fetch.targets import is_allowed_by_name, parse_allowed_hosts, parse_target
from index.sources.files import walk
from index.sources.types import SourceFile
from index.types import Article
from qa import cli
from tests.conftest import PROJECT
from tests.faults import EMBEDDER
from web.gate.logs import JsonFormatter

EVIL = "a\n\x1b[2J\u202etxt\u2066\x9b\u2028b"
SHOWN = "a\\n\\x1b[2J\\u202etxt\\u2066\\x9b\\u2028b"


def is_safe(text: str) -> bool:
    return all(c == "\n" or c.isprintable() for c in text)


@pytest.mark.parametrize(("text", "shown"), [
    (EVIL, SHOWN), ("خبر عاجل", "خبر عاجل"), ("می\u200cخواهم", "می\u200cخواهم"), ("a\\n", "a\\n"),
    ("\udcff", "\\udcff"), ("\u200f", "\\u200f"), ("a\u00a0b", "a\u00a0b"), ("", "")])
def test_what_moves_a_terminal_is_escaped_and_nothing_else(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(printable(text)) == shown


def test_a_long_text_is_cut() -> None:
    assert (printable("abcdef", 3), printable("abc", 3)) == ("abc…", "abc")


def test_json_is_escaped_as_json_and_read_back_as_it_was() -> None:
    value = {"id": EVIL + "\U000e0067", "title": "خبر"}
    assert is_safe(printable_json(value))
    assert "خبر" in printable_json(value)
    assert json.loads(printable_json(value)) == value


@pytest.mark.parametrize("formatter", [PrintableFormatter("%(name)s %(message)s"), JsonFormatter()],
                         ids=["plain", "json"])
def test_a_line_of_the_log_stays_one_line(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("musnad", logging.ERROR, "f", 1, "read %s", (EVIL,), None)
    assert formatter.format(record).isprintable()
    try:
        raise ValueError(EVIL)
    except ValueError:
        record.exc_info = sys.exc_info()
    assert is_safe(formatter.format(record))


@pytest.mark.process
def test_a_build_shows_names_of_files_and_ids_in_one_line_each(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / f"{EVIL}.md").write_bytes(b"---\nid: [\n---\nx")
    (news / "b.jsonl").write_text(json.dumps({"id": EVIL}) + "\n", encoding="utf-8")
    built = subprocess.run([sys.executable, "build_index.py", str(news), "--index-dir", str(tmp_path / "index")],
                           cwd=PROJECT, capture_output=True, text=True, check=False)
    rejected = [line for line in built.stderr.splitlines() if line.startswith("rejected: ")]
    assert len(rejected) == 2
    assert is_safe(built.stderr + built.stdout)
    assert SHOWN in built.stderr


def test_what_was_rejected_is_listed_printably(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Quarantine(tmp_path).put(Rejection(Path(EVIL), 3, f"says {EVIL}", EVIL))
    for options in ([], ["--json"]):
        assert cli.main(["index", "rejected", *options, "--index-dir", str(tmp_path)]) == 0
        printed = capsys.readouterr().out
        assert is_safe(printed)
        assert "2J" in printed


def test_an_answer_and_an_error_are_printed_printably(tmp_path: Path) -> None:
    from index.generation.snapshot import open_snapshot
    from qa.answerer import Answerer
    from qa.types.question import Question

    Inbox(tmp_path).add(Article("id\u202e\u2066", f"The red one{EVIL} is here.", f"Red {EVIL}", f"Paper {EVIL}"), "api")
    update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    answerer = Answerer(open_snapshot(tmp_path), EMBEDDER, answered_from=0.0, shown_from=0.0)
    told = cli.as_text(answerer.ask(Question.parse("red one")))
    assert "red" in told
    assert is_safe(told)
    assert str(UnknownArticleError(EVIL)).isprintable()


def rejected_and_read(*paths: Path, follow_links: bool = False) -> tuple[list[str], list[str]]:
    found = list(walk(paths, follow_links=follow_links))
    return ([each.path.name for each in found if isinstance(each, Rejection)],
            [each.path.name for each in found if isinstance(each, SourceFile)])


@pytest.mark.process
@pytest.mark.parametrize("is_folder_replaced", [False, True])
def test_a_link_that_takes_a_file_s_place_after_it_was_listed_is_not_followed(tmp_path: Path,
                                                                              is_folder_replaced: bool) -> None:
    news, secret = tmp_path / "news", tmp_path / "secret"
    for folder in (news / "may", secret):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(f"What {folder.name} says.")
    (listed,) = [one for one in walk([news]) if isinstance(one, SourceFile)]
    assert [one.article.text for one in read_file(listed) if isinstance(one, PlacedArticle)] == ["What may says."]
    if is_folder_replaced:
        (news / "may").rename(tmp_path / "away")
        (news / "may").symlink_to(secret)
    else:
        (news / "may" / "a.txt").unlink()
        (news / "may" / "a.txt").symlink_to(secret / "a.txt")
    assert list(read_file(listed)) == [Rejection(
        listed.path, None, "was replaced by a link while it was read; copy its target into the folder")]


def test_a_link_that_leads_out_of_its_folder_is_followed_only_if_asked_for(tmp_path: Path) -> None:
    news, secret = tmp_path / "news", tmp_path / "secret.txt"
    news.mkdir()
    secret.write_text("a secret")
    (news / "own.txt").write_text("ours")
    (news / "out.txt").symlink_to(secret)
    (news / "inside.md").symlink_to(news / "own.txt")
    (news / "far.txt").symlink_to("out.txt")
    assert rejected_and_read(news) == (["far.txt", "out.txt"], ["inside.md"])
    assert rejected_and_read(news, follow_links=True) == ([], ["far.txt", "inside.md"])
    assert rejected_and_read(news / "out.txt") == ([], ["out.txt"])


def test_files_of_the_system_pipes_sockets_and_devices_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "environ.txt").symlink_to("/proc/self/environ")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.txt"))
        names = ["environ.txt", "null.txt", "pipe.txt", "s.txt"]
        assert rejected_and_read(tmp_path, follow_links=True) == (names, [])
    assert rejected_and_read(Path("/proc/self/status")) == (["status"], [])


@pytest.mark.parametrize(("allowed", "port", "expected"), [
    ("news.example", 80, True), ("news.example", 443, True), ("news.example", 8080, False),
    ("news.example", 5432, False), ("news.example:8080", 8080, True), ("news.example:8080", 80, False),
    ("news.example:*", 8080, True), ("news.example:*", 22, False), ("news.example:22", 22, True)])
def test_a_host_without_a_port_is_opened_on_80_and_443_alone(allowed: str, port: int, expected: bool) -> None:
    target = parse_target(f"http://news.example:{port}/")
    assert is_allowed_by_name(target, parse_allowed_hosts([allowed])) is expected
