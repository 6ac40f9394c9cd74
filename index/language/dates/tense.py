"""Tell from the words of a clause whether a bare weekday in it lies ahead or behind: "سيجتمع الأحد", "قال الأحد".

The word nearest before the weekday that tells a time decides. Where none does, news tells of what was.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from index.language.clitics import AND, strip_and_for_numbers, strip_for_dates
from index.language.dates.reading import Reading
from index.language.dates.signs import Gap, Sign
from index.language.function_words import (
    BEFORE_CIRCUMSTANCES,
    BEFORE_NOUN_CLAUSES,
    BEFORE_OR_AFTER,
    COMPLEMENTISERS,
    OPENING_CLAUSES,
    RELATIVE_PRONOUNS,
    WAS,
)
from index.language.saying import SAYING_OR_ACCUSING
from index.language.tokens import compared_words


class Tense(Enum):
    """When that happens which a clause tells of."""

    PAST = auto()
    """It was, or nothing says otherwise."""
    PROBABLY_PAST = auto()
    """It is mentioned in passing beside what is to come: "سترد على هجوم السبت"."""
    COMING = auto()
    """It is to come: سيجتمع, من المقرر أن يصل, will meet."""
    PROBABLY_COMING = auto()
    """It is told of in the present, as plans are (يلتقي الوزيران), or was said before (كان قد أعلن أنه سيسافر)."""
    UNSURE = auto()
    """It was to come once, or may be any time: كان من المقرر أن يبدأ, يفوز."""


# Words of which it is remembered what they tell.
_WORDS_KEPT = 1 << 14
# Characters and words before a weekday that are read; fewer than `near.READ_AROUND`.
_READ_CHARS, _READ_WORDS = 250, 22
# A weekday may also stand in front of its verb: الأحد سيكون, "on Sunday he will".
_WORDS_BEHIND = 3

# "أُجّلت إلى السبت" is to come; "دعا إلى إضراب السبت" and "قرر عقد جلسة السبت" may tell when it was called.
_PUT_OFF = compared_words("""
    أجل أجلت تأجل تأجلت أرجأ أرجأت أرجئ أرجئت تأجيل إرجاء مدد مددت تمديد رحل رحلت
    postponed delayed adjourned extended deferred rescheduled moved
""")
_CALLED = compared_words("""
    دعا دعت دعوا دعوة طلب طلبت طالب طالبت قرر قررت اتفق اتفقت اتفقوا called urged asked decided agreed
""")
_FOR_A_PLAN = compared_words("""
# "أُجّلت إلى السبت" is to come; "دعا إلى إضراب السبت" and "قرر عقد جلسة السبت" may date the call itself.
""")

# What news says is to come or takes place, as the stem of its imperfect: س + ي + stem.
_STEMS = frozenset(compared_words("""
    كون تم حدث جري جر ستمر قوم بقى بدأ ظل صبح حصل تخذ واصل عود عمل واجه قدم عقد شهد زور لتقي قام ظهر علن شارك خرج رسل
    نسحب ستقيل صدر دخل لعب فوز طبق خوض جتمع صل حضر ناقش نعقد نطلق ستضيف فتح فتتح نتهي توجه غادر ستأنف وقع ستقبل بحث عرض
    طلق نظم صوت سافر رحل قابل باشر غيب حل ذهب رد سمح حتفل مثل عتمد ضم نضم قود شرف لقي دلي عقب طرح راجع وافق سقط هبط تولى
    تسلم سلم طير نشر بث جول عين حسم قرر سجل رى ر رتدي ختتم نقل فرض رفع غلق نافس ؤدي ستجوب حاكم مثل
"""))
_STEM_ENDINGS = re.compile("(?:ون|ان|ين|وا|ها|هما|هم|ه|ا)$")
# The perfect of these looks like the feminine imperfect: تعرض "was exposed" or "she shows".
_ALSO_PERFECT = frozenset(compared_words("قدم سلم عرض غيب راجع وقع ولى ضم سجل مثل حدث وجه بقى نافس قرر عين"))
# Of these, those whose present tells of a plan.
_PLANNED = frozenset(compared_words("""
    لتقي جتمع زور صل بدأ نطلق عقد نعقد فتتح فتح ستضيف واجه لعب
    خوض شارك توجه غادر سافر صوت طلق قام ستأنف ستقبل عرض حتفل نظم
    ناقش بحث دلي نتهي ختتم حل جري مثل صدر عود
