"""Who an article says said something, by its own words: "قال", "وأضاف", "بحسب", "said", "according to".

Careful rather than complete. What is not plain is left open: no name is made up, and a speaker is contradicted only by
another name or by an article that does not know him.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.arabic import normalise, skeleton
from index.offsets import Normalised
from index.sentences import split_sentences
from index.types import Article, Sentence
from qa.contract import Attribution
from qa.kinds import FUNCTION_WORDS
from qa.spelling import Word, words_of

# How far back the last named speaker is looked for when a sentence goes on with "وأضاف".
SENTENCES_BACK = 8
MAX_NAME_WORDS = 12
# A name so few words from an office may be that of who holds it.
NEAR_OFFICE = 8
# A name that nothing ends (no "إن", no colon, no quotation mark) is cut to so many words.
UNENDED_NAME_WORDS = 3


_VERBS = """
    قال قالت قالوا يقول تقول يقولون صرح صرحت أكد أكدت أكدوا يؤكد تؤكد أعلن أعلنت أضاف أضافت تابع تابعت أوضح أوضحت شدد
    شددت ذكر ذكرت كتب كتبت أشار أشارت اعتبر اعتبرت رأى لفت كشف كشفت حذر حذرت نفى نفت أفاد أفادت زعم زعمت علق علقت غرد
    غردت أردف أردفت استطرد أعرب أعربت نوه
"""
_VERB = re.compile(rf"\b[وف]?(?:{'|'.join(map(normalise, _VERBS.split()))})\b")
# Verbs that take no object, so that what follows them is who speaks.
_SAYS_ONLY = "قال يقول تقول صرح أضاف تابع أوضح شدد أشار لفت علق غرد أردف"
_SAYING = re.compile(rf"[وف]?(?:{'|'.join(map(normalise, _SAYS_ONLY.split()))})")
_OF_NAME = re.compile(rf"\b[وف]?(?:ب?حسب|وفقا|وفق|نقلا عن|{normalise('على')} (?:حد (?:قول|تعبير)|لسان))\b"
                      rf"(?: ما (?:{'|'.join(map(normalise, _VERBS.split()))}|اورد|اوردت|نقلت|جاء|ورد)\b)?"
                      r"|\bعن (?=[^.:،]{1,80}\bقول(?:ه|ها|هم)\b)")
_OF_ANYTHING = re.compile(r"[وف]?(?:ب?حسب|وفقا|وفق)\b")
_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s]")
# What ends a name after a verb, and begins what was said.
_ENDS = frozenset(map(normalise, "إن أن إنه أنه إنها أنها إنهم أنهم بأن بأنه بأنها قائلا قائلة : \" « “ ”".split()))
_STOPS = frozenset(normalise(word) for word in """
    بالقول في فيه فيها خلال عن على إلى من الذي التي الذين بعد قبل عقب أمام عبر مع لدى ردا تعليقا عندما حين أثناء يوم أمس
    اليوم ضمن حول
    لكن لكنه كما الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت قوله قولها قولهم ( ) . ؛ ; » — – …
