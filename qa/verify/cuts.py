"""Find the words that a quote was cut from although they turn its meaning: "لم", "قد", "إذا", "بعض", "not", "if"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.arabic import without_marks
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
# A negation in one word with "so that", "to" or a preposition; أَلّا is told from إلا by its hamza.
_IN_ONE_WORD = compared_words("كيلا لكيلا لئلا بعدم لعدم بدون لغير بغير")
_THAT_NOT = frozenset("ألا وألا فألا بألا وبألا".split())
# What a negation denies by them is what they govern: عدم السماح ب, لا نية ل, لن يتم, "no plan to".
_GOVERNING = compared_words("""
    وجود جواز السماح سماح إمكانية إجراء القيام قيام اللجوء العودة نية خطة خطط حاجة مبرر يتم تتم يجري تجري يجوز تجوز
    ينبغي يجب يمكن يمكننا يريد تريد نريد يريدون أريد يسمح تسمح نسمح يعتزم تعتزم نعتزم ينوي تنوي ننوي يستطيع تستطيع
    نستطيع يقبل تقبل نقبل مستعد مستعدة مستعدا مستعدين قادر قادرة قادرا قادرين قابل قابلة قابلا راغب راغبة راغبا
    plan plans intention need going want wants able ready willing allow allowed possible
""")
# Who refrains from something, or urges against it, does not do or want it.
_REFRAINING = compared_words("الامتناع بالامتناع امتناع امتنع امتنعت يمتنع تمتنع الكف بالكف")
_URGING, _AGAINST = compared_words("urge urged urges warn warned warns advise advised advises"), "against"
_FROM, _TO = compared_words("عن"), compared_words("أن to")
# Before "that" and "to", negations deny (دون أن, "not to"), but غير أن is "however", and من غير أن "without".
_HOWEVER, _WITHOUT_THAT = "غير", ("من", "غير")
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
# What governs the quote is looked for among so many words before it.
_GOVERNED_WITHIN = 3
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
    if last in _BEFORE or _is_not(words, first) or _turns(last, before, words[first]) \
            or _is_negation(text, words[first - 1]) or (words[first].form in _THAT and last in _POSSIBLE):
        return first - 1, first
    if (governed := _governed(text, words, first)) is not None:
        return governed, first
    if words[first].form[0] in "يتن" and (almost := _almost(text, words, first)) is not None:
        return almost, first
    if last in _THAT and before in _POSSIBLE \
            or last in BEHIND_IF and before in IF_WORDS:
        return first - 2, first
    earlier = _bare(words[first - 3]) if first > 2 and _adjoin(text, words[first - 3], words[first - 2]) else ""
    return (first - 3, first) if last in THAT_WORDS and before in _NOT_SAID and earlier in BEFORE_A_CUT else None


def _governed(text: str, words: Sequence[Word], first: int) -> int | None:
    """Return the number of the negation that governs what begins at `first` by up to two words between; else None."""
    low = first
    while low and first - low < _GOVERNED_WITHIN and _adjoin(text, words[low - 1], words[low]):
        low -= 1
    before = [_bare(word) for word in words[low:first]]
    if before[-1] == _AGAINST and not _URGING.isdisjoint(before[-2:-1]) \
            or before[-1] in _FROM and not _REFRAINING.isdisjoint(before[-2:-1]):
        return first - 2
    has_to = before[-1] in _TO
    if has_to:
        before.pop()
        if before and (before[-1] in BEFORE_A_CUT - {_HOWEVER} or tuple(before[-2:]) == _WITHOUT_THAT):
            return low + len(before) - 1
    if len(before) < 2 or {before[-1], words[low + len(before) - 1].form}.isdisjoint(_GOVERNING | _BETWEEN):
        return None
    negation = low + len(before) - 2
    denies = before[-2] in BEFORE_A_CUT or _is_negation(text, words[negation])
    return negation if denies else None


def _is_negation(text: str, word: Word) -> bool:
    """Tell whether a word is a negation with "so that" or a preposition: لئلا, بعدم, ألا."""
    return without_and(word.form) in _IN_ONE_WORD or without_marks(text[word.start:word.end]) in _THAT_NOT


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
