"""Texts to vectors. `Embedder` is the seam: a model compiled to int8, or the same model as sentence-transformers runs
it, which is the reference."""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models import DEFAULT_MODEL, Report, ensure_default_model, models_dir, read_manifest

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    from index.compiled import CompiledModel

Vectors = NDArray[np.float32]
BATCH_SIZE = 16

Runtime = Literal["compiled", "reference"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What makes two embedders interchangeable: the same settings give the same vectors.

    `fingerprint` is a SHA-256 over the weights and the tokenizer. `runtime` is what runs them.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    runtime: Runtime = "reference"

    def as_json(self) -> dict[str, Any]:
        """What a snapshot's manifest holds."""
        return asdict(self)


class Embedder(Protocol):
    """Vectors are float32 of unit length, so that an inner product is a cosine."""

    @property
    def settings(self) -> ModelSettings:
        """The model it runs."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text without prompt and special tokens."""

    def embed_query(self, text: str) -> Vectors:
        """A question, with the model's prompt for questions: shape (dimension,)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Texts to be found, with the model's prompt for them: shape (number of texts, dimension)."""


def add_runtime_argument(parser: argparse.ArgumentParser) -> None:
    """The option `--runtime` of the commands that embed articles, and MUSNAD_RUNTIME for it."""
    parser.add_argument("--runtime", type=_runtime, metavar="{" + ",".join(RUNTIMES) + "}",
                        default=os.environ.get("MUSNAD_RUNTIME") or None,
                        help="what runs the model (MUSNAD_RUNTIME; default: compiled where that is equal and faster)")


def _runtime(name: str) -> Runtime:
    # Not `choices`, which argparse holds no default to, and so not the environment's name.
    for runtime in RUNTIMES:
        if name == runtime:
            return runtime
    raise argparse.ArgumentTypeError(f"{name!r} is no runtime (--runtime or MUSNAD_RUNTIME); "
                                     f"name {' or '.join(RUNTIMES)}, or none to have it chosen")


def load_embedder(name: str = DEFAULT_MODEL, *, runtime: Runtime | None = None,
                  report: Report = lambda _line: None) -> Embedder:
    """The model of that name or folder, set up and compiled on the way when it is not there yet.

    Without a `runtime`, the compiled model runs where its self-check found it equal to the reference and faster, and
    otherwise the reference, and `report` is told why. Raises ModelError when it cannot be loaded.
    """
    if runtime == "reference":
        return SentenceTransformerEmbedder(name, _source_folder(name, report))
    from index.compiled import CompiledEmbedder

    compiled = _compiled(name, report)
    if runtime == "compiled" and not compiled.is_there:
        raise ModelError(f"the model {name!r} has no compiled form here ({compiled.verdict}); build the index again "
                         "with: python build_index.py --runtime reference PATH...")
    if runtime == "compiled" or compiled.preferred:
        return CompiledEmbedder(compiled)
    report(f"model: the reference runs; compiled {compiled.verdict}")
    return SentenceTransformerEmbedder(name, _source_folder(name, report))


def _source_folder(name: str, report: Report) -> str:
    """What sentence-transformers loads for a name: the default model's own folder, or the name or folder itself."""
    return str(ensure_default_model(models_dir(), report=report)) if name == DEFAULT_MODEL else name


def _compiled(name: str, report: Report) -> CompiledModel:
    """The finished compilation, made now when there is none; a second process waits for the first."""
    from filelock import FileLock

    from index.compiled import read_compiled
    from index.models import compiled_folder

    folder = compiled_folder(name)
    if (compiled := read_compiled(folder)) is not None:
        return compiled
    reference = SentenceTransformerEmbedder(name, _source_folder(name, report))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        if (compiled := read_compiled(folder)) is not None:
            return compiled
        # Loaded here: the compiler needs torch, the compiled model does not.
        from index.compiler import compile_model

        return compile_model(reference, folder, report=report)


class SentenceTransformerEmbedder:
    """Any sentence-transformers text model, in float32 on the CPU. It truncates texts beyond its window."""

    def __init__(self, name: str, folder: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.model = SentenceTransformer(folder, device="cpu")
        except (OSError, ValueError) as error:
            raise ModelError(f"the model {name!r} cannot be loaded: {error}; name a sentence-transformers model or "
                             f"its folder in MUSNAD_MODEL, or leave it out for {DEFAULT_MODEL}") from error
        self.folder = Path(folder)
        tokenizer = self.model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(f"the model {name!r} has no fast tokenizer, which exact offsets need; choose another")
        self._settings = _settings_of(name, self.folder, self.model)

    @property
    def settings(self) -> ModelSettings:
        """The model it runs."""
        return self._settings

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text without prompt and special tokens, whatever the window."""
        encodings = self._whole.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    @cached_property
    def _whole(self) -> Tokenizer:
        """The tokenizer without a window. The model's own has one, and may be at work in another thread."""
        whole: Tokenizer = copy.deepcopy(self.model.tokenizer.backend_tokenizer)
        whole.no_truncation()
        whole.no_padding()
        return whole

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,)."""
        vector: Vectors = self._encode([text], self._settings.query_prompt)[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (number of texts, dimension)."""
        if not texts:  # of no texts the model makes an array of no axis for vectors
            return np.zeros((0, self._settings.dimension), np.float32)
        return self._encode(list(texts), self._settings.passage_prompt)

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        vectors: Vectors = self.model.encode(texts, prompt=prompt, batch_size=BATCH_SIZE, normalize_embeddings=True,
                                              show_progress_bar=False, convert_to_numpy=True)
        return vectors


def _settings_of(name: str, folder: Path, model: SentenceTransformer) -> ModelSettings:
    prompts = model.prompts
    return ModelSettings(
        name=name, fingerprint=_fingerprint(folder, model), dimension=model.get_embedding_dimension() or 0,
        max_tokens=model.max_seq_length or model.tokenizer.model_max_length,
        query_prompt=prompts.get("query") or "",
        passage_prompt=prompts.get("document") or prompts.get("passage") or "")


def _fingerprint(folder: Path, model: SentenceTransformer) -> str:
    """A converted folder's own hashes where it has them; otherwise weights and tokenizer as they are in memory."""
    digest = hashlib.sha256()
    files = read_manifest(folder).get("files")
    if files:
        digest.update(json.dumps(files, sort_keys=True).encode())
        return digest.hexdigest()
    digest.update(model.tokenizer.backend_tokenizer.to_str().encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()