""".split())
# Words of an office, or of where it belongs: alone, they name nobody.
_OFFICES = frozenset(normalise(word) for word in """
    رئيس رئيسة الرئيس الرئيسة وزير وزيرة الوزير الوزيرة الوزراء نائب النائب نائبة مبعوث المبعوث أمين الأمين مدير المدير
    مديرة سفير السفير ملك الملك أمير الأمير ولي العهد قائد القائد مستشار المستشار مستشارة متحدث المتحدث متحدثة المتحدثة
    ناطق الناطق باسم زعيم الزعيم مندوب عضو العضو العام عام العامة الأول مساعد المساعد السيد السيدة الدكتور دكتور الشيخ
    الجنرال جنرال اللواء لواء العميد العقيد المرشح مرشح السابق السابقة الحالي الجديد البابا الإمام المرشد الأعلى
    الخارجية الداخلية الدفاع المالية الصحة الخزانة التجارة النواب الشيوخ الأمن القومي
    مصدر المصدر مصادر المصادر مسؤول المسؤول مسؤولون مسؤولين شهود
    الأمريكي الأمريكية الأميركي الأميركية الروسي الروسية البريطاني البريطانية الفرنسي الفرنسية الألماني الألمانية
    التركي التركية الإيراني الإيرانية السعودي السعودية المصري المصرية الإسرائيلي الإسرائيلية الفلسطيني الفلسطينية
    السوري السورية العراقي العراقية اللبناني اللبنانية الأردني الأردنية اليمني اليمنية القطري القطرية الإماراتي
    الإماراتية الكويتي الكويتية البحريني البحرينية المغربي الصيني الصينية الياباني الكوري الأوكراني الأوكرانية الأوروبي
    الأوروبية الدولي الدولية المتحدة الأمم الولايات الاتحاد الشؤون شؤون لشؤون إعلام الإعلام الصحفي الرسمي الرسمية
    president minister prime foreign secretary general spokesman spokeswoman spokesperson ministry mr mrs ms dr the
    sir king prince senator envoy chief former us russian british french german american
""".split())
# Words of institutions, which speak through people.
_INSTITUTIONS = frozenset(map(normalise, """
    وزارة الوزارة الحكومة حكومة البرلمان مجلس المجلس البيت الأبيض الكرملين وكالة الوكالة صحيفة الصحيفة شبكة الشبكة قناة
    القناة تقرير التقرير بيان البيان الشرطة الجيش السلطات هيئة الهيئة منظمة المنظمة حركة الحركة حزب الحزب شركة الشركة
    ministry government parliament white house police army agency
""".split()))
_FIRST_HALVES = frozenset(("عبد", "ابو", "ابي", "ابن"))
_ATTACHED = re.compile(r"^(?:[وف]?(?:ال|لل|[بلك]))(?=\w{3})")

_CAPITALISED = r"(?:[A-Z][\w'’.-]*\s+){0,5}[A-Z][\w'’-]*"
_SAYS = r"(?:said|says|told|added|stated|announced|confirmed|warned|wrote|tweeted|insisted|declared|argued|noted)"
_ENGLISH = re.compile(rf"({_CAPITALISED})(?:,[^,.]{{1,60}},)?\s+(?:has\s|had\s|also\s|later\s)?{_SAYS}\b"
                      rf"|\b{_SAYS}\s+({_CAPITALISED})|\b[Aa]ccording to\s+(?:[a-z]+\s+){{0,4}}({_CAPITALISED})")
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "who"))


@dataclass(frozen=True, slots=True)
class _Cue:
    """A word that says that something was said, where it stands, and who it names: a span, or None for "he".

    `certain` is false where the name stands before the verb and may be another's.
    """

    at: int
    name: tuple[int, int] | None
    certain: bool = True


def speaker_of(article: Article, start: int, end: int) -> tuple[tuple[int, int], bool] | None:
    """The words that name who is said to have said `article.text[start:end]`: a span, and whether that is certain."""
    text = article.text
    sentences = split_sentences(text)
    holding = [number for number, sentence in enumerate(sentences) if sentence.start < end and sentence.end > start]
    if not holding:
        return None
    own = [cue for number in holding for cue in _cues(text, sentences[number])]
    before = [cue for cue in own if cue.at < start]
    cue = before[-1] if before else own[0] if own else _open_quotation(text, sentences, holding[0], start)
    if cue is None:
        return None
    if cue.name is not None:
        return cue.name, cue.certain
    for number in range(holding[0], max(-1, holding[0] - SENTENCES_BACK), -1):
        named = [earlier for earlier in _cues(text, sentences[number])
                 if earlier.at < cue.at and earlier.name is not None and earlier.certain]
        if named and named[-1].name is not None:
            return named[-1].name, True
    return None


def judge(article: Article, said_by: tuple[tuple[int, int], bool] | None, speaker: str) -> Attribution:
    """Whether the article gives that place to the speaker, given what `speaker_of` says of it."""
    asked = _joined(words_of(speaker))
    names = _names(asked)
    all_words = _joined(words_of(f"{article.title}\n{article.text}"))
    everywhere = _Known.of(all_words)
    if names and names[-1] not in everywhere:
        # A name in Latin letters is not one that an Arabic article does not know.
        in_arabic = 2 * sum(map(_is_arabic, all_words)) > len(all_words)
        return "contradicted" if _is_arabic(names[-1]) == in_arabic else "undetermined"
    if said_by is None:
        return "undetermined"
    (start, end), certain = said_by
    named = _joined(words_of(article.text, start, end))
    others = _names(named)
    if _same_name(names, others) if names else all(word in _Known.of(named) for word in asked):
        return "confirmed"
    shared = any(word in _Known.of(asked) for word in named)
    is_somebody = bool(others) or _is_institution(named[0])
    if not certain or shared or not is_somebody or _is_arabic(asked[0]) != _is_arabic(named[0]):
        return "undetermined"
    if names:
        return "undetermined" if _holds_office(names[-1], named[0], all_words) else "contradicted"
    # An office that the article does not speak of cannot be its speaker's; an institution is not another.
    unknown = len(asked) > 1 and not all(word in everywhere for word in asked)
    return "contradicted" if others and (unknown or any(map(_is_institution, asked))) else "undetermined"


def _same_name(names: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether the last name asked for is there, or all that is there was asked for; two first names are two people."""
    known, asked = _Known.of(others), _Known.of(names)
    if len(names) > 1 < len(others) and names[0] not in known and others[0] not in asked:
        return False
    return names[-1] in known or (bool(others) and all(word in asked for word in others))


