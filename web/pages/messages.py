"""The words of the interface in the reader's language, with the grammar of numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from web.pages import arabic, english

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")
DIRECTIONS: Mapping[Language, str] = {"ar": "rtl", "en": "ltr"}

CATALOGUE: Mapping[Language, Mapping[str, str]] = {"ar": arabic.TEXTS, "en": english.TEXTS}
PLURALS: Mapping[Language, Mapping[str, Mapping[str, str]]] = {"ar": arabic.PLURALS, "en": english.PLURALS}
_MONTHS: Mapping[Language, tuple[str, ...]] = {"ar": arabic.MONTHS, "en": english.MONTHS}

# The regions where CLDR writes Arabic with ٠١٢٣ by default. Where the reader's is not known, 0123 is read everywhere.
_ARABIC_DIGITS_IN = frozenset("BH DJ EG ER IL IQ JO KM KW LB MR OM PS QA SA SD SO SS SY TD YE".split())
_TO_ARABIC_DIGITS = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue in one language, numbers in the digits of the reader's region (ISO 3166, empty where unknown)."""

    language: Language
    region: str = ""

    @property
    def direction(self) -> str:
        """The value of `dir`."""
        return DIRECTIONS[self.language]

    @property
    def other(self) -> Language:
        """The language to offer instead."""
        return "en" if self.language == "ar" else "ar"

    def text(self, key: str, **values: object) -> str:
        """A message with its values filled in; an unknown key is a KeyError."""
        return CATALOGUE[self.language][key].format(**{
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()})

    def number(self, number: float, digits: int = 0) -> str:
        """A number as the reader's region writes it, with so many digits behind the point."""
        return self._digits(f"{number:,.{digits}f}")

    def _digits(self, written: str) -> str:
        is_arabic = self.language == "ar" and self.region in _ARABIC_DIGITS_IN
        return written.translate(_TO_ARABIC_DIGITS) if is_arabic else written

    def text_or_other(self, prefix: str, name: str, suffix: str = "") -> str:
        """The message `prefix_name`, or `prefix_other` where that name has no words of its own."""
        key = f"{prefix}_{name}{suffix}"
        return self.text(key if key in CATALOGUE[self.language] else f"{prefix}_other{suffix}")

    def count(self, noun: str, number: int) -> str:
        """A number of things, the noun in the form that the number takes."""
        return PLURALS[self.language][noun][plural_category(self.language, number)].format(n=self.number(number))

    def day(self, day: date) -> str:
        """A day in words."""
        return f"{self._digits(str(day.day))} {self.month(day)}"

    def month(self, day: date) -> str:
        """The month of a day, with its year."""
        return f"{_MONTHS[self.language][day.month - 1]} {self._digits(str(day.year))}"

    def days(self, first: date, last: date) -> str:
        """A day, a month, a year or a stretch of days in words."""
        if first == last:
            return self.day(first)
        if (first.day, (last + timedelta(days=1)).day) == (1, 1):
            if (first.year, first.month) == (last.year, last.month):
                return self.month(first)
            if first.year == last.year and (first.month, last.month) == (1, 12):
                return self._digits(str(first.year))
        return self.text("date_range", first=self.day(first), last=self.day(last))

    def confidence(self, confidence: float) -> str:
        """A confidence in words and as a number."""
        name = "high" if confidence >= 0.75 else "medium" if confidence >= 0.5 else "low"
        return self.text("confidence", level=self.text(f"confidence_{name}"), number=self.number(confidence, 2))


def plural_category(language: Language, number: int) -> str:
    """The plural category of a whole number, by the rules of Unicode CLDR for ar and en."""
    if language == "en":
        return "one" if number == 1 else "other"
    if number in (0, 1, 2):
        return ("zero", "one", "two")[number]
    last_two = number % 100
    return "few" if 3 <= last_two <= 10 else "many" if last_two >= 11 else "other"
