"""List the words that end the subject of a verb of saying, that stand beside it, or that are none."""

from __future__ import annotations

from index.language.arabic import normalise
from index.language.function_words import SPEECH_OPENERS, SUBJECT_STOPS
from index.language.saying import PARTICIPLES_OF_SAYING
from index.language.tokens import compared_words

# Words and marks that begin the speech, as the first person does: وأضافت نتوقع أن.
FIRST_PERSON = compared_words("نحن نتوقع نعتقد نأمل نريد نرى نعلم نعرف نحتاج أعتقد أتوقع أظن أتمنى أريد أعرف أعلم")
ENDS = SPEECH_OPENERS | FIRST_PERSON | frozenset(':"«“')
DAYS = compared_words("الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت")
# How a speaker speaks, beside the name.
MANNERS = compared_words("""
    مغردا مغردة مازحا مازحة ساخرا ساخرة متهكما متهكمة مبتسما مبتسمة مخاطبا مخاطبة متحدثا متحدثة مستنكرا مستنكرة متوجها
    متوجهة موجها موجهة معقبا معقبة باكيا باكية غاضبا غاضبة ضاحكا ضاحكة مستشهدا مجيبا مجيبة مداعبا
""")
# Of these, those with an object, which may stand where the subject would: أضاف موجها تهديده.
MANNERS_WITH_OBJECT = compared_words("موجها موجهة معقبا معقبة مخاطبا مخاطبة مستنكرا مستنكرة مجيبا مجيبة مستشهدا مداعبا")
# What somebody writes, as the object of a verb.
PAPERS = compared_words("تغريدة تغريدات رسالة مقالا صورا مقطعا تدوينة بيانا منشورا كتابا تقريرا")
STOPS = SUBJECT_STOPS | DAYS | frozenset("().؛;»—–…-؟!") | compared_words("""
    بالقول القول قوله قولها قولهم بيان قول تصريحات لصحيفة لوكالة لشبكة لقناة لموقع لمجلة لإذاعة لمحطة لجريدة لتلفزيون
    لوسائل لهيئة لراديو للصحفيين للصحافيين لبرنامج وجود ادعاءات الادعاءات ادعاء اتهامات الاتهامات اتهام الاتهام مزاعم
    المزاعم التهم تهم صحة أنباء الأنباء تقارير تورط تورطه تورطها ضلوع ضلوعه علمه علمها محاولته نيته نيتها تدخل بعبارة
    بصوت بلهجة بوضوح ببيان بتصريح بتصريحات بمؤتمر بحديث بكلمة بتغريدة برسالة بمقابلة بتقرير بخطاب بتدوينة بمقال
    تأكيده تأكيدها تأكيدهم وصفه وصفها وصفهم نفيه نفيها نفيهم إعلانه إعلانها تصريحه تصريحها تحذيره تحذيرها توضيحه توضيحها
    بما مما لمن جاء أيضا كيف فوقها فوقه تحتها تحته عليها عليه بها به لها له معها معه إليها إليه
    فيما تحدث تحدثت تجاه إزاء ضد بسبب
    لمراسل لمراسلة لمحاوره لمحاورته لإحدى لأحد لبي لرويترز لفرانس لفوكس لسي لسكاي لسبوتنيك
""") | MANNERS | frozenset(PARTICIPLES_OF_SAYING) | PAPERS
# Adverbs between a verb and its subject.
ADVERBS = DAYS | compared_words("""
    أيضا مرارا بشدة اليوم أمس لاحقا مجددا صراحة سابقا كذلك بدوره بدورها حينها وقتها آنذاك بالتأكيد بالفعل فورا تماما
    حينئذ يومها ساعتها بشكل قاطع عاجل مرتين منه منها منهم
""") | MANNERS
ADVERBIAL_PHRASES = tuple(tuple(normalise(phrase).split()) for phrase in (
    "عدة مرات", "مرات عدة", "أكثر من مرة", "غير مرة", "ذات مرة", "مرة أخرى", "مرارا وتكرارا", "غير ذي مرة"))
# Names with a ل of their own. Other words that begin with it may be addressees, and are no sure names.
NAMES_WITH_LAM = compared_words("""
    لافروف ليبرمان لورا لوكاشينكو ليلى لينا لبنى لمى لؤي لطفي لويس لوران لوبان لاغارد ليندسي لاريجاني لجنة لاعب لاعبة
    لواء لولا لوبيز ليام لارا لوي لو لودريان
""")
# Names with a ب of their own.
NAMES_WITH_BA = compared_words("""
    بوتين بومبيو بلينكن بنس بايدن بولتون بوش بلير بن بنت بوريس بابا بشار باراك براون بيلوسي بيدرسون بيسكوف بيريز بيرس
    بنيامين بيل بول بيتر باسيل بري بابلو برنارد برونو برايان بوغدانوف بدر بسام بلال بهاء باسم بدوي برهم بارزاني
    بريطانيا باكستان بكين باريس برلين بروكسل بيونغ بغداد بيروت بنك بلدية بعثة برلمان برنامج بورصة بيان بعض بطل بطلة
    بروفيسور باحث باحثة باحثون بائع
""")
# Times that are no speaker: قالت الشهر الماضي إن, أما هذا العام فأكدت.
TIME_NOUNS = compared_words("الشهر العام الأسبوع السنة الليلة الصيف الشتاء الربيع الخريف")
YEARS = compared_words("عام سنة")
# Parts of these times: مطلع العام. Alone, the first is said of sources.
PARTS_OF_TIMES = compared_words("مطلع بداية نهاية منتصف أوائل أواخر")
WHICH_TIME = compared_words("""
    الماضي الماضية الجاري الجارية الحالي الحالية المنصرم المنصرمة الفائت الفائتة المقبل المقبلة
""")
# Times of day before a day; alone, they may be names: صباح الخالد.
TIMES_OF_DAY = compared_words("مساء صباح فجر ظهر عصر")
NAMED_DAYS = DAYS | compared_words("اليوم أمس غد")
# Nouns that make a phrase with "في" one of circumstance.
CIRCUMSTANCES = compared_words("""
    بيان بيانه بيانها مؤتمر تغريدة تغريداته تغريدته حديث حديثه مقابلة تصريح تصريحات كلمة كلمته كلمتها خطاب حسابه
    حسابها وقت لقاء رسالة رسالته تقرير تقريرها اتصال جلسة ختام أعقاب رد تعليق تدوينة مقال كتابه مقطع فيديو شأن وقت
    افتتاح غضون إشارة حوار المؤتمر اجتماع سياق يوم عام شهر معرض المقابل الوقت مقدمة نهاية بداية موقع صفحته صفحتها إحداها
    سلسلة سبيل مداخلة منشور منشوره تسجيل شهادته شهادتها مؤتمره ندوة مستهل رسائل لقاءات تغريدات
""") | SPEECH_OPENERS
# What an office is of, behind ل: المفوض السامي لحقوق الإنسان.
OWNERS = compared_words("حقوق شؤون منتخب نادي حزب حركة جماعة رئاسة وزارة مجلس شركة منظمة لجنة هيئة مكتب كرة")
