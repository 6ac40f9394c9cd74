"""Questions in English, Russian and French over Arabic articles."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from index.generation.snapshot import Snapshot
from index.model.types import Embedder
from index.search.terms import question_terms
from index.sources import read_paths
from qa import cli
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.evaluation.question_sets import SentenceQuestion, read_sentence_questions
from qa.question.languages import Language, is_function_word
from qa.question.parsed import parse_question
from qa.retrieve.retriever import WordsFound, embed_question, find_words, retrieve
from qa.types.question import Question
from tests.conftest import ARTICLES, PROJECT

pytestmark = pytest.mark.process

QUESTIONS = PROJECT / "tests" / "data" / "questions_languages.jsonl"
FLOORS = PROJECT / "tests" / "floors_languages.toml"
NO_WORDS = WordsFound(question_terms(""), np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))


@pytest.fixture(scope="module")
def snapshot(embedder: Embedder) -> Snapshot:
    return throwaway_snapshot(read_paths([ARTICLES]), embedder)


@pytest.mark.parametrize(("question", "language"), [
    ("متى وُقّعت؟", Language.ARABIC), ("ما معاهدة START؟", Language.ARABIC), ("1986?", Language.ARABIC),
    ("When was it signed?", Language.ENGLISH), ("Kissinger", Language.ENGLISH),
    ("Why did Le Duc Tho refuse the prize?", Language.ENGLISH),
    ("Quand a-t-il été signé ?", Language.FRENCH), ("QUI A SIGNÉ L'ACCORD ?", Language.FRENCH),
    ("Ou est le siege de l'ONU ?", Language.FRENCH),
    ("Когда его подписали?", Language.RUSSIAN), ("Кто подписал START I?", Language.RUSSIAN),
])
def test_the_language_is_told_by_script_and_small_words(question: str, language: Language) -> None:
    assert parse_question(question).language is language


def test_a_word_may_say_something_in_one_language_and_nothing_in_another() -> None:
    assert is_function_word("son", Language.FRENCH)
    assert not is_function_word("son", Language.ENGLISH)
    assert is_function_word("Когда", Language.RUSSIAN)
    assert not is_function_word("متى", Language.ARABIC)


@pytest.mark.parametrize(("question", "article", "sentence"), [
    ("О каком сокращении стратегических вооружений договорились эксперты в Рейкьявике?", "reykjavik-summit-1986",
     "واتفقت مجموعة الخبراء على خفض الأسلحة الهجومية الاستراتيجية بنسبة 50 في المئة"),
    ("Когда Рейган и Горбачёв встретились впервые?", "geneva-summit-1985", "يومي 19 و20 نوفمبر 1985"),
    ("Кто основал Московскую Хельсинкскую группу в мае 1976 года?", "helsinki-final-act-1975", "يوري أورلوف"),
    ("Sur quel navire s'est tenu le sommet de Malte ?", "malta-summit-1989", "مكسيم غوركي"),
    ("Combien de militaires américains sont morts dans l'attentat de l'aéroport de Kaboul ?", "doha-agreement-2020",
     "وقُتل 13 عسكريًا أمريكيًا"),
    ("Where was the Dayton agreement initialled in November 1995?", "dayton-agreement-1995", "رايت باترسون"),
])
def test_a_question_is_answered_with_the_arabic_sentence(question: str, article: str, sentence: str,
                                                         snapshot: Snapshot, embedder: Embedder) -> None:
    answer = Answerer(snapshot, embedder).ask(Question.parse(question))
    assert answer.status == "answered"
    assert any(citation.article.id == article and sentence in citation.quote for citation in answer.citations)


@pytest.mark.parametrize("question", [
    "Кто выиграл финал Лиги чемпионов в 2021 году?", "Quels sont les symptômes d'une carence en vitamine D ?",
    "Сколько стоит грамм золота в Каире?", "Combien coûte le gramme d'or au Caire ?"])
def test_what_no_article_says_is_not_found(question: str, snapshot: Snapshot, embedder: Embedder) -> None:
    assert Answerer(snapshot, embedder).ask(Question.parse(question)).status == "not_found"


@pytest.mark.parametrize("question", [
    "Qzxw vbnmq 1986?",  # a year alone is shared
    "Щъжыц фгхчш 26?",
])
def test_where_the_lexical_side_has_an_accident_at_most_the_vectors_decide(question: str, snapshot: Snapshot,
                                                                           embedder: Embedder) -> None:
    """The vector is that of a question with a meaning; its words say nothing."""
    meant = embed_question(embedder, parse_question("Почему провалился саммит в Рейкьявике?"))
    asked = parse_question(question)
    fused = retrieve(snapshot, asked, meant, None, 5)
    alone = retrieve(snapshot, asked, meant, None, 5, lambda: NO_WORDS)
    assert fused[0].row == alone[0].row
    assert find_words(snapshot, asked, None).is_translation


@pytest.mark.slow
def test_with_words_no_language_finds_fewer_articles_than_by_vectors_alone(snapshot: Snapshot,
                                                                           embedder: Embedder) -> None:
    fused, alone = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    asked = [each for each in read_sentence_questions(QUESTIONS) if each.article_id]
    for question in asked:
        vector = embed_question(embedder, parse_question(question.text))
        fused[question.language].append(_first(snapshot, question, vector) == question.article_id)
        alone[question.language].append(_first(snapshot, question, vector, NO_WORDS) == question.article_id)
    assert sorted(fused) == ["en", "fr", "ru"]
    for language, found in fused.items():
        assert sum(found) >= sum(alone[language]) + 0.1 * len(found)


def _first(snapshot: Snapshot, question: SentenceQuestion, vector: np.ndarray, found: WordsFound | None = None) -> str:
    asked = parse_question(question.text)
    best = retrieve(snapshot, asked, vector, None, 1, (lambda: found) if found else None)[0]
    return snapshot.articles[int(snapshot.tables.passages[best.row, 0])].id


@pytest.mark.slow
def test_the_questions_hold_their_floors(embedder: Embedder, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", "questions", str(QUESTIONS), str(ARTICLES), "--runtime", "compiled",
                     "--floors", str(FLOORS)]) == 0, capsys.readouterr().err
