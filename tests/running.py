"""A server of the app that runs in a thread while a test asks it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from web.server import Server


@contextmanager
def running(server: Server) -> Iterator[tuple[str, int]]:
    """A server on a thread of its own, stopped and joined at the end."""
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        host, port = server.url.removeprefix("http://").rsplit(":", 1)
        yield host, int(port)
    finally:
        server.stop()
        thread.join()
