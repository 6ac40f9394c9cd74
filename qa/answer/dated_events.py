"""Find sentences that date the event a question asks about, though they may mention it only in passing.

"When did the war begin?" is answered by "the first talks since the war began in February 2022", which vectors and words
hold to be about talks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import BEFORE_CASUALTIES
from qa.answer.lines import Line, line_of
from qa.answer.reprints import without_reprints
from qa.question.kinds import AnswerKind, shown
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import Analysed, Wanted
from qa.retrieve.retriever import Candidate

# Verbs and nouns, normalised, for the same turn of an event; and how many words off the event is named.
_TURNS = tuple((frozenset(words.split()), within) for words, within in (
    ("بدا بدات تبدا بدء بدايه بدي انطلق انطلقت انطلاق اندلع اندلعت اندلاع نشب نشبت نشوب تفجر تفجرت تفجير"
     " begin began begun start started beginning outbreak broke commence débuté début"
     " началась начался началось начало", 2),
    ("انتهي انتهت تنتهي انتهاء نهايه توقف توقفت end ended ending fin terminé закончилась закончился окончание", 2),
    ("مات توفي توفيت وفاه رحيل died death mort décès умер умерла смерть", 4),
    ("قتل قتلت مقتل اغتيل اغتيلت اغتيال killed killing assassinated assassination tué убит убита убийство", 4),
    ("سقط سقطت سقوط fall fell fallen chute пал пала падение", 3),
    ("وقع وقعت توقيع sign signed signing signé signature подписан подписано подписание", 3),
    ("تاسس تاسست تاسيس founded founding foundation fondé основан основана основание", 3),
    ("انسحب انسحبت انسحاب withdrew withdraw withdrawal retrait вышла вышли выход", 3),
))
_BEFORE = re.compile(rf"{BEFORE_CASUALTIES}(?=\w{{3}})")
# The date stands at most this many words from the turn.
DATE_WITHIN = 7
_FOUND = 0.8


class DatedEvent:
    """The event whose date a question asks for."""

    def __init__(self, question: ParsedQuestion, wanted: Wanted, turn: frozenset[str], within: int) -> None:
        self._wanted, self._turn, self._within = wanted, turn, within
        self._others = [row for row, forms in enumerate(question.wanted.forms) if not _is_of(turn, *forms)]

    @classmethod
    def of(cls, question: ParsedQuestion, snapshot: Snapshot) -> DatedEvent | None:
        """Return the event, or None if the question does not ask when something begins, ends and the like."""
        if question.kind is not AnswerKind.TIME:
            return None
        for turn, within in _TURNS:
            if any(_is_of(turn, *forms) for forms in question.wanted.forms):
                wanted = Wanted.of(question.wanted, snapshot.lexical)
                event = cls(question, wanted, turn, within)
                if event._others and len(wanted.alternatives) == len(question.wanted.forms):
                    return event
        return None

    def is_dated_by(self, line: Line, snapshot: Snapshot, passage: Candidate) -> bool:
        """Tell whether a sentence dates the event; what it leaves out may stand elsewhere in its passage."""
        if not any(self._places(line.words)):
            return False
        in_passage = self._wanted.found_each(_analysed(snapshot, passage))
        return all(in_passage[row] >= _FOUND for row in self._others)

    def _places(self, words: Sequence[str]) -> Iterator[bool]:
        """Yield, for each place of the turn, whether event and date stand near."""
        turns = (place for place, word in enumerate(words)
                 if word in self._turn or _without_prefix(word) in self._turn)
        for place in turns:
            near = (*words[max(0, place - self._within):place], *words[place + 1:place + 1 + self._within])
            found = self._wanted.found_each(Analysed.of(" ".join(near)))
            dated = " ".join(words[max(0, place - DATE_WITHIN):place + 1 + DATE_WITHIN])
            yield any(found[row] >= _FOUND for row in self._others) and bool(shown(AnswerKind.TIME, dated))

    def first_dated(self, snapshot: Snapshot, candidates: Sequence[Candidate]) -> Candidate | None:
        """Return the first passage with a sentence that dates the event; None if there is none."""
        return next((each for each in candidates if self._dates(snapshot, each)), None)

    def _dates(self, snapshot: Snapshot, candidate: Candidate) -> bool:
        article = snapshot.articles[int(snapshot.tables.passages[candidate.row, 0])]
        lines = (line_of(article.text[sentence.start:sentence.end])
                 for sentence in snapshot.tables.sentences_of(candidate.row))
        return any(self.is_dated_by(line, snapshot, candidate) and not line.states_nothing for line in lines)


def _analysed(snapshot: Snapshot, passage: Candidate) -> Analysed:
    """Analyse title and text of a passage."""
    article_row, start, end = snapshot.tables.passages[passage.row, :3].tolist()
    article = snapshot.articles[article_row]
    return Analysed.of(normalise(f"{article.title} {article.text[start:end]}"))


def passages_to_read(snapshot: Snapshot, candidates: Sequence[Candidate], count: int, event: DatedEvent | None
                     ) -> list[Candidate]:
    """Return the `count` best passages without reprints; the last makes room for one that dates the event asked about.
    """
    best = without_reprints(snapshot, candidates, count)
    dating = None if event is None else event.first_dated(snapshot, candidates)
    if dating is None or any(each.row == dating.row for each in best):
        return best
    return [*best[:count - 1], dating]


def _is_of(turn: frozenset[str], *words: str) -> bool:
    return any(word in turn or _without_prefix(word) in turn for word in words)


@lru_cache(maxsize=1 << 14)  # news repeats its words
def _without_prefix(word: str) -> str:
    return _BEFORE.sub("", word, count=1)
