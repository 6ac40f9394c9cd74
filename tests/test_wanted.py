"""What of a question's words a sentence holds."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise
from index.search.lexical import LexicalIndex
from qa.question.parsed import parse_question
from qa.question.wanted import NEUTRAL_SCORE, Analysed, Wanted
from tests.fakes import terms_of

INDEX = LexicalIndex.build([terms_of("وصل الوفد إلى جنيف"), terms_of("وقّع الوزيران الاتفاق"), terms_of("وصل المطر")])


def wanted(question: str) -> Wanted:
    return Wanted.of(parse_question(question).wanted, INDEX)


def analysed(text: str) -> Analysed:
    return Analysed.of(normalise(text))


def found(question: str, text: str) -> list[float]:
    return wanted(question).found_each(analysed(text))


def test_words_that_only_ask_are_not_looked_for() -> None:
    assert found("متى وصل الوفد؟", "وصل الوفد") == [1.0, 1.0]


def test_a_word_found_by_its_root_counts_for_less_than_one_found_as_written() -> None:
    assert found("الاتصالات", "التواصل") == [0.8]
    assert found("الاتصالات", "الاتصالات") == [1.0]


def test_the_share_weighs_rare_words_more() -> None:
    question = wanted("متى وصل الوزيران؟")  # وصل is in two passages of three
    only_common, only_rare = (question.share(question.found_each(analysed(text))) for text in ("وصل", "الوزيران"))
    assert 0 < only_common < only_rare < 1
    assert only_common + only_rare == pytest.approx(1)


def test_words_of_the_title_are_not_new() -> None:
    question = wanted("متى وصل الوفد؟")
    title = question.found_each(analysed("الوفد"))
    assert question.share_of_new(question.found_each(analysed("الوفد هنا")), title) == 0
    assert question.share_of_new(question.found_each(analysed("وصل أمس")), title) == 1
    assert question.share_of_new([0.0, 0.0], [1.0, 1.0]) == NEUTRAL_SCORE


@pytest.mark.parametrize(("question", "there", "missing"), [
    ("متى توفي الوزير؟", "توفي الوزير أمس.", "تولى الوزير منصبه أمس."),
    ("من هو الذي وقّع الاتفاق؟", "وقّع الوزير.", "كتب الوزير الاتفاق."),
    ("كم بلغ عدد الضحايا؟", "بين الضحايا طفل.", "بلغ العدد ثلاثة."),
    ("ما اسم المترجمة؟", "حضرت المترجمة.", "حضر الاسم وحده."),
])
def test_the_word_that_is_asked_about_is_the_first_that_means_something(question: str, there: str,
                                                                        missing: str) -> None:
    asked = wanted(question)
    assert asked.asked_word_found(asked.found_each(analysed(there))) == 1
    assert asked.asked_word_found(asked.found_each(analysed(missing))) < 0.5


def test_a_question_about_nothing_says_so() -> None:
    assert wanted("متى؟").asked_word_found([1.0]) == NEUTRAL_SCORE


@pytest.mark.parametrize(("question", "sentence", "counts"), [
    ("كم دولة وقّعت؟", "وقّعت 35 دولة الوثيقة.", True),
    ("كم دولة وقّعت؟", "وقّعت خمس دول الوثيقة عام 1975.", True),
    ("كم دولة وقّعت؟", "وقّعت الدولة الوثيقة يوم 1 آب 1975.", False),
    ("كم دولة وقّعت؟", "وقّع الوزير الوثيقة.", False),
    ("How many states signed?", "It was signed by 35 states.", True),
    ("متى وقّعت 35 دولة؟", "وقّعت 35 دولة.", False),
])
def test_what_is_counted_stands_beside_a_number(question: str, sentence: str, *, counts: bool) -> None:
    assert wanted(question).counts(analysed(sentence)) is counts


def test_an_english_word_is_found_by_any_of_its_arabic_ones() -> None:
    assert found("war", "اندلعت حرب") == [1.0]
    assert found("war", "اندلعت الحرب") == [1.0]


@pytest.mark.parametrize("question", ["Кто подписал соглашение?", "Qui a signé l'accord ?",
                                      "Who signed the agreement?"])
def test_a_foreign_word_is_found_as_its_arabic(question: str) -> None:
    asked = wanted(question)
    assert asked.share(asked.found_each(analysed("وقّع الوزيران الاتفاق"))) > 0.9
    assert asked.share(asked.found_each(analysed("سافر الناس"))) == 0


def test_a_foreign_word_that_nothing_is_known_of_does_not_count() -> None:
    assert len(wanted("Когда фгхчш подписали соглашение?").weights) == 2


def test_a_word_that_an_index_in_the_language_of_the_question_lacks_counts() -> None:
    english = LexicalIndex.build([terms_of("The delegation arrived in Geneva")])
    asked = Wanted.of(parse_question("When did the qwertz delegation arrive in Geneva?").wanted, english)
    assert asked.share(asked.found_each(analysed("The delegation arrived in Geneva"))) < 1


def test_the_same_word_may_say_something_in_english_and_nothing_in_french() -> None:
    assert len(wanted("Pourquoi son ambassadeur ?").weights) == 1
    assert len(wanted("Why son and ambassador?").weights) == 2


@pytest.mark.parametrize("question", ["Combien de missiles ont été détruits ?", "Сколько ракет уничтожили?"])
def test_what_is_counted_is_known_in_other_languages(question: str) -> None:
    assert wanted(question).counts(analysed("دمرت 2692 صاروخا"))
    assert not wanted(question).counts(analysed("دمرت 2692 سفينة"))
