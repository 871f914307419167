"""What a run did, for whoever comes in the morning: a page to read, and the same as JSON and Parquet."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.batch.outcome import BatchReport
from staffing.batch.queues import FORECAST
from staffing.store.files import write_json, write_parquet, write_text

if TYPE_CHECKING:
    import pandas as pd

PAGE, DATA, TABLE = "report.html", "report.json", "report.parquet"
COLUMNS = (
    "queue",
    "method",
    "history until",
    "contacts next week",
    "most agents",
    "wape last night",
    "stale",
    "problem",
)

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2433 }
h1 { font-size: 1.4rem } .figures { display: flex; gap: 2rem; margin: 1rem 0 }
.figures b { display: block; font-size: 1.6rem } li { margin: .3rem 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .3rem .6rem; border-bottom: 1px solid #dde }
td.n { text-align: end; font-variant-numeric: tabular-nums } tr.bad td { background: #fff1ee }
"""


def write_report(report: BatchReport) -> Path:
    """Write the report beside the run's tables; returns the page."""
    folder, rows = report.kept.folder, queue_rows(report)
    write_parquet(folder / TABLE, rows)
    write_json(folder / DATA, as_plain(report, rows))
    write_text(folder / PAGE, page(report, rows))
    return folder / PAGE


def queue_rows(report: BatchReport) -> pd.DataFrame:
    """A row for every queue (`COLUMNS`): declared, with history, or only with rows that are wrong; NaN is undefined."""
    import pandas as pd

    kept, last = report.kept, report.kept.manifest.get("last", {})
    calls, agents, errors = _next_week(kept.forecast()), _most(kept.requirements()), _errors(kept.scores())
    rows = [
        (
            one.queue, one.method, last.get(one.queue), calls.get(one.queue), agents.get(one.queue),
            errors.get(one.queue), one.queue in report.stale, one.problem,
        )
        for one in report.queues
    ]  # fmt: skip
    kinds: dict[str, Any] = dict.fromkeys(COLUMNS[3:6], float) | {"history until": "string"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def _next_week(forecast: pd.DataFrame | None) -> dict[str, float]:
    import pandas as pd

    if forecast is None:
        return {}
    week = forecast[forecast["start"] < forecast["start"].min() + pd.Timedelta(days=7)]
    return {str(queue): float(calls) for queue, calls in week.groupby("queue", observed=True)["calls"].sum().items()}


def _most(needed: pd.DataFrame | None) -> dict[str, float]:
    if needed is None:
        return {}
    most = needed.groupby("queue", observed=True)["agents_scheduled"].max()
    return {str(queue): float(agents) for queue, agents in most.items()}


def _errors(scores: pd.DataFrame | None) -> dict[str, float]:
    if scores is None:
        return {}
    sums = scores.groupby("queue", observed=True)[["off", "actual"]].sum()
    return {str(row.Index): float(row.off / row.actual) for row in sums.itertuples() if row.actual > 0}


def as_plain(report: BatchReport, rows: pd.DataFrame) -> dict[str, Any]:
    """The report as JSON; None is undefined."""
    import json

    manifest = report.kept.manifest
    return {
        "run": report.kept.run,
        **{key: manifest[key] for key in ("made_at", "version", "scenario", "history_until", "horizon_days")},
        "failed": len(report.failed),
        "stale": list(report.stale),
        "alerts": list(report.alerts),
        "queues": json.loads(rows.to_json(orient="records", double_precision=6)),
    }


def page(report: BatchReport, rows: pd.DataFrame) -> str:
    """The report as one page that needs nothing else. Failed and stale queues come first."""
    kept = report.kept
    figures = (
        (len(rows), "queues"), (len(report.failed), "bridged or without a forecast"),
        (len(report.stale), "feeds stopped"), (len(report.alerts), "alerts"),
    )  # fmt: skip
    first = (rows["method"] == FORECAST) & ~rows["stale"]
    ordered = rows.assign(first=first).sort_values(["first", "queue"]).drop(columns="first")
    told = "".join(f"<li>{html.escape(text)}</li>" for text in report.alerts)
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    body = "".join(_row(list(row)) for row in ordered.itertuples(index=False))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(kept.run)}</title>'
        f"<style>{_STYLE}</style><h1>Night of {kept.history_until}: {kept.horizon_days} days ahead</h1>"
        f'<div class="figures">{"".join(f"<div><b>{count}</b>{what}</div>" for count, what in figures)}</div>'
        f"{f'<h2>Look at</h2><ul>{told}</ul>' if told else ''}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>Run {html.escape(kept.run)}, made at {html.escape(str(kept.manifest['made_at']))}.</p></html>\n"
    )


def _row(cells: list[Any]) -> str:
    queue, method, until, calls, agents, error, stale, problem = cells
    known = "–" if until is None or until != until else str(until)
    texts = [html.escape(str(text)) for text in (queue, method, known)]
    numbers = _number(calls, ",.0f") + _number(agents, ",.1f") + _number(error, ".1%")
    ends = ["stopped" if stale else "", html.escape(problem)]
    shown = "".join(f"<td>{text}</td>" for text in texts) + numbers + "".join(f"<td>{text}</td>" for text in ends)
    bad = method != FORECAST or stale
    return f"<tr{' class=bad' if bad else ''}>{shown}</tr>"


def _number(value: float, how: str) -> str:
    return f'<td class="n">{"–" if value != value else format(value, how)}</td>'
