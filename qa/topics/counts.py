"""Read what a sentence says of a figure, and tell whether two figures contradict each other.

A figure is compared only with one that counts the same: the dead with the dead, a part with a part, what happened with
what happened. "About 5,500" and "5,512" agree, and so do "more than 500" and "580".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.language.clitics import BEFORE_CASUALTIES, LONE_AND, strip_and_for_sameness
from index.language.dates import Mention
from index.language.function_words import (
    CONTRASTING,
    DENYING_FIGURE,
    FUNCTION_WORDS,
    IN_PLACE,
    PART_OF_FIGURE,
    WAS,
    WHILE,
)
from index.language.quantities import may_start_quantity
from index.language.tokens import compared, compared_words, tokens
from index.language.units import PERCENT
from qa.answer.sameness import Said, has_word
from qa.topics.figures import FATE_WITHIN, Figure, figures, people_were

Fate = Literal["killed", "wounded", "displaced", ""]
Bound = Literal["", "about", "at least", "at most"]
Standing = Literal["", "expected", "earlier", "range"]

# Of two numbers, one more than this many times the other counts something else.
MAX_RATIO = 10
# How far apart two numbers may be that agree, as a share of the larger: if either is approximate, and if one is round.
APPROXIMATE_TOLERANCE, ROUND_TOLERANCE = 0.1, 0.05
# Smaller numbers are not taken to be rounded.
LEAST_ROUNDED = 100

_DISPLACED = re.compile(rf"{BEFORE_CASUALTIES}(?:نزح\w*|نازح\w*|نزوح\w*|شرد\w*|تشريد\w*|مشرد\w*|فروا|فر|فرت|فرار\w*"
                        r"|هروب|هربوا|هجر\w*|تهجير\w*|مهجر\w*|displaced|fled|flee|uprooted)")
_PERSONS = compared_words("""
    شخص شخصا شخصين أشخاص قتيل قتيلا قتيلين قتلى جريح جريحا جريحين جرحى مصاب مصابا مصابين ضحية ضحايا نازح نازحا نازحين
    آخر
    آخرين آخرون إنسان فرد فردا أفراد سكان people persons person others dead injured wounded victims residents
""")
_TIMES = compared_words("""
    عام عاما أعوام سنة سنوات شهر شهرا أشهر شهور أسبوع أسبوعا أسابيع يوم يوما أيام ساعة ساعات دقيقة دقائق years year
    months days
    hours minutes
""")
_YEARS = compared_words("عام عاما أعوام سنة سنوات years")
_AGE = compared_words("العمر عمره عمرها بعمر aged age")
_ABOUT = compared_words("""
    نحو حوالي زهاء قرابة تقريبا يناهز يقارب مايقارب عشرات مئات آلاف about nearly around some roughly
""")
_MORE = compared_words("أكثر فوق يزيد تزيد تجاوز يتجاوز تجاوزت تتجاوز يفوق الأقل more over least exceeded")
_LESS = compared_words("أقل دون يقل تقل الأكثر less under most")
# The displaced who are at one place are a part of all.
_BY = compared_words("قرب بالقرب طول امتداد near along")
_EARLIER = compared_words("مقابل مقارنة سابقا previously compared against")
_CHANGED = compared_words("""
    ارتفع ارتفعت ارتفاع يرتفع ترتفع ليرتفع لترتفع ازداد ازدادت زاد زادت صحح صححت تصحيح عدل عدلت تعديل خفض خفضت خفضوا
    تراجع
    rose risen rises revised corrected raised lowered climbed
""")
_EXPECTED = re.compile(
    r"(?:[ينت]|ال)?(?:توقع\w*|متوقع\w*)|المتوقع\w*|(?:[ينت]|مست)?(?:هدف\w*|ستهدف\w*)|(?:[ينت])?رجح\w*|مرجح\w*|سوف"
    r"|س[يت](?:بلغ|صل|كون|رتفع|زيد|وفر|تم|ضم|حصل|فقد|خسر|تجاوز|عود|غادر|ستقبل|شارك|تراجع|نخفض|نمو|حقق|ستثمر|قل|قتل|نفق|ضاف|ودي|سفر|جبر|شرد|نزح|هجر|سبب)\w*"
    r"|expected|forecasts?|projected|will|may|could|target\w*|planned")
# "More than half of the seats, which number 128".
_WHOLE = compared_words("البالغ البالغة البالغين")
_PERIODS = compared_words("يوميا سنويا شهريا أسبوعيا daily yearly annually monthly weekly")
# Words between "in" and the name of a place.
_NOT_PLACES = compared_words("""
    انفجار تفجير تفجيرات هجوم هجمات غارة غارات قصف حادث حريق زلزال معارك اشتباكات عملية عمليات مدينة محافظة بلدة قرية
    منطقة
    مناطق ريف شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط العاصمة مستودع مبنى أنحاء حصيلة explosion attack city town
    province
    northern southern eastern western central
