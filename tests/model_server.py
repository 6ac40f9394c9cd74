"""A server of a scripted language model, over a real socket, in the protocol that most model servers speak."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


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
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
