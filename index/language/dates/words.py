"""Look up the role of a word in a date. To teach the finder a new word, add it to a table here.

The tables hold Arabic and English words; of French and Russian, the months and the words before months and years.
"""

from __future__ import annotations

from functools import lru_cache

from index.language.arabic import MONTHS, normalise
from index.language.clitics import strip_for_dates
from index.language.dates.signs import Sign
from index.language.numbers import ORDINAL_WORDS, ordinal, starts_number
from index.language.tokens import compared, digits_value

DAY, WEEK, MONTH, YEAR, HOUR, DECADE, UNIT_OF_CENTURY = range(1, 8)
# Added to a unit of time: the word says two of it, or several.
DUAL, PLURAL = 10, 20


def sign_of(token: str) -> tuple[Sign, int]:
    """Return the sign of a token and its value, 0 where the sign has none."""
    value = digits_value(token)
    if value is None:
        return _sign_of_word(token)
    if 1 <= value <= 31 and len(token) <= 2:
        return _UP_TO_31, value
    return _FOUR_DIGITS if len(token) == 4 and value >= 1000 else _OTHER_NUMBER, value


# Looking a member up in its class takes longer than the rest of `sign_of`.
_UP_TO_31, _FOUR_DIGITS, _OTHER_NUMBER = Sign.UP_TO_31, Sign.FOUR_DIGITS, Sign.OTHER_NUMBER


@lru_cache(maxsize=1 << 15)
def _sign_of_word(token: str) -> tuple[Sign, int]:
    word = compared(token)
    if word in _CAPITALISED and token[0].islower():
        return Sign.OTHER_WORD, 0
    found = _WORDS.get(word) or next((_WORDS[rest] for rest in strip_for_dates(word) if rest in _WORDS), None)
    if found is None:
        return Sign.CARDINAL_WORD if starts_number(word) else Sign.OTHER_WORD, 0
    # Written with its madda, آب is not "father".
    return (Sign.MONTH_OR_OTHER_WORD, found[1]) if found[0] == Sign.AUGUST_OR_FATHER and "آ" in token else found


# English words that are months only with a capital.
_CAPITALISED = frozenset(("may", "march", "mar"))

# Each table has rows of a sign, its value, and the words of that sign and value.
_Table = tuple[tuple[Sign, int, str], ...]

# The Arabic names are in `MONTHS`; of these, the ones that are also verbs or other names.
_ARABIC_MONTHS_OR_OTHER_WORDS = frozenset(("مارس", "أوت", "جوان", "مايس"))
_ENGLISH_MONTHS = ("january jan", "february feb", "", "april apr", "", "june jun", "july jul", "august aug",
                   "september sept sep", "october oct", "november nov", "december dec")
_FRENCH_MONTHS = ("janvier", "février fevrier", "", "avril", "mai", "juin", "juillet", "août aout", "septembre",
                  "octobre", "novembre", "décembre decembre")
_RUSSIAN_MONTHS = (
    "январь января январе январю", "февраль февраля феврале февралю", "март марта марте марту",
    "апрель апреля апреле апрелю", "май мая мае маю", "июнь июня июне июню", "июль июля июле июлю",
    "август августа августе августу", "сентябрь сентября сентябре сентябрю", "октябрь октября октябре октябрю",
    "ноябрь ноября ноябре ноябрю", "декабрь декабря декабре декабрю")
_GREGORIAN_MONTHS: _Table = (
    *((Sign.ENGLISH_MONTH, month, names) for month, names in enumerate(_ENGLISH_MONTHS, start=1)),
    (Sign.ENGLISH_MONTH_OR_VERB, 3, "march mar"),
    (Sign.ENGLISH_MONTH_OR_VERB, 5, "may"),
    *((Sign.MONTH, month, names) for month, names in enumerate(_FRENCH_MONTHS, start=1)),
    *((Sign.MONTH, month, names) for month, names in enumerate(_RUSSIAN_MONTHS, start=1)),
    (Sign.MONTH_OR_OTHER_WORD, 3, "mars"),
    (Sign.TWO_WORD_MONTH, 12, "كانون"),
    (Sign.TWO_WORD_MONTH, 10, "تشرين"),
    (Sign.SHORT_MONTH, 12, "ك"),
    (Sign.SHORT_MONTH, 10, "ت"),
    (Sign.FIRST_OR_SECOND, 1, "أول أولى الأولى"),
    (Sign.FIRST_OR_SECOND, 2, "ثاني ثان الثانية ثانية الآخر الآخرة"),
)

