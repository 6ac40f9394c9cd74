"""Leave out what a forwarded message adds to a quote: "عاجل", "منقول", "المصدر:" before a link."""

from __future__ import annotations

import re

from index.language.clitics import PREPOSITION_LI

_MARKS = r"[^\w\n]"
# Announcements at the beginning of a line, behind which a mark or the end of the line follows, and closing words that
# are a line, or the last words, by themselves.
_OPENINGS = (r"(?:خبر )?(?:عاجل(?: جدا)?|هام(?: جدا)?|متداول"
             r"|منقول|كما وصلني|كما وردني|وصلني الآن|معاد توجيهها?"
             r"|تم(?:ت)? إعادة توجيهها?|محوّ?لة?|للعلم|تنبيه|just in|breaking(?: news)?"
             r"|forwarded(?: many times| as received)?|fwd|fw|urgent)")
_CLOSINGS = (r"(?:منقول|كما وصلني|كما وردني|انشر(?:ها|وها|وا)?(?: تؤجر)?|شارك(?:ها|وها|وا)?|للنشر|forwarded|"
             r"(?:please )?share|via)")
_BEFORE_LINKS = (rf"(?:المصدر|الرابط|{PREPOSITION_LI}?(?:لمزيد|التفاصيل|لتفاصيل)|رابط الخبر|تفاصيل الخبر|شاهد"
                 r"|اقرأ المزيد|source|link|read more|via)")
_SIGN = r"(?<=[.!؟?…\n*|_~\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])"
_LINK = r"(?:https?://|www\.|t\.me/)[!-~]+"
_ADDED = re.compile(
    rf"(?P<opening>^{_MARKS}*{_OPENINGS}(?:{_MARKS}*[^\w\s'\"«»“”(){{}}\[\]،]{_MARKS}*|[ \t]*$))"
    rf"|(?P<closing>(?:^|{_SIGN}|{_LINK}){_MARKS}*{_CLOSINGS}{_MARKS}*$)"
    rf"|(?P<link>{_BEFORE_LINKS}{_MARKS}*{_LINK})|(?P<keycap>[0-9#*]\ufe0f?\u20e3)"
    rf"|(?P<tags>(?:{_LINK}|{_SIGN})\s*(?:#\w+\s*)+$)", re.MULTILINE | re.IGNORECASE)


def without_additions(message: str) -> str:
    """Return the message with spaces in place of what forwarding adds, so that offsets stay.

    A message of nothing else is returned as it is.
    """
    left = _ADDED.sub(lambda match: re.sub(r"\S", " ", match[0]), message)
    return left if any(map(str.isalnum, left)) else message
