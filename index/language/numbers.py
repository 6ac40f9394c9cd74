"""Read numbers in words, Arabic and English: مئة وثلاثة وعشرون, خمسة عشر ألفًا, twenty-three, الحادي والعشرين.

Every list of number words is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.language.arabic import normalise
from index.language.clitics import BEFORE_NUMBER, strip_and_for_numbers, strip_for_dates
from index.language.scripts import begins_in_ascii
from index.language.tokens import compared, tokens

# Most words read as one number; the longest numbers in use take fewer.
MAX_WORDS = 24


@dataclass(frozen=True, slots=True)
class Number:
    """A number in words at `text[start:end]`, offsets in code points."""

    start: int
    end: int
    value: int


def numbers_in_words(text: str) -> list[Number]:
    """Find the cardinal numbers in words in `text`, in order. Linear in the length of the text.

    A lone ألف or مليون is not a number: it multiplies digits (60 ألفًا), or is another word (ألّف, "wrote").
    """
    places = [match.span() for match in tokens(text)]
    spelled = [text[start:end] for start, end in places]
    found: list[Number] = []
    if not any(map(_may_start, spelled)):
        return found
    words = list(map(compared, spelled))
    word = 0
    while word < len(words):
        value, used = cardinal(words[word:run_end(text, places, word)]) if starts_number(words[word]) else (0, 0)
        multiplies = used and _SCALES.get(_split(words[word])[1], (0, 0))[1] == 1 and (
            used == 1 or (word and words[word - 1].isdecimal()))
        if used and not multiplies:
            found.append(Number(places[word][0], places[word + used - 1][1], value))
        word += max(used, 1)
    return found


def starts_number(word: str) -> bool:
    """Tell whether a normalised word may begin a number, also with و in front."""
    return _split(word)[1] in _STARTS


def _may_start(token: str) -> bool:
    return not token.isdecimal() and _word_may_start(token)


# Cached, since most words of a text are looked up here, and most of them often.
@lru_cache(maxsize=1 << 15)
def _word_may_start(token: str) -> bool:
    return starts_number(compared(token))


def cardinal(words: Sequence[str]) -> tuple[int, int]:
    """Read the number at the beginning of normalised words: return its value and the count of its words.

    Return (0, 0) if the first word begins no number. In Arabic, parts to add are joined by و (مئة وثلاثة وعشرون, مليون
    ونصف); parts to multiply (ثلاثة آلاف) and the parts of 11 to 19 stand side by side. English adds with or without
    "and".
    """
    total = group = used = 0
    scale_before = _LARGEST
    for place, written in enumerate(words[:MAX_WORDS]):
        joined, word = _split(written)
        if word == _ONE and words[place + 1:place + 2] and words[place + 1] in _TENS_OF_TEENS:
            joined, word = True, strip_and_for_numbers(word)  # وأحد عشر, once hamza is folded
        joined = joined or not place
        if word in _SCALES:
            scale, count = _SCALES[word]
            if scale >= scale_before or (count > 1 or joined if group else not (joined or begins_in_ascii(word))):
                break
            total, group, scale_before = total + max(group, 1) * count * scale, 0, scale
        elif word == _HALF and joined and used == place and place and not group:
            total += scale_before // 2
            return (total, place + 1)
        elif word == "and" and group % 100 == 0 and used == place and place:
            continue
        elif word in _PARTS_ALONE and not _goes_on(words, place + 1):
            break
        else:
            added = _added(word, group, joined=joined or (begins_in_ascii(word) and not group))
            if added is None:
                break
            group = added
        used = place + 1
    return (total + group, used)


def ordinal(words: Sequence[str]) -> tuple[int, int]:
    """Read an ordinal from 1 to 31, as in dates, like `cardinal`: الأول, الخامس عشر, الحادي والثلاثين, fifth."""
    first = _ordinal_word(words[0]) if words else 0
    second = words[1] if len(words) > 1 else ""
    if not first:
        tens, unit = _VALUES.get(words[0], 0) if words else 0, _ORDINALS.get(second, 0)
        return (tens + unit, 2) if begins_in_ascii(second) and tens in {20, 30} and 0 < unit < 10 else (0, 0)
    if first < 10 and second in _TENS_OF_TEENS and not begins_in_ascii(words[0]):
        return first + 10, 2
    tens = _ordinal_word(second)
    if first < 10 and strip_and_for_numbers(second) and tens in {20, 30}:
        return first + tens, 2
    return first, 1


def number_stem(word: str) -> str:
    """Return the stem of a normalised number word, without prefixes and endings: بالثلاثه and ثلاثين → ثلاث.

    An English word is its own stem. Empty if the word is not a number.
    """
    number = _STEM_OF_NUMBER.fullmatch(word)
    return (number["stem"] or word) if number else ""


def one_spelling_of_hundred(word: str) -> str:
    """Drop the silent alef of a normalised مائة, also in 200 to 900: مايه → ميه, ثلاثمايه → ثلاثميه."""
    return _HUNDRED_WITH_ALEF.sub("مي", word)


def _ordinal_word(word: str) -> int:
    return next((_ORDINALS[form] for form in (word, *strip_for_dates(word)) if form in _ORDINALS), 0)


def _added(word: str, group: int, *, joined: bool) -> int | None:
    """Add a word to `group`, a number below a thousand; None if the word is not part of the number."""
    value = _VALUES.get(word)
    if value is None:
        return None
    if not group:
        return value if joined else None
    last_two = group % 100
    if begins_in_ascii(word):
        if value in (100, _VALUES["dozen"]) and word not in ENGLISH_UNITS:
            return group * value if group < 10 else None
        fits = value < 100 if not last_two else last_two >= 20 and last_two % 10 == 0 and value < 10
        return group + value if fits else None
    if not joined:
        if word in _TENS_OF_TEENS and 0 < last_two < 10:
            return group + 10
        return group * 100 if value == 100 and 3 <= group < 10 else None
    # Units stand before tens: ثلاثة وعشرون.
    fits = value < 100 if not last_two else last_two < 10 and value in _TENS
    return group + value if fits else None


def _goes_on(words: Sequence[str], place: int) -> bool:
    """Tell whether the word at `place` is عشر, or tens with و."""
    word = words[place] if place < len(words) else ""
    return word in _TENS_OF_TEENS or _VALUES.get(strip_and_for_numbers(word)) in _TENS


def _split(word: str) -> tuple[bool, str]:
    """Split off the و that joins a number word to the one before; tell whether there was one."""
    without = strip_and_for_numbers(word)
    if without and word not in _STARTS and (without in _STARTS or without == _HALF):
        return True, without
    return False, word


def run_end(text: str, places: Sequence[tuple[int, int]], first: int) -> int:
    """Return the end of the run of words that starts at `first`, with one space or hyphen between words.

    A run has at most `MAX_WORDS` words.
    """
    end = first + 1
    while end < min(len(places), first + MAX_WORDS) and text[places[end - 1][1]:places[end][0]] in {" ", "-", "\u00a0"}:
        end += 1
    return end


def _by_word(values: Mapping[str, int]) -> dict[str, int]:
    return {normalise(word): value for words, value in values.items() for word in words.split()}


_LARGEST = 10 ** 15
_HALF = "نصف"
_ONE = "واحد"
_TENS = range(20, 100, 10)
ENGLISH_UNITS = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
                 " seventeen eighteen nineteen").split()
_VALUES = _by_word({
    "واحد واحدة أحد إحدى": 1, "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي": 2, "ثلاث ثلاثة": 3, "أربع أربعة": 4,
    "خمس خمسة": 5, "ست ستة": 6, "سبع سبعة": 7, "ثمان ثماني ثمانية": 8, "تسع تسعة": 9, "عشر عشرة": 10,
    "عشرون عشرين": 20, "ثلاثون ثلاثين": 30, "أربعون أربعين": 40, "خمسون خمسين": 50, "ستون ستين": 60,
    "سبعون سبعين": 70, "ثمانون ثمانين": 80, "تسعون تسعين": 90,
    "مئة مائة": 100, "مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي": 200, "ثلاثمئة ثلاثمائة": 300,
    "أربعمئة أربعمائة": 400, "خمسمئة خمسمائة": 500, "ستمئة ستمائة": 600, "سبعمئة سبعمائة": 700,
    "ثمانمئة ثمانمائة ثمانيمئة ثمانيمائة": 800, "تسعمئة تسعمائة": 900,
    **{word: value for value, word in enumerate(ENGLISH_UNITS, start=1)},
    **{word: 10 * tens for tens, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)},
    "hundred": 100, "dozen": 12,
})
# A scale and how many of it the word means: ألفان is 2 thousand.
_SCALES = {normalise(word): (10 ** power, count) for words, power, count in (
    ("ألف آلاف ألفا", 3, 1), ("ألفان ألفين", 3, 2), ("مليون ملايين مليونا", 6, 1), ("مليونان مليونين", 6, 2),
    ("مليار مليارات مليارا بليون", 9, 1), ("ملياران مليارين", 9, 2), ("تريليون تريليونات", 12, 1),
    ("thousand", 3, 1), ("million", 6, 1), ("billion", 9, 1), ("trillion", 12, 1)) for word in words.split()}
# Factors for a number in digits that such a word follows: 60 ألفًا, 3 million.
SCALES = {word: scale for word, (scale, count) in _SCALES.items() if count == 1 and scale < 10 ** 12}
# Words that are units or scales behind the article: بالمئة is percent, and المليون the scale of مليون ونصف المليون.
SCALES_AND_HUNDRED = frozenset({*_SCALES, normalise("مئة"), normalise("مائة")})
# "Millions of dollars" is no number of them.
PLURAL_SCALES = frozenset(map(normalise, "ملايين مليارات تريليونات".split()))
# Two of a scale before what is counted: مليوني دولار. Only `index/language/quantities.py` reads them.
CONSTRUCT_DUALS = {normalise(word): 10 ** power for word, power in (("ألفي", 3), ("مليوني", 6), ("ملياري", 9))}
# One and two as parts of a number; alone they say "one of", or nothing.
_PARTS_ALONE = {normalise(word) for word in "أحد إحدى اثنا اثني اثنتا اثنتي".split()}
_TENS_OF_TEENS = {normalise(word) for word in ("عشر", "عشرة")}
_STARTS = frozenset(_VALUES) - {"hundred", "dozen"} | {word for word in _SCALES if not begins_in_ascii(word)}
_ORDINALS = _by_word({
    "الأول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الخامس": 5, "السادس": 6, "السابع": 7, "الثامن": 8, "التاسع": 9,
    "العاشر": 10, "الحادي الواحد": 1, "العشرين العشرون": 20, "الثلاثين الثلاثون": 30,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
})
ORDINAL_WORDS = frozenset(_ORDINALS)
# The words that number the items of a list, in order: Arabic, and English in two forms.
LIST_ORDINALS = (("اولا", "first", "firstly"), ("ثانيا", "second", "secondly"), ("ثالثا", "third", "thirdly"),
                 ("رابعا", "fourth", "fourthly"), ("خامسا", "fifth", "fifthly"), ("سادسا", "sixth", "sixthly"),
                 ("سابعا", "seventh", "seventhly"), ("ثامنا", "eighth", "eighthly"), ("تاسعا", "ninth", "ninthly"),
                 ("عاشرا", "tenth", "tenthly"))
_STEM_OF_NUMBER = re.compile(
    rf"{BEFORE_NUMBER}(?P<stem>واحد|احد|اثنا|اثني|اثنين|اثنان|ثلاث|اربع|خمس|سبع|ثماني|ثمان|تسع|عشر|مليون|مليار|نصف|ثلث|ربع"
    r"|ست(?=(?:ه|ين|ون)?$)|الف(?=(?:ي|ين|ان|ا)?$)|الاف|ماي|مي(?=[هت]))\w{0,3}"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|hundreds?|thousands?|millions?|billions?")
_HUNDRED_WITH_ALEF = re.compile(r"ماي(?=(?:ه|تين|تان|تا|تي)$)")
