"""List the verbs of saying, Arabic and English, that introduce speech, report facts, or go on without a subject.

Every such list is here. They differ by purpose: a verb may be sure to name a speaker (قال), may announce a fact of its
own (أعلن), or may matter only when its subject is left out (وأضاف أن).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from index.language.arabic import normalise
from index.language.clitics import AND, ARTICLE

# Verbs before or after a speaker's name, in the forms that news uses, normalised.
VERBS_OF_SAYING = tuple(map(normalise, """
    قال قالت قالوا يقول تقول يقولون صرح صرحت أكد أكدت أكدوا يؤكد تؤكد أعلن أعلنت أضاف أضافت تابع تابعت أوضح أوضحت شدد
    شددت ذكر ذكرت كتب كتبت أشار أشارت اعتبر اعتبرت رأى لفت كشف كشفت حذر حذرت نفى نفت أفاد أفادت زعم زعمت علق علقت غرد
    غردت أردف أردفت استطرد أعرب أعربت نوه
    يضيف تضيف يعلن تعلن يوضح توضح يشير تشير يرى ترى يعتبر تعتبر يعتقد تعتقد يعتقدون يرون يؤكدون اعتقد اعتقدت رأت
    أشاروا
    أضافوا أعلنوا يتابع تتابع واصل واصلت استطردت استدرك استدركت ختم اختتم لفتت نوهت شرح شرحت روى روت يروي تروي حكى حكت
    أجاب أجابت ردت يرد ترد عقبت أبلغ أبلغت أخبر أخبرت دون دونت ادعى ادعت يدعي تدعي يزعم تزعم يزعمون أقر أقرت يقر
    تقر اعترف اعترفت يعترف تعترف تعهد تعهدت يتعهد وعد وعدت توعد توعدت هدد هددت توقع توقعت يتوقع تتوقع يحذر تحذر كرر
    كررت
    جدد جددت أصر أصرت يصر تصر خلص خلصت خلصوا لاحظ لاحظت ألمح ألمحت بينت أبدى أبدت عبرت أشاد أشادت أمل يأمل تأمل
    تمنى تمنت شدّدوا ذكروا أفادوا كتبوا يكشف تكشف يكتب تكتب يشدد تشدد يعلق تعلق يشرح تشرح أوصى أوصت اشتكى اشتكت صرحوا
    نقل نقلت ينقل تنقل
    يقل تقل يصرح تصرح
""".split()))
# Verbs whose object is a person or a thing that they say something of: "وصف الخطة بأنها", "وصفته ماي بأنه".
VERBS_OF_CALLING = tuple(map(normalise, """
    وصف وصفت يصف تصف وصفوا اتهم اتهمت يتهم تتهم اتهموا انتقد انتقدت ينتقد تنتقد دعا دعت يدعو تدعو دعوا طالب طالبت
    يطالب
    تطالب حث حثت ناشد ناشدت هنأ هنأت شكر شكرت امتدح امتدحت مدح مدحت نعى نعت أدان أدانت يدين تدين ندد نددت استنكر
    استنكرت
    نشر نشرت أصدر أصدرت هاجم هاجمت خاطب خاطبت شبه شبهت سمى سمت وصى أيد أيدت
""".split()))
# Verbs without an object, so that the speaker follows: "قال الوزير", but "أعلن الحرب".
VERBS_WITHOUT_OBJECT = tuple(map(normalise, """
    قال قالت قالوا يقول تقول يقولون صرح صرحت صرحوا أضاف أضافت أضافوا شدد شددت أشار أشارت أشاروا لفت لفتت علق علقت غرد
    غردت أردف
    أردفت أعرب أعربت أشاد أشادت ردت أجاب أجابت عقبت
""".split()))
# Verbs whose object has ب: أشاد بفرض العقوبات.
VERBS_WITH_BA = tuple(map(normalise, """
    أشاد أشادت يشيد تشيد رحب رحبت يرحب ترحب ندد نددت تعهد تعهدت يتعهد طالب طالبت هدد هددت وعد وعدت أقر أقرت اعترف اعترفت
    توعد توعدت نوه نوهت يعترف تعترف يقر تقر يندد تندد
""".split()))
# Verbs whose object has إلى or على, which is then no part of a title: أشار المتحدث إلى مسؤولية البلدية.
VERBS_WITH_ILA = tuple(map(normalise, """
    أشار أشارت أشاروا يشير تشير لفت لفتت نوه نوهت دعا دعت خلص خلصت ألمح ألمحت
