"""What can a monitoring system read of this installation? Numbers in the Prometheus format: no content, no names.

Each process counts its own requests and is asked at its own port; what lies in the databases is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from typing import get_args

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from domain.chronicle import ChronicleUnavailable
from domain.chronicle.unavailable import Reason
from projections import engine
from webapp import last_backup, who
from webapp.accounts import Accounts
from webapp.config import LOOPBACK, Config
from webapp.stores import MissingFile, Stores

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
AWAY = (ChronicleUnavailable, DBAPIError, PoolExhausted, MissingFile)

disable_created_metrics()  # type: ignore[no-untyped-call]  # untyped there; a second line for each number, with when it was first counted

blueprint = Blueprint("measures", __name__)


class Measures:
    """What this process has counted since it began, and how to ask the databases for the rest."""

    def __init__(self, config: Config, stores: Stores) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kronika_requests", "Requests answered.", ("endpoint", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kronika_request_seconds", "How long answers took.", ("endpoint",), registry=self.registry, buckets=BUCKETS
        )
        self.unavailable = Counter(
            "kronika_unavailable", "Requests that a database could not serve.", ("reason",), registry=self.registry
        )
        for reason in get_args(Reason):
            self.unavailable.labels(reason)  # there before the first failure: growth from nothing is seen too
        self.registry.register(Installation(config, stores))
        ProcessCollector(registry=self.registry)

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        self.requests.labels(endpoint, str(status)).inc()
        self.seconds.labels(endpoint).observe(seconds)


class Installation(Collector):
    """Asked anew at each reading. What is away is told as such, and the rest is told all the same."""

    def __init__(self, config: Config, stores: Stores) -> None:
        self._config, self._stores = config, stores

    def describe(self) -> list[Metric]:
        return []  # nothing is asked before somebody reads

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("kronika_up", "Whether a database answers.", labels=["database"])
        for name, ask in (("entries", self._entries), ("read_tables", self._read_tables), ("accounts", self._accounts)):
            try:
                found = list(ask())
            except AWAY:
                up.add_metric([name], 0)
            else:
                up.add_metric([name], 1)
                yield from found
        yield up
        if finished := last_backup.when(self._config.folder):
            age = (datetime.now(UTC) - finished).total_seconds()
            yield GaugeMetricFamily("kronika_backup_age_seconds", "Since the last backup finished.", max(0.0, age))

    def _entries(self) -> Iterator[Metric]:
        chronicle = self._stores.chronicle
        last, behind = chronicle.last_position(), chronicle.clock_behind.total_seconds()
        yield GaugeMetricFamily("kronika_entries", "Entries recorded: the position of the last, without gaps.", last)
        yield GaugeMetricFamily(
            "kronika_clock_behind_seconds", "How far this machine's clock was behind the last entry.", behind
        )

    def _read_tables(self) -> Iterator[Metric]:
        told = {
            "position": "The last entry that it shows.",
            "lag": "Entries that it does not show yet.",
            "parked": "Entries that it could not digest.",
        }
        status = engine.status(self._stores.chronicle, self._stores.reading)
        for field, help_text in told.items():
            family = GaugeMetricFamily(f"kronika_projection_{field}", help_text, labels=["projection"])
            for each in status:
                family.add_metric([each["name"]], each[field])  # type: ignore[literal-required]  # one of its fields
            yield family

    def _accounts(self) -> Iterator[Metric]:
        count = Accounts(self._stores.accounts).open_sessions()
        yield GaugeMetricFamily("kronika_sessions_open", "Sessions that are open now.", count)


def of_app() -> Measures:
    found: Measures = current_app.extensions["kronika.measures"]
    return found


@blueprint.get("/metrics")
def metrics() -> Response:
    if not (_is_from_here() or _has_token(who.config().metrics_token)):
        abort(404)
    return Response(generate_latest(of_app().registry), content_type=CONTENT_TYPE_LATEST)


def _is_from_here() -> bool:
    """From this machine, and not for somebody else: a proxy that serves the world is on this machine too."""
    return request.remote_addr in LOOPBACK and not any(name in request.headers for name in FORWARDED)


def _has_token(token: str) -> bool:
    given = request.authorization
    if not token or given is None or given.type != "bearer" or given.token is None:
        return False
    return compare_digest(given.token.encode(), token.encode())


def init_app(app: Flask, config: Config, stores: Stores) -> None:
    app.extensions["kronika.measures"] = Measures(config, stores)
