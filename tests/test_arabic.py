"""What counts as the same word: letters, marks, digits, month names, skeletons and grams."""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.arabic import AMBIGUOUS_MONTHS, LONG_RUN, MONTHS, compatible, grams, normalise, skeleton, words

ARABIC_AND_LATIN = st.text(st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F), st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    st.characters(min_codepoint=0x600, max_codepoint=0x6FF), st.characters(min_codepoint=0x200B, max_codepoint=0x206F),
    st.characters(min_codepoint=0xFB50, max_codepoint=0xFDFF),
    st.characters(min_codepoint=0xFE70, max_codepoint=0xFEFF),
    st.sampled_from("اأإآبتثنيهمود ٠١٢۳۴5\u0654\u0655\u0653\u0301")), max_size=60)
NEWS = st.lists(st.one_of(
    st.sampled_from([name for names in MONTHS for name in names]),
    st.sampled_from("ترامب ترمب الاتصالات التواصل وقّع 15 ٢٠٢٦ أب 𐎠𐎡𐎢𐎣𐎤 UN covid-19 the ﻣﺆﺗﻤﺮ".split()),
    st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), max_size=12), st.text(max_size=8)),
    max_size=12).map(" ".join)


def packed(gram: str) -> int:
    """A gram by the definition: four UTF-16 units of 16 bits, first unit highest, zero-filled at the end."""
    units = [*gram.encode("utf-16-be")]
    return int.from_bytes(bytes(units).ljust(8, b"\0"), "big")


def in_skeleton(consonants: str) -> int:
    """A gram of a skeleton: the same, in the private-use alphabet U+E0xx for U+06xx."""
    return packed("".join(chr(0xE000 + ord(letter) - 0x600) for letter in consonants))


# ---- normalise ----

@pytest.mark.parametrize(("written", "compared"), [
    ("مُسْنَدٌ", "مسند"), ("وقَّعَ", "وقع"), ("هٰذا", "هذا"), ("الرَّحْمَٰنِ", "الرحمن"), ("قُرْءَان", "قرءان"),
    ("مـــؤتمـر", "موتمر"),
    ("أحمد", "احمد"), ("إيران", "ايران"), ("آسيا", "اسيا"), ("ٱلله", "الله"), ("مؤتمر", "موتمر"), ("رئيس", "رييس"),
    ("سماء", "سماء"),
    ("على", "علي"), ("مستشفى", "مستشفي"), ("غزة", "غزه"), ("اتفاقية", "اتفاقيه"),
    ("٢٠٢٦", "2026"), ("۲۰۲۶", "2026"), ("0123456789", "0123456789"), ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
    ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
    ("ﻣﺆﺗﻤﺮ", "موتمر"), ("ﷲ", "الله"), ("ﻻ", "لا"), ("ﻷ", "لا"), ("ﺁﺏ", "اب"),
    ("ک", "ك"), ("ی", "ي"), ("ایران", "ايران"), ("ہ", "ه"), ("گاز", "كاز"), ("پوتین", "بوتين"), ("ڤيينا", "فيينا"),
    ("ۀ ە\u0654 ۃ", "ه ه ه"), ("ے", "ي"), ("ٵٴ", "ا"), ("كتابٌۖ ࣰ", "كتاب "),
    ("Zelenskyy", "zelenskyy"), ("STRASSE", "strasse"), ("straße", "strasse"), ("ＵＮ", "un"), ("é", "é"),
    ("e\u0301", "é"),
])
def test_spellings_of_one_word_have_one_form(written: str, compared: str) -> None:
    assert normalise(written) == compared


@pytest.mark.parametrize("invisible", [
    0x00AD, 0x061C, 0x0640, 0x064B, 0x0652, 0x0653, 0x0654, 0x0655, 0x0670, 0x06D6, 0x06ED, 0x200B, 0x200C, 0x200D,
    0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF,
    0x034F, 0x115F, 0x1160, 0x17B4, 0x180E, 0x2064, 0x206F, 0x3164, 0xFE00, 0xFE0F, 0xFFA0, 0xFFF9, 0x1BCA0, 0x1D173,
    0xE0001, 0xE0067, 0xE0100, 0xE01EF, 0xE0FFF, 0x08F0, 0x0898], ids=hex)
def test_what_is_not_seen_does_not_split_a_word(invisible: int) -> None:
    assert words(f"كي{chr(invisible)}يف") == ["كييف"]
    assert normalise(f"e{chr(invisible)}\u0301") == "é"


def test_a_hamza_written_as_a_mark_of_its_own_folds_like_the_composed_letter() -> None:
    assert normalise("ا\u0654حمد") == normalise("أحمد") == "احمد"
    assert normalise("ي\u0654") == normalise("ئ") == "ي"


