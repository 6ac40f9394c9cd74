"""Parts of the patterns of phrases beside a quote, which are read in the compared forms of its words.

A sentence around a quote is written with a space behind each word, a bar at the edge of the quote, and "،" for a mark
that ends a clause: "قال سالم ، اذا خسرنا القضيه ، | سنبيع المبني". The first word of the quote is as written, since its
hamza tells إغلاق from أسواق, and سأبيع from ساحة.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.language.clitics import AND, NOT_DEFINITE, PREPOSITION_BI, PREPOSITION_LI
from index.language.function_words import BEFORE_NOUNS, THAT_WORDS
from index.language.tokens import compared_words

# "If" or "indeed", as written with its hamza, which tells it from أن.
IF_OR_INDEED = "إن"
# Stands for أَلّا, which only its hamza tells from إلا, as it tells لئلا from ليلا.
THAT_NOT = "انلا"


def alternatives(*lists: str | Iterable[str]) -> str:
    """Return the alternatives of a pattern, longer words first; words in a string are normalised."""
    words = {word for each in lists for word in (compared_words(each) if isinstance(each, str) else each)}
    return "|".join(sorted(words, key=len, reverse=True))


def word(*lists: str | Iterable[str]) -> str:
    """Return a pattern for any of the words, with the space behind it; words in a string are normalised."""
    return f"(?:(?:{alternatives(*lists)}) )"


# Where a word begins, perhaps with "and"; any word of the clause; one of a subject or object.
START = rf"(?:^|(?<= )){AND}"
ANY = r"(?:[^\W_]+ )"
NOUN = rf"(?:(?!{word(BEFORE_NOUNS)})[^\W_]+ )"
THAT = word(THAT_WORDS, (IF_OR_INDEED,))
# Behind قد, the present; the past of verbs begins with ت or ن too: قد تعرض, قد نقلت. As written.
_PAST_WITH_NUN = alternatives("""
    نقل نشر نجح نفى نفذ نظم نال نصح ندد نسق نقص نما نزل نسي نجا ناقش نافس نادى ناشد نتج نجم نبه ندم نذر نزح نزع نسب نسج
    نسف نشأ نشب نشط نص نصب نصر نطق نظر نعى نفد نفر نفق نقد نقض نكر نمى نهب نهض نهى نوه نوى نام نهج ناب ناصر ناضل نكث نحت
    نمت
""").replace("ا", "[اأ]").replace("ي", "[يى]")
PRESENT = rf"(?:ي|تت|تست|(?:تكون|[أا]كون|لا)\b|(?!(?:{_PAST_WITH_NUN})(?:ت|وا|ا|ه|ها|هم)*\b)ن\w\w)"
_NO_FUTURE = "|".join("""
    سيار سياس سيدة سيدات سيدي سيرة سيرغي سيرجي سينما سيناريو سيناء سيناتور سيبيريا سيولة سيطرة سيطرت سيطروا
    سنوات سنوي سنتيم سنتات سندات سنغافورة ستيفن ستيف ستينات ستيني ستيوارت ستانلي ستارت ستالين ستورمي ستوكهولم ستوديو
""".split())
# As written: the letter of the future also begins سيارة, ستون, سيرغي.
FUTURE = rf"(?:(?!{_NO_FUTURE})س[يتن]\w{{3,}}|سأ\w{{3,}}|(?:سوف|لن)\b)"
# A verbal noun, by its shape or by name; not those that are things as well. `ACTION` stands in front of its object.
VERBAL_NOUN = ("(?!اجتماع|احتفال|امتحان|اختبار|استفتاء|انتخاب|تقرير|تلميذ|تمرين)"
                "(?:إ..ا.|إ.ا.ة|ت..ي.|ا.ت.ا.|ان..ا.|است..ا.|است.ا.ة|بيع|شراء|فتح|دخول|خروج|وصول|حضور|عبور|حصول|سحب|دفع"
                "|قطع|طرد|قتل|رفع|خفض|عقد|قبول|هدم|شن|ضم|نشر|نقل|سفر|عودة|تسوية|مشاركة|مغادرة|متابعة|مواصلة|ممارسة|محاكمة"
                r"|مصادرة|معاقبة)\b")
ACTION = rf"{PREPOSITION_BI}{PREPOSITION_LI}{NOT_DEFINITE}{VERBAL_NOUN}"
