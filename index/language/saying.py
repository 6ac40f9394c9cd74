"""Verbs of saying, Arabic and English: who introduces speech, who only reports, who goes on speaking.

Every list of them is here. They differ since a verb may name a speaker for certain (قال), announce a fact of its own
(أعلن), or be worth knowing only where its subject is left out (وأضاف أن).
"""

from __future__ import annotations

from index.language.arabic import normalise

# In front of a speaker's name or behind it: the forms that news uses, normalised.
VERBS_OF_SAYING = tuple(map(normalise, """
    قال قالت قالوا يقول تقول يقولون صرح صرحت أكد أكدت أكدوا يؤكد تؤكد أعلن أعلنت أضاف أضافت تابع تابعت أوضح أوضحت شدد
    شددت ذكر ذكرت كتب كتبت أشار أشارت اعتبر اعتبرت رأى لفت كشف كشفت حذر حذرت نفى نفت أفاد أفادت زعم زعمت علق علقت غرد
    غردت أردف أردفت استطرد أعرب أعربت نوه
""".split()))
# Those without an object, so that what follows them is who speaks: "قال الوزير", but "أعلن الحرب".
VERBS_WITHOUT_OBJECT = tuple(map(normalise, "قال يقول تقول صرح أضاف تابع أوضح شدد أشار لفت علق غرد أردف".split()))
# Those that only follow "بحسب ما": what a source brought.
VERBS_OF_SOURCES = ("اورد", "اوردت", "نقلت", "جاء", "ورد")
ENGLISH_VERBS_OF_SAYING = ("said", "says", "told", "added", "stated", "announced", "confirmed", "warned", "wrote",
                           "tweeted", "insisted", "declared", "argued", "noted")

# Those that one may stand for the other in two reports of the same fact: they only say that somebody said it.
INTERCHANGEABLE_VERBS = frozenset(
    normalise(verb + ending) for ending in ("", "ت", "وا")
    for verb in "قال ذكر أعلن أكد أوضح أضاف أشار صرح أفاد بيّن".split()) \
    | frozenset("said says told announced added stated reported".split())

# Stems, normalised, of those that leave out a subject that was just named: "وأضاف أن", "ودعا إلى".
_STEMS = """
    قال قول اضاف ضيف اكد وكد اوضح وضح اشار شير ذكر تابع لفت شدد نوه راي ري اعتبر عتبر اعلن علن صرح افاد فيد بين ختم
    زعم ادعي استطرد ستطرد استدرك اردف ردف واصل كشف نقل نفي انكر نكر توقع حذر تعهد وعد اقر قر اعترف الم كرر جدد ناشد
    حث طالب دعا دعو اتهم تهم وصف اعرب عرب عبر انتقد نتقد
""".split()
# Patterns of such words in any person of the past and the present; of those that take "على"; of participles; and of
# those that nobody in particular says or thinks ("يذكر أن").
GOING_ON_SAYING = "|".join(f"(?:[يت]?{stem})(?:ت|ا|وا|ون|ان)?" for stem in _STEMS)
GOING_ON_SAYING_ON = r"(?:شدد|اكد|يوكد|يشدد|توكد|تشدد|حث|يحث|علق|وافق|اصر|اتفق)(?:ت|وا)? علي\b"
GOING_ON_BY_PARTICIPLE = r"(?:مضيف|مشير|موضح|موكد|معتبر|قايل)(?:ا|ه)\b"
SAID_BY_NOBODY = r"(?:يذكر|يشار|يعتقد|يتوقع|يقال|يزعم|يرجح)\b"
EXPLETIVE_SAYING = ("said", "reported", "announced")
