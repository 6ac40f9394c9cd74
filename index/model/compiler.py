"""Compile a sentence-transformers model to ONNX with int8 linear layers, and check it against the original.

Linear weights become int8 with one scale per column. Activations are quantised at run time (onnxruntime's dynamic
quantisation), after SmoothQuant has evened out their columns. The table of word vectors becomes float16 in a separate
memory-mapped file, so that only the rows in use are read. Figures are in `docs/decisions/0007-compiled-embedder.md`.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
import warnings
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
from index.model.probe import PROBE_PASSAGES, PROBE_QUESTIONS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.model.reference import SentenceTransformerEmbedder
    from index.model.types import Embedder, Vectors

WEIGHTS = "model.onnx.data"
OPSET = 17
# Weights of at least this size go into a separate memory-mapped file. No linear layer is this large.
MIN_MAPPED_BYTES = 8 << 20
# The compiled model counts as equal to the original if each vector has at least this cosine to the original's vector,
# and passages whose cosines to a question differ by more than `TIE_MARGIN` in the original keep their order.
MIN_COSINE = 0.98
TIE_MARGIN = 0.01
SPEED_RUNS = 3
# SmoothQuant's exponent a: how much of the unevenness of a feed-forward layer's input moves into its weights (0 to 1),
# for layers that widen and for layers that narrow. Measured in decision 7.
SMOOTH_WIDENING = 0.65
SMOOTH_NARROWING = 0.8


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
        _write_graph(reference.model, partial)
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

    Passages whose cosines in the original differ by at most `TIE_MARGIN` may come in either order.
    """
    apart = reference[:, :, None] - reference[:, None, :] > TIE_MARGIN
    return bool((compiled[:, :, None] > compiled[:, None, :])[apart].all())


def _seconds(embed: Callable[[Sequence[str]], Vectors]) -> float:
    def once() -> float:
        started = time.perf_counter()
        embed(PROBE_PASSAGES)
        return time.perf_counter() - started

    return min(once() for _ in range(SPEED_RUNS))


def _write_graph(model: SentenceTransformer, folder: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exported, smoothed = folder / "exported.onnx", folder / "smoothed.onnx"
    quantised, prepared = folder / "quantised.onnx", folder / "prepared.onnx"
    _export(model, exported)
    _smooth(exported, smoothed, [model.tokenizer(text, truncation=True)["input_ids"] for text in PROBE_PASSAGES])
    logging.getLogger().addFilter(_no_advice)
    try:
        quantize_dynamic(smoothed, quantised, per_channel=True, weight_type=QuantType.QInt8,
                         op_types_to_quantize=["MatMul", "Gemm"], extra_options={"MatMulConstBOnly": True})
    finally:
        logging.getLogger().removeFilter(_no_advice)
    graph = onnx.load(quantised)
    _halve_tables(graph)
    onnx.save(graph, prepared, save_as_external_data=True, location="prepared.data", size_threshold=MIN_MAPPED_BYTES)
    _optimise(prepared, folder / GRAPH)
    for path in (exported, smoothed, quantised, prepared, folder / "prepared.data"):
        path.unlink()


def _export(model: SentenceTransformer, path: Path) -> None:
    """Export the model to ONNX for one text per run: batches would need padding, and padding an attention mask."""
    import torch

    transformer, *after = model

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

    example = torch.tensor([model.tokenizer(PROBE_QUESTIONS[0])["input_ids"]])
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's warnings are for its own developers
        # onnxruntime can fuse this exporter's graphs; those of the newer exporter (dynamo) run slower.
        torch.onnx.export(OneText().eval(), (example,), path, dynamo=False, opset_version=OPSET,
                          input_names=["input_ids"], output_names=["embedding"],
                          dynamic_axes={"input_ids": {1: "tokens"}})


def _smooth(source: Path, target: Path, calibration: Sequence[list[int]]) -> None:
    """Even out the inputs of the feed-forward layers: divide each column, and multiply the weights' row by the same.

    A few columns of these inputs are far larger than the others; with one int8 scale for all columns, the others would
    have few steps. SmoothQuant (Xiao et al., 2023, arXiv:2211.10438), equation 4: s_j = max|X_j|^a / max|W_j|^(1-a),
    with max|X_j| measured on `calibration`, token ids of texts.
    """
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    layers = [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in weights
              and len(weights[node.input[1]].dims) == 2 and len(set(weights[node.input[1]].dims)) == 2]
    watched = onnx.load(source)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
                                for name in dict.fromkeys(layer.input[0] for layer in layers))
    path = source.with_name("watched.onnx")
    onnx.save(watched, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    path.unlink()
    largest: dict[str, Vectors] = {}
    for ids in calibration:
        inputs = [layer.input[0] for layer in layers]
        for name, values in zip(inputs, session.run(inputs, {"input_ids": [ids]}) if inputs else [], strict=True):
            found = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, found), found)
    for layer in layers:
        weight = numpy_helper.to_array(weights[layer.input[1]])
        power = SMOOTH_NARROWING if weight.shape[0] > weight.shape[1] else SMOOTH_WIDENING
        scale = (np.maximum(largest[layer.input[0]], 1e-5) ** power
                 / np.maximum(np.abs(weight).max(axis=1), 1e-5) ** (1 - power))
        scale = (scale / np.median(scale)).astype(np.float32)
        names = f"{layer.name}_inverse_scale", f"{layer.name}_smoothed_weight", f"{layer.name}_smoothed_input"
        graph.initializer.extend([numpy_helper.from_array(1 / scale, names[0]),
                                  numpy_helper.from_array(weight * scale[:, None], names[1])])
        graph.node.insert(list(graph.node).index(layer),
                          helper.make_node("Mul", [layer.input[0], names[0]], [names[2]]))
        layer.input[:] = [names[2], names[1]]
    used = {name for node in graph.node for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
    onnx.save(model, target)


def _halve_tables(model: Any) -> None:
    """Store large lookup tables (such as word vectors) as float16, and convert looked-up rows back to float32."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    initialisers = {tensor.name: tensor for tensor in graph.initializer}
    for node in list(graph.node):
        table = initialisers.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.data_type != TensorProto.FLOAT or np.prod(table.dims) * 4 < MIN_MAPPED_BYTES:
            continue
        halved = numpy_helper.from_array(numpy_helper.to_array(table).astype(np.float16), table.name)
        graph.initializer.remove(table)
        graph.initializer.append(halved)
        looked_up, halves = node.output[0], f"{node.output[0]}_float16"
        node.output[0] = halves
        place = list(graph.node).index(node) + 1
        graph.node.insert(place, helper.make_node("Cast", [halves], [looked_up], to=TensorProto.FLOAT))


def _optimise(source: Path, target: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes",
                                     str(MIN_MAPPED_BYTES))
    # This fusion is slower: with separate addition and normalisation the model runs a tenth more tokens a second.
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"],
                                 disabled_optimizers=["SkipLayerNormFusion"])


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()


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
