"""`musnad check`: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from qa import cli

TEXT = ("انعقدت قمة كامب ديفيد في سبتمبر 1978 بدعوة من الرئيس الأمريكي جيمي كارتر. "
        "وُقّعت الاتفاقيتان في البيت الأبيض يوم 18 سبتمبر 1978. هل نجحت القمة؟")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_each_claim_is_printed_with_its_place_what_differs_and_its_source(
        sample_index: Path, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(draft), "--index-dir", str(sample_index)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "✓ 0-73  supported"
    assert "✗ 74-128  contradicted (التاريخ)" in lines
    assert "    - في النصّ «18 سبتمبر 1978»، وفي المقال «17 سبتمبر 1978»" in lines
    assert any(line.startswith("    [1] camp-david-accords-1978 ") for line in lines)
    assert lines[-1] == "تؤيّده المقالات: 1، تخالفه المقالات: 1، لم يُتحقّق منه: 1"
    assert err == ""


@pytest.mark.parametrize(("options", "code", "told"), [
    (["--fail-under", "0.5"], 0, ""),
    (["--fail-under", "0.6"], 1, "musnad: 0.50 of the checkable claims are supported, under 0.6\n"),
    (["--fail-on", "denied,misattributed"], 0, ""),
    (["--fail-on", "denied,contradicted"], 1, "musnad: 1 of 3 claims: contradicted\n"),
])
def test_a_text_fails_by_its_share_or_by_a_verdict(sample_index: Path, draft: Path, options: list[str], code: int,
                                                   told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(draft), "--index-dir", str(sample_index), *options]) == code
    assert capsys.readouterr().err == told


def test_json_of_standard_input_is_what_the_endpoint_returns(
        sample_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("utf-8-sig"))))
    assert cli.main(["check", "-", "--json", "--index-dir", str(sample_index)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [claim["verdict"] for claim in found["claims"]] == ["supported", "contradicted", "not_checkable"]
    assert found["characters"] == len(TEXT)


@pytest.mark.parametrize(("written", "code", "told"), [
    (b"", 2, "the text is empty; give a text to check"), (b"\xff\xfe", 2, "is not UTF-8: byte 0 is wrong"),
    (b"x" * 200_004, 2, "has more than 200003 bytes"), (b"x" * 50_001, 2, "the text has 50001 characters"),
    (None, 1, "No such file"),
])
def test_a_file_that_cannot_be_checked_is_refused_before_the_model_is_loaded(
        tmp_path: Path, written: bytes | None, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "draft.txt"
    if written is not None:
        path.write_bytes(written)
    assert cli.main(["check", str(path), "--index-dir", str(tmp_path / "none")]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--fail-under", "2"], ["--fail-under", "nan"], ["--fail-on", "wrong"],
                                     ["--fail-on", ""]])
def test_options_that_are_not_valid_are_bad_usage(draft: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["check", str(draft), *options])
