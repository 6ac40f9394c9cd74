"""Find the list that a sentence belongs to, and tell whether a question asks for that list.

The items of a list are lines with list marks, or sentences numbered in words ("first: …").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot, place_of
from index.language.arabic import normalise
from index.language.clitics import AND
from index.language.numbers import LIST_ORDINALS
from index.types import Article, Sentence
from qa.answer.reprints import Copy
from qa.answer.sameness import Said, has_word
from qa.question.lexicon import alternatives
from qa.question.parsed import ParsedQuestion

_INDEX_OF_ORDINAL = {word: place for place, words in enumerate(LIST_ORDINALS) for word in words}
_ORDINAL = re.compile(rf"\W*{AND}(\w+)\s*[:،,-]")
# Most sentences between "first" and "second"; and how far before and after a sentence its list is looked for.
_MAX_BETWEEN = 3
_SEARCHED_AROUND = 40
# Most sentences of a list that are looked at; further ones are not counted.
MAX_SENTENCES = 1000
_LINE_END = re.compile(r"[\n\r\u2028\u2029\x0b\x0c\x85]")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in an article.

    `sentences` are all sentences of the article; `first_row` is the row of the first one in the table of sentences.
    `lead_in` is the index in `sentences` of the line that introduces the list, or None. Each of `items` is the range of
    indices of its sentences.
    """

    article: Article
    first_row: int
    sentences: Sequence[Sentence]
    lead_in: int | None
    items: tuple[range, ...]

    @property
    def rows(self) -> range:
        """The rows of the list, from the introducing line, or else the first item, to the last item."""
        first = self.items[0].start if self.lead_in is None else self.lead_in
        return range(self.first_row + first, self.first_row + self.items[-1].stop)

    @property
    def introduction(self) -> str:
        """The heading over the introducing line and that line, verbatim; empty if there is no such line."""
        if self.lead_in is None:
            return ""
        line = self.sentences[self.lead_in]
        return " ".join(self.article.text[start:end] for start, end in (line.heading, (line.start, line.end)))

    def joined(self, places: range) -> Copy:
        """Join the consecutive sentences at these indices into one."""
        whole = replace(self.sentences[places.start], end=self.sentences[places.stop - 1].end)
        return Copy(self.article, whole, self.first_row + places.start)


def listing_of(snapshot: Snapshot, article: Article, row: int) -> Listing | None:
    """Return the list that the sentence at `row` is an item of or introduces; None if there is none.

    A list has two items or more: lines with list marks, or sentences that begin with "first", "second".
    """
    first_row, sentences = snapshot.tables.sentences_of_article(row)
    place = row - first_row
    sentence = sentences[place]
    introducing = place_of(sentences, sentence.lead_in[0]) if sentence.lead_in[1] else place
    members = _members(sentences, introducing)
    leading, items = ((introducing, _by_line(article.text, sentences, members)) if members
                      else _numbered_in_words(article.text, sentences, place))
    return Listing(article, first_row, sentences, leading, tuple(items)) if len(items) > 1 else None


def names_items(question: ParsedQuestion, text: str) -> bool:
    """Tell whether a text has the noun that a question has for the items: "القيود" is in "قيودًا أهمها:"."""
    noun = question.item_noun
    if noun is None:
        return False
    said = Said.by(text)
    return any(has_word(normalise(form), said) for form in (noun, *alternatives(noun)))


def _members(sentences: Sequence[Sentence], leading: int) -> range:
    """Return the indices of the sentences that the line at index `leading` introduces, which follow it at once."""
    lead_in = sentences[leading].start, sentences[leading].end
    end = leading + 1
    while end < min(len(sentences), leading + 1 + MAX_SENTENCES) and sentences[end].lead_in == lead_in:
        end += 1
    return range(leading + 1, end)


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
    """Find the sentences "first: …", "second: …" that the sentence at `place` belongs to or comes right before.

    Return the index of the sentence that introduces them, or None, and the items; no items if there is no such list.
    """
    run: list[int] = []
    for number in range(max(0, place - _SEARCHED_AROUND), min(place + _SEARCHED_AROUND, len(sentences))):
        ordinal = _ordinal(text, sentences[number])
        if ordinal == 0:
            if run and run[0] - 1 <= place <= run[-1]:
                break
            run = [number]
        elif run and ordinal == len(run) and number - run[-1] <= _MAX_BETWEEN + 1:
            run.append(number)
    if not run or place not in (run[0] - 1, *run):
        return None, []
    before = run[0] - 1
    return (before if before >= 0 and not sentences[before].is_heading else None,
            [range(number, number + 1) for number in run])


def _ordinal(text: str, sentence: Sentence) -> int | None:
    """Return 0 if the sentence begins with "first", 1 for "second" and so on; None if it has no such word."""
    found = _ORDINAL.match(normalise(text[sentence.start:min(sentence.end, sentence.start + 24)]))
    return None if found is None else _INDEX_OF_ORDINAL.get(found[1])
