"""Commands that forecast: a workspace or a history file alone, and from past cutoffs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption
from staffing.errors import InputError, InputErrors, Where

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.demand import Event
    from staffing.forecast import Forecast, ForecastOptions
    from staffing.history import History

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
TotalOption = Annotated[
    str, typer.Option("--total", help="Also forecast the sum of all queues, under this name; they are made to agree.")
]
ModelsOption = Annotated[
    str, typer.Option("--models", help="Models of day totals, such as prophet, or prophet,regression; all if left out.")
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="Parquet or CSV file to write.")]


@dataclass(frozen=True)
class Chosen:
    """One queue, or all; the name of their sum, if it is wanted; and the models, if not all."""

    queue: str
    total: str
    models: str = ""

    @property
    def options(self) -> ForecastOptions:
        from staffing.domain.demand import QueueTotal
        from staffing.forecast import ForecastOptions

        options = ForecastOptions(totals=(QueueTotal(name=self.total),) if self.total else ())
        names = tuple(name.strip() for name in self.models.split(",") if name.strip())
        return replace(options, models=names) if names else options


@app.command()
def forecast(
    source: Annotated[
        Path, typer.Argument(metavar="WORKSPACE|FILE", help="A workspace, or history alone.", show_default=False)
    ],
    scenario: ScenarioOption = "base",
    horizon: HorizonOption = "28d",
    queue: QueueOption = "",
    country: CountryOption = "",
    timezone: TimezoneOption = "UTC",
    events: EventsOption = None,
    closed_weekdays: ClosedOption = "",
    total: TotalOption = "",
    models: ModelsOption = "",
    out: OutOption = Path("forecast.parquet"),
    why: Annotated[
        Path | None, typer.Option("--why", help="Also write what makes each day, in contacts.", show_default=False)
    ] = None,
    by_model: Annotated[
        Path | None,
        typer.Option("--by-model", help="Also write what each model alone says of each day.", show_default=False),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Forecast the days after history: calls, handle time and the 10-90 % range of every interval.

    A workspace brings its site, events and scenario; for a history file alone (CSV, Parquet, xlsx) give
    --country, --timezone, --events and --closed-weekdays.
    """
    import pandas as pd

    from staffing.export import write_table

    days = show.span_days(horizon, "--horizon")
    if (source / "workspace.toml").is_file():
        _refuse_beside_workspace(
            country=country,
            timezone=timezone != "UTC",
            events=events,
            closed_weekdays=closed_weekdays,
            total=total,
            models=models,
        )
        made, start = _of_workspace(source, scenario, days, queue)
    else:
        site = _site(country, timezone, closed_weekdays)
        made, start = _of_file(source, site, events, days, Chosen(queue, total, models))
    table = made.queue(queue) if queue else pd.concat([made.table, made.totals], ignore_index=True)
    write_table(out, table)
    names = [queue] if queue else [*made.paths, *made.sums]
    if why is not None:
        write_table(why, pd.concat([made.why(name) for name in names], ignore_index=True))
    if by_model is not None:
        write_table(by_model, pd.concat([made.alone(name) for name in names], ignore_index=True))
    facts = {"start": start, "days": days, "rows": len(table), "written": str(out), "notes": list(made.notes)}
    facts["models"] = {name: {"calls": made.by_model(name), "why": made.departure(name)} for name in names}
    _say(facts, json)


def _refuse_beside_workspace(**given: object) -> None:
    for name, value in given.items():
        if value:
            raise InputError(
                "is for a history file alone; a workspace brings its own.",
                where=Where(field=f"--{name.replace('_', '-')}"),
                remedy="Leave it out, or change workspace.toml and events.csv.",
            )


def _of_workspace(folder: Path, scenario: str, days: int, queue: str) -> tuple[Forecast, dt.date]:
    from staffing.planner.checking import queues_agree

    desk = Opened(folder)
    start = desk.planner.day_after(desk.workspace.base)
    chosen = desk.workspace.scenario(scenario)
    if queue not in ("", *(total.name for total in chosen.totals)):
        chosen.queue(queue)
    notes = (*desk.history.notes, *queues_agree(desk.history, chosen))
    made = desk.planner.forecast(chosen, start=start, days=days)
    return replace(made, notes=(*notes, *made.notes)), start


def _of_file(
    file: Path, site: SiteCalendar, events: Path | None, days: int, chosen: Chosen
) -> tuple[Forecast, dt.date]:
    from staffing.forecast.baseline import fit_queues, lay_out_queues
    from staffing.memory import give_back

    history, site, known = _history(file, chosen, site, events)
    start, notes = history.frame["start"].max().tz_convert(site.zone).date() + dt.timedelta(days=1), history.notes
    laid = lay_out_queues(history.frame, site, without=[chosen.total])
    del history  # millions of rows, of which nothing more is needed
    fitted = fit_queues(laid, site, known, chosen.options)
    del laid
    give_back()
    made = fitted.predict(site, known, start, days)
    return replace(made, notes=(*notes, *made.notes)), start


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
    total: TotalOption = "",
    models: ModelsOption = "",
    out: OutOption = Path("forecasts.parquet"),
    json: JsonOption = False,
) -> None:
    """Forecast from past days, knowing only what lay before each, to hold against what came."""
    from staffing.export import write_table
    from staffing.forecast.backtest import backtest as run

    days = show.span_days(horizon, "--horizon")
    cutoffs = [show.day(text, "--cutoff") for text in cutoff]
    chosen = Chosen(queue, total, models)
    history, site, known = _history(file, chosen, _site(country, timezone, closed_weekdays), events)
    made, notes = run(history.frame, site, known, cutoffs=cutoffs, days=days, options=chosen.options)
    write_table(out, made)
    facts = {"cutoffs": sorted(set(cutoffs)), "days": days, "rows": len(made), "written": str(out)}
    _say(facts | {"notes": [*history.notes, *notes]}, json)


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
    try:
        return SiteCalendar.parse(data)
    except InputErrors as errors:
        raise InputErrors([_of_option(problem) for problem in errors.problems]) from None


def _of_option(problem: InputError) -> InputError:
    """The problem of a calendar's field, as one of the option that gave it."""
    return InputError(problem.what, where=Where(field=f"--{problem.where.field}"), remedy=problem.remedy)


def _history(
    file: Path, chosen: Chosen, site: SiteCalendar, events: Path | None
) -> tuple[History, SiteCalendar, tuple[Event, ...]]:
    """The history, the site with the file's own interval, and the events of the file's queues."""
    from staffing.history import read_history

    history = read_history(file, site, queue=chosen.queue or None)
    known = _events(events, [str(name) for name in history.frame["queue"].unique()])
    if chosen.queue:
        history = history.only(chosen.queue)
    history = replace(history, notes=(*history.notes, *history.beyond(show.today(site))))
    return history, site.model_copy(update={"interval_min": history.interval_min}), known


def _events(path: Path | None, queues: list[str]) -> tuple[Event, ...]:
    from staffing.store.csv_files import read_events

    if path is None:
        return ()
    if not path.is_file():
        raise InputError("there is no such file.", where=Where(str(path), field="--events"))
    return read_events(path, queues)


def _say(facts: dict[str, Any], json: bool) -> None:
    if json:
        show.as_json(facts)
        return
    for note in facts.get("notes", []):
        typer.echo(note)
    typer.echo(f"Written: {facts['written']} ({facts['rows']:,} rows, {facts['days']} days)")
