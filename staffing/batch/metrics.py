"""What a run tells Prometheus, as a text file that the node exporter's textfile collector reads."""

from __future__ import annotations

from pathlib import Path

from staffing.batch.outcome import BatchReport
from staffing.store.files import write_text

#: Name and what it means; all are gauges with the label ``workspace``.
GAUGES = {
    "staffing_batch_last_success_seconds": "When the last run ended that published, Unix time.",
    "staffing_batch_duration_seconds": "How long that run took; 0 where nothing had changed.",
    "staffing_batch_queues": "Queues of the workspace.",
    "staffing_batch_queues_failed": "Queues that were bridged or have no forecast.",
    "staffing_batch_queues_stale": "Queues whose feed has stopped.",
    "staffing_batch_fallbacks_in_a_row": "Most runs in a row that one queue has gone without a forecast of its own.",
    "staffing_batch_alerts": "Things that planners should look at.",
    "staffing_batch_wape": "Absolute error over contacts of the days that came last, all queues; NaN where none came.",
}


def write_metrics(path: Path, reports: dict[str, BatchReport], now_s: float, seconds: dict[str, float]) -> None:
    """Write the gauges of all workspaces that were run, whole; ``seconds`` each took."""
    lines = list[str]()
    told = {name: _values(report, now_s, seconds[name]) for name, report in sorted(reports.items())}
    for gauge, meaning in GAUGES.items():
        lines += [f"# HELP {gauge} {meaning}", f"# TYPE {gauge} gauge"]
        lines += [f'{gauge}{{workspace="{_quoted(name)}"}} {values[gauge]:.10g}' for name, values in told.items()]
    write_text(path, "\n".join(lines) + "\n")


def _values(report: BatchReport, now_s: float, seconds: float) -> dict[str, float]:
    scores = report.kept.scores()
    came = float(scores["actual"].sum()) if scores is not None else 0.0
    counts = (
        now_s, seconds, len(report.queues), len(report.failed), len(report.stale),
        max((queue.fallbacks for queue in report.queues), default=0), len(report.alerts),
        float(scores["off"].sum()) / came if scores is not None and came > 0 else float("nan"),
    )  # fmt: skip
    return dict(zip(GAUGES, counts, strict=True))


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
