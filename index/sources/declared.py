"""Decode a web page or an XML document, which may declare its encoding.

The declaration is often wrong. Bytes beyond ASCII that are valid UTF-8 are decoded as UTF-8, whatever is declared.
Bytes that are declared as Western European but form Arabic words in Windows-1256 are decoded as Windows-1256. Otherwise
the declaration counts. The HTTP answer's declaration comes before the document's own (WHATWG Encoding, HTML 13.2.3.2).
"""

from __future__ import annotations

import codecs
import re

from index.sources.encoding import (
    ARABIC_LETTER_IN_A_WORD,
    NOT_ASCII,
    EncodingError,
    decode_as,
    detect,
    marked_encoding,
    reads_as_windows_1256,
    utf_16_without_mark,
)

HEAD_BYTES = 8192
PATTERN_BYTES = 4096  # enough to tell UTF-16
IN_CONTENT_TYPE = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
IN_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
IN_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# What these names mean on the web (WHATWG Encoding, 4.2): browsers read them as Windows-1252.
WESTERN = frozenset({"iso8859-1", "ascii", "cp1252"})
WEB_CODECS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
ALIASES = {"x-windows-1256": "cp1256", "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "x-cp1256": "cp1256"}
NOT_TEXT = frozenset({"utf-7", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
# Read a UTF-8 page if at most this share of its characters beyond ASCII is damaged, with U+FFFD in their place: sites
# cut teasers in the middle of a character. The HTML reader checks later whether the article itself is damaged.
MAX_DAMAGED_SHARE = 0.01


def decode_declared(data: bytes, *, content_type: str = "") -> str:
    """Decode `data` and drop its byte order mark. Raises EncodingError if it is not text in a known encoding.

    If a few bytes of a UTF-8 document are damaged, U+FFFD replaces them.
    """
    encoding = marked_encoding(data) or utf_16_without_mark(data[:PATTERN_BYTES])
    if encoding:
        return data.decode(encoding, "replace")
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if not damaged:
        return text
    beyond_ascii = len(NOT_ASCII.findall(text))
    if beyond_ascii and damaged <= MAX_DAMAGED_SHARE * beyond_ascii:
        return text
    for codec in declared_codecs(data, content_type):
        if codec in WESTERN and _is_arabic_in_windows_1256(data):
            return data.decode("cp1256")
        try:
            return data.decode(WEB_CODECS.get(codec, codec))
        except UnicodeDecodeError:
            continue
    try:
        return decode_as(detect(data), data)
    except EncodingError as error:
        if b"\0" in data:
            raise
        if damaged <= 1 + len(text) // 1000:  # an English page with a stray byte
            return text
        raise EncodingError(error.reason.partition(";")[0]) from None


def declared_codecs(data: bytes, content_type: str) -> list[str]:
    """Return the Python codecs named by the HTTP answer, the XML declaration and the meta element, in this order."""
    head = data[:HEAD_BYTES]
    names = [found[1] for found in [IN_CONTENT_TYPE.search(content_type)] if found]
    names += [found[1].decode("ascii", "replace") for pattern in (IN_XML_DECLARATION, IN_META)
              if (found := pattern.search(head))]
    codec_names = []
    for name in names:
        try:
            codec = codecs.lookup(ALIASES.get(name.lower(), name))
        except (LookupError, ValueError):
            continue
        # A document whose declaration can be read as ASCII is not in UTF-16 or UTF-32.
        is_text = getattr(codec, "_is_text_encoding", True)
        if is_text and codec.name not in NOT_TEXT and not codec.name.startswith(("utf-16", "utf-32", "utf-8")):
            codec_names.append(codec.name)
    return codec_names


def _is_arabic_in_windows_1256(data: bytes) -> bool:
    text = data.decode("cp1256")
    beyond_ascii = len(NOT_ASCII.findall(text))
    return (reads_as_windows_1256(data)
            and 2 * len(ARABIC_LETTER_IN_A_WORD.findall(text)) > beyond_ascii)
