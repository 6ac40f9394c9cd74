"""Records that other programs wrote, with their own names for the fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.sources.foreign_records import with_known_names
from tests.source_files import json_lines, only_article, write

TEXT = "رمّم عمال البلدية سور المدينة القديم في أحد عشر أسبوعًا."


@pytest.mark.parametrize(("record", "fields"), [
    ({"plain_text": TEXT, "requested_url": "https://a.example/1"}, {"text": TEXT, "url": "https://a.example/1"}),
    ({"maintext": TEXT, "headline": "السور", "authors": ["سهاد", "فارس"]},
     {"text": TEXT, "title": "السور", "author": "سهاد, فارس"}),
    ({"articleBody": TEXT, "permalink": "https://a.example/1", "site_name": "الضفة"},
     {"text": TEXT, "url": "https://a.example/1", "source": "الضفة"}),
    ({"content": f"<p>{TEXT}</p><p>ثم غادروا.</p>"}, {"text": f"{TEXT}\n\nثم غادروا."}),
    ({"text": TEXT, "raw_text": "x", "body": "y"}, {"text": TEXT, "raw_text": "x", "body": "y"}),
    ({"text": TEXT, "author": "سهاد", "authors": ["فارس"]}, {"text": TEXT, "author": "سهاد", "authors": ["فارس"]}),
    ({"text": TEXT, "authors": [{"name": "فارس"}]}, {"text": TEXT, "authors": [{"name": "فارس"}]}),
    ({"text": "", "content": " "}, {"text": "", "content": " "})])
def test_a_field_that_is_missing_is_found_under_its_other_names(record: dict[str, Any], fields: dict[str, Any]) -> None:
    assert with_known_names(record) == fields


@pytest.mark.process
def test_such_a_record_is_an_article(tmp_path: Path) -> None:
    record = {"plain_text": TEXT, "requested_url": "https://a.example/1", "published_date": "2018-03-05"}
    article = only_article(write(tmp_path / "a.jsonl", json_lines(record)))
    assert (article.text, article.url, article.published) == (TEXT, "https://a.example/1", "2018-03-05")
