"""Documents made to break their reader: each becomes an article or a reason, and its neighbours are all read."""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.intake.quarantine import Quarantine
from index.sources.files import read_document, walk
from index.sources.rejections import Rejection
from index.sources.types import MAX_ARTICLE_BYTES
from index.sources.worker.parent import Limits, Reading
from tests.pdfs import pdf_of, stream
from tests.test_update import House, house  # noqa: F401  # a fixture

pytestmark = pytest.mark.process

PLENTY_S = 90.0
SECRET = "this is nobody's business"


def bomb(levels: int = 9) -> bytes:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels))
    return (f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "{"x" * 100}">{entities}]><rss version="2.0"><channel>'
            f"<title>t</title><item><title>&e{levels - 1};</title><description>&e{levels - 1};</description></item>"
            f"</channel></rss>").encode()


def external(folder: Path) -> bytes:
    (folder / ".secret").write_text(SECRET)
    return (f'<!DOCTYPE rss [<!ENTITY secret SYSTEM "file://{folder}/.secret">]><rss version="2.0"><channel><title>t'
            f"</title><item><title>&secret;</title><description>{'word ' * 300}&secret;</description></item></channel>"
            f"</rss>").encode()


def pdf_bomb() -> bytes:
    """A page whose drawing unfolds a thousandfold."""
    packed = zlib.compress(b"BT (x) Tj ET\n" * 20_000_000, 9)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                   b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>",
                   stream(packed, b"/Filter/FlateDecode")])


HOSTILE: dict[str, Callable[[Path], bytes]] = {
    "entities.xml": lambda _: bomb(),
    "external.xml": external,
    "entities.xhtml": lambda _: bomb().replace(b"rss", b"html"),
    "gzip-bomb.jsonl.gz": lambda _: gzip.compress(b'{"text": "' + b"x" * 200_000_000 + b'"}'),
    "gzip-in-gzip.jsonl.gz": lambda _: gzip.compress(gzip.compress(b"x" * 50_000_000)),
    "cut.jsonl.gz": lambda _: gzip.compress(b'{"text": "x"}\n' * 1000)[:-20],
    "bomb.pdf": lambda _: pdf_bomb(),
    "deep.html": lambda _: b"<div>" * 200_000 + "نص عميق.".encode(),
    "deep.json.jsonl": lambda _: b'{"text": "x", "m": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep.md": lambda _: b"---\na: " + b"[" * 50_000 + b"\n---\ntext",
    "aliases.md": lambda _: ("---\n" + "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)) + "---\nالنص.").encode(),
    "deep.xml": lambda _: b"<rss>" + b"<a>" * 200_000,
    "line.jsonl": lambda _: b'{"text": "' + b"y" * (MAX_ARTICLE_BYTES + 10) + b'"}',
    "line.txt": lambda _: b"z" * (MAX_ARTICLE_BYTES + 10),
    "nul.txt": lambda _: b"text\0with\0nul",
    "nul.jsonl": lambda _: b'{"text": "a\\u0000b"}',
    "surrogate.jsonl": lambda _: b'{"text": "half \\ud800 pair"}',
    "surrogate.html": lambda _: b"<p>half &#xd800; pair</p>" * 40,
    "overlong.txt": lambda _: b"text \xc0\xaf\xe0\x80\xaf text",
    "wrongly-utf-8.html": lambda _: b'<meta charset="utf-8"><p>' + "نص في يونيكود آخر. ".encode("utf-16-le") * 30,
    "marks.txt": lambda _: b"\xef\xbb\xbf\xef\xbb\xbftext twice marked",
    "attributes.html": lambda _: b"<p " + b"a=1 " * 500_000 + b">x</p>",
    "comment.html": lambda _: b"<!--" * 300_000 + b"<p>x</p>",
    "brackets.html": lambda _: b"<" * 2_000_000,
    "spaces.html": lambda _: b"<p>" + b" \n" * 2_000_000 + b"</p>",
    "records.jsonl": lambda _: b"[]\n" * 150_000,
    "empty.html": lambda _: b"", "empty.pdf": lambda _: b"", "empty.xml": lambda _: b"", "empty.jsonl": lambda _: b"",
    "header.pdf": lambda _: b"%PDF-1.7\n" + bytes(range(256)) * 100,
    "loop.pdf": lambda _: b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>",
}


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    """A worker with a tenth of the time that one has."""
    reading = Reading(Limits(cpu_s=3, wall_s=20.0))
    yield reading
    reading.close()


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_document_gives_articles_or_reasons_in_bounded_time(name: str, tmp_path: Path,
                                                                             reading: Reading) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name](tmp_path))
    started = time.monotonic()
    (file,) = walk([tmp_path / name])
    assert not isinstance(file, Rejection)
    outcomes = list(reading.read(file, max_article_bytes=MAX_ARTICLE_BYTES))
    assert time.monotonic() - started < PLENTY_S
    assert outcomes
    for outcome in outcomes:
        if isinstance(outcome, Rejection):
            assert outcome.reason
            assert SECRET not in outcome.reason
        else:
            assert SECRET not in outcome.article.text + outcome.article.title
            assert len(outcome.article.text.encode()) <= MAX_ARTICLE_BYTES


@pytest.mark.slow
def test_the_neighbours_of_hostile_documents_are_all_read_and_the_counts_add_up(house: House) -> None:  # noqa: F811
    for number, name in enumerate(sorted(HOSTILE)):
        if name not in ("records.jsonl", "bomb.pdf"):  # they take their time
            (house.news / f"{number:02}-{name}").write_bytes(HOSTILE[name](house.news))
        (house.news / f"{number:02}-good.txt").write_text(f"The good one number {number}.")
    os.mkfifo(house.news / "pipe.txt")
    (house.news / "loop.txt").symlink_to(house.news / "loop.txt")
    report = house.update()
    good = {article_id for article_id in house.texts if article_id.endswith("-good")}
    assert len(good) == len(HOSTILE)
    assert report.seen.rejected == len(house.rejections) >= len(HOSTILE) // 2
    assert report.changes.new == report.articles + report.changes.linked == report.seen.accepted - report.seen.repeated
    kept = Quarantine(house.index_dir).listed()
    assert len(kept) == len({(rejection.path, rejection.line, rejection.reason) for rejection in house.rejections})


@pytest.mark.parametrize(("content_type", "name"), [("text/html", "x"), ("application/pdf", "x"), ("", "x.xml"),
                                                    ("application/octet-stream", "x"), ("text/plain", "x.pdf")])
def test_what_was_fetched_is_read_whatever_it_calls_itself(content_type: str, name: str) -> None:
    for make in (bomb, lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20):
        outcomes = read_document(make(), name=name, address="https://example.org/x", content_type=content_type)
        assert outcomes
        assert [outcome for outcome in outcomes if not (
            outcome.reason if isinstance(outcome, Rejection) else outcome.article.text.strip())] == []
