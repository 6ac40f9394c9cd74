"""What a quote must not lose: separators in figures, negations, conditions; and what it may."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.index_state import IndexState
from qa.verify.quote import Quote, Verification
from qa.verify.verify import verify
from tests.fakes import WordEmbedder
from tests.quoting import check


def differences(found: Verification) -> list[tuple[str, str, str]]:
    return [(each.kind, each.quote, each.source) for each in found.differences]


FIGURES = ("زاد إنتاج المعمل 14.5% في الشتاء، وبلغت أرباحه 20.75 مليون ليرة بسعر 4.25 ليرة للسهم. "
           "وفاز فريقه 11-3 مساء الأحد. "
           "وصدر القانون 18/47 عند الساعة 11:45، ورقم المكتب 0991-234-567. وهبطت الحرارة إلى -7 درجات في 05/03/2018. "
           "وبيع ١٣٬٤٥٠ كيسا، وبلغت الوفيات 6‰ بين عامي 2014-2016، بنسبة 2:1 للرجال.")


@pytest.mark.parametrize(("quote", "mine", "theirs"), [
    ("زاد إنتاج المعمل 145% في الشتاء", "145", "14.5"),
    ("بلغت أرباحه 2075 مليون ليرة بسعر", "2075 مليون", "20.75 مليون"),
    ("بسعر 425 ليرة للسهم", "425", "4.25"), ("وفاز فريقه 113 مساء الأحد", "113", "11-3"),
    ("وفاز فريقه 3-11 مساء الأحد", "3-11", "11-3"), ("وصدر القانون 1847 عند الساعة", "1847", "18/47"),
    ("عند الساعة 1145 ورقم المكتب", "1145", "11:45"), ("وهبطت الحرارة إلى 7 درجات في", "", "-"),
    ("إلى -7 درجات في 5/3/2019", "5/3/2019", "05/03/2018"), ("وبيع 13.450 كيسا وبلغت الوفيات", "13.450", "١٣٬٤٥٠"),
    ("وبلغت الوفيات 6% بين عامي", "%", "‰"), ("بين عامي 20142016 بنسبة", "20142016", "2014-2016"),
    ("بنسبة 21 للرجال", "21", "2:1")])
def test_a_figure_without_its_separator_is_another_figure(quote: str, mine: str, theirs: str) -> None:
    found = check(FIGURES, quote)
    assert (found.verdict, [pair[1:] for pair in differences(found)]) == ("altered", [(mine, theirs)])


@pytest.mark.parametrize("quote", [
    "زاد إنتاج المعمل ١٤٫٥٪ في الشتاء", "زاد إنتاج المعمل 14,5 في المئة في الشتاء",
    "زاد إنتاج المعمل %14.5 في الشتاء",
    "بلغت أرباحه ٢٠٫٧٥ مليون ليرة", "وفاز فريقه 11 – 3 مساء الأحد", "وفاز فريقه ١١-٣ مساء", "رقم المكتب 0991234567",
    "الحرارة إلى −٧ درجات", "إلى -7 درجات في 2018-03-05", "في 5/3/2018. وبيع 13450 كيسا", "وبيع 13,450 كيسا",
    "بلغت الوفيات ستة بالألف بين عامي", "بين عامي 2014–2016 بنسبة", "القانون ١٨/٤٧ عند الساعة ١١:٤٥"])
def test_a_figure_in_another_writing_is_the_same(quote: str) -> None:
    found = check(FIGURES, quote)
    assert (found.verdict, differences(found)) == ("found", [])


@pytest.mark.parametrize(("text", "quote"), [
    ("حضر الحفل 16 ضيفا من القرى", "حضر الحفل ستة عشر ضيفا من القرى"),
    ("بيع بعشرين ليرة في السوق", "بيع ب20 ليرة في السوق"),
    ("في القرن العشرين بنيت القلعة", "في القرن الـ20 بنيت القلعة"), ("زاره وعشرين شخصا معه", "زاره و20 شخصا معه"),
    ("قال النبي ﷺ لأصحابه كلاما", "قال النبي لأصحابه كلاما"),
    ("قال النبي لأصحابه كلاما", "قال النبي صلى الله عليه وسلم لأصحابه كلاما"),
    ("روى عمر رضي الله عنه الخبر كله", "روى عمر الخبر كله"),
    ("أعلنت هيئة الطيران إلغاء الرحلة", "أعلنت هيأة الطيران إلغاء الرحلة"),
    ("كانوا يقرأون الكتب في البيت", "كانوا يقرؤون الكتب في البيت"),
    ("فازوا بثلث الأصوات وربعها الأخير", "فازوا بثلث الاصوات وربعها الاخير")])
def test_the_same_in_another_writing_raises_no_alarm(text: str, quote: str) -> None:
    found = check(f"{text}. وانصرف الناس.", quote)
    assert (found.verdict, differences(found)) == ("found", [])


@pytest.mark.parametrize(("text", "quote"), [("سئل الوزير عن الميزانية أمس", "سأل الوزير عن الميزانية أمس"),
                                             ("لست أدري متى يعود الوفد", "ست أدري متى يعود الوفد")])
def test_another_word_is_no_spelling(text: str, quote: str) -> None:
    assert check(f"{text}.", quote).verdict == "altered"


FORWARDED = "أغلقت البلدية السوق القديم ثلاثة أيام لإصلاح السقف. ونقل الباعة بضائعهم إلى الساحة."
LINKED = "تفاصيل أخرى على https://warsha.example/akhbar/7 لمن شاء."


@pytest.mark.parametrize("quote", [
    "*أغلقت البلدية السوق القديم ثلاثة أيام لإصلاح السقف*",
    "🔴🔴 عاجل | أغلقت البلدية السوق القديم ثلاثة أيام لإصلاح السقف ‼️",
    "*عاجل* ⭕ أغلقت البلدية السوق القديم 3 أيام لإصلاح السقف 👇\nhttps://warsha.example/akhbar/7",
    "عاجل:\nأغلقت البلدية السوق القديم ثلاثة أيام لإصلاح السقف\nالمصدر: https://warsha.example/akhbar/7\nمنقول",
    "_أغلقت البلدية_ ~السوق~ القديم ثلاثة أيام لإصلاح السقف. كما وصلني",
    "Forwarded: أغلقت البلدية السوق القديم ثلاثة أيام لإصلاح السقف t.me/warsha"])
def test_a_forwarded_message_is_found_and_its_link_is_no_evidence(quote: str) -> None:
    snapshot = throwaway_snapshot([Article("a", FORWARDED), Article("b", LINKED)], WordEmbedder())
    found = verify(snapshot, IndexState("g", 2, 2), Quote.parse(quote))
    assert (found.verdict, differences(found)) == ("found", [])
    assert [part.citation.article.id for part in found.parts] == ["a"]


@pytest.mark.parametrize(("text", "quote", "missing"), [
    ("لن نرفع أجرة الحافلة هذا العام", "نرفع أجرة الحافلة هذا العام", "لن"),
    ("لم يوافق المجلس على بيع الحديقة", "يوافق المجلس على بيع الحديقة", "لم"),
    ("إننا لا نقبل تأجيل الافتتاح مرة أخرى", "نقبل تأجيل الافتتاح مرة أخرى", "لا"),
    ("ليس القرار نهائيا في هذه المرحلة", "القرار نهائيا في هذه المرحلة", "ليس"),
    ("خرج الوفد بدون اتفاق على موعد اللقاء", "اتفاق على موعد اللقاء", "بدون"),
    ("سيعمل المصنع بلا رقابة من الوزارة", "رقابة من الوزارة", "بلا"),
    ("كان الحل غير مقبول من سكان الحي", "مقبول من سكان الحي", "غير"),
    ("لم يكن الجسر صالحا لمرور الشاحنات", "الجسر صالحا لمرور الشاحنات", "لم يكن"),
    ("لم تعد الشركة تملك أسهما في المصنع", "الشركة تملك أسهما في المصنع", "لم تعد"),
    ("قال إنه ما فعل شيئا يستحق اللوم", "فعل شيئا يستحق اللوم", "ما"),
    ("ربما نفتح فرعا جديدا في الربيع", "نفتح فرعا جديدا في الربيع", "ربما"),
    ("قد يستقيل المدير إذا خسر التصويت", "يستقيل المدير إذا خسر التصويت", "قد"),
    ("يمكن أن تغلق المدارس بسبب الثلج", "تغلق المدارس بسبب الثلج", "يمكن أن"),
    ("إذا خسرنا القضية سنبيع المبنى كله", "خسرنا القضية سنبيع المبنى", "إذا"),
    ("إذا خسرنا القضية فسنبيع المبنى كله", "سنبيع المبنى كله", "إذا خسرنا القضية"),
    ("سنبيع المبنى كله إذا خسرنا القضية", "سنبيع المبنى كله", "إذا"),
    ("لن نبيع المبنى كله إلا إذا خسرنا القضية", "لن نبيع المبنى كله", "إلا إذا"),
    ("نوقع العقد غدا ما لم يعترض المالك", "نوقع العقد غدا", "ما لم"),
    ("إذا خسرنا القضية فسنبيع المبنى كله", "فسنبيع المبنى كله", "إذا خسرنا القضية"),
    ("لولا وصول المطر لاحترقت الغابة كلها", "لاحترقت الغابة كلها", "لولا وصول المطر"),
    ("كاد قارب الصيادين يغرق قرب الرصيف", "يغرق قرب الرصيف", "كاد قارب الصيادين"),
    ("توقف العمل. ليس لدينا خطة لبيع الحديقة", "لدينا خطة لبيع الحديقة", "ليس"),
    ("وصل الوفد. لا لقاءات مع الصيادين هذا العام", "لقاءات مع الصيادين هذا العام", "لا"),
    ("قال لجاره: إذا كان لديك حل أفضل، أخبرني به", "لديك حل أفضل، أخبرني به", "إذا كان"),
    ("خرج الوفد بلا فتنة بين سكان الحي", "فتنة بين سكان الحي", "بلا"),
    ("قال إننا إن لم نبع المبنى فسنخسر القضية كلها", "فسنخسر القضية كلها", "إن لم نبع المبنى"),
    ("من الممكن أن تغلق المدارس بسبب الثلج", "أن تغلق المدارس بسبب الثلج", "الممكن"),
    ("وافق الجميع على الخطة ما عدا الصيادين", "وافق الجميع على الخطة", "ما عدا"),
    ("وافق الجميع على الخطة باستثناء الصيادين", "وافق الجميع على الخطة", "باستثناء"),
    ("هبط صيد السمك بنسبة 14.5% في الشتاء", "هبط صيد السمك بنسبة 14.5", "%"),
    ("بلغت نسبة الفائدة ثمانية في المئة في الشتاء", "بلغت نسبة الفائدة ثمانية", "في المئة"),
    ("بعض السكان رفضوا الرحيل عن الحي", "السكان رفضوا الرحيل عن الحي", "بعض"),
    ("we will not close the old harbour", "close the old harbour", "not"),
    ("they didn't approve the new budget", "approve the new budget", "t"),
    ("she never promised a second bridge", "promised a second bridge", "never"),
    ("we may close the old harbour", "close the old harbour", "may"),
    ("we close the old harbour unless it rains", "we close the old harbour", "unless")])
def test_a_quote_cut_from_what_turns_it_is_altered_and_shows_it(text: str, quote: str, missing: str) -> None:
    found = check(f"{text}. وانصرف الناس.", quote)
    assert (found.verdict, differences(found)) == ("altered", [("missing", "", missing)])
    assert missing in found.parts[0].citation.quote


def test_the_consequence_without_its_condition_is_altered() -> None:
    found = check("لو وصل المال لأكملنا الطريق إلى القرية. وانصرف الناس.", "أكملنا الطريق إلى القرية")
    assert (found.verdict, differences(found)) == (
        "altered", [("replaced", "أكملنا", "لأكملنا"), ("missing", "", "لو وصل المال")])


@pytest.mark.parametrize(("text", "quote"), [
    ("هل نرفع الأجرة؟ لا. نرفع أجرة الحافلة هذا العام", "نرفع أجرة الحافلة هذا العام"),
    ("قد تعرض المبنى لأضرار كبيرة في الليل", "تعرض المبنى لأضرار كبيرة"),
    ("هذا ما أعلن عنه المجلس في جلسته", "أعلن عنه المجلس في جلسته"),
    ("وصل الوفد لا غير إلى المدينة القديمة", "وصل الوفد لا غير إلى المدينة"),
    ("لن نبيع المبنى. سنبيع المبنى كله في الصيف", "سنبيع المبنى كله في الصيف")])
def test_a_quote_that_loses_nothing_is_found(text: str, quote: str) -> None:
    assert check(f"{text}. وانصرف الناس.", quote).verdict == "found"


def test_what_stands_elsewhere_without_the_negation_is_found() -> None:
    found = check("لن نرفع أجرة الحافلة هذا العام. وقال غيره: نرفع أجرة الحافلة هذا العام.",
                  "نرفع أجرة الحافلة هذا العام")
    assert (found.verdict, len(found.parts)) == ("found", 1)


@pytest.mark.parametrize("quote", [
    "وقال مدير المتحف الوطني سالم الحربي في مؤتمر صحفي بالعاصمة إن الكواكب تدور حول الأرض وإن الشمس باردة كالثلج",
    "وقال مدير المتحف الوطني سالم الحربي في مؤتمر صحفي بالعاصمة إن الأسعار ستتضاعف",
    "مدير المتحف الوطني سالم الحربي في مؤتمر صحفي بالعاصمة استقال من منصبه وسافر مع أسرته إلى جزيرة بعيدة"])
def test_an_invented_sentence_that_shares_a_fragment_is_absent(quote: str) -> None:
    text = "وقال مدير المتحف الوطني سالم الحربي في مؤتمر صحفي بالعاصمة إن القاعة الجديدة تفتح أبوابها في الربيع."
    assert check(text, quote).verdict == "absent"


def test_a_quote_pieced_together_of_two_like_sentences_is_not_found() -> None:
    text = ("أعلن متجر السوسن أن مبيعاته زادت ستة عشر في المئة في الصيف بفضل الموقع الجديد. "
            "وأعلن متجر الريحان أن مبيعاته "
            "هبطت ستة عشر في المئة في الصيف بفضل الموقع الجديد.")
    found = check(text, "أعلن متجر الريحان أن مبيعاته زادت ستة عشر في المئة في الصيف بفضل الموقع الجديد")
    assert found.verdict in ("altered", "stitched")
    assert differences(found) in ([("replaced", "زادت", "هبطت")], [("replaced", "الريحان", "السوسن")])


@pytest.mark.parametrize("quote", [
    "افتتح السوق في 7 شباط 2016 وأغلق في ديسمبر", "افتتح السوق في 7 فبراير 2016 وأغلق في كانون الأول",
    "افتتح السوق في 7 فبراير/شباط 2016 وأغلق في كانون الأول/ديسمبر", "افتتح السوق في 7 فبراير (شباط) 2016 وأغلق"])
def test_a_month_has_one_name(quote: str) -> None:
    assert check("افتتح السوق في 7 شباط 2016 وأغلق في كانون الأول.", quote).verdict == "found"


def test_another_month_is_another_word_and_a_month_beside_no_number_may_be_no_month() -> None:
    text = "افتتح السوق في 7 شباط 2016 وأغلق في كانون الأول."
    assert check(text, "افتتح السوق في 7 شباط 2016 وأغلق في كانون الثاني").verdict == "altered"
    assert check("آب المسافر إلى قريته في الجبل.", "أغسطس المسافر إلى قريته في الجبل").verdict == "altered"
    assert check("عاد المسافر في 9 آب إلى قريته.", "عاد المسافر في 9 أغسطس إلى قريته").verdict == "found"


def test_what_dumps_leave_of_html_and_json_is_no_word() -> None:
    text = "افتتحت القرية &quot;سوق الحرير&quot;&nbsp;في الربيع.<br/>وجاءه تجار الجبل.\\nثم أغلق."
    assert check(text, "افتتحت القرية «سوق الحرير» في الربيع. وجاءه تجار الجبل. ثم أغلق.").verdict == "found"


@pytest.mark.parametrize(("text", "quote", "lost"), [
    ("ولم يؤكد الناطق سمير الحلو وقوع أضرار.", "يؤكد الناطق سمير الحلو وقوع أضرار", "ولم"),
    ("ولن تغلق البلدية سوق الحرير.", "تغلق البلدية سوق الحرير", "ولن"),
    ("وليس السور ملكا للبلدية.", "السور ملكا للبلدية", "وليس"),
    ("وربما تغلق البلدية سوق الحرير.", "تغلق البلدية سوق الحرير", "وربما")])
def test_a_quote_is_cut_from_its_negation_with_and_too(text: str, quote: str, lost: str) -> None:
    found = check(text, quote)
    assert (found.verdict, differences(found)) == ("altered", [("missing", "", lost)])


@pytest.mark.parametrize("quote", ["أن السور يكفي المدينة", "السور يكفي المدينة"])
def test_what_somebody_does_not_believe_is_doubted_with_that_and_without(quote: str) -> None:
    text = "ورأى البنّاء فارس النجم أن السور جديد. وأضاف: «لا أظن أن السور يكفي المدينة»."
    assert check(text, quote, "فارس النجم").verdict == "doubted"


@pytest.mark.parametrize("message", [
    "سيفتح سوق الحرير في الربيع 🌉 https://t.me/x *منقول*", "سيفتح سوق الحرير في الربيع 🌉 منقول",
    "*سيفتح سوق الحرير في الربيع* منقول", "سيفتح سوق الحرير في الربيع https://a.example/1 منقول"])
def test_what_forwarding_adds_behind_a_mark_or_a_link_is_no_word_of_the_quote(message: str) -> None:
    assert check("سيفتح سوق الحرير في الربيع. ونفى التاجر ذلك.", message).verdict == "found"


@pytest.mark.parametrize("message", [
    "منقول 👇\nسيفتح سوق الحرير في الربيع 🌉🌉 #القرية #سوق", "1️⃣ سيفتح سوق الحرير في الربيع"])
def test_tags_behind_a_mark_and_numbers_in_boxes_are_no_words_of_the_quote(message: str) -> None:
    assert check("سيفتح سوق الحرير في الربيع. ونفى التاجر ذلك.", message).verdict == "found"


def test_a_tag_within_the_sentence_is_a_word_of_it() -> None:
    assert check("سيفتح السوق في قرية الحرير. ونفى التاجر ذلك.", "سيفتح السوق في قرية #النخيل").verdict == "altered"


@pytest.mark.parametrize(("text", "verdict"), [
    ("وغير صحيح أن السور يكفي المدينة.", "denied"), ("ومن غير المؤكد أن السور يكفي المدينة.", "doubted"),
    ("وامتنعت البلدية عن تأكيد أن السور يكفي المدينة.", "doubted"),
    ("ورفض الناطق تأكيد أن السور يكفي المدينة.", "doubted"), ("وأكدت البلدية أن السور يكفي المدينة.", "found")])
def test_a_phrase_that_denies_or_doubts_is_noticed_behind_and_too(text: str, verdict: str) -> None:
    assert check(f"البناء قديم. {text}", "السور يكفي المدينة").verdict == verdict


def test_who_spoke_before_somebody_else_sent_a_statement_is_not_its_speaker() -> None:
    text = ("وقالت منى العلي إنها تريد بيتا آخر. وأرسلت شركة البحر للبناء بيانا إلى الصحف، قالت فيه إنها تنظر "
            "في الأمر. وقالت في البيان إن السور يكفي المدينة كلها.")
    assert check(text, "السور يكفي المدينة كلها", "منى العلي").attribution == "undetermined"
    assert check(text, "تريد بيتا آخر", "منى العلي").attribution == "confirmed"


def test_a_paper_that_prints_an_interview_does_not_say_what_is_said_in_it() -> None:
    found = check("ونشرت الصحيفة مقابلة مع منى العلي قالت فيها إن السور يكفي المدينة.", "السور يكفي المدينة", "الصحيفة")
    assert found.attribution != "confirmed"


def test_a_thousand_and_more_in_words_is_the_figure() -> None:
    assert check("عمل في السور 1,250 رجلا.", "عمل في السور ألف ومئتان وخمسون رجلا").verdict == "found"
    assert check("عمل في السور 1,250 رجلا.", "عمل في السور ألف ومئتان وستون رجلا").verdict == "altered"


@pytest.mark.parametrize(("text", "quote", "lost"), [
    ("وشدد المدير على بقاء المكتبة وألا تغلق أبوابها في عطلة الربيع.", "تغلق أبوابها في عطلة الربيع", "وألا"),
    ("وأكد المدير ضرورة ألا تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "ألا"),
    ("وتعهد المدير بألا تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "بألا"),
    ("ودعا المدير إلى أَلَّا تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "أَلَّا"),
    ("واتفقا على ألا يكون إغلاق المكتبة قرارا دائما للبلدية.", "إغلاق المكتبة قرارا دائما للبلدية", "ألا يكون"),
    ("ووعد المدير بعدم إغلاق أبواب المكتبة في العطلة.", "إغلاق أبواب المكتبة في العطلة", "بعدم"),
    ("ووعد المدير بعدم السماح بإغلاق أبواب المكتبة في العطلة.", "بإغلاق أبواب المكتبة في العطلة", "بعدم السماح"),
    ("وأعلنت البلدية عدم وجود خطة لإغلاق المكتبة في العطلة.", "خطة لإغلاق المكتبة في العطلة", "عدم وجود"),
    ("وأكد المدير أن لا نية لإغلاق أبواب المكتبة في العطلة.", "لإغلاق أبواب المكتبة في العطلة", "لا نية"),
    ("وأكد المدير أنه لا ينبغي أن تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "لا ينبغي أن"),
    ("وأكد المدير أنه لن يتم إغلاق أبواب المكتبة في العطلة.", "إغلاق أبواب المكتبة في العطلة", "لن يتم"),
    ("وانتهت العطلة دون أن تغلق المكتبة أبوابها أمام القراء.", "تغلق المكتبة أبوابها أمام القراء", "دون أن"),
    ("وانتهت العطلة من غير أن تغلق المكتبة أبوابها للقراء.", "تغلق المكتبة أبوابها للقراء", "غير أن"),
    ("وزادت البلدية الدعم لئلا تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "لئلا"),
    ("وزادت البلدية الدعم لكيلا تغلق المكتبة أبوابها في العطلة.", "تغلق المكتبة أبوابها في العطلة", "لكيلا"),
    ("ودعا المدير إلى الامتناع عن إغلاق أبواب المكتبة في العطلة.", "إغلاق أبواب المكتبة في العطلة", "الامتناع عن"),
    ("The mayor promised not to close the town library in spring.", "close the town library in spring", "not to"),
    ("The mayor said there was no plan to close the town library.", "to close the town library", "no plan"),
    ("The mayor warned against closing the town library in spring.", "closing the town library in spring",
     "warned against")])
def test_a_quote_is_cut_from_a_negation_that_something_governs(text: str, quote: str, lost: str) -> None:
    found = check(text, quote, "المدير")
    assert (found.verdict, [each[2] for each in differences(found)]) == ("altered", [lost])
    assert found.attribution == "undetermined"


@pytest.mark.parametrize(("text", "quote"), [
    ("وقال المدير إن العطلة طويلة غير أن المكتبة مفتوحة للقراء فيها.", "المكتبة مفتوحة للقراء فيها"),
    ("وأكد المدير أنه لا بد أن تفتح المكتبة أبوابها في العطلة.", "تفتح المكتبة أبوابها في العطلة"),
    ("ولا تزال المكتبة تفتح أبوابها في العطلة أمام القراء.", "تفتح أبوابها في العطلة أمام القراء"),
    ("وتحدث المدير عن إغلاق أبواب المكتبة في العطلة.", "إغلاق أبواب المكتبة في العطلة"),
    ("The mayor went to open the town library in spring.", "open the town library in spring")])
def test_what_no_negation_governs_is_found(text: str, quote: str) -> None:
    assert check(text, quote).verdict == "found"
