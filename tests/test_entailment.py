"""The entailment head: what it reads, what it learns from, its arithmetic, and what rules leave to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.model import adapters
from index.model.adapters import ENTAILMENT, read_trained
from index.model.compiled_reader import CompiledReader, reader_folder
from index.model.entailment import (
    MAX_CLAIM,
    MAX_PAIR,
    STATES_LAYER,
    Entailment,
    Head,
    PairStates,
    pair_features,
    pair_input,
)
from index.model.load_reader import load_reader
from index.model.pieces import sentencepiece_processor
from index.model.reference_reader import ReferenceReader
from index.types import Article
from qa.check.entailed import best_entailed
from qa.check.judgement import Judgement
from qa.types.citation import Citation

CLAIM = "استضافت الدوحة القمة."
ARTICLE = Article("summit", "وصلت الوفود الأحد. احتضنت الدوحة القمة.")
LEAD, BESIDE = Citation(1, ARTICLE, 19, 39), Citation(2, ARTICLE, 0, 18)
BOTH = f"{BESIDE.quote} {LEAD.quote}"
TEXT = "انعقدت القمة في الدوحة يوم الاثنين، وحضرها 30 وفدا."


class Words:
    """Tokenises by spaces: a word's number is the length of the word."""

    def bos_id(self) -> int:
        return 0

    def eos_id(self) -> int:
        return 2

    def encode(self, text: str) -> list[int]:
        return [len(word) for word in text.split()]


class Encoder:
    """Gives the states that it was made with."""

    def __init__(self, *states: PairStates) -> None:
        self._states = list(states)

    def states(self, claim: str, text: str) -> PairStates:
        assert claim
        assert text is not None
        return self._states.pop(0)


def vectors(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 2)


def test_a_claim_and_a_text_stand_between_the_tokens_that_the_reader_knows() -> None:
    ids, claim, text = pair_input(Words(), "ab abc", "abcd a")
    assert ids == [0, 2, 3, 2, 2, 4, 1, 2]
    assert (ids[claim], ids[text]) == ([2, 3], [4, 1])


def test_long_claims_and_texts_are_cut_at_their_ends() -> None:
    ids, claim, text = pair_input(Words(), "a " * 400, "b " * 400)
    assert len(ids) == MAX_PAIR
    assert len(ids[claim]) == MAX_CLAIM
    assert len(ids[text]) == MAX_PAIR - MAX_CLAIM - 4


def test_features_are_the_states_and_how_far_each_word_is_from_the_one_most_like_it() -> None:
    states = PairStates(np.array([1, 2], np.float32), vectors((1, 0), (0, 1)), vectors((2, 0), (3, 4)))
    found = pair_features(states)
    # (1, 0) is most like (2, 0), cosine 1; (0, 1) most like (3, 4), cosine .8.
    assert found == pytest.approx([1, 2, 0.5, 0.5, 2.5, 2, 2, 1.5, 3, 3, 0.9, 0.8, 0.8])


def test_the_head_is_a_perceptron_over_standardised_features() -> None:
    head = Head(mean=np.array([1, 0], np.float32), scale=np.array([2, 1], np.float32),
                first=np.array([[10, -10], [0, 5]], np.int8), first_scale=np.array([0.1, 0.2], np.float32),
                first_bias=np.array([0, 1], np.float32), second=np.array([1, 3], np.float32),
                second_bias=np.array([-2], np.float32))
    # Standardised (2, 3): units 2 × 1 = 2 and 2 × -2 + 3 × 1 + 1 = 0, so 2 - 2 = 0.
    assert head.score(np.array([2, 3], np.float32)) == pytest.approx(0.5)


class Says(Entailment):
    """Gives every text the probability that it was made with."""

    def __init__(self, probability: float) -> None:
        object.__setattr__(self, "probability", probability)

    def scores(self, claim: str, texts: Sequence[str]) -> list[float]:
        assert claim
        return [self.probability] * len(texts)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("probability", "verdict"), [(0.49, "partly"), (0.5, "supported")])
def test_a_claim_is_supported_only_if_it_is_entailed_even_if_every_word_is_there(probability: float, verdict: str
                                                                                 ) -> None:
    covered = Judgement("supported", 1.0, 0.95, in_lead=1.0)
    assert best_entailed(CLAIM, [covered], Says(probability)).verdict == verdict


