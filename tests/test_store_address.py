"""How a store is named, what is asked of it in its own words, and what is said where it is away or refuses."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as some

from index.errors import StoreError, StoreUnavailableError
from index.generation.source import FolderSource
from index.milvus.address import StoreAddress, parse_address
from index.milvus.condition import condition_of
from index.milvus.connection import Connection
from index.milvus.layout import Kind, dense_index, generation_of, key_of, passages_of, row_of, texts_of
from index.milvus.source import MilvusSource, source_of
from index.milvus.texts import rows_of_text
from index.search.allowed import Admitted
from tests.milvus import MilvusServer, free_port

PROJECT = Path(__file__).resolve().parents[1]


# ---- the address ----

@pytest.mark.parametrize(("text", "address"), [
    ("milvus://milvus.example:19531/news", StoreAddress("milvus.example", 19531, "news")),
    ("milvus://10.0.0.7", StoreAddress("10.0.0.7", 19530, "musnad")),
    ("milvus+tls://db.example/archive_2?database=press",
     StoreAddress("db.example", 19530, "archive_2", is_tls=True, database="press")),
    ("milvus://[::1]:19530/", StoreAddress("::1"))])
def test_an_address_names_host_port_index_and_database(text: str, address: StoreAddress) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)).port == address.port


def test_an_address_is_shown_without_options_and_taken_by_pymilvus_as_http() -> None:
    address = parse_address("milvus+tls://[::1]:443/news?database=press")
    assert (str(address), address.uri) == ("milvus+tls://[::1]:443/news", "https://[::1]:443")
    assert parse_address("milvus://h").uri == "http://h:19530"


@pytest.mark.parametrize(("text", "told"), [
    ("http://host:19530", "is no address of a store; write milvus://HOST:PORT/NAME or milvus+tls://HOST:PORT/NAME"),
    ("milvus://", "is no address of a store"), ("milvus://host:port", "is no address of a store"),
    ("milvus://host/a-b", "names an index 'a-b'; write a letter, then letters, digits and _, 64 at most"),
    ("milvus://host/a?ssl=1", "has unknown options; database=NAME and certificates=FILE are known"),
    ("milvus+tls://host/a?certificates=/nowhere.pem", "names a file of certificates that is not there: /nowhere.pem")])
def test_another_address_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(StoreError) as refused:
        parse_address(text)
    assert str(refused.value).startswith(f"{text}: ")
    assert told in str(refused.value)


def test_a_secret_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError) as refused:
        parse_address("milvus://root:Open-Sesame@host/news")
    assert "MUSNAD_STORE_TOKEN" in str(refused.value)
    assert "Sesame" not in str(refused.value)


def test_the_environment_says_where_generations_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MUSNAD_STORE", raising=False)
    assert source_of(tmp_path) == FolderSource(tmp_path)
    monkeypatch.setenv("MUSNAD_STORE", "milvus://127.0.0.1:1/news")
    found = source_of(tmp_path)
    assert isinstance(found, MilvusSource)
    assert found.address == StoreAddress("127.0.0.1", 1, "news")


# ---- names and keys ----

def test_a_generation_is_read_from_the_name_of_its_collections_and_from_no_other() -> None:
    generation = "000012-20260102T030405-0123456789abcdef"
    for collection in (passages_of("news", generation), texts_of("news", generation)):
        assert collection.replace("_", "").isalnum()
        assert generation_of("news", collection) == generation
        assert generation_of("new", collection) == generation_of("other", collection) == ""
    assert generation_of("news", "news_readers") == generation_of("news", "news_local_passages") == ""


@given(some.sampled_from(Kind), some.integers(0, 2**40 - 1), some.integers(0, 2**16 - 1))
def test_a_key_is_a_64_bit_number_and_says_its_row(kind: Kind, row: int, part: int) -> None:
    key = key_of(kind, row, part)
    assert 0 < key < 2**63
    assert row_of(key) == row
    assert key - part == key_of(kind, row)


@given(some.text(some.characters(exclude_categories=["Cs"]), max_size=60).map(lambda text: text * 2_000))
def test_a_long_text_is_cut_between_characters_into_parts_that_fit(text: str) -> None:
    rows = list(rows_of_text(Kind.ARTICLE, 7, text.encode()))
    assert "".join(row["body"] for row in rows) == text
    assert {row["parts"] for row in rows} == {len(rows)}
    assert max(len(row["body"].encode()) for row in rows) <= 65_535
    assert [row["key"] for row in rows] == [key_of(Kind.ARTICLE, 7, part) for part in range(len(rows))]


@pytest.mark.parametrize(("rows", "kind"), [(50_000, "FLAT"), (50_001, "HNSW"), (20_000_001, "DISKANN")])
def test_the_dense_index_goes_by_size(rows: int, kind: str) -> None:
    assert dense_index(rows)["index_type"] == kind


# ---- filters ----

SOURCES = ("Agency", "Paper", 'Quote " and \\')


def admitted(*sources: str, first: int = 0, last: int = 0, others: tuple[int, ...] = ()) -> Admitted:
    return Admitted(sources, first, last, others, lambda: np.zeros(0, bool))


@pytest.mark.parametrize(("allowed", "condition"), [
    (None, ""), (admitted("Paper", 'Quote " and \\'), "source in [1,2]"),
    (admitted("nobody"), "source in []"), (admitted(first=5, last=9), "day >= 5 and (day > 0 and day <= 9)"),
    (admitted("Agency", last=9, others=(3, 8)), "(source in [0] and (day > 0 and day <= 9)) or article in [3,8]"),
    (np.array([False, True, False, False, True]), "row in [1,4]"),
    (np.array([True, True, False, True]), "not (row in [2])")])
def test_a_filter_is_written_with_numbers_alone(allowed: Admitted | None, condition: str) -> None:
    assert condition_of(allowed, SOURCES) == condition


# ---- what a server may do ----

@pytest.mark.process
def test_without_the_extra_the_error_says_what_to_install_and_all_else_works(tmp_path: Path) -> None:
    program = ("import sys; sys.modules['pymilvus'] = sys.modules['grpc'] = None\n"
               "import build_index, qa.cli, web.command\n"
               "from index.milvus.source import MilvusSource\n"
               "try: MilvusSource.of('milvus://127.0.0.1:1/news').current()\n"
               "except Exception as error: print(type(error).__name__, error)")
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout == ("StoreError milvus://127.0.0.1:1/news: pymilvus is not installed; install it with: pip "
                           "install musnad[scale]\n")


@pytest.mark.slow
def test_nobody_listens() -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        Connection(StoreAddress("127.0.0.1", free_port())).read("list_collections")


@pytest.mark.slow
def test_the_token_is_sent_and_a_refusal_names_its_variable() -> None:
    import grpc

    seen: list[str] = []

    class Doorkeeper(grpc.ServerInterceptor):
        def intercept_service(self, continuation: object, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
            seen.extend(str(value) for name, value in details.invocation_metadata if name == "authorization")

            def refuse(_request: bytes, context: grpc.ServicerContext) -> bytes:
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")
                return b""

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(2), interceptors=[Doorkeeper()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(StoreError, match="lets nobody in with this MUSNAD_STORE_TOKEN") as refused:
            Connection(StoreAddress("127.0.0.1", port), "root:Open-Sesame").read("list_collections")
    finally:
        server.stop(None)
    assert seen[0] == "cm9vdDpPcGVuLVNlc2FtZQ=="
    assert not isinstance(refused.value, StoreUnavailableError)
    assert "Sesame" not in str(refused.value)


class TlsProxy:
    """Takes TLS off and passes the bytes on, as a proxy before Milvus does."""

    def __init__(self, authority: trustme.CA, port: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._context.set_alpn_protocols(["h2"])
        self._behind = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as outer, \
                    socket.create_connection(("127.0.0.1", self._behind)) as inner:
                back = threading.Thread(target=_pass_on, args=(inner, outer), daemon=True)
                back.start()
                _pass_on(outer, inner)
                back.join()
        except OSError:
            return

    def close(self) -> None:
        self._listening.close()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while received := one.recv(1 << 16):
            other.sendall(received)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path, Path]]:
    """The port, the authority to trust, and another one."""
    folder = tmp_path_factory.mktemp("tls")
    authorities = [trustme.CA(), trustme.CA()]
    files = [folder / "authority.pem", folder / "another.pem"]
    for authority, file in zip(authorities, files, strict=True):
        authority.cert_pem.write_to_path(str(file))
    with MilvusServer(folder / "data") as server:
        proxy = TlsProxy(authorities[0], server.port)
        yield proxy.port, files[0], files[1]
        proxy.close()


@pytest.mark.process
@pytest.mark.slow
def test_tls_trusts_the_authority_that_is_named_and_no_other(behind_tls: tuple[int, Path, Path]) -> None:
    port, trusted, other = behind_tls
    secure = Connection(parse_address(f"milvus+tls://127.0.0.1:{port}/news?certificates={trusted}"))
    assert secure.read("list_collections") == []
    secure.close()
    with pytest.raises(StoreUnavailableError):
        Connection(parse_address(f"milvus+tls://127.0.0.1:{port}/news?certificates={other}")).read("list_collections")
    with pytest.raises(StoreUnavailableError):
        Connection(parse_address(f"milvus://127.0.0.1:{port}/news")).read("list_collections")
