"""Claims about reading files: every record is an article, a repeat or a rejection, and nothing else is lost."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from index.sources import Rejection, Repeat, SourceFile, read_paths
from index.sources.files import walk
from index.sources.kinds import READERS
from index.sources.worker.reading import outcomes_of
from index.types import Article
from tests.examples import examples
from tests.source_files import CLASH, json_lines, kinds, only_article, read, write

pytestmark = pytest.mark.process

# --- JSON Lines -------------------------------------------------------------------------------------------------


def test_a_full_record_fills_every_field_and_keeps_the_rest_as_metadata(tmp_path: Path) -> None:
    record = {
        "id": "a-1", "text": "  نص.\r\n", "title": " عنوان ", "source": "س", "url": "https://example.org/1",
        "published": "2018-02-18T17:21:49+00:00", "author": "ك", "language": "ar", "category": "x", "tags": ["ا", 1],
    }  # fmt: skip
    article = only_article(write(tmp_path / "a.jsonl", json_lines(record)))
    assert article == Article(
        id="a-1", text="  نص.\r\n", title=" عنوان ", source="س", url="https://example.org/1",
        published="2018-02-18T17:21:49+00:00", author="ك", language="ar", metadata={"category": "x", "tags": ["ا", 1]},
    )  # fmt: skip


def test_null_is_the_same_as_missing(tmp_path: Path) -> None:
    empty = dict.fromkeys(("id", "url", "source", "title", "published", "author", "language"))
    path = write(tmp_path / "a.jsonl", json_lines({"text": "نص", **empty}))
    assert only_article(path) == only_article(write(tmp_path / "b.jsonl", json_lines({"text": "نص"})))


@pytest.mark.parametrize(("given_id", "article_id"), [(7, "7"), (1.5, "1.5"), ("07", "07"), ("ا/ب", "ا/ب")])
def test_numbers_are_taken_as_ids(tmp_path: Path, given_id: object, article_id: str) -> None:
    assert only_article(write(tmp_path / "a.jsonl", json_lines({"id": given_id, "text": "نص"}))).id == article_id


BAD_LINES = [
    ("{", "is not valid JSON (Expecting property name enclosed in double quotes, column 2); "
          "write one JSON object per line"),
    ('{"text": "نص" "id": 1}', "is not valid JSON (Expecting ',' delimiter, column 15); "
                               "write one JSON object per line"),
    ('{"text": "a\tb"}', "is not valid JSON (Invalid control character at, column 12); write one JSON object per line"),
    ("[1]", "is a list, not an object; write one JSON object per line"),
    ("null", "is null, not an object; write one JSON object per line"),
    ('"نص"', "is a string, not an object; write one JSON object per line"),
    ("3", "is a number, not an object; write one JSON object per line"),
    ("{}", "'text' is missing; give the article's text as a string"),
    ('{"text": null}', "'text' is missing; give the article's text as a string"),
    ('{"text": 3}', "'text' is a number; give a string"),
    ('{"text": ["نص"]}', "'text' is a list; give a string"),
    ('{"text": " \\n\\u00a0"}', "'text' is blank; give the article's text"),
    ('{"text": "a\\ud800b"}', "'text' holds half of a surrogate pair (\\ud800) at character 2; remove it"),
    ('{"text": "ab\\u0000"}', "'text' holds a NUL character at character 3; remove it"),
    ('{"text": "نص", "title": 3}', "'title' is a number; give a string"),
    ('{"text": "نص", "title": "\\udfff"}',
     "'title' holds half of a surrogate pair (\\udfff) at character 1; remove it"),
    ('{"text": "نص", "author": ["ا"]}', "'author' is a list; give a string"),
    ('{"text": "نص", "source": {}}', "'source' is an object; give a string"),
    ('{"text": "نص", "language": true}', "'language' is true or false; give a string"),
    ('{"text": "نص", "url": 3}', "'url' is a number; give a string"),
    ('{"text": "نص", "published": []}', "'published' is a list; give a string"),
    ('{"text": "نص", "published": NaN}', "'published' holds NaN or Infinity; write null or a string"),
    ('{"text": "نص", "id": false}', "'id' is true or false; give a string"),
    ('{"text": "نص", "id": NaN}', "'id' is not a finite number; give a string"),
    ('{"text": "نص", "id": "  "}', "'id' is blank; give one, or leave it out"),
    ('{"text": "نص", "id": "a\\nb"}', "its id 'a\\nb' holds a control character; give an 'id' without any"),
    ('{"text": "نص", "id": "' + "ا" * 201 + '"}', "its id is 201 characters long; give an 'id' of at most 200"),
    ('{"text": "نص", "score": NaN}', "'score' holds NaN or Infinity; write null or a string"),
    ('{"text": "نص", "score": {"a": [-Infinity]}}', "'score' holds NaN or Infinity; write null or a string"),
    ('{"text": "نص", "score": 1e999}', "'score' holds NaN or Infinity; write null or a string"),
    ('{"text": "نص", "n": ' + "9" * 5000 + "}", "holds a number of thousands of digits; write it as a string"),
    ('{"text": "نص", "k": {"x": "\\ud800"}}', "'k' holds half of a surrogate pair (\\ud800) at character 1; remove it"),
    ('{"text": "نص", "\\ud800": 1}', "'\\ud800' holds half of a surrogate pair (\\ud800) at character 1; remove it"),
    ('{"text": "نص", "k": ' + "[" * 33 + "]" * 33 + "}", "'k' is nested more than 32 levels deep; flatten it"),
    ('{"text": "نص", "k": ' + "[" * 200_000 + "]" * 200_000 + "}", "is nested too deeply; flatten it"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[reason[:60] for _, reason in BAD_LINES])
def test_a_broken_line_is_named_and_the_next_one_is_read(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": "1", "text": "قبل"}\n\n' + line + '\n{"id": "2", "text": "بعد"}')
    before, rejection, after = read(path)
    assert kinds([before, after]) == ["1", "2"]
    assert rejection == Rejection(path, 3, reason)
    assert str(rejection) == f"{path}:3: {reason}"


def test_ids_and_metadata_at_their_limits_are_read(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(31):
        deep = [deep]
    path = write(tmp_path / "a.jsonl", json_lines({"id": "ا" * 200, "text": "نص", "k": deep}))
    assert only_article(path).metadata == {"k": deep}


def test_a_pair_of_surrogate_escapes_is_one_character(tmp_path: Path) -> None:
    assert only_article(write(tmp_path / "a.jsonl", '{"text": "\\ud83d\\ude00"}')).text == "\U0001f600"


def test_every_line_that_is_not_blank_has_one_outcome(tmp_path: Path) -> None:
    same, other = {"id": "1", "text": "نص"}, {"id": "1", "text": "نص آخر"}
    content = "\n" + json_lines(same, same) + " \r\n" + json_lines({**same, "title": "ع"}, other) + "{\n"
    path = write(tmp_path / "a.jsonl", content)
    clash = CLASH.format("1", f"{path}:2")
    article, *rest = read(path)
    assert kinds([article]) == ["1"]
    assert rest[:-1] == [Repeat(path, 3, "1"), Rejection(path, 5, clash), Rejection(path, 6, clash)]
    assert isinstance(rest[-1], Rejection)
    assert rest[-1].line == 7


DATES = [
    ("2018-02-18", "2018-02-18"),
    ("20180218", "2018-02-18"),
    ("2018-W07-7", "2018-02-18"),
    (" 2018-02-18 ", "2018-02-18"),
    ("2018-02-18T17:21:49Z", "2018-02-18T17:21:49+00:00"),
    ("2018-02-18 17:21", "2018-02-18T17:21:00"),
    ("2018-02-18T17:21:49.5+03:00", "2018-02-18T17:21:49.500000+03:00"),
    ("٢٠١٨-٠٢-١٨", "2018-02-18"),
    ("۲۰۱۸-۰۲-۱۸T۱۰:۰۰", "2018-02-18T10:00:00"),
    ("18/02/2018", "2018-02-18"),
]


@pytest.mark.parametrize(("published", "iso"), DATES)
def test_iso_dates_are_normalised_and_plain_dates_stay_dates(tmp_path: Path, published: str, iso: str) -> None:
    article = only_article(write(tmp_path / "a.jsonl", json_lines({"text": "نص", "published": published})))
    assert (article.published, dict(article.metadata)) == (iso, {})


@pytest.mark.parametrize("published", ["03/02/2018", "2018", "2018-02-31", "أمس", 2018, -1.0])
def test_an_article_with_another_date_is_kept_undated_with_the_value(tmp_path: Path, published: object) -> None:
    article = only_article(write(tmp_path / "a.jsonl", json_lines({"text": "نص", "published": published})))
    assert (article.published_on, dict(article.metadata)) == (None, {"published_as_read": published})


@pytest.mark.parametrize("key", ["date", "publish_date", "publishedAt", "published_date", "datePublished", "pubDate"])
def test_the_date_may_stand_under_another_key(tmp_path: Path, key: str) -> None:
    path = write(tmp_path / "a.jsonl", json_lines({"text": "نص", key: "9 حزيران 2017"},
                                                  {"text": "نص آخر", key: "في الصيف"},
                                                  {"text": "نص ثالث", "published": "2017-06-09", key: "2016-01-01"}))
    read_one, unread, given = (one for one in read(path) if isinstance(one, Article))
    assert (read_one.published, dict(read_one.metadata)) == ("2017-06-09", {})
    assert (unread.published, dict(unread.metadata)) == ("", {key: "في الصيف", "published_as_read": "في الصيف"})
    assert (given.published, dict(given.metadata)) == ("2017-06-09", {key: "2016-01-01"})


@pytest.mark.parametrize("url", ["http://example.org", "HTTPS://example.org/a?b#c", "https://example.org/مقال",
                                 "https://خبر.example/1", "http://a_b.example.org:8000/@a\\b", "http://[2001:db8::1]:80/"])
def test_web_addresses_are_kept(tmp_path: Path, url: str) -> None:
    article = only_article(write(tmp_path / "a.jsonl", json_lines({"text": "نص", "url": url})))
    assert (article.url, dict(article.metadata)) == (url, {})


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "java\nscript:alert(1)", "ftp://example.org", "example.org/a", "http://", "https://[::",
     "https://example.org/a b", "https://exam\nple.org", "https://example.org\\@example.net/a",
     "https://example.org@example.net/a", "https://example.org:a@example.net/a", "https://example.org\\.example.net/a",
     "https://example.org%2f.example.net/a", "https://ex%61mple.org/a", "https://example.org;example.net/a",
     "https://[::1]example.org/a", "https://example.org:99999/a", "https://example.org<b>/a"],
)  # fmt: skip
def test_an_article_with_another_address_is_kept_without_it(tmp_path: Path, url: str) -> None:
    article = only_article(write(tmp_path / "a.jsonl", json_lines({"text": "نص", "url": url})))
    assert (article.url, dict(article.metadata)) == ("", {"url_as_read": url})


def test_ids_are_the_given_one_then_the_address_then_the_content(tmp_path: Path) -> None:
    url, content = "https://example.org/1", {"title": "ع", "text": "نص"}
    path = write(tmp_path / "a.jsonl", json_lines({"id": "1", "url": url, **content}, {"url": url, **content}, content))
    assert kinds(read(path)) == [
        "1",
        hashlib.sha256(url.encode()).hexdigest()[:16],
        hashlib.sha256("ع\0نص".encode()).hexdigest()[:16],
    ]


# --- streams ----------------------------------------------------------------------------------------------------

LINES = [json_lines({"id": str(number), "text": f"نص {number} {hashlib.sha256(bytes(number)).hexdigest()}"}).encode()
         for number in range(200)]  # fmt: skip


def test_a_gzip_of_several_members_and_padding_is_read_whole(tmp_path: Path) -> None:
    content = gzip.compress(b"".join(LINES[:90])) + gzip.compress(b"".join(LINES[90:])) + b"\0" * 512
    assert kinds(read(write(tmp_path / "a.jsonl.gz", content))) == [str(number) for number in range(200)]


def test_a_gzip_that_is_not_named_so_is_read(tmp_path: Path) -> None:
    assert kinds(read(write(tmp_path / "a.jsonl", gzip.compress(LINES[0])))) == ["0"]


@pytest.mark.parametrize("kept_share", [0.0005, 0.3, 0.9, 0.9999])
def test_a_gzip_that_is_cut_off_is_read_up_to_the_cut(tmp_path: Path, kept_share: float) -> None:
    whole = gzip.compress(b"".join(LINES))
    path = write(tmp_path / "a.jsonl.gz", whole[: max(1, int(len(whole) * kept_share))])
    *articles, rejection = read(path)
    reason = "is cut off here (gzip: the end is missing); fetch the file again"
    assert kinds(articles) == [str(number) for number in range(len(articles))]
    assert rejection == Rejection(path, len(articles) + 1, reason)
    assert abs(len(articles) - 200 * kept_share) < 15


def test_a_gzip_with_a_wrong_checksum_is_read_to_its_last_line(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"".join(LINES).rstrip(b"\n")))
    damaged[-8] ^= 1
    path = write(tmp_path / "a.jsonl.gz", damaged)
    *articles, rejection = read(path)
    assert kinds(articles) == [str(number) for number in range(200)]
    assert rejection == Rejection(path, 200, "is damaged here (gzip: incorrect data check); fetch the file again")


def test_a_gzip_with_damage_after_a_good_member_keeps_the_member(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(b"".join(LINES)) + b"garbage")
    *articles, rejection = read(path)
    assert kinds(articles) == [str(number) for number in range(200)]
    assert rejection == Rejection(path, 201, "is damaged here (gzip: incorrect header check); fetch the file again")


def test_what_is_not_gzip_is_rejected_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", b"".join(LINES))
    assert read(path) == [Rejection(path, 1, "is damaged here (gzip: incorrect header check); fetch the file again")]


def test_a_line_over_the_limit_is_skipped_and_measured(tmp_path: Path) -> None:
    long_line = json.dumps({"text": "x" * 5000})
    path = write(tmp_path / "a.jsonl", f'{{"id":1,"text":"a"}}\n{long_line}\n{{"id":3,"text":"b"}}\n{long_line}')
    first, over, third, last = read(path, max_article_bytes=1000)
    reason = f"is {len(long_line):,} bytes long, over the 1,000 of one article; split it"
    assert (over, last) == (Rejection(path, 2, reason), Rejection(path, 4, reason))
    assert kinds([first, third]) == ["1", "3"]


def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "text": "x" * 900})
    path = write(tmp_path / "a.jsonl", line + "\n")
    assert kinds(read(path, max_article_bytes=len(line))) == ["1"]
    assert kinds(read(path, max_article_bytes=len(line) - 1)) == ["Rejection"]


def test_a_line_of_64_mib_never_stands_in_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(b"x" * (64 << 20) + b"\n" + LINES[0], compresslevel=1))
    tracemalloc.start()
    try:
        file = SourceFile(path, "a", is_named=True)
        outcomes = list(outcomes_of(file, READERS, max_article_bytes=1 << 20))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [type(outcome).__name__ for outcome in outcomes] == ["Rejection", "PlacedArticle"]
    assert peak_bytes < 8 << 20


def test_reading_is_lazy(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", LINES[0])
    outcomes = read_paths([first, tmp_path / "b.jsonl"])
    assert isinstance(outcomes, Iterator)
    assert isinstance(next(outcomes), Article)
    write(tmp_path / "b.jsonl", LINES[1])
    assert kinds(list(outcomes)) == ["1"]


JSON_STRINGS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
).filter(lambda text: bool(text.strip()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(texts=st.lists(JSON_STRINGS, min_size=1, max_size=4, unique=True), compress=st.booleans())
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_is_kept_exactly_through_every_encoding(
    tmp_path: Path, encoding: str, texts: list[str], compress: bool
) -> None:
    data = json_lines(*({"text": text} for text in texts)).encode(encoding)
    path = write(tmp_path / ("a.jsonl.gz" if compress else "a.jsonl"), gzip.compress(data, 1) if compress else data)
    assert [outcome.text for outcome in read(path) if isinstance(outcome, Article)] == texts


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16-le", "utf-16-be"])
def test_jsonl_in_encodings_without_a_mark(tmp_path: Path, encoding: str) -> None:
    texts = ["هذا نص أول، للتجربة؟", "plain", "وهذا نص ثان"]
    path = write(tmp_path / "a.jsonl", json_lines(*({"text": text} for text in texts)).encode(encoding))
    assert [outcome.text for outcome in read(path) if isinstance(outcome, Article)] == texts


def test_in_a_file_of_utf_8_a_line_in_another_encoding_is_damaged(tmp_path: Path) -> None:
    lines = [json_lines({"id": number, "text": "هذا نص للتجربة"}) for number in (1, 2, 3)]
    path = write(tmp_path / "a.jsonl", lines[0].encode() + lines[1].encode("cp1256") + lines[2].encode())
    first, damaged, third = read(path)
    assert kinds([first, third]) == ["1", "3"]
    assert damaged == Rejection(path, 2, "is not valid UTF-8 at byte 20; save it as UTF-8 text")


def test_half_a_surrogate_pair_in_utf_16_spoils_its_line_alone(tmp_path: Path) -> None:
    content = json_lines({"id": 1, "text": "نص"}, {"text": "\ud800"}, {"id": 3, "text": "نص"})
    path = write(tmp_path / "a.jsonl", ("\ufeff" + content).encode("utf-16-le", "surrogatepass"))
    first, damaged, third = read(path)
    assert kinds([first, third]) == ["1", "3"]
    assert isinstance(damaged, Rejection)
    assert damaged.line == 2


def test_a_cut_off_utf_16_file_is_read_up_to_the_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", b"".join(LINES).decode().encode("utf-16")[:-31])
    *articles, rejection = read(path)
    assert len(articles) == 199
    reason = "is damaged or cut off here: it is not valid UTF-16; save it as UTF-8 text"
    assert rejection == Rejection(path, 200, reason)


# --- files and folders ------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_order_without_what_is_hidden_or_unknown(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "2024/z.txt", "2024/اول.TXT", "2023/x.txt", ".hidden.txt", ".git/x.txt", "x.png"):
        write(tmp_path / "news" / name, f"نص {name}")
    assert kinds(read(tmp_path / "news")) == ["news/a", "news/b", "news/2023/x", "news/2024/z", "news/2024/اول"]


def test_ids_do_not_depend_on_how_the_folder_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "news" / "sub" / "a.b.txt", "نص")
    monkeypatch.chdir(tmp_path / "news" / "sub")
    for folder in (tmp_path / "news", Path(".."), Path("../../news"), Path(f"{tmp_path}/news/sub/..")):
        assert kinds(read(folder)) == ["news/sub/a.b"]
    assert kinds(read(Path())) == ["sub/a.b"]
    assert kinds(read(Path("a.b.txt"))) == ["a.b"]


def test_decomposed_file_names_give_composed_ids(tmp_path: Path) -> None:
    assert only_article(write(tmp_path / "ا\u0654.txt", "نص")).id == "أ"


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_a_file_name_that_is_no_text_is_rejected_as_an_id(tmp_path: Path) -> None:
    path = write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")), "نص")
    reason = "its id '\\udcff' holds a control character; give an 'id' without any"
    assert read(path) == [Rejection(path, None, reason)]


@pytest.mark.parametrize("name", ["questions.jsonl", "questions-ar.jsonl.gz", "set.jsonl"])
def test_questions_are_passed_over_in_a_folder_and_rejected_when_named(tmp_path: Path, name: str) -> None:
    content = ("\n" + json_lines({"question": "ما هذا؟", "id": 1}, {"question": "ومن؟"})).encode()
    path = write(tmp_path / "news" / name, gzip.compress(content) if name.endswith(".gz") else content)
    write(tmp_path / "news" / "a.txt", "نص")
    assert kinds(read(tmp_path / "news")) == ["news/a"]
    assert read(path) == [Rejection(path, 2, "holds questions, not articles; name files of articles")]


def test_a_record_with_a_question_and_a_text_is_an_article(tmp_path: Path) -> None:
    write(tmp_path / "questions.jsonl", json_lines({"id": 1, "text": "نص", "question": "؟"}, {"question": "؟"}))
    assert kinds(read(tmp_path)) == ["1", "Rejection"]


def test_what_cannot_be_read_is_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    missing, unknown, good = tmp_path / "missing.txt", write(tmp_path / "a.xlsx", "x"), write(tmp_path / "a.txt", "نص")
    loop, pipe = tmp_path / "loop.txt", tmp_path / "pipe.txt"
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    assert read(missing, unknown, loop, pipe, good) == [
        Rejection(missing, None, "does not exist; check the path"),
        Rejection(unknown, None, f"is of a kind that is not read; known suffixes: {', '.join(READERS)}"),
        Rejection(loop, None, "cannot be read (Too many levels of symbolic links); check the disk and the path"),
        Rejection(pipe, None, "is not a regular file; copy what it gives into a file"),
        Article(id="a", text="نص"),
    ]


DENIED = "cannot be read (Permission denied); allow reading it"


def test_a_folder_without_permission_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, scandir = tmp_path / "n" / "closed", os.scandir
    write(folder / "b.txt", "نص")
    write(tmp_path / "n" / "c.jsonl", LINES[0])

    def guarded_scandir(path: Any) -> Any:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded_scandir)  # permission bits do not stop root, who may run the tests
    outcomes = read(tmp_path / "n")
    assert kinds(outcomes) == ["0", "Rejection"]
    assert outcomes[1] == Rejection(folder, None, DENIED)


def test_a_file_without_permission_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, open_path = write(tmp_path / "a.txt", "نص"), Path.open

    def guarded_open(path: Path, *arguments: Any, **keywords: Any) -> Any:
        if path == secret:
            raise PermissionError(13, "Permission denied", str(path))
        return open_path(path, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", guarded_open)
    file = SourceFile(secret, "a", is_named=True)
    assert list(outcomes_of(file, READERS, max_article_bytes=100)) == [Rejection(secret, None, DENIED)]


def test_links_are_followed_to_files_and_not_to_folders(tmp_path: Path) -> None:
    write(tmp_path / "news" / ".elsewhere" / "x.txt", "نص")
    (tmp_path / "news" / "link.txt").symlink_to(tmp_path / "news" / ".elsewhere" / "x.txt")
    (tmp_path / "news" / "folder").symlink_to(tmp_path / "news" / ".elsewhere")
    (tmp_path / "news" / "self").symlink_to(tmp_path / "news")
    (tmp_path / "news" / "broken.txt").symlink_to(tmp_path / "gone")
    broken, article = read(tmp_path / "news")
    assert broken == Rejection(tmp_path / "news" / "broken.txt", None, "does not exist; check the path")
    assert kinds([article]) == ["news/link"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "news" / "a.txt", "نص")
    (tmp_path / "b.txt").symlink_to(path)
    assert kinds(read(tmp_path / "news", path, tmp_path / "b.txt", tmp_path)) == ["news/a"]


def test_the_same_article_in_two_files_is_a_repeat_and_another_text_names_the_first(tmp_path: Path) -> None:
    first, second, third = (write(tmp_path / name / "a.md", f"---\nid: a\n---\n{text}")
                            for name, text in (("1", "نص"), ("2", "نص"), ("3", "نص آخر")))
    clash = CLASH.format("a", first)
    assert read(first, second, third)[1:] == [Repeat(second, None, "a"), Rejection(third, None, clash, "a")]


def test_files_of_one_name_are_articles_of_their_own_with_the_names_of_their_folders(tmp_path: Path) -> None:
    pages = [write(tmp_path / place / "page.txt", text) for place, text in (
        ("1/saved", "نص"), ("2/saved", "نص آخر"), ("3/saved", "نص"))]
    assert kinds(read(*pages)) == ["page", "saved/page", "3/saved/page"]
    assert kinds(read(*(page.parent for page in pages))) == ["saved/page", "2/saved/page", "3/saved/page"]
    other_kind = write(tmp_path / "1/saved" / "page.md", "نص ثالث")
    assert kinds(read(pages[0], other_kind)) == ["page", "saved/page"]


def test_files_of_kinds_that_are_not_read_are_told_of(tmp_path: Path) -> None:
    made = [write(tmp_path / name, "x") for name in ("b/a.doc", "a.png", "README")]
    write(tmp_path / "a.txt", "نص")
    write(tmp_path / ".hidden", "x")
    told: list[Path] = []
    assert [file.path.name for file in walk([tmp_path], on_other_kind=told.append)] == ["a.txt"]
    assert sorted(told) == sorted(made)
