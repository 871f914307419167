"""Commands that forecast from a history file alone: forecast, and backtest from past cutoffs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from staffing.cli import app, show
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="History: CSV, Parquet or xlsx, or a folder of them.", show_default=False)
]
HorizonOption = Annotated[str, typer.Option("--horizon", help="How far to forecast: 28d or 4w.")]
QueueOption = Annotated[str, typer.Option("--queue", "-q", help="One queue; all if left out.")]
CountryOption = Annotated[str, typer.Option("--country", help="Two-letter code whose public holidays count.")]
TimezoneOption = Annotated[str, typer.Option("--timezone", help="Time zone of the site, such as Asia/Tehran.")]
EventsOption = Annotated[
    Path | None, typer.Option("--events", help="CSV: name, kind, start, end, size, queue, effect.", show_default=False)
]
ClosedOption = Annotated[
    str, typer.Option("--closed-weekdays", help="Weekdays never open, such as friday or saturday,sunday.")
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="Parquet or CSV file to write.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def forecast(
    file: FileArgument,
    horizon: HorizonOption = "28d",
    queue: QueueOption = "",
    country: CountryOption = "",
    timezone: TimezoneOption = "UTC",
    events: EventsOption = None,
    closed_weekdays: ClosedOption = "",
    out: OutOption = Path("forecast.parquet"),
    json: JsonOption = False,
) -> None:
    """Forecast the days after a history file: calls, handle time and the 10-90 % range of every interval."""
    from staffing.forecast import forecast as make

    days = show.span_days(horizon, "--horizon")
    frame, site = _history(file, queue, _site(country, timezone, closed_weekdays))
    start = frame["start"].max().tz_convert(site.zone).date() + dt.timedelta(days=1)
    made = make(frame, site, _events(events), start=start, days=days)
    _write(made.table, out)
    facts = {"start": start, "days": days, "rows": len(made.table), "written": str(out), "notes": list(made.notes)}
    _say(facts, json)


@app.command()
def backtest(
    file: FileArgument,
    cutoff: Annotated[list[str], typer.Option("--cutoff", help="First day forecast, YYYY-MM-DD; may be repeated.")],
    horizon: HorizonOption = "28d",
    queue: QueueOption = "",
    country: CountryOption = "",
    timezone: TimezoneOption = "UTC",
    events: EventsOption = None,
    closed_weekdays: ClosedOption = "",
    out: OutOption = Path("forecasts.parquet"),
    json: JsonOption = False,
) -> None:
    """Forecast from past days, knowing only what lay before each, to hold against what came."""
    from staffing.forecast.backtest import backtest as run

    days = show.span_days(horizon, "--horizon")
    cutoffs = [show.day(text, "--cutoff") for text in cutoff]
    frame, site = _history(file, queue, _site(country, timezone, closed_weekdays))
    made = run(frame, site, _events(events), cutoffs=cutoffs, days=days)
    _write(made, out)
    _say({"cutoffs": sorted(set(cutoffs)), "days": days, "rows": len(made), "written": str(out)}, json)


def _site(country: str, timezone: str, closed_weekdays: str) -> SiteCalendar:
    from staffing.domain.calendar import WEEKDAYS, SiteCalendar

    closed = {word.strip().lower() for word in closed_weekdays.split(",") if word.strip()}
    unknown = sorted(closed - set(WEEKDAYS))
    if unknown or len(closed) == len(WEEKDAYS):
        raise InputError(
            f"'{closed_weekdays}' are not weekdays to close on.",
            where=Where(field="--closed-weekdays"),
            remedy="Write some of them, such as saturday,sunday.",
        )
    opening = {day: "00:00-24:00" for day in WEEKDAYS if day not in closed} if closed else {}
    data = {"timezone": timezone, "country": country.upper() or None, "opening": opening}
    return SiteCalendar.parse(data, Where(field="--timezone or --country"))


def _history(file: Path, queue: str, site: SiteCalendar) -> tuple[pd.DataFrame, SiteCalendar]:
    """The history table and the site with the file's own interval."""
    from staffing.history import read_history

    history = read_history(file, site, queue=queue or None)
    if queue:
        history = history.only(queue)
    return history.frame, site.model_copy(update={"interval_min": history.interval_min})


def _events(path: Path | None) -> tuple[Any, ...]:
    from staffing.store.workspace import read_events

    if path is None:
        return ()
    if not path.is_file():
        raise InputError("there is no such file.", where=Where(str(path), field="--events"))
    return read_events(path)


def _write(table: pd.DataFrame, out: Path) -> None:
    if out.suffix.lower() not in (".parquet", ".csv"):
        raise InputError(
            f"'{out.name}' cannot be written.", where=Where(field="--out"), remedy="End the name in .parquet or .csv."
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".csv":
        table.to_csv(out, index=False)
    else:
        table.to_parquet(out, index=False)


def _say(facts: dict[str, Any], json: bool) -> None:
    if json:
        show.as_json(facts)
        return
    for note in facts.get("notes", []):
        typer.echo(note)
    typer.echo(f"Written: {facts['written']} ({facts['rows']:,} rows, {facts['days']} days)")
