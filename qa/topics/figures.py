"""Find figures, numbers and what they count: "52 رهينة", "نحو ٣٣ مليون طن", "71.1 في المئة", "eight billion dollars".

Days and years are dates, not figures. Numbers that only label a thing ("القرار 2231", "المادة 5") are left out too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.language.clitics import BEFORE_CASUALTIES
from index.language.dates import Mention
from index.language.function_words import FUNCTION_WORDS
from index.language.quantities import find_quantities
from index.language.tokens import compared, compared_words, tokens
from index.language.units import PERCENT

_HEDGES = compared_words("""
    نحو حوالي زهاء قرابة قرابه تقريبا أكثر أقل فوق دون يزيد تزيد يقل يتجاوز تجاوز يناهز الأقل عشرات مئات آلاف
    about nearly over under almost more less around some roughly least
""")
_NUMBERED = compared_words("""
    القرار قرار المادة المادتين المادتان مادة الملحق الفقرة البند رقم القانون العدد الصفحة طراز سالت ستارت إف يو
    مجموعة قمة الدورة الفصل الطريق القناة resolution article number no group
""")
# Units whose names are function words too: 20 سنة.
_NAMED_ALIKE = ("year", "month")
_KILLED = re.compile(rf"{BEFORE_CASUALTIES}(?:قتل\w{{0,2}}|قتيل\w*|قتلي|مقتل|مصرع|وفا[هة]|وفيات|حتف\w*|ضحايا|ضحي\w*"
                     r"|استشه\w*|شهيد\w*|شهداء|اودي|اودت|killed|dead|deaths?|died)")
_WOUNDED = re.compile(rf"{BEFORE_CASUALTIES}(?:اصيب\w*|اصاب\w*|جريح\w*|جرحي|جرح|مصاب\w*|wounded|injured|hurt)")
# Words before a number that are searched for a hedge ("ما لا يقل عن 20"), and for words like killed and wounded.
_HEDGED_WITHIN = 4
FATE_WITHIN = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit at `text[start:end]`, offsets in code points.

    `unit` is the normalised word that it counts, or `PERCENT`. `approximate` is true if the text hedges the number
    (about, at least, nearly). `people_were` keeps the dead and the wounded apart, whom news counts in the same words
    and side by side.
    """

    start: int
    end: int
    value: float
    unit: str
    approximate: bool
    people_were: Literal["killed", "wounded", ""] = ""


def figures(text: str, dates: Sequence[Mention] = ()) -> Iterator[Figure]:
    """Yield the figures of a text in order; skip numbers within its `dates` and numbers that count nothing."""
    done = 0
    for quantity in find_quantities(text):
        start, end, value = quantity.number_start, quantity.number_end, float(quantity.value)
        is_of_a_date = any(start < mention.end and mention.start < end for mention in dates)
        if start < done or is_of_a_date:
            continue
        leading = [compared(match.group()) for match in tokens(text[max(0, start - 80):start])][-FATE_WITHIN:]
        before = leading[-_HEDGED_WITHIN:]
        if before and before[-1] in _NUMBERED:
            continue
        behind = list(tokens(text[end:end + 60]))
        counted = next((match for place, match in enumerate(behind[:2]) if compared(match.group()) not in FUNCTION_WORDS
                        or place == 0 and quantity.unit in _NAMED_ALIKE), None)
        approximate = not _HEDGES.isdisjoint(before)
        were = people_were([*leading[::-1], *(compared(match.group()) for match in behind[:2])])
        if quantity.unit == PERCENT:
            yield Figure(start, quantity.end, value, PERCENT, approximate, were)
            done = quantity.end
        elif counted is not None and not counted.group().isdecimal() \
                and _nothing_separates(text[end:end + counted.start()]):
            done = end + counted.end()
            yield Figure(start, done, value, compared(counted.group()), approximate, were)


def people_were(nearest_first: Sequence[str]) -> Literal["killed", "wounded", ""]:
    """Tell killed from wounded by the nearest word that says so; empty if no word does."""
    for word in nearest_first:
        if _KILLED.fullmatch(word):
            return "killed"
        if _WOUNDED.fullmatch(word):
            return "wounded"
    return ""


def _nothing_separates(between: str) -> bool:
    """Tell whether no punctuation mark stands between a number and a word."""
    return not re.search(r"[.,،؛;:()!؟?]", between)