_HIJRI_MONTHS: _Table = (
    (Sign.HIJRI_MONTH, 1, "محرم المحرم muharram"),
    (Sign.HIJRI_MONTH, 2, "صفر safar"),
    (Sign.TWO_WORD_HIJRI_MONTH, 3, "ربيع"),
    (Sign.TWO_WORD_HIJRI_MONTH, 5, "جمادى جماد"),
    (Sign.HIJRI_MONTH, 7, "رجب rajab"),
    (Sign.HIJRI_MONTH, 8, "شعبان shaban"),
    (Sign.HIJRI_MONTH, 9, "رمضان ramadan"),
    (Sign.HIJRI_MONTH, 10, "شوال shawwal"),
    (Sign.DHU, 0, "ذو ذي ذى"),
    (Sign.MONTH_AFTER_DHU, 11, "القعدة"),
    (Sign.MONTH_AFTER_DHU, 12, "الحجة"),
    (Sign.HIJRI_MONTH_TITLE, 0, "المبارك المعظم الحرام المكرم النبوي"),
)

_DAYS: _Table = (
    (Sign.ORDINAL, 1, "غرة"),
    (Sign.ORDINAL_ENDING, 0, "st nd rd th er"),
    (Sign.WEEKDAY, 0, "الاثنين monday"),
    (Sign.WEEKDAY, 1, "الثلاثاء tuesday"),
    (Sign.WEEKDAY, 2, "الأربعاء wednesday"),
    (Sign.WEEKDAY, 3, "الخميس thursday"),
    (Sign.WEEKDAY, 4, "الجمعة friday"),
    (Sign.WEEKDAY, 5, "السبت saturday"),
    (Sign.WEEKDAY, 6, "الأحد sunday"),
    (Sign.DAY_NEAR_TODAY, -1, "أمس الأمس yesterday"),
    (Sign.DAY_NEAR_TODAY, 0, "today"),
    (Sign.DAY_NEAR_TODAY, 1, "غدا غد الغد tomorrow"),
    (Sign.TODAY_OR_NOWADAYS, 0, "اليوم"),
    (Sign.PART_OF_DAY, 0, "صباح مساء ظهر عصر فجر ليل ليلة morning evening"),
    (Sign.TONIGHT, 0, "الليلة"),
)

