"""Find whom an article names as the speaker of a quote, by words like "قال", "وأضاف", "بحسب", "said", "according to".

The rules prefer no result to a wrong one. An unclear speaker stays undetermined, no name is made up, and a claimed
speaker is contradicted only by another name, or by an article that does not mention the claimed one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.generation.snapshot import place_of
from index.language.arabic import normalise, skeleton
from index.language.clitics import forms_of_speaker, is_definite, strip_for_speakers
from index.language.function_words import FUNCTION_WORDS
from index.language.scripts import begins_in_arabic
from index.types import Article, Sentence
from qa.contract import Attribution
from qa.verify.cues import cues_of, open_quotation
from qa.verify.spelling import Word, words_of

# If a sentence goes on with "وأضاف", the last named speaker is looked for this many sentences back.
MAX_SENTENCES_BACK = 8
# An article is searched for the claimed speaker up to here.
MAX_CHARS_READ = 60_000
# A name within this many words of an office may be that of its holder.
NEAR_OFFICE_WORDS = 8


# Words of offices and of where an office belongs; alone, they name nobody.
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
_FIRST_HALVES_OF_NAMES = frozenset(("عبد", "ابو", "ابي", "ابن"))


def speaker_of(article: Article, sentences: Sequence[Sentence], start: int, end: int
               ) -> tuple[tuple[int, int], bool] | None:
    """Find the words that name the speaker of `article.text[start:end]`: their span, and whether it is certain.

    `sentences` are those of the article. Only those around the place are read.
    """
    text = article.text
    holding = [number for number in range(max(0, place_of(sentences, start)), place_of(sentences, end - 1) + 1)
               if sentences[number].end > start]
    if not holding:
        return None
    own = [cue for number in holding for cue in cues_of(text, sentences[number])]
    before = [cue for cue in own if cue.at < start]
    cue = before[-1] if before else own[0] if own else open_quotation(text, sentences, holding[0], start)
    if cue is None:
        return None
    if cue.name is not None:
        return cue.name, cue.certain
    for number in range(holding[0], max(-1, holding[0] - MAX_SENTENCES_BACK), -1):
        named = [earlier for earlier in cues_of(text, sentences[number])
                 if earlier.at < cue.at and earlier.name is not None and earlier.certain]
        if named and named[-1].name is not None:
            return named[-1].name, True
    return None


def judge(article: Article, said_by: tuple[tuple[int, int], bool] | None, speaker: str, read: WordsRead
          ) -> Attribution:
    """Judge whether the article attributes a place to `speaker`; `said_by` is the result of `speaker_of` for it.

    A speaker that is not mentioned in what is read of a very long article may be mentioned in the rest.
    """
    asked = _words_of_name(speaker)
    names = _names(asked)
    everywhere = read.of(article)
    if names and names[-1] not in everywhere.known:
        # An Arabic article may mention a person whose name is given in Latin letters.
        is_same_script = _is_arabic(names[-1]) == everywhere.is_arabic
        return "contradicted" if is_same_script and everywhere.is_whole else "undetermined"
    if said_by is None:
        return "undetermined"
    (start, end), certain = said_by
    named = _words_of_name(article.text[start:end])
    others = _names(named)
    if _same_name(names, others) if names else all(word in _Known.of(named) for word in asked):
        return "confirmed"
    shared = any(word in _Known.of(asked) for word in named)
    is_somebody = bool(others) or _is_institution(named[0])
    if not certain or shared or not is_somebody or _is_arabic(asked[0]) != _is_arabic(named[0]):
        return "undetermined"
    if names:
        return "undetermined" if _holds_office(names[-1], named[0], everywhere) else "contradicted"
    # The speaker cannot hold an office that the article does not mention, nor be an institution.
    unknown = len(asked) > 1 and everywhere.is_whole and not all(word in everywhere.known for word in asked)
    return "contradicted" if others and (unknown or any(map(_is_institution, asked))) else "undetermined"


def names_person(speaker: str) -> bool:
    """Tell whether a speaker is named in full: "the minister" is nobody's name, and "medical sources" are no person."""
    words = _words_of_name(speaker)
    return len(_names(words)) > 1 and not any(map(_is_institution, words))


