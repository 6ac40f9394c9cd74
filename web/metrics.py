"""GET /metrics: report what the server did and what it serves, in the text format of Prometheus."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from typing import TYPE_CHECKING, Any, get_args

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from index.errors import IndexingError
from qa.contract import Status
from qa.generate.generate import Step, Written
from qa.generate.types import Dropped
from qa.standing.types import ALERT_KINDS
from qa.types.answer import Answer
from web.errors import ProblemError
from web.gate.admission import Admission
from web.gate.networks import IPNetwork, is_within
from web.gate.wsgi import when_over
from web.indexing import Indexing
from web.service import Service
from web.standing import Standing
from web.verifying import Verifier
from web.waiting import Waiting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# An answer takes about 10 ms of one core, and up to a second when many questions wait.
BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
OTHER = "other"
STAGES = frozenset(("understand", "embed", "retrieve", "read", "write"))

# What ProxyFix keeps of the environment that it changes: a client that is no proxy may have written the new address.
PROXY_FIX_ORIGINAL = "werkzeug.proxy_fix.orig"
_ENDPOINT = "musnad.endpoint"
_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


class Metrics:
    """The counters and the state of one app, in a registry of its own."""

    def __init__(self, service: Service, waiting: Waiting, indexing: Indexing | None,
                 verifier: Verifier, standing: Standing | None = None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("musnad_requests", "Requests answered, by endpoint and HTTP status.",
                                 ("endpoint", "status"), registry=self._registry)
        self._seconds = Histogram("musnad_request_seconds", "Seconds to answer a request, waiting for its turn "
                                  "included, by endpoint.", ("endpoint",), buckets=BUCKETS_S, registry=self._registry)
        self._answers = Counter("musnad_answers", "Questions answered, by the status of the answer.",
                                ("status",), registry=self._registry)
        self._stages = Histogram("musnad_stage_seconds", "Seconds that each stage of an answer took, remembered "
                                 "answers excluded.", ("stage",), buckets=BUCKETS_S, registry=self._registry)
        self._written = Counter("musnad_written_sentences", "Sentences that the language model wrote: proved, or why "
                                "they are not shown.", ("outcome",), registry=self._registry)
        self._tokens = Counter("musnad_written_tokens", "Tokens that the language model read and wrote, where it says "
                               "so.", ("direction",), registry=self._registry)
        for status in get_args(Status):
            self._answers.labels(status)
        self._registry.register(_State(service, waiting, indexing, verifier, self._questions_waiting))
        if standing is not None:
            self._registry.register(_Standing(standing))
        self.admission: Admission | None = None

    def count(self, endpoint: str, status: str, seconds: float) -> None:
        """Count an answered request. `endpoint` is a method and a rule of the app, never the address that was sent."""
        self._requests.labels(endpoint, status).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def counted(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Pass on the steps of an answer, and count the answer and what a language model wrote for it."""
        for step in steps:
            if isinstance(step, Written):
                self._written.labels("verbatim" if step.sentence.verbatim else "proved").inc()
            if isinstance(step, Dropped):
                self._written.labels(step.because).inc()
            if isinstance(step, Answer):
                self._answers.labels(step.status).inc()
                for stage in step.timings_ms.keys() & STAGES:  # a remembered answer has none
                    self._stages.labels(stage).observe(step.timings_ms[stage] / 1000)
                for direction, tokens in _tokens(step).items():
                    self._tokens.labels(direction).inc(tokens)
            yield step

    def _questions_waiting(self) -> int:
        return self.admission.waiting if self.admission else 0

    def text(self) -> bytes:
        """Write all metrics in the format of Prometheus."""
        return generate_latest(self._registry)


def _tokens(answer: Answer) -> dict[str, int]:
    """Return the tokens that were spent on an answer; a remembered one spent none."""
    written = answer.generated
    return {} if written is None or "write" not in answer.timings_ms else {
        "in": written.input_tokens or 0, "out": written.output_tokens or 0}