@pytest.mark.parametrize("emoji", [
    "👍", "👍\U0001f3fd", "❤\ufe0f", "👨\u200d👩\u200d👧", "🇸🇦",
    "🏴\U000e0067\U000e0062\U000e007f", "ℹ\ufe0f", "™", "Ⓜ", "㊗", "🈁", "🈵"])
def test_an_emoji_parts_words_and_is_none(emoji: str) -> None:
    assert words(f"كييف{emoji}موسكو {emoji} UN{emoji}") == ["كييف", "موسكو", "un"]


def test_a_number_in_a_keycap_is_a_number() -> None:
    assert words("المرحلة 1\ufe0f\u20e3") == ["المرحله", "1"]


def test_every_character_that_combines_may_be_in_a_long_run() -> None:
    """Of the whole of the running Python's Unicode; a run that is not found takes the square of its length."""
    combining = [character for character in map(chr, range(sys.maxunicode + 1))
                 if unicodedata.combining(unicodedata.normalize("NFKD", character)[0])]
    assert len(combining) > 900
    assert [character for character in combining if not LONG_RUN.match(character * 64)] == []
    # A mark that becomes several becomes marks alone, so that the run is one afterwards too.
    assert all(unicodedata.combining(mark) for character in combining
               for mark in unicodedata.normalize("NFKD", character))


@given(st.lists(st.sampled_from(
    "\u0301\u0323\u0327\u0344\u0345\u0f73\u0f71\uff9e\u3099\u0651\u064e\u0653\u00b4e—"), min_size=64, max_size=90))
def test_a_long_run_of_marks_has_the_form_that_unicode_gives_it(marks: list[str]) -> None:
    assert compatible("".join(marks)) == unicodedata.normalize("NFKC", "".join(marks))


@given(ARABIC_AND_LATIN)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


# ---- words ----

def test_punctuation_of_both_scripts_and_underscores_part_words() -> None:
    assert words("قال: «نعم»، ثم؛ ما هذا؟ covid-19_report (U.S.)") == [
        "قال", "نعم", "ثم", "ما", "هذا", "covid", "19", "report", "u", "s"]
    assert words("، . ؟ «» —") == []


@pytest.mark.parametrize("names", MONTHS, ids=[names[0] for names in MONTHS])
def test_all_names_of_a_month_are_one_word_beside_a_number(names: tuple[str, ...]) -> None:
    first = normalise(names[0])
    for name in names:
        assert words(f"١٥ {name}") == ["15", first]
        assert words(f"{name} 2026") == [first, "2026"]


@pytest.mark.parametrize(("written", "compared"), [
    ("شباط", "فبراير"), ("فيفري", "فبراير"), ("آذار", "مارس"), ("نيسان", "ابريل"), ("إبريل", "ابريل"), ("أيار", "مايو"),
    ("حزيران", "يونيو"), ("تموز", "يوليو"), ("أيلول", "سبتمبر"), ("شتنبر", "سبتمبر"),
    ("كانون الثاني", "يناير"), ("تشرين الأول", "اكتوبر"), ("تشرين الثاني", "نوفمبر"), ("كانون الأول", "ديسمبر")])
def test_a_month_of_one_meaning_needs_no_number(written: str, compared: str) -> None:
    assert words(f"في {written} الماضي") == ["في", compared, "الماضي"]
    assert words(f"{written}/{compared}") == [compared, compared]


def test_august_and_father_are_told_apart_by_a_number() -> None:
    assert words("آب 2026") == words("أغسطس 2026") == ["اغسطس", "2026"]
    assert words("٢ آب") == words("2 أوت") == ["2", "اغسطس"]
    assert words("أب لطفلين") == ["اب", "لطفلين"]
    assert words("قال الأب إن أب الضحية") == ["قال", "الاب", "ان", "اب", "الضحيه"]
    assert not set(grams("أب")) & set(grams("أغسطس"))


@pytest.mark.parametrize("name", sorted(AMBIGUOUS_MONTHS))
def test_a_month_that_is_also_another_word_stays_that_word_without_a_number(name: str) -> None:
    assert words(f"قال {name} ذلك") == ["قال", normalise(name), "ذلك"]


@pytest.mark.parametrize("text", ["شباطي", "كانون", "الثاني", "تشرين", "كانونالثاني", "وشباط", "x2 آبx"])
def test_a_month_is_a_whole_word(text: str) -> None:
    assert words(text) == normalise(text).split()


# ---- skeleton ----

