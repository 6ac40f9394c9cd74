"""A server of a scripted language model, over a real socket, in the protocol that most model servers speak."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.loopback import STOPS_SOON


class Model:
    """A server of the protocol that most model servers speak: OpenAI's chat completions, as a stream."""

    def __init__(self, write: Callable[[str], list[str]]) -> None:
        model = self
        self.prompts: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.prompts.append(body["messages"][-1]["content"])
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for piece in write(model.prompts[-1]):
                    self._send({"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]})
                self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                self._send({"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 7, "total_tokens": 77}})
                self.wfile.write(b"data: [DONE]\n\n")

            def _send(self, part: dict[str, Any]) -> None:
                part = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **part}
                self.wfile.write(f"data: {json.dumps(part)}\n\n".encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.environment = {"MUSNAD_LLM": "openai:scripted", "OPENAI_API_KEY": "none",
                            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.server.server_address[1]}/v1"}

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs=STOPS_SOON, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class FailingModel(Model):
    """The same server, of which every answer goes wrong as `failure` says: see `FAILURES`."""

    def __init__(self) -> None:
        super().__init__(lambda _prompt: [])
        self.failure = "refuses"
        self.may_end = threading.Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                FAILURES[model.failure](self, model.may_end)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server.RequestHandlerClass = Handler

    def __exit__(self, *_: object) -> None:
        self.may_end.set()
        super().__exit__()


def _hang(_handler: BaseHTTPRequestHandler, may_end: threading.Event) -> None:
    may_end.wait(60)


def _refuse(handler: BaseHTTPRequestHandler, _may_end: threading.Event) -> None:
    handler.send_response(500)
    handler.end_headers()
    handler.wfile.write(b"out of memory")


def _send(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    handler.wfile.write(body)


_HALF = json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [
    {"index": 0, "delta": {"role": "assistant", "content": "half a sen"}}]}).encode()


def _hang_after_half(handler: BaseHTTPRequestHandler, may_end: threading.Event) -> None:
    _send(handler, b"data: " + _HALF + b"\n\n")
    may_end.wait(60)


def _die(handler: BaseHTTPRequestHandler, _may_end: threading.Event) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"data: " + _HALF + b"\n\n")
    handler.close_connection = True


FAILURES: dict[str, Callable[[BaseHTTPRequestHandler, threading.Event], None]] = {
    "hangs": _hang, "hangs after half a sentence": _hang_after_half, "dies in a sentence": _die, "refuses": _refuse,
    "answers garbage": lambda handler, _: _send(handler, b"\x00\xff<html>\n\ndata: {nope\n\n"),
    "answers another format": lambda handler, _: _send(handler, b'data: {"choices": 5}\n\n'),
}
"""What may go wrong in a model's server."""
