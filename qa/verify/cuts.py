"""Find the words that a quote was cut from although they turn its meaning: "لم", "قد", "إذا", "بعض", "not", "if"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.clitics import lacks_its_conjunction, strip_and_for_sameness, without_and
from index.language.function_words import BEFORE_A_CUT, BEFORE_DENYING_MA, BEHIND_IF, IF_WORDS, THAT_WORDS
from index.language.tokens import compared_words
from qa.verify.quote import Difference
from qa.verify.stretches import Stretch
from qa.verify.words import Word

# Words right before the quote: negations, words of possibility and condition, and shares of what the quote names.
_BEFORE = BEFORE_A_CUT | compared_words("""
    ربما لعل لعله لعلها كاد كادت يكاد تكاد إذا لو لولا بعض معظم أغلب أغلبية غالبية نصف ثلث ربع
    if unless may might could would maybe perhaps possibly some most half almost
""")
# Negated forms of "to be" and "no longer", which stand between a negation and what it denies.
_BETWEEN = compared_words("يكن تكن يكونوا نكن أكن يكون تكون يعد تعد يعودوا نعد كان be been")
# "It is possible that", before أن.
_POSSIBLE = compared_words("يمكن الممكن ممكن المحتمل محتمل يحتمل المرجح يرجح")
_THAT = compared_words("أن ان that")
# "I did not say that": what follows is what somebody did not say.
_NOT_SAID = compared_words("أقل أقول أذكر أصرح أزعم أدع أدعي أعلن نقل نقول نذكر نصرح نزعم نعلن say claim")
# What ما follows or begins where it denies: ما كنا, قال إنه ما فعل. Elsewhere it is "what".
_MA, _QAD = "ما", "قد"
# The present begins with ي; ت and ن also begin verbs of the past (قد تعرض).
_PRESENT = compared_words("تكون نكون أكون لا")
# Words right behind the quote: exceptions and conditions.
_BEHIND = compared_words("إذا لو بشرط شريطة عدا باستثناء if unless provided except")
_BEHIND_TWO = frozenset({("الا", "اذا"), ("ما", "لم"), ("في", "حال"), ("في", "حاله"), ("only", "if"), ("الا", "ان"),
                         ("ما", "عدا")})
# Units without which a figure is another: 10% is not 10.
_SHARES = ("#%", "#‰")
_EXCEPT = compared_words("إلا سوى")
# "Almost did", this many words before what was not done: كاد الفريق يخسر.
_ALMOST = compared_words("كاد كادت يكاد تكاد كدنا نكاد أكاد")
_ALMOST_WITHIN = 5
# Letters that begin a consequence, where the quote keeps them: فستفتح, فلن, لاحترق.
_CONSEQUENCE = re.compile(r"(?P<fa>ف(?:س|سوف|لن|لا|لم|قد|ان|ي|ت|ن)\w*)|ل\w{3,}")
# Conditions earlier in the sentence, whose consequence begins with ف or ل.
_CONDITIONS = compared_words("إذا لو إن لولا if unless")
# Those whose consequence has ف, and has ل. "قال إن لقاءات" is no condition.
_BEFORE_FA, _BEFORE_LAM = compared_words("إذا لو"), compared_words("لو لولا")
_IF_NOT = ("ان", "لم")
_ENDS = frozenset(".!?؟؛;:،,\n…")
# A condition is looked for this many words before its consequence.
_CONDITION_WITHIN = 25


def cuts_of(words: Sequence[Word], stretch: Stretch, *, is_last: bool) -> list[tuple[int, int]]:
    """List the ranges of words of the place, before and behind the stretch, that the quote was cut from.

    What stands behind counts only for the last stretch: a quote may leave out what follows if it says so.
    """
    text, (first, end), mine = stretch.place.article.text, stretch.found, words[stretch.quoted[0]].form
    lacks_letter = lacks_its_conjunction(stretch.place.words[first].form, mine)
    cuts = [_cut_before(text, stretch.place.words, first, without_letter=lacks_letter),
            _cut_behind(text, stretch.place.words, first, end) if is_last else None]
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


def _cut_before(text: str, words: Sequence[Word], first: int, *, without_letter: bool) -> tuple[int, int] | None:
    """Return the range of words, up to `first`, that turn the meaning of what begins there; None if none do.

    `words` are those of the article's `text`. `without_letter` tells that the quote lacks the ف or ل in front of its
    first word.
    """
    kept = _CONSEQUENCE.fullmatch(words[first].form)
    if without_letter or kept:
        conditions = _CONDITIONS if not kept or without_letter else _BEFORE_FA if kept["fa"] else _BEFORE_LAM
        for number in range(first - 1, max(-1, first - _CONDITION_WITHIN), -1):
            if not _adjoin(text, words[number], words[number + 1], ends=".!?؟؛\n"):
                break  # another sentence; what only begins like a consequence may be denied: ليس لدينا
            if _bare(words[number]) in conditions or kept and kept["fa"] and _is_if_not(words, number):
                return number, first
    if not first or not _adjoin(text, words[first - 1], words[first]):
        return None
    last = _bare(words[first - 1])
    before = _bare(words[first - 2]) if first > 1 and _adjoin(text, words[first - 2], words[first - 1]) else ""
    if last in _BEFORE or _is_not(words, first) or _turns(last, before, words[first]):
        return first - 1, first
    if words[first].form in _THAT and last in _POSSIBLE:
        return first - 1, first
    if words[first].form[0] in "يتن" and (almost := _almost(text, words, first)) is not None:
        return almost, first
    if before in BEFORE_A_CUT and last in _BETWEEN or last in _THAT and before in _POSSIBLE \
            or last in BEHIND_IF and before in IF_WORDS:
        return first - 2, first
    earlier = _bare(words[first - 3]) if first > 2 and _adjoin(text, words[first - 3], words[first - 2]) else ""
    return (first - 3, first) if last in THAT_WORDS and before in _NOT_SAID and earlier in BEFORE_A_CUT else None


def _almost(text: str, words: Sequence[Word], first: int) -> int | None:
    """Return the number of the word for "almost did" before the verb at `first`, in its clause; None without one."""
    for number in range(first - 1, max(-1, first - _ALMOST_WITHIN), -1):
        if not _adjoin(text, words[number], words[number + 1]):
            return None
        if without_and(words[number].form) in _ALMOST:
            return number
    return None


def _cut_behind(text: str, words: Sequence[Word], first: int, end: int) -> tuple[int, int] | None:
    """Return the range of words, from `end`, that turn the meaning of `words[first:end]`; None if none do."""
    if end >= len(words) or not _adjoin(text, words[end - 1], words[end]):
        return None
    two = tuple(word.form for word in words[end:end + 2])
    if two in _BEHIND_TWO and _adjoin(text, words[end], words[end + 1]):
        return end, end + 2
    if words[end].form in _SHARES and words[end - 1].form[0].isdecimal():
        return end, end + 1
    denies = any(_bare(word) in BEFORE_A_CUT for word in words[first:end])
    return (end, end + 1) if two[0] in _BEHIND or denies and two[0] in _EXCEPT else None


def _turns(last: str, before: str, word: Word) -> bool:
    """Tell whether ما or قد right before a word means "not" or "may"."""
    if last == _QAD:
        return word.form[0] == "ي" or word.form in _PRESENT
    return last == _MA and (before in BEFORE_DENYING_MA or not before and word.form in _BETWEEN)


def _is_if_not(words: Sequence[Word], number: int) -> bool:
    """Tell whether إن is "if" and not "that": إن لم توقفوا."""
    return tuple(without_and(word.form) for word in words[number:number + 2]) == _IF_NOT


def _is_not(words: Sequence[Word], first: int) -> bool:
    """Tell whether the word before is the "t" of n't."""
    return first > 1 and words[first - 1].form == "t" and words[first - 2].form[-1] == "n" \
        and words[first - 1].start - words[first - 2].end == 1


def _bare(word: Word) -> str:
    if word.form in _BEFORE:
        return word.form
    bare = without_and(word.form)
    return bare if bare in _BEFORE or bare == _QAD else strip_and_for_sameness(word.form)


def _adjoin(text: str, one: Word, other: Word, ends: str | frozenset[str] = _ENDS) -> bool:
    """Tell whether no mark that ends a clause stands between two successive words."""
    return not any(mark in ends for mark in text[one.end:other.start])
