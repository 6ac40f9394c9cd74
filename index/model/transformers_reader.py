"""Run a reader of the Hugging Face hub or a folder: an extractive question-answering model or a cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from index.errors import ModelError
from index.model.hub import loaded
from index.model.reading import Reading, TitledPassage

MAX_TOKENS = 384


class TransformersReader:
    """Read with any model that transformers loads for question answering, or for classifying a pair of texts.

    Of a question-answering model, the relevance is the lead of the best span over "no answer". Of a cross-encoder, it
    is the logit of its last class, or of its only one; it finds no spans. Passages are read one after another, in
    float32 on the CPU. Raises ModelError when the model cannot be loaded or has no fast tokenizer.
    """

    def __init__(self, name: str) -> None:
        import transformers

        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            config: Any = loaded(name, lambda local: transformers.AutoConfig.from_pretrained(
                name, local_files_only=local))
            self._finds_spans = any("QuestionAnswering" in kind for kind in config.architectures or [])
            kind = (transformers.AutoModelForQuestionAnswering if self._finds_spans
                    else transformers.AutoModelForSequenceClassification)
            self._model: Any = kind.from_pretrained(name).eval()
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(name, use_fast=True)
        except (OSError, ValueError) as error:
            why = " ".join(str(error).split())
            raise ModelError(f"the reader {name!r} cannot be loaded: {why}; name an extractive question-answering "
                             "model or a cross-encoder, or its folder, in MUSNAD_READER; \"none\" reads without one") \
                from error
        if not self._tokenizer.is_fast:
            raise ModelError(f"the reader {name!r} has no fast tokenizer, which exact offsets need; choose another")
        self._name = name

    @property
    def name(self) -> str:
        """Return the name or folder of the model."""
        return self._name

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        """Read each passage for the question; a title is put on a line in front of its passage."""
        return [self._read(question, passage) for passage in passages]

    def _read(self, question: str, passage: TitledPassage) -> Reading:
        import torch

        title = f"{passage.title}\n" if passage.title else ""
        encoded = self._tokenizer(question, title + passage.text, truncation="only_second", return_tensors="pt",
                                  max_length=min(MAX_TOKENS, self._tokenizer.model_max_length),
                                  return_offsets_mapping=True)
        places = encoded.pop("offset_mapping")[0].numpy().astype(np.int64) - len(title)
        with torch.inference_mode():
            outputs = self._model(**encoded)
        if not self._finds_spans:
            nothing = np.zeros(0, np.float32)
            return Reading(float(outputs.logits[0, -1]), 0.0, nothing, nothing, np.zeros((0, 2), np.int64))
        starts, ends = outputs.start_logits[0].numpy(), outputs.end_logits[0].numpy()
        inside = [number for number, sequence in enumerate(encoded.sequence_ids(0))
                  if sequence == 1 and 0 <= places[number, 0] < places[number, 1]]
        reading = Reading(0.0, float(starts[0] + ends[0]), starts[inside], ends[inside], places[inside])
        best = reading.best_span(0, len(passage.text))
        return Reading(best.score - reading.nothing if best else -np.inf, reading.nothing, reading.starts,
                       reading.ends, reading.places)
