"""Sentences that cannot be understood without the one before: those that begin with a pronoun, point back, or go on
with what somebody just named says or does.

Words alone decide, the first few of a sentence. What they cannot see: a verb whose subject is the one before and whose
object follows at once ("ودخلت حيز النفاذ"), and a pronoun further on.
"""

from __future__ import annotations

import re

from index.language.arabic import normalise
from index.language.clitics import AND, PREPOSITION_LI, PRONOUN, WA
from index.language.saying import (
    EXPLETIVE_SAYING,
    GOING_ON_BY_PARTICIPLE,
    GOING_ON_SAYING,
    GOING_ON_SAYING_ON,
    SAID_BY_NOBODY,
)

# Marks that may stand before the first word.
_OPENING = r"[\s\"'“”«»‹›(\[\-–—]*"
# What a reporting verb is followed by where its subject is not named: what was said, or how. A name in quotes is one.
_SAID = (r"(?:(?:الي|علي|عن|من|بان|ب|في|ل)? ?(?:ان|انه|انها|انهم|انهما|انني|اننا|بان|بانه|بانها)\b"
         r"|قايل|ايضا|كذلك|في (?:تصريح|بيان|حديث|كلم|مقابل|تغريد|رسال|خطاب)"
         r"|[\"«“](?![^\"»”]{1,30}[\"»”] (?:علي|الي|ان)\b)|:)")
# What such verbs take where the subject is not named: "دعا إلى", "حذر من". Not "على", which is a name too (علي).
_PREPOSITION = r"(?:الي|عن|من|في|بشان|حول)\b"
# Nobody in particular says or thinks it: "يذكر أن", "ويتوقع أن".
_NOBODY = rf"(?!{_OPENING}{WA}{SAID_BY_NOBODY})"
# Verbs of things: "ونص على", "وأسفرت عن", "واستمرت نحو 16 ساعة".
_HAPPENING = (r"(?:(?:نصت?|[تي]نص|اقتصرت?) علي|(?:قضت?|قضي|[تي]قضي) ب\w+|اسفرت? عن|(?:ادت?|ادي|[تي]ودي) الي"
              r"|(?:استمرت?|دامت?|دام|استغرقت?) (?:حتي|نحو|\d+|ساعتين|يومين|شهرين|عامين|سنتين))\b")
_PASSIVE = re.compile(rf"{_OPENING}{AND}[أيت]\u064f")  # أُعلن, يُذكر: nobody is meant
_PRONOUN = r"(?:هو|هي|هم|هما|هن)\b"
_WHEREFORE = r"(?:بذلك|لذلك|لهذا|بهذا|لذا|هكذا|هناك (?=[تياوع]\w+))\b"
_POINTING = (r"(?:(?:بعد|قبل|علي|في|من|منذ|خلال|عند|نتيجه|اثر|الي|عن|بسبب|حتي|جاء|جاءت|[تي]اتي|كان|كانت|حدث|تم) )?"
             r"(?:هذا|هذه|هذان|هاتان|ذلك|تلك|هولاء|اوليك|هذين|هاتين)"
             r"(?! (?:السياق|الاثناء|الاطار|الصدد|العام|السنه|الشهر|الاسبوع|اليوم|المره|وقد|و))\b")
# Words with a pronoun at their end that refer back when they come first.
_WITH_PRONOUN = (rf"(?:(?:{PREPOSITION_LI}كن|لان|ان|كان|لعل|غير ان|الا ان|بيد ان|علي ان|حيث ان|اذ ان"
                 r"|من|في|علي|عن|ل|ب|مع|بين|عند|لدي|قبل|بعد|خلال|امام|ضد|حول|بحسب|حسب|ضمن|من بين|من خلال|الي جانب"
                 rf"|وفق|وفقا ل|اثر){PRONOUN})\b")
_ARABIC = re.compile(
    rf"{_NOBODY}{_OPENING}(?:كما |ثم |وكما |وقد |فقد |لقد |لكن |ولكن )?{AND}(?:"
    rf"{_PRONOUN}|{_WHEREFORE}|{_POINTING}|{_WITH_PRONOUN}|{GOING_ON_SAYING_ON}|{_HAPPENING}"
    rf"|{GOING_ON_BY_PARTICIPLE}"
    rf"|(?:{GOING_ON_SAYING}) ?{_SAID}|(?:{GOING_ON_SAYING}) {_PREPOSITION}"
    rf"|(?:كان|كانت) (?:قد )?(?:{GOING_ON_SAYING}|[يت]\w{{2,}}) ?(?:{_SAID}|{_PREPOSITION}))")
# "It was announced that": nothing is meant by the pronoun.
_EXPLETIVE = (rf"(?: (?:is|was|has been|remains|seems|appears)(?: also| not| now)?"
              rf" (?:{'|'.join(EXPLETIVE_SAYING)}|believed|expected|clear|unclear|likely|unlikely"
              r"|possible|important|necessary|difficult|the \w+ time)\b)")
_ENGLISH = re.compile(
    rf"{_OPENING}(?:(?:but|and|so|yet|also|then|however|still|moreover|in addition|meanwhile|instead|later),? )?"
    rf"(?:(?:he|she|they|his|her|their|its|him|them)\b|it\b(?!{_EXPLETIVE})"
    r"|(?:this|that|these|such|both|neither)\b(?! (?:year|month|week|morning|evening)\b)|those\b(?! who\b)"
    r"|(?:after|before|despite|because of|during|since|under|in|by|with|for) (?:this|that|these|those|it|him|them)\b"
    r"|as a result\b|the (?:former|latter)\b|(?:among|some of|one of|most of|all of|both of) (?:them|these|those)\b)")


def leans_on_previous(text: str) -> bool:
    """Whether the sentence needs the one before it to be understood."""
    start = normalise(text[:160])
    return bool(_ARABIC.match(start) or _ENGLISH.match(start)) and not _PASSIVE.match(text)
