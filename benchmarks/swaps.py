"""Publish one generation after another under a constant load of questions; count errors and mixed answers.

    python -m benchmarks.swaps [--swaps 100] [--clients 2] [--servers 1] [--milvus]

It serves a throw-away index in which every article names its generation's number in title and text, asks questions
without a pause, and publishes the next generation as soon as every server serves the one before. With `--milvus` the
servers have no index folder and read from a milvus-lite server on this machine. Clients are for each server. It prints
one line of JSON: the swaps made, questions answered, errors, mixed answers, the longest time from the publication of a
generation to the last server's first answer from it, and the resident memory of the server that grew most, in MiB
after each twelfth of the swaps. An answer is mixed if a quote, passage or title in it is from another generation than
the one the answer names. Returns 1 if there was an error or a mixed answer, or if memory grew by more than 5 % in the
second half of the swaps. In the first half a server warms: the pages of its models come into memory as words need them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.arrival import process  # noqa: E402
from index.intake.build import build  # noqa: E402
from index.milvus.mirror import publish_current  # noqa: E402
from index.model.load import load_embedder  # noqa: E402
from index.types import Article  # noqa: E402
from tests.milvus import MilvusServer  # noqa: E402

ARTICLES = 60
SWAP_TIMEOUT_S = 60.0
# Asked again and again, so that their answers are remembered; every fifth question is new.
QUESTIONS = ("متى وصل الوفد إلى الدوحة؟", "من وقّع البيان؟", "When did the delegation arrive?", "ما رقم الإصدار؟")


def main(argv: Sequence[str] | None = None) -> int:
    """Publish the generations, print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--milvus", action="store_true")
    options = parser.parse_args(argv)
    found = swap(options.swaps, options.clients, servers=options.servers, milvus=options.milvus)
    print(json.dumps(found))
    return int(bool(found["errors"] or found["mixed"] or found["growth"] > 0.05))


def swap(swaps: int, clients: int, *, servers: int = 1, milvus: bool = False) -> dict[str, Any]:
    """Publish `swaps` generations while `clients` clients ask each of the servers; return the figures."""
    embedder = load_embedder()
    with tempfile.TemporaryDirectory(prefix="musnad-swaps-") as folder, ExitStack() as running:
        index_dir = Path(folder, "index")
        store = running.enter_context(MilvusServer(Path(folder, "milvus"))).store() if milvus else ""

        def published(number: int) -> str:
            generation = build(articles_of(number), index_dir, embedder).generation
            if store:
                publish_current(index_dir, store)
            return generation

        numbers = {published(0): 0}
        served = Path(folder, "elsewhere") if milvus else index_dir
        processes = [running.enter_context(process(
            [sys.executable, "-m", "qa", "serve", "--port", "0", "--index-dir", str(served)], MUSNAD_STORE=store))
            for _ in range(servers)]
        loads = [Load(address_of(server), clients) for server in processes]
        memory: list[list[int]] = []
        longest_s = 0.0
        try:
            for number in range(1, swaps + 1):
                numbers[generation := published(number)] = number
                began = time.monotonic()
                for load in loads:
                    load.wait_for(generation)
                longest_s = max(longest_s, time.monotonic() - began)
                memory.append([resident_bytes(server.pid) for server in processes])
        finally:
            for load in loads:
                load.stop()
    seen = [each for load in loads for each in load.seen]
    mixed = sum(1 for generation, found in seen if {numbers.get(generation)} != found)
    grown = max(zip(*memory, strict=True), key=lambda each: each[-1] / each[len(each) // 2])
    return {"swaps": swaps, "servers": servers, "store": "milvus-lite" if milvus else "files", "answers": len(seen),
            "errors": sum(len(load.errors) for load in loads), "mixed": mixed, "longest_s": round(longest_s, 1),
            "memory_mib": [round(each / 2**20) for each in grown[::-max(1, swaps // 12)][::-1]],
            "growth": round(grown[-1] / grown[len(grown) // 2] - 1, 4)}


def address_of(server: subprocess.Popen[str]) -> str:
    """Return the address that the server prints when it is ready."""
    assert server.stdout is not None
    address = re.search(r"http://\S+", server.stdout.readline())
    assert address is not None
    return address.group()


class Load:
    """Clients that ask without a pause.

    `seen` has for each answer its generation, and the generation numbers in its texts.
    """

    def __init__(self, base: str, clients: int) -> None:
        self._base = base
        self._over = threading.Event()
        self.seen: list[tuple[str, set[int]]] = []
        self.errors: list[str] = []
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, generation: str) -> None:
        """Wait until an answer names the generation."""
        end = time.monotonic() + SWAP_TIMEOUT_S
        while not self.seen or self.seen[-1][0] != generation:
            if time.monotonic() > end:
                raise TimeoutError(f"{generation} is not served after {SWAP_TIMEOUT_S} s")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the clients and wait for them."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        while not self._over.is_set():
            number += 1
            question = [*QUESTIONS, f"متى وصل الوفد رقم {number}؟"][number % (len(QUESTIONS) + 1)]
            request = urllib.request.Request(self._base + "/api/ask", json.dumps({"question": question}).encode(),
                                             {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    answer = json.load(response)
            except OSError as error:
                self.errors.append(str(error))
                continue
            texts = [*(citation["quote"] for citation in answer["citations"]),
                     *(passage["text"] for passage in answer["passages"]),
                     *(place["title"] for place in [*answer["citations"], *answer["passages"]])]
            self.seen.append((answer["index"]["generation"],
                              {int(found) for text in texts for found in re.findall(r"#(\d+)", text)}))


def articles_of(number: int) -> list[Article]:
    """Return articles whose every sentence names the generation's number."""
    return [Article(f"a{place}", f"وصل الوفد رقم {place} إلى الدوحة في الإصدار #{number}. "
                                 f"The delegation {place} arrived in issue #{number}.", f"خبر {place} #{number}")
            for place in range(ARTICLES)]


def resident_bytes(process_id: int) -> int:
    """Return the resident memory of a process in bytes, mapped files included."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


if __name__ == "__main__":
    sys.exit(main())
