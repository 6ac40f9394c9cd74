"""The gate that `make eval` is: the sample corpus's questions hold their floors, and broken parts do not."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.model.compiled import SENTENCEPIECE
from index.model.default import DEFAULT_MODEL, compiled_folder
from index.model.types import Embedder
from qa import cli
from tests.conftest import ARTICLES, PROJECT

pytestmark = pytest.mark.process

FLOORS = PROJECT / "tests" / "floors.toml"
GATE = ["eval", "questions", str(ARTICLES / "questions.jsonl"), str(ARTICLES), "--runtime", "compiled",
        "--floors", str(FLOORS)]


def test_make_runs_the_gate_and_so_does_the_continuous_integration() -> None:
    planned = subprocess.run(["make", "--dry-run", "eval"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "bin/musnad eval questions articles/questions.jsonl articles --floors tests/floors.toml\n" in planned.stdout
    assert "make eval\n" in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")


def shuffled(pieces: list[Any]) -> list[Any]:
    return random.Random(0).sample(pieces, len(pieces))


def shifted(pieces: list[Any]) -> list[Any]:
    """Every id one too high: what a vocabulary with one special token too many gives."""
    return pieces[1:] + pieces[:1]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [shuffled, shifted])
def test_a_model_whose_tokenizer_is_broken_does_not_hold_them(
        damage: Callable[[list[Any]], list[Any]], embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    """The pieces are those of the model, of the same scores: texts are cut as ever, and their ids are wrong."""
    whole = compiled_folder(DEFAULT_MODEL)
    broken = tmp_path / whole.name
    broken.mkdir()
    for file in whole.iterdir():
        (broken / file.name).symlink_to(file)
    (broken / SENTENCEPIECE).unlink()
    (broken / SENTENCEPIECE).write_bytes(with_pieces((whole / SENTENCEPIECE).read_bytes(), damage))
    monkeypatch.setattr("index.model.default.models_dir", lambda: tmp_path)
    assert cli.main(GATE) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("musnad: ")]
    assert {"gold_cited", "gold_first", "article_found@1", "by_language.ar.gold_cited", "by_kind.plain.gold_cited"} <= {
        line.split()[1] for line in errors}
    assert all(", below its floor 0." in line for line in errors)


def with_pieces(model: bytes, damage: Callable[[list[Any]], list[Any]]) -> bytes:
    """A SentencePiece model with its ordinary pieces in another order; a piece's place is its id."""
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    pieces = list(proto.pieces)
    first = next(place for place, piece in enumerate(pieces) if piece.type == piece.NORMAL)
    del proto.pieces[first:]
    proto.pieces.extend(damage(pieces[first:]))
    return proto.SerializeToString()


@pytest.mark.slow
def test_a_lexicon_that_cannot_be_looked_up_does_not_hold_them(
        embedder: Embedder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The Arabic words for English ones are no longer found."""
    for module in ("wanted", "translation"):
        monkeypatch.setattr(f"qa.question.{module}.alternatives", lambda _word, _language: ())
    assert cli.main(GATE) == 1
    assert "musnad: by_language.en.answered is " in capsys.readouterr().err


@pytest.mark.slow
def test_a_measure_below_its_floor_is_named_with_both(tmp_path: Path, sample_index: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text('"article_found@10" = 0.5\nquestions = 230\n', encoding="utf-8")
    command = ["eval", "questions", str(ARTICLES / "questions.jsonl"), "--index-dir", str(sample_index), "--floors",
               str(floors)]
    assert cli.main(command) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[2].split() == ["questions", "229.0000", "230.0000", "below"]
    assert printed.err.splitlines()[-1] == "musnad: questions is 229, below its floor 230"
    assert cli.main([*command, "--json"]) == 1
    assert capsys.readouterr().out.startswith("{\n")


@pytest.mark.parametrize(("content", "message"), [
    ("gold_sited = 0.8", "there is no measure for the floor gold_sited"), ("", " names no floor")])
def test_floors_that_hold_nothing_fail(tmp_path: Path, sample_index: Path, capsys: pytest.CaptureFixture[str],
                                       content: str, message: str) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text(content, encoding="utf-8")
    assert cli.main(["eval", "questions", str(ARTICLES / "questions.jsonl"), "--index-dir", str(sample_index),
                     "--sample", "3", "--floors", str(floors)]) == 1
    assert capsys.readouterr().err.rstrip().endswith(message)