"""))
# A day right behind one of these tells which one is meant, and it has been.
_NAMED_BY_DAYS = compared_words("""
    هجوم هجمات انفجار تفجير تفجيرات زلزال غارات غارة ضربة ضربات
    قصف حادث حادثة حريق إعصار أحداث اشتباكات مظاهرات شكوى قرار
    تصريحات بيان مجزرة مقتل
""")
# Nouns and names in س that are no verbs; a verb with another stem counts only behind a word that opens a clause.
_NOUNS = re.compile("س(?:ي(?:طر|ار|اس|اق|اد|اح|نا|نم|د|ر[هجغيتكسخ]|تي|ول|م|ف|ل|ئ|و|غ|ب|ك|سي|ن)"
                    "|ت(?:[هي]|ر[اي]|ور|ا[نردل]|ول|ون|ديو)|ن(?:[وهغجتداي]|ترال))")
_FUTURE_VERB = re.compile(rf"{AND}س[يتن](\w{{2,}})")
_IMPERFECT = re.compile(rf"{AND}([يت])(\w{{2,}})")
_PERFECT_FEMININE = re.compile(r"(?!(?:وال|فال|بال|كال|لل|ال))\w{2,}[^ا\W]ت")
_NOT_PERFECT = compared_words("بيت وقت صوت موت بنت تحت زيت سبت كويت بيروت تثبيت تصويت توقيت إنترنت كرت وبيت ووقت وصوت")
_OPENING = frozenset(COMPLEMENTISERS | RELATIVE_PRONOUNS | OPENING_CLAUSES)
_TO_COME = compared_words("""
    سوف لن مقرر مقررا مقررة المقرر المقررة مزمع المزمع مرتقب المرتقب المرتقبة منتظر المنتظر المنتظرة متوقع المتوقع
    المتوقعة
    يتوقع يعتزم تعتزم يعتزمون ينوي تنوي يستعد تستعد يفترض المفترض بصدد يخطط تخطط
    will shall would due scheduled expected planned plan plans intend intends set upcoming
""")
_RAPPORTEUR = compared_words("الخاص الأممي الدولي العام السابق المعني الخاصة الأممية")
_WAS = WAS | compared_words("كانوا had")
# Behind these, "أن" and an imperfect tell of what is to come; behind the second, of what was.
_WISHING = _TO_COME | compared_words("""
    توقع توقعت تتوقع نأمل يأمل تأمل قرر قررت وعد وعدت تعهد تعهدت يجب ينبغي على شأن المنتظر ينتظر
""")
_WHAT = BEFORE_NOUN_CLAUSES
# The perfect of what news tells, without the feminine, which its ending gives away.
_HAPPENED = compared_words("""
    تم قد لقد فقد وقد لم قتل قتلوا أصيب لقي توفي وصل بدأ التقى اجتمع وقع زار غادر افتتح انطلق فاز خسر انفجر استقبل
    أجرى هز ألقي ألقى اعتقل أطلق سقط وافق رفض
    was were had did met came went left fell shot hit took won lost began killed died
""")
_HAPPENS = compared_words("""
    meets opens begins starts visits arrives travels hosts faces votes
    holds takes plays resumes closes ends returns leaves
    meet begin arrive travel resume
