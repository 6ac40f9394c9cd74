"""Keep standing claims, their alerts and what is to be sent, beside the inbox.

The records are among those of the table `about`:

    claim/ID              a standing claim
    alert/CLAIM/ID        an alert; its id is a hash of the claim, the article and its content, so none is kept twice
    delivery/ID           an alert that is still to be sent
    feed/KEY              whose alerts the feed with this secret address has
    ledger                what the generations so far had; it is gone when no claim stands

The alerts of one claim, and what is to be sent of them, come in one transaction. The ledger moves on after those of all
claims, so a crash in between only matches again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.generation.history import iso_utc
from index.generation.snapshot import Snapshot
from index.intake import records
from index.intake.record_store import RecordStore
from index.intake.records import Connection, Record
from index.intake.shared_state import state_of
from qa.standing.ledger import Ledger
from qa.standing.types import Alert, AlertPlace, StandingClaim, StandingError, UnknownClaimError, Wanted

TABLE = "about"
CLAIM, ALERT, DELIVERY, LEDGER, FEED = "claim/", "alert/", "delivery/", "ledger", "feed/"
KEYS = (CLAIM, ALERT, DELIVERY, LEDGER, FEED)
MAX_CLAIMS, MAX_CLAIMS_OF_ONE = 1000, 100
MAX_ALERTS_OF_ONE = 500
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Pending:
    """An alert that is to be sent: after `attempts` failed ones, from `due` on (seconds since 1970)."""

    alert_id: str
    claim_id: str
    attempts: int = 0
    due: float = 0.0


class StandingStore:
    """The standing claims of an index folder. Several threads and processes may use it at once.

    Every method raises OSError when the disk is full or fails, or the shared database is away.
    """

    def __init__(self, index_dir: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
                 state: RecordStore | None = None) -> None:
        self.index_dir = index_dir
        self._state = state or state_of(index_dir)
        self._clock = clock

    def turn(self, name: str) -> AbstractContextManager[None]:
        """Let no other process take the turn of this name. Raises TimeoutError at once while another one has it."""
        return self._state.turn(name)

    def now(self) -> str:
        """Return the time, as records have it."""
        return iso_utc(self._clock())

    # ---- claims ----

    def save(self, wanted: Wanted, snapshot: Snapshot, *, owner: str = "", base: str = "") -> StandingClaim:
        """Save a claim, durably; what generations after this snapshot's add is matched against it.

        Raises StandingError if there are too many.
        """
        is_first = self._ledger_content() is None
        ledger = Ledger.of(snapshot).as_bytes() if is_first else b""
        claim = StandingClaim(
            secrets.token_hex(8), wanted.kind, wanted.text, wanted.speaker, owner, self.now(), snapshot.generation,
            secrets.token_urlsafe(24), wanted.webhook, secrets.token_hex(SECRET_BYTES) if wanted.webhook else "",
            base if wanted.webhook else "")

        def change(connection: Connection) -> None:
            present = _claims(connection)
            if len(present) >= MAX_CLAIMS:
                raise StandingError("too_many", f"{len(present)} claims stand already, as many as this server keeps; "
                                                f"remove one that is no longer needed")
            if owner and sum(each.owner == owner for each in present) >= MAX_CLAIMS_OF_ONE:
                raise StandingError("too_many_of_client", f"{MAX_CLAIMS_OF_ONE} claims of this token stand already, "
                                                          f"as many as one may have; remove one")
            if records.get(connection, TABLE, LEDGER) is None:
                records.put(connection, TABLE, LEDGER, ledger or Ledger.of(snapshot).as_bytes())
            if not _feed_of(connection, owner):
                key = secrets.token_urlsafe(24)
                _put(connection, f"{FEED}{key}", {"owner": owner, "key": key})
            _put(connection, f"{CLAIM}{claim.id}", asdict(claim))

        self._state.write(change)
        return claim

    def claims(self, owner: str | None = None) -> list[StandingClaim]:
        """Return the claims, the oldest first; only those of one owner, if it is given."""
        found = self._state.read(_claims, list[StandingClaim]())
        return [claim for claim in found if owner is None or claim.owner == owner]

    def claim(self, claim_id: str, owner: str | None = None) -> StandingClaim:
        """Return a claim, of this owner if one is given. Raises UnknownClaimError."""
        found = next((claim for claim in self.claims(owner) if claim.id == claim_id), None)
        if found is None:
            raise UnknownClaimError(claim_id)
        return found

    def remove(self, claim_id: str, owner: str | None = None) -> None:
        """Remove a claim with its alerts, durably, and what is still to be sent of them. Raises UnknownClaimError."""
        self.claim(claim_id, owner)

        def change(connection: Connection) -> None:
            alerts = [alert.id for alert in _alerts(connection, claim_id)]
            records.remove(connection, TABLE, [
                f"{CLAIM}{claim_id}", *(f"{ALERT}{claim_id}/{alert}" for alert in alerts),
                *(f"{DELIVERY}{alert}" for alert in alerts)])
            if not _claims(connection):
                records.remove(connection, TABLE, [LEDGER])

        self._state.write(change)

    # ---- alerts ----

    def alerts(self, claim_id: str) -> list[Alert]:
        """Return the alerts of a claim, the newest first."""
        return self._state.read(lambda connection: _alerts(connection, claim_id), list[Alert]())[::-1]

    def keep(self, claim: StandingClaim, alerts: Sequence[Alert]) -> list[Alert]:
        """Keep alerts of a claim and what became known with them, in one transaction; return those that are new.

        Nothing is kept for a claim that was removed meanwhile.
        """
        def change(connection: Connection) -> list[Alert]:
            if records.get(connection, TABLE, f"{CLAIM}{claim.id}") is None:
                return []
            present = {alert.id for alert in _alerts(connection, claim.id)}
            new = [alert for alert in alerts if alert.id not in present]
            for alert in alerts:
                if alert.id in present:
                    _put_copies(connection, alert)
            for alert in new:
                _put_alert(connection, replace(alert, delivery="waiting" if claim.webhook else "none"))
                if claim.webhook:
                    _put(connection, f"{DELIVERY}{alert.id}", asdict(Pending(alert.id, claim.id)))
            _put(connection, f"{CLAIM}{claim.id}", asdict(claim), _number(connection, f"{CLAIM}{claim.id}"))
            _remove_oldest(connection, claim.id)
            return new

        return self._state.write(change)

    # ---- what was read ----

    def ledger(self) -> Ledger | None:
        """Return what the generations so far had; None if no claim stands."""
        content = self._ledger_content()
        try:
            return None if content is None else Ledger.from_bytes(content)
        except (ValueError, KeyError):
            return None

    def move_on(self, ledger: Ledger) -> None:
        """Say that a generation was matched against every claim, durably; nothing is kept if none stands any more."""
        def change(connection: Connection) -> None:
            if _claims(connection):
                records.put(connection, TABLE, LEDGER, ledger.as_bytes())

        self._state.write(change)

    def _ledger_content(self) -> bytes | None:
        found = self._state.record(TABLE, LEDGER)
        return None if found is None else found.content

    # ---- deliveries ----

    def pending(self) -> list[Pending]:
        """Return what is to be sent, the oldest first."""
        return [Pending(**fields) for fields in self._scanned(DELIVERY)]

    def settle(self, pending: Pending, *, failure: str = "") -> None:
        """Say that an alert was delivered, or with `failure` that it is given up, durably."""
        def change(connection: Connection) -> None:
            records.remove(connection, TABLE, [f"{DELIVERY}{pending.alert_id}"])
            for alert in _alerts(connection, pending.claim_id):
                if alert.id == pending.alert_id:
                    _put_alert(connection, replace(alert, delivery="failed" if failure else "delivered",
                                                   failure=failure))

        self._state.write(change)

    def put_off(self, pending: Pending, due: float) -> None:
        """Say that sending failed once more, and when to try again."""
        def change(connection: Connection) -> None:
            if records.get(connection, TABLE, f"{DELIVERY}{pending.alert_id}") is not None:
                _put(connection, f"{DELIVERY}{pending.alert_id}",
                     asdict(replace(pending, attempts=pending.attempts + 1, due=due)))

        self._state.write(change)

    # ---- feeds of all alerts ----

    def feed_of_owner(self, owner: str) -> str:
        """Return the secret part of the address of the feed of all alerts of an owner; "" before the first claim."""
        return self._state.read(lambda connection: _feed_of(connection, owner), "")

    def of_feed(self, key: str) -> list[StandingClaim] | None:
        """Return the claims that a feed is about, by the secret part of its address; None if there is no such feed."""
        claims = self.claims()
        one = [claim for claim in claims if secrets.compare_digest(claim.feed.encode(), key.encode())]
        if one:
            return one
        for fields in self._scanned(FEED):
            if secrets.compare_digest(str(fields["key"]).encode(), key.encode()):
                return [claim for claim in claims if claim.owner == fields["owner"] or not fields["owner"]]
        return None

    def _scanned(self, prefix: str) -> list[dict[str, Any]]:
        return self._state.read(lambda connection: _scan(connection, prefix), list[dict[str, Any]]())


def _feed_of(connection: Connection, owner: str) -> str:
    return next((str(fields["key"]) for fields in _scan(connection, FEED) if fields["owner"] == owner), "")


def _claims(connection: Connection) -> list[StandingClaim]:
    return [StandingClaim(**fields | {"answers": tuple(fields["answers"])}) for fields in _scan(connection, CLAIM)]


def _alerts(connection: Connection, claim_id: str) -> list[Alert]:
    """Return the alerts of a claim, the oldest first."""
    return [Alert(**fields | {"place": AlertPlace(**fields["place"]),
                              "also_in": tuple(AlertPlace(**place) for place in fields["also_in"]),
                              "differences": tuple((claim, source) for claim, source in fields["differences"])})
            for fields in _scan(connection, f"{ALERT}{claim_id}/")]


def _scan(connection: Connection, prefix: str) -> list[dict[str, Any]]:
    """Return the records whose keys begin so, in the order in which they were added; damaged ones are passed over."""
    return [json.loads(found.content) for found in records.scan(connection, TABLE, prefix)
            if isinstance(found, Record)]


def _put(connection: Connection, key: str, fields: Mapping[str, Any], number: int | None = None) -> None:
    records.put(connection, TABLE, key, json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass"), number)


def _put_alert(connection: Connection, alert: Alert) -> None:
    key = f"{ALERT}{alert.claim_id}/{alert.id}"
    _put(connection, key, asdict(alert), _number(connection, key))


def _put_copies(connection: Connection, alert: Alert) -> None:
    """Keep where else an alert's passage is printed; how far its sending has come stays as it is by now."""
    for kept in _alerts(connection, alert.claim_id):
        if kept.id == alert.id:
            _put_alert(connection, replace(kept, also_in=alert.also_in, updated=alert.updated))


def _number(connection: Connection, key: str) -> int | None:
    """Return the number of the record with this key, so that one put in its place keeps its order."""
    found = records.get(connection, TABLE, key)
    return None if found is None else found.number


def _remove_oldest(connection: Connection, claim_id: str) -> None:
    alerts = _alerts(connection, claim_id)
    records.remove(connection, TABLE, [f"{ALERT}{claim_id}/{alert.id}" for alert in alerts[:-MAX_ALERTS_OF_ONE]
                                       if alert.delivery != "waiting"])
