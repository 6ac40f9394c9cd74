"""Compile the trained reader to an int8 graph, check it against the original, and share the embedder's word vectors."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.durable import sync_file, sync_folder, write_durably
from index.model.adapters import ENTAILMENT, READER, trained_sha256
from index.model.compiled import GRAPH as EMBEDDER_GRAPH
from index.model.compiled import SENTENCEPIECE
from index.model.compiled_reader import GRAPH, MANIFEST, OUTPUTS, PAIRS_GRAPH, STATES, CompiledReader
from index.model.default import Report, sha256_of
from index.model.entailment import Entailment, PairEncoder
from index.model.graphs import MAPPED, write_graph
from index.model.probe import PROBE_PASSAGES, PROBE_QUESTIONS
from index.model.reading import Reader, Reading, TitledPassage
from index.model.reference_reader import ReferenceReader

# The compiled reader counts as equal to the original if, on the probe set, at least this share of the best spans are
# the same, and passages whose relevance differs by more than `TIE_MARGIN` in the original keep their order. Spans are
# the same if half of their characters are (where one begins is often a near tie), or if the original itself finds
# the one hardly likelier than the other: by no more than `TIE_MARGIN` for its start and as much for its end.
MIN_SAME_SPANS = 0.9
TIE_MARGIN = 0.7
# Its probabilities of pairs being entailed may differ by this from the original's, on average.
MAX_APART = 0.05
# Of the pairs of a probe question and passage, one in this many calibrates the quantisation.
CALIBRATED_EVERY = 7
WORDS = "words.data"
# Pairs of a claim and a text: what a passage says of itself, and of each question.
PROBE_PAIRS = (*zip(PROBE_PASSAGES, PROBE_PASSAGES, strict=True), *product(PROBE_QUESTIONS, PROBE_PASSAGES))


class PairReader(Reader, PairEncoder, Protocol):
    """A reader that reads claims too."""


@dataclass(frozen=True, slots=True)
class ReaderCheck:
    """Comparison of the compiled reader with the original on the probe set."""

    same_spans: float
    same_order: bool
    apart: float

    @property
    def passed(self) -> bool:
        """Tell whether the compiled reader may replace the original."""
        return self.same_spans >= MIN_SAME_SPANS and self.same_order and self.apart <= MAX_APART

    @property
    def verdict(self) -> str:
        """Describe the result in one line for a log."""
        return (f"{'equal' if self.passed else 'not equal'} to the original: {self.same_spans:.0%} of the spans, "
                f"{'same order' if self.same_order else 'different order'}, entailment {self.apart:.3f} apart")


def compile_reader(folder: Path, embedder: Path, *, report: Report) -> None:
    """Write the compiled reader to `folder`.

    `embedder` is the folder of the compiled default model: its SentencePiece model is used, and its table of word
    vectors is linked, not copied, so that both programs map the same pages. Files are written and synced in a temporary
    folder, which is then renamed. Raises OSError when the disk is full or fails, and ModelError when the trained
    weights are damaged.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    report("reader: compiling to int8 (a minute, once)")
    shutil.copyfile(embedder / SENTENCEPIECE, partial / SENTENCEPIECE)
    reference = ReferenceReader(partial / SENTENCEPIECE)
    write_graph(reference.module, OUTPUTS, [
        reference.token_ids(question, TitledPassage("", text))
        for question, text in islice(product(PROBE_QUESTIONS, PROBE_PASSAGES), 0, None, CALIBRATED_EVERY)],
        partial / GRAPH)
    write_graph(reference.pairs_module, (STATES,), [
        reference.pair_ids(claim, text) for claim, text in islice(PROBE_PAIRS, 0, None, CALIBRATED_EVERY)],
        partial / PAIRS_GRAPH)
    for graph in (GRAPH, PAIRS_GRAPH):
        _share_table(partial / graph, embedder / EMBEDDER_GRAPH)
    check = check_reader(reference, CompiledReader(partial))
    _write_manifest(partial, check)
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)
    sync_folder(folder.parent)
    report(f"reader: compiled, {check.verdict}")


def check_reader(reference: PairReader, compiled: PairReader) -> ReaderCheck:
    """Compare both on every probe question with every probe passage, and on the probe pairs."""
    passages = [TitledPassage("", text) for text in PROBE_PASSAGES]
    same = []
    same_order = True
    for question in PROBE_QUESTIONS:
        expected, found = reference.read(question, passages), compiled.read(question, passages)
        relevance, own = (np.array([reading.relevance for reading in readings]) for readings in (expected, found))
        apart = relevance[:, None] - relevance[None, :] > TIE_MARGIN
        same_order &= bool((own[:, None] > own[None, :])[apart].all())
        best = int(relevance.argmax())
        same.append(same_span(expected[best], found[best], len(passages[best].text)))
    apart = [abs(one - other) for one, other in zip(_entailed(reference), _entailed(compiled), strict=True)]
    return ReaderCheck(float(np.mean(same)), same_order, float(np.mean(apart)))


def _entailed(encoder: PairEncoder) -> list[float]:
    entailment = Entailment(encoder)
    return [score for claim, text in PROBE_PAIRS for score in entailment.scores(claim, [text])]


def same_span(original: Reading, compiled: Reading, length: int) -> bool:
    """Tell whether both find the same span in a passage of this length, or one that the original hardly tells apart."""
    expected, found = (reading.best_span(0, length) for reading in (original, compiled))
    if expected is None or found is None:
        return expected is found
    shared = min(expected.end, found.end) - max(expected.start, found.start)
    if 2 * shared >= max(expected.end, found.end) - min(expected.start, found.start):
        return True
    own = original.best_span(found.start, found.end)
    return own is not None and expected.score - own.score <= 2 * TIE_MARGIN  # the logits of a start and an end


def _share_table(graph: Path, other: Path) -> None:
    """Let the graph use the other graph's table of word vectors, by a hard link, if the tables are equal.

    On a file system without hard links, or with another table, the graph keeps its own.
    """
    import onnx

    own, mapped = onnx.load(graph, load_external_data=False), graph.with_name(graph.name + MAPPED)
    entries = {tensor.name: {entry.key: entry for entry in tensor.external_data}
               for tensor in own.graph.initializer if tensor.external_data}
    theirs = {tensor.name: {entry.key: entry.value for entry in tensor.external_data}
              for tensor in onnx.load(other, load_external_data=False).graph.initializer if tensor.external_data}
    if len(entries) != 1 or len(theirs) != 1:
        return
    (entry,), (their,) = entries.values(), theirs.values()
    kept = {key: value.value for key, value in entry.items()}
    if not np.array_equal(_mapped(other.parent / their["location"], their), _mapped(mapped, kept)):
        return
    linked = graph.with_name(WORDS)
    try:
        if not linked.exists():
            os.link(other.parent / their["location"], linked)
    except OSError:
        return
    entry["location"].value = linked.name
    if "offset" in entry:
        entry["offset"].value = their.get("offset", "0")
    onnx.save(own, graph)
    mapped.unlink()


def _mapped(path: Path, entry: Mapping[str, str]) -> NDArray[np.uint8]:
    return np.memmap(path, np.uint8, "r", int(entry.get("offset", 0)), int(entry["length"]))


def _write_manifest(folder: Path, check: ReaderCheck) -> None:
    paths = sorted(path for path in folder.iterdir() if path.name != MANIFEST)
    for path in paths:
        sync_file(path)
    manifest = {"weights_sha256": [trained_sha256(name) for name in (READER, ENTAILMENT)], "preferred": check.passed,
                "verdict": check.verdict,
                "files": {path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in paths}}
    write_durably(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
