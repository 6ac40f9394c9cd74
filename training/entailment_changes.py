"""Makes claims from sentences of news: the same said otherwise, and with one change that makes it another statement."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Set

from index.language.tokens import compared
from training.changed import changed_question

# Words that may stand for one another wherever they stand, as written.
_SAME = [line.split("|") for line in """
قال|صرح|ذكر
قالت|صرحت|ذكرت
وقال|وصرح|وذكر
أعلن|كشف
أعلنت|كشفت
قتل|لقي مصرعه
بسبب|جراء|نتيجة
بعد|عقب|إثر
خلال|أثناء
نحو|حوالي|قرابة|زهاء
بشأن|حول|بخصوص
عبر|من خلال
لكن|غير أن|إلا أن
عام|سنة
العام|السنة
أجل|سبيل
كبيرة|ضخمة
كبير|ضخم
عدة|عدد من
بينهم|من بينهم|منهم
وفق|بحسب|حسب
وفقا|طبقا
ضد|بحق
أكثر من|ما يزيد على
أقل من|ما يقل عن
حيث|إذ
كما|أيضا
التي|اللتي
الماضي|الفائت|المنصرم
الماضية|الفائتة|المنصرمة
المقبل|القادم
المقبلة|القادمة
مقتل|مصرع
إصابة|جرح
اعتقال|توقيف
اعتقلت|أوقفت
الولايات المتحدة|أمريكا
الأمريكية|الأميركية
الأمريكي|الأميركي
فاز|انتصر
فوز|انتصار
مباراة|لقاء
استخدام|استعمال
إنهاء|وقف
بدأ|شرع في
بدأت|شرعت في
انتهاء|ختام
اتفاق|اتفاقية
مساعدة|معونة
الأسبوع|هذا الأسبوع
السيطرة على|الاستيلاء على
وصل إلى|بلغ
وصلت إلى|بلغت
يمكن|بالإمكان
أعضاء|أفراد
قرار|حكم
القوات|الجنود
رحلة|سفرة
غادر|ترك
شركة|مؤسسة
مدينة|بلدة
تظاهر|احتج
منزل|بيت
سيارة|مركبة
شاهد|رأى
لقاء|اجتماع
التقى|اجتمع مع
حادث|حادثة
حكومة|سلطات
الحكومة|السلطات
مشكلة|أزمة
""".strip().splitlines()]
_SYNONYMS = {one: [other for other in line if other != one] for line in _SAME for one in line if " " not in one}
# Words that say the opposite in the same place.
_OPPOSITES = [line.split("|") for line in """
ارتفع|انخفض
ارتفعت|انخفضت
ارتفاع|انخفاض
ارتفاعا|انخفاضا
زيادة|خفض
زاد|قل
رفع|خفض
رفعت|خفضت
رفض|قبل
رفضت|قبلت
يرفض|يقبل
ترفض|تقبل
رفض|أيد
أيد|عارض
أيدت|عارضت
يؤيد|يعارض
تؤيد|تعارض
دعم|معارضة
يدعم|يعارض
تدعم|تعارض
قبل|بعد
فاز|خسر
فازت|خسرت
فوز|خسارة
الفوز|الخسارة
أكد|نفى
أكدت|نفت
يؤكد|ينفي
تؤكد|تنفي
أعلن|نفى
قال|نفى
رحب|ندد
رحبت|نددت
أدان|أيد
أدانت|أيدت
دخول|خروج
دخل|غادر
دخلت|غادرت
وصل|غادر
وصلت|غادرت
وصول|مغادرة
فتح|إغلاق
افتتح|أغلق
أغلق|افتتح
أغلقت|افتتحت
بداية|نهاية
بدأ|أنهى
بدأت|أنهت
بدء|انتهاء
أطلق|أوقف
إطلاق|وقف
داخل|خارج
شمال|جنوب
شرق|غرب
شمالي|جنوبي
شرقي|غربي
أكثر|أقل
أكبر|أصغر
أول|آخر
أعلى|أدنى
الأول|الأخير
انضم|انسحب
انضمام|انسحاب
انسحاب|بقاء
انسحبت|بقيت
سمح|منع
سمحت|منعت
يسمح|يمنع
تسمح|تمنع
السماح|المنع
وافق|اعترض
وافقت|اعترضت
نجح|فشل
نجحت|فشلت
نجاح|فشل
براءة|إدانة
تحسن|تدهور
تراجع|تقدم
تراجعت|تقدمت
هزم|خسر أمام
مقتل|إصابة
قتل|أصيب
اعتقال|إطلاق سراح
اعتقلت|أطلقت سراح
احتجاز|الإفراج عن
جميع|بعض
كل|بعض
معظم|قليل من
الرجال|النساء
رجل|امرأة
مع|ضد
باع|اشترى
شراء|بيع
إنشاء|هدم
إلغاء|إقرار
ألغى|أقر
ألغت|أقرت
طلب|رفض
طالب|رفض
طالبت|رفضت
دعا|رفض
دعت|رفضت
يريد|يرفض
تريد|ترفض
يدعو|يرفض
تدعو|ترفض
حضر|غاب عن
حضور|غياب
حذر|طمأن
الليل|النهار
الصباح|المساء
مؤيد|معارض
إيجابي|سلبي
قوة|ضعف
""".strip().splitlines()]
_OTHERS: dict[str, list[str]] = {}
for _one, _other in _OPPOSITES:
    _OTHERS.setdefault(_one, []).append(_other)
    _OTHERS.setdefault(_other, []).append(_one)
_NEGATIONS = {"لم", "لن", "ليس", "ليست", "لا"}
_MAYBE = {"قد", "ربما", "يعتزم", "تعتزم", "ينوي", "تنوي", "يحاول", "تحاول", "حاول", "حاولت", "يمكن", "يتوقع", "تتوقع"}
_PLANS = ("يعتزم", "قد", "ربما", "من المتوقع أن")
_SAID = re.compile(
    r"^(?:و|ف)?(?:قال|قالت|أعلن|أعلنت|أكد|أكدت|ذكر|ذكرت|أضاف|أضافت|أوضح|أوضحت|صرح|صرحت|زعم|زعمت|أشار|أشارت)"
    r" (?P<who>[^:،\"]{3,60}?)،? (?:إن|أن|بأن|إلى أن)(?P<suffix>ه|ها|هم)? (?P<what>.{20,})$")
MOST_WORDS, LEAST_WORDS = 26, 6


def restated(sentence: str, draw: random.Random) -> str:
    """Say a sentence otherwise: shortened at a comma, with other words, its subject before its verb."""
    text = _shortened(sentence.rstrip(" .،"), draw)
    words = text.split()
    for place, word in enumerate(words):
        if word in _SYNONYMS and draw.random() < 0.6:
            words[place] = draw.choice(_SYNONYMS[word])
    if len(words) > 4 and draw.random() < 0.4:
        words = _subject_first(words)
    return " ".join(words).removeprefix("و" if draw.random() < 0.5 else "\0")


def _shortened(text: str, draw: random.Random) -> str:
    """Leave out a clause between commas, or one in brackets, if what is left has words enough."""
    text = re.sub(r" ?\([^)]*\)", "", text)
    parts = re.split(r"، ?", text)
    for _ in range(3):
        if len(parts) < 2 or draw.random() < 0.2:
            break
        if len(parts) > 2 and draw.random() < 0.5:
            chosen = parts[:1] + parts[2:]
        else:
            chosen = parts[:-1]
        if len(" ".join(chosen).split()) < LEAST_WORDS:
            break
        parts = chosen
    return "، ".join(parts)


def _subject_first(words: list[str]) -> list[str]:
    """Put a definite subject of two words at most before the verb that begins the sentence."""
    verb = words[0].removeprefix("و")
    if len(verb) < 3 or verb.startswith("ال") or not words[1].startswith("ال"):
        return words
    length = 2 if words[2].startswith("ال") else 1
    return [*words[1:1 + length], verb, *words[1 + length:]]


def changed_claims(claim: str, text: str, names: Callable[[str], bool], words_of_news: Set[str], other_names: list[str],
                   draw: random.Random) -> Iterator[tuple[str, str]]:
    """Yield pairs of a kind of change and the claim with that change; `other_names` are names of the same article."""
    words = claim.split()
    other = changed_question(claim, text, draw)
    if other:
        yield "value", other
    places = [place for place, word in enumerate(words) if word in _OTHERS]
    if places:
        place = draw.choice(places)
        yield "opposite", " ".join([*words[:place], draw.choice(_OTHERS[words[place]]), *words[place + 1:]])
    yield from (("negation", other) for other in _negated(words, words_of_news))
    yield from (("modality", other) for other in _otherwise(words, words_of_news, draw))
    spoken = _SAID.match(claim)
    if spoken:
        if not spoken["suffix"]:
            yield "attribution", spoken["what"]
        who = spoken["who"]
        strangers = [name for name in other_names if name not in who]
        if strangers:
            last = who.split()[-1]
            yield "speaker", claim.replace(last, draw.choice(strangers), 1)
    mine = [place for place, word in enumerate(words) if place and names(compared(word.strip("،.:\"")))]
    if mine and other_names:
        place = draw.choice(mine)
        strangers = [name for name in other_names if name not in words]
        if strangers:
            yield "name", " ".join([*words[:place], draw.choice(strangers), *words[place + 1:]])
    if len(mine) > 1:
        one, two = sorted(draw.sample(mine, 2))
        if two - one > 1 and words[one] != words[two]:
            exchanged = list(words)
            exchanged[one], exchanged[two] = words[two], words[one]
            yield "order", " ".join(exchanged)


def _negated(words: list[str], words_of_news: Set[str]) -> Iterator[str]:
    for place, word in enumerate(words[:12]):
        bare = compared(word)
        if bare in _NEGATIONS:
            yield " ".join([*words[:place], *words[place + 1:]])
            return
        if len(bare) < 4 or bare.startswith("ال"):
            continue
        if bare.startswith(("سي", "ست")) and bare[1:] in words_of_news:
            yield " ".join([*words[:place], "لن", word[1:], *words[place + 1:]])
            return
        if bare[0] in "يت" and f"{'ت' if bare[0] == 'ي' else 'ي'}{bare[1:]}" in words_of_news and not place:
            yield " ".join([*words[:place], "لا", word, *words[place + 1:]])
            return
        if not place and f"ي{bare}" in words_of_news:
            yield " ".join(["لم", f"ي{word}", *words[1:]])
            return
        if not place and bare.endswith("ت") and f"ت{bare[:-1]}" in words_of_news:
            yield " ".join(["لم", f"ت{word[:-1]}", *words[1:]])
            return


def _otherwise(words: list[str], words_of_news: Set[str], draw: random.Random) -> Iterator[str]:
    for place, word in enumerate(words[:12]):
        bare = compared(word)
        if bare in _MAYBE:
            yield " ".join([*words[:place], *words[place + 1:]])
            return
        if bare.startswith(("سي", "ست")) and len(bare) > 4 and bare[1:] in words_of_news:
            past = word[2:] + ("ت" if bare[1] == "ت" else "")
            yield " ".join([*words[:place], past, *words[place + 1:]])
            return
        if not place and len(bare) > 3 and f"ي{bare}" in words_of_news:
            yield " ".join([draw.choice(_PLANS[1:3]), f"ي{word}", *words[1:]])
            return
        if not place and len(bare) > 3 and bare.endswith("ت") and f"ت{bare[:-1]}" in words_of_news:
            yield " ".join([draw.choice(_PLANS[1:3]), f"ت{word[:-1]}", *words[1:]])
            return
