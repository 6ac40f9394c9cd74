"""Signed cookies of who has logged in, and a limit on wrong attempts. Keys last as long as the process."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, TimestampSigner
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from web.errors import Problem
from web.gate.clients import client_of
from web.gate.counts import Counts

ATTEMPTS_A_MINUTE = 10
TOO_MANY = Problem("rate-limited", f"more than {ATTEMPTS_A_MINUTE} wrong passwords or tokens in a minute; try again "
                                   f"later", {"retry_after_s": 60})


class Sessions:
    """Makes and checks cookies that are valid for `max_age_s` seconds, and counts wrong attempts by client."""

    def __init__(self, max_age_s: int) -> None:
        self.max_age_s = max_age_s
        self._key = secrets.token_bytes(32)
        self._signer = TimestampSigner(self._key)
        self._limiter = FixedWindowRateLimiter(Counts())
        self._attempts = RateLimitItemPerMinute(ATTEMPTS_A_MINUTE)

    def has_tried_too_often(self, address: str) -> bool:
        """Tell whether the client at this address has made as many wrong attempts as it may, this minute."""
        return not self._limiter.test(self._attempts, client_of(address))

    def failed(self, address: str) -> None:
        """Count a wrong attempt."""
        self._limiter.hit(self._attempts, client_of(address))

    def new(self, name: str = "") -> str:
        """Return a new cookie, for someone of this name, in ASCII."""
        return self._signer.sign(f"{secrets.token_hex(16)}:{name}").decode()

    def name_of(self, cookie: str) -> str | None:
        """Return the name that a valid cookie is for; None if it is not valid."""
        try:
            return self._signer.unsign(cookie, max_age=self.max_age_s).decode().partition(":")[2]
        except BadSignature:
            return None

    def is_valid(self, cookie: str) -> bool:
        """Tell whether this process made the cookie, not too long ago."""
        return self.name_of(cookie) is not None

    def form_token(self, cookie: str) -> str:
        """Return what the forms of this session send along, which no other site can know."""
        return hmac.new(self._key, f"form {cookie}".encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, cookie: str, sent: str) -> bool:
        """Tell, in constant time, whether a form of this session sent this."""
        return hmac.compare_digest(self.form_token(cookie).encode(), sent.encode("utf-8", "replace"))
