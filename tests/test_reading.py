"""Readers: what they find in a passage, the trained weights, and models of transformers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.model import adapters
from index.model.adapters import READER, read_trained, with_adapters
from index.model.compiled import SENTENCEPIECE
from index.model.compiled_reader import CompiledReader, read_manifest, reader_folder
from index.model.default import DEFAULT_MODEL, models_dir
from index.model.load_reader import NO_READER, load_reader
from index.model.reader_compiler import same_span
from index.model.reading import MAX_ANSWER, MAX_TOKENS, Reader, Reading, TitledPassage, reader_input
from index.model.reference_reader import ReferenceReader
from index.model.types import Embedder
from qa.answer.ranking import PASSAGES_READ
from qa.answerer import Answerer
from qa.opening import open_answerer
from qa.types.question import Question

SHORT = "وُقّع الاتفاق في الدوحة. وحضر الحفل 30 وفدًا من آسيا."
CUP = ("استضافت روسيا كأس العالم لكرة القدم عام 2018. وفازت فرنسا بالبطولة بعد أن غلبت كرواتيا 4-2 في المباراة "
       "النهائية التي أقيمت في موسكو يوم 15 يوليو.")


def reading(starts: list[float], ends: list[float], places: list[tuple[int, int]]) -> Reading:
    return Reading(0.0, 0.0, np.array(starts, np.float32), np.array(ends, np.float32), np.array(places, np.int64))


def test_the_best_span_begins_before_it_ends() -> None:
    found = reading([0, 0, 9], [9, 0, 0], [(0, 2), (3, 5), (6, 8)]).best_span(0, 8)
    assert found is not None
    assert found.start <= found.end
    assert found.score == 9


def test_the_best_span_of_a_sentence_stays_inside_it() -> None:
    spans = reading([9, 0, 1, 0], [9, 0, 0, 1], [(0, 2), (3, 5), (6, 8), (9, 11)])
    assert spans.best_span(0, 11) == (0, 2, 18)
    assert spans.best_span(6, 11) == (6, 11, 2)
    # A token that reaches over the sentence's edge is cut at it.
    assert spans.best_span(7, 8) == (7, 8, 1)


def test_a_sentence_that_was_cut_off_has_no_span() -> None:
    assert reading([1], [1], [(0, 4)]).best_span(10, 20) is None
    assert Reading(0.0, 0.0, np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros((0, 2), np.int64)
                   ).best_span(0, 4) is None


def test_a_span_is_not_longer_than_the_longest_answer() -> None:
    count = MAX_ANSWER + 10
    starts, ends = [0.0] * count, [0.0] * count
    starts[0] = ends[-1] = 5.0
    found = reading(starts, ends, [(each, each + 1) for each in range(count)]).best_span(0, count)
    assert found is not None
    assert found.end - found.start <= MAX_ANSWER


def test_an_adapter_adds_the_product_of_its_two_matrices() -> None:
    weights = {"layer.weight": np.ones((2, 3), np.float32), "other.weight": np.zeros((2, 2), np.float32)}
    trained = {"layer.lora_a": np.array([[127, 0, -127]], np.int8),
               "layer.lora_a_scale": np.array([[1 / 127]], np.float32),
               "layer.lora_b": np.array([[100], [50]], np.int8),
               "layer.lora_b_scale": np.array([[0.01], [0.1]], np.float32)}
    adapted = with_adapters(weights, trained)
    assert adapted["layer.weight"] == pytest.approx(np.array([[2, 1, 0], [6, 1, -4]], np.float32))
    assert np.array_equal(adapted["other.weight"], weights["other.weight"])
    assert np.array_equal(weights["layer.weight"], np.ones((2, 3)))


def test_trained_weights_with_a_changed_byte_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(adapters.__file__).parent / "trained"
    for path in package.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path / path.name)
    content = bytearray((tmp_path / READER).read_bytes())
    content[-1] ^= 1
    (tmp_path / READER).write_bytes(content)
    monkeypatch.setattr(adapters, "files", lambda _package: tmp_path)
    with pytest.raises(ModelError, match="damaged"):
        read_trained(READER)
    (tmp_path / READER).unlink()
    with pytest.raises(ModelError, match="missing"):
        read_trained(READER)


@pytest.fixture(scope="module")
def reader(embedder: object) -> Reader:
    loaded = load_reader()
    assert loaded is not None
    return loaded


@pytest.mark.model
def test_the_compiled_reader_passed_its_check_and_shares_the_words_table(reader: Reader) -> None:
    assert isinstance(reader, CompiledReader)
    manifest = read_manifest(reader_folder())
    assert manifest is not None
    assert manifest["preferred"]
    words = reader_folder() / "words.data"
    assert words.stat().st_nlink > 1


@pytest.mark.model
@pytest.mark.parametrize(("found", "same"), [
    ([9, 0, 0, 0], True),   # the same
    ([0, 0, 9, 0], True),   # one that the original finds nearly as likely
    ([0, 0, 0, 9], False)])
def test_a_near_tie_of_spans_is_no_difference(found: list[float], same: bool) -> None:
    places = [(0, 2), (3, 5), (6, 8), (9, 11)]
    original = reading([5, 0, 4, 0], [5, 0, 4.7, 0], places)
    assert same_span(original, reading(found, found, places), 11) is same


def test_compiled_and_reference_find_the_same_spans(reader: Reader) -> None:
    reference = ReferenceReader(reader_folder() / SENTENCEPIECE)
    passages = [TitledPassage("كأس العالم", CUP), TitledPassage("", SHORT)]
    for question in ("من فاز بكأس العالم 2018؟", "Where was the final played?", "كم وفدا حضر الحفل؟"):
        for passage, expected, found in zip(passages, reference.read(question, passages),
                                            reader.read(question, passages), strict=True):
            assert np.array_equal(found.places, expected.places)
            assert found.relevance == pytest.approx(expected.relevance, abs=1.5)
            assert found.best_span(0, len(passage.text)) is not None


@pytest.mark.model
@pytest.mark.parametrize(("question", "answer"), [
    ("من فاز بكأس العالم 2018؟", "فرنسا"), ("أين أقيمت المباراة النهائية؟", "موسكو"),
    ("Who won the World Cup in 2018?", "فرنسا"), ("كم كانت نتيجة المباراة النهائية؟", "4-2")])
def test_the_reader_finds_the_words_that_answer(reader: Reader, question: str, answer: str) -> None:
    (found,) = reader.read(question, [TitledPassage("", CUP)])
    span = found.best_span(0, len(CUP))
    assert span is not None
    assert answer in CUP[span.start:span.end]
    assert span.end - span.start <= len(answer) + 12


@pytest.mark.model
def test_a_passage_that_answers_is_more_relevant_than_one_that_does_not(reader: Reader) -> None:
    answering, other = reader.read("من فاز بكأس العالم 2018؟", [TitledPassage("", CUP), TitledPassage("", SHORT)])
    assert answering.relevance > other.relevance


@pytest.mark.model
def test_places_are_code_points_of_any_text(embedder: object) -> None:
    from sentencepiece import SentencePieceProcessor

    processor = SentencePieceProcessor(model_file=str(models_dir() / DEFAULT_MODEL / SENTENCEPIECE))
    text = "قال الرئيسُ: «نعم» ﷺ\n😀 ½ kmﬁ  ثم\u200f مضى"
    found = reader_input(processor, "ماذا قال؟", TitledPassage("عنوان", text))
    assert len(found.ids) == found.first + len(found.places) + 1
    assert (found.places[:, 0] <= found.places[:, 1]).all()
    assert found.places.max() == len(text)
    assert not any(text[start].isspace() for start, end in found.places if start < end)
    words = {text[start:end] for start, end in found.places}
    assert {"قال", "نعم", "ثم"} <= words


@pytest.mark.model
def test_what_is_too_long_is_cut(reader: Reader) -> None:
    question, text = "كم " * 500, "كلمة " * 3000
    (found,) = reader.read(question, [TitledPassage("عنوان " * 300, text)])
    assert 0 < len(found.places) < MAX_TOKENS
    assert found.best_span(len(text) - 10, len(text)) is None
    (empty,) = reader.read("?", [TitledPassage("", "")])
    assert len(empty.places) == 0


@pytest.mark.model
def test_none_is_no_reader_and_an_unknown_name_is_a_clear_error(tmp_path: Path) -> None:
    assert load_reader(NO_READER) is None
    with pytest.raises(ModelError, match="MUSNAD_READER"):
        load_reader(str(tmp_path / "missing"))


def tiny(folder: Path, kind: str) -> Path:
    """A model of one layer and random weights, with the default model's tokenizer."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertForSequenceClassification

    torch.manual_seed(1)
    config = BertConfig(vocab_size=250_037, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=64, max_position_embeddings=128, type_vocab_size=2, pad_token_id=1,
                        num_labels=2)
    (BertForQuestionAnswering if kind == "spans" else BertForSequenceClassification)(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(models_dir() / DEFAULT_MODEL / name, folder / name)
    return folder


@pytest.mark.model
@pytest.mark.parametrize("kind", ["spans", "pairs"])
def test_a_model_of_transformers_reads_too(tmp_path: Path, embedder: object, kind: str) -> None:
    other = load_reader(str(tiny(tmp_path / kind, kind)))
    assert other is not None
    assert other.name.endswith(kind)
    found = other.read("من فاز؟", [TitledPassage("كأس العالم", CUP), TitledPassage("", SHORT)])
    assert [bool(np.isfinite(each.relevance)) for each in found] == [True, True]
    spans = [each.best_span(0, len(text)) for each, text in zip(found, (CUP, SHORT), strict=True)]
    if kind == "pairs":
        assert spans == [None, None]
    else:
        assert [span is not None and 0 <= span.start < span.end for span in spans] == [True, True]
        assert found[0].places.min() >= 0


def test_the_shipped_weights_are_whole_and_small() -> None:
    trained = read_trained(READER)
    assert trained["relevance.weight"].shape == (1, 384)
    assert sum(tensor.nbytes for tensor in trained.values()) < 10.2e6


# ---- answers that were read ----

SIGNED = Question.parse("متى وُقّعت اتفاقيتا كامب ديفيد؟")


@pytest.fixture
def answerer(sample_index: Path, embedder: Embedder, reader: Reader) -> Answerer:
    return open_answerer(sample_index, embedder, reader)


def test_the_words_that_answer_stand_in_the_first_citation(answerer: Answerer) -> None:
    answer = answerer.ask(SIGNED)
    assert answer.short_answer is not None
    assert answer.short_answer.text == "17 سبتمبر 1978"
    assert answer.passages_read == PASSAGES_READ
    assert answer.citations[0].answer == (answer.short_answer.start, answer.short_answer.end)


@pytest.mark.parametrize("text", ["من وقّع اتفاق الدوحة؟", "أين انعقد مؤتمر مدريد للسلام؟", "كم دام حصار برلين؟",
                                  "Who won the Nobel Peace Prize?", "ما بنود اتفاق دايتون؟", "لماذا انهارت القمة؟"])
def test_every_span_is_inside_its_sentence(answerer: Answerer, text: str) -> None:
    answer = answerer.ask(Question.parse(text))
    for citation in answer.citations:
        if citation.answer is not None:
            start, end = citation.answer
            assert citation.start <= start < end <= citation.end
    if answer.short_answer is not None:
        short = answer.short_answer
        assert short.article.text[short.start:short.end] == short.text == short.text.strip()


def test_as_many_passages_are_read_as_may_be_and_only_a_whole_reading_is_remembered(answerer: Answerer) -> None:
    read = [answerer.ask(SIGNED, read_at_most=most).passages_read for most in (0, 2, 1, 100)]
    assert read == [0, 2, 1, PASSAGES_READ]
    remembered = answerer.ask(SIGNED, read_at_most=0)
    assert remembered.passages_read == PASSAGES_READ
    assert "cached" in remembered.timings_ms
