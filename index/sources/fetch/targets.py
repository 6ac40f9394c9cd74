"""Parse an address and decide whether this program may connect to it, without any request and without DNS.

Python's `ipaddress` alone is not enough. Python 3.11.7, which this program supports, calls 224.0.0.1, fec0::1, 3fff::1,
192.88.99.1, ::127.0.0.1, 64:ff9b:1::1 and 2002:7f00:1:: global, and no version looks at the IPv4 address inside NAT64,
Teredo or ISATAP. So this module lists the registries' special addresses, and checks `is_global` last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import quote

import idna

from index.errors import AddressRefusedError, IndexingError
from index.sources.field_limits import MAX_ADDRESS_CHARS

IPAddress = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
# The "bad ports" of the Fetch Standard above 1023 (https://fetch.spec.whatwg.org/#port-blocking). Browsers do not
# connect to them either, since mail, chat or file servers listen there.
BAD_PORTS = frozenset((1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679,
                       6697, 10080))
MAX_HOST_CHARS = 253

# RFC 3986, appendix B. Not urlsplit: it drops tabs and line ends, accepts text around the brackets, reads digits of any
# script, and refuses different addresses in different versions of Python.
PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{1,5}))?")
ANY_PORT = 0
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LOOKS_NUMERIC = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")  # "ends in a number" of the URL Standard
UNSAFE = re.compile(r"[\\\x00-\x20\x7f-\xa0\u00ad]")
PATH_SAFE = "!$&'()*+,;=:@/%~[]|"
QUERY_SAFE = PATH_SAFE + "?"

# The IANA special-purpose registries (RFC 6890 and its updates), each under its name for messages.
NOT_PUBLIC: tuple[tuple[str, tuple[IPv4Network | IPv6Network, ...]], ...] = tuple(
    (what, tuple(ip_network(network) for network in networks.split())) for what, networks in (
        ("an unspecified address", "0.0.0.0/8 ::/128"),
        ("a loopback address", "127.0.0.0/8 ::1/128"),
        ("a private address", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"),
        ("a unique local address", "fc00::/7"),
        ("a link-local address", "169.254.0.0/16 fe80::/10"),
        ("a site-local address", "fec0::/10"),
        ("an address of carrier-grade NAT", "100.64.0.0/10"),
        ("a documentation address", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
        ("a benchmarking address", "198.18.0.0/15 2001:2::/48"),
        ("a multicast address", "224.0.0.0/4 ff00::/8"),
        ("a broadcast address", "255.255.255.255/32"),
        ("an address of a local translator", "64:ff9b:1::/48"),
        ("a reserved address", "192.0.0.0/24 192.88.99.0/24 240.0.0.0/4 2001::/23"),
    ))
GLOBAL_UNICAST = IPv6Network("2000::/3")
MAPPED, NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
SIX_TO_FOUR, TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
COMPATIBLE, TRANSLATED = IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96")
ISATAP = (0x00005EFE, 0x02005EFE)  # the upper half of the interface identifier, RFC 5214


class AllowedHostError(IndexingError):
    """The value of --allow-host is not a host name or IP address with an optional port."""

    def __init__(self, value: str, reason: str) -> None:
        self.value = value
        super().__init__(f"--allow-host {value!a}: {reason}; write NAME or NAME:PORT, as in news.example:8080")


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed address. `host` is in ASCII and lower case, without brackets or a final dot.

    `path` is the path and query as sent. `ip` is the host as an IP address, or None if the host is a name.
    """

    scheme: str
    host: str
    port: int
    path: str
    ip: IPAddress | None = None

    @property
    def authority(self) -> str:
        """Return the host, with brackets if it needs them, and with the port unless it is the default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port. One robots.txt is valid for all addresses with the same origin."""
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> str:
        """Return the address that is fetched: without a fragment."""
        return self.origin + self.path


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host that may be fetched from, whatever IP address it resolves to.

    It is allowed on `port` only; if that is None, on 80 and 443; if it is ANY_PORT, on any usual port of web servers.
    """

    host: str
    port: int | None = None


def parse_target(address: str) -> Target:
    """Parse an http or https address. Raises AddressRefusedError for any other text.

    Spellings that programs interpret in different ways are refused, not repaired: spaces, control characters,
    backslashes, a user name, zone ids, and a host that is a number but not four decimal numbers.
    """
    def refuse(reason: str) -> AddressRefusedError:
        return AddressRefusedError(address, reason)

    if len(address) > MAX_ADDRESS_CHARS:
        raise refuse(f"is longer than {MAX_ADDRESS_CHARS:,} characters; give the address itself")
    if UNSAFE.search(address) or any(not character.isprintable() for character in address):
        raise refuse("holds a space, a backslash or a control character; write it without")
    scheme, netloc, path, query = PARTS.fullmatch(address).groups(default="")  # type: ignore[union-attr]  # fits all
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise refuse(f"is not fetched: {f'{scheme}:' if scheme else 'no scheme'} where http: or https: must stand; "
                     f"give the address of a web page or feed")
    if "@" in netloc:
        raise refuse("holds a user name or password; none is ever sent, leave it out")
    authority = AUTHORITY.fullmatch(netloc)
    if authority is None or not authority[1]:
        raise refuse("has no host, or an invalid port; check it")
    try:
        host, ip = _host(authority[1])
    except ValueError as error:
        raise refuse(str(error)) from None
    port = int(authority[2]) if authority[2] else DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65535:
        raise refuse("has no host, or an invalid port; check it")
    query = f"?{quote(query, safe=QUERY_SAFE)}" if query else ""
    return Target(scheme, host, port, (quote(path, safe=PATH_SAFE) or "/") + query, ip)


def parse_allowed_hosts(values: Iterable[str]) -> frozenset[AllowedHost]:
    """Parse the values of `--allow-host` or MUSNAD_ALLOW_HOSTS: each is NAME[:PORT] or NAME:*, or
    several separated by commas.

    Raises AllowedHostError if a value has another form.
    """
    hosts = (host.strip() for value in values for host in value.split(","))
    return frozenset(_allowed_host(host) for host in hosts if host)


def is_allowed_by_name(target: Target, allowed: frozenset[AllowedHost]) -> bool:
    """Tell whether the user allowed this host on this port."""
    return (AllowedHost(target.host, target.port) in allowed
            or AllowedHost(target.host) in allowed and target.port in DEFAULT_PORTS.values()
            or AllowedHost(target.host, ANY_PORT) in allowed and _is_usual_port(target.port))


def check_name(target: Target) -> None:
    """Check a target's port and name before the name is resolved. Raises AddressRefusedError if one is not allowed."""
    if not _is_usual_port(target.port):
        raise AddressRefusedError(target.address, f"is not fetched: port {target.port} is not one of web servers; "
                                  f"{_remedy(target, with_port=True)}")
    if target.host == "localhost" or target.host.endswith(".localhost"):
        raise AddressRefusedError(target.address, f"is not fetched: {target.host} is this machine; {_remedy(target)}")


