"""Plain text and Markdown as articles."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from index.sources import Rejection
from index.types import Article
from tests.source_files import PARAGRAPH, only_article, read, write

pytestmark = pytest.mark.process

# --- plain text -------------------------------------------------------------------------------------------------

TITLE = "عنوان قصير للتجربة"


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        pytest.param(f"{TITLE}\n\n{PARAGRAPH}", TITLE, PARAGRAPH, id="a blank line"),
        pytest.param(f"هل هذا عنوان؟\n \n\n{PARAGRAPH}", "هل هذا عنوان؟", PARAGRAPH, id="a question and blank lines"),
        pytest.param(f"{TITLE}\n{PARAGRAPH}", TITLE, PARAGRAPH, id="a clear break"),
        pytest.param(f"\n \n{TITLE}\r\n\r\n{PARAGRAPH}\r\n\r\n", TITLE, PARAGRAPH, id="edges and line ends"),
        pytest.param(f"{TITLE}.\n{PARAGRAPH}", "", f"{TITLE}.\n{PARAGRAPH}", id="a sentence end"),
        pytest.param(f"«{TITLE}.»\n{PARAGRAPH}", "", f"«{TITLE}.»\n{PARAGRAPH}", id="a sentence end in quotes"),
        pytest.param(f"{TITLE}\n{TITLE} وأكثر", "", f"{TITLE}\n{TITLE} وأكثر", id="lines of one length"),
        pytest.param(f"{PARAGRAPH * 3}\n\n{PARAGRAPH}", "", f"{PARAGRAPH * 3}\n\n{PARAGRAPH}", id="a long paragraph"),
        pytest.param(f"{PARAGRAPH * 3}\n{TITLE}\n{PARAGRAPH}", "", f"{PARAGRAPH * 3}\n{TITLE}\n{PARAGRAPH}", id="seed"),
        pytest.param(TITLE, "", TITLE, id="one line"),
        pytest.param(f"{TITLE}\n\n", "", TITLE, id="one line and blank ones"),
        pytest.param(f"  {PARAGRAPH}  \n", "", f"  {PARAGRAPH}  ", id="spaces are kept"),
        pytest.param("أ\rب\r\nج\n", "", "أ\nب\nج", id="old line ends"),
    ],
)
def test_the_first_line_is_the_title_only_when_it_stands_apart(
    tmp_path: Path, content: str, title: str, text: str
) -> None:
    article = only_article(write(tmp_path / "a.txt", content))
    assert (article.title, article.text) == (title, text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1256"])
def test_a_text_file_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "هذه فقرة للتجربة، لا تقول شيئا؟"
    assert only_article(write(tmp_path / "a.txt", f"{text}\r\n".encode(encoding))).text == text


BAD_FILES = [
    (b"", "is empty; write an article into it, or remove it"),
    (b" \r\n\n", "holds blank lines only; write an article into it, or remove it"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "is not text in UTF-8, UTF-16 or Windows-1256; save it as UTF-8 text"),
    (b"x" * 101, "is larger than the 100 bytes of one article; split it"),
    (b"y" * 90 + b"\0", "'text' holds a NUL character at character 91; remove it"),
]


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(("content", "reason"), BAD_FILES)
def test_a_file_that_is_no_article_is_rejected(tmp_path: Path, suffix: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / f"a{suffix}", content)
    assert read(path, max_article_bytes=100) == [Rejection(path, None, reason)]


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
def test_a_jsonl_file_without_a_record_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "a.jsonl", content)
    assert read(path) == [Rejection(path, None, "is empty; write one article per line, or remove it")]


# --- Markdown ---------------------------------------------------------------------------------------------------


def test_front_matter_fills_the_fields_and_the_body_is_kept(tmp_path: Path) -> None:
    article = only_article(write(
        tmp_path / "a.md",
        "---\r\nid: 007\ntitle: 1984\nlanguage: no\nsource: 'س'\nauthor:\nurl: https://example.org/1\n"
        "published: 2018-02-18\nupdated: 2018-02-19 10:00:00\ntags: [ا, 1, yes]\n---\n\n\n## قسم\n\n- **نص**\n\n",
    ))  # fmt: skip
    assert article == Article(
        id="007", text="## قسم\n\n- **نص**", title="1984", source="س", url="https://example.org/1",
        published="2018-02-18", language="no",
        metadata={"updated": "2018-02-19T10:00:00", "tags": ["ا", 1, True]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "published", "metadata"),
    [
        ("2018-02-18 17:21:49", "2018-02-18T17:21:49", {}),
        ("2018-02-18T17:21:49Z", "2018-02-18T17:21:49+00:00", {}),
        ("2018-2-18 7:21:49 -5", "2018-02-18T07:21:49-05:00", {}),  # YAML's own form, not ISO 8601
        ("٢٠١٨-٠٢-١٨", "2018-02-18", {}),
        ("2018-02-31", "", {"published_as_read": "2018-02-31"}),
        ("2018", "", {"published_as_read": "2018"}),
    ],
)
def test_dates_in_front_matter(tmp_path: Path, written: str, published: str, metadata: dict[str, str]) -> None:
    article = only_article(write(tmp_path / "a.md", f"---\npublished: {written}\n---\nنص"))
    assert (article.published, dict(article.metadata)) == (published, metadata)


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("\n# عنوان\n\nنص\n", "عنوان", "نص"),
        ("# عنوان ##\nنص", "عنوان", "نص"),
        ("# C#\nنص", "C#", "نص"),
        ("---\nsource: س\n---\n# عنوان\nنص", "عنوان", "نص"),
        ("---\ntitle: ع\n---\n# عنوان\nنص", "ع", "# عنوان\nنص"),
        ("---\n---\nنص", "", "نص"),
        ("---\n# a comment\n...\nنص", "", "نص"),
        ("نص\n\n# عنوان\n", "", "نص\n\n# عنوان"),
        ("## عنوان\nنص", "", "## عنوان\nنص"),
        ("#وسم\nنص", "", "#وسم\nنص"),
        ("# عنوان", "", "# عنوان"),
    ],
)
def test_the_title_is_the_front_matters_or_the_first_heading(
    tmp_path: Path, content: str, title: str, text: str
) -> None:
    article = only_article(write(tmp_path / "a.md", content))
    assert (article.title, article.text) == (title, text)


BAD_FRONT_MATTER = [
    ("---\ntitle: ع\nنص", 1, "opens front matter that does not end within 65,536 characters; "
                             "close it with a line of ---"),
    ("---\nx: " + "y" * 66_000 + "\n---\nنص", 1, "opens front matter that does not end within 65,536 characters; "
                                              "close it with a line of ---"),
    ("---\ntitle: ع\nsource: [a\n---\nنص", 4, "has broken front matter (expected ',' or ']', but got '<stream end>'); "
                                           "correct it"),
    ("\n\n---\ntitle: a: b\n---\nنص", 4, "has broken front matter (mapping values are not allowed here); correct it"),
    ("---\na: &x [1]\nb: *x\n---\nنص", 2, "has broken front matter (anchors and aliases are not read); correct it"),
    ("---\na: 1\nb: *x\n---\nنص", 3, "has broken front matter (anchors and aliases are not read); correct it"),
    ("---\na: !!python/name:os.system x\n---\nنص", 2, "has broken front matter (tags are not read); correct it"),
    ("---\n- a\n---\nنص", 2, "has broken front matter (not lines of 'key: value'); correct it"),
    ("---\na: 1\n? [x]\n: y\n---\nنص", 3, "has broken front matter (a key must be a word); correct it"),
    ("---\nk: " + "[" * 5000 + "\n---\nنص", 2, "has broken front matter (nested more than 32 levels deep); correct it"),
    ("---\na: 1\nb: \x07\n---\n" + "نص " * 50, 3, "has broken front matter (the character U+0007 is not allowed); "
                                                "correct it"),
    ("---\na: 1\ntext: نص\n---\nنص", 3, "has broken front matter (the text goes below it, not into a 'text'); "
                                      "correct it"),
    ("---\nscore: .nan\n---\nنص", None, "'score' holds NaN or Infinity; write null or a string"),
    ("---\nauthor: [ا, ب]\n---\nنص", None, "'author' is a list; give a string"),
    ("---\ntitle: ع\n---\n\n", None, "has no text below its front matter; write the article there"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line", "reason"), BAD_FRONT_MATTER)
def test_broken_front_matter_is_rejected_with_its_line(
    tmp_path: Path, content: str, line: int | None, reason: str
) -> None:
    path = write(tmp_path / "a.md", content)
    assert read(path) == [Rejection(path, line, reason)]
