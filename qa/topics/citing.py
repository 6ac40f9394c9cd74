"""Cite a sentence whose words matter: spans inside it, such as a date or a verb, must be those of what is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.generation.snapshot import Snapshot
from qa.answer.compose import cite
from qa.answer.ranking import RankedSentence
from qa.retrieve.retriever import Candidate
from qa.types.citation import Citation, Place


def cite_verbatim(snapshot: Snapshot, sentence: RankedSentence, candidates: Sequence[Candidate]) -> Citation:
    """Cite a sentence, numbered 1: the copy that takes precedence, or itself if that copy is in other words.

    The other copy is then named as another place.
    """
    (citation,) = cite(snapshot, [sentence], candidates)
    if citation.article.id == sentence.article.id or citation.quote == sentence.text:
        return citation
    others = [place for place in citation.also_in if place.article.id != sentence.article.id]
    return replace(citation, article=sentence.article, start=sentence.sentence.start, end=sentence.sentence.end,
                   context=None, also_in=(Place(citation.article, citation.start, citation.end), *others))
