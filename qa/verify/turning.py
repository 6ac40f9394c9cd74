"""Phrases right before a quote, or right behind it, that turn its meaning: "لن", "منع … من", "refused to", "unless".

The patterns read the sentence around a quote in the compared forms of its words, with a bar at the edge of the quote
and "،" for every mark that ends a clause: "قال سالم ، اذا خسرنا القضية ، | سنبيع المبنى". The first word of the quote
is as written, since hamzas tell إغلاق from أسواق, and سأبيع from ساحة. A quote keeps its meaning without what only says
how somebody put it, or that it is so for sure: "warned that", "لا شك أن", "even if".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.language.clitics import AND, NOT_DEFINITE, PREPOSITION_BI, PREPOSITION_LI, PRONOUN
from index.language.function_words import BEFORE_A_CUT, BEFORE_DENYING_MA, BEHIND_IF, CONTRASTING, THAT_WORDS
from index.language.saying import ENGLISH_VERBS_OF_SAYING
from index.language.tokens import compared_words

# Stands for أَلّا, which only its hamza tells from إلا.
THAT_NOT = "انلا"
# Behind a quote it is as written, to be told from أن.
IF_OR_INDEED = "إن"


def _alternatives(*lists: str | Iterable[str]) -> str:
    words = {word for each in lists for word in (compared_words(each) if isinstance(each, str) else each)}
    return "|".join(sorted(words, key=len, reverse=True))


def _word(*lists: str | Iterable[str]) -> str:
    """Return a pattern for any of the words, with the space behind it; words in a string are normalised."""
    return f"(?:(?:{_alternatives(*lists)}) )"


_START = rf"(?:^|(?<= )){AND}"
_ANY = r"(?:[^\W_]+ )"
_THAT = _word(THAT_WORDS)

# ---- negations, possibilities and shares ----

_NOT = "(?:{}|{}|{})".format(
    _word(BEFORE_A_CUT, "كيلا لكيلا لئلا بعدم لعدم بدون لغير بغير nobody lest", (THAT_NOT, f"ب{THAT_NOT}")),
    "(?:لا|ما من) 0 |no 1 ", "(?<=n )t ")  # لا أحد, "no one" as they are compared; the "t" of n't
# غير أن is "however", though من غير أن is "without".
_HOWEVER = r"غير (?:ان|انه|انها) "
# Negated forms of "to be" and "no longer", and "have".
_BEING = _word("يكن تكن يكونوا نكن أكن يكون تكون يعد تعد يعودوا نعد كان be been being have had has")
_ADVERB = r"(?:(?:yet|longer|even|ever|again|(?!only|merely|simply|solely)[a-z]+ly) )"
# What a negation denies by these is what they govern: عدم السماح ب, لا نية ل, لن يتم, "no plan to", "did not say that".
_GOVERNING = _word("""
    وجود يوجد توجد هناك ثمة لدي لدينا لديه لديها لديهم له لها لنا لهم جواز السماح سماح إمكانية إجراء القيام قيام اللجوء
    العودة نية خطة خطط حاجة مبرر داعي مجال سبيل يتم تتم يجري تجري يجوز تجوز ينبغي يجب يمكن يمكننا يريد تريد نريد يريدون
    أريد يسمح تسمح نسمح يعتزم تعتزم نعتزم ينوي تنوي ننوي يستطيع تستطيع نستطيع يقبل تقبل نقبل يؤيد تؤيد نؤيد يسبق يحق يعني
    مستعد مستعدة مستعدا مستعدين قادر قادرة قادرا قادرين قابل قابلة قابلا راغب راغبة راغبا
    أقل أقول أذكر أصرح أزعم أدع أدعي أعلن نقل نقول نذكر نصرح نزعم نعلن say claim
    plan plans intention intentions need question going want wants able ready willing allow allowed possible agree
    expected mean means
""")
_TO_SOMEBODY = _word("له لها لهم لنا لي")
# Verbs that govern behind their subject, by a preposition or by "that": لم يتمكن سالم من, لا يريد سالم أن.
_MANAGING = _word("يتمكن تتمكن نتمكن ينجح تنجح ننجح يفلح تفلح يوافق توافق نوافق يقم تقم نقم يقوم تقوم نقوم")
_WANTING = _word("يريد تريد نريد ينوي تنوي يستطيع تستطيع يقبل تقبل يعتزم تعتزم")
_MAYBE = _word("""
    ربما لعل لعله لعلها إذا لو لولا بعض معظم أغلب أغلبية غالبية نصف ثلث ربع
    if unless may might could maybe perhaps possibly some most half almost nearly
