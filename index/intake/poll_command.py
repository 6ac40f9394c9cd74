"""Poll feeds and pages for the build command, one builder at a time where several share a database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import IndexingError
from index.intake.teller import Teller
from index.intake.watching import RESCAN_EVERY_S, Changes
from index.output import print_line, printable
from index.shared import leases
from index.shared.database import shared_database

if TYPE_CHECKING:  # loaded only to fetch
    from index.intake.polling import Poller

POLLING = "polling"
# While another builder polls, look again after so many seconds.
RETRY_TURN_S = 5.0


@contextmanager
def polling_turn() -> Iterator[Callable[[], bool]]:
    """Be the only one who polls during the `with` block, if builders share a database; yield what tells that it is so.

    Raises LeaseTakenError at once while another builder polls.
    """
    database = shared_database()
    if database is None:
        yield lambda: True
    else:
        with leases.held(database, POLLING) as lease:
            yield lease.renew


def poll(poller: Poller, teller: Teller, *, is_watch: bool) -> float:
    """Poll until nothing is due; return the seconds until the next address is due. Raises OSError when the disk fails.
    """
    from index.intake.polling import PATIENCE_IN_WATCH_S, PATIENCE_S

    while True:
        report = poller.poll(time.time(), patience_s=PATIENCE_IN_WATCH_S if is_watch else PATIENCE_S,
                             is_last=not is_watch)
        for failing in report.failing:
            print_line(f"not read: {failing}")
        for rejected in report.rejected:
            print_line(f"rejected: {rejected}")
        for unread in report.unread_dates:
            print_line(f"date not read: {unread}")
        if not is_watch:
            for address in report.under_way:
                print_line(f"not read: {printable(address, 200)}: did not answer in time; the next run tries it again")
        if report.read:
            count = len(report.unread_dates)
            dates = f", {count} {'date' if count == 1 else 'dates'} not read" if count else ""
            teller.polled(report)
            print_line(f"{report.read} addresses read: {report.new} new, {report.changed} changed, {report.unchanged} "
                        f"unchanged, {report.withdrawn} withdrawn, {len(report.rejected)} rejected{dates}")
        if not report.waiting or not report.read:
            return report.next_due_s


def poll_on(make_poller: Callable[[], Poller], changes: Changes, teller: Teller) -> None:
    """Poll whenever an address is due. Its articles go into the inbox, which the watch observes.

    Each turn begins with what was remembered last, which may be what another builder remembered.
    """
    while not changes.stopped.is_set():
        try:
            with polling_turn() as is_ours:
                poller = make_poller()
                while is_ours() and not changes.stopped.is_set():
                    changes.sleep(max(1.0, poll(poller, teller, is_watch=True)))
        except TimeoutError:
            changes.sleep(RETRY_TURN_S)
        except (OSError, IndexingError) as error:
            teller.error(f"polling failed: {error}; it is tried again")
            changes.sleep(RESCAN_EVERY_S)
