"""Run the compiled reader: the default model's encoder with its trained adapters and heads, int8, in ONNX Runtime.

Its folder has a second graph, which reads a claim and a text for the entailment head: the encoder's first layers with
adapters of their own. `index/model/reader_compiler.py` makes the folder.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.model.adapters import ENTAILMENT, READER, trained_sha256
from index.model.compiled import SENTENCEPIECE, Graph, is_whole
from index.model.default import DEFAULT_MODEL, compiled_folder, models_dir
from index.model.entailment import PairStates, pair_input
from index.model.pieces import sentencepiece_processor
from index.model.reading import READER_NAME, Reading, TitledPassage, reader_input
from index.work import SideBySide

GRAPH = "reader.onnx"
OUTPUTS = ("starts", "ends", "relevance")
MANIFEST = "musnad-reader.json"
# Version of the compiled files. Increase it when the compiler writes different files, so that they are made anew.
COMPILATION = 4
# The graph that reads pairs, from `input_ids` to the encoder's states, (1, tokens, hidden).
PAIRS_GRAPH = "pairs.onnx"
STATES = "states"


class CompiledReader:
    """Read with the compiled graphs, one passage per run and core. Raises ModelError when one cannot be loaded.

    The graph for pairs is loaded with the first pair.
    """

    def __init__(self, folder: Path) -> None:
        self._graph = Graph(folder / GRAPH, "reader")
        self._folder = folder
        self._pairs: Graph | None = None
        self._loading = threading.Lock()
        self._processor = sentencepiece_processor(folder / SENTENCEPIECE)
        self._cores = SideBySide("read")

    @property
    def name(self) -> str:
        """Return the reader's name."""
        return READER_NAME

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        """Read each passage for the question; passages are read side by side, one on each core."""
        return self._cores.map(lambda passage: self._read(question, passage), passages)

    def states(self, claim: str, text: str) -> PairStates:
        """Return the states of a claim and a text, read together."""
        ids, mine, theirs = pair_input(self._processor, claim, text)
        with self._loading:
            self._pairs = self._pairs or Graph(self._folder / PAIRS_GRAPH, "entailment")
        (states,) = self._pairs.run((STATES,), ids)
        return PairStates(states[0, 0], states[0, mine], states[0, theirs])

    def _read(self, question: str, passage: TitledPassage) -> Reading:
        tokens = reader_input(self._processor, question, passage)
        return tokens.reading(*self._graph.run(OUTPUTS, tokens.ids))


def reader_folder() -> Path:
    """Return the folder for the compiled reader, named after a hash of its version, its weights and its embedder's.

    It shares a file with the compiled embedder, so it is compiled anew with that.
    """
    source = " ".join((str(COMPILATION), compiled_folder(DEFAULT_MODEL).name, trained_sha256(READER),
                       trained_sha256(ENTAILMENT)))
    return models_dir() / f"{READER_NAME}-int8-{hashlib.sha256(source.encode()).hexdigest()[:12]}"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a compiled reader; None if there is none or a file that it names has another size."""
    try:
        stored: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return stored if is_whole(folder, stored["files"]) else None
