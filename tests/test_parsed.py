"""A question is read once, and what answers it is handed what was read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from index.language.arabic import normalise
from index.language.dates import find_dates
from index.model.types import Embedder
from index.search.terms import question_terms
from qa.answerer import Answerer
from qa.question.follow_up import readings
from qa.question.kinds import AnswerKind
from qa.question.languages import Language, language_of
from qa.question.parsed import parse_question
from qa.question.topic import Standalone
from qa.retrieve.retriever import find_words
from qa.types.question import Question
from tests.conftest import PROJECT

ARABIC = "ما البنود التي نص عليها اتفاق الدوحة في 29 فبراير 2020؟"
ENGLISH = "Who took part in the Geneva summit of Reagan and Gorbachev in November 1985?"
RUSSIAN = "Когда Рейган и Горбачёв встретились в Рейкьявике?"


# ---- what is read ----

def test_an_arabic_question_says_what_it_asks_for() -> None:
    question = parse_question("في أيّ مدينة وُقّعت المعاهدة يوم 26 آذار 1979؟")
    assert question.text == "في أيّ مدينة وُقّعت المعاهدة يوم 26 آذار 1979؟"
    assert question.normalised == "في اي مدينه وقعت المعاهده يوم 26 اذار 1979؟"
    assert question.language is Language.ARABIC
    assert question.words == ("في", "اي", "مدينه", "وقعت", "المعاهده", "يوم", "26", "مارس", "1979")
    assert question.kind is AnswerKind.PLACE
    assert question.wanted.content == ("وقعت", "المعاهده", "26", "مارس", "1979")
    assert question.wanted.forms == tuple((word,) for word in question.wanted.content)
    assert question.wanted.focus == {"مدينه"}
    assert (question.wanted.asked_about, question.wanted.counted, question.wanted.names) == ("وقعت", ("مدينه",), ())
    assert (question.asks_for_list, question.item_noun) == (False, None)
    assert [mention.days for mention in question.dates] == [(date(1979, 3, 26), date(1979, 3, 26))]


def test_an_english_question_has_arabic_forms_and_names_and_its_phrases_are_words() -> None:
    question = parse_question("How many delegations took part with Krasikov?")
    assert question.language is Language.ENGLISH
    assert question.words == ("how", "many", "delegations", "participate", "with", "krasikov")
    assert question.kind is AnswerKind.QUANTITY
    assert question.wanted.content == ("delegations", "participate", "krasikov")
    assert [len(forms) > 1 for forms in question.wanted.forms] == [True, True, False]
    assert question.wanted.counted[0] == "delegations"
    assert question.wanted.names == ("Krasikov",)


def test_a_question_for_several_things_has_the_word_for_them() -> None:
    assert (parse_question(ARABIC).asks_for_list, parse_question(ARABIC).item_noun) == (True, "بنود")
    assert parse_question("علام نص اتفاق الدوحة؟").asks_for_list
    assert parse_question("علام نص اتفاق الدوحة؟").item_noun is None


@pytest.mark.parametrize("text", [ARABIC, ENGLISH, RUSSIAN, "من حضر من بين مئة وثلاثين مدعوًا؟", ""])
def test_its_terms_are_those_of_its_text(text: str) -> None:
    parsed, terms = parse_question(text).terms, question_terms(text)
    assert [part.tolist() for part in parsed] == [part.tolist() for part in terms]


def test_questions_are_equal_when_their_texts_are() -> None:
    assert parse_question(ARABIC) == parse_question(ARABIC)
    assert parse_question(ARABIC) != parse_question(ENGLISH)


# ---- once ----

@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The texts that were normalised, told the language of, or looked through for dates, wherever that was done."""
    texts: dict[str, list[str]] = {}
    for function in (normalise, language_of, find_dates):
        seen: list[str] = []
        texts[function.__name__] = seen
        assert record_calls(monkeypatch, function, seen) >= 2
    return texts


def record_calls(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], seen: list[str]) -> int:
    """Note the first argument of each call, by whatever module, and return how many modules have the function."""
    def noting(text: str, *others: Any) -> Any:
        seen.append(text)
        return function(text, *others)

    holders = [module for name, module in list(sys.modules.items()) if name.split(".")[0] in ("index", "qa", "web")
               and getattr(module, function.__name__, None) is function]
    for module in holders:
        monkeypatch.setattr(module, function.__name__, noting)
    return len(holders)


def times_read(read: dict[str, list[str]], question: str) -> dict[str, int]:
    """How often each function was given the question, in whatever spelling."""
    same = normalise(question)
    return {name: sum(normalise(text) == same for text in texts) for name, texts in read.items()}


