"""Normalised text and the way back from it: the same text as `normalise` gives, and every span of it found again."""

from __future__ import annotations

import sys
import time
import unicodedata
from bisect import bisect_left, bisect_right

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.arabic import normalise
from index.language.offsets import Normalised
from tests.examples import examples

# What changes its neighbours, or is changed by them: marks of many classes, letters of composites, Hangul in parts,
# halfwidth forms, ligatures, what is dropped, signs, emoji and their joiners, surrogates.
TROUBLE = st.sampled_from([
    *"اأآىيةهـو٣۳ؤئ ", *"eéEßİſﬁÅ", *"\u064b\u0651\u0653\u0654\u0655\u0670\u0301\u0323\u0327\u0308\u0344\u0345\u3099",
    *"\u1100\u1161\u11a8\uac00\u115f\u1160\u3164\uffa0\uffa1\uffc2", *"\uff76\uff9e\uff9f\u0915\u093c\u09c7\u09be",
    *"\u0f71\u0f72\u0f73\u0f81\u0f42\u0fb7", *"\ufdfa\ufdf2\ufef7\ufc5e\ufe70\u00b4\u2026\u00bd",
    *"\u200b\u200d\u2067\u2069\ufeff\u00ad",
    *"\ufe0f\U000e0100\U000e0067\u034f\u061c", *"👩👍\U0001f3fd🇸❤™ℹ\u20e3", "\ud83d", "\ude00", "\U0001d15e", "\0"])
TEXTS = st.one_of(st.text(st.one_of(TROUBLE, st.characters(codec=None)), max_size=30),
                  st.lists(st.one_of(TROUBLE, st.text(max_size=6)), max_size=20).map("".join))
EVERY_CHARACTER = map(chr, range(sys.maxunicode + 1))


@examples(600)
@given(TEXTS)
def test_the_text_is_what_normalise_gives(text: str) -> None:
    assert Normalised.of(text).text == normalise(text)


@examples(600)
@given(TEXTS, st.data())
def test_every_span_maps_back_to_a_span_that_normalises_to_it(text: str, data: st.DataObject) -> None:
    normalised = Normalised.of(text)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    low, high = normalised.original(start, end)
    assert 0 <= low <= high <= len(text)
    if start == end:
        assert low == high
        return
    # The characters that came out of the same original ones as the first and the last.
    starts, ends = normalised.starts.tolist(), normalised.ends.tolist()
    first, last = bisect_left(starts, low), bisect_right(ends, high)
    assert first <= start < end <= last
    assert normalise(text[low:high]) == normalised.text[first:last]


@examples(300)
@given(TEXTS)
def test_spans_rise_do_not_overlap_and_leave_out_only_what_is_dropped(text: str) -> None:
    normalised = Normalised.of(text)
    spans = list(dict.fromkeys(zip(normalised.starts.tolist(), normalised.ends.tolist(), strict=True)))
    assert len(normalised.starts) == len(normalised.ends) == len(normalised.text)
    assert [(start, end) for start, end in spans if start >= end] == []
    assert [one[1] for one in spans[:-1]] == [other[0] for other in spans[1:]]
    assert bool(spans) == bool(normalise(text))
    if spans:
        assert (normalise(text[:spans[0][0]]), spans[-1][1]) == ("", len(text))
        assert normalised.original(0, len(normalised.text)) == (spans[0][0], len(text))


@pytest.mark.parametrize(("text", "word", "written"), [
    ("قال مُسْنَدٌ نعم", "مسند", "مُسْنَدٌ"), ("في مـــؤتمـر أمس", "موتمر", "مـــؤتمـر"), ("ـــ غزة", "غزه", "غزة"),
    ("هو ﻣﺆﺗﻤﺮ كبير", "موتمر", "ﻣﺆﺗﻤﺮ"), ("ﻻ شيء", "لا", "ﻻ"), ("ﻻ شيء", "ا", "ﻻ"), ("x ﷺ y", "عليه", "ﷺ"),
    ("عام ٢٠٢٦م", "2026", "٢٠٢٦"), ("the Straße here", "strasse", "Straße"),
    ("Cafe\u0301!", "cafe\u0301", "Cafe\u0301"),
    ("e\u200b\u0301t", "é", "e\u200b\u0301"), ("\u2067كي\u200dيف\u2069.", "كييف", "كي\u200dيف\u2069"),
    ("\u1112\u1161\u11ab\u1100\u1173\u11af", "글", "\u1100\u1173\u11af"), ("\ud83dab", "a", "a")])
