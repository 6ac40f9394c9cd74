"""Read one message of JSON-RPC 2.0, or say in words what is wrong with it.

Over HTTP the SDK answers what is no message with the text of its parser, and takes a call whose id is no id for a
notification, which nobody answers; over pipes it is silent. Both transports read messages here first.
"""

from __future__ import annotations

from typing import Any

from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, jsonrpc_message_adapter
from pydantic import ValidationError
from pydantic_core import from_json

from web.api.drafts import MAX_DRAFT_BYTES

# The longest is a call of `check_text`.
MAX_MESSAGE_BYTES = MAX_DRAFT_BYTES


class MessageError(ValueError):
    """What was sent is no message; `answer` tells the client."""

    def __init__(self, answer: JSONRPCError) -> None:
        self.answer = answer
        super().__init__(answer.error.message)


def read_message(sent: bytes) -> dict[str, Any]:
    """Return the message. Raises MessageError."""
    try:
        message = from_json(sent)  # as the SDK does, so that it reads the same
    except ValueError:
        raise MessageError(error_of("the message is not JSON in UTF-8, or nested too deeply", PARSE_ERROR)) from None
    if not isinstance(message, dict):
        raise MessageError(error_of("send one message at a time: batches are not taken" if isinstance(message, list)
                                    else "a message is an object"))
    wrong = _wrong(message)
    if wrong:
        called = message.get("id")
        raise MessageError(error_of(wrong, called=called if _is_id(called) else None))
    return message


def error_of(said: str, code: int = INVALID_REQUEST, *, called: int | str | None = None) -> JSONRPCError:
    """Return the answer to what cannot be read, with the id of the call if there is one."""
    return JSONRPCError(jsonrpc="2.0", id=called, error=ErrorData(code=code, message=said))


def as_json(answer: JSONRPCError) -> str:
    """Return the answer as it is sent. The protocol wants an id of null where no call is known."""
    return answer.model_dump_json(by_alias=True, exclude_unset=True)


def _wrong(message: dict[str, Any]) -> str:
    """Say what is wrong with an object, or nothing."""
    if message.get("jsonrpc") != "2.0":
        return 'a message has "jsonrpc": "2.0"'
    if not isinstance(message.get("method", ""), str):
        return "method must be a string"
    if "method" in message and "id" in message and not _is_id(message["id"]):
        return "id must be a string or an integer"
    if not isinstance(message.get("params"), (dict, type(None))):
        return "params must be an object"
    try:
        jsonrpc_message_adapter.validate_python(message, by_name=False)
    except ValidationError:
        return "a message has a method, or the id of a call and its result or error"
    return ""


def _is_id(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)
