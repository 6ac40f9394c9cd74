"""The compiled model: equal to the reference on this machine, without torch, and never used where it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import index.model.compiler as compiler
from index.errors import ModelError
from index.model.compiled import COMPILATION, GRAPH, MANIFEST, CompiledEmbedder, CompiledModel, read_compiled
from index.model.compiler import compile_model, self_check
from index.model.default import DEFAULT_MODEL, compiled_folder
from index.model.load import load_embedder
from index.model.probe import PROBE_PASSAGES, PROBE_QUESTIONS
from index.model.reference import SentenceTransformerEmbedder
from index.model.types import Embedder
from index.sources import read_paths
from index.types import Article
from tests.conftest import ARTICLES, PROJECT
from tests.fakes import WordEmbedder
from tests.test_models import SHORT_TEXTS, make_model, models


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> SentenceTransformerEmbedder:
    """A model of random weights, 32 wide, with a window of 64 tokens."""
    folder = make_model(tmp_path_factory.mktemp("tiny") / "tiny", models.models_dir() / DEFAULT_MODEL, seed=3)
    loaded = load_embedder(str(folder), runtime="reference")
    assert isinstance(loaded, SentenceTransformerEmbedder)
    return loaded


def test_the_default_model_compiles_and_passes_its_own_check(embedder: Embedder, reference: Embedder) -> None:
    check = self_check(reference, embedder)
    # Without the prompts among the texts that calibrate it, .9949 on one processor.
    assert check.least_cosine > 0.996
    assert check.same_ranking
    assert embedder.settings.runtime == "compiled"
    assert embedder.settings.fingerprint == reference.settings.fingerprint


def test_questions_and_passages_have_their_own_prompts_and_unit_vectors(embedder: Embedder) -> None:
    prompts = embedder.settings.query_prompt, embedder.settings.passage_prompt
    assert prompts == ("query: ", "passage: ")
    vectors = embedder.embed_passages(["هل وصل الوفد؟", "نعم"])
    assert (vectors.shape, vectors.dtype) == ((2, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert embedder.embed_query("هل وصل الوفد؟") @ vectors[0] < 0.9999


def test_many_texts_come_back_in_the_order_given(embedder: Embedder) -> None:
    together = embedder.embed_passages(PROBE_PASSAGES)
    alone = np.concatenate([embedder.embed_passages([text]) for text in PROBE_PASSAGES])
    assert np.array_equal(together, alone)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


@pytest.mark.process
def test_the_two_tokenizers_of_the_default_model_cut_the_same_pieces(embedder: Embedder, reference: Embedder) -> None:
    """Save where a text is nothing but white space, holds runs of unknown characters or spells a special token."""
    texts = [record.text for record in read_paths([ARTICLES]) if isinstance(record, Article)]
    sentences = [line for text in texts for line in text.splitlines()]
    assert embedder.count_tokens([*texts, *sentences]) == reference.count_tokens([*texts, *sentences])
    odd = {text for text in SHORT_TEXTS if embedder.count_tokens([text]) != reference.count_tokens([text])}
    assert odd == {"𠜎𠜱𠝹", " ", "  وصل   الوفد  ", "<s> </s> <pad> [CLS] ▁", "\ue000\uf8ff \ufffd"}


def test_serving_does_not_import_torch(sample_index: Path) -> None:
    code = ("import sys; from pathlib import Path; from qa.opening import load_answerer;"
            "from qa.types.question import Question;"
            "load_answerer(Path(sys.argv[1]), None).ask(Question.parse('متى وقعت اتفاقيتا كامب ديفيد؟'));"
            "print([name for name in ('torch', 'transformers', 'tokenizers', 'sentence_transformers')"
            " if name in sys.modules])")
    ran = subprocess.run([sys.executable, "-c", code, str(sample_index)], cwd=PROJECT, capture_output=True, text=True,
                         check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.slow
def test_another_model_is_compiled_with_its_own_tokenizer_and_window(
        tiny: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    lines: list[str] = []
    compiled = compile_model(tiny, tmp_path / "compiled", report=lines.append)
    assert compiled.is_there
    assert lines[-1] == f"model: compiled, {compiled.verdict}"
    runs = CompiledEmbedder(compiled)
    assert runs.count_tokens(PROBE_PASSAGES) == tiny.count_tokens(PROBE_PASSAGES)
    long_text = " ".join(PROBE_PASSAGES)
    assert tiny.count_tokens([long_text])[0] > tiny.settings.max_tokens
    cosines = (runs.embed_passages([long_text, *PROBE_PASSAGES])
               * tiny.embed_passages([long_text, *PROBE_PASSAGES])).sum(axis=1)
    assert cosines.min() > 0.97
    assert {path.name for path in tmp_path.iterdir()} == {"compiled"}


def test_a_model_that_cannot_be_exported_runs_as_it_is_and_says_so(
        tiny: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no ONNX operator for this layer\nand much more")

    monkeypatch.setattr("torch.onnx.export", refuse)
    monkeypatch.setattr("index.model.default.models_dir", lambda: tmp_path)
    lines: list[str] = []
    loaded = load_embedder(tiny.settings.name, report=lines.append)
    assert isinstance(loaded, SentenceTransformerEmbedder)
    assert lines[-1] == ("model: using the reference runtime; compiled model not used: this model cannot be compiled "
                         "(ValueError: no ONNX operator for this layer)")
    with pytest.raises(ModelError, match="has no compiled form here"):
        load_embedder(tiny.settings.name, runtime="compiled")


@pytest.mark.slow
def test_a_compiled_model_that_is_not_equal_is_not_preferred(
        tiny: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MIN_COSINE", 1.01)
    monkeypatch.setattr("index.model.default.models_dir", lambda: tmp_path)
    assert isinstance(load_embedder(tiny.settings.name), SentenceTransformerEmbedder)
    compiled = read_compiled(compiled_folder(tiny.settings.name))
    assert compiled is not None
    assert not compiled.preferred
    assert compiled.verdict.startswith("not used: cosine to the original at least ")
    assert isinstance(load_embedder(tiny.settings.name, runtime="compiled"), CompiledEmbedder)


def test_a_full_disk_says_nothing_about_the_model(
        tiny: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("onnx.save", full)
    with pytest.raises(OSError, match="No space left"):
        compile_model(tiny, tmp_path / "compiled", report=lambda _line: None)
    assert read_compiled(tmp_path / "compiled") is None


def test_a_graph_that_does_not_run_is_not_preferred(
        tiny: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another_graph(compiled: CompiledModel) -> CompiledEmbedder:
        (compiled.folder / GRAPH).write_bytes(b"no graph")
        return CompiledEmbedder(compiled)

    monkeypatch.setattr(compiler, "CompiledEmbedder", with_another_graph)
    compiled = compile_model(tiny, tmp_path / "compiled", report=lambda _line: None)
    assert (compiled.is_there, compiled.preferred) == (False, False)
    assert compiled.verdict.startswith("not used: this model cannot be compiled (ModelError: ")


def test_the_order_of_passages_further_down_counts_too_save_for_ties() -> None:
    reference = Ranking(0.9, 0.8, 0.65, 0.645)
    assert self_check(reference, Ranking(0.8, 0.7, 0.6, 0.61)).same_ranking
    assert not self_check(reference, Ranking(0.9, 0.7, 0.71, 0.6)).same_ranking


def test_another_ranking_fails_the_check(embedder: Embedder) -> None:
    check = self_check(embedder, WordsUpsideDown())
    assert not check.same_ranking
    assert not check.passed


class Ranking(WordEmbedder):
    """Every question has these cosines with the first passages, and 0 with the others."""

    def __init__(self, *cosines: float) -> None:
        super().__init__()
        self._cosines = np.array([*cosines, *[0] * (384 - len(cosines))], np.float32)

    def embed_query(self, text: str) -> np.ndarray:
        return self._cosines

    def embed_passages(self, texts: object) -> np.ndarray:
        return np.eye(384, dtype=np.float32)[:len(PROBE_PASSAGES)]


class WordsUpsideDown(WordEmbedder):
    """Every question has the vector of the last passage."""

    def embed_query(self, text: str) -> np.ndarray:
        return np.eye(384, dtype=np.float32)[len(PROBE_PASSAGES) - 1]

    def embed_passages(self, texts: object) -> np.ndarray:
        return np.eye(384, dtype=np.float32)[:len(PROBE_PASSAGES)]


@pytest.mark.parametrize("damage", ["another version", "cut short", "missing", "not JSON"])
def test_a_compilation_that_is_not_whole_is_none(embedder: Embedder, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir()
    manifest = json.loads((compiled_folder(DEFAULT_MODEL) / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] = {GRAPH: {"bytes": 4, "sha256": ""}}
    (folder / GRAPH).write_bytes(b"1234")
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert read_compiled(folder) is not None
    if damage == "another version":
        (folder / MANIFEST).write_text(json.dumps(manifest | {"compilation": COMPILATION + 1}), encoding="utf-8")
    elif damage == "cut short":
        (folder / GRAPH).write_bytes(b"123")
    elif damage == "missing":
        (folder / GRAPH).unlink()
    else:
        (folder / MANIFEST).write_text("{", encoding="utf-8")
    assert read_compiled(folder) is None


def test_a_graph_that_is_damaged_inside_names_the_folder_to_remove(embedder: Embedder, tmp_path: Path) -> None:
    compiled = read_compiled(compiled_folder(DEFAULT_MODEL))
    assert compiled is not None
    damaged = type(compiled)(tmp_path, compiled.settings, preferred=True, verdict="")
    (tmp_path / GRAPH).write_bytes(b"not a graph")
    with pytest.raises(ModelError, match=f"{tmp_path} cannot be loaded: .*; remove that folder"):
        CompiledEmbedder(damaged)


def test_a_changed_folder_is_compiled_anew(tiny: SentenceTransformerEmbedder) -> None:
    before = compiled_folder(tiny.settings.name)
    (Path(tiny.settings.name) / "README.md").write_text("changed", encoding="utf-8")
    assert compiled_folder(tiny.settings.name) != before


def test_the_probe_set_has_a_passage_for_each_question() -> None:
    assert len(PROBE_QUESTIONS) <= len(PROBE_PASSAGES)
    assert len(set(PROBE_QUESTIONS)) == len(PROBE_QUESTIONS)
