"""Networks whose clients may do what others may not."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from web.gate.clients import is_this_machine

IPNetwork = IPv4Network | IPv6Network


def parse_network(text: str) -> IPNetwork:
    """Read an address or a network, `192.0.2.7` or `10.0.0.0/8`. Raises ValueError."""
    try:
        return ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address or a network; write 192.0.2.7 or 10.0.0.0/8") from error


def is_within(address: str, networks: Iterable[IPNetwork]) -> bool:
    """Tell whether a client is on this machine or in one of the networks."""
    if is_this_machine(address):
        return True
    try:
        client = ip_address(address)
    except ValueError:
        return False
    if isinstance(client, IPv6Address) and client.ipv4_mapped:
        client = client.ipv4_mapped
    return any(client in network for network in networks)
