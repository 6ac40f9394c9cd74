"""Match standing claims against each generation as soon as it is served, and send what that gives, in two threads.

Several servers of one index folder, or of one database, take turns: one matches a generation, the others find it done.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress

from index.errors import DatabaseUnavailableError
from index.work import working_on
from qa.answerer import Answerer
from qa.contract import AlertKind
from qa.standing.ledger import Ledger
from qa.standing.matching import Matcher
from qa.standing.store import StandingStore
from qa.standing.webhook import Deliveries
from web.service import Service

LOOK_EVERY_S = 0.5
# While another server holds the lock, and without a sign of anything to send, look again after so many seconds.
RETRY_LOCKED_S, SEND_EVERY_S = 2.0, 30.0
RETRY_FAILED_S = 10.0
NICENESS = 10
# What matching leaves to others between its pieces.
BREATH_S = 0.001

log = logging.getLogger(__name__)


class Background:
    """A `Task` of `index.work` that nobody waits for."""

    def pause(self) -> None:
        """Let a thread that answers a question have the interpreter."""
        time.sleep(BREATH_S)

    def charge(self, seconds: float) -> None:
        """Count nothing: it is nobody's."""

    def outside(self) -> AbstractContextManager[None]:
        """Take up no place anyway."""
        return nullcontext()


class Standing:
    """Matches and sends, between `start` and `stop`. Where no claim stands, it reads one record a generation."""

    def __init__(self, service: Service, store: StandingStore, deliveries: Deliveries, *,
                 look_every_s: float = LOOK_EVERY_S) -> None:
        self.store, self.deliveries = store, deliveries
        self._service, self._look_every_s = service, look_every_s
        self._alerts: Counter[AlertKind] = Counter()
        self._generations = 0
        self._seconds = 0.0
        self._done = ""  # the generation that was matched, or that no claim waits for
        self._stopping = threading.Event()
        self._to_send = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def alerts(self) -> Mapping[AlertKind, int]:
        """How many alerts of each kind were kept since the start."""
        return self._alerts

    @property
    def generations(self) -> int:
        """How many generations were matched since the start."""
        return self._generations

    @property
    def seconds(self) -> float:
        """How long matching them took."""
        return self._seconds

    def start(self) -> None:
        """Start both threads; what an earlier process left undone is done first."""
        for act, name in ((self._match_all, "standing claims"), (self._send_all, "webhooks")):
            thread = threading.Thread(target=act, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads. What is unfinished is done after the next start."""
        self._stopping.set()
        self.deliveries.stop()
        self._to_send.set()
        for thread in self._threads:
            thread.join()

    def look(self) -> None:
        """Match the generation that is served, if it is later than what was matched and a claim stands."""
        answerer = self._service.serving()
        if answerer is None or answerer.state.generation == self._done:
            return
        if self.store.claims():
            with self.store.turn("standing"):
                if not self._match(answerer):
                    return
        self._done = answerer.state.generation

    def _match(self, answerer: Answerer) -> bool:
        """Match a generation; return whether that was done to the end."""
        began = time.perf_counter()
        ledger = self.store.ledger()
        if ledger is None:
            log.error("what was matched so far cannot be read: standing claims are matched from generation %s on",
                      answerer.state.generation)
            self.store.move_on(Ledger.of(answerer.snapshot))
            return True
        if not ledger.is_before(answerer.state.generation):
            return True  # another server matched it, or a roll-back holds an earlier one
        additions, read = ledger.additions(answerer.snapshot)
        matcher = Matcher(answerer, additions, self.store.now)
        with working_on(Background()):
            for claim in self.store.claims():
                if self._stopping.is_set():
                    return False
                if not Ledger.comes_before(claim.since, answerer.state.generation):
                    continue
                earlier = self.store.alerts(claim.id)
                matched = matcher.match(claim, earlier)
                if matched.alerts:
                    for alert in self.store.keep(matched.claim, matched.alerts):
                        self._alerts[alert.kind] += 1
                    self._to_send.set()
        self.store.move_on(read)
        self._generations += 1
        self._seconds += time.perf_counter() - began
        return True

    def _match_all(self) -> None:
        with suppress(OSError, AttributeError):  # of this thread alone, where the system can
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        wait_s = 0.0
        while not self._stopping.wait(wait_s):
            wait_s = self._look_every_s
            try:
                self.look()
            except TimeoutError:
                wait_s = RETRY_LOCKED_S
            except Exception as error:  # noqa: BLE001  # whatever it is, the next attempt may succeed
                _log("standing claims could not be matched", error)
                wait_s = RETRY_FAILED_S

    def _send_all(self) -> None:
        while not self._stopping.is_set():
            self._to_send.clear()
            wait_s = SEND_EVERY_S
            try:
                if self.store.pending():
                    with self.store.turn("webhooks"):
                        due_in_s = self.deliveries.send_due()
                    wait_s = SEND_EVERY_S if due_in_s is None else min(due_in_s, SEND_EVERY_S)
            except TimeoutError:
                wait_s = RETRY_LOCKED_S
            except Exception as error:  # noqa: BLE001  # as above
                _log("alerts of standing claims could not be sent", error)
                wait_s = RETRY_FAILED_S
            self._to_send.wait(wait_s)


def _log(what: str, error: Exception) -> None:
    """Log what failed: with the calls that led to it, or, where the database is away, with its message alone."""
    if isinstance(error, DatabaseUnavailableError):
        log.error("%s: %s", what, error)
    else:
        log.error(what, exc_info=error)
