"""Group who said what about a topic: by speaker, in order of days, each statement once and cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.generation.snapshot import Snapshot
from index.language.saying import ACTS_OF_SAYING, SpeechAct
from index.work import paused_between
from qa import contract
from qa.answer.linked import cite_linked
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import adds_nothing
from qa.retrieve.retriever import Candidate
from qa.topics.citing import cite_verbatim
from qa.topics.speaker_names import grouped
from qa.topics.uttered import Uttered, read_uttered
from qa.types.citation import Citation, Place, Span, span_as_json
from qa.types.filters import Filters
from qa.verify.names import WordsRead

MAX_SPEAKERS, MAX_STATEMENTS_OF_SPEAKER = 24, 12
# Two sentences of one speaker that say the same are one statement if they were published within so many days.
SAME_STATEMENT_WITHIN = timedelta(days=3)

_OPENING = '«"“('


@dataclass(frozen=True, slots=True)
class SpeakerStatement:
    """A cited sentence, who says it by which verb, and the day on which it was said.

    `name`, `cue` and `claim` are spans in the article's text: of the words that name the speaker, of the verb, and of
    what is said; `name` is None if the sentence is cited from another article. `row` is that of the sentence. The days
    come from the text or the day of publication (None if the article has none); `is_earlier` tells that it was said at
    some time before it.
    """

    citation: Citation
    row: int
    act: SpeechAct
    name: Span | None
    cue: Span
    claim: Span
    first: date | None
    last: date | None
    dated_by: contract.DatedBy
    is_earlier: bool = False

    @property
    def verb(self) -> str:
        """The verb, or the words such as "بحسب", as the article has them."""
        return self.citation.article.text[slice(*self.cue)]

    @property
    def claim_text(self) -> str:
        """What is said, verbatim."""
        return self.citation.article.text[slice(*self.claim)]

    def as_json(self) -> contract.SpeakerStatement:
        """Build an element of `statements` of a speaker."""
        return {"act": self.act, "verb": span_as_json(self.cue), "claim": span_as_json(self.claim),
                "name": None if self.name is None else span_as_json(self.name),
                "first": self.first.isoformat() if self.first else None,
                "last": self.last.isoformat() if self.last else None,
                "dated_by": self.dated_by, "is_earlier": self.is_earlier, **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class SpeakerOfTopic:
    """A speaker, by the full name as it is written most often, and what they said, in order of days."""

    name: str
    statements: tuple[SpeakerStatement, ...]

    def as_json(self) -> contract.SpeakerOfTopic:
        """Build an element of `speakers` of GET /api/affair."""
        return {"name": self.name, "statements": [statement.as_json() for statement in self.statements]}


def find_speakers(snapshot: Snapshot, sentences: Sequence[RankedSentence], filters: Filters,
                  candidates: Sequence[Candidate]) -> tuple[SpeakerOfTopic, ...]:
    """Group what the sentences report as said by speaker: whoever has most statements first, each in order of days.

    `sentences` are those about the topic, best first. Of more speakers and statements than the limits, those that rank
    best are kept; of a sentence in several articles, one. Citations are not numbered.
    """
    read = WordsRead()
    uttered = list(read_uttered(snapshot, sentences, read))
    articles = {each.sentence.article.id: each.sentence.article for each in uttered}
    keys = grouped([(each.sentence.article.id, each.name) for each in uttered],
                   lambda article_id, word: word in read.forms_of(articles[article_id]))
    by_speaker: dict[tuple[str, ...], list[Uttered]] = {}
    for key, each in zip(keys, uttered, strict=True):
        if key is not None:
            by_speaker.setdefault(key, []).append(each)
    chosen = sorted(by_speaker.items(), key=lambda one: (-len(one[1]), one[1][0].rank))[:MAX_SPEAKERS]
    speakers = [SpeakerOfTopic(_name_of(key, group), _statements(snapshot, group, filters, candidates))
                for key, group in paused_between(chosen)]
    return tuple(sorted(speakers, key=lambda speaker: -len(speaker.statements)))


def _statements(snapshot: Snapshot, group: Sequence[Uttered], filters: Filters, candidates: Sequence[Candidate]
                ) -> tuple[SpeakerStatement, ...]:
    kept = _without_repetition(group)[:MAX_STATEMENTS_OF_SPEAKER]
    kept.sort(key=lambda each: (each.last or date.max, each.sentence.article.published, each.sentence.row))
    return tuple(_cited(snapshot, each, filters, candidates) for each in kept)


def _name_of(key: tuple[str, ...], group: Sequence[Uttered]) -> str:
    """Return the speaker's full name as it is written most often."""
    named = [each for each in group if each.name.roots == key] or group
    names = (" ".join(each.sentence.article.text[slice(*each.name_at)].replace('"', " ").split()) for each in named)
    return Counter(names).most_common(1)[0][0]


def _without_repetition(group: Sequence[Uttered]) -> list[Uttered]:
    """Join sentences that say no more than an earlier one of about the same day into it, as its copies."""
    kept: list[Uttered] = []
    for each in group:
        earlier = next((place for place, other in enumerate(kept)
                        if _is_near(each, other) and _class_of(other.act) == _class_of(each.act)
                        and adds_nothing(each.said, [other.said])), None)
        if earlier is None:
            kept.append(each)
        else:
            kept[earlier] = replace(kept[earlier], copies=(*kept[earlier].copies, each.sentence))
    return kept


def _class_of(act: SpeechAct) -> SpeechAct:
    return "said" if act in ACTS_OF_SAYING else act


def _is_near(one: Uttered, other: Uttered) -> bool:
    if one.last is None or other.last is None:
        return True
    return abs(one.last - other.last) <= SAME_STATEMENT_WITHIN


def _cited(snapshot: Snapshot, uttered: Uttered, filters: Filters, candidates: Sequence[Candidate]) -> SpeakerStatement:
    sentence, speech = uttered.sentence, uttered.speech
    citation = cite_verbatim(snapshot, sentence, candidates)
    moved = citation.article.id != sentence.article.id
    shift = citation.start - sentence.sentence.start
    seen = {citation.article.id, *(place.article.id for place in citation.also_in)}
    copies = [Place(copy.article, copy.sentence.start, copy.sentence.end) for copy in uttered.copies
              if copy.article.id not in seen]
    citation = replace(citation, also_in=(*citation.also_in, *_first_of_each(copies)))
    (linked,) = cite_linked(snapshot, [citation], filters)
    claim = _trimmed(sentence.article.text, speech.claim)
    first, last = uttered.first, uttered.last
    if moved and uttered.dated_by == "publication":
        first = last = linked.article.published_on
    return SpeakerStatement(linked, sentence.row, uttered.act, None if moved else uttered.name_at,
                            _shifted(speech.cue, shift), _shifted(claim, shift), first, last,
                            uttered.dated_by, uttered.is_earlier)


def _first_of_each(places: Iterable[Place]) -> Iterable[Place]:
    return {place.article.id: place for place in places}.values()


def _shifted(span: Span, shift: int) -> Span:
    return span[0] + shift, span[1] + shift


def _trimmed(text: str, span: Span) -> Span:
    """Return a span without the white space and marks at its ends."""
    start, end = span
    while start < end and not text[start].isalnum() and (
            text[start] not in _OPENING or text[start + 1:start + 2] in ("،", " ")):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "،,"):
        end -= 1
    return start, end
