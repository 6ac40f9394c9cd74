"""Compile a sentence-transformers model to an int8 graph, and check it against the original."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.durable import sync_file, sync_folder, write_durably
from index.model.compiled import (
    COMPILATION,
    GRAPH,
    MANIFEST,
    SENTENCEPIECE,
    TOKENIZER,
    CompiledEmbedder,
    CompiledModel,
    read_compiled,
)
from index.model.default import Report, sha256_of
from index.model.graphs import write_graph
from index.model.probe import PROBE_PASSAGES, PROBE_QUESTIONS

if TYPE_CHECKING:
    from index.model.reference import SentenceTransformerEmbedder
    from index.model.types import Embedder, Vectors

# The compiled model counts as equal to the original if each vector has at least this cosine to the original's vector,
# and passages keep their order whose cosines to a question differ in the original by more than `TIE_MARGIN` standard
# deviations of that question's cosines.
MIN_COSINE = 0.98
TIE_MARGIN = 0.3
SPEED_RUNS = 3


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Comparison of the compiled model with the original, on the probe set and this machine.

    `speed_ratio` is the compiled model's speed divided by the original's.
    """

    least_cosine: float
    same_ranking: bool
    speed_ratio: float

    @property
    def passed(self) -> bool:
        """Tell whether the compiled model may replace the original."""
        return self.least_cosine >= MIN_COSINE and self.same_ranking and self.speed_ratio > 1

    @property
    def verdict(self) -> str:
        """Describe the result in one line for a log."""
        ranking = "same ranking" if self.same_ranking else "different ranking"
        return (f"{'equal and faster' if self.passed else 'not used'}: cosine to the original at least "
                f"{self.least_cosine:.4f}, {ranking}, {self.speed_ratio:.1f} times its speed")


def compile_model(reference: SentenceTransformerEmbedder, folder: Path, *, report: Report) -> CompiledModel:
    """Export, quantise and check the model, and put the result in `folder`.

    A model that cannot be exported gives a result without a graph that is not `preferred`. Files are written and synced
    in a temporary folder, which is then renamed. Raises OSError when the disk is full or fails.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    settings = replace(reference.settings, runtime="compiled")
    report("model: compiling to int8 (a minute, once)")
    check = None
    try:
        _write_embedder(reference, partial / GRAPH)
        _write_tokenizer(reference, partial)
        check = self_check(reference, CompiledEmbedder(CompiledModel(partial, settings, preferred=True, verdict="")))
    except OSError:
        raise  # a full disk says nothing about the model
    except Exception as error:  # noqa: BLE001  # whatever the exporter cannot handle, the original still runs
        reason = str(error).partition("\n")[0][:200]
        verdict = f"not used: this model cannot be compiled ({type(error).__name__}: {reason})"
        shutil.rmtree(partial)
        partial.mkdir()
        _write_manifest(partial, CompiledModel(partial, settings, preferred=False, verdict=verdict), check)
    else:
        _write_manifest(partial, CompiledModel(partial, settings, check.passed, check.verdict), check)
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)
    sync_folder(folder.parent)
    compiled = read_compiled(folder)
    if compiled is None:
        raise RuntimeError(f"{folder} cannot be read back right after it was written")
    report(f"model: compiled, {compiled.verdict}")
    return compiled


def self_check(reference: Embedder, compiled: Embedder) -> SelfCheck:
    """Compare two embedders on the probe set: their vectors, their rankings, and the time to embed all passages."""
    passages, compiled_passages = reference.embed_passages(PROBE_PASSAGES), compiled.embed_passages(PROBE_PASSAGES)
    questions = np.array([reference.embed_query(question) for question in PROBE_QUESTIONS])
    compiled_questions = np.array([compiled.embed_query(question) for question in PROBE_QUESTIONS])
    cosines = np.concatenate([(passages * compiled_passages).sum(axis=1), (questions * compiled_questions).sum(axis=1)])
    return SelfCheck(float(cosines.min()),
                     _same_ranking(questions @ passages.T, compiled_questions @ compiled_passages.T),
                     _seconds(reference.embed_passages) / _seconds(compiled.embed_passages))


def _same_ranking(reference: Vectors, compiled: Vectors) -> bool:
    """Tell whether both models, by their cosines of shape (questions, passages), rank passages alike for each question.

    Passages whose cosines in the original differ by at most `TIE_MARGIN` standard deviations of the question's cosines
    may come in either order: models differ in how widely they spread them.
    """
    margin = TIE_MARGIN * reference.std(axis=1)
    apart = reference[:, :, None] - reference[:, None, :] > margin[:, None, None]
    return bool((compiled[:, :, None] > compiled[:, None, :])[apart].all())


def _seconds(embed: Callable[[Sequence[str]], Vectors]) -> float:
    def once() -> float:
        started = time.perf_counter()
        embed(PROBE_PASSAGES)
        return time.perf_counter() - started

    return min(once() for _ in range(SPEED_RUNS))


def _write_embedder(reference: SentenceTransformerEmbedder, path: Path) -> None:
    import torch

    transformer, *after = reference.model

    class OneText(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer: Any = transformer.model
            self.after = torch.nn.ModuleList(after)

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            states = self.transformer(input_ids=input_ids).last_hidden_state
            features: dict[str, Any] = {"token_embeddings": states, "attention_mask": torch.ones_like(input_ids)}
            for module in self.after:
                features = module(features)
            embedding: torch.Tensor = features["sentence_embedding"]
            return embedding

    # With their prompts: those words' states are among the largest.
    settings, tokenizer = reference.settings, reference.model.tokenizer
    texts = [*(settings.passage_prompt + text for text in PROBE_PASSAGES),
             *(settings.query_prompt + text for text in PROBE_QUESTIONS)]
    write_graph(OneText(), ["embedding"], [tokenizer(text, truncation=True)["input_ids"] for text in texts], path)


def _write_tokenizer(reference: SentenceTransformerEmbedder, folder: Path) -> None:
    source = reference.folder / SENTENCEPIECE
    if source.is_file():
        write_durably(folder / SENTENCEPIECE, source.read_bytes())
    else:
        write_durably(folder / TOKENIZER, reference.model.tokenizer.backend_tokenizer.to_str().encode())


def _write_manifest(folder: Path, compiled: CompiledModel, check: SelfCheck | None) -> None:
    import onnxruntime

    paths = sorted(path for path in folder.iterdir() if path.name != MANIFEST)
    for path in paths:
        sync_file(path)  # onnxruntime does not sync what it writes
    files = {path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in paths}
    manifest = {"compilation": COMPILATION, "onnxruntime": onnxruntime.__version__,
                "settings": compiled.settings.as_json(), "preferred": compiled.preferred, "verdict": compiled.verdict,
                "self_check": None if check is None else {
                    "least_cosine": check.least_cosine, "same_ranking": check.same_ranking,
                    "speed_ratio": check.speed_ratio},
                "files": files}
    write_durably(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
