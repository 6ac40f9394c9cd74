"""Sentences that cannot be understood without the one before: those that begin with a pronoun, point back, or go on
with what somebody just named says or does.

Words alone decide, the first few of a sentence. What they cannot see: a verb whose subject is the one before and whose
object follows at once ("ودخلت حيز النفاذ"), and a pronoun further on.
"""

from __future__ import annotations

import re

from index.language.arabic import normalise

# Marks that may stand before the first word.
_OPENING = r"[\s\"'“”«»‹›(\[\-–—]*"
# What a reporting verb is followed by where its subject is not named: what was said, or how. A name in quotes is one.
_SAID = (r"(?:(?:الي|علي|عن|من|بان|ب|في|ل)? ?(?:ان|انه|انها|انهم|انهما|انني|اننا|بان|بانه|بانها)\b"
         r"|قايل|ايضا|كذلك|في (?:تصريح|بيان|حديث|كلم|مقابل|تغريد|رسال|خطاب)"
         r"|[\"«“](?![^\"»”]{1,30}[\"»”] (?:علي|الي|ان)\b)|:)")
_REPORTING = "|".join(f"(?:[يت]?{stem})(?:ت|ا|وا|ون|ان)?" for stem in """
    قال قول اضاف ضيف اكد وكد اوضح وضح اشار شير ذكر تابع لفت شدد نوه راي ري اعتبر عتبر اعلن علن صرح افاد فيد بين ختم
    زعم ادعي استطرد ستطرد استدرك اردف ردف واصل كشف نقل نفي انكر نكر توقع حذر تعهد وعد اقر قر اعترف الم كرر جدد ناشد
    حث طالب دعا دعو اتهم تهم وصف اعرب عرب عبر انتقد نتقد
""".split())
# What such verbs take where the subject is not named: "دعا إلى", "حذر من". Not "على", which is a name too (علي).
_PREPOSITION = r"(?:الي|عن|من|في|بشان|حول)\b"
_ON = r"(?:شدد|اكد|يوكد|يشدد|توكد|تشدد|حث|يحث|علق|وافق|اصر|اتفق)(?:ت|وا)? علي\b"
# Nobody in particular says or thinks it: "يذكر أن", "ويتوقع أن".
_NOBODY = rf"(?!{_OPENING}و?(?:يذكر|يشار|يعتقد|يتوقع|يقال|يزعم|يرجح)\b)"
# Verbs of things: "ونص على", "وأسفرت عن", "واستمرت نحو 16 ساعة".
_HAPPENING = (r"(?:(?:نصت?|[تي]نص|اقتصرت?) علي|(?:قضت?|قضي|[تي]قضي) ب\w+|اسفرت? عن|(?:ادت?|ادي|[تي]ودي) الي"
              r"|(?:استمرت?|دامت?|دام|استغرقت?) (?:حتي|نحو|\d+|ساعتين|يومين|شهرين|عامين|سنتين))\b")
_ADDING = r"(?:مضيف|مشير|موضح|موكد|معتبر|قايل)(?:ا|ه)\b"
_PASSIVE = re.compile(rf"{_OPENING}[وف]?[أيت]\u064f")  # أُعلن, يُذكر: nobody is meant
_PRONOUN = r"(?:هو|هي|هم|هما|هن)\b"
_WHEREFORE = r"(?:بذلك|لذلك|لهذا|بهذا|لذا|هكذا|هناك (?=[تياوع]\w+))\b"
_POINTING = (r"(?:(?:بعد|قبل|علي|في|من|منذ|خلال|عند|نتيجه|اثر|الي|عن|بسبب|حتي|جاء|جاءت|[تي]اتي|كان|كانت|حدث|تم) )?"
             r"(?:هذا|هذه|هذان|هاتان|ذلك|تلك|هولاء|اوليك|هذين|هاتين)"
             r"(?! (?:السياق|الاثناء|الاطار|الصدد|العام|السنه|الشهر|الاسبوع|اليوم|المره|وقد|و))\b")
# Words with a pronoun at their end that refer back when they come first.
_WITH_PRONOUN = (r"(?:(?:ل?كن|لان|ان|كان|لعل|غير ان|الا ان|بيد ان|علي ان|حيث ان|اذ ان"
                 r"|من|في|علي|عن|ل|ب|مع|بين|عند|لدي|قبل|بعد|خلال|امام|ضد|حول|بحسب|حسب|ضمن|من بين|من خلال|الي جانب"
                 r"|وفق|وفقا ل|اثر)(?:ه|ها|هم|هما|هن))\b")
_ARABIC = re.compile(
    rf"{_NOBODY}{_OPENING}(?:كما |ثم |وكما |وقد |فقد |لقد |لكن |ولكن )?[وف]?(?:"
    rf"{_PRONOUN}|{_WHEREFORE}|{_POINTING}|{_WITH_PRONOUN}|{_ON}|{_HAPPENING}|{_ADDING}"
    rf"|(?:{_REPORTING}) ?{_SAID}|(?:{_REPORTING}) {_PREPOSITION}"
    rf"|(?:كان|كانت) (?:قد )?(?:{_REPORTING}|[يت]\w{{2,}}) ?(?:{_SAID}|{_PREPOSITION}))")
# "It was announced that": nothing is meant by the pronoun.
_EXPLETIVE = (r"(?: (?:is|was|has been|remains|seems|appears)(?: also| not| now)? (?:said|reported|announced|believed"
              r"|expected|clear|unclear|likely|unlikely|possible|important|necessary|difficult|the \w+ time)\b)")
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
