"""The words that dates are made of: each is a letter of the alphabet that the patterns read.

Arabic and English; of French and Russian, the months and what may stand before them and years.
"""

from __future__ import annotations

from functools import lru_cache

from index.language.arabic import MONTHS, normalise
from index.language.clitics import strip_for_dates
from index.language.numbers import ORDINAL_WORDS, ordinal, starts_number
from index.language.tokens import compared, digits_value

DAY, WEEK, MONTH, YEAR = range(1, 5)
# Added to the unit that a word of time says: two of it, or several.
DUAL, PLURAL = 10, 20


def reading(token: str) -> tuple[str, int]:
    """What a token may be in a date, and its value.

    9 a number up to 31; Y of four digits; x another; c a cardinal word; O an ordinal, S an English one, o the second
        word of a month's name (value 1 or 2); y the ending of 5th
    M a month; m one that is another word as well; i اب, which is "father" as often as August; E and v the same in
        English; k كانون or تشرين (value of the first of the two)
    H a Hijri month; q ربيع or جمادى (value of the first of the two); d ذو, and w its second word; z المبارك
    W a weekday (Monday is 0); Q a day beside today (value in days); T اليوم; j a part of the day; J الليلة
    u, s, a time of day or week, month, year without article (value: unit, `DUAL` or `PLURAL` added); U and A the week
        or month, and the year, with it
    P past, F coming, C current; h this; e a third of a month or year (value 0 to 2)
    p in; f of, from; b before, since; t to; B until; n between; r after; & and; g ago; l one; L what makes "قبل ثلاثة
        أيام" not count from today
    @ القرى, as in the calendar of Umm al-Qura; ~ after Hijri years, + after others; . anything else
    """
    value = digits_value(token)
    if value is not None:
        code = "9" if 1 <= value <= 31 and len(token) <= 2 else "Y" if len(token) == 4 and value >= 1000 else "x"
        return code, value
    return _word_reading(token)


@lru_cache(maxsize=1 << 15)
def _word_reading(token: str) -> tuple[str, int]:
    word = compared(token)
    if word in _ENGLISH_NAMES and token[0].islower():
        return ".", 0
    found = _WORDS.get(word) or next((_WORDS[rest] for rest in strip_for_dates(word) if rest in _WORDS), None)
    if found is None:
        return ("c", 0) if starts_number(word) else (".", 0)
    # آب written with its madda is no father.
    return ("m", found[1]) if found[0] == "i" and "آ" in token else found


def _words() -> dict[str, tuple[str, int]]:
    words: dict[str, tuple[str, int]] = {word: ("S" if word.isascii() else "O", ordinal([word])[0])
                                         for word in ORDINAL_WORDS}
    for value, names in enumerate(MONTHS, start=1):
        for name in names:
            if " " not in name:
                words[normalise(name)] = ("i" if name == "آب" else "m" if name in _VERBS else "M", value)
    for code, value, spelled in _TABLE:
        for word in spelled.split():
            words[normalise(word)] = (code, value)
    return words


# Written like a verb or another name.
_VERBS = frozenset(("مارس", "أوت", "جوان", "مايس"))
_ENGLISH_NAMES = frozenset(("may", "march", "mar"))
_ENGLISH_MONTHS = ("january jan", "february feb", "", "april apr", "", "june jun", "july jul", "august aug",
                   "september sept sep", "october oct", "november nov", "december dec")
_FRENCH_MONTHS = ("janvier", "février fevrier", "", "avril", "mai", "juin", "juillet", "août aout", "septembre",
                  "octobre", "novembre", "décembre decembre")
_RUSSIAN_MONTHS = (
    "январь января январе январю", "февраль февраля феврале февралю", "март марта марте марту",
    "апрель апреля апреле апрелю", "май мая мае маю", "июнь июня июне июню", "июль июля июле июлю",
    "август августа августе августу", "сентябрь сентября сентябре сентябрю", "октябрь октября октябре октябрю",
    "ноябрь ноября ноябре ноябрю", "декабрь декабря декабре декабрю")
