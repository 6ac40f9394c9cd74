"""What middleware and app share: the keys they set in a request's environment, and the end of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# The key of the Problem with which a request is refused.
REFUSED = "musnad.refused"
# The key of how a reader was let in, where readers log in: header, token, password or session.
LET_IN_BY = "musnad.let_in_by"
# The key that marks a streamed response: the request goes on until the stream is read.
STREAMS = "musnad.streams"
# The key of how many passages may be read for an answer; missing or None for as many as serve it.
READ_AT_MOST = "musnad.read_at_most"
# The key of a function that counts one more question of the request, and returns the Problem of one that is too many,
# else None; missing where nothing is counted.
COUNT_ONE_MORE = "musnad.count_one_more"
# The key of the processor time that the request took, in seconds; set when it is over, and missing if it took no turn.
TAKEN_S = "musnad.taken_s"


def when_over(environ: WSGIEnvironment, answered: Iterable[bytes], act: Callable[[], None]) -> Iterable[bytes]:
    """Call `act` when the request is over, and return the response: now, or for a stream when its end is written."""
    if environ.get(STREAMS):
        return ClosingIterator(answered, [act])
    act()
    return answered
