"""Read the name of a speaker without titles, and tell which names of a topic are of one speaker.

The rules prefer two entries for one speaker to one entry for two: "ترامب" joins "دونالد ترامب" only if no other person
of the topic is called so, and "the minister" is only somebody whom the articles call a minister.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.language.arabic import normalise, skeleton
from index.language.clitics import (
    after_lam,
    goes_on_with_office,
    is_definite,
    strip_and_for_sameness,
    strip_for_speakers,
)
from index.language.function_words import FUNCTION_WORDS, PREPOSITIONS_WITH_PRONOUN
from index.language.nations import NATIONALITIES, definite
from index.language.offices import is_document, is_institution, is_office, is_relation
from index.language.saying import SPEECH_ACTS, VERBS_OF_SAYING
from index.language.tokens import compared_words
from qa.verify.names import is_arabic, words_of_name
from qa.verify.subjects import may_be_addressee
from qa.verify.words import Word

# Further words of a name say more than the name.
MAX_NAME_WORDS = 6
# A short name that two people of a topic have is that of whoever has this many times the other's statements.
MUCH_MORE_OFTEN = 3
_SON = normalise("بن")
# First words of phrases that name nobody, and first words of those that name somebody only if a name follows a title.
_NOBODY = compared_words("""
    المراقبون الخبراء المحللون النشطاء الناشطون السكان الأهالي الشهود المراسل المراسلة تقرير التقارير مصدر
    المصدر مصادر المصادر مسؤول مسؤولة مسؤولون مسؤولين مسؤولو المسؤول المسؤولون شاهد شهود سكان ناشطون نشطاء
    ناشطين خبراء محللون محللين مراقبون مراسل مراسلة مراسلنا مراسلو مراسلون متحدث متحدثة ناطق أطباء باحثون أعضاء
    بعض البعض كثيرون آخرون أحد إحدى عدد رجل امرأة شخص أشخاص سيدة الرجل المرأة والد والدة عائلة أسرة أقارب أصدقاء
    صديق صديقة محامون معارضون منتقدون منتقدو مؤيدون مؤيدو تقارير وسائل الأخير الأخيرة نفسه نفسها ذلك هذا هذه
    هؤلاء الجميع الكل أهالي عمال موظف موظفون جندي دبلوماسيون صاحب طلاب مستخدم مستخدمون مغرد مغردون مواطن مواطنون
    لما كل يذكر رويترز الرئيسان الوزيران الزعيمان الطرفان الجانبان البلدان الدول المملكة البلاد آخر أخرى نواب
    سائح متفائلون زملاؤه زملاؤها جماعات معظم كلماتها كلماته القائمون عاملون العاملون محققون المحققون محققو
    العديد تصريحها تصريحه زعيما زعماء التابع التابعة كبير الأطفال أتراك منظمات وكالات شركات قادة بيان البيان
    source sources official officials witnesses
""")
_SOMEBODY_IF_NAMED = compared_words("""
    عضو خبير خبيرة محلل محللة باحث باحثة كاتب كاتبة ناشط ناشطة طبيب طبيبة ضابط دبلوماسي قيادي معارض محام نائب النائب
    النائبة مدير موظفة لاعب ممثل ممثلة
""")
# Offices and adjectives by which an organisation is named, and single words that name one.
_ORGANISATIONS = compared_words("الأمم الولايات الاتحاد السلطات الرئاسة السعودية الكرملين البابا")
# Behind these, an office does not say of what: الأمين العام.
_OF_NOTHING = compared_words("عام أول سابق حالي جديد مساعد")
_KNOWN_ALONE = compared_words("السعودية الكرملين البابا")
# Adjectives behind an office that are nobody's name.
_ADJECTIVES = definite(NATIONALITIES) | compared_words("""
    الأممي الأممية العربي الغربي الأفريقي الجديد الخاص الخاصة المشترك المحلي المحلية
    الأمني الأمنية العسكري العسكرية البارز البارزة الشمالي الجنوبي المركزي الوطني الوطنية المعارض المعارضة
