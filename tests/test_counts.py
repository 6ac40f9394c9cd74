"""Which figures contradict each other, and which only seem to."""

from __future__ import annotations

import pytest

from index.language.dates import find_dates
from qa.topics.counts import Count, contradict, counts


def first(text: str) -> Count:
    return next(counts(text, find_dates(text)))


@pytest.mark.parametrize(("one", "other", "verdict"), [
    ("قُتل 12 شخصا في انفجار المصنع.", "أسفر انفجار المصنع عن مقتل 17 شخصا.", True),
    ("قُتل 12 شخصا في انفجار المصنع.", "أسفر انفجار المصنع عن مقتل اثني عشر شخصا.", False),
    ("نزح نحو 5500 شخص من القرى.", "بلغ عدد النازحين من القرى 5512 شخصا.", False),
    ("شُحن 5500 طن من القمح.", "شُحن من القمح 5512 طن.", False),  # rounded, though nothing says so
    ("نزح أكثر من 500 شخص.", "بلغ عدد النازحين 580 شخصا.", False),
    ("نزح نحو 120 ألف شخص.", "فر نحو 270 ألف شخص من بيوتهم.", True),
    ("نزح أكثر من 120 ألف شخص.", "أجبر القصف أكثر من 160 ألف شخص على النزوح.", True),
    ("قُتل أكثر من 12 شخصا.", "قُتل أكثر من 17 شخصا.", False),  # both may be so
    ("وتضم المكتبة 300 كتاب نادر.", "وتضم المكتبة 420 كتابا نادرا.", True),
    ("Fire killed 12 people.", "The fire killed 17 people.", True),
])
def test_figures_of_one_thing_agree_or_differ(one: str, other: str, verdict: bool) -> None:
    assert contradict(first(one), first(other)) is verdict
    assert contradict(first(other), first(one)) is verdict


@pytest.mark.parametrize(("one", "other"), [
    ("قُتل 12 شخصا في الانفجار.", "أُصيب 40 شخصا في الانفجار."),  # other people
    ("من بينهم 5 صحفيين قتلوا في الانفجار.", "قُتل 9 صحفيين في الانفجار."),  # a part and a whole
    ("شُحن 50 طنا من القمح.", "شُحن 50 ألف برميل من القمح."),  # other units
    ("تنتج الحقول 300 طن يوميا.", "تنتج الحقول 900 طن سنويا."),  # other periods
    ("من المتوقع أن يصل عدد النازحين إلى 200 ألف نازح.", "بلغ عدد النازحين 270 ألف نازح."),  # a forecast and a result
    ("ولجأ نحو 200 ألف نازح على طول هذه الحدود.", "ونزح نحو 70 ألف شخص بالقرب من المعبر."),  # two places
    ("وستؤدي المعركة إلى نزوح 340 ألف شخص.", "وشردت الحرب نحو 900 ألف شخص."),  # a forecast and a result
    ("وفاز الحزب بنصف مقاعد المجلس البالغ عددها 128 مقعدا.", "وفاز الحزب وحلفاؤه بمقاعد المجلس، وهي 67 مقعدا."),
    ("ووصلت إلى البلدة 46 شاحنة من الغذاء.", "ووصلت إلى البلدة 56 شحنة من الغذاء."),  # other units
    ("ارتفع سعر القمح من 200 دولار.", "بلغ سعر القمح 300 دولار."),  # what was before
    ("وقال الطبيب، 44 عاما، إنه حزين.", "وقالت الممرضة، 31 عاما، إنها حزينة."),  # ages of two people
    ("وبلغ عدد المقاعد 20 مقعدا.", "وبلغ عدد المقاعد 900 مقعد."),  # too far apart to be one thing
])
def test_figures_of_other_things_do_not_bear_on_each_other(one: str, other: str) -> None:
    assert contradict(first(one), first(other)) is None


def test_what_is_said_of_a_figure() -> None:
    text = "ارتفع عدد القتلى إلى 31 شخصا على الأقل، بينهم 4 أطفال."
    toll, children = counts(text)
    assert (toll.fate, toll.unit, toll.bound) == ("killed", "person", "at least")
    assert (toll.is_changed, toll.is_part) == (True, False)
    assert (children.figure.value, children.is_part) == (4, True)
