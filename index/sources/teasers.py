"""Tell whether an entry of a feed holds the whole article, or only its beginning with a way to the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language.clitics import ARTICLE, PREPOSITION_LI
from index.sources.blocks import Block

# A description of this length is an article; a shorter one is a teaser. An entry's `content` is whole from this length
# on, or from the second if it ends a sentence: an agency's flash is one sentence.
MIN_DESCRIPTION_CHARS, MIN_CONTENT_CHARS, MIN_FLASH_CHARS = 1000, 200, 40
SENTENCE_END = re.compile(r"[.!؟?۔][\"'”’»)\]\s]*$")
READ_MORE = (
    rf"(?:{PREPOSITION_LI}(?:[اأإ]?قر[أا]ءة|[اأإ]قر[أا](?:وا|ئي|ي)?|مطالعة|متابعة|[اأإ]?كمال|[أاإ]كملوا?|[أا]كملي|استكمال|مواصلة"
    r"|واصل(?:وا|ي)?|تابع(?:وا|ي)?|استمر(?:وا|ي)? في)"
    rf"\s+(?:{ARTICLE}(?:قراءة|مزيد|بقية|تتمة|باقي|تفاصيل|مقال|مقالة|خبر|موضوع|تقرير|نص))(?:\s+(?:المزيد|المقال|المقالة"
    r"|الخبر|الموضوع|التقرير|النص|كاملًا|كاملا|الكامل|كاملة|هنا|على|من))*"
    rf"|(?:{PREPOSITION_LI}?(?:قراءة|متابعة|معرفة|مشاهدة|الاطلاع على)|[اأإ]قر[أا](?:وا|ي)?)\s+(?:{ARTICLE}?(?:مقال"
    r"|مقالة|خبر|موضوع|تقرير|تفاصيل|بقية|باقي|تتمة|نص|مزيد))(?:\s+\S+){0,4}?\s+(?:ا?ضغط\S* (?:هنا|على)"
    r"|انقر\S* (?:هنا|على)|زوروا?|(?:على|في) (?:الموقع|موقعنا))(?:\s+\S+){0,5}"
    rf"|اضغط هنا(?:\s+\S+){{0,4}}|{PREPOSITION_LI}{PREPOSITION_LI}مزيد من {ARTICLE}تفاصيل"
    rf"|للمزيد|{ARTICLE}مزيد|{ARTICLE}تفاصيل(?: كاملة| أكثر)?"
    rf"|{ARTICLE}بقية|{ARTICLE}تتمة"
    r"|read (?:more|on|the (?:rest|full)\b.{0,40}|full (?:story|article|post))|continue(?: reading)?|keep reading"
    r"|(?:see|view|learn|find out) more|full (?:story|article)|more"
    r"|lire (?:la suite|plus)|weiterlesen|mehr lesen|leer más|seguir leyendo|leggi tutto|devamını oku|ادامه (?:ی "
    r"|ٔ )?(?:مطلب|خبر|متن)|مزید پڑھیں)")
ARROWS = r"[\s\W]*"
ELLIPSIS = r"(?:…|\.\.\.+|\[\s*(?:…|\.\.\.)\s*\])"
# A quotation that trails off ends with a mark: the article goes on no further.
TRAILS_OFF = re.compile(rf"{ELLIPSIS}(?![\s.]*[»”\"’'])[\s\]›»→←>.]*$")
IN_QUOTES = re.compile(rf"[«“\"][^«»“”\"]*{ELLIPSIS}\s*[»”\"][\s.]*$")
LINE_OF_ITS_OWN = re.compile(rf"{ARROWS}{READ_MORE}{ARROWS}", re.IGNORECASE)
AFTER_ELLIPSIS = re.compile(rf"{ELLIPSIS}\s*\(?{READ_MORE}{ARROWS}$", re.IGNORECASE)
# Words that nobody ends a sentence with, unless a full stop follows.
AT_THE_END = re.compile(
    r"(?:read more|continue reading|(?:[اأإ]قر[أا]|لقراءة|قراءة) (?:المزيد|البقية|التتمة)|(?:[أاإ]كمل|تابع|متابعة"
    rf"|استكمال|مواصلة) {ARTICLE}قراءة)[\s→←»›>…]*$",
    re.IGNORECASE)
LAST_LINK = re.compile(r"<a\b[^>]*>((?:(?!<a\b).)*?)</a>((?:\s|</?(?:p|div|span|strong|em|b|i"
                       r"|br)\b[^>]*>|[\]).…›»→←]|&#?\w+;)*)$",
                       re.IGNORECASE | re.DOTALL)
IN_LINK = re.compile(rf"{ARROWS}{READ_MORE}\b", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Carried:
    """A text that an entry carries: its markup, and its lines."""

    markup: str
    blocks: list[Block]

    @property
    def chars(self) -> int:
        """The length of the text without an ellipsis at its end."""
        return sum(len(TRAILS_OFF.sub("", block.text).rstrip()) for block in self.blocks)


def longer(content: Carried, description: Carried) -> Carried:
    """Return the longer of an entry's two texts, its `content` if they are alike."""
    return content if content.chars >= description.chars else description


def is_whole(content: Carried, description: Carried) -> bool:
    """Tell whether an entry with a link holds its whole article, in its `content` or its description."""
    if content.blocks and content.chars >= description.chars:
        is_long = content.chars >= MIN_CONTENT_CHARS
        is_flash = content.chars >= MIN_FLASH_CHARS and SENTENCE_END.search(content.blocks[-1].text) is not None
        if is_long or is_flash:
            return not is_cut_off(content)
    return description.chars >= MIN_DESCRIPTION_CHARS and not is_cut_off(description)


def is_cut_off(carried: Carried) -> bool:
    """Tell whether a text ends with an ellipsis, or with words that lead to its rest."""
    last = carried.blocks[-1].text if carried.blocks else ""
    if IN_QUOTES.search(last):
        return False
    link = LAST_LINK.search(carried.markup.rstrip())
    return (TRAILS_OFF.search(last) is not None or LINE_OF_ITS_OWN.fullmatch(last) is not None
            or AFTER_ELLIPSIS.search(last) is not None or AT_THE_END.search(last) is not None
            or (link is not None and IN_LINK.match(MARKUP.sub("", link[1])) is not None))
