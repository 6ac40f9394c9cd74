"""Recognise lines that publishing systems put around an article's text: names and dates, plugs, counters, paywalls.

They have the form of paragraphs, so only their words tell. A line is dropped only if nothing else is in it, since a
sentence of the article may use the same words.
"""

from __future__ import annotations

import re

from index.language.clitics import ARTICLE
from index.sources.blocks import Block

MAX_WALL_CHARS = 320
EDGE_BLOCKS = 4  # blocks at the start of a text that may name its author and date
MAX_BYLINE_CHARS = 160

# Plugs that WordPress and its plugins append to entries of feeds, in the languages of their translations.
PLUG = re.compile(
    r"(?:(?:ظهرت?|نُ?شرت?)\s+(?:هذه?|هذا)?\s*ال(?:مقالة|مقال|تدوينة|منشور|مشاركة|خبر"
    r"|موضوع)\b.{0,300}?\s*أول[اًا]*\s+(?:على|في)\b.{1,120}"
    r"|هذا (?:المحتوى|المقال|الخبر)\b.{0,300}?\s(?:ظهر|نُ?شر)\s+أول[اًا]*\s+(?:على|في)\b.{1,120}"
    r"|(?:ظهرت?|نُ?شرت?)\s+أول[اًا]*\s+(?:على|في)\s+[^.،؛]{1,40}\.?"
    r"|(?:the post|this (?:article|post|story))\b.{0,300}?(?:appeared first|first appeared|was (?:first|originally) "
    r"published) (?:on|in|at)\b.{1,120}"
    r"|l[’']article\b.{0,300}? est apparu en premier sur\b.{1,120}"
    r"|la entrada\b.{0,300}? (?:se publicó primero en|aparece primero en)\b.{1,120}"
    r"|der beitrag\b.{0,300}? erschien zuerst auf\b.{1,120}"
    r"|نوشته\b.{0,300}?اولین بار در\b.{1,120}پدیدار شد\.?)", re.IGNORECASE | re.DOTALL)
# What stands alone on a line: names of boxes, counters and buttons.
ALONE = re.compile(
    r"(?:\]\]>|<!\[CDATA\["
    r"|(?:شارك(?:ها|نا)?|مشاركة|انشر|شاركوا)(?:\s+(?:هذا|على|عبر|الخبر|المقال|الموضوع|المقالة|الآن)\b.{0,40})?\s*:?"
    r"|(?:شارك\S*|انشر\S*)(?:\s+(?:على|عبر|في))?(?:\s+و?(?:فيس ?بوك|تويتر|إكس|واتس ?اب|تلغرام|تيليجرام|لينكد ?إن"
    r"|البريد(?: الإلكتروني)?|pinterest|facebook|twitter|whatsapp|telegram|x))+"
    r"|(?:[إا]قر[أا]|شاهد|طالع|انظر)(?:وا|ي)?\s+[أا]يض[اًا]*\s*[:؛،-]?.{0,160}"
    r"|(?:[أا]خبار|مواضيع|مقالات|موضوعات|قصص|تقارير)\s+(?:ذات (?:صلة|علاقة)|مشابهة|متعلقة|مرتبطة)\s*:?|قد يهمك.{0,40}"
    r"|[إا]قر[أا](?:وا|ي)?\s+المزيد\s*[:؛-].{0,160}|للاشتراك في (?:ال)?(?:نشرة|قناة|خدمة|قائمة).{0,80}"
    r"|للمزيد\b.{0,50}(?:تابعونا|تابعنا|اضغط|انقر)\b.{0,100}|تابع(?:ونا|نا)\b.{0,100}"
    r"|تابعوا? (?:آخر|أحدث|كل|جميع|المزيد)\b.{0,60}\b(?:عبر|على|في)\b.{0,60}"
    r"|(?:المصدر|المصادر|نقلًا عن|نقلا عن)\s*:\s*[^.!؟?]{1,60}\.?|[(\[]?\s*انتهى\s*[)\].]?"
    r"|(?:[ء-ي]{1,2}\s?[./]\s?){1,5}[ء-ي]{1,2}\.?"
    r"|anzeige|weiterführender? links?|kommentar schreiben|leave a comment|read (?:also|next|more)\s*:?.{0,120}"
    r"|معجب بهذه:?|أعجبني?:?|إعجاب|تحميل\.{0,3}|جار\S* التحميل\S*|مرتبط:?|طباعة|حفظ|نسخ الرابط|إرسال(?: بالبريد)?"
    r"|(?:الت(?:ص|َص)نيفات?|تصنيفات|الوسوم|وسوم|الكلمات (?:المفتاحية|الدلالية|الدالة)|كلمات (?:مفتاحية|دلالية)|العلامات"
    r"|tags?|categor(?:y|ies)|filed under|keywords|topics)(?:\s*:.{0,200})?"
    rf"|(?:عدد\s+)?{ARTICLE}(?:زيارات|مشاهدات|قراءات|مشاهدة|قراءة|زيارة|تعليقات)\s*[:：]?\s*[\d٠-٩.,٬]+(?:\s*مرة)?"
    r"|[\d٠-٩.,٬]+\s*(?:مشاهدة|مشاهدات|زيارة|قراءة|تعليقات?|views?|comments?|shares?|likes?)"
    r"|(?:views?|hits?|reads?|comments?|shares?)\s*:\s*[\d.,]+"
    r"|(?:مدة|وقت|زمن)\s+القراءة\s*:?\s*.{0,25}|[\d٠-٩]+\s+(?:دقائق|دقيقة)\s+(?:قراءة|للقراءة)"
    r"|\d+\s*min(?:ute)?s?\s+read"
    r"|حجم الخط.{0,20}|التفاصيل|التالي|السابق|المقال (?:السابق|التالي)\b.{0,120}|الرئيسية|إعلانات?|إعلان ممول"
    r"|advertisement"
    r"|share(?: this| on)?\b.{0,30}:?|like this:?|like loading\.*|loading\.*|related:?|print|previous|next"
    r"|pic\.twitter\.com/\w+"
    r"|(?:©|\(c\)|copyright|جميع الحقوق محفوظة|حقوق النشر)\b.{0,120})", re.IGNORECASE)
