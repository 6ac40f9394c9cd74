"""Titles as questions: other spellings are the same words, and what is measured is what was found."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.respelling import (
    RESPELLINGS,
    arabic_indic,
    diacritised,
    dotless_endings,
    drawn_out,
    hamza_less,
    loose_endings,
    name_variants,
    renamed,
)
from benchmarks.titles import measure
from index.intake.build import build
from index.language.arabic import normalise
from index.types import Article
from qa.opening import open_answerer
from tests.fakes import WordEmbedder

TITLE = "أول قمة في هلسنكي: إعلان آخر إلى مستشفى المدينة عام 2018"
ARTICLES = (Article("war", "انتهت الحرب. وعاد الجنود.", "الحرب في غوغل"),
            Article("rain", "هطل المطر ليلًا.", "المطر في جنيف"), Article("untitled", "أشرقت الشمس."))


@pytest.mark.parametrize("name", RESPELLINGS)
@given(text=st.text(st.sampled_from("أإآءؤئابتةثجحدرسشعغفقكلمنهوىي 0123456789.:«»aB"), max_size=60),
       seed=st.integers(0, 9))
def test_a_respelled_text_is_the_same_text_to_a_matcher(name: str, text: str, seed: int) -> None:
    assert normalise(RESPELLINGS[name](text, random.Random(seed))) == normalise(text)


@pytest.mark.parametrize("name", RESPELLINGS)
def test_every_spelling_changes_a_title_and_a_seed_decides_how(name: str) -> None:
    respelled = RESPELLINGS[name](TITLE, random.Random(1))
    assert respelled != TITLE
    assert respelled == RESPELLINGS[name](TITLE, random.Random(1))


def test_spellings_by_hand() -> None:
    chance = random.Random(0)
    assert hamza_less(TITLE, chance) == "اول قمة في هلسنكي: اعلان اخر الى مستشفى المدينة عام 2018"
    assert loose_endings(TITLE, chance) == "أول قمه في هلسنكي: إعلان آخر إلي مستشفي المدينه عام 2018"
    assert dotless_endings(TITLE, chance) == "أول قمة فى هلسنكى: إعلان آخر إلى مستشفى المدينة عام 2018"
    assert arabic_indic(TITLE, chance) == "أول قمة في هلسنكي: إعلان آخر إلى مستشفى المدينة عام ٢٠١٨"
    assert re.fullmatch("دار (?:قـ{1,3}مة|قمـ{1,3}ة)", drawn_out("دار قمة", chance))
    assert set(diacritised("إعلان باريس", chance)) > set("إعلان باريس") | {"ِ"}


def test_a_name_is_spelled_otherwise_where_it_stands_alone_or_behind_particles() -> None:
    variants = {"غوغل": ("جوجل",), "أمريكية": ("أميركية",), "فيس بوك": ("فيسبوك",)}
    assert list(renamed("وبغوغل والأمريكية، غوغلي", variants)) == [
        ("غوغل", "جوجل", "وبجوجل والأمريكية، غوغلي"), ("أمريكية", "أميركية", "وبغوغل والأميركية، غوغلي")]
    assert list(renamed("عن فيس بوك", variants)) == [("فيس بوك", "فيسبوك", "عن فيسبوك")]


def test_the_names_have_each_their_other_spellings() -> None:
    variants = name_variants()
    assert variants["ترامب"] == ("ترمب",)
    assert variants["بيونغيانغ"] == ("بيونج يانج", "بيونغ يانغ")
    assert len(variants) > 120
    assert "كييف" not in variants
    assert [name for name, others in variants.items() if not others] == []


def test_a_spelling_on_two_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("غوغل جوجل # a firm\n\nجوجل قوقل\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"names\.txt: جوجل is listed twice"):
        name_variants(path)


def test_titles_are_measured_against_their_own_articles(tmp_path: Path) -> None:
    """The fake embedder normalises, so every spelling finds the same; another name is another word to it, and the words
    around it still find the article."""
    embedder = WordEmbedder("الحرب", "المطر")
    build(ARTICLES, tmp_path, embedder)
    elsewhere = Article("elsewhere", "نص.", "عنوان ليس في الفهرس")
    measures = measure((*ARTICLES, elsewhere), open_answerer(tmp_path, embedder), sample=10, seed=3)
    assert measures["titled_in_index"] == 2
    assert measures["plain"] == {"titles": 2, "recall@1": 1.0, "recall@10": 1.0}
    assert {name: (each["titles"], each["identical_top10"]) for name, each in measures["respelled"].items()} == {
        "diacritised": (2, 1.0), "hamza_less": (0, None), "loose_endings": (0, None), "dotless_endings": (2, 1.0),
        "arabic_indic": (0, None), "tatweel": (2, 1.0), "all_at_once": (2, 1.0)}
    assert (measures["renamed"]["titles"], measures["renamed"]["cases"], measures["renamed"]["recall@1"]) == (2, 3, 1.0)
    assert list(measures["renamed"]["by_name"]) == ["جنيف جينيف", "غوغل جوجل", "غوغل قوقل"]
