"""Ask questions with known answers of indexes that hold the answer and of indexes that do not."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot, Tables
from index.model.types import Embedder, Vectors
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex
from index.search.terms import passage_terms
from index.sources import read_paths
from index.types import Article, Passage
from qa.answer.confidence import features
from qa.answer.ranking import SENTENCES_CONSIDERED, rank_sentences
from qa.answer.reprints import PASSAGES_COMPARED
from qa.evaluation.evaluate import comparable, throwaway_snapshot
from qa.evaluation.question_sets import GoldQuestion, QuestionSet, SentenceQuestion, read_sentence_questions
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question, retrieve

ARTICLES = Path(__file__).resolve().parents[1] / "articles"
LANGUAGES = Path(__file__).resolve().parents[1] / "tests" / "data" / "questions_languages.jsonl"
SAMPLE = "articles"
SMALL_INDEXES = 150
QUESTIONS_A_SMALL_INDEX = 12


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one index.

    `setting` says which index: `whole`, all articles; `own-context-out`, without the article that holds the answer;
    `title-out`, without all articles of its title; `small`, only the articles of its title; `small-other`, only the
    articles of another title; `none`, all articles, for a question that nothing answers.
    """

    question_set: str
    setting: str
    title: str
    same_script: bool
    features: dict[str, float]
    is_right: bool

    @property
    def is_there(self) -> bool:
        """Tell whether the gold context was in the index."""
        return self.setting in ("whole", "small")


def sample_set() -> tuple[QuestionSet, list[str]]:
    """Return the sample corpus with its answerable questions, and the questions that nothing in it answers."""
    return _over_sample(read_sentence_questions(ARTICLES / "questions.jsonl"))


def language_sets() -> dict[str, tuple[QuestionSet, list[str]]]:
    """Return the same as `sample_set` for questions in other languages, by language code.

    Of the sentences that may answer a question for a name, only one counts as right.
    """
    asked = read_sentence_questions(LANGUAGES)
    return {language: _over_sample([each for each in asked if each.language == language])
            for language in sorted({each.language for each in asked})}


def _over_sample(asked: Sequence[SentenceQuestion]) -> tuple[QuestionSet, list[str]]:
    articles = [record for record in read_paths([ARTICLES]) if isinstance(record, Article)]
    rows = {article.id: row for row, article in enumerate(articles)}
    answerable = tuple(GoldQuestion(each.text, rows[each.article_id], (each.sentence or "",))
                       for each in asked if each.article_id)
    return QuestionSet(tuple(articles), answerable), [each.text for each in asked if not each.article_id]


def cases_of(name: str, questions: QuestionSet, unanswerable: Sequence[str], embedder: Embedder) -> Iterator[Case]:
    """Yield every case of one question set."""
    print(f"{name}: {len(questions.questions)} questions", file=sys.stderr)
    snapshot = throwaway_snapshot(questions.articles, embedder)
    context = snapshot.tables.passages[:, 0]
    titles = np.array([article.title for article in questions.articles])
    vectors = [embed_question(embedder, parse_question(question.text)) for question in questions.questions]
    for question, vector in zip(questions.questions, vectors, strict=True):
        title = titles[question.context]
        yield ask(name, "whole", snapshot, question, vector, None, title)
        yield ask(name, "own-context-out", snapshot, question, vector, context != question.context, title)
        yield ask(name, "title-out", snapshot, question, vector, titles[context] != title, title)
    for text in unanswerable:
        yield ask(name, "none", snapshot, GoldQuestion(text, -1, ()),
                  embed_question(embedder, parse_question(text)), None, text)
    chance = random.Random(5)
    with_questions = sorted({titles[question.context] for question in questions.questions})
    for title in chance.sample(with_questions, min(len(with_questions), SMALL_INDEXES)):
        small = part_of(snapshot, np.flatnonzero(titles[context] == title))
        own = [row for row, question in enumerate(questions.questions) if titles[question.context] == title]
        others = [row for row, question in enumerate(questions.questions) if titles[question.context] != title]
        own = chance.sample(own, min(len(own), QUESTIONS_A_SMALL_INDEX))
        for row in own:
            yield ask(name, "small", small, questions.questions[row], vectors[row], None,
                      titles[questions.questions[row].context])
        for row in chance.sample(others, min(len(others), len(own))):
            yield ask(name, "small-other", small, questions.questions[row], vectors[row], None,
                      titles[questions.questions[row].context])


def ask(name: str, setting: str, snapshot: Snapshot, question: GoldQuestion, vector: Vectors,
        allowed: NDArray[np.bool_] | None, title: str) -> Case:
    """Ask one question and return the features of the first sentence, and whether it holds a gold answer."""
    parsed = parse_question(question.text)
    candidates = retrieve(snapshot, parsed, vector, allowed, PASSAGES_COMPARED)
    ranked = rank_sentences(snapshot, parsed, candidates, SENTENCES_CONSIDERED)
    best = comparable(ranked[0].text)
    golds = [comparable(answer) for answer in question.answers]
    seen = features(ranked, candidates, snapshot.sentence_count)
    return Case(name, setting, title, ranked[0].evidence.same_script, seen,
                any(gold and gold in best for gold in golds))


def part_of(snapshot: Snapshot, rows: NDArray[np.int64]) -> Snapshot:
    """Return a snapshot of these passages alone, with the lexical statistics of an index built from them."""
    passages = snapshot.tables.passages[rows]
    vectors = np.array([snapshot.dense.vector(int(row)) for row in rows])
    terms = []
    for article_row, start, end, *_ in passages.tolist():
        article = snapshot.articles[article_row]
        terms.append(passage_terms(article, Passage(article.id, start, end, ())))
    kept = np.concatenate([np.arange(first, end) for first, end in passages[:, 3:5]])
    renumbered = passages.copy()
    renumbered[:, 4] = np.cumsum(passages[:, 4] - passages[:, 3])
    renumbered[:, 3] = renumbered[:, 4] - (passages[:, 4] - passages[:, 3])
    tables = Tables(renumbered, snapshot.tables.sentences[kept], snapshot.tables.sentence_vectors[kept])
    return Snapshot("part", snapshot.model, snapshot.chunking, snapshot.articles, snapshot.histories, tables,
                    DenseIndex.build(vectors), LexicalIndex.build(terms))
