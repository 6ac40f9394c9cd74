"""What the measures are made of: recall, percentiles, memory, versions, tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.types import Passage, Question

COMMON_PACKAGES = ("torch", "sentence-transformers", "transformers", "tokenizers", "numpy")


def recall_at(found: Sequence[Sequence[str]], questions: Sequence[Question], k: int) -> float:
    """The share of questions with a passage of the right context among the first k found."""
    hits = sum(not question.context_ids.isdisjoint(ids[:k]) for ids, question in zip(found, questions, strict=True))
    return hits / len(questions)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99, linear between ranks."""
    import numpy as np

    return {f"p{q}": round(float(np.percentile(values, q)), 3) for q in (50, 95, 99)}


def memory_mb(field: str) -> float:
    """A field of /proc/self/status, such as `VmRSS` or `VmHWM` (the highest so far), in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise ValueError(f"/proc/self/status names no {field}")
    return round(int(found[1]) / 1024, 1)


def versions_of(packages: Sequence[str]) -> dict[str, str]:
    """Installed versions of a peer's packages and of what all peers share."""
    return {name: version(name) for name in (*packages, *COMMON_PACKAGES)}


def count_tokens(model: Path, passages: Sequence[Passage]) -> int:
    """Tokens of the texts as the model splits them, without prompts and without the marks of start and end."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    batches = (passages[start:start + 1000] for start in range(0, len(passages), 1000))
    return sum(len(encoding.ids) for batch in batches
               for encoding in tokenizer.encode_batch([passage.text for passage in batch], add_special_tokens=False))


def folder_mb(folder: Path) -> float:
    """Size of all files under a folder, in MiB."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 2)
