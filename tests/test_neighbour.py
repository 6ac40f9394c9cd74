"""What `benchmarks.neighbour` tells of a server that serves two clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.neighbour import measure

pytestmark = pytest.mark.process


def test_every_request_is_counted_by_what_became_of_it(sample_index: Path) -> None:
    found = measure(sample_index, ["متى وقعت اتفاقيتا كامب ديفيد؟"], asked=3, rounds=1, every_s=0.0, connections=1,
                    rate_limit=5)
    assert (found["alone"]["outcomes"], found["alone"]["refused"]) == ({"200": 3}, 0)
    assert found["alone"]["latency_ms"]["p95"] > 0
    assert sum(found["beside"]["outcomes"].values()) == 3
    assert found["beside"]["refused"] == found["beside"]["outcomes"].get("429", 0) > 0  # five a minute are allowed
    assert set(found["neighbour"]) <= {"200", "429", "503"}
