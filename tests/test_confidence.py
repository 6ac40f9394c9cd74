"""Confidence rises with what speaks for an answer, and needs something to speak of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from index.types import Article, Sentence
from qa.answer.confidence import MOST_MARGIN, confidence_of, features
from qa.answer.ranking import WITH_READER, Evidence, RankedSentence
from qa.question.kinds import AnswerKind
from qa.retrieve.retriever import Candidate

ARTICLE = Article("a", "نص.", "عنوان")
EVIDENCE = Evidence(cosine=0.87, passage_dense=0.86, passage_lexical=0.6, passage_coverage=0.5, words_found=0.5,
                    new_words_found=0.5, words_known=0.6, asked_word_found=0.5, is_counted=False, wants_count=False,
                    kind=AnswerKind.OTHER, kind_shown=0.0, same_script=True)


def sentence(passage: int, score: float, evidence: Evidence = EVIDENCE) -> RankedSentence:
    return RankedSentence(ARTICLE, Sentence(0, 3), passage, passage, score, evidence)


def candidate(row: int, dense: float, coverage: float = 0.3) -> Candidate:
    return Candidate(row, 1.0, dense, 0.5, coverage, np.zeros(1, np.float32))


CANDIDATES = [candidate(0, 0.86, 0.5), *(candidate(row, 0.80) for row in range(1, 10))]


def confidence(evidence: Evidence = EVIDENCE, *, score: float = 1.22, others: float = 1.2) -> float:
    return confidence_of([sentence(0, score, evidence), sentence(1, others)], CANDIDATES, 1000)


def test_nothing_ranked_is_no_answer() -> None:
    assert confidence_of([], [], 1000) == 0.0


@pytest.mark.parametrize("more", [
    lambda evidence: replace(evidence, cosine=0.93), lambda evidence: replace(evidence, cosine=0.80),
    lambda evidence: replace(evidence, words_found=1.0, words_known=1.0),
    lambda evidence: replace(evidence, new_words_found=1.0), lambda evidence: replace(evidence, asked_word_found=1.0),
    lambda evidence: replace(evidence, passage_dense=0.92), lambda evidence: replace(evidence, passage_coverage=0.9)])
def test_confidence_only_rises_with_evidence(more: Callable[[Evidence], Evidence]) -> None:
    changed = more(EVIDENCE)
    weaker, stronger = sorted([EVIDENCE, changed], key=lambda evidence: (
        evidence.cosine, evidence.words_found, evidence.new_words_found, evidence.asked_word_found,
        evidence.passage_dense, evidence.passage_coverage))
    assert confidence(weaker) <= confidence(stronger)


def test_strong_evidence_is_told_from_weak() -> None:
    strong = replace(EVIDENCE, cosine=0.93, passage_dense=0.92, words_found=1.0, words_known=1.0, new_words_found=1.0,
                     asked_word_found=1.0, passage_coverage=0.9)
    weak = replace(EVIDENCE, cosine=0.78, passage_dense=0.78, words_found=0.1, words_known=0.1, new_words_found=0.0,
                   asked_word_found=0.0, passage_coverage=0.15)
    assert confidence(strong, score=1.35, others=1.25) > 0.8
    assert confidence(weak, score=1.08, others=1.075) < 0.15


def test_a_time_that_is_asked_for_and_missing_counts_against() -> None:
    asked = replace(EVIDENCE, kind=AnswerKind.TIME)
    assert confidence(asked) < confidence(replace(asked, kind_shown=1.0))


def named(ranked: list[RankedSentence], candidates: list[Candidate]) -> dict[str, Any]:
    return features(ranked, candidates, 500)


def test_the_margin_is_over_the_best_sentence_of_another_passage() -> None:
    assert named([sentence(0, 1.2), sentence(0, 1.19), sentence(1, 1.18)], CANDIDATES)["margin"] == pytest.approx(0.02)
    assert named([sentence(0, 1.2), sentence(0, 1.19)], CANDIDATES)["margin"] == MOST_MARGIN
    assert named([sentence(0, 1.9), sentence(1, 1.0)], CANDIDATES)["margin"] == MOST_MARGIN


def test_what_stands_out_stands_out_from_the_background() -> None:
    assert named([sentence(0, 1.2)], CANDIDATES)["stands_out"] == pytest.approx(0.06)
    assert named([sentence(0, 1.2)], CANDIDATES[:5])["stands_out"] == 0


def test_coverage_is_compared_with_other_passages_only() -> None:
    assert named([sentence(0, 1.2)], CANDIDATES)["coverage_margin"] == pytest.approx(0.2)
    assert named([sentence(0, 1.2)], CANDIDATES[:1])["coverage_margin"] == EVIDENCE.passage_coverage


def test_what_is_counted_counts_both_ways_and_only_where_it_is_asked_for() -> None:
    def counted(**changes: bool) -> float:
        return named([sentence(0, 1.2, replace(EVIDENCE, **changes))], CANDIDATES)["counted"]

    assert counted(wants_count=True, is_counted=True) == 1
    assert counted(wants_count=True, is_counted=False) == -1
    assert counted(wants_count=False) == 0


OTHER = replace(EVIDENCE, same_script=False)


@pytest.mark.parametrize("more", [{"cosine": 0.9}, {"words_known": 0.9}, {"passage_coverage": 0.8}])
def test_across_scripts_confidence_rises_with_evidence(more: dict[str, float]) -> None:
    assert confidence(replace(OTHER, **more)) > confidence(OTHER)  # type: ignore[arg-type]


def test_across_scripts_a_lead_counts_and_the_size_of_the_index_against() -> None:
    assert confidence(OTHER, others=1.18) > confidence(OTHER, others=1.21)
    ranked = [sentence(0, 1.22, OTHER), sentence(1, 1.2)]
    assert confidence_of(ranked, CANDIDATES, 100) > confidence_of(ranked, CANDIDATES, 2000)


def test_across_scripts_the_kind_of_answer_has_no_weight_of_its_own() -> None:
    assert confidence(replace(OTHER, kind=AnswerKind.TIME, kind_shown=1.0)) == confidence(OTHER)


def read_confidence(evidence: Evidence) -> float:
    first = replace(sentence(0, 1.22, evidence), span=(0, 2))
    return confidence_of([first, replace(sentence(1, 1.2), span=(0, 2))], CANDIDATES, 1000)


@pytest.mark.parametrize("more", [{"relevance": 3.0}, {"lead": 5.0}])
@pytest.mark.parametrize("same_script", [True, False])
def test_confidence_rises_with_what_a_reader_finds(more: dict[str, float], same_script: bool) -> None:
    evidence = replace(EVIDENCE, relevance=-1.0, lead=-2.0, same_script=same_script)
    assert read_confidence(replace(evidence, **more)) > read_confidence(evidence)  # type: ignore[arg-type]


def test_shared_words_do_not_make_up_for_a_reader_that_finds_no_answer() -> None:
    same_words = replace(EVIDENCE, words_found=1.0, words_known=1.0, new_words_found=1.0, asked_word_found=1.0,
                         relevance=-4.0, lead=-6.0)
    other_words = replace(EVIDENCE, words_found=0.2, words_known=0.3, new_words_found=0.2, asked_word_found=0.0,
                          relevance=4.0, lead=6.0)
    assert read_confidence(same_words) < read_confidence(other_words)


def test_across_scripts_the_lead_of_a_span_counts_less() -> None:
    def gained(evidence: Evidence) -> float:
        return WITH_READER.added(replace(evidence, lead=5.0)) - WITH_READER.added(evidence)

    assert 0 < gained(OTHER) < gained(EVIDENCE)
