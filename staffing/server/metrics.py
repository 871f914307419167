"""What the server tells a Prometheus that asks: requests, workspaces, and that it is there."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.process_collector import ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
REQUESTS = Counter("staffing_requests", "Requests by kind of path and answer.", ["path", "status"], registry=REGISTRY)
WORKSPACES = Gauge("staffing_workspaces", "Workspaces offered.", registry=REGISTRY)


def text() -> bytes:
    """All figures in Prometheus's text format."""
    return generate_latest(REGISTRY)
