"""`musnad index`: list, verify, rollback and gc, through the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.generation.folder import current_generation, finished
from index.generation.publishing import build_lock
from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.intake.quarantine import Quarantine
from index.intake.update import update
from index.sources import Rejection
from index.types import Article
from qa import cli
from tests.faults import EMBEDDER


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Two generations: of one article, and of two."""
    index_dir = tmp_path / "index"
    for article_id in ("one", "two"):
        Inbox(index_dir).add(Article(article_id, f"The {article_id}."), "api")
        update((), index_dir, lambda: EMBEDDER, is_exact=False)
    return index_dir


def test_generations_are_listed_with_the_current_one_marked(index_dir: Path,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["index", "list", "--index-dir", str(index_dir)]) == 0
    header, old, new = capsys.readouterr().out.splitlines()
    assert header.split() == ["generation", "created", "articles", "passages", "MB", "model"]
    assert old.split()[0] == finished(index_dir)[0]
    assert new.split()[:2] == ["*", current_generation(index_dir)]
    assert cli.main(["index", "list", "--json", "--index-dir", str(index_dir)]) == 0
    listed = json.loads(capsys.readouterr().out)["generations"]
    assert [(row["state"], row["articles"]) for row in listed] == [("kept", 1), ("current", 2)]


def test_damage_is_found_and_named(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["index", "verify", "--index-dir", str(index_dir)]) == 0
    assert capsys.readouterr().out.count("whole") == 2
    old = finished(index_dir)[0]
    path = index_dir / "generations" / old / "articles.jsonl"
    path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    assert cli.main(["index", "verify", "--index-dir", str(index_dir)]) == 1
    printed = capsys.readouterr()
    assert f"{old}: 1 damaged" in printed.out
    assert str(path) in printed.err
    assert cli.main(["index", "verify", current_generation(index_dir), "--index-dir", str(index_dir)]) == 0


def test_rolling_back_serves_the_earlier_one_and_loses_no_accepted_article(
        index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = finished(index_dir)
    assert cli.main(["index", "rollback", "--index-dir", str(index_dir)]) == 0
    assert capsys.readouterr().out == f"{old} is the current generation of {index_dir}; it was {new}\n"
    assert list(open_snapshot(index_dir).articles.ids) == ["one"]
    assert cli.main(["index", "rollback", new, "--index-dir", str(index_dir)]) == 0
    assert list(open_snapshot(index_dir).articles.ids) == ["one", "two"]
    cli.main(["index", "rollback", "--index-dir", str(index_dir)])
    assert cli.main(["index", "release", "--index-dir", str(index_dir)]) == 0
    update((), index_dir, lambda: EMBEDDER, is_exact=False)
    assert list(open_snapshot(index_dir).articles.ids) == ["one", "two"]


def test_collecting_keeps_as_many_as_are_asked_for(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = finished(index_dir)
    (index_dir / "generations" / ".draft.1.tmp").mkdir()
    assert cli.main(["index", "gc", "--keep", "1", "--index-dir", str(index_dir)]) == 0
    assert f"removed {old}\n" in capsys.readouterr().out
    assert [path.name for path in (index_dir / "generations").iterdir()] == [new]


@pytest.mark.parametrize(("arguments", "code", "told"), [
    (["list"], 1, "holds no index"), (["rollback"], 1, "holds no index"),
])
def test_without_an_index_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                              arguments: list[str], code: int, told: str) -> None:
    assert cli.main(["index", *arguments, "--index-dir", str(tmp_path)]) == code
    assert told in capsys.readouterr().err


def test_what_cannot_be_done_is_said(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["index", "rollback", "nobody", "--index-dir", str(index_dir)]) == 1
    assert "nobody" in capsys.readouterr().err
    cli.main(["index", "rollback", "--index-dir", str(index_dir)])
    assert cli.main(["index", "rollback", "--index-dir", str(index_dir)]) == 1
    with build_lock(index_dir):
        assert cli.main(["index", "gc", "--index-dir", str(index_dir)]) == 75
    with pytest.raises(SystemExit) as ended:
        cli.main(["index", "gc", "--keep", "0", "--index-dir", str(index_dir)])
    assert ended.value.code == 2


def test_what_was_rejected_is_listed_with_its_place_and_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                                               ) -> None:
    quarantine = Quarantine(tmp_path)
    when = datetime(2026, 5, 1, 8, tzinfo=UTC)
    quarantine.put(Rejection(Path("news.jsonl"), 3, "no text", "a-1"), now=when)
    quarantine.put(Rejection(Path("page"), None, "a page that says 'not found'"), address="http://127.0.0.1/gone",
                   content=b"<p>gone", now=when)
    kept = next((tmp_path / "quarantine").glob("*.bin"))
    assert cli.main(["index", "rejected", "--index-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-05-01T08:00:00  http://127.0.0.1/gone: a page that says 'not found'", f"    kept in {kept}",
        "2026-05-01T08:00:00  news.jsonl:3 (a-1): no text", "2 rejected"]
    assert cli.main(["index", "rejected", "--json", "--index-dir", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["rejected"][1] == {
        "document": "news.jsonl", "line": 3, "article_id": "a-1", "reason": "no text",
        "rejected": "2026-05-01T08:00:00+00:00", "content": None}


def test_nothing_rejected_and_no_index_are_told_apart(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["index", "rejected", "--index-dir", str(index_dir)]) == 0
    assert capsys.readouterr().out == "0 rejected\n"
    assert cli.main(["index", "rejected", "--index-dir", str(index_dir / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_path_that_is_no_text_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Quarantine(tmp_path).put(Rejection(Path("\udcff.txt"), None, "not UTF-8"))
    assert cli.main(["index", "rejected", "--index-dir", str(tmp_path)]) == 0
    assert r"\udcff.txt: not UTF-8" in capsys.readouterr().out
