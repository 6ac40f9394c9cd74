"""Makes a near-miss of a question: a number, month, day of the week or place that its passage names becomes another."""

from __future__ import annotations

import random
import re
import unicodedata

_CLASSES = [words.split() for words in (
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "شباط آذار نيسان أيار حزيران تموز آب أيلول",
    "السبت الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة",
    "January February March April June July August September October November December",
    "مصر السعودية سوريا العراق لبنان الأردن فلسطين اليمن ليبيا تونس الجزائر المغرب السودان الكويت قطر البحرين عمان",
    "إيران تركيا إسرائيل روسيا الصين الهند باكستان أفغانستان اليابان فرنسا ألمانيا بريطانيا إيطاليا إسبانيا أمريكا",
    "القاهرة الرياض دمشق بغداد بيروت صنعاء طرابلس الخرطوم الدوحة أنقرة طهران موسكو بكين باريس برلين لندن واشنطن روما",
    "المصري السعودي السوري العراقي اللبناني الأردني الفلسطيني اليمني الليبي التونسي الجزائري المغربي السوداني القطري",
    "الإيراني التركي الإسرائيلي الروسي الصيني الهندي الياباني الفرنسي الألماني البريطاني الإيطالي الإسباني الأمريكي",
    "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن", "الأولى الثانية الثالثة الرابعة الخامسة السادسة",
    "الماضي المقبل", "الماضية المقبلة", "قبل بعد", "أول آخر", "أكبر أصغر", "أعلى أدنى", "رئيس نائب", "وزير سفير",
    "شمال جنوب شرق غرب", "France Germany Italy Spain Russia China India Japan Egypt Iran Turkey England Scotland",
    "first second third fourth last", "before after", "north south east west", "highest lowest", "largest smallest",
)]
_OTHERS = {word: [other for other in words if other != word] for words in _CLASSES for word in words}


def changed_question(question: str, passage: str, draw: random.Random) -> str | None:
    """The question with a word of `_CLASSES` or a number that `passage` has too changed; None if it has none."""
    spoken = set(re.findall(r"\w+", passage))
    places = [found for found in re.finditer(r"\w+", question)
              if found[0] in spoken and (found[0] in _OTHERS or found[0].isdecimal())]
    if not places:
        return None
    found = draw.choice(places)
    other = draw.choice(_OTHERS[found[0]]) if found[0] in _OTHERS else _other_number(found[0], spoken, draw)
    if other.isdecimal() and not found[0].isascii():
        zero = ord(found[0][0]) - unicodedata.decimal(found[0][0])
        other = "".join(chr(zero + int(digit)) for digit in other)
    return question[:found.start()] + other + question[found.end():]


def _other_number(number: str, spoken: set[str], draw: random.Random) -> str:
    """Another number that reads alike: a year beside it, or of as many digits; one that the passage has, if any has."""
    value = int(number)
    if 1800 < value < 2100:
        return str(value + draw.choice([-3, -2, -1, 1, 2, 3]))
    low = 10 ** (len(number) - 1)
    there = sorted(word for word in spoken if word.isdecimal() and len(word) == len(number) and int(word) != value)
    return draw.choice(there) if there and draw.random() < 0.5 else str(max(1, low + (value - low + draw.randrange(
        1, max(2, 9 * low))) % max(2, 9 * low)))
