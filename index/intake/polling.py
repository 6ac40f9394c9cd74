"""Poll feeds, sitemaps, lists and pages at intervals, and put new and changed articles into the inbox.

An article is written to the inbox and synced before the polling memory records it as seen. A process killed in between
reads the article again at the next poll, which changes nothing; no article is lost.

Feeds take turns: in each turn, one address of each feed that has something due is fetched, all at the same time. What
came is processed in the order in which the feeds were named. A feed that was slower than `GRACE_S` once is not waited
for in the rest of the poll.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.errors import HostBusyError
from index.intake.inbox import Inbox
from index.intake.poll_lanes import Lane, Lanes, Read, Request
from index.intake.poll_memory import Page, Source, recall, remember
from index.intake.poll_quotas import FEEDS_WORTH, Left, Quotas
from index.intake.poll_report import Counts, PollReport, RejectedAddress
from index.intake.poll_schedule import INTERVAL_S, MIN_INTERVAL_S, Schedule
from index.intake.polled_pages import PolledPages
from index.intake.polled_sources import PolledSources
from index.intake.quarantine import Quarantine
from index.sources.fetch.fetching import Fetcher
from index.sources.rejections import Rejection

# In one turn, feeds wait for each other so long.
GRACE_S = 2.0
# When only slow feeds are left, a poll waits so long for the next answer; one that another poll will follow, so long
# for all of them.
PATIENCE_S = 60.0
PATIENCE_IN_WATCH_S = 5.0
# In one poll, no further address of a feed is begun after so long.
MAX_LANE_S = 120.0
SAVE_EVERY_TURNS = 10


class Poller:
    """Poll the given addresses, and the sitemaps and pages that they list. Use one Poller per index folder.

    `interval_s` is the pause between two readings of a source: at least a minute, longer if the server asks. One poll
    takes from each of the given addresses what `quotas` allow, and from all together `FEEDS_WORTH` times as much. Later
    polls take the rest. `grace_s` is how long feeds wait for each other in a turn. `jitter` returns a number from 0 to
    1, see `back_off_s`.
    """

    def __init__(self, index_dir: Path, addresses: Sequence[str], fetcher: Fetcher, inbox: Inbox, *,
                 interval_s: float = INTERVAL_S, quotas: Quotas | None = None, grace_s: float = GRACE_S,
                 jitter: Callable[[], float] = random.random) -> None:
        self._index_dir = index_dir
        self._schedule = Schedule(max(MIN_INTERVAL_S, interval_s), jitter)
        self._quotas, self._grace_s = quotas or Quotas(), grace_s
        self._memory = recall(index_dir)
        quarantine = Quarantine(index_dir)
        self._pages = PolledPages(self._memory, inbox, quarantine, self._schedule)
        self._sources = PolledSources(self._memory, self._pages, inbox, quarantine, self._schedule)
        self._lanes = Lanes(fetcher)
        self._fetcher = fetcher
        self._slow: dict[str, Lane] = {}  # lanes that an earlier poll did not wait for
        self._unsaved = 0
        self._last = ""  # the feed that was the last to get a turn
        self._is_first_poll = True
        self._named = list(dict.fromkeys(addresses))
        self._is_named = frozenset(self._named)
        for address in self._named:
            self._name(address)
        for path, reason in self._memory.state.asides if self._memory.state else ():
            quarantine.put(Rejection(path, None, reason))

    def poll(self, now: float, *, patience_s: float = PATIENCE_S, is_last: bool = True) -> PollReport:
        """Read every address that is due at `now` (seconds since 1970).

        When only slow servers are left, wait at most `patience_s` for the next answer, or for all of them unless
        `is_last`; what they send later is taken by a later poll. Raises OSError when the disk fails. No article is lost
        in that case: the next poll reads it again.
        """
        counts, left = Counts(), Left.of(self._quotas, FEEDS_WORTH)
        failing = self._failing(now) if self._is_first_poll else ()
        self._is_first_poll = False
        lanes = self._lanes_of_poll()
        order = list(lanes)
        begins_with = order.index(self._last) + 1 if self._last in lanes else 0  # where the last poll had to end
        turns = [lanes[root] for root in (*order[begins_with:], *order[:begins_with])]
        patience_ends = time.monotonic() + patience_s
        while True:
            for lane in turns:
                self._start(lane, now, left, counts)
            is_waiting = any(root in lanes and not lanes[root].is_slow for root in self._lanes.running)
            came = self._wait(lanes, time.monotonic() + self._grace_s if is_waiting else patience_ends)
            for root in [root for root in lanes if root in came]:
                self._take(lanes[root], came[root], now, left, counts)
            if came:
                if is_waiting or is_last:
                    patience_ends = time.monotonic() + patience_s
                self._save(is_urgent=any(read.request.is_source for read in came.values()))
            if not is_waiting and (not came or time.monotonic() > patience_ends):
                break
        self._save(is_urgent=True)
        self._slow = {root: lane for root, lane in lanes.items() if root in self._lanes.running}
        return self._report(now, counts, failing)

    def _name(self, address: str) -> None:
        source = self._memory.sources.get(address)
        if source is None or source.found_on:
            source = self._memory.sources.setdefault(address, Source())
            source.found_on = ""
            self._memory.touch_source(address)

    def _failing(self, now: float) -> tuple[RejectedAddress, ...]:
        """Return the sources that failed in an earlier run and are not due yet."""
        sources = self._memory.sources
        return tuple(RejectedAddress(address, sources[address].fault, sources[address].due)
                     for root in self._named for address in (root, *self._below(root))
                     if sources[address].fault and sources[address].due > now)

    def _below(self, root: str) -> list[str]:
        """Return the sitemaps that a sitemap index lists."""
        return [address for address, source in self._memory.sources.items() if root and source.found_on == root]

    def _lanes_of_poll(self) -> dict[str, Lane]:
        """Return a lane for each given address and for each other one on which pages were found, by the address."""
        sources = self._memory.sources
        found = [(sources[listing].found_on or listing) if listing in sources else listing
                 for listing in self._memory.listings()]
        lanes = dict(self._slow)
        for root in dict.fromkeys([*self._named, *found, *self._lanes.running]):
            if root and root not in lanes:
                lane = Lane(root, Left.of(self._quotas), time.monotonic() + MAX_LANE_S)
                lane.sources.extend([root] if root in self._is_named else [])
                lanes[root] = lane
        return {root: lanes[root] for root in dict.fromkeys([*self._named, *lanes])}

    def _start(self, lane: Lane, now: float, left: Left, counts: Counts) -> None:
        """Begin the lane's next request, if there is one, and if nothing forbids it."""
        if lane.root in self._lanes.running or self._lanes.is_full:
            return
        if time.monotonic() > lane.ends or not lane.left.allows_more or not left.allows_more:
            return
        request = self._next(lane, now, left, counts)
        if request is not None:
            self._lanes.start(lane.root, request)
            self._last = lane.root

    def _next(self, lane: Lane, now: float, left: Left, counts: Counts) -> Request | None:
        """Return the request for the lane's next address that is due: its feed, then sitemaps below it, then pages."""
        memory = self._memory
        while lane.sources or not lane.children_are_known:
            if not lane.sources:
                lane.children_are_known = True
                lane.sources.extend(self._below(lane.root) if lane.root in self._is_named else [])
                continue
            address = lane.sources.popleft()
            source = memory.sources.get(address)
            if source is None or source.due > now or (source.found_on and min(lane.left.pages, left.pages) <= 0):
                continue
            for quota in (lane.left, left):
                quota.take(pages=bool(source.found_on))
            return Request(address, source.etag, source.last_modified, source.found_on, is_source=True)
        if lane.pages is None:
            lane.pages = deque(self._pages.due([lane.root, *self._below(lane.root)], now))
        while lane.pages and min(lane.left.pages, left.pages) > 0:
            address = lane.pages.popleft()
            page = memory.pages.get(address)
            if page is None or page.due > now or self._is_postponed(lane, address, page, now, counts):
                continue
            for quota in (lane.left, left):
                quota.take(pages=1)
            return Request(address, page.etag, page.last_modified, page.found_on)
        return None

    def _is_postponed(self, lane: Lane, address: str, page: Page, now: float, counts: Counts) -> bool:
        """If the page's host is left alone at present, postpone the page; tell whether that is so."""
        busy = self._fetcher.busy(address)
        if busy is not None:
            self._schedule.fail(address, page, now, busy, counts)
            self._memory.touch_page(address)
            many, _ = counts.postponed.get(lane.root, (0, ""))
            counts.postponed[lane.root] = many + 1, busy.reason
        return busy is not None

    def _wait(self, lanes: Mapping[str, Lane], ends: float) -> dict[str, Read]:
        """Return what came, by lane, once all lanes that are not slow have answered, or at `ends` (monotonic seconds).

        Where all are slow, return what comes first.
        """
        prompt = {root for root in self._lanes.running if not lanes[root].is_slow}
        came: dict[str, Read] = {}
        while self._lanes.running and not (prompt <= came.keys() if prompt else came):
            answered = self._lanes.wait(ends - time.monotonic())
            if answered is None:
                break
            came[answered[0]] = answered[1]
        for root in self._lanes.running:
            lanes[root].is_slow = True
        return came

    def _take(self, lane: Lane, read: Read, now: float, left: Left, counts: Counts) -> None:
        """Process what a lane's address sent, and subtract it from the quotas."""
        address, before = read.request.address, counts.new + counts.changed
        counts.read += not isinstance(read.error, HostBusyError)
        room = max(0, min(lane.left.articles, left.articles))
        source, page = self._memory.sources.get(address), self._memory.pages.get(address)
        if read.request.is_source and source is not None:
            self._sources.take(address, source, read, now, counts, max_articles=room)
        elif page is not None and not read.request.is_source:
            self._pages.take(address, page, read, now, counts, max_articles=room)
        for quota in (lane.left, left):
            quota.take(articles=counts.new + counts.changed - before,
                       fetched_bytes=len(read.fetched.content) if read.fetched else 0)

    def _save(self, *, is_urgent: bool) -> None:
        self._unsaved += 1
        if is_urgent or self._unsaved >= SAVE_EVERY_TURNS:
            remember(self._memory, self._index_dir)
            self._unsaved = 0

    def _report(self, now: float, counts: Counts, failing: tuple[RejectedAddress, ...]) -> PollReport:
        memory, running = self._memory, self._lanes.running
        under_way = tuple(request.address for request in running.values())
        dues = [memory.sources[address].due for root in self._named for address in (root, *self._below(root))
                if root not in running]
        dues += [page.due for address, page in memory.pages.items()
                 if address not in memory.sources and address not in under_way]
        for root, (many, reason) in counts.postponed.items():
            counts.rejected.append(RejectedAddress(root, f"{many:,} of its pages wait: the first {reason}"))
        next_due_s = max(0.0, min(dues, default=now + self._schedule.interval_s) - now)
        return PollReport(counts.read, counts.new, counts.changed, counts.unchanged, counts.withdrawn,
                          tuple(counts.rejected), sum(due <= now for due in dues),
                          min(next_due_s, PATIENCE_IN_WATCH_S) if under_way else next_due_s, failing, under_way,
                          tuple(counts.unread_dates))
