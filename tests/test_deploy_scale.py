"""Several servers over one store: the compose file, nginx before real servers, and the Helm chart.

What reads and checks the files comes with the extra `deploy`; without it those tests are skipped. Milvus's and the
other images are never run here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from sqlalchemy.engine import make_url

from benchmarks.startup import ServerProcess, server_process
from index import settings
from index.milvus.address import parse_address
from supply.requirements import wanted
from tests.conftest import PROJECT
from tests.test_prefix import free_port, proxy

SCALE, CHART = PROJECT / "docs" / "deploy" / "scale", PROJECT / "docs" / "deploy" / "chart"
COMPOSE = (SCALE / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
MUSNADS = ("serve-1", "serve-2", "build")
PROGRAM = "/opt/musnad/.venv/bin/musnad"
VALUES = {"store": {"address": "milvus+tls://milvus:19530/news", "secretName": "musnad"},
          "builder": {"articles": {"persistentVolumeClaim": {"claimName": "articles"}}}}
SETTINGS = {value.variable for value in vars(settings).values() if isinstance(value, settings.Setting)}


# ---- compose.yaml ----

def test_the_compose_file_keeps_to_the_specification() -> None:
    compose_spec = pytest.importorskip("compose_spec")
    # The parser takes files whose variables and aliases are resolved, as compose resolves them first.
    resolved = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "a-secret", COMPOSE))
    whole = yaml.safe_load(resolved)
    assert "$" not in yaml.safe_dump(whole)
    compose_spec.PyCompose.from_yaml(yaml.safe_dump(whole))
    whole["services"]["proxy"]["port"] = ["80"]
    with pytest.raises(ValueError, match="port"):
        compose_spec.PyCompose.from_yaml(yaml.safe_dump(whole))


def test_only_the_proxy_can_be_reached_and_only_from_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "proxy": ["127.0.0.1:8000:80"]}
    inside = yaml.safe_load(COMPOSE)["networks"]
    assert inside["store"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {
        "proxy", "serve-1", "serve-2"}


def test_musnads_keep_to_the_store_that_milvus_is_and_secrets_have_no_default() -> None:
    for name in MUSNADS:
        environment = SERVICES[name]["environment"]
        address = parse_address(environment["MUSNAD_STORE"])
        assert (address.host, address.port, address.name) == ("milvus", 19530, "news")
        assert environment["MUSNAD_STORE_TOKEN"] == "root:${MILVUS_PASSWORD:?set MILVUS_PASSWORD}"
        assert environment.keys() <= SETTINGS | {"PGPASSWORD"}
        assert make_url(environment["MUSNAD_DATABASE"]) == make_url("postgresql+psycopg://musnad@postgres/musnad")
        assert environment["PGPASSWORD"] == SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
        assert (SERVICES[name]["read_only"], SERVICES[name]["cap_drop"]) == (True, ["ALL"])
        assert SERVICES[name]["depends_on"] == {
            "milvus": {"condition": "service_healthy"}, "postgres": {"condition": "service_healthy"}}
    secrets = [value for service in SERVICES.values() for key, value in service.get("environment", {}).items()
               if key.endswith(("_TOKEN", "_ROOT_PASSWORD", "_ROOTPASSWORD", "_SECRET_ACCESS_KEY", "PGPASSWORD",
                               "POSTGRES_PASSWORD"))]
    assert len(secrets) >= 9
    # Without the token, servers take no articles: it may be missing.
    assert {value for value in secrets if ":?" not in value} == {"${MUSNAD_ADMIN_TOKEN:-}"}
    milvus = SERVICES["milvus"]["environment"]
    assert milvus["COMMON_SECURITY_AUTHORIZATIONENABLED"] == "true"
    assert milvus["MINIO_SECRET_ACCESS_KEY"] == SERVICES["minio"]["environment"]["MINIO_ROOT_PASSWORD"]
    assert milvus["MINIO_ACCESS_KEY_ID"] == SERVICES["minio"]["environment"]["MINIO_ROOT_USER"]


def test_each_volume_network_and_file_that_is_named_is_there() -> None:
    whole = yaml.safe_load(COMPOSE)
    mounted = [volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert {name for name in mounted if name.isalpha()} == set(whole["volumes"])
    assert [name for name in mounted if name.startswith("./")] == ["./nginx.conf"]
    assert (SCALE / "nginx.conf").is_file()
    build = SERVICES["build"]["build"]
    assert (SCALE / build["context"] / build["dockerfile"]).resolve() == SCALE / "Containerfile"
    container = (SCALE / "Containerfile").read_text(encoding="utf-8")
    assert "RUN PIP_NO_CACHE_DIR=1 .venv/bin/python -m supply.install scale\n" in container
    for name in ("pymilvus", "sqlalchemy", "psycopg"):
        assert [each for each in wanted(["scale"]) if each.startswith(name)] != []


# ---- nginx before real servers ----

def asked(url: str, path: str = "/api/ask", client: str = "127.0.0.1") -> int:
    """Return the status of a question, or of a GET of `path`, from this loopback address."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60, source_address=(client, 0))
    try:
        if path == "/api/ask":
            connection.request("POST", path, json.dumps({"question": "متى وُقّعت اتفاقيتا كامب ديفيد؟"}).encode(),
                               {"Content-Type": "application/json"})
        else:
            connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


