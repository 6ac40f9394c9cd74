"""From which confidence an answer is sure, and from which it is shown at all."""

from __future__ import annotations

# From this confidence on the status is `answered`, and from the second on `unsure`; below both it is `not_found`.
ANSWERED_FROM = 0.4
SHOWN_FROM = 0.15


class ThresholdsError(ValueError):
    """Answers would be shown from a higher confidence than they are sure from."""


def thresholds(answered_from: float | None, shown_from: float | None) -> tuple[float, float]:
    """Return both thresholds with their defaults, of `shown_from` at most `answered_from`.

    Raises ThresholdsError if `shown_from` is given and above `answered_from`.
    """
    sure = ANSWERED_FROM if answered_from is None else answered_from
    shown = min(SHOWN_FROM, sure) if shown_from is None else shown_from
    if shown > sure:
        raise ThresholdsError(f"shown_from is {shown}, above answered_from, {sure}; set it to at most that")
    return sure, shown
