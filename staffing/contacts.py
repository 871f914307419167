"""The stages of a plan that say how many contacts come, each worked out once for the same inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario
from staffing.needs import requirements
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.evaluation.today import Today
    from staffing.forecast import Baseline, Forecast
    from staffing.history import History

DAYS_REFORECAST = 8  # reaches the next open day over any weekend


def day_after(history: History, scenario: Scenario) -> dt.date:
    """The first local day that history does not reach into."""
    return history.frame["start"].max().tz_convert(scenario.site.zone).date() + dt.timedelta(days=1)


def next_week(history: History, scenario: Scenario) -> dt.date:
    """First day of the first planning week that history does not reach into."""
    return scenario.site.week_of(day_after(history, scenario) + dt.timedelta(days=6))


def baseline(
    history: History, scenario: Scenario, *, cache: StageCache, told: Callable[[float], None] | None = None
) -> Baseline:
    """What history teaches; refitted only when history, calendar or past events change.

    ``told`` hears the share of the fit done, and may raise Cancelled.
    """
    from staffing.forecast import ForecastOptions, fit

    reached = day_after(history, scenario)
    past = tuple(event for event in scenario.events if event.enabled and event.start < reached)
    aht_s = {queue.name: queue.aht_s for queue in scenario.queues}
    options = ForecastOptions(seed=scenario.seed, paths=scenario.paths, aht_s=aht_s, totals=scenario.totals)
    if scenario.forecast.models:
        options = replace(options, models=scenario.forecast.models)
    return cache.get(
        "baseline",
        (
            *(history.sha256, scenario.site, past, scenario.excluded, aht_s, scenario.totals),
            *(scenario.seed, scenario.paths, scenario.forecast),
        ),
        lambda: fit(
            history.aggregate(scenario.site.interval_min).frame,
            scenario.site,
            past,
            options,
            excluded=scenario.excluded,
            told=told,
        ),
    )


def forecast(
    history: History,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    cache: StageCache | None = None,
    told: Callable[[float], None] | None = None,
) -> Forecast:
    """Contacts and handle times under the scenario. Moving a future event never refits.

    ``told`` hears the share of a fit done, and may raise Cancelled. Days that history reaches into are forecast from
    what was known before ``start``, as the first of the notes says; the last ones say what the scenario asks of
    history in vain. Raises InputError if nothing was known.
    """
    made = _forecast(history, scenario, (start, days), cache or StageCache(), told)
    return replace(made, notes=(*made.notes, *not_in_history(made, scenario)))


def not_in_history(made: Forecast, scenario: Scenario) -> tuple[str, ...]:
    """What ``scenario`` takes from history, where history does not have it: its own figures stand in."""
    from staffing.requirements.present import without_shares

    notes = [
        f"{queue}: shrinkage is the given shares; history lacks the agents 'scheduled', and 'planned_off' or "
        "'present', to learn it from."
        for queue in without_shares(made.table, scenario.shrinkage)
    ]
    known = made.table.reindex(columns=["queue", "patience_s"]).groupby("queue")["patience_s"].count()
    notes += [
        f"{queue.name}: patience is the given one; history lacks 'abandoned' contacts and their mean 'wait_seconds', "
        "answered or not, to learn it from."
        for queue in scenario.queues
        if queue.patience_from_history and not known.get(queue.name, 0)
    ]
    return tuple(notes)


def _forecast(
    history: History,
    scenario: Scenario,
    span: tuple[dt.date, int],
    cache: StageCache,
    told: Callable[[float], None] | None,
) -> Forecast:
    from staffing.forecast import Forecast

    (start, days), reached = span, day_after(history, scenario)
    if start < reached:
        known = history.before(scenario.site.midnight(start))
        made = _forecast(known, scenario, (start, days), cache, told)
        note = f"History reaches to {reached - dt.timedelta(days=1)}; the forecast knows only what came before {start}."
        return replace(made, notes=(note, *made.notes))
    levers = (scenario.corrections(), scenario.aht_factor, scenario.excluded, scenario.totals, scenario.forecast)
    aht_s = [queue.aht_s for queue in scenario.queues]
    return cache.get(
        "forecast",
        (history.sha256, scenario.site, scenario.events, levers, aht_s, scenario.seed, scenario.paths, start, days),
        lambda: baseline(history, scenario, cache=cache, told=told).predict(
            scenario.site,
            scenario.events,
            start,
            days,
            adjustments=scenario.corrections(),
            aht_factor=scenario.aht_factor,
        ),
        kind=Forecast,
    )


def reforecast(history: History, scenario: Scenario, *, now: pd.Timestamp, cache: StageCache | None = None) -> Today:
    """The rest of the day of ``now`` and the next, knowing what came until then, beside the morning's forecast.

    Rows of history after ``now`` are not looked at; what came counts times the scenario's volume factor, as the
    forecast does. Raises InputError when nothing is known before that day.
    """
    import pandas as pd

    from staffing.evaluation.today import compare_today
    from staffing.forecast import reforecast as update

    cache, now = cache or StageCache(), now.tz_convert(scenario.site.zone)
    known = history.before(scenario.site.midnight(now.date()))
    morning = forecast(known, scenario, start=now.date(), days=DAYS_REFORECAST, cache=cache)
    end = history.frame["start"].max() + pd.Timedelta(minutes=history.interval_min)
    rows = history.aggregate(scenario.site.interval_min).frame
    whole = rows["start"] + pd.Timedelta(minutes=scenario.site.interval_min) <= end
    before = rows["start"] < scenario.site.midnight(now.date())
    rows = rows.assign(calls=rows["calls"].where(before, rows["calls"] * scenario.volume_factor))
    fitted = baseline(known, scenario, cache=cache)
    updated = update(fitted, morning, rows[whole], scenario.site, now=now)
    needed = [requirements(calls, scenario, cache=cache) for calls in (morning, updated)]
    return compare_today(morning, updated, (needed[0], needed[1]), now)


def found_events(history: History, scenario: Scenario) -> pd.DataFrame:
    """Spikes, dips and level shifts of history that the scenario's events do not explain: candidates to name."""
    from staffing.forecast.events.found import found_events as scan

    known = tuple(event for event in scenario.events if event.enabled)
    return scan(history.aggregate(scenario.site.interval_min).frame, scenario.site, known, excluded=scenario.excluded)
