"""Every word of the interface, in Arabic and in English, and the grammar of numbers and dates in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")
DIRECTIONS: Mapping[Language, str] = {"ar": "rtl", "en": "ltr"}

ARABIC = {
    "site": "مُسنَد",
    "tagline": "كلُّ قولٍ موصولٌ بسنده",
    "intro": "اسأل عمّا في هذه المقالات. كلّ جملة في الجواب منقولة بنصّها، ورقمها يأخذك إلى موضعها في المقال.",
    "skip": "انتقل إلى المحتوى",
    "main_nav": "التنقّل الرئيس",
    "articles_nav": "المقالات",
    "other_language": "English",
    "question": "سؤالك",
    "ask": "اسأل",
    "verify_nav": "تحقّق من اقتباس",
    "verify_intro": "الصق قولًا سمعته أو قرأته. نقابله بنصوص المقالات كلمةً كلمة، ونبيّن لك أورد كما هو، أم غُيّر، أم "
                    "رُكّب من مواضع متفرقة، أم قاله غير من نُسب إليه.",
    "quote": "نصّ الاقتباس",
    "speaker": "القائل، إن أردت التحقّق من نسبته",
    "check": "تحقّق",
    "verdict_found": "ورد بنصّه",
    "verdict_found_text": "هذه الكلمات في المقالات كما هي، وقد يختلف الإملاء والتشكيل والترقيم.",
    "verdict_altered": "ورد مغيَّرًا",
    "verdict_altered_text": "في المقالات قول قريب منه، لكنّ كلماته ليست كما في الاقتباس.",
    "verdict_stitched": "مركَّب من مواضع متفرقة",
    "verdict_stitched_text": "أجزاء الاقتباس واردة، لكنّها لم ترد معًا.",
    "verdict_misattributed": "منسوب إلى غير قائله",
    "verdict_misattributed_text": "هذه الكلمات في المقالات، لكنّها لا تنسبها إلى من ذكرت.",
    "verdict_absent": "لم يرد في هذه المقالات",
    "verdict_absent_text": "لم نجد هذا القول ولا ما يقاربه لفظًا. وقد يكون واردًا في غير هذه المقالات.",
    "attribution_confirmed": "وينسبه المقال إلى «{speaker}».",
    "attribution_contradicted": "ولا ينسبه المقال إلى «{speaker}».",
    "attribution_undetermined": "ولا يتبيّن من المقال هل قاله «{speaker}».",
    "your_quote": "الاقتباس مقابَلًا بالأصل",
    "in_articles": "موضعه في المقالات",
    "difference_replaced": "في الاقتباس «{quote}»، وفي المقال «{source}».",
    "difference_missing": "سقط من الاقتباس «{source}».",
    "difference_added": "زيد في الاقتباس «{quote}».",
    "said_by": "القائل بحسب المقال:",
    "narrow": "تضييق البحث",
    "from": "نُشر منذ",
    "to": "نُشر حتى",
    "sources": "المصادر",
    "sources_hint": "إن لم تختر مصدرًا شمل البحث المصادر كلّها.",
    "show": "اعرض",
    "answer": "الجواب",
    "no_answer": "لا جواب في هذه المقالات",
    "no_answer_text": "لم نجد في هذه المقالات ما يجيب عن سؤالك.",
    "no_answer_hint": "أعد صياغة السؤال، أو وسّع البحث إن كنت قد ضيّقته.",
    "confidence": "درجة الثقة: {level} ({number} من 1)",
    "confidence_high": "عالية",
    "confidence_medium": "متوسطة",
    "confidence_low": "منخفضة",
    "open_citation": "[{number}] افتح موضع الجملة في المقال: {title}",
    "also_in": "ورد أيضًا في:",
    "passages": "أقرب المقاطع إلى السؤال",
    "closest": "أقرب ما وجدناه، وليس جوابًا عن سؤالك",
    "newest": "أحدث المقالات",
    "all_articles": "كلّ المقالات",
    "articles": "المقالات",
    "no_articles": "لا مقالات هنا.",
    "newer": "مقالات أحدث",
    "older": "مقالات أقدم",
    "range": "{first}–{last} من {total}",
    "paging": "صفحات القائمة",
    "first_page": "إلى أول القائمة",
    "untitled": "مقال بلا عنوان",
    "original": "المقال في موقعه الأصلي",
    "export": "نزّل الجواب مع مصادره:",
    "page": "ص {number}",
    "revised": "نص معدَّل؛ قُرئت صيغته السابقة في",
    "also_at": "نُشر النص نفسه أيضًا في:",
    "cited_notice": "الموضع المستشهَد به مظلَّل في النص.",
    "cited_jump": "انتقل إليه",
    "bad_span": "الموضع المطلوب ليس في هذا المقال، ولذلك عُرض المقال بلا تظليل.",
    "index_state": "إصدار الفهرس",
    "error_empty": "لم تكتب سؤالًا. اكتب سؤالك ثم أعد المحاولة.",
    "error_too_long": "السؤال أطول من 2000 حرف. اختصره ثم أعد المحاولة.",
    "error_not_text": "في السؤال رموز ليست نصًّا. اكتبه نصًّا عاديًّا.",
    "error_not_a_question": "ليس في السؤال كلمة. اسأل بالكلمات.",
    "error_bad_top_k": "عدد المقاطع المطلوب غير صالح.",
    "error_quote_empty": "لم تكتب اقتباسًا. اكتبه ثم أعد المحاولة.",
    "error_quote_too_long": "الاقتباس أطول من 2000 حرف. اختصره ثم أعد المحاولة.",
    "error_quote_not_text": "في الاقتباس رموز ليست نصًّا. اكتبه نصًّا عاديًّا.",
    "error_quote_too_short": "الاقتباس أقصر من ثلاث كلمات، ومثله يقوله كلّ أحد. أطِله ثم أعد المحاولة.",
    "error_bad_speaker": "اكتب اسم القائل بالكلمات، في 200 حرف على الأكثر.",
    "error_bad_date": "اكتب التاريخ هكذا: 2026-01-31.",
    "error_reversed_dates": "تاريخ البداية بعد تاريخ النهاية.",
    "error_repeated": "وردت هذه القيمة أكثر من مرة.",
    "error_other": "هذه القيمة غير صالحة.",
    "error_prefix": "خطأ:",
    "home": "العودة إلى الصفحة الأولى",
    "problem_not-found": "الصفحة غير موجودة",
    "problem_not-found_text": "لا شيء في هذا العنوان. تحقّق من كتابته.",
    "problem_unknown-article": "المقال غير موجود",
    "problem_unknown-article_text": "ليس في الفهرس مقال بهذا المعرّف. لعلّه حُذف بعد نشر الرابط.",
    "problem_internal-error": "حدث خطأ في الخادم",
    "problem_internal-error_text": "تعذّر إتمام الطلب، وقد سُجّل الخطأ. أعد المحاولة بعد قليل.",
    "problem_no-index": "لا يوجد فهرس بعد",
    "problem_no-index_text": "لا بدّ من فهرسة المقالات قبل السؤال عنها. نفّذ هذا الأمر على الخادم، وضَع مكان PATH مسار "
                             "المقالات، ثم أعد تحميل الصفحة:",
    "ask_again": "أعد طرح السؤال",
    "problem_overloaded": "الأسئلة الآن أكثر من طاقة الخادم",
    "problem_overloaded_text": "لم يُعالَج سؤالك. أعد المحاولة بعد لحظات.",
    "problem_index-unavailable": "تعذّر فتح الفهرس",
    "problem_index-unavailable_text": "لا يمكن الإجابة الآن. هذا ما أبلغ به الخادم:",
    "problem_other": "طلب غير صالح",
    "problem_other_text": "تعذّر على الخادم فهم هذا الطلب.",
}

ENGLISH = {
    "site": "Musnad",
    "tagline": "Every statement with its source",
    "intro": "Ask about these articles. Each sentence of the answer is quoted word for word, and its number takes you "
             "to its place in the article.",
    "skip": "Skip to content",
    "main_nav": "Main",
    "articles_nav": "Articles",
    "other_language": "العربية",
    "question": "Your question",
    "ask": "Ask",
    "verify_nav": "Check a quote",
    "verify_intro": "Paste what somebody is quoted as saying. It is compared with the articles word for word, and you "
                    "are told whether it stands there, was altered, was pieced together, or was said by someone else.",
    "quote": "The quote",
    "speaker": "Who said it, if that is to be checked",
    "check": "Check",
    "verdict_found": "Found as quoted",
    "verdict_found_text": "The articles have these words; spelling, vowel signs and punctuation may differ.",
    "verdict_altered": "Altered",
    "verdict_altered_text": "The articles have something close to it, but not in these words.",
    "verdict_stitched": "Pieced together",
    "verdict_stitched_text": "The parts of the quote are in the articles, but not together.",
    "verdict_misattributed": "Said by someone else",
    "verdict_misattributed_text": "The articles have these words, but not from the speaker you named.",
    "verdict_absent": "Not in these articles",
    "verdict_absent_text": "Neither this quote nor anything close to its words was found. Other articles may have it.",
    "attribution_confirmed": "The article gives it to “{speaker}”.",
    "attribution_contradicted": "The article does not give it to “{speaker}”.",
    "attribution_undetermined": "The article does not make clear whether “{speaker}” said it.",
    "your_quote": "The quote beside the original",
    "in_articles": "Where it stands in the articles",
    "difference_replaced": "The quote has “{quote}”, the article “{source}”.",
    "difference_missing": "The quote leaves out “{source}”.",
    "difference_added": "The quote adds “{quote}”.",
    "said_by": "Said by, according to the article:",
    "narrow": "Narrow the search",
    "from": "Published from",
    "to": "Published until",
    "sources": "Sources",
    "sources_hint": "Choose none to search them all.",
    "show": "Show",
    "answer": "Answer",
    "no_answer": "Not in these articles",
    "no_answer_text": "Nothing in these articles answers your question.",
    "no_answer_hint": "Put the question another way, or widen the search if you narrowed it.",
    "confidence": "Confidence: {level} ({number} of 1)",
    "confidence_high": "high",
    "confidence_medium": "medium",
    "confidence_low": "low",
    "open_citation": "[{number}] Open this sentence in the article: {title}",
    "also_in": "Also in:",
    "passages": "Passages closest to the question",
    "closest": "The closest we found. This is not an answer.",
    "newest": "Newest articles",
    "all_articles": "All articles",
    "articles": "Articles",
    "no_articles": "No articles here.",
    "newer": "Newer articles",
    "older": "Older articles",
    "range": "{first}–{last} of {total}",
    "paging": "Pages of the list",
    "first_page": "To the start of the list",
    "untitled": "Untitled article",
    "original": "Read the original",
    "export": "Download the answer with its citations:",
    "page": "p. {number}",
    "revised": "Revised; the earlier text was read on",
    "also_at": "The same text was also published in:",
    "cited_notice": "The cited place is highlighted in the text.",
    "cited_jump": "Go to it",
    "bad_span": "The place asked for is not in this article, so the article is shown without a highlight.",
    "index_state": "index generation",
    "error_empty": "You have not typed a question. Type one and try again.",
    "error_too_long": "The question is longer than 2,000 characters. Shorten it and try again.",
    "error_not_text": "The question holds symbols that are not text. Type it as plain text.",
    "error_not_a_question": "The question holds no word. Ask with words.",
    "error_bad_top_k": "The number of passages is not valid.",
    "error_quote_empty": "You have not typed a quote. Type one and try again.",
    "error_quote_too_long": "The quote is longer than 2,000 characters. Shorten it and try again.",
    "error_quote_not_text": "The quote holds symbols that are not text. Type it as plain text.",
    "error_quote_too_short": "The quote has fewer than three words, which anyone may have said. Quote more.",
    "error_bad_speaker": "Type the speaker's name in words, in 200 characters at most.",
    "error_bad_date": "Write the date like this: 2026-01-31.",
    "error_reversed_dates": "The first date is later than the last.",
    "error_repeated": "This value is given more than once.",
    "error_other": "This value is not valid.",
    "error_prefix": "Error:",
    "home": "Back to the first page",
    "problem_not-found": "Page not found",
    "problem_not-found_text": "There is nothing at this address. Check how it is written.",
    "problem_unknown-article": "Article not found",
    "problem_unknown-article_text": "The index has no article of this id. It may have been removed since the link was "
                                    "made.",
    "problem_internal-error": "The server failed",
    "problem_internal-error_text": "Your request could not be finished, and the error has been logged. Try again "
                                   "shortly.",
    "problem_no-index": "There is no index yet",
    "problem_no-index_text": "Articles must be indexed before you can ask about them. Run this on the server, with the "
                             "path of your articles for PATH, then reload the page:",
    "ask_again": "Ask it again",
    "problem_overloaded": "The server has too many questions",
    "problem_overloaded_text": "Your question was not worked on. Try again in a moment.",
    "problem_index-unavailable": "The index cannot be opened",
    "problem_index-unavailable_text": "No question can be answered now. This is what the server reports:",
    "problem_other": "Request not valid",
    "problem_other_text": "The server could not make sense of this request.",
}

CATALOGUE: Mapping[Language, Mapping[str, str]] = {"ar": ARABIC, "en": ENGLISH}

# The plural categories of Unicode CLDR: Arabic tells six apart, English two.
PLURALS: Mapping[Language, Mapping[str, Mapping[str, str]]] = {
    "ar": {
        "articles": {"zero": "لا مقالات", "one": "مقال واحد", "two": "مقالان", "few": "{n} مقالات",
                     "many": "{n} مقالًا", "other": "{n} مقال"},
        "passages": {"zero": "لا مقاطع", "one": "مقطع واحد", "two": "مقطعان", "few": "{n} مقاطع",
                     "many": "{n} مقطعًا", "other": "{n} مقطع"},
        "also_in": {"zero": "لم يرد في مقال آخر", "one": "ورد أيضًا في مقال آخر",
                    "two": "ورد أيضًا في مقالين آخرين", "few": "ورد أيضًا في {n} مقالات أخرى",
                    "many": "ورد أيضًا في {n} مقالًا آخر", "other": "ورد أيضًا في {n} مقال آخر"},
        "items_left_out": {"zero": "لا بنود أخرى في القائمة", "one": "في القائمة بند آخر",
                           "two": "في القائمة بندان آخران", "few": "في القائمة {n} بنود أخرى",
                           "many": "في القائمة {n} بندًا آخر", "other": "في القائمة {n} بند آخر"},
    },
    "en": {
        "articles": {"one": "{n} article", "other": "{n} articles"},
        "passages": {"one": "{n} passage", "other": "{n} passages"},
        "also_in": {"one": "Also in {n} other article", "other": "Also in {n} other articles"},
        "items_left_out": {"one": "{n} more item in the list", "other": "{n} more items in the list"},
    },
}

# Arabic newspapers write both systems of month names, for readers in the Maghreb and Egypt and in the Levant and Iraq.
_ARABIC_MONTHS = ("يناير/كانون الثاني", "فبراير/شباط", "مارس/آذار", "أبريل/نيسان", "مايو/أيار", "يونيو/حزيران",
                  "يوليو/تموز", "أغسطس/آب", "سبتمبر/أيلول", "أكتوبر/تشرين الأول", "نوفمبر/تشرين الثاني",
                  "ديسمبر/كانون الأول")
_ENGLISH_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                   "November", "December")
_MONTHS: Mapping[Language, tuple[str, ...]] = {"ar": _ARABIC_MONTHS, "en": _ENGLISH_MONTHS}


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue in one language."""

    language: Language

    @property
    def direction(self) -> str:
        """The value of `dir`."""
        return DIRECTIONS[self.language]

    @property
    def other(self) -> Language:
        """The language to offer instead."""
        return "en" if self.language == "ar" else "ar"

    def text(self, key: str, **values: object) -> str:
        """A message with its values filled in; an unknown key is a KeyError."""
        return CATALOGUE[self.language][key].format(**values)

    def text_or_other(self, prefix: str, name: str, suffix: str = "") -> str:
        """The message `prefix_name`, or `prefix_other` where that name has no words of its own."""
        key = f"{prefix}_{name}{suffix}"
        return self.text(key if key in CATALOGUE[self.language] else f"{prefix}_other{suffix}")

    def count(self, noun: str, number: int) -> str:
        """A number of things, the noun in the form that the number takes."""
        return PLURALS[self.language][noun][plural_category(self.language, number)].format(n=f"{number:,}")

    def day(self, day: date) -> str:
        """A day in words."""
        return f"{day.day} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def confidence(self, confidence: float) -> str:
        """A confidence in words and as a number."""
        name = "high" if confidence >= 0.75 else "medium" if confidence >= 0.5 else "low"
        return self.text("confidence", level=self.text(f"confidence_{name}"), number=f"{confidence:.2f}")


def plural_category(language: Language, number: int) -> str:
    """The plural category of a whole number, by the rules of Unicode CLDR for ar and en."""
    if language == "en":
        return "one" if number == 1 else "other"
    if number in (0, 1, 2):
        return ("zero", "one", "two")[number]
    last_two = number % 100
    return "few" if 3 <= last_two <= 10 else "many" if last_two >= 11 else "other"
