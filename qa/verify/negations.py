"""Patterns of negations, possibilities and shares that a quote was cut from: "لن", "no plan to", "قد", "بعض"."""

from __future__ import annotations

from index.language.function_words import BEFORE_A_CUT, BEFORE_DENYING_MA
from index.language.saying import ENGLISH_VERBS_OF_SAYING
from qa.verify.phrases import ACTION, ANY, NOUN, PRESENT, START, THAT, THAT_NOT, word

NOT = "(?:{}|{}|{})".format(
    word(BEFORE_A_CUT, "كيلا لكيلا بعدم لعدم بدون لغير بغير nobody lest", (THAT_NOT, f"ب{THAT_NOT}", f"ل{THAT_NOT}")),
    "(?:لا|ما من) احد |no 1 ", "(?<=n )t ")  # لا أحد, "no one" as they are compared; the "t" of n't
# غير أن is "however", though من غير أن is "without".
_HOWEVER = r"غير (?:ان|انه|انها) "
# Negated forms of "to be" and "no longer", and "have".
BEING = word("يكن تكن يكونوا نكن أكن يكون تكون يعد تعد يعودوا نعد كان be been being have had has")
_ADVERB = r"(?:(?:yet|longer|even|ever|again|(?!only|merely|simply|solely)[a-z]+ly) )"
# What a negation denies by these is what they govern: عدم السماح ب, لا نية ل, لن يتم, "no plan to".
GOVERNING = word("""
    وجود يوجد توجد هناك ثمة لدي لدينا لديه لديها لديهم له لها لنا لهم جواز السماح سماح إمكانية إجراء القيام قيام اللجوء
    العودة نية خطة خطط حاجة مبرر داعي مجال سبيل يتم تتم يجري تجري يجوز تجوز ينبغي يجب يمكن يمكننا يريد تريد نريد
    يريدون أريد يسمح تسمح نسمح يعتزم تعتزم نعتزم ينوي تنوي ننوي يستطيع تستطيع نستطيع يقبل تقبل نقبل يؤيد تؤيد نؤيد
    يسبق يحق يعني مستعد مستعدة مستعدا مستعدين قادر قادرة قادرا قادرين قابل قابلة قابلا راغب راغبة راغبا
    أقل أقول أذكر أصرح أزعم أدع أدعي أعلن نقل نقول نذكر نصرح نزعم نعلن say claim
    plan plans intention intentions need question going want wants able ready willing allow allowed possible agree
    expected mean means
""")
_TO_SOMEBODY = word("له لها لهم لنا لي")
# Verbs that govern behind their subject, by a preposition or by "that": لم يتمكن سالم من, لا يريد سالم أن.
_MANAGING = word("يتمكن تتمكن نتمكن ينجح تنجح ننجح يفلح تفلح يوافق توافق نوافق يقم تقم نقم يقوم تقوم نقوم")
_WANTING = word("يريد تريد نريد ينوي تنوي يستطيع تستطيع يقبل تقبل يعتزم تعتزم")
_MAYBE = word("""
    ربما لعل لعله لعلها إذا لو لولا بعض معظم أغلب أغلبية غالبية نصف ثلث ربع
    if unless may might could maybe perhaps possibly some most half almost nearly
""")
_POSSIBLE = word("يمكن الممكن ممكن المحتمل محتمل يحتمل المرجح يرجح")
_IMPOSSIBLE = word("يستحيل استحال المستحيل مستحيل يتعذر")
_LEST = r"(?:(?:خشيه|خشيه من|مخافه|خوفا من|خشيه من) )"
_ALMOST = word("كاد كادت يكاد تكاد كدنا نكاد أكاد أوشك أوشكت يوشك توشك")
_NEITHER = rf"neither {ANY}{{1,4}}?nor (?:(?:the|a|an|any|his|her|its|their|our) )?{ANY}"
_NONE_OF = rf"(?:none|neither) of (?:(?:the|them|us|these|those) )?{ANY}?"
# "He said he would" is what he will do, unless there is an "if".
_REPORTED = (rf"(?:(?!if |unless )\S+ )*{word(ENGLISH_VERBS_OF_SAYING, 'promised pledged vowed agreed')}"
             r"(?:(?!if |unless )\S+ )*would ")

NEGATIONS = (
    rf"{START}(?!{_HOWEVER}){NOT}{_ADVERB}?{BEING}{{0,2}}(?:{GOVERNING}{_TO_SOMEBODY}?)?(?:{THAT}|to )?{BEING}?\|",
    rf"{START}{NOT}{GOVERNING}(?:of|for) \|",
    rf"(?<=من ){_HOWEVER}\|",
    rf"{START}{NOT}{_MANAGING}{NOUN}{{0,3}}(?:{word('من في على إلى')})?\| {ACTION}",
    rf"{START}{NOT}{_WANTING}{NOUN}{{1,3}}ان \|",
    rf"{word(BEFORE_DENYING_MA)}(?P<turn>ما )\|",
    rf"(?:^|(?<=، ))ما \| {BEING}",
    rf"(?<!كل ){START}ما من {GOVERNING}?\| (?!شأن|شك|ريب)",
    rf"{START}(?:{_NEITHER}|{_NONE_OF})\|",
    rf"{START}{_MAYBE}{BEING}{{0,2}}\|",
    rf"^(?!{_REPORTED})(?:\S+ )*(?P<turn>would {BEING}{{0,2}})\|",
    rf"{START}{_POSSIBLE}(?:(?:ان|that) \||\| (?:أن|ان|that) )",
    rf"{START}(?:{_IMPOSSIBLE}|{_LEST}|for fear )(?:ان|that) \|",
    rf"{START}(?:wish(?:es|ed)?|as if|as though|if only) (?:that )?\|",
    rf"{START}قد \| {PRESENT}",
    rf"{START}{_ALMOST}{ANY}{{0,4}}\| [أيتن]",
    r"علي وشك \|",
)
