"""Where sentences begin and end, as spans of the text as it was read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.sentences import MAX_HEADING_CHARS, MAX_SENTENCE_CHARS, split_sentences

LIST_MARK = re.compile(r"(?m)^\s*(?:(?:[-–—·*]|[(]?[0-9٠-٩]{1,2}[-.)–]|[أ-ي][-)])\s+|[•▪●]\s*)(?=\S)")
LINES = st.lists(st.one_of(
    st.text(st.sampled_from("ابجد هـ.؟!…\"»«)( ،؛:-–•*12٣٫,ab\u064e\u200f😀\t"), max_size=80),
    st.text(st.characters(exclude_characters="\r\n\x0b\x0c\x85\u2028\u2029"), max_size=40),
    st.sampled_from(["- بند", "١) بند أول. وتتمته.", "عنوان", "قال د. هنري كيسنجر ذلك. ثم غادر.", "البنود:",
                     "كلمة " * 200, "م" * 1_400, "جملة طويلة، ثم أخرى؛ " * 60])), max_size=8)
TEXTS = st.builds(lambda lines, newline: newline.join(lines), LINES,
                  st.sampled_from(["\n", "\r\n", "\n\n", "\u2028", "\x85"]))


def sentences(text: str) -> list[str]:
    return [text[sentence.start:sentence.end] for sentence in split_sentences(text)]


# ---- ends ----

@pytest.mark.parametrize("expected", [
    ["هل وصل الوفد؟", "نعم!", "وصل أمس."],
    ["انتهى الاجتماع…", "ثم غادر الوفد..."],
    ["ماذا قال؟!", "لا أحد يعلم."],
    ["قال: «وصل الوفد.»", "ثم غادر."],
    ["قال “نعم.”", "وقال \"لا.\"", "وقال ‹ربما؟›", "وقال (انتهى!)", "ثم سكت."],
    ["The talks ended.", "Did they?", "\"Yes!\"", "He left."],
    ["انتهى\u200f.\u200f", "ثم غادر."],
    ["Пришёл.", "Ушёл?", "Да!"]])
def test_a_sentence_ends_with_its_mark_and_what_closes_after_it(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize("sentence", [
    "بلغت النسبة 3.5 في المئة و٢٫٥ في المئة و1.000.000 دولار.",
    "قال د. هنري كيسنجر إن الاتفاق وشيك.",
    "التقى نائب الرئيس ج. د. فانس نظيره أ. محمد.",
    "نقلت ا.ف.ب. الخبر عن مصدر.",
    "جرى ذلك عام 30 ق.م. في الإسكندرية.",
    "He met Dr. Smith and J. D. Vance in the U.S. Senate at 5 p.m. on Jan. 5.",
    "Goods, e.g. wheat, vs. oil etc. are named in vol. 2, no. 7.",
    "Version 2.0 is at www.example.org and in file.txt.",
    "قال ذلك.. ثم سكت.",
    "طلب (د. سمير) و«م. نزار» الكلمة."])
def test_a_point_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert sentences(f"{sentence} ثم غادر.") == [sentence, "ثم غادر."]


def test_two_dots_pause_and_three_end() -> None:
    assert sentences("قال.. ثم سكت... ثم عاد.... ثم غادر") == ["قال.. ثم سكت...", "ثم عاد....", "ثم غادر"]


def test_a_full_stop_without_its_space_ends_a_sentence_before_an_arabic_word() -> None:
    assert sentences("انتهى الاجتماع.وبدأ المؤتمر.ثم غادر") == ["انتهى الاجتماع.", "وبدأ المؤتمر.", "ثم غادر"]
    assert sentences("مستشفى د.محمد علي") == ["مستشفى د.محمد علي"]  # one letter before it: an initial
    assert sentences("see node.js") == ["see node.js"]


def test_a_text_of_white_space_has_no_sentences() -> None:
    assert split_sentences("") == split_sentences(" \n\t\r\n\u2028 \u00a0") == []


# ---- offsets ----

@pytest.mark.parametrize("text", [
    "وَصَلَ الوَفْدُ. 😀 غادَرَ الوَفْدُ؟",
    "👨‍👩‍👧 وصلوا.\r\n\r\n  e\u0301te\u0301 نعم.\r\nثم \u200fغادروا.",
    "\ufeffوصل الوفد. ثم غادر."])
def test_offsets_are_code_points_of_the_untouched_text(text: str) -> None:
    found = split_sentences(text)
    assert [text[sentence.start:sentence.end] for sentence in found] == re.split(r"(?<=[.؟])\s+", text)


def test_offsets_worked_out_on_paper() -> None:
    #        0 1 2 3 4 5 6  7  8   9 10
    text = "أَب.\r\n 😀 لا!"
    assert [(sentence.start, sentence.end) for sentence in split_sentences(text)] == [(0, 4), (7, 12)]
    assert sentences(text) == ["أَب.", "😀 لا!"]


@given(TEXTS)
def test_spans_are_ordered_apart_trimmed_and_hold_all_but_space_and_list_marks(text: str) -> None:
    found = split_sentences(text)
    end = 0
    outside = []
    for sentence in found:
        assert end <= sentence.start < sentence.end
        outside.append(text[end:sentence.start])
        end = sentence.end
        shown = text[sentence.start:sentence.end]
        assert shown == shown.strip()
        assert len(shown) <= MAX_SENTENCE_CHARS
    outside.append(text[end:])
    for gap in outside:
        assert LIST_MARK.sub("", gap + "x").strip() == "x"


@given(TEXTS)
def test_headings_and_lead_ins_are_sentences_before_the_one_that_hangs_on_them(text: str) -> None:
    spans: dict[tuple[int, int], bool] = {}
    hanging = 0
    for sentence in split_sentences(f"عنوان قصير\nوصل الوفد إلى الدوحة مساء أمس.\nوالبنود هي:\n- بند أول\n{text}"):
        for hangs_on in {sentence.heading, sentence.lead_in} - {(0, 0)}:
            assert spans[hangs_on] is (hangs_on == sentence.heading)
            hanging += 1
        spans[sentence.start, sentence.end] = sentence.is_heading
    assert hanging >= 2


# ---- lists ----

@pytest.mark.parametrize("mark", ["-", "–", "—", "•", "*", "1.", "12-", "(3)", "٢)", "٣-", "أ)", "ب-"])
def test_items_of_a_list_leave_their_mark_out_and_know_the_line_above(mark: str) -> None:
    text = (f"نص الاتفاق. ويقضي بما يلي:\n{mark} وقف النار.\n  {mark} تبادل الأسرى. وعودتهم.\n"
            "وانتهى الاجتماع بعد ذلك بساعات.")
    found = split_sentences(text)
    assert [(text[sentence.start:sentence.end], text[slice(*sentence.lead_in)]) for sentence in found] == [
        ("نص الاتفاق.", ""), ("ويقضي بما يلي:", ""), ("وقف النار.", "ويقضي بما يلي:"),
        ("تبادل الأسرى.", "ويقضي بما يلي:"), ("وعودتهم.", "ويقضي بما يلي:"), ("وانتهى الاجتماع بعد ذلك بساعات.", "")]


def test_a_list_without_a_line_that_introduces_it_has_no_lead_in() -> None:
    assert [sentence.lead_in for sentence in split_sentences("انتهى الاجتماع.\n- بند أول\n- بند ثان")] == [(0, 0)] * 3


@pytest.mark.parametrize("line", ["-", "•", "15 قتيلا.", "-5 درجات", "2026. عام", "*مهم*"])
def test_what_only_looks_like_a_list_mark_is_kept(line: str) -> None:
    assert "".join(sentences(line)).replace(" ", "") == line.replace(" ", "")


# ---- headings ----

def test_a_short_line_without_an_end_mark_above_a_longer_one_is_a_heading() -> None:
    text = "الخلفية\nوصل الوفد إلى الدوحة. ثم غادر.\n\nالنتائج\r\nاتفق الطرفان على وقف النار."
    assert [(text[sentence.start:sentence.end], sentence.is_heading, text[slice(*sentence.heading)])
            for sentence in split_sentences(text)] == [
        ("الخلفية", True, ""), ("وصل الوفد إلى الدوحة.", False, "الخلفية"), ("ثم غادر.", False, "الخلفية"),
        ("النتائج", True, ""), ("اتفق الطرفان على وقف النار.", False, "النتائج")]


def test_a_question_above_a_paragraph_three_times_its_length_is_a_heading() -> None:
    question = "لماذا فشلت المحادثات؟"
    assert 3 * len(question) == 63
    assert split_sentences(f"{question}\n{'ك' * 63}")[0].is_heading
    assert not split_sentences(f"{question}\n{'ك' * 62}")[0].is_heading
    assert not split_sentences(f"متى؟ وأين؟\n{'ك' * 63}")[0].is_heading  # two questions are text


@pytest.mark.parametrize(("line", "following"), [
    ("انتهى الاجتماع.", "ثم غادر الوفد الدوحة مساء."), ("قال الوزير:", "وصل الوفد إلى الدوحة مساء أمس."),
    ("سطر أطول من الذي تحته", "قصير"), ("ك" * 10, "م" * 10),
    ("البنود", "- بند أول طويل بما يكفي"), ("سطر أخير بلا علامة", ""),
    ("ع" * (MAX_HEADING_CHARS + 1), "ك" * (MAX_HEADING_CHARS + 2))])
def test_other_lines_are_not_headings(line: str, following: str) -> None:
    found = split_sentences(f"{line}\n{following}")
    assert found
    assert [sentence for sentence in found if sentence.is_heading] == []


def test_a_heading_may_be_as_long_as_the_limit() -> None:
    line = "ع" * MAX_HEADING_CHARS
    assert split_sentences(f"{line}\n{line}ع")[0].is_heading


# ---- long sentences ----

@pytest.mark.parametrize(("text", "lengths"), [
    ("ك" * 600, [600]),
    ("ك" * 1_300, [600, 600, 100]),                                      # nowhere to pause
    ("ك" * 400 + " " + "ك" * 400, [400, 400]),                           # at a space
    ("ك" * 300 + "، " + "ك" * 100 + " " + "ك" * 300, [301, 401]),        # at a comma, before a space that is nearer
    ("ك" * 250 + "؛ " + "ك" * 200 + "، " + "ك" * 300, [251, 502]),       # at a semicolon, before a comma that is nearer
    ("ك" * 100 + "؛ " + "ك" * 400 + "، " + "ك" * 300, [503, 300])])      # but not in the first third
def test_a_long_sentence_is_cut_where_the_reader_would_pause(text: str, lengths: list[int]) -> None:
    assert [len(sentence) for sentence in sentences(text)] == lengths


# ---- odd texts ----

@pytest.mark.parametrize("text", ["!" * 20_000 + "x", "." * 20_000 + "x", "…" * 20_000 + "x", "." + ")" * 20_000 + "x",
                                  "x" * 20_000 + ". x", "ا. " * 7_000], ids=lambda text: f"{text[:3]}...{text[-2:]}")
def test_a_long_run_of_one_thing_is_read_to_its_end(text: str) -> None:
    """With a pattern that tries a run anew at each of its places, these would not end today."""
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