def check_ip(target: Target, ip: IPAddress) -> None:
    """Check `ip`, which `target` names or resolves to. Raises AddressRefusedError if it is not public."""
    what = why_not_public(ip)
    if what:
        leads = "it leads to " if target.ip else f"{target.host} leads to "
        raise AddressRefusedError(target.address, f"is not fetched: {leads}{what}; {_remedy(target)}")


def why_not_public(ip: IPAddress) -> str:
    """Return why `ip` is not public, such as '127.0.0.1, a loopback address', or "" if it is public.

    If an IPv6 address embeds IPv4 addresses, each of these must be public too.
    """
    if isinstance(ip, IPv6Address):
        if ip.scope_id:
            return f"{ip}, an address with a zone id"
        for embedded in embedded_ipv4(ip):
            what = why_not_public(embedded)
            if what:
                return f"{ip}, which embeds {what}"
        if any(ip in network for network in (MAPPED, NAT64, SIX_TO_FOUR, TEREDO)):
            return ""  # they lead to the IPv4 address that was just checked
    holding = [(network.prefixlen, what) for what, networks in NOT_PUBLIC for network in networks if ip in network]
    if holding:
        return f"{ip}, {max(holding)[1]}"
    if (isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST) or not ip.is_global:
        return f"{ip}, a reserved address"
    return ""


def embedded_ipv4(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses in `ip`: mapped, compatible, translated, NAT64, 6to4, Teredo (server, client), ISATAP.

    `::` and `::1` do not count as compatible addresses.
    """
    number = int(ip)
    low = IPv4Address(number & 0xFFFFFFFF)
    found = []
    if any(ip in network for network in (MAPPED, NAT64, TRANSLATED)) or (ip in COMPATIBLE and number > 1):
        found.append(low)
    if ip in SIX_TO_FOUR:
        found.append(IPv4Address(number >> 80 & 0xFFFFFFFF))
    if ip in TEREDO:
        found += [IPv4Address(number >> 64 & 0xFFFFFFFF), IPv4Address(~number & 0xFFFFFFFF)]
    if number >> 32 & 0xFFFFFFFF in ISATAP:
        found.append(low)
    return tuple(found)


def _host(raw: str) -> tuple[str, IPAddress | None]:
    """Return `(host, ip)`: the host in ASCII, and its IP address or None if it is a name.

    Raises ValueError, with the reason, if `raw` is not a valid host.
    """
    if raw.startswith("["):
        if "%" in raw:
            raise ValueError("holds a zone id, which means something on one machine only; leave it out")
        try:
            ipv6 = IPv6Address(raw[1:-1])
        except ValueError:
            raise ValueError("has no IPv6 address between its brackets; check it") from None
        return str(ipv6), ipv6
    try:
        ascii_host = raw if raw.isascii() else idna.encode(raw, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("has an invalid host name; check it") from None
    host = ascii_host.lower().removesuffix(".")
    labels = host.split(".")
    if LOOKS_NUMERIC.fullmatch(labels[-1]):
        try:
            ipv4 = IPv4Address(host)
        except ValueError:
            raise ValueError("has a number for a host; write it as four decimal numbers, as in 192.0.2.1") from None
        return host, ipv4
    if len(host) > MAX_HOST_CHARS or not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("has an invalid host name; check it")
    return host, None


def _allowed_host(value: str) -> AllowedHost:
    is_any_port = value.endswith(":*")
    authority = AUTHORITY.fullmatch(value.removesuffix(":*"))
    if authority is None or not authority[1] or (is_any_port and authority[2]):
        raise AllowedHostError(value, "is not a host")
    port = ANY_PORT if is_any_port else int(authority[2]) if authority[2] else None
    if port is not None and not is_any_port and not 1 <= port <= 65535:
        raise AllowedHostError(value, "has no port between 1 and 65535")
    try:
        return AllowedHost(_host(authority[1])[0], port)
    except ValueError as error:
        raise AllowedHostError(value, str(error).partition(";")[0]) from None


def _is_usual_port(port: int) -> bool:
    return port in DEFAULT_PORTS.values() or (port >= 1024 and port not in BAD_PORTS)


def _remedy(target: Target, *, with_port: bool = False) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    name = f"{host}:{target.port}" if with_port or target.port not in DEFAULT_PORTS.values() else host
    return f"if that is meant, allow it with --allow-host {name}"

