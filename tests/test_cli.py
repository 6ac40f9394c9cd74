"""The `musnad` command: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa import cli
from tests.conftest import PROJECT

ASKED = "متى وُقّعت اتفاقيتا كامب ديفيد؟"


def test_ask_prints_cited_sentences(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", ASKED, "--index-dir", str(sample_index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(" [1]")
    assert lines[1].startswith("    [1] camp-david-accords-1978 ")
    assert lines[-1].startswith("confidence 0.")


def test_not_found_is_an_answer(sample_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "من فاز بكأس العالم لكرة القدم؟", "--index-dir", str(sample_index)]) == 0
    assert capsys.readouterr().out.startswith("Not in these articles.\nThe closest passages:\n")


def test_search_prints_a_line_a_passage_within_the_filters(sample_index: Path,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "اتفاق", "--index-dir", str(sample_index), "--top-k", "3", "--from", "2022-01-01",
                     "--to", "2023-12-31", "--source", "مُسنَد", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert all("2022-01-01" <= hit["published"] <= "2023-12-31" for hit in hits)


@pytest.mark.parametrize(("arguments", "code", "message"), [
    (["ask", "  "], 2, "musnad: the question is empty; type a question\n"),
    (["ask", "؟"], 2, "musnad: the question holds no word; ask with words\n"),
    (["search", "سلام", "--top-k", "0"], 2, "musnad: top_k is 0; it must be from 1 to 100\n"),
    (["ask", "سلام", "--index-dir", "nowhere"], 1, "musnad: nowhere holds no index; build one with: python "
                                                   "build_index.py PATH... --index-dir nowhere\n"),
    (["eval", "squad", "nothing.json"], 1, "musnad: [Errno 2] No such file or directory: 'nothing.json'\n"),
])
def test_what_cannot_be_done_is_said_on_standard_error(arguments: list[str], code: int, message: str,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == code
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", message)


@pytest.mark.parametrize("arguments", [[], ["ask"], ["ask", "سلام", "--from", "yesterday"], ["eval", "other", "f"]])
def test_bad_usage_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        cli.main(arguments)
    assert exited.value.code == 2


@pytest.mark.parametrize("command", [[sys.executable, "-m", "qa"], [str(Path(sys.executable).parent / "musnad")]])
def test_the_command_prints_what_the_endpoint_returns(command: list[str], sample_index: Path) -> None:
    done = subprocess.run([*command, "ask", ASKED, "--json"], cwd=PROJECT, capture_output=True, text=True, check=True,
                          env={**os.environ, "MUSNAD_INDEX_DIR": str(sample_index)})
    answer = json.loads(done.stdout)
    assert list(answer) == ["question", "status", "answer", "confidence", "citations", "passages", "index",
                            "timings_ms"]
    assert (answer["status"], answer["citations"][0]["article_id"]) == ("answered", "camp-david-accords-1978")


def test_another_model_than_the_indexs_is_refused(sample_index: Path, capsys: pytest.CaptureFixture[str],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert cli.main(["ask", "سلام", "--index-dir", str(sample_index), "--model", "no/such-model"]) == 1
    assert "the model 'no/such-model' cannot be loaded" in capsys.readouterr().err
