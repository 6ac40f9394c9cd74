"""A Milvus server: milvus-lite as a process of its own, which answers gRPC on 127.0.0.1 alone.

It is forked from a process that has loaded its modules, which takes two seconds each time otherwise.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

STARTS_WITHIN_S = 60.0
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["milvus_lite.cmdline"])


class MilvusServer:
    """Starts with `with`; can be ended and started again over the same data, at the same port."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.port = free_port()
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def process_id(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def store(self, name: str = "news") -> str:
        return f"milvus://127.0.0.1:{self.port}/{name}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.end()

    def start(self) -> None:
        self._process = PROCESSES.Process(target=_serve, args=(
            "server", "--data-dir", str(self._data_dir), "--host", "127.0.0.1", "--port", str(self.port)))
        self._process.start()
        ends = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if not self._process.is_alive() or time.monotonic() > ends:
                    raise
                time.sleep(0.05)
            else:
                return

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            assert self._process.pid is not None
            os.kill(self._process.pid, number)
            self._process.join()
            self._process.close()
            self._process = None


def _serve(*arguments: str) -> None:
    from milvus_lite.cmdline import main

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.exit(main(list(arguments)))


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
