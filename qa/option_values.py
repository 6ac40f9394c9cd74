"""Read the values of options on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def from_zero_to_one(what: str) -> Callable[[str], float]:
    """Return a reader of a number from 0 to 1; it calls any other text "not a" `what`."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:  # also refuses NaN
            raise argparse.ArgumentTypeError(f"{text!r} is not a {what}; write a number from 0 to 1")
        return number

    return read
