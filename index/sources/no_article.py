"""Tell why a web page is not an article, and what to do instead. Raises RejectedError with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.language.clitics import ARTICLE
from index.sources.blocks import Block, one_line
from index.sources.canonical import site_of
from index.sources.furniture import is_wall
from index.sources.page_metadata import PageMetadata
from index.sources.records import UNSTORABLE
from index.sources.rejections import RejectedError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MIN_ARTICLE_CHARS = 200  # shorter text is a caption, a notice or a menu
MIN_DECLARED_ARTICLE_CHARS = 80  # an agency's news flash, on a page that declares itself an article
MAX_NOTICE_CHARS = 1500  # a longer page has an article among whatever else it says
MIN_TEASERS = 5
LISTING_KINDS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})

NOT_FOUND = re.compile(
    r"^(?:(?:error|خطأ)\s*404\b|404(?=\W*(?:$|not\b|page\b|error\b|خطأ|الصفحة|[-|–—:]))|.*\b404 not found"
    r"|.*(?:page|content|article) (?:not found|(?:can(?:no|')t|could not) be found)"
    r"|.*page (?:does not|doesn't) exist"
    r"|.*(?:الصفحة|المقال|المحتوى)\b.{0,25}(?:غير موجود|لم يتم العثور|غير متاح|لا يوجد|غير متوفر)"
    r"|.*لم يتم العثور على)", re.IGNORECASE)
CONSENT = re.compile(
    r"cookies?\b|\bconsent\b|\bprivacy\b|\bpartners\b"
    r"|ملفات تعريف الارتباط|ملفات الارتباط|الكوكيز|كوكيز|سياسة الخصوصية|شركا[ؤئ]نا",
    re.IGNORECASE)
NEEDS_JAVASCRIPT = re.compile(
    rf"enable javascript|requires? javascript|javascript (?:is (?:disabled|not (?:available|enabled))|to run this app)|"
    rf"(?:تفعيل|تمكين|تشغيل) {ARTICLE}جافا ?سكر?يبت|يتطلب {ARTICLE}?جافا ?سكر?يبت", re.IGNORECASE)
OWN_NAMES = ("مُسنَد", "Musnad")  # as web/pages/ ends the titles of its pages
OWN_TITLE = re.compile(rf"(?:^|·\s*)(?:{'|'.join(OWN_NAMES)})$")
# A server's fault that is sent as if it were the page: matched at the start of the title, heading or text.
SERVER_FAULT = re.compile(
    r"^\W*(?:(?:error|http|خطأ)\W*50[0-4]\b|50[0-4](?=\W*(?:$|internal|server|bad|service|gateway|error|خطأ))"
    r"|(?:internal )?server error|service (?:temporarily )?unavailable|bad gateway|gateway time-?out"
    r"|error establishing a database connection|database error|(?:the )?(?:web)?site is (?:currently "
    r"|temporarily )?(?:down|under|unavailable|offline)"
    r"|(?:scheduled |under |down for |site )?maintenance(?: mode| in progress|\W*$)|something went wrong"
    r"|an? (?:unexpected )?error (?:has )?occurred"
    r"|there has been a critical error"
    rf"|خطأ (?:داخلي )?في {ARTICLE}(?:خادم|سيرفر|اتصال|قاعدة)|(?:عذرًا?،? ?)?(?:حدث|وقع|حصل) خطأ(?= ما\b| غير متوقع"
    r"| أثناء| داخلي|\W*$| في (?:الخادم|النظام|الاتصال|الموقع))"
    rf"|{ARTICLE}(?:موقع|خدمة|صفحة)\s+(?:\S+\s+)?(?:تحت|قيد) (?:الصيانة|الإنشاء)|{ARTICLE}(?:موقع|خدمة) (?:غير متاح"
    r"|متوقف|مغلق)\S* (?:حاليًا|حاليا|مؤقتًا|مؤقتا)?)",
    re.IGNORECASE)
# A page that lets only people in, or only some of them.
GUARD = re.compile(
    r"^\W*(?:(?:error|http|خطأ)\W*(?:401|403|429)\b|(?:401|403|429)(?=\W*(?:$|unauthori|forbidden|too many|error"
    r"|خطأ))|access (?:to this page has been )?denied(?=\W*(?:$|you\b|on this))|forbidden(?=\W*(?:$|you\b))"
    r"|attention required|just a moment|checking your browser"
    r"|one more step|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)"
    r"|robot or human|security check(?=\W*(?:$|required|please|to access))|too many requests(?=\W*(?:$|please|you\b))"
    r"|unusual traffic|you have been blocked|sorry, you have been blocked|please complete the security"
    rf"|{ARTICLE}وصول (?:مرفوض|ممنوع|محظور)|تم (?:رفض|حظر) {ARTICLE}(?:وصول|دخول|طلب)|تحقق من أنك (?:إنسان|لست)|(?:أثبت"
    r"|تأكيد|للتأكد من) أنك (?:لست|إنسان)|لحظة من فضلك)",
    re.IGNORECASE)
LOGIN = re.compile(
    r"^\W*(?:log ?in|sign ?in|sign ?up|join \w+ (?:today|now)|you must (?:log|sign) in|please (?:log|sign) in"
    rf"|(?:يجب|يرجى|الرجاء) (?:عليك )?تسجيل {ARTICLE}دخول|تسجيل {ARTICLE}دخول|سج[ّ]?ل {ARTICLE}دخول|أنشئ حساب"
    r"|إنشاء حساب)",
    re.IGNORECASE)
LOGIN_FORM = ".//input[@type='password']"
# Services whose pages are built by scripts or shown to members only, and what to do about them.
CHANNEL = re.compile(r"https?://(?:t|telegram)\.me/s/", re.IGNORECASE)
MEMBERS_ONLY = "it shows posts to a browser of somebody who is logged in only; copy the post into a .txt file"
TELEGRAM = ("Telegram's page of one message holds no text of it; save https://t.me/s/ and the channel's name from a "
            "browser, or copy the message into a .txt file")
SERVICES = {
    **dict.fromkeys(("t.me", "telegram.me"), TELEGRAM),
    **dict.fromkeys(("x.com", "twitter.com", "facebook.com", "instagram.com", "tiktok.com", "threads.net",
                     "linkedin.com"), MEMBERS_ONLY),
    **dict.fromkeys(("youtube.com", "youtu.be"), "it holds a video and no article; save its transcript as a .txt file"),
}


def refuse_what_is_no_article(root: HtmlElement, metadata: PageMetadata, blocks: list[Block], *, address: str) -> None:
    """Raise RejectedError if the page is not an article; its reason says what the page is, and what to do.

    `blocks` are the page's text as extracted, and `address` is where the page is.
    """
    text_chars = sum(len(block.text) for block in blocks)
    least = MIN_DECLARED_ARTICLE_CHARS if metadata.says_article else MIN_ARTICLE_CHARS
    all_text = one_line(" ".join(_texts(root)))
    heading = metadata.title or one_line("".join(root.xpath("string(.//h1)")))
    beginnings = [beginning for beginning in (
        heading, one_line(root.xpath("string(.//h1)")), blocks[0].text if blocks else "") if beginning]
    refuse_own_title(metadata.title)
    if not metadata.says_article and (NOT_FOUND.search(heading) or (blocks and NOT_FOUND.search(blocks[0].text))):
        raise RejectedError("is a page that says that something was not found; remove it")
    page_address = address or metadata.address
    service = "" if CHANNEL.match(page_address) else SERVICES.get(site_of(page_address), "")
    if service and not (metadata.says_article and text_chars >= MIN_ARTICLE_CHARS) and not metadata.body:
        raise RejectedError(f"is a page of {site_of(page_address)}: {service}")
    if not metadata.says_article and len(all_text) < MAX_NOTICE_CHARS:
        is_short = text_chars < least
        _refuse_a_notice(root, [*beginnings, all_text] if is_short else beginnings, is_short=is_short)
    if text_chars < least and (NEEDS_JAVASCRIPT.search(all_text) or len(all_text) < MIN_DECLARED_ARTICLE_CHARS):
        raise RejectedError("holds no text until a browser runs its scripts; save the page from a browser")
    if (not metadata.says_article and text_chars < MAX_NOTICE_CHARS
            and len(set(CONSENT.findall(" ".join(block.text for block in blocks).lower()))) >= 2):
        raise RejectedError("is a page that asks for consent, not the article behind it; save the page from a browser")
    if not metadata.says_article and _is_listing(root, metadata):
        raise RejectedError("is a list of articles, not one; name the pages of the articles, or poll its feed")
    if text_chars < least and any(is_wall(one_line("".join(element.itertext())))
                                  for element in root.iter("p", "div", "h2", "h3", "h4", "span")):
        raise RejectedError("shows its article to subscribers only; save the page from a browser where you are logged "
                            "in")
    if text_chars < least:
        raise RejectedError(f"holds no article: {text_chars} characters of text, and one has {least} or more; "
                            f"remove it, or save the page from a browser")
    if found := next((found for block in blocks if (found := UNSTORABLE.search(block.text))), None):
        raise RejectedError(f"holds the character {found[0]!a}; remove it")


def _texts(root: HtmlElement) -> Iterator[str]:
    """Yield the texts of a page's body, without scripts and styles."""
    body = root.find("body")
    for element in () if body is None else body.iter():
        if element.text and element.tag not in ("script", "style"):
            yield element.text
        if element.tail and element is not body:
            yield element.tail


