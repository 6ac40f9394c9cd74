"""The responses of GET /healthz and GET /readyz."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from qa.contract.index import Index


class Health(TypedDict):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The generation being served, and, if it is not the newest, why.

    `held` is the generation that a roll-back holds. `verified` is when its files were last read again and found whole.
    `database` says why the database that servers share cannot be used; `waiting` is not known then.
    """

    status: Literal["ready", "degraded"]
    index: Index
    reload_error: str | None
    waiting: int | None
    database: str | None
    indexing_error: str | None
    held: str | None
    verified: str | None