class _State(Collector):
    """Reads the current state each time it is collected."""

    def __init__(self, service: Service, waiting: Waiting, indexing: Indexing | None, verifier: Verifier,
                 questions_waiting: Callable[[], int]) -> None:
        self._service, self._waiting, self._indexing, self._verifier = service, waiting, indexing, verifier
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
        yield GaugeMetricFamily("musnad_index_degraded", "1 while the newest generation is not the one being served.",
                                value=bool(self._service.reload_error))
        yield GaugeMetricFamily("musnad_index_held", "1 while a roll-back holds a generation.",
                                value=bool(self._service.held()))
        yield GaugeMetricFamily("musnad_index_replaced", "1 while the index folder holds another index than the one "
                                "being served, or none.", value=bool(self._service.fault()))
        yield _counted("musnad_index_verifications", "Times that the served files were read and compared.",
                       ("whole", "damaged", "unreadable"), self._verifier.verdicts)
        yield GaugeMetricFamily("musnad_inbox_waiting", "Articles and withdrawals accepted and not yet served.",
                                value=_count_of(self._waiting.names))
        yield GaugeMetricFamily("musnad_questions_waiting", "Questions let in that wait for a processor.",
                                value=self._questions_waiting())
        yield _counted("musnad_index_reloads", "Generations opened to be served.", ("swapped", "failed"),
                       self._service.reloads)
        yield _counted("musnad_builds", "Builds that the server started.", ("done", "locked", "failed"),
                       self._indexing.builds if self._indexing else {})


class _Standing(Collector):
    """Reads the state of standing claims each time it is collected."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterator[Metric]:
        standing = self._standing
        yield GaugeMetricFamily("musnad_standing_claims", "Claims, quotes and questions that stand.",
                                value=_count_of(standing.store.claims))
        yield CounterMetricFamily("musnad_claims_generations", "Generations matched against standing claims.",
                                  value=standing.generations)
        yield CounterMetricFamily("musnad_claims_seconds", "Seconds that matching them took.",
                                  value=standing.seconds)
        yield _counted("musnad_claims_alerts", "Alerts of standing claims, by kind.", ALERT_KINDS, standing.alerts,
                       label="kind")
        yield GaugeMetricFamily("musnad_webhooks_waiting", "Alerts that are to be sent to webhooks.",
                                value=_count_of(standing.store.pending))
        yield _counted("musnad_webhooks", "Attempts to send an alert to a webhook.",
                       ("delivered", "failed", "given_up"), standing.deliveries.counts)


def _count_of(read: Callable[[], Sized]) -> float:
    """Count what is read; NaN while it cannot be read, as when the database that servers share is away."""
    try:
        return len(read())
    except (OSError, IndexingError):
        return math.nan


def _counted(name: str, what: str, outcomes: Iterable[str], counts: Any, *, label: str = "outcome"
             ) -> CounterMetricFamily:
    family = CounterMetricFamily(name, what, labels=[label])
    for outcome in outcomes:
        family.add_metric([outcome], counts.get(outcome, 0))
    return family


class Measured:
    """WSGI middleware around the whole app: counts each request, even a refused one."""

    def __init__(self, app: WSGIApplication, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request and count it."""
        started = time.perf_counter()
        statuses: list[str] = []

        def noting(status: str, *arguments: Any) -> Any:
            statuses.append(status[:3])
            return start_response(status, *arguments)

        def finished() -> None:
            self._metrics.count(environ.get(_ENDPOINT, OTHER), statuses[-1] if statuses else "500",
                                time.perf_counter() - started)

        try:
            answered = self._app(environ, noting)
        except BaseException:
            statuses.append("500")  # whatever the response began with
            finished()
            raise
        return when_over(environ, answered, finished)


def path_template(rule: str) -> str:
    """Write a rule of the app as OpenAPI does: `/api/articles/{article_id}`."""
    return _PLACEHOLDER.sub(r"{\1}", rule)


def register_metrics(app: Flask, metrics: Metrics, readers: Sequence[IPNetwork] | None) -> None:
    """Serve the metrics at /metrics, and name the endpoint of each request for `Measured`.

    They are for this machine and for `readers`, or for everybody if that is None.
    """

    @app.before_request
    def name_endpoint() -> None:
        if request.url_rule is not None:
            request.environ[_ENDPOINT] = f"{request.method} {path_template(request.url_rule.rule)}"

    @app.get("/metrics", endpoint="metrics")
    def text() -> Response:
        sent_by = request.environ.get(PROXY_FIX_ORIGINAL, {}).get("REMOTE_ADDR")
        for address in {request.remote_addr or "", sent_by or request.remote_addr or ""}:
            if readers is not None and not is_within(address, readers):
                raise ProblemError("metrics-forbidden", f"the operator of this server can let {address} read the "
                                                        f"metrics with --metrics-from")
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)