""")
_POSSIBLE = _word("يمكن الممكن ممكن المحتمل محتمل يحتمل المرجح يرجح")
_IMPOSSIBLE = _word("يستحيل استحال المستحيل مستحيل يتعذر")
_LEST = r"(?:(?:خشيه|خشيه من|مخافه|خوفا من|خشيه من) )"
# Behind قد, the present; the past of verbs begins with ت or ن too: قد تعرض, قد نقلت.
_PAST_WITH_NUN = _alternatives("""
    نقل نشر نجح نفى نفذ نظم نال نصح ندد نسق نقص نما نزل نسي نجا ناقش نافس نادى ناشد نتج نجم نبه ندم نذر نزح نزع نسب نسج
    نسف نشأ نشب نشط نص نصب نصر نطق نظر نعى نفد نفر نفق نقد نقض نكر نمى نهب نهض نهى نوه نوى نام نهج ناب ناصر ناضل نكث
""")
_PRESENT = rf"(?:ي|تت|تست|(?:تكون|[أا]كون|لا)\b|(?!(?:{_PAST_WITH_NUN})(?:ت|وا|ا|{PRONOUN})*\b)ن\w\w)"
_ALMOST = _word("كاد كادت يكاد تكاد كدنا نكاد أكاد أوشك أوشكت يوشك توشك")

# ---- what keeps something from being done ----

# A verbal noun in front of its object, by its shape or by name; not those that are things as well.
_ACTION = (rf"{PREPOSITION_BI}{PREPOSITION_LI}{NOT_DEFINITE}"
           "(?!اجتماع|احتفال|امتحان|اختبار|استفتاء|انتخاب|تقرير|تلميذ|تمرين)"
           "(?:إ..ا.|إ.ا.ة|ت..ي.|ا.ت.ا.|ان..ا.|است..ا.|است.ا.ة|بيع|شراء|فتح|دخول|خروج|وصول|سحب|دفع|قطع|طرد|قتل|رفع|خفض"
           r"|عقد|قبول|هدم|شن|ضم|نشر|نقل|عودة|تسوية|مشاركة|مغادرة|متابعة|مواصلة|محاكمة|مصادرة|معاقبة)\b")
_DOING = r"(?!spring|string|evening|morning|building|nothing|something|everything)[a-z]{3,}ing\b"
_PREVENTING = rf"(?:(?:[يتن]?منع(?:ت|وا|ون|{PRONOUN})*|[بل]منع|ممنوع\w*|محروم\w*) )"
_BANNING = rf"(?:{_PREVENTING}|(?:[يت]?حظرت?|[بل]حظر|[يت]حرم|حرمت?|تحريم|الغاء|الغي|الغت) )"
_AVOIDING = _word("تفادي لتفادي تفاديا تجنب لتجنب تجنبا وقف بوقف لوقف إيقاف")
_INSTEAD = r"(?:(?:بدلا من|بدلا عن|عوضا عن|بدل) )"
_FAILING = _word("""
    فشل فشلت فشلوا يفشل تفشل أخفق أخفقت أخفقوا عجز عجزت عجزوا يعجز تعجز تراجع تراجعت تراجعوا عدل عدلت تخلى تخلت
