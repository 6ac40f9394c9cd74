"""Word the interface in the reader's language, with its grammar of numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from qa.source_names import SourceNames, shipped_names
from qa.types.answer import LIKELY
from web.pages import arabic, claim_words, english, operator_words

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")
DIRECTIONS: Mapping[Language, str] = {"ar": "rtl", "en": "ltr"}

CATALOGUE: Mapping[Language, Mapping[str, str]] = {
    "ar": arabic.TEXTS | operator_words.ARABIC | claim_words.ARABIC,
    "en": english.TEXTS | operator_words.ENGLISH | claim_words.ENGLISH}
PLURALS: Mapping[Language, Mapping[str, Mapping[str, str]]] = {"ar": arabic.PLURALS, "en": english.PLURALS}
_MONTHS: Mapping[Language, tuple[str, ...]] = {"ar": arabic.MONTHS, "en": english.MONTHS}
_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {"ar": arabic.WEEKDAYS, "en": english.WEEKDAYS}

# The regions where CLDR writes Arabic with ٠١٢٣ by default. For an unknown region use 0123, which every reader knows.
_ARABIC_DIGITS_IN = frozenset("BH DJ EG ER IL IQ JO KM KW LB MR OM PS QA SA SD SO SS SY TD YE".split())
_TO_ARABIC_DIGITS = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages in one language, with the digits of the reader's region (ISO 3166, empty if unknown)."""

    language: Language
    region: str = ""
    source_names: SourceNames = field(default_factory=shipped_names)

    @property
    def direction(self) -> str:
        """The value of `dir`."""
        return DIRECTIONS[self.language]

    @property
    def other(self) -> Language:
        """The language to offer instead."""
        return "en" if self.language == "ar" else "ar"

    def template(self, key: str) -> str:
        """Return a message with its blanks, `{name}`, unfilled; raise KeyError for an unknown key."""
        return CATALOGUE[self.language][key]

    def text(self, key: str, **values: object) -> str:
        """Return a message with its values filled in; raise KeyError for an unknown key."""
        return self.template(key).format(**{
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()})

    def number(self, number: float, digits: int = 0) -> str:
        """Write a number as the reader's region does, with `digits` decimal places."""
        return self._digits(f"{number:,.{digits}f}")

    def _digits(self, written: str) -> str:
        is_arabic = self.language == "ar" and self.region in _ARABIC_DIGITS_IN
        return written.translate(_TO_ARABIC_DIGITS) if is_arabic else written

    def text_or_other(self, prefix: str, name: str, suffix: str = "", **values: object) -> str:
        """Return the message `prefix_name` with its values filled in, or `prefix_other` if there is none."""
        key = f"{prefix}_{name}{suffix}"
        return self.text(key if key in CATALOGUE[self.language] else f"{prefix}_other{suffix}", **values)

    def count(self, noun: str, number: int) -> str:
        """Write a number of things, with the noun in the form that the number requires.

        A noun may have a form for none in any language, as `=0` in ICU's messages.
        """
        forms = PLURALS[self.language][noun]
        category = "zero" if number == 0 and "zero" in forms else plural_category(self.language, number)
        return forms[category].format(n=self.number(number))

    def source(self, source: str) -> str:
        """Return the name of a source as readers of this language know it."""
        return self.source_names.name(source, self.language)

    def weekday(self, day: date) -> str:
        """Write a day in words, with its name."""
        return self.text("weekday_day", weekday=_WEEKDAYS[self.language][day.weekday()], day=self.day(day))

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the months, January first."""
        return _MONTHS[self.language]

    @property
    def digits(self) -> str:
        """The digits of the reader's region, 0 first."""
        return self._digits("0123456789")

    def day(self, day: date) -> str:
        """Write a day in words."""
        return f"{self._digits(str(day.day))} {self.month(day)}"

    def month(self, day: date) -> str:
        """Write the month and year of a day."""
        return f"{self.months[day.month - 1]} {self._digits(str(day.year))}"

    def days(self, first: date, last: date) -> str:
        """Write a day, a month, a year or a range of days in words."""
        if first == last:
            return self.day(first)
        if (first.day, (last + timedelta(days=1)).day) == (1, 1):
            if (first.year, first.month) == (last.year, last.month):
                return self.month(first)
            if first.year == last.year and (first.month, last.month) == (1, 12):
                return self._digits(str(first.year))
        return self.text("date_range", first=self.day(first), last=self.day(last))

    def confidence(self, confidence: float) -> str:
        """Write a confidence in words and per cent."""
        name = "high" if confidence >= 0.75 else "medium" if confidence >= LIKELY else "low"
        return self.text("confidence", level=self.text(f"confidence_{name}"), number=self._digits(f"{confidence:.0%}"))


def plural_category(language: Language, number: int) -> str:
    """Return the plural category of a whole number, by the rules of Unicode CLDR for ar and en."""
    if language == "en":
        return "one" if number == 1 else "other"
    if number in (0, 1, 2):
        return ("zero", "one", "two")[number]
    last_two = number % 100
    return "few" if 3 <= last_two <= 10 else "many" if last_two >= 11 else "other"
