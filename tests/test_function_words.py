"""Function words, and where the lists part."""

from __future__ import annotations

import pytest

from index.language import function_words
from index.language.arabic import normalise

LISTS = {name: words for name, words in vars(function_words).items() if name.isupper()}


def test_every_list_is_normalised() -> None:
    assert len(LISTS) == 131
    assert [name for name, words in LISTS.items() if not words or words != frozenset(map(normalise, words))] == []


@pytest.mark.parametrize(("word", "lists"), [
    ("son", {"FRENCH_FUNCTION_WORDS"}), ("year", {"ENGLISH_FUNCTION_WORDS", "FUNCTION_WORDS"}),
    ("сколько", {"RUSSIAN_FUNCTION_WORDS", "FUNCTION_WORDS", "ASKING_WORDS", "COUNTED_AFTER", "FOLLOW_UP_ASKING"}),
    (normalise("كيفية"), {"FOLLOW_UP_ASKING"}),
    (normalise("حدث"), {"FOLLOW_UP_WITHOUT_CONTENT", "HAPPENED", "HAPPENING", "NOT_IN_NAMES_OF_PLACES"}),
    (normalise("فيها"), {"FOLLOW_UP_WITH_PRONOUN", "SUBJECT_STOPS", "IN_IT", "WITH_IT", "PREPOSITIONS_WITH_PRONOUN",
                             "WITHOUT_CONTENT_IN_CLAIMS"}), ("فلم", {"DENIALS", "NOT", "BEGINNING_NO_NAME"}),
    ("جنيف", set())])
def test_a_word_is_in_the_lists_whose_purpose_it_serves_and_in_no_other(word: str, lists: set[str]) -> None:
    assert {name for name, words in LISTS.items() if word in words} == lists