""")
# Words that alone do not say which.
_KINDS = compared_words("ائتلاف تحالف كتلة قائمة لجنة مفوضية تيار منطقة مدينة محافظة تنظيم فوز")
# Adjectives that `words_of_name` spells as the country, and a name that is spelled as a preposition: علي.
_SPELLED_ALIKE = frozenset(word.form for word in words_of_name("السورية السوري علي"))
_NAMES_LIKE_WORDS = compared_words("علي")
# Endings of adjectives of nationality, normalised; of adverbs and objects as they are written: أيضاً, عدداً, نقلا.
_ADJECTIVE = ("ي", "يه")
_ADVERBIAL = ("ً", "ًا", "أيضا", "نقلا")
# To whom something is said, or where an organisation sits, right behind its name.
_ADDRESSED = compared_words("""
    لبي لسي لرويترز لفرانس لسكاي للأناضول لصحفيين للصحفيين لصحافيين للصحافيين لمراسل لمراسلنا ومقره ومقرها
    ومركزه ومركزها
""")


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A name at `text[start:end]` of the words that name a speaker, titles left off.

    `roots` are its words as they are compared, and `last` the last of them as it is written, normalised. `titles` are
    those of the offices beside it. `kind` tells a name from an office, whose holder has one, and from an organisation
    or somebody who is named by another (خطيبة رامي), for whom no shorter name stands.
    """

    start: int
    end: int
    roots: tuple[str, ...]
    last: str
    titles: frozenset[str] = frozenset()
    kind: str = "name"


def read_name(text: str) -> SpeakerName | None:
    """Read the words by which an article names a speaker; None if they name nobody in particular."""
    for number, (start, end) in enumerate(_segments(text)):
        words = _own_words(text[start:end])
        if not words or not words[0].form[0].isalpha():
            return None
        if words[0].form in _NOBODY or after_lam(words[0].form) in _NOBODY:
            return None
        found = _read(words, text[start:end], is_first=number == 0)
        is_office_alone = number == 0 and "،" in text and _is_title(words[0]) \
            and found is not None and is_definite(strip_and_for_sameness(text[found.start:found.end]))
        if found is not None and not is_office_alone and (found.kind != "office" or number or "،" not in text):
            return SpeakerName(start + found.start, start + found.end, found.roots, found.last,
                               found.titles | _titles_in(text), found.kind)
    words = _own_words(text)
    return _office(words) if words else None


def _segments(text: str) -> Iterable[tuple[int, int]]:
    """Yield the spans between commas: in "الرئيس التركي، رجب أردوغان، في أنقرة" the name stands in the second."""
    start = 0
    for part in text.replace(",", "،").split("،")[:3]:
        yield start, start + len(part)
        start += len(part) + 1


def _own_words(text: str) -> Sequence[Word]:
    """Return the words of a name up to an addressee, a verb or an adverb (أيضاً), without pronouns in front (عليها)."""
    words = words_of_name(text)
    first = next((place for place, word in enumerate(words) if word.form not in PREPOSITIONS_WITH_PRONOUN), 0)
    end = next((place for place, word in enumerate(words) if place > first and (
        word.form in _ADDRESSED or word.form in SPEECH_ACTS or word.form in VERBS_OF_SAYING and len(word.form) > 3
        or text[word.start:word.end].endswith(_ADVERBIAL))), len(words))
    while end > first + 1 and words[end - 1].form in FUNCTION_WORDS:
        end -= 1
    return words[first:end]


def _read(words: Sequence[Word], text: str, *, is_first: bool) -> SpeakerName | None:
    first = words[0]
    if is_document(first.form) and not is_institution(first.form):
        return None
    if is_institution(first.form) or first.form in _ORGANISATIONS:
        if len(words) == 1 and first.form not in _KNOWN_ALONE:
            return _office(words)
        own = [word for word in words if not _is_title(word)]
        has_name = not all(is_definite(word.form) for word in own)  # حركة النصر الوطني has none, حركة حماس has
        return _named(words, own if has_name else words, "name" if has_name else "organisation")
    person = _person(words, text)
    if len(person) == 1 and person[0].form in _KINDS:
        return None
    if person:
        is_of_another = len(person) > 1 and (_is_title(person[0]) or is_relation(person[0].form))
        return _named(person, person, "organisation" if is_of_another else "name")
    return _office(words) if is_first else None