def refuse_own_title(title: str) -> None:
    """Raise RejectedError if `title` is that of a page that this program made, saved or printed."""
    if OWN_TITLE.search(title):
        raise RejectedError("is a page of answers that this program made, not an article; index the articles that it "
                            "cites")


def _refuse_a_notice(root: HtmlElement, beginnings: list[str], *, is_short: bool) -> None:
    if any(SERVER_FAULT.search(beginning) for beginning in beginnings):
        raise RejectedError("is a fault of its server, sent as if it were the page; fetch it again later")
    if any(GUARD.search(beginning) for beginning in beginnings):
        raise RejectedError("is a page that keeps programs out, not the article behind it; save the page from a "
                            "browser")
    if (is_short and root.xpath(LOGIN_FORM)) or any(LOGIN.search(beginning) for beginning in beginnings):
        raise RejectedError("asks for a login and holds no article; save the page from a browser where you are logged "
                            "in")


def _is_listing(root: HtmlElement, metadata: PageMetadata) -> bool:
    """Tell whether the page is a list of teasers, that is, whether most of its headings are links."""
    linked = len(root.xpath(".//*[self::h2 or self::h3 or self::h4][.//a[@href] or parent::a]"))
    unlinked = len(root.xpath(".//*[self::h2 or self::h3 or self::h4][not(.//a[@href] or parent::a)]"))
    long_paragraphs = sum(len("".join(p.itertext()).strip()) >= 250 for p in root.iter("p"))
    return bool(metadata.kinds & LISTING_KINDS) or (
        linked >= MIN_TEASERS and linked > 2 * unlinked and linked > 2 * long_paragraphs)
