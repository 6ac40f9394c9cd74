"""What a connection may take: seconds, bytes, and a share of the server's connections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server. Times count from the first byte of a part, not from its last, so dripping is no use."""

    # The whole head of a request, from its first byte, or from the connection for the first request.
    head_timeout_s: float = 10.0
    # Between a response and the first byte of the next request.
    idle_timeout_s: float = 60.0
    # A body, and a response that the client reads, may take this long and a second more for each `least_bytes_per_s`.
    body_timeout_s: float = 10.0
    send_timeout_s: float = 20.0
    least_bytes_per_s: int = 16 * 1024
    # After the last response, to read what the client still sends: closing at once would take the response from it.
    linger_timeout_s: float = 2.0
    # When the server stops: for requests that were sent before the client knew, and for everything in hand.
    last_requests_s: float = 1.0
    drain_timeout_s: float = 15.0

    head_bytes: int = 64 * 1024
    head_lines: int = 100
    chunks: int = 4096
    # A body that is too long is refused by the application, in its own way, unless it is longer than this.
    refused_body_bytes: int = 1024 * 1024
    # Responses that wait for their readers, of all connections together.
    unsent_bytes: int = 64 * 1024 * 1024

    connections: int = 2000
    # Of one client, unless it is this machine or clients are unknown because a proxy stands in front.
    connections_per_client: int = 100