_UNITS: _Table = (
    (Sign.DAY_OR_WEEK_WORD, DAY, "يوم يوما day"),
    (Sign.DAY_OR_WEEK_WORD, DAY + DUAL, "يومين يومان"),
    (Sign.DAY_OR_WEEK_WORD, DAY + PLURAL, "أيام days"),
    (Sign.DAY_OR_WEEK_WORD, WEEK, "أسبوع أسبوعا week"),
    (Sign.DAY_OR_WEEK_WORD, WEEK + DUAL, "أسبوعين أسبوعان"),
    (Sign.DAY_OR_WEEK_WORD, WEEK + PLURAL, "أسابيع weeks"),
    (Sign.MONTH_WORD, MONTH, "شهر شهرا شهري month"),
    (Sign.MONTH_WORD, MONTH + DUAL, "شهرين شهران"),
    (Sign.MONTH_WORD, MONTH + PLURAL, "أشهر شهور months"),
    (Sign.YEAR_WORD, YEAR, "عام عاما سنة عامي سنتي year année"),
    (Sign.YEAR_WORD, YEAR + DUAL, "عامين عامان سنتين سنتان"),
    (Sign.YEAR_WORD, YEAR + PLURAL, "أعوام سنوات سنين years"),
    (Sign.THE_WEEK_OR_MONTH, WEEK, "الأسبوع"),
    (Sign.THE_WEEK_OR_MONTH, MONTH, "الشهر"),
    (Sign.THE_YEAR, YEAR, "العام السنة"),
    (Sign.HOUR_WORD, HOUR, "ساعة hour"),
    (Sign.HOUR_WORD, HOUR + DUAL, "ساعتين ساعتان"),
    (Sign.HOUR_WORD, HOUR + PLURAL, "ساعات hours"),
    (Sign.DECADES, DECADE, "decade"),
    (Sign.DECADES, DECADE + DUAL, "عقدين"),
    (Sign.DECADES, DECADE + PLURAL, "عقود decades"),
    (Sign.THE_UNITS, DECADE, "العقد"),
    (Sign.THE_UNITS, DAY + DUAL, "اليومين اليومان"),
    (Sign.THE_UNITS, DAY + PLURAL, "الأيام"),
    (Sign.THE_UNITS, WEEK + DUAL, "الأسبوعين الأسبوعان"),
    (Sign.THE_UNITS, WEEK + PLURAL, "الأسابيع"),
    (Sign.THE_UNITS, MONTH + DUAL, "الشهرين الشهران"),
    (Sign.THE_UNITS, YEAR + DUAL, "العامين العامان السنتين السنتان"),
    (Sign.THE_UNITS, YEAR + PLURAL, "السنوات الأعوام السنين"),
    (Sign.THE_UNITS, HOUR + PLURAL, "الساعات"),
    (Sign.THE_UNITS, DECADE + DUAL, "العقدين العقدان"),
    (Sign.THE_UNITS, DECADE + PLURAL, "العقود"),
    (Sign.THE_UNITS, UNIT_OF_CENTURY + PLURAL, "القرون"),
    (Sign.FEW, 0, "القليلة القلائل few several"),
    (Sign.EARLY_MID_OR_LATE, 0, "مطلع أوائل بداية بدايات مستهل early"),
    (Sign.EARLY_MID_OR_LATE, 1, "منتصف أواسط mid"),
    (Sign.EARLY_MID_OR_LATE, 2, "أواخر نهاية نهايات ختام late"),
)

# Feasts; `feasts.py` has their days.
FITR, ADHA, CHRISTMAS, NEW_YEAR, BIRTH_OF_THE_PROPHET, ASHURA = range(1, 7)
_DECADES = ("العشرين عشرين", "الثلاثين ثلاثين", "الأربعين أربعين", "الخمسين خمسين", "الستين ستين", "السبعين سبعين",
            "الثمانين ثمانين", "التسعين تسعين")
_ENGLISH_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")

_PERIODS: _Table = (
    *((Sign.DECADE, tens, " ".join(f"{stem}{ending}" for stem in stems.split() for ending in ("ات", "يات")))
      for tens, stems in zip(range(20, 100, 10), _DECADES, strict=True)),
    *((Sign.DECADE, tens, name) for tens, name in zip(range(20, 100, 10), _ENGLISH_DECADES, strict=True)),
    (Sign.DECADE_ENDING, 0, "s"),
    (Sign.CENTURY, 0, "القرن century"),
    (Sign.CENTURIES, UNIT_OF_CENTURY + DUAL, "القرنين القرنان"),
    (Sign.CENTURIES, UNIT_OF_CENTURY + PLURAL, "centuries"),
    (Sign.WEEKEND, 0, "weekend الويكند"),
    (Sign.SEASON, 3, "الربيع spring"),
    (Sign.SEASON, 6, "صيف الصيف summer"),
    (Sign.SEASON, 9, "خريف الخريف autumn fall"),
    (Sign.SEASON, 12, "شتاء الشتاء winter"),
    (Sign.PART, 4, "الربع quarter"),
    (Sign.PART, 3, "الثلث"),
    (Sign.PART, 2, "النصف half"),
    (Sign.THE_MONTHS, MONTH + PLURAL, "الأشهر الشهور"),
    (Sign.LAST_PART, 0, "الأخير الأخيرة"),
    (Sign.FEAST, 0, "عيد eid"),
    (Sign.NAME_OF_FEAST, FITR, "الفطر fitr"),
    (Sign.NAME_OF_FEAST, ADHA, "الأضحى الاضحي adha"),
    (Sign.NAME_OF_FEAST, CHRISTMAS, "الميلاد christmas"),
    (Sign.NAME_OF_FEAST, BIRTH_OF_THE_PROPHET, "المولد"),
    (Sign.NAME_OF_FEAST, ASHURA, "عاشوراء ashura"),
    (Sign.BEGINNING, 0, "رأس"),
    (Sign.FASTING, 0, "صيام صوم fasting"),
)

