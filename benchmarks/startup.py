"""Measure how soon a new process of the server or of `musnad ask` answers, and how much memory it takes.

    python -m benchmarks.startup --index-dir DIR --runs 5 --out result.json

Every run starts new processes. After the first run, the files they read are in the page cache, so the first of the raw
values is the coldest. `torch_imported` says whether libtorch was mapped into the process (/proc/PID/maps); for `musnad
ask`, a separate run that is not timed checks that. On a busy machine the processor time, of all threads until the first
answer, says more than the seconds. Linux only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load_records import OK
from benchmarks.load_requests import read_questions

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE_QUESTIONS = PROJECT / "articles" / "questions.jsonl"
QUESTIONS_BEFORE_SECOND_RSS = 200
START_LIMIT_S = 300.0
POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running `musnad serve`: its process id, its URL, and the times at which it started and printed the URL."""

    pid: int
    url: str
    started_at: float
    printed_at: float


@contextmanager
def server_process(index_dir: Path, *, environment: dict[str, str] | None = None) -> Iterator[ServerProcess]:
    """Run a server on a free port and end it on exit; raises RuntimeError with its stderr when it prints no URL."""
    command = [*_musnad(), "serve", "--index-dir", str(index_dir), "--port", "0"]
    with tempfile.TemporaryFile("w+") as errors:  # a file, since a pipe could fill up unread
        started_at = time.monotonic()
        process = subprocess.Popen(command, cwd=PROJECT, env=_environment(environment), text=True,
                                   stdout=subprocess.PIPE, stderr=errors)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = re.search(r"http://\S+", line)
            if address is None:
                errors.seek(0)
                raise RuntimeError(f"the server did not start: {line}{errors.read()}")
            yield ServerProcess(process.pid, address.group().rstrip("/"), started_at, time.monotonic())
        finally:
            _end(process)


def memory_mb(pid: int) -> dict[str, float]:
    """Return VmRSS, RssAnon and RssFile of a process in MiB; raises ProcessLookupError when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError as error:
        raise ProcessLookupError(f"process {pid} has ended") from error
    found = dict(re.findall(r"^(VmRSS|RssAnon|RssFile):\s+(\d+) kB$", status, re.MULTILINE))
    if len(found) < 3:
        raise ProcessLookupError(f"process {pid} has ended")
    return {name: round(int(kibibytes) / 1024, 2) for name, kibibytes in found.items()}


def processor_s(pid: int) -> float:
    """Return the processor time that a process has taken in all its threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def torch_is_mapped(pid: int) -> bool:
    """Tell whether libtorch is mapped into a process; False when the process is gone."""
    try:
        return "libtorch" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False


def ask(url: str, question: str, *, timeout_s: float = START_LIMIT_S) -> int:
    """Send one POST /api/ask on a new connection and return the status."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.request("POST", "/api/ask", json.dumps({"question": question}).encode(),
                           {"Content-Type": "application/json"})
        reply = connection.getresponse()
        reply.read()
        return reply.status
    finally:
        connection.close()


def measure_server(index_dir: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Measure a new server: seconds to its URL and to its first answer, memory then and after 200 more questions."""
    with server_process(index_dir) as server:
        _ask_until_answered(server, questions[0])
        answered_at = time.monotonic()
        after_first, processor = memory_mb(server.pid), processor_s(server.pid)
        for ordinal in range(QUESTIONS_BEFORE_SECOND_RSS):
            status = ask(server.url, questions[ordinal % len(questions)])
            if status != OK:
                raise RuntimeError(f"question {ordinal} was answered with {status}")
        return {"url_s": round(server.printed_at - server.started_at, 4),
                "first_answer_s": round(answered_at - server.started_at, 4),
                "first_answer_processor_s": processor,
                "memory_after_first_answer_mb": after_first, "memory_after_200_questions_mb": memory_mb(server.pid),
                "torch_imported": torch_is_mapped(server.pid)}


