"""Tell clients apart: a client is an address, or in IPv6 a /64 network, the least that a household gets."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IPV6_NETWORK_BITS = 64


def client_of(address: str) -> str:
    """Return the client that a request from this address counts for; an address that is none stands for itself."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
    return address if parsed is None else str(parsed)


def forwarded_address(address: str, forwarded: Sequence[str], proxies: int) -> str:
    """Return the address that the first of `proxies` trusted ones names in the headers X-Forwarded-For.

    Without proxies, or if they name nobody, it is the one that is connected.
    """
    named = [each.strip() for header in forwarded for each in header.split(",")]
    return named[-proxies] if 0 < proxies <= len(named) and named[-proxies] else address


def is_this_machine(address: str) -> bool:
    """Tell whether a program on the server's own machine sent the request."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
