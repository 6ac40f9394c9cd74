"""Tell what kind of answer a question asks for, and whether a sentence shows that kind.

Questions may be in Arabic, English, French and Russian, sentences in Arabic and English.
"""

from __future__ import annotations

import re
from enum import Enum

from index.language.arabic import AMBIGUOUS_MONTHS, MONTHS, normalise
from index.language.clitics import BEFORE_HOW_MANY, BEFORE_OFFICE, BEFORE_PLACE, WA
from index.language.function_words import DIALECT_WHEN, DIALECT_WHERE, DIALECT_WHO
from index.language.nations import COUNTRIES
from index.language.quantities import shows_quantity
from index.language.scripts import is_arabic_word
from index.language.tokens import compared_words


class AnswerKind(Enum):
    """The kind of answer; `OTHER` if the answer has no typical form: what, why, how."""

    TIME = "time"
    PLACE = "place"
    QUANTITY = "quantity"
    PERSON = "person"
    OTHER = "other"


_QUESTIONS = (
    (AnswerKind.TIME, re.compile(
        rf"\b{WA}(?:متي|{'|'.join(DIALECT_WHEN)})\b|\b(?:اي|ايه) (?:عام|سنه|تاريخ|يوم|شهر|وقت|عقد|قرن)\b"
        r"|\bما (?:هو )?(?:تاريخ|موعد)\b|\bwhen\b|\b(?:which|what) (?:year|date|day|month)\b"
        r"|\bquand\b|\bquel(?:le)?s? (?:est la |était la )?(?:annee|année|date|jour|mois|siècle|heure)\b"
        r"|\bкогда\b|\bкак(?:ой|ого|ом|ая|ую) (?:год[ау]?|день|дня|числ[оа]|месяц[ае]?|дат[ау]|век[ае]?)\b")),
    (AnswerKind.PLACE, re.compile(
        rf"\b{WA}(?:اين|{'|'.join(DIALECT_WHERE)})\b|\bاي (?:مدينه|بلد|دوله|عاصمه|مكان|منطقه)\b"
        r"|\bwhere\b|\b(?:which|what) (?:city|country|place)\b"
        r"|\boù\b|^\W*(?:d )?ou\b|\bquel(?:le)?s? (?:ville|pays|endroit|lieu|capitale)\b"
        r"|\b(?:где|куда|откуда)\b|\bкак(?:ой|ом|ая) (?:город|городе|стран[ае]|мест[оае]|столиц[ае])\b")),
    (AnswerKind.QUANTITY, re.compile(
        rf"\b{BEFORE_HOW_MANY}كم\b|\bعدد\b|\b(?:ما|كم) (?:هو |هي )?(?:سعر|ثمن|اسعار|نسبه|قيمه|حجم|مساحه|كلفه|تكلفه"
        r"|عمر|طول|ارتفاع|وزن|سرعه|عمق|مسافه|راتب)\b"
        r"|\bhow (?:many|much|old|long|far|tall)\b|\b(?:number of|prices?|costs?|percentage|population)\b"
        r"|\bcombien\b|\bquel(?:le)? (?:est |était )?(?:l[ea] |l\W)?(?:nombre|prix|pourcentage|coût|taux|quantité|durée"
        r"|superficie|population|distance|montant)\b"
        r"|\bскольк(?:о|им|их)\b|\bкак(?:ой|ая|ов|ова|ово|ую) (?:был[ао]? )?(?:процент|цен[ау]|дол[яю]|численность"
        r"|население|стоимость|сумм[ау]|площадь)\b")),
    (AnswerKind.PERSON, re.compile(
        rf"^\W*{WA}من (?!اي\b|اين\b|متي\b)|\b(?:{'|'.join(DIALECT_WHO)})\b"
        r"|\bمن (?:هو|هي|هم|الذي|التي|كان|قام)\b|\bwho(?:m|se)?\b"
        r"|^\W*(?:(?:à|a|de|avec|par|pour|contre) )?qui\b|\b(?:кто|кого|кому|кем|ком|чей|чья)\b")),
)
_MONTH_NAMES = "|".join(sorted(
    {normalise(name) for names in MONTHS for name in names} - {normalise(name) for name in AMBIGUOUS_MONTHS}))
_TIME = re.compile(rf"\b(?:1\d{{3}}|20\d{{2}})\b|\b(?:{_MONTH_NAMES})\b|\b\d+ (?:مارس|اغسطس|اب)\b")
_ROLE = re.compile(
    rf"\b{BEFORE_OFFICE}(?:رييس|وزير|نايب|مبعوث|امين|مدير|سفير|ملك|امير|قايد|مستشار|متحدث|زعيم|مندوب|مفاوض|وسيط"
    r"|جنرال)\w{0,2}\b|\b(?:president|minister|secretary|envoy|ambassador|leader)s?\b")
MAX_ROLES = 3
# The cities where states negotiate, and what countries are called besides.
_CITIES = compared_words("""
    موسكو واشنطن كييف لندن باريس برلين بكين طوكيو جنيف فيينا لاهاي بروكسل روما أوسلو هلسنكي ستوكهولم كوبنهاغن مدريد
    لشبونة أثينا وارسو براغ بودابست بلغراد مينسك إسطنبول أنقرة القاهرة الرياض جدة الدوحة دبي أبوظبي ظبي مسقط المنامة
    صنعاء عدن بغداد دمشق بيروت القدس غزة الرباط طرابلس الخرطوم أديس نيروبي طهران كابول إسلام نيودلهي سيول بيونغ هانوي
    نيويورك ريكيافيك جاكرتا كانبرا أوتاوا هافانا برازيليا الطائف شرم الولايات كوبا
""")
PLACES = _CITIES | frozenset(filter(is_arabic_word, COUNTRIES))
_PLACE = re.compile(rf"\b{BEFORE_PLACE}(?:{'|'.join(sorted(PLACES))})\b|\b(?:in|at|near) [a-z]{{3,}}")


def answer_kind(normalised: str) -> AnswerKind:
    """Return the kind of answer that a normalised question asks for."""
    return next((kind for kind, pattern in _QUESTIONS if pattern.search(normalised)), AnswerKind.OTHER)


def shown(kind: AnswerKind, normalised: str) -> float:
    """Score how well a normalised sentence shows this kind of answer, 0 (not at all) to 1; 0 for `OTHER`."""
    if kind is AnswerKind.TIME:
        return float(bool(_TIME.search(normalised)))
    if kind is AnswerKind.PLACE:
        return float(bool(_PLACE.search(normalised)))
    if kind is AnswerKind.QUANTITY:
        return float(shows_quantity(normalised))
    if kind is AnswerKind.PERSON:
        return min(len(_ROLE.findall(normalised)), MAX_ROLES) / MAX_ROLES
    return 0.0
