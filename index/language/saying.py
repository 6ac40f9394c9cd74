"""List the verbs of saying, Arabic and English, that introduce speech, report facts, or go on without a subject.

Every such list is here. They differ by purpose: a verb may be sure to name a speaker (قال), may announce a fact of its
own (أعلن), or may matter only when its subject is left out (وأضاف أن).
"""

from __future__ import annotations

from index.language.arabic import normalise

# Verbs before or after a speaker's name, in the forms that news uses, normalised.
VERBS_OF_SAYING = tuple(map(normalise, """
    قال قالت قالوا يقول تقول يقولون صرح صرحت أكد أكدت أكدوا يؤكد تؤكد أعلن أعلنت أضاف أضافت تابع تابعت أوضح أوضحت شدد
    شددت ذكر ذكرت كتب كتبت أشار أشارت اعتبر اعتبرت رأى لفت كشف كشفت حذر حذرت نفى نفت أفاد أفادت زعم زعمت علق علقت غرد
    غردت أردف أردفت استطرد أعرب أعربت نوه
""".split()))
# Verbs without an object, so that the speaker follows: "قال الوزير", but "أعلن الحرب".
VERBS_WITHOUT_OBJECT = tuple(map(normalise, "قال يقول تقول صرح أضاف تابع أوضح شدد أشار لفت علق غرد أردف".split()))
# Verbs that name a source behind "بحسب ما", besides `VERBS_OF_SAYING`.
VERBS_OF_SOURCES = ("اورد", "اوردت", "نقلت", "جاء", "ورد")
ENGLISH_VERBS_OF_SAYING = ("said", "says", "told", "added", "stated", "announced", "confirmed", "warned", "wrote",
                           "tweeted", "insisted", "declared", "argued", "noted")

# Verbs that report a question ("تساءل عن"), and verbs that deny what follows, normalised.
VERBS_OF_ASKING = tuple(map(normalise, """
    سأل سألت سألوا يسأل تسأل تساءل تساءلت تساءلوا يتساءل تتساءل متسائلا متسائلة استفسر استفسرت asked asks wondered
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
