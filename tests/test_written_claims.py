"""What was written for the entailment model: where it lies, and what is not taken up."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from training.written_claims import (
    KINDS,
    WRITTEN,
    UnusableLineError,
    WrittenClaim,
    judged_articles,
    taken_up,
    written_claims,
)

TEXT = "افتتح الوزير الجسر يوم الأحد. وقال إن كلفته بلغت 30 مليونا."
LINE = {"article_id": "a", "claim": "دُشن الجسر يوم الأحد بحضور الوزير", "evidence": ["افتتح الوزير الجسر يوم الأحد."],
        "changed": [{"text": "دُشن الجسر يوم الاثنين بحضور الوزير", "kind": "date"}]}


def test_evidence_becomes_places_in_the_article() -> None:
    assert taken_up(LINE, {"a": TEXT}) == WrittenClaim(
        "a", LINE["claim"], ((0, 29),), (("دُشن الجسر يوم الاثنين بحضور الوزير", "date"),))


@pytest.mark.parametrize(("change", "message"), [
    ({"article_id": "b"}, "no such article"),
    ({"evidence": []}, "no evidence, or nothing changed"),
    ({"evidence": ["افتتح الجسر"]}, "evidence is not in the article: افتتح الجسر"),
    ({"changed": [{"text": "دُشن  الجسر يوم الأحد بحضور الوزير.", "kind": "date"}]}, "not a change: date"),
    ({"changed": [{"text": "دُشن النفق", "kind": "tone"}]}, "not a change: tone")])
def test_what_cannot_be_taken_up_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(UnusableLineError, match=message):
        taken_up(LINE | change, {"a": TEXT})


def test_claims_are_about_other_articles_than_those_that_are_measured_and_hold_no_text_of_theirs() -> None:
    claims = written_claims()
    assert len(claims) > 2000
    assert not {claim.article_id for claim in claims} & judged_articles()
    assert all(0 <= start < end for claim in claims for start, end in claim.evidence)
    assert {kind for claim in claims for _, kind in claim.changed} == set(KINDS)
    assert max(Counter((claim.article_id, claim.claim) for claim in claims).values()) == 1
    fields = {tuple(json.loads(line)) for line in WRITTEN.read_text(encoding="utf-8").splitlines()}
    assert fields == {("article_id", "claim", "evidence", "changed")}