""".split()))
VERBS_WITH_ALA = tuple(map(normalise, """
    علق علقت شدد شددت أكد أكدت رد ردت أصر أصرت يعلق تعلق يشدد تشدد يؤكد تؤكد
""".split()))
# Verbs whose object is more often a thing than what is said: "شرح الخطة", "نقل البيان".
VERBS_OF_SHOWING = tuple(map(normalise, """
    شرح شرحت يشرح تشرح كشف كشفت يكشف تكشف روى روت يروي تروي حكى حكت دون دونت لاحظ لاحظت نقل نقلت ينقل تنقل تابع تابعت
    يتابع تتابع
""".split()))
# Verbs that name a source behind "بحسب ما", besides `VERBS_OF_SAYING`.
VERBS_OF_SOURCES = ("اورد", "اوردت", "نقلت", "جاء", "ورد")
ENGLISH_VERBS_OF_SAYING = ("said", "says", "told", "added", "stated", "announced", "confirmed", "warned", "wrote",
                           "tweeted", "insisted", "declared", "argued", "noted")
SAYING_IN_BOTH_LANGUAGES = frozenset((*VERBS_OF_SAYING, *ENGLISH_VERBS_OF_SAYING))
# Verbs of saying, and of what is done by saying something of somebody; not أقر, which is also what parliaments do.
SAYING_OR_ACCUSING = (SAYING_IN_BOTH_LANGUAGES | frozenset(map(normalise, """
    اتهم اتهمت طالب طالبت انتقد انتقدت أدان أدانت ندد نددت دعا دعت حث حثت هدد هددت توعد توعدت وصف وصفت accused urged
""".split()))) - frozenset(map(normalise, ("أقر", "أقرت", "يقر", "تقر")))

# Verbs that report a question ("تساءل عن"), and verbs that deny what follows, normalised.
VERBS_OF_ASKING = tuple(map(normalise, """
    سأل سألت سألوا يسأل تسأل تساءل تساءلت تساءلوا يتساءل تتساءل متسائلا متسائلة استفسر استفسرت asked asks wondered
""".split()))
# Verbs that deny if a claim is their object (رفض الاتهامات), and that refuse otherwise; verbs that doubt.
VERBS_OF_REJECTION = tuple(map(normalise, "رفض رفضت رفضوا يرفض ترفض يرفضون رافضا رافضة ينف تنف".split()))
VERBS_OF_DOUBT = tuple(map(normalise, """
    شكك شككت شككوا يشكك تشكك مشككا مشككة استبعد استبعدت استبعدوا يستبعد تستبعد يستبعدون مستبعدا مستبعدة
    doubted doubts questioned
""".split()))
# Who says something with these is not believed.
VERBS_OF_ALLEGING = frozenset(map(normalise, "يزعم تزعم زعم زعمت يزعمون بزعم".split()))
VERBS_OF_REFUSING = frozenset(map(normalise, "رفض رفضت رفضوا".split()))
# Verbs that pass on what somebody else said.
VERBS_OF_CONVEYING = tuple(map(normalise, "نقل نقلت ينقل تنقل".split()))
# Present forms of English denial, and verbs in ت that are masculine.
ENGLISH_DENIAL = ("deny", "denies", "denying", "denied")
MASCULINE_WITH_TA = tuple(map(normalise, "تابع توقع توعد تعهد تمنى تساءل".split()))
# Participles that go on with speech: the subject is that of the verb before.
PARTICIPLES_OF_SAYING = tuple(map(normalise, """
    قائلا قائلة قائلين مضيفا مضيفة مؤكدا مؤكدة مشددا مشددة موضحا موضحة معتبرا معتبرة لافتا لافتة مشيرا مشيرة متابعا
    متابعة
    محذرا محذرة مبينا مبينة معلنا معلنة كاشفا كاشفة واصفا واصفة زاعما زاعمة مستطردا مستطردة معلقا معلقة منوها منوهة
    معربا
    معربة متهما متهمة داعيا داعية مطالبا مطالبة
""".split()))
VERBS_OF_DENIAL = tuple(map(normalise, """
    نفى نفت نفوا ينفي تنفي ينفون نافيا نافية أنكر أنكرت أنكروا ينكر تنكر كذب كذبت كذبوا يكذب تكذب دحض دحضت فند فندت
    denied denies denying refuted rejected dismissed
