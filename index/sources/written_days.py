"""Read a line that is a date of publication as people write it, in words or in digits: نُشر الإثنين 5 آذار 2018, 10:20.

Only a line that is a date and nothing more is read. It may name the weekday, the time of day and that it was published.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from index.language.arabic import normalise
from index.language.dates import Mention, find_dates
from index.language.tokens import compared_words

ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_YEARS = range(1800, 2201)
# The day or the month first, or the year; of two digits, a year is not certain.
_IN_DIGITS = re.compile(r"(?<![\d/.:-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})(?![\d/-]|[.:]\d)"
                        r"|(?<![\d/.:-])(\d{4})([/.])(\d{1,2})\6(\d{1,2})(?![\d/-]|[.:]\d)")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?|(?:\b(?:gmt|utc)\s*)?[+-]\d\d?(?::?\d\d)?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_WEEKDAYS = {word: number for number, words in enumerate((
    "الاثنين اثنين monday mon lundi", "الثلاثاء ثلاثاء tuesday tue tues mardi",
    "الاربعاء اربعاء wednesday wed mercredi",
    "الخميس خميس thursday thu thur thurs jeudi", "الجمعه جمعه friday fri vendredi", "السبت سبت saturday sat samedi",
    "الاحد احد sunday sun dimanche")) for word in words.split()}
# Words beside a date that change nothing about it. Those that say that an article was changed are not among them.
_BESIDE = compared_words("""
    نشر نشرت نشره ونشر النشر تاريخ بتاريخ التاريخ في يوم اليوم الموافق الساعة ساعة عند عام سنة شهر من ص م
    صباحا مساء ظهرا
    بعد الظهر فجرا ليلا هـ ه هجري هجرية ميلادي ميلادية للهجرة بتوقيت غرينتش غرينيتش جرينتش مكة المكرمة
    القاهرة بيروت دمشق
    القدس السعودية الرياض تونس الجزائر الرباط بغداد عمان المحلي كتب خبر
    published posted on date at am pm gmt utc est edt cst pst the of publié le à h heures
""")
# Publishers that count by the moon print both dates; tables and sight may differ by so much.
_SAME = timedelta(days=1)


def day_in_digits(line: str) -> date | None:
    """Return the day of a line such as 05/03/2018 - 10:20 if it is certain which number is the month; else None.

    It is if the other number is above 12 or the same, or if only one of the readings falls on the weekday that the line
    names.
    """
    line = line.translate(ASCII_DIGITS)
    found = list(_IN_DIGITS.finditer(line))
    if len(found) != 1 or not _is_beside(_TIME.sub(" ", line[:found[0].start()] + " " + line[found[0].end():])):
        return None
    one, _, two, year, first_year, _, month, day = found[0].groups()
    weekday = _weekday(line)
    if first_year:
        days = {_day(first_year, month, day)} - {None}
    else:
        days = {_day(year, two, one), _day(year, one, two)} - {None}
    if weekday is not None:
        days = {each for each in days if each and each.weekday() == weekday}
    return days.pop() if len(days) == 1 else None


def day_in_words(line: str) -> date | None:
    """Return the day of a line with the name of its month, in any calendar and spelling that `find_dates` reads.

    Return None unless the line gives day, month and year, and agrees with the weekday that it names.
    """
    line = line.translate(ASCII_DIGITS)
    if _IN_DIGITS.search(line):
        return None
    mentions = [mention for mention in find_dates(line) if not _is_weekday(line, mention)]
    if not mentions or any(mention.first is None or mention.first != mention.last or mention.inferred
                           or mention.expressed == "relative" for mention in mentions):
        return None
    days = [mention.first for mention in sorted(mentions, key=lambda each: each.expressed == "hijri") if mention.first]
    rest = line
    for mention in reversed(mentions):
        rest = f"{rest[:mention.start]} {rest[mention.end:]}"
    weekday = _weekday(line)
    if any(abs(day - days[0]) > _SAME for day in days) or days[0].year not in _YEARS \
            or not _is_beside(_TIME.sub(" ", rest)) or (weekday is not None and weekday != days[0].weekday()):
        return None
    return days[0]


def is_nothing_but_a_date(line: str) -> bool:
    """Tell whether a line is a date of publication and nothing more, even if it is not certain which day it is."""
    line = line.translate(ASCII_DIGITS)
    found = list(_IN_DIGITS.finditer(line))
    spans = [each.span() for each in found] if found else [
        (mention.start, mention.end) for mention in find_dates(line)
        if mention.first is not None and mention.first == mention.last and mention.expressed != "relative"]
    return len(spans) == 1 and _is_beside(_TIME.sub(" ", line[:spans[0][0]] + " " + line[spans[0][1]:]))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if int(year) in _YEARS else None
    except ValueError:
        return None


def _weekday(line: str) -> int | None:
    return next((_WEEKDAYS[word] for word in _words(line) if word in _WEEKDAYS), None)


def _is_weekday(line: str, mention: Mention) -> bool:
    return all(word in _WEEKDAYS or word in _BESIDE for word in _words(line[mention.start:mention.end]))


def _is_beside(rest: str) -> bool:
    """Tell whether nothing but words that stand beside dates is left of a line."""
    return all(word in _WEEKDAYS or word in _BESIDE for word in _words(rest))


def _words(line: str) -> list[str]:
    return _WORD.findall(normalise(line))
