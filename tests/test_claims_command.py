"""`musnad claims`: save, list, remove, and print alerts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.types import Article
from qa import cli
from qa.answerer import Answerer
from qa.standing.matching import Matcher
from qa.standing.store import StandingStore
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder("red", "blue", "green")
CLAIM = "The council of Amber Hill bought twelve electric buses."


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    build([Article("old", "The harbour is closed on Fridays.")], tmp_path / "index", EMBEDDER)
    return tmp_path / "index"


def test_a_claim_is_added_listed_and_removed(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--index-dir", str(index_dir)]
    assert cli.main(["claims", "add", CLAIM, *where]) == 0
    claim_id = capsys.readouterr().out.strip()
    assert cli.main(["claims", "list", *where]) == 0
    assert capsys.readouterr().out == f"{claim_id}  claim       0  {CLAIM}\n"
    assert cli.main(["claims", "remove", claim_id, *where]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["claims", "list", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["claims"] == []


def test_a_webhook_shows_its_secret_once(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--index-dir", str(index_dir)]
    assert cli.main(["claims", "add", CLAIM, "--webhook", "https://example.org/hook", *where]) == 0
    printed = capsys.readouterr()
    assert re.fullmatch(r"[0-9a-f]{16}\n", printed.out)
    assert "whsec_" in printed.err
    assert cli.main(["claims", "list", "--json", *where]) == 0
    assert "whsec_" not in capsys.readouterr().out


def test_alerts_are_printed_with_their_places(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--index-dir", str(index_dir)]
    cli.main(["claims", "add", CLAIM, *where])
    build([Article("old", "The harbour is closed on Fridays."), Article("new", CLAIM, "Buses", "The Amber Post")],
          index_dir, EMBEDDER)
    store, answerer = StandingStore(index_dir), Answerer(open_snapshot(index_dir), EMBEDDER)
    ledger = store.ledger()
    assert ledger is not None
    (claim,) = store.claims()
    matched = Matcher(answerer, ledger.additions(answerer.snapshot)[0], lambda: "2031-05-04T10:00:00Z").match(claim, [])
    store.keep(matched.claim, matched.alerts)
    capsys.readouterr()
    assert cli.main(["claims", "alerts", *where]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"2031-05-04T10:00:00Z  First appearance: {CLAIM}", f"    {CLAIM}",
        f"    new 0-{len(CLAIM)}  Buses, The Amber Post"]
    assert cli.main(["claims", "alerts", claim.id, "--json", *where]) == 0
    assert [alert["kind"] for alert in json.loads(capsys.readouterr().out)["alerts"]] == ["first_appearance"]


@pytest.mark.parametrize(("arguments", "code", "message"), [
    (["add", "  "], 2, "musnad: the text is empty; give a text to check\n"),
    (["add", CLAIM, "--webhook", "ftp://example.org"], 2, "musnad: ftp://example.org: is not fetched: ftp: where "
                                                         "http: or https: must stand; give the address of a web page "
                                                         "or feed\n"),
    (["remove", "nothing"], 1, "musnad: there is no standing claim 'nothing'; the list of claims has their ids\n"),
    (["alerts", "nothing"], 1, "musnad: there is no standing claim 'nothing'; the list of claims has their ids\n")])
def test_what_cannot_be_done_is_said(index_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str],
                                     code: int, message: str) -> None:
    assert cli.main(["claims", *arguments, "--index-dir", str(index_dir)]) == code
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", message)
