"""Claims about bytes and text: every supported encoding comes back as it was, and nothing else passes for text."""

from __future__ import annotations

import random
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.encoding import EncodingError, as_utf_8, decode, detect
from tests.examples import examples

NOT_TEXT = "is not text in UTF-8, UTF-16 or Windows-1256; save it as UTF-8 text"
ARABIC_SENTENCE = "هذه جملةٌ قصيرة، تجرّب الحروف والأرقام ١٢٣ و«علامات» الترقيم؟"
WINDOWS_1256_SENTENCE = "هذه جملة قصيرة، تجرب الحروف والأرقام 123 و«علامات» الترقيم؟"
FRENCH_SENTENCE = "Une phrase d’essai, écrite ça et là à côté."

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآءؤئ"
words = st.text(LETTERS, min_size=2, max_size=9)
sentences = st.lists(words, min_size=2, max_size=40).map(" ".join)
any_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), min_size=1, max_size=80
).filter(lambda text: not text.startswith("\ufeff"))


@given(any_text)
@examples(150)
def test_any_text_in_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@given(text=any_text)
@examples(60)
def test_any_text_behind_a_byte_order_mark_comes_back_without_it(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_big_endian_marks_are_known(encoding: str) -> None:
    assert decode(("\ufeff" + ARABIC_SENTENCE).encode(encoding)) == ARABIC_SENTENCE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1256"])
@given(text=sentences)
@examples(100)
def test_arabic_words_come_back_without_a_mark(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert (detect(data), decode(data)) == (encoding, text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@given(text=st.text(string.ascii_letters + string.digits + " .,\n", min_size=2, max_size=80))
@examples(60)
def test_english_comes_back_from_utf_16_without_a_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_arabic_in_utf_16_is_not_taken_for_the_ascii_that_its_bytes_are(encoding: str) -> None:
    data = "السلام".encode(encoding)
    assert data.isascii()
    assert decode(data) == "السلام"


@pytest.mark.parametrize(
    "text",
    [WINDOWS_1256_SENTENCE, FRENCH_SENTENCE, "قالت الـBBC إن وCNN هنا", "مُحَمَّدٌ كَتَبَ", "He said “it’s – over”…",
     "نعم", "أ. ب. بلدان"],
)
def test_windows_1256_reads_what_people_write_in_it(text: str) -> None:
    assert decode(text.encode("cp1256")) == text


@pytest.mark.parametrize("length", [64, 100, 1001, 20_000])
def test_random_bytes_are_refused(length: int) -> None:
    for seed in range(40):
        with pytest.raises(EncodingError):
            decode(random.Random(seed).randbytes(length))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0C\0" + bytes(range(1, 65)), id="jpeg"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0", id="png"),
        pytest.param(zlib.compress(ARABIC_SENTENCE.encode() * 3), id="deflate"),
        pytest.param(ARABIC_SENTENCE.encode()[:-1], id="utf-8 cut off"),
        pytest.param(ARABIC_SENTENCE.encode().replace(b" ", b"\xff", 1), id="utf-8 damaged"),
        pytest.param("جميل".encode()[:-1], id="short utf-8 cut off"),
        pytest.param(b"A plain Engl\xffish sentence", id="ascii damaged"),
        pytest.param(WINDOWS_1256_SENTENCE.replace("«", '"').replace("»", '"').encode("iso8859_6"), id="iso 8859-6"),
        pytest.param("قمر".encode("iso8859_6"), id="iso 8859-6, qaf first"),
        pytest.param("شاي".encode("iso8859_6"), id="iso 8859-6, ya last"),
        pytest.param("Обычное русское предложение для проверки".encode("cp1251"), id="windows-1251"),
        pytest.param("Обычное русское предложение для проверки".encode("koi8_r"), id="koi8-r"),
        pytest.param("Das ist ein schöner, großer Satz für Prüfungen".encode("cp1252"), id="german windows-1252"),
        pytest.param("El señor".encode("cp1252"), id="spanish windows-1252"),
        pytest.param("Straße".encode("cp1252"), id="one german word"),
        pytest.param("这是一个普通的中文句子".encode("gbk"), id="gbk"),
    ],
)
def test_what_is_in_none_of_the_encodings_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError) as refusal:
        decode(data)
    assert str(refusal.value) == NOT_TEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a\x01\x00\x01\x00", "is not text: it holds control characters; save it as UTF-8 text"),
        (b"\xef\xbb\xbfab\xff", "is not valid UTF-8 at byte 6; save it as UTF-8 text"),
        (ARABIC_SENTENCE.encode("utf-16")[:21], "is not valid UTF-16 at byte 21; save it as UTF-8 text"),
        (ARABIC_SENTENCE.encode("utf-16-le")[:21], "is not valid UTF-16-LE at byte 21; save it as UTF-8 text"),
    ],
)
def test_damage_is_named_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(EncodingError) as refusal:
        decode(data)
    assert str(refusal.value) == message


@given(text=sentences, cuts=st.lists(st.integers(1, 60), min_size=1, max_size=5))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@examples(50)
def test_a_stream_is_the_same_however_it_is_cut(encoding: str, text: str, cuts: list[int]) -> None:
    data = text.encode(encoding)
    chunks, start = [data[:8]], 8  # a first chunk of a few characters is enough to know the encoding by
    for cut in cuts:
        chunks.append(data[start : start + cut])
        start += cut
    assert b"".join(as_utf_8([*chunks, data[start:]])) == text.encode()