""")
_REFUSAL = rf"(?:(?:رفض|نفي){PRONOUN} )"
_REFRAINING = _word("الامتناع بالامتناع امتناع امتنع امتنعت يمتنع تمتنع الكف بالكف")
_FAR = r"(?:(?:ابعد ما يكون|بعيد(?:ه|ا)? كل البعد) عن )"
_REFUSED = (r"(?:(?:refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|neglect(?:s|ed)?|fail(?:s|ed|ing)?|unable|unwilling"
            r"|unlikely|impossible|powerless|forbidden|(?:has|have|had|is|are) yet) )")
_PREVENTED = (r"(?:(?:prevent(?:s|ed|ing)?|stop(?:s|ped|ping)?|ban(?:s|ned|ning)?|bar(?:s|red|ring)?|block(?:s|ed|ing)?"
              rf"|keeps?|kept|prohibit(?:s|ed)?|deter(?:s|red)?|discourag(?:e|es|ed)) {_ANY}{{0,4}}?from )")
_URGED = _word("urge urged urges warn warned warns advise advised advises")
_NOT_DOING = (r"(?:(?:avoid(?:s|ed|ing)?|prohibit(?:s|ed)?|forbids?|forbade|bans?|banned|oppos(?:e|es|ed)|reject(?:s|ed)?"
              r"|rul(?:e|es|ed|ing) out|den(?:y|ies|ied|ying)|instead of|rather than|short of|far from|incapable of"
              r"|opposed to|against|(?:refrain|abstain|desist)(?:s|ed|ing)? from) )")
_NEITHER = rf"neither {_ANY}{{1,4}}?nor (?:(?:the|a|an|any|his|her|its|their|our) )?{_ANY}"
_NONE_OF = rf"(?:none|neither) of (?:(?:the|them|us|these|those) )?{_ANY}?"

# ---- conditions ----

# Not "whether", and not "even if". Where its consequence has no letter of its own, "if" has to open a clause.
_IF = rf"(?<!ما )(?<!حتي )(?<!even )(?<!as ){_START}"
_OPENING = rf"(?:(?:^|(?<=، )){AND}|(?:^|(?<= ))(?:{_THAT}|(?:and|but|says|said|warned|added) ))"
# Within the reach of a condition no other clause begins, and its consequence has not come yet.
_OTHER_CLAUSE = _word(CONTRASTING, "مضيفا مضيفة مؤكدا مؤكدة which who because although")
_REACH = rf"(?:(?!{_OTHER_CLAUSE}|(?:فس\w+|فسوف|فلن) )\S+ ){{2,24}}"
_CONSEQUENCE = r"ف(?!تح|ندق|نان|يه)(?:س|سوف|لن|لا|لم|قد|[إا]ن|[يتن]\w{2,})"
_FUTURE = (r"(?:(?!سيار|سياس|سيد|سينما|سير|سيل|سيف|سيطر|سنة|سنو|سند|سني|ستة|ستين|ستار|ستون)س[يتن]\w{3,}|سأ\w{3,}"
           r"|(?:سوف|لن)\b)")
_WILL = r"(?:will|would|ll|shall|could|might|must|may|can|won)\b"
# "He said he would" is what he will do, unless there is an "if".
_REPORTED = (rf"(?:(?!if |unless )\S+ )*{_word(ENGLISH_VERBS_OF_SAYING, 'promised pledged vowed agreed')}"
             r"(?:(?!if |unless )\S+ )*would ")

# Each has the bar, behind the "ف" or "ل" of a consequence that the quote leaves out. A phrase begins where its group
# `turn` does, if it has one; if `undone` matched, a negation turns it back.
_UNDONE = rf"(?P<undone>{_NOT})?(?P<turn>"
_BEFORE = tuple(map(re.compile, (
    rf"^(?:\S+ )*(?P<turn>{_IF}(?:اذا|لو|لولا|ان|في حال|في حاله) (?:\S+ ){{0,24}})[فل]\|",
    rf"^(?:\S+ )*(?P<turn>{_IF}(?:اذا|لو|في حال|في حاله|ان لم) (?:\S+ ){{0,24}})\| {_CONSEQUENCE}",
    rf"^(?:\S+ )*(?P<turn>{_IF}(?:لو|لولا) (?:\S+ ){{0,24}})(?:(?:لما|لكان|لكانت|لكانوا) \||\| ل(?!كن)\w{{3}})",
    rf"^(?:\S+ )*(?P<turn>{_IF}(?:اذا|لو|في حال|في حاله) (?!كانت? )(?:\S+ ){{0,24}}فان\w* )\| (?:\S+ ){{0,3}}{_FUTURE}",
    rf"^(?:\S+ )*?{_OPENING}(?P<turn>(?:اذا|في حال|في حاله|ان لم) {_REACH})\| {_FUTURE}",
    rf"^(?:\S+ )*?{_OPENING}(?P<turn>(?:if|unless) {_REACH})\| (?:\S+ ){{0,4}}{_WILL}",
    rf"{_START}{_word('إذا لو إن')}{_word(BEHIND_IF)}\|",
    rf"{_START}(?!{_HOWEVER}){_NOT}{_ADVERB}?{_BEING}{{0,2}}(?:{_GOVERNING}{_TO_SOMEBODY}?)?(?:{_THAT}|to )?{_BEING}?\|",
    rf"{_START}{_NOT}{_GOVERNING}(?:of|for) \|",
    rf"(?<=من ){_HOWEVER}\|",
    rf"{_START}{_NOT}{_MANAGING}{_ANY}{{0,3}}(?:{_word('من في على إلى')})?\| {_ACTION}",
    rf"{_START}{_NOT}{_WANTING}{_ANY}{{1,3}}ان \|",
    rf"{_word(BEFORE_DENYING_MA)}(?P<turn>ما )\|",
    rf"(?:^|(?<=، ))ما \| {_BEING}",
    rf"(?<!كل ){_START}ما من {_GOVERNING}?\| (?!شأن|شك|ريب)",
    rf"{_START}(?:{_NEITHER}|{_NONE_OF})\|",
    rf"{_START}{_MAYBE}{_BEING}{{0,2}}\|",
    rf"^(?!{_REPORTED})(?:\S+ )*(?P<turn>would {_BEING}{{0,2}})\|",
    rf"{_START}{_POSSIBLE}(?:(?:ان|that) \||\| (?:أن|ان|that) )",
    rf"{_START}(?:{_IMPOSSIBLE}|{_LEST}|for fear )(?:ان|that) \|",
    rf"{_START}(?:wish(?:es|ed)?|as if|as though|if only) (?:that )?\|",
    rf"{_START}قد \| {_PRESENT}",
    rf"{_START}{_ALMOST}{_ANY}{{0,4}}\| [أيتن]",
    r"علي وشك \|",
    rf"{_UNDONE}{_START}{_PREVENTING}{_ANY}{{0,4}}من (?:ان )?)\|",
    rf"{_UNDONE}{_START}(?:{_BANNING}{_ANY}{{0,2}}(?:علي {_ANY}{{1,3}})?|{_AVOIDING}))\| {_ACTION}",
    rf"{_UNDONE}{_START}{_FAILING}{_ANY}{{0,3}}(?:في|عن) )\| {_ACTION}",
    rf"{_START}(?:{_INSTEAD}|{_FAR}|{_REFUSAL}(?:القاطع |التام )?)(?:ان {_BEING}?\||\| {_ACTION})",
    rf"{_UNDONE}{_START}{_REFRAINING}عن )\|",
    rf"{_UNDONE}{_REFUSED})(?:to \||\| to )",
    rf"{_UNDONE}{_PREVENTED})\| {_DOING}",
    rf"{_URGED}against \|",
    rf"{_UNDONE}{_NOT_DOING})\| {_DOING}",
    r"far from \| (?:[a-z]+ed|certain|clear|over|perfect|ideal|ready)\b",
)))
_BEHIND = tuple(map(re.compile, (
    r"\| (?:اذا|لو|لولا|بشرط|شريطه|شرط ان|عدا|ما عدا|باستثناء|ما لم|في حال|في حاله|[إا]ن لم|if|unless|provided|except"
    r"|only if|only when|as long as|so long as|but for|in case)\b",
    r"\| الا (?:اذا|ان|في حال)\b",
    r"\| ، (?:الا اذا|الا في حال|ما لم|لولا|بشرط|شريطه|باستثناء|ما عدا|unless|except|only if)\b",
    rf"^(?!س[يتن](?:قول|علن|ؤكد|ذكر|خبر|بلغ|قال))(?:س[يتن]|سأ)\w{{3,}} (?:\S+ )*\| {IF_OR_INDEED} (?!ال|شاء)\S",
    rf"{_START}{_word(BEFORE_A_CUT)}(?:\S+ )*\| (?:الا|سوي)\b",
    r"(?:^|(?<= ))\d\S* \| #[%‰]",  # 10% is not 10
    r"\| (?:غير (?:صحيحه?|دقيقه?)|ليست? (?:صحيح[اه]?|دقيق[اه]?)|عار(?:يه?)? (?:عن|من) الصحه|لا (?:اساس|صحه) لها?"
    r"|كاذبه?|كذب|مجرد (?:شايع|اشاع)\w+|(?:is|are|was|were) (?:not true|false|untrue|baseless|unfounded|a lie|a hoax))\b",
)))


def turned_before(before: str, quote: str) -> int | None:
    """Return the offset in `before` at which a phrase begins that turns what follows it; None without one.

    `before` ends in a space, or in a letter that the first word of `quote` leaves out.
    """
    context = f"{before}| {quote}"
    for pattern in _BEFORE:
        found = pattern.search(context)
        if found and not found.groupdict().get("undone"):
            return found.start("turn" if "turn" in pattern.groupindex else 0)
    return None


def turned_behind(quote: str, behind: str) -> int | None:
    """Return the offset in `behind` at which a phrase ends that turns what stands before it; None without one.

    `quote` ends in a space.
    """
    context = f"{quote}| {behind}"
    found = next(filter(None, (pattern.search(context) for pattern in _BEHIND)), None)
    return found and found.end() - len(quote) - len("| ")
