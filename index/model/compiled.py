"""Run a compiled model: int8 weights in ONNX Runtime, loaded in a fraction of a second and without torch.

`index/model/compiler.py` makes the model's folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.model.pieces import sentencepiece_processor
from index.model.tables import shared_table, tables_of
from index.model.types import ModelSettings, Vectors
from index.work import cores

MANIFEST = "musnad-compiled.json"
# Version of the compiled files. Increase it when the compiler writes different files, so that older folders are remade.
COMPILATION = 3
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
SENTENCEPIECE = "sentencepiece.model"

Tokenise = Callable[[Sequence[str]], list[list[int]]]


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """The result of compiling a model.

    `preferred` tells whether the compiled model passed the self-check on this machine; `verdict` says so in words.
    A model that cannot be compiled has a result too, without a graph, so that compiling is not tried again.
    """

    folder: Path
    settings: ModelSettings
    preferred: bool
    verdict: str

    @property
    def is_there(self) -> bool:
        """Tell whether there is a compiled graph to run."""
        return (self.folder / GRAPH).is_file()


def read_compiled(folder: Path) -> CompiledModel | None:
    """Read the compilation in `folder`; None if there is none, its version differs, or a file has the wrong size."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if manifest.get("compilation") != COMPILATION or not is_whole(folder, manifest["files"]):
        return None
    return CompiledModel(folder, ModelSettings(**manifest["settings"]), manifest["preferred"], manifest["verdict"])


class CompiledEmbedder:
    """Embed with a compiled model, one text per run and one core per text, so nothing is padded.

    A question takes one core, so as many questions run side by side as there are cores; a list of texts uses all cores.
    Raises ModelError when the model cannot be loaded.
    """

    def __init__(self, model: CompiledModel) -> None:
        self._graph = Graph(model.folder / GRAPH, "model")
        self._settings = model.settings
        self._pieces, self._with_special = _tokenisers(model.folder, model.settings.max_tokens)
        self._workers = cores()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def settings(self) -> ModelSettings:
        """Return the settings of the model that it runs."""
        return self._settings

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens, not truncated to the window."""
        return [len(pieces) for pieces in self._pieces(texts)]

    def embed_query(self, text: str) -> Vectors:
        """Embed a question: shape (dimension,)."""
        return self._run(self._with_special([self._settings.query_prompt + text])[0])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be searched: shape (number of texts, dimension)."""
        sequences = self._with_special([self._settings.passage_prompt + text for text in texts])
        vectors = np.empty((len(sequences), self._settings.dimension), np.float32)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="embed")
        # Longest first, so that no core works alone on a long text at the end.
        order = sorted(range(len(sequences)), key=lambda number: -len(sequences[number]))
        for number, vector in zip(order, self._pool.map(self._run, [sequences[number] for number in order]),
                                  strict=True):
            vectors[number] = vector
        return vectors

    def _run(self, ids: list[int]) -> Vectors:
        vector: Vectors = self._graph.run(["embedding"], ids)[0][0]
        return vector / np.linalg.norm(vector)


class Graph:
    """A compiled graph that ONNX Runtime runs on one core. Threads may share it.

    Raises ModelError, which calls it the compiled `what`, when it cannot be loaded.
    """

    def __init__(self, path: Path, what: str) -> None:
        try:
            self._tables = {table.name: shared_table(path, table) for table in tables_of(path)}  # kept: it reads them
            self._session = _session(path, self._tables)
        except Exception as error:  # onnxruntime's own errors have no common base
            raise ModelError(f"the compiled {what} in {path.parent} cannot be loaded: {error}; remove that folder and "
                             "run the command again") from error

    def run(self, outputs: Sequence[str], ids: Sequence[int]) -> list[Any]:
        """Return the outputs for the ids of one text's tokens, each with a first axis of one text."""
        values: list[Any] = self._session.run(outputs, {"input_ids": np.array([ids], np.int64)})
        return values


def _session(path: Path, tables: Mapping[str, Any]) -> Any:
    # Imported here so that importing this module does not load ONNX Runtime.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The compiler has already optimised the graph.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # ONNX Runtime would store a memory pattern for every input length, and lengths differ from text to text.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    for name, table in tables.items():
        options.add_initializer(name, table)
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _tokenisers(folder: Path, max_tokens: int) -> tuple[Tokenise, Tokenise]:
    """Return two functions from texts to token ids.

    The first gives all tokens of a text, without special tokens. The second adds special tokens and truncates to
    `max_tokens`.
    """
    if (folder / SENTENCEPIECE).is_file():
        return _sentencepiece(folder / SENTENCEPIECE, max_tokens)
    from tokenizers import Tokenizer

    # Two tokenizers, because truncation is a setting of the tokenizer, not of a call.
    bare = Tokenizer.from_file(str(folder / TOKENIZER))
    bare.no_truncation()
    bare.no_padding()
    windowed = Tokenizer.from_str(bare.to_str())
    windowed.enable_truncation(max_tokens)
    return (lambda texts: [encoding.ids for encoding in bare.encode_batch_fast(list(texts), add_special_tokens=False)],
            lambda texts: [encoding.ids for encoding in windowed.encode_batch_fast(list(texts))])


def _sentencepiece(path: Path, max_tokens: int) -> tuple[Tokenise, Tokenise]:
    """Return the same two functions made with SentencePiece.

    It takes a tenth of the time and a fifth of the memory of the `tokenizers` library.
    """
    processor = sentencepiece_processor(path)
    begin, end = processor.bos_id(), processor.eos_id()

    def bare(texts: Sequence[str]) -> list[list[int]]:
        # One text at a time: for a list the library starts threads, which takes longer than tokenising a question.
        return [processor.encode(text) for text in texts]

    return bare, lambda texts: [[begin, *ids[:max_tokens - 2], end] for ids in bare(texts)]


def is_whole(folder: Path, files: dict[str, Any]) -> bool:
    """Tell whether the folder has every file of a manifest's `files`, each in its size."""
    return all((folder / name).is_file() and (folder / name).stat().st_size == entry["bytes"]
               for name, entry in files.items())
