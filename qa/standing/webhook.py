"""Send alerts to the webhooks of standing claims, signed as Standard Webhooks has it (https://www.standardwebhooks.com).

`webhook-id` is the alert's id, the same at each attempt, so that a receiver that has it already passes over it.
`webhook-signature` is `v1,` and the base64 of the HMAC-SHA256, keyed with the claim's secret, of id, timestamp and body
joined by full stops.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, Protocol

from index.errors import AddressRefusedError, FetchError
from index.output import printable
from index.sources.fetch.targets import parse_target
from qa.standing.store import Pending, StandingStore
from qa.standing.types import Alert, StandingClaim

Sent = Literal["delivered", "failed", "given_up"]

# After a failed attempt the next one comes so many seconds later, and after the last of them none.
RETRY_AFTER_S = (2, 10, 60, 300, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
TIMEOUT_S = 10.0
HOSTS_AT_ONCE = 8
# 410 Gone: the receiver wants no more of it. 429 Too Many Requests: it wants it later.
GONE, BUSY = 410, 429

log = logging.getLogger(__name__)


class Poster(Protocol):
    """What sends a body to an address by POST and returns the status: `Fetcher`, or a test's own."""

    def post(self, address: str, body: bytes, headers: Sequence[tuple[str, str]]) -> int:
        """Send it. Raises FetchError without an answer."""


def body_of(claim: StandingClaim, alert: Alert) -> bytes:
    """Return what is sent for an alert, JSON in UTF-8; it is the same at each attempt."""
    fields: dict[str, Any] = {"type": "claim.alert", "timestamp": alert.at, "data": {
        "claim": {"id": claim.id, "kind": claim.kind, "text": claim.text, "speaker": claim.speaker or None},
        "alert": {name: value for name, value in alert.as_json().items()
                  if name not in ("delivery", "failure", "also_in", "updated")}}}
    if claim.base:
        fields["data"]["page_url"] = claim.base + fields["data"]["alert"]["place"]["page"]
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace")


def shown_secret(secret: str) -> str:
    """Return a secret as receivers' libraries take it."""
    return f"whsec_{base64.b64encode(bytes.fromhex(secret)).decode()}"


def signed_headers(secret: str, alert_id: str, timestamp: int, body: bytes) -> list[tuple[str, str]]:
    """Return the headers of a webhook; `secret` is in hexadecimal, `timestamp` in seconds since 1970."""
    signed = hmac.new(bytes.fromhex(secret), b"%s.%d.%s" % (alert_id.encode(), timestamp, body), hashlib.sha256)
    return [("Content-Type", "application/json"), ("webhook-id", alert_id), ("webhook-timestamp", str(timestamp)),
            ("webhook-signature", f"v1,{base64.b64encode(signed.digest()).decode()}")]


class Deliveries:
    """Sends what is due. Hosts do not wait for each other; what one host gets is sent in order."""

    def __init__(self, store: StandingStore, poster: Poster, *, now: Callable[[], float] = time.time) -> None:
        self._store, self._poster, self._now = store, poster, now
        self._counts: Counter[Sent] = Counter()
        self._held: dict[str, float] = {}  # hosts that failed, and until when they are left alone
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def counts(self) -> Mapping[Sent, int]:
        """How many attempts ended in each way since the start."""
        return self._counts

    def stop(self) -> None:
        """Begin no further attempt."""
        self._stopping.set()

    def send_due(self) -> float | None:
        """Make an attempt for each alert that is due; return in how many seconds the next one is, None if none is."""
        due: dict[str, list[tuple[Pending, StandingClaim]]] = defaultdict(list)
        for host, pending, claim in self._waiting():
            if self._due(host, pending) <= self._now():
                due[host].append((pending, claim))
        if due:
            with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(due)), thread_name_prefix="webhook") as pool:
                list(pool.map(self._send_all, *zip(*due.items(), strict=True)))
        left = [self._due(host, pending) for host, pending, _ in self._waiting()]
        return None if not left else max(0.0, min(left) - self._now())

    def _waiting(self) -> list[tuple[str, Pending, StandingClaim]]:
        """Return what waits with the host that it goes to, what was tried least first."""
        claims = {claim.id: claim for claim in self._store.claims()}
        found = [(parse_target(claims[pending.claim_id].webhook).authority, pending, claims[pending.claim_id])
                 for pending in self._store.pending() if pending.claim_id in claims]
        return sorted(found, key=lambda each: each[1].attempts)

    def _due(self, host: str, pending: Pending) -> float:
        return max(pending.due, self._held.get(host, 0.0))

    def _send_all(self, host: str, due: Sequence[tuple[Pending, StandingClaim]]) -> None:
        """Send to one host; after a failure leave it alone for a while, since it would likely fail again."""
        for pending, claim in due:
            if self._stopping.is_set():
                return
            if not self._send(pending, claim):
                self._held[host] = self._now() + RETRY_AFTER_S[0]
                return

    def _send(self, pending: Pending, claim: StandingClaim) -> bool:
        """Make one attempt; return False if the host failed, True if the next may be tried."""
        alert = next((each for each in self._store.alerts(claim.id) if each.id == pending.alert_id), None)
        if alert is None:
            self._store.settle(pending)
            return True
        body = body_of(claim, alert)
        try:
            status = self._poster.post(claim.webhook, body,
                                       signed_headers(claim.secret, alert.id, int(self._now()), body))
        except AddressRefusedError as error:
            self._give_up(pending, str(error))
            return True
        except FetchError as error:
            self._put_off(pending, str(error))
            return False
        if 200 <= status < 300:
            self._store.settle(pending)
            self._count("delivered")
            return True
        if status == GONE:
            self._give_up(pending, f"it was answered with {status}")
            return True
        self._put_off(pending, f"it was answered with {status}")
        return status < 500 and status != BUSY

    def _put_off(self, pending: Pending, failure: str) -> None:
        if pending.attempts >= len(RETRY_AFTER_S):
            self._give_up(pending, failure)
            return
        self._count("failed")
        self._store.put_off(pending, self._now() + RETRY_AFTER_S[pending.attempts])

    def _give_up(self, pending: Pending, failure: str) -> None:
        self._count("given_up")
        log.warning("alert %s of claim %s is not sent any more: %s", pending.alert_id, pending.claim_id,
                    printable(failure, 300))
        self._store.settle(pending, failure=failure)

    def _count(self, how: Sent) -> None:
        with self._lock:
            self._counts[how] += 1
