"""Find quantities, so that numbers meet in any writing: 1.5 مليون, مليون ونصف المليون, ١٬٥٠٠٬٠٠٠, 1.5 million.

Ambiguous writings are read as follows. A comma before exactly three digits groups thousands, before one or two it is a
decimal comma (12,5); a point is always decimal (1.234). An "m" attached to digits is a million, a separate one a metre.
Ranges and scores (10-2), ratios and dates (22/54), times (10:30), numbers with several points, numbers with a leading
zero and runs of more than `MAX_DIGITS` digits are not quantities.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from index.language.arabic import normalise
from index.language.clitics import (
    BEFORE_NUMBER,
    belongs_to_other_word,
    strip_and_for_numbers,
    strip_preposition_for_numbers,
)
from index.language.dates import Mention
from index.language.numbers import CONSTRUCT_DUALS, PLURAL_SCALES, SCALES, cardinal, run_end, starts_number
from index.language.tokens import MAX_DIGITS, compared, tokens
from index.language.units import PERCENT, UNIT_OF_SIGN, UNIT_OF_WORDS

_MAY_HAVE_NUMBER = re.compile(r"\d")
_RUN = re.compile(r"\d++(?:[.,٬٫،:/\-‐‑–]++\d++)*+")
_GROUPED = re.compile(r"(?P<whole>\d{1,3}(?:[,٬،]\d{3})+)(?:[.٫](?P<decimals>\d+))?")
_PLAIN = re.compile(r"(?P<whole>\d+)(?:(?:[.٫](?P<point>\d+))|,(?P<comma>\d{1,2}))?")
_SPACES = frozenset({"", " ", "-", "\u00a0", "\u202f"})
_SIGN_AFTER = re.compile(r"[ \u00a0\u202f]?([%٪‰؉$€£¥])")
_SIGNS_BEFORE = frozenset("$€£¥")
# Letters attached to digits: 1.5m, $2bn.
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 10 ** 9, "b": 10 ** 9, "tn": 10 ** 12}
_SCALES: dict[str, int] = SCALES | {compared(word): 10 ** 12 for word in "تريليون تريليونات trillion".split()}
_SCALES_ALONE = {word for word, scale in _SCALES.items() if scale > 10 ** 3 and not word.isascii()} - PLURAL_SCALES
# Without خُمس and عُشر, which are written as five and ten are.
_FRACTIONS = {compared(word): Fraction(1, parts) for word, parts in (
    ("نصف", 2), ("ثلث", 3), ("ربع", 4), ("half", 2), ("quarter", 4), ("third", 3))}
_PARTS = {compared(word): Fraction(1, parts) for word, parts in (
    ("أرباع", 4), ("أثلاث", 3), ("أخماس", 5), ("أعشار", 10), ("quarters", 4), ("thirds", 3))}
_ARTICLE_SCALES = {compared(f"ال{word}"): scale for word, scale in _SCALES.items() if not word.isascii()}
# Answers to "how many" that are no numbers: نصف السكان, عشرات الآلاف.
_INEXACT = re.compile(rf"\b{BEFORE_NUMBER}(?:(?:نصف|ثلث|ربع)(?:ا|ه|ها|هم)?|عشرات|ميات|الاف|ملايين|مليارات)\b")
# A longer word is no number.
MAX_WORD_CHARS = 64
_AND = compared("و")
# "I am not" and not "for six".
_NO_NUMBER_BEHIND_PREPOSITION = frozenset(map(compared, "لست ولست فلست".split()))
# Characters before a number that are searched for a word that it belongs to: وبـ, with the tatweel.
_READ_BEFORE = 4
_LINKS = ("of", "a")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at `text[start:end]`, its unit included, offsets in code points.

    The number alone is `text[number_start:number_end]`. `unit` is a key of `index/language/units.py`, such as "dollar"
    or "km"; None if the text names no unit that is known.
    """

    start: int
    end: int
    value: Fraction
    unit: str | None
    number_start: int
    number_end: int


def find_quantities(text: str, dates: Sequence[Mention] = ()) -> list[Quantity]:
    """Find the quantities of a text in order, without the numbers within its `dates`. Linear in the text's length."""
    return _Reader(text, dates).read() if _MAY_HAVE_NUMBER.search(text) or any(
        _may_start(token) or _behind_preposition(token) for token in {match[0] for match in tokens(text)}) else []


@lru_cache(maxsize=1 << 15)
def _may_start(token: str) -> bool:
    word = compared(token)
    return starts_number(word) or word in CONSTRUCT_DUALS or word in _SCALES \
        or word in _FRACTIONS or strip_and_for_numbers(word) in _FRACTIONS


@lru_cache(maxsize=1 << 15)
def _behind_preposition(token: str) -> str:
    """Return the number that a word begins with behind a preposition, normalised: مليون of بمليون; "" if there is none.
    """
    word = compared(token)
    rest = strip_preposition_for_numbers(word)
    return rest if rest and not _may_start(word) and _may_start(rest) \
        and word not in _NO_NUMBER_BEHIND_PREPOSITION else ""


