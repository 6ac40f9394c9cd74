"""What a question takes for granted although the articles deny it or lack it."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.premise import premise_of
from qa.answer.ranking import rank_sentences
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

DENIAL = "نفت شركة الميناء وجود خطة لتسريح 200 موظف."
RESIGNATION = "لم يستقل وزير النقل من منصبه."
BRIDGE = "افتتح الوزير سالم جسر الميناء الكبير في 8 مايو 2018."
HOSTAGES = "أفرجت السلطات عن 52 رهينة من سفارة البلاد أمس."
SEATS = "نال حزب البناء 51 في المئة من مقاعد البلدية، ونال حزب الزراعة 49 في المئة."
COMPANY = "وافقت شركة النخيل على البيع، وقال مديرها نزار الصفدي إن ميزانيتها لا تكفيها."
SENTENCE = "حكمت محكمة الميناء على الصياد فرحات بالسجن 12 عاما."
ENGLISH = "The company denied reports of a plan to dismiss 200 workers."


def premise(question: str, *texts: str, published: str = "") -> tuple[str, str] | None:
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([Article(str(number), text, published=published)
                                   for number, text in enumerate(texts)], embedder)
    asked = parse_question(question)
    candidates = retrieve(snapshot, asked, embedder.embed_query(question), None, 5)
    found = premise_of(asked, rank_sentences(snapshot, asked, candidates, 8), snapshot.lexical)
    return None if found is None else (found.text, found.why)


@pytest.mark.parametrize(("question", "text", "premise_text", "why"), [
    ("من أعلن خطة لتسريح 200 موظف؟", DENIAL, "من أعلن خطة لتسريح 200 موظف", f"المقالات تنفي ذلك: «{DENIAL}»"),
    ("متى استقال وزير النقل؟", RESIGNATION, "متى استقال وزير النقل", f"المقالات تنفي ذلك: «{RESIGNATION}»"),
    ("Who announced a plan to dismiss 200 workers?", ENGLISH, "Who announced a plan to dismiss 200 workers",
     f"The articles deny this: “{ENGLISH}”"),
    ("من افتتح جسر الميناء الكبير عام 2016؟", BRIDGE, "عام 2016",
     f"تذكر المقالات عام 2018، لا عام 2016: «{BRIDGE}»"),
    ("متى أفرجت السلطات عن 66 رهينة من سفارة البلاد؟", HOSTAGES, "66 رهينة",
     f"تذكر المقالات «52 رهينة»، لا «66 رهينة»: «{HOSTAGES}»"),
    ("لماذا حكمت محكمة الميناء على الصياد فرحات بالسجن عشرين سنة؟", SENTENCE, "عشرين سنة",
     f"تذكر المقالات «12 عاما»، لا «عشرين سنة»: «{SENTENCE}»"),
    ("لماذا نال حزب البناء 60 في المئة من مقاعد البلدية؟", SEATS, "60 في المئة",
     f"تذكر المقالات «51 في المئة» و«49 في المئة»، لا «60 في المئة»: «{SEATS}»"),
    ("ماذا افتتح الوزير نعمان في الميناء؟", BRIDGE, "نعمان", "لا يرد اسم «نعمان» في أي من المقالات."),
    ("Which bridge did Romanov open?", "The minister opened the new bridge.", "Romanov",
     "The name “Romanov” is in none of the articles."),
    ("من قال إن ميزانية شركة الورد لا تكفيها؟", COMPANY, "شركة الورد",
     f"تذكر المقالات «شركة النخيل»، لا «شركة الورد»: «{COMPANY}»")])
def test_a_false_premise_is_named(question: str, text: str, premise_text: str, why: str) -> None:
    assert premise(question, text) == (premise_text, why)


@pytest.mark.parametrize(("question", "texts"), [
    ("من نفى وجود خطة لتسريح 200 موظف؟", (DENIAL,)), ("هل أعلنت الشركة خطة لتسريح 200 موظف؟", (DENIAL,)),
    ("لماذا لم يستقل وزير النقل؟", (RESIGNATION,)), ("متى استقال وزير النقل؟", ("استقال وزير النقل أمس.", RESIGNATION)),
    ("متى استقال وزير النقل؟", ("لم يستقل وزير النقل إلا بعد عام.",)),
    ("من وقّع معاهدة الميناء؟", ("لم توقع فرنسا معاهدة الميناء.",)), ("متى استقال وزير الدفاع؟", (RESIGNATION,)),
    ("لماذا حكمت محكمة الميناء على الصياد فرحات بالسجن 12 سنة؟", (SENTENCE,)),
    ("من افتتح جسر الميناء الكبير عام 2018؟", (BRIDGE,)), ("من افتتح جسر الميناء الكبير في مايو؟", (BRIDGE,)),
    ("من افتتح جسر الميناء الكبير عام 2016؟", (BRIDGE, "بدأ بناء الجسر عام 2016.")),
    ("من هدم سوق المدينة القديمة عام 2016؟", (BRIDGE,)),
    ("من افتتح جسر الميناء الكبير عام 1995؟", ("افتتح الوزير سالم جسر الميناء الكبير في التسعينيات.",)),
    ("متى أفرجت السلطات عن 52 رهينة من سفارة البلاد؟", (HOSTAGES,)),
    ("متى أفرجت السلطات عن نحو 50 رهينة من سفارة البلاد؟", (HOSTAGES,)),
    ("متى أفرجت السلطات عن 10 رهائن من سفارة البلاد؟", (HOSTAGES, "وكان 10 منهم مرضى.")),
    ("ماذا افتتح الوزير سالم في الميناء؟", (BRIDGE,)), ("ماذا افتتح الوزير سالِم؟", (BRIDGE,)),
    ("ماذا افتتح الوزير الجديد؟", (BRIDGE,)),
    ("Which bridge did YouTube show?", ("The site showed the new bridge.", "عرض يوتيوب الجسر.")),
    ("Which bridge did Romanov open?", ("The minister opened the new bridge.", "افتتح رومانوف الجسر.")),
    ("من قال إن ميزانية شركة النخيل لا تكفيها؟", (COMPANY,)),
    ("أي شركة وافقت على البيع وقالت إن ميزانيتها لا تكفيها؟", (COMPANY,)),
    ("هل يعارض حزب الينبوع رفع رسوم الميناء؟", (
        "وعارض حزب الوادي رفع رسوم الميناء.", "وأيد حزب الينبوع رفع رسوم الميناء.")),
    ("من قال إن ميزانية شركة الورد لا تكفيها؟", (COMPANY, "قال نادر إن ميزانية شركة الورد لا تكفيها."))])
def test_a_premise_that_holds_or_is_unclear_is_not_objected_to(question: str, texts: tuple[str, ...]) -> None:
    assert premise(question, *texts) is None


COLLAPSE = "انهار سقف سوق المدينة القديمة صباح الثلاثاء."


@pytest.mark.parametrize(("asked", "published", "expected"), [
    (2009, "2018-08-14", ("عام 2009", f"تذكر المقالات عام 2018، لا عام 2009: «{COLLAPSE}»")),
    (2018, "2018-08-14", None), (2009, "", None)])
def test_a_sentence_without_a_year_is_of_the_year_of_its_article(asked: int, published: str,
                                                                 expected: tuple[str, str] | None) -> None:
    assert premise(f"أين انهار سقف سوق المدينة القديمة عام {asked}؟", COLLAPSE, published=published) == expected


def test_an_article_about_something_else_does_not_save_a_wrong_year() -> None:
    elsewhere = "فاز حصان أسود في سباق الخيل عام 2016."
    found = premise("من افتتح جسر الميناء الكبير عام 2016؟", BRIDGE, elsewhere)
    assert found is not None
    assert found[0] == "عام 2016"
