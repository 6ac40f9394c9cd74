"""Split a text into words for comparison, and tell whether words differ only in spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.language.arabic import AMBIGUOUS_MONTHS, MONTHS, normalise
from index.language.clitics import BEFORE_SPELLING, LONE_AND
from index.language.numbers import one_spelling_of_hundred
from index.language.offsets import Normalised
from index.language.quantities import Quantity, find_quantities
from qa.verify.figures import FIGURE, figure_form, number_prefix, value_form
from qa.verify.months import BEFORE_MONTH, MONTH_NAMES, one_name_of_months
from qa.verify.words import Word

_WORD = re.compile(rf"(?P<figure>{FIGURE})|(?P<minus>(?:(?<=[ \n(\[])|^)[-–−](?=\d))|[^\W\d_]+|(?P<sign>[%٪‰؉$€£¥])")
# At the beginning of a line, a dash before a number is a list mark, unless the number is one of percent or degrees.
_IS_NEGATIVE = re.compile(r"[-–−]\d[\d.,]*\s*(?:[%‰°]|درج)")
_LINK = re.compile(r"(?:https?://|www\.|\bt\.me/|\bbit\.ly/)[!-~]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAY_HAVE_LINK = re.compile(r"://|www\.|t\.me/|bit\.ly/|@|&[#A-Za-z]|<[A-Za-z/]|\\[nrt]")
# What dumps leave of HTML and JSON in a text: &quot;, <br/>, a literal \n.
_MARKUP = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,10});|</?[A-Za-z][^<>]{0,80}>"
                     r"|(?:\\[nrt])+(?![A-Za-z])")
_HAMZAS = str.maketrans("", "", "ؤئء")
# Words that Arabic news spells in several ways: all are replaced by the first spelling, with any prefix or ending.
_SPELLED_AS = {written: forms[0] for forms in (line.split() for line in """
    ترامب ترمب
    نتنياهو نتانياهو
    زيلينسكي زيلنسكي زلينسكي زلنسكي
    بايدن بايدين
    تيلرسون تيليرسون
    ميركل ميركيل مركل
    غوتيريش غوتيريس جوتيريش جوتيريس
    اردوغان اردوجان
    كوشنر كوشنير
    غوغل جوجل
    فيسبوك فايسبوك
    انستغرام انستجرام
    تلغرام تليغرام تيليغرام
    كونغرس كونجرس
    امريك اميرك
    انجليز انكليز
    انجلترا انكلترا انغلترا
    هلسنكي هيلسنكي
    بروكسل بروكسيل
    مانشستر مانشيستر
    بيونغ بيونج
    يانغ يانج
    جونغ جونج
    سوريا سوريه
    اسطنبول استنبول استانبول
    ديمقراط ديموقراط
    تكنولوج تكنلوج
    تلفزيون تليفزيون
    تلفون تليفون
    غرام جرام
