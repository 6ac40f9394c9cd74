"""Tell names from other words by the articles, since Arabic has no capitals: other words are inflected, names are not.

"السجن" is also written سجن, سجنه, سجون, يسجن; "شيكاغو" is written one way, with و, ب or ل attached at most. A few
articles have most words in one form only, so that common words are listed (`qa/data/common_words.txt`, made by
`training/common_words.py`). Another word that no article has may be a name, and counts as one.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files

from index.language.clitics import DEFINITE, LONE_AND, stems_for_spelling
from index.language.function_words import FUNCTION_WORDS
from index.language.modality import DENYING, INTENDED, POSSIBLE, REFUSING
from index.language.nations import COUNTRIES
from index.language.paraphrase import is_listed
from index.language.saying import VERBS_OF_SAYING
from index.language.scripts import is_arabic_word
from index.language.tokens import compared_words
from qa.retrieve.vocabulary import Vocabulary

# A word is a name if its inflected forms make up at most this share of what is written of it.
MOST_INFLECTED = 0.12
# Articles with so many different words show by themselves which of their words are inflected.
MANY_WORDS = 30_000
MIN_NAME_CHARS = 3
# A word belongs to the "and" in front of it if it is written with it so many times as often as without.
MOSTLY = 4
# Words that are hardly inflected, and no names.
_NO_NAMES = compared_words("""
    مقابل جانب مرمى بجانب أثناء مجددا فورا تقريبا حاليا سابقا لاحقا مؤخرا أمس اليوم غدا مساء صباحا ظهرا ليلا أكثر
    أقل أكبر أصغر أحدث أفضل أسوأ أعلى أدنى أبرز أهم أول آخر جدا معا سويا فجأة تماما كليا جزئيا رسميا دوليا محليا
    عالميا سنويا شهريا يوميا أسبوعيا نهائيا جنائيا شرقي غربي شمالي جنوبي شرق غرب شمال جنوب وسط خارج داخل فوق تحت
    أمام خلف حول قرب مدى منذ هي هو هم كانت كان لازال لازالت مازال مازالت بزعامة برئاسة بقيادة بعضوية إطلاق سراح
    كفالة عما مما فيما وحده وحدها أقوى أسرع أطول أقصر أوسع أعمق أشد أخطر الثلاثة الأربعة الخمسة الستة السبعة
    الثمانية التسعة العشرة أشخاص شخصا مليون مليار ألف مئة آلاف ملايين
    عدة ثمة أما ممن حسبما مرارا عدم إزاء غضون أعقاب أواخر أوائل أنحاء هكذا ريثما ضواحي حالا حقا تبعا سواء شيء أشياء
    إحداهما كلاهما كلتاهما أقرب أبعد أضخم أصعب أسهل أرخص أغلى أثقل أخف شتى غاية بغية
    أطباء أثرياء نشطاء زعماء رؤساء قدماء أجانب حوامل رهينة رهائن منقذين رواد أجيال
    ميناء موانئ مراكز مجالس معهد فندق متحف مقهى مطبخ مطاعم مساجد كنائس كهف مخبز بنوك مصارف جمارك ملاجئ طيور
    أمراض سرطان غذاء أغذية أطعمة أدوية مستحضرات خصوبة حاسوب إنترنت غلاف برميل صخر أمواج عاصفة إعصار جفاف مجاعة
    ضرائب قروض أملاك سفن دبابات ذخائر قمامة حقيبة غطاء قفص حطام طراز منبر رموز أسرار حقائق دلائل عناوين لوائح
    أسابيع أخماس أرباع مراسم أزياء ألعاب حوادث جرائم فضيحة عوامل متاعب منافع مواضع أحوال نسخة صحيفة صحافة أنباء
    مكافحة إنهاء إسقاط إعدام إجهاض إصدار إقصاء إخفاق إرجاء إعفاء إلغاء إخفاء إحياء إطفاء إسعاف اقتحام اتخاذ اشتباه
    احتيال انقضاء انحسار انقطاع عثور توقيف توسيع تقليص تقييد تقسيم تثبيت تعذيب تعطيل تعجيل تجريد تحميل تسميم تشفير
    تهريب تنمية مصافحة مساواة مساءلة مراعاة مقاضاة خيانة رشوة عدالة غلاء زوال صدور كتمان هدوء
    ظلت اكتفى أوعز أحال أعفى أفضى يجب ينبغي يكتفي
