"""Questions in dialect, said as news says it."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.dialect import in_standard, words_of_dialect
from qa.question.kinds import AnswerKind
from qa.question.parsed import parse_question, said_in_standard
from qa.retrieve.spelling import corrected, unknown_words
from qa.retrieve.vocabulary import Vocabulary
from qa.types.question import Question
from tests.fakes import WordEmbedder


@pytest.mark.parametrize(("asked", "standard"), [
    ("شو صار بالطيارة الكينية؟", "ماذا حدث بالطائرة الكينية؟"), ("ايش صار للعبّارة؟", "ماذا حدث للعبّارة؟"),
    ("وليش راحت السفينة؟", "ولماذا ذهبت السفينة؟"), ("شو اللي صار بعد الغرق؟", "ما الذي حدث بعد الغرق؟"),
    ("ليش نزلوا عالرصيف؟", "لماذا نزلوا على الرصيف؟"), ("وين اتفتحت القنصلية؟", "أين فُتحت القنصلية؟"),
    ("امتى انمضى الاتفاق؟", "متى وُقّع الاتفاق؟"), ("مين اللي سرق الطيارات؟", "من الذي سرق الطائرات؟"),
    ("قديش مصاري دفعوا؟", "كم أموال دفعوا؟"), ("كام واحد غرق؟", "كم شخصا غرق؟"),
    ("هلق مين رئيس النادي؟", "من رئيس النادي؟"), ("الاتفاق مين مضاه؟", "الاتفاق من الذي مضاه؟"),
    ("بكام اتباعت اللوحة؟", "بكم بيعت اللوحة؟"), ("على شو اتفق الصيادون", "على ماذا اتفق الصيادون"),
    ("ازاي طلعوا البحارة من السفينة؟", "كيف خرجوا البحارة من السفينة؟"), ("مين كسب السباق", "من فاز السباق"),
    ("عايز اعرف مين كسب الماتش", "من فاز المباراة"),
    ("بدي اعرف متى غرقت العبّارة", "متى غرقت العبّارة"), ("إيه اللي حصل في الماتش؟", "ما الذي حدث في المباراة؟"),
    ("قالت ايه الوزيرة عن السفينة", "ماذا قالت الوزيرة عن السفينة"), ("شو سبب الحريق؟", "ما سبب الحريق؟"),
    ("إيه الحكاية؟", "ما الحكاية؟"), ("وين السفينة اللي غرقت", "أين السفينة الذي غرقت"),
    ("كم عمر القبطان اللي غرق", "كم عمر القبطان الذي غرق"), ("القبطان استقال ليش؟", "القبطان استقال لماذا؟"),
    ("متي غرقت العبّارة؟", "متى غرقت العبّارة؟"), ("ومتي الناس اللي غرقوا رجعوا؟", "ومتى الناس الذي غرقوا رجعوا؟"),
    ("مين صار وزير؟", "من صار وزير؟"), ("مين حصل على الجائزة؟", "من حصل على الجائزة؟"),
    ("هالطيارة ليش نزلت؟", "الطائرة لماذا نزلت؟"), ("ليش تأخر الباص للكهربا؟", "لماذا تأخر الحافلة للكهرباء؟")])
def test_a_question_in_dialect_is_said_in_standard_arabic(asked: str, standard: str) -> None:
    assert in_standard(asked) == standard


@pytest.mark.parametrize("text", [
    "من صار وزيرا للنقل؟", "ماذا قال الوزير عن نص الاتفاق؟", "متى راح ضحيتها صياد؟", "كم عدد عيال الصياد؟", "", "؟",
    "Who signed it?", "متيم العبّارة", "أين القديس متي؟", "نفسي أعود", "عايز الصياد", "كام", "اسم السفينة اللي غرقت",
    # Names, and other words of the same letters.
    "جيب بوش", "كم سنة حكم بوش الأب؟", "أين مقر سي بي إيه؟", "إيه بي إن أمرو تبيع فرعا", "ما عمر جورج شو؟",
    "متى سجل وين روني هدفه؟", "وين روني يعود إلى النادي", "فين ديزل يزور الميناء", "مين أونغ يزور الميناء",
    "توك شو جديد", "ولية العهد تزور الميناء", "القاصر وولية أمرها", "آية تفوز بالسباق", "أمتي في خطر؟", "كأم أقول ذلك؟",
    "ليش فاليسا يستقيل",
    "من الصيادين اللي غرقوا", "متى عرضت مسرحية الناس اللي تحت؟", "متى عرض فيلم اللي بالي بالك؟",
    'متى صدرت أغنية "شو صار بالدنيا"؟', "ما يلي نص الاتفاق؟", "ماذا حدث في المحطة التي تلي الميناء وليش؟",
    # Doubtful ones, and denials.
    "خسر النادي من مين في السباق؟", "اتوقع مين يفوز؟", "مش صحيح ان الوزير استقال، ليه؟", "برنامج ليش الجديد؟",
    "قال شو إن السفينة غرقت"])
def test_a_text_that_may_be_no_question_in_dialect_stays(text: str) -> None:
    assert in_standard(text) == text


@pytest.mark.parametrize(("asked", "standard"), [
    ("ليش خرج الوزير من الحكومة؟", "لماذا خرج الوزير من الحكومة؟"),
    ("شو حكى الوزير عن جيب بوش؟", "ماذا قال الوزير عن جيب بوش؟"),
    ("شو صار للعالقين في العالم؟", "ماذا حدث للعالقين في العالم؟"), ("ليش تأخرت معالجته؟", "لماذا تأخرت معالجته؟"),
    ("ليش عالجوا القبطان؟", "لماذا عالجوا القبطان؟"), ("مين وجه الدعوة؟", "من وجه الدعوة؟"),
    ("شو صار في دهب؟", "ماذا حدث في دهب؟"), ("ليش غضب بدو النقب؟", "لماذا غضب بدو النقب؟"),
    ("ليش انقسم أتباع الوزير؟", "لماذا انقسم أتباع الوزير؟"), ("وين صار الغرق؟", "أين صار الغرق؟"),
    ("شو صار اسم النادي؟", "ماذا صار اسم النادي؟"), ("وين راح تبنى المحطة؟", "أين راح تبنى المحطة؟"),
    ("ليش مش راضي الوزير؟", "لماذا مش راضي الوزير؟"), ("مين الطيارة السعودية؟", "من الطيارة السعودية؟"),
    ("مين كسب مليون دينار؟", "من كسب مليون دينار؟"), ("ليش حطت الطائرة؟", "لماذا حطت الطائرة؟"),
    ("مين سجل الهدف اللي طلع النادي من البطولة؟", "من سجل الهدف الذي طلع النادي من البطولة؟"),
    ("ليش غضبت عربيات في المهجر؟", "لماذا غضبت عربيات في المهجر؟"),
    ("ليش خلصت اللجنة إلى ذلك؟", "لماذا خلصت اللجنة إلى ذلك؟"),
    ("شو قصة فيلم ولاد اللي غرق؟", "ما قصة فيلم ولاد اللي غرق؟"),
    ("كام واحد من الصيادين غرق؟", "كم واحد من الصيادين غرق؟")])
def test_in_a_question_in_dialect_words_that_mean_something_else_elsewhere_stay(asked: str, standard: str) -> None:
    assert in_standard(asked) == standard


@pytest.mark.parametrize(("asked", "kind"), [
    ("قديش واحد غرق؟", AnswerKind.QUANTITY), ("منو فتح السوق؟", AnswerKind.PERSON), ("فين السوق؟", AnswerKind.PLACE)])
def test_it_is_searched_for_so_and_parsed_as_it_was_typed(asked: str, kind: AnswerKind) -> None:
    parsed = parse_question(asked)
    assert parsed.text == asked
    assert (said_in_standard(parsed).kind, said_in_standard(parsed).text) == (kind, in_standard(asked))


def test_a_question_in_standard_arabic_is_searched_for_as_it_was_parsed() -> None:
    parsed = parse_question("متى غرقت السفينة؟")
    assert said_in_standard(parsed) is parsed


SHIP = (Article("a", "تحطمت الطائرة الكينية قرب الميناء. وقال القبطان إن السفينة بعيدة."),)


def test_words_said_in_standard_are_not_corrected_nor_unknown() -> None:
    snapshot = throwaway_snapshot(SHIP, WordEmbedder())
    vocabulary = Vocabulary(snapshot)
    asked = parse_question("وين تحطمت الطيارة الكينية قرب المينا؟")
    assert words_of_dialect(asked.text) == {"وين", "الطيارة"}
    found = corrected(snapshot, vocabulary, asked)
    assert found is not None
    assert found.text == "وين تحطمت الطيارة الكينية قرب الميناء؟"
    assert [each.word for each in unknown_words(vocabulary, asked)] == ["المينا"]


def test_the_answer_shows_the_question_as_it_was_typed() -> None:
    answerer = Answerer(throwaway_snapshot(SHIP, WordEmbedder()), WordEmbedder())
    asked = "وين تحطمت الطيارة الكينية؟"
    answer = answerer.ask(Question(asked))
    assert (answer.question.text, answer.understood_as, answer.did_you_mean) == (asked, None, None)
    standard = answerer.ask(Question(in_standard(asked)))
    assert [hit.score for hit in answer.hits] == [hit.score for hit in standard.hits]


def test_a_search_keeps_its_words() -> None:
    answerer = Answerer(throwaway_snapshot(SHIP, WordEmbedder()), WordEmbedder())
    typed, standard = (answerer.search(Question(text)) for text in ("وين تحطمت الطيارة؟", "أين تحطمت الطائرة؟"))
    assert [hit.score for hit in typed.hits] != [hit.score for hit in standard.hits]
