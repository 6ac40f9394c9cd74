"""Recognise sentences that need the one before them to be understood.

Such a sentence begins with a pronoun, points back, or goes on with what somebody named before says or does. Only its
first few words are looked at. Not recognised: a verb that takes its subject from the sentence before and has its object
right behind it ("ودخلت حيز النفاذ"), and a pronoun further on in the sentence.
"""

from __future__ import annotations

import re

from index.language.arabic import normalise
from index.language.clitics import AND, PREPOSITION_LI, PRONOUN, WA
from index.language.saying import (
    EXPLETIVE_SAYING,
    IMPERSONAL_SAYING,
    SAYING_BY_PARTICIPLE,
    SAYING_ON_WITHOUT_SUBJECT,
    SAYING_WITHOUT_SUBJECT,
)

# Marks that may stand before the first word.
_OPENING = r"[\s\"'“”«»‹›(\[\-–—]*"
# What follows a verb of saying that has no named subject: what was said, or how. A name in quotes counts as a subject.
_SAID = (r"(?:(?:الي|علي|عن|من|بان|ب|في|ل)? ?(?:ان|انه|انها|انهم|انهما|انني|اننا|بان|بانه|بانها)\b"
         r"|قايل|ايضا|كذلك|في (?:تصريح|بيان|حديث|كلم|مقابل|تغريد|رسال|خطاب)"
         r"|[\"«“](?![^\"»”]{1,30}[\"»”] (?:علي|الي|ان)\b)|:)")
# Prepositions that follow a verb of saying without a named subject: "دعا إلى", "حذر من". "على" is left out: once
# normalised it is also the name علي.
_PREPOSITION = r"(?:الي|عن|من|في|بشان|حول)\b"
# Not an impersonal verb, which points to nobody: "يذكر أن", "ويتوقع أن".
_NOBODY = rf"(?!{_OPENING}{WA}{IMPERSONAL_SAYING})"
# Verbs whose subject is a thing named before: "ونص على", "وأسفرت عن", "واستمرت نحو 16 ساعة".
_HAPPENING = (r"(?:(?:نصت?|[تي]نص|اقتصرت?) علي|(?:قضت?|قضي|[تي]قضي) ب\w+|اسفرت? عن|(?:ادت?|ادي|[تي]ودي) الي"
              r"|(?:استمرت?|دامت?|دام|استغرقت?) (?:حتي|نحو|\d+|ساعتين|يومين|شهرين|عامين|سنتين))\b")
_PASSIVE = re.compile(rf"{_OPENING}{AND}[أيت]\u064f")  # أُعلن, يُذكر: passive, points to nobody
_PRONOUN = r"(?:هو|هي|هم|هما|هن)\b"
_WHEREFORE = r"(?:بذلك|لذلك|لهذا|بهذا|لذا|هكذا|هناك (?=[تياوع]\w+))\b"
_POINTING = (r"(?:(?:بعد|قبل|علي|في|من|منذ|خلال|عند|نتيجه|اثر|الي|عن|بسبب|حتي|جاء|جاءت|[تي]اتي|كان|كانت|حدث|تم) )?"
             r"(?:هذا|هذه|هذان|هاتان|ذلك|تلك|هولاء|اوليك|هذين|هاتين)"
             r"(?! (?:السياق|الاثناء|الاطار|الصدد|العام|السنه|الشهر|الاسبوع|اليوم|المره|وقد|و))\b")
# Words that end in a pronoun and point back when they begin a sentence.
_WITH_PRONOUN = (rf"(?:(?:{PREPOSITION_LI}كن|لان|ان|كان|لعل|غير ان|الا ان|بيد ان|علي ان|حيث ان|اذ ان"
                 r"|من|في|علي|عن|ل|ب|مع|بين|عند|لدي|قبل|بعد|خلال|امام|ضد|حول|بحسب|حسب|ضمن|من بين|من خلال|الي جانب"
                 rf"|وفق|وفقا ل|اثر){PRONOUN})\b")
_ARABIC = re.compile(
    rf"{_NOBODY}{_OPENING}(?:كما |ثم |وكما |وقد |فقد |لقد |لكن |ولكن )?{AND}(?:"
    rf"{_PRONOUN}|{_WHEREFORE}|{_POINTING}|{_WITH_PRONOUN}|{SAYING_ON_WITHOUT_SUBJECT}|{_HAPPENING}"
    rf"|{SAYING_BY_PARTICIPLE}"
    rf"|(?:{SAYING_WITHOUT_SUBJECT}) ?{_SAID}|(?:{SAYING_WITHOUT_SUBJECT}) {_PREPOSITION}"
    rf"|(?:كان|كانت) (?:قد )?(?:{SAYING_WITHOUT_SUBJECT}|[يت]\w{{2,}}) ?(?:{_SAID}|{_PREPOSITION}))")
# "It was announced that": the pronoun refers to nothing.
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
    """Tell whether a sentence, as written, needs the one before it to be understood."""
    start = normalise(text[:160])
    return bool(_ARABIC.match(start) or _ENGLISH.match(start)) and not _PASSIVE.match(text)