def _office(words: Sequence[Word]) -> SpeakerName | None:
    """Read an office without a name: the only one of its kind, or one that the article has introduced."""
    first = words[0]
    if first.form in _NOBODY or first.form in _SOMEBODY_IF_NAMED or not _is_title(first):
        return None
    is_single = is_definite(first.form) or len(words) > 1 and is_definite(words[1].form)
    if not is_single:
        return None  # an officer of something, whoever it is
    titles = frozenset(_root(word) for word in words if _is_title(word))
    words = words[:MAX_NAME_WORDS]
    roots = () if len(words) == 1 or _form(words[-1]) in _OF_NOTHING else tuple(map(_root, words))
    return SpeakerName(first.start, words[-1].end, roots, words[-1].form, titles, "office")


def _person(words: Sequence[Word], text: str) -> Sequence[Word]:
    """Return the words of a person's, a place's or a group's name, if it stands alone or behind an office."""
    runs = [list(run) for is_title, run in groupby(words, key=_is_title) if not is_title]
    if not runs:
        return ()
    if not _is_title(words[0]):
        if _is_written_definite(words[0], text) and len(words) > 1:  # المرصد السوري لحقوق الإنسان
            return () if all(_is_written_definite(word, text) for word in words) else words[:MAX_NAME_WORDS]
        return runs[0][:MAX_NAME_WORDS]
    last = runs[-1]
    before = words[words.index(last[0]) - 1]
    is_of_institution = is_institution(before.form) and not is_definite(before.form)
    if last[-1] is not words[-1] or is_of_institution or before.form in _SOMEBODY_IF_NAMED \
            or goes_on_with_office(before.form) and _is_written_definite(last[0], text):
        return ()
    if is_arabic(before) and before is not words[0] and not is_definite(before.form) \
            and not before.form.endswith(_ADJECTIVE) and not is_relation(before.form):
        return ()  # شرطة مدينة كابول: of what the office is
    is_of_another = not is_definite(before.form) and (before is words[0] or is_relation(before.form))
    if is_of_another and not _is_written_definite(last[0], text):
        return words[:MAX_NAME_WORDS]  # خطيبة رامي, محافظ حلب: named by somebody or something else
    own = next((place for place, word in enumerate(last) if not _is_written_definite(word, text)), None)
    if own is not None:
        if own and may_be_addressee(last[own].form):
            return ()  # التحالف العربي لدعم الشرعية
        return last[own:][:MAX_NAME_WORDS]  # المحامي البارز مايكل كوهين, وزير الموارد المائية سامي الدالي
    is_described = len(last) > 1 or is_of_another or last[0].form in _ADJECTIVES
    return () if is_described else last  # الرئيس العبادي, but not وزير البيئة or المبعوث الأممي


def _is_written_definite(word: Word, text: str) -> bool:
    """Tell whether a word begins with ال as it is written: not ألكسندر."""
    return is_definite(text[word.start:word.end])


def _is_title(word: Word) -> bool:
    form = word.form
    if form in _SPELLED_ALIKE:
        return form not in _NAMES_LIKE_WORDS
    is_feminine_office = form.endswith("ه") and is_office(form[:-1]) and form[:-1] not in FUNCTION_WORDS
    return is_office(form) or is_feminine_office or is_institution(form) or goes_on_with_office(form) and len(form) > 5


def _titles_in(text: str) -> frozenset[str]:
    return frozenset(_root(word) for word in words_of_name(text) if _is_title(word))


def _named(words: Sequence[Word], roots: Sequence[Word], kind: str) -> SpeakerName:
    words = words[:MAX_NAME_WORDS]
    return SpeakerName(words[0].start, words[-1].end, tuple(map(_root, roots[:MAX_NAME_WORDS])), roots[-1].form,
                       kind=kind)


def _form(word: Word) -> str:
    return strip_for_speakers(word.form)


def _root(word: Word) -> str:
    return skeleton(_form(word)) or _form(word)


