"""Run an embedding model with sentence-transformers: the reference that a compiled model is compared with."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelError
from index.model.default import DEFAULT_MODEL, read_manifest
from index.model.hub import loaded
from index.model.types import ModelSettings, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

BATCH_SIZE = 16


class SentenceTransformerEmbedder:
    """Embed with any sentence-transformers text model, in float32 on the CPU.

    Texts are truncated to the model's window of `max_tokens`. Raises ModelError when the model cannot be loaded or has
    no fast tokenizer.
    """

    def __init__(self, name: str, folder: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.model: SentenceTransformer = loaded(
                folder, lambda local: SentenceTransformer(folder, device="cpu", local_files_only=local))
        except (OSError, ValueError) as error:
            why = " ".join(str(error).split())
            raise ModelError(f"the model {name!r} cannot be loaded: {why}; name a sentence-transformers model or "
                             f"its folder in MUSNAD_MODEL, or leave it out for {DEFAULT_MODEL}") from error
        self.folder = Path(folder)
        tokenizer = self.model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(f"the model {name!r} has no fast tokenizer, which exact offsets need; choose another")
        self._settings = _settings_of(name, self.folder, self.model)

    @property
    def settings(self) -> ModelSettings:
        """Return the settings of the model that it runs."""
        return self._settings

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens, not truncated to the window."""
        encodings = self._whole.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    @cached_property
    def _whole(self) -> Tokenizer:
        """Copy the model's tokenizer and turn off truncation; the original may be in use in another thread."""
        whole: Tokenizer = copy.deepcopy(self.model.tokenizer.backend_tokenizer)
        whole.no_truncation()
        whole.no_padding()
        return whole

    def embed_query(self, text: str) -> Vectors:
        """Embed a question: shape (dimension,)."""
        vector: Vectors = self._encode([text], self._settings.query_prompt)[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be searched: shape (number of texts, dimension)."""
        if not texts:  # for an empty list the model returns an array of shape (0,)
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
    """Return a SHA-256 that identifies weights and tokenizer.

    It is computed over the file hashes in a converted folder's manifest, if there is one, else over the tokenizer and
    the weights in memory.
    """
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
