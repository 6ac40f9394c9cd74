"""List words that news exchanges for one another without changing what is said, and words that say the opposite.

Each line is a group. Words are normalised and compared by their stems (`index.language.clitics.stems_for_spelling`).
"""

from __future__ import annotations

from functools import lru_cache

from index.language.clitics import stems_for_spelling
from index.language.tokens import compared

_SAME = """
    زعامة قيادة يقود يتزعم رئاسة يرأس قاد تزعم زعيم قائد
    صار أصبح غدا بات كان يكون يصبح
    استضاف استضافة أقام إقامة نظم تنظيم تقام
    قتل قتلى مقتل مصرع حتف توفي وفاة لقي ضحايا قتيل أودى استشهد
    توفي مات رحل رحيل وفاة توفيت
    جرح أصيب إصابة جرحى مصاب جريح
    سجن حبس بالسجن بالحبس سجنت
    قضت حكمت حكم قضى أصدرت
    اعتقل احتجز أوقف قبض اعتقال احتجاز توقيف القبض
    اشترى اشترت استحوذ استحوذت شراء استحواذ
    أحرز سجل أحرزت سجلت إحراز تسجيل
    سنة عام سنوات أعوام
    انضم التحق انضمت التحقت
    ترك غادر مغادرة استقال استقالة
    مولود مولودة ولد ولدت
    فقد خسر خسرت فقدت خسارة
    سدد دفع أعاد تسديد
    أمر وجه أمرت وجهت بتوجيه
    سكن عاش يعيش يقيم أقام تعيش يسكن
    بقي ظل تبقى مازال استمر واصل
    زاد ارتفع نما ازداد صعد
    قل انخفض تراجع هبط تدنى
    بدأ انطلق شرع استهل باشر
    انتهى اختتم توقف
    أعطى منح أعطت منحت تعطي تمنح
    فاز ربح نال
    فعل قام نفذ أجرى
    وقع حدث جرى حصل
    شاهد رأى
    زار زيارة
    التقى اجتمع لقاء اجتماع قابل
    قرب بالقرب بجوار محيط
    صادر ضبط مصادرة
    شن بدأ هاجم
    عثر وجد اكتشف العثور اكتشاف
    سفير مندوب
    بيت منزل
    نحو حوالي تقريبا زهاء قرابة
    ذكر قال أعلن صرح أفاد بين أوضح أشار أضاف أكد
    جزء قسم بعض
    كبير ضخم هائل
    عسكري حربي
    مسلح مسلحين مقاتل عنصر عناصر
    امرأة سيدة فتاة نساء
    رجل شخص
    دولة بلد بلاد دول
    شركة مؤسسة
    راتب إعانة أجر معونة
    سعر ثمن قيمة مبلغ بمبلغ
    ساحل سواحل شاطئ شواطئ
    شرطة أمن
    جيش قوات
    لاعب نجم مهاجم
    مباراة مواجهة لقاء
    هدف أهداف
    مدرب مدير
    يخلو خلو خال
    تسبب سبب أدى
    مدد جدد تمديد تجديد
    سريع بسرعة سريعة سرعة
    عاجل عاجلة
    فحص تحقيق
    ثعبان أفعى
    حريق نيران
    زلزال هزة
    مهجور مهجورة
    أطلق إطلاق أفرج إفراج أخلي إخلاء سراح سبيل
    طالب دعا دعوة مطالبة حث ناشد طلب
    حذر أنذر تحذير إنذار نبه
    هدد توعد تهديد وعيد
    اعترف أقر اعتراف إقرار
    ينوي يعتزم يخطط نية عزم يزمع
    عارض اعترض رفض معارضة اعتراض
    أيد دعم ساند فضل تأييد مساندة
    أثنى أشاد امتدح مدح إشادة ثناء
    ندد أدان استنكر شجب تنديد إدانة استنكار
    شارك أسهم ساهم مشاركة إسهام مساهمة
    ألغى إلغاء أبطل إبطال
    قانون تشريع
    محكمة قضاء القضاء
    رئيسي أساسي
    هزم غلب تغلب فاز انتصر انتصار تفوق تفوقت
    أنشأ أسس تأسيس بناء شيد إنشاء تشييد
    انهار سقط انهيار سقوط
    دمر هدم تدمير إزالة أزال
    عاد رجع عودة رجوع أعيد
    أرسل بعث إرسال أوفد
    تلقى تسلم استلم
    استخدم استعمل لجأ استخدام استعمال
    حاول سعى محاولة مسعى
    خاف خشي قلق مخاوف خشية
    غضب سخط استياء
    كتب غرد تغريدة نشر
    رسالة خطاب رسائل خطابات
    كلمة خطاب تصريح تصريحات
    مقابلة حوار حديث
    مظاهرة احتجاج تظاهر احتجاجات مظاهرات
    متظاهر محتج
    نزاع صراع خلاف أزمة
    معركة قتال اشتباك معارك اشتباكات
    هجوم اعتداء
    قصف غارة ضربة غارات ضربات أغار
    عبوة قنبلة متفجرات
    طفل رضيع مولود أطفال رضع
    زواج زفاف عرس قران
    والد والدا أبوي
    أهل أسرة عائلة ذوي أقارب
    سكان أهالي
    دواء عقار علاج
    عالم باحث خبير علماء باحثون باحثين خبراء
    دراسة بحث
    مال أموال
    وظيفة منصب
    موظف عامل موظفون عاملون
    برلمان نواب
    انتخاب اقتراع انتخابات
    مغن مغني مطرب
    ملعب استاد
    جمهور جماهير مشجع مشجعون مشجعين أنصار
    سيارة مركبة عربة
    قارب زورق مركب
    صنع أنتج إنتاج تصنيع صناعة
    تكلفة كلفة
    اختفى اختفاء مفقود مفقودين
    محتجز معتقل سجين موقوف محتجزين معتقلين سجناء
    خطف اختطف اختطاف
    حرق أحرق إحراق
    هرب فر فرار هروب
    حظر منع منعت
    سمح أجاز أتاح سماح
    أجبر أرغم أكره اضطر إجبار إرغام
    اختار عين تعيين اختيار
    أقال طرد فصل إقالة
    زعم ادعى مزاعم ادعاء
    وصف اعتبر سمى عد
    ظهر بدا تبين
    علم عرف دراية معرفة
    نهاية ختام
    بداية مطلع أوائل
    جديد حديث
    شديد حاد قوي
    ضرر أضرار تضرر
    مساعدة معونة إغاثة مساعدات معونات
    مبنى مقر
    قاعدة معسكر
    صفقة عقد اتفاق اتفاقية
    وقع أبرم توقيع
    حل تسوية
    هدنة تهدئة
    خرق انتهك انتهاك
    انسحب انسحاب
    مرض داء
    تغيير تعديل
    اتهم اتهام تهمة
    جسد جسم
    سريع عاجل
    دعم تمويل مول
    تدريب تدرب درب
    نقل حول
    قاد ساق يقود
    أبعد رحل ترحيل إبعاد طرد
    أوقف علق تعليق وقف تجميد جمد
    كثيف مكثف
    تفادي تجنب تجنيب تجنبا
    تعافى شفي شفاء
    ترميم إصلاح
    موقف رأي
    تواصل اتصل اتصال تواصلت
    سر سرا سرية
    عقوبة عقوبات عاقب
    ضحية ضحايا متضرر متضررين
    جرثومة بكتيريا
    نفذ طبق تنفيذ تطبيق
    أدخل إدخال دخول
    خصم تخفيض
    حضور وجود
    غالبية معظم أغلب
    كشف أعلن أفصح
    مسلح مقاتل
    تفاصيل مفصلة تفصيل
    قدم عرض تقديم
    جولة حملة
    وصل وصلت وصلوا يصل تصل وصول
    وقع وقعت وقعوا يقع تقع وقوع
    وجد وجدت يوجد توجد وجود
    وعد وعدت وعدوا وعود
    وفد وفود
    وقف وقفت يقف تقف وقوف
    وضع وضعت يضع تضع
    وزير وزيرة وزراء
    killed dead died death deaths
    injured wounded hurt
    arrested detained
    said says told announced stated
    bought acquired purchased
    rise rose increased increase grew
    fell dropped declined decreased fall
    talks negotiations discussions
    agreement deal accord
    began started begun
    ended finished concluded
    met meeting meet
"""
_OPPOSITE = """
    شمال|جنوب
    شرق|غرب
    شمالي|جنوبي
    شرقي|غربي
    قبل|بعد
    ارتفع ارتفاع زيادة زاد ازداد رفع|انخفض انخفاض تراجع هبط خفض تراجعت انخفضت هبوط
    فاز فوز فازت|خسر خسارة خسرت هزيمة
    نجح نجحت ينجح تنجح نجاح|فشل فشلت يفشل تفشل
    انضم انضمت انضمام|انسحب انسحبت انسحاب
    حضر حضرت حضور|غاب غابت غياب قاطع قاطعت مقاطعة
    سمح سمحت يسمح تسمح سماح|منع منعت يمنع تمنع حظر حظرت
    اشترى اشترت شراء|باع باعت بيع
    وصل وصلت وصول|غادر غادرت مغادرة
    اعتقل اعتقلت اعتقال|أفرج أفرجت إفراج
    تحسن تحسنت|تدهور تدهورت
    أقر أقرت إقرار|ألغى ألغت إلغاء
    زوج|زوجة
    رفض رفضت مرفوض|قبل قبلت وافق وافقت موافقة
    أيد تأييد أيدت|عارض معارضة عارضت
    رحب رحبت ترحيب|أدان أدانت إدانة ندد نددت تنديد
    دخول دخل دخلت|خروج خرج خرجت
    فتح افتتح|أغلق إغلاق
    أول|آخر
    يمين|يسار
    براءة برئ برأت|إدانة أدانت أدين
    بدأ بداية|انتهى نهاية
    ليلا|نهارا
    صباح|مساء
    north|south
    east|west
    northern|southern
    eastern|western
    before|after
    rose increased increase rise|fell decreased decrease fall
    won|lost
    accepted approved|rejected refused
    first|last
    acquitted|convicted
"""


