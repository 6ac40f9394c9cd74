"""Fetch addresses: check where a request may go, wait between requests, follow redirects, obey robots.txt.

`targets` checks addresses, `exchange` sends requests, and `politeness` waits. No image, script or frame of a page is
fetched, no cookie or credential is sent, and neither proxies nor .netrc files of the environment are used. A POST goes
to an address that a user named, under the same checks.
"""

from __future__ import annotations

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from index.errors import AddressRefusedError, FetchError, HostBusyError, NoAnswerError, RobotsRefusedError
from index.sources.fetch.exchange import TRY_AGAIN, Answer, Deadline, exchange, trusted_authorities
from index.sources.fetch.politeness import MIN_INTERVAL_S, Pace
from index.sources.fetch.targets import (
    AllowedHost,
    IPAddress,
    Target,
    check_ip,
    check_name,
    is_allowed_by_name,
    parse_target,
)

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "Musnad"  # the name for this program in a robots.txt
MAX_BYTES = 32 * 1024 * 1024
MAX_ROBOTS_BYTES = 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT_S = 60.0
ROBOTS_KEPT_S = 24 * 3600.0  # RFC 9309, 2.4
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
ACCEPT = "text/html, application/rss+xml, application/atom+xml, application/xml, application/pdf, text/*, */*;q=0.5"
SENDABLE_TAG = re.compile(r"[\x21-\x7e\x80-\xff][\x20-\x7e\x80-\xff]{0,1023}")