def known_at_start(text: str, known: Mapping[tuple[str, ...], str]) -> tuple[int, int] | None:
    """Return the span of the longest known name with which a phrase begins, behind titles; None if it does with none.

    `known` has the roots of names, each with its kind; the last word of a name of two is known too. In "اتهم الرئيس
    الأمريكي دونالد ترامب إيران", the object follows the name.
    """
    words = words_of_name(text)[:2 * MAX_NAME_WORDS]
    if words and (words[0].form in _NOBODY or after_lam(words[0].form) in _NOBODY):
        return None
    first = next((place for place, word in enumerate(words) if not _is_title(word)), len(words))
    last_words = {roots[-1:] for roots, kind in known.items() if kind == "name" and len(roots) == 2}
    is_officer = first > 0 and words[0].form not in _ORGANISATIONS and not is_institution(words[0].form)
    for start in range(len(words)) if is_officer else (0,):
        roots = [_root(word) for word in words[start:start + MAX_NAME_WORDS]]
        for length in range(len(roots), 0, -1):
            own = tuple(roots[:length])
            is_first = start in (0, first)
            if own in known and (is_first or length > 1 and known[own] == "name") or own in last_words and is_first:
                end = start + length
                while start == 0 and end < len(words) and is_institution(words[0].form) and _is_title(words[end]):
                    end += 1  # وزارة الصحة الفلسطينية
                return words[start].start, words[end - 1].end
    return None


def grouped(names: Sequence[tuple[str, SpeakerName]], mentions: Callable[[str, str], bool]
            ) -> list[tuple[str, ...] | None]:
    """Return for each name the key of its speaker, None if nobody can be told; equal keys are one speaker.

    Each name comes with the id of its article; `mentions(article_id, word)` tells whether an article has a word.
    """
    counts = Counter(name.roots for _, name in names if name.kind == "name")
    longer = {roots: _longest(roots, counts) for roots in counts}
    return [longer[name.roots] if name.kind == "name" else _holder(article_id, name, names, longer, mentions)
            if name.kind == "office" else name.roots for article_id, name in names]


def _longest(roots: tuple[str, ...], counts: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the longest name of which this one is a short form, if only one speaker may be meant."""
    full = next((roots[start:] for start in range(1, len(roots) - 1)
                 if counts.get(roots[start:], 0) >= counts[roots] and _is_short_of(roots[start:], roots)), None)
    if full is not None:
        return full
    shorter = next((roots[:length] for length in range(len(roots) - 1, 0, -1)
                    if counts.get(roots[:length], 0) > counts[roots] * (1 if length > 1 else 2)), None)
    if shorter is not None:
        return _longest(shorter, counts)  # words behind the name: دونالد ترامب بفرض
    found = [other for other in counts if _is_short_of(roots, other)]
    if not found:
        begun = [other for other in counts if len(other) > len(roots) == 1 and other[:1] == roots]
        full = max(begun, key=len, default=roots)
        return full if all(full[:len(other)] == other for other in begun) else roots  # كيم of كيم جونغ أون
    chief = max(found, key=lambda other: (counts[other], len(other)))
    if len(roots) > 1 and counts[roots] >= counts[chief]:
        return roots  # a full name; before it may stand words of something else
    if all(_is_short_of(chief, other) or _is_short_of(other, chief) or other == chief
           or counts[chief] >= MUCH_MORE_OFTEN * counts[other] for other in found):
        return _longest(chief, counts)
    return roots


def _is_short_of(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether a name is a longer one without its first words: بن سلمان, but not سلمان, of محمد بن سلمان."""
    return len(short) < len(long) and long[-len(short):] == short and long[-len(short) - 1] != _SON


def _holder(article_id: str, office: SpeakerName, names: Sequence[tuple[str, SpeakerName]],
            longer: Mapping[tuple[str, ...], tuple[str, ...]], mentions: Callable[[str, str], bool]
            ) -> tuple[str, ...] | None:
    """Return who holds an office: the only one with it whom its article names; else the office, if it says of what."""
    named = [(other_id, name) for other_id, name in names if name.kind == "name" and office.titles <= name.titles]
    here = {longer[name.roots] for other_id, name in named if other_id == article_id}
    holders = here or {longer[name.roots] for _, name in named if mentions(article_id, name.last)}
    return holders.pop() if len(holders) == 1 else (office.roots or None) if not holders else None