""".split()))

# Verbs that may replace each other in two reports of the same fact: they only say that somebody said it.
INTERCHANGEABLE_VERBS = frozenset(
    normalise(verb + ending) for ending in ("", "ت", "وا")
    for verb in "قال ذكر أعلن أكد أوضح أضاف أشار صرح أفاد بيّن".split()) \
    | frozenset("said says told announced added stated reported".split())

# Stems, normalised, of verbs whose subject is left out if it was just named: "وأضاف أن", "ودعا إلى".
_STEMS = """
    قال قول اضاف ضيف اكد وكد اوضح وضح اشار شير ذكر تابع لفت شدد نوه راي ري اعتبر عتبر اعلن علن صرح افاد فيد بين ختم
    زعم ادعي استطرد ستطرد استدرك اردف ردف واصل كشف نقل نفي انكر نكر توقع حذر تعهد وعد اقر قر اعترف الم كرر جدد ناشد
    حث طالب دعا دعو اتهم تهم وصف اعرب عرب عبر انتقد نتقد
""".split()
# Patterns of these verbs in any person of the past and the present; of verbs with "على"; of participles; and of
# impersonal verbs ("يذكر أن"). Last, English participles behind "it was".
SAYING_WITHOUT_SUBJECT = "|".join(f"(?:[يت]?{stem})(?:ت|ا|وا|ون|ان)?" for stem in _STEMS)
SAYING_ON_WITHOUT_SUBJECT = r"(?:شدد|اكد|يوكد|يشدد|توكد|تشدد|حث|يحث|علق|وافق|اصر|اتفق)(?:ت|وا)? علي\b"
SAYING_BY_PARTICIPLE = r"(?:مضيف|مشير|موضح|موكد|معتبر|قايل)(?:ا|ه)\b"
IMPERSONAL_SAYING = r"(?:يذكر|يشار|يعتقد|يتوقع|يقال|يزعم|يرجح)\b"
EXPLETIVE_SAYING = ("said", "reported", "announced")
# Words that make what follows somebody's view, besides the verbs of saying.
TAKING_A_VIEW = frozenset(map(normalise, """
    وصف وصفت يصف تصف وصفوا وصفه وصفته اتهم اتهمت يتهم تتهم اتهموا سمى سمت أسماه أسمته سماه سمته قائلا قائلة قائلين مضيفا
    مضيفة مؤكدا مؤكدة معتبرا معتبرة موضحا موضحة زاعما زاعمة مدعيا مدعية متهما متهمة accused called described
""".split()))
# Verbs of warning, which say that something is somebody's words; no speaker is looked for beside them.
VERBS_OF_WARNING = frozenset(map(normalise, "أنذر أنذرت ينذر تنذر نبه نبهت".split()))
# Verbs whose object is who is told: أبلغ الوزير.
INFORMING = frozenset(map(normalise, "أبلغ أبلغت أخبر أخبرت".split()))
# Nouns that are spelled as verbs of saying.
SPELLED_AS_VERBS = frozenset(map(normalise, "ذكر كشف رد وعد نفي وصف شرح نقل ختم تعهد توقع علق شكر مدح".split()))
# Verbs behind which the speaker stands alone, and nobody to whom it is said: not "ماذا أجاب الوزير النائب".
SAYING_WITH_SPEAKER_BEHIND = frozenset(map(normalise, """
    قال قالت يقول تقول صرح صرحت رد ردت يرد ترد علق علقت عقب عقبت ذكر ذكرت أعلن أعلنت أكد أكدت أوضح أوضحت كتب كتبت
