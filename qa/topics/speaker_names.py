"""Read the name of a speaker without titles, and tell which names of a topic are of one speaker.

The rules prefer two entries for one speaker to one entry for two: "ترامب" joins "دونالد ترامب" only if no other person of
the topic is called so, and "the minister" joins nobody whom its own article does not call a minister.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.language.arabic import normalise, skeleton
from index.language.clitics import goes_on_with_office, is_definite, strip_for_speakers
from index.language.tokens import compared_words
from qa.verify.names import words_of_name
from qa.verify.offices import is_document, is_institution, is_office
from qa.verify.spelling import Word

# Further words of a name say more than the name.
MAX_NAME_WORDS = 8
# A short name that two people of a topic have is that of whoever has this many times the other's statements.
MUCH_MORE_OFTEN = 3
_SON = normalise("بن")
# First words of phrases that name nobody in particular, unless a name follows.
_NOBODY = compared_words("""
    مصدر المصدر مصادر المصادر مسؤول مسؤولة مسؤولون مسؤولين مسؤولو المسؤول المسؤولون شاهد شهود سكان ناشط ناشطون ناشطة
    نشطاء ناشطين خبير خبراء محلل محللون محللين مراقبون مراسل مراسلنا مراسلو مراسلون متحدث متحدثة ناطق طبيب أطباء باحث
    باحثون باحثة عضو أعضاء بعض البعض كثيرون آخرون أحد إحدى عدد رجل امرأة شخص أشخاص سيدة الرجل المرأة والد والدة عائلة
    أسرة أقارب أصدقاء صديق صديقة محام محامي محامون معارضون معارض منتقدون منتقدو مؤيدون مؤيدو تقارير وسائل الأخير الأخيرة
    نفسه نفسها ذلك هذا هذه هؤلاء الجميع الكل أهالي عمال موظف موظفون ضابط جندي دبلوماسي دبلوماسيون قيادي نائب النائب كاتب
    الكاتب صاحب طالب طلاب مدير مستخدم مستخدمون مغرد مغردون مواطن مواطنون source sources official officials witnesses
""")
# Definite single words of offices and institutions that name one all the same.
_KNOWN_ALONE = compared_words("السعودية الكرملين البابا")


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A name at `text[start:end]` of the words that name a speaker, titles left off.

    `roots` are its words as they are compared. `titles` are those of the offices beside it. `is_office` tells that there
    is nothing but an office, whose holder has a name.
    """

    start: int
    end: int
    roots: tuple[str, ...]
    titles: frozenset[str]
    is_office: bool = False


def read_name(text: str) -> SpeakerName | None:
    """Read the words by which an article names a speaker; None if they name nobody in particular."""
    words = words_of_name(text)
    if not words or not any(character.isalpha() for character in words[0].form):
        return None
    person = _person(words)
    titles = frozenset(_root(word) for word in words if word not in person and _is_title(word))
    if person:
        return _named(person, titles)
    if words[0].form in _NOBODY or is_document(words[0].form) and not is_institution(words[0].form):
        return None
    words = words[:MAX_NAME_WORDS]
    alone = len(words) == 1
    if alone and _is_title(words[0]) and words[0].form not in _KNOWN_ALONE:
        return SpeakerName(words[0].start, words[0].end, (), titles, is_office=True) if is_definite(words[0].form) \
            else None
    if not is_institution(words[0].form) and _is_title(words[0]) and not is_definite(words[0].form) \
            and not (len(words) > 1 and is_definite(words[1].form)):
        return None  # an officer of something, not a single one
    if is_institution(words[0].form):
        own = [word for word in words if not _is_title(word)]
        return _named(words, titles, roots=own or words)
    return _named(words, titles, is_office=True)


def _person(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words of a person's or a place's name, or of a group that is named without an office."""
    runs = [list(run) for is_title, run in groupby(words, key=_is_title) if not is_title]
    if not runs or is_institution(words[0].form) or words[0].form in _NOBODY and len(runs[-1]) < 2:
        return ()
    if not _is_title(words[0]):
        first = runs[0]
        if is_definite(first[0].form) and len(words) > 1:  # المرصد السوري لحقوق الإنسان
            return () if all(is_definite(word.form) for word in words) else words[:MAX_NAME_WORDS]
        return first[:MAX_NAME_WORDS]
    last = runs[-1]
    before = words[words.index(last[0]) - 1]
    if last[-1] is not words[-1] or is_institution(before.form) and not is_definite(before.form):
        return ()
    while len(last) > 1 and is_definite(last[0].form) and not is_definite(last[1].form):
        last = last[1:]  # المحامي البارز مايكل كوهين
    return () if len(last) > 1 and all(is_definite(word.form) for word in last) else last[:MAX_NAME_WORDS]


def _is_title(word: Word) -> bool:
    return is_office(word.form) or is_institution(word.form) or goes_on_with_office(word.form) and len(word.form) > 5


def _named(words: Sequence[Word], titles: frozenset[str], *, is_office: bool = False,
           roots: Sequence[Word] | None = None) -> SpeakerName:
    return SpeakerName(words[0].start, words[-1].end, tuple(map(_root, roots or words)), titles, is_office)


def _root(word: Word) -> str:
    form = strip_for_speakers(word.form)
    return skeleton(form) or form


def known_at_start(text: str, known: Iterable[tuple[str, ...]]) -> tuple[int, int] | None:
    """Return the span of the longest known name with which a phrase begins, behind titles; None if it does with none.

    `known` are the roots of names. In "اتهم الرئيس الأمريكي دونالد ترامب إيران", the object follows the name.
    """
    words = words_of_name(text)
    first = next((place for place, word in enumerate(words) if not _is_title(word)), len(words))
    names = frozenset(known)
    for start in dict.fromkeys((0, first)):
        roots = [_root(word) for word in words[start:start + MAX_NAME_WORDS]]
        for length in range(len(roots), 0, -1):
            if tuple(roots[:length]) in names:
                return words[start].start, words[start + length - 1].end
    return None


def grouped(names: Sequence[tuple[str, SpeakerName]]) -> list[tuple[str, ...] | None]:
    """Return for each name the key of its speaker, None if nobody can be told; equal keys are one speaker.

    Each name comes with the id of its article.
    """
    counts = Counter(name.roots for _, name in names if name.roots)
    longer = {roots: _longest(roots, counts) for roots in counts}
    return [(_holder(article_id, name, names, longer) if name.is_office else None) or longer.get(name.roots)
            for article_id, name in names]


def _longest(roots: tuple[str, ...], counts: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the longest name of which this one is a short form, if only one speaker may be meant."""
    found = [other for other in counts if len(other) > len(roots) and _is_short_of(roots, other)]
    if not found:
        return roots
    chief = max(found, key=lambda other: (counts[other], len(other)))
    if all(_is_short_of(chief, other) or _is_short_of(other, chief) or other == chief
           or counts[chief] >= MUCH_MORE_OFTEN * counts[other] for other in found):
        return _longest(chief, counts)
    return roots


def _is_short_of(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether a name is a longer one without its first words: بن سلمان, but not سلمان, of محمد بن سلمان."""
    if len(short) >= len(long) or long[-len(short):] != short:
        return False
    return long[-len(short) - 1] != skeleton(_SON)


def _holder(article_id: str, office: SpeakerName, names: Sequence[tuple[str, SpeakerName]],
            longer: Mapping[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return who is meant by an office alone: the only one whom the article names with it."""
    holders = {longer[name.roots] for other_id, name in names
               if other_id == article_id and name.roots and not name.is_office and office.titles <= name.titles}
    return holders.pop() if len(holders) == 1 else None
