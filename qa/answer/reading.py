"""Read retrieved passages for a question: order passages and sentences, and tell how likely the best one answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot
from index.language.clitics import WA
from index.model.reading import Reader, Reading, TitledPassage
from qa.answer.beside_name import Somebody
from qa.answer.confidence import confidence_of
from qa.answer.dated_events import DatedEvent, passages_to_read
from qa.answer.manner import of_manner_first
from qa.answer.ranking import MOST_RELEVANCE, PASSAGES_READ, RankedSentence, rank_sentences
from qa.answer.recurring import of_year_first
from qa.answer.speaking import Speaking
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate

# What the reader's relevance adds to a passage's score, and the relevance that an unread passage counts with.
RELEVANCE_OF_PASSAGE = 0.04
UNREAD = -2.0
_WHAT_AGE = re.compile(rf"^(\W*{WA})ما (?=(?:عمر|سن)\b)")
# Numbers that may be codes: three digits or more.
_NUMBER = re.compile(r"(?<![\w.,/-])\d{3,6}(?![\w.,/-])")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for a question: passages and sentences, best first, and the confidence that the first answers."""

    candidates: Sequence[Candidate]
    sentences: list[RankedSentence]
    confidence: float
    passages_read: int


def read(snapshot: Snapshot, reader: Reader | None, question: ParsedQuestion, candidates: Sequence[Candidate],
         count: int, *, read_at_most: int | None = None) -> Read:
    """Read the best passages, without reprints, and rank the `count` best sentences in them.

    With a reader, `read_at_most` passages are read with it, by default `PASSAGES_READ`, and its relevance changes the
    order of the passages. Without one, or with 0, sentences are ranked by vectors and words.
    """
    most = 0 if reader is None else PASSAGES_READ if read_at_most is None else min(read_at_most, PASSAGES_READ)
    event = DatedEvent.of(question, snapshot)
    readings = _readings(snapshot, reader, question, passages_to_read(snapshot, candidates, most, event)) \
        if reader is not None and most else {}
    sentences = rank_sentences(snapshot, question, candidates, count, readings=readings, event=event)
    confidence = confidence_of(sentences, candidates, snapshot.sentence_count)
    somebody, speaking = Somebody.of(question), Speaking.of(question, sentences)
    if speaking is not None:
        sentences, confidence = speaking.first(snapshot, sentences, confidence)
    elif somebody is not None:
        sentences, confidence = somebody.first(sentences, confidence)
    else:
        sentences = of_year_first(question, of_manner_first(question, sentences))
    return Read(_reordered(candidates, readings), sentences, confidence, len(readings))


def _readings(snapshot: Snapshot, reader: Reader, question: ParsedQuestion, candidates: Sequence[Candidate]
              ) -> dict[int, Reading]:
    passages = []
    for candidate in candidates:
        article_row, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
        article = snapshot.articles[article_row]
        passages.append(TitledPassage(article.title, article.text[start:end]))
    rows = (candidate.row for candidate in candidates)
    return dict(zip(rows, reader.read(_for_reader(question, passages), passages), strict=True))


def _reordered(candidates: Sequence[Candidate], readings: Mapping[int, Reading]) -> Sequence[Candidate]:
    """Add the reader's relevance to the scores of passages, 0..1, and sort; unread ones count as hardly relevant."""
    if not readings:
        return candidates
    scored = [replace(candidate, score=_with_relevance(candidate.score, readings.get(candidate.row)))
              for candidate in candidates]
    return sorted(scored, key=lambda candidate: -candidate.score)


def _with_relevance(score: float, reading: Reading | None) -> float:
    relevance = UNREAD if reading is None else min(max(reading.relevance, -MOST_RELEVANCE), MOST_RELEVANCE)
    whole = 1 + 2 * RELEVANCE_OF_PASSAGE * MOST_RELEVANCE
    return (score + RELEVANCE_OF_PASSAGE * (relevance + MOST_RELEVANCE)) / whole


def _for_reader(question: ParsedQuestion, passages: Sequence[TitledPassage]) -> str:
    """Return the question as a reader answers it best: "how old is", and a number with the letter that it has there.

    القرار 2254 is read as القرار 2254-أ if the passages have that one only.
    """
    text = _WHAT_AGE.sub(r"\1كم ", question.text)
    for match in _NUMBER.finditer(text):
        found = {"".join(each.split()) for passage in passages
                 for each in re.findall(rf"(?<![\w.,/-]){match[0]}(?:[-/][^\W\d]\b)?(?![\w/-])", passage.text)}
        if len(found) == 1 and (code := found.pop()) != match[0]:
            return f"{text[:match.start()]}{code}{text[match.end():]}"
    return text
