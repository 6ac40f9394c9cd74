"""Where sentences end in texts that are not written as one would wish: glued, escaped, wrapped, full of short forms."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[sentence.start:sentence.end] for sentence in split_sentences(text)]


# ---- stops without a space behind them, or with one before ----

@pytest.mark.parametrize("expected", [
    ["تأخرت القافلة!", "واعتذر السائق"],
    ["من أحرق البيدر؟", "لا أحد رآه."],
    ["قال: «البئر جفّت».", "وأضاف أن النبع بعيد"],
    ["قال: «البئر جفّت.»", "وأضاف أن النبع بعيد"],
    ['قال: "البئر جفّت".', "ثم انصرف"],
    ["بلغ العدد 120.", "وارتفع بعد ذلك"],
    ["زادت النسبة 12%.", "وتراجع الطلب"],
    ["صدر القرار عام 2011.", "وألغي بعد عام"],
    ["سلّم له.", "ثم خرج"],
    ["انتهى الحفل.", "«كان جميلًا» قالت الطفلة"],
    ["انتهى الحفل.", '"كان جميلًا" قالت الطفلة'],
    ["وصلت الشاحنة۔", "وأفرغت حمولتها۔", "ثم عادت"],
    ["He left the village.", "Then the rain began."],
    ["Did she leave?", "Nobody knows."]])
def test_a_stop_without_a_space_behind_it_ends_a_sentence(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("غادر القطار المحطة .ثم توقف .وانتظر الركاب", ["غادر القطار المحطة .", "ثم توقف .", "وانتظر الركاب"]),
    ("غادر القطار المحطة . ثم توقف", ["غادر القطار المحطة .", "ثم توقف"]),
    ("هل غادر ؟لا", ["هل غادر ؟", "لا"]),
    ("قال: «تعبنا» .وجلس", ["قال: «تعبنا» .", "وجلس"])])
def test_a_stop_with_a_space_before_it_belongs_to_what_precedes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("sentence", [
    "بلغ السعر 3.75 دراهم و٢.٥ دينار و10.000 ليرة.",
    "نُشر الجدول في https://suq.example/a.php?q=1&اسم=قمح!جديد وفي الملحق.",
    "أرسل الرسالة إلى naji.barid@suq.example.org قبل الظهر.",
    "أرفق بها qaima.pdf و report.Final.Docx ثم أغلقها.",
    "كتب أ.د.سمير ود.محمد وم.ليلى التقرير.",
    "يعمل في بي.بي.سي منذ سنوات.",
    "اشترى محركا من طراز سي.إف.إم56 أو تي.أم.زد قديما.",
    "قدم من إف. بي. آي إلى المدينة.",
    "اشترى سيارة من طراز ب.م.و قديمة.",
    "ربما…لا يعرف أحد.",
    "قال...ثم سكت طويلا.",
    "The file is at suq.example.Com and in notes.Txt today.",
    "He works for Booking.Com and Drive.AI since spring."])
def test_a_mark_inside_a_name_a_number_or_an_address_ends_nothing(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


# ---- short forms ----

@pytest.mark.parametrize("sentence", [
    "تبعد القرية 14 كلم. عن النهر.", "قطر الأنبوب 30 سم. تقريبا.", "وزنها 5 كغ. من الطحين.", "سمكه 4 ملم. فقط.",
    "سُجّل البلاغ رقم. 77 في المخفر.", "يقع في الصفحة ص. 12 من السجل.", "سار بسرعة 60 كم/سا. على الطريق.",
    "عام 1440 هـ. في مكة.", "قبل القرن الثاني ق.م. بقليل.", "اشترى القمح والشعير الخ. من السوق.",
    "المقر: ص.ب. 33 في المدينة.", "طوله 7 م. وعرضه 3 م. كما قيل.",
    "He ran 5 km. in June.", "See art. 5 and par. 7 of the law.", "It weighs 3 kg. or so."])
def test_the_full_stop_of_a_short_form_ends_nothing(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize("expected", [
    ["تبعد القرية 14 كلم.", "وأضاف أن الطريق وعر."], ["حطّم أعلى رقم.", "ثم اعتزل."], ["He said no.", "Then he left."],
    ["كسر العداء الرقم.", "وصفق الجمهور."]])
def test_a_short_form_may_end_a_sentence(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


# ---- lists ----

@pytest.mark.parametrize("mark", ["■ ", "■", "◆ ", "➤ ", "➤", "✔ ", "✔\ufe0f ", "• ", "•", "▪", "● ", "→ ", "📌 ",
                                  "1ـ ", "٢ـ ", "✅"])
def test_marks_of_list_items_are_no_part_of_their_sentences(mark: str) -> None:
    text = f"وتشمل الخطة:\n{mark}حفر بئرين.\n{mark}شق طريق."
    found = split_sentences(text)
    assert [(text[each.start:each.end], text[slice(*each.lead_in)]) for each in found] == [
        ("وتشمل الخطة:", ""), ("حفر بئرين.", "وتشمل الخطة:"), ("شق طريق.", "وتشمل الخطة:")]


# ---- what is left of pages and of escaping ----

@pytest.mark.parametrize("between", ["\\n", "\\n\\n", "\\r\\n", "<br/>", "<br>", "<BR />", "</p><p>",
    '</p>\n<p class="x">',
                                     "&nbsp;", " &nbsp; ", "&#160;", "</div>"])
def test_escaped_line_ends_and_tags_part_sentences_and_are_in_none(between: str) -> None:
    text = f"فتح المخبز أبوابه.{between}وباع ألف رغيف."
    assert sentences(text) == ["فتح المخبز أبوابه.", "وباع ألف رغيف."]


@pytest.mark.parametrize(("text", "expected"), [
    ("سمّى المخبز &quot;السنبلة.&quot; وباع", ["سمّى المخبز &quot;السنبلة.&quot;", "وباع"]),
    ("سمّى المخبز &quot;السنبلة&quot;.وباع", ["سمّى المخبز &quot;السنبلة&quot;.", "وباع"]),
    ("سمّاه &laquo;السنبلة.&raquo; وباع", ["سمّاه &laquo;السنبلة.&raquo;", "وباع"]),
    ("<p>فتح المخبز <b>أبوابه.</b> وباع</p>", ["فتح المخبز <b>أبوابه.</b>", "وباع"]),
    ("عنوان\\nفتح المخبز أبوابه صباح اليوم\\nوباع ألف رغيف", ["عنوان", "فتح المخبز أبوابه صباح اليوم",
                                                                  "وباع ألف رغيف"])])
def test_entities_and_tags_close_as_the_marks_do_that_they_stand_for(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("sentence", ["حُفظ في C:\\news\\notes كما قيل", "x < y و y > z كما قيل", "AT&T وشركة P&O"])
def test_what_only_looks_like_them_is_kept(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


# ---- wrapped lines ----

WRAPPED = """\
افتتحت بلدية وادي الزيتون مساء أمس سوقها الجديدة قرب المحطة القديمة
بعد عامين من الأشغال. وقالت رئيسة البلدية إن السوق تضم مئة
وأربعين دكانا، وإن ثلثها خُصص للمزارعين من القرى المجاورة
الذين لا يملكون محالّ في المدينة.

