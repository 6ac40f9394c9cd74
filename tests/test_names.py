"""Names in other scripts, by their consonants."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise, skeleton
from index.search.lexical import LexicalIndex
from qa.question.names import MAX_NAMES, MAX_SPELLINGS, spellings, spellings_of_names
from qa.question.parsed import parse_question
from tests.fakes import terms_of


def held(question: str, lexical: LexicalIndex) -> dict[str, tuple[str, ...]]:
    """The spellings of a question's names that the index has."""
    return spellings_of_names(parse_question(question).wanted.names, lexical)


def consonants(name: str) -> set[str]:
    return {skeleton(spelled) for spelled in spellings(name)}


@pytest.mark.parametrize(("name", "arabic"), [
    ("Красиков", "كراسيكوف"), ("Красиковым", "كراسيكوف"), ("Krassikov", "كراسيكوف"), ("Krasikov", "كراسيكوف"),
    ("Ахромеев", "أخرومييف"), ("Akhromeïev", "أخرومييف"), ("Holbrooke", "هولبروك"), ("Холбрук", "هولبروك"),
    ("Zakhartchenko", "زاخارتشينكو"), ("Захарченко", "زاخارتشينكو"), ("Мединского", "ميدينسكي"),
    ("Shamkhani", "شمخاني"), ("Chamkhani", "شمخاني"), ("Маджали", "المجالي"), ("Андерсон", "أندرسون"),
    ("START", "ستارت"), ("Ratko", "راتكو"),
])
def test_a_name_has_the_consonants_that_arabic_writes_it_with(name: str, arabic: str) -> None:
    assert skeleton(normalise(arabic)) in consonants(name)


@pytest.mark.parametrize("name", ["Wadi", "Ауда", "Eau", "ааааа"])
def test_too_few_consonants_say_nothing(name: str) -> None:
    assert spellings(name) == ()


def test_however_many_consonants_there_are_so_many_ways_are_tried() -> None:
    assert len(spellings("схкгтдц" * 9)) <= 2 * MAX_SPELLINGS


def test_of_an_endless_question_the_first_names_are_looked_for() -> None:
    assert set(held(f"Где {'Барадар ' * (MAX_NAMES - 1)}Красиков?", INDEX)) == {"красиков"}
    assert held(f"Где {'Барадар ' * MAX_NAMES}Красиков?", INDEX) == {}


INDEX = LexicalIndex.build([terms_of("التقى كراسيكوف الوفد في موسكو"), terms_of("معاهدة ستارت")])


@pytest.mark.parametrize(("question", "names"), [
    ("Где Красиков?", {"красиков"}), ("Где красиков?", set()), ("Красиков где?", set()), ("ГДЕ КРАСИКОВ?", set()),
    ("Кто такой Барадар?", set()), ("Где встретились в Москве?", set()), ("Who signed START?", {"start"}),
    ("START was signed when?", {"start"}), ("When did it start?", set()),
])
def test_names_are_words_with_a_capital_that_the_lexicon_lacks_and_the_index_has(question: str,
                                                                                 names: set[str]) -> None:
    """Красиков at the beginning of a sentence may be any word; Moscow is in the lexicon."""
    assert set(held(question, INDEX)) == names


def test_without_its_last_letter_a_name_is_looked_for_only_where_the_whole_is_not_there() -> None:
    """Arabic endings hide in foreign names: the skeleton of كلينتون has no ن."""
    whole, hidden = (LexicalIndex.build([terms_of(text)]) for text in ("قال سورنسن", "قال أوزدن وأوزدنون"))
    assert [skeleton(each) for each in held("О чём Соренсен?", whole)["соренсен"]] == ["سرنسن"]
    assert held("О чём Соренсен?", hidden) == {}