""")
_CLAUSE_END = re.compile(r"[،,؛;:.!؟?]")


@dataclass(frozen=True, slots=True)
class Count:
    """A figure and what its sentence says of it.

    `unit` is the word that is counted, "person" for people who were killed, wounded or displaced, or `PERCENT`.
    `standing` marks what is not yet so or no longer so, and the ends of a range; `is_part` a part of another figure
    ("25 people, among them 9 journalists"), `is_changed` that the sentence tells of a rise or a correction. `near` are
    content words before it, the nearest one last; `period` and `place` are words behind it, or empty. `is_age` tells
    that it is the age of whoever stands before it, `is_apart` that it stands behind "while", in a clause of its own.
    """

    figure: Figure
    unit: str
    fate: Fate
    bound: Bound
    standing: Standing
    is_part: bool
    is_changed: bool
    near: tuple[str, ...]
    period: str
    place: str
    is_age: bool
    is_apart: bool = False


def counts(text: str, dates: Sequence[Mention] = ()) -> Iterator[Count]:
    """Yield the figures of a sentence in order, each with what is said of it; see `figures` for `dates`."""
    for figure in figures(text, dates):
        before = [strip_and_for_sameness(word) for match in tokens(text[:figure.start]) if (word := compared(match[0]))]
        number_and_unit = text[figure.start:figure.end]
        behind = [word for match in tokens(text[figure.end:]) if (word := compared(match[0]))]
        is_behind_comma = text[:figure.start].rstrip()[-1:] in ("،", ",")
        is_age = figure.unit in _YEARS and (is_behind_comma or not _AGE.isdisjoint(before[-2:]))
        in_clause = len(list(tokens(_CLAUSE_END.split(text[figure.end:], maxsplit=1)[0])))
        yield _count(figure, before, number_and_unit, behind, in_clause, is_age=is_age)


def _count(figure: Figure, before: Sequence[str], itself: str, behind: Sequence[str], in_clause: int, *, is_age: bool
           ) -> Count:
    own = (compared(match[0]) for match in tokens(itself))
    fate = _fate([*own, *before[:-FATE_WITHIN - 1:-1], *behind[:min(4, in_clause)]])
    unit = "person" if fate and figure.unit in _PERSONS else figure.unit
    is_part = not PART_OF_FIGURE.isdisjoint(before[-3:]) or (fate == "displaced" and not _BY.isdisjoint(behind[:3]))
    is_changed = not _CHANGED.isdisjoint(before) and not {"الي", "to", "لتبلغ", "ليبلغ"}.isdisjoint(before[-3:])
    period = next((word for word in behind[:3] if word in _PERIODS), "")
    return Count(figure, unit, fate, _bound(before, behind), _standing(before, behind), is_part, is_changed,
                 _near(before, figure.unit), period, _place(behind), is_age, not WHILE.isdisjoint(before[-4:]))


def contradict(one: Count, other: Count) -> bool | None:
    """Tell whether two counts differ; None if they do not count the same, so that neither bears on the other."""
    low, high = sorted((one.figure.value, other.figure.value))
    is_same = one.fate == other.fate and one.standing == other.standing and one.standing in ("", "expected") \
        and one.is_part == other.is_part and one.period == other.period and _same_unit(one.unit, other.unit) \
        and high <= MAX_RATIO * low and _said_of_the_same(one, other)
    return not _agree(one, other) if is_same else None


def _agree(one: Count, other: Count) -> bool:
    small, large = sorted((one, other), key=lambda each: each.figure.value)
    low, high = small.figure.value, large.figure.value
    if low == high:
        return True
    if small.bound == "at least" and (small.fate in ("killed", "wounded")
                                      or large.bound == "at least" and small.fate != "displaced"):
        return True  # at least 12 were killed, and more may have been
    if small.bound == "at least" or large.bound == "at most":
        return high <= max(low + _rounding(low), (1 + APPROXIMATE_TOLERANCE) * low)  # more than 500 may be 580
    if small.bound or large.bound:
        return high - low <= APPROXIMATE_TOLERANCE * high
    return low >= LEAST_ROUNDED and high - low <= min(
        ROUND_TOLERANCE * high, max(_rounding(low), _rounding(high)) / 2)


def _rounding(value: float) -> float:
    """Return what a number is rounded to by its last zeros: 100 for 5,500; 0 if it has a fraction."""
    if value != int(value):
        return 0.0
    digits = str(int(value))
    return 10.0 ** (len(digits) - len(digits.rstrip("0")))


def _said_of_the_same(one: Count, other: Count) -> bool:
    """Tell whether the words around two figures let them count the same thing."""
    if one.fate == "displaced" and one.is_part:
        return False  # those at one border, and those at another
    if one.fate:
        return True
    if one.is_age != other.is_age:
        return False
    if one.unit in _TIMES:
        return bool(one.near and other.near) and _meet(one.near[-1], other.near[-1])
    shared = sum(any(_meet(word, theirs) for theirs in other.near) for word in one.near)
    return shared >= (2 if one.unit == PERCENT else 1)


def _same_unit(one: str, other: str) -> bool:
    return one == other or (PERCENT not in (one, other) and _meet(one, other) and _begins(one) == _begins(other))


def _begins(unit: str) -> str:
    """Return the first two letters without an alef in front, in which forms of one word agree: not شاحنة and شحنة."""
    return unit.lstrip("ا")[:2]


def _meet(one: str, other: str) -> bool:
    """Tell whether two normalised words are forms of one."""
    return has_word(one, Said.by(other)) and has_word(other, Said.by(one))


def _fate(nearest_first: Sequence[str]) -> Fate:
    for word in nearest_first:
        if were := people_were([word]):
            return were
        if _DISPLACED.fullmatch(word):
            return "displaced"
    return ""


def _bound(before: Sequence[str], behind: Sequence[str]) -> Bound:
    last = before[-4:]
    for place, word in enumerate(last):
        is_denied = place > 0 and last[place - 1] in DENYING_FIGURE
        if word in _MORE:
            return "at most" if is_denied else "at least"
        if word in _LESS:
            return "at least" if is_denied else "at most"
    if "الاقل" in behind[:2]:
        return "at least"
    return "about" if not _ABOUT.isdisjoint([*last, *behind[:1]]) else ""


def _standing(before: Sequence[str], behind: Sequence[str]) -> Standing:
    if "بين" in before[-2:] or (before[-1:] == [LONE_AND] and "بين" in before[-8:]) or "between" in before[-4:]:
        return "range"
    if not _WHOLE.isdisjoint(before[-2:]) and any(word.startswith("عدد") for word in before[-1:]):
        return "range"
    if not _EARLIER.isdisjoint([*before[-3:], *behind[:1]]):
        return "earlier"
    if not WAS.isdisjoint(before[-2:]) and "بعد" in before[-4:]:
        return "earlier"
    if before[-1:] in (["من"], ["from"]) and not _CHANGED.isdisjoint(before[-8:]):
        return "earlier"
    for word in before[:-11:-1]:
        if word in CONTRASTING:
            break
        if _EXPECTED.fullmatch(word):
            return "expected"
    return ""


def _near(before: Sequence[str], unit: str) -> tuple[str, ...]:
    content = [word for word in before if _is_content(word) and word != unit]
    return tuple(content[-4:])


def _place(behind: Sequence[str]) -> str:
    """Return the first word behind "in" that may name a place, empty if there is none nearby."""
    for number, word in enumerate(behind[:8]):
        if word in IN_PLACE:
            return next((each for each in behind[number + 1:number + 6]
                         if _is_content(each) and each not in _NOT_PLACES), "")
    return ""


def _is_content(word: str) -> bool:
    return word not in FUNCTION_WORDS and not may_start_quantity(word) and word not in _ABOUT and word not in _MORE \
        and word not in _AGE and word not in ("البالغ", "البالغه")
