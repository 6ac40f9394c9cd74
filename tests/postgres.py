"""A PostgreSQL server of our own: a cluster in a temporary folder, on a free port of 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from tests.milvus import free_port

STARTS_WITHIN_S = 30.0
# Debian keeps the programs of the server apart from the path.
DEBIAN = Path("/usr/lib/postgresql")
PASSWORD = "kept-in-tests-only"


def program(name: str) -> str:
    found = [str(path) for path in sorted(DEBIAN.glob(f"*/bin/{name}"))]
    where = found[-1] if found else shutil.which(name)
    assert where is not None, f"install PostgreSQL (apt install postgresql): there is no {name}"
    return where


class PostgresServer:
    """Starts with `with`; can be ended and started again over the same data, at the same port.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres` of Debian's package.
    """

    def __init__(self, certificate: trustme.LeafCert | None = None) -> None:
        """With a certificate, it takes connections over TLS alone."""
        self.port = free_port()
        self._certificate = certificate
        self._folder = Path(tempfile.mkdtemp(prefix="musnad-postgres-"))
        self._data = self._folder / "data"
        self._as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._as_user:
            shutil.chown(self._folder, **self._as_user)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run("initdb", "-D", str(self._data), "-U", "musnad", "--auth=scram-sha-256", f"--pwfile={password}",
                  "--no-sync", "--encoding=UTF8", "--locale=C")
        if self._certificate is not None:
            self._take_tls_alone(self._certificate)
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.end(signal.SIGQUIT)  # at once: nobody needs the data any more
        shutil.rmtree(self._folder, ignore_errors=True)

    def _take_tls_alone(self, certificate: trustme.LeafCert) -> None:
        certificate.private_key_and_cert_chain_pem.write_to_path(str(self._data / "server.pem"))
        (self._data / "server.pem").chmod(0o600)
        if self._as_user:
            shutil.chown(self._data / "server.pem", **self._as_user)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write("ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.pem'\n")
        (self._data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")

    def start(self) -> None:
        self._process = subprocess.Popen(
            [program("postgres"), "-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1", "-k", "",
             "-c", "fsync=off", "-c", "max_connections=60"], cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **self._as_user)
        ends = time.monotonic() + STARTS_WITHIN_S
        while not self.answers():
            assert self._process.poll() is None, "PostgreSQL ended while it started"
            assert time.monotonic() < ends, "PostgreSQL did not start in time"
            time.sleep(0.05)

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.address("postgres").replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown: it ends all connections."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=STARTS_WITHIN_S)
            self._process = None

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://musnad:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """Create an empty database and return its address."""
        import psycopg

        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([program(name), *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL, **self._as_user)
