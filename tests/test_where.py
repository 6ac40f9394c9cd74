"""docs/where.md names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TABLE = (PROJECT / "docs/where.md").read_text(encoding="utf-8")


def test_each_file_that_the_table_names_is_there_and_each_change_names_one() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("|")][2:]
    named = [re.findall(r"`([a-z_]+(?:/[a-z0-9_]*)+(?:\.py)?)`", row) for row in rows]
    assert len(rows) >= 16
    assert [row for row, names in zip(rows, named, strict=True) if not names] == []
    assert [place for row in named for place in row if not (PROJECT / place).exists()] == []
