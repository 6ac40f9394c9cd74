"""Tell names from other words by the articles, since Arabic has no capitals: other words are inflected, names are not.

"السجن" is also written سجن, سجنه, سجون, يسجن; "شيكاغو" is written one way, with و, ب or ل attached at most. A word that
no article has may be a name, and counts as one.
"""

from __future__ import annotations

from functools import cached_property

from index.language.clitics import stems_for_spelling
from index.language.function_words import COUNTRIES, FUNCTION_WORDS
from index.language.scripts import is_arabic_word
from index.language.tokens import compared_words
from qa.retrieve.vocabulary import Vocabulary

# A word is a name if its inflected forms make up at most this share of what is written of it.
MOST_INFLECTED = 0.12
MIN_NAME_CHARS = 3
# Words that are hardly inflected, and no names.
_NO_NAMES = compared_words("""
    مقابل جانب مرمى بجانب أثناء مجددا فورا تقريبا حاليا سابقا لاحقا مؤخرا أمس اليوم غدا مساء صباحا ظهرا ليلا أكثر
    أقل أكبر أصغر أحدث أفضل أسوأ أعلى أدنى أبرز أهم أول آخر جدا معا سويا فجأة تماما كليا جزئيا رسميا دوليا محليا
    عالميا سنويا شهريا يوميا أسبوعيا نهائيا جنائيا شرقي غربي شمالي جنوبي شرق غرب شمال جنوب وسط خارج داخل فوق تحت
    أمام خلف حول قرب مدى منذ هي هو هم كانت كان لازال لازالت مازال مازالت بزعامة برئاسة بقيادة بعضوية إطلاق سراح
    كفالة أشخاص شخصا مليون مليار ألف مئة آلاف ملايين
""")
_ATTACHED = ("", "و", "ب", "ل", "ف", "ك", "وب", "ول", "ال", "وال", "بال", "لل")
_BEFORE_STEM = ("", "ال", "ي", "ت", "ن", "م", "ا", "مت", "ان")
_BEHIND_STEM = ("", "ت", "ا", "ه", "ها", "هم", "ات", "ون", "ين", "ان", "وا", "ي", "يه", "ته", "تها", "هن", "هما", "نا",
                "تهم")


class NameSense:
    """Tells which words of a snapshot's language are names, and caches it. Threads may share it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def is_name(self, word: str) -> bool:
        """Tell whether a normalised word is a name, or no word that the articles have in other forms as well."""
        known = self._known
        if word not in known:
            known[word] = self._judge(word)
        return known[word]

    def may_be_in_name(self, word: str) -> bool:
        """Tell whether a normalised word beside a name may be a part of it: no adverb, and no verb."""
        return word not in _NO_NAMES and not self.is_verb(word)

    def is_known(self, word: str) -> bool:
        """Tell whether the articles have a normalised word, whatever is attached to it."""
        return self._vocabulary.count(self._core(word)) > 0

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
        core = self._core(word)
        if core in FUNCTION_WORDS or core in _NO_NAMES:
            return False
        if word in COUNTRIES or core in COUNTRIES:
            return True
        own = {f"{attached}{core}" for attached in _ATTACHED} | {word}
        forms = {f"{before}{stem}{behind}" for stem in {core, *stems_for_spelling(core)} if len(stem) >= MIN_NAME_CHARS
                 for before in _BEFORE_STEM for behind in _BEHIND_STEM} - own
        count = self._vocabulary.count
        plain, definite = count(core), count(f"ال{core}")
        both = min(definite, max(0, plain - definite))  # the bare form is counted with its article too
        mine = max(plain, count(word))
        inflected = sum(map(count, forms))
        if not inflected:
            return True
        inflected += both
        return inflected <= MOST_INFLECTED * (mine + inflected) if mine else True

    def _core(self, word: str) -> str:
        """Return the word without the letters attached in front that leave the commonest word."""
        cores = [word] + [word[len(attached):] for attached in _ATTACHED[1:]
                          if word.startswith(attached) and len(word) >= len(attached) + MIN_NAME_CHARS]
        return max(cores, key=self._vocabulary.count)
