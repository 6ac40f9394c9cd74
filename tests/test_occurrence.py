"""On which day happened what a sentence reports."""

from __future__ import annotations

from datetime import date

import pytest

from index.language.dates import find_dates
from qa.topics.occurrence import occurrence

PUBLISHED = date(2021, 6, 10)  # a Thursday


def day_of(text: str) -> tuple[str, bool] | None:
    found = occurrence(text, find_dates(text, PUBLISHED), PUBLISHED)
    return None if found is None else (found.first.isoformat(), found.is_aside)


@pytest.mark.parametrize(("text", "day"), [
    ("انهار سد الوادي، الثلاثاء، بعد أمطار غزيرة.", "2021-06-08"),
    ("قال المحافظ، الأربعاء، إن السد انهار يوم الإثنين.", "2021-06-07"),  # not the day of the telling
    ("ومن المتوقع أن تصل السفينة الأربعاء.", "2021-06-16"),
    ("قال المحافظ الأربعاء إنه قلق على سكان الوادي.", "2021-06-09"),
    ("اجتمع أطراف معاهدة المياه الموقعة عام 1979 يوم الثلاثاء.", "2021-06-08"),  # not the year of the treaty
    ("وقعت الدولتان المعاهدة عام 1979.", "1979-01-01"),
    ("سقطت القذائف على البلدة التي تقع على النهر يوم الإثنين.", "2021-06-07"),
    ("وقعت الدولتان اتفاقًا بشأن مياه النهر في العاصمة يوم 3 مارس 2019.", "2019-03-03"),  # not in passing
    ("The two states signed an agreement about the river on 3 March 2019.", "2019-03-03"),
    ("The dam, which lies above the town, broke on 7 June 2021.", "2021-06-07"),
])
def test_a_sentence_happens_on_the_day_of_what_it_reports(text: str, day: str) -> None:
    assert day_of(text) == (day, False)


@pytest.mark.parametrize(("text", "day"), [
    ("وعدت الحكومة بتعويض المتضررين من السد الذي انهار يوم الإثنين.", "2021-06-07"),
    ("ولم يعد السكان إلى بيوتهم منذ 3 يونيو 2021.", "2021-06-03"),
    ("وأدلى المحافظ بتصريحات بشأن انهيار السد يوم الإثنين.", "2021-06-07"),
    ("وأودت هزة أضعف من زلزال الإثنين بحياة راع.", "2021-06-07"),
])
def test_a_day_in_passing_is_marked(text: str, day: str) -> None:
    assert day_of(text) == (day, True)


@pytest.mark.parametrize("text", [
    "وأمام اللجنة مهلة حتى 15 يونيو 2021.",
    "أحيت المدينة ذكرى 5 مايو 2020.",
    "وتدهورت الأحوال على مدار العام الماضي.",
    "شارك في انتخابات 2016.",
    "وتأجل الاجتماع إلى الثلاثاء.",
    "وكان من المتوقع أن تصل السفينة الأربعاء.",  # which may lie behind or ahead
    "وكان المحافظ قد أعلن أنه سيغادر البلدة السبت.",
    "وقرر المجلس أن يلبي الدعوة لعقد لقاء في البلدية السبت.",
    "وأضاف: \"نحن اليوم هنا وغدا في كل مكان\".",
])
def test_bounds_names_spans_and_wrong_guesses_are_no_days(text: str) -> None:
    found = day_of(text)
    assert found is None or found[0] == "2021-06-10"  # "today" in the last one
