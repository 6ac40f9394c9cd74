"""The list that a sentence belongs to: lines with a list's marks, or sentences numbered in words; and whether it is the
list that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.clitics import AND
from index.language.numbers import LIST_ORDINALS
from index.types import Article, Sentence
from qa.answer.reprints import Telling
from qa.answer.sameness import Said, is_told
from qa.question.lexicon import alternatives
from qa.question.parsed import ParsedQuestion

_PLACE_OF_ORDINAL = {word: place for place, words in enumerate(LIST_ORDINALS) for word in words}
_ORDINAL = re.compile(rf"\W*{AND}(\w+)\s*[:،,-]")
# Sentences that may stand between "first" and "second", and within which such a list lies.
_MOST_BETWEEN = 3
_WITHIN = 40
_LINE_END = re.compile(r"[\n\r\u2028\u2029\x0b\x0c\x85]")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in an article. `sentences` are all those of the article, the first in row `first_row`; `lead_in` is the
    place among them of the one that the list hangs on, or None; an item is the places of its sentences."""

    article: Article
    first_row: int
    sentences: Sequence[Sentence]
    lead_in: int | None
    items: tuple[range, ...]

    @property
    def rows(self) -> range:
        """From the row of the sentence that leads in, or else of the first item, to that of the last item."""
        first = self.items[0].start if self.lead_in is None else self.lead_in
        return range(self.first_row + first, self.first_row + self.items[-1].stop)

    @property
    def hangs_on(self) -> str:
        """The line that leads in, and the heading it stands under, verbatim."""
        if self.lead_in is None:
            return ""
        line = self.sentences[self.lead_in]
        return " ".join(self.article.text[start:end] for start, end in (line.heading, (line.start, line.end)))

    def telling(self, places: range) -> Telling:
        """The sentences in those places, one after the other, as one."""
        whole = replace(self.sentences[places.start], end=self.sentences[places.stop - 1].end)
        return Telling(self.article, whole, self.first_row + places.start)


def listing_of(snapshot: Snapshot, article: Article, row: int) -> Listing | None:
    """The list that the sentence in that row is an item of, or leads in; None when there is none.

    A list has two items or more: lines with a list's marks, or sentences that begin with "first", "second".
    """
    first_row, sentences = snapshot.tables.sentences_of_article(row)
    place = row - first_row
    sentence = sentences[place]
    lead_in = sentence.lead_in if sentence.lead_in[1] else (sentence.start, sentence.end)
    members = [number for number, other in enumerate(sentences) if other.lead_in == lead_in]
    if members:
        leading: int | None = next(
            number for number, other in enumerate(sentences) if (other.start, other.end) == lead_in)
        items = _by_line(article.text, sentences, members)
    else:
        leading, items = _numbered_in_words(article.text, sentences, place)
    return Listing(article, first_row, sentences, leading, tuple(items)) if len(items) > 1 else None


def names_items(question: ParsedQuestion, text: str) -> bool:
    """Whether the text has the question's word for the things it asks for: "القيود" is in "قيودًا أهمها:"."""
    noun = question.item_noun
    if noun is None:
        return False
    said = Said.by(text)
    return any(is_told(normalise(form), said) for form in (noun, *alternatives(noun)))


def _by_line(text: str, sentences: Sequence[Sentence], members: Sequence[int]) -> list[range]:
    items: list[range] = []
    for place in members:
        if items and place == items[-1].stop \
                and not _LINE_END.search(text, sentences[place - 1].end, sentences[place].start):
            items[-1] = range(items[-1].start, place + 1)
        else:
            items.append(range(place, place + 1))
    return items


def _numbered_in_words(text: str, sentences: Sequence[Sentence], place: int) -> tuple[int | None, list[range]]:
    """The run of sentences "first: …", "second: …" that the sentence is in or comes right before, and what leads it
    in."""
    run: list[int] = []
    for number in range(max(0, place - _WITHIN), min(place + _WITHIN, len(sentences))):
        ordinal = _ordinal(text, sentences[number])
        if ordinal == 0:
            if run and run[0] - 1 <= place <= run[-1]:
                break
            run = [number]
        elif run and ordinal == len(run) and number - run[-1] <= _MOST_BETWEEN + 1:
            run.append(number)
    if not run or place not in (run[0] - 1, *run):
        return None, []
    before = run[0] - 1
    return (before if before >= 0 and not sentences[before].is_heading else None,
            [range(number, number + 1) for number in run])


def _ordinal(text: str, sentence: Sentence) -> int | None:
    """Which of "first", "second"… the sentence begins with, from 0."""
    found = _ORDINAL.match(normalise(text[sentence.start:min(sentence.end, sentence.start + 24)]))
    return None if found is None else _PLACE_OF_ORDINAL.get(found[1])
