"""What kind of thing a question asks for, and whether a sentence shows such a thing. Arabic and English."""

from __future__ import annotations

import re
from enum import Enum

from index.arabic import MONTHS, normalise


class AnswerKind(Enum):
    """`OTHER` is every question whose answer has no form of its own: what, why, how, where."""

    TIME = "time"
    QUANTITY = "quantity"
    PERSON = "person"
    OTHER = "other"


# Words that ask, point or join, and say nothing about what is asked for. Normalised.
FUNCTION_WORDS = frozenset(normalise(word) for word in """
    ما ماذا من متى أين كيف كم هل لماذا لم أي أية هو هي هم التي الذي الذين ذلك هذا هذه تلك في على إلى عن مع بعد قبل بين
    كان كانت يكون تم يتم ومن وما وهل وكم عند عندما إذا أو ثم قد لقد إن أن لا ولا وقد كل منذ حتى كما لكن ايش شو ليش وين
    what who whom whose when where which why how did do does was were is are the a an of in on at to for with by and or
    that this it its has have had be been will would from much many
""".split())

_QUESTIONS = (
    (AnswerKind.TIME, re.compile(
        r"\bو?متي\b|\b(?:اي|ايه) (?:عام|سنه|تاريخ|يوم|شهر|وقت|عقد|قرن)\b|\bما (?:هو )?(?:تاريخ|موعد)\b"
        r"|\bwhen\b|\b(?:which|what) (?:year|date|day|month)\b")),
    (AnswerKind.QUANTITY, re.compile(
        r"\bو?كم\b|\bعدد\b|\b(?:ما|كم) (?:هو |هي )?(?:سعر|ثمن|نسبه|قيمه|حجم|مساحه|كلفه|تكلفه)\b"
        r"|\bhow (?:many|much|old|long|far|tall)\b|\b(?:number|price|cost|percentage|population) of\b")),
    (AnswerKind.PERSON, re.compile(r"^\W*و?من (?!اي\b|اين\b|متي\b)|\bمن (?:هو|هي|هم|الذي|التي|كان|قام)\b|\bwho(?:m|se)?\b")),
)
_MONTH_NAMES = "|".join(sorted({normalise(name) for names in MONTHS for name in names} - {"اب", "اوت", "مارس", "جوان"}))
_TIME = re.compile(rf"\b(?:1\d{{3}}|20\d{{2}})\b|\b(?:{_MONTH_NAMES})\b|\b\d+ (?:مارس|اغسطس|اب)\b")
_NUMBER = re.compile(
    r"\d|\b(?:واحد|اثن|ثلاث|اربع|خمس|ست|سبع|ثماني|تسع|عشر|مي[هت]|ماي[هت]|الف|الاف|مليون|ملايين|مليار|نصف|ثلث|ربع)\w*")
_ROLE = re.compile(
    r"\b(?:و|ال|وال|لل|ل|ب)?(?:رييس|وزير|نايب|مبعوث|امين|مدير|سفير|ملك|امير|قايد|مستشار|متحدث|زعيم|مندوب|مفاوض|وسيط"
    r"|جنرال)\w{0,2}\b|\b(?:president|minister|secretary|envoy|ambassador|leader)s?\b")
MOST_ROLES = 3


def answer_kind(question: str) -> AnswerKind:
    """The kind of answer that the question asks for."""
    normalised = normalise(question)
    return next((kind for kind, pattern in _QUESTIONS if pattern.search(normalised)), AnswerKind.OTHER)


def shown(kind: AnswerKind, normalised: str) -> float:
    """How far a normalised sentence shows that kind of thing, from 0 (not at all) to 1; 0 for `OTHER`."""
    if kind is AnswerKind.TIME:
        return float(bool(_TIME.search(normalised)))
    if kind is AnswerKind.QUANTITY:
        return float(bool(_NUMBER.search(normalised)))
    if kind is AnswerKind.PERSON:
        return min(len(_ROLE.findall(normalised)), MOST_ROLES) / MOST_ROLES
    return 0.0