_DIRECTIONS: _Table = (
    (Sign.PAST, 0, "الماضي الماضية الماضى المنصرم المنصرمة الفائت الفائتة السالف last"),
    (Sign.CURRENT, 0, "الجاري الجارية الجارى الحالي الحالية الحالى"),
    (Sign.COMING, 0, "المقبل المقبلة القادم القادمة next"),
    (Sign.BOTH_PAST, 0, "الماضيين الفائتين المنصرمين الأخيرين"),
    (Sign.BOTH_COMING, 0, "المقبلين القادمين"),
    (Sign.STRETCH_WORD, -1, "past recent آخر"),
    (Sign.STRETCH_WORD, 1, "coming"),
    (Sign.THIS, 0, "هذا هذه بهذا لهذا this"),
    (Sign.AGO, 0, "ago"),
    (Sign.LATER, 0, "later"),
    (Sign.ONLY, 0, "فقط تقريبا only"),
    (Sign.ABOUT, 0, "نحو حوالي زهاء قرابة about around nearly"),
)

_JOINING_WORDS: _Table = (
    (Sign.IN, 0, "في فى خلال غضون in within during en в во"),
    (Sign.OF, 0, "من of from"),
    (Sign.BEFORE_OR_SINCE, 0, "قبل منذ before since"),
    (Sign.AFTER, 0, "بعد after"),
    (Sign.TO, 0, "إلى to through"),
    (Sign.UNTIL, 0, "حتى until till by"),
    (Sign.BETWEEN, 0, "بين between"),
    (Sign.AND, 0, "و and"),
    (Sign.ONE, 1, "a an"),
    (Sign.NOT_FROM_TODAY, 0, "على ونصف وربع التالي السابق نفسه ذاته الذي القريب"),
)

_CALENDARS: _Table = (
    (Sign.HIJRI_ERA, 0, "ه هج هجري هجرية للهجرة الهجري الهجرية الهجريين ah"),
    (Sign.GREGORIAN_ERA, 0, "م ميلادي ميلادية للميلاد الميلادي الميلادية الميلاديين ad"),
    (Sign.UMM_AL_QURA, 0, "القرى"),
)


def _arabic_month(name: str) -> Sign:
    if name == "آب":
        return Sign.AUGUST_OR_FATHER
    return Sign.MONTH_OR_OTHER_WORD if name in _ARABIC_MONTHS_OR_OTHER_WORDS else Sign.MONTH


def _words() -> dict[str, tuple[Sign, int]]:
    """Collect every word with its sign and value. Where two tables have a word, the later one counts."""
    words = {word: (Sign.ENGLISH_ORDINAL if word.isascii() else Sign.ORDINAL, ordinal([word])[0])
             for word in ORDINAL_WORDS}
    for month, names in enumerate(MONTHS, start=1):
        words |= {normalise(name): (_arabic_month(name), month) for name in names if " " not in name}
    for table in (_GREGORIAN_MONTHS, _HIJRI_MONTHS, _DAYS, _UNITS, _PERIODS, _DIRECTIONS, _JOINING_WORDS, _CALENDARS):
        for sign, value, spelled in table:
            words |= {normalise(word): (sign, value) for word in spelled.split()}
    return words


_WORDS = _words()