@pytest.mark.parametrize(("one", "other", "consonants"), [
    ("ترامب", "ترمب", "ترمب"), ("نتنياهو", "نتانياهو", "نتنه"), ("زيلينسكي", "زيلنسكي", "زلنسك"),
    ("وترامب", "ترامب", "ترمب"), ("التواصل", "الاتصالات", "تصل")])
def test_spellings_of_a_name_and_words_of_a_root_share_their_consonants(one: str, other: str, consonants: str) -> None:
    assert skeleton(one) == skeleton(other) == consonants


def test_kyiv_is_not_how() -> None:
    assert skeleton("كييف") == skeleton("كيف") == ""
    assert not set(grams("كييف")) & set(grams("كيف"))


@pytest.mark.parametrize(("word", "consonants"), [
    ("والمفاوضات", "مفض"),       # وال and ات off, ا و dropped
    ("للمفاوضين", "مفض"),        # لل and ين off
    ("مفاوضاتهم", "مفضت"),       # one ending only
    ("الدول", ""),               # two consonants say too little: دل
    ("مصر", ""),                 # shorter than four letters
    ("trump", ""), ("2026", ""), ("ترامبx", ""), ("", "")])
def test_article_ending_and_weak_letters_are_dropped_only_while_three_letters_stay(word: str, consonants: str) -> None:
    assert skeleton(word) == consonants


def test_a_spelling_finds_the_other_by_its_skeleton_alone() -> None:
    shared = set(grams("ترامب").tolist()) & set(grams("ترمب").tolist())
    assert shared == {in_skeleton("ترمب")}


# ---- grams ----

def test_grams_worked_out_on_paper() -> None:
    # un: two letters, one gram. gaza: four, one. trump: five, two. A Latin word has no skeleton.
    assert grams("UN Gaza Trump").tolist() == [packed("un"), packed("gaza"), packed("trum"), packed("rump")]
    assert packed("un") == 0x0075_006E_0000_0000
    # ترامب: two of the word, and the one of its skeleton ترمب.
    assert grams("ترامب").tolist() == [packed("ترام"), packed("رامب"), in_skeleton("ترمب")]
    # A three-letter skeleton is one gram too; a word's grams come before those of its skeleton.
    assert grams("سلام صلح").tolist() == [packed("سلام"), in_skeleton("سلم"), packed("صلح")]
    assert grams("شباط شباط").tolist() == [packed("فبرا"), packed("براي"), packed("راير"), in_skeleton("فبرر")] * 2


def test_grams_stay_within_their_word() -> None:
    assert grams("ab cd").tolist() == [packed("ab"), packed("cd")]
    assert grams("abcd efgh").tolist() == [packed("abcd"), packed("efgh")]


def test_a_letter_beyond_the_basic_plane_is_two_units() -> None:
    assert grams("𐎠").tolist() == [packed("𐎠")]
    assert [f"{gram:016x}" for gram in grams("𐎠𐎡𐎢").tolist()] == [
        "d800dfa0d800dfa1", "dfa0d800dfa1d800", "d800dfa1d800dfa2"]


@pytest.mark.parametrize("text", ["", " ", "؟!…", "\0", "\ud800", "\ue021\ue022"])
def test_a_text_without_words_has_no_grams(text: str) -> None:
    found = grams(text)
    assert (found.tolist(), found.dtype) == ([], np.dtype(np.uint64))


@given(NEWS)
def test_grams_of_a_text_are_those_of_its_words(text: str) -> None:
    of_words: Counter[int] = Counter()
    for word in words(text):
        of_words.update(grams(word).tolist())
    assert Counter(grams(text).tolist()) == of_words


@given(NEWS)
def test_no_gram_is_zero_and_each_begins_with_a_letter(text: str) -> None:
    found = grams(f"{text} سلام")
    assert len(found)
    assert [hex(gram) for gram in found.tolist() if not gram >> 48] == []


@given(st.text(max_size=40))
def test_no_written_word_has_a_gram_of_a_skeleton(text: str) -> None:
    skeleton_grams = sum(max(1, len(consonants) - 3) for consonants in map(skeleton, words(text)) if consonants)
    private = [gram for gram in grams(text).tolist() if 0xE021 <= gram >> 48 <= 0xE04A]
    assert len(private) == skeleton_grams


def test_grams_grow_with_the_text_and_no_faster() -> None:
    """Each word gives at most its own length in grams twice over, so the work that is kept is linear in the text."""
    for length in (1, 10, 100, 1_000):
        text = "المفاوضات " * length
        assert len(grams(text)) == length * len(grams("المفاوضات"))
    word = "ب" * 20_000
    assert len(grams(word)) == 2 * (20_000 - 3)
