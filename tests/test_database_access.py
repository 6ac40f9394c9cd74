"""The way to the shared database: its password from the environment, TLS, and what is said without its libraries."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from index.errors import DatabaseUnavailableError
from index.shared.database import Database
from tests.cache import PROJECT
from tests.postgres import PASSWORD, PostgresServer


@pytest.mark.postgres
@pytest.mark.process
def test_the_password_comes_from_the_environment(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    url = postgres.new_database().replace(f":{PASSWORD}@", "@")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    database = Database(url)
    assert database.fault() == ""
    database.close()
    monkeypatch.setenv("PGPASSWORD", "Open-Sesame")
    refused = Database(url)
    assert "password authentication failed" in refused.fault()
    assert "Sesame" not in refused.fault()
    refused.close()


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, Path, Path]]:
    """A server that takes no connection without TLS, the authority to trust, and another one."""
    folder = tmp_path_factory.mktemp("tls")
    authorities = [trustme.CA(), trustme.CA()]
    files = [folder / "authority.pem", folder / "another.pem"]
    for authority, file in zip(authorities, files, strict=True):
        authority.cert_pem.write_to_path(str(file))
    with PostgresServer(certificate=authorities[0].issue_cert("127.0.0.1")) as server:
        yield server, files[0], files[1]


@pytest.mark.postgres
@pytest.mark.process
def test_tls_trusts_the_authority_that_is_named_and_no_other(behind_tls: tuple[PostgresServer, Path, Path]) -> None:
    server, trusted, other = behind_tls
    address = server.address("postgres")
    secure = Database(f"{address}?sslmode=verify-full&sslrootcert={trusted}")
    with secure.transaction() as connection:
        assert connection.exec_driver_sql(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar_one() is True
    secure.close()
    for query, fact in ((f"sslmode=verify-full&sslrootcert={other}", "certificate verify failed"),
                        ("sslmode=disable", "no encryption")):
        refused = Database(f"{address}?{query}")
        with pytest.raises(DatabaseUnavailableError, match=fact), refused.transaction():
            raise AssertionError("it connected")
        refused.close()


@pytest.mark.process
@pytest.mark.parametrize("missing", ["sqlalchemy", "psycopg"])
def test_without_the_extra_the_error_says_what_to_install_and_all_else_works(missing: str) -> None:
    program = (f"import sys; sys.modules[{missing!r}] = None\n"
               "import build_index, qa.cli, web.command\n"
               "from index.shared.database import Database\n"
               "try: Database('postgresql+psycopg://musnad@127.0.0.1:1/news')\n"
               "except Exception as error: print(type(error).__name__, error)")
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout == ("DatabaseSettingError MUSNAD_DATABASE needs SQLAlchemy and psycopg; install them with: pip "
                           "install 'musnad[scale]'\n")
