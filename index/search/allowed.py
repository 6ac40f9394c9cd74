"""Say which passages a search may return: a mask of rows, or filters that a store can apply with columns of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Admitted:
    """The passages of articles from any of `sources` (all if empty), published from `first_day` to `last_day`.

    Days are proleptic Gregorian ordinals, 0 for no bound; an undated article has no day within bounds. Passages of the
    article rows `others` are admitted too, whatever their source and day. `make_mask` computes the same as a mask.
    """

    sources: tuple[str, ...]
    first_day: int
    last_day: int
    others: tuple[int, ...]
    make_mask: Callable[[], NDArray[np.bool_]]

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """The mask, (passages,) bool. Computed on first use."""
        return self.make_mask()


Allowed = NDArray[np.bool_] | Admitted


def mask_of(allowed: Allowed | None) -> NDArray[np.bool_] | None:
    """Return the mask of the allowed passages, (passages,) bool; None allows all."""
    return allowed.mask if isinstance(allowed, Admitted) else allowed
