"""Find the police, court or embassy of a place that a question takes for granted where the articles have another's.

"شرطة ليفربول" is not that of Stoke, nor "السفارة الأمريكية في أنقرة" the embassy in Jerusalem. The rule prefers
silence: neither a sentence that was read nor one of the article may have the thing beside its place, and the two places
are both cities, or both countries, since Jerusalem may be the place in Israel that is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.clitics import is_definite, strip_for_speakers, with_article, without_article
from index.language.dates import Mention, find_dates
from index.language.function_words import FUNCTION_WORDS, IN_OR_OF
from index.language.nations import CONTINENTS, COUNTRIES, COUNTRIES_WITH_COMMON_NAMES
from index.language.saying import SAYING_OR_ACCUSING
from index.language.scripts import begins_in_ascii
from index.language.tokens import compared, compared_words, tokens
from index.types import Article
from index.work import paused_between
from qa.answer.other_words import other_words, share_of
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.answer.whole_article import is_too_long, sentences_of
from qa.question.parsed import ParsedQuestion
from qa.types.answer import Premise

# A sentence, with its title, has this share of the question's other words.
NEAR = 0.5
MIN_NAME_CHARS = 3
# Of these there is one for each place. Churches, hospitals and prisons are many, and a verb may stand behind one.
_KINDS = compared_words("""
    شرطة محكمة سفارة قنصلية بلدية برلمان عمدة محافظ حاكم police court embassy consulate mayor parliament
""")
# A thing is of a place that stands at most so many words from it.
WORDS_BETWEEN = 4
# What a place is, by the word in front of its name, or by the name.
_CITY, _REGION, _COUNTRY, _ADJECTIVE = "city", "region", "country", "adjective"
_BEFORE_NAMES = {form: kind for words, kind in (
    ("مدينة بلدة ضاحية", _CITY), ("ولاية محافظة مقاطعة إقليم", _REGION), ("دولة", _COUNTRY))
    for form in compared_words(words)}
_REGIONS = compared_words("""
    ألاباما ألاسكا أريزونا أركنساس كاليفورنيا كولورادو كونيتيكت كونيكتيكت ديلاوير فلوريدا هاواي أيداهو إلينوي
    إنديانا آيوا أيوا كانساس كنساس كنتاكي كينتاكي لويزيانا ماريلاند ميريلاند ماساتشوستس ميشيغان ميشيجان مينيسوتا
    ميسيسيبي ميسوري ميزوري مونتانا نبراسكا نيفادا أوهايو أوكلاهوما أوريغون أوريجون بنسلفانيا تينيسي تكساس يوتا
    فيرمونت فرجينيا فيرجينيا ويسكونسن وايومنغ كتالونيا كاتالونيا اسكتلندا إسكتلندا إنجلترا إنكلترا ويلز بافاريا
    كردستان كيبيك أونتاريو كشمير سيناء القرم alabama alaska arizona arkansas california colorado connecticut
    delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
    michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee
    texas utah vermont virginia wisconsin wyoming catalonia scotland england wales bavaria kurdistan quebec
    ontario kashmir crimea
""")
_COUNTRIES = COUNTRIES | COUNTRIES_WITH_COMMON_NAMES | CONTINENTS
# Between the kind and "in", words that say whose it is: القنصلية العامة السعودية في أنقرة.
MAX_ADJECTIVES = 2
# Behind the kind, these say what sort it is, and not where: محكمة عسكرية, المحكمة العليا.
_SORTS = compared_words("""
    جنايات جنح استئناف نقض عسكرية ابتدائية جنائية مدنية إدارية دستورية عليا كبرى محلية دولية اتحادية خاصة حكومية
    وطنية مركزية جديدة سابقة عامة تابعة قريبة مجاورة مكافحة مرور آداب عسكري محلي دولي خاص حكومي جديد سابق أطفال
    ميداني مدينة ولاية بلدة دولة عاصمة منطقة مباراة كرة تنس سباق نساء رجال أسرة عدل تحكيم أمن بنك مصرف شغب حدود
    سياحة آثار فنون تاريخ ولادة فيدرالية فدرالية فيدرالي سياحية قضائية دينية نسائية إقليمية إسلامية إسلامي
    تجارية تجاري بحرية بحري جوية جوي سرية عمومي جامعي تخصصي أولمبي رئيسي رئيسية مدني طبي بلدي أوروبية أوروبي
    عربية عربي أفريقية إفريقية أممية كاثوليكية قبطية أرثوذكسية إنجيلية أثري يهودي أخرى آخر ثانية ثان مختلفة مختلف
    مجهولة مجهول
""")
# Adjectives of cities and regions, whose police may be called by that of their country too.
_OF_REGIONS = compared_words("""
    لندنية باريسية نيويوركية كتالونية كاتالونية اسكتلندية إسكتلندية بافارية إنجليزية إنكليزية كردية كردستانية
""")
# Names of two places, of which one may be within the other, and words that begin longer names.
_UNCERTAIN = _OF_REGIONS | compared_words("""
    عمان جورجيا واشنطن نيويورك georgia washington لوس سان سانت سانتا نيو كيب ريو بوينس أبو تل بور بيت رأس los
    san saint santa new
