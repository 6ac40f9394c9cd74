"""Suggest questions: while the reader types, on a first visit, and when nothing answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, skeleton, split_words
from index.language.clitics import strip_for_topics
from index.work import paused_between
from qa import contract
from qa.question.parsed import ParsedQuestion
from qa.topics.dates_read import DatesRead
from qa.topics.examples import Example, questions_of
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.search import Hit

# Passages searched for suggestions, and newest articles searched for examples.
PASSAGES_SUGGESTED_FROM = 24
ARTICLES_TRIED = 48
# Examples that are asked at most, to see whether they are answered: each costs as much as a question.
NEWEST_ASKED, NEAR_ASKED = 24, 4
# An example must be answered with its own sentence and at least this confidence.
MIN_EXAMPLE_CONFIDENCE = 0.75

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, or the title of an article; `article_id` is the article that answers it or has this title."""

    text: str
    kind: contract.SuggestionKind
    article_id: str

    def as_json(self) -> contract.Suggestion:
        """Build an element of `suggestions` of GET /api/suggestions."""
        return {"text": self.text, "kind": self.kind, "article_id": self.article_id}


def suggestions(snapshot: Snapshot, typed: ParsedQuestion, count: int) -> list[Suggestion]:
    """Suggest up to `count` questions and titles that have all typed words; the last word may be unfinished."""
    fits = _Fit(typed)
    rows, _, _ = snapshot.lexical.search(typed.terms, PASSAGES_SUGGESTED_FROM, None)
    dates = DatesRead()
    questions: dict[str, Suggestion] = {}
    titles: dict[str, Suggestion] = {}
    for row in paused_between([*rows.tolist(), *_newest_passages(snapshot).tolist()]):
        if len(questions) + len(titles) >= count and row not in rows:
            break
        article = snapshot.articles[int(snapshot.tables.passages[row, 0])]
        if article.title and fits(article.title):
            titles.setdefault(article.title, Suggestion(article.title, "article", article.id))
        if len(questions) < count:
            for example in questions_of(snapshot, row, dates):
                if fits(example.question):
                    questions.setdefault(example.question, Suggestion(example.question, "question", article.id))
    of_titles = min(len(titles), max(count // 2, count - len(questions)))
    return [*islice(questions.values(), count - of_titles), *islice(titles.values(), of_titles)]


class _Fit:
    """A test whether a text has each typed word; the last one may be only the beginning of a word."""

    def __init__(self, typed: ParsedQuestion) -> None:
        *whole, self._begun = split_words(typed.normalised) or [""]
        self._whole = [_forms(word) for word in whole]

    def __call__(self, text: str) -> bool:
        held = frozenset().union(*map(_forms, split_words(normalise(text))))
        return all(not forms.isdisjoint(held) for forms in self._whole) and (
            any(form.startswith(self._begun) for form in held) or not _forms(self._begun).isdisjoint(held))


def _forms(word: str) -> frozenset[str]:
    """Return the word, the word without its prefix, and its skeleton, which matches other spellings of a name."""
    return frozenset({word, strip_for_topics(word), f"={skeleton(word)}"} - {"="})


def newest_examples(snapshot: Snapshot, ask: Ask, count: int) -> list[str]:
    """Return up to `count` questions that `ask` answers, each from a different one of the newest articles.

    They begin with different words as far as the articles allow: who, why, how many, when.
    """
    made = list(islice(_one_each(snapshot, _newest_passages(snapshot).tolist()), NEWEST_ASKED))
    seen: Counter[str] = Counter()
    turns: list[tuple[int, Example]] = []
    for example in made:
        asking = example.question.split()[0]
        turns.append((seen[asking], example))
        seen[asking] += 1
    in_turn = (example for _, example in sorted(turns, key=lambda turn: turn[0]))
    return list(islice(_answered(in_turn, ask), count))


def examples_near(snapshot: Snapshot, hits: Sequence[Hit], ask: Ask, count: int) -> list[str]:
    """Return up to `count` questions that are answered by sentences in these passages.

    `ask` answers a question, to check that it is answered.
    """
    dates = DatesRead()
    made = (example for hit in hits for example in questions_of(snapshot, hit.row, dates))
    return list(islice(_answered(islice(made, NEAR_ASKED), ask), count))


def _newest_passages(snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the rows of the first passage of each of the newest articles, newest first."""
    newest = snapshot.articles.newest_first[:ARTICLES_TRIED]
    return np.searchsorted(snapshot.tables.passages[:, 0], newest).astype(np.int64)


def _one_each(snapshot: Snapshot, passage_rows: Iterable[int]) -> Iterator[Example]:
    """Yield one question of each passage, one that does not ask when if there is one."""
    dates = DatesRead()
    for row in passage_rows:
        yield from sorted(questions_of(snapshot, row, dates), key=lambda each: each.question.startswith("متى"))[:1]


def _answered(examples: Iterable[Example], ask: Ask) -> Iterator[str]:
    for example in examples:
        answer = ask(example.question)
        if answer.confidence >= MIN_EXAMPLE_CONFIDENCE \
                and any(_cites(citation, example) for citation in answer.citations):
            yield example.question


def _cites(citation: Citation, example: Example) -> bool:
    return citation.article.id == example.article.id and citation.start == example.start
