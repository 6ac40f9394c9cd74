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
# Sentences that share this much of their 4-grams say the same.
NEAR_IDENTICAL = 0.8


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
    """A sentence that may answer; `score` is comparable within one question only."""

    article: Article
    sentence: Sentence
    score: float
    evidence: Evidence

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]


def rank_sentences(snapshot: Snapshot, question: str, candidates: Sequence[Candidate]) -> list[RankedSentence]:
    """The sentences of the first passages, best first; headings left out, near-identical ones kept once."""
    kind = answer_kind(question)
    wanted = _Words.of(question, snapshot.lexical)
    asked_in_arabic = _is_arabic(question)
    ranked = []
    for candidate in candidates[:PASSAGES_READ]:
        article = snapshot.articles[int(snapshot.tables.passages[candidate.row, 0])]
        sentences = snapshot.tables.sentences_of(candidate.row)
        for sentence, cosine in zip(sentences, candidate.sentence_cosines.tolist(), strict=True):
            text = article.text[sentence.start:sentence.end]
            if sentence.is_heading or _only_introduces(text):
                continue
            normalised = normalise(text)
            own = _Analysed.of(normalised)
            found = (wanted.found_in(own) + wanted.found_in(own | _hung_on(article, sentence))) / 2
            kind_shown = shown(kind, normalised)
            score = (cosine + PASSAGE_DENSE_WEIGHT * candidate.dense + PASSAGE_LEXICAL_WEIGHT * candidate.lexical
                     + WORDS_WEIGHT * found + KIND_WEIGHTS[kind] * kind_shown)
            evidence = Evidence(cosine, candidate.dense, candidate.lexical, candidate.coverage, found, kind, kind_shown,
                                _is_arabic(text) == asked_in_arabic)
            ranked.append((RankedSentence(article, sentence, score, evidence), own))
    ranked.sort(key=lambda analysed: -analysed[0].score)
    return _distinct(ranked)


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


def _distinct(ranked: Sequence[tuple[RankedSentence, _Analysed]]) -> list[RankedSentence]:
    kept: list[RankedSentence] = []
    kept_grams: list[frozenset[int]] = []
    for sentence, analysed in ranked:
        if not any(_near_identical(analysed.grams, other) for other in kept_grams):
            kept.append(sentence)
            kept_grams.append(analysed.grams)
    return kept


def _near_identical(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the two share `NEAR_IDENTICAL` of all their grams (Jaccard); sizes alone settle most pairs."""
    if min(len(one), len(other)) < NEAR_IDENTICAL * max(len(one), len(other)):
        return False
    shared = len(one & other)
    return shared >= NEAR_IDENTICAL * (len(one) + len(other) - shared)


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