""".split()))
# What an authority says with these is done by that.
ANNOUNCING = frozenset(map(normalise, "أعلن أعلنت يعلن تعلن announced announces".split()))

# What a speaker does with words that an article gives.
Stance = Literal["stated", "denied", "asked", "doubted"]
# Patterns, in normalised text, of phrases right before the words, or a few words before them, that say so.
_WORDS = r"(?:[^\W_]+ ){0,3}?"
DENYING_PHRASE = (
    rf"\b{AND}(?:لا صحه|عدم صحه|(?:ليس|ليست|وليس) (?:من )?(?:صحيح|صحيحا|صحيحه|الصحيح)|غير صحيح(?:ه)?|من غير الصحيح"
    r"|لم يقل|لم تقل|لم نقل|كذب(?:ت)? (?:انباء|الانباء|خبر|الخبر|تقارير|التقارير)"
    r"|(?:it is|it's|is) (?:not true|false)|did not say|never said)\W+"
    r"(?:[^\W_]+ ){0,5}?(?:ل[^\W_]*|ان[^\W_]*|بان[^\W_]*|عن|من|حول|بشان|that|[^\W_]*)\W*$")
_BELIEF = r"[اينت]?(?:عتقد|ظن|ري|توقع|رجح|تصور|تخيل|وكد|ثبت|ومن|صدق|ضمن|عني|زعم)(?:ون|وا)?"
DOUBTING_PHRASE = (
    rf"\b{AND}(?:(?:لا|لم|لن|ليس|ليست|لست) {_BELIEF} {_WORDS}(?:ان|بان)(?:ه|ها|هم|نا|ني|ا)?"
    rf"|(?:لست|ليس|لسنا) (?:متاكدا|متاكده|واثقا|مقتنعا) {_WORDS}(?:من )?(?:ان)(?:ه|ها|هم)?"
    rf"|من غير (?:المرجح|المتوقع|الموكد|الواضح|المعقول|الممكن|المحتمل) (?:ان|ما اذا كان|ما اذا كانت)"
    rf"|(?:امتنع|امتنعت|تحفظ|تحفظت) {_WORDS}(?:عن |على )?{ARTICLE}تاكيد(?: ان(?:ه|ها|هم)?)?"
    rf"|ليس من (?:المرجح|المتوقع|الموكد|الواضح|الممكن|المحتمل) (?:ان)"
    rf"|(?:شاييعات|شايعات|الشايعات|مزاعم|اشاعات|انباء غير موكده) (?:عن|حول|بشان|مفادها ان|بان)"
    rf"|(?:(?:do|does|did) not|(?:don|doesn|didn)['’]?t) (?:think|believe|know|expect)(?: that)?"
    rf"|unlikely(?: that)?|rumou?rs (?:that|of))\W*$")
ASKING_PHRASE = (rf"\b(?:عما اذا|عن ما اذا|ما اذا|عما ان|whether)(?: كان| كانت)? {_WORDS}$|\bهل $")

# What a verb of saying does besides saying (a speech act), by its forms in news, normalised. A verb of saying that is
# not here only says.
SpeechAct = Literal["said", "announced", "confirmed", "denied", "rejected", "admitted", "warned", "threatened",
                    "demanded", "promised", "accused", "condemned", "welcomed", "asked", "doubted", "expected"]
_VERBS_OF_ACTS: Mapping[SpeechAct, str] = {
    "announced": """
        أعلن أعلنت أعلنوا يعلن تعلن معلنا معلنة كشف كشفت يكشف تكشف كاشفا كاشفة announced announce declared
    """,
    "confirmed": """
        أكد أكدت أكدوا يؤكد تؤكد يؤكدون مؤكدا مؤكدة شدد شددت شددوا يشدد تشدد مشددا مشددة أصر أصرت يصر تصر confirmed
        confirm insisted
    """,
    "admitted": "أقر أقرت يقر تقر اعترف اعترفت يعترف تعترف",
    "warned": "حذر حذرت يحذر تحذر محذرا محذرة warned",
    "threatened": "هدد هددت توعد توعدت",
    "demanded": """
        طالب طالبت يطالب تطالب مطالبا مطالبة دعا دعت دعوا يدعو تدعو داعيا داعية حث حثت ناشد ناشدت أوصى أوصت
    """,
    "promised": "تعهد تعهدت يتعهد وعد وعدت",
    "accused": "اتهم اتهمت اتهموا يتهم تتهم متهما متهمة",
    "condemned": "انتقد انتقدت ينتقد تنتقد أدان أدانت يدين تدين ندد نددت استنكر استنكرت هاجم هاجمت",
    "welcomed": "أشاد أشادت هنأ هنأت شكر شكرت امتدح امتدحت مدح مدحت أيد أيدت",
    "expected": "توقع توقعت يتوقع تتوقع",
}
SPEECH_ACTS: Mapping[str, SpeechAct] = {
    **{normalise(verb): act for act, verbs in _VERBS_OF_ACTS.items() for verb in verbs.split()},
    **dict.fromkeys((*VERBS_OF_DENIAL, *ENGLISH_DENIAL, "deny"), "denied"),
    **dict.fromkeys(VERBS_OF_REJECTION, "rejected"), **dict.fromkeys(VERBS_OF_ASKING, "asked"),
    **dict.fromkeys(VERBS_OF_DOUBT, "doubted")}
# Acts that only say, so that who says it stands behind the verb.
ACTS_OF_SAYING: tuple[SpeechAct, ...] = ("said", "announced", "confirmed")
# Verbs with another meaning: to hold a view, which is spelled as the noun; to comment or to suspend; to call or to
# invite.
VERBS_OF_OPINION, VERBS_OF_COMMENT, VERBS_OF_INVITING = (
    frozenset(map(normalise, verbs.split())) for verbs in ("رأى", "علق علقت", "دعا دعت دعوا يدعو تدعو"))