def _joined(words: Sequence[Word]) -> list[Word]:
    """The words, those that begin a name of two joined to the next: `عبد الله` is `عبدالله`."""
    joined: list[Word] = []
    for word in words:
        if joined and joined[-1].form in _FIRST_HALVES:
            joined[-1] = Word(joined[-1].form + word.form, joined[-1].start, word.end)
        else:
            joined.append(word)
    return joined


def _is_arabic(word: Word) -> bool:
    return "ء" <= word.form[0] <= "ي"


def _names(words: Sequence[Word]) -> list[Word]:
    """The words that are of a name: not of an office or institution, nor of what it is the office of (`وزير النقل`)."""
    names: list[Word] = []
    heads = False
    for word in words:
        title = _is_office(word) or _is_institution(word)
        heads = (title and not word.form.startswith("ال")) or (heads and word.form.startswith("ال"))
        if not title and not heads:
            names.append(word)
    return names


def _holds_office(name: Word, office: Word, words: Sequence[Word]) -> bool:
    """Whether the name stands near the office anywhere: `رئيسة بلدية باريس آن هيدالغو` is later the mayor alone."""
    if not _is_office(office):
        return False
    known = _Known.of([name])
    return any(near in known for number, word in enumerate(words) if word.form == office.form
               for near in words[max(0, number - NEAR_OFFICE):number + NEAR_OFFICE])


@dataclass(frozen=True, slots=True)
class _Known:
    """Words, to be found in other spellings too, and with something attached to them."""

    forms: frozenset[str]
    roots: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word]) -> _Known:
        forms = {word.form for word in words}
        forms |= {_ATTACHED.sub("", form) for form in forms} | {form[1:] for form in forms if form[0] in "وفلب"}
        return cls(frozenset(forms), frozenset(skeleton(word.form) for word in words))

    def __contains__(self, word: Word) -> bool:
        root = skeleton(word.form)
        return _ATTACHED.sub("", word.form) in self.forms or (len(root) > 3 and root in self.roots)


