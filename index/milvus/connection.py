"""Send requests to a Milvus server, and say what went wrong in the program's own errors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from index.errors import StoreError, StoreUnavailableError
from index.milvus.address import StoreAddress

# How long a request that reads may take, and one that writes, loads or drops; with retries.
READ_S, WRITE_S = 10.0, 120.0
# What fails sooner than this is sent once more.
AGAIN_WITHIN_S = 0.2
EXTRA = "pymilvus is not installed; install it with: pip install musnad[scale]"
# gRPC's words for a server that is away or does not answer, and Milvus's own for one that is still starting.
_AWAY = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "server unavailable", "not ready", "Retry timeout", "retry timeout",
         "Retry run out", "should create connection first", "CANCELLED", "Connection reset", "Timeout", "timed out")
# What gRPC says where another thread closed the connection after a request of its own failed.
_CLOSED = "closed channel"
# Milvus's words and milvus-lite's states; "loading" is what another thread meets while the first one loads it.
_NOT_LOADED = ("not loaded", "not fully loaded", "released", "'loading'")
# A channel of its own for each connection, or a new one would share the wait of one that failed. pymilvus pings every
# ten seconds, and gRPC's servers by default close a connection that pings more than every five minutes.
_CHANNEL = {"grpc.use_local_subchannel_pool": 1, "grpc.max_reconnect_backoff_ms": 1000,
            "grpc.keepalive_time_ms": 360_000, "grpc.keepalive_permit_without_calls": 0}
_REFUSED = ("UNAUTHENTICATED", "PERMISSION_DENIED", "auth check failure", "permission")


class Connection:
    """Requests to one server. It connects with the first one, and again after the server was away.

    Threads may share it. Every method of pymilvus's MilvusClient can be called by its name. Raises
    StoreUnavailableError where the server is away, and StoreError where it refuses.
    """

    def __init__(self, address: StoreAddress, token: str = "") -> None:
        self.address = address
        self._token = token
        self._client: Any = None
        self._connecting = threading.RLock()

    def read(self, request: str, *arguments: Any, **options: Any) -> Any:
        """Send a request that changes nothing."""
        return self._send(request, arguments, {"timeout": READ_S, **options})

    def write(self, request: str, *arguments: Any, **options: Any) -> Any:
        """Send a request that writes. It may be repeated: all of ours do nothing the second time."""
        return self._send(request, arguments, {"timeout": WRITE_S, **options})

    def close(self) -> None:
        """Close the connection; a later request opens it again."""
        with self._connecting:
            client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # whatever it is, nobody uses it any more
                client.close()

    def _send(self, request: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        try:
            import grpc  # late: only who uses Milvus has them
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            raise StoreError(str(self.address), EXTRA) from error
        began = time.monotonic()
        while True:
            try:
                return self._loaded(request, arguments, options)
            except (MilvusException, grpc.RpcError, OSError, ValueError) as error:
                if isinstance(error, ValueError) and _CLOSED not in str(error):
                    raise
                failure = self._error_of(error)
                if isinstance(failure, StoreUnavailableError):
                    self.close()  # what failed to connect waits before it tries again: the next request opens another
                    if time.monotonic() - began < AGAIN_WITHIN_S:
                        time.sleep(AGAIN_WITHIN_S)  # a connection that the server ended, or its restart
                        continue
                raise failure from error

    def _loaded(self, request: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send a request; if its collection was released, as all of milvus-lite are after a restart, load it first.

        A collection that is being loaded is waited for, which loading it again does.
        """
        from pymilvus.exceptions import MilvusException

        client = self._connected()
        try:
            return getattr(client, request)(*arguments, **options)
        except MilvusException as error:
            if request not in ("query", "search") or not any(word in error.message for word in _NOT_LOADED):
                raise
        client.load_collection(arguments[0], timeout=WRITE_S)
        return getattr(client, request)(*arguments, **options)

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                # It logs each error with its trace, which is told once by whoever catches it here.
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
                from pymilvus import MilvusClient

                address = self.address
                trusted = {"server_pem_path": str(address.certificates)} if address.certificates else {}
                self._client = MilvusClient(
                    uri=address.uri, token=self._token, db_name=address.database, timeout=READ_S,
                    secure=address.is_tls, dedicated=True, grpc_options=_CHANNEL, **trusted)
            return self._client

    def _error_of(self, error: Exception) -> StoreError:
        # pymilvus hides the reason why it could not connect behind an error of its own.
        reasons = list(_chain(error))
        told = " ".join(str(next(filter(None, (_details(each) for each in reversed(reasons))), error)).split())
        said = " ".join(map(str, reasons))
        if any(word in said for word in _REFUSED):
            return StoreError(str(self.address), f"lets nobody in with this MUSNAD_STORE_TOKEN: {told}")
        is_away = isinstance(error, OSError | ValueError) or any(word in said for word in _AWAY)
        return StoreUnavailableError(str(self.address), told) if is_away else StoreError(str(self.address), told)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, its cause, the cause of that, each once: pymilvus makes errors that are their own cause."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        own = error.__cause__ is error
        error = error.__context__ if error.__cause__ is None or own else error.__cause__


def _details(error: BaseException) -> str:
    """Return what a gRPC or Milvus error says, without its own decoration; "" for another error."""
    details = getattr(error, "details", None)
    return str(details() or "") if callable(details) else str(getattr(error, "message", ""))
