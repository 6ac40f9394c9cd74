"""The maker of quotes for `benchmarks.quotes` ends on any articles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.quote_maker import MOST_TRIES, Maker, NoQuoteError
from index.types import Article

# Long enough for the maker, but with no reported speech, no long sentence and one sentence only.
WORDS = " ".join(f"كلمة{'ابتثجحخد'[number % 8]}" for number in range(90))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "make"), [
    ("attributed", Maker.attributed), ("attributed", Maker.misattributed), ("omission", Maker.omission),
    ("stitched", Maker.stitched), ("absent", Maker.absent), ("passage", lambda maker: maker.passage(100, 100))])
def test_articles_unfit_for_a_kind_of_quote_are_an_error_and_no_endless_loop(
        kind: str, make: Callable[[Maker], object]) -> None:
    maker = Maker([Article("1", WORDS)], [Article("1", WORDS)], seed=1)
    if kind == "absent":
        maker.chance.random = lambda: 1.0  # never the shuffled words, which any article gives
    with pytest.raises(NoQuoteError, match=f"^no quote of the kind '{kind}' came of {MOST_TRIES:,} tries"):
        make(maker)