def _groups(lines: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines.strip().splitlines()):
        for word in line.split():
            for stem in stems_for_spelling(compared(word)):
                found.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


_SAME_GROUPS = _groups(_SAME)
_SIDES = [tuple(frozenset(map(compared, side.split())) for side in line.strip().split("|"))
          for line in _OPPOSITE.strip().splitlines()]


_LISTED = frozenset(map(compared, _SAME.split())).union(*(side for sides in _SIDES for side in sides))


def is_listed(word: str) -> bool:
    """Tell whether a normalised word is in one of the lists as it is."""
    return word in _LISTED


@lru_cache(maxsize=1 << 14)
def paraphrase_groups(word: str) -> frozenset[int]:
    """Return the groups of paraphrases that a normalised word is in: words with one in common may replace each other.
    """
    return frozenset().union(*(_SAME_GROUPS.get(stem, frozenset()) for stem in stems_for_spelling(word)))


@lru_cache(maxsize=1 << 14)
def opposites_of(word: str) -> frozenset[str]:
    """Return the words that say the opposite of a normalised word; empty if none is known."""
    stems = stems_for_spelling(word)
    found: frozenset[str] = frozenset()
    for one, other in _SIDES:
        if not stems.isdisjoint(one) and stems.isdisjoint(other):
            found |= other
        elif not stems.isdisjoint(other) and stems.isdisjoint(one):
            found |= one
    return found
