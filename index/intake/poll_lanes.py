"""Fetch and read addresses for several feeds at once, so that a slow server delays its own feed alone.

Each feed has a lane, in which one address at a time is fetched and read, in a thread. Nothing else happens in threads:
what was read is handed over, and one thread puts it into the memory and the inbox.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from index.errors import FetchError, IndexingError
from index.intake.poll_quotas import Left
from index.intake.polled_feeds import PolledFeed, read_polled_feed
from index.sources.addresses import ListedAddress, Sitemap, parse_sitemap, parse_url_list
from index.sources.content_kinds import kind_of_content
from index.sources.encoding import decode
from index.sources.fetch.fetching import Fetched, Fetcher
from index.sources.files import read_document
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle

# Documents that are read at the same time, each in a process of its own.
READERS = 4
# Threads that fetch: each may hold a whole answer.
MAX_LANES = 64

Outcomes = list[PlacedArticle | Rejection]
Content = PolledFeed | Sitemap | list[ListedAddress] | Outcomes | None


@dataclass(frozen=True, slots=True)
class Request:
    """An address to fetch. `is_source` tells whether it may be a feed, a sitemap or a list; if not, it is a page."""

    address: str
    etag: str = ""
    last_modified: str = ""
    found_on: str = ""
    is_source: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a request: an answer, or `error`.

    `kind` is that of a source's content, and `content` what was read of an answer with status 200. A document that
    cannot be read has an answer and a RejectedError.
    """

    request: Request
    fetched: Fetched | None = None
    error: FetchError | RejectedError | None = None
    kind: str = ""
    content: Content = None


@dataclass(slots=True)
class Lane:
    """The addresses of one feed in one poll. `sources` are still to be fetched; `pages` is None until all of them are.

    No further address is begun after `ends` (monotonic seconds). `left` is the feed's quota. A lane that `is_slow` is
    not waited for.
    """

    root: str
    left: Left
    ends: float
    sources: deque[str] = field(default_factory=deque)
    pages: deque[str] | None = None
    children_are_known: bool = False
    is_slow: bool = False


class Lanes:
    """Runs one request at a time for each feed, by the feed's address."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._reading = threading.BoundedSemaphore(READERS)
        self._done: queue.SimpleQueue[tuple[str, Read | Exception]] = queue.SimpleQueue()
        self._running: dict[str, Request] = {}

    @property
    def running(self) -> dict[str, Request]:
        """The requests that are not answered yet, by the feed's address."""
        return dict(self._running)

    @property
    def is_full(self) -> bool:
        """Whether no further request can be started now."""
        return len(self._running) >= MAX_LANES

    def start(self, root: str, request: Request) -> None:
        """Begin a request for a feed that has none under way."""
        self._running[root] = request
        # A daemon, so that a server that does not answer does not keep the program from ending.
        threading.Thread(target=self._run, args=(root, request), name="poll-lane", daemon=True).start()

    def wait(self, timeout_s: float) -> tuple[str, Read] | None:
        """Return the next feed and what it sent, or None after `timeout_s`.

        Raises OSError when a document could not be given to its reader, because the disk or the machine fails.
        """
        try:
            root, read = self._done.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None
        request = self._running.pop(root)
        if isinstance(read, (OSError, IndexingError)):
            raise read
        if isinstance(read, Exception):
            what = ascii(str(read))[1:-1][:200]
            read = Read(request, error=RejectedError(f"made its reader fail ({type(read).__name__}: {what}); report "
                                                     f"this as a fault of the program"))
        return root, read

    def _run(self, root: str, request: Request) -> None:
        try:
            self._done.put((root, read_request(self._fetcher, request, self._reading)))
        except Exception as error:  # noqa: BLE001  # `wait` raises or reports it
            self._done.put((root, error))


def read_request(fetcher: Fetcher, request: Request, reading: threading.BoundedSemaphore) -> Read:
    """Fetch an address and read what it sent."""
    try:
        fetched = fetcher.get(request.address, etag=request.etag, last_modified=request.last_modified,
                              found_on=request.found_on)
    except FetchError as error:
        return Read(request, error=error)
    if fetched.status != 200:
        return Read(request, fetched)
    kind = kind_of_content(fetched.content) if request.is_source else "document"
    read = _READ.get(kind, _read_document)
    try:
        with reading:
            return Read(request, fetched, kind=kind, content=read(fetched))
    except RejectedError as error:
        return Read(request, fetched, error, kind)


def _read_feed(fetched: Fetched) -> Content:
    return read_polled_feed(fetched.content, address=fetched.address, content_type=fetched.content_type)


def _read_sitemap(fetched: Fetched) -> Content:
    return parse_sitemap(fetched.content, address=fetched.address)


def _read_list(fetched: Fetched) -> Content:
    return parse_url_list(decode(fetched.content))


def _read_document(fetched: Fetched) -> Content:
    name = fetched.address.split("?")[0].rstrip("/").rpartition("/")[2] or "page"
    return read_document(fetched.content, name=name, address=fetched.address, content_type=fetched.content_type)


_READ: dict[str, Callable[[Fetched], Content]] = {
    "feed": _read_feed, "sitemap": _read_sitemap, "list": _read_list}

