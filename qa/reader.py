"""Passages to the sentences that answer: ranked by what the vectors, the words and the kind of answer say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.arabic import grams, normalise, skeleton, split_words, word_grams, words
from index.lexical import LexicalIndex
from index.snapshot import Snapshot
from index.types import Article, Sentence
from qa.kinds import FUNCTION_WORDS, AnswerKind, answer_kind, shown
from qa.lexicon import alternatives, plain
from qa.reprints import first_tellings
from qa.retriever import Candidate

PASSAGES_READ = 5
# What each piece of evidence adds to a sentence's cosine; docs/decisions/0005-choosing-sentences.md has the search.
PASSAGE_DENSE_WEIGHT = 0.4
PASSAGE_LEXICAL_WEIGHT = 0.05
WORDS_WEIGHT = 0.05
KIND_WEIGHTS = {AnswerKind.TIME: 0.03, AnswerKind.PLACE: 0.0, AnswerKind.QUANTITY: 0.01, AnswerKind.PERSON: 0.03,
                AnswerKind.OTHER: 0.0}
# A word found by its root alone counts for less than one found as written.
SKELETON_CREDIT = 0.8
MAX_LEAD_IN_CHARS = 60
_ARABIC_LETTER = re.compile(r"[ء-يٱ-ۓ]")
# "Which X", "what X": a sentence without X hardly says which.
WHICH = frozenset({"اي", "ايه", "what", "which"})
FOCUS_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a sentence was chosen: a cosine and shares from 0 to 1. `passage_` values are those of its passage."""

    cosine: float
    passage_dense: float
    passage_lexical: float
    passage_coverage: float
    words_found: float
    kind: AnswerKind
    kind_shown: float
    same_script: bool


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence that may answer; `row` is its row in the table of sentences, `score` is comparable within one question
    only."""

    article: Article
    sentence: Sentence
    row: int
    score: float
    evidence: Evidence

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]


def rank_sentences(snapshot: Snapshot, question: str, candidates: Sequence[Candidate],
                   count: int) -> list[RankedSentence]:
    """The `count` best sentences of the first passages, reprints not counted, best first; headings are left out.

    Sentences are read in the order of what is known of them already, until what words and kind can add lifts no other
    among the best.
    """
    kind = answer_kind(question)
    wanted = _Words.of(question, snapshot.lexical)
    asked_in_arabic = _is_arabic(question)
    most_added = WORDS_WEIGHT + KIND_WEIGHTS[kind]
    ranked: list[RankedSentence] = []
    for known, candidate, article, sentence, row, cosine in _unread(
            snapshot, first_tellings(snapshot, candidates, PASSAGES_READ)):
        if len(ranked) >= count and ranked[count - 1].score > known + most_added:
            break
        text = article.text[sentence.start:sentence.end]
        if _only_introduces(text) or not any(map(str.isalnum, text)):
            continue
        normalised = normalise(text)
        own = _Analysed.of(normalised)
        found = wanted.found_in(own)
        hung_on = _hung_on(article, sentence)
        if hung_on.grams:
            found = (found + wanted.found_in(own | hung_on)) / 2
        kind_shown = shown(kind, normalised)
        evidence = Evidence(cosine, candidate.dense, candidate.lexical, candidate.coverage, found, kind, kind_shown,
                            _is_arabic(text) == asked_in_arabic)
        score = known + WORDS_WEIGHT * found + KIND_WEIGHTS[kind] * kind_shown
        ranked.append(RankedSentence(article, sentence, row, score, evidence))
        ranked.sort(key=lambda sentence: -sentence.score)
    return ranked[:count]


def _unread(snapshot: Snapshot, candidates: Sequence[Candidate]
            ) -> list[tuple[float, Candidate, Article, Sentence, int, float]]:
    """What is known of each sentence before it is read, with the sentence, its row and its cosine; the best first."""
    unread = []
    for candidate in candidates:
        article_row, first = snapshot.tables.passages[candidate.row, [0, 3]].tolist()
        article = snapshot.articles[article_row]
        known_of_passage = PASSAGE_DENSE_WEIGHT * candidate.dense + PASSAGE_LEXICAL_WEIGHT * candidate.lexical
        cosines = candidate.sentence_cosines.tolist()
        unread += [(cosine + known_of_passage, candidate, article, sentence, row, cosine)
                   for row, (sentence, cosine) in enumerate(
                       zip(snapshot.tables.sentences_of(candidate.row), cosines, strict=True), first)
                   if not sentence.is_heading]
    unread.sort(key=lambda known: -known[0])
    return unread


@dataclass(frozen=True, slots=True)
class _Analysed:
    """What of a text is compared: the set of its grams and that of its words' skeletons."""

    grams: frozenset[int]
    skeletons: frozenset[str]

    @classmethod
    def of(cls, normalised: str) -> _Analysed:
        found = split_words(normalised)
        return cls(frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)))

    def __or__(self, other: _Analysed) -> _Analysed:
        return _Analysed(self.grams | other.grams, self.skeletons | other.skeletons) if other.grams else self


_NOTHING = _Analysed(frozenset(), frozenset())


def _only_introduces(text: str) -> bool:
    """Whether the sentence is a short line that leads in a list and says nothing without it."""
    return text.endswith(":") and len(text) <= MAX_LEAD_IN_CHARS


def _hung_on(article: Article, sentence: Sentence) -> _Analysed:
    """The heading that the sentence stands under and the line that introduces its list."""
    spans = [(start, end) for start, end in (sentence.heading, sentence.lead_in) if end > start]
    if not spans:
        return _NOTHING
    return _Analysed.of(normalise(" ".join(article.text[start:end] for start, end in spans)))


def _is_arabic(text: str) -> bool:
    """Whether more of the letters are Arabic than not."""
    return 2 * len(_ARABIC_LETTER.findall(text)) >= sum(map(str.isalpha, text))


@dataclass(frozen=True, slots=True)
class _Words:
    """The content words of a question, each with its alternatives, and what each weighs (shares of 1).

    An Arabic word has one alternative, itself; an English one has its Arabic ones besides. An alternative is its grams
    and its skeleton.
    """

    alternatives: tuple[tuple[tuple[frozenset[int], str], ...], ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, question: str, lexical: LexicalIndex) -> _Words:
        all_words = words(plain(question))
        content = [word for word in all_words if word not in FUNCTION_WORDS] or all_words
        forms = [(word, *map(normalise, alternatives(word))) for word in content]
        analysed = tuple(tuple((np.unique(grams(form)), skeleton(form)) for form in of_word) for of_word in forms)
        # The commonest alternative is the one that news writes, and says how rare the word is.
        weights = [min(float(lexical.inverse_document_frequency(form).mean()) for form, _ in of_word)
                   for of_word in analysed]
        focus = {after for asking, after in pairwise(all_words) if asking in WHICH}
        weights = [weight * (FOCUS_WEIGHT if word in focus else 1)
                   for word, weight in zip(content, weights, strict=True)]
        total = sum(weights) or 1.0
        return cls(tuple(tuple((frozenset(form.tolist()), root) for form, root in of_word) for of_word in analysed),
                   tuple(weight / total for weight in weights))

    def found_in(self, text: _Analysed) -> float:
        """The weighted share, 0..1, of the words that the text holds, in part or by their root."""
        return sum(weight * max(_found(form, root, text) for form, root in of_word)
                   for of_word, weight in zip(self.alternatives, self.weights, strict=True))


def _found(form: frozenset[int], root: str, text: _Analysed) -> float:
    by_root = SKELETON_CREDIT if root and root in text.skeletons else 0.0
    return max(len(form & text.grams) / len(form), by_root)