""".strip().splitlines()) for written in forms[1:]}
_SPELLED_AS |= {normalise(name): normalise(names[0]) for names in MONTHS for name in names[1:]
                if " " not in name and name not in AMBIGUOUS_MONTHS}
_VARIANT = re.compile(rf"({BEFORE_SPELLING})({'|'.join(sorted(_SPELLED_AS, key=len, reverse=True))})(\w{{0,3}})")
_SIGNS = {"٪": "%", "؉": "‰"}
_DASHES = frozenset("-–−")
MIN_BARE_CHARS = 3
# A hamza is written on another letter in هيئة and هيأة, and in يقرأون, يقرؤون and يقرءون.
_SEATED = re.compile("(?<=[يى])[أئ](?=[ةه])|(?<=\\w)[أؤء](?=و(?:ن|ا|\\b))")
# Formulas behind a name, which a quote may leave out: ﷺ, عليه السلام.
_FORMULAS: dict[str, list[tuple[str, ...]]] = {}
for _formula in map(normalise, ("صلى الله عليه وآله وسلم", "صلى الله عليه وسلم", "عليه السلام", "عليها السلام",
                                "عليهم السلام", "عليه الصلاة والسلام", "رضي الله عنه", "رضي الله عنها",
                                "رضي الله عنهم", "رضي الله عنهما", "رحمه الله", "رحمها الله", "سبحانه وتعالى",
                                "عز وجل", "جل جلاله")):
    _FORMULAS.setdefault(_formula.split()[0], []).append(tuple(_formula.split()))


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """List the words of `text[start:end]` in order, with offsets into `text`.

    A number in several words is one word, whose form is its value; its unit is a second one: "مليون ونصف دولار",
    "1.5 مليون دولار" and "$1.5m" are the same two words. If the sign stands before the number, the span of both words
    is that of number and sign. Figures that are no amounts (10-2, 22/54, 10:30) are words with their separators, and
    a minus sign is a word. A month has one name, whether it is written once or twice (كانون الثاني/يناير). Links,
    markup, and formulas such as ﷺ, are no words.
    """
    written = text[start:end]
    if _MAY_HAVE_LINK.search(written):
        for pattern in (_LINK, _MARKUP):
            written = pattern.sub(lambda match: " " * len(match[0]), written)
    words, prefixes, is_plain = _written_words(written)
    quantities = find_quantities(_with_spaces(written, prefixes) if prefixes else written)
    found = _with_quantities(_split(words, prefixes, quantities), quantities) if quantities else words
    found = found if is_plain else _signs_behind(one_name_of_months(_without_formulas(found)))
    return [Word(form, low + start, high + start) for form, low, high in found] if start else found


def _with_spaces(text: str, prefixes: Sequence[tuple[int, int]]) -> str:
    """Put spaces in place of letters attached to numbers in words: بعشرين, العشرين."""
    characters = list(text)
    for low, high in prefixes:
        characters[low:high] = " " * (high - low)
    return "".join(characters)


def _split(words: Sequence[Word], prefixes: Sequence[tuple[int, int]], quantities: Iterable[Quantity]) -> list[Word]:
    """Split the letters attached to a number from it, so that بعشرين is ب and 20 as ب20 is."""
    starts = {quantity.start for quantity in quantities}
    ends = {low: high for low, high in prefixes if high in starts}
    split: list[Word] = []
    for word in words:
        if word.start in ends:
            length = number_prefix(word.form)
            split.append(Word(word.form[:length], word.start, ends[word.start]))
            split.append(Word(word.form[length:], ends[word.start], word.end))
        else:
            split.append(word)
    return split


def _with_quantities(words: Sequence[Word], quantities: Iterable[Quantity]) -> list[Word]:
    """Replace the words of each quantity by its number and its unit, or, where a word reaches beyond, not at all."""
    joined: list[Word] = []
    at = 0
    for quantity in quantities:
        while at < len(words) and words[at].start < quantity.start:
            joined.append(words[at])
            at += 1
        first = at
        while at < len(words) and words[at].end <= quantity.end:
            at += 1
        exact = at > first and words[first].start == quantity.start and words[at - 1].end == quantity.end
        joined.extend(_words_of_quantity(quantity, words[first:at]) if exact else words[first:at])
    return [*joined, *words[at:]]


def _words_of_quantity(quantity: Quantity, words: Sequence[Word]) -> Iterator[Word]:
    start, end, number_end = quantity.start, quantity.end, quantity.number_end
    value = value_form(quantity.value)
    if number_prefix(words[0].form, letters=LONE_AND):
        yield Word(LONE_AND, start, start + 1)  # وعشرين, as و20
        start += 1
    if quantity.unit is None:
        yield Word(value, start, end)
    elif quantity.start < quantity.number_start:
        yield Word(value, start, end)
        yield Word(_form_of_unit(quantity.unit), start, end)
    else:
        unit_start = next((word.start for word in words if word.start >= number_end), number_end)
        yield Word(value, start, number_end)
        yield Word(_form_of_unit(quantity.unit), unit_start, end)


def _signs_behind(words: list[Word]) -> list[Word]:
    """Read %12 as 12%: a sign of percent right before a number that has none behind."""
    for at in range(len(words) - 1):
        sign, number = words[at:at + 2]
        if sign.form in "%‰" and sign.end == number.start and number.form[0].isdecimal() \
                and (at + 2 == len(words) or words[at + 2].form not in ("#%", "#‰")):
            words[at] = Word(number.form, sign.start, number.end)
            words[at + 1] = Word(_form_of_unit(sign.form), sign.start, number.end)
    return words


def _without_formulas(words: list[Word]) -> list[Word]:
    if not any(word.form in _FORMULAS for word in words):
        return words
    kept: list[Word] = []
    at = 0
    while at < len(words):
        formula = next((formula for formula in _FORMULAS.get(words[at].form, ())
                        if tuple(word.form for word in words[at:at + len(formula)]) == formula), ())
        if not formula:
            kept.append(words[at])
        at += len(formula) or 1
    return kept


def _form_of_unit(unit: str) -> str:
    return f"#{unit}"  # no written word has this sign


def _written_words(text: str) -> tuple[list[Word], list[tuple[int, int]], bool]:
    """List the words as written, and the places of letters attached to numbers in words.

    Tell also whether there are neither signs nor words that begin a formula.
    """
    normalised = Normalised.of(text)
    # Lists, since indexing into an array would take as long as all the rest.
    starts, ends = normalised.starts.tolist(), normalised.ends.tolist()
    words: list[Word] = []
    prefixes: list[tuple[int, int]] = []
    is_plain = True
    for match in _WORD.finditer(normalised.text):
        low, high = match.span()
        kind = match.lastgroup
        if kind is None:
            form, length, begins_formula = _read(match[0])
            is_plain = is_plain and not begins_formula
            if length and starts[low + length] > starts[low]:
                prefixes.append((starts[low], starts[low + length]))
        elif kind == "figure":
            form = figure_form(match[0])
        elif kind == "minus":
            at_line_start = not low or normalised.text[low - 1] == "\n"
            if at_line_start and not _IS_NEGATIVE.match(normalised.text, low):
                continue
            form = "-"
        else:
            form, is_plain = _form(match[0]), False
        words.append(Word(form, starts[low], ends[high - 1]))
    return words, prefixes, is_plain


@lru_cache(maxsize=1 << 16)
def _read(word: str) -> tuple[str, int, bool]:
    """Return the form of a word, the length of what is attached to a number, and whether it may be of several words."""
    form = _form(word)
    return form, number_prefix(form), form in _FORMULAS or form in BEFORE_MONTH or form in MONTH_NAMES


def same_but_for_spelling(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether words as written differ only in spaces, hamzas or the silent alef of the plural.

    `مسئول` and `مسؤول`, `هيئة` and `هيأة`, `أبو ظبي` and `أبوظبي`, `قالو` and `قالوا`. Spaces and separators between
    digits are no spelling.
    """
    ones, others = _joined(one), _joined(other)
    bare = _bare(ones)
    return len(bare) >= MIN_BARE_CHARS and (bare == _bare(others) or _bare(_SEATED.sub("", ones)) == _bare(
        _SEATED.sub("", others)))


def _joined(words: Iterable[str]) -> str:
    joined = ""
    for word in words:
        apart = word in _DASHES or joined[-1:].isdecimal() and word[:1].isdecimal()
        joined += f" {word}" if apart else word
    return unicodedata.normalize("NFKC", joined)


@lru_cache(maxsize=1 << 16)
def _form(word: str) -> str:
    if word in _SIGNS:
        return _SIGNS[word]
    word = one_spelling_of_hundred(word)
    variant = _VARIANT.fullmatch(word)
    return f"{variant[1]}{_SPELLED_AS[variant[2]]}{variant[3]}" if variant else word


def _bare(written: str) -> str:
    bare = normalise(written.translate(_HAMZAS))
    if bare.isalpha():
        return _form(bare.removesuffix("ا") if bare.endswith("وا") else bare)
    return "".join(f"<{figure_form(match[0])}>" if match["figure"] else _form(match[0])
                   for match in _WORD.finditer(bare))
