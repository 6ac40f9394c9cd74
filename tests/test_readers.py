"""What each reader makes of the golden files in tests/data/readers, whole and damaged."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from index.pages import page_of
from index.sources.addresses import parse_sitemap
from index.sources.canonical import address_id, canonical_address, is_address_id, site_of
from index.sources.feeds import parse_feed
from index.sources.files import read_document, read_file
from index.sources.kinds import READERS, known_suffix
from index.sources.pdf import article_of_pdf
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle, SourceFile
from index.types import Article
from tests.pdfs import pdf_of, stream

GOLDEN = Path(__file__).parent / "data" / "readers"
EXPECTED: dict[str, Any] = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))
DOCUMENTS = sorted(path.name for path in GOLDEN.iterdir() if known_suffix(path.name))
SITEMAPS = sorted(path.name for path in GOLDEN.glob("*.sitemap"))


def as_json(outcome: PlacedArticle | Rejection) -> dict[str, Any]:
    if isinstance(outcome, Rejection):
        return {"rejected": outcome.reason}
    return {key: value for key, value in asdict(outcome.article).items() if value}


def read(path: Path) -> list[PlacedArticle | Rejection]:
    """In this process, where it is quick."""
    suffix = known_suffix(path.name)
    assert suffix is not None
    return list(READERS[suffix](SourceFile(path, path.stem, is_named=False), max_article_bytes=1 << 24))


@pytest.mark.process
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_golden_document_gives_what_it_should(name: str) -> None:
    outcomes = read_file(SourceFile(GOLDEN / name, Path(name).stem, is_named=False))
    assert [as_json(outcome) for outcome in outcomes] == EXPECTED[name]


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_golden_sitemap_gives_its_addresses(name: str) -> None:
    found = parse_sitemap((GOLDEN / name).read_bytes(), address="https://example.org/sitemap.xml")
    assert json.loads(json.dumps(asdict(found))) == EXPECTED[name]


def test_every_golden_file_is_expected_and_every_kind_has_some() -> None:
    assert sorted(EXPECTED) == sorted([*DOCUMENTS, *SITEMAPS])
    counts = {kind: sum(name.endswith(kind) for name in EXPECTED) for kind in (".html", ".pdf", ".xml", ".sitemap")}
    assert counts[".html"] >= 12
    assert counts[".pdf"] >= 5
    assert counts[".xml"] >= 6
    assert counts[".sitemap"] >= 4


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_damaged_document_gives_articles_or_reasons(name: str, tmp_path: Path) -> None:
    """Cut off and with single bits turned, at places that a seed chooses."""
    content = (GOLDEN / name).read_bytes()
    chance = random.Random(name)
    path = tmp_path / name
    for number in range(24):
        damaged = bytearray(content)
        if number % 2:
            del damaged[chance.randrange(len(damaged)):]
        else:
            for _ in range(1 + number // 2):
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        outcomes = list(read(path))
        assert outcomes
        for outcome in outcomes:
            if isinstance(outcome, Rejection):
                assert outcome.reason
            else:
                assert outcome.article.text.strip()


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_damaged_sitemap_gives_addresses_or_a_reason(name: str) -> None:
    content = (GOLDEN / name).read_bytes()
    chance = random.Random(name)
    addresses, reasons = [], []
    for _ in range(50):
        damaged = bytearray(content[:chance.randrange(1, len(content) + 1)])
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            sitemap = parse_sitemap(bytes(damaged), address="")
        except RejectedError as error:
            reasons.append(str(error))
        else:
            addresses += [*sitemap.sitemaps, *(page.address for page in sitemap.pages)]
    assert addresses or len(reasons) == 50  # nothing is left of a packed one that is cut
    assert "" not in reasons
    assert [address for address in addresses if not address.lower().startswith("http")] == []


# ---- PDF ----

def test_a_place_in_a_pdf_is_on_a_page() -> None:
    (outcome,) = read(GOLDEN / "arabic.pdf")
    assert isinstance(outcome, PlacedArticle)
    article = outcome.article
    second = article.text.index("وتضم الجامعة")
    assert [page_of(article, offset) for offset in (0, second - 1, second, len(article.text) - 1)] == [1, 1, 2, 2]
    assert page_of(Article("a", "text"), 0) is None
    assert page_of(Article("a", "text", metadata={"pages": ["x"]}), 0) is None


def drawn_pdf(content: bytes, characters: dict[str, str]) -> bytes:
    """A page with this drawing in a font that maps each glyph, named by its ASCII character, to some characters."""
    mapped = b"".join(b"<%02x><%s>" % (ord(glyph), text.encode("utf-16-be").hex().encode())
                      for glyph, text in characters.items())
    to_unicode = (b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00><ff> endcodespacerange "
                  b"%d beginbfchar %s endbfchar endcmap" % (len(characters), mapped))
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                   b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
                   stream(content), b"<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 6 0 R>>",
                   stream(to_unicode)])


LATIN = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}


def test_a_glyph_that_is_mapped_to_nul_costs_itself_and_not_the_document() -> None:
    drawing = b"BT /F 12 Tf 10 50 Td (%s) Tj ET" % (b"abcdefghij" * 6 + b"~")
    assert article_of_pdf(drawn_pdf(drawing, LATIN | {"~": "\0"})).text == "abcdefghij" * 6


@pytest.mark.parametrize("unknown", ["\0", "\ufffd"])
def test_a_document_whose_glyphs_have_no_characters_is_rejected_with_a_remedy(unknown: str) -> None:
    drawing = b"BT /F 12 Tf 10 50 Td (%s) Tj ET" % (b"abcdefghi~" * 6)
    with pytest.raises(RejectedError, match=r"uses fonts that do not say which letters they draw; export it again"):
        article_of_pdf(drawn_pdf(drawing, LATIN | {"~": unknown}))


@pytest.mark.parametrize(("drawing", "text"), [
    (b"(ab) Tj /Span<</ActualText(xyz)>>BDC (cd) Tj EMC (ef) Tj", "abxyzef"),
    (b"(ab) Tj /Span<</ActualText<FEFF062806510650>>>BDC (c) Tj EMC (ef) Tj", "ab\u0628\u0651\u0650ef"),
    (b"(ab) Tj /Span<</ActualText()>>BDC (cd) Tj EMC (ef) Tj", "ab ef"),
    (b"(ab) Tj /P<</MCID 0>>BDC /Span<</ActualText(x)>>BDC (c) Tj EMC (d) Tj EMC (ef) Tj", "abxdef"),
    (b"(ab) Tj /Span<</ActualText(x)>>BDC (c) Tj /Span<</ActualText(y)>>BDC (d) Tj EMC EMC (ef) Tj", "abxef"),
    (b"(ab) Tj EMC /Span<</ActualText(x)>>BDC (cd) Tj", "abcd"),
], ids=["letters", "utf-16", "empty", "inside-other-content", "nested", "unbalanced"])
def test_the_text_that_a_document_states_takes_the_place_of_its_glyphs(drawing: bytes, text: str) -> None:
    assert article_of_pdf(drawn_pdf(b"BT /F 12 Tf 10 50 Td " + drawing + b" ET", LATIN)).text == text


# ---- identity ----

@pytest.mark.parametrize("read_otherwise", [
    r"https://example.org\@example.net/", r"https://a@example.org\@example.net/", "https://[::1]example.org/",
    r"https://example.org\.example.net/", "https://exampl%65.org/", "https://example.org;a/", "https://example.org<b>/",
    "https://-/", "https://example.org:99999/"])
def test_an_address_whose_host_programs_read_differently_has_no_site(read_otherwise: str) -> None:
    assert (canonical_address(read_otherwise), site_of(read_otherwise)) == ("", "")


@pytest.mark.parametrize("writing", [
    "https://example.org/news/1", "http://example.org/news/1", "HTTPS://EXAMPLE.org:443/news/1#part",
    "https://example.org/news/./x/../1", "https://example.org/news/%31", "https://example.org/news/1?utm_source=feed",
    "https://example.org/news/1?fbclid=abc&utm_medium=x"])
def test_all_writings_of_one_address_give_one_id(writing: str) -> None:
    assert canonical_address(writing) == "https://example.org/news/1"
    assert address_id(writing) == address_id("https://example.org/news/1")


@pytest.mark.parametrize("other", ["https://example.org/news/1?id=2", "https://example.org/News/1",
                                   "https://example.org/news/1/", "https://www.example.org/news/1",
                                   "https://example.org:8443/news/1"])
def test_addresses_that_may_differ_stay_apart(other: str) -> None:
    assert address_id(other) != address_id("https://example.org/news/1")


def test_an_id_that_was_given_is_not_one_of_an_address() -> None:
    url = "https://example.org/1"
    assert is_address_id(Article(address_id(url), "x", url=url))
    assert not is_address_id(Article("given", "x", url=url))
    assert not is_address_id(Article("given", "x"))


# ---- what was fetched ----

@pytest.mark.process
def test_a_fetched_page_has_the_address_it_was_fetched_from() -> None:
    content = (GOLDEN / "windows-1256.html").read_bytes()
    (outcome,) = read_document(content, name="page", address="https://example.org/un?utm_source=x",
                               content_type="text/html")
    assert isinstance(outcome, PlacedArticle)
    assert outcome.article.id == address_id("https://example.org/un")
    assert outcome.article.text == EXPECTED["windows-1256.html"][0]["text"]


@pytest.mark.process
def test_a_page_is_believed_about_its_own_site_only() -> None:
    content = (GOLDEN / "plain.html").read_bytes()
    for fetched_from, expected in (("https://example.org/m/league", "https://example.org/news/league?utm_source=x"),
                                   ("https://other.example/x", "https://other.example/x")):
        (outcome,) = read_document(content, name="page", address=fetched_from, content_type="text/html")
        assert isinstance(outcome, PlacedArticle)
        assert outcome.article.url == expected


def test_a_feed_says_how_long_it_is_fresh_and_which_entries_are_whole() -> None:
    feed = parse_feed((GOLDEN / "rss-2-content.xml").read_bytes(), address="https://example.org/feed")
    assert (feed.ttl_s, [entry.is_whole for entry in feed.entries]) == (1800, [True])
    feed = parse_feed((GOLDEN / "rss-2-teasers.xml").read_bytes(), address="https://example.org/feed")
    assert [(entry.link, entry.is_whole) for entry in feed.entries] == [
        ("https://example.org/1", False), ("https://example.org/2", False)]