Resolver = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer for an address. `address` is the one after redirects. `content` is empty unless `status` is 200.

    `max_age_s` is how long the answer stays fresh, and `retry_after_s` how long to wait before the next request. Each
    is None if the server did not send it.
    """

    address: str
    status: int
    content: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    max_age_s: float | None = None
    retry_after_s: float | None = None


class Fetcher:
    """Fetches public addresses. Hosts in `allowed` are fetched too, even if they resolve to private addresses.

    `min_interval_s` is the pause between two requests to one host. `timeout_s` is the time for one address, from
    resolving its name to the last byte, including redirects but not pauses. Tests replace `getaddrinfo`, `tls`, `clock`
    (monotonic seconds), `now` (seconds since 1970) and `sleep`.
    """

    def __init__(self, *, allowed: frozenset[AllowedHost] = frozenset(), min_interval_s: float = MIN_INTERVAL_S,
                 timeout_s: float = TIMEOUT_S, getaddrinfo: Resolver = socket.getaddrinfo,
                 tls: ssl.SSLContext | None = None, clock: Callable[[], float] = time.monotonic,
                 now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep) -> None:
        self._allowed, self._timeout_s, self._getaddrinfo = allowed, timeout_s, getaddrinfo
        self._tls, self._clock, self._now = tls, clock, now
        self._pace = Pace(min_interval_s, clock=clock, sleep=sleep)
        self._robots: dict[str, tuple[float, Protego | None]] = {}

    def get(self, address: str, *, etag: str = "", last_modified: str = "", max_bytes: int = MAX_BYTES,
            accept: str = ACCEPT, found_on: str = "") -> Fetched:
        """Fetch `address`.

        The answer's status is 200 with content, 304 if nothing changed, or another one without content.

        `etag` and `last_modified` are from the last answer. `found_on` is the feed or sitemap that listed the address.
        It is empty if the user named the address; in that case robots.txt is not read. A private host in `allowed` is
        reached only if the user named the address or an allowed host listed it, and never through a public page.

        Raises FetchError if nothing was fetched. Its kinds include AddressRefusedError, RobotsRefusedError and
        HostBusyError.
        """
        headers = [("Accept", accept)]
        if SENDABLE_TAG.fullmatch(etag):
            headers.append(("If-None-Match", etag))
        if SENDABLE_TAG.fullmatch(last_modified):
            headers.append(("If-Modified-Since", last_modified))
        trusted = not found_on or self.is_allowed(parse_target(found_on))
        return self._follow(parse_target(address), headers, max_bytes, trusted=trusted, ask_robots=bool(found_on))

    def post(self, address: str, body: bytes, headers: Sequence[tuple[str, str]]) -> int:
        """Send `body` to an address that the user named, by POST; return the status of the answer.

        Of the answer nothing else is read, and a redirect is not followed: what is sent is for that address alone.
        Raises FetchError if there was no answer, AddressRefusedError among them.
        """
        target = parse_target(address)
        sent = [*headers, ("Content-Length", str(len(body)))]
        with self._pace.turn(target.authority, target.address):  # whoever sends has a back-off of their own
            return self._ask(target, sent, 0, Deadline.within(self._timeout_s, self._timeout_s), trusted=True,
                             body=body).status

    def check(self, address: str) -> None:
        """Raise AddressRefusedError for an address of which it is known, without resolving its name, that neither `get`
        nor `post` would send anything to it.
        """
        target = parse_target(address)
        if not self.is_allowed(target):
            check_name(target)
            if target.ip is not None:
                check_ip(target, target.ip)

    def busy(self, address: str) -> HostBusyError | None:
        """Return the error that `get` would raise since the address's host is left alone at present, or None."""
        try:
            return self._pace.busy(parse_target(address).authority, address)
        except AddressRefusedError:
            return None

    def _follow(self, target: Target, headers: Sequence[tuple[str, str]], max_bytes: int, *, trusted: bool,
                ask_robots: bool) -> Fetched:
        seconds_left, first = self._timeout_s, target
        for _ in range(MAX_REDIRECTS + 1):
            if ask_robots:
                self._check_robots(target, trusted=trusted)
            with self._pace.turn(target.authority, target.address):
                started = time.monotonic()
                answer = self._answer(target, headers, max_bytes, Deadline.within(seconds_left, self._timeout_s),
                                      trusted=trusted)
                seconds_left -= time.monotonic() - started
            if answer.status not in REDIRECTS:
                return self._fetched(target, answer)
            trusted = trusted and self.is_allowed(target)
            target = _redirected(target, answer)
        raise FetchError(first.address, f"is redirected more than {MAX_REDIRECTS} times; give the address it leads to")

    def _answer(self, target: Target, headers: Sequence[tuple[str, str]], max_bytes: int, deadline: Deadline, *,
                trusted: bool) -> Answer:
        """Send one request, and remember whether the host answered."""
        try:
            answer = self._ask(target, headers, max_bytes, deadline, trusted=trusted)
        except NoAnswerError:
            self._pace.note_failure(target.authority)
            raise
        self._pace.note_answer(target.authority)
        return answer

    def _ask(self, target: Target, headers: Sequence[tuple[str, str]], max_bytes: int, deadline: Deadline, *,
             trusted: bool, body: bytes | None = None) -> Answer:
        ips = self._checked_ips(target, deadline, trusted=trusted)
        if self._tls is None and target.scheme == "https":
            self._tls = trusted_authorities()
        own_headers = [("Host", target.authority), ("User-Agent", user_agent()), ("Accept-Encoding", "gzip"),
                       ("Connection", "close")]
        return exchange(target, ips, [*own_headers, *headers], max_bytes=max_bytes, deadline=deadline,
                        tls=self._tls if target.scheme == "https" else None, body=body)

    def _checked_ips(self, target: Target, deadline: Deadline, *, trusted: bool) -> list[IPAddress]:
        """Resolve the target's host once; return its IP addresses.

        Raises AddressRefusedError if one of them is not public, unless the host is allowed and the address is
        `trusted`.
        """
        is_free = trusted and self.is_allowed(target)
        if not is_free:
            check_name(target)
        ips = [target.ip] if target.ip else _resolved(target, self._getaddrinfo, deadline)
        if not is_free:
            for ip in ips:
                check_ip(target, ip)
        return ips

    def is_allowed(self, target: Target) -> bool:
        """Tell whether this host may be fetched from even if it is not public."""
        return is_allowed_by_name(target, self._allowed)

    def _fetched(self, target: Target, answer: Answer) -> Fetched:
        headers = answer.headers
        retry_after_s = _retry_after_s(headers, self._now())
        if answer.status in BUSY and retry_after_s:
            self._pace.hold(target.authority, retry_after_s)
        return Fetched(target.address, answer.status, answer.content, headers.get("content-type", ""),
                       headers.get("etag", ""), headers.get("last-modified", ""), _max_age_s(headers), retry_after_s)

    def _check_robots(self, target: Target, *, trusted: bool) -> None:
        kept_until, robots = self._robots.get(target.origin, (float("-inf"), None))
        if self._clock() >= kept_until:
            robots = self._read_robots(target, trusted=trusted)
            self._robots[target.origin] = (self._clock() + ROBOTS_KEPT_S, robots)
        if robots is not None and not robots.can_fetch(target.address, PRODUCT):
            raise RobotsRefusedError(target.address, f"is not fetched: the robots.txt of {target.origin} asks programs "
                                                     f"not to; ask its publisher, or name the address yourself")

    def _read_robots(self, target: Target, *, trusted: bool) -> Protego | None:
        """Return the rules in a host's robots.txt, or None if the host has none (RFC 9309, 2.3.1: any 4xx but 429).

        Raises FetchError if the rules cannot be read now. `trusted` is as in `_checked_ips`.
        """
        address = f"{target.origin}/robots.txt"
        answer = self._follow(parse_target(address), [("Accept", "text/plain")], MAX_ROBOTS_BYTES, trusted=trusted,
                              ask_robots=False)
        if answer.status != 200 and (answer.status >= 500 or answer.status == 429):
            raise FetchError(target.address, f"is not fetched: its robots.txt was answered with {answer.status}; "
                                             f"{TRY_AGAIN}")
        if answer.status != 200:
            return None
        from protego import Protego  # only pages found through feeds and sitemaps need it

        robots = Protego.parse(answer.content.decode("utf-8", "replace").removeprefix("\ufeff"))
        delay_s = robots.crawl_delay(PRODUCT)
        if delay_s:
            self._pace.slow_down(target.authority, delay_s)
        return robots


