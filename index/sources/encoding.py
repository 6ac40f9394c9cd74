"""Detect a file's encoding and decode the file. Refuse encodings that are not in use for Arabic news.

The checks run in this order: byte order mark, UTF-16 by its pattern, strict UTF-8, Windows-1256. UTF-16 comes before
UTF-8 because the bytes of Arabic text in UTF-16 without a mark are also valid ASCII. docs/decisions/0003-encodings.md
explains why charset-normalizer is not used.
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
    """The bytes are not text in any encoding that this program reads."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; {REMEDY}")


def decode(data: bytes) -> str:
    """Detect the encoding of `data` and decode it, without its byte order mark.

    Raises EncodingError if no encoding fits.
    """
    return decode_as(detect(data), data)


def decode_as(encoding: str, data: bytes) -> str:
    """Decode `data` from a known encoding. Raises EncodingError with the position of the first invalid byte, if any."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        byte = len(data) - len(error.object) + error.start + 1  # utf-8-sig counts from after its mark
        raise EncodingError(f"is not valid {encoding.removesuffix('-sig').upper()} at byte {byte}") from None


def detect(data: bytes) -> str:
    """Return the Python codec for `data`: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-32 or cp1256.

    A byte order mark decides even if the bytes after it are damaged. Raises EncodingError if no encoding fits.
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
    """Convert chunks of UTF-16 or UTF-32 to UTF-8, pass other chunks through, and drop the byte order mark.

    A lone surrogate becomes three bytes that are not valid UTF-8, so that only the line with it is rejected. Raises
    EncodingError where the bytes are damaged or cut off.
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
    """Return the encoding that the byte order mark of `data` names, or None if there is no mark."""
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def utf_16_without_mark(data: bytes) -> str | None:
    """Return utf-16-le or utf-16-be if `data` decodes with that codec to text like Arabic news, else None.

    Such text is mostly ASCII, Arabic, and letters of the alphabets between them in Unicode.
    """
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
    """Tell whether `data`, decoded as Windows-1256, consists of words.

    That it can be decoded proves nothing, because every byte is a character in Windows-1256.
    """
    text = data.decode("cp1256")
    if _is_binary(text) or len(MISREAD.findall(text)) * 50 > len(NOT_ASCII.findall(text)):
        return False
    letters = len(ARABIC_LETTER.findall(text))
    return len(ARABIC_LETTER_IN_A_WORD.findall(text)) * 3 >= letters


def _is_binary(text: str) -> bool:
    """Tell whether more than one character in fifty is a control character.

    The limit is not zero, so that a stray control character does not cause an article to be rejected.
    """
    return len(CONTROL.findall(text)) * 50 > len(text)
