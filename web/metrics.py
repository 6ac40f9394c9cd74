"""GET /metrics: what the server has done and what it holds, in the text format of Prometheus."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from qa.types import Answer, SearchResult
from web.gate.admission import Admission
from web.gate.wsgi import when_over
from web.indexing import Indexing
from web.service import Service
from web.waiting import Waiting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# An answer takes some 10 ms of one core, and a second where many wait.
BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
OTHER = "other"
STAGES = frozenset(("understand", "embed", "retrieve", "read"))

_ENDPOINT = "musnad.endpoint"
_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


class Metrics:
    """The counters of one app and the state it reports, in a registry of their own."""

    def __init__(self, service: Service, waiting: Waiting, indexing: Indexing | None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("musnad_requests", "Requests answered, by endpoint and HTTP status.",
                                 ("endpoint", "status"), registry=self._registry)
        self._seconds = Histogram("musnad_request_seconds", "Seconds to answer a request, waiting for its turn "
                                  "included, by endpoint.", ("endpoint",), buckets=BUCKETS_S, registry=self._registry)
        self._answers = Counter("musnad_answers", "Questions answered, by whether the articles answer them.",
                                ("status",), registry=self._registry)
        self._stages = Histogram("musnad_stage_seconds", "Seconds that each stage of an answer took, those that were "
                                 "remembered not among them.", ("stage",), buckets=BUCKETS_S, registry=self._registry)
        for status in ("answered", "not_found"):
            self._answers.labels(status)
        self._registry.register(_State(service, waiting, indexing, self._questions_waiting))
        self.admission: Admission | None = None

    def count(self, endpoint: str, status: str, seconds: float) -> None:
        """One request has been answered. `endpoint` is a method and a rule of the app, never an address sent."""
        self._requests.labels(endpoint, status).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def counted(self, steps: Iterable[SearchResult | Answer]) -> Iterator[SearchResult | Answer]:
        """The steps of an answer, as they are; the answer is counted."""
        for step in steps:
            if isinstance(step, Answer):
                self._answers.labels(step.status).inc()
                for stage in step.timings_ms.keys() & STAGES:  # none of one that was remembered
                    self._stages.labels(stage).observe(step.timings_ms[stage] / 1000)
            yield step

    def _questions_waiting(self) -> int:
        return self.admission.waiting if self.admission else 0

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class _State(Collector):
    """What is true when it is asked for."""

    def __init__(self, service: Service, waiting: Waiting, indexing: Indexing | None,
                 questions_waiting: Callable[[], int]) -> None:
        self._service, self._waiting, self._indexing = service, waiting, indexing
        self._questions_waiting = questions_waiting

    def collect(self) -> Iterator[Metric]:
        serving = self._service.serving()
        generation = GaugeMetricFamily("musnad_index_generation_info", "The generation being served.",
                                       labels=["generation"])
        if serving is not None:
            generation.add_metric([serving.state.generation], 1)
        yield generation
        yield GaugeMetricFamily("musnad_index_articles", "Articles in the generation being served.",
                                value=serving.state.articles if serving else 0)
        yield GaugeMetricFamily("musnad_index_passages", "Passages in the generation being served.",
                                value=serving.state.passages if serving else 0)
        yield GaugeMetricFamily("musnad_index_degraded", "1 while an older generation is served than the newest.",
                                value=bool(self._service.reload_error))
        yield GaugeMetricFamily("musnad_inbox_waiting", "Articles and withdrawals accepted and not yet served.",
                                value=len(self._waiting.names()))
        yield GaugeMetricFamily("musnad_questions_waiting", "Questions let in that wait for a processor.",
                                value=self._questions_waiting())
        yield _counted("musnad_index_reloads", "Generations opened to be served.", ("swapped", "failed"),
                       self._service.reloads)
        yield _counted("musnad_builds", "Builds that the server started.", ("done", "locked", "failed"),
                       self._indexing.builds if self._indexing else {})


def _counted(name: str, what: str, outcomes: Iterable[str], counts: Any) -> CounterMetricFamily:
    family = CounterMetricFamily(name, what, labels=["outcome"])
    for outcome in outcomes:
        family.add_metric([outcome], counts.get(outcome, 0))
    return family


class Measured:
    """WSGI middleware before everything else of an app: counts each request, those that are refused too."""

    def __init__(self, app: WSGIApplication, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and count."""
        started = time.perf_counter()
        statuses: list[str] = []

        def noting(status: str, *arguments: Any) -> Any:
            statuses.append(status[:3])
            return start_response(status, *arguments)

        def finished() -> None:
            self._metrics.count(environ.get(_ENDPOINT, OTHER), statuses[-1] if statuses else "500",
                                time.perf_counter() - started)

        return when_over(environ, self._app(environ, noting), finished)


def path_template(rule: str) -> str:
    """A rule of the app as OpenAPI writes it: `/api/articles/{article_id}`."""
    return _PLACEHOLDER.sub(r"{\1}", rule)


def register_metrics(app: Flask, metrics: Metrics) -> None:
    """Serve them at /metrics, and name the endpoint of each request for `Measured`."""

    @app.before_request
    def name_endpoint() -> None:
        if request.url_rule is not None:
            request.environ[_ENDPOINT] = f"{request.method} {path_template(request.url_rule.rule)}"

    @app.get("/metrics", endpoint="metrics")
    def text() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)