""")
# What is left of a word without its endings must have so many letters, or it may be left of a name: بوتين.
MIN_STEM_CHARS = 4
# A common word is a name where the articles have it so often, and in one form only: عادل.
SURELY_NAMED = 20
_GOVERNING = DENYING | REFUSING | POSSIBLE | INTENDED | frozenset(VERBS_OF_SAYING)
_ATTACHED = ("", "و", "ب", "ل", "ف", "ك", "وب", "ول", "ال", "وال", "بال", "لل")
_BEFORE_STEM = ("", "ال", "ي", "ت", "ن", "م", "ا", "مت", "ان")
_PREPOSED = frozenset("وفبلك")
_PREPOSITIONS = ("", "و", "ب", "ل")
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "نا", "ي")
_PERSONS = "يتن"
_BEHIND_STEM = ("", "ت", "ا", "ه", "ها", "هم", "ات", "ون", "ين", "ان", "وا", "ي", "يه", "ته", "تها", "هن", "هما", "نا",
                "تهم")


class NameSense:
    """Tells which words of a snapshot's language are names, and caches it. Threads may share it."""

    def __init__(self, vocabulary: Vocabulary, *, common: frozenset[str] | None = None,
                 most_inflected: float = MOST_INFLECTED) -> None:
        """Use the words of `vocabulary`. `common` are words that are no names, by default those that news has.

        A word is a name if its inflected forms make up at most the share `most_inflected`, 0..1, of what is written.
        """
        self._vocabulary, self._given, self._most_inflected = vocabulary, common, most_inflected

    def is_name(self, word: str) -> bool:
        """Tell whether a normalised word is a name, or no word that the articles have in other forms as well."""
        known = self._known
        if word not in known:
            known[word] = self._judge(word)
        return known[word]

    def may_be_in_name(self, word: str) -> bool:
        """Tell whether a normalised word beside a name may be a part of it: no adverb, and no verb."""
        core = self.core(word)
        return len(word) >= MIN_NAME_CHARS and word not in _NO_NAMES and not self.is_verb(word) \
            and not self._is_everyday(core) and not self._has_ending(core)

    def is_known(self, word: str) -> bool:
        """Tell whether the articles have a normalised word, whatever is attached to it."""
        return self._vocabulary.count(self.core(word)) > 0

    def is_verb(self, word: str) -> bool:
        """Tell whether the articles have a normalised word as a verb: in the present, and with the ت of the past."""
        count = self._vocabulary.count
        return any(count(f"ي{stem}") and (count(f"{stem}ت") or count(f"ت{stem}"))
                   for stem in stems_for_spelling(word) if len(stem) >= MIN_NAME_CHARS)

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {}

    def _judge(self, word: str) -> bool:
        if len(word) < MIN_NAME_CHARS or word in FUNCTION_WORDS or word in _NO_NAMES:
            return False
        if not is_arabic_word(word):
            return not self._vocabulary.has(word)
        count = self._vocabulary.count
        with_and = f"{LONE_AND}{word}"
        if count(with_and) > MOSTLY * count(word):
            word = with_and  # its first letter is no "and": وزير
        core = self.core(word)
        if core in FUNCTION_WORDS or not _NO_NAMES.isdisjoint((core, core.removeprefix(DEFINITE))):
            return False
        if word in COUNTRIES or core in COUNTRIES:
            return True
        if self._is_common(core) and count(core) < SURELY_NAMED or _is_listed(core) or self._has_ending(core):
            return False
        own = {f"{attached}{core}" for attached in _ATTACHED} | {word}
        plain, definite = count(core), count(f"ال{core}")
        forms = {f"{before}{stem}{behind}" for stem in _stems(core)
                 for before in _BEFORE_STEM for behind in _BEHIND_STEM} | _with_pronouns(core) | _in_other_persons(core)
        forms -= own
        both = min(definite, max(0, plain - definite))  # the bare form is counted with its article too
        mine = max(plain, count(word))
        inflected = sum(map(count, forms))
        if not inflected:
            return True
        inflected += both
        return inflected <= self._most_inflected * (mine + inflected) if mine else True

    def _is_common(self, core: str) -> bool:
        common = self._common
        if core in common or DEFINITE + core in common or core.removeprefix(DEFINITE) in common:
            return True
        if self._vocabulary.size >= MANY_WORDS and self._vocabulary.count(core):
            return False
        starts = [len(each) for each in (*_ATTACHED, *_BEFORE_STEM) if core.startswith(each)]
        ends = [len(core) - len(each) for each in _BEHIND_STEM if core.endswith(each)]
        return any(core[start:end] in common for start in starts for end in ends if end - start >= MIN_STEM_CHARS)

    def _is_everyday(self, core: str) -> bool:
        return any(core[:len(core) - len(ending)] in self._common for ending in ("", "ه", "ها", "هم")
                   if core.endswith(ending))

    def _has_ending(self, core: str) -> bool:
        """Tell whether a word ends as an indefinite object (مؤقتا) or a participle (مختلقة, متذرعا), and no name does.
        """
        if core[0] == "م" and core[-1] in "ها" and len(core) > MIN_STEM_CHARS and not self._vocabulary.count(core):
            return True
        bare = core[:-1]
        return core[-1] == "ا" and core[-2] != "ي" and len(bare) >= MIN_STEM_CHARS and (
            self._vocabulary.count(bare) > 0 or bare in self._common)

    @property
    def _common(self) -> frozenset[str]:
        return common_words() if self._given is None else self._given

    def core(self, word: str) -> str:
        """Return the word without the letters attached in front that leave the commonest word."""
        cores = [word] + [word[len(attached):] for attached in _ATTACHED[1:]
                          if word.startswith(attached) and len(word) >= len(attached) + MIN_NAME_CHARS]
        return max(cores, key=self._vocabulary.count)


