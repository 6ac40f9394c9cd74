"""Find where sentences end within a line: at their marks, even where the space behind one is missing or misplaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.language.arabic import INVISIBLE
from index.language.clitics import strip_and_for_numbers
from index.language.saying import VERBS_OF_SAYING
from index.language.scripts import ARABIC_LETTERS
from index.language.tokens import compared, compared_words

# Quotes and brackets, and the marks that end a change of direction; in texts that were taken out of pages also closing
# tags and entities.
_CLOSING = "\"'”“’»›)\\]}\u200e\u200f\u202c\u2069"
CLOSERS = rf"(?:[{_CLOSING}]|&(?:amp;)?(?:quot|raquo|rdquo|rsquo|apos|#0?39|#34);|</\w{{1,10}}>)*+"
_MARKS = r"(?:(?<![!?؟۔])[!?؟۔]++|(?<!\.)\.(?!\.)|(?<!\.)\.{3,}+|(?<!…)…)[!?؟.…۔]*+"
NBSP = r"&(?:amp;)?(?:nbsp|#160|#x[aA]0);"
_SPACE = re.compile(rf"(?:\s|{NBSP})*+")
_OPENING = r"[«“‹(\"]?"
_LETTER = f"[^\\W\\d_][{INVISIBLE}]*+"
# An end mark and what closes behind it, then white space or the end of the line; or, without a space, a word that may
# begin a sentence. Runs of marks are matched possessively, so that the time is linear in their length.
_END = re.compile(rf"{_MARKS}{CLOSERS}(?:(?=\s|$|{NBSP})|(?P<glued>(?={_OPENING}{_LETTER}[^\W\d_])))")
SENTENCE_MARK_AT_END = re.compile(rf"[.!?؟…:؛،,۔]{CLOSERS}$")
STOP_AT_END = re.compile(rf"[.!?؟…:۔]{CLOSERS}$")

_ARABIC_WORD = re.compile(rf"{_OPENING}[{ARABIC_LETTERS}][{INVISIBLE}]*+[{ARABIC_LETTERS}]")
_CAPITALISED = re.compile(rf"{_OPENING}(?P<word>[^\W\d_]++)(?!\.\w)")
_WORD_BEFORE = re.compile(r"[^\W\d_]{2,}$")
_WORD_OR_FIGURE_BEFORE = re.compile(rf"(?:[^\W\d_][{INVISIBLE}]*[^\W\d_][{INVISIBLE}]*|[\d{_CLOSING}%٪\s;>])$")
# Addresses and names of files, in which marks end nothing.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s«»\"<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAY_HOLD_ADDRESS = re.compile(r"://|www\.|@")
_SUFFIXES = frozenset(
    "com net org gov edu info pdf doc docx txt htm html js ts py jpg jpeg png xls xlsx csv zip".split())

_LAST_WORD = re.compile(r"[^\s(«\"“]+$")
_NEXT_WORD = re.compile(r"[^\W\d_]+|\d+")
_MAX_ABBREVIATION_CHARS = 20
_ABBREVIATIONS = frozenset("""
    mr mrs ms dr prof st sr jr gen col lt capt sen rep gov pres vs etc e.g i.e al inc ltd co corp hon rev messrs sgt maj
    cmdr brig supt adm dept est approx mt ft km kg cm mm lb oz hrs tel ext ave blvd rd bros llc plc mme mlle
    jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.u p.m a.m ph.d
    ق.م ب.م ص.ب أ.د أد إلخ الخ كلم كم سم ملم مم كغ كغم كلغ كجم غم ملغ مغ ملل سل هـ جـ تـ صص مج سا ثا دق ميغ
    كلم/سا كم/سا كم/س كلم/س م/ث كم2 كلم2 م2 м ул тыс млн млрд руб
""".split())
# Short forms of which the full stop ends a sentence unless a number follows.
_BEFORE_NUMBERS = frozenset(
    "no nos vol fig p pp ch art par sec рис стр رقم الرقم مادة المادة صفحة هاتف فاكس تلفون".split())
# Names of Latin letters, in bodies such as بي. بي. سي. and إف.بي.آي.
_LETTER_NAMES = compared_words(
    "إيه أيه بي سي دي إي إف جي إتش آي جيه كيه كي إل إم إن أو كيو آر إس تي يو في دبليو إكس واي زد")
_AND_SAID = frozenset(f"و{verb}" for verb in VERBS_OF_SAYING)


def sentence_ends(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield `(end, next)` for each sentence end in the line `text[start:end]`, except at the end of the line.

    `end` is behind the sentence's mark and what closes behind it, and `next` where the next sentence begins.
    """
    begin = start
    addresses: list[tuple[int, int]] | None = None
    for match in _END.finditer(text, start, end):
        if match.start() < begin:
            continue
        if match["glued"] is not None:
            if addresses is None:
                addresses = _addresses(text, start, end)
            if any(first <= match.start() < last for first, last in addresses) or not _ends_glued(text, begin, match):
                continue
        if match.group()[0] == "." and _is_abbreviation(text, begin, match, end):
            continue
        stop = match.end()
        if match["glued"] is not None and match.group().endswith('"') and text.count('"', begin, stop) % 2:
            stop -= 1  # it opens the next sentence
        space = _SPACE.match(text, stop, end)
        begin = space.end() if space else stop
        yield stop, begin


def _addresses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if not _MAY_HOLD_ADDRESS.search(text, start, end):
        return []
    return [match.span() for match in _ADDRESS.finditer(text, start, end)]


def _ends_glued(text: str, begin: int, match: re.Match[str]) -> bool:
    """Tell whether a mark with a letter right behind it ends a sentence: not in a name, a file name or an initial."""
    mark = match.group()
    if mark[0] in "….":
        if mark.startswith(("…", "...")) and mark.rstrip(".…") == "":
            return False  # a pause: ربما…لا
        if mark[0] == "." and not _WORD_OR_FIGURE_BEFORE.search(text, max(begin, match.start() - 12), match.start()):
            return False
    if _ARABIC_WORD.match(text, match.end()):
        return True
    following = _CAPITALISED.match(text, match.end())
    before = _WORD_BEFORE.search(text, max(begin, match.start() - 12), match.start())
    if following is None or (before is None and match.start() and text[match.start() - 1] not in "»”\"')"):
        return False
    word = following["word"]
    return (word[0].isupper() and word[1:].islower() and word.casefold() not in _SUFFIXES
            and (before is None or (len(before[0]) > 2 and before[0][-3:].islower())))


def _is_abbreviation(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Tell whether a full stop belongs to an initial or an abbreviation."""
    stop = match.start()
    before = _LAST_WORD.search(text, max(begin, stop - _MAX_ABBREVIATION_CHARS), stop)
    if before is None:
        return False
    word = before.group()
    last_part = word.rsplit(".", 1)[-1]
    initial = compared(last_part)
    if initial.isalpha() and 1 in (len(initial), len(strip_and_for_numbers(initial))):  # د. سمير, ود. سمير
        return True
    folded = word.casefold()
    following = _NEXT_WORD.search(text, match.end(), min(end, match.end() + 24))
    if folded in _BEFORE_NUMBERS:
        return following is not None and following[0].isdecimal()
    if folded in _ABBREVIATIONS:
        return following is None or compared(following[0]) not in _AND_SAID
    return (compared(last_part) in _LETTER_NAMES and following is not None
            and (compared(following[0]) in _LETTER_NAMES or len(following[0]) == 1))
