"""Which sentences and which articles are about what is asked, however little they answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import strip_for_topics
from index.types import Article
from qa.answer.reader import RankedSentence
from qa.question.parsed import ParsedQuestion, parse_question
from qa.question.wanted import Analysed, Wanted

# Passages among which articles are looked for by their words.
PASSAGES_FOUND = 200
# A word is there when so much of it is.
WORD_FOUND = 0.6
# A sentence is about what is asked when it and its title hold words of this weight together, or words of the second
# weight in an article that holds them all: one that has named Yasser Arafat goes on with Arafat.
LEAST_WORDS = 0.55
LEAST_WORDS_WHERE_ALL = 0.3
ALL_WORDS = 0.9
# And when it comes so close to the closest one.
MOST_BEHIND = 0.09

_ASKS_WHAT_HAPPENED = re.compile(
    r"\b(?:ماذا|ما الذي|ما) (?:حدث|حصل|جرى|فعل|فعلت|قال|قالت|وقع)\b"
    r"|\b(?:تسلسل|تطور|تطورات|مراحل|خط|أحداث|تاريخ)(?: (?:زمني|الزمني|أحداث|الأحداث))?\b"
    r"|\bwhat (?:has |did )?(?:happened|happens|happen|do)\b|\btimeline(?: of)?\b", re.IGNORECASE)


def sentences_about(snapshot: Snapshot, question: ParsedQuestion,
                    ranked: Sequence[RankedSentence]) -> Iterator[RankedSentence]:
    """Those of the ranked sentences that are about what was asked, in their order."""
    wanted = subject_of(question, snapshot)
    closest = max((sentence.evidence.cosine for sentence in ranked), default=0.0)
    titles: dict[str, list[float]] = {}
    holds_all: dict[str, bool] = {}
    for sentence in ranked:
        article = sentence.article
        if sentence.evidence.cosine < closest - MOST_BEHIND:
            continue
        if article.id not in titles:
            titles[article.id] = wanted.found_each(_analysed(article.title))
        own = wanted.found_each(_analysed(sentence.text))
        share = _share(wanted, [max(pair) for pair in zip(own, titles[article.id], strict=True)])
        if share >= LEAST_WORDS:
            yield sentence
        elif _share(wanted, own) >= LEAST_WORDS_WHERE_ALL:
            if article.id not in holds_all:
                holds_all[article.id] = _share(wanted, _found_in(wanted, article)) >= ALL_WORDS
            if holds_all[article.id]:
                yield sentence


def subject_of(question: ParsedQuestion, snapshot: Snapshot) -> Wanted:
    """The words that say what a question is about, without those that ask for events as such and without prefixes.
    One that no article has weighs no more than the rarest that some article has."""
    return _capped(Wanted.of(_subject(question).wanted, snapshot.lexical), snapshot)


def articles_with(snapshot: Snapshot, asked: ParsedQuestion, allowed: NDArray[np.bool_] | None) -> list[int]:
    """The rows of the articles with a passage that holds all the words asked for, in whatever form, those that hold
    them best first, of the `PASSAGES_FOUND` best passages; `allowed` is of passages."""
    wanted = subject_of(asked, snapshot)
    rows, _, _ = snapshot.lexical.search(asked.terms, PASSAGES_FOUND, allowed)
    found: dict[int, None] = {}
    for article_row, start, end in snapshot.tables.passages[rows, :3].tolist():
        if article_row not in found:
            article = snapshot.articles[article_row]
            held = wanted.found_each(_analysed(f"{article.title}\n{article.text[start:end]}"))
            if min(held, default=0.0) >= WORD_FOUND:
                found[article_row] = None
    return list(found)


def _analysed(text: str) -> Analysed:
    """A text to be compared with a subject: its words as they are, and without their prefixes."""
    normalised = normalise(text)
    return Analysed.of(f"{normalised} {strip_for_topics(normalised)}")


def _subject(question: ParsedQuestion) -> ParsedQuestion:
    subject = strip_for_topics(_ASKS_WHAT_HAPPENED.sub(" ", question.text))
    if subject == question.text or not any(map(str.isalnum, subject)):
        return question
    return parse_question(subject)


def _capped(wanted: Wanted, snapshot: Snapshot) -> Wanted:
    held = [any(snapshot.lexical.holds(np.array(sorted(form), np.uint64)) for form, _ in of_word)
            for of_word in wanted.alternatives]
    most = max((weight for weight, known in zip(wanted.weights, held, strict=True) if known), default=1.0)
    weights = [min(weight, most) for weight in wanted.weights]
    return replace(wanted, weights=tuple(weight / sum(weights) for weight in weights))


def _found_in(wanted: Wanted, article: Article) -> list[float]:
    return wanted.found_each(_analysed(f"{article.title}\n{article.text}"))


def _share(wanted: Wanted, found: Sequence[float]) -> float:
    """The weight of the words that are there."""
    return wanted.share([float(each >= WORD_FOUND) for each in found])
