"""The units that quantities are read with: the names of each, Arabic and English."""

from __future__ import annotations

from index.language.tokens import compared

PERCENT = "%"
PER_MILLE = "‰"

UNIT_OF_SIGN = {"%": PERCENT, "٪": PERCENT, "‰": PER_MILLE, "؉": PER_MILLE, "$": "dollar", "€": "euro", "£": "pound",
                "¥": "yen"}
# Names of a unit, separated by commas. The riyal, dinar, lira and pound of several countries are each one unit.
_DAYS_AND_LONGER = {
    "day": "يوم, يوما, أيام, day, days", "week": "أسبوع, أسبوعا, أسابيع, week, weeks",
    "month": "شهر, شهرا, أشهر, شهور, month, months",
    "year": "عام, عاما, أعوام, سنة, سنوات, year, years",
}
_NAMES = {
    PERCENT: "بالمئة, بالمائة, في المئة, في المائة, per cent, percent",
    PER_MILLE: "بالألف, في الألف, per mille, per thousand",
    "dollar": "دولار, دولارا, دولارات, دولار أمريكي, دولار أميركي, dollar, dollars, us dollars",
    "euro": "يورو, euro, euros", "yen": "ين, yen", "riyal": "ريال, ريالا, ريالات, riyal, riyals",
    "dinar": "دينار, دينارا, دنانير, dinar, dinars", "dirham": "درهم, درهما, دراهم, dirham, dirhams",
    "pound": "جنيه, جنيها, جنيهات, pound, pounds", "lira": "ليرة, ليرات, lira, liras",
    "rouble": "روبل, روبلا, روبلات, rouble, roubles, ruble, rubles",
    "km": "كيلومتر, كيلومترا, كيلومترات, كلم, كم, كيلو متر, km, kilometre, kilometres, kilometer, kilometers",
    "m": "متر, مترا, أمتار, m, metre, metres, meter, meters", "cm": "سم, سنتيمتر, سنتيمترا, cm",
    "mile": "ميل, ميلا, أميال, mile, miles",
    "km²": "كيلومتر مربع, كيلومترا مربعا, كيلومترات مربعة, كلم مربع, كم مربع, square kilometres, square kilometers",
    "m²": "متر مربع, مترا مربعا, أمتار مربعة, square metres, square meters",
    "hectare": "هكتار, هكتارا, هكتارات, hectare, hectares",
    "kg": "كيلوغرام, كيلوغراما, كيلوغرامات, كلغ, كغ, كجم, kg, kilogram, kilograms",
    "tonne": "طن, طنا, أطنان, tonne, tonnes, ton, tons", "gram": "غرام, غراما, غرامات, gram, grams",
    "barrel": "برميل, برميلا, براميل, barrel, barrels",
    "second": "ثانية, ثوان, seconds", "minute": "دقيقة, دقائق, minute, minutes", "hour": "ساعة, ساعات, hour, hours",
    **_DAYS_AND_LONGER,
}
UNIT_OF_WORDS = {tuple(compared(word) for word in name.split()): unit
                 for unit, names in _NAMES.items() for name in names.split(",")}
# How long something takes, from a day on.
DAYS_AND_LONGER = frozenset(_DAYS_AND_LONGER)
