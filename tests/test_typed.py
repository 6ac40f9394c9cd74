"""A sentence of the type a question asks for comes first, and a refusal is found as a denial of agreeing."""

from __future__ import annotations

import pytest

from index.types import Article, Sentence
from qa.answer.ranking import Evidence, RankedSentence
from qa.answer.typed import lacks_type, typed_first
from qa.question.kinds import AnswerKind
from qa.question.parsed import parse_question


def ranked_sentences(*sentences: str, title: str = "") -> list[RankedSentence]:
    text = " ".join(sentences)
    article = Article(id="a", title=title, text=text)
    evidence = Evidence(0.8, 0.8, 0.8, 0.8, words_found=0.5, new_words_found=0.5, words_known=0.5, asked_word_found=1.0,
                        is_counted=False, wants_count=False, kind=AnswerKind.OTHER, kind_shown=0.0, same_script=True)
    places = [(start := text.index(each), start + len(each)) for each in sentences]
    return [RankedSentence(article, Sentence(*place), row, 0, 1 - row / 10, evidence)
            for row, place in enumerate(places)]


@pytest.mark.parametrize(("question", "first", "right"), [
    ("كم عمر سلمى الدالي؟", "قالت سلمى الدالي إن لها خبرة 12 عاما في الغوص.", "وتبلغ سلمى الدالي 34 عاما."),
    ("كم يبلغ رامز الحداد من العمر؟", "عمل رامز الحداد 20 سنة في الميناء.", "واحتفل رامز الحداد (51 عاما) بتقاعده."),
    ("How old is Rima Said?", "Rima Said has worked there for 12 years.", "Rima Said, aged 40, lives in the port."),
    ("كم صوتا نال قانون الصيد؟", "يضم مجلس قانون الصيد 40 عضوا.", "وأقر قانون الصيد بأغلبية 22 عضوا."),
    ("بكم سنة حُكم على سمير الريس؟", "وكان الحكم الأول على سمير الريس بالسجن 7 سنوات.",
     "وقضت محكمة النقض بسجن سمير الريس 4 سنوات."),
])
def test_the_sentence_of_the_type_asked_for_comes_first_with_the_best_score(
        question: str, first: str, right: str) -> None:
    ranked = ranked_sentences(first, right)
    found = typed_first(parse_question(question), ranked)
    assert [(each.text, each.score) for each in found] == [(right, 1.0), (first, 1.0)]


@pytest.mark.parametrize(("question", "first", "other"), [
    ("كم عمر سلمى الدالي؟", "تبلغ سلمى الدالي 34 عاما.", "وعمر سلمى الدالي 34 سنة."),
    ("كم عمر سلمى الدالي؟", "لسلمى الدالي خبرة 12 عاما.", "ويبلغ جارها 60 عاما."),
    ("ما الحكم الأول على سمير الريس؟", "وكان الحكم الأول على سمير الريس بالسجن 7 سنوات.",
     "وقضت محكمة النقض بسجن سمير الريس 4 سنوات."),
    ("كم سنة عملت سلمى الدالي؟", "عملت سلمى الدالي 12 عاما.", "وتبلغ سلمى الدالي 34 عاما."),
])
def test_a_first_sentence_of_the_type_or_without_a_rival_about_the_same_stays(
        question: str, first: str, other: str) -> None:
    ranked = ranked_sentences(first, other)
    assert typed_first(parse_question(question), ranked) == ranked


def test_an_age_that_no_sentence_gives_is_lacking() -> None:
    question = parse_question("كم عمر سلمى الدالي؟")
    assert lacks_type(question, ranked_sentences("لسلمى الدالي خبرة 12 عاما.")[0])
    assert not lacks_type(question, ranked_sentences("ولدت سلمى الدالي في قرية الأرز.")[0])
    assert not lacks_type(parse_question("من هي سلمى الدالي؟"), ranked_sentences("لها خبرة 12 عاما.")[0])
