"""Countries and nationalities."""

from __future__ import annotations

import pytest

from index.language import nations
from index.language.arabic import normalise
from index.language.offices import is_office


def test_every_list_is_normalised_and_says_nothing_twice() -> None:
    countries = (nations.COUNTRIES, nations.COUNTRIES_WITH_COMMON_NAMES, nations.CONTINENTS)
    words = [word for listed in (*countries, nations.NATIONALITIES) for word in listed]
    assert len(words) == 307
    assert [word for word in words if word != normalise(word)] == []
    assert {word for word in words if words.count(word) > 1} == {normalise("تشيلي"), normalise("جيبوتي")}


@pytest.mark.parametrize("word", ["الأمريكي", "الأمريكية", "المغربية", "اليابانية", "الكورية", "مصريون", "قطريين"])
def test_a_nationality_beside_an_office_names_nobody(word: str) -> None:
    assert is_office(normalise(word))


@pytest.mark.parametrize("word", ["السوداني", "الهندي", "الأفغاني", "الليبي"])
def test_a_nationality_that_is_a_family_too_may_name_somebody(word: str) -> None:
    assert not is_office(normalise(word))