_WEEKDAYS = ("الاثنين monday", "الثلاثاء tuesday", "الأربعاء wednesday", "الخميس thursday", "الجمعة friday",
             "السبت saturday", "الأحد sunday")
_TABLE = (
    *(("E", month, names) for month, names in enumerate(_ENGLISH_MONTHS, start=1)),
    ("v", 3, "march mar"), ("v", 5, "may"),
    *(("M", month, names) for names_of_months in (_FRENCH_MONTHS, _RUSSIAN_MONTHS)
      for month, names in enumerate(names_of_months, start=1)),
    ("m", 3, "mars"),
    ("k", 12, "كانون"), ("k", 10, "تشرين"),
    ("o", 1, "أول أولى الأولى"), ("o", 2, "ثاني ثان الثانية ثانية الآخر الآخرة"), ("O", 1, "غرة"),
    ("y", 0, "st nd rd th er"),
    ("H", 1, "محرم المحرم muharram"), ("H", 2, "صفر safar"), ("H", 7, "رجب rajab"), ("H", 8, "شعبان shaban"),
    ("H", 9, "رمضان ramadan"), ("H", 10, "شوال shawwal"), ("q", 3, "ربيع"), ("q", 5, "جمادى جماد"),
    ("d", 0, "ذو ذي ذى"), ("w", 11, "القعدة"), ("w", 12, "الحجة"), ("z", 0, "المبارك المعظم الحرام المكرم"),
    *(("W", weekday, names) for weekday, names in enumerate(_WEEKDAYS)),
    ("Q", -1, "أمس الأمس yesterday"), ("Q", 1, "غدا غد الغد tomorrow"), ("Q", 0, "today"), ("T", 0, "اليوم"),
    ("j", 0, "صباح مساء ظهر عصر فجر ليل ليلة morning evening"), ("J", 0, "الليلة"),
    ("u", DAY, "يوم يوما day"), ("u", DAY + PLURAL, "أيام days"), ("u", DAY + DUAL, "يومين يومان"),
    ("u", WEEK, "أسبوع أسبوعا week"), ("u", WEEK + PLURAL, "أسابيع weeks"), ("u", WEEK + DUAL, "أسبوعين أسبوعان"),
    ("s", MONTH, "شهر شهرا شهري month"), ("s", MONTH + PLURAL, "أشهر شهور months"), ("s", MONTH + DUAL, "شهرين شهران"),
    ("a", YEAR, "عام عاما سنة عامي سنتي year année"), ("a", YEAR + PLURAL, "أعوام سنوات سنين years"),
    ("a", YEAR + DUAL, "عامين عامان سنتين سنتان"),
    ("U", WEEK, "الأسبوع"), ("U", MONTH, "الشهر"), ("A", YEAR, "العام السنة"),
    ("P", 0, "الماضي الماضية الماضى المنصرم المنصرمة الفائت الفائتة السالف last"),
    ("F", 0, "المقبل المقبلة القادم القادمة next"), ("C", 0, "الجاري الجارية الجارى الحالي الحالية الحالى"),
    ("h", 0, "هذا هذه بهذا لهذا this"),
    ("e", 0, "مطلع أوائل بداية بدايات مستهل early"), ("e", 1, "منتصف أواسط mid"),
    ("e", 2, "أواخر نهاية نهايات ختام late"),
    ("p", 0, "في فى خلال in during en в во"), ("f", 0, "من of from"), ("b", 0, "قبل منذ before since"),
    ("t", 0, "إلى to through"), ("B", 0, "حتى until till by"), ("n", 0, "بين between"), ("r", 0, "بعد after"),
    ("&", 0, "و and"), ("g", 0, "ago"), ("@", 0, "القرى"), ("l", 1, "a an"),
    ("L", 0, "على ونصف وربع التالي السابق نفسه ذاته الذي القريب"),
    ("~", 0, "ه هج هجري هجرية للهجرة الهجري ah"),
    ("+", 0, "م ميلادي ميلادية للميلاد الميلادي ad"),
)
_WORDS = _words()