ONCE = {"normalise": 1, "language_of": 1, "find_dates": 1}
Ask = Callable[[Answerer, str], object]


@pytest.mark.parametrize("ask", [
    pytest.param(lambda answerer, text: answerer.ask(Question(text)), id="ask"),
    pytest.param(lambda answerer, text: answerer.ask(Question(text, top_k=100)), id="ask for many passages"),
    pytest.param(lambda answerer, text: answerer.search(Question(text)), id="search"),
    pytest.param(lambda answerer, text: answerer.timeline(Question(text)), id="timeline"),
    pytest.param(lambda answerer, text: answerer.disagreements(Question(text)), id="disagreements"),
    pytest.param(lambda answerer, text: answerer.suggest(text, 5), id="suggest")])
@pytest.mark.parametrize("text", [ARABIC, ENGLISH, RUSSIAN])
def test_a_question_is_read_once(
        sample_answerer: Answerer, embedder: Embedder, read: dict[str, list[str]], ask: Ask, text: str) -> None:
    ask(forgetful(sample_answerer, embedder), text)
    assert times_read(read, text) == ONCE


def test_the_questions_of_these_tests_are_read_to_their_end(sample_answerer: Answerer) -> None:
    for text in (ARABIC, ENGLISH, RUSSIAN):
        assert sample_answerer.ask(Question(text)).status == "answered"
    assert [find_words(sample_answerer.snapshot, parse_question(text), None).is_translation
            for text in (ARABIC, ENGLISH, RUSSIAN)] == [False, True, True]


def test_what_is_asked_again_is_not_read_again(
        sample_answerer: Answerer, embedder: Embedder, read: dict[str, list[str]]) -> None:
    answerer = forgetful(sample_answerer, embedder)
    answers = [answerer.ask(Question(ARABIC)) for _ in range(3)]
    assert [list(answer.timings_ms) for answer in answers[1:]] == [["cached", "total"]] * 2
    assert times_read(read, ARABIC) == ONCE


@pytest.mark.parametrize("top_k", [5, 7])
def test_of_two_readings_each_is_read_once(
        sample_answerer: Answerer, embedder: Embedder, read: dict[str, list[str]], top_k: int) -> None:
    asked = Question("ومتى وُقّع اتفاق دايتون؟", top_k=top_k, previous=("من وقّع اتفاق الدوحة؟",))
    assert forgetful(sample_answerer, embedder).ask(asked).status == "answered"
    as_read = [text for text in read["find_dates"] if text.removeprefix("و").startswith("متى وُقّع اتفاق دايتون")]
    assert sorted(as_read) == sorted(each.text for each in readings(asked.text, Standalone(asked.previous[0])))
    assert len(as_read) == 2


def test_reading_twice_is_noticed(read: dict[str, list[str]]) -> None:
    assert parse_question(ARABIC) == parse_question(ARABIC)
    assert times_read(read, ARABIC) == {"normalise": 2, "language_of": 2, "find_dates": 2}
    assert question_terms(ARABIC.replace("اتفاق", "إتفاق")).words.tolist()
    assert times_read(read, ARABIC) == {"normalise": 3, "language_of": 2, "find_dates": 3}


def forgetful(answerer: Answerer, embedder: Embedder) -> Answerer:
    """Another answerer of the same snapshot, which remembers no answer yet."""
    return Answerer(answerer.snapshot, embedder)


# ---- handed on ----

TAKE_THE_QUESTION = [PROJECT / "qa" / "question" / "translation.py", *(
    path for room in ("qa/retrieve", "qa/answer", "qa/topics", "index/search")
    for path in sorted((PROJECT / room).glob("*.py")))]


def questions_taken(source: str) -> Iterator[tuple[str, str]]:
    """Each function that takes a question, by its name, with the type that it takes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            yield from ((node.name, ast.unparse(argument.annotation))
                        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                        if argument.arg in ("question", "query", "asked", "typed") and argument.annotation)


def test_what_answers_a_question_takes_it_parsed() -> None:
    taken = [(name, kind) for path in TAKE_THE_QUESTION for name, kind in questions_taken(path.read_text("utf-8"))]
    assert {"retrieve", "find_words", "embed_question", "in_arabic", "rank_sentences", "compose", "names_items",
            "sentences_about", "subject_of", "articles_with", "find_events", "find_disagreements",
            "suggestions"} <= {name for name, kind in taken if kind == "ParsedQuestion"}
    assert [name for name, kind in taken if kind in ("str", "Question")] == []


def test_a_function_that_takes_the_text_is_found() -> None:
    assert list(questions_taken("def f(a: int, *, question: str) -> None: ...")) == [("f", "str")]
