"""Errors, in the form of RFC 9457."""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict  # noqa: UP035


class FieldProblem(TypedDict):
    """What is wrong with a field, or with the article of that number."""

    field: NotRequired[str]
    number: NotRequired[int]
    message: str


class Problem(TypedDict):
    """An error in the form of RFC 9457. `type` is stable; members below `detail` are present where they apply."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldProblem]]
    fault: NotRequired[str]
    retry_after_s: NotRequired[int]
    bytes_needed: NotRequired[int]
    bytes_free: NotRequired[int]
    messages: NotRequired[dict[str, str]]
