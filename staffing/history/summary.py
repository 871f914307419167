"""An import's report as plain values, for JSON and for tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from staffing.history.report import ERROR_COLUMNS, ImportReport


def told(report: ImportReport) -> dict[str, Any]:
    """What would be read: status, interval, sums and means by queue, notes, guesses, questions, problems, unread."""
    history = report.history
    return {
        "status": report.status,
        "interval_min": history.interval_min if history else None,
        "queues": {} if history is None else _queues(history.frame),
        "notes": list(report.notes),
        "guesses": dict(report.guesses),
        "questions": [asdict(question) for question in report.questions],
        "problems": [{name: getattr(problem, name) for name in ERROR_COLUMNS} for problem in report.problems],
        "unread": [asdict(each) for each in report.unread],
    }


def _queues(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): _queue(rows) for name, rows in frame.groupby("queue", sort=True, observed=True)}


def _queue(rows: pd.DataFrame) -> dict[str, Any]:
    known = rows[rows["calls"].notna()]
    answered = known["answered"] if "answered" in known and known["answered"].notna().any() else known["calls"]
    return {
        "rows": len(known),
        "calls": _sum(known, "calls"),
        "answered": _sum(known, "answered"),
        "abandoned": _sum(known, "abandoned"),
        "aht_s": _mean(known, "aht_s", answered),
        "wait_s": _mean(known, "wait_s", known["calls"]),
        "first": _local(rows["start"].min()),
        "last": _local(rows["start"].max()),
    }


def _sum(rows: pd.DataFrame, column: str) -> float | None:
    return float(rows[column].sum()) if column in rows and rows[column].notna().any() else None


def _mean(rows: pd.DataFrame, column: str, weight: pd.Series) -> float | None:
    if column not in rows:
        return None
    weight = weight.where(rows[column].notna(), 0.0).fillna(0.0)
    return float((rows[column].fillna(0.0) * weight).sum() / weight.sum()) if weight.sum() > 0 else None


def _local(start: pd.Timestamp) -> str:
    return start.tz_localize(None).isoformat()
