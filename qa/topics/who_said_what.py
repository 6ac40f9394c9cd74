"""Find who said what about a topic: each sentence that names its speaker, with the verb, the claim and the day.

A speaker is taken only where the words surely name one. A verb with an object ("اتهم ترامب إيران") does not show where the
name ends, so its speaker counts only if another sentence of the topic surely names the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from index.generation.snapshot import Snapshot
from index.language.function_words import WAS
from index.language.saying import SPEECH_ACTS, SpeechAct
from index.language.tokens import compared, tokens
from index.work import paused_between
from qa import contract
from qa.answer.compose import cite
from qa.answer.linked import cite_linked
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, adds_nothing
from qa.retrieve.retriever import Candidate
from qa.topics.dated import DatesRead
from qa.topics.speaker_names import SpeakerName, grouped, known_at_start, read_name
from qa.types import Citation, Filters, Place, Span
from qa.verify.names import WordsRead
from qa.verify.speakers import ReportedSpeech, SpeechReader

MAX_SPEAKERS, MAX_STATEMENTS_OF_SPEAKER = 24, 12
# Two sentences of one speaker that say the same are one statement if they were published within so many days.
SAME_STATEMENT_WITHIN = timedelta(days=3)
# A claim has at least this many words.
MIN_CLAIM_WORDS = 3
# An article reports what was said at most this many days before it was published, if it names the day near the verb.
REPORTED_WITHIN = timedelta(days=400)
_BEFORE_VERB = 2


@dataclass(frozen=True, slots=True)
class SpeakerStatement:
    """A cited sentence, who says it by which verb, and the day on which it was said.

    `name`, `cue` and `claim` are spans in the article's text: of the words that name the speaker, of the verb, and of what
    is said; `name` is None if the sentence is cited from another article. `row` is that of the sentence. The days come from the text or the day of
    publication (None if the article has none); `is_earlier` tells that it was said at some time before it.
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
        return {"act": self.act, "verb": {"start": self.cue[0], "end": self.cue[1]},
                "claim": {"start": self.claim[0], "end": self.claim[1]},
                "name": None if self.name is None else {"start": self.name[0], "end": self.name[1]},
                "first": self.first.isoformat() if self.first else None,
                "last": self.last.isoformat() if self.last else None,
                "dated_by": self.dated_by, "is_earlier": self.is_earlier, **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker by the name that the articles give most often, titles left off, and what they said, in order of days."""

    name: str
    statements: tuple[SpeakerStatement, ...]

    def as_json(self) -> contract.SpeakerOfTopic:
        """Build an element of `speakers` of GET /api/affair."""
        return {"name": self.name, "statements": [statement.as_json() for statement in self.statements]}


@dataclass(frozen=True, slots=True)
class Uttered:
    """A sentence with its speaker before it is cited. `said` are the words of its claim, `rank` its place."""

    sentence: RankedSentence
    speech: ReportedSpeech
    act: SpeechAct
    name: SpeakerName
    name_at: Span
    said: Said
    rank: int
    first: date | None
    last: date | None
    dated_by: contract.DatedBy
    is_earlier: bool
    copies: tuple[RankedSentence, ...] = field(default=())


def find_speakers(snapshot: Snapshot, sentences: Sequence[RankedSentence], filters: Filters,
                  candidates: Sequence[Candidate]) -> tuple[Speaker, ...]:
    """Group what the sentences report as said by speaker: whoever has most statements first, each in order of days.

    `sentences` are those about the topic, best first. Of more speakers and statements than the limits, those that rank
    best are kept; of a sentence in several articles, one. Citations are not numbered.
    """
    uttered = list(_uttered(snapshot, sentences))
    keys = grouped([(each.sentence.article.id, each.name) for each in uttered])
    by_speaker: dict[tuple[str, ...], list[Uttered]] = {}
    for key, each in zip(keys, uttered, strict=True):
        if key is not None:
            by_speaker.setdefault(key, []).append(each)
    chosen = sorted(by_speaker.values(), key=lambda group: (-len(group), group[0].rank))[:MAX_SPEAKERS]
    speakers = [_speaker(snapshot, group, filters, candidates) for group in paused_between(chosen)]
    return tuple(sorted(speakers, key=lambda speaker: -len(speaker.statements)))


def _speaker(snapshot: Snapshot, group: Sequence[Uttered], filters: Filters, candidates: Sequence[Candidate]) -> Speaker:
    kept = _without_repetition(group)[:MAX_STATEMENTS_OF_SPEAKER]
    kept.sort(key=lambda each: (each.last or date.max, each.sentence.article.published, each.sentence.row))
    return Speaker(_name_of(group), tuple(_cited(snapshot, each, filters, candidates) for each in kept))


def _name_of(group: Sequence[Uttered]) -> str:
    """Return the name that is written most often, the longer one among equals; names come before offices."""
    named = [each for each in group if not each.name.is_office] or group
    counts = Counter(" ".join(each.sentence.article.text[slice(*each.name_at)].split()) for each in named)
    most = max(counts.values())
    # A full name is known to more readers than half of it.
    return max((name for name, count in counts.items() if 3 * count >= most), key=lambda name: (len(name.split()), len(name)))


def _without_repetition(group: Sequence[Uttered]) -> list[Uttered]:
    """Join sentences that say no more than an earlier one of about the same day into it, as its copies."""
    kept: list[Uttered] = []
    for each in group:
        earlier = next((place for place, other in enumerate(kept) if _is_near(each, other)
                        and other.act == each.act and adds_nothing(each.said, [other.said])), None)
        if earlier is None:
            kept.append(each)
        else:
            kept[earlier] = replace(kept[earlier], copies=(*kept[earlier].copies, each.sentence))
    return kept


def _is_near(one: Uttered, other: Uttered) -> bool:
    if one.last is None or other.last is None:
        return True
    return abs(one.last - other.last) <= SAME_STATEMENT_WITHIN


def _uttered(snapshot: Snapshot, sentences: Sequence[RankedSentence]) -> Iterator[Uttered]:
    """Yield the sentences that name their speaker, in their order."""
    words, dates = WordsRead(), DatesRead()
    readers: dict[str, SpeechReader] = {}
    found: list[tuple[int, RankedSentence, ReportedSpeech]] = []
    for rank, sentence in enumerate(paused_between(sentences)):
        first, of_article = snapshot.tables.sentences_of_article(sentence.row)
        reader = readers.get(sentence.article.id) or SpeechReader(sentence.article, of_article, words)
        readers[sentence.article.id] = reader
        speech = reader.speech_in(sentence.row - first)
        if speech is not None:
            found.append((rank, sentence, speech))
    known = _surely_named(found)
    for rank, sentence, speech in found:
        act, placed = _act_of(speech), _name_at(sentence, speech, known)
        if act is None or placed is None:
            continue
        name, name_at = placed
        behind = name_at[1] if speech.cue[1] <= name_at[0] < sentence.sentence.end and name_at[1] < speech.name[1] \
            else speech.claim[0]
        claim = behind, max(behind, speech.claim[1])
        said = Said.by(sentence.article.text[slice(*claim)])
        if len(said.words) < MIN_CLAIM_WORDS:
            continue
        yield Uttered(sentence, replace(speech, claim=claim), act, name, name_at, said, rank,
                      *_day_of(sentence, speech, claim, dates))


def _surely_named(found: Iterable[tuple[int, RankedSentence, ReportedSpeech]]) -> Mapping[tuple[str, ...], int]:
    names = (read_name(sentence.article.text[slice(*speech.name)]) for _, sentence, speech in found if speech.certain)
    return Counter(name.roots for name in names if name is not None and name.roots)


def _name_at(sentence: RankedSentence, speech: ReportedSpeech, known: Mapping[tuple[str, ...], int]
             ) -> tuple[SpeakerName, Span] | None:
    """Return the speaker's name and its span in the text; None if the words name nobody for sure."""
    start, end = speech.name
    if not speech.certain:
        if start < speech.cue[1]:  # before the verb, it may be the subject of something else
            return None
        span = known_at_start(sentence.article.text[start:end], known)
        if span is None:
            return None
        start, end = start, start + span[1]
    name = read_name(sentence.article.text[start:end])
    return None if name is None else (name, (start + name.start, start + name.end))


def _act_of(speech: ReportedSpeech) -> SpeechAct | None:
    """Classify the verb by what the speaker does; None if the sentence tells that they did not say it, or may."""
    act = SPEECH_ACTS.get(speech.verb, "said")
    match speech.stance:
        case "stated":
            return act
        case "denied":
            return act if act in ("denied", "rejected") else None
        case "asked":
            return "asked" if act == "asked" else None
        case "doubted":
            return "doubted" if act == "doubted" else None


def _day_of(sentence: RankedSentence, speech: ReportedSpeech, claim: Span, dates: DatesRead
            ) -> tuple[date | None, date | None, contract.DatedBy, bool]:
    """Return the first and the last day on which it may have been said, where they come from, and if it was before.

    A date beside the verb, in front of what is said, is that of saying it.
    """
    published = sentence.article.published_on
    start = sentence.sentence.start
    for mention in dates.within(sentence.article, sentence.sentence):
        near_verb = mention.end <= claim[0] or claim[1] <= mention.start
        if near_verb and mention.days and (published is None or published - REPORTED_WITHIN <= mention.days[0]
                                           <= published):
            return *mention.days, "text", False
    before = [compared(match[0]) for match in tokens(sentence.article.text[start:speech.cue[0]])][-_BEFORE_VERB:]
    return published, published, "publication", not WAS.isdisjoint(before) or "وكان" in before or "وكانت" in before


def _cited(snapshot: Snapshot, uttered: Uttered, filters: Filters, candidates: Sequence[Candidate]) -> SpeakerStatement:
    sentence, speech = uttered.sentence, uttered.speech
    (citation,) = cite(snapshot, [sentence], candidates)
    moved = citation.article.id != sentence.article.id
    if moved and citation.quote != sentence.text:
        citation = replace(citation, article=sentence.article, start=sentence.sentence.start, end=sentence.sentence.end,
                           context=None, also_in=_others(citation, sentence))
        moved = False
    shift = citation.start - sentence.sentence.start
    seen = {citation.article.id, *(place.article.id for place in citation.also_in)}
    copies = [Place(copy.article, copy.sentence.start, copy.sentence.end) for copy in uttered.copies
              if copy.article.id not in seen]
    (linked,) = cite_linked(snapshot, [replace(citation, also_in=(*citation.also_in, *_first_of_each(copies)))], filters)
    return SpeakerStatement(linked, sentence.row, uttered.act, None if moved else uttered.name_at, _shifted(speech.cue, shift),
                            _shifted(_trimmed(sentence.article.text, speech.claim), shift), uttered.first, uttered.last,
                            uttered.dated_by, uttered.is_earlier)


def _others(citation: Citation, sentence: RankedSentence) -> tuple[Place, ...]:
    return (Place(citation.article, citation.start, citation.end),
            *(place for place in citation.also_in if place.article.id != sentence.article.id))


def _first_of_each(places: Iterable[Place]) -> Iterable[Place]:
    return {place.article.id: place for place in places}.values()


def _shifted(span: Span, shift: int) -> Span:
    return span[0] + shift, span[1] + shift


def _trimmed(text: str, span: Span) -> Span:
    """Return a span without the white space and marks at its ends."""
    start, end = span
    while start < end and not text[start].isalnum() and text[start] not in '«"“(':
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "،,"):
        end -= 1
    return start, end
