"""Patterns of what keeps something from being done: "منع … من", "بدلا من", "فشل في", "refused to", "instead of"."""

from __future__ import annotations

from index.language.clitics import ARTICLE, PREPOSITION_BI, PREPOSITION_LI, PRONOUN
from qa.verify.negations import BEING, GOVERNING, NOT
from qa.verify.phrases import ACTION, ANY, NOUN, START, VERBAL_NOUN, word

_DOING = r"(?!spring|string|evening|morning|building|nothing|something|everything)[a-z]{3,}ing\b"
_TO = f"{PREPOSITION_BI}{PREPOSITION_LI}"
_PREVENTING = rf"(?:(?:{_TO}[يتن]?منع(?:ت|وا|ون|{PRONOUN})*|ممنوع\w*|محروم\w*) )"
_BANNING = rf"(?:{_PREVENTING}|(?:{_TO}[يت]?حظرت?|[يت]?حرمت?|{_TO}(?:تحريم|الغاء)|الغي|الغت) )"
_AVOIDING = word("تفادي لتفادي تفاديا تجنب لتجنب تجنبا")
# What is stopped otherwise is there, and may be quoted by itself: وقف الهجمات.
_CEASE_FIRE = rf"{_TO}(?:وقف|ايقاف) \| إطلاق {ARTICLE}نار\b"
_INSTEAD = r"(?:(?:بدلا من|بدلا عن|عوضا عن|بدل) )"
_FAILING = word("""
    فشل فشلت فشلوا يفشل تفشل أخفق أخفقت أخفقوا عجز عجزت عجزوا يعجز تعجز تراجع تراجعت تراجعوا عدل عدلت تخلى تخلت
""")
_REFUSAL = rf"(?:(?:رفض|نفي){PRONOUN} )"
_REFRAINING = word("الامتناع بالامتناع امتناع امتنع امتنعت يمتنع تمتنع الكف بالكف")
_FAR = r"(?:(?:ابعد ما يكون|بعيد(?:ه|ا)? كل البعد) عن )"
_REFUSED = (r"(?:(?:refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|neglect(?:s|ed)?|fail(?:s|ed|ing)?|unable|unwilling"
            r"|unlikely|impossible|powerless|forbidden|(?:has|have|had|is|are) yet) )")
_PREVENTED = (r"(?:(?:prevent(?:s|ed|ing)?|stop(?:s|ped|ping)?|ban(?:s|ned|ning)?|bar(?:s|red|ring)?"
              r"|block(?:s|ed|ing)?|prohibit(?:s|ed)?|deter(?:s|red)?|discourag(?:e|es|ed)) "
              rf"{ANY}{{0,4}}?from )")
_URGED = word("urge urged urges warn warned warns advise advised advises")
_NOT_DOING = (r"(?:(?:avoid(?:s|ed|ing)?|prohibit(?:s|ed)?|forbids?|forbade|bans?|banned|oppos(?:e|es|ed)"
              r"|reject(?:s|ed)?|rul(?:e|es|ed|ing) out|den(?:y|ies|ied|ying)|instead of|rather than|short of|far from"
              r"|incapable of|opposed to|against|(?:refrain|abstain|desist)(?:s|ed|ing)? from) )")

# Where `undone` matches, a negation turns the phrase back: "never failed to".
_UNDONE = rf"{START}(?P<undone>{NOT}{GOVERNING}?)?(?P<turn>"
PREVENTIONS = (
    rf"{_UNDONE}{START}{_PREVENTING}{NOUN}{{0,4}}من )(?:ان \||\| {ARTICLE}{VERBAL_NOUN})",
    rf"{_UNDONE}{START}(?:{_BANNING}{NOUN}{{0,2}}(?:علي {NOUN}{{1,3}})?|{_AVOIDING}))\| {ACTION}",
    rf"{START}{_CEASE_FIRE}",
    rf"{_UNDONE}{START}{_FAILING}{NOUN}{{0,3}}(?:في|عن) )\| {ACTION}",
    rf"{START}(?:{_INSTEAD}|{_FAR}|{_REFUSAL}(?:القاطع |التام )?)(?:ان {BEING}?\||\| {ACTION})",
    rf"{_UNDONE}{START}{_REFRAINING}عن )\|",
    rf"{_UNDONE}{_REFUSED})(?:to \||\| to )",
    rf"{_UNDONE}{_PREVENTED})\| {_DOING}",
    rf"{_URGED}against \|",
    rf"{_UNDONE}{_NOT_DOING})\| {_DOING}",
    r"far from \| (?:[a-z]+ed|certain|clear|over|perfect|ideal|ready)\b",
)