وأضافت أن البلدية ستعفيهم من الإيجار عاما كاملا، ثم تتقاضى
نصفه في العام الذي يليه."""


def test_lines_that_were_wrapped_are_one_paragraph() -> None:
    assert [each.replace("\n", " ") for each in sentences(WRAPPED)] == [
        "افتتحت بلدية وادي الزيتون مساء أمس سوقها الجديدة قرب المحطة القديمة بعد عامين من الأشغال.",
        "وقالت رئيسة البلدية إن السوق تضم مئة وأربعين دكانا، وإن ثلثها خُصص للمزارعين من القرى المجاورة الذين لا يملكون "
        "محالّ في المدينة.",
        "وأضافت أن البلدية ستعفيهم من الإيجار عاما كاملا، ثم تتقاضى نصفه في العام الذي يليه."]


def test_carriage_returns_and_indents_make_no_difference() -> None:
    assert [each.split() for each in sentences(WRAPPED.replace("\n", "\r\n  "))] == [
        each.split() for each in sentences(WRAPPED)]


def test_english_lines_that_were_wrapped_are_one_paragraph() -> None:
    text = ("The valley's new market opened last night beside the old station\n"
            "after two years of work. The mayor said that it has a hundred\n"
            "and forty shops, a third of them for farmers.")
    assert len(sentences(text)) == 2


def test_items_of_a_list_may_be_wrapped() -> None:
    text = ("تشمل الخطة ما يلي:\n"
            "- إعادة تأهيل الطريق الجبلي الذي يصل القرى الثلاث بالمدينة في\n"
            "  غضون عام واحد من توقيع العقد.\n"
            "- بناء مدرسة ابتدائية تتسع لثلاثمئة تلميذ في القرية الوسطى قرب\n"
            "  البيدر القديم.")
    assert [" ".join(each.split()) for each in sentences(text)] == [
        "تشمل الخطة ما يلي:",
        "إعادة تأهيل الطريق الجبلي الذي يصل القرى الثلاث بالمدينة في غضون عام واحد من توقيع العقد.",
        "بناء مدرسة ابتدائية تتسع لثلاثمئة تلميذ في القرية الوسطى قرب البيدر القديم."]


@pytest.mark.parametrize("text", [
    # headlines, a line each
    "البلدية تفتتح سوقا جديدة قرب المحطة القديمة\n"
    "المزارعون يطالبون بإعفائهم من الإيجار عاما\n"
    "طريق جبلي جديد يصل القرى الثلاث بالمدينة",
    # an interview
    "المذيعة: متى تفتتحون السوق الجديدة قرب المحطة؟\n"
    "رئيسة البلدية: نفتتحها مساء الغد بحضور التجار.\n"
    "المذيعة: وهل تعفون المزارعين من الإيجار هذا العام؟\n"
    "رئيسة البلدية: نعفيهم عاما كاملا ثم نصف عام.",
    # paragraphs of one sentence
    "افتتحت بلدية الوادي سوقها الجديدة قرب المحطة القديمة.\n"
    "وقالت رئيسة البلدية إن السوق تضم مئة وأربعين دكانا.\n"
    "وأضافت أنها ستعفي المزارعين من الإيجار عاما.",
    # a heading and its paragraph
    "سوق جديدة للمزارعين\nافتتحت بلدية الوادي سوقها قرب المحطة.",
    # a table
    "الفريق والنقاط\nالنسور 12\nالصقور 9\nالبزاة 4."])
def test_lines_that_stand_for_themselves_are_not_joined(text: str) -> None:
    assert sentences(text) == text.split("\n")
