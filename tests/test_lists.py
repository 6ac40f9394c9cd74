"""Which questions ask for a list, and where the list of a sentence begins and ends."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from index.types import Article
from qa.answer.lists import listing_of, names_items
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from tests.conftest import ARTICLES
from tests.fakes import WordEmbedder

ASKING = [line.split("\t")[1] for line in
          (Path(__file__).parent / "data" / "list_questions.tsv").read_text("utf-8").splitlines()]
# The questions of the sample that ask for several things; a sentence answers each of them.
SEVERAL = {"a015", "a026", "a034", "a056", "b001", "b016", "b024", "b028", "b065", "b073", "b083"}


@pytest.mark.parametrize("question", [
    *ASKING, "من حضر القمة؟", "ومن هم الوزراء الذين وقّعوا؟", "ما هي أسباب الحرب العالمية الأولى؟", "عدّد شروط العضوية",
    "اذكر لي أهم قرارات القمة", "What were the conditions?", "Which countries border Egypt?",
    "who attended the summit?"])
def test_a_question_that_asks_for_several_things(question: str) -> None:
    assert parse_question(question).asks_for_list


@pytest.mark.parametrize("question", [
    "متى وُقّعت الاتفاقية؟", "ما عدد الدول الأعضاء؟", "ما عاصمة المغرب؟", "ما هي أكبر مدينة في العراق؟",
    "ما قانون نيوتن الأول؟", "من هو نجيب محفوظ؟", "علام نص الاتفاق بشأن القدس؟", "ماذا قال السادات؟",
    "What did the treaty say about the canal?", "What is the capital of Jordan?", "When did it begin?",
    "What was the cause?", "Why did the process fail?"])
def test_a_question_that_asks_for_one_thing(question: str) -> None:
    assert not parse_question(question).asks_for_list


def test_of_the_samples_questions_hardly_any_but_those_for_several_things_ask_for_a_list() -> None:
    lines = (ARTICLES / "questions.jsonl").read_text("utf-8").splitlines()
    asked = {one["id"]: one["question"] for one in map(json.loads, lines) if one["article_id"]}
    asking = {name for name, question in asked.items() if parse_question(question).asks_for_list}
    assert asking >= SEVERAL
    assert len(asking - SEVERAL) <= len(asked) / 50


def test_a_long_question_takes_no_long_time() -> None:
    started = time.perf_counter()
    for words in ("what did ", "what the list ", "ما الذي ", "what are the main ", "ما ابرز كل ", "أي "):
        parse_question(words * (2000 // len(words)))
    assert time.perf_counter() - started < 2


def test_the_questions_word_for_the_items_is_looked_for_in_what_they_hang_on() -> None:
    assert names_items(parse_question("ما القيود التي التزمتها إيران؟"), "والتزمت إيران قيودًا متفاوتة المدة، أهمها:")
    assert names_items(parse_question("What commitments did they make?"), "وتضمن الاتفاق الالتزامات الآتية:")
    assert not names_items(parse_question("ما القيود التي التزمتها إيران؟"), "وتألف الاتفاق من ثلاثة أجزاء:")
    assert not names_items(parse_question("علام نص الاتفاق؟"), "علام نص الاتفاق:")


def listed(text: str, sentence: str) -> tuple[str | None, list[str]] | None:
    """The line that leads in, and the items, of the list of the sentence that begins so."""
    article = Article("a", text)
    snapshot = throwaway_snapshot([article], WordEmbedder())
    row = next(row for row in range(snapshot.sentence_count)
               if text.startswith(sentence, snapshot.tables.sentence(row).start))
    listing = listing_of(snapshot, article, row)
    if listing is None:
        return None
    lead_in = None if listing.lead_in is None else listing.joined(range(listing.lead_in, listing.lead_in + 1)).text
    return lead_in, [listing.joined(item).text for item in listing.items]


PLANETS = ("تدور حول الشمس ثمانية كواكب. والصخرية منها هي:\n- عطارد.\n- الزهرة. وهي أشدها حرارة.\n- الأرض.\n- المريخ.\n"
           "وبعدها الكواكب الغازية.")


@pytest.mark.parametrize("sentence", ["والصخرية", "عطارد", "وهي أشدها", "المريخ"])
def test_the_lines_with_marks_are_one_list_wherever_one_stands_in_it(sentence: str) -> None:
    assert listed(PLANETS, sentence) == (
        "والصخرية منها هي:", ["عطارد.", "الزهرة. وهي أشدها حرارة.", "الأرض.", "المريخ."])


@pytest.mark.parametrize("sentence", ["تدور", "وبعدها"])
def test_what_stands_before_and_after_a_list_is_not_of_it(sentence: str) -> None:
    assert listed(PLANETS, sentence) is None


def test_one_item_is_no_list() -> None:
    assert listed("وفي الحديقة:\n- نخلة.\nثم الباب.", "نخلة") is None


FIRST, SECOND, THIRD = "أولًا: جمع المواد.", "ثانيًا: خلطها بالماء.", "وثالثًا: تركها لتجف."


def test_sentences_numbered_in_words_are_a_list_that_hangs_on_the_sentence_before() -> None:
    text = f"لصنع الطوب ثلاث خطوات. {FIRST} {SECOND} ويُستعمل ماء نظيف. {THIRD} ثم يُبنى به."
    for sentence in ("لصنع", "أولًا", "ثانيًا", "وثالثًا"):
        assert listed(text, sentence) == ("لصنع الطوب ثلاث خطوات.", [FIRST, SECOND, THIRD])
    assert listed(text, "ثم") is None


def test_a_second_without_a_first_and_a_far_third_are_no_list() -> None:
    assert listed(f"{SECOND} {THIRD}", "ثانيًا") is None
    far = f"{FIRST} {SECOND} " + "وهذا كلام آخر طويل. " * 5 + THIRD
    assert listed(far, "أولًا") == (None, [FIRST, SECOND])


def test_two_runs_in_one_article_are_two_lists() -> None:
    text = f"للطوب خطوتان. {FIRST} {SECOND} وللزجاج خطوتان. First, sand is melted. Second, it is shaped."
    assert listed(text, "Second") == ("وللزجاج خطوتان.", ["First, sand is melted.", "Second, it is shaped."])
    assert listed(text, "ثانيًا") == ("للطوب خطوتان.", [FIRST, SECOND])
