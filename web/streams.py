"""What middleware does when a request is over: at once, or for a stream when the last of it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Set in the environment by what answers with a stream: it is worked on for as long as it is read.
STREAMS = "musnad.streams"


def when_over(environ: WSGIEnvironment, answered: Iterable[bytes], act: Callable[[], None]) -> Iterable[bytes]:
    """The answer; `act` has been called, or will be when it is closed."""
    if environ.get(STREAMS):
        return ClosingIterator(answered, [act])
    act()
    return answered
