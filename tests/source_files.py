"""Files of articles, written and read by tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.sources import Rejection, Repeat, read_paths
from index.types import Article

PARAGRAPH = "هذه فقرة للتجربة، وهي أطول كثيرًا من السطر الذي فوقها، ولا تقول شيئًا عن أحد. وهذه جملة ثانية تتبعها."
CLASH = "has the id '{}' of {} but another title or text; give one of the two an 'id' of its own, or remove it"
Outcome = Article | Rejection | Repeat


def read(*paths: Path, **settings: int) -> list[Outcome]:
    return list(read_paths(paths, **settings))


def write(path: Path, content: str | bytes | bytearray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def json_lines(*records: Any) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def only_article(path: Path) -> Article:
    (article,) = read(path)
    assert isinstance(article, Article), article
    return article


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.id if isinstance(outcome, Article) else type(outcome).__name__ for outcome in outcomes]
