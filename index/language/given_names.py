"""Common given names of Arabic news, by which two people of one family are told apart: رفعت الأسد, بشار الأسد."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.clitics import without_one_letter
from index.language.tokens import compared_words

_GIVEN_NAMES = compared_words("""
    محمد أحمد محمود حامد حميد مصطفى علي حسن حسين حسني عمر عثمان عمرو خالد وليد طارق زياد يزيد معاوية
    إبراهيم إسماعيل إسحاق يعقوب يوسف موسى هارون داود سليمان سلمان زكريا يحيى عيسى يونس أيوب إلياس
    عبدالله عبدالرحمن عبدالعزيز عبدالكريم عبدالناصر بشار رفعت حافظ باسل ماهر رامي رياض رفيق بهاء بهية سعد تيمور
    كمال جمال جلال علاء ضياء بلال سالم سامي سامر سمير أنور أيمن أسامة أكرم باسم بسام تامر توفيق ثامر جابر جعفر جميل حاتم
    حازم حبيب حمدان حمد حمدي حمزة خليفة خليل راشد راغب رشيد رشاد رضا رؤوف زاهر زهير ساطع سيف شريف شاكر
    صالح صدام صلاح طاهر طلال طه عادل عاطف عباس عدنان عدي عزت عزيز عصام عماد غازي غسان فادي فارس فاروق فايز فهد
    فؤاد فوزي فيصل قاسم قصي كاظم كريم لؤي مازن مالك مأمون مجدي محسن مراد مروان معمر منذر منصور منير مهدي مهند
    نبيل نجيب نديم نزار نوري هادي هاني هشام هيثم وائل وسام ياسر ياسين
    فاطمة عائشة مريم زينب خديجة ليلى سلمى سعاد سوزان أسماء نادية نوال هدى هناء رانيا رنا ريم ريما دينا ديما لينا
    لمى ندى نهى منى مها هالة هند وفاء بثينة
    جورج بيل هيلاري دونالد إيفانكا هانتر جون روبرت إدوارد جيب فيدل راؤول
""")
# The first of two names that many bear, and are called by the other: محمد حسني مبارك.
_BORNE_BY_MANY = compared_words("محمد")
_SON = compared_words("بن ابن بنت")


def first_name(forms: Sequence[str]) -> str:
    """Return the name that its bearer is called by of the given names that `forms`, compared words, end in.

    It is empty if there are none, or only a father's: محمد بن سلمان.
    """
    given: list[str] = []
    for form in reversed(forms):
        if form in _SON:
            return ""
        bare = form if form in _GIVEN_NAMES else without_one_letter(form)
        if bare not in _GIVEN_NAMES:
            break
        given.append(bare)
    if len(given) > 1 and given[-1] in _BORNE_BY_MANY:
        given.pop()
    return given[-1] if given else ""
