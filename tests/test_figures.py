"""Numbers with what they count."""

from __future__ import annotations

import pytest

from index.language.dates import find_dates
from qa.topics.figures import figures


@pytest.mark.parametrize(("text", "found"), [
    ("وأُفرج عن 52 أمريكيًا يوم 20 يناير 1981، بعد 444 يومًا", [("52 أمريكيًا", 52, False), ("444 يومًا", 444, False)]),
    ("نُقل نحو ٣٣ مليون طن إلى 45 دولة", [("٣٣ مليون طن", 33_000_000, True), ("45 دولة", 45, False)]),
    ("أيده 71.1 في المئة و94,4% من المقترعين", [("71.1 في المئة", 71.1, False), ("94,4%", 94.4, False)]),
    ("قُتل ثلاثة عشر جنديًا", [("ثلاثة عشر جنديًا", 13, False)]),
    ("ما لا يقل عن 1,200 شخص", [("1,200 شخص", 1200, True)]),
    ("eight billion dollars", [("eight billion dollars", 8e9, False)]),
    ("حوكم بعد عشرين سنة، وانتظر 18 شهر", [("عشرين سنة", 20, False), ("18 شهر", 18, False)]),
    ("القرار 2231 الصادر في 2015", []),
    ("في الساعة 11:00 بتوقيت غرينتش", []),
    ("يوم 26 مارس 1979", []), ("يوم 26 شهر مارس عام 1979", []),
])
def test_a_figure_is_a_number_and_what_it_counts(text: str, found: list[tuple[str, float, bool]]) -> None:
    assert [(text[each.start:each.end], each.value, each.approximate)
            for each in figures(text, find_dates(text))] == found


def test_the_dead_are_told_from_the_wounded_by_the_nearest_word() -> None:
    text = "قُتل 17 شخصًا وأصيب 40 آخرون"
    assert [(each.value, each.people_were) for each in figures(text)] == [(17, "killed"), (40, "wounded")]
