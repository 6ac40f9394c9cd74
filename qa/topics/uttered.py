"""Read which sentences of a topic name their speaker: who says what, by which verb, and on which day.

A speaker is taken only where the words surely name one. A verb with an object ("اتهم ترامب إيران") does not show where
the name ends, so its speaker counts only if another sentence of the topic surely names the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.generation.snapshot import Snapshot
from index.language.clitics import strip_and_for_sameness
from index.language.function_words import SPEECH_OPENERS, WAS
from index.language.saying import (
    ACTS_OF_SAYING,
    SPEECH_ACTS,
    VERBS_OF_COMMENT,
    VERBS_OF_INVITING,
    VERBS_OF_OPINION,
    VERBS_OF_SAYING,
    VERBS_WITHOUT_OBJECT,
    SpeechAct,
)
from index.language.tokens import compared, tokens
from index.work import paused_between
from qa import contract
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said
from qa.topics.dates_read import DatesRead
from qa.topics.speaker_names import SpeakerName, known_at_start, read_name
from qa.types.citation import Span
from qa.verify.names import WordsRead
from qa.verify.speakers import ReportedSpeech, SpeechReader

# A claim has at least this many words.
MIN_CLAIM_WORDS = 3
# An article reports what was said at most this many days before it was published, if it names the day near the verb.
REPORTED_WITHIN = timedelta(days=400)
_BEFORE_VERB = 2
# The day of saying stands within so many words behind the name, where nothing marks the beginning of what is said.
_DAY_WITHIN = 2
# What is said begins within so many words and marks behind the name, or right there.
MAX_WORDS_BEFORE_CLAIM = 14
_OPENER = re.compile(r"[^\W_]+|[:\"«“]")
_COMMENTED = re.compile(r"\W*(?:[^\W_]+\W+){0,2}(?:على |[:\"«“]|(?:إن|أن|بأن|قائل))")
_WHAT, _ALREADY, _CAME = compared("ما"), compared("قد"), "جاء"
_TO = ("إلى", "الى", "ل", "لل")


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
    copies: tuple[RankedSentence, ...] = ()


def read_uttered(snapshot: Snapshot, sentences: Sequence[RankedSentence], read: WordsRead) -> Iterator[Uttered]:
    """Yield the sentences that name their speaker, in their order."""
    dates = DatesRead()
    readers: dict[str, SpeechReader] = {}
    found: list[tuple[int, RankedSentence, ReportedSpeech]] = []
    for rank, sentence in enumerate(paused_between(sentences)):
        first, of_article = snapshot.tables.sentences_of_article(sentence.row)
        reader = readers.get(sentence.article.id) or SpeechReader(sentence.article, of_article, read)
        readers[sentence.article.id] = reader
        speech = reader.speech_in(sentence.row - first)
        if speech is not None:
            span = speech.name[0], _end_of_name(sentence.article.text, speech.name[1])
            found.append((rank, sentence, replace(speech, name=span)))
    known = _surely_named(found)
    for rank, sentence, speech in found:
        act, placed = _act_of(sentence, speech), _name_at(sentence, speech, known)
        if act is None or placed is None:
            continue
        name, name_at, behind = placed
        claim = (_claim_start(sentence, behind, act), sentence.sentence.end) if behind else speech.claim
        said = Said.by(sentence.article.text[slice(*claim)])
        if len(said.words) >= MIN_CLAIM_WORDS:
            yield Uttered(sentence, replace(speech, claim=claim), act, name, name_at, said, rank,
                          *_day_of(sentence, speech, claim, dates))


def _end_of_name(text: str, end: int) -> int:
    """Return the end of a name that goes on behind a hyphen, كيم جونغ-أون, or the mark that closes it."""
    while end < len(text) - 1 and text[end] in "-–" and text[end + 1].isalpha():
        end = next((place for place in range(end + 1, len(text)) if not text[place].isalpha()), len(text))
    return end


def _surely_named(found: Iterable[tuple[int, RankedSentence, ReportedSpeech]]) -> Mapping[tuple[str, ...], str]:
    """Return the roots and the kind of each name that a sentence surely gives to its speaker."""
    names = (read_name(sentence.article.text[slice(*speech.name)]) for _, sentence, speech in found
             if _is_sure(sentence, speech))
    return {name.roots: name.kind for name in names if name is not None and name.kind != "office"}


def _name_at(sentence: RankedSentence, speech: ReportedSpeech, known: Mapping[tuple[str, ...], str]
             ) -> tuple[SpeakerName, Span, int] | None:
    """Return the speaker's name, its span in the text, and where the words behind it begin, 0 if the claim is before.

    None if the words name nobody for sure.
    """
    text, (start, end) = sentence.article.text, speech.name
    own = sentence.sentence
    is_here = own.start <= start < own.end
    if not is_here and any(map(str.isalnum, text[own.start:speech.cue[0]])):
        return None  # the verb goes on with a subject of this sentence
    is_sure = _is_sure(sentence, speech) or _had_said(text, own.start, speech)
    span = None if is_sure else known_at_start(text[start:end], known)
    if not is_sure and speech.verb and (span is None or not _begins_clause(text, own.start, speech)):
        return None
    if span is not None:
        start, end = start + span[0], start + span[1]
    name = read_name(text[start:end])
    if name is None or not speech.verb and span is None and name.kind == "name":
        return None  # "بحسب" names measures and media as well
    is_before = is_here and start > speech.cue[0] and not any(map(str.isalnum, text[end:own.end]))
    behind = 0 if is_before else max(speech.cue[1], end) if is_here else speech.cue[1]
    if speech.verb in VERBS_OF_INVITING and not any(text[behind:].lstrip().startswith(word) for word in _TO):
        return None
    return name, (start + name.start, start + name.end), behind


def _is_sure(sentence: RankedSentence, speech: ReportedSpeech) -> bool:
    """Tell whether the words behind the verb are the speaker's name and nothing of its object."""
    if not speech.verb or not speech.certain or SPEECH_ACTS.get(speech.verb, "said") not in ACTS_OF_SAYING:
        return False
    if speech.verb in VERBS_WITHOUT_OBJECT or speech.name[0] < sentence.sentence.start:
        return True
    behind = _OPENER.search(sentence.article.text, speech.name[1], sentence.sentence.end)
    between = sentence.article.text[speech.name[1]:behind.start() if behind else sentence.sentence.end]
    return behind is None or "،" in between or compared(behind[0]) in SPEECH_OPENERS or not behind[0].isalnum()