""")
_COMMA = re.compile("[،,]")
_FEMININE, _NISBA, _NISBA_FEMININE = "ه", "ي", "يه"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A thing with its place: the phrase as written, its words in front of the place, the place, and what that is.

    Behind "in", the thing is without its article, for "سفارة" and "السفارة" are one.
    """

    text: str
    thing: tuple[str, ...]
    place: str
    level: str

    def is_elsewhere(self, other: _Placed) -> bool:
        """Tell whether another phrase has the same thing of another place of the same level."""
        return self.thing == other.thing and self.place != other.place and self.level == other.level


def other_place(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                ) -> Premise | None:
    """Return the thing of a place that a question names, if the sentences have only that of another place."""
    for asked in _placed(question.text, question.dates):
        if asked.place in (question.wanted.asked_about, *question.wanted.focus):
            continue
        start = question.text.index(asked.text)
        others = other_words(question, start, start + len(asked.text))
        for sentence in paused_between(held):
            told = next((each for each in _placed_by(sentence) if asked.is_elsewhere(each)), None)
            if told is None or share_of(others, sentence.text, sentence.article.title) < NEAR \
                    or is_too_long(sentence.article) or any(
                        _has_beside(asked, text)
                        for text in (*(each.text for each in ranked), *_lines_of(sentence.article))):
                continue
            return Premise(asked.text, f"تذكر المقالات «{told.text}»، لا «{asked.text}»: «{sentence.text}»"
                           if question.in_arabic_script
                           else f"The articles speak of “{told.text}”, not of “{asked.text}”: “{sentence.text}”")
    return None


def lacks_place(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether the article of a sentence never names the place of a thing in the question.

    A country and an adjective may go unnamed in their own news, unless the sentence has another.
    """
    if not sentence.evidence.same_script or is_too_long(sentence.article):
        return False
    return any(not any(_names(asked.place, text) for text in _lines_of(sentence.article))
               and (asked.level == _CITY or any(map(asked.is_elsewhere, _placed_by(sentence))))
               for asked in _placed(question.text, question.dates))


def _lines_of(article: Article) -> Iterator[str]:
    yield article.title
    yield from sentences_of(article)


def _has_beside(asked: _Placed, text: str) -> bool:
    """Tell whether a text has the thing and the place near each other, as in "شرطة مدينة ليفربول"."""
    words = [compared(word.group()) for word in tokens(text)]
    near = (words[max(0, number - WORDS_BETWEEN):number + WORDS_BETWEEN + 1] for number, word in enumerate(words)
            if strip_for_speakers(asked.thing[0]) in (word, strip_for_speakers(word)))
    return any(_names(asked.place, " ".join(words)) for words in near)


def _names(place: str, text: str) -> bool:
    said = Said.by(text)
    return has_word(place, said) or has_word(with_article(place), said)


def _placed_by(sentence: RankedSentence) -> Iterator[_Placed]:
    return _placed(sentence.text, find_dates(sentence.text))


def _placed(text: str, dates: Sequence[Mention]) -> Iterator[_Placed]:
    """Yield what a text places: شرطة ليفربول, الشرطة البلجيكية, السفارة الأمريكية في أنقرة, police of Stoke."""
    words = list(tokens(text))
    forms = [compared(word.group()) for word in words]
    for number, form in enumerate(forms):
        kind = form if form in _KINDS else strip_for_speakers(form)
        if kind not in _KINDS:
            continue
        end = number + 1
        while end < len(forms) and end <= number + MAX_ADJECTIVES and is_definite(form) and is_definite(forms[end]):
            end += 1
        is_in = not IN_OR_OF.isdisjoint(forms[end:end + 1])
        place = end + 1 if is_in else end - 1 if is_definite(form) else number + 1
        before = forms[place] if place < len(forms) and forms[place] in _BEFORE_NAMES else ""
        place += bool(before)
        if place <= number or place >= len(forms) or not is_in and begins_in_ascii(form) \
                or not _may_be_place(forms[place]) or _COMMA.search(text, words[number].end(), words[place].start()) \
                or any(mention.start <= words[place].start() < mention.end for mention in dates):
            continue  # المحكمة، في جلستها; المستشفى في مارس
        is_adjective = not is_in and _is_adjective(kind, forms[place])
        if before and forms[place].endswith(_NISBA_FEMININE) \
                or not before and not is_in and not is_adjective and (is_definite(form) or is_definite(forms[place])):
            continue  # شرطة ولاية أمريكية; عمدة المدينة, سجن النساء, المحكمة نفسها
        level = _BEFORE_NAMES.get(before, _ADJECTIVE if is_adjective else _CITY)
        attached = 0 if is_definite(form) else len(form) - len(kind)
        yield _Placed(text[words[number].start() + attached:words[place].end()],
                      (kind, *map(without_article, forms[number + 1:end])) if is_in else (form,),
                      without_article(forms[place]), _level_of(forms[place], level))


def _is_adjective(kind: str, form: str) -> bool:
    return form.endswith(_NISBA_FEMININE if kind.endswith(_FEMININE) else _NISBA)


def _level_of(form: str, level: str) -> str:
    """Return what a place is that is one of this level unless its name is known."""
    bare = without_article(form)
    names = {form, bare, with_article(bare)}
    return level if level == _ADJECTIVE else _COUNTRY if names & _COUNTRIES else _REGION if names & _REGIONS else level


def _may_be_place(form: str) -> bool:
    bare = without_article(form)
    return len(bare) >= MIN_NAME_CHARS and form not in FUNCTION_WORDS and form not in SAYING_OR_ACCUSING \
        and bare not in _SORTS and bare not in _UNCERTAIN and not (bare.endswith("ت") and not is_definite(form))