def test_a_word_is_found_again_as_it_was_written(text: str, word: str, written: str) -> None:
    normalised = Normalised.of(text)
    start = normalised.text.index(normalise(word))
    low, high = normalised.original(start, start + len(normalise(word)))
    assert text[low:high] == written


def test_offsets_worked_out_on_paper() -> None:
    normalised = Normalised.of("ـأَ ﻻ½")
    assert normalised.text == "ا لا1⁄2"
    assert normalised.starts.tolist() == [1, 3, 4, 4, 5, 5, 5]
    assert normalised.ends.tolist() == [3, 4, 5, 5, 6, 6, 6]
    assert normalised.starts.dtype == normalised.ends.dtype == np.int32
    assert normalised.original(2, 3) == (4, 5)
    assert normalised.original(7, 7) == (6, 6)
    assert normalised.original(1, 1) == (3, 3)


def test_a_text_without_characters_has_one_empty_span() -> None:
    for text in ("", "ـ", "\u3164\u200d\u064b"):
        normalised = Normalised.of(text)
        assert (normalised.text, normalised.original(0, 0)) == ("", (0, 0))


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, 4), (4, 4)])
def test_a_span_that_is_not_in_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(IndexError, match=rf"^{start}-{end} is outside a text of 3 characters$"):
        Normalised.of("abc").original(start, end)


@pytest.mark.slow
def test_no_segment_begins_with_a_character_that_the_one_before_could_take_in() -> None:
    """By the decompositions of the whole of the running Python's Unicode."""
    taken_in = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for character in EVERY_CHARACTER:
        decomposition = unicodedata.decomposition(character).split()
        if len(decomposition) == 2 and not decomposition[0].startswith("<"):
            taken_in.add(chr(int(decomposition[1], 16)))
    assert len(taken_in) > 100
    together = [character for character in taken_in if Normalised.of(f"ا{character}").original(0, 1) == (0, 1)
                and normalise(character)]
    assert together == []
    apart = [Normalised.of(f"ا{character}").original(0, 1) for character in "اa1 .中가👍ﻻ\ufdfa"]
    assert apart == [(0, 1)] * len(apart)


@pytest.mark.slow
def test_every_character_becomes_what_normalise_makes_of_it_however_long() -> None:
    """The table has room for 63 characters."""
    longest = max(map(chr, range(sys.maxunicode + 1)), key=lambda character: len(normalise(character)))
    assert (longest, len(normalise(longest))) == ("\ufdfa", 18)
    assert Normalised.of(longest).text == normalise(longest)


@pytest.mark.slow
@pytest.mark.parametrize("text", [
    "\ufdfa" * 350_000, "ـ" * 1_000_000, "e" + "\u0301\u0323" * 500_000, "e" + "\u0301\u200b\u0323\u200b" * 250_000,
    "e" + "\uff9e\u0301" * 500_000, "\u0f73" * 350_000, "\u0651\u064e\u0650" * 333_000, "👩🏽\u200d👧" * 90_000,
    "🏴\U000e0067\U000e0062\U000e007f" * 62_500, "🇸🇦" * 125_000, "بَّ" * 333_000, "\u1100\u1161\u11a8" * 333_000,
    "- " * 500_000], ids=lambda text: f"{ord(text[0]):x}-{ord(text[1]):x}")
def test_a_megabyte_of_the_worst_takes_no_longer_than_seconds(text: str) -> None:
    """A second on the machine it was written on; the square of its length would be minutes."""
    started = time.thread_time()
    normalised = Normalised.of(text)
    assert time.thread_time() - started < 5
    assert len(normalised.starts) == len(normalised.text)
