"""A server starts with what it needs, and with nothing that only a build or another command needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from index.errors import ModelError
from index.language.clitics import stems_for_spelling
from index.model.compiled import GRAPH as EMBEDDER_GRAPH
from index.model.compiled import SENTENCEPIECE, CompiledEmbedder, Graph, read_compiled
from index.model.compiled_reader import GRAPH as READER_GRAPH
from index.model.compiled_reader import PAIRS_GRAPH, reader_folder
from index.model.default import DEFAULT_MODEL, compiled_folder
from index.model.entailment import PairEncoder
from index.model.load_reader import load_reader
from index.model.pieces import sentencepiece_processor
from index.model.reader_compiler import WORDS
from index.model.tables import tables_of
from index.model.types import Embedder
from tests.conftest import PROJECT

# What reads articles, fetches, builds or evaluates.
NOT_NEEDED = {"trafilatura", "lxml", "mammoth", "feedparser", "pypdfium2", "yaml", "httpcore", "watchdog", "torch",
              "transformers", "sentence_transformers", "tokenizers", "langchain_core", "openapi_pydantic", "matplotlib",
              "index.sources.kinds", "index.sources.html", "index.sources.feeds", "index.sources.worker",
              "index.intake.command", "index.intake.update", "index.intake.build", "index.intake.polling",
              "index.generation.writer", "qa.evaluation", "training", "supply"}
NEEDED = {"flask", "pydantic", "onnxruntime", "faiss", "sentencepiece", "qa.answerer", "index.search.lexical",
          "web.server"}


def modules_of(command: list[str], *, until: str) -> tuple[int, set[str]]:
    """How a command ends once it has printed `until`, and the modules that it had loaded, in all its threads."""
    with tempfile.TemporaryFile("w+") as errors:  # a pipe that nobody reads meanwhile would fill up
        with subprocess.Popen([sys.executable, "-X", "importtime", *command], cwd=PROJECT, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as process:
            assert process.stdout is not None
            assert until in process.stdout.readline()
            process.terminate()
            process.communicate(timeout=60)
        errors.seek(0)
        imported = errors.read()
    return process.returncode, set(re.findall(r"^import time: .*\| +([\w.]+)$", imported, re.MULTILINE))


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.index
@pytest.mark.model
def test_a_server_that_answers_has_loaded_no_reader_no_build_and_no_other_command(sample_index: Path) -> None:
    code, loaded = modules_of(["-m", "qa", "serve", "--index-dir", str(sample_index), "--port", "0"], until="http://")
    assert code == 0
    assert loaded >= NEEDED
    assert NOT_NEEDED & loaded == set()


@pytest.mark.process
@pytest.mark.parametrize(("module", "application"), [("web.command", {"flask", "web.app", "qa.answerer"}),
                                                     ("qa.cli", {"index.intake.command", "qa.evaluation.command"})])
def test_a_command_line_is_read_before_the_application_is_loaded(module: str, application: set[str]) -> None:
    code, loaded = modules_of(["-c", f"import {module}, sys; print('read', flush=True); sys.stdin.read()"],
                              until="read")
    assert code in (0, -15)
    assert module in loaded
    assert application & loaded == set()


@pytest.mark.process
def test_the_names_of_the_commands_are_known_without_any_of_them() -> None:
    code, loaded = modules_of(["-m", "qa", "--version"], until="musnad")
    assert code in (0, -15)
    assert loaded >= {"qa.cli", "web.verifying"}  # of the module `web.command` itself, Python does not tell
    assert loaded & (NOT_NEEDED | {"flask", "web.app", "qa.answerer", "onnxruntime", "faiss"}) == set()


@pytest.mark.process
@pytest.mark.parametrize(("command", "option"), [("build", "--follow-links"), ("eval", "squad"), ("index", "rollback")])
def test_a_command_completed_when_it_is_used_lists_its_options(command: str, option: str) -> None:
    told = subprocess.run([sys.executable, "-m", "qa", command, "--help"], cwd=PROJECT, capture_output=True, text=True,
                          check=True)
    assert option in told.stdout


@pytest.mark.model
def test_models_with_the_same_pieces_share_one_processor_and_others_have_their_own(tmp_path: Path) -> None:
    pieces = compiled_folder(DEFAULT_MODEL) / SENTENCEPIECE
    first = sentencepiece_processor(pieces)
    copy = Path(shutil.copy(pieces, tmp_path / "copy.model"))
    assert sentencepiece_processor(copy) is first
    copy.write_bytes(with_another_piece(pieces.read_bytes()))
    other = sentencepiece_processor(copy)
    assert other is not first
    assert other.get_piece_size() == first.get_piece_size() + 1
    compiled = read_compiled(compiled_folder(DEFAULT_MODEL))
    assert compiled is not None
    assert CompiledEmbedder(compiled).count_tokens(["قمة"]) == [len(first.encode("قمة"))]


def with_another_piece(model: bytes) -> bytes:
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    proto.pieces.add(piece="▁مسند", score=-1)
    added: bytes = proto.SerializeToString()
    return added


@pytest.mark.parametrize(("word", "stems"), [
    ("يحضرون", {"يحضرون", "حضرون", "يحضرو", "حضرو", "يحضر", "حضر"}), ("و", {"و"}), ("وال", {"وال"}), ("", {""}),
    ("والاتفاقيات", {"والاتفاقيات", "الاتفاقيات", "اتفاقيات", "والاتفاقيا", "الاتفاقيا", "اتفاقيا",
                     "والاتفاقي", "الاتفاقي", "اتفاقي"})])
def test_stems_are_what_is_left_without_known_affixes(word: str, stems: set[str]) -> None:
    assert stems_for_spelling(word) == stems


@pytest.mark.model
@pytest.mark.parametrize("graph", [compiled_folder(DEFAULT_MODEL) / EMBEDDER_GRAPH, reader_folder() / READER_GRAPH,
                                   reader_folder() / PAIRS_GRAPH])
def test_the_tables_that_a_graph_keeps_in_another_file_are_found_as_onnx_finds_them(graph: Path) -> None:
    import onnx

    expected = [(tensor.name, tuple(tensor.dims), {entry.key: entry.value for entry in tensor.external_data})
                for tensor in onnx.load(graph, load_external_data=False).graph.initializer if tensor.external_data]
    found = tables_of(graph)
    assert [(table.name, table.shape) for table in found] == [(name, shape) for name, shape, _ in expected]
    assert [(table.location, table.offset) for table in found] == [
        (entries["location"], int(entries.get("offset", 0))) for _, _, entries in expected]
    assert [(table.dtype, table.shape) for table in found] == [("<f2", (250037, 384))]


@pytest.mark.model
def test_the_embedder_and_the_reader_map_their_words_once(embedder: Embedder) -> None:
    reader = load_reader()
    assert reader is not None
    assert embedder.embed_query("قمة").shape == (384,)
    assert isinstance(reader, PairEncoder)
    assert reader.states("انعقدت القمة", "انعقدت القمة في الدوحة").whole.shape == (384,)
    inode = (reader_folder() / WORDS).stat().st_ino
    if inode != (compiled_folder(DEFAULT_MODEL) / f"{EMBEDDER_GRAPH}.data").stat().st_ino:
        pytest.skip("this file system has no hard links")
    maps = [line.split() for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()]
    assert len([fields for fields in maps if fields[4] == str(inode)]) == 1


@pytest.mark.model
def test_a_table_that_is_too_short_is_named_with_its_folder(tmp_path: Path) -> None:
    whole = compiled_folder(DEFAULT_MODEL)
    shutil.copy(whole / EMBEDDER_GRAPH, tmp_path)
    (tmp_path / f"{EMBEDDER_GRAPH}.data").write_bytes(b"\0" * 4096)
    with pytest.raises(ModelError, match=f"the compiled model in {tmp_path} cannot be loaded: .*remove that folder"):
        Graph(tmp_path / EMBEDDER_GRAPH, "model")