def measure_command(index_dir: Path, question: str) -> dict[str, Any]:
    """Measure one `musnad ask`: seconds from start to exit, and its peak memory."""
    started_at = time.monotonic()
    with _ask_command(index_dir, question) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - started_at
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"musnad ask ended with {process.returncode}")
    return {"wall_s": round(wall_s, 4), "peak_rss_mb": round(usage.ru_maxrss / 1024, 2)}


def command_imports_torch(index_dir: Path, question: str) -> bool:
    """Tell whether `musnad ask` had libtorch mapped at any of the moments checked while it ran."""
    with _ask_command(index_dir, question) as process:
        seen = False
        while process.poll() is None and not seen:
            seen = torch_is_mapped(process.pid)
            time.sleep(POLL_S)
        process.wait(timeout=START_LIMIT_S)
    return seen


def measure(index_dir: Path, questions: Sequence[str], runs: int) -> dict[str, Any]:
    """Do all runs; return minimum, median and maximum of each figure, and the raw values."""
    servers = [measure_server(index_dir, questions) for _ in range(runs)]
    commands = [measure_command(index_dir, questions[0]) for _ in range(runs)]
    return {
        "runs": runs,
        "server": {
            "url_s": spread([run["url_s"] for run in servers]),
            "first_answer_s": spread([run["first_answer_s"] for run in servers]),
            "first_answer_processor_s": spread([run["first_answer_processor_s"] for run in servers]),
            "rss_after_first_answer_mb": spread([run["memory_after_first_answer_mb"]["VmRSS"] for run in servers]),
            "rss_after_200_questions_mb": spread([run["memory_after_200_questions_mb"]["VmRSS"] for run in servers]),
            "torch_imported": any(run["torch_imported"] for run in servers),
        },
        "ask": {
            "wall_s": spread([run["wall_s"] for run in commands]),
            "peak_rss_mb": spread([run["peak_rss_mb"] for run in commands]),
            "torch_imported": command_imports_torch(index_dir, questions[0]),
        },
        "raw": {"server": servers, "ask": commands},
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return minimum, median and maximum."""
    return {"min": min(values), "median": round(statistics.median(values), 4), "max": max(values)}


def _ask_until_answered(server: ServerProcess, question: str) -> None:
    give_up_at = server.started_at + START_LIMIT_S
    while time.monotonic() < give_up_at:
        try:
            if ask(server.url, question) == OK:
                return
        except (OSError, http.client.HTTPException):
            memory_mb(server.pid)  # raises when the server's process is gone
        time.sleep(POLL_S)
    raise RuntimeError(f"no answer within {START_LIMIT_S} s")


def _ask_command(index_dir: Path, question: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*_musnad(), "ask", question, "--index-dir", str(index_dir)], cwd=PROJECT,
                            env=_environment(None), stdout=subprocess.DEVNULL)


def _musnad() -> list[str]:
    return [sys.executable, "-m", "qa"]


def _environment(changes: dict[str, str] | None) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **(changes or {})}


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the result as JSON and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--questions", type=Path, default=SAMPLE_QUESTIONS, metavar="FILE.jsonl",
                        help="default: those of the sample articles")
    parser.add_argument("--runs", type=int, default=5, help="fresh processes of each kind (default 5)")
    parser.add_argument("--out", type=Path, required=True, metavar="result.json")
    arguments = parser.parse_args(argv)
    try:
        result = measure(arguments.index_dir.resolve(), read_questions(arguments.questions), max(1, arguments.runs))
    except (RuntimeError, ValueError, OSError) as error:
        print(f"startup: {error}", file=sys.stderr)
        return 1
    arguments.out.write_text(json.dumps(result, indent=1), encoding="utf-8")
    server, command = result["server"], result["ask"]
    print(f"server: URL {server['url_s']['median']} s, first answer {server['first_answer_s']['median']} s "
          f"({server['first_answer_processor_s']['median']} s of a processor), RSS "
          f"{server['rss_after_first_answer_mb']['median']} MiB, {server['rss_after_200_questions_mb']['median']} MiB "
          f"after 200 questions, torch {server['torch_imported']}; musnad ask: {command['wall_s']['median']} s, peak "
          f"{command['peak_rss_mb']['median']} MiB, torch {command['torch_imported']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
