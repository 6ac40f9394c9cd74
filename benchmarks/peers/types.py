"""What a driver and a peer hand each other. Imports nothing outside the standard library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol

Mode = Literal["dense", "hybrid"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a peer embeds and finds again by its id."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the passages that count as found."""

    text: str
    context_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prompts:
    """What stands in front of a passage and of a question when they are embedded."""

    document: str
    query: str


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a peer needs to know; `folder` is the peer's own, for what it saves."""

    model: Path
    prompts: Prompts
    mode: Mode
    top_k: int
    folder: Path


class Peer(Protocol):
    """One stack. Its module imports the stack, its constructor loads the model."""

    packages: ClassVar[tuple[str, ...]]

    def __init__(self, setup: Setup) -> None: ...

    def ingest(self, passages: Sequence[Passage]) -> None:
        """Make the passages searchable."""

    def search(self, question: str) -> list[str]:
        """Ids of at most `top_k` passages, best first."""

    def save(self) -> None:
        """Write what `load` needs to `folder`."""

    def load(self) -> None:
        """Make searchable what another process saved."""


def read_passages(path: Path, *, with_title: bool) -> list[Passage]:
    """Passages of a file of `{"id", "title", "text"}` a line, the title in front of the text where asked for."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [Passage(str(row["id"]), _text(row, with_title=with_title)) for row in rows]


def _text(row: dict[str, str], *, with_title: bool) -> str:
    return f"{row['title']}\n{row['text']}" if with_title and row.get("title") else row["text"]


def read_questions(path: Path) -> list[Question]:
    """Questions of a file of `{"question", "context_ids"}` a line."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [Question(row["question"], frozenset(map(str, row["context_ids"]))) for row in rows]


def read_prompts(model: Path) -> Prompts:
    """The prompts that a sentence-transformers folder names; empty where it names none."""
    path = model / "config_sentence_transformers.json"
    named = json.loads(path.read_text(encoding="utf-8")).get("prompts", {}) if path.exists() else {}
    return Prompts(named.get("document") or named.get("passage") or "", named.get("query") or "")
