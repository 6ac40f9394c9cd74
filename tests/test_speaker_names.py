"""The name of a speaker without titles, and which names are of one speaker."""

from __future__ import annotations

import pytest

from qa.topics.speaker_names import SpeakerName, grouped, known_at_start, read_name


def name(text: str) -> str | None:
    found = read_name(text)
    return None if found is None else text[found.start:found.end]


@pytest.mark.parametrize(("written", "expected"), [
    ("وزير الخارجية التركي كمال أوزدن", "كمال أوزدن"), ("الرئيس الأمريكي، توم هاردلي، الاثنين", "توم هاردلي"),
    ("المتحدث باسم الخارجية الروسية إيغور بترينكو", "إيغور بترينكو"), ("المحامي البارز مايكل ستون", "مايكل ستون"),
    ("السفير الروسي لدى المملكة المتحدة ألكسندر يوريف لبي بي سي", "ألكسندر يوريف"),
    ("هاردلي", "هاردلي"), ("ليلى السعيد، مندوبة قبرص", "ليلى السعيد"), ("مايك رولز أيضاً", "مايك رولز"),
    ("المرصد السوري لحقوق الإنسان", "المرصد السوري لحقوق الإنسان"), ("حركة النور", "حركة النور"),
    ("وزارة الدفاع الروسية", "وزارة الدفاع الروسية"), ("المتحدث باسم شرطة مدينة كابول ، بصير مجاهد", "بصير مجاهد"),
    ("المتحدث باسم التحالف العربي لدعم الشرعية", "المتحدث باسم التحالف العربي لدعم الشرعية"),
    ("المبعوث الأممي", "المبعوث الأممي"), ("الرئيس العبادي", "العبادي"),
    ("علي ناصر مستشار الوزير سامي الدالي", "علي ناصر"),
    ("الخارجية السورية", "الخارجية السورية"),
    ("الكرملين", "الكرملين"), ("خطيبة رامي", "خطيبة رامي"),
    ("وزير الدفاع اليمني", "وزير الدفاع اليمني"), ("وزير الدفاع البرازيلي", "وزير الدفاع البرازيلي"),
    ("الوزيرة الهولندية", "الوزيرة الهولندية"), ("Mayor Jane Roe", "Mayor Jane Roe"),
    ("مصدر أمني", None), ("مسؤولون أتراك", None), ("لمسؤولين أتراك", None), ("متحدث باسم الوزارة", None),
    ("محلل بي بي سي", None), ("مسؤول سعودي، لم يذكر اسمه", None), ("بيان", None), ("المحققون", None), ("", None),
    ("12", None), ("، ،", None)])
def test_titles_are_left_off_and_whoever_is_nobody_in_particular_too(written: str, expected: str | None) -> None:
    assert name(written) == expected


def keys(*names: tuple[str, str], mentions: bool = False) -> list[tuple[str, ...] | None]:
    read: list[tuple[str, SpeakerName]] = []
    for article_id, text in names:
        found = read_name(text)
        assert found is not None
        read.append((article_id, found))
    return grouped(read, lambda _article_id, _word: mentions)


def test_a_short_form_and_another_spelling_join_the_full_name() -> None:
    full, short, spelled = keys(("a", "دونالد ترامب"), ("b", "ترامب"), ("c", "الرئيس دونالد ترمب"))
    assert full is not None
    assert full == short == spelled


def test_a_short_form_that_two_people_have_joins_neither_unless_one_is_much_more_often_named() -> None:
    one, other, short = keys(("a", "سامي الدالي"), ("b", "رنا الدالي"), ("c", "الدالي"))
    assert len({one, other, short}) == 3
    *often, other, short = keys(*[("a", "سامي الدالي")] * 4, ("b", "رنا الدالي"), ("c", "الدالي"))
    assert set(often) == {short} != {other}


def test_whoever_is_named_by_another_is_not_the_other() -> None:
    lawyer, other = keys(("a", "محامي برونس"), ("b", "برونس"))
    assert lawyer != other


def test_an_organisation_of_a_country_is_not_its_minister() -> None:
    authorities, same, minister = keys(("a", "السلطات البلغارية"), ("b", "السلطات البلغارية"), ("a", "الوزير البلغاري"))
    assert authorities == same != minister


def test_a_son_is_not_called_by_his_father_s_name_alone() -> None:
    son, short, father = keys(("a", "محمد بن سلمان"), ("b", "بن سلمان"), ("c", "سلمان"))
    assert son == short != father


def test_an_office_is_whoever_its_article_gives_it_to_and_nobody_where_that_is_not_told() -> None:
    named, office = keys(("a", "وزير البيئة سامي الدالي"), ("a", "الوزير"))
    assert office == named
    assert keys(("a", "وزير البيئة سامي الدالي"), ("a", "وزير الصحة نبيل رزق"), ("a", "الوزير"))[2] is None
    elsewhere = (("a", "وزير البيئة سامي الدالي"), ("b", "وزير البيئة"))
    assert keys(*elsewhere, mentions=True)[0] == keys(*elsewhere, mentions=True)[1]
    assert keys(*elsewhere)[1] not in (None, keys(*elsewhere)[0])
    assert keys(("b", "الوزير")) == [None]


def test_the_object_behind_a_name_is_told_by_the_names_that_are_known() -> None:
    known = read_name("توم هاردلي")
    assert known is not None
    phrase = "الرئيس الأمريكي توم هاردلي روسيا"
    span = known_at_start(phrase, {known.roots: "name"})
    assert span is not None
    assert phrase[slice(*span)] == "توم هاردلي"
    assert known_at_start("رامي روسيا", {known.roots: "name"}) is None
    assert known_at_start("السعودية قرار توم هاردلي", {known.roots: "name"}) is None  # whose name is the object's
    assert known_at_start("وزير الداخلية البلغاري", {("سلط", "بلغار"): "organisation"}) is None
