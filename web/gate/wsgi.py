"""What the middleware and the app say to each other in a request's environment, and when a request is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Why a request is not let in: a Problem in its environment.
REFUSED = "musnad.refused"
# Set in the environment of what is answered with a stream: it is worked on for as long as it is read.
STREAMS = "musnad.streams"


def when_over(environ: WSGIEnvironment, answered: Iterable[bytes], act: Callable[[], None]) -> Iterable[bytes]:
    """What middleware returns that does something when a request is over: at once, or for a stream when the last of it
    is written."""
    if environ.get(STREAMS):
        return ClosingIterator(answered, [act])
    act()
    return answered
