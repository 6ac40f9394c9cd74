"""What could be asked: while a question is typed, on a first visit, and where nothing answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, skeleton, split_words
from index.language.clitics import strip_for_topics
from qa import contract
from qa.question.parsed import ParsedQuestion
from qa.topics.dated import DatesRead
from qa.topics.examples import Example, questions_of
from qa.types import Answer, Citation, Hit

# Passages that are looked through for suggestions, and the newest articles for examples.
PASSAGES_SUGGESTED_FROM = 24
ARTICLES_TRIED = 48
# An example is one that is answered with its own sentence and at least so much confidence.
CERTAIN = 0.75

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to ask, or the title of an article: `article_id` is the one that answers or has it."""

    text: str
    kind: contract.SuggestionKind
    article_id: str

    def as_json(self) -> contract.Suggestion:
        """What `suggestions` of GET /api/suggestions holds."""
        return {"text": self.text, "kind": self.kind, "article_id": self.article_id}


def suggestions(snapshot: Snapshot, typed: ParsedQuestion, count: int) -> list[Suggestion]:
    """Questions and titles that have all the words typed, the last of which may be unfinished."""
    fits = _Fit(typed)
    rows, _, _ = snapshot.lexical.search(typed.terms, PASSAGES_SUGGESTED_FROM, None)
    dates = DatesRead()
    questions: dict[str, Suggestion] = {}
    titles: dict[str, Suggestion] = {}
    for row in [*rows.tolist(), *_newest_passages(snapshot).tolist()]:
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
    """Whether a text has each word typed, the last at least as the beginning of one of its words."""

    def __init__(self, typed: ParsedQuestion) -> None:
        *whole, self._begun = split_words(typed.normalised) or [""]
        self._whole = [_forms(word) for word in whole]

    def __call__(self, text: str) -> bool:
        held = frozenset().union(*map(_forms, split_words(normalise(text))))
        return all(not forms.isdisjoint(held) for forms in self._whole) and (
            any(form.startswith(self._begun) for form in held) or not _forms(self._begun).isdisjoint(held))


def _forms(word: str) -> frozenset[str]:
    """The word, the word without its prefix, and its skeleton, which other spellings of a name have too."""
    return frozenset({word, strip_for_topics(word), f"={skeleton(word)}"} - {"="})


def newest_examples(snapshot: Snapshot, ask: Ask, count: int) -> list[str]:
    """Questions that are answered, each of another one of the newest articles."""
    return list(islice(_answered(_one_each(snapshot, _newest_passages(snapshot).tolist()), ask), count))


def examples_near(snapshot: Snapshot, hits: Sequence[Hit], ask: Ask, count: int) -> list[str]:
    """Questions that are answered by sentences of those passages."""
    dates = DatesRead()
    made = (example for hit in hits for example in questions_of(snapshot, hit.row, dates))
    return list(islice(_answered(made, ask), count))


def _newest_passages(snapshot: Snapshot) -> NDArray[np.int64]:
    """The rows of the first passages of the newest articles."""
    newest = np.argsort(-snapshot.articles.published_days, kind="stable")[:ARTICLES_TRIED]
    return np.searchsorted(snapshot.tables.passages[:, 0], newest).astype(np.int64)


def _one_each(snapshot: Snapshot, passage_rows: Iterable[int]) -> Iterator[Example]:
    dates = DatesRead()
    for row in passage_rows:
        yield from islice(questions_of(snapshot, row, dates), 1)


def _answered(examples: Iterable[Example], ask: Ask) -> Iterator[str]:
    for example in examples:
        answer = ask(example.question)
        if answer.confidence >= CERTAIN and any(_is(citation, example) for citation in answer.citations):
            yield example.question


def _is(citation: Citation, example: Example) -> bool:
    return citation.article.id == example.article.id and citation.start == example.start