def user_agent() -> str:
    """Return the program's name and version, for the User-Agent header."""
    try:
        return f"{PRODUCT}/{version('musnad')}"
    except PackageNotFoundError:  # run from a checkout
        return PRODUCT


def _resolved(target: Target, getaddrinfo: Resolver, deadline: Deadline) -> list[IPAddress]:
    """Return each IP address of the target's host once.

    The name is resolved in a thread, because the system's resolver has no deadline.
    """
    answers: queue.SimpleQueue[list[tuple[Any, ...]] | Exception] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=deadline.remaining_s())
    except (queue.Empty, TimeoutError):
        raise NoAnswerError(target.address, f"was not answered whole within {deadline.timeout_s:g} s: the name "
                                            f"{target.host} is not resolved; {TRY_AGAIN}") from None
    if isinstance(found, Exception):
        reason = getattr(found, "strerror", None) or found
        raise NoAnswerError(target.address, f"cannot be reached: the name {target.host} is not resolved ({reason}); "
                                         f"check it, or {TRY_AGAIN}")
    texts = [str(sockaddr[0]) + (f"%{sockaddr[3]}" if len(sockaddr) > 3 and sockaddr[3] else "")
             for family, *_, sockaddr in found if family in (socket.AF_INET, socket.AF_INET6)]
    return [ip_address(text) for text in dict.fromkeys(texts)]


def _redirected(target: Target, answer: Answer) -> Target:
    """Return the target to which `answer` redirects. Raises FetchError if its Location is missing or not acceptable."""
    location = answer.headers.get("location", "").encode("latin-1").decode("utf-8", "replace")
    if not location:
        raise FetchError(target.address, f"is redirected ({answer.status}) to nowhere; check the address")
    try:
        if "\\" in location or not location.isprintable() or " " in location:
            raise AddressRefusedError(location, "holds a space, a backslash or a control character")
        next_target = parse_target(urljoin(target.address, location))
    except ValueError:
        raise FetchError(target.address, f"is redirected to {location[:200]!a}, which is no address; check the address"
                         ) from None
    except AddressRefusedError as error:
        raise AddressRefusedError(target.address, f"is redirected to {error}") from None
    if target.scheme == "https" and next_target.scheme == "http":
        raise AddressRefusedError(target.address, f"is redirected from https to {next_target.address}, where anybody "
                                                  f"between may change it; give that address if it is meant")
    return next_target


def _max_age_s(headers: Mapping[str, str]) -> float | None:
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return 0.0
    found = re.search(r"\bmax-age=\"?([0-9]{1,9})\b", control)
    if found is None:
        return None
    age = headers.get("age", "")
    return max(0.0, float(found[1]) - (float(age) if re.fullmatch("[0-9]{1,9}", age) else 0.0))


def _retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds from `now` until the time in the Retry-After header, or None if there is no valid one.

    The header gives seconds or a date (RFC 9110, 10.2.3).
    """
    value = headers.get("retry-after", "")
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
        return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None
