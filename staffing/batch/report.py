"""What a run did, for whoever comes in the morning: a page to read, and the same as JSON and Parquet."""

from __future__ import annotations

import datetime as dt
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.batch.outcome import BatchReport
from staffing.batch.queues import FORECAST
from staffing.domain.calendar import SiteCalendar
from staffing.language import date_text, digits, marked, spoken, text
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

_METHODS = {
    FORECAST: marked("forecast"),
    "last good forecast": marked("last good forecast"),
    "weekday mean": marked("weekday mean"),
    "none": marked("none"),
}
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2433 }
h1 { font-size: 1.4rem } .figures { display: flex; gap: 2rem; margin: 1rem 0 }
.figures b { display: block; font-size: 1.6rem } li { margin: .3rem 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .3rem .6rem; border-bottom: 1px solid #dde; unicode-bidi: plaintext }
td.n { text-align: end; font-variant-numeric: tabular-nums } tr.bad td { background: #fff1ee }
"""


def write_report(report: BatchReport, site: SiteCalendar) -> Path:
    """Write the report beside the run's tables; returns the page, which is in the spoken language."""
    folder, rows = report.kept.folder, queue_rows(report)
    write_parquet(folder / TABLE, rows)
    write_json(folder / DATA, as_plain(report, rows))
    write_text(folder / PAGE, page(report, rows, site))
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


def page(report: BatchReport, rows: pd.DataFrame, site: SiteCalendar) -> str:
    """The report as one page that needs nothing else, in the spoken language; what alerts and problems say is English.

    Failed and stale queues come first. Dates are shown as the site shows them.
    """
    kept, language = report.kept, spoken()
    figures = (
        (len(rows), text("queues")),
        (len(report.failed), text("bridged or without a forecast")),
        (len(report.stale), text("feeds stopped")),
        (len(report.alerts), text("alerts")),
    )
    first = (rows["method"] == FORECAST) & ~rows["stale"]
    ordered = rows.assign(first=first).sort_values(["first", "queue"]).drop(columns="first")
    told = "".join(f'<li dir="auto">{html.escape(alert)}</li>' for alert in report.alerts)
    head = "".join(f"<th>{name}</th>" for name in _headings())
    body = "".join(_row(list(row), site) for row in ordered.itertuples(index=False))
    look = f"<h2>{text('Look at')}</h2><ul>{told}</ul>"
    title = text(
        "Night of {date}: {days} days ahead",
        date=date_text(kept.history_until, site),
        days=digits(str(kept.horizon_days)),
    )
    run = f"<bdi>{html.escape(kept.run)}</bdi>"
    made = f"<bdi>{html.escape(str(kept.manifest['made_at']))}</bdi>"
    return (
        f'<!doctype html><html lang="{language.code}" dir="{"rtl" if language.right_to_left else "ltr"}">'
        f'<meta charset="utf-8"><title>{html.escape(kept.run)}</title><style>{_STYLE}</style><h1>{title}</h1>'
        f'<div class="figures">{"".join(f"<div><b>{digits(str(count))}</b>{what}</div>" for count, what in figures)}'
        f"</div>{look if told else ''}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{text('Run {run}, made at {made}.', run=run, made=made)}</p></html>\n"
    )


def _headings() -> tuple[str, ...]:
    """What stands above COLUMNS."""
    return (
        text("queue"), text("method"), text("history until"), text("contacts next week"), text("most agents"),
        text("error last night"), text("feed"), text("problem"),
    )  # fmt: skip


def _row(cells: list[Any], site: SiteCalendar) -> str:
    queue, method, until, calls, agents, error, stale, problem = cells
    known = "–" if until is None or until != until else date_text(dt.date.fromisoformat(str(until)), site)
    texts = [html.escape(str(shown)) for shown in (queue, text(_METHODS.get(method, method)), known)]
    numbers = _number(calls, ",.0f") + _number(agents, ",.1f") + _number(error, ".1%")
    ends = [text("stopped") if stale else "", html.escape(problem)]
    shown = "".join(f"<td>{cell}</td>" for cell in texts) + numbers + "".join(f"<td>{cell}</td>" for cell in ends)
    bad = method != FORECAST or stale
    return f"<tr{' class=bad' if bad else ''}>{shown}</tr>"


def _number(value: float, how: str) -> str:
    return f'<td class="n">{"–" if value != value else digits(format(value, how))}</td>'