def _same_name(names: Sequence[Word], others: Sequence[Word]) -> bool:
    """Tell whether a claimed and a found name fit: the last claimed name is found, or all found words are claimed.

    Two different first names are two people.
    """
    known, asked = _Known.of(others), _Known.of(names)
    if len(names) > 1 < len(others) and names[0] not in known and others[0] not in asked:
        return False
    return names[-1] in known or (bool(others) and all(word in asked for word in others))


@lru_cache(maxsize=1024)
def _words_of_name(name: str) -> Sequence[Word]:
    return tuple(_joined(words_of(name)))


def _joined(words: Sequence[Word]) -> list[Word]:
    """Join the first half of a compound name to the next word: `عبد الله` → `عبدالله`."""
    joined: list[Word] = []
    for word in words:
        if joined and joined[-1].form in _FIRST_HALVES_OF_NAMES:
            joined[-1] = Word(joined[-1].form + word.form, joined[-1].start, word.end)
        else:
            joined.append(word)
    return joined


def _is_arabic(word: Word) -> bool:
    return begins_in_arabic(word.form)


def _names(words: Sequence[Word]) -> list[Word]:
    """Keep the words of a name: drop offices, institutions and what an office is of (`وزير النقل`)."""
    names: list[Word] = []
    heads = False
    for word in words:
        title = _is_office(word) or _is_institution(word)
        heads = (title and not is_definite(word.form)) or (heads and is_definite(word.form))
        if not title and not heads:
            names.append(word)
    return names


def _holds_office(name: Word, office: Word, read: _ArticleWords) -> bool:
    """Tell whether the name stands near the office anywhere: `رئيسة بلدية باريس آن هيدالغو` is later just the mayor."""
    if not _is_office(office):
        return False
    known = _Known.of([name])
    return any(near in known for number in read.places.get(office.form, ())
               for near in read.words[max(0, number - NEAR_OFFICE_WORDS):number + NEAR_OFFICE_WORDS])


@dataclass(frozen=True, slots=True)
class _Known:
    """A set of words; the operator `in` also accepts other spellings and attached prefixes."""

    forms: frozenset[str]
    roots: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word]) -> _Known:
        forms: frozenset[str] = frozenset().union(*(forms_of_speaker(word.form) for word in words))
        return cls(forms, frozenset(skeleton(word.form) for word in words))

    def __contains__(self, word: Word) -> bool:
        root = skeleton(word.form)
        return strip_for_speakers(word.form) in self.forms or (len(root) > 3 and root in self.roots)


@dataclass(frozen=True, slots=True)
class _ArticleWords:
    """The words of an article's title and text, and where each stands; not `is_whole` if the article is longer."""

    words: Sequence[Word]
    known: _Known
    places: Mapping[str, Sequence[int]]
    is_arabic: bool
    is_whole: bool

    @classmethod
    def of(cls, article: Article) -> _ArticleWords:
        words = _joined(words_of(f"{article.title}\n{article.text[:MAX_CHARS_READ]}"))
        places: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            places.setdefault(word.form, []).append(number)
        return cls(words, _Known.of(words), places, 2 * sum(map(_is_arabic, words)) > len(words),
                   len(article.text) <= MAX_CHARS_READ)


@dataclass(slots=True)
class WordsRead:
    """A cache of the words of articles, for one request."""

    _of_article: dict[str, _ArticleWords] = field(default_factory=dict)

    def of(self, article: Article) -> _ArticleWords:
        """Return the words of an article, which is read on first use."""
        if article.id not in self._of_article:
            self._of_article[article.id] = _ArticleWords.of(article)
        return self._of_article[article.id]


def _is_office(word: Word) -> bool:
    return word.form in _OFFICES or word.form in FUNCTION_WORDS or strip_for_speakers(word.form) in _OFFICES


def _is_institution(word: Word) -> bool:
    return word.form in _INSTITUTIONS or strip_for_speakers(word.form) in _INSTITUTIONS