""")
_TELLING = frozenset().union(_TO_COME, _WAS, _HAPPENED, SAYING_OR_ACCUSING, COMPLEMENTISERS, RELATIVE_PRONOUNS,
                             BEFORE_CIRCUMSTANCES, _PUT_OFF, _CALLED)
_DEFINITE = re.compile("ال")
_LINE_END = re.compile("[\\n\\r.!?؟…؛;]")


def tense_around(read: Reading, first: int, end: int) -> Tense:
    """Return when that happens which the clause of a weekday tells of; its tokens are `first` to before `end`."""
    earliest = _first_in_reach(read, first)
    told, token = _told_before(read, first, earliest)
    if told is Tense.PAST or (told is None and token < first):
        words = [_bare(read, each) for each in range(token, first)]
        if read.sign_before(first) in (Sign.TO, Sign.UNTIL) and not _PUT_OFF.isdisjoint(words):
            return Tense.COMING
        called = next((place for place, word in enumerate(words) if word in _CALLED), None)
        if called is not None and not _FOR_A_PLAN.isdisjoint(words[called + 1:]):
            return Tense.UNSURE
    if told is Tense.COMING and read.one_of(first - 1, _NAMED_BY_DAYS):
        return Tense.PROBABLY_PAST
    if told in (None, Tense.PAST) and _is_past_of_another_day(read, first, token, earliest):
        return Tense.UNSURE
    if told is not None:
        return told
    if _is_said_behind(read, end):
        return Tense.COMING
    to_come = any(_is_to_come(read, each) for each in range(earliest, token))
    return Tense.PROBABLY_PAST if to_come and token < first else Tense.PAST


def _is_past_of_another_day(read: Reading, first: int, token: int, earliest: int) -> bool:
    """Tell whether what was is of another day in between: "سيلتقي الفريق الذي خسر الأحد منافسه الجمعة"."""
    between = read.signs_between(token + 1, first - 1)
    return Sign.WEEKDAY in between and any(_is_to_come(read, each) for each in range(earliest, token))


def _first_in_reach(read: Reading, token: int) -> int:
    """Return the first token of the sentence, or the first that is read."""
    earliest, place = token, read.places[token][0]
    while earliest and token - earliest < _READ_WORDS and place - read.places[earliest - 1][0] <= _READ_CHARS \
            and not _ends_sentence(read, earliest):
        earliest -= 1
    return earliest


def _ends_sentence(read: Reading, token: int) -> bool:
    gap = read.gap_before(token)
    return gap == Gap.SPACED_POINT or (gap == Gap.END and _LINE_END.search(
        read.text, read.places[token - 1][1], read.places[token][0]) is not None)


def _told_before(read: Reading, first: int, earliest: int) -> tuple[Tense | None, int]:
    """Return the tense that the nearest telling word gives and its place; None if a clause begins before one is met."""
    for token in range(first - 1, earliest - 1, -1):
        word = _bare(read, token)
        if _is_to_come(read, token):
            if _was_before(read, token, earliest):
                return Tense.UNSURE, token
            return (Tense.PROBABLY_COMING if _bare(read, earliest) in _WAS else Tense.COMING), token
        tense = _of_imperfect(read, token, earliest)
        if tense is not None:
            return tense, token
        if _is_past(read, token, word):
            return Tense.PAST, token
        if word in COMPLEMENTISERS or word in RELATIVE_PRONOUNS or word in BEFORE_CIRCUMSTANCES \
                or _opens_clause(read, token):
            return None, token
    return None, earliest


def _opens_clause(read: Reading, token: int) -> bool:
    """Tell whether a clause is joined here: "، وحكم عليه"; "، والبرازيل" goes on with a list."""
    if read.gap_before(token) != Gap.COMMA:
        return False
    rest = strip_and_for_numbers(read.word(token))
    return bool(rest) and not _DEFINITE.match(rest)


def _is_to_come(read: Reading, token: int) -> bool:
    """Tell whether a word says that something is to come: سيعقد, المقرر, will."""
    word = read.word(token)
    bare = _bare_word(word)
    if bare in _TO_COME:
        return read.word(token + 1) not in _RAPPORTEUR
    rest = _of_future(word)
    if not rest:
        return False
    if _is_stem(rest):
        return True
    opens = token == 0 or read.gap_before(token) != Gap.SPACE or _bare(read, token - 1) in _OPENING
    return opens and len(rest) > 2 and not _NOUNS.match(bare)


@lru_cache(maxsize=_WORDS_KEPT)
def _of_future(word: str) -> str:
    """Return what follows سي in a word that may be a verb of what is to come; "" for others."""
    verb = _FUTURE_VERB.fullmatch(word)
    return "" if verb is None else verb[1]


@lru_cache(maxsize=_WORDS_KEPT)
def _is_stem(rest: str) -> bool:
    return rest in _STEMS or _STEM_ENDINGS.sub("", rest) in _STEMS


@lru_cache(maxsize=_WORDS_KEPT)
def _of_present(word: str) -> str:
    """Return what follows ي or ت in a word that is a verb in the present; "" for others."""
    verb = _IMPERFECT.fullmatch(word)
    if verb is None or not _is_stem(verb[2]) or (verb[1] == "ت" and _STEM_ENDINGS.sub("", verb[2]) in _ALSO_PERFECT):
        return ""
    return verb[2]


def _of_imperfect(read: Reading, token: int, earliest: int) -> Tense | None:
    """Return the tense of a verb in the present; "أن يصل" is as what governs it, "لم يصل" and "كان يصل" are past."""
    word = read.word(token)
    if word in _HAPPENS:  # but "will meet" and "due to meet" are as the word before them says
        return None if token > earliest and (read.word(token - 1) in _TO_COME or read.word(token - 1) == "to") \
            else Tense.PROBABLY_COMING
    rest = _of_present(word)
    if not rest:
        return None
    before = _bare(read, token - 1) if token > earliest else ""
    if before in _WHAT:
        return None  # "ما يحدث" is a noun
    if before == "لم" or before in _WAS or (token - 1 > earliest and _bare(read, token - 2) in _WAS):
        return Tense.PAST
    if before in _TO_COME:
        return Tense.UNSURE if _was_before(read, token, earliest) else Tense.COMING
    if before not in ("ان", "بان"):
        is_planned = rest in _PLANNED or _STEM_ENDINGS.sub("", rest) in _PLANNED
        return Tense.PROBABLY_COMING if is_planned else Tense.UNSURE
    governing = [_bare(read, each) for each in range(max(earliest, token - 4), token - 1)]
    if governing and governing[-1] in BEFORE_OR_AFTER:
        return Tense.PAST
    if not _WISHING.isdisjoint(governing):
        return Tense.UNSURE if _was_before(read, token - 1, earliest) else Tense.COMING
    return Tense.UNSURE


def _was_before(read: Reading, token: int, earliest: int) -> bool:
    """Tell whether it was once to come: كان من المقرر, كانت القمة مقررة, was due."""
    return any(_bare(read, each) in _WAS for each in range(max(earliest, token - 4), token))


def _is_past(read: Reading, token: int, word: str) -> bool:
    """Tell whether a word is a verb of what was: قال, انفجرت, لم, said, opened."""
    return _is_perfect(word) or _is_english_past(read, token, word)


@lru_cache(maxsize=_WORDS_KEPT)
def _is_perfect(word: str) -> bool:
    return word in _HAPPENED or (word in SAYING_OR_ACCUSING and not word.startswith("ي")) or (
        _PERFECT_FEMININE.fullmatch(word) is not None and word not in _NOT_PERFECT)


def _is_english_past(read: Reading, token: int, word: str) -> bool:
    if not word.isascii() or not (word.endswith("ed") and len(word) > 4) and word != "held":
        return False
    return read.word(token - 1) not in ("be", "been", "being")


def _is_said_behind(read: Reading, end: int) -> bool:
    """Tell whether a verb of what is to come follows at once: الأحد سيكون, on Sunday he will."""
    for token in range(end, min(end + _WORDS_BEHIND, len(read.places))):
        if _ends_sentence(read, token) or _bare(read, token) in COMPLEMENTISERS:
            return False
        if _is_to_come(read, token):
            return True
    return False


def _bare(read: Reading, token: int) -> str:
    """Return the token without an attached "and", where that leaves a word that is known here."""
    return _bare_word(read.word(token))


@lru_cache(maxsize=_WORDS_KEPT)
def _bare_word(word: str) -> str:
    return next((rest for rest in strip_for_dates(word) if rest in _TELLING or _FUTURE_VERB.fullmatch(rest)), word)