def _with_pronouns(core: str) -> set[str]:
    """Return the forms with a pronoun of a word whose last letter changes before it: زيارته, أسماؤهم, أسمائهم."""
    if core.endswith("ه"):
        starts = [f"{before}{core[:-1]}ت" for before in _PREPOSITIONS]
    elif core.endswith("اء"):
        starts = [f"{before}{core[:-1]}{letter}" for before in _PREPOSITIONS for letter in "وي"]
    else:
        return set()
    return {f"{start}{pronoun}" for start in starts for pronoun in _PRONOUNS}


def _in_other_persons(core: str) -> set[str]:
    """Return the other persons of what may be a verb in the present: يصل, تصل, نصل, أصل."""
    return {f"{person}{core[1:]}" for person in _PERSONS} if core[0] in "يت" else set()


def _stems(core: str) -> set[str]:
    """Return what may be left of a word without what is attached to it.

    Three letters within a word are not left of it if a preposition would be in front: بوسطن is no form of وسط.
    """
    return {core, *(stem for stem in stems_for_spelling(core) if len(stem) > MIN_NAME_CHARS or len(
        stem) == MIN_NAME_CHARS and (core.startswith(stem) or core.endswith(stem) or core[0] not in _PREPOSED))}


def _is_listed(core: str) -> bool:
    """Tell whether a word is in a list of what says how a thing is, or of what news exchanges: ربما, أيد, مواليد."""
    bare = core.removeprefix(DEFINITE)
    return core in _GOVERNING or is_listed(core) or is_listed(bare)


@cache
def common_words() -> frozenset[str]:
    """Return common words of news that are no names, normalised and without attached letters."""
    return frozenset((files("qa") / "data" / "common_words.txt").read_text(encoding="utf-8").split())