# A wall speaks to a reader who has not paid or logged in.
WALL = re.compile(
    r"(?:^(?:هذا\s+)?(?:المحتوى|المقال|المقالة|الخبر|التقرير)\s+(?:\S+\s+){0,2}(?:للمشتركين|لل[أا]عضاء|لمشتركي)"
    r"|^(?:حصري\S* )?(?:للمشتركين|لل[أا]عضاء)(?: فقط)?\W*$"
    r"|^أكمل(?:وا|ي)? (?:قراءة|القراءة).{0,40}(?:اشتراك|مجان|تسجيل)|^(?:هل )?لديك (?:اشتراك|حساب)\b"
    r"|^احصل(?:وا|ي)? على (?:وصول|اشتراك|دخول)"
    r"|(?:وصول|دخول) (?:غير محدود|كامل).{0,40}(?:شهري|سنوي|دولار|يورو|جنيه|ريال)"
    r"|^(?:هذا\s+)?(?:المحتوى|المقال|المقالة|التقرير|محتوى|مقال|تقرير) حصري\S*\s+(?:لل?مشتركي|لل[أا]عضاء)"
    r"|^(?:باقي|بقية) (?:المقال|الخبر|التقرير|المحتوى) (?:متاح|متوفر)\S* (?:لل?مشترك|لل[أا]عضاء)"
    r"|^اشترك(?:وا|ي)? (?:في|ب)\s?(?:نشرتنا|النشرة|القائمة البريدية|قناتنا|خدمة)"
    r"|(?:^|[.!؟?:]\s*)(?:اشترك(?:وا|ي)?|سج[ّ]?ل(?:وا|ي)?(?: الدخول)?)\s+(?:الآن|الان|معنا|مجانًا|مجانا|لقراءة"
    r"|لمتابعة|لتتمكن|للوصول|للقراءة|للمتابعة)\b"
    r"|لقراءة\s+(?:بقية|باقي|كامل|تتمة|نص)?\s*(?:المقال|الخبر|التقرير|المحتوى)\S*(?:\s+\S+){0,3}\s*(?:اشترك|سج[ّ]?ل"
    r"|يرجى|يجب)"
    r"|(?:تبقى|تبق[ّ]?ت|بقي|بقيت|لديك|تب[قّ]+ى) (?:لك )?[\d٠-٩]+\s+(?:من|مقال|مقالات|مقالة)"
    r"|(?:لقد )?(?:استنفدت|استهلكت|تجاوزت|وصلت إلى) (?:عدد|حد|الحد).{0,40}(?:مقال|المجاني)"
    r"|(?:هل أنت|إذا كنت|أنت) مشترك|تسجيل الدخول للمشتركين|يرجى تسجيل الدخول|يجب تسجيل الدخول"
    r"|\bsubscribe (?:now|today|to (?:read|continue|unlock|keep)|for (?:full|unlimited))"
    r"|\balready (?:a )?(?:subscriber|subscribed|registered|a member)"
    r"|\b(?:log|sign) ?in to (?:read|continue|keep)|\bfor subscribers only|\bsubscribers? only\b|\b(?:exclusive"
    r"|available|reserved) (?:only )?(?:to|for) (?:our )?(?:subscribers|members)"
    r"|\byou (?:have|'ve) (?:\d+|no|one|reached|used|read)\b.{0,40}(?:free )?(?:articles?|stories|limit)\b"
    r"|\bto (?:continue|keep) reading,? (?:this \w+,? )?(?:please )?(?:subscribe|log|sign|register|create)"
    r"|\bunlock (?:this|the full|unlimited)|\bstart your (?:free )?trial)", re.IGNORECASE)
