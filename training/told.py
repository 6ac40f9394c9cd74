"""Report what confidences tell apart: answers from near-misses and from questions that nothing answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.metrics import auroc, expected_calibration_error
from training.asked import Asked, by_set


def told(asked: Sequence[Asked], confidences: NDArray[np.float64]) -> dict[str, Any]:
    """By set: calibration, answers told from no answers, pairs told, and what thresholds would show."""
    found = {}
    for name, of_set in by_set(asked):
        values = np.array([value for each, value in zip(asked, confidences, strict=True) if each.question_set == name])
        whole = np.array([each.setting == "whole" for each in of_set])
        part = np.array([each.setting == "part" for each in of_set])
        right = np.array([bool(each.right[0]) for each in of_set])
        absent = {setting: values[[each.setting == setting for each in of_set]].tolist()
                  for setting in ("out", "near-miss", "part near-miss", "none")}
        found[name] = {
            "calibration_error": round(expected_calibration_error(values.tolist(), right.tolist()), 4),
            **{f"auroc_{setting}": round(auroc(values[whole].tolist(), of_setting), 4)
               for setting, of_setting in absent.items() if of_setting and whole.any()},
            "pairs_told": _pairs_told(of_set, values),
            "shown": {threshold: {
                "whole": _share(values[whole] >= threshold), "part": _share(values[part] >= threshold),
                "right_of_shown": _share(right[values >= threshold]),
                **{setting: _share(np.array(of_setting) >= threshold) for setting, of_setting in absent.items()}}
                for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)}}
    return found


def _pairs_told(asked: Sequence[Asked], values: NDArray[np.float64]) -> float | None:
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    for each, value in zip(asked, values, strict=True):
        if each.pair and each.setting in ("whole", "near-miss"):
            pairs.setdefault((each.group, each.pair), {})[each.setting] = float(value)
    whole = [pair for pair in pairs.values() if len(pair) == 2]
    return _share(np.array([pair["whole"] > pair["near-miss"] for pair in whole])) if whole else None


def _share(of: NDArray[np.bool_]) -> float | None:
    return round(float(of.mean()), 4) if len(of) else None