def _had_said(text: str, start: int, speech: ReportedSpeech) -> bool:
    """Tell whether the speaker stands between "was" and the verb: وكان سامي الدالي قد قال."""
    before = text[start:speech.name[0]].split()
    between = [compared(word) for word in text[speech.name[1]:speech.cue[0]].split()]
    return len(before) == 1 and speech.name[1] <= speech.cue[0] and between in ([], [_ALREADY]) \
        and strip_and_for_sameness(compared(before[0])) in WAS and speech.verb in VERBS_OF_SAYING


def _begins_clause(text: str, start: int, speech: ReportedSpeech) -> bool:
    """Tell whether the verb stands before its subject at the beginning of a clause."""
    if speech.name[0] < speech.cue[1]:
        return False
    before = text[start:speech.cue[0]].rstrip()
    joined = compared(text[slice(*speech.cue)]) != speech.verb
    return joined or not before or not before[-1].isalnum()


def _claim_start(sentence: RankedSentence, behind: int, act: SpeechAct) -> int:
    """Return where what is said begins: at "إن" or the colon near the name, else right behind the name."""
    text = sentence.article.text[behind:sentence.sentence.end]
    for number, match in enumerate(_OPENER.finditer(text)):
        if number >= MAX_WORDS_BEFORE_CLAIM:
            break
        word = compared(match[0])
        if word in SPEECH_OPENERS or not match[0][0].isalnum() and act in ACTS_OF_SAYING:
            return behind + match.start()
    return behind


def _act_of(sentence: RankedSentence, speech: ReportedSpeech) -> SpeechAct | None:
    """Classify the verb by what the speaker does; None if the sentence tells that they did not say it, or may."""
    act = SPEECH_ACTS.get(speech.verb, "said")
    text = sentence.article.text
    before = [compared(match[0]) for match in tokens(text[sentence.sentence.start:speech.cue[0]])][-1:]
    if before == [_WHAT] or not speech.verb and text[slice(*speech.cue)].startswith(_CAME):
        return None  # what he spoke of; "this came in a statement of"
    if text[slice(*speech.cue)].endswith("ة") and not speech.verb.endswith("ه"):
        return None  # a noun: إضافة
    if speech.verb in VERBS_OF_OPINION and text[:speech.cue[1]].endswith("ي"):
        return None  # the noun
    if speech.verb in VERBS_OF_COMMENT and not _COMMENTED.match(text, speech.claim[0]):
        return None  # suspended
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
    text, start = sentence.article.text, sentence.sentence.start
    for mention in dates.within(sentence.article, sentence.sentence):
        behind_name = [compared(match[0]) for match in _OPENER.finditer(text, claim[0], max(claim[0], mention.start))]
        goes_on = len(behind_name) <= _DAY_WITHIN and all(word and word not in SPEECH_OPENERS for word in behind_name)
        is_beside = speech.cue[1] <= mention.start and (
            mention.end <= claim[0] or claim[1] <= speech.cue[0] or goes_on) \
            or mention.end <= speech.cue[0] and len(text[start:mention.start].split()) <= 1
        if is_beside and mention.days and (published is None or published - REPORTED_WITHIN <= mention.days[0]
                                           <= published):
            return *mention.days, "text", False
    before = [compared(match[0]) for match in tokens(text[start:speech.cue[0]])]
    was = before[:1] if _had_said(text, start, speech) else before[-_BEFORE_VERB:]
    return published, published, "publication", not WAS.isdisjoint(map(strip_and_for_sameness, was))
