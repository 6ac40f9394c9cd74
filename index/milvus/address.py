"""Read MUSNAD_STORE: `milvus://HOST:PORT/NAME`, or `milvus+tls://` for TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from index.errors import StoreError

PORT = 19530
NAME = "musnad"
FORM = "write milvus://HOST:PORT/NAME or milvus+tls://HOST:PORT/NAME"


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where an index is kept in Milvus. `name` begins the names of its collections, in the database `database`.

    `certificates` is a file of certificate authorities to trust under TLS in place of those that gRPC brings.
    """

    host: str
    port: int = PORT
    name: str = NAME
    is_tls: bool = False
    database: str = ""
    certificates: Path | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"milvus{'+tls' if self.is_tls else ''}://{host}:{self.port}/{self.name}"

    @property
    def uri(self) -> str:
        """The address as pymilvus takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}"


def parse_address(text: str) -> StoreAddress:
    """Parse the value of MUSNAD_STORE. Raises StoreError that says what to write instead.

    A user or token in it is refused, since addresses are shown in logs: MUSNAD_STORE_TOKEN holds the secret.
    """
    parts = urlsplit(text)
    shown = text if "@" not in text else f"{parts.scheme}://…"
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise StoreError(shown, f"is no address of a store; {FORM}") from error
    if parts.scheme not in ("milvus", "milvus+tls") or not host or parts.fragment:
        raise StoreError(shown, f"is no address of a store; {FORM}")
    if "@" in parts.netloc:
        raise StoreError(shown, "must not hold a secret; put USER:PASSWORD or a token into MUSNAD_STORE_TOKEN")
    name = parts.path.strip("/") or NAME
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name):
        raise StoreError(shown, f"names an index {name!r}; write a letter, then letters, digits and _, 64 at most")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if options.keys() - {"database", "certificates"}:
        raise StoreError(shown, "has unknown options; database=NAME and certificates=FILE are known")
    certificates = Path(options["certificates"]) if "certificates" in options else None
    if certificates is not None and not certificates.is_file():
        raise StoreError(shown, f"names a file of certificates that is not there: {certificates}")
    return StoreAddress(host, port or PORT, name, parts.scheme == "milvus+tls", options.get("database", ""),
                        certificates)