WALL_BUTTONS = re.compile(
    r"(?:\s|[|·•/]|(?:اشتركوا|اشترك)(?: الآن| معنا)?|الاشتراك|تسجيل(?: الدخول)?|إنشاء حساب|سج[ّ]?ل(?: الدخول)?|دخول"
    r"|لديك حساب؟?|عرض الخطط"
    r"|subscribe(?: now)?|log ?in|sign ?(?:in|up)|register|create (?:an )?account|see (?:plans|options))+",
    re.IGNORECASE)
# What may stand around a name and a date in a line that holds nothing else.
DATE_WORDS = re.compile(
    rf"\b{ARTICLE}(?:[أاإ]حد|[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت)\b"
    rf"|\b(?:كانون|تشرين)(?: {ARTICLE})?(?:\s?(?:أول|اول|ثاني|الأول|الثاني|1|2|١|٢))?\b"
    r"|\b(?:يناير|فبراير|مارس|[أا]بريل|نيسان|مايو|أيار|ايار|يونيو|حزيران|يوليو|تموز|[أا]غسطس|آب|سبتمبر|أيلول|ايلول"
    r"|[أا]كتوبر|نوفمبر|ديسمبر|شباط|آذار"
    r"|جانفي|فيفري|أفريل|ماي|جوان|جويلية|أوت)\b"
    r"|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?"
    r"|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]\.?m|gmt|utc|[ce]e?s?t|at|on)\b"
    r"|\b(?:صباحًا|صباحا|مساءً|مساء|ظهرًا|ظهرا|ليلًا|ليلا|ص|م|بتوقيت|غرينتش|جرينتش|الساعة|يوم|في|قبل|منذ|ساعات|ساعة"
    r"|دقائق|دقيقة)\b"
    r"|[\d٠-٩]+", re.IGNORECASE)
BYLINE_WORDS = re.compile(
    r"\b(?:بواسطة|كتب(?:ها|ت)?|كُتبت?|نُ?شرت?|تم النشر|النشر|تاريخ النشر|آخر تحديث|تحديث|التحديث|أضيف|بقلم|الكاتب"
    r"|المحرر|الناشر"
    r"|submitted|posted|published|updated|last|written|by|author)\b", re.IGNORECASE)
ACCOUNT = re.compile(
    r"\b(?:super ?user|admin(?:istrator)?|root|webmaster|wp-?admin|editor|مدير الموقع|المشرف العام)\b", re.IGNORECASE)
POST_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d )?[\d٠-٩]{1,2}:[\d٠-٩]{2}")
LETTER = re.compile(r"[^\W\d_]")


def without_furniture(blocks: list[Block], *, title: str = "", author: str = "") -> list[Block]:
    """Return the blocks without those that only carry what stands around an article.

    `title` and `author` are the article's, where known: a line at the top that repeats them, with or without a date,
    goes too.
    """
    kept = [block for block in blocks if not _is_furniture(block)]
    head = [block for block in kept[:EDGE_BLOCKS]
            if _is_time(block) or not is_byline(block.text, title=title, author=author)]
    return head + kept[EDGE_BLOCKS:]


def is_wall(text: str) -> bool:
    """Tell whether `text` is a line of a wall, that asks a reader to pay or to log in."""
    return len(text) <= MAX_WALL_CHARS and (WALL.search(text) is not None or WALL_BUTTONS.fullmatch(text) is not None)


def is_byline(text: str, *, title: str = "", author: str = "") -> bool:
    """Tell whether a line holds nothing but the title, names of its author or of an account, and a date."""
    if len(text) > MAX_BYLINE_CHARS + len(title) or not text:
        return False
    rest = text
    for known in (title, *re.split(r"[,،]\s*", author)):
        if known:
            rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", rest, flags=re.IGNORECASE)
    rest = ACCOUNT.sub(" ", rest)
    if rest == text and not DATE_WORDS.search(text):  # a name or a date makes a byline, the words around it do not
        return False
    rest = DATE_WORDS.sub(" ", BYLINE_WORDS.sub(" ", rest))
    return not LETTER.search(rest)


def is_account(name: str) -> bool:
    """Tell whether `name` is that of an account, not of a person."""
    return ACCOUNT.fullmatch(name.strip()) is not None


def _is_time(block: Block) -> bool:
    """Tell whether a block is the time of a post, which heads it."""
    return block.kind == "heading" and POST_TIME.fullmatch(block.text) is not None


def _is_furniture(block: Block) -> bool:
    text = block.text
    return (ALONE.fullmatch(text) is not None or is_wall(text)
            or (len(text) <= 500 and PLUG.fullmatch(text) is not None))