def may_start_quantity(word: str) -> bool:
    """Tell whether a normalised word is digits, or a number, a scale or a part in words that a quantity may begin with.
    """
    return word.isdecimal() or _may_start(word)


def shows_quantity(normalised: str) -> bool:
    """Tell whether a normalised text says how many, exactly or not: in digits, in words, as a part (ثلث) or in tens."""
    return _MAY_HAVE_NUMBER.search(normalised) is not None or _INEXACT.search(normalised) is not None \
        or bool(find_quantities(normalised))


def in_digits(text: str) -> str:
    """Write the quantities of a text in digits, and percent as a sign: 9 for تسعة, 1500000 for مليون ونصف المليون."""
    found = find_quantities(text)
    if not found:
        return text
    pieces, at = [], 0
    for quantity in found:
        value = quantity.value
        written = str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"
        has_sign = quantity.unit == PERCENT
        before = text[at:quantity.number_start]
        pieces += [before, " " * normalise(before)[-1:].isalpha(), f"{written}%" if has_sign else written]
        at = max(quantity.end if has_sign else quantity.number_end, at)
    return "".join([*pieces, text[at:]])


def _without_preposition(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a word without a preposition attached to the number that it begins with: مليون of بمليون."""
    rest = _behind_preposition(text[start:end]) if end - start <= MAX_WORD_CHARS else ""
    return next((place for place in range(end - 1, start, -1) if compared(text[place:end]) == rest), start) \
        if rest else start, end


class _Reader:
    def __init__(self, text: str, dates: Sequence[Mention]) -> None:
        self._text = text
        self._places = [_without_preposition(text, *match.span()) for match in tokens(text)]
        self._starts = [start for start, _ in self._places]
        self._words = [compared(text[start:end]) if end - start <= MAX_WORD_CHARS else ""
                       for start, end in self._places]
        self._dates = sorted((mention.start, mention.end) for mention in dates)

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = date = 0
        while at < len(self._words):
            start = self._starts[at]
            while date < len(self._dates) and self._dates[date][1] <= start:
                date += 1
            if date < len(self._dates) and self._dates[date][0] <= start:
                at = bisect_left(self._starts, self._dates[date][1])
                continue
            value, after = self._amount(at)
            if value is None:
                at = max(after, at + 1)
                continue
            quantity, at = self._with_unit(at, value, after)
            found.append(quantity)
        return found

    def _amount(self, at: int) -> tuple[Fraction | None, int]:
        """Read the number at a token, scales and parts included: its value, None for no number, and the next token."""
        value, after, scale = self._first(at)
        if value is None:
            return None, after
        part, behind = self._added_part(after)
        if part:
            # One and a half million; مليون ونصف المليون.
            times = self._scale(behind)
            if times and scale in (1, times):
                return ((value + part) * times if scale == 1 else value + part * times), behind + 1
            return value + part * scale, behind
        if scale > 1:
            next_number = self._joined(after)
            more, behind, _ = self._first(next_number) if next_number else (None, after, 1)
            if more is not None and more < scale:
                return value + more, behind
        return value, after

    def _first(self, at: int) -> tuple[Fraction | None, int, int]:
        """Read digits, words or a part, times its scale; return the value, the next token and the scale."""
        word = self._words[at]
        if self._text[self._starts[at]].isdecimal():
            value, after = self._digits(at)
        elif strip_and_for_numbers(word) in _FRACTIONS or word in _FRACTIONS:
            value, after = _FRACTIONS.get(word) or _FRACTIONS[strip_and_for_numbers(word)], at + 1
            return self._scaled_part(value, after)
        elif word in CONSTRUCT_DUALS:
            return Fraction(2 * CONSTRUCT_DUALS[word]), at + 1, CONSTRUCT_DUALS[word]
        elif word in _SCALES_ALONE:
            value, after = self._cardinal(at)
            return value, after, _SCALES[word] if after == at + 1 else 1
        elif word.isascii() and word == "a" and self._follows(at + 1) and self._words[at + 1] in _SCALES:
            value, after = Fraction(1), at + 1
        elif starts_number(word) and (word not in _SCALES or self._goes_on(at)):
            value, after = self._cardinal(at)
            if value is not None and after < len(self._words) and self._words[after] in _PARTS and self._follows(after):
                return self._scaled_part(value * _PARTS[self._words[after]], after + 1)
            last = next((_SCALES[each] for each in (self._words[after - 1],) if each in _SCALES), 1)
            if last > 1:
                return value, after, last
        else:
            return None, at + 1, 1
        if value is None:
            return None, after, 1
        scale = self._scale(after)
        return (value * scale, after + 1, scale) if scale else (value, after, 1)

    def _goes_on(self, at: int) -> bool:
        """Tell whether a scale alone begins a number: ألف ومئتان, ألفًا وخمسين, not ألف عامل."""
        return self._joined(at + 1) > 0 and self._cardinal(at)[1] > at + 1

    def _scaled_part(self, part: Fraction, after: int) -> tuple[Fraction | None, int, int]:
        """Read what a part is of: نصف مليون, ثلاثة أرباع المليون, a quarter of a million; no number without a scale."""
        start = after
        while after < len(self._words) and after - start < 2 and self._words[after] in _LINKS and self._follows(after):
            after += 1
        scale = self._scale(after)
        return (part * scale, after + 1, 1) if scale else (None, start, 1)

    def _cardinal(self, at: int) -> tuple[Fraction | None, int]:
        value, used = cardinal(self._words[at:run_end(self._text, self._places, at)])
        if not used:  # أحد اللاعبين, "one of the players"
            return None, at + 1
        # `cardinal` reads نصف as half of the last scale; مليون ونصف المليون is the same number.
        after = at + used
        halved = used > 1 and strip_and_for_numbers(self._words[after - 1]) in _FRACTIONS
        return Fraction(value), after + bool(halved and self._scale(after))

    def _digits(self, at: int) -> tuple[Fraction | None, int]:
        start = self._starts[at]
        run = _RUN.match(self._text, start)
        end = run.end() if run else start + 1
        after = bisect_left(self._starts, end, at)
        before = self._text[max(0, start - _READ_BEFORE):start]
        value = figure_value(self._text[start:end])
        labelled = belongs_to_other_word(before) or before[-1:] in {"+", "#", "_"}
        return (None if labelled else value), after

    def _added_part(self, at: int) -> tuple[Fraction, int]:
        """Read "ونصف" or "and a half": the part and the token after it, or 0."""
        if not self._follows(at):
            return Fraction(0), at
        word = strip_and_for_numbers(self._words[at])
        if word in _FRACTIONS and word != self._words[at]:
            return _FRACTIONS[word], at + 1
        if self._words[at:at + 2] == ["and", "a"] and self._words[at + 2:at + 3] and self._words[at + 2] in _FRACTIONS:
            return _FRACTIONS[self._words[at + 2]], at + 3
        return Fraction(0), at

    def _joined(self, at: int) -> int:
        """Return the token of a number that و joins to the one before (و200, وخمسمئة), or 0."""
        if not self._follows(at):
            return 0
        digits = self._words[at] == _AND and at + 1 < len(self._words) and self._text[self._starts[at + 1]].isdecimal()
        if digits and self._places[at][1] == self._starts[at + 1]:
            return at + 1
        return at if strip_and_for_numbers(self._words[at]) else 0

    def _scale(self, at: int) -> int:
        if not self._follows(at):
            return 0
        word = self._words[at]
        attached = self._places[at - 1][1] == self._starts[at]
        if attached and word in _SUFFIXES and self._text[self._starts[at] - 1].isdecimal():
            return _SUFFIXES[word]
        return _SCALES.get(word) or _ARTICLE_SCALES.get(word, 0)

    def _follows(self, at: int) -> bool:
        """Tell whether there is a token that only a space or a hyphen separates from the one before."""
        return 0 < at < len(self._words) and self._text[self._places[at - 1][1]:self._starts[at]] in _SPACES

    def _with_unit(self, at: int, value: Fraction, after: int) -> tuple[Quantity, int]:
        number_start, number_end = self._starts[at], self._places[after - 1][1]
        sign = _SIGN_AFTER.match(self._text, number_end)
        if sign:
            return Quantity(
                number_start, sign.end(), value, UNIT_OF_SIGN[sign[1]], number_start, number_end), after
        for behind in range(after + 3, after, -1):
            unit = UNIT_OF_WORDS.get(tuple(self._words[after:behind]))
            if unit and behind <= len(self._words) and all(map(self._follows, range(after, behind))):
                end = self._places[behind - 1][1]
                return Quantity(number_start, end, value, unit, number_start, number_end), behind
        before = self._text[max(0, number_start - 1):number_start]
        if before in _SIGNS_BEFORE and before:
            return Quantity(number_start - 1, number_end, value, UNIT_OF_SIGN[before], number_start, number_end), after
        return Quantity(number_start, number_end, value, None, number_start, number_end), after


def figure_value(figure: str) -> Fraction | None:
    """Return the value of a number in digits of any script; None for what is no amount (10-2, 1.1.1.1, 0551234567)."""
    if len(figure) > 3 * MAX_DIGITS:
        return None
    grouped, plain = _GROUPED.fullmatch(figure), _PLAIN.fullmatch(figure)
    if grouped:
        whole, decimals = re.sub(r"\D", "", grouped["whole"]), grouped["decimals"] or ""
    elif plain:
        whole, decimals = plain["whole"], plain["point"] or plain["comma"] or ""
    else:
        return None
    if len(whole) > MAX_DIGITS or len(whole) > 1 and int(whole[0]) == 0:
        return None
    return Fraction(int(whole + decimals), 10 ** len(decimals))
