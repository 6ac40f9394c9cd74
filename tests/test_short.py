"""The short answer: the span that the reader found, moved to the cited copy, trimmed, or the date that answers when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from index.types import Article, Sentence
from qa.answer.counted import lacks_counted
from qa.answer.ranking import Evidence, RankedSentence
from qa.answer.short import SHOWN_FROM_LEAD, with_answers
from qa.question.kinds import AnswerKind
from qa.question.parsed import parse_question
from qa.types.citation import Citation

TEXT = "وصل الوفد صباحا. وقال الوزير إن «الاتفاق» وُقّع يوم الثلاثاء في الدوحة، بحضور 30 وفدا."
SENTENCE = Sentence(17, len(TEXT))
ARTICLE = Article("a", TEXT, published="2018-05-10")


def read(span: tuple[int, int] | None, *, lead: float = 2.0, article: Article = ARTICLE,
         sentence: Sentence = SENTENCE) -> RankedSentence:
    evidence = Evidence(0.8, 0.8, 0.5, 0.5, 1, 1, 1, 1, is_counted=False, wants_count=False, kind=AnswerKind.OTHER,
                        kind_shown=0, same_script=True, relevance=2.0, lead=lead)
    return RankedSentence(article, sentence, 1, 0, 1.0, evidence, span)


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def cited(article: Article = ARTICLE, sentence: Sentence = SENTENCE) -> Citation:
    return Citation(1, article, sentence.start, sentence.end)


def short(question: str, ranked: Sequence[RankedSentence], citation: Citation | None = None) -> str | None:
    (found, *_), answer = with_answers(parse_question(question), [citation or cited()], ranked)
    if answer is None:
        return None
    assert found.answer == (answer.start, answer.end)
    assert found.start <= answer.start < answer.end <= found.end
    assert answer.article.text[answer.start:answer.end] == answer.text
    return answer.text


@pytest.mark.parametrize(("words", "shown"), [
    ("الدوحة", "الدوحة"), (" في الدوحة،", "في الدوحة"), ("«الاتفاق»", "الاتفاق"), ("30 وفدا.", "30 وفدا")])
def test_the_span_is_shown_without_what_stands_around_it(words: str, shown: str) -> None:
    assert short("أين وُقّع الاتفاق؟", [read(place(words))]) == shown


@pytest.mark.parametrize(("words", "shown"), [
    ("مليونًا", "مليونًا ونصف المليون درهم"), ("نصف المليون", "مليونًا ونصف المليون درهم"),
    ("مليونًا ونصف المليون", "مليونًا ونصف المليون"), ("120", "120 ألف"), ("120 ألف زائر", "120 ألف زائر"),
    ("ثلاثة آلاف", "ثلاثة آلاف"), ("معرض الكتاب", "معرض الكتاب")])
def test_a_span_never_has_a_part_of_an_amount(words: str, shown: str) -> None:
    text = "جمع معرض الكتاب مليونًا ونصف المليون درهم، وزاره 120 ألف زائر وثلاثة آلاف تلميذ."
    article, sentence = Article("a", text), Sentence(0, len(text))
    ranked = [read(place(words, text), article=article, sentence=sentence)]
    assert short("ماذا جمع المعرض؟", ranked, cited(article, sentence)) == shown


@pytest.mark.parametrize(("words", "shown"), [
    ("بـ50 ألف درهم", "50 ألف درهم"), ("بـ 40 ألف درهم", "40 ألف درهم"), ("بمليون درهم", "مليون درهم"),
    ("30 ألف صوت، مقابل 12 ألف صوت", "30 ألف صوت"), ("30 ألف صوت", "30 ألف صوت"),
    ("20 خيمة بدلا من 9", "20 خيمة"), ("بلدة من ألف بيت", "بلدة من ألف بيت"), ("مقابل 12 ألف صوت", "مقابل 12 ألف صوت")])
def test_an_amount_is_shown_without_its_preposition_and_what_it_is_held_against(words: str, shown: str) -> None:
    text = ("بيعت الأرض بـ50 ألف درهم والدار بـ 40 ألف درهم والسوق بمليون درهم، ونال سالم 30 ألف صوت، مقابل 12 ألف صوت "
            "لغيره، وأقيمت 20 خيمة بدلا من 9 قرب بلدة من ألف بيت.")
    article, sentence = Article("a", text), Sentence(0, len(text))
    ranked = [read(place(words, text), article=article, sentence=sentence)]
    assert short("كم بلغ ذلك؟", ranked, cited(article, sentence)) == shown


@pytest.mark.parametrize(("words", "shown"), [
    ("السبت لولاية ثانية بعد فوزه بالانتخابات في مارس الماضي", "مارس الماضي"),
    ("السبت", "مارس الماضي"), ("في مارس الماضي", "في مارس الماضي")])
def test_of_several_dates_in_a_span_the_one_that_answers_is_shown(words: str, shown: str) -> None:
    text = "أدى المحافظ اليمين السبت لولاية ثانية بعد فوزه بالانتخابات في مارس الماضي."
    article, sentence = Article("a", text, published="2018-06-02"), Sentence(0, len(text))
    ranked = [read(place(words, text), article=article, sentence=sentence)]
    assert (short("متى كان فوزه بالانتخابات؟", ranked, cited(article, sentence)) or "").removeprefix("في ") \
        == shown.removeprefix("في ")


def test_both_ends_of_a_period_are_shown() -> None:
    text = "يقام المعرض من 3 مارس إلى 5 أبريل 2018 في الميناء."
    article, sentence = Article("a", text, published="2018-02-02"), Sentence(0, len(text))
    ranked = [read(place("3 مارس إلى 5 أبريل 2018", text), article=article, sentence=sentence)]
    assert short("متى يقام المعرض؟", ranked, cited(article, sentence)) == "3 مارس إلى 5 أبريل 2018"


def test_a_span_that_the_reader_itself_hardly_believes_is_not_shown() -> None:
    assert short("أين وُقّع الاتفاق؟", [read(place("الدوحة"), lead=SHOWN_FROM_LEAD - 0.1)]) is None
    assert short("أين وُقّع الاتفاق؟", [read(place("الدوحة"), lead=SHOWN_FROM_LEAD)]) == "الدوحة"


def test_without_a_reader_only_a_date_is_shown() -> None:
    assert short("أين وُقّع الاتفاق؟", [read(None)]) is None
    assert short("متى وُقّع الاتفاق؟", [read(None)]) == "يوم الثلاثاء"
    assert short("أين؟", []) is None


def test_a_day_is_resolved_only_for_a_question_about_time() -> None:
    for question, resolved in (("متى وُقّع الاتفاق؟", date(2018, 5, 8)), ("ماذا أعلن الوزير؟", None)):
        _, answer = with_answers(parse_question(question), [cited()], [read(place("يوم الثلاثاء"))])
        assert answer is not None
        assert (answer.text, answer.resolved) == ("يوم الثلاثاء", resolved)
        assert answer.as_json()["resolved"] == (None if resolved is None else {
            "date": "2018-05-08", "approximate": False})


def test_a_span_that_is_no_time_gives_way_to_the_date_of_the_sentence() -> None:
    assert short("متى وُقّع الاتفاق؟", [read(place("الدوحة"))]) == "يوم الثلاثاء"


def test_the_span_moves_with_the_sentence_to_the_copy_that_is_cited() -> None:
    copy = Article("b", TEXT[17:], published="2018-05-09")
    citation = cited(copy, Sentence(0, len(copy.text)))
    assert short("أين وُقّع الاتفاق؟", [read(place("الدوحة"))], citation) == "الدوحة"


def test_every_citation_has_its_span_and_the_first_gives_the_short_answer() -> None:
    first = Sentence(0, 16)
    found, answer = with_answers(parse_question("ماذا أعلن؟"), [cited(sentence=first), cited()],
                                 [read(place("صباحا"), sentence=first), read(place("الدوحة"))])
    assert [TEXT[slice(*citation.answer)] for citation in found if citation.answer] == ["صباحا", "الدوحة"]
    assert answer is not None
    assert answer.text == "صباحا"
    assert found[0].as_json()["answer_start"] == TEXT.index("صباحا")


def test_a_first_citation_without_a_span_has_no_short_answer() -> None:
    first = Sentence(0, 16)
    found, answer = with_answers(parse_question("ماذا أعلن؟"), [cited(sentence=first), cited()],
                                 [read(None, sentence=first), read(place("الدوحة"))])
    assert answer is None
    assert [citation.answer is None for citation in found] == [True, False]


def test_nothing_cited_is_no_answer() -> None:
    assert with_answers(parse_question("أين؟"), [], [read(place("الدوحة"))]) == ((), None)


def short_of(question: str, words: str, text: str) -> str | None:
    article, sentence = Article("a", text), Sentence(0, len(text))
    return short(question, [read(place(words, text), article=article, sentence=sentence)], cited(article, sentence))


def test_what_happened_is_answered_by_the_main_clause_whatever_the_reader_found() -> None:
    text = "انهار سقف السوق القديم في المدينة، مما أدى إلى إصابة سبعة باعة بدعوة من البلدية."
    assert short_of("ماذا جرى في السوق؟", "بدعوة من البلدية", text) == "انهار سقف السوق القديم في المدينة"
    assert short_of("ماذا أصاب الباعة؟", "بدعوة من البلدية", text) == "بدعوة من البلدية"


def test_what_happened_has_no_short_answer_where_no_main_clause_comes_first() -> None:
    text = "وبعد انهيار السقف، بحث رجال الإطفاء عن الباعة."
    assert short_of("ماذا حدث في السوق؟", "رجال الإطفاء", text) is None
    assert short_of("من بحث عن الباعة؟", "رجال الإطفاء", text) == "رجال الإطفاء"


@pytest.mark.parametrize(("question", "words", "shown"), [
    ("هل استقال عميد الكلية؟", "الاستقالة", None), ("هل استقال عميد الكلية؟", "يرفض الاستقالة", "يرفض الاستقالة"),
    ("لماذا يرفض عميد الكلية؟", "العميد", None), ("لماذا يرفض عميد الكلية؟", "الاستقالة", "الاستقالة"),
    ("ماذا يرفض عميد الكلية، الاستقالة؟", "الاستقالة", "الاستقالة"),
    ("هل يرفض العميد الاستقالة أم التقاعد؟", "الاستقالة", "الاستقالة")])
def test_words_of_the_question_alone_are_no_answer(question: str, words: str, shown: str | None) -> None:
    assert short_of(question, words, "قال العميد إنه يرفض الاستقالة من الكلية.") == shown


@pytest.mark.parametrize(("question", "shown"), [
    ("لماذا رحّلت الشركة العمال؟", None), ("ليش رحّلت الشركة العمال؟", None),
    ("كيف رحّلت الشركة العمال؟", "رغم قسوة الشتاء")])
def test_what_happened_in_spite_of_something_did_not_happen_for_it(question: str, shown: str | None) -> None:
    assert short_of(question, "رغم قسوة الشتاء", "رحّلت الشركة العمال رغم قسوة الشتاء.") == shown


@pytest.mark.parametrize(("words", "shown"), [
    ("من طراز \"نورس 7", "من طراز \"نورس 7\""), ("\"نورس 7\"", "نورس 7"), ("نورس 7", "نورس 7"),
    ("البحرية» من طراز", "«البحرية» من طراز"), ("طائرة (تدريب", "طائرة (تدريب)"), ("(تدريب)", "تدريب")])
def test_a_span_never_has_one_of_two_marks(words: str, shown: str) -> None:
    text = "سقطت طائرة (تدريب) تابعة لشركة «البحرية» من طراز \"نورس 7\"."
    assert short_of("ماذا سقط؟", words, text) == shown


@pytest.mark.parametrize(("question", "shown"), [
    ("كم صيادا عاد؟", "12 ألف عامل"), ("كم مغربيا رحّلت الشركة؟", "9 آلاف بحار مغربي"),
    ("كم بحارا رحّلت الشركة؟", "9 آلاف بحار"), ("كم مصريا رحّلت الشركة؟", "40 ألف مصري")])
def test_the_noun_that_is_counted_may_be_the_second_behind_its_number(question: str, shown: str) -> None:
    text = "رحّلت الشركة 9 آلاف بحار مغربي، وتخشى النقابة ترحيل 40 ألف مصري، وعاد 12 ألف عامل وصياد."
    assert short_of(question, "12 ألف عامل", text) == shown


AMOUNTS = "اشترت القرية سبع عشرة مضخة وتسعة خزانات بمبلغ 4 ملايين ليرة، أي نحو 310 آلاف دولار."


@pytest.mark.parametrize(("question", "answer"), [
    ("كم خزانا اشترت القرية؟", "تسعة خزانات"), ("كم مضخة اشترت القرية؟", "سبع عشرة مضخة"),
    ("بكم دولار اشترت القرية المضخات؟", "310 آلاف دولار"), ("كم ليرة دفعت القرية؟", "4 ملايين ليرة"),
    ("كم يورو دفعت القرية؟", "سبع عشرة مضخة"), ("ماذا اشترت القرية؟", "سبع عشرة مضخة")])
def test_the_amount_of_what_is_counted_is_the_answer_whatever_the_reader_found(question: str, answer: str) -> None:
    article = Article("a", AMOUNTS)
    whole = Sentence(0, len(AMOUNTS))
    found = read(place("سبع عشرة مضخة", AMOUNTS), article=article, sentence=whole)
    assert short(question, [found], cited(article, whole)) == answer


def test_a_sentence_that_a_rule_put_first_has_its_span_though_the_reader_preferred_another() -> None:
    other = Article("b", "وصل الوفد مساء إلى المطار.")
    best = read((0, 4), lead=3.0, article=other, sentence=Sentence(0, len(other.text)))
    moved = read(place("الثلاثاء"), lead=SHOWN_FROM_LEAD - 9)
    assert short("ماذا أعلن؟", [best, moved], cited()) == "الثلاثاء"
    assert short("ماذا أعلن؟", [moved, best], cited()) is None


PRESENT = "انعقد المجلس بحضور 40 نائبا، وغاب نائبان، واعتذرت نائبة."


@pytest.mark.parametrize(("question", "shown"), [
    ("كم نائبا غاب عن الجلسة؟", "نائبان"), ("كم نائبا حضر الجلسة؟", "40 نائبا"), ("كم نائبا استقال؟", "40 نائبا")])
def test_two_of_a_kind_behind_the_verb_asked_about_are_the_answer(question: str, shown: str) -> None:
    article, sentence = Article("a", PRESENT), Sentence(0, len(PRESENT))
    ranked = [read(place("40 نائبا", PRESENT), article=article, sentence=sentence)]
    assert short(question, ranked, cited(article, sentence)) == shown


TOLD = "وُقّع اتفاق المصايد يوم 9 نيسان 2017 بعد محادثات بدأت في 3 مارس 2016."


@pytest.mark.parametrize(("question", "found", "told", "shown"), [
    ("متى وُقّع اتفاق المصايد في 2016؟", "3 مارس 2016", (date(2017, 4, 9), date(2017, 4, 9)), "9 نيسان 2017"),
    ("متى وُقّع اتفاق المصايد في 2016؟", "9 نيسان 2017", (date(2017, 1, 1), date(2017, 12, 31)), "9 نيسان 2017"),
    ("متى وُقّع اتفاق المصايد في 2016؟", "3 مارس 2016", (date(2014, 1, 1), date(2014, 12, 31)), None),
    ("متى وُقّع اتفاق المصايد؟", "3 مارس 2016", None, "9 نيسان 2017"),
    ("ماذا وُقّع في 2016؟", "3 مارس 2016", (date(2017, 4, 9), date(2017, 4, 9)), "3 مارس 2016")])
def test_when_is_answered_by_no_date_that_the_named_premise_denies(
        question: str, found: str, told: tuple[date, date] | None, shown: str | None) -> None:
    article, sentence = Article("a", TOLD), Sentence(0, len(TOLD))
    _, answer = with_answers(parse_question(question), [cited(article, sentence)],
                             [read(place(found, TOLD), article=article, sentence=sentence)], told)
    assert (None if answer is None else answer.text.removeprefix("يوم ")) == shown


CARGO = ("صادر الحرس 3 ملايين درهم ونحو 40 ألف قذيفة من السفينة، وأصيب 7 في المئة من الركاب. "
         "وكان فيها 25 صندوقا و12 مدفعا.")


@pytest.mark.parametrize(("question", "found", "shown", "is_of_other"), [
    ("كم صندوقا صودر؟", "3 ملايين درهم", None, True), ("كم مدفعا صودر؟", "40 ألف قذيفة", None, True),
    ("كم قذيفة صودرت؟", "40 ألف قذيفة", "40 ألف قذيفة", False),
    ("كم لغما صودر؟", "40 ألف قذيفة", "40 ألف قذيفة", False),  # no amount of mines is told
    ("كم غرامة دفعوا؟", "3 ملايين درهم", "3 ملايين درهم", False),
    ("كم صندوقا صودر؟", "7 في المئة", "7 في المئة", False), ("كم درهما صودر؟", "3 ملايين درهم", "3 ملايين درهم", False),
    ("كم قيمة البضاعة؟", "3 ملايين درهم", "3 ملايين درهم", False)])
def test_an_amount_of_something_else_is_no_answer(question: str, found: str, shown: str | None, is_of_other: bool
                                                  ) -> None:
    article, sentence = Article("a", CARGO), Sentence(0, CARGO.index(" وكان"))
    ranked = [read(place(found, CARGO), article=article, sentence=sentence)]
    assert short(question, ranked, cited(article, sentence)) == shown
    assert lacks_counted(parse_question(question), ranked[0]) == is_of_other
