"""Detect the encoding of a file and decode it; refuse a file in none of the encodings that Arabic news comes in.

The checks run in this order: byte order mark, UTF-16 by its pattern, strict UTF-8, Windows-1256. UTF-16 comes before
UTF-8 because Arabic in UTF-16 without a mark is, byte for byte, valid ASCII. Why not charset-normalizer:
docs/decisions/0003-encodings.md.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from index.language.scripts import WINDOWS_1256_LETTERS as LETTERS
from index.sources.rejections import RejectedError

REMEDY = "save it as UTF-8 text"

# UTF-32 comes first: its little-endian mark begins with UTF-16's. The codecs named here drop the mark.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
# ASCII to the Arabic blocks, the dashes and quotes, the Arabic presentation forms. U+2000 to U+200A are left out,
# because a UTF-16 space with its bytes swapped is U+2000.
UTF_16_USUAL = re.compile(r"[\t\n\r\x20-\x7e\xa0-\u077f\u200b-\u2060\u20a0-\u20bf\ufb50-\ufdff\ufe70-\ufefc]")
UTF_16_USUAL_SHARE = 0.7
HEAD_BYTES = 4096

MARKS = "\u064b-\u0652"
ACCENTED = "ƒŒœàâçèéêëîïôùûü"
SYMBOLS = "€‚„†‡ˆ‰‹›•™¢£¤¥¦§¨©¬®¯°±²³´µ¶·¸¹¼½¾×÷"
# Signs that Windows-1256 is the wrong encoding: French letters joined to Arabic ones (the bytes are ISO 8859-6,
# Windows-1251 or another alphabet), a vowel mark without a letter under it (Windows-1252), a symbol inside a word
# (UTF-8).
MISREAD = re.compile(
    rf"[{ACCENTED}][{LETTERS}]|[{LETTERS}{MARKS}][{ACCENTED}]|(?<![{LETTERS}{MARKS}])[{MARKS}]"
    rf"|(?<=[{LETTERS}])[{SYMBOLS}](?=[{LETTERS}])"
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
ARABIC_LETTER = re.compile(rf"[{LETTERS}]")
ARABIC_LETTER_IN_A_WORD = re.compile(rf"[{LETTERS}](?=[{MARKS}]*[{LETTERS}])")


class EncodingError(RejectedError):
    """Bytes that are not text in any encoding this program reads."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; {REMEDY}")


def decode(data: bytes) -> str:
    """Detect the encoding of `data` and decode it, without its byte order mark. Raises EncodingError."""
    return decode_as(detect(data), data)


def decode_as(encoding: str, data: bytes) -> str:
    """Decode `data` from a known encoding. Raises EncodingError with the place of the first wrong byte."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        byte = len(data) - len(error.object) + error.start + 1  # utf-8-sig counts from after its mark
        raise EncodingError(f"is not valid {encoding.removesuffix('-sig').upper()} at byte {byte}") from None


def detect(data: bytes) -> str:
    """Return the Python codec that reads `data`: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-32 or cp1256.

    A byte order mark counts even if the bytes after it turn out to be damaged. Raises EncodingError.
    """
    encoding = marked_encoding(data) or utf_16_without_mark(data)
    if encoding:
        return encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if reads_as_windows_1256(data):
            return "cp1256"
        raise EncodingError("is not text in UTF-8, UTF-16 or Windows-1256") from None
    if _is_binary(text):
        raise EncodingError("is not text: it holds control characters")
    return "utf-8"


def as_utf_8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Convert chunks of UTF-16 or UTF-32 to UTF-8, pass others through, and drop the byte order mark.

    Half a surrogate pair becomes three bytes that are not valid UTF-8, so that only its own line is lost.
    Raises EncodingError where the bytes are damaged or cut off.
    """
    chunks = iter(chunks)
    head = next(chunks, b"")
    encoding = marked_encoding(head) or utf_16_without_mark(head[:HEAD_BYTES])
    if encoding in (None, "utf-8-sig"):
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    try:
        for chunk in chain([head], chunks):
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise EncodingError(f"is damaged or cut off here: it is not valid {encoding.upper()}") from None


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding named by the byte order mark of `data`; None without a mark."""
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def utf_16_without_mark(data: bytes) -> str | None:
    """Return utf-16-le or utf-16-be if `data` decodes to mostly ASCII, Arabic and the alphabets between; else None."""
    if not CONTROL.search(data.decode("latin-1")):  # the high byte of all of these is 0x00 to 0x07
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data)  # `data` may end inside a character
        except UnicodeDecodeError:
            continue
        if text and len(UTF_16_USUAL.findall(text)) >= UTF_16_USUAL_SHARE * len(text):
            return encoding
    return None


def reads_as_windows_1256(data: bytes) -> bool:
    """Tell whether `data` decodes to words in Windows-1256, which has a character for every byte."""
    text = data.decode("cp1256")
    if _is_binary(text) or len(MISREAD.findall(text)) * 50 > len(NOT_ASCII.findall(text)):
        return False
    letters = len(ARABIC_LETTER.findall(text))
    return len(ARABIC_LETTER_IN_A_WORD.findall(text)) * 3 >= letters


def _is_binary(text: str) -> bool:
    """Tell whether more than one character in fifty is a control character; a stray one should not lose an article."""
    return len(CONTROL.findall(text)) * 50 > len(text)
