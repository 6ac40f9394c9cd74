"""List the words of offices, institutions, papers and relations, which alone name nobody."""

from __future__ import annotations

from index.language.arabic import normalise
from index.language.clitics import strip_for_speakers
from index.language.function_words import FUNCTION_WORDS
from index.language.tokens import compared_words

# Words of offices and of where an office belongs; alone, they name nobody.
OFFICES = frozenset(normalise(word) for word in """
    رئيس رئيسة الرئيس الرئيسة وزير وزيرة الوزير الوزيرة الوزراء نائب النائب نائبة مبعوث المبعوث أمين الأمين مدير
    المدير
    مديرة سفير السفير ملك الملك أمير الأمير ولي العهد قائد القائد مستشار المستشار مستشارة متحدث المتحدث متحدثة
    المتحدثة
    ناطق الناطق باسم زعيم الزعيم مندوب عضو العضو العام عام العامة الأول مساعد المساعد السيد السيدة الدكتور دكتور الشيخ
    الجنرال جنرال اللواء لواء العميد العقيد المرشح مرشح السابق السابقة الحالي الجديد البابا الإمام المرشد الأعلى
    الخارجية الداخلية الدفاع المالية الصحة الخزانة التجارة النواب الشيوخ الأمن القومي
    مصدر المصدر مصادر المصادر مسؤول المسؤول مسؤولون مسؤولين شهود
    الأمريكي الأمريكية الأميركي الأميركية الروسي الروسية البريطاني البريطانية الفرنسي الفرنسية الألماني الألمانية
    التركي التركية الإيراني الإيرانية السعودي السعودية المصري المصرية الإسرائيلي الإسرائيلية الفلسطيني الفلسطينية
    السوري السورية العراقي العراقية اللبناني اللبنانية الأردني الأردنية اليمني اليمنية القطري القطرية الإماراتي
    الإماراتية الكويتي الكويتية البحريني البحرينية المغربي الصيني الصينية الياباني الكوري الأوكراني الأوكرانية
    الأوروبي
    الأوروبية الدولي الدولية المتحدة الأمم الولايات الاتحاد الشؤون شؤون لشؤون إعلام الإعلام الصحفي الرسمي الرسمية
    president minister prime foreign secretary general spokesman spokeswoman spokesperson ministry mr mrs ms dr the
    sir محلل المحلل محللة باحث الباحث باحثة الباحثة خبير الخبير خبيرة أستاذ الأستاذ أستاذة محرر المحرر محررة المحررة
    مراسل المراسل
    مراسلة كاتب الكاتب كاتبة نجم النجم لاعب اللاعب لاعبة مدرب المدرب ممثل الممثل ممثلة الممثلة مغني مغنية مخرج المخرج
    قاض القاضي
    قاضية القاضية محام المحامي محامية طبيب الطبيب طبيبة بروفيسور البروفيسور دكتورة الدكتورة نائبة السيناتور سيناتور
    حاكم الحاكم
    عمدة محافظ المحافظ مؤسس المؤسس مؤسسة شركة منسق المنسق مفوض المفوض مستشارة عالم العالم عالمة مهندس المهندس ناشط
    الناشط ناشطة
    سفيرة السفيرة ملكة الملكة أميرة الأميرة ضابط الضابط فريق الفريق عقيد رائد الرائد حارس مالك صاحب رجل الرجل سيدة
    امرأة المرأة
    مدع المدعي المفتي مفتي شيخ خطيب إمام كبير الكبير كبيرة التنفيذي التنفيذية الفني السياسي السياسية الرياضي الإعلامي
    الأسبق
    king prince senator envoy chief former us russian british french german american
""".split())
# Words of institutions, which speak through people.
INSTITUTIONS = frozenset(map(normalise, """
    فصيل الفصيل جماعة الجماعة تنظيم التنظيم جمعية الجمعية معهد المعهد جامعة الجامعة مؤسسة المؤسسة نادي النادي اتحاد
    وزارة الوزارة الحكومة حكومة البرلمان مجلس المجلس البيت الأبيض الكرملين وكالة الوكالة صحيفة الصحيفة شبكة الشبكة
    قناة
    القناة تقرير التقرير بيان البيان الشرطة الجيش السلطات هيئة الهيئة منظمة المنظمة حركة الحركة حزب الحزب شركة الشركة
    ministry government parliament white house police army agency
""".split()))
# Papers, which people write.
_DOCUMENTS = compared_words("""
    بيان البيان بيانه بيانها تقرير التقرير تقريره تقريرها مذكرة المذكرة وثيقة الوثيقة وثائق تغريدة تغريدته تغريدتها
    تغريدتين دراسة
    الدراسة رسالة الرسالة منشور المنشور نشرة النشرة ملفات ملف مصادر موقع صحيفة الصحيفة وكالة الوكالة وسائل مجلة
    تعبيره تعبيرها قوله
    قولها تقديرات إحصاءات بيانات أرقام صفحته صفحتها موقعه ما قانون القانون تدوينة كتاب استطلاع مسح
""")
# People who are named by somebody else: محامي ترامب is not ترامب.
_RELATIONS = compared_words("""
    محامي محاميه محاميها محامو محاميا وكيل وكيله ابن ابنه ابنة ابنته ابنتها نجل نجله زوج زوجها زوجة زوجته أرملة صديق
    صديقه صديقة
    شقيق شقيقه شقيقها شقيقة شقيقته شقيقتها والد والده والدها والدة والدته والدتها أب أم جد عم خال خطيب خطيبة خطيبها
    خطيبته متحدث
    متحدثة المتحدث المتحدثة ناطق الناطق الناطقة نائب نائبة مستشار مستشارة مساعد مساعدة مبعوث مبعوثة ممثل أنصار معارضو
    معارضي مؤيدو
    حزب حكومة إدارة حملة مكتب فريق عائلة أسرة أقارب مقرب مقربون باسم بلسان لسان سكرتير سكرتيرة خلف سلف منافس منافسة
    زميل زميلة
    زميلته زميلها صهر ابني ضحية قاتل محرر رئيس مدير سفير وزير
""")


def is_office(form: str) -> bool:
    """Tell whether a normalised word is of an office or of what an office is of, or a function word."""
    return form in OFFICES or form in FUNCTION_WORDS or strip_for_speakers(form) in OFFICES


def is_institution(form: str) -> bool:
    """Tell whether a normalised word is of an institution."""
    return form in INSTITUTIONS or strip_for_speakers(form) in INSTITUTIONS


def is_document(form: str) -> bool:
    """Tell whether a normalised word is of a paper or a medium."""
    return form in _DOCUMENTS or strip_for_speakers(form) in _DOCUMENTS


def is_relation(form: str) -> bool:
    """Tell whether a normalised word names somebody by somebody else."""
    return form in _RELATIONS
