"""The records of a load: how each request ended, and the figures that sum them up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

OK = 200
REFUSED = (429, 503)


@dataclass(frozen=True, slots=True)
class Record:
    """One request: its scheduled time (seconds from the start), how long after that it ended, and its outcome."""

    intended_s: float
    latency_ms: float
    status: int
    late_ms: float = 0.0
    fault: str = ""


def summarise(records: Sequence[Record], *, seconds: float, deadline_s: float) -> dict[str, Any]:
    """Summarise a run: counts, goodput and quantiles. `goodput_per_s` counts the 200s within the deadline."""
    ok_ms = [record.latency_ms for record in records if record.status == OK]
    refusal_ms = [record.latency_ms for record in records if record.status in REFUSED]
    in_time = sum(latency <= deadline_s * 1000 for latency in ok_ms)
    return {
        "seconds": seconds, "deadline_s": deadline_s, "sent": len(records), "ok": len(ok_ms),
        "refused": len(refusal_ms), "failed": len(records) - len(ok_ms) - len(refusal_ms),
        "statuses": dict(Counter(str(record.status) for record in records)),
        "faults": dict(Counter(record.fault for record in records if record.fault)),
        "goodput_per_s": round(in_time / seconds, 3),
        "latency_ms": quantiles(ok_ms, (50, 95, 99)), "refusal_ms": quantiles(refusal_ms, (50, 99)),
        "late_ms": quantiles([record.late_ms for record in records], (50, 99)),
        "latencies_ms": [round(latency, 3) for latency in ok_ms],
        "records": [[round(record.intended_s, 4), round(record.latency_ms, 3), record.status] for record in records],
    }


def quantile(values: Sequence[float], percent: float) -> float | None:
    """Return the nearest-rank percentile, or None without values."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def quantiles(values: Sequence[float], percents: Sequence[int]) -> dict[str, float | None]:
    """Return these percentiles and the maximum, by name: `p50`, `max`; None without values."""
    ordered = sorted(values)
    named = {f"p{percent}": quantile(ordered, percent) for percent in percents}
    named["max"] = quantile(ordered, 100)
    return {name: None if value is None else round(value, 3) for name, value in named.items()}
