"""Find the words that a quote was cut from although they turn its meaning: "لم", "قد", "إذا", "بعض", "not", "if"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from index.language.arabic import without_marks
from index.language.clitics import lacks_its_conjunction
from qa.verify.phrases import IF_OR_INDEED, THAT_NOT
from qa.verify.quote import Difference
from qa.verify.stretches import Stretch
from qa.verify.turning import turned_before, turned_behind
from qa.verify.words import Word

# Words read before a quote and behind it.
_READ_BEFORE, _READ_BEHIND = 30, 6
# Marks that end a sentence, and those that end a clause in it.
_SENTENCE_ENDS, _CLAUSE_ENDS = frozenset(".!?؟\n"), frozenset(";؛:،,…")
# Words that their hamzas tell from others, and how the patterns read them: ألا, لئلا and إن.
_BY_HAMZA = {IF_OR_INDEED: IF_OR_INDEED, **{written: written.replace("ئلا", THAT_NOT).replace("ألا", THAT_NOT)
                                            for written in "ألا وألا فألا بألا وبألا لئلا ولئلا".split()}}


def cuts_of(words: Sequence[Word], stretch: Stretch, *, is_last: bool) -> list[tuple[int, int]]:
    """List the ranges of words of the place, before and behind the stretch, that the quote was cut from.

    What stands behind counts only for the last stretch: a quote may leave out what follows if it says so.
    """
    cuts = [_cut_before(stretch, words[stretch.quoted[0]].form), _cut_behind(stretch) if is_last else None]
    return [cut for cut in cuts if cut]


def widened(stretch: Stretch, cuts: Sequence[tuple[int, int]]) -> Stretch:
    """Return the stretch with the words that it was cut from."""
    low, high = stretch.found
    found = min([low, *(cut[0] for cut in cuts)]), max([high, *(cut[1] for cut in cuts)])
    return replace(stretch, found=found)


def missing(words: Sequence[Word], stretch: Stretch, number: int, cut: tuple[int, int]) -> Difference:
    """Describe words that the quote was cut from as missing from it, in the citation of this number."""
    place = words[stretch.quoted[0]].start if cut[1] <= stretch.found[0] else words[stretch.quoted[1] - 1].end
    start, end = span_of(stretch.place.words, cut)
    return Difference("missing", number, "", stretch.place.article.text[start:end], place, place, start, end)


def span_of(words: Sequence[Word], numbers: tuple[int, int]) -> tuple[int, int]:
    """Return the span in the text of a range of words; an empty range is at the end of the word before it."""
    low, high = numbers
    if low < high:
        return words[low].start, words[high - 1].end
    place = words[low - 1].end if low else 0
    return place, place


def _cut_before(stretch: Stretch, mine: str) -> tuple[int, int] | None:
    """Return the range of words right before the stretch that turn its meaning; None if none do.

    `mine` is the first word of the quote, which may lack the ف or ل of a consequence.
    """
    text, words, (first, end) = stretch.place.article.text, stretch.place.words, stretch.found
    low = first
    while low > max(0, first - _READ_BEFORE) and not _parted(text, words, low, _SENTENCE_ENDS):
        low -= 1
    before = _read(text, words, low, first)
    letter = words[first].form[0] if lacks_its_conjunction(words[first].form, mine) else ""
    at = turned_before("".join(before) + letter, "".join(_quote(text, words, first, min(end, first + _READ_BEHIND))))
    if at is None:
        return None
    starts = list(accumulate(map(len, before)))
    return low + bisect_right(starts, at), first


def _cut_behind(stretch: Stretch) -> tuple[int, int] | None:
    """Return the range of words right behind the stretch that turn its meaning; None if none do."""
    text, words, (first, end) = stretch.place.article.text, stretch.place.words, stretch.found
    high = end
    while high < min(len(words), end + _READ_BEHIND) and not _parted(text, words, high, _SENTENCE_ENDS):
        high += 1
    if high == end:
        return None
    behind = _read(text, words, end, high)
    if _parted(text, words, end, _CLAUSE_ENDS):
        behind[0] = f"، {behind[0]}"
    at = turned_behind("".join(_quote(text, words, first, end)), "".join(behind))
    return None if at is None else (end, end + 1 + bisect_left(list(accumulate(map(len, behind))), at))


def _read(text: str, words: Sequence[Word], low: int, high: int) -> list[str]:
    """Write words as patterns read them, each with a space and, if its clause ends, a comma behind it."""
    return [f"{_form(text, words[number])} {'، ' if _parted(text, words, number + 1, _CLAUSE_ENDS) else ''}"
            for number in range(low, high)]


def _quote(text: str, words: Sequence[Word], low: int, high: int) -> list[str]:
    """Write words as `_read` does, the first of them as written."""
    return [f"{without_marks(text[words[low].start:words[low].end])} ", *_read(text, words, low + 1, high)]


def _form(text: str, word: Word) -> str:
    return _BY_HAMZA.get(without_marks(text[word.start:word.end]), word.form)


def _parted(text: str, words: Sequence[Word], number: int, marks: frozenset[str]) -> bool:
    """Tell whether one of the marks stands between the word of this number and the word before it."""
    return 0 < number < len(words) and any(mark in marks for mark in text[words[number - 1].end:words[number].start])
