"""What pip is to install: the dependencies of pyproject.toml, and the pins and hashes of constraints.txt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CONSTRAINTS = PROJECT / "constraints.txt"
OWN_EXTRA = re.compile(r"musnad\[(\w+)\]")


def wanted(extras: Sequence[str] = ()) -> list[str]:
    """Return the project's dependencies, then those of the extras named. Raises KeyError for an unknown extra."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = list(project["dependencies"])
    for extra in extras:
        found += _of_extra(extra, project["optional-dependencies"])
    return found


def _of_extra(extra: str, extras: dict[str, list[str]]) -> Iterator[str]:
    for requirement in extras[extra]:
        if own := OWN_EXTRA.fullmatch(requirement):
            yield from _of_extra(own[1], extras)
        else:
            yield requirement


def pinned(text: str | None = None) -> dict[str, str]:
    """Return each requirement of constraints.txt, or of `text`, with the lines of its hashes, by its name."""
    lines = (CONSTRAINTS.read_text(encoding="utf-8") if text is None else text).splitlines()
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            found[name] += f"\n{line}"
        else:
            name = line.partition("==")[0]
            found[name] = line
    return found