@contextmanager
def behind_nginx(servers: list[str], folder: Path) -> Iterator[str]:
    """nginx with the file of `docs/deploy/scale`, before these two servers."""
    port = free_port()
    site = (SCALE / "nginx.conf").read_text(encoding="utf-8")
    for written, here in (("listen 80;", f"listen 127.0.0.1:{port};"),
                          ("serve-1:8000", urlsplit(servers[0]).netloc), ("serve-2:8000", urlsplit(servers[1]).netloc)):
        assert written in site
        site = site.replace(written, here)
    folders = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; "
        f"pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off;\n{folders}{site}\n}}\n",
        encoding="utf-8")
    with proxy([str(shutil.which("nginx")), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
               port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.nginx
@pytest.mark.parametrize("lost", [0, 1])
def test_when_one_server_is_killed_the_other_answers_all(lost: int, sample_index: Path, tmp_path: Path) -> None:
    trusting = {"MUSNAD_TRUSTED_PROXIES": "1"}
    with server_process(sample_index, environment=trusting) as one, \
            server_process(sample_index, environment=trusting) as two, \
            behind_nginx([one.url, two.url], tmp_path) as url:
        assert [asked(url) for _ in range(3)] == [200] * 3
        assert asked(url, "/metrics") == 404
        gone: ServerProcess = (one, two)[lost]
        os.kill(gone.pid, signal.SIGKILL)
        assert [asked(url) for _ in range(10)] == [200] * 10


class Overloaded(BaseHTTPRequestHandler):
    """Refuses everything, and counts how often."""

    refused = 0

    def do_POST(self) -> None:
        type(self).refused += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Write no log."""


@pytest.mark.nginx
def test_what_one_server_refuses_the_other_answers_and_the_first_is_asked_again(sample_index: Path, tmp_path: Path
                                                                                ) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Overloaded) as busy, server_process(sample_index) as server:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        Overloaded.refused = 0
        with behind_nginx([f"http://127.0.0.1:{busy.server_address[1]}", server.url], tmp_path) as url:
            clients = [f"127.0.0.{number}" for number in range(1, 21)]
            first = {client: (asked(url, client=client), Overloaded.refused) for client in clients}
            again = {client: (asked(url, client=client), Overloaded.refused) for client in clients}
        busy.shutdown()
    assert [status for status, _ in [*first.values(), *again.values()]] == [200] * 40
    # Some clients belong to the one that refuses, others do not; and each keeps to its own.
    of_one = first[clients[-1]][1]
    assert 0 < of_one < 20
    assert again[clients[-1]][1] == 2 * of_one


# ---- the chart ----

@pytest.fixture(scope="module")
def chart() -> list[dict[str, Any]]:
    helm = pytest.importorskip("helm_python")
    rendered = helm.Chart.load(CHART).render(values=VALUES, name="news")
    return [each for text in rendered.values() for each in yaml.safe_load_all(text) if each]


def of_kind(chart: list[dict[str, Any]], kind: str, name: str = "news") -> dict[str, Any]:
    (found,) = [each for each in chart if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def test_helm_finds_nothing_wrong_with_the_chart() -> None:
    helm = pytest.importorskip("helm_python")
    linted = helm.lint(CHART, values=VALUES, strict=True)
    assert linted["errors"] == []
    assert [each["error"] for each in linted["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("version", ["1.27", "1.32", "1.37"])
def test_each_manifest_keeps_to_the_schema_of_kubernetes(version: str, chart: list[dict[str, Any]]) -> None:
    validate = pytest.importorskip("kubernetes_validate")
    assert sorted(each["kind"] for each in chart) == [
        "ConfigMap", "Deployment", "Deployment", "PersistentVolumeClaim", "PodDisruptionBudget", "Service"]
    for each in chart:
        validate.validate(each, version, strict=True)
    with pytest.raises(validate.ValidationError):
        validate.validate({**of_kind(chart, "Service"), "spec": {"port": 80}}, version, strict=True)


@pytest.mark.parametrize("values", [
    {}, {"store": {"address": "milvus://m:19530/news"}, "builder": VALUES["builder"]},
    {**VALUES, "store": {"address": "milvus://root:secret@m/news", "secretName": "s"}},
    {**VALUES, "store": {"address": "postgres://m/news", "secretName": "s"}},
    {"store": VALUES["store"]}, {**VALUES, "replicas": 3}], ids=["none", "no Secret", "a secret", "another store",
                                                                 "no articles", "unknown"])
def test_values_that_are_missing_or_wrong_are_refused(values: dict[str, Any]) -> None:
    helm = pytest.importorskip("helm_python")
    with pytest.raises(helm.HelmError):
        helm.Chart.load(CHART).render(values=values, name="news")


def test_what_refers_to_each_other_in_the_chart_fits(chart: list[dict[str, Any]]) -> None:
    config, service = of_kind(chart, "ConfigMap")["data"], of_kind(chart, "Service")["spec"]
    assert parse_address(config["MUSNAD_STORE"]).is_tls
    assert config.keys() <= SETTINGS
    for name, component in (("news", "server"), ("news-builder", "builder")):
        spec = of_kind(chart, "Deployment", name)["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"].items() <= labels.items()
        assert labels["app.kubernetes.io/component"] == component
        (container,) = spec["template"]["spec"]["containers"]
        assert container["envFrom"] == [{"configMapRef": {"name": "news"}}, {"secretRef": {"name": "musnad"}}]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        mounts = {each["name"] for each in container["volumeMounts"]}
        assert mounts == {each["name"] for each in spec["template"]["spec"]["volumes"]}
    budget = of_kind(chart, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
    assert budget == service["selector"] == of_kind(chart, "Deployment")["spec"]["selector"]["matchLabels"]
    builder = of_kind(chart, "Deployment", "news-builder")["spec"]
    assert (builder["replicas"], builder["strategy"]) == (1, {"type": "Recreate"})
    claim = builder["template"]["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"]
    assert of_kind(chart, "PersistentVolumeClaim", claim)["spec"]["accessModes"] == ["ReadWriteOnce"]


@pytest.mark.process
def test_the_server_of_the_chart_starts_and_answers_its_probes(chart: list[dict[str, Any]], sample_index: Path) -> None:
    (container,) = of_kind(chart, "Deployment")["spec"]["template"]["spec"]["containers"]
    program, *command = [*container["command"], *container["args"]]
    assert program == PROGRAM
    changed = {"--host=0.0.0.0": "--host=127.0.0.1", "--port=8000": "--port=0",
               "--index-dir=/var/lib/musnad/index": f"--index-dir={sample_index}"}
    assert changed.keys() <= set(command)
    here = [sys.executable, "-m", "qa", *(changed.get(word, word) for word in command)]
    process = subprocess.Popen(here, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        url = re.search(r"http://\S+[^/\s]", process.stdout.readline())
        assert url is not None
        paths = [container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
        assert paths == ["/healthz", "/healthz", "/readyz"]
        assert [asked(url.group(), path) for path in paths] == [200] * 3
    finally:
        process.kill()
        process.communicate()
