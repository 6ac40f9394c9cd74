"""Name what a token may be in a date, and what may stand between two tokens."""

from __future__ import annotations

from enum import StrEnum, auto


class Sign(StrEnum):
    """The role that a token may play in a date. Some roles come with a value, such as the number of a month.

    Members are single characters, so that patterns of signs are regular expressions. Write the names, never the
    characters.
    """

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:  # noqa: ARG004
        return chr(0xC0 + count)

    # Numbers.
    UP_TO_31 = auto()
    """One or two digits; the value is the number."""
    FOUR_DIGITS = auto()
    """A number from 1000 to 9999."""
    OTHER_NUMBER = auto()
    """Any other number, and digits glued to a Latin letter (B52)."""
    CARDINAL_WORD = auto()
    """ثلاثة, twenty."""
    ORDINAL = auto()
    """الخامس, غرة."""
    ENGLISH_ORDINAL = auto()
    """fifth."""
    ORDINAL_ENDING = auto()
    """The th of 5th."""
    ONE = auto()
    """a, an."""

    # Months of the Gregorian calendar. The value is the number of the month.
    MONTH = auto()
    """A name that is no other word: شباط, فبراير, février, февраля."""
    MONTH_OR_OTHER_WORD = auto()
    """مارس is also a verb."""
    AUGUST_OR_FATHER = auto()
    """اب is also "father"; آب, with its madda, is not."""
    ENGLISH_MONTH = auto()
    """February, Feb."""
    ENGLISH_MONTH_OR_VERB = auto()
    """May, March."""
    TWO_WORD_MONTH = auto()
    """The first word of كانون الثاني or تشرين الأول; the value is the earlier month of the pair."""
    FIRST_OR_SECOND = auto()
    """The second word of such a name (أول, ثاني, الآخر); the value is 1 or 2. الأول and الثاني are ORDINAL."""

    # Months of the Hijri calendar. The value is the number of the month.
    HIJRI_MONTH = auto()
    """A name of one word: رمضان."""
    TWO_WORD_HIJRI_MONTH = auto()
    """The first word of ربيع الأول or جمادى الآخرة; the value is the earlier month of the pair."""
    DHU = auto()
    """The ذو of ذو الحجة."""
    MONTH_AFTER_DHU = auto()
    """القعدة, الحجة."""
    HIJRI_MONTH_TITLE = auto()
    """The المبارك of رمضان المبارك."""

    # Days and parts of a day.
    WEEKDAY = auto()
    """The value is 0 for Monday to 6 for Sunday."""
    DAY_NEAR_TODAY = auto()
    """أمس, today, غدا; the value is -1, 0 or 1."""
    TODAY_OR_NOWADAYS = auto()
    """اليوم."""
    PART_OF_DAY = auto()
    """صباح, مساء."""
    TONIGHT = auto()
    """الليلة."""

    # Units of time. The value is a unit of `words.py`, with DUAL or PLURAL added.
    DAY_OR_WEEK_WORD = auto()
    """يوم, أسبوعين, weeks."""
    MONTH_WORD = auto()
    """شهر, months."""
    YEAR_WORD = auto()
    """عام, سنوات, year."""
    THE_WEEK_OR_MONTH = auto()
    """الأسبوع, الشهر."""
    THE_YEAR = auto()
    """العام, السنة."""
    EARLY_MID_OR_LATE = auto()
    """مطلع, منتصف, أواخر; the value is 0, 1 or 2 for a third of a month or year."""

    THE_UNITS = auto()
    """السنوات, العقدين, القرون: several units with their article, and العقد; not الأشهر."""
    DECADES = auto()
    """عقود, decade."""
    FEW = auto()
    """القليلة, few."""
    HOUR_WORD = auto()
    """ساعة, hours."""
    SHORT_MONTH = auto()
    """The ك or ت of ك2 (كانون الثاني) and ت1; the value is the earlier month of the pair."""

    # Longer or shorter than months.
    DECADE = auto()
    """التسعينيات, ثمانينات, nineties; the value is the year of the century in which it begins."""
    DECADE_ENDING = auto()
    """The s of 1990s."""
    CENTURY = auto()
    """القرن, century."""
    CENTURIES = auto()
    """القرنين, centuries."""
    WEEKEND = auto()
    """weekend."""
    SEASON = auto()
    """صيف, الشتاء, autumn; the value is its first month. ربيع is TWO_WORD_HIJRI_MONTH."""
    PART = auto()
    """الربع, النصف, quarter, half; the value is how many of them make a whole."""
    THE_MONTHS = auto()
    """الأشهر."""
    LAST_PART = auto()
    """الأخير."""
    FEAST = auto()
    """عيد, eid."""
    NAME_OF_FEAST = auto()
    """الفطر, الأضحى, Christmas; the value is a key of `feasts.py`."""
    BEGINNING = auto()
    """The رأس of رأس السنة."""
    FASTING = auto()
    """صيام."""

    # Directions.
    PAST = auto()
    """الماضي, last."""
    CURRENT = auto()
    """الجاري."""
    COMING = auto()
    """المقبل, next."""
    BOTH_PAST = auto()
    """الماضيين."""
    BOTH_COMING = auto()
    """المقبلين."""
    STRETCH_WORD = auto()
    """past, recent, آخر, coming: of a stretch that ends or begins with the publication; the value is -1 or 1."""
    THIS = auto()
    """هذا, this."""
    AGO = auto()
    """ago."""
    LATER = auto()
    """later."""
    ONLY = auto()
    """فقط."""
    ABOUT = auto()
    """نحو, about."""

    # Words that join the parts.
    IN = auto()
    """في, خلال."""
    OF = auto()
    """من, of, from."""
    BEFORE_OR_SINCE = auto()
    """قبل, منذ."""
    AFTER = auto()
    """بعد."""
    TO = auto()
    """إلى."""
    UNTIL = auto()
    """حتى."""
    BETWEEN = auto()
    """بين."""
    AND = auto()
    """و, and."""
    NOT_FROM_TODAY = auto()
    """A word that follows a phrase which does not count from today: قبل ثلاثة أيام على, اليوم التالي."""

    # Calendars.
    HIJRI_ERA = auto()
    """هـ, هجري."""
    GREGORIAN_ERA = auto()
    """م, ميلادي."""
    UMM_AL_QURA = auto()
    """The القرى of تقويم أم القرى."""

    OTHER_WORD = auto()
    """Anything else."""


class Gap(StrEnum):
    """What stands between two tokens. Members are single characters, none of them a `Sign`'s."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:  # noqa: ARG004
        return chr(0xA1 + count)

    SPACE = auto()
    """Spaces, or nothing."""
    POINT = auto()
    """A full stop without spaces."""
    SPACED_POINT = auto()
    """A full stop with a space, as in Feb. 5."""
    COMMA = auto()
    """A comma with a space, or an Arabic comma."""
    TIGHT_COMMA = auto()
    """A comma without spaces, or a mark of decimals or thousands."""
    COLON = auto()
    """A colon without spaces."""
    DASH = auto()
    """A dash without spaces."""
    SPACED_DASH = auto()
    """A dash with spaces."""
    SLASH = auto()
    """/ or its reverse."""
    OPENING_BRACKET = auto()
    CLOSING_BRACKET = auto()
    END = auto()
    """What no date crosses: a new line, a long gap, any other mark."""