def _is_office(word: Word) -> bool:
    return word.form in _OFFICES or word.form in FUNCTION_WORDS or _ATTACHED.sub("", word.form) in _OFFICES


def _is_institution(word: Word) -> bool:
    return word.form in _INSTITUTIONS or _ATTACHED.sub("", word.form) in _INSTITUTIONS


def _open_quotation(text: str, sentences: Sequence[Sentence], number: int, start: int) -> _Cue | None:
    """The last cue before in the same paragraph, when a quotation opened after it is still open at `start`."""
    line_start = max(text.rfind("\n", 0, start), 0)
    for earlier in range(number - 1, -1, -1):
        if sentences[earlier].end <= line_start:
            return None
        cues = list(_cues(text, sentences[earlier]))
        if cues:
            between = text[cues[-1].at:start]
            is_open = between.count('"') % 2 == 1 or any(
                between.count(opening) > between.count(closing) for opening, closing in ("«»", "“”"))
            return cues[-1] if is_open else None
    return None


def _cues(text: str, sentence: Sentence) -> Iterator[_Cue]:
    """The cues of one sentence, in its order."""
    written = text[sentence.start:sentence.end]
    normalised = Normalised.of(written)
    found: list[_Cue] = []

    def cue(at: int, span: tuple[int, int] | None, *, certain: bool = True) -> None:
        place = sentence.start + normalised.original(at, at + 1)[0]
        name = None
        if span is not None:
            low, high = normalised.original(*span)
            name = sentence.start + low, sentence.start + high
        found.append(_Cue(place, name, certain))

    for match in _VERB.finditer(normalised.text):
        after, certain = _name_after(normalised.text, match.end())
        if after is not None:
            cue(match.start(), after, certain=certain or _SAYING.match(match[0]) is not None)
            continue
        before = _name_before(normalised.text, match.start())
        cue(match.start(), before, certain=before is None)
    for match in _OF_NAME.finditer(normalised.text):
        after, _ = _name_after(normalised.text, match.end(), at_comma=True)
        if after is not None:
            # Within a sentence it may be a measure or a source of figures: "بحسب القطاع".
            at_an_end = not normalised.text[:match.start()].strip() or not normalised.text[after[1]:].strip(" .،»\"”")
            cue(match.start(), after, certain=at_an_end or not _OF_ANYTHING.match(match[0]))
    for match in _ENGLISH.finditer(written):
        group = next(number for number in (1, 2, 3) if match[number])
        is_pronoun = match[group].casefold() in _PRONOUNS
        name = None if is_pronoun else (sentence.start + match.start(group), sentence.start + match.end(group))
        found.append(_Cue(sentence.start + match.start(), name))
    yield from sorted(found, key=lambda one: one.at)


def _name_after(text: str, place: int, *, at_comma: bool = False) -> tuple[tuple[int, int] | None, bool]:
    """The span of the words after `place` that may be a name, None when there are none, and whether what was said comes
    after them."""
    words: list[tuple[int, int]] = []
    said = ended = False
    for match in _WORD_OR_MARK.finditer(text, place):
        said = match[0] in _ENDS
        ended = said or match[0] in _STOPS or match[0].startswith("لل") or (at_comma and match[0] in "،,")
        if ended or len(words) == MAX_NAME_WORDS:
            break
        if match[0][0].isalnum():
            words.append(match.span())
    if not ended:
        words = words[:UNENDED_NAME_WORDS]
    return ((words[0][0], words[-1][1]) if words else None), said


def _name_before(text: str, place: int) -> tuple[int, int] | None:
    """The span of the few words before a verb, back to a mark."""
    words: list[tuple[int, int]] = []
    for match in _WORD_OR_MARK.finditer(text, 0, place):
        if match[0][0].isalnum():
            words.append(match.span())
        elif match[0] not in "،,":
            words = []
    words = words[-4:]
    return (words[0][0], words[-1][1]) if words else None