def test_what_rules_veto_is_not_supported_however_likely_it_is_entailed() -> None:
    vetoed = Judgement("partly", 0.9, 0.95, concerns=("figure",))
    fewer_words = Judgement("partly", 0.7, 0.9, concerns=("words",), citations=(LEAD,), lacks_words=True)
    assert best_entailed(CLAIM, [vetoed], Says(1.0)) == vetoed
    assert best_entailed(CLAIM, [vetoed, fewer_words], Says(0.89)).verdict == "partly"
    assert best_entailed(CLAIM, [fewer_words], Says(0.89)).verdict == "supported"


class SaysOf(Entailment):
    """Gives each text the probability that it was made with for that text."""

    def __init__(self, probabilities: dict[str, float]) -> None:
        object.__setattr__(self, "probabilities", probabilities)

    def scores(self, claim: str, texts: Sequence[str]) -> list[float]:
        assert claim
        return [self.probabilities[text] for text in texts]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("both", "lead", "verdict"), [
    (0.9, 0.9, "supported"), (0.89, 1.0, "partly"), (1.0, 0.89, "partly")])
def test_reworded_words_need_more_and_of_the_lead_alone_too(both: float, lead: float, verdict: str) -> None:
    reworded = Judgement("partly", 0.7, 0.9, concerns=("words",), citations=(LEAD, BESIDE), is_reworded=True)
    entailment = SaysOf({BOTH: both, LEAD.quote: lead})
    assert best_entailed(CLAIM, [reworded], entailment).verdict == verdict


@pytest.mark.parametrize(("lead", "verdict"), [(0.9, "supported"), (0.89, "partly")])
def test_less_of_a_claim_than_what_rules_veto_needs_more(lead: float, verdict: str) -> None:
    vetoed = Judgement("partly", 0.9, 0.95, concerns=("figure",))
    fewer_words = Judgement("partly", 0.7, 0.9, concerns=("words",), citations=(LEAD,), lacks_words=True)
    assert best_entailed(CLAIM, [vetoed, fewer_words], SaysOf({LEAD.quote: lead})).verdict == verdict


def test_a_figure_is_vetoed_however_surely_the_lead_entails_the_claim() -> None:
    vetoed = Judgement("partly", 0.9, 0.95, concerns=("figure",), citations=(LEAD,))
    assert best_entailed(CLAIM, [vetoed], SaysOf({LEAD.quote: 1.0})) == vetoed


def test_nothing_entails_an_empty_text() -> None:
    states = PairStates(np.zeros(2, np.float32), vectors((1, 0)), vectors())
    assert Entailment(Encoder(states)).scores("نعم", [""]) == [0.0]


def test_weights_with_a_changed_byte_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(adapters.__file__).parent / "trained"
    content = bytearray((package / ENTAILMENT).read_bytes())
    content[-1] ^= 1
    (tmp_path / ENTAILMENT).write_bytes(content)
    (tmp_path / "trained.json").write_bytes((package / "trained.json").read_bytes())
    monkeypatch.setattr(adapters, "files", lambda _package: tmp_path)
    states = PairStates(np.zeros(384, np.float32), np.ones((1, 384), np.float32), np.ones((1, 384), np.float32))
    with pytest.raises(ModelError, match="entailment.safetensors is damaged"):
        Entailment(Encoder(states)).scores(CLAIM, [TEXT])


def test_the_adapters_reach_the_layers_that_read_a_pair_and_no_further() -> None:
    layers = {int(name.split(".")[2]) for name in read_trained(ENTAILMENT) if name.endswith(".lora_a")}
    assert layers == set(range(STATES_LAYER))
    assert (Path(adapters.__file__).parent / "trained" / ENTAILMENT).stat().st_size < 4_000_000


@pytest.mark.model
def test_the_compiled_reader_gives_nearly_the_states_of_the_original() -> None:
    load_reader()
    folder = reader_folder()
    compiled, reference = CompiledReader(folder), ReferenceReader(folder / "sentencepiece.model")
    mine, theirs = compiled.states(CLAIM, TEXT), reference.states(CLAIM, TEXT)
    tokens = sentencepiece_processor(folder / "sentencepiece.model").encode(CLAIM)
    assert mine.claim.shape == theirs.claim.shape == (len(tokens), 384)
    assert mine.text.shape == theirs.text.shape
    cosine = float((mine.whole @ theirs.whole) / np.linalg.norm(mine.whole) / np.linalg.norm(theirs.whole))
    assert cosine > 0.95


@pytest.mark.model
def test_a_text_entails_its_own_words_and_not_those_of_another_event() -> None:
    entailment = Entailment(CompiledReader(reader_folder()))
    own, other = entailment.scores(CLAIM, [TEXT, "تعطلت حركة القطارات في ميلانو بسبب الثلوج يوم الأحد."])
    assert own > other + 0.3
