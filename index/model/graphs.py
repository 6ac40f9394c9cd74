"""Export a torch module as an ONNX graph with int8 linear layers and a memory-mapped table of word vectors.

Linear weights become int8 with one scale per column. Activations are quantised at run time (onnxruntime's dynamic
quantisation), after SmoothQuant has evened out their columns. The table of word vectors becomes float16 in a separate
memory-mapped file, so that only the rows in use are read. Figures are in `docs/decisions/0007-compiled-embedder.md`.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

    from index.model.types import Vectors

OPSET = 17
# Weights of at least this size go into a separate memory-mapped file, whose name is the graph's with this at its end.
MIN_MAPPED_BYTES = 8 << 20
MAPPED = ".data"
# SmoothQuant's exponent a: how much of the unevenness of a layer's input moves into its weights (0 to 1), for layers
# that narrow and for all others. Measured in decision 7.
SMOOTH_NARROWING = 0.8
SMOOTH_OTHERS = 0.65


def write_graph(module: torch.nn.Module, outputs: Sequence[str], calibration: Sequence[list[int]], target: Path
                ) -> None:
    """Write the module as a graph from `input_ids`, (1, tokens), to the named outputs, and its tables beside it.

    `calibration` holds the token ids of texts as the module will read them. Other files are put into the folder on the
    way, and removed.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder = target.parent
    exported, smoothed = folder / "exported.onnx", folder / "smoothed.onnx"
    quantised, prepared = folder / "quantised.onnx", folder / "prepared.onnx"
    _export(module, outputs, calibration[0], exported)
    _smooth(exported, smoothed, calibration)
    logging.getLogger().addFilter(_no_advice)
    try:
        quantize_dynamic(smoothed, quantised, per_channel=True, weight_type=QuantType.QInt8,
                         op_types_to_quantize=["MatMul", "Gemm"], extra_options={"MatMulConstBOnly": True})
    finally:
        logging.getLogger().removeFilter(_no_advice)
    graph = onnx.load(quantised)
    _halve_tables(graph)
    onnx.save(graph, prepared, save_as_external_data=True, location="prepared.data", size_threshold=MIN_MAPPED_BYTES)
    _optimise(prepared, target)
    for path in (exported, smoothed, quantised, prepared, folder / "prepared.data"):
        path.unlink()


def _export(module: torch.nn.Module, outputs: Sequence[str], example: list[int], path: Path) -> None:
    """Export for one text per run: batches would need padding, and padding an attention mask."""
    import torch

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's warnings are for its own developers
        # onnxruntime can fuse this exporter's graphs; those of the newer exporter (dynamo) run slower.
        torch.onnx.export(module.eval(), (torch.tensor([example]),), path, dynamo=False, opset_version=OPSET,
                          input_names=["input_ids"], output_names=list(outputs),
                          dynamic_axes={"input_ids": {1: "tokens"}})


def _smooth(source: Path, target: Path, calibration: Sequence[list[int]]) -> None:
    """Even out the inputs of the linear layers: divide each column, and multiply the weights' row by the same.

    A few columns of these inputs are far larger than the others; with one int8 scale for all columns, the others would
    have few steps. SmoothQuant (Xiao et al., 2023, arXiv:2211.10438), equation 4: s_j = max|X_j|^a / max|W_j|^(1-a),
    with max|X_j| measured on `calibration`, token ids of texts. Layers that read one input share its division.
    """
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    readers: dict[str, list[Any]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights and len(weights[node.input[1]].dims) == 2:
            readers.setdefault(node.input[0], []).append(node)
    largest = _largest_inputs(source, list(readers), calibration)
    for name, layers in readers.items():
        matrices = [numpy_helper.to_array(weights[layer.input[1]]) for layer in layers]
        power = SMOOTH_NARROWING if matrices[0].shape[0] > matrices[0].shape[1] else SMOOTH_OTHERS
        rows = np.max([np.abs(matrix).max(axis=1) for matrix in matrices], axis=0)
        scale = np.maximum(largest[name], 1e-5) ** power / np.maximum(rows, 1e-5) ** (1 - power)
        scale = (scale / np.median(scale)).astype(np.float32)
        inverse, smoothed = f"{layers[0].name}_inverse_scale", f"{layers[0].name}_smoothed_input"
        graph.initializer.append(numpy_helper.from_array(1 / scale, inverse))
        graph.node.insert(list(graph.node).index(layers[0]), helper.make_node("Mul", [name, inverse], [smoothed]))
        for layer, matrix in zip(layers, matrices, strict=True):
            weight = f"{layer.name}_smoothed_weight"
            graph.initializer.append(numpy_helper.from_array(matrix * scale[:, None], weight))
            layer.input[:] = [smoothed, weight]
    used = {name for node in graph.node for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
    onnx.save(model, target)


def _largest_inputs(source: Path, names: Sequence[str], calibration: Sequence[list[int]]) -> dict[str, Vectors]:
    """Run the graph over the texts, and return the largest absolute value of each column of the named tensors."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    watched = onnx.load(source)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    path = source.with_name("watched.onnx")
    onnx.save(watched, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    path.unlink()
    largest: dict[str, Vectors] = {}
    for ids in calibration:
        for name, values in zip(names, session.run(names, {"input_ids": [ids]}) if names else [], strict=True):
            found = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, found), found)
    return largest


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
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", target.name + MAPPED)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes",
                                     str(MIN_MAPPED_BYTES))
    # This fusion is slower: with separate addition and normalisation the model runs a tenth more tokens a second.
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"],
                                 disabled_optimizers=["SkipLayerNormFusion"])


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()
